/**
 * Scans whose rows are worked on by the batch hand several leaves on as one batch.
 *
 * A leaf holds a hundred rows or so; what a batch costs joins and groupings beside its rows is then as much as the rows
 * themselves. Gathering pays where columns are computed with, not where rows go straight out.
 */
import type { PhysicalNode, ScanNode } from '../../exec/physical.ts';
import { Physical } from '../../types/vector.ts';
import { Cost } from '../cost.ts';
import type { EmitContext } from './context.ts';

/** Rows below which there are few batches anyway. */
const ROWS_LEAST = 1000;
/** Rows that pass are few when reading them alone would cost less than this part of the scan. */
const SHARE_MOST = 0.3;
/** Columns for each that is no number, and one more. Measured: with two texts of seven columns gathering gains 8%, with one of three it loses as much. */
const COLUMNS_LEAST = 3;

/** The input of an operator that works on batches, its scan gathering leaves. */
export function inChunks(context: EmitContext, plan: PhysicalNode): PhysicalNode {
  return context.env.isRuleOn('scan_chunks') ? chunked(plan) : plan;
}

function chunked(plan: PhysicalNode): PhysicalNode {
  switch (plan.kind) {
    case 'scan':
      return isWorthGathering(plan) ? { ...plan, isChunked: true } : plan;
    case 'filter':
    case 'project':
      return { ...plan, input: chunked(plan.input) };
    default:
      return plan;
  }
}

/** Numbers move at little cost, other values at some: those where few rows pass the filter, or with many numbers. */
function isWorthGathering(scan: ScanNode): boolean {
  if ((scan.path !== 'table' && scan.path !== 'indexOnly') || scan.sample !== null) return false;
  const estimate = scan.estimate;
  if (estimate === undefined || estimate.totalCost < ROWS_LEAST * Cost.scanRow) return false;
  if (scan.filter !== null && estimate.rows * Cost.scanRow < estimate.totalCost * SHARE_MOST) return true;
  const others = scan.slots.filter((slot) => !isNumber(slot.type.physical)).length;
  return others * COLUMNS_LEAST < scan.slots.length;
}

function isNumber(physical: Physical): boolean {
  return (
    physical === Physical.bool ||
    physical === Physical.int32 ||
    physical === Physical.int64 ||
    physical === Physical.float64 ||
    physical === Physical.numeric
  );
}
