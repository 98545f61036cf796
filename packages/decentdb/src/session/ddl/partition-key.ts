/**
 * PARTITION BY: the key of a partitioned table.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { PartitionKey, PartitionKeyPart } from '../../catalog/partitioning.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { resolveUnknown } from '../../sql/bind/coerce.ts';
import { bindError, bindNotSupported } from '../../sql/bind/errors.ts';
import { Level } from '../../sql/bind/level.ts';
import { requireOrder } from './create-index.ts';
import { bindForTable, isImmutable } from './expressions.ts';
import { storedText } from './stored-text.ts';
import type { TableDraft } from './table-draft.ts';

/** PostgreSQL's PARTITION_MAX_KEYS. */
const KEY_PARTS_MAX = 32;

export function partitionKeyOf(draft: TableDraft, spec: ast.PartitionSpec): PartitionKey {
  if (spec.strategy === 'PARTITION_STRATEGY_HASH') throw bindNotSupported('PARTITION BY HASH', spec.location);
  const strategy = spec.strategy === 'PARTITION_STRATEGY_LIST' ? 'list' : 'range';
  if (spec.partParams.length > KEY_PARTS_MAX)
    throw bindError('54011', `cannot partition using more than ${KEY_PARTS_MAX} columns`, spec.location);
  if (strategy === 'list' && spec.partParams.length > 1)
    throw bindError('42P17', 'cannot use "list" partition strategy with more than one column', spec.location);
  return { strategy, parts: spec.partParams.map((element) => partOf(draft, element)) };
}

function partOf(draft: TableDraft, element: ast.PartitionElem): PartitionKeyPart {
  if (element.name !== null) return columnPart(draft, element.name, element.location);
  const node = element.expr as ast.Expr;
  const bound = bindForTable(draft.ctx, draft.toDef(), node, 'partitionKey');
  if (bound.expr.kind === 'column' && node.kind === 'ColumnRef' && !node.star)
    return columnPart(draft, node.fields.at(-1) as string, element.location);
  const expr = resolveUnknown(new Level(bound.state, null), bound.expr);
  if (bound.columns.length === 0)
    throw bindError('42P17', 'cannot use constant expression as partition key', -1);
  if (!isImmutable(expr))
    throw bindError('42P17', 'functions in partition key expression must be marked IMMUTABLE', -1);
  if (bound.columns.some((column) => draft.columns[column]?.generated !== null))
    throw bindError('42P17', 'cannot use generated column in partition key', element.location);
  requireOrder(draft.ctx, expr.type);
  return { column: -1, expressionSql: storedText(draft.ctx, node), type: expr.type };
}

function columnPart(draft: TableDraft, name: string, location: number): PartitionKeyPart {
  const column = draft.findColumn(name);
  const def = draft.columns[column];
  if (def === undefined)
    throw bindError('42703', `column "${name}" named in partition key does not exist`, location);
  if (def.generated !== null)
    throw bindError('42P17', 'cannot use generated column in partition key', location, {
      detail: `Column "${name}" is a generated column.`,
    });
  requireOrder(draft.ctx, def.type);
  return { column, expressionSql: null, type: def.type };
}

/** 0A000 unless a key that must be unique contains the whole partition key. */
export function requirePartitionColumns(
  draft: Pick<TableDraft, 'name' | 'columns' | 'family'>,
  columns: readonly number[],
  what: 'PRIMARY KEY' | 'UNIQUE',
): void {
  const key = draft.family.partitionKey;
  if (key === undefined) return;
  for (const part of key.parts) {
    if (part.column < 0)
      throw new DecentDbError('0A000', `unsupported ${what} constraint with partition key definition`, {
        detail: `${what} constraints cannot be used when partition keys include expressions.`,
      });
    if (columns.includes(part.column)) continue;
    const name = draft.columns[part.column]?.name;
    throw new DecentDbError(
      '0A000',
      'unique constraint on partitioned table must include all partitioning columns',
      {
        detail: `${what} constraint on table "${draft.name}" lacks column "${name}" which is part of the partition key.`,
      },
    );
  }
}
