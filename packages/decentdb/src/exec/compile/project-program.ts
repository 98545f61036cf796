/**
 * Projections: expressions over a batch to vectors.
 *
 * I1  Results stand at rows 0..count-1 (dense), whatever the input's selection.
 * I2  Plain slot references are handed through: shared when the input is dense, gathered when first read otherwise.
 */
import { assert } from '../../base/assert.ts';
import { type Datum, Physical, type Vector } from '../../types/vector.ts';
import { Batch, type ColumnSource } from '../batch.ts';
import { ColumnStore } from '../column-store.ts';
import type { ExecContext } from '../context.ts';
import type { Expr } from '../expr.ts';
import { type Evaluator, evaluatorOf } from '../interpret/evaluator.ts';
import { constantVector, gather } from '../vectors.ts';
import { generateShared } from './codegen.ts';
import { emitExpr, toDatum } from './emit-expr.ts';
import { type Code, Emitter, type ShapeInfo } from './emitter.ts';
import { Program } from './program.ts';
import { kindsOf } from './shape.ts';

/** Fills `out`; returns 0, or -1: see Program. */
type ProjectFunction = (
  D: unknown[],
  M: unknown[],
  S: Int32Array | null,
  n: number,
  out: (Vector | null)[],
  X: ExecContext,
  B: Batch,
) => number;

/** The expressions of a program that are not plain slots. */
class ComputedProgram extends Program<ProjectFunction> {
  private readonly evaluators: readonly Evaluator[];

  constructor(exprs: readonly Expr[]) {
    super(exprs);
    this.evaluators = exprs.map(evaluatorOf);
  }

  run(batch: Batch, context: ExecContext): Vector[] {
    if (this.isCold(batch, context)) return this.interpret(batch, context);
    const out: (Vector | null)[] = new Array(this.exprs.length).fill(null);
    const variant = this.variantFor(batch, context);
    const { data, masks } = this.bind(batch);
    const { selection, count } = batch;
    const done = this.first(variant, batch, context)(data, masks, selection, count, out, context, batch);
    if (done < 0) {
      variant.lost++;
      this.exact(variant, batch, context)(data, masks, selection, count, out, context, batch);
    }
    return out as Vector[];
  }

  private interpret(batch: Batch, context: ExecContext): Vector[] {
    const { evaluators } = this;
    const stores = this.exprs.map((expr) => new ColumnStore(expr.type.physical, Math.max(batch.count, 1)));
    for (let i = 0; i < batch.count; i++) {
      const at = batch.position(i);
      for (let k = 0; k < evaluators.length; k++) stores[k]!.append(evaluators[k]!(batch, at, context));
    }
    return stores.map((store) => store.vector());
  }

  protected override build(shape: ShapeInfo): ProjectFunction {
    const e = new Emitter(shape);
    e.share(this.exprs);
    const outputs = this.exprs.map((expr, i) => new Output(e, expr, i, emitExpr(e, expr)));
    const loop = e.take();
    const body =
      `${this.bindingSource()}${e.prologue.join('')}${outputs.map((output) => output.before).join('')}` +
      `if(S===null){for(let r=0,w=0;r<n;r++,w++){${loop}}}` +
      `else{for(let w=0;w<n;w++){const r=S[w];${loop}}}` +
      `${outputs.map((output) => output.after).join('')}return 0;`;
    return generateShared<ProjectFunction>(
      ['D', 'M', 'S', 'n', 'O', 'X', 'B'],
      body,
      e.constants,
      kindsOf(shape),
    );
  }
}

/** Where one expression's values go. */
class Output {
  readonly before: string;
  readonly after: string;

  constructor(e: Emitter, expr: Expr, index: number, of: Code) {
    const { physical } = expr.type;
    const values = `v_${index}`;
    const nulls = `n_${index}`;
    const storage = storageOf(physical, of);
    const mayBeNull = of.isNull !== 'false';
    this.before =
      `const ${values}=${storage.make};` +
      (mayBeNull ? `const ${nulls}=new Uint8Array(n);let h_${index}=false;` : '');
    const store = `${values}[w]=${storage.convert(storage.isDatum ? toDatum(e, of) : of.value)};`;
    if (of.isNull === 'true') e.emit(`${nulls}[w]=1;h_${index}=true;`);
    else if (mayBeNull) e.emit(`if(${of.isNull}){${nulls}[w]=1;h_${index}=true;}else{${store}}`);
    else e.emit(store);
    const mask = mayBeNull ? `(h_${index}?${nulls}:null)` : 'null';
    const finish = e.constant(storage.finish);
    this.after = `O[${index}]=${finish}(${values},${mask},${of.scale},n);`;
  }
}

interface OutputStorage {
  /** Source that makes the array. */
  readonly make: string;
  readonly isDatum: boolean;
  convert(value: string): string;
  finish(values: never, nulls: Uint8Array | null, scale: number, count: number): Vector;
}

const plain = (value: string): string => value;

function storageOf(physical: Physical, of: Code): OutputStorage {
  const typed = (name: string, convert: (value: string) => string = plain): OutputStorage => ({
    make: `new ${name}(n)`,
    isDatum: false,
    convert,
    finish: finishers[physical]!,
  });
  switch (physical) {
    case Physical.bool:
      return typed('Uint8Array', (value) => (of.rep === 'bool' ? `${value}?1:0` : `${value}===true?1:0`));
    case Physical.int32:
      return typed('Int32Array');
    case Physical.float64:
      return typed('Float64Array');
    case Physical.int64:
      if (of.rep === 'int') return typed('Float64Array');
      break;
    case Physical.numeric:
      if (of.rep === 'scaled') return { ...typed('Float64Array'), finish: finishScaled };
      break;
    default:
  }
  return {
    make: 'new Array(n)',
    isDatum: true,
    convert: plain,
    finish: physical === Physical.int64 ? finishInt64Datums : finishers[physical]!,
  };
}

type Finish = (values: never, nulls: Uint8Array | null, scale: number, count: number) => Vector;

const finishers: readonly Finish[] = Object.values(Physical).map(
  (physical): Finish =>
    physical === Physical.numeric
      ? (values, nulls) => ({ physical, scaled: null, scale: 0, values, nulls })
      : (values, nulls) => ({ physical, values, nulls }) as Vector,
);

const finishScaled: Finish = (values, nulls, scale) => ({
  physical: Physical.numeric,
  scaled: values,
  scale,
  values: null,
  nulls,
});

const finishInt64Datums: Finish = (values, nulls, _scale, count) => {
  const store = new ColumnStore(Physical.int64, Math.max(count, 1));
  const datums = values as readonly Datum[];
  for (let i = 0; i < count; i++) store.append(nulls !== null && nulls[i] === 1 ? null : datums[i]!);
  return store.vector();
};

/** A list of expressions over a batch. */
export class ProjectProgram {
  readonly exprs: readonly Expr[];
  private readonly computed: ComputedProgram | null;
  /** Output column to: slot (>= 0), or computed column -1 - index, or constant (null). */
  private readonly sources: readonly (number | null)[];
  private readonly isPassThrough: boolean;

  constructor(exprs: readonly Expr[]) {
    this.exprs = exprs;
    const computed: Expr[] = [];
    this.sources = exprs.map((expr) => {
      if (expr.kind === 'slot') return expr.slot;
      if (expr.kind === 'const') return null;
      computed.push(expr);
      return -computed.length;
    });
    this.computed = computed.length === 0 ? null : new ComputedProgram(computed);
    this.isPassThrough = this.sources.every((source) => source !== null && source >= 0);
  }

  /** Evaluating it may do something besides. */
  get isVolatile(): boolean {
    return this.computed?.isVolatile === true;
  }

  /** Same rows, columns `exprs`. */
  run(batch: Batch, context: ExecContext): Batch {
    if (this.isPassThrough) return batch.pick(this.sources as readonly number[]);
    const { exprs, sources } = this;
    const computed = this.computed === null ? null : this.computed.run(batch, context);
    const source: ColumnSource = {
      load: (column) => {
        const from = sources[column]!;
        if (from !== null && from < 0) return computed![-1 - from]!;
        const expr = exprs[column]!;
        if (expr.kind === 'const') return constantVector(expr.type.physical, expr.value, batch.count);
        assert(from !== null, 'a column is a slot, a constant or computed');
        return denseColumn(batch, from);
      },
    };
    return Batch.lazy(exprs.length, batch.count, null, source);
  }

  /** The values as dense vectors. */
  vectors(batch: Batch, context: ExecContext): Vector[] {
    const result = this.run(batch, context);
    return this.exprs.map((_, i) => denseColumn(result, i));
  }
}

/** A column with row i at position i. */
export function denseColumn(batch: Batch, column: number): Vector {
  const vector = batch.column(column);
  return batch.selection === null ? vector : gather(vector, batch.selection, batch.count);
}
