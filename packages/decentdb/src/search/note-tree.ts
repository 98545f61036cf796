/**
 * Notes of rows that changed since they were last merged into the postings of a search index: one small row each, whatever the
 * length of its texts.
 *
 *     (run, row id | old text of each column)      run -1, row 0: how far the merge is (MergeState)
 *
 * Changes are noted in the live run. A merge freezes it and works on it slice by slice, while changes go to the next one.
 *
 * I1  The first note of a row in a run counts: it keeps the row's texts from before (NULLs for a row that was not in the index).
 * I2  At most two runs have notes: the frozen one, if there is one, and the live one behind it. Run numbers never come again.
 * I3  Texts of a frozen row as of the freezing are those of its note in the live run; where it has none, it did not change since.
 * I4  Indexes made before there were runs have notes (row id | texts): one live run, which is merged in one go.
 */
import { assert } from '../base/assert.ts';
import { corruptedNode } from '../tree/byte-reader.ts';
import type { TreeSchema } from '../tree/node-schema.ts';
import { estimateRange, estimateRows } from '../tree/range-estimate.ts';
import type { Tree } from '../tree/tree.ts';
import { type KeyRange, TreeCursor } from '../tree/tree-cursor.ts';
import { fetchRoot } from '../tree/tree-descent.ts';
import { TreePosition } from '../tree/tree-position.ts';
import type { ReadView, WriteView } from '../txn/page-view.ts';
import { type Datum, type Int64Vector, Physical, type TextVector } from '../types/vector.ts';
import { collectRowIds, leafCount } from './tree-reading.ts';
import { NO_ROWS, type RowSet, union } from './trigram/row-set.ts';

/** A note copies its leaf: small ones keep commits cheap. */
const NOTE_LEAF_ROWS = 128;
const STATE_RUN = -1;
const STATE_KEY: readonly Datum[] = [STATE_RUN, 0];

/** Texts of the indexed columns of one row. */
export type RowTexts = readonly (string | null)[];

/** A noted row with its texts from before. */
export interface Note {
  readonly rowId: number;
  readonly before: RowTexts;
}

/** Key of a posting: column, trigram or lexeme, row id. */
export type PostingKey = readonly [number, number | string, number];

/** How far a merge is; see run-merge.ts. */
export interface MergeState {
  /** Number of the frozen run; the last one there was when nothing is being merged. */
  readonly run: number;
  readonly isMerging: boolean;
  /** Which part of the run is at hand. */
  readonly batch: number;
  /** Last row of that part; null while no posting of it is merged. */
  readonly upTo: number | null;
  /** The last posting of the part that is merged. */
  readonly after: PostingKey | null;
  /** All of them are: what remains are its notes. */
  readonly isApplied: boolean;
}

const NEW_STATE: MergeState = {
  run: 0,
  isMerging: false,
  batch: 0,
  upTo: null,
  after: null,
  isApplied: false,
};

/** Null for what no merge wrote. */
function readState(text: Datum): MergeState | null {
  try {
    const state = JSON.parse(text as string) as MergeState;
    const isWhole =
      Number.isSafeInteger(state.run) &&
      Number.isSafeInteger(state.batch) &&
      typeof state.isMerging === 'boolean' &&
      typeof state.isApplied === 'boolean' &&
      (state.upTo === null || Number.isSafeInteger(state.upTo)) &&
      (state.after === null || isPostingKey(state.after));
    return isWhole ? state : null;
  } catch {
    return null;
  }
}

function isPostingKey(value: unknown): boolean {
  if (!Array.isArray(value) || value.length !== 3) return false;
  const [column, code, rowId] = value as unknown[];
  const isCode = typeof code === 'string' || Number.isSafeInteger(code);
  return Number.isSafeInteger(column) && isCode && Number.isSafeInteger(rowId);
}

/** Schema of the notes of an index on so many columns. */
export function noteSchema(columnCount: number, hasRuns: boolean): TreeSchema {
  const texts = Array.from({ length: columnCount }, () => ({ physical: Physical.text }));
  const row = { physical: Physical.int64 };
  return hasRuns
    ? { columns: [{ physical: Physical.int32 }, row, ...texts], keyCount: 2, rowsMax: NOTE_LEAF_ROWS }
    : { columns: [row, ...texts], keyCount: 1, rowsMax: NOTE_LEAF_ROWS };
}

/** What a transaction noted: the run its notes go to, and how many there are. */
interface Noted {
  epoch: number;
  run: number;
  count: number;
}

export class NoteTree {
  readonly tree: Tree;
  readonly hasRuns: boolean;
  readonly columnCount: number;
  private readonly position: TreePosition = new TreePosition();
  private readonly noted: WeakMap<WriteView, Noted> = new WeakMap();

  constructor(tree: Tree) {
    this.tree = tree;
    this.hasRuns = tree.schema.keyCount === 2;
    this.columnCount = tree.schema.leaf.length - tree.schema.keyCount;
  }

  /** How many columns stand before the texts. */
  private get textsFrom(): number {
    return this.hasRuns ? 2 : 1;
  }

  private key(run: number, rowId: number): Datum[] {
    return this.hasRuns ? [run, rowId] : [rowId];
  }

  private rangeOf(run: number): KeyRange {
    const key = this.hasRuns ? [run] : null;
    return { lower: key, lowerInclusive: true, upper: key, upperInclusive: true };
  }

  state(view: ReadView): MergeState {
    if (!this.hasRuns || !this.tree.get(view, STATE_KEY, this.position)) return NEW_STATE;
    const { leaf, index } = this.position;
    const state = readState(this.tree.datum(view, leaf!, index, 2));
    if (state === null)
      throw corruptedNode(leaf!.pageNo, 'how far the merge of a search index is cannot be read');
    return state;
  }

  setState(view: WriteView, state: MergeState): void {
    assert(this.hasRuns, 'notes without runs have no state');
    const texts = Array.from({ length: this.columnCount }, (_, i) =>
      i === 0 ? JSON.stringify(state) : null,
    );
    this.tree.delete(view, STATE_KEY);
    this.tree.insert(view, [...STATE_KEY, ...texts]);
    // Notes to come may belong to another run.
    const noted = this.noted.get(view);
    if (noted !== undefined) noted.epoch = Number.NaN;
  }

  /** The run that changes are noted in. */
  liveRun(view: ReadView): number {
    return this.state(view).run + 1;
  }

  /** Notes that a row is about to change; `before` are its texts now, all null when it is new to the index. I1. */
  add(view: WriteView, rowId: number, before: RowTexts): void {
    let noted = this.noted.get(view);
    if (noted === undefined) {
      noted = { epoch: Number.NaN, run: 0, count: 0 };
      this.noted.set(view, noted);
    }
    // A savepoint gone back to may have undone what gave the run its number.
    if (noted.epoch !== view.epoch) {
      noted.run = this.liveRun(view);
      noted.epoch = view.epoch;
    }
    const key = this.key(noted.run, rowId);
    if (this.tree.get(view, key, this.position)) return;
    this.tree.insert(view, [...key, ...before]);
    noted.count++;
  }

  /** How many notes a transaction made, those it undid included. */
  notedBy(view: WriteView): number {
    return this.noted.get(view)?.count ?? 0;
  }

  remove(view: WriteView, run: number, rowId: number): void {
    this.tree.delete(view, this.key(run, rowId));
  }

  /** About how many notes there are. */
  count(view: ReadView): number {
    const rows = estimateRows(this.tree, view);
    return rows > 0 && this.hasState(view) ? rows - 1 : rows;
  }

  private hasState(view: ReadView): boolean {
    return this.hasRuns && this.tree.get(view, STATE_KEY, this.position);
  }

  /** About how many notes a run has. */
  countOf(view: ReadView, run: number): number {
    return this.hasRuns ? estimateRange(this.tree, view, this.rangeOf(run)) : this.count(view);
  }

  /** Room they take: whole leaves. */
  bytes(view: ReadView): number {
    return this.count(view) === 0 ? 0 : leafCount(this.tree, view) * view.payloadBytes;
  }

  /** All noted rows, ascending. Some of them may be gone. */
  ids(view: ReadView): RowSet {
    // Most often nothing is noted, and whoever asks wants to know just that.
    const root = fetchRoot(this.tree, view);
    if (root.level === 0 && (root.count === 0 || (root.count === 1 && this.hasState(view)))) return NO_ROWS;
    const { run, isMerging } = this.state(view);
    const live = this.idsOf(view, run + 1);
    return isMerging ? union(this.idsOf(view, run), live) : live;
  }

  private idsOf(view: ReadView, run: number): RowSet {
    const cursor = new TreeCursor(this.tree, view);
    cursor.seek(this.rangeOf(run));
    return collectRowIds(cursor, this.textsFrom - 1);
  }

  /** The first notes of a run behind row `after`, in order of their rows. */
  take(view: ReadView, run: number, after: number | null, rowsMax: number): Note[] {
    const cursor = new TreeCursor(this.tree, view);
    const range = this.rangeOf(run);
    cursor.seek(after === null ? range : { ...range, lower: this.key(run, after), lowerInclusive: false });
    const { textsFrom } = this;
    const notes: Note[] = [];
    while (notes.length < rowsMax && cursor.next()) {
      const ids = cursor.vector(textsFrom - 1) as Int64Vector;
      const texts = Array.from(
        { length: this.columnCount },
        (_, i) => cursor.vector(i + textsFrom) as TextVector,
      );
      for (let row = cursor.from; row < cursor.to && notes.length < rowsMax; row++) {
        const before = texts.map(({ values, nulls }) => (nulls?.[row] === 1 ? null : values[row]!));
        notes.push({ rowId: Number(ids.values[row]), before });
      }
    }
    return notes;
  }

  /** The texts a run has for a row; null when it has no note of it. */
  textsOf(view: ReadView, run: number, rowId: number): RowTexts | null {
    if (!this.tree.get(view, this.key(run, rowId), this.position)) return null;
    const { leaf, index } = this.position;
    const { textsFrom } = this;
    return Array.from(
      { length: this.columnCount },
      (_, i) => this.tree.datum(view, leaf!, index, i + textsFrom) as string | null,
    );
  }

  /** Forgets all notes. */
  truncate(view: WriteView): void {
    const { run } = this.state(view);
    this.tree.truncate(view);
    if (this.hasRuns) this.setState(view, { ...NEW_STATE, run: run + 1 });
  }
}
