/**
 * The rows whose text is nearest to a pattern by shared trigrams, for `ORDER BY text <-> pattern LIMIT k`.
 *
 * Rows are taken by how many of the pattern's trigrams they share, most first. A text that shares c of n trigrams is no nearer than
 * 1 - c / n: once k rows are nearer than that, the rest need not be read.
 *
 * I1  What comes out are all rows that pass the filter and are no farther than the k-th nearest of them, in any order: the sort above
 *     sees every row it can keep, whatever it sorts by behind the distance.
 * I2  Rows the index cannot count (noted since its last merge; with letters beyond ASCII) are measured each.
 * I3  Where too few rows share anything, all rows come out.
 */
import { assert } from '../../base/assert.ts';
import { indexedTrigrams } from '../../functions/trigram-similarity.ts';
import { minus, NO_ROWS, type RowSet, union } from '../../search/trigram/row-set.ts';
import { sharedCounts } from '../../search/trigram/shared-counts.ts';
import { BEYOND_ASCII, trigramCode } from '../../search/trigram/trigram-code.ts';
import { estimateRows } from '../../tree/range-estimate.ts';
import { TreePosition } from '../../tree/tree-position.ts';
import type { Datum } from '../../types/vector.ts';
import { BATCH_ROWS, type Batch } from '../batch.ts';
import type { FilterProgram } from '../compile/filter-program.ts';
import type { ExecContext } from '../context.ts';
import { type Evaluator, evaluatorOf } from '../interpret/evaluator.ts';
import type { NearestSearch, ScanNode } from '../physical.ts';
import { RowFetcher } from '../storage/row-fetcher.ts';
import { postingStore } from '../storage/search-stores.ts';
import { tableTree } from '../storage/stored-trees.ts';
import { filterProgram, type Operator } from './operator.ts';
import { ScanOperator } from './scan.ts';
import { emptyRow } from './sources.ts';

/** Distances are rounded to single precision. */
const ROUNDING = 1e-6;
/** More rows than this are as well sorted. */
const WANTED_MAX = 10_000;
/** Where this part of the table would be measured, a scan measures all. */
const MEASURED_PART = 0.3;
const MEASURED_LEAST = 2000;

export class NearestScanOperator implements Operator {
  private readonly node: ScanNode;
  private readonly nearest: NearestSearch;
  private readonly filter: FilterProgram | null;
  private readonly distance: Evaluator;
  private readonly scan: ScanOperator;
  private context!: ExecContext;
  private fetcher: RowFetcher | null = null;
  private isScanning = false;
  private rows: RowSet = NO_ROWS;
  private at = 0;
  /** Rows measured, with their distances. */
  private found: { readonly rowId: number; readonly distance: number }[] = [];
  private ownRemoved = 0;
  private measured = 0;
  /** What happened, for EXPLAIN ANALYZE. */
  search = '';

  constructor(node: ScanNode) {
    const { nearest } = node;
    assert(nearest !== undefined && nearest !== null, 'a nearest scan says what it looks for');
    this.node = node;
    this.nearest = nearest;
    this.filter = node.filter === null ? null : filterProgram(node.filter);
    this.distance = evaluatorOf(nearest.distance);
    this.scan = new ScanOperator({ ...node, path: 'table', index: null, nearest: null });
  }

  /** Rows filtered out, for EXPLAIN ANALYZE. */
  get removed(): number {
    return this.isScanning ? this.scan.removed : this.ownRemoved;
  }

  open(context: ExecContext): void {
    const { node } = this;
    this.context = context;
    this.found = [];
    this.at = 0;
    this.ownRemoved = 0;
    this.measured = 0;
    this.fetcher = new RowFetcher(node.table, node.columns, node.slots, context.statement.view);
    const rows = this.find();
    this.isScanning = rows === null;
    this.rows = rows ?? NO_ROWS;
    this.found = [];
    this.search =
      rows === null ? 'table scanned: too few texts share many trigrams' : `${this.measured} measured`;
    if (rows === null) this.scan.open(context);
  }

  /** I1; null: I3. */
  private find(): RowSet | null {
    const { context, nearest } = this;
    const { view } = context.statement;
    const pattern = evaluatorOf(nearest.pattern)(emptyRow, 0, context);
    const wanted = this.wanted();
    if (typeof pattern !== 'string' || wanted === null) return null;
    const { known, total } = indexedTrigrams(pattern);
    if (known.length === 0) return null;
    const store = postingStore(nearest.index);
    const rowsOf = (code: number): RowSet => store.rowsOf(view, nearest.key, code);
    const noted = store.pendingIds(view);
    const unsure = union(this.present(noted), minus(rowsOf(BEYOND_ASCII), noted));
    const most = MEASURED_LEAST + estimateRows(tableTree(this.node.table), view) * MEASURED_PART;
    if (unsure.length > most) return null;
    this.measure(unsure);
    const groups = sharedCounts(known.map(([a, b, c]) => rowsOf(trigramCode(a, b, c))));
    const unknown = total - known.length;
    for (let shared = groups.length - 1; shared > 0; shared--) {
      const least = 1 - Math.min(1, (shared + unknown) / total) - ROUNDING;
      if (this.farthest(wanted) < least) break;
      if (this.measured + groups[shared]!.length > most) return null;
      this.measure(minus(minus(groups[shared]!, unsure), noted));
    }
    const farthest = this.farthest(wanted);
    // Rows that share nothing are as far as it goes: they tie with what is found so far.
    if (!(farthest < 1)) return null;
    const kept = this.found.filter(({ distance }) => distance <= farthest);
    return Float64Array.from(kept, ({ rowId }) => rowId).sort();
  }

  /** LIMIT + OFFSET; null: all, or nothing the scan above would not say itself. */
  private wanted(): number | null {
    const { count, offset } = this.nearest;
    const valueOf = (expr: typeof count): Datum => evaluatorOf(expr)(emptyRow, 0, this.context);
    const limit = valueOf(count);
    if (limit === null) return null;
    const wanted = Number(limit) + (offset === null ? 0 : Number(valueOf(offset) ?? 0));
    return wanted > 0 && wanted <= WANTED_MAX ? wanted : null;
  }

  /** Distance of the `wanted`-th nearest row so far; infinite while there are fewer. */
  private farthest(wanted: number): number {
    if (this.found.length < wanted) return Number.POSITIVE_INFINITY;
    const distances = Float64Array.from(this.found, ({ distance }) => distance).sort();
    return distances[wanted - 1]!;
  }

  /** Fetches rows and notes the distances of those that pass the filter. */
  private measure(rows: RowSet): void {
    const { context, filter } = this;
    for (let from = 0; from < rows.length; from += BATCH_ROWS) {
      context.statement.checkCancel();
      const ids: Datum[] = Array.from(rows.subarray(from, from + BATCH_ROWS));
      const batch = this.fetcher!.fetch(ids, ids.length);
      const kept = filter === null ? batch : filter.run(batch, context);
      this.measured += ids.length;
      this.ownRemoved += ids.length - (kept?.count ?? 0);
      if (kept === null) continue;
      for (let i = 0; i < kept.count; i++) {
        const at = kept.position(i);
        const distance = this.distance(kept, at, context);
        if (distance !== null) this.found.push({ rowId: ids[at] as number, distance: distance as number });
      }
    }
  }

  /** Leaves out rows that were deleted since the last merge. */
  private present(noted: RowSet): RowSet {
    const tree = tableTree(this.node.table);
    const position = new TreePosition();
    return noted.filter((rowId) => tree.get(this.context.statement.view, [rowId], position));
  }

  next(): Batch | null {
    if (this.isScanning) return this.scan.next();
    if (this.at >= this.rows.length) return null;
    const ids: Datum[] = Array.from(this.rows.subarray(this.at, this.at + BATCH_ROWS));
    this.at += ids.length;
    return this.fetcher!.fetch(ids, ids.length);
  }

  close(): void {
    if (this.isScanning) this.scan.close();
    this.fetcher = null;
    this.rows = NO_ROWS;
    this.found = [];
  }
}
