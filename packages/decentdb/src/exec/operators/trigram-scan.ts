/**
 * Rows of a table found through trigram indexes: candidates by row id, fetched from the table and tested.
 *
 * I1  Every candidate is tested against the whole filter: the answer is the scan's, at any moment.
 * I2  Patterns are known when the scan opens. When they say too little, or too many rows are left, it scans the table instead.
 */
import { assert } from '../../base/assert.ts';
import { intersect, NO_ROWS, type RowSet } from '../../search/trigram/row-set.ts';
import { estimateRows } from '../../tree/range-estimate.ts';
import { TreePosition } from '../../tree/tree-position.ts';
import type { Datum } from '../../types/vector.ts';
import { BATCH_ROWS, type Batch } from '../batch.ts';
import type { FilterProgram } from '../compile/filter-program.ts';
import type { ExecContext } from '../context.ts';
import type { ScanNode, TrigramCondition } from '../physical.ts';
import { RowFetcher } from '../storage/row-fetcher.ts';
import { searchTrees } from '../storage/search-stores.ts';
import { tableTree } from '../storage/stored-trees.ts';
import { estimateCandidates, findCandidates, indexesIn, patternValueIn } from '../storage/trigram-search.ts';
import { filterProgram, type Operator } from './operator.ts';
import { ScanOperator } from './scan.ts';

/** Postings are not read when they are more than this part of the table. */
const POSTINGS_PART_MAX = 0.5;
/** Candidates are not fetched one by one when they are more than this part of the table. */
const CANDIDATES_PART_MAX = 0.15;
/** The same where testing a row means reading or making its vector: a candidate costs less than a row of a scan. */
const DEAR_PART_MAX = 0.9;
/** Below this many rows a fetch is always cheap. */
const FETCH_ALWAYS = 64;
/** Rows of the first fetch: whoever asked may want few. */
const FIRST_ROWS = 64;

export class TrigramScanOperator implements Operator {
  private readonly node: ScanNode;
  private readonly condition: TrigramCondition;
  private readonly filter: FilterProgram;
  private readonly scan: ScanOperator;
  private context!: ExecContext;
  private isScanning = false;
  private rows: RowSet = NO_ROWS;
  private at = 0;
  private fetchRows = FIRST_ROWS;
  private fetcher: RowFetcher | null = null;
  private ownRemoved = 0;

  constructor(node: ScanNode) {
    const { trigram, filter } = node;
    assert(
      trigram !== undefined && trigram !== null && filter !== null,
      'a trigram scan has its condition in its filter',
    );
    this.node = node;
    this.condition = trigram;
    this.filter = filterProgram(filter);
    this.scan = new ScanOperator({ ...node, path: 'table', index: null, trigram: null });
  }

  /** Rows filtered out, for EXPLAIN ANALYZE. */
  get removed(): number {
    return this.isScanning ? this.scan.removed : this.ownRemoved;
  }

  open(context: ExecContext): void {
    this.context = context;
    this.at = 0;
    this.fetchRows = FIRST_ROWS;
    const rows = this.candidates(context);
    this.isScanning = rows === null;
    this.rows = rows ?? NO_ROWS;
    const { node } = this;
    if (rows === null) this.scan.open(context);
    else this.fetcher = new RowFetcher(node.table, node.columns, node.slots, context.statement.view);
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
    const found = findCandidates(condition, view, valueOf);
    const candidatesMost = tableRows * (isDear ? DEAR_PART_MAX : CANDIDATES_PART_MAX);
    if (found === null || found.length > Math.max(FETCH_ALWAYS, candidatesMost)) {
      this.search = `table scanned: ${found === null ? 'the pattern says too little' : `${found.length} candidates`}`;
      return null;
    }
    this.search = `${found.length} candidates`;
    return this.present(found);
  }

  /** Leaves out rows that were deleted since the last merge. */
  private present(found: RowSet): RowSet {
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
    if (this.isScanning) return this.scan.next();
    const { rows, context } = this;
    while (this.at < rows.length) {
      context.statement.checkCancel();
      const ids: Datum[] = Array.from(rows.subarray(this.at, this.at + this.fetchRows));
      this.at += ids.length;
      this.fetchRows = Math.min(BATCH_ROWS, this.fetchRows * 4);
      const kept = this.filter.run(this.fetcher!.fetch(ids, ids.length), context);
      this.ownRemoved += ids.length - (kept?.count ?? 0);
      if (kept !== null) return kept;
    }
    return null;
  }

  close(): void {
    if (this.isScanning) this.scan.close();
    this.fetcher = null;
    this.rows = NO_ROWS;
  }
}

function isQuery(condition: TrigramCondition): boolean {
  if (condition.kind === 'range') return false;
  if (condition.kind !== 'match') return condition.parts.some(isQuery);
  return condition.match === 'query' || condition.match.toLowerCase().endsWith('similar');
}
