/**
 * Search join: for each left row, a search of the right table for what the left row says.
 *
 *     SELECT ... FROM wish JOIN document ON document.words @@ wish.query
 *
 * I1  The right side is a scan with filters and nothing else, and the condition has no equality that a hash join could use.
 * I2  The condition becomes a filter of the right side, which is run with the left row's values as a lateral subquery is: the answer is
 *     that of pairing all rows, whether the right side then searches an index or not.
 */
import type { Expr } from '../../exec/expr.ts';
import type { TrigramCondition } from '../../exec/physical.ts';
import { Cost, estimates, fetchCost } from '../cost.ts';
import type { JoinNode } from '../logical.ts';
import { type EmitContext, estimateOf } from './context.ts';
import type { Emitted } from './frame.ts';
import { scanBelow } from './index-join.ts';
import type { JoinOption } from './join.ts';
import { searchedBy } from './scan.ts';
import { isDear, isDecided } from './trigram-condition.ts';

/** Joins whose right side may be filtered by the condition instead. */
const SEARCHING: ReadonlySet<string> = new Set(['inner', 'left', 'semi', 'anti']);
/** What a search costs besides its rows, in ways down a tree. */
const DESCENTS = 4;

/** `apply` makes the join of a node whose right side uses columns of its left. */
export function searchJoinOption(
  context: EmitContext,
  node: JoinNode,
  left: Emitted,
  right: Emitted,
  rows: number,
  apply: (node: JoinNode) => Emitted,
): JoinOption | null {
  if (node.condition === null || !context.env.isRuleOn('search_join')) return null;
  if (!SEARCHING.has(node.join)) return null;
  const byRight = searchOf(context, node, node.condition);
  const oriented = byRight === null && node.join === 'inner' ? swappedSides(node) : node;
  const search = byRight ?? searchOf(context, oriented, node.condition);
  if (search === null) return null;
  const outer = byRight === null ? right : left;
  const { rows: outerRows, startupCost, totalCost } = estimateOf(outer.plan);
  // Rows that the index decides are not tested, and testing others where that is dear costs more than fetching them.
  const perMatch = isDecided(search) || isDear(search) ? Cost.indexRow : fetchCost(0) + Cost.filterRow;
  const searches = outerRows * Cost.descent * DESCENTS + rows * perMatch;
  const { columns } = oriented.right;
  const searched: JoinNode = {
    ...oriented,
    right: { kind: 'filter', columns, input: oriented.right, predicate: node.condition },
    condition: null,
  };
  return {
    estimate: estimates(Math.round(rows), startupCost, totalCost + searches + rows * Cost.outputRow),
    order: outer.order,
    make: () => apply(searched),
  };
}

/** What indexes of the right side's table say of the condition. */
function searchOf(context: EmitContext, node: JoinNode, condition: Expr): TrigramCondition | null {
  const target = scanBelow(node.right);
  return target === null ? null : searchedBy(context, target.scan, condition);
}

function swappedSides(node: JoinNode): JoinNode {
  return {
    ...node,
    left: node.right,
    right: node.left,
    columns: [...node.right.columns, ...node.left.columns],
  };
}
