/**
 * Views in FROM: the stored query, parsed once and bound in place.
 *
 * I1  A view's query sees nothing of the query that uses it.
 * I2  Its canonical SQL qualifies every name, so the search path of the user does not matter.
 */
import { assert } from '../../base/assert.ts';
import { DecentDbError } from '../../base/errors.ts';
import type { TableDef, ViewDef } from '../../catalog/schema.ts';
import type { LogicalNode, VirtualTable } from '../../plan/logical.ts';
import type * as ast from '../ast/nodes.ts';
import { parseOne } from '../parse/parse.ts';
import { columnsKnown, type KnownColumns } from './env.ts';
import { bindError } from './errors.ts';
import type { FromResult } from './from.ts';
import { applyColumnAliases, itemOf, scopeColumn } from './from-items.ts';
import type { Level } from './level.ts';
import { scanTable } from './scans.ts';
import { bindSelect } from './select.ts';

const parsed = new WeakMap<ViewDef, ast.SelectStmt>();

/** The query of a view as a tree; kept with the definition. */
export function parseView(view: ViewDef): ast.SelectStmt {
  let query = parsed.get(view);
  if (query === undefined) {
    query = parseOne(view.sql).stmt as ast.SelectStmt;
    parsed.set(view, query);
  }
  return query;
}

const known = new WeakMap<ViewDef, KnownColumns>();

/** The columns a view's query used when it was written. */
export function knownColumns(view: ViewDef): KnownColumns {
  let columns = known.get(view);
  if (columns === undefined) {
    columns = columnsKnown(view.dependsOn);
    known.set(view, columns);
  }
  return columns;
}

const VIEW_DEPTH_MAX = 100;

export function expandView(level: Level, item: ast.RangeVar, view: ViewDef): FromResult {
  const { state } = level;
  if (view.materializedTableId !== null) return scanMaterialized(level, item, view);
  state.uses(view.id, -1);
  if (state.viewDepth >= VIEW_DEPTH_MAX)
    throw bindError('54001', 'stack depth limit exceeded', -1, {
      hint: `Views may stand on views ${VIEW_DEPTH_MAX} levels deep.`,
    });
  const { known } = state;
  state.viewDepth++;
  state.known = knownColumns(view);
  const node = withoutPositions(() => bindSelect(state, null, parseView(view)));
  state.known = known;
  state.viewDepth--;
  const refname = item.alias?.aliasname ?? view.name;
  const names = view.columns.map((column) => column.name);
  const columns = node.columns.map((column, i) => ({ ...column, name: names[i] ?? column.name }));
  const named: LogicalNode = { ...node, columns } as LogicalNode;
  state.adopt(level, refname, columns, item.alias?.colnames ?? []);
  const made = itemOf(level, refname, [], {
    columns: columns.map((column, i) => scopeColumn(column, i, view.id)),
    relationId: view.id,
    relationSchema: view.schema,
    relationName: view.name,
    isUnaliased: item.alias === null,
  });
  return { node: named, namespace: [applyColumnAliases(made, item.alias, item.location)] };
}

const parsedSystem = new WeakMap<VirtualTable, ast.SelectStmt>();

/** A system view written as a query: bound in place, under the names and types it declares. */
export function expandSystemView(level: Level, item: ast.RangeVar, view: VirtualTable): FromResult {
  let query = parsedSystem.get(view);
  if (query === undefined) {
    query = parseOne(view.querySql as string).stmt as ast.SelectStmt;
    parsedSystem.set(view, query);
  }
  const { state } = level;
  const bound = query;
  const node = withoutPositions(() => bindSelect(state, null, bound));
  assert(node.columns.length === view.columns.length, 'a system view selects the columns it declares');
  const refname = item.alias?.aliasname ?? view.name;
  const columns = node.columns.map((column, i) => ({
    ...column,
    name: view.columns[i]?.name ?? column.name,
  }));
  state.adopt(level, refname, columns, item.alias?.colnames ?? []);
  const made = itemOf(level, refname, columns, {
    relationSchema: view.schema,
    relationName: view.name,
    isUnaliased: item.alias === null,
  });
  return {
    node: { ...node, columns } as LogicalNode,
    namespace: [applyColumnAliases(made, item.alias, item.location)],
  };
}

function scanMaterialized(level: Level, item: ast.RangeVar, view: ViewDef): FromResult {
  const table = level.state.env.catalog.table(view.materializedTableId as number) as TableDef;
  level.state.uses(view.id, -1);
  return scanTable(level, item, table);
}

let storedDepth = 0;

/** Whether what is being bound came with the database, not with the statement. */
export function isBindingStored(): boolean {
  return storedDepth > 0;
}

/** Positions inside a stored query mean nothing in the user's text. */
export function withoutPositions<T>(action: () => T): T {
  storedDepth++;
  try {
    return unplaced(action);
  } finally {
    storedDepth--;
  }
}

/** For a text inside the statement's: errors without positions. */
export function unplaced<T>(action: () => T): T {
  try {
    return action();
  } catch (error) {
    if (error instanceof DecentDbError) error.position = undefined;
    throw error;
  }
}
