/**
 * Hash joins that may leave columns of the rows they keep where those were found (exec/join/late-rows.ts).
 *
 * I1  Everything below the side kept stays open, and what it holds stays as it is, until the join is closed: an operator that closes or
 *     reopens one of its inputs earlier (a union, a limit, a nested loop) is not among those named here.
 */
import type { PhysicalNode } from '../../exec/physical.ts';
import type { EmitContext } from './context.ts';

/** Whether a join that keeps the rows of `built` may fetch their columns later. */
export function fetchesLate(context: EmitContext, built: PhysicalNode): boolean {
  return context.env.isRuleOn('late_join_columns') && isOneOfLookUps(built);
}

/** Rows that were looked up lie far apart; those of scans are read leaf by leaf, and copied while they are at hand. */
function isOneOfLookUps(plan: PhysicalNode): boolean {
  return isStill(plan) && hasLookUp(plan);
}

function isStill(plan: PhysicalNode): boolean {
  switch (plan.kind) {
    case 'scan':
      return true;
    case 'filter':
      return isStill(plan.input);
    case 'indexJoin':
      return isStill(plan.left);
    case 'hashJoin':
      return isStill(plan.left) && isStill(plan.right);
    default:
      return false;
  }
}

function hasLookUp(plan: PhysicalNode): boolean {
  switch (plan.kind) {
    case 'filter':
      return hasLookUp(plan.input);
    case 'indexJoin':
      return true;
    case 'hashJoin':
      return hasLookUp(plan.left) || hasLookUp(plan.right);
    default:
      return false;
  }
}
