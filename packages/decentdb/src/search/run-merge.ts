/**
 * Merging the notes of a search index into its postings, a slice at a time.
 *
 *     live run --freeze--> frozen run: [ prepare -> apply ... apply -> drop notes ] part by part --> nothing is being merged
 *
 * A part is as many of the run's rows as memory is meant for. What its rows change is worked out and sorted in memory (prepare), then
 * applied in order of the postings' keys, so that a leaf is written once for all the rows that touch it; then its notes go.
 *
 * I1  A row is noted until all its postings are merged. Queries test noted rows themselves, whatever postings say of them: answers are
 *     the scan's between any two slices.
 * I2  What a part does follows from what is stored: notes of the frozen run, texts of its rows as of the freezing (note-tree.ts, I3), and
 *     its last row. How far it has come is stored by the transaction that went there. So a slice may be lost (rollback, crash)
 *     or be made by another process; what is kept in memory only saves the preparing.
 * I3  A part is prepared from runs frozen by earlier transactions alone: its number (run, part) means the same notes until a run of
 *     that number is frozen again, which forgets it. (Commits of a group may be lost after others were built on them.)
 * I4  Postings up to `after` are those of the rows as of the freezing, those behind it as of the merge before.
 */
import { assert } from '../base/assert.ts';
import type { WriteView } from '../txn/page-view.ts';
import type { MergeState, Note, NoteTree, PostingKey } from './note-tree.ts';
import type { PostingChanges, ValuesOf } from './posting-changes.ts';

/** Rows looked at in one go. */
const PREPARED_ROWS = 64;
const DROPPED_ROWS = 256;
/** Parts of the whole work. */
const PREPARE_PART = 0.15;
const APPLY_PART = 0.75;
const DROP_PART = 0.1;

/** A part of a run in memory. */
interface Part {
  readonly run: number;
  readonly batch: number;
  /** Rows the whole run has, about. */
  readonly runRows: number;
  readonly changes: PostingChanges;
  rows: number;
  last: number | null;
  isPrepared: boolean;
  /** Fewest changes worth applying together. */
  least: number;
}

export class RunMerge {
  private readonly notes: NoteTree;
  private readonly newChanges: () => PostingChanges;
  /** Leaves of the postings. */
  private readonly leavesOf: (view: WriteView) => number;
  private part: Part | null = null;
  /** Work that is due, too little to be worth a slice. */
  private due = 0;
  private readonly frozenBy: WeakSet<WriteView> = new WeakSet();

  constructor(notes: NoteTree, newChanges: () => PostingChanges, leavesOf: (view: WriteView) => number) {
    this.notes = notes;
    this.newChanges = newChanges;
    this.leavesOf = leavesOf;
  }

  /** What was noted so far is to be merged; nothing is being merged yet. */
  freeze(view: WriteView): void {
    const { run, isMerging } = this.notes.state(view);
    assert(!isMerging, 'one run is merged after the other');
    this.due = 0;
    // A run of that number may have been prepared whose freezing was lost with its group.
    this.part = null;
    this.frozenBy.add(view);
    this.notes.setState(view, {
      run: run + 1,
      isMerging: true,
      batch: 0,
      upTo: null,
      after: null,
      isApplied: false,
    });
  }

  /** Whether a transaction froze the run itself: then others merge it (I3). */
  isFrozenBy(view: WriteView): boolean {
    return this.frozenBy.has(view);
  }

  /** Goes on with the frozen run by a part of the work it is, 1 and more: to its end. Whether it is merged. */
  advance(view: WriteView, valuesOf: ValuesOf, share: number): boolean {
    assert(!this.frozenBy.has(view), 'what a transaction froze is merged by others');
    this.due = Math.min(1, this.due + share);
    const isAll = share >= 1;
    for (;;) {
      const state = this.notes.state(view);
      if (!state.isMerging) return true;
      if (!isAll && this.due <= 0) return false;
      const spent = state.isApplied
        ? this.drop(view, state)
        : this.prepareOrApply(view, valuesOf, state, isAll);
      if (spent === 0) return false;
      this.due = Math.max(0, this.due - spent);
      if (isAll) view.relieve();
    }
  }

  private prepareOrApply(view: WriteView, valuesOf: ValuesOf, state: MergeState, isAll: boolean): number {
    const part = this.partOf(view, state);
    if (!part.isPrepared) return this.prepare(view, part, valuesOf, state);
    return this.apply(view, part, state, isAll);
  }

  /** I3. */
  private partOf(view: WriteView, { run, batch }: MergeState): Part {
    const { part } = this;
    if (part !== null && part.run === run && part.batch === batch) return part;
    const runRows = Math.max(1, this.notes.countOf(view, run));
    const changes = this.newChanges();
    this.part = { run, batch, runRows, changes, rows: 0, last: null, isPrepared: false, least: 1 };
    return this.part;
  }

  /** Looks at some more rows. */
  private prepare(view: WriteView, part: Part, valuesOf: ValuesOf, { upTo }: MergeState): number {
    const { changes } = part;
    const found = this.notes.take(view, part.run, part.last, PREPARED_ROWS);
    const notes = upTo === null ? found : found.filter(({ rowId }) => rowId <= upTo);
    const values = this.frozenValues(view, part.run, notes, valuesOf);
    // Where the part ends was decided by who began to apply it.
    let used = addRows(changes, notes, values, upTo !== null);
    const last = notes[used - 1];
    if (last !== undefined) part.last = last.rowId;
    part.rows += used;
    const isEnd = found.length < PREPARED_ROWS || notes.length < found.length;
    if (isEnd || used < notes.length || (upTo === null && changes.isFull)) {
      changes.sort();
      part.isPrepared = true;
      part.least = Math.ceil((2 * changes.count) / Math.max(1, this.leavesOf(view)));
    }
    used = Math.max(1, used);
    return (PREPARE_PART * used) / part.runRows;
  }

  /** Values of noted rows as of the freezing. */
  private frozenValues(
    view: WriteView,
    run: number,
    notes: readonly Note[],
    valuesOf: ValuesOf,
  ): ReturnType<ValuesOf> {
    const later = notes.map(({ rowId }) => this.notes.textsOf(view, run + 1, rowId));
    const now = valuesOf(
      Float64Array.from(
        notes.filter((_, i) => later[i] === null),
        ({ rowId }) => rowId,
      ),
    );
    let at = 0;
    return later.map((texts) => (texts === null ? (now[at++] ?? null) : texts));
  }

  private apply(view: WriteView, part: Part, state: MergeState, isAll: boolean): number {
    const { changes, rows, runRows } = part;
    const workOfAll = APPLY_PART * (rows / Math.max(rows, runRows));
    // A slice that was rolled back is to be made again.
    if (!isSameKey(changes.after, state.after)) changes.skipTo(state.after);
    const rest = changes.count - changes.applied;
    const wanted = isAll || rest === 0 ? rest : Math.floor((this.due / workOfAll) * changes.count);
    if (wanted < Math.min(part.least, rest)) return 0;
    const before = changes.applied;
    changes.apply(view, wanted);
    const isApplied = changes.applied === changes.count;
    this.notes.setState(view, { ...state, upTo: part.last, after: changes.after, isApplied });
    return Math.max(Number.MIN_VALUE, workOfAll * ((changes.applied - before) / Math.max(1, changes.count)));
  }

  /** Forgets notes of rows that are merged, and at last the part. */
  private drop(view: WriteView, state: MergeState): number {
    const { run, batch, upTo } = state;
    const found = this.notes.take(view, run, null, DROPPED_ROWS);
    const merged = found.filter(({ rowId }) => upTo !== null && rowId <= upTo);
    for (const { rowId } of merged) this.notes.remove(view, run, rowId);
    const runRows = this.part?.run === run ? this.part.runRows : 1;
    if (merged.length < found.length) {
      this.notes.setState(view, { ...state, batch: batch + 1, upTo: null, after: null, isApplied: false });
    } else if (found.length < DROPPED_ROWS) {
      this.notes.setState(view, {
        run,
        isMerging: false,
        batch: 0,
        upTo: null,
        after: null,
        isApplied: false,
      });
      this.part = null;
    }
    return (DROP_PART * Math.max(1, merged.length)) / runRows;
  }

  /**
   * Merges up to `rowsMax` rows of the live run in one go; none is frozen. Returns how many there were: fewer than `rowsMax` means
   * that nothing is left.
   */
  mergeLive(view: WriteView, valuesOf: ValuesOf, rowsMax: number): number {
    const state = this.notes.state(view);
    assert(!state.isMerging, 'the frozen run comes first');
    const run = state.run + 1;
    let merged = 0;
    while (merged < rowsMax) {
      const changes = this.newChanges();
      const rows: number[] = [];
      for (;;) {
        const most = Math.min(PREPARED_ROWS * 16, rowsMax - merged - rows.length);
        const notes = most === 0 ? [] : this.notes.take(view, run, rows[rows.length - 1] ?? null, most);
        const used = addRows(changes, notes, valuesOf(Float64Array.from(notes, ({ rowId }) => rowId)));
        for (let i = 0; i < used; i++) rows.push(notes[i]!.rowId);
        if (used < most || most === 0 || changes.isFull) break;
      }
      if (rows.length === 0) break;
      changes.sort();
      while (changes.applied < changes.count) {
        changes.apply(view, 1 << 16);
        view.relieve();
      }
      for (const rowId of rows) this.notes.remove(view, run, rowId);
      merged += rows.length;
      view.relieve();
    }
    return merged;
  }
}

/** Returns how many rows there was room for. */
function addRows(
  changes: PostingChanges,
  notes: readonly Note[],
  values: ReturnType<ValuesOf>,
  isAll = false,
): number {
  let used = 0;
  for (; used < notes.length && (isAll || !changes.isFull); used++) {
    const { rowId, before } = notes[used]!;
    changes.addRow(rowId, before, values[used] ?? null);
  }
  return used;
}

function isSameKey(a: PostingKey | null, b: PostingKey | null): boolean {
  if (a === null || b === null) return a === b;
  return a[0] === b[0] && a[1] === b[1] && a[2] === b[2];
}
