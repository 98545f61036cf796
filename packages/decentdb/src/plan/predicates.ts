/**
 * Small questions about expressions that most rules ask: conjuncts, volatility, strictness, substitution.
 *
 * I1  "Volatile" is asked through subqueries too: a rule must neither duplicate nor move such an expression.
 * I2  `rejectsNulls` errs on the side of "no".
 */
import type { ColumnId, Expr } from '../exec/expr.ts';
import { mapExpr, someExpr } from './expr-walk.ts';
import type { LogicalNode } from './logical.ts';
import { forEachNodeExpr, freeColumns, inputsOf, intersects, mapNodeExprs, withInputs } from './node-walk.ts';

/** The conjuncts of a predicate; null is no predicate. */
export function conjunctsOf(predicate: Expr | null): readonly Expr[] {
  if (predicate === null) return [];
  if (predicate.kind !== 'and') return [predicate];
  return predicate.args.some((arg) => arg.kind === 'and')
    ? predicate.args.flatMap(conjunctsOf)
    : predicate.args;
}

/** The conjunction of a list; null when empty. */
export function conjunction(list: readonly Expr[]): Expr | null {
  const first = list[0];
  if (first === undefined) return null;
  if (list.length === 1) return first;
  return { kind: 'and', args: list, type: first.type, typmod: -1, location: -1 };
}

/** `input` with the conjuncts as a filter on top (merged with a filter already there). */
export function filtered(input: LogicalNode, conjuncts: readonly Expr[]): LogicalNode {
  if (conjuncts.length === 0) return input;
  if (input.kind === 'filter') {
    const predicate = conjunction([...conjunctsOf(input.predicate), ...conjuncts]) as Expr;
    return { ...input, predicate };
  }
  return { kind: 'filter', input, predicate: conjunction(conjuncts) as Expr, columns: input.columns };
}

const volatileCache = new WeakMap<LogicalNode, boolean>();

/** Whether a plan holds a volatile call anywhere, or changes data. */
export function isVolatilePlan(node: LogicalNode): boolean {
  const cached = volatileCache.get(node);
  if (cached !== undefined) return cached;
  let found = ['insert', 'update', 'delete', 'merge', 'lock'].includes(node.kind);
  if (node.kind === 'tableFunction') found ||= node.functions.some((f) => f.fn.volatility === 'volatile');
  if (node.kind === 'projectSet') found ||= node.exprs.some((e) => e.set && e.fn.volatility === 'volatile');
  if (node.kind === 'scan' && node.sample !== null) found = true;
  forEachNodeExpr(node, (expr) => {
    found ||= isVolatile(expr);
  });
  found ||= inputsOf(node).some(isVolatilePlan);
  volatileCache.set(node, found);
  return found;
}

export function isVolatile(expr: Expr): boolean {
  return someExpr(expr, (e) => {
    if (e.kind === 'call') return e.fn.volatility === 'volatile';
    return e.kind === 'subquery' && isVolatilePlan(e.plan as LogicalNode);
  });
}

export function hasSubquery(expr: Expr): boolean {
  return someExpr(expr, (e) => e.kind === 'subquery');
}

/** Neither columns, outer values nor subqueries: the same value for every row of an execution. */
export function isRowIndependent(expr: Expr): boolean {
  return !someExpr(
    expr,
    (e) =>
      e.kind === 'column' ||
      e.kind === 'slot' ||
      e.kind === 'subquery' ||
      e.kind === 'caseTest' ||
      e.kind === 'context' ||
      (e.kind === 'call' && e.fn.volatility === 'volatile'),
  );
}

export type Substitution = ReadonlyMap<ColumnId, Expr>;

/** Replaces columns by expressions, inside correlated subqueries too. */
export function substitute(expr: Expr, by: Substitution): Expr {
  if (by.size === 0) return expr;
  return mapExpr(expr, (e) => {
    if (e.kind === 'column') return retyped(by.get(e.id) ?? e, e);
    if (e.kind !== 'subquery') return e;
    const plan = substituteInPlan(e.plan as LogicalNode, by);
    return plan === e.plan ? e : { ...e, plan };
  });
}

/** A reference may see a column as another type with the same datums (varchar as text): so it sees what replaces the column. */
function retyped(expr: Expr, like: Expr): Expr {
  return expr.type === like.type ? expr : { ...expr, type: like.type, typmod: like.typmod };
}

const keyCache = new WeakMap<Substitution, ReadonlySet<ColumnId>>();

/** Replaces free columns of a plan. */
export function substituteInPlan(node: LogicalNode, by: Substitution): LogicalNode {
  let keys = keyCache.get(by);
  if (keys === undefined) {
    keys = new Set(by.keys());
    keyCache.set(by, keys);
  }
  if (!intersects(freeColumns(node), keys)) {
    // A lateral join below may use its own left's columns; those are not ours to replace.
    return node;
  }
  const inputs = inputsOf(node).map((input) => substituteInPlan(input, by));
  return mapNodeExprs(withInputs(node, inputs), (expr) => substitute(expr, by));
}

/**
 * Whether the predicate cannot be true when all columns in `columns` are NULL: then an outer join that makes such rows
 * is as good as an inner one.
 */
export function rejectsNulls(predicate: Expr, columns: ReadonlySet<ColumnId>): boolean {
  switch (predicate.kind) {
    case 'and':
      return predicate.args.some((arg) => rejectsNulls(arg, columns));
    case 'or':
      return predicate.args.every((arg) => rejectsNulls(arg, columns));
    case 'not':
      return isNullWhenNull(predicate.arg, columns);
    case 'isNull':
      return predicate.negated && !predicate.isRow && isNullWhenNull(predicate.arg, columns);
    case 'booleanTest':
      return predicate.test !== 'unknown' && !predicate.negated && isNullWhenNull(predicate.arg, columns);
    default:
      return isNullWhenNull(predicate, columns);
  }
}

/** Whether the expression is NULL for sure when all of `columns` are NULL. */
export function isNullWhenNull(expr: Expr, columns: ReadonlySet<ColumnId>): boolean {
  switch (expr.kind) {
    case 'column':
      return columns.has(expr.id);
    case 'const':
      return expr.value === null;
    case 'call':
      return expr.fn.strict && expr.args.some((arg) => isNullWhenNull(arg, columns));
    case 'and':
    case 'or':
    case 'coalesce':
    case 'greatest':
    case 'least':
      return expr.args.length > 0 && expr.args.every((arg) => isNullWhenNull(arg, columns));
    case 'not':
      return isNullWhenNull(expr.arg, columns);
    case 'quantified':
      return (
        expr.op.strict &&
        (expr.list?.length ?? 1) > 0 &&
        isNullWhenNull(expr.left, columns) &&
        expr.array === null
      );
    case 'nullIf':
      return isNullWhenNull(expr.left, columns);
    default:
      return false;
  }
}

/** Structural equality of expressions (locations aside). */
export function sameExpr(a: Expr, b: Expr): boolean {
  if (a === b) return true;
  if (a.kind !== b.kind || a.type !== b.type || a.typmod !== b.typmod) return false;
  return fingerprint(a) === fingerprint(b);
}

const objectIds = new WeakMap<object, number>();
let nextObjectId = 1;
/** A number that an object has for as long as it lives. */
export function identityOf(value: object): number {
  let id = objectIds.get(value);
  if (id === undefined) {
    id = nextObjectId++;
    objectIds.set(value, id);
  }
  return id;
}

const skippedKeys = new Set(['location', 'type']);

const prints = new WeakMap<Expr, string>();

/** Text that is equal exactly for structurally equal expressions; functions, types and plans count by identity. */
export function fingerprint(expr: Expr): string {
  let print = prints.get(expr);
  if (print === undefined) {
    print = printOf(expr);
    prints.set(expr, print);
  }
  return print;
}

function printOf(expr: Expr): string {
  if (expr.kind === 'column') return `column ${expr.id} ${expr.type.oid} ${expr.typmod}`;
  if (expr.kind === 'call') {
    let text = `call${expr.variadicArray === true ? 'v' : ''} #${identityOf(expr.fn)} ${expr.type.oid} ${expr.typmod}(`;
    for (const arg of expr.args) text += `${fingerprint(arg)},`;
    return `${text})`;
  }
  return JSON.stringify(expr, function replace(key, value: unknown) {
    if (skippedKeys.has(key)) return key === 'type' ? (value as { oid: number }).oid : undefined;
    if (typeof value === 'bigint') return `${value}n`;
    if (value === undefined || value === null || typeof value !== 'object') return value;
    if (key === 'fn' || key === 'op' || key === 'equals' || key === 'less' || key === 'ops' || key === 'plan')
      return Array.isArray(value) ? value.map((v: object) => identityOf(v)) : `#${identityOf(value)}`;
    if (key === 'value') return `#${identityOf(value)}`;
    return value;
  });
}
