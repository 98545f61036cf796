/**
 * What an index join looks up by, and what it finds.
 *
 * I1  Candidates stand in the order of their left rows.
 * I2  A key with a NULL in it is no key.
 * I3  Rows known by their ids are fetched in the order of the table, each once: a leaf is gone to once for all its rows.
 */
import type { TreeCursor } from '../../tree/tree-cursor.ts';
import type { TreeNode } from '../../tree/tree-node.ts';
import { type Datum, Physical } from '../../types/vector.ts';
import { type Batch, FEW_ROWS, identity } from '../batch.ts';
import type { ExecContext } from '../context.ts';
import type { Expr } from '../expr.ts';
import { type Evaluator, evaluatorOf } from '../interpret/evaluator.ts';
import { type LeafRowColumns, LeafRows } from '../storage/leaf-rows.ts';
import type { RowFetcher } from '../storage/row-fetcher.ts';
import { datumAt } from '../vectors.ts';

/** Fewer ids are fetched as they come. */
const SORTED_MIN = 8;

/** Rows looked up, with the left rows they belong to: places in the tree, or ids whose rows are fetched together. */
export class Candidates {
  count = 0;
  private readonly direct: LeafRows | null;
  private readonly ids: Datum[] = [];
  /** Where the row of each candidate stands in the batch; null: candidate i's at i. */
  private places: Int32Array | null = null;
  private lefts: Int32Array = new Int32Array(FEW_ROWS);

  constructor(direct: LeafRowColumns | null) {
    this.direct = direct === null ? null : new LeafRows(direct, 64);
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
    this.direct!.add(leaf, row);
  }

  /** The cursor's slice; `idColumn` is where an entry keeps its row id. */
  addSlice(left: number, cursor: TreeCursor, idColumn: number): void {
    const { from, to, leaf } = cursor;
    this.reserve(to - from);
    this.lefts.fill(left, this.count, this.count + to - from);
    this.count += to - from;
    if (this.direct !== null) {
      this.direct.addRange(leaf!, from, to);
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

  /** The rows; where each candidate's stands is told by {@link positions} afterwards. */
  batch(fetcher: RowFetcher | null): Batch {
    if (this.direct !== null) return this.direct.batch();
    const ids = this.ids.length < SORTED_MIN ? null : this.sortedIds();
    return ids === null ? fetcher!.find(this.ids, this.ids.length) : fetcher!.find(ids, ids.length);
  }

  positions(): Int32Array {
    return this.places ?? identity(0, this.count);
  }

  /** I3: the ids ascending, without repetition; null where they are so already, or too large to be told with their places. */
  private sortedIds(): Float64Array | null {
    const { ids } = this;
    const count = ids.length;
    const width = 2 ** Math.ceil(Math.log2(count));
    const largest = Number.MAX_SAFE_INTEGER / width - 1;
    const marked = new Float64Array(count);
    let isAscending = true;
    for (let i = 0; i < count; i++) {
      const id = ids[i]!;
      if (typeof id !== 'number' || id < 0 || id > largest) return null;
      marked[i] = id * width + i;
      if (i > 0 && id <= (ids[i - 1] as number)) isAscending = false;
    }
    if (isAscending) return null;
    marked.sort();
    const places = new Int32Array(count);
    let last = -1;
    let kept = -1;
    for (let i = 0; i < count; i++) {
      const id = Math.floor(marked[i]! / width);
      const candidate = marked[i]! - id * width;
      if (id !== last) marked[++kept] = id;
      last = id;
      places[candidate] = kept;
    }
    this.places = places;
    return marked.subarray(0, kept + 1);
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
