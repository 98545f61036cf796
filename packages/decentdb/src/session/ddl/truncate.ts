/** TRUNCATE: all rows of some tables, with those that refer to them when cascading. */
import { DecentDbError } from '../../base/errors.ts';
import { descendantsOf, referringKeys } from '../../catalog/family.ts';
import type { TableDef } from '../../catalog/schema.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { writtenName } from '../../sql/bind/relations.ts';
import type { DdlContext } from './context.ts';
import { restartSequence } from './sequences.ts';
import { truncateStorage } from './storage.ts';
import { lookUp } from './work.ts';

export function truncateTables(ctx: DdlContext, stmt: ast.TruncateStmt): void {
  const tables = new Map<number, TableDef>();
  for (const node of stmt.relations) {
    const relation = lookUp(ctx, node);
    if (relation === null) throw new DecentDbError('42P01', `relation "${writtenName(node)}" does not exist`);
    if (relation.kind !== 'table') throw new DecentDbError('42809', `"${node.relname}" is not a table`);
    tables.set(relation.table.id, relation.table);
    if (node.inh) for (const below of descendantsOf(ctx.catalog, relation.table)) tables.set(below.id, below);
    else if (relation.table.partitionKey !== undefined)
      throw new DecentDbError('42809', 'cannot truncate only a partitioned table', {
        hint: 'Do not specify the ONLY keyword, or use TRUNCATE ONLY on the partitions directly.',
      });
  }
  addReferencing(ctx, tables, stmt.behavior === 'DROP_CASCADE');
  for (const table of tables.values()) ctx.requireUnused(table, 'TRUNCATE');
  for (const table of tables.values()) fireTriggers(ctx, table, 'before');
  for (const table of tables.values()) {
    truncateStorage(ctx, table);
    if (!stmt.restart_seqs) continue;
    for (const sequence of ctx.catalog.sequences.values())
      if (sequence.ownedBy?.tableId === table.id) restartSequence(ctx, sequence);
  }
  for (const table of tables.values()) fireTriggers(ctx, table, 'after');
}

function fireTriggers(ctx: DdlContext, table: TableDef, timing: 'before' | 'after'): void {
  for (const trigger of table.triggers)
    if (trigger.enabled && trigger.timing === timing && trigger.events.includes('truncate'))
      ctx.fireTrigger({
        trigger,
        table,
        event: 'truncate',
        oldRow: null,
        newRow: null,
        oldRows: null,
        newRows: null,
      });
}

function addReferencing(ctx: DdlContext, tables: Map<number, TableDef>, isCascade: boolean): void {
  const queue = [...tables.values()];
  for (let target = queue.shift(); target !== undefined; target = queue.shift()) {
    for (const { table } of referringKeys(ctx.catalog, target)) {
      if (tables.has(table.id)) continue;
      if (!isCascade)
        throw new DecentDbError('0A000', 'cannot truncate a table referenced in a foreign key constraint', {
          detail: `Table "${table.name}" references "${target.name}".`,
          hint: `Truncate table "${table.name}" at the same time, or use TRUNCATE ... CASCADE.`,
        });
      ctx.notice({
        severity: 'NOTICE',
        code: '00000',
        message: `truncate cascades to table "${table.name}"`,
      });
      tables.set(table.id, table);
      queue.push(table);
    }
  }
}
