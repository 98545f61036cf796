/**
 * Fills an empty tree of integer keys from its smallest key to its largest: leaves are written straight into the bytes of their
 * pages, and inner nodes are built over them (level-builder.ts). For millions of short rows (postings), where a node that is looked
 * at after every few rows would cost more than the rows.
 *
 * I1  Rows come in strictly ascending order of all columns; every column is an integer key column without NULLs.
 * I2  A leaf takes as many rows as fit its page, at most the schema's: sizes are computed from histograms of deltas before a
 *     byte is written, and the writer checks them again.
 * I3  The tree is whole only after `finish`; nothing of it may be read before. The root keeps its page number.
 * I4  Rows in hand are kept as runs: the leading columns once for each run, the last column as gaps (gap-run.ts).
 */
import { assert } from '../base/assert.ts';
import type { WriteView } from '../txn/page-view.ts';
import { type Datum, Physical } from '../types/vector.ts';
import type { ByteWriter } from './byte-writer.ts';
import { DeltaHistogram } from './delta-histogram.ts';
import { Encoding } from './encoding.ts';
import { GAP_STEP, GapRun } from './gap-run.ts';
import { IntForm, writeDeltaBody } from './int-body.ts';
import { leafOverhead, writeLeaf } from './leaf-payload.ts';
import { LevelBuilder } from './level-builder.ts';
import type { Tree } from './tree.ts';

/** Rows measured at once; fewer where so many turn out to be too many. */
const PACES = [512, 64, 8, 1];
/** Most rows of one call. */
export const APPENDED_ROWS_MAX = 4096;

export class IntTreeBuilder {
  readonly view: WriteView;
  /** Leading columns of each run, and where it starts; `starts[runCount]` is their count while a leaf is written. */
  private readonly leading: Int32Array[];
  private readonly starts: Int32Array;
  private runCount = 0;
  private readonly last: GapRun;
  /** One leading column spelled out, where deltas of its own take less than exceptions. */
  private readonly spelled: Int32Array;
  private readonly histograms: DeltaHistogram[];
  private readonly rowsMax: number;
  private readonly levels: LevelBuilder;
  private readonly bytes: Uint8Array;

  /** `tree` must be empty. */
  constructor(tree: Tree, view: WriteView) {
    const { leaf, keyCount, rowsMax } = tree.schema;
    assert(keyCount === leaf.length, 'all columns are key columns');
    this.view = view;
    this.levels = new LevelBuilder(tree, view);
    this.rowsMax = rowsMax;
    this.bytes = new Uint8Array(view.payloadBytes);
    for (const [i, { physical }] of leaf.entries())
      assert(
        physical === Physical.int32 || (physical === Physical.int64 && i === leaf.length - 1),
        'the leading columns are int32, the last one may be int64',
      );
    // What one call adds is held beside what makes a leaf.
    const room = rowsMax + APPENDED_ROWS_MAX;
    this.leading = leaf.slice(1).map(() => new Int32Array(room));
    this.starts = new Int32Array(room + 1);
    this.last = new GapRun(room);
    this.spelled = new Int32Array(rowsMax);
    // Rows ascend strictly, so where the leading columns stay the last one grows by at least one.
    this.histograms = leaf.map((_, i) => new DeltaHistogram(i === leaf.length - 1 ? GAP_STEP : 0));
  }

  /** Adds rows that share their leading columns: `last[0..count)` are the values of the last one. */
  append(leading: readonly number[], last: Float64Array, count: number): void {
    this.makeRoom(count);
    this.openRun(leading);
    this.last.append(last, 0, count);
  }

  /**
   * The same in two steps, for whoever has gaps: the array to write them into, from {@link roomAt} on, `APPENDED_ROWS_MAX` at most;
   * then {@link fill}.
   */
  room(): Int32Array {
    this.makeRoom(1);
    return this.last.gaps;
  }

  get roomAt(): number {
    return this.last.count;
  }

  /**
   * Rows join whose gaps were written: each is so much more than the one before, and the first one's gap means nothing. A run has
   * rows: it is opened here, as there may turn out to be none to fill the room with.
   */
  fill(leading: readonly number[], count: number, first: number, last: number): void {
    assert(count > 0, 'a run has rows');
    this.openRun(leading);
    this.last.fill(count, first, last);
  }

  private makeRoom(count: number): void {
    assert(count > 0 && count <= APPENDED_ROWS_MAX, 'rows come some at a time');
    while (this.last.count >= this.rowsMax) this.emit();
  }

  private openRun(leading: readonly number[]): void {
    const run = this.runCount - 1;
    if (run >= 0 && this.leading.every((values, c) => values[run] === leading[c])) return;
    for (let c = 0; c < leading.length; c++) this.leading[c]![this.runCount] = leading[c]!;
    this.starts[this.runCount++] = this.last.count;
  }

  finish(): void {
    while (this.last.count > 0) this.emit();
    this.levels.finish();
  }

  /** Writes the leaf that the first rows in hand make, and keeps the others. */
  private emit(): void {
    const rows = this.rowsThatFit();
    const payload = this.encode(rows);
    const key: Datum[] = [...this.leading.map((values) => values[0]!), this.last.first];
    this.drop(rows);
    this.levels.addLeaf(payload, key, rows);
  }

  /** Forgets the first rows in hand. */
  private drop(rows: number): void {
    const { starts, leading } = this;
    this.last.drop(rows);
    const run = this.last.count === 0 ? this.runCount : this.runOf(rows);
    for (const values of leading) values.copyWithin(0, run, this.runCount);
    for (let i = run; i < this.runCount; i++) starts[i - run] = Math.max(0, starts[i]! - rows);
    this.runCount -= run;
  }

  /** The run a row belongs to. */
  private runOf(row: number): number {
    let low = 0;
    let high = this.runCount;
    while (high - low > 1) {
      const middle = (low + high) >>> 1;
      if (this.starts[middle]! <= row) low = middle;
      else high = middle;
    }
    return low;
  }

  /** I2. Leaves the histograms at the rows that fit. */
  private rowsThatFit(): number {
    const { histograms } = this;
    this.starts[this.runCount] = this.last.count;
    const count = Math.min(this.last.count, this.rowsMax);
    this.leading.forEach((values, c) => {
      histograms[c]!.start(values[0]!);
    });
    histograms[this.leading.length]!.start(this.last.first);
    let rows = 1;
    let run = this.starts[1]! === 1 ? 1 : 0;
    for (const pace of PACES) {
      while (rows < count) {
        const next = Math.min(count, rows + pace);
        for (const histogram of histograms) histogram.save();
        const nextRun = this.measure(rows, next, run);
        if (this.sizeOf(next) > this.view.payloadBytes) {
          for (const histogram of histograms) histogram.restore();
          break;
        }
        rows = next;
        run = nextRun;
      }
    }
    this.sizeOf(rows);
    return rows;
  }

  /** Rows from..to join the leaf; `run` is the first that starts at `from` or reaches beyond it. Returns the same for `to`. */
  private measure(from: number, to: number, run: number): number {
    const { starts, leading, histograms } = this;
    this.last.measure(histograms[leading.length]!, from, to);
    let next = run;
    let begun = 0;
    // Runs that begin within from..to change the leading columns once each; all other rows repeat them.
    for (; next < this.runCount && starts[next]! < to; next++) {
      if (starts[next]! < from) continue;
      begun++;
      for (let c = 0; c < leading.length; c++)
        histograms[c]!.addDelta(leading[c]![next]! - leading[c]![next - 1]!);
    }
    for (let c = 0; c < leading.length; c++) histograms[c]!.addSame(to - from - begun);
    return starts[next] === to ? next : next - 1;
  }

  private sizeOf(rows: number): number {
    let bytes = leafOverhead(this.histograms.length);
    for (const histogram of this.histograms) bytes += 1 + histogram.choose(rows);
    return bytes;
  }

  private encode(rows: number): Uint8Array {
    const { histograms, leading } = this;
    const runs = this.runOf(rows - 1) + 1;
    const length = writeLeaf(this.bytes, histograms.length, rows, (c, writer) => {
      const { step, width, exceptionCount } = histograms[c]!;
      writer.u8(Encoding.ints);
      if (c === leading.length) this.last.writeBody(writer, rows, width, exceptionCount);
      else if (width === 0) writeRunsBody(writer, leading[c]!, this.starts, runs);
      else writeDeltaBody(writer, this.spell(leading[c]!, rows, runs), rows, step, width, exceptionCount);
    });
    return this.bytes.slice(0, length);
  }

  private spell(values: Int32Array, rows: number, runs: number): Int32Array {
    const { starts, spelled } = this;
    for (let run = 0; run < runs; run++)
      spelled.fill(values[run]!, starts[run]!, run + 1 < runs ? starts[run + 1]! : rows);
    return spelled;
  }
}

/** What `writeDeltaBody` writes with step and width 0, for values that come in runs: run i has `values[i]` from row `starts[i]` on. */
function writeRunsBody(writer: ByteWriter, values: Int32Array, starts: Int32Array, runCount: number): void {
  let exceptionCount = 0;
  for (let run = 1; run < runCount; run++) if (values[run] !== values[run - 1]) exceptionCount++;
  writer.u8(IntForm.delta);
  writer.signed(values[0]!);
  writer.signed(0);
  writer.u8(0);
  writer.unsigned(exceptionCount);
  let last = 0;
  for (let run = 1; run < runCount; run++) {
    const delta = values[run]! - values[run - 1]!;
    if (delta === 0) continue;
    const row = starts[run]!;
    writer.unsigned(row - last);
    writer.signed(delta);
    last = row;
  }
}
