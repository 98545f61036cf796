/**
 * Trees of tables and indexes: making, filling, rewriting, dropping.
 *
 * I1  A rewrite fills new trees and then drops the old ones: the statement's savepoint covers both.
 * I2  Rows are read through the executor, so defaults, casts and predicates mean what they mean in queries.
 */
import { assert } from '../../base/assert.ts';
import { DecentDbError } from '../../base/errors.ts';
import { NO_PAGE } from '../../base/ids.ts';
import { asRewritten, type IndexDef, type TableDef } from '../../catalog/schema.ts';
import { denseColumn } from '../../exec/compile/project-program.ts';
import type { BuildWatch } from '../../exec/dml/build-watch.ts';
import { buildIntIndex } from '../../exec/dml/int-index.ts';
import { conformed } from '../../exec/dml/row-batch.ts';
import { buildTextIndex } from '../../exec/dml/text-index.ts';
import type { ColumnId, Expr, SortKey } from '../../exec/expr.ts';
import { isSearchIndex, searchTrees } from '../../exec/storage/search-stores.ts';
import { indexTree, indexTreeSchema, tableTree, tableTreeSchema } from '../../exec/storage/stored-trees.ts';
import { datumAt } from '../../exec/vectors.ts';
import type { LogicalNode, OutputColumn } from '../../plan/logical.ts';
import { Level } from '../../sql/bind/level.ts';
import { makeScan } from '../../sql/bind/scans.ts';
import { filter } from '../../sql/bind/select.ts';
import { BindState } from '../../sql/bind/state.ts';
import { bindIndexExpressions } from '../../sql/bind/stored-expressions.ts';
import { BulkBuilder } from '../../tree/bulk-builder.ts';
import { createTree, type Tree } from '../../tree/tree.ts';
import { int8Type } from '../../types/integer-types.ts';
import { Oid } from '../../types/oids.ts';
import { defaultTypeSettings, domainBase, type SqlType } from '../../types/sql-type.ts';
import { textType } from '../../types/text-types.ts';
import type { Datum, Vector } from '../../types/vector.ts';
import type { DdlContext } from './context.ts';
import { buildSearchIndex, createSearchTrees } from './search-index.ts';
import { envOf } from './work.ts';

/** Rows written between two chances for the transaction to give up memory. */
export const ROWS_BETWEEN_RELIEF = 1024;

/** The definition with an empty tree of its own, its indexes too. */
export function createStorage(ctx: DdlContext, def: TableDef): TableDef {
  const table = asRewritten(def);
  const withRoot = { ...table, root: createTree(ctx.view, tableTreeSchema(table)) };
  return { ...withRoot, indexes: table.indexes.map((index) => createIndexTree(ctx, withRoot, index)) };
}

export function createIndexTree(ctx: DdlContext, table: TableDef, index: IndexDef): IndexDef {
  if (isSearchIndex(index)) return createSearchTrees(ctx, index);
  if (index.method !== 'btree') return index;
  return { ...index, root: createTree(ctx.view, indexTreeSchema(table, index)) };
}

export function dropStorage(ctx: DdlContext, table: TableDef): void {
  for (const index of table.indexes) dropIndexTree(ctx, table, index);
  tableTree(table).drop(ctx.view);
}

export function dropIndexTree(ctx: DdlContext, table: TableDef, index: IndexDef): void {
  if (isSearchIndex(index)) searchTrees(index).drop(ctx.view);
  else if (index.root !== NO_PAGE) indexTree(table, index).drop(ctx.view);
}

/** Removes all rows of a table and its indexes. */
export function truncateStorage(ctx: DdlContext, table: TableDef): void {
  tableTree(table).truncate(ctx.view);
  for (const index of table.indexes) truncateIndexTree(ctx, table, index);
}

export function truncateIndexTree(ctx: DdlContext, table: TableDef, index: IndexDef): void {
  if (isSearchIndex(index)) searchTrees(index).truncate(ctx.view);
  else if (index.root !== NO_PAGE) indexTree(table, index).truncate(ctx.view);
}

/** A scan of a table under fresh ids, for plans made by DDL. */
export interface TableRead {
  readonly state: BindState;
  readonly node: LogicalNode;
  readonly rowId: Expr;
  /** ColumnId per table column. */
  readonly row: readonly ColumnId[];
}

export function readTable(ctx: DdlContext, table: TableDef): TableRead {
  const state = new BindState(envOf(ctx));
  // Without its indexes: one that is being built is empty, and a plan that read it would find nothing to build it from.
  const scan = makeScan(new Level(state, null), { ...table, indexes: [] }, table.name, [], true);
  const row = scan.ids.map((id) => id ?? state.newColumnId(null, table.name, ''));
  const rowId = scan.rowId as OutputColumn;
  return {
    state,
    node: scan.node,
    rowId: { kind: 'column', id: rowId.id, type: rowId.type, typmod: -1, location: -1 },
    row,
  };
}

/** A projection over `input`. */
export function project(state: BindState, input: LogicalNode, exprs: readonly Expr[]): LogicalNode {
  const columns = exprs.map(
    (expr, i): OutputColumn => ({
      id: state.newColumnId(null, null, `c${i}`),
      name: `c${i}`,
      type: expr.type,
      typmod: expr.typmod,
      origin: null,
    }),
  );
  return { kind: 'project', input, exprs, columns };
}

/** Column `position` of the rows read. */
export function columnOfRead(read: TableRead, table: TableDef, position: number): Expr {
  const column = table.columns[position];
  if (column === undefined || position === -1) return read.rowId;
  return {
    kind: 'column',
    id: read.row[position] as ColumnId,
    type: column.type,
    typmod: column.typmod,
    location: -1,
  };
}

/** Fills an index from its table; 23505 when a unique one meets a duplicate. */
export function buildIndex(ctx: DdlContext, table: TableDef, index: IndexDef): void {
  if (index.root === NO_PAGE) return;
  if (isSearchIndex(index)) {
    buildSearchIndex(ctx, table, index);
    return;
  }
  const watch: BuildWatch = {
    onDuplicate: (key) => {
      const types = index.keys.map(({ column }) => table.columns[column]!.type);
      throw duplicateKey(table, index, types, key);
    },
    checkCancel: () => ctx.checkCancel(),
  };
  if (buildIntIndex(ctx.view, table, index, watch) || buildTextIndex(ctx.view, table, index, watch)) return;
  const read = readTable(ctx, table);
  const bound = bindIndexExpressions(read.state, table, index, read.row);
  const keys = index.keys.map((key, i) => bound.keys[i] ?? columnOfRead(read, table, key.column));
  const included = index.include.map((column) => columnOfRead(read, table, column));
  const source = bound.predicate === null ? read.node : filter(read.node, bound.predicate);
  const rows = project(read.state, source, [...keys, ...included, read.rowId]);
  const sortKeys = rows.columns.map(
    (column, i): SortKey => ({
      expr: {
        kind: 'column',
        id: column.id,
        type: storedOrder(column.type),
        typmod: column.typmod,
        location: -1,
      },
      descending: index.keys[i]?.descending ?? false,
      nullsFirst: index.keys[i]?.nullsFirst ?? false,
    }),
  );
  const sorted: LogicalNode = { kind: 'sort', input: rows, keys: sortKeys, columns: rows.columns };
  fillIndex(ctx, table, index, sorted, keys);
}

/** Trees count the blanks that comparisons of char(n) do not. */
function storedOrder(type: SqlType): SqlType {
  return domainBase(type).oid === Oid.bpchar ? textType : type;
}

function fillIndex(
  ctx: DdlContext,
  table: TableDef,
  index: IndexDef,
  rows: LogicalNode,
  keys: readonly Expr[],
): void {
  const tree = indexTree(table, index);
  const builder = new BulkBuilder(tree, ctx.view);
  const specs = tree.schema.leaf;
  const duplicates = index.unique
    ? new DuplicateCheck(
        table,
        index,
        keys.map((key) => key.type),
      )
    : null;
  for (const batch of ctx.runBatches(rows)) {
    const { count } = batch;
    const vectors = specs.map((spec, i) => conformed(denseColumn(batch, i), spec.physical, count));
    duplicates?.see(vectors, count);
    const added = builder.addBatch(vectors, count, true);
    assert(added === count, 'entries of an index that is built are sorted and different');
    ctx.view.relieve();
  }
}

/** Looks for equal keys in sorted entries that come in batches. */
class DuplicateCheck {
  private readonly table: TableDef;
  private readonly index: IndexDef;
  private readonly types: readonly SqlType[];
  private last: Datum[] | null = null;

  constructor(table: TableDef, index: IndexDef, types: readonly SqlType[]) {
    this.table = table;
    this.index = index;
    this.types = types;
  }

  see(vectors: readonly Vector[], count: number): void {
    const { types, index } = this;
    let last = this.last;
    for (let i = 0; i < count; i++) {
      const key = types.map((_, k) => datumAt(vectors[k] as Vector, i));
      if (last !== null && isDuplicate(last, key, types, index))
        throw duplicateKey(this.table, index, types, key);
      last = key;
    }
    this.last = last;
  }
}

function isDuplicate(
  a: readonly Datum[],
  b: readonly Datum[],
  types: readonly SqlType[],
  index: IndexDef,
): boolean {
  return types.every((type, i) => {
    const x = a[i] ?? null;
    const y = b[i] ?? null;
    if (x === null || y === null) return index.nullsNotDistinct && x === y;
    return type.equals(x, y);
  });
}

function duplicateKey(
  table: TableDef,
  index: IndexDef,
  types: readonly SqlType[],
  key: readonly Datum[],
): DecentDbError {
  const names = index.keys.map((part) =>
    part.column >= 0 ? table.columns[part.column]?.name : part.expressionSql,
  );
  const values = key.map((value, i) =>
    value === null ? 'null' : (types[i] as SqlType).output(value, defaultTypeSettings),
  );
  return new DecentDbError('23505', `could not create unique index "${index.name}"`, {
    detail: `Key (${names.join(', ')})=(${values.join(', ')}) is duplicated.`,
    schema: table.schema,
    table: table.name,
    constraint: index.name,
  });
}

/**
 * Moves all rows into a new tree for a changed definition. `values[i]` gives column i of the new table over the old row (null:
 * NULL). Returns the definition with its new trees; the old ones are gone.
 */
export function rewriteTable(
  ctx: DdlContext,
  old: TableDef,
  next: TableDef,
  read: TableRead,
  values: readonly (Expr | null)[],
): TableDef {
  const table = createStorage(ctx, next);
  const tree = tableTree(table);
  const { rowIdColumn } = table;
  const valueOf = (i: number): Expr => values[i] ?? nullOf(table.columns[i]?.type as SqlType);
  const rowId = rowIdColumn < 0 ? keptRowId(read, old) : valueOf(rowIdColumn);
  const stored = table.columns.flatMap((_, i) => (i === rowIdColumn ? [] : [i]));
  const rows = project(read.state, read.node, [rowId, ...stored.map(valueOf)]);
  const specs = tree.schema.leaf;
  for (const batch of ctx.runBatches(rows)) {
    const { count } = batch;
    const vectors = specs.map((spec, i) => conformed(denseColumn(batch, i), spec.physical, count));
    checkNotNull(table, stored, vectors, count);
    const added = insertRows(ctx, tree, vectors, count);
    if (added < count) throw duplicateRowId(table, datumAt(vectors[0]!, added));
    ctx.view.relieve();
  }
  dropStorage(ctx, old);
  return table;
}

/** A hidden row id stays; one that was a column's becomes hidden. */
function keptRowId(read: TableRead, _old: TableDef): Expr {
  return read.rowId;
}

function nullOf(type: SqlType): Expr {
  return { kind: 'const', value: null, type, typmod: -1, location: -1 };
}

/** Inserts rows whose ids may come in any order; returns the first whose id was there, or their count. */
function insertRows({ view }: DdlContext, tree: Tree, vectors: readonly Vector[], count: number): number {
  if (ascends(vectors[0]!, count)) return tree.insertBatch(view, vectors, count);
  for (let i = 0; i < count; i++)
    if (
      !tree.insert(
        view,
        vectors.map((vector) => datumAt(vector, i)),
      )
    )
      return i;
  return count;
}

/** Whether numbers ascend strictly, as far as that is told quickly. */
function ascends({ values }: Vector, count: number): boolean {
  if (!(values instanceof Int32Array || values instanceof Float64Array)) return false;
  for (let i = 1; i < count; i++) if (values[i]! <= values[i - 1]!) return false;
  return true;
}

function checkNotNull(
  table: TableDef,
  stored: readonly number[],
  vectors: readonly Vector[],
  count: number,
): void {
  const hasNull = ({ nulls }: Vector): boolean => {
    const first = nulls === null ? -1 : nulls.indexOf(1);
    return first >= 0 && first < count;
  };
  if (hasNull(vectors[0]!)) throw containsNull(table, table.rowIdColumn);
  for (const [i, position] of stored.entries())
    if (table.columns[position]?.notNull === true && hasNull(vectors[i + 1]!))
      throw containsNull(table, position);
}

/** 23502 as ALTER TABLE words it. */
export function containsNull(table: TableDef, position: number): DecentDbError {
  const column = table.columns[position]?.name ?? 'rowid';
  return new DecentDbError('23502', `column "${column}" of relation "${table.name}" contains null values`, {
    schema: table.schema,
    table: table.name,
    column,
  });
}

function duplicateRowId(table: TableDef, value: Datum): DecentDbError {
  const key = table.constraints.find((constraint) => constraint.kind === 'primaryKey');
  const name = key?.name ?? `${table.name}_pkey`;
  return new DecentDbError('23505', `could not create unique index "${name}"`, {
    detail: `Key (${table.columns[table.rowIdColumn]?.name})=(${String(value)}) is duplicated.`,
    schema: table.schema,
    table: table.name,
    constraint: name,
  });
}

/** Whether any row satisfies the condition. */
export function anyRow(ctx: DdlContext, input: LogicalNode): boolean {
  const limited: LogicalNode = {
    kind: 'limit',
    input,
    count: { kind: 'const', value: 1, type: int8Type, typmod: -1, location: -1 },
    offset: null,
    ties: null,
    columns: input.columns,
  };
  for (const _ of ctx.run(limited)) return true;
  return false;
}
