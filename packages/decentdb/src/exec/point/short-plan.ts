/**
 * Small plans over a few rows found by keys, run row by row: look-ups joined by look-ups, filters, projections, sorts, limits and
 * aggregates without groups. No operators, no batches.
 *
 * I1  Same rows and values as the plan run by operators (a test compares).
 * I2  Only for few rows: a stage that meets more says null, and the operators do the work. A plan that does so again and again is no
 *     longer tried.
 * I3  Nothing here changes data or calls what does.
 */
import type { EvalContext } from '../../functions/function.ts';
import type { ReadView } from '../../txn/page-view.ts';
import type { JsOptions } from '../../types/sql-type.ts';
import type { Datum } from '../../types/vector.ts';
import { ConstantTable, canGenerate, generate } from '../compile/codegen.ts';
import { isOfRow } from '../operators/failing-row.ts';
import type { PhysicalPlan } from '../physical.ts';
import type { ResultColumn } from '../rows/row-builder.ts';
import { isPlainValue, jsValue } from '../rows/value-reader.ts';
import { PointContext } from './datum-row.ts';
import { type Row, type Stage, stageOf } from './short-stages.ts';

/** Runs that found too many rows, beyond those that did not, after which a plan is left to the operators. */
const MISSES_MAX = 8;

type FromRow = (row: readonly Datum[]) => unknown;
/** A datum as callers get it; null: as it is. */
type Convert = ((value: Datum) => unknown) | null;

/** Rows made before the code that makes them fast is worth generating: for statements that run once it never is. */
const ROWS_INTERPRETED = 200;

/** Makes what callers get from rows of datums. */
export class RowMaker {
  readonly #columns: readonly ResultColumn[];
  readonly #values: readonly Convert[];
  #interpreted = 0;
  #object: FromRow;
  #isFinal = false;

  constructor(columns: readonly ResultColumn[], options: JsOptions) {
    this.#columns = columns;
    this.#values = columns.map(({ type }) =>
      isPlainValue(type, options) ? null : (value: Datum): unknown => jsValue(value, type, options),
    );
    this.#object = interpretedObject(fieldsOf(columns), this.#values);
  }

  object(row: readonly Datum[]): unknown {
    if (!this.#isFinal && ++this.#interpreted > ROWS_INTERPRETED) {
      this.#isFinal = true;
      this.#object = objectMaker(fieldsOf(this.#columns), this.#values) ?? this.#object;
    }
    return this.#object(row);
  }

  array(row: readonly Datum[]): unknown {
    return this.#values.map((convert, i) => (convert === null ? row[i] : convert(row[i]!)));
  }
}

export class ShortPlan {
  readonly #stage: Stage;
  readonly #context: PointContext;
  readonly #maker: RowMaker;
  #misses = 0;

  constructor(stage: Stage, columns: readonly ResultColumn[], options: JsOptions, evalContext: EvalContext) {
    this.#stage = stage;
    this.#context = new PointContext(evalContext);
    this.#maker = new RowMaker(columns, options);
  }

  /** The rows as objects; null when there are too many for this path. */
  objects(view: ReadView, params: readonly Datum[]): unknown[] | null {
    const rows = this.#read(view, params);
    if (rows === null) return null;
    const out = new Array<unknown>(rows.length);
    for (let i = 0; i < rows.length; i++) out[i] = this.#maker.object(rows[i]!);
    return out;
  }

  /** The rows as arrays; null when there are too many for this path. */
  arrays(view: ReadView, params: readonly Datum[]): unknown[] | null {
    const rows = this.#read(view, params);
    return rows === null ? null : rows.map((row) => this.#maker.array(row));
  }

  /** A row that fails may be one that a LIMIT leaves out: operators know. */
  #rows(view: ReadView): Row[] | null {
    try {
      return this.#stage(view, this.#context);
    } catch (error) {
      if (isOfRow(error)) return null;
      throw error;
    }
  }

  #read(view: ReadView, params: readonly Datum[]): Row[] | null {
    if (this.#misses > MISSES_MAX) return null;
    this.#context.params = params;
    const rows = this.#rows(view);
    if (rows === null) {
      this.#misses++;
      return null;
    }
    if (this.#misses > 0) this.#misses--;
    return rows;
  }
}

/** Where the value of each field is; of columns of one name the last counts. */
function fieldsOf(columns: readonly ResultColumn[]): ReadonlyMap<string, number> {
  return new Map(columns.map(({ name }, i) => [name, i] as const));
}

/** Null where code cannot be generated. */
function objectMaker(fields: ReadonlyMap<string, number>, values: readonly Convert[]): FromRow | null {
  if (!canGenerate() || fields.has('__proto__')) return null;
  const constants = new ConstantTable();
  const names = [...fields.keys()].map((name) => constants.add(name));
  const sources = [...fields.values()].map((at) => {
    const convert = values[at]!;
    return convert === null ? `R[${at}]` : `${constants.add(convert)}(R[${at}])`;
  });
  const parameters = names.map((_, i) => `a${i}`).join(',');
  const assigns = names.map((name, i) => `this[${name}]=a${i};`).join('');
  const body = `function Row(${parameters}){${assigns}}Row.prototype=${constants.add(Object.prototype)};return function(R){return new Row(${sources.join(',')});}`;
  return generate<() => FromRow>([], body, constants)();
}

function interpretedObject(fields: ReadonlyMap<string, number>, values: readonly Convert[]): FromRow {
  const names = [...fields.keys()];
  const places = [...fields.values()];
  const isPlain = !fields.has('__proto__');
  return (row) => {
    const object: Record<string, unknown> = {};
    for (let i = 0; i < names.length; i++) {
      const at = places[i]!;
      const convert = values[at]!;
      const value = convert === null ? row[at] : convert(row[at]!);
      if (isPlain) object[names[i]!] = value;
      else
        Object.defineProperty(object, names[i]!, {
          value,
          enumerable: true,
          writable: true,
          configurable: true,
        });
    }
    return object;
  };
}

/** The short path of a plan of few rows; null when the plan is not such. */
export function shortPlanOf(
  plan: PhysicalPlan,
  columns: readonly ResultColumn[],
  options: JsOptions,
  evalContext: EvalContext,
): ShortPlan | null {
  const stage = plan.isReadOnly ? stageOf(plan.root) : null;
  return stage === null ? null : new ShortPlan(stage, columns, options, evalContext);
}
