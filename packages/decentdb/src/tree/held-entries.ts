/**
 * Entries of indexes held back in a write transaction, to be put in (or taken out) sorted, leaf by leaf, many at once: what
 * comes in random order costs a descent and a move of half a leaf each, what comes sorted a share of one walk.
 *
 * I1  Whoever looks at the tree has them applied first (HeldChanges): nobody can tell that they were held.
 * I2  Only trees whose columns are all ascending integers that are the key, and only rows without NULLs and within 2^53. An entry
 *     that is there already, or is gone already, is passed over.
 * I3  A run is of one kind. An entry of the other kind, and any entry that cannot be held, has the run applied before it, so
 *     that the last word on a key stays the last.
 * I4  Where runs end short (the transaction reads the index between its writes) entries go straight in for a while.
 * I5  A run that cannot be applied ends the transaction: its statements have been reported done.
 */
import type { PageNo } from '../base/ids.ts';
import type { HeldChanges, WriteView } from '../txn/page-view.ts';
import { type Datum, Physical, type Vector } from '../types/vector.ts';
import { sortKeyRows } from './sort-key-rows.ts';
import { deleteSorted, insertSorted } from './sorted-changes.ts';
import type { Tree } from './tree.ts';

/** Entries of a run at most. */
const RUN_ENTRIES_MAX = 64 * 1024;
const RUN_ENTRIES_FIRST = 256;
/** A run shorter than this was not worth it. */
const SHORT_RUN = 48;
/** Entries that go straight in after a short run, and at the start of a transaction. */
const DIRECT_AFTER_SHORT = 512;
const DIRECT_AT_START = 32;

class HeldRun {
  readonly tree: Tree;
  readonly canHold: boolean;
  isDelete = false;
  count = 0;
  directLeft = DIRECT_AT_START;
  columns: Float64Array[];

  constructor(tree: Tree) {
    this.tree = tree;
    this.canHold = isHoldable(tree);
    this.columns = [];
  }

  /** I2. */
  accepts(entry: readonly Datum[]): boolean {
    for (let i = 0; i < entry.length; i++) if (typeof entry[i] !== 'number') return false;
    return true;
  }

  add(entry: readonly Datum[]): void {
    const at = this.count;
    if (this.columns.length === 0 || at === this.columns[0]!.length) this.grow(entry.length);
    for (let i = 0; i < entry.length; i++) this.columns[i]![at] = entry[i] as number;
    this.count = at + 1;
  }

  private grow(width: number): void {
    const capacity = this.count === 0 ? RUN_ENTRIES_FIRST : this.count * 4;
    const columns: Float64Array[] = [];
    for (let i = 0; i < width; i++) {
      const grown = new Float64Array(capacity);
      if (this.count > 0) grown.set(this.columns[i]!);
      columns.push(grown);
    }
    this.columns = columns;
  }
}

export class HeldEntries implements HeldChanges {
  private readonly view: WriteView;
  private readonly runs: Map<PageNo, HeldRun> = new Map();
  /** The run looked up last. */
  private last: HeldRun | null = null;

  private constructor(view: WriteView) {
    this.view = view;
  }

  /** The entries held in a view, which may be none; null when the view does not know of held changes. */
  static of(view: WriteView): HeldEntries | null {
    if (view.held instanceof HeldEntries) return view.held;
    if (view.held !== null) return null;
    const held = new HeldEntries(view);
    view.held = held;
    return held;
  }

  /** Holds an entry to be inserted or deleted. False: the caller makes the change itself, now. */
  hold(tree: Tree, entry: readonly Datum[], isDelete: boolean): boolean {
    const run = this.last !== null && this.last.tree === tree ? this.last : this.runOf(tree);
    if (!run.canHold) return false;
    if (run.count > 0 && run.isDelete !== isDelete) this.apply(run);
    if (run.directLeft > 0) {
      run.directLeft--;
      return false;
    }
    if (!run.accepts(entry)) {
      this.apply(run);
      return false;
    }
    run.isDelete = isDelete;
    run.add(entry);
    if (run.count >= RUN_ENTRIES_MAX) this.apply(run);
    return true;
  }

  applyTo(root: PageNo): void {
    const run = this.runs.get(root);
    if (run !== undefined && run.count > 0) this.apply(run);
  }

  applyAll(): void {
    for (const run of this.runs.values()) if (run.count > 0) this.apply(run);
  }

  private runOf(tree: Tree): HeldRun {
    let run = this.runs.get(tree.root);
    if (run === undefined || run.tree !== tree) {
      // A definition made anew has a tree object of its own over the same pages.
      if (run !== undefined && run.count > 0) this.apply(run);
      run = new HeldRun(tree);
      this.runs.set(tree.root, run);
    }
    this.last = run;
    return run;
  }

  private apply(run: HeldRun): void {
    const { count, columns, tree } = run;
    if (count === 0) return;
    // Empty from here on: what follows looks at the tree itself.
    run.count = 0;
    if (count < SHORT_RUN) run.directLeft = DIRECT_AFTER_SHORT;
    try {
      const sorted = sortKeyRows(columns, count);
      if (run.isDelete) deleteSorted(tree, this.view, sorted, count);
      else insertSorted(tree, this.view, vectorsOf(tree, sorted), count);
    } catch (error) {
      this.view.doom?.(error);
      throw error;
    }
  }
}

function isHoldable(tree: Tree): boolean {
  const { leaf, keyCount } = tree.schema;
  return (
    leaf.length === keyCount &&
    leaf.every(
      ({ physical, descending }) =>
        (physical === Physical.int32 || physical === Physical.int64) && descending !== true,
    )
  );
}

function vectorsOf(tree: Tree, columns: readonly Float64Array[]): Vector[] {
  return columns.map((values, i): Vector => {
    const { physical } = tree.schema.leaf[i]!;
    return physical === Physical.int32
      ? { physical, values: Int32Array.from(values), nulls: null }
      : { physical: Physical.int64, values, nulls: null };
  });
}
