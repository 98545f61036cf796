/**
 * One row of datums that expressions can read as if it were a batch of one: what the single-row paths evaluate on.
 */

import type { EvalContext } from '../../functions/function.ts';
import { datumList } from '../../types/datum-list.ts';
import { type Datum, Physical, type Vector } from '../../types/vector.ts';
import { Batch } from '../batch.ts';
import type { CteState, ExecContext, StatementContext } from '../context.ts';
import type { Evaluator } from '../interpret/evaluator.ts';
import type { PointServices } from '../services.ts';

export class DatumRow {
  readonly batch: Batch;
  private readonly cells: Datum[][];

  constructor(width: number) {
    this.cells = Array.from({ length: width }, () => datumList(1));
    // An object vector hands out whatever stands in its array, NULL included.
    const vectors = this.cells.map(
      (cell): Vector => ({
        physical: Physical.object,
        values: cell as object[],
        nulls: null,
      }),
    );
    this.batch = Batch.of(vectors, 1);
  }

  set(slot: number, value: Datum): void {
    this.cells[slot]![0] = value;
  }

  get(slot: number): Datum {
    return this.cells[slot]![0]!;
  }

  /** For messages: made only when something is wrong, so that rows that are right allocate nothing. */
  reader(): (slot: number) => Datum {
    return (slot) => this.get(slot);
  }

  evaluate(evaluator: Evaluator, context: PointContext): Datum {
    return evaluator(this.batch, 0, context);
  }
}

/** An ExecContext for expressions without subqueries, reused from call to call. */
export class PointContext implements ExecContext {
  params: readonly Datum[] = [];
  outer: readonly Datum[] = [];
  eval: EvalContext;
  /** Of the statement that runs; null for reads. */
  services: PointServices | null = null;
  readonly ctes: Map<number, CteState> = new Map();
  readonly subplans = null;
  readonly mergeAction = null;

  constructor(evalContext: EvalContext) {
    this.eval = evalContext;
  }

  /** Point paths run no operators. */
  get statement(): StatementContext {
    throw new TypeError('a single-row statement has no statement context');
  }
}
