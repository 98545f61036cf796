/**
 * LIMIT moves below projections (so that it meets the sort and only surviving rows are computed) and, as an upper bound,
 * into the branches of UNION ALL and the preserved side of an outer join.
 *
 * I1  A pushed copy keeps count + offset rows; the limit above stays.
 */
import type { Expr } from '../../exec/expr.ts';
import { constantNumber } from '../cardinality.ts';
import { mapSortKeys } from '../expr-walk.ts';
import type { LimitNode, LogicalNode } from '../logical.ts';
import { mapTree, withInputs } from '../node-walk.ts';
import { isVolatile, substitute } from '../predicates.ts';
import type { Rule } from './rule.ts';

export const limitPushdown: Rule = {
  name: 'limit_pushdown',
  description: 'stop early below projections, UNION ALL and outer joins',
  needs: ['limit'],
  apply: (root) => mapTree(root, (node) => (node.kind === 'limit' ? push(node) : node)),
};

function push(node: LimitNode): LogicalNode {
  const { input } = node;
  if (input.kind === 'project') {
    const by = new Map(input.columns.map((c, i) => [c.id, input.exprs[i] as Expr] as const));
    const ties = node.ties === null ? null : mapSortKeys(node.ties, (e) => substitute(e, by));
    const limited: LimitNode = { ...node, ties, input: input.input, columns: input.input.columns };
    // Rows that OFFSET leaves out are computed where that does something.
    if (node.offset !== null && input.exprs.some(isVolatile)) {
      const bound = limitBound(limited);
      return bound === null ? node : withInputs(node, [withInputs(input, [bounded(input.input, bound)])]);
    }
    return withInputs(input, [push(limited)]);
  }
  const bound = limitBound(node);
  if (bound === null) return node;
  if (input.kind === 'setOp' && input.op === 'union' && input.all)
    return withInputs(node, [
      withInputs(
        input,
        input.inputs.map((i) => bounded(i, bound)),
      ),
    ]);
  if (input.kind === 'join' && input.join === 'left' && !input.lateral)
    return withInputs(node, [withInputs(input, [bounded(input.left, bound), input.right])]);
  return node;
}

/** count + offset as a constant expression; null when not known at planning. */
export function limitBound(node: LimitNode): Expr | null {
  if (node.count?.kind !== 'const' || node.ties !== null) return null;
  const count = constantNumber(node.count);
  const offset = node.offset === null ? 0 : constantNumber(node.offset);
  if (
    count === null ||
    offset === null ||
    count < 0 ||
    offset < 0 ||
    count + offset > Number.MAX_SAFE_INTEGER
  )
    return null;
  return { ...node.count, value: count + offset };
}

function bounded(node: LogicalNode, count: Expr): LogicalNode {
  if (node.kind === 'limit') return node;
  return { kind: 'limit', input: node, count, offset: null, ties: null, columns: node.columns };
}
