/**
 * Reading one row by its key: descend, cut out the cells, build the object. No operators, no batches.
 *
 * I1  Same rows and values as the plan run by operators (a test compares).
 */

import { verifyEnabled } from '../../base/assert.ts';
import { storedPosition } from '../../catalog/schema.ts';
import type { EvalContext } from '../../functions/function.ts';
import { rowMemories } from '../../pager/row-memory.ts';
import type { Tree } from '../../tree/tree.ts';
import type { ReadView } from '../../txn/page-view.ts';
import type { JsOptions } from '../../types/sql-type.ts';
import { type Datum, Physical } from '../../types/vector.ts';
import { ConstantTable, canGenerate, generate } from '../compile/codegen.ts';
import type { PhysicalPlan } from '../physical.ts';
import type { ResultColumn } from '../rows/row-builder.ts';
import { isPlainValue, jsValue } from '../rows/value-reader.ts';
import { PointContext } from './datum-row.ts';
import { PointFinder } from './point-finder.ts';
import { type PointAccess, projectedAccess } from './point-plan.ts';
import { RememberedRows } from './remembered-rows.ts';

/** A tree's depth seldom changes. */
const READS_BETWEEN_LOOKS = 1024;

export type BuildRow = (view: ReadView, leaf: unknown, row: number) => unknown;

/** How a statement makes its rows: of a leaf, and where code can be generated, of one it made before. */
export interface RowForm {
  readonly build: BuildRow;
  readonly remembered: RememberedRows | null;
}

export class PointRead {
  private readonly finder: PointFinder;
  private readonly context: PointContext;
  private readonly objects: RowForm;
  private readonly arrays: RowForm;
  private isDeep = false;
  private readsUntilLooked = 0;

  constructor(
    access: PointAccess,
    outputs: readonly number[],
    columns: readonly ResultColumn[],
    options: JsOptions,
    evalContext: EvalContext,
  ) {
    this.finder = new PointFinder(access);
    this.context = new PointContext(evalContext);
    const reader = new CellReader(access, outputs, columns, options, this.finder.tree);
    this.objects = reader.objects();
    this.arrays = reader.arrays();
  }

  /** The row as an object, or undefined. */
  object(view: ReadView, params: readonly Datum[]): unknown {
    return this.read(view, params, this.objects);
  }

  /** The row as an array, or undefined. */
  array(view: ReadView, params: readonly Datum[]): unknown {
    return this.read(view, params, this.arrays);
  }

  private read(view: ReadView, params: readonly Datum[], { build, remembered }: RowForm): unknown {
    const { finder, context } = this;
    context.params = params;
    if (remembered === null || view.rows === undefined || !this.isRemembering(view))
      return finder.find(view, context) ? this.built(view, build) : undefined;
    const id = finder.rowId(context);
    const isNumber = typeof id === 'number';
    if (isNumber) {
      const row = remembered.recall(view, id);
      if (row !== undefined) {
        if (verifyEnabled()) remembered.verify(row, finder.findRow(view, id) && this.built(view, build));
        return row;
      }
    }
    if (!finder.findRow(view, id)) return undefined;
    const row = this.built(view, build);
    if (isNumber) remembered.offer(view, id, finder.position.leaf!, row as object);
    return row;
  }

  /** Whether rows of this table are worth remembering; the tree is looked at once in a while. */
  private isRemembering(view: ReadView): boolean {
    if (--this.readsUntilLooked < 0) {
      this.readsUntilLooked = READS_BETWEEN_LOOKS;
      this.isDeep = this.finder.isByRowId && this.finder.rootLevel(view) >= rowMemories.levelMin;
    }
    return this.isDeep;
  }

  private built(view: ReadView, build: BuildRow): unknown {
    const { leaf, index } = this.finder.position;
    return build(view, leaf!, index);
  }
}

/** What a reader has to know of an access. */
type CellAccess = Pick<PointAccess, 'table' | 'columns'>;

/** Makes the functions that turn a leaf's row into a result row. */
export class CellReader {
  private readonly access: CellAccess;
  private readonly outputs: readonly number[];
  private readonly columns: readonly ResultColumn[];
  private readonly options: JsOptions;
  private readonly tree: Tree;
  private readonly constants = new ConstantTable();

  constructor(
    access: CellAccess,
    outputs: readonly number[],
    columns: readonly ResultColumn[],
    options: JsOptions,
    tree: Tree,
  ) {
    this.access = access;
    this.outputs = outputs;
    this.columns = columns;
    this.options = options;
    this.tree = tree;
  }

  private position(output: number): number {
    return storedPosition(this.access.table, this.access.columns[this.outputs[output]!]!);
  }

  /** Source of an output's value from `L` (leaf), its `P` (plain cells), `r` (row), `W` (view). */
  private source(output: number): string {
    const { constants, options } = this;
    const { type } = this.columns[output]!;
    if (this.access.columns[this.outputs[output]!] === -2) return constants.add(this.access.table.id);
    const position = this.position(output);
    const { tree } = this;
    // Only columns of variable length may hold large values kept elsewhere.
    const slow = tree.schema.isVariable[position]
      ? `${constants.add(tree)}.datum(W,L,r,${position})`
      : `L.cell(${position},r)`;
    const stored = `(P!==null&&(v=P[${position}])!==null?v[r]:${slow})`;
    // Of consecutive keys the row says which it is: one look at memory less, where a large table's is far away.
    const isKey = position === 0 && tree.schema.keyCount === 1;
    const cell = isKey ? `(L.hasConsecutiveKeys?L.keyBase+r:${stored})` : stored;
    if (isPlainValue(type, options)) return cell;
    return `${constants.add((value: Datum) => jsValue(value, type, options))}(${cell})`;
  }

  private fields(): Map<string, number> {
    const fields = new Map<string, number>();
    this.columns.forEach((column, i) => {
      fields.set(column.name, i);
    });
    return fields;
  }

  /** Whether an output may be more than a number or a boolean. */
  private isWide(output: number): boolean {
    const { type } = this.columns[output]!;
    const { physical } = type;
    const isNarrow =
      physical === Physical.int32 || physical === Physical.float64 || physical === Physical.bool;
    // Of other types JavaScript may get an object: a Date of a number of days.
    return !isNarrow || !isPlainValue(type, this.options);
  }

  objects(): RowForm {
    const fields = this.fields();
    if (!canGenerate() || fields.has('__proto__'))
      return { build: this.interpretedObject(fields), remembered: null };
    const { constants } = this;
    const names = [...fields.keys()].map((name) => constants.add(name));
    const values = [...fields.values()].map((output) => this.source(output));
    const parameters = names.map((_, i) => `a${i}`).join(',');
    const assigns = names.map((name, i) => `this[${name}]=a${i};`).join('');
    const build = `function(W,L,r){const P=L.plain;let v;return new Row(${values.join(',')});}`;
    const copy = `function(o){return new Row(${names.map((name) => `o[${name}]`).join(',')});}`;
    const body = `function Row(${parameters}){${assigns}}Row.prototype=${constants.add(Object.prototype)};return [${build},${copy}];`;
    const made = generate<() => [BuildRow, (row: object) => object]>([], body, constants)();
    return {
      build: made[0],
      remembered: new RememberedRows(
        [...fields.keys()],
        [...fields.keys()].filter((name) => this.isWide(fields.get(name)!)),
        made[1],
      ),
    };
  }

  arrays(): RowForm {
    if (!canGenerate()) {
      const build: BuildRow = (view, leaf, row) => this.columns.map((_, i) => this.value(view, leaf, row, i));
      return { build, remembered: null };
    }
    const values = this.columns.map((_, i) => this.source(i));
    const body = `const P=L.plain;let v;return [${values.join(',')}];`;
    const copy = `return [${values.map((_, i) => `o[${i}]`).join(',')}];`;
    return {
      build: generate<BuildRow>(['W', 'L', 'r'], body, this.constants),
      remembered: new RememberedRows(
        [...values.keys()],
        [...values.keys()].filter((output) => this.isWide(output)),
        generate<(row: object) => object>(['o'], copy, this.constants),
      ),
    };
  }

  private interpretedObject(fields: ReadonlyMap<string, number>): BuildRow {
    return (view, leaf, row) => {
      const object: Record<string, unknown> = {};
      for (const [name, output] of fields) {
        const value = this.value(view, leaf, row, output);
        if (name === '__proto__') {
          Object.defineProperty(object, name, {
            value,
            enumerable: true,
            writable: true,
            configurable: true,
          });
        } else {
          object[name] = value;
        }
      }
      return object;
    };
  }

  private value(view: ReadView, leaf: unknown, row: number, output: number): unknown {
    if (this.access.columns[this.outputs[output]!] === -2) return this.access.table.id;
    const { tree } = this;
    const datum = tree.datum(view, leaf as Parameters<typeof tree.datum>[1], row, this.position(output));
    return jsValue(datum, this.columns[output]!.type, this.options);
  }
}

/** The short path of a plan that reads one row by its key; null when the plan is not such. */
export function pointReadOf(
  plan: PhysicalPlan,
  columns: readonly ResultColumn[],
  options: JsOptions,
  evalContext: EvalContext,
): PointRead | null {
  const found = projectedAccess(plan.root);
  if (found === null) return null;
  return new PointRead(found.access, found.outputs, columns, options, evalContext);
}
