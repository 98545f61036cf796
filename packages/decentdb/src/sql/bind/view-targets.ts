/**
 * Views as targets of INSERT, UPDATE, DELETE and MERGE: simple ones stand for the table they select from.
 *
 * I1  A view is simple when it selects from one table or simple view, without grouping, DISTINCT, set operations, limits or WITH.
 * I2  Its columns become expressions over the row of the table; those that are plain columns can be written.
 * I3  Only rows the view shows can be changed through it: its WHERE joins the statement's.
 */
import type { Catalog } from '../../catalog/catalog.ts';
import type { TableDef, ViewDef } from '../../catalog/schema.ts';
import type { ColumnId, Expr } from '../../exec/expr.ts';
import { aggregatesNamed, tableFunctionsNamed } from '../../functions/registry.ts';
import type { ViewCheck } from '../../plan/logical.ts';
import type * as ast from '../ast/nodes.ts';
import { coerceToBoolean } from './coerce.ts';
import { type DmlCommand, targetColumn } from './dml-target.ts';
import { bindError } from './errors.ts';
import { bindExpr } from './expressions.ts';
import { itemOf } from './from-items.ts';
import { Level, type NamespaceItem } from './level.ts';
import { bindTargets } from './targets.ts';
import { parseView, withoutPositions } from './views.ts';

/** What a statement changes: a table, perhaps seen through views. */
export interface DmlTarget {
  readonly table: TableDef;
  readonly through: ViewTarget | null;
  /** ONLY was written: rows of descendants are left alone. */
  readonly isOnly?: boolean;
}

export interface ViewTarget {
  readonly view: ViewDef;
  readonly query: ast.SelectStmt;
  readonly inner: DmlTarget;
}

const VERBS: Readonly<Record<DmlCommand, readonly [verb: string, gerund: string]>> = {
  INSERT: ['insert into', 'inserting into'],
  UPDATE: ['update', 'updating'],
  DELETE: ['delete from', 'deleting from'],
  MERGE: ['merge into', 'merging into'],
};

/** The single relation a simple view selects from; 55000 for any other view. */
export function baseOfView(view: ViewDef, command: DmlCommand): ast.RangeVar {
  const query = parseView(view);
  const detail = whyNotSimple(query);
  const [from] = query.fromClause;
  if (detail === null && from?.kind === 'RangeVar') return from;
  throw refusal(view, command, detail ?? NOT_ONE_TABLE);
}

const NOT_ONE_TABLE = 'Views that do not select from a single table or view are not automatically updatable.';

function refusal(view: ViewDef, command: DmlCommand, detail: string): Error {
  const [verb, gerund] = VERBS[command];
  return bindError('55000', `cannot ${verb} view "${view.name}"`, -1, {
    detail,
    hint: `To enable ${gerund} the view, provide an INSTEAD OF ${command} trigger or an unconditional ON ${command} DO INSTEAD rule.`,
  });
}

function whyNotSimple(query: ast.SelectStmt): string | null {
  const containing = (what: string): string => `Views containing ${what} are not automatically updatable.`;
  if (query.distinctClause !== null) return containing('DISTINCT');
  if (query.groupClause.length > 0) return containing('GROUP BY');
  if (query.havingClause !== null) return containing('HAVING');
  if (query.op !== 'SETOP_NONE') return containing('UNION, INTERSECT, or EXCEPT');
  if (query.withClause !== null) return containing('WITH');
  if (query.limitCount !== null || query.limitOffset !== null) return containing('LIMIT or OFFSET');
  return query.fromClause.length === 1 && query.fromClause[0]?.kind === 'RangeVar' ? null : NOT_ONE_TABLE;
}

/**
 * Which of a view's columns can be written through it, by position; null when the view itself cannot be (PostgreSQL, CREATE VIEW,
 * "Updatable Views"). Decided from the query's text alone: what binding would find out about types changes nothing here.
 */
export function writableColumns(catalog: Catalog, view: ViewDef): ReadonlySet<number> | null {
  if (view.materializedTableId !== null) return null;
  const query = parseView(view);
  const [from] = query.fromClause;
  if (whyNotSimple(query) !== null || from?.kind !== 'RangeVar') return null;
  if (query.targetList.some(({ val }) => val !== null && isComputedOverRows(catalog, val))) return null;
  const base = from.schemaname === null ? undefined : catalog.relation(from.schemaname, from.relname);
  const below = base?.kind === 'view' ? writableColumns(catalog, base.view) : null;
  if (base?.kind !== 'table' && below === null) return null;
  const writable = new Set<number>();
  for (const [position, { val }] of query.targetList.entries()) {
    if (val?.kind !== 'ColumnRef' || val.star) continue;
    const name = val.fields.at(-1);
    const at = base?.kind === 'view' ? base.view.columns.findIndex((column) => column.name === name) : 0;
    if (below === null || below.has(at)) writable.add(position);
  }
  return writable;
}

/** Aggregates, window functions and set-returning functions, outside subqueries. */
function isComputedOverRows(catalog: Catalog, node: unknown): boolean {
  if (node === null || typeof node !== 'object') return false;
  const { kind } = node as { readonly kind?: string };
  if (kind === 'SubLink') return false;
  if (kind === 'FuncCall') {
    const call = node as ast.FuncCall;
    const name = call.funcname.at(-1) ?? '';
    if (call.over !== null || call.agg_star || aggregatesNamed(name).length > 0) return true;
    if (tableFunctionsNamed(name).length > 0 || catalog.hasAggregate(name)) return true;
  }
  return (Array.isArray(node) ? node : Object.values(node)).some((part) => isComputedOverRows(catalog, part));
}

/** The names a statement sees for its target, and the conditions of the views it goes through. */
export interface TargetNames {
  readonly item: NamespaceItem;
  readonly conditions: readonly Expr[];
  /** The views gone through, innermost first, each with its own condition. */
  readonly views: readonly {
    readonly view: ViewDef;
    readonly condition: Expr | null;
    /** Its columns over a row of the table. */
    readonly columns: readonly Expr[];
  }[];
}

/** What WITH CHECK OPTION asks of a new row: LOCAL for the view itself, CASCADED for all below it too; innermost first. */
export function viewChecksOf({ views }: TargetNames): ViewCheck[] {
  let isCascaded = false;
  const checks: ViewCheck[] = [];
  for (const { view, condition } of [...views].reverse()) {
    if (condition !== null && (isCascaded || view.checkOption !== null))
      checks.unshift({ view: view.name, expr: condition });
    if (view.checkOption === 'cascaded') isCascaded = true;
  }
  return checks;
}

/** Names over a row of the table: the table's own, or those of the view in front of it. */
export function namesOfTarget(
  level: Level,
  target: DmlTarget,
  refname: string,
  tableItem: (level: Level, refname: string) => NamespaceItem,
  command: DmlCommand,
): TargetNames {
  const { through } = target;
  if (through === null) return { item: tableItem(level, refname), conditions: [], views: [] };
  const { view, query } = through;
  const from = query.fromClause[0] as ast.RangeVar;
  const inside = new Level(level.state, null);
  const alias = from.alias?.aliasname ?? from.relname;
  const inner = namesOfTarget(inside, through.inner, alias, tableItem, command);
  inside.namespace = [inner.item];
  const targets = withoutPositions(() => bindTargets(inside, query.targetList, 'selectTarget'));
  refuseComputed(inside, view, command);
  const where = query.whereClause;
  const own =
    where === null
      ? []
      : [withoutPositions(() => coerceToBoolean(inside, bindExpr(inside, where, 'where'), 'WHERE'))];
  const columns = targets.map(({ expr }, position) => ({
    name: view.columns[position]?.name ?? '',
    expr,
    relationId: view.id,
    position,
  }));
  const item = itemOf(level, refname, [], {
    columns,
    relationId: view.id,
    relationSchema: view.schema,
    relationName: view.name,
  });
  return {
    item,
    conditions: [...inner.conditions, ...own],
    views: [...inner.views, { view, condition: own[0] ?? null, columns: targets.map(({ expr }) => expr) }],
  };
}

function refuseComputed(level: Level, view: ViewDef, command: DmlCommand): void {
  const returning = (what: string): string => `Views that return ${what} are not automatically updatable.`;
  if (level.aggregates.length > 0) throw refusal(view, command, returning('aggregate functions'));
  if (level.windowCalls.length > 0) throw refusal(view, command, returning('window functions'));
  if (level.setFunctions.length > 0) throw refusal(view, command, returning('set-returning functions'));
}

/** Position in the table of a column the statement names. */
export function positionInTable(
  target: DmlTarget,
  names: TargetNames,
  row: readonly ColumnId[],
  name: string,
  location: number,
  command: DmlCommand,
): number {
  const { through, table } = target;
  if (through === null) return targetColumn(table, name, location);
  const column = names.item.columns.find((candidate) => candidate.name === name);
  if (column === undefined)
    throw bindError('42703', `column "${name}" of relation "${through.view.name}" does not exist`, location);
  return requireWritable(through.view, column.name, column.expr, row, command);
}

export function requireWritable(
  view: ViewDef,
  name: string,
  expr: Expr,
  row: readonly ColumnId[],
  command: DmlCommand,
): number {
  const position = expr.kind === 'column' ? row.indexOf(expr.id) : -1;
  if (position >= 0) return position;
  const verb = command === 'INSERT' ? 'insert into' : command === 'MERGE' ? 'merge into' : 'update';
  throw bindError('0A000', `cannot ${verb} column "${name}" of view "${view.name}"`, -1, {
    detail: 'View columns that are not columns of their base relation are not updatable.',
  });
}

/** The columns an INSERT without a column list gives values to, in order. */
export function allPositions(
  target: DmlTarget,
  names: TargetNames,
  row: readonly ColumnId[],
): (() => number)[] {
  const { through, table } = target;
  if (through === null)
    return table.columns.flatMap((column, position) => (column.isDropped ? [] : [() => position]));
  return names.item.columns.map(
    (column) => () => requireWritable(through.view, column.name, column.expr, row, 'INSERT'),
  );
}
