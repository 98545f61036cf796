/**
 * The table an INSERT, UPDATE, DELETE or MERGE changes, and its columns by name.
 */
import type { ColumnDef, TableDef, ViewDef } from '../../catalog/schema.ts';
import type { ColumnId, Expr } from '../../exec/expr.ts';
import type * as ast from '../ast/nodes.ts';
import { coerceAssignment, evaluated } from './coerce.ts';
import { bindError } from './errors.ts';
import { itemOf } from './from-items.ts';
import { Level, type NamespaceItem } from './level.ts';
import { findRelation, writtenName } from './relations.ts';
import { bindStoredDefault } from './stored-expressions.ts';
import { baseOfView, type DmlTarget } from './view-targets.ts';
import { parseView } from './views.ts';

export type DmlCommand = 'INSERT' | 'UPDATE' | 'DELETE' | 'MERGE';

/** The stored table of that name; views and system relations are refused as PostgreSQL words it. */
export function resolveTarget(level: Level, node: ast.RangeVar, command: DmlCommand): DmlTarget {
  const { state } = level;
  const relation = findRelation(state.env, node);
  if (relation === null)
    throw bindError('42P01', `relation "${writtenName(node)}" does not exist`, node.location);
  switch (relation.kind) {
    case 'table':
      state.hasWrites = true;
      state.dependsOn.add(relation.table);
      state.uses(relation.table.id, -1);
      state.recorder?.relation(node, relation.table.schema, relation.table.id);
      return { table: relation.table, through: null, isOnly: !node.inh };
    case 'view':
      if (relation.view.materializedTableId !== null)
        throw bindError('42809', `cannot change materialized view "${relation.view.name}"`, -1);
      return throughView(level, relation.view, command);
    case 'sequence':
      throw bindError('42809', `cannot change sequence "${relation.sequence.name}"`, -1);
    case 'virtual':
      throw bindError('42501', `permission denied for view ${relation.view.name}`, -1);
    default:
      throw bindError('42809', `cannot open relation "${node.relname}"`, node.location, {
        detail: 'This operation is not supported for indexes.',
      });
  }
}

function throughView(level: Level, view: ViewDef, command: DmlCommand): DmlTarget {
  level.state.uses(view.id, -1);
  const inner = resolveTarget(new Level(level.state, null), baseOfView(view, command), command);
  const isOnly = inner.isOnly === true;
  return { table: inner.table, through: { view, query: parseView(view), inner }, isOnly };
}

/** Position of a column by name; 42703 worded for the target relation. */
export function targetColumn(table: TableDef, name: string, location: number): number {
  const position = table.columns.findIndex((column) => column.name === name && !column.isDropped);
  if (position < 0)
    throw bindError('42703', `column "${name}" of relation "${table.name}" does not exist`, location);
  return position;
}

/** Fresh ids for every column of a row of `table` (dropped ones too), known under `refname`. */
export function newRowIds(level: Level, table: TableDef, refname: string): ColumnId[] {
  return table.columns.map((column) => level.state.newColumnId(level, refname, column.name));
}

/** A namespace item over the ids of a row. */
export function rowItem(
  level: Level,
  table: TableDef,
  refname: string,
  ids: readonly ColumnId[],
  options: Partial<NamespaceItem> = {},
): NamespaceItem {
  const columns = table.columns.flatMap((column, position) =>
    column.isDropped
      ? []
      : [
          {
            name: column.name,
            expr: rowColumn(table, ids, position),
            relationId: table.id,
            position,
          },
        ],
  );
  return itemOf(level, refname, [], {
    table,
    relationId: table.id,
    relationSchema: table.schema,
    relationName: table.name,
    columns,
    ...options,
  });
}

/** Column `position` of a row given by ids. */
export function rowColumn(table: TableDef, ids: readonly ColumnId[], position: number): Expr {
  const column = table.columns[position] as ColumnDef;
  return {
    kind: 'column',
    id: ids[position] as ColumnId,
    type: column.type,
    typmod: column.typmod,
    location: -1,
  };
}

/** What DEFAULT means for a column: an expression, or null for NULL (for the row id column: the next free one). */
export function defaultOf(level: Level, table: TableDef, position: number): Expr | null {
  const column = table.columns[position] as ColumnDef;
  if (column.generated !== null) return null;
  const expr = bindStoredDefault(level.state, table, position);
  if (expr !== null && callsSequence(column)) level.state.hasWrites = true;
  return expr;
}

function callsSequence(column: ColumnDef): boolean {
  return column.sequenceId !== null || column.defaultSql !== null;
}

/** A value on its way into a column: cast in assignment, or refused (42804). */
export function assignTo(level: Level, table: TableDef, position: number, value: Expr): Expr {
  const column = table.columns[position] as ColumnDef;
  const assigned = coerceAssignment(level, value, column);
  return value.kind === 'const' ? evaluated(assigned) : assigned;
}

/** 428C9 unless DEFAULT is what a generated column gets. */
export function refuseGenerated(column: ColumnDef, command: 'INSERT' | 'UPDATE', location: number): void {
  void location;
  if (column.generated !== null)
    throw bindError(
      '428C9',
      command === 'INSERT'
        ? `cannot insert a non-DEFAULT value into column "${column.name}"`
        : `column "${column.name}" can only be updated to DEFAULT`,
      -1,
      { detail: `Column "${column.name}" is a generated column.` },
    );
  if (column.identity !== 'always') return;
  const detail = `Column "${column.name}" is an identity column defined as GENERATED ALWAYS.`;
  if (command === 'UPDATE')
    throw bindError('428C9', `column "${column.name}" can only be updated to DEFAULT`, -1, { detail });
  throw bindError('428C9', `cannot insert a non-DEFAULT value into column "${column.name}"`, -1, {
    detail,
    hint: 'Use OVERRIDING SYSTEM VALUE to override.',
  });
}
