/** The expressions of a physical node that may hold subqueries. */
import type { Expr } from '../../exec/expr.ts';
import type { PhysicalNode, Subplan } from '../../exec/physical.ts';
import { childrenOf } from '../expr-walk.ts';

export function nodeExprs(node: PhysicalNode): readonly Expr[] {
  const maybe = (expr: Expr | null): readonly Expr[] => (expr === null ? [] : [expr]);
  switch (node.kind) {
    case 'scan':
      return [...maybe(node.filter), ...(node.ranges ?? []).flatMap(rangeExprs)];
    case 'values':
      return node.rows.flat();
    case 'tableFunction':
      return node.functions.flatMap((f) => f.args);
    case 'filter':
      return [node.predicate];
    case 'project':
      return node.exprs;
    case 'projectSet':
      return node.exprs.flatMap((e) => (e.set ? e.args : [e.expr]));
    case 'hashJoin':
    case 'mergeJoin':
      return [...node.leftKeys, ...node.rightKeys, ...maybe(node.residual)];
    case 'nestedLoop':
      return maybe(node.condition);
    case 'apply':
      return [...node.outer, ...maybe(node.condition)];
    case 'indexJoin':
      return [...node.keys, ...maybe(node.residual)];
    case 'aggregate':
      return [...node.groups, ...node.aggregates.flatMap((a) => [...a.args, ...maybe(a.filter)])];
    case 'window':
      return [
        ...node.partitionBy,
        ...node.orderBy.map((k) => k.expr),
        ...node.calls.flatMap((c) => [...c.args, ...maybe(c.filter)]),
      ];
    case 'sort':
      return node.keys.map((k) => k.expr);
    case 'topN':
      return [...node.keys.map((k) => k.expr), node.count, ...maybe(node.offset)];
    case 'limit':
      return [...maybe(node.count), ...maybe(node.offset)];
    case 'distinct':
      return node.on ?? [];
    case 'insert':
      return [
        ...node.values.flatMap(maybe),
        ...(node.onConflict?.set.map((a) => a.expr) ?? []),
        ...maybe(node.onConflict?.where ?? null),
        ...(node.returning ?? []),
      ];
    case 'update':
      return [...node.set.map((a) => a.expr), ...(node.returning ?? [])];
    case 'delete':
      return node.returning ?? [];
    case 'merge':
      return [
        ...node.actions.flatMap((a) => [
          ...maybe(a.condition),
          ...a.set.map((s) => s.expr),
          ...a.values.flatMap(maybe),
        ]),
        ...(node.returning ?? []),
      ];
    default:
      return [];
  }
}

type Range = NonNullable<Extract<PhysicalNode, { kind: 'scan' }>['ranges']>[number];

function rangeExprs(range: Range): Expr[] {
  const out: Expr[] = [];
  for (const part of range.prefix) {
    if (part.kind === 'equal') out.push(part.expr);
    else if (part.kind === 'in') out.push(...part.list);
    else if (part.kind === 'inArray') out.push(part.array);
  }
  out.push(...(range.range?.lower?.exprs ?? []), ...(range.range?.upper?.exprs ?? []));
  return out;
}

/** The subqueries in a node's expressions, with the values they take from its rows. */
export function subplansOf(
  node: PhysicalNode,
): readonly { readonly plan: Subplan; readonly values: readonly Expr[] }[] {
  const found: { plan: Subplan; values: readonly Expr[] }[] = [];
  const visit = (expr: Expr): void => {
    if (expr.kind === 'subquery') found.push({ plan: expr.plan as Subplan, values: expr.outer });
    for (const child of childrenOf(expr)) visit(child);
  };
  for (const expr of nodeExprs(node)) visit(expr);
  return found;
}
