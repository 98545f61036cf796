/**
 * Adding to postings what a merge brings: rows by list, handed to the tree in sorted batches.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { Tree } from '../../tree/tree.ts';
import type { WriteView } from '../../txn/page-view.ts';
import { type Int32Vector, Physical } from '../../types/vector.ts';

/** Postings handed to the tree at once. */
const BATCH_POSTINGS = 8192;

/** Hands lists to the tree, many short ones at once. Lists come in ascending (column, trigram). */
export class PostingWriter {
  private readonly postings: Tree;
  private readonly view: WriteView;
  private readonly columns: Int32Array = new Int32Array(BATCH_POSTINGS);
  private readonly codes: Int32Array = new Int32Array(BATCH_POSTINGS);
  private readonly rows: Float64Array = new Float64Array(BATCH_POSTINGS);
  private count = 0;

  constructor(postings: Tree, view: WriteView) {
    this.postings = postings;
    this.view = view;
  }

  /** Adds the rows `list[from..to)` of one trigram. */
  add(column: number, code: number, list: Float64Array | readonly number[], from: number, to: number): void {
    for (let i = from; i < to; i++) {
      this.columns[this.count] = column;
      this.codes[this.count] = code;
      this.rows[this.count] = list[i]!;
      if (++this.count === BATCH_POSTINGS) this.flush();
    }
  }

  flush(): void {
    const { count } = this;
    if (count === 0) return;
    this.count = 0;
    const ints = (values: Int32Array): Int32Vector => ({ physical: Physical.int32, values, nulls: null });
    const rows = { physical: Physical.int64, values: this.rows, nulls: null } as const;
    this.view.relieve();
    const done = this.postings.insertBatch(this.view, [ints(this.columns), ints(this.codes), rows], count);
    if (done < count)
      throw new DecentDbError(
        'XX002',
        `trigram index "${this.postings.name}" has an entry it should not have`,
        {
          hint: 'REINDEX it.',
        },
      );
  }
}
