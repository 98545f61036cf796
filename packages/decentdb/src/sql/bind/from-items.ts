/**
 * Namespace items: what a FROM item offers to names, and column aliases.
 */
import type { OutputColumn } from '../../plan/logical.ts';
import type * as ast from '../ast/nodes.ts';
import { bindError } from './errors.ts';
import type { Level, NamespaceItem, ScopeColumn } from './level.ts';
import { columnExpr } from './state.ts';

/** A plain item over output columns; registered in the level's range table. */
export function itemOf(
  level: Level,
  refname: string,
  columns: readonly OutputColumn[],
  options: Partial<NamespaceItem> = {},
): NamespaceItem {
  const item: NamespaceItem = {
    refname,
    relationSchema: options.relationSchema ?? null,
    relationName: options.relationName ?? null,
    isUnaliased: options.isUnaliased ?? false,
    columns: markLater(level, options.columns ?? columns.map((column) => scopeColumn(column))),
    table: options.table ?? null,
    relationId: options.relationId ?? -1,
    systemColumn: options.systemColumn ?? null,
    relationVisible: options.relationVisible ?? true,
    columnsVisible: options.columnsVisible ?? true,
    lateralOnly: false,
    lateralOk: true,
    isNullExtended: false,
    isScalarFunction: options.isScalarFunction ?? false,
    ...(options.rowType === undefined ? {} : { rowType: options.rowType }),
  };
  level.rangeTable.push(item);
  return item;
}

/** Which columns the stored query being bound did not know when it was written. */
function markLater(level: Level, columns: readonly ScopeColumn[]): readonly ScopeColumn[] {
  const { known } = level.state;
  if (known === null) return columns;
  return columns.map((column) =>
    known.get(column.relationId)?.has(column.position) === false ? { ...column, isLater: true } : column,
  );
}

export function scopeColumn(
  column: OutputColumn,
  position: number = -1,
  relationId: number = -1,
): ScopeColumn {
  return { name: column.name, expr: columnExpr(column, -1), relationId, position };
}

/** `AS t(a, b)`: the first columns renamed. 42P10 when there are more aliases than columns. */
export function applyColumnAliases(
  item: NamespaceItem,
  alias: ast.Alias | null,
  _location: number,
): NamespaceItem {
  if (alias === null || alias.colnames.length === 0) return item;
  const { colnames } = alias;
  if (colnames.length > item.columns.length)
    throw bindError(
      '42P10',
      `table "${item.refname}" has ${item.columns.length} columns available but ${colnames.length} columns specified`,
      -1,
    );
  const columns = item.columns.map((column, i) => ({ ...column, name: colnames[i] ?? column.name }));
  return Object.assign(item, { columns });
}
