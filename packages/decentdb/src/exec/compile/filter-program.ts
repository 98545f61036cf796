/**
 * Filters: a predicate over a batch to a selection.
 *
 * I1  Conjuncts are tried in order and the first that is not true ends the row, as PostgreSQL's qualification lists do.
 * I2  But comparisons of numbers that stand side by side are all made and their bits combined: they cannot fail, and a branch
 *     the processor guesses wrong costs more than all of them.
 */
import type { Batch } from '../batch.ts';
import type { ExecContext } from '../context.ts';
import type { Expr } from '../expr.ts';
import { type Evaluator, evaluatorOf } from '../interpret/evaluator.ts';
import { generateShared } from './codegen.ts';
import { emitExpr } from './emit-expr.ts';
import { type Code, Emitter, type ShapeInfo, truth } from './emitter.ts';
import { Program } from './program.ts';
import { kindsOf } from './shape.ts';

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

  /** The rows of `batch` that pass, their positions in `room` where that is large enough; null when none does. */
  run(batch: Batch, context: ExecContext, room: Int32Array | null = null): Batch | null {
    const { count } = batch;
    if (count === 0) return null;
    const out = room !== null && room.length >= count ? room : new Int32Array(count);
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
    /** I2: tests that wait to be asked together. */
    let pending: string[] = [];
    conjuncts.forEach((conjunct, i) => {
      const isLast = i === conjuncts.length - 1;
      const { bit, isPlain } = emitBit(e, conjunct, pending);
      if (!isPlain) pending = [];
      pending.push(bit);
      if (isLast) e.emit(`O[w]=r;w=(w+(${pending.join('&')}))|0;`);
      else if (!isPlain) {
        e.emit(`if(!${bit})continue;`);
        pending = [];
      }
    });
    const loop = e.take();
    const body =
      `${this.bindingSource()}${e.prologue.join('')}let w=0;` +
      `if(S===null){for(let r=0;r<n;r++){${loop}}}` +
      `else{for(let i=0;i<n;i++){const r=S[i];${loop}}}return w;`;
    return generateShared<FilterFunction>(
      ['D', 'M', 'S', 'n', 'O', 'X', 'B'],
      body,
      e.constants,
      kindsOf(shape),
    );
  }
}

/**
 * A conjunct as a truth value. A plain one, a comparison of numbers, may be asked together with others; before one that is not,
 * those that wait are asked.
 */
function emitBit(e: Emitter, conjunct: Expr, pending: readonly string[]): { bit: string; isPlain: boolean } {
  if (isComparison(conjunct)) {
    const { result, statements } = e.capture(() => emitExpr(e, conjunct));
    const isPlain = result.rep === 'bool' && !/[kX]\d*[(.]|return/.test(statements + result.value);
    if (!isPlain && pending.length > 0) e.emit(`if(!(${pending.join('&')}))continue;`);
    e.emit(statements);
    return { bit: isPlain ? bitOf(result) : truth(result), isPlain };
  }
  if (pending.length > 0) e.emit(`if(!(${pending.join('&')}))continue;`);
  return { bit: truth(emitExpr(e, conjunct)), isPlain: false };
}

/** As `truth` of a bool, without a branch. */
function bitOf(of: Code): string {
  if (of.isNull === 'true') return 'false';
  return of.isNull === 'false' ? `(${of.value})` : `((!${of.isNull})&(${of.value}))`;
}

function isComparison(expr: Expr): boolean {
  if (expr.kind !== 'call' || expr.fn.operator?.btree === undefined) return false;
  return expr.args.every(
    (arg) => isLeaf(arg) || (arg.kind === 'call' && arg.args.length === 1 && isLeaf(arg.args[0]!)),
  );
}

function isLeaf(expr: Expr): boolean {
  return expr.kind === 'slot' || expr.kind === 'const' || expr.kind === 'param' || expr.kind === 'outer';
}
