/**
 * Walking and rebuilding the logical algebra, and the questions rules ask of it: which columns does it make, use, need.
 *
 * I1  A rebuild returns the same node when nothing changed.
 * I2  Nodes that hand their input's columns on (filter, sort, limit, lock, join) get `columns` recomputed from the new inputs.
 */
import { assert } from '../base/assert.ts';
import type { AggregateCall, ColumnId, Expr, WindowCall } from '../exec/expr.ts';
import { forEachExpr, mapChildren, mapList, mapSortKeys, someExpr } from './expr-walk.ts';
import type { InsertNode, JoinNode, LogicalNode, OutputColumn } from './logical.ts';

/** Inputs, in order. */
export function inputsOf(node: LogicalNode): readonly LogicalNode[] {
  switch (node.kind) {
    case 'scan':
    case 'values':
    case 'tableFunction':
    case 'cteScan':
    case 'virtualScan':
      return [];
    case 'join':
      return [node.left, node.right];
    case 'setOp':
      return node.inputs;
    case 'with':
      return [
        ...node.definitions.flatMap((d) => (d.recursive === null ? [d.plan] : [d.plan, d.recursive.term])),
        node.body,
      ];
    case 'insert':
      return [node.source];
    default:
      return [node.input];
  }
}

/** Columns a join outputs, given its inputs. */
export function joinColumns(
  join: JoinNode['join'],
  left: LogicalNode,
  right: LogicalNode,
  mark: OutputColumn | null,
): readonly OutputColumn[] {
  if (join === 'semi' || join === 'anti') return left.columns;
  if (join === 'mark') return mark === null ? left.columns : [...left.columns, mark];
  return [...left.columns, ...right.columns];
}

/** The node over other inputs (same number and order). */
export function withInputs(node: LogicalNode, inputs: readonly LogicalNode[]): LogicalNode {
  const old = inputsOf(node);
  assert(old.length === inputs.length, 'a node keeps its number of inputs');
  let isSame = true;
  for (let i = 0; i < old.length; i++) if (old[i] !== inputs[i]) isSame = false;
  if (isSame) return node;
  const first = inputs[0] as LogicalNode;
  switch (node.kind) {
    case 'filter':
    case 'sort':
    case 'limit':
    case 'lock':
      return { ...node, input: first, columns: first.columns };
    case 'distinct':
      return { ...node, input: first, columns: first.columns };
    case 'window':
      return {
        ...node,
        input: first,
        columns: [...first.columns, ...node.columns.slice(node.columns.length - node.calls.length)],
      };
    case 'join': {
      const right = inputs[1] as LogicalNode;
      const mark = node.join === 'mark' ? (node.columns[node.columns.length - 1] as OutputColumn) : null;
      return { ...node, left: first, right, columns: joinColumns(node.join, first, right, mark) };
    }
    case 'setOp':
      return { ...node, inputs };
    case 'with': {
      let at = 0;
      const definitions = node.definitions.map((d) => {
        const plan = inputs[at++] as LogicalNode;
        if (d.recursive === null) return { ...d, plan };
        return { ...d, plan, recursive: { ...d.recursive, term: inputs[at++] as LogicalNode } };
      });
      const body = inputs[at] as LogicalNode;
      return { ...node, definitions, body, columns: body.columns };
    }
    case 'insert':
      return { ...node, source: first };
    case 'project':
    case 'projectSet':
    case 'aggregate':
    case 'update':
    case 'delete':
    case 'merge':
      return { ...node, input: first };
    default:
      return node;
  }
}

type ExprMap = (expr: Expr) => Expr;

/**
 * The node with its own expressions (not those of its inputs) mapped. Rules walk trees all the time: the commonest nodes come
 * first, where no function is made for each.
 */
export function mapNodeExprs(node: LogicalNode, map: ExprMap): LogicalNode {
  switch (node.kind) {
    case 'scan':
      return node.sample === null ? node : mapOtherExprs(node, map);
    case 'filter': {
      const predicate = map(node.predicate);
      return predicate === node.predicate ? node : { ...node, predicate };
    }
    case 'project': {
      const exprs = mapList(node.exprs, map);
      return exprs === node.exprs ? node : { ...node, exprs };
    }
    case 'join': {
      const condition = node.condition === null ? null : map(node.condition);
      return condition === node.condition ? node : { ...node, condition };
    }
    case 'sort': {
      const keys = mapSortKeys(node.keys, map);
      return keys === node.keys ? node : { ...node, keys };
    }
    case 'setOp':
    case 'with':
    case 'cteScan':
    case 'virtualScan':
    case 'lock':
      return node;
    default:
      return mapOtherExprs(node, map);
  }
}

type OtherNode = Exclude<
  LogicalNode,
  {
    readonly kind:
      | 'filter'
      | 'project'
      | 'join'
      | 'sort'
      | 'setOp'
      | 'with'
      | 'cteScan'
      | 'virtualScan'
      | 'lock';
  }
>;

function mapOtherExprs(node: OtherNode, map: ExprMap): LogicalNode {
  const maybe = (expr: Expr | null): Expr | null => (expr === null ? null : map(expr));
  const returning = (clause: Returning): Returning => mapReturning(clause, map);
  const assignments = <T extends { readonly expr: Expr }>(list: readonly T[]): readonly T[] =>
    mapAssignments(list, map);
  switch (node.kind) {
    case 'scan': {
      if (node.sample === null) return node;
      const sample = keep(node.sample, { percent: map(node.sample.percent), seed: maybe(node.sample.seed) });
      return keep(node, { sample });
    }
    case 'values':
      return keep(node, { rows: mapList(node.rows, (row) => mapList(row, map)) });
    case 'tableFunction':
      return keep(node, {
        functions: mapList(node.functions, (f) => keep(f, { args: mapList(f.args, map) })),
      });
    case 'projectSet':
      return keep(node, {
        exprs: mapList(node.exprs, (e) =>
          e.set ? keep(e, { args: mapList(e.args, map) }) : keep(e, { expr: map(e.expr) }),
        ),
      });
    case 'aggregate':
      return keep(node, {
        groups: mapList(node.groups, (g) => keep(g, { expr: map(g.expr) })),
        aggregates: mapList(node.aggregates, (call) => mapAggregate(call, map)),
      });
    case 'window':
      return keep(node, {
        partitionBy: mapList(node.partitionBy, map),
        orderBy: mapSortKeys(node.orderBy, map),
        calls: mapList(node.calls, (call) => mapWindowCall(call, map)),
      });
    case 'limit':
      return keep(node, {
        count: maybe(node.count),
        offset: maybe(node.offset),
        ties: node.ties === null ? null : mapSortKeys(node.ties, map),
      });
    case 'distinct':
      return keep(node, { on: node.on === null ? null : mapList(node.on, map) });
    case 'insert':
      return mapInsert(node, map);
    case 'update':
      return keep(node, {
        set: assignments(node.set),
        viewChecks: assignments(node.viewChecks),
        returning: returning(node.returning),
      });
    case 'delete':
      return keep(node, { returning: returning(node.returning) });
    case 'merge':
      return keep(node, {
        actions: mapList(node.actions, (a) =>
          keep(a, {
            condition: maybe(a.condition),
            set: assignments(a.set),
            values: mapList(a.values, (v) => maybe(v)),
          }),
        ),
        viewChecks: assignments(node.viewChecks),
        returning: returning(node.returning),
      });
  }
}

type Returning = { readonly exprs: readonly Expr[] } | null;

/** The part itself where nothing changed. */
function keep<T extends object>(part: T, changed: Partial<T>): T {
  for (const key of Object.keys(changed) as (keyof T)[])
    if (changed[key] !== part[key]) return { ...part, ...changed };
  return part;
}

function mapReturning(clause: Returning, map: ExprMap): Returning {
  return clause === null ? null : keep(clause, { exprs: mapList(clause.exprs, map) });
}

function mapAssignments<T extends { readonly expr: Expr }>(list: readonly T[], map: ExprMap): readonly T[] {
  return mapList(list, (a) => keep(a, { expr: map(a.expr) } as Partial<T>));
}

function mapInsert(node: InsertNode, map: ExprMap): InsertNode {
  const conflict = node.onConflict;
  const where = conflict === null || conflict.where === null ? null : map(conflict.where);
  return keep(node, {
    values: mapList(node.values, (v) => (v === null || typeof v === 'number' ? v : map(v))),
    onConflict: conflict === null ? null : keep(conflict, { set: mapAssignments(conflict.set, map), where }),
    viewChecks: mapAssignments(node.viewChecks, map),
    returning: mapReturning(node.returning, map),
  });
}

function mapAggregate(call: AggregateCall, map: ExprMap): AggregateCall {
  const args = mapList(call.args, map);
  const orderBy = mapSortKeys(call.orderBy, map);
  const filter = call.filter === null ? null : map(call.filter);
  const directArgs = mapList(call.directArgs, map);
  const same =
    args === call.args &&
    orderBy === call.orderBy &&
    filter === call.filter &&
    directArgs === call.directArgs;
  return same ? call : { ...call, args, orderBy, filter, directArgs };
}

function mapWindowCall(call: WindowCall, map: ExprMap): WindowCall {
  const args = mapList(call.args, map);
  const filter = call.filter === null ? null : map(call.filter);
  const start = call.frame.start.offset === null ? null : map(call.frame.start.offset);
  const end = call.frame.end.offset === null ? null : map(call.frame.end.offset);
  if (
    args === call.args &&
    filter === call.filter &&
    start === call.frame.start.offset &&
    end === call.frame.end.offset
  )
    return call;
  const frame = {
    ...call.frame,
    start: { ...call.frame.start, offset: start },
    end: { ...call.frame.end, offset: end },
  };
  return { ...call, args, filter, frame };
}

/** Visits the node's own expressions. */
export function forEachNodeExpr(node: LogicalNode, visit: (expr: Expr) => void): void {
  someNodeExpr(node, (expr) => {
    visit(expr);
    return false;
  });
}

/** Whether one of the node's own expressions is such a one. */
function someNodeExpr(node: LogicalNode, test: (expr: Expr) => boolean): boolean {
  switch (node.kind) {
    case 'filter':
      return test(node.predicate);
    case 'project':
      return node.exprs.some(test);
    case 'join':
      return node.condition !== null && test(node.condition);
    case 'sort':
      for (const { expr } of node.keys) if (test(expr)) return true;
      return false;
    case 'scan':
      if (node.sample === null) return false;
      break;
    case 'setOp':
    case 'with':
    case 'cteScan':
    case 'virtualScan':
    case 'lock':
      return false;
  }
  let isFound = false;
  mapNodeExprs(node, (expr) => {
    if (!isFound) isFound = test(expr);
    return expr;
  });
  return isFound;
}

/** Whether a subquery stands in the node's own expressions. */
export function nodeHoldsSubquery(node: LogicalNode): boolean {
  return someNodeExpr(node, holdsSubquery);
}

/** Bottom-up rebuild of the tree, subqueries in expressions included (rebuilt before the node that holds them). */
export function mapTree(node: LogicalNode, map: (node: LogicalNode) => LogicalNode): LogicalNode {
  const rebuilt = mapInputs(node, map);
  if (!nodeHoldsSubquery(rebuilt)) return map(rebuilt);
  return map(mapNodeExprs(rebuilt, (expr) => mapSubqueryPlans(expr, (plan) => mapTree(plan, map))));
}

function mapInputs(node: LogicalNode, map: (node: LogicalNode) => LogicalNode): LogicalNode {
  switch (node.kind) {
    case 'scan':
    case 'values':
    case 'tableFunction':
    case 'cteScan':
    case 'virtualScan':
      return node;
    case 'join': {
      const left = mapTree(node.left, map);
      const right = mapTree(node.right, map);
      return left === node.left && right === node.right ? node : withInputs(node, [left, right]);
    }
    case 'setOp':
    case 'with':
    case 'insert':
      return withInputs(
        node,
        inputsOf(node).map((input) => mapTree(input, map)),
      );
    default: {
      const input = mapTree(node.input, map);
      return input === node.input ? node : withInputs(node, [input]);
    }
  }
}

/** The expression with the plans of its subqueries (not those nested inside these plans) mapped. */
export function mapSubqueryPlans(expr: Expr, map: (plan: LogicalNode) => LogicalNode): Expr {
  if (!holdsSubquery(expr)) return expr;
  const rebuilt = mapChildren(expr, (child) => mapSubqueryPlans(child, map));
  if (rebuilt.kind !== 'subquery') return rebuilt;
  const plan = map(rebuilt.plan as LogicalNode);
  return plan === rebuilt.plan ? rebuilt : { ...rebuilt, plan };
}

/** Expressions without subqueries, found so before. */
const plainExprs = new WeakSet<Expr>();

/** Whether a subquery stands anywhere in the expression. */
export function holdsSubquery(expr: Expr): boolean {
  if (isLeafExpr(expr) || plainExprs.has(expr)) return false;
  if (someExpr(expr, (e) => e.kind === 'subquery')) return true;
  plainExprs.add(expr);
  return false;
}

function isLeafExpr(expr: Expr): boolean {
  return expr.kind === 'column' || expr.kind === 'const' || expr.kind === 'param' || expr.kind === 'slot';
}

const freeCache = new WeakMap<LogicalNode, ReadonlySet<ColumnId>>();

/** Columns the tree uses but does not make: its correlation with enclosing queries. */
export function freeColumns(node: LogicalNode): ReadonlySet<ColumnId> {
  const cached = freeCache.get(node);
  if (cached !== undefined) return cached;
  const free = new Set<ColumnId>();
  const made = new Set<ColumnId>();
  for (const input of inputsOf(node)) {
    for (const column of input.columns) made.add(column.id);
    for (const id of freeColumns(input)) free.add(id);
  }
  for (const column of node.columns) made.add(column.id);
  for (const id of definedRows(node)) made.add(id);
  forEachNodeExpr(node, (expr) => addUsedColumns(expr, free));
  // A lateral right side uses the left's columns, DML clauses the row's: these are made here, not free.
  for (const id of made) free.delete(id);
  freeCache.set(node, free);
  return free;
}

function definedRows(node: LogicalNode): readonly ColumnId[] {
  switch (node.kind) {
    case 'insert':
      return [...node.newRow, ...(node.onConflict?.existingRow ?? [])];
    case 'update':
    case 'merge':
      return [...node.oldRow, ...node.newRow];
    case 'delete':
      return node.oldRow;
    default:
      return [];
  }
}

/** Adds every column the expression uses, correlated references of its subqueries included. */
export function addUsedColumns(expr: Expr, into: Set<ColumnId>): void {
  forEachExpr(expr, (e) => {
    if (e.kind === 'column') into.add(e.id);
    else if (e.kind === 'subquery') for (const id of freeColumns(e.plan as LogicalNode)) into.add(id);
  });
}

export function usedColumns(expr: Expr): ReadonlySet<ColumnId> {
  let used = usedCache.get(expr);
  if (used === undefined) {
    const found = new Set<ColumnId>();
    addUsedColumns(expr, found);
    used = found;
    usedCache.set(expr, used);
  }
  return used;
}

const usedCache = new WeakMap<Expr, ReadonlySet<ColumnId>>();
const outputCache = new WeakMap<readonly OutputColumn[], ReadonlySet<ColumnId>>();

/** Ids of the columns a node outputs. */
export function outputIds(node: LogicalNode): ReadonlySet<ColumnId> {
  let ids = outputCache.get(node.columns);
  if (ids === undefined) {
    const made = new Set<ColumnId>();
    for (const column of node.columns) made.add(column.id);
    ids = made;
    outputCache.set(node.columns, ids);
  }
  return ids;
}

export function isSubset<T>(part: ReadonlySet<T>, whole: ReadonlySet<T>): boolean {
  for (const item of part) if (!whole.has(item)) return false;
  return true;
}

export function intersects<T>(a: ReadonlySet<T>, b: ReadonlySet<T>): boolean {
  for (const item of a) if (b.has(item)) return true;
  return false;
}
