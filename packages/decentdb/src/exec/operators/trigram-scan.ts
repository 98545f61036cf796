/**
 * Rows of a table found through trigram indexes: candidates by row id, fetched from the table and tested.
 *
 * I1  Every candidate is tested against the whole filter: the answer is the scan's, at any moment.
 * I3  Rows that a full text index decides (`exact`) are not tested for what it decided, and not even read unless a column of them is
 *     wanted; rows noted since its last merge are fetched and tested.
 * I4  Candidates of a single pattern are read window by window, for whoever stops early, rows noted since the last merge among them.
 * I5  What joins above look for is asked of candidates first: of those that have it alone the other columns are read.
 * I6  Rows come by ascending row id, but for those of I3.
 * I2  Patterns are known when the scan opens. When they say too little, or too many rows are left, it scans the table instead.
 */
import { assert } from '../../base/assert.ts';
import { storedPosition } from '../../catalog/schema.ts';
import type { PostingWindows } from '../../search/trigram/posting-windows.ts';
import { intersect, lowerPlace, minus, NO_ROWS, type RowSet, union } from '../../search/trigram/row-set.ts';
import { estimateRows } from '../../tree/range-estimate.ts';
import { TreePosition } from '../../tree/tree-position.ts';
import type { TsQuery } from '../../types/tsquery.ts';
import { Physical, type Vector } from '../../types/vector.ts';
import { BATCH_ROWS, Batch } from '../batch.ts';
import type { FilterProgram } from '../compile/filter-program.ts';
import type { ExecContext } from '../context.ts';
import { type KeyFilter, runFilters, type SlotFilter } from '../join/key-filter.ts';
import type { Expr, ScanNode, TrigramCondition } from '../physical.ts';
import { isJsonMatch } from '../storage/item-search.ts';
import { LexemeRows, type VectorColumn } from '../storage/lexeme-rows.ts';
import { isExactQuery, piecesOf } from '../storage/lexeme-search.ts';
import { firstRanked } from '../storage/ranked-rows.ts';
import { RowFetcher } from '../storage/row-fetcher.ts';
import { SearchPace } from '../storage/search-pace.ts';
import { searchTrees } from '../storage/search-stores.ts';
import {
  type AskedWindows,
  CANDIDATES_PART_MAX,
  candidateWindows,
  FETCH_ALWAYS,
} from '../storage/search-windows.ts';
import { tableTree } from '../storage/stored-trees.ts';
import { type SearchSplit, searchSplit, TextSearch } from '../storage/text-search.ts';
import {
  estimateCandidates,
  findCandidates,
  findExactly,
  indexesIn,
  lexemeKeyOf,
  patternValueIn,
} from '../storage/trigram-search.ts';
import { datumAt } from '../vectors.ts';
import { filterProgram, type Operator, projectProgram } from './operator.ts';
import { ScanOperator } from './scan.ts';

/** Postings are not read when they are more than this part of the table. */
const POSTINGS_PART_MAX = 0.5;
/** The same where testing a row means reading or making its vector: a candidate costs less than a row of a scan. */
const DEAR_PART_MAX = 0.9;
/** Rows of the first fetch of those that an index decided: whoever asked may want few. */
const FIRST_ROWS = 32;

export class TrigramScanOperator implements Operator {
  private readonly node: ScanNode;
  /** The node with the table's columns alone. */
  private readonly stored: ScanNode;
  private readonly condition: TrigramCondition;
  private readonly filter: FilterProgram;
  private readonly scan: ScanOperator;
  private context!: ExecContext;
  private isScanning = false;
  private rows: RowSet = NO_ROWS;
  private at = 0;
  private fetchRows = FIRST_ROWS;
  private fetcher: RowFetcher | null = null;
  private readonly rest: FilterProgram | null;
  /** A text that the filter searches for in a column, and the filter behind that. */
  private readonly split: SearchSplit | null;
  private readonly behindTexts: FilterProgram | null;
  private texts: TextSearch | null = null;
  private readonly vectorExprs: readonly Expr[];
  /** I3: rows decided, before the others; null: none are. */
  private decided: RowSet | null = null;
  private decidedAt = 0;
  /** I4. */
  private windows: PostingWindows | null = null;
  private asked: AskedWindows['asked'] | null = null;
  private pace: SearchPace = new SearchPace(null, BATCH_ROWS);
  private window: RowSet = NO_ROWS;
  private windowAt = 0;
  private windowRows = 0;
  private noted: RowSet = NO_ROWS;
  private piece = BATCH_ROWS;
  private vector: VectorColumn | null = null;
  /** Columns of the table that are its row id. */
  private readonly rowIdColumns: readonly (Physical | null)[];
  private ownRemoved = 0;
  /** I5. */
  private filters: SlotFilter[] = [];

  constructor(node: ScanNode) {
    const { trigram, filter } = node;
    assert(
      trigram !== undefined && trigram !== null && filter !== null,
      'a trigram scan has its condition in its filter',
    );
    this.node = node;
    this.condition = trigram;
    this.filter = filterProgram(filter);
    const split = searchSplit(filter);
    const vector = node.exact?.vector ?? null;
    this.vectorExprs = vector === null ? [] : [vector.expr];
    this.stored = vector === null ? node : withoutVector(node);
    this.split = split !== null && split.slot < this.stored.columns.length ? split : null;
    this.behindTexts = this.split?.rest == null ? null : filterProgram(this.split.rest);
    const { rowIdColumn } = node.table;
    this.rowIdColumns = this.stored.columns.map((column, i) =>
      column === -1 || column === rowIdColumn ? node.slots[i]!.type.physical : null,
    );
    this.rest = node.exact?.rest == null ? null : filterProgram(node.exact.rest);
    this.scan = new ScanOperator({ ...this.stored, path: 'table', index: null, trigram: null });
  }

  /** Rows filtered out, for EXPLAIN ANALYZE. */
  get removed(): number {
    return this.isScanning ? this.scan.removed : this.ownRemoved;
  }

  open(context: ExecContext): void {
    this.context = context;
    this.at = 0;
    this.fetchRows = FIRST_ROWS;
    this.decidedAt = 0;
    this.decided = null;
    this.windows = null;
    this.asked = null;
    this.pace = new SearchPace(null, BATCH_ROWS);
    this.filters = [];
    const rows = this.decide(context) ?? this.beginWindows(context) ?? this.candidates(context);
    this.isScanning = rows === null;
    this.rows = rows ?? NO_ROWS;
    const { stored } = this;
    if (rows === null) this.scan.open(context);
    else {
      const { split } = this;
      this.fetcher = new RowFetcher(stored.table, stored.columns, stored.slots, context.statement.view);
      this.texts =
        split === null
          ? null
          : TextSearch.of(split, storedPosition(stored.table, stored.columns[split.slot]!), context);
    }
  }

  restrict(slot: number, keys: KeyFilter): boolean {
    if (this.isScanning) return this.scan.restrict(slot, keys);
    if (slot >= this.stored.columns.length) return false;
    this.filters.push({ slot, keys });
    return true;
  }

  want(rows: number): void {
    if (!this.isScanning) this.pace.wanted = rows;
  }

  /** I3: finds what indexes decide, and returns the rows that must be tested; null: they cannot. */
  private decide(context: ExecContext): RowSet | null {
    const { exact } = this.node;
    if (exact == null) return null;
    const { view } = context.statement;
    const valueOf = patternValueIn(this.node.table, context);
    const found = findExactly(exact.condition, view, valueOf);
    if (found === null) return null;
    let noted: RowSet = NO_ROWS;
    for (const index of indexesIn(exact.condition)) noted = union(noted, searchTrees(index).pendingIds(view));
    const all = minus(found, noted);
    this.decided = this.ranked(all);
    this.vector = null;
    this.piece = BATCH_ROWS;
    const match = exact.vector?.match;
    if (match?.kind === 'match') {
      const query = (valueOf(match.pattern) ?? null) as TsQuery | null;
      // Rows may be known where long words need not be looked at; their vectors are not.
      if (query !== null && query.root !== null && !isExactQuery(query.root)) {
        this.decided = null;
        return null;
      }
      if (query !== null) {
        this.vector = { key: lexemeKeyOf(match, view), query };
        if (query.root !== null) this.piece = piecesOf(query.root);
      }
    }
    this.search = `${all.length} rows by the index, ${noted.length} to be tested`;
    if (this.decided.length < all.length) this.search += `, ${this.decided.length} of the highest rank`;
    return this.present(noted);
  }

  /** Of rows that the index decided those that may be among the first by rank. */
  private ranked(rows: RowSet): RowSet {
    const { exact } = this.node;
    return exact?.ranked == null ? rows : (firstRanked(exact, exact.ranked, rows, this.context) ?? rows);
  }

  /** I4: begins to read candidates window by window, and returns the noted rows to be tested among them; null: all at once. */
  private beginWindows(context: ExecContext): RowSet | null {
    const { condition, node } = this;
    if (condition.kind !== 'match') return null;
    this.window = NO_ROWS;
    this.windowAt = 0;
    const found = candidateWindows(condition, node.table, context);
    if (found === null) return null;
    this.windows = found.windows;
    this.asked = found.asked;
    this.pace = new SearchPace(found.asked.read, BATCH_ROWS);
    this.noted = searchTrees(condition.index).pendingIds(context.statement.view);
    this.windowRows = 0;
    this.search = `0 candidates`;
    return this.present(this.noted);
  }

  /** Puts the next window's rows before those that are left. */
  private readWindow(windows: PostingWindows): boolean {
    const found = windows.next(this.pace.nextWindow());
    this.pace.listed = windows.listed;
    if (found === null) {
      this.windows = null;
      return false;
    }
    const own = minus(found, this.noted);
    this.windowRows += own.length;
    this.search = `${this.windowRows + this.noted.length} candidates`;
    // I6: noted rows up to the end of the window.
    const end = lowerPlace(this.rows, windows.upTo + 1, this.at);
    this.window = union(own, this.rows.subarray(this.at, end));
    this.at = end;
    this.windowAt = 0;
    this.pace.candidates += this.window.length;
    return true;
  }

  /** The next rows of windows that pass the filter; null when there are no more windows. */
  private nextOfWindows(): Batch | null {
    while (this.windows !== null) {
      if (this.windowAt >= this.window.length) {
        this.context.statement.checkCancel();
        if (!this.readWindow(this.windows)) return null;
        continue;
      }
      const kept = this.tested(this.window.subarray(this.windowAt, this.windowAt + this.pace.nextFetch()));
      if (kept !== null) return kept;
    }
    return null;
  }

  /** Fetches rows and tests them. */
  private tested(rows: RowSet): Batch | null {
    if (this.windows === null) this.at += rows.length;
    else this.windowAt += rows.length;
    const kept = this.passing(rows);
    const { pace } = this;
    pace.tested += rows.length;
    pace.passed += kept?.count ?? 0;
    this.ownRemoved += rows.length - (kept?.count ?? 0);
    return kept === null ? null : this.withVector(kept);
  }

  /** The rows that joins above look for (I5) and that pass the filter, by the bytes of their texts where these are at hand. */
  private passing(candidates: RowSet): Batch | null {
    const { filters, texts, context } = this;
    let rows = this.fetcher!.placesInOrder(candidates);
    if (filters.length > 0) {
      const wanted = runFilters(filters, rows.batch());
      if (wanted === null) return null;
      if (wanted.selection !== null && wanted.count < rows.count)
        rows = rows.subset(wanted.selection, wanted.count);
    }
    const picked = texts === null ? null : rows.picked(texts);
    if (picked === null) return this.filter.run(rows.batch(), context);
    if (picked.count === 0) return null;
    return this.behindTexts === null ? picked.batch() : this.behindTexts.run(picked.batch(), context);
  }

  /** The next rows that need no test of what the index decided. */
  private nextDecided(rows: RowSet): Batch | null {
    const { context, rest } = this;
    while (this.decidedAt < rows.length) {
      context.statement.checkCancel();
      const piece = rows.subarray(this.decidedAt, this.decidedAt + this.fetchRows);
      this.decidedAt += piece.length;
      this.fetchRows = Math.min(this.piece, this.fetchRows * 4);
      const found = new LexemeRows(piece, this.fetcher!, this.rowIdColumns, this.vector).batch(
        context.statement.view,
      );
      const batch = runFilters(this.filters, found);
      const kept = rest === null || batch === null ? batch : rest.run(batch, context);
      this.ownRemoved += piece.length - (kept?.count ?? 0);
      if (kept !== null) return kept;
    }
    return null;
  }

  /** A batch of the table's columns with the vector of each row behind them. */
  private withVector(batch: Batch | null): Batch | null {
    if (batch === null || this.vectorExprs.length === 0) return batch;
    const { context, vectorExprs } = this;
    const width = this.stored.columns.length;
    return Batch.lazy(width + 1, batch.count, batch.selection, {
      load: (column) => {
        if (column < width) return batch.column(column);
        const [dense] = projectProgram(vectorExprs).vectors(batch, context);
        return atPositions(dense as Vector, batch);
      },
    });
  }

  /** What happened, for EXPLAIN ANALYZE. */
  search = '';

  /** The rows to fetch, all of them there; null: scan. */
  private candidates(context: ExecContext): RowSet | null {
    const { condition, node } = this;
    const { view } = context.statement;
    const valueOf = patternValueIn(node.table, context);
    const tableRows = estimateRows(tableTree(node.table), view);
    const estimate = estimateCandidates(condition, view, valueOf) ?? Number.POSITIVE_INFINITY;
    const isDear = isQuery(condition);
    const postingsMost = isDear ? Number.MAX_VALUE : tableRows * POSTINGS_PART_MAX;
    if (estimate > Math.max(FETCH_ALWAYS, postingsMost)) {
      this.search = Number.isFinite(estimate)
        ? `table scanned: about ${Math.round(estimate)} postings for ${Math.round(tableRows)} rows`
        : 'table scanned: the pattern says too little';
      return null;
    }
    const most = Math.max(FETCH_ALWAYS, tableRows * (isDear ? DEAR_PART_MAX : CANDIDATES_PART_MAX));
    const noted = condition.kind === 'match' ? searchTrees(condition.index).pendingRows(view) : 0;
    if (noted > most) {
      this.search = `table scanned: ${noted} rows changed since the last merge`;
      return null;
    }
    const found = findCandidates(condition, view, valueOf);
    if (found === null || found.length > most) {
      this.search = `table scanned: ${found === null ? 'the pattern says too little' : `${found.length} candidates`}`;
      return null;
    }
    this.search = `${found.length} candidates`;
    return this.present(found);
  }

  /** Leaves out rows that were deleted since the last merge. */
  private present(found: RowSet): RowSet {
    if (found.length === 0) return found;
    const { view } = this.context.statement;
    const tree = tableTree(this.node.table);
    const position = new TreePosition();
    const gone = new Set<number>();
    for (const index of indexesIn(this.condition)) {
      for (const rowId of intersect(found, searchTrees(index).pendingIds(view)))
        if (!tree.get(view, [rowId], position)) gone.add(rowId);
    }
    return gone.size === 0 ? found : found.filter((rowId) => !gone.has(rowId));
  }

  next(): Batch | null {
    if (this.isScanning) return this.withVector(this.scan.next());
    const decided = this.decided === null ? null : this.nextDecided(this.decided);
    if (decided !== null) return decided;
    const found = this.nextOfWindows();
    if (found !== null) return found;
    const { rows, context } = this;
    while (this.at < rows.length) {
      context.statement.checkCancel();
      const kept = this.tested(rows.subarray(this.at, this.at + this.pace.nextFetch()));
      if (kept !== null) return kept;
    }
    return null;
  }

  close(): void {
    if (this.isScanning) this.scan.close();
    if (this.asked !== null && this.pace.tested > 0) this.asked.read = this.pace.soFar;
    this.asked = null;
    this.fetcher = null;
    this.rows = NO_ROWS;
    this.decided = null;
    this.windows = null;
    this.window = NO_ROWS;
    this.noted = NO_ROWS;
    this.vector = null;
    this.filters = [];
  }
}

function withoutVector(node: ScanNode): ScanNode {
  return { ...node, columns: node.columns.slice(0, -1), slots: node.slots.slice(0, -1) };
}

function isQuery(condition: TrigramCondition): boolean {
  if (condition.kind === 'range') return false;
  if (condition.kind !== 'match') return condition.parts.some(isQuery);
  const { match } = condition;
  return match === 'query' || isJsonMatch(match) || match.toLowerCase().endsWith('similar');
}

/** Values of rows 0.. where the rows of the batch stand. */
function atPositions(dense: Vector, batch: Batch): Vector {
  if (batch.selection === null) return dense;
  const values: object[] = [];
  for (let i = 0; i < batch.count; i++) values[batch.position(i)] = datumAt(dense, i) as object;
  return { physical: Physical.object, values, nulls: null };
}
