/**
 * Entries of indexes held back in a write transaction, to be put in (or taken out) sorted, leaf by leaf, many at once: what
 * comes in random order costs a descent and a move of half a leaf each, what comes sorted a share of one walk.
 *
 * I1  Whoever looks at the tree has them applied first (HeldChanges): nobody can tell that they were held.
 * I2  Only trees whose columns are all ascending integers or texts that are the key, and only rows without NULLs, integers within
 *     2^53 and keys surely short enough. An entry that is there already, or is gone already, is passed over.
 * I3  The last word on a key stays the last: of a key that came and went in a run only that is applied, and an entry that cannot
 *     be held has the run applied before it.
 * I4  Where runs end short (the transaction reads the index between its writes) entries go straight in for a while.
 * I5  A run that cannot be applied ends the transaction: its statements have been reported done.
 */
import { NO_PAGE, type PageNo } from '../base/ids.ts';
import { keepShape } from '../base/kept-shapes.ts';
import type { HeldChanges, WriteView } from '../txn/page-view.ts';
import { compareText } from '../types/text-order.ts';
import { type Datum, Physical } from '../types/vector.ts';
import { keyBytesMax } from './row-fit.ts';
import { sortKeyRows } from './sort-key-rows.ts';
import { deleteSorted, insertSorted, type SortedEntries } from './sorted-changes.ts';
import { Tree } from './tree.ts';

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
  count = 0;
  private deletes = 0;
  /** Twice an entry's place in the run, and 1 where it is deleted. */
  private order: Float64Array = new Float64Array(0);
  directLeft = DIRECT_AT_START;
  /** Of each integer column its values, of each text column the numbers of its texts. */
  columns: Float64Array[];
  /** By column; null for integers. */
  readonly texts: readonly (HeldTexts | null)[];
  private readonly keyBytesMax: number;

  constructor(tree: Tree, payloadBytes: number) {
    this.tree = tree;
    this.canHold = isHoldable(tree);
    this.columns = [];
    this.texts = tree.schema.leaf.map(({ physical }) =>
      physical === Physical.text ? new HeldTexts() : null,
    );
    this.keyBytesMax = keyBytesMax(payloadBytes);
  }

  /** I2. */
  accepts(entry: readonly Datum[]): boolean {
    const { texts } = this;
    let bytes = 0;
    for (let i = 0; i < entry.length; i++) {
      const value = entry[i];
      if (texts[i] === null) {
        if (typeof value !== 'number') return false;
      } else {
        if (typeof value !== 'string') return false;
        bytes += value.length * 3;
      }
    }
    return bytes <= this.keyBytesMax;
  }

  add(entry: readonly Datum[], isDelete: boolean): void {
    const { count: at, texts } = this;
    if (this.columns.length === 0 || at === this.columns[0]!.length) this.grow(entry.length);
    for (let i = 0; i < entry.length; i++) {
      const list = texts[i]!;
      this.columns[i]![at] = list === null ? (entry[i] as number) : list.numberOf(entry[i] as string);
    }
    this.order[at] = isDelete ? at * 2 + 1 : at * 2;
    if (isDelete) this.deletes++;
    this.count = at + 1;
  }

  private grow(width: number): void {
    const capacity = this.count === 0 ? RUN_ENTRIES_FIRST : this.count * 4;
    const columns: Float64Array[] = [];
    for (let i = 0; i < width; i++) columns.push(grown(this.columns[i], capacity));
    this.columns = columns;
    this.order = grown(this.order, capacity);
  }

  /** What is to be taken out and put in, each ascending; the run is then empty. */
  take(): { readonly deleted: Rows; readonly inserted: Rows } {
    const { count, deletes, columns, texts } = this;
    this.count = 0;
    this.deletes = 0;
    const ranked = columns.map((values, i) => texts[i]?.ranks(values, count) ?? values);
    let deleted: Rows = noRows;
    let inserted: Rows = noRows;
    if (deletes === 0) inserted = { columns: sortKeyRows(ranked, count), count };
    else if (deletes === count) deleted = { columns: sortKeyRows(ranked, count), count };
    else [deleted, inserted] = lastWords(sortKeyRows([...ranked, this.order], count), count);
    const withTexts = (rows: Rows): Rows => ({
      columns: rows.columns.map(
        (values, i) => texts[i]?.textsOf(values as Float64Array, rows.count) ?? values,
      ),
      count: rows.count,
    });
    const taken = { deleted: withTexts(deleted), inserted: withTexts(inserted) };
    for (const list of texts) list?.clear();
    return taken;
  }
}

interface Rows {
  readonly columns: SortedEntries;
  readonly count: number;
}

const noRows: Rows = { columns: [], count: 0 };

function grown(values: Float64Array | undefined, capacity: number): Float64Array {
  const larger = new Float64Array(capacity);
  if (values !== undefined) larger.set(values);
  return larger;
}

/** Of sorted keys with their order behind them the last of each key: those deleted, and those inserted. */
function lastWords(sorted: readonly Float64Array[], count: number): [Rows, Rows] {
  const width = sorted.length - 1;
  const order = sorted[width]!;
  const kinds = [0, 1].map(() => ({
    columns: Array.from({ length: width }, () => new Float64Array(count)),
    count: 0,
  }));
  for (let row = 0; row < count; row++) {
    let c = 0;
    if (row + 1 < count) while (c < width && sorted[c]![row] === sorted[c]![row + 1]) c++;
    // Its key comes again.
    if (c === width) continue;
    const kind = kinds[order[row]! % 2]!;
    for (let i = 0; i < width; i++) kind.columns[i]![kind.count] = sorted[i]![row]!;
    kind.count++;
  }
  return [kinds[1]!, kinds[0]!];
}

/** The distinct texts of one column of a run: entries hold their numbers, so that they sort as integers do. */
class HeldTexts {
  private numbers: Map<string, number> = new Map();
  private texts: string[] = [];

  numberOf(text: string): number {
    const known = this.numbers.get(text);
    if (known !== undefined) return known;
    const number = this.texts.length;
    this.numbers.set(text, number);
    this.texts.push(text);
    return number;
  }

  /** The numbers as places in the order of texts, which the texts then have. */
  ranks(values: Float64Array, count: number): Float64Array {
    const { texts } = this;
    const ordered = texts.slice().sort(compareText);
    const rankOf = new Int32Array(texts.length);
    for (let rank = 0; rank < ordered.length; rank++) rankOf[this.numbers.get(ordered[rank]!)!] = rank;
    const ranks = new Float64Array(count);
    for (let i = 0; i < count; i++) ranks[i] = rankOf[values[i]!]!;
    this.texts = ordered;
    return ranks;
  }

  /** Texts by their ranks. */
  textsOf(ranks: Float64Array, count: number): string[] {
    const { texts } = this;
    const values: string[] = [];
    for (let i = 0; i < count; i++) values.push(texts[ranks[i]!]!);
    return values;
  }

  clear(): void {
    this.numbers = new Map();
    this.texts = [];
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

  static {
    const sample = new HeldEntries({} as WriteView);
    sample.last = new HeldRun(
      new Tree(NO_PAGE, { columns: [{ physical: Physical.text }], keyCount: 1 }, ''),
      0,
    );
    keepShape(sample);
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
    if (run.directLeft > 0) {
      run.directLeft--;
      return false;
    }
    if (!run.accepts(entry)) {
      this.apply(run);
      return false;
    }
    run.add(entry, isDelete);
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
      run = new HeldRun(tree, this.view.payloadBytes);
      this.runs.set(tree.root, run);
    }
    this.last = run;
    return run;
  }

  private apply(run: HeldRun): void {
    const { count, tree } = run;
    if (count === 0) return;
    if (count < SHORT_RUN) run.directLeft = DIRECT_AFTER_SHORT;
    try {
      // The run is empty from here on: what follows looks at the tree itself.
      const { deleted, inserted } = run.take();
      if (deleted.count > 0) deleteSorted(tree, this.view, deleted.columns, deleted.count);
      if (inserted.count > 0) insertSorted(tree, this.view, inserted.columns, inserted.count);
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
        (physical === Physical.int32 || physical === Physical.int64 || physical === Physical.text) &&
        descending !== true,
    )
  );
}
