/**
 * Filters: a predicate over a batch to a selection.
 *
 * I1  Conjuncts are tried in order and the first that is not true ends the row, as PostgreSQL's qualification lists do.
 */
import type { Batch } from '../batch.ts';
import type { ExecContext } from '../context.ts';
import type { Expr } from '../expr.ts';
import { type Evaluator, evaluatorOf } from '../interpret/evaluator.ts';
import { generate } from './codegen.ts';
import { emitExpr } from './emit-expr.ts';
import { Emitter, type ShapeInfo, truth } from './emitter.ts';
import { Program } from './program.ts';

/** Writes the positions that pass to `out` and returns how many; -1: see Program. */
type FilterFunction = (
  D: unknown[],
  M: unknown[],
  S: Int32Array | null,
  n: number,
  out: Int32Array,
  X: ExecContext,
  B: Batch,
) => number;

export class FilterProgram extends Program<FilterFunction> {
  private readonly conjuncts: readonly Expr[];
  private readonly evaluators: readonly Evaluator[];

  constructor(predicate: Expr) {
    const conjuncts = predicate.kind === 'and' ? predicate.args : [predicate];
    super(conjuncts);
    this.conjuncts = conjuncts;
    this.evaluators = conjuncts.map(evaluatorOf);
  }

  /** The rows of `batch` that pass; null when none does. */
  run(batch: Batch, context: ExecContext): Batch | null {
    const { count } = batch;
    if (count === 0) return null;
    const out = new Int32Array(count);
    const kept = this.isCold(batch, context)
      ? this.interpret(batch, context, out)
      : this.compiled(batch, context, out);
    return kept === count ? batch : kept === 0 ? null : batch.select(out, kept);
  }

  private compiled(batch: Batch, context: ExecContext, out: Int32Array): number {
    const variant = this.variantFor(batch, context);
    const { data, masks } = this.bind(batch);
    const { selection, count } = batch;
    const kept = this.first(variant, batch, context)(data, masks, selection, count, out, context, batch);
    if (kept >= 0) return kept;
    variant.lost++;
    return this.exact(variant, batch, context)(data, masks, selection, count, out, context, batch);
  }

  private interpret(batch: Batch, context: ExecContext, out: Int32Array): number {
    const { evaluators } = this;
    const { selection, count } = batch;
    let kept = 0;
    rows: for (let i = 0; i < count; i++) {
      const at = selection === null ? i : selection[i]!;
      for (let k = 0; k < evaluators.length; k++) {
        if (evaluators[k]!(batch, at, context) !== true) continue rows;
      }
      out[kept++] = at;
    }
    return kept;
  }

  protected override build(shape: ShapeInfo): FilterFunction {
    const e = new Emitter(shape);
    const { conjuncts } = this;
    for (let i = 0; i < conjuncts.length - 1; i++)
      e.emit(`if(!${truth(emitExpr(e, conjuncts[i]!))})continue;`);
    const last = truth(emitExpr(e, conjuncts[conjuncts.length - 1]!));
    e.emit(`O[w]=r;w+=${last}?1:0;`);
    const loop = e.take();
    const body =
      `${this.bindingSource()}${e.prologue.join('')}let w=0;` +
      `if(S===null){for(let r=0;r<n;r++){${loop}}}` +
      `else{for(let i=0;i<n;i++){const r=S[i];${loop}}}return w;`;
    return generate<FilterFunction>(['D', 'M', 'S', 'n', 'O', 'X', 'B'], body, e.constants);
  }
}
