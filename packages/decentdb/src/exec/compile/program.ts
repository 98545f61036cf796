/**
 * Running expressions over batches: interpreted for the first rows, compiled once it pays.
 *
 * A program holds the expressions of one plan node and the functions generated for the shapes met so far. It is shared by
 * all executions of the plan.
 *
 * I1  Interpreter, fast mode and exact mode give the same answers and the same errors.
 * I2  A fast function that returns -1 has had no effect: the same rows are run again in exact mode.
 */
import type { Datum, Vector } from '../../types/vector.ts';
import type { Batch } from '../batch.ts';
import type { ExecContext } from '../context.ts';
import type { Expr } from '../expr.ts';
import { dataOf } from '../vectors.ts';
import { canGenerate } from './codegen.ts';
import type { ShapeInfo } from './emitter.ts';
import {
  type Inputs,
  inputsOfExprs,
  type Layout,
  layoutCode,
  layoutOf,
  paramCode,
  paramLayout,
  visitExpr,
} from './shape.ts';

/** Rows interpreted before code is generated: generating and warming up costs about as much as interpreting these. */
const INTERPRETED_ROWS = 400;
/** Lost bets (fast mode returning -1) after which a shape stays in exact mode. */
const DEOPTIMISATIONS_MAX = 4;

export interface Variant<F> {
  readonly codes: readonly number[];
  fast: F | null;
  exact: F | null;
  lost: number;
}

/** Arrays handed to generated code: data and NULL masks of the slots used, in order. */
export interface Bindings {
  readonly data: unknown[];
  readonly masks: unknown[];
}

export abstract class Program<F> {
  readonly exprs: readonly Expr[];
  protected readonly inputs: Inputs;
  /** Evaluating it may do something besides. */
  readonly isVolatile: boolean;
  private readonly variants: Variant<F>[] = [];
  private last: Variant<F> | null = null;
  private rows = 0;

  constructor(exprs: readonly Expr[]) {
    this.exprs = exprs;
    this.inputs = inputsOfExprs(exprs);
    let isVolatile = false;
    for (const expr of exprs) {
      visitExpr(expr, (node) => {
        if (node.kind === 'subquery' || (node.kind === 'call' && node.fn.volatility === 'volatile'))
          isVolatile = true;
      });
    }
    this.isVolatile = isVolatile;
  }

  /** Source to function for one shape. */
  protected abstract build(shape: ShapeInfo): F;

  /** Whether to interpret this batch; counts its rows. */
  protected isCold(batch: Batch, context: ExecContext): boolean {
    if (this.rows <= INTERPRETED_ROWS) {
      this.rows += batch.count;
      if (this.rows <= INTERPRETED_ROWS) return true;
    }
    return !context.statement.allowCodegen || !canGenerate();
  }

  protected bind(batch: Batch): Bindings {
    const { slots } = this.inputs;
    const data: unknown[] = [];
    const masks: unknown[] = [];
    for (let i = 0; i < slots.length; i++) {
      const vector = batch.column(slots[i]!);
      data.push(dataOf(vector));
      masks.push(vector.nulls);
    }
    return { data, masks };
  }

  protected variantFor(batch: Batch, context: ExecContext): Variant<F> {
    const { last } = this;
    if (last !== null && this.matches(last.codes, batch, context)) return last;
    let variant = this.variants.find((one) => this.matches(one.codes, batch, context));
    if (variant === undefined) {
      variant = {
        codes: this.codesOf(batch, context),
        fast: null,
        exact: null,
        lost: this.isVolatile ? 99 : 0,
      };
      this.variants.push(variant);
    }
    this.last = variant;
    return variant;
  }

  /** The function to try first; see I2. */
  protected first(variant: Variant<F>, batch: Batch, context: ExecContext): F {
    if (variant.lost > DEOPTIMISATIONS_MAX) return this.exact(variant, batch, context);
    variant.fast ??= this.build(this.shapeOf(batch, context, true));
    return variant.fast;
  }

  /** The function that cannot lose a bet. */
  protected exact(variant: Variant<F>, batch: Batch, context: ExecContext): F {
    variant.exact ??= this.build(this.shapeOf(batch, context, false));
    return variant.exact;
  }

  private matches(codes: readonly number[], batch: Batch, context: ExecContext): boolean {
    const { slots, params, outers } = this.inputs;
    let at = 0;
    for (let i = 0; i < slots.length; i++)
      if (layoutCode(batch.column(slots[i]!)) !== codes[at++]) return false;
    for (let i = 0; i < params.length; i++) {
      const { index, physical } = params[i]!;
      if (paramCode(context.params[index] ?? null, physical) !== codes[at++]) return false;
    }
    for (let i = 0; i < outers.length; i++) {
      const { index, physical } = outers[i]!;
      if (paramCode(context.outer[index] ?? null, physical) !== codes[at++]) return false;
    }
    return true;
  }

  private codesOf(batch: Batch, context: ExecContext): number[] {
    const { slots, params, outers } = this.inputs;
    return [
      ...slots.map((slot) => layoutCode(batch.column(slot))),
      ...params.map(({ index, physical }) => paramCode(context.params[index] ?? null, physical)),
      ...outers.map(({ index, physical }) => paramCode(context.outer[index] ?? null, physical)),
    ];
  }

  private shapeOf(batch: Batch, context: ExecContext, isFast: boolean): ShapeInfo {
    const columns = new Map<number, Layout>();
    for (const slot of this.inputs.slots) columns.set(slot, layoutOf(batch.column(slot) as Vector));
    const value = (values: readonly Datum[]) => (index: number, physical: number) =>
      paramLayout(values[index] ?? null, physical as Layout['physical']);
    return { columns, param: value(context.params), outer: value(context.outer), isFast };
  }

  /** `const c0=D[0],m0=M[0],...;` */
  protected bindingSource(): string {
    return this.inputs.slots.map((slot, i) => `const c${slot}=D[${i}],m${slot}=M[${i}];`).join('');
  }
}
