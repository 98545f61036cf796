/**
 * What an index join looks up by, and what it finds.
 *
 * I1  Candidates stand in the order of their left rows.
 * I2  A key with a NULL in it is no key.
 */
import type { TreeCursor } from '../../tree/tree-cursor.ts';
import type { TreeNode } from '../../tree/tree-node.ts';
import { type Datum, Physical } from '../../types/vector.ts';
import { type Batch, FEW_ROWS } from '../batch.ts';
import type { ExecContext } from '../context.ts';
import type { Expr } from '../expr.ts';
import { type Evaluator, evaluatorOf } from '../interpret/evaluator.ts';
import { type LeafRowColumns, LeafRows } from '../storage/leaf-rows.ts';
import type { RowFetcher } from '../storage/row-fetcher.ts';
import { datumAt } from '../vectors.ts';

/** Rows looked up, with the left rows they belong to: places in the tree, or ids whose rows are fetched together. */
export class Candidates {
  count = 0;
  private readonly places: LeafRows | null;
  private readonly ids: Datum[] = [];
  private lefts: Int32Array = new Int32Array(FEW_ROWS);

  constructor(direct: LeafRowColumns | null) {
    this.places = direct === null ? null : new LeafRows(direct, 64);
  }

  private reserve(more: number): void {
    const need = this.count + more;
    if (need <= this.lefts.length) return;
    const grown = new Int32Array(Math.max(need, this.lefts.length * 2));
    grown.set(this.lefts);
    this.lefts = grown;
  }

  addRow(left: number, leaf: TreeNode, row: number): void {
    this.reserve(1);
    this.lefts[this.count++] = left;
    this.places!.add(leaf, row);
  }

  /** The cursor's slice; `idColumn` is where an entry keeps its row id. */
  addSlice(left: number, cursor: TreeCursor, idColumn: number): void {
    const { from, to, leaf } = cursor;
    this.reserve(to - from);
    this.lefts.fill(left, this.count, this.count + to - from);
    this.count += to - from;
    if (this.places !== null) {
      this.places.addRange(leaf!, from, to);
      return;
    }
    const vector = cursor.vector(idColumn);
    const { values } = vector;
    if (values instanceof Float64Array && vector.nulls === null)
      for (let i = from; i < to; i++) this.ids.push(values[i]!);
    else for (let i = from; i < to; i++) this.ids.push(datumAt(vector, i));
  }

  rows(): Int32Array {
    return this.lefts.subarray(0, this.count);
  }

  batch(fetcher: RowFetcher | null): Batch {
    return this.places === null ? fetcher!.find(this.ids, this.ids.length) : this.places.batch();
  }
}

/** Key values of left rows: read from number columns as they are, evaluated otherwise. */
export class LookUpKeys {
  private readonly exprs: readonly Expr[];
  private readonly evaluators: readonly Evaluator[];
  /** By key: the numbers of a plain column and its NULLs; null where the key is evaluated. */
  private readonly values: (Int32Array | Float64Array | null)[];
  private readonly nulls: (Uint8Array | null)[];

  constructor(exprs: readonly Expr[]) {
    this.exprs = exprs;
    this.evaluators = exprs.map(evaluatorOf);
    this.values = exprs.map(() => null);
    this.nulls = exprs.map(() => null);
  }

  load(batch: Batch): void {
    this.exprs.forEach((expr, k) => {
      const vector = expr.kind === 'slot' ? batch.column(expr.slot) : null;
      const values = vector === null || vector.physical === Physical.numeric ? null : vector.values;
      const isPlain = values instanceof Int32Array || values instanceof Float64Array;
      this.values[k] = isPlain ? values : null;
      this.nulls[k] = isPlain ? vector!.nulls : null;
    });
  }

  /** The key of the row at a position of the batch; null when a part of it is NULL. */
  read(batch: Batch, at: number, context: ExecContext): Datum[] | null {
    const key = new Array<Datum>(this.values.length);
    for (let k = 0; k < key.length; k++) {
      const values = this.values[k]!;
      let value: Datum;
      if (values === null) value = this.evaluators[k]!(batch, at, context);
      else {
        const nulls = this.nulls[k]!;
        value = nulls !== null && nulls[at] === 1 ? null : values[at]!;
      }
      if (value === null) return null;
      key[k] = value;
    }
    return key;
  }
}
