/**
 * DEFAULT of columns seen through views, whose own defaults come before those of what they show.
 *
 * I1  A column an INSERT gives no value takes the default of the outermost view that has one: the column's, or its domain's. What
 *     a view gives that way is a value like any other to what is behind it.
 * I2  SET column = DEFAULT asks the outermost view alone: NULL where it has none.
 */
import type { TableDef } from '../../catalog/schema.ts';
import { viewAsTable } from '../../catalog/view-table.ts';
import type { ColumnId, Expr } from '../../exec/expr.ts';
import type * as ast from '../ast/nodes.ts';
import { defaultOf, refuseGenerated } from './dml-target.ts';
import { bindError } from './errors.ts';
import type { Level } from './level.ts';
import { requireWritable, type TargetNames } from './view-targets.ts';

/** What DEFAULT means for a column named in SET; null for NULL. */
export type SetDefault = (name: string) => Expr | null;

/** I2; null where no view is in front of the table. */
export function setDefaultThrough(level: Level, { views }: TargetNames): SetDefault | null {
  const outermost = views.at(-1);
  if (outermost === undefined) return null;
  const table = viewAsTable(outermost.view);
  return (name) => {
    const position = table.columns.findIndex((column) => column.name === name);
    return defaultOf(level, table, position);
  };
}

/** What DEFAULT means for the table's columns by position, in an INSERT (I1); columns named in `given` have values of their own. */
export function insertDefaults(
  level: Level,
  table: TableDef,
  { views }: TargetNames,
  row: readonly ColumnId[],
  given: ReadonlySet<string>,
  override: ast.InsertStmt['override'],
): (position: number) => Expr | null {
  const found = new Map<number, () => Expr | null>();
  for (const [depth, { view, columns }] of [...views].reverse().entries()) {
    const shape = viewAsTable(view);
    const assigned = new Set<number>();
    for (const [i, expr] of columns.entries()) {
      const name = shape.columns[i]?.name ?? '';
      const hasDefault = defaultOf(level, shape, i) !== null;
      if (!hasDefault && !(depth === 0 && given.has(name))) continue;
      const position = requireWritable(view, name, expr, row, 'INSERT');
      // A view may show a column of its table twice.
      if (assigned.has(position)) throw assignedTwice(table, position);
      assigned.add(position);
      if (hasDefault && !found.has(position)) found.set(position, () => defaultOf(level, shape, i));
    }
  }
  for (const position of found.keys()) {
    const column = table.columns[position];
    if (column === undefined) continue;
    if (override === 'OVERRIDING_USER_VALUE' && column.identity !== null) found.delete(position);
    else if (override !== 'OVERRIDING_SYSTEM_VALUE' || column.generated !== null)
      refuseGenerated(column, 'INSERT', -1);
  }
  return (position) => found.get(position)?.() ?? defaultOf(level, table, position);
}

export function assignedTwice(table: TableDef, position: number): Error {
  return bindError('42601', `multiple assignments to same column "${table.columns[position]?.name}"`, -1);
}
