/**
 * Reading one row by its key: descend, cut out the cells, build the object. No operators, no batches.
 *
 * I1  Same rows and values as the plan run by operators (a test compares).
 */
import { storedPosition } from '../../catalog/schema.ts';
import type { EvalContext } from '../../functions/function.ts';
import type { Tree } from '../../tree/tree.ts';
import type { ReadView } from '../../txn/page-view.ts';
import type { JsOptions } from '../../types/sql-type.ts';
import type { Datum } from '../../types/vector.ts';
import { ConstantTable, canGenerate, generate } from '../compile/codegen.ts';
import type { PhysicalPlan } from '../physical.ts';
import type { ResultColumn } from '../rows/row-builder.ts';
import { isPlainValue, jsValue } from '../rows/value-reader.ts';
import { PointContext } from './datum-row.ts';
import { PointFinder } from './point-finder.ts';
import { type PointAccess, projectedAccess } from './point-plan.ts';

export type BuildRow = (view: ReadView, leaf: unknown, row: number) => unknown;

export class PointRead {
  private readonly finder: PointFinder;
  private readonly context: PointContext;
  private readonly buildObject: BuildRow;
  private readonly buildArray: BuildRow;

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
    this.buildObject = reader.objectBuilder();
    this.buildArray = reader.arrayBuilder();
  }

  /** The row as an object, or undefined. */
  object(view: ReadView, params: readonly Datum[]): unknown {
    return this.read(view, params, this.buildObject);
  }

  /** The row as an array, or undefined. */
  array(view: ReadView, params: readonly Datum[]): unknown {
    return this.read(view, params, this.buildArray);
  }

  private read(view: ReadView, params: readonly Datum[], build: BuildRow): unknown {
    const { finder, context } = this;
    context.params = params;
    if (!finder.find(view, context)) return undefined;
    return build(view, finder.position.leaf!, finder.position.index);
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

  objectBuilder(): BuildRow {
    const fields = this.fields();
    if (!canGenerate() || fields.has('__proto__')) return this.interpretedObject(fields);
    const { constants } = this;
    const names = [...fields.keys()].map((name) => constants.add(name));
    const values = [...fields.values()].map((output) => this.source(output));
    const parameters = names.map((_, i) => `a${i}`).join(',');
    const assigns = names.map((name, i) => `this[${name}]=a${i};`).join('');
    const body = `function Row(${parameters}){${assigns}}Row.prototype=${constants.add(Object.prototype)};return function(W,L,r){const P=L.plain;let v;return new Row(${values.join(',')});}`;
    return generate<() => BuildRow>([], body, constants)();
  }

  arrayBuilder(): BuildRow {
    if (!canGenerate())
      return (view, leaf, row) => this.columns.map((_, i) => this.value(view, leaf, row, i));
    const values = this.columns.map((_, i) => this.source(i));
    return generate<BuildRow>(
      ['W', 'L', 'r'],
      `const P=L.plain;let v;return [${values.join(',')}];`,
      this.constants,
    );
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
