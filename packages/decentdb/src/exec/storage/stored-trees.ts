/**
 * The trees behind tables and indexes: their column layout, and the Tree objects.
 *
 *     table   row id | columns other than the row id column, in order
 *     index   keys | included columns | row id             (all of them the tree's key, so each entry is unique)
 *
 * I1  One Tree object for each definition, shared by all readers and writers of it: it holds the write finger.
 */
import { assert } from '../../base/assert.ts';
import { type IndexDef, storedPosition, type TableDef } from '../../catalog/schema.ts';
import type { TreeSchema } from '../../tree/node-schema.ts';
import { Tree } from '../../tree/tree.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { type ColumnSpec, Physical } from '../../types/vector.ts';

function columnSpec(type: SqlType): ColumnSpec {
  return type.codec === undefined
    ? { physical: type.physical }
    : { physical: type.physical, codec: type.codec };
}

function rowIdSpec(table: TableDef): ColumnSpec {
  const column = table.columns[table.rowIdColumn];
  return column === undefined ? { physical: Physical.int64 } : columnSpec(column.type);
}

/** Columns of a table's tree. */
export function tableTreeSchema(table: TableDef): TreeSchema {
  const columns: ColumnSpec[] = [rowIdSpec(table)];
  table.columns.forEach((column, i) => {
    if (i !== table.rowIdColumn) columns.push(columnSpec(column.type));
  });
  const { columnsAtRewrite } = table;
  if (columnsAtRewrite === undefined) return { columns, keyCount: 1 };
  const missing = table.columns.slice(columnsAtRewrite).map((column) => column.missingValue);
  return { columns, keyCount: 1, missing };
}

/** Columns of an index's tree. */
export function indexTreeSchema(table: TableDef, index: IndexDef): TreeSchema {
  const columns: ColumnSpec[] = index.keys.map((key) => ({
    ...columnSpec(key.column >= 0 ? table.columns[key.column]!.type : key.type),
    descending: key.descending,
    nullsFirst: key.nullsFirst,
  }));
  for (const column of index.include) columns.push(columnSpec(table.columns[column]!.type));
  columns.push(rowIdSpec(table));
  return { columns, keyCount: columns.length };
}

const tableTrees = new WeakMap<TableDef, Tree>();
const indexTrees = new WeakMap<IndexDef, Tree>();

export function tableTree(table: TableDef): Tree {
  let tree = tableTrees.get(table);
  if (tree === undefined) {
    tree = new Tree(table.root, tableTreeSchema(table), table.name);
    tableTrees.set(table, tree);
  }
  return tree;
}

export function indexTree(table: TableDef, index: IndexDef): Tree {
  let tree = indexTrees.get(index);
  if (tree === undefined) {
    assert(index.method === 'btree', 'only btree indexes are trees of keys');
    tree = new Tree(index.root, indexTreeSchema(table, index), index.name);
    indexTrees.set(index, tree);
  }
  return tree;
}

/** Position of a table column (-1: the row id) in an index's tree; -1 when the index does not have it. */
export function indexPosition(table: TableDef, index: IndexDef, column: number): number {
  if (column === -1 || column === table.rowIdColumn) return index.keys.length + index.include.length;
  const key = index.keys.findIndex((one) => one.column === column);
  if (key >= 0) return key;
  const included = index.include.indexOf(column);
  return included < 0 ? -1 : index.keys.length + included;
}

export { storedPosition };
