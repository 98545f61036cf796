/**
 * The rows of a table against its foreign keys, as a whole: when a key is added over them, and when what it refers to goes.
 */
import { DecentDbError } from '../../base/errors.ts';
import { referringKeys } from '../../catalog/family.ts';
import type { ForeignKeyConstraint, TableDef } from '../../catalog/schema.ts';
import { keyText, missingParent } from '../../exec/dml/constraint-errors.ts';
import type { Expr } from '../../exec/expr.ts';
import type { LogicalNode } from '../../plan/logical.ts';
import { scanFamily } from '../../sql/bind/families.ts';
import { Level } from '../../sql/bind/level.ts';
import { operatorCall } from '../../sql/bind/operators.ts';
import { makeScan } from '../../sql/bind/scans.ts';
import { filter } from '../../sql/bind/select.ts';
import { boolType } from '../../types/bool-type.ts';
import type { Datum } from '../../types/vector.ts';
import type { DdlContext } from './context.ts';
import { columnOfRead, project, readTable } from './storage.ts';

/** 23503 for rows whose key is complete and has no row in the target. */
export function checkReferences(ctx: DdlContext, table: TableDef, constraint: ForeignKeyConstraint): void {
  const target = ctx.catalog.table(constraint.targetTableId);
  if (target === undefined) return;
  for (const key of keysAgainst(ctx, table, constraint, target, 'anti'))
    throw missingParent(table, constraint.name, constraint.columns, key, target, ctx.env.settings);
}

/** 23503 where rows refer to one of a partition that is to go, through the partitioned table. */
export function checkNotReferenced(ctx: DdlContext, partition: TableDef): void {
  for (const { table, constraint, whole } of referringKeys(ctx.catalog, partition)) {
    if (whole === undefined || table.partitionKey !== undefined) continue;
    for (const key of keysAgainst(ctx, table, constraint, partition, 'semi'))
      throw new DecentDbError(
        '23503',
        `removing partition "${partition.name}" violates foreign key constraint "${constraint.name}"`,
        {
          detail: `Key ${keyText(table, constraint.columns, key, ctx.env.settings)} is still referenced from table "${table.name}".`,
          schema: table.schema,
          table: table.name,
          constraint: constraint.name,
        },
      );
  }
}

/** The complete keys that are not (anti) or are (semi) in the target. */
function keysAgainst(
  ctx: DdlContext,
  table: TableDef,
  constraint: ForeignKeyConstraint,
  target: TableDef,
  join: 'anti' | 'semi',
): Iterable<readonly Datum[]> {
  const read = readTable(ctx, table);
  const level = new Level(read.state, null);
  const scan =
    target.partitionKey === undefined
      ? makeScan(level, target, target.name, [], false)
      : scanFamily(level, target, target.name, [], false);
  const own = constraint.columns.map((column) => columnOfRead(read, table, column));
  const base = { type: boolType, typmod: -1, location: -1 };
  const complete: Expr[] = own.map((arg) => ({ kind: 'isNull', arg, negated: true, isRow: false, ...base }));
  const pairs = constraint.targetColumns.map((column, i) => {
    const id = scan.ids[column];
    const theirs = target.columns[column];
    if (id === undefined || theirs === undefined)
      throw new DecentDbError('XX000', 'a foreign key refers to a dropped column');
    const { type, typmod } = theirs;
    return operatorCall(level, ['='], { kind: 'column', id, type, typmod, location: -1 }, own[i] as Expr, -1);
  });
  const found: LogicalNode = {
    kind: 'join',
    join,
    left: filter(read.node, all(complete)),
    right: scan.node,
    condition: all(pairs),
    lateral: false,
    mark: null,
    columns: read.node.columns,
  };
  return ctx.run(project(read.state, found, own));
}

function all(args: readonly Expr[]): Expr {
  if (args.length === 1) return args[0] as Expr;
  return { kind: 'and', args, type: boolType, typmod: -1, location: -1 };
}
