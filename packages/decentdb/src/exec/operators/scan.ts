/**
 * Rows of a table: through its tree, an index and the tree, or an index alone.
 *
 * I1  Ranges are read one after the other in tree order (backward: from the last); `ordered` scans keep that order.
 * I3  Leaves whose zones rule the filter out are passed over undecoded (not while rows are sampled: chance counts them all).
 * I4  A chunked scan gathers the rows of several leaves, those that pass the filter; its first batch is small, for whoever wants
 *     few. Under a view that writes leaves come one by one: places in them would not stay good.
 * I5  Where the filter asks for a run of characters, leaves are searched for it first; the rest of the filter sees the rows found. Where
 *     joins above look for few rows of a leaf, those alone are searched.
 * I6  A row the filter fails for fails when it is asked for (failing-row.ts).
 * I7  Where the reader keeps nothing of a batch, leaves may pass by (tree-cursor.ts I5): a chunk ends before the first of them goes.
 * I2  An unordered index scan fetches rows by ascending row id, a batch at a time.
 */
import { assert } from '../../base/assert.ts';
import { storedPosition } from '../../catalog/schema.ts';
import type { Tree } from '../../tree/tree.ts';
import { TreeCursor, type KeyRange as TreeRange, WHOLE_TREE } from '../../tree/tree-cursor.ts';
import { isWriteView, type ReadView } from '../../txn/page-view.ts';
import type { Datum } from '../../types/vector.ts';
import { BATCH_ROWS, type Batch } from '../batch.ts';
import type { FilterProgram } from '../compile/filter-program.ts';
import type { ExecContext } from '../context.ts';
import {
  FEW_SHARE,
  type KeyFilter,
  runFilters,
  runLeafFilters,
  type SlotFilter,
} from '../join/key-filter.ts';
import type { ScanNode } from '../physical.ts';
import { ChunkMemory } from '../storage/chunk-memory.ts';
import { treeRanges } from '../storage/key-ranges.ts';
import { foundBatch, type LeafColumn, leafBatch } from '../storage/leaf-batch.ts';
import { type LeafRowColumns, LeafRows } from '../storage/leaf-rows.ts';
import { RowFetcher } from '../storage/row-fetcher.ts';
import { indexPosition, indexTree, tableTree } from '../storage/stored-trees.ts';
import { type SearchSplit, searchSplit, TextSearch } from '../storage/text-search.ts';
import { ZoneFilter, zoneTests } from '../storage/zone-filter.ts';
import { datumAt } from '../vectors.ts';
import { FailingRow } from './failing-row.ts';
import { filterProgram, type Operator } from './operator.ts';
import { Sampler } from './sampler.ts';

/** Rows of a chunked scan's first batch at least, and of its later ones. */
const FIRST_CHUNK_ROWS = 64;
const CHUNK_ROWS = BATCH_ROWS;
/** I7: lanes of passing leaves for a scan that makes chunks; others look at one leaf at a time. */
const CHUNK_LANES = 8;

export class ScanOperator implements Operator {
  private readonly node: ScanNode;
  private readonly tree: Tree;
  private readonly columns: readonly LeafColumn[];
  private readonly filter: FilterProgram | null;
  /** I5: the filter in two, and what is left of it behind a search. */
  private readonly split: SearchSplit | null;
  private readonly rest: FilterProgram | null;
  private search: TextSearch | null = null;
  /** What the leaf at hand has yet to be asked. */
  private asked: FilterProgram | null;
  private context!: ExecContext;
  private cursor!: TreeCursor;
  private ranges: TreeRange[] = [];
  private range = 0;
  private isRangeOpen = false;
  private isPiece = false;
  private fetcher: RowFetcher | null = null;
  private sampler: Sampler | null = null;
  private readonly zoneTests: ReturnType<typeof zoneTests>;
  private zones: ZoneFilter | null = null;
  /** I4: what gathered rows are made of, and how many the next batch takes; null: leaves come one by one. */
  private chunks: LeafRowColumns | null = null;
  private chunkRows = FIRST_CHUNK_ROWS;
  /** I7: where the walk was when the chunk at hand got its first rows; -1: it has none. */
  private heldLane = -1;
  /** Where chunks are made, if their reader keeps nothing, and where rows of a leaf that pass are noted until they are in one. */
  private memory: ChunkMemory | null = null;
  private room: Int32Array | null = null;
  /** The same for rows that joins above may have use for, before the filter sees them. */
  private keyRoom: Int32Array | null = null;
  /** Keys that joins above look for; the tree is ordered by the column at `keySlot`, -1 where it is not read. */
  private filters: SlotFilter[] = [];
  private readonly keySlot: number;
  private readonly failing: FailingRow = new FailingRow();
  /** Rows filtered out, for EXPLAIN ANALYZE. */
  removed = 0;

  constructor(node: ScanNode) {
    this.node = node;
    const { table, index, path } = node;
    assert((index === null) === (path === 'table'), 'an index path names its index');
    this.tree = index === null ? tableTree(table) : indexTree(table, index);
    this.columns = path === 'index' ? [{ position: this.tree.schema.leaf.length - 1 }] : leafColumns(node);
    this.keySlot =
      path === 'index'
        ? -1
        : this.columns.findIndex((column) => !('value' in column) && column.position === 0);
    this.filter = node.filter === null ? null : filterProgram(node.filter);
    this.asked = this.filter;
    const split = path === 'index' || node.sample !== null ? null : searchSplit(node.filter);
    this.split = split !== null && 'value' in this.columns[split.slot]! ? null : split;
    this.rest = this.split === null || this.split.rest === null ? null : filterProgram(this.split.rest);
    this.zoneTests = path === 'index' || node.sample !== null ? [] : zoneTests(node.filter, this.columns);
  }

  open(context: ExecContext): void {
    const { node } = this;
    const { view } = context.statement;
    this.context = context;
    // A subplan is opened for each outer row: what depends on the view alone is kept.
    if (this.cursor?.view !== view) {
      this.cursor = new TreeCursor(this.tree, view);
      this.fetcher =
        node.path === 'index' ? new RowFetcher(node.table, node.columns, node.slots, view) : null;
    }
    this.heldLane = -1;
    this.ranges = this.rangesToRead(context);
    if (node.direction === 'backward') this.ranges.reverse();
    this.range = 0;
    this.isRangeOpen = false;
    this.filters = [];
    this.failing.reset();
    this.chunkRows = FIRST_CHUNK_ROWS;
    this.chunks = node.isChunked === true && !isWriteView(view) ? this.chunkColumns(view) : null;
    this.room = this.chunks === null ? null : new Int32Array(BATCH_ROWS);
    this.keyRoom = null;
    this.zones = ZoneFilter.of(this.zoneTests, context);
    this.search =
      this.split === null
        ? null
        : TextSearch.of(this.split, this.columns[this.split.slot]!.position, context);
    this.asked = this.filter;
    this.sampler = node.sample === null ? null : new Sampler(node.sample, context);
  }

  private rangesToRead(context: ExecContext): TreeRange[] {
    const { ranges, isParallel } = this.node;
    const { piece } = context.statement;
    this.isPiece = isParallel === true && piece !== null;
    if (this.isPiece) return [...piece!];
    return ranges === null ? [WHOLE_TREE] : treeRanges(ranges, this.tree.schema.leaf, context);
  }

  /** Asked at each opening, by the same reader. */
  reuse(): void {
    this.memory ??= new ChunkMemory();
    const { node } = this;
    if (node.keepsPages === true || node.direction === 'backward' || node.path === 'index') return;
    this.cursor.passBy(this.chunks === null ? 1 : CHUNK_LANES, this.isPiece);
  }

  restrict(slot: number, keys: KeyFilter): boolean {
    this.filters.push({ slot, keys });
    // Rows that a filter fails on are tried again one by one: it does not write where they came from.
    if (this.chunks !== null) this.keyRoom ??= new Int32Array(BATCH_ROWS);
    return true;
  }

  /** The rows that pass what joins above ask for and the scan's own filter; null when none do. */
  private passing(read: Batch): Batch | null {
    const { asked } = this;
    if (asked === null && this.filters.length === 0) return read;
    const wanted = this.filters.length === 0 ? read : this.withKeys(read);
    const kept =
      wanted === null || asked === null
        ? wanted
        : this.failing.run(asked, wanted, (rows) => asked.run(rows, this.context, this.room));
    this.removed += read.count - (kept?.count ?? 0);
    return kept;
  }

  /** The rows whose keys joins above look for; null when there are none. */
  private withKeys(read: Batch): Batch | null {
    const { filters, keySlot, keyRoom } = this;
    return keySlot >= 0 && read.selection === null
      ? runLeafFilters(filters, read, this.cursor.leaf!, keySlot, keyRoom)
      : runFilters(filters, read, keyRoom);
  }

  private chunkColumns(view: ReadView): LeafRowColumns {
    const { node, tree, columns } = this;
    const positions = columns.map((column) => ('value' in column ? -2 : column.position));
    return { tree, view, slots: node.slots, positions, constant: node.table.id };
  }

  /** Whether the next leaf's rows are noted in the same place. */
  private isShared(selection: Int32Array | null): boolean {
    return selection !== null && (selection === this.room || selection === this.keyRoom);
  }

  /** I4. */
  private nextChunk(chunks: LeafRowColumns): Batch | null {
    let rows: LeafRows | null = null;
    let only: Batch | null = null;
    this.cursor.forget();
    this.heldLane = -1;
    while ((rows === null || rows.count < this.chunkRows) && !this.failing.isKnown) {
      const read = this.nextLeaf();
      if (read === null) break;
      this.context.statement.checkCancel();
      const kept = this.passing(read);
      if (kept === null) continue;
      const { leaf, from, to } = this.cursor;
      // A leaf large enough goes up as it is.
      if (rows === null && kept.count >= this.chunkRows) {
        only =
          this.isShared(kept.selection) && kept !== read
            ? kept.select(kept.selection!.slice(0, kept.count), kept.count)
            : kept;
        break;
      }
      if (rows === null) {
        rows = new LeafRows(chunks, this.chunkRows, this.memory);
        this.heldLane = this.cursor.lane;
      }
      const { selection } = kept;
      if (kept.count === to - from && this.node.direction === 'forward') rows.addRange(leaf!, from, to);
      else if (selection === null) rows.addRange(leaf!, 0, kept.count);
      else rows.addPlaces(leaf!, selection, kept.count);
    }
    this.chunkRows = Math.min(CHUNK_ROWS, this.chunkRows * 4);
    return only ?? rows?.batch() ?? null;
  }

  next(): Batch | null {
    this.failing.check();
    if (this.chunks !== null) return this.nextChunk(this.chunks);
    this.cursor.forget();
    for (;;) {
      const read = this.fetcher === null ? this.nextLeaf() : this.nextFetched(this.fetcher);
      if (read === null) return null;
      this.context.statement.checkCancel();
      const batch = this.sampler === null ? read : this.sampler.run(read);
      if (batch === null) continue;
      const kept = this.passing(batch);
      if (kept !== null) return kept;
    }
  }

  /** Moves the cursor to the next slice of the ranges; false at the end, and where leaves of the chunk at hand would go (I7). */
  private advance(): boolean {
    const { cursor, heldLane } = this;
    const isBackward = this.node.direction === 'backward';
    for (;;) {
      // Of ranges without rows many may be walked to before a slice is found.
      if (heldLane >= 0 && !cursor.isGood(heldLane)) return false;
      if (!this.isRangeOpen) {
        const range = this.ranges[this.range++];
        if (range === undefined) return false;
        cursor.seek(range, isBackward);
        this.isRangeOpen = true;
      }
      if (cursor.next()) return true;
      this.isRangeOpen = false;
    }
  }

  /** The next leaf with rows; null where `advance` says so. */
  private nextLeaf(): Batch | null {
    const { cursor, zones, search } = this;
    const isReversed = this.node.direction === 'backward' && this.node.ordered;
    for (;;) {
      if (!this.advance()) return null;
      if (zones === null || !zones.excludes(cursor.leaf!)) {
        this.asked = this.filter;
        if (search === null) return leafBatch(cursor, this.columns, isReversed);
        const found = this.searched(search, isReversed);
        if (found !== null) return found;
      } else this.removed += cursor.to - cursor.from;
      this.context.statement.checkCancel();
    }
  }

  /** I5: the rows of the leaf at hand that are found, or all where it cannot be searched; null when there are none. */
  private searched(search: TextSearch, isReversed: boolean): Batch | null {
    const { cursor, filters, columns } = this;
    const { from, to } = cursor;
    const leaf = cursor.leaf!;
    let few: Batch | null = null;
    if (filters.some((filter) => filter.keys.isSelective)) {
      const wanted = this.withKeys(leafBatch(cursor, columns, isReversed));
      if (wanted === null) {
        this.removed += to - from;
        return null;
      }
      if (wanted.selection !== null && wanted.count * FEW_SHARE <= to - from) few = wanted;
    }
    const found =
      few === null ? search.find(leaf, from, to) : search.among(leaf, few.selection!, 0, few.count);
    if (found < 0) return leafBatch(cursor, columns, isReversed);
    this.asked = this.rest;
    this.removed += to - from - found;
    if (found === 0) return null;
    // Places that joins look for stand in the order they are read in.
    return foundBatch(cursor, columns, search.rows, found, isReversed && few === null);
  }

  /** Row ids from the index, then their rows. */
  private nextFetched(fetcher: RowFetcher): Batch | null {
    const ids: Datum[] = [];
    while (ids.length < BATCH_ROWS && this.advance()) {
      const entries = leafBatch(
        this.cursor,
        this.columns,
        this.node.direction === 'backward' && this.node.ordered,
      );
      const vector = entries.column(0);
      for (let i = 0; i < entries.count; i++) ids.push(datumAt(vector, entries.position(i)));
      // The first rows come soon: whoever asked may want few.
      if (this.node.ordered) break;
    }
    if (ids.length === 0) return null;
    if (!this.node.ordered) ids.sort(compareIds);
    return fetcher.find(ids, ids.length);
  }

  close(): void {
    this.ranges = [];
    this.cursor?.release();
  }
}

function compareIds(a: Datum, b: Datum): number {
  return (a as number) < (b as number) ? -1 : (a as number) > (b as number) ? 1 : 0;
}

function leafColumns(node: ScanNode): LeafColumn[] {
  const { table, index, slots } = node;
  return node.columns.map((column, i): LeafColumn => {
    if (column === -2) return { position: -1, physical: slots[i]!.type.physical, value: table.id };
    if (index === null) return { position: storedPosition(table, column) };
    const position = indexPosition(table, index, column);
    assert(position >= 0, 'an index-only scan reads what the index has');
    return { position };
  });
}
