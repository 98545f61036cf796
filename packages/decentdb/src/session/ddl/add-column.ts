/**
 * ALTER TABLE ... ADD COLUMN.
 *
 * I1  Rows that are there are left alone where one value serves them all: the catalogue keeps it (`missingValue`), and leaves from
 *     before are read as if they had it. What differs from row to row, and what a row may have no room for, rewrites them.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { ColumnDef, IndexDef, TableDef } from '../../catalog/schema.ts';
import type { Expr } from '../../exec/expr.ts';
import { tableTree } from '../../exec/storage/stored-trees.ts';
import { isVolatile } from '../../plan/predicates.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { coerceAssignment } from '../../sql/bind/coerce.ts';
import { Level } from '../../sql/bind/level.ts';
import type { BindState } from '../../sql/bind/state.ts';
import { bindOverRow, bindStoredDefault } from '../../sql/bind/stored-expressions.ts';
import { parseExpression } from '../../sql/parse/parse.ts';
import { inlineBytes, inlineBytesMax } from '../../tree/row-fit.ts';
import type { Datum } from '../../types/vector.ts';
import { checkBuilt } from './alter-constraint.ts';
import { keptValues, replaceTable } from './alter-row-id.ts';
import { addColumn } from './columns.ts';
import type { DdlContext } from './context.ts';
import { addConstraints } from './create-table.ts';
import {
  anyRow,
  buildIndex,
  containsNull,
  createIndexTree,
  project,
  readTable,
  rewriteTable,
  type TableRead,
} from './storage.ts';
import { TableDraft } from './table-draft.ts';

/** Bytes missing values of one row may take, as a share of a page: rows are made to fit without them. */
const MISSING_SHARE = 8;

export function addTableColumn(
  ctx: DdlContext,
  table: TableDef,
  node: ast.ColumnDef,
  ifNotExists: boolean,
): void {
  if (table.columns.some((column) => column.name === node.colname && !column.isDropped)) {
    const message = `column "${node.colname}" of relation "${table.name}" already exists`;
    if (!ifNotExists) throw new DecentDbError('42701', message);
    ctx.notice({ severity: 'NOTICE', code: '42701', message: `${message}, skipping` });
    return;
  }
  const draft = TableDraft.of(ctx, table);
  const constraints = addColumn(draft, node);
  const added = draft.columns.length - 1;
  addConstraints(
    draft,
    constraints.map((constraint) => ({ node: constraint, column: node.colname })),
  );
  const read = readTable(ctx, table);
  const value = addedValue(read, draft.toDef(), added);
  const next = addInPlace(ctx, table, draft, read, value) ?? rewrite(ctx, table, draft, read, value);
  const before = new Set(table.constraints.map((constraint) => constraint.id));
  for (const constraint of next.constraints)
    if (!before.has(constraint.id)) checkBuilt(ctx, next, constraint);
}

/** What existing rows get: the default, the generated value, or NULL. */
function addedValue(read: TableRead, table: TableDef, added: number): Expr | null {
  const column = table.columns[added] as ColumnDef;
  if (column.generated === null)
    return bindStoredDefault(read.state, table, added) ?? nullOfDomain(read.state, column);
  const row = [...read.row, read.state.newColumnId(null, table.name, column.name)];
  const tree = parseExpression(column.defaultSql ?? '');
  const expr = bindOverRow(read.state, table, row, tree, 'generated');
  return coerceAssignment(new Level(read.state, null), expr, column);
}

/** NULL as a value of the column's domain, which may refuse it; null where there is nobody to ask. */
function nullOfDomain(state: BindState, column: ColumnDef): Expr | null {
  const base = column.type.baseType;
  if (base === null) return null;
  const value: Expr = { kind: 'const', value: null, type: base, typmod: -1, location: -1 };
  return coerceAssignment(new Level(state, null), value, column);
}

function rewrite(
  ctx: DdlContext,
  table: TableDef,
  draft: TableDraft,
  read: TableRead,
  value: Expr | null,
): TableDef {
  const next = rewriteTable(ctx, table, draft.toDef(), read, [...keptValues(read, table), value]);
  replaceTable(ctx, next);
  return next;
}

/** I1: the table with the column in its definition alone; null where the rows must be rewritten. */
function addInPlace(
  ctx: DdlContext,
  table: TableDef,
  draft: TableDraft,
  read: TableRead,
  value: Expr | null,
): TableDef | null {
  const added = draft.columns.length - 1;
  const column = draft.columns[added] as ColumnDef;
  const isVirtual = column.generated === 'virtual';
  if (draft.rowIdColumn !== table.rowIdColumn || column.generated === 'stored') return null;
  if (isVirtual ? column.notNull : value !== null && isVolatile(value)) return null;
  // A domain's constraints are for rows that are there; any other default must at least be a value.
  const isNeeded = !isVirtual && (column.type.kind !== 'domain' || anyRow(ctx, read.node));
  const missingValue = value !== null && isNeeded ? evaluate(ctx, read.state, value) : null;
  if (column.notNull && missingValue === null && anyRow(ctx, read.node))
    throw containsNull(draft.toDef(), added);
  draft.columnsAtRewrite ??= table.columns.length;
  draft.setColumn(added, { missingValue });
  if (!hasRoom(ctx, draft.toDef())) return null;
  const made: IndexDef[] = [];
  draft.indexes = draft.indexes.map((index) => {
    if (table.indexes.some(({ id }) => id === index.id)) return index;
    const built = createIndexTree(ctx, draft.toDef(), index);
    made.push(built);
    return built;
  });
  const next = draft.toDef();
  ctx.catalog = ctx.catalog.withTable(next);
  for (const index of made) buildIndex(ctx, next, index);
  return next;
}

/** The value of an expression without columns, once for all rows. */
function evaluate(ctx: DdlContext, state: BindState, value: Expr): Datum {
  const rows = project(state, { kind: 'values', rows: [[]], columns: [] }, [value]);
  for (const row of ctx.run(rows)) return row[0] ?? null;
  return null;
}

/** Whether a row of any size still fits its page once its missing values are stored with it. */
function hasRoom(ctx: DdlContext, table: TableDef): boolean {
  const { schema } = tableTree(table);
  const { payloadBytes } = ctx.view;
  let bytes = 0;
  schema.missing.forEach((value, i) => {
    const at = schema.columnsMin + i;
    if (schema.isVariable[at] === true) bytes += inlineBytes(schema.leaf[at]!, value);
  });
  // What the variable values of a row take besides, see tree/row-fit.ts.
  const inline = inlineBytesMax(schema, payloadBytes >>> 2);
  return bytes * MISSING_SHARE <= payloadBytes && schema.fixedBytesMax + inline + bytes <= payloadBytes;
}
