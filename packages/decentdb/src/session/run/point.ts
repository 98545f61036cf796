/**
 * Statements of one row or few on their short paths (exec/point/), for whatever plan is eligible.
 *
 * I1  Same effects and errors as the plan run by operators; everything is checked before the first write, so no savepoint
 *     is needed.
 * I2  Nothing else looks at the pages of the transaction while such a change is made, which is said to the view: leaves may then move
 *     their columns instead of copying them. Should a function of the user's look, its plan counts (exec/execute.ts).
 */

import type { PhysicalPlan } from '../../exec/physical.ts';
import type { TargetOf } from '../../exec/point/dependent-rows.ts';
import { pointDeleteOf, pointUpdateOf } from '../../exec/point/point-change.ts';
import { pointInsertOf } from '../../exec/point/point-insert.ts';
import type { PointServices } from '../../exec/services.ts';
import type { EvalContext } from '../../functions/function.ts';
import type { WriteView } from '../../txn/page-view.ts';
import type { Datum } from '../../types/vector.ts';

/** Changes few rows; returns how many, or -1, with nothing changed, when they are too many for it. */
export interface PointWrite {
  /** Whether it may leave something to be checked at the end of the transaction. */
  readonly mayWait: boolean;
  /** RETURNING's rows of the last run; null without the clause. */
  readonly returning: { readonly rows: readonly (readonly Datum[])[] } | null;
  run(view: WriteView, params: readonly Datum[], services: PointServices): number;
}

/** I2. */
class AloneWrite implements PointWrite {
  private readonly write: PointWrite;

  constructor(write: PointWrite) {
    this.write = write;
  }

  get mayWait(): boolean {
    return this.write.mayWait;
  }

  get returning(): PointWrite['returning'] {
    return this.write.returning;
  }

  run(view: WriteView, params: readonly Datum[], services: PointServices): number {
    view.takes = true;
    try {
      return this.write.run(view, params, services);
    } finally {
      view.takes = false;
    }
  }
}

/** The short path of a plan that writes one row or few; null when it has none. */
export function pointWriteOf(
  plan: PhysicalPlan,
  targetOf: TargetOf,
  evalContext: EvalContext,
): PointWrite | null {
  const write = shortPathOf(plan, targetOf, evalContext);
  return write === null ? null : new AloneWrite(write);
}

function shortPathOf(plan: PhysicalPlan, targetOf: TargetOf, evalContext: EvalContext): PointWrite | null {
  switch (plan.root.kind) {
    case 'insert':
      return pointInsertOf(plan, evalContext);
    case 'update':
      return pointUpdateOf(plan, evalContext);
    case 'delete':
      return pointDeleteOf(plan, targetOf, evalContext);
    default:
      return null;
  }
}
