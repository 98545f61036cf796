/**
 * Walking and rebuilding scalar expressions.
 *
 * I1  A rebuild returns the same object when nothing below it changed, so unchanged trees stay shared.
 * I2  Subqueries inside expressions are opaque to these walkers except through `mapSubqueryPlans`: only the part that
 *     is evaluated in the enclosing row (`left`, `outer`) counts as a child.
 */
import { unreachable } from '../base/assert.ts';
import type { ColumnExpr, ColumnId, Expr, SortKey, SubqueryExpr } from '../exec/expr.ts';

/** Direct children, in evaluation order. */
export function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'const':
    case 'column':
    case 'slot':
    case 'param':
    case 'outer':
    case 'caseTest':
    case 'context':
      return [];
    case 'call':
    case 'and':
    case 'or':
    case 'coalesce':
    case 'greatest':
    case 'least':
      return expr.args;
    case 'not':
    case 'isNull':
    case 'booleanTest':
    case 'field':
      return [expr.arg];
    case 'distinct':
    case 'nullIf':
      return [expr.left, expr.right];
    case 'case':
      return caseChildren(expr);
    case 'quantified':
      return [expr.left, ...(expr.list ?? []), ...(expr.array === null ? [] : [expr.array])];
    case 'array':
      return expr.elements;
    case 'row':
      return expr.fields;
    case 'rowCompare':
      return [...expr.left, ...expr.right];
    case 'subscript':
      return [expr.arg, ...expr.subscripts.flatMap((s) => [s.lower, s.upper].filter((e) => e !== null))];
    case 'subquery':
      return [...expr.left, ...expr.outer];
    default:
      return unreachable(expr, 'childrenOf');
  }
}

function caseChildren(expr: Extract<Expr, { kind: 'case' }>): readonly Expr[] {
  const out: Expr[] = [];
  if (expr.operand !== null) out.push(expr.operand);
  for (const branch of expr.branches) out.push(branch.when, branch.then);
  if (expr.otherwise !== null) out.push(expr.otherwise);
  return out;
}

type Mapper = (expr: Expr) => Expr;

/** Maps a list, keeping the same list when no element changed. */
export function mapList<T>(list: readonly T[], map: (item: T) => T): readonly T[] {
  let changed: T[] | null = null;
  for (let i = 0; i < list.length; i++) {
    const item = list[i] as T;
    const mapped = map(item);
    if (changed !== null) changed.push(mapped);
    else if (mapped !== item) {
      changed = list.slice(0, i);
      changed.push(mapped);
    }
  }
  return changed ?? list;
}

const mapMaybe = (expr: Expr | null, map: Mapper): Expr | null => (expr === null ? null : map(expr));

/** The expression with every direct child replaced by `map(child)`. */
export function mapChildren(expr: Expr, map: Mapper): Expr {
  switch (expr.kind) {
    case 'const':
    case 'column':
    case 'slot':
    case 'param':
    case 'outer':
    case 'caseTest':
    case 'context':
      return expr;
    case 'call':
    case 'and':
    case 'or':
    case 'coalesce':
    case 'greatest':
    case 'least': {
      const args = mapList(expr.args, map);
      return args === expr.args ? expr : { ...expr, args };
    }
    case 'not':
    case 'isNull':
    case 'booleanTest':
    case 'field': {
      const arg = map(expr.arg);
      return arg === expr.arg ? expr : { ...expr, arg };
    }
    case 'distinct':
    case 'nullIf': {
      const left = map(expr.left);
      const right = map(expr.right);
      return left === expr.left && right === expr.right ? expr : { ...expr, left, right };
    }
    case 'array': {
      const elements = mapList(expr.elements, map);
      return elements === expr.elements ? expr : { ...expr, elements };
    }
    case 'row': {
      const fields = mapList(expr.fields, map);
      return fields === expr.fields ? expr : { ...expr, fields };
    }
    default:
      return mapRareChildren(expr, map);
  }
}

function mapRareChildren(
  expr: Extract<Expr, { kind: 'case' | 'quantified' | 'rowCompare' | 'subscript' | 'subquery' }>,
  map: Mapper,
): Expr {
  switch (expr.kind) {
    case 'case': {
      const operand = mapMaybe(expr.operand, map);
      const branches = mapList(expr.branches, (branch) => {
        const when = map(branch.when);
        const then = map(branch.then);
        return when === branch.when && then === branch.then ? branch : { when, then };
      });
      const otherwise = mapMaybe(expr.otherwise, map);
      const same = operand === expr.operand && branches === expr.branches && otherwise === expr.otherwise;
      return same ? expr : { ...expr, operand, branches, otherwise };
    }
    case 'quantified': {
      const left = map(expr.left);
      const list = expr.list === null ? null : mapList(expr.list, map);
      const array = mapMaybe(expr.array, map);
      const same = left === expr.left && list === expr.list && array === expr.array;
      return same ? expr : { ...expr, left, list, array };
    }
    case 'rowCompare': {
      const left = mapList(expr.left, map);
      const right = mapList(expr.right, map);
      return left === expr.left && right === expr.right ? expr : { ...expr, left, right };
    }
    case 'subscript': {
      const arg = map(expr.arg);
      const subscripts = mapList(expr.subscripts, (s) => {
        const lower = mapMaybe(s.lower, map);
        const upper = mapMaybe(s.upper, map);
        return lower === s.lower && upper === s.upper ? s : { ...s, lower, upper };
      });
      return arg === expr.arg && subscripts === expr.subscripts ? expr : { ...expr, arg, subscripts };
    }
    case 'subquery': {
      const left = mapList(expr.left, map);
      const outer = mapList(expr.outer, map);
      return left === expr.left && outer === expr.outer ? expr : { ...expr, left, outer };
    }
    default:
      return unreachable(expr, 'mapRareChildren');
  }
}

/** Bottom-up rebuild: children first, then the node itself. */
export function mapExpr(expr: Expr, map: Mapper): Expr {
  return map(mapChildren(expr, (child) => mapExpr(child, map)));
}

/** Visits the expression and all below it, parents first. `visit` returns false to leave a branch out. */
export function forEachExpr(expr: Expr, visit: (expr: Expr) => unknown): void {
  if (visit(expr) === false) return;
  for (const child of childrenOf(expr)) forEachExpr(child, visit);
}

/** Whether any node of the expression (subqueries as leaves) satisfies `test`. */
export function someExpr(expr: Expr, test: (expr: Expr) => boolean): boolean {
  if (test(expr)) return true;
  for (const child of childrenOf(expr)) if (someExpr(child, test)) return true;
  return false;
}

/** Sort keys with their expressions mapped. */
export function mapSortKeys(keys: readonly SortKey[], map: Mapper): readonly SortKey[] {
  return mapList(keys, (key) => {
    const expr = map(key.expr);
    return expr === key.expr ? key : { ...key, expr };
  });
}

/** All subqueries of the expression, outermost only. */
export function subqueriesOf(expr: Expr): SubqueryExpr[] {
  const found: SubqueryExpr[] = [];
  forEachExpr(expr, (e) => {
    if (e.kind === 'subquery') found.push(e);
  });
  return found;
}

/** A reference to a column with the type of `like`. */
export function columnRef(id: ColumnId, like: { type: Expr['type']; typmod: number }): ColumnExpr {
  return { kind: 'column', id, type: like.type, typmod: like.typmod, location: -1 };
}
