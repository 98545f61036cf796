/**
 * PARTITION BY: the key of a partitioned table.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { PartitionKey, PartitionKeyPart } from '../../catalog/partitioning.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { resolveUnknown } from '../../sql/bind/coerce.ts';
import { bindError } from '../../sql/bind/errors.ts';
import { Level } from '../../sql/bind/level.ts';
import { datumHasher } from '../../types/datum-hash.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { DdlContext } from './context.ts';
import { requireOrder } from './create-index.ts';
import { bindForTable, isImmutable } from './expressions.ts';
import { operatorClass } from './operator-classes.ts';
import { storedText } from './stored-text.ts';
import type { TableDraft } from './table-draft.ts';

/** PostgreSQL's PARTITION_MAX_KEYS. */
const KEY_PARTS_MAX = 32;

const STRATEGIES = {
  PARTITION_STRATEGY_HASH: 'hash',
  PARTITION_STRATEGY_LIST: 'list',
  PARTITION_STRATEGY_RANGE: 'range',
} as const;

export function partitionKeyOf(draft: TableDraft, spec: ast.PartitionSpec): PartitionKey {
  const strategy = STRATEGIES[spec.strategy];
  if (spec.partParams.length > KEY_PARTS_MAX)
    throw bindError('54011', `cannot partition using more than ${KEY_PARTS_MAX} columns`, spec.location);
  if (strategy === 'list' && spec.partParams.length > 1)
    throw bindError('42P17', 'cannot use "list" partition strategy with more than one column', spec.location);
  const parts = spec.partParams.map((element) => {
    const part = partOf(draft, element, strategy);
    operatorClass(element.opclass, part.type, strategy === 'hash' ? 'hash' : 'btree');
    return part;
  });
  return { strategy, parts };
}

function partOf(
  draft: TableDraft,
  element: ast.PartitionElem,
  strategy: PartitionKey['strategy'],
): PartitionKeyPart {
  if (element.name !== null) return columnPart(draft, element.name, element.location, strategy);
  const node = element.expr as ast.Expr;
  const bound = bindForTable(draft.ctx, draft.toDef(), node, 'partitionKey');
  if (bound.expr.kind === 'column' && node.kind === 'ColumnRef' && !node.star)
    return columnPart(draft, node.fields.at(-1) as string, element.location, strategy);
  const expr = resolveUnknown(new Level(bound.state, null), bound.expr);
  if (bound.columns.length === 0)
    throw bindError('42P17', 'cannot use constant expression as partition key', -1);
  if (!isImmutable(expr))
    throw bindError('42P17', 'functions in partition key expression must be marked IMMUTABLE', -1);
  if (bound.columns.some((column) => draft.columns[column]?.generated !== null))
    throw bindError('42P17', 'cannot use generated column in partition key', element.location);
  requireMethod(draft.ctx, expr.type, strategy);
  return { column: -1, expressionSql: storedText(draft.ctx, node), type: expr.type };
}

function columnPart(
  draft: TableDraft,
  name: string,
  location: number,
  strategy: PartitionKey['strategy'],
): PartitionKeyPart {
  const column = draft.findColumn(name);
  const def = draft.columns[column];
  if (def === undefined)
    throw bindError('42703', `column "${name}" named in partition key does not exist`, location);
  if (def.generated !== null)
    throw bindError('42P17', 'cannot use generated column in partition key', location, {
      detail: `Column "${name}" is a generated column.`,
    });
  requireMethod(draft.ctx, def.type, strategy);
  return { column, expressionSql: null, type: def.type };
}

/** What rows are told apart by: an order, or a hash. */
function requireMethod(ctx: DdlContext, type: SqlType, strategy: PartitionKey['strategy']): void {
  if (strategy !== 'hash') {
    requireOrder(ctx, type);
    return;
  }
  if (datumHasher(type) !== null) return;
  throw bindError(
    '42704',
    `data type ${type.sqlName(-1)} has no default operator class for access method "hash"`,
    -1,
    {
      hint: 'You must specify a hash operator class or define a default hash operator class for the data type.',
    },
  );
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
