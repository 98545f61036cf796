/**
 * What equalities imply: from `a = b` and `a = 5` follows `b = 5`, from `a = b` and `a < 5` follows `b < 5`.
 *
 * I1  Only between columns of exactly the same type, and only comparisons with row-independent operands.
 * I2  Derived predicates are consequences: they may be dropped or kept without changing any answer.
 */
import type { ColumnExpr, ColumnId, Expr } from '../../exec/expr.ts';
import { columnRef } from '../expr-walk.ts';
import { fingerprint, isRowIndependent, substitute } from '../predicates.ts';

/** Predicates on single columns that follow from the list and are not in it. */
export function transitiveConjuncts(conjuncts: readonly Expr[]): readonly Expr[] {
  const equal = new Map<ColumnId, { readonly left: ColumnExpr; readonly right: ColumnExpr }[]>();
  for (const c of conjuncts) {
    if (c.kind !== 'call' || c.fn.operator?.btree !== '=') continue;
    const [left, right] = c.args;
    if (left?.kind !== 'column' || right?.kind !== 'column' || left.type !== right.type) continue;
    push(equal, left.id, { left, right });
    push(equal, right.id, { left: right, right: left });
  }
  if (equal.size === 0) return [];
  let known: Set<string> | null = null;
  const derived: Expr[] = [];
  for (const c of conjuncts) {
    const column = singleColumn(c);
    if (column === null) continue;
    for (const other of closure(equal, column.id)) {
      if (other.id === column.id) continue;
      const copy = substitute(c, new Map([[column.id, columnRef(other.id, other)]]));
      const print = fingerprint(copy);
      // Most conditions derive nothing: what is there already is looked at when something is.
      known ??= new Set(conjuncts.map(fingerprint));
      if (known.has(print)) continue;
      known.add(print);
      derived.push(copy);
    }
  }
  return derived;
}

function push<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

/** All columns equal to `start`. */
function closure(
  equal: ReadonlyMap<ColumnId, readonly { readonly right: ColumnExpr }[]>,
  start: ColumnId,
): readonly ColumnExpr[] {
  const seen = new Set<ColumnId>([start]);
  const found: ColumnExpr[] = [];
  const queue = [start];
  for (let id = queue.pop(); id !== undefined; id = queue.pop()) {
    for (const { right } of equal.get(id) ?? []) {
      if (seen.has(right.id)) continue;
      seen.add(right.id);
      found.push(right);
      queue.push(right.id);
    }
  }
  return found;
}

/** The column of a comparison or IN list with row-independent operands; null for other predicates. */
function singleColumn(c: Expr): ColumnExpr | null {
  if (c.kind === 'call' && c.fn.operator?.btree !== undefined && c.args.length === 2) {
    const [a, b] = c.args as readonly [Expr, Expr];
    if (a.kind === 'column' && isRowIndependent(b)) return a;
    return b.kind === 'column' && isRowIndependent(a) ? b : null;
  }
  if (c.kind !== 'quantified' || c.left.kind !== 'column' || c.quantifier !== 'any') return null;
  if (c.op.operator?.btree !== '=') return null;
  const operands = [...(c.list ?? []), ...(c.array === null ? [] : [c.array])];
  return operands.every(isRowIndependent) ? c.left : null;
}
