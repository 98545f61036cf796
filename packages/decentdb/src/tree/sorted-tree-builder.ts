/**
 * Fills an empty tree from rows that are sorted by its key already: leaves are written straight into the
 * bytes of their pages, each column in the shortest of a few forms, and inner nodes are built over them (level-builder.ts).
 *
 * I1  Rows come in strictly ascending order of the key columns; there are no NULLs and no large values.
 * I2  A leaf takes as many rows as fit its page, at most the schema's: columns tell their sizes before a byte is written, and
 *     the writer checks them again.
 * I3  The tree is whole only after `finish`; nothing of it may be read before.
 */
import { assert } from '../base/assert.ts';
import type { WriteView } from '../txn/page-view.ts';
import type { Datum } from '../types/vector.ts';
import { newLeafBytes } from './leaf-memory.ts';
import { leafOverhead, writeLeaf } from './leaf-payload.ts';
import { LevelBuilder } from './level-builder.ts';
import type { SortedRun } from './sorted-run.ts';
import type { Tree } from './tree.ts';

/** Rows of the first leaf measured at once, and of those behind them: fewer where so many turn out to be too many. */
const FIRST_PACE = 512;
const SMALL_PACES = [16, 4, 1];
/** Share of a leaf's rows that the next one is expected to take for certain. */
const SURE_SHARE = 0.94;

export class SortedTreeBuilder {
  private readonly view: WriteView;
  private readonly rowsMax: number;
  private readonly columnCount: number;
  private readonly keyCount: number;
  private readonly levels: LevelBuilder;
  private readonly bytes: Uint8Array;
  /** Rows that the next leaf is thought to take. */
  private sureRows: number = FIRST_PACE;

  /** `tree` must be empty. */
  constructor(tree: Tree, view: WriteView) {
    const { leaf, keyCount, rowsMax } = tree.schema;
    this.view = view;
    this.rowsMax = rowsMax;
    this.columnCount = leaf.length;
    this.keyCount = keyCount;
    this.levels = new LevelBuilder(tree, view);
    this.bytes = new Uint8Array(view.payloadBytes);
  }

  /** Adds rows behind those of earlier calls: row i is value i of each run. The last leaf of a call stays as full as it got. */
  append(runs: readonly SortedRun[], count: number): void {
    assert(runs.length === this.columnCount, 'a row has a value for each column');
    const keys = runs.slice(0, this.keyCount);
    for (let from = 0; from < count; ) {
      const to = this.endOfLeaf(runs, from, count);
      const key: Datum[] = separator(keys, from);
      this.levels.addLeaf(this.encode(runs, from, to), key, to - from);
      from = to;
    }
  }

  finish(): void {
    this.levels.finish();
  }

  /** I2. Leaves the runs measured for the rows from..to. */
  private endOfLeaf(runs: readonly SortedRun[], from: number, count: number): number {
    const limit = Math.min(count, from + this.rowsMax);
    for (const run of runs) run.start(from);
    let to = from + 1;
    assert(this.sizeOf(runs, 1) <= this.view.payloadBytes, 'a row of an index fits its page');
    for (const pace of [this.sureRows, ...SMALL_PACES]) {
      while (to < limit) {
        const next = Math.min(limit, to + pace);
        for (const run of runs) {
          run.save();
          run.add(to, next);
        }
        if (this.sizeOf(runs, next - from) > this.view.payloadBytes) {
          for (const run of runs) run.restore();
          break;
        }
        to = next;
      }
    }
    this.sizeOf(runs, to - from);
    this.sureRows = Math.max(1, Math.floor((to - from) * SURE_SHARE));
    return to;
  }

  private sizeOf(runs: readonly SortedRun[], rows: number): number {
    let bytes = leafOverhead(runs.length);
    for (const run of runs) bytes += run.size(rows);
    return bytes;
  }

  private encode(runs: readonly SortedRun[], from: number, to: number): Uint8Array {
    const length = writeLeaf(this.bytes, runs.length, to - from, (c, writer) =>
      runs[c]!.write(writer, from, to),
    );
    const payload = newLeafBytes(length);
    payload.set(this.bytes.subarray(0, length));
    return payload;
  }
}

/** What separates a row from the one before it (separator.ts): the first column that differs cut short, the others whole. */
function separator(runs: readonly SortedRun[], row: number): Datum[] {
  let isDecided = row === 0;
  return runs.map((run) => {
    if (isDecided || run.repeats(row)) return run.datum(row);
    isDecided = true;
    return run.separator(row);
  });
}
