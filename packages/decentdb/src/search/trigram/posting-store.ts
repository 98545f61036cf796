/**
 * A trigram index on disk: postings (column, trigram, row id), which rows contain which trigram as of the last merge, and notes of
 * rows that changed since (search-trees.ts). A query takes the postings' rows and all noted ones as candidates.
 *
 * I1  Every row whose text satisfies a query is among the candidates: its trigrams are in the postings, or it is noted.
 *     (The caller tests each candidate against the predicate itself, so answers are exact at every moment.)
 */
import { IntTreeBuilder } from '../../tree/int-tree-builder.ts';
import type { TreeSchema } from '../../tree/node-schema.ts';
import { estimateRange } from '../../tree/range-estimate.ts';
import type { Tree } from '../../tree/tree.ts';
import { type KeyRange, TreeCursor, WHOLE_TREE } from '../../tree/tree-cursor.ts';
import type { ReadView, WriteView } from '../../txn/page-view.ts';
import { type Int32Vector, type Int64Vector, Physical } from '../../types/vector.ts';
import type { VfsFile } from '../../vfs/vfs.ts';
import type { PostingKey } from '../note-tree.ts';
import type { PostingChanges } from '../posting-changes.ts';
import { SearchTrees } from '../search-trees.ts';
import { collectRowIds, rowsMet } from '../tree-reading.ts';
import { PostingCollector } from './posting-collector.ts';
import { type RankedList, sampleShared } from './posting-sample.ts';
import { PostingWindows } from './posting-windows.ts';
import { atLeast, distinctRows, intersect, NO_ROWS, type RowSet, union } from './row-set.ts';
import { TrigramChanges } from './trigram-changes.ts';
import { BEYOND_ASCII } from './trigram-code.ts';
import type { TrigramQuery } from './trigram-query.ts';

export const POSTING_SCHEMA: TreeSchema = {
  columns: [{ physical: Physical.int32 }, { physical: Physical.int32 }, { physical: Physical.int64 }],
  keyCount: 3,
};

export type CodesOf = (text: string) => Int32Array;

/** How an index is built: `feed` gives the collector all rows, in ascending row id. */
export interface BuildSource {
  readonly columnCount: number;
  readonly feed: (collector: PostingCollector) => void;
  /** Makes a temporary file, for lists that pass the budget. */
  readonly temporary: () => VfsFile;
  /** Memory for lists under construction. */
  readonly bytesMax?: number;
}

/** Lists of about two million titles. */
const BUILD_BYTES_MAX = 64 << 20;

/** Lists that fill so many leaves are counted by these: leaves are large, and to be decoded before anything is found in them. */
const LEAVES_ENOUGH = 3;

/** A posting list this many times longer than the candidates in hand is not worth reading: testing them is cheaper. */
const SKIP_RATIO = 32;

export class PostingStore extends SearchTrees {
  /** The distinct codes of a text, ascending: its trigrams, or its lexemes. */
  readonly codesOf: CodesOf;

  constructor(postings: Tree, pending: Tree, codesOf: CodesOf) {
    super(postings, pending);
    this.codesOf = codesOf;
  }

  protected override newChanges(): PostingChanges {
    return new TrigramChanges(this.postings, this.codesOf);
  }

  protected override compareKeys(a: PostingKey, b: PostingKey): number {
    return a[0] - b[0] || (a[1] as number) - (b[1] as number) || a[2] - b[2];
  }

  /** About how many rows a query leaves at most, or reads first: what the planner compares with a scan. */
  estimate(view: ReadView, column: number, query: TrigramQuery): number {
    switch (query.kind) {
      case 'anything':
        return Number.POSITIVE_INFINITY;
      case 'has':
        return this.countOf(view, column, query.code, query.code);
      case 'atLeast': {
        const postings = query.codes.reduce(
          (sum, code) => sum + this.estimate(view, column, { kind: 'has', code }),
          0,
        );
        return postings / query.count;
      }
      case 'pair':
        return (
          this.countOf(view, column, query.from, query.to) +
          this.countOf(view, column, BEYOND_ASCII, BEYOND_ASCII)
        );
      case 'all':
        return Math.min(...query.parts.map((part) => this.estimate(view, column, part)));
      case 'any':
        return query.parts.reduce((sum, part) => sum + this.estimate(view, column, part), 0);
    }
  }

  private countOf(view: ReadView, column: number, from: number, to: number): number {
    return estimateRange(this.postings, view, codeRange(column, from, to), LEAVES_ENOUGH);
  }

  /** About how many rows a query leaves: {@link estimate}, with a look at the rows that the lists of an `all` share. */
  estimateSampled(view: ReadView, column: number, query: TrigramQuery): number {
    if (query.kind === 'any')
      return query.parts.reduce((sum, part) => sum + this.estimateSampled(view, column, part), 0);
    // Few of those that may have the pair unknown to the index do.
    if (query.kind === 'pair') return this.countOf(view, column, query.from, query.to);
    if (query.kind !== 'all') return this.estimate(view, column, query);
    const lists: RankedList[] = [];
    let others = Number.POSITIVE_INFINITY;
    for (const part of query.parts) {
      if (part.kind === 'has') lists.push({ code: part.code, estimate: this.estimate(view, column, part) });
      else others = Math.min(others, this.estimateSampled(view, column, part));
    }
    lists.sort((a, b) => a.estimate - b.estimate);
    return Math.min(others, sampleShared(this.postings, view, column, lists));
  }

  /** The lists of a conjunction of codes, rarest first; empty for other queries. */
  listsOf(view: ReadView, column: number, query: TrigramQuery): readonly RankedList[] {
    const parts = query.kind === 'all' ? query.parts : [query];
    const lists: RankedList[] = [];
    for (const part of parts)
      if (part.kind === 'has') lists.push({ code: part.code, estimate: this.estimate(view, column, part) });
    return lists.sort((a, b) => a.estimate - b.estimate);
  }

  /** The same rows as {@link candidates} but pending ones, a window at a time. `lists`: one at least, see {@link listsOf}. */
  windows(view: ReadView, column: number, lists: readonly RankedList[]): PostingWindows {
    return new PostingWindows(this.postings, view, column, lists);
  }

  /** Rows that may satisfy the query, pending ones included; null when the index knows nothing of it. */
  candidates(view: ReadView, column: number, query: TrigramQuery): RowSet | null {
    const found = this.evaluate(view, column, query);
    return found === null ? null : union(found, this.pendingIds(view));
  }

  private evaluate(view: ReadView, column: number, query: TrigramQuery): RowSet | null {
    switch (query.kind) {
      case 'anything':
        return null;
      case 'has':
        return this.rowsOf(view, column, query.code);
      case 'atLeast':
        return atLeast(
          query.codes.map((code) => this.rowsOf(view, column, code)),
          query.count,
        );
      case 'pair':
        return union(
          this.rowsOfRange(view, column, query.from, query.to),
          this.rowsOf(view, column, BEYOND_ASCII),
        );
      case 'all':
        return this.evaluateAll(view, column, query.parts);
      case 'any': {
        let rows: RowSet = NO_ROWS;
        for (const part of query.parts) {
          const more = this.evaluate(view, column, part);
          if (more === null) return null;
          rows = union(rows, more);
        }
        return rows;
      }
    }
  }

  /** Rarest first; lists much longer than what is left are not read at all. */
  private evaluateAll(view: ReadView, column: number, parts: readonly TrigramQuery[]): RowSet | null {
    const ranked = parts
      .map((part) => ({ part, estimate: this.estimate(view, column, part) }))
      .sort((a, b) => a.estimate - b.estimate);
    let rows: RowSet | null = null;
    for (const { part, estimate } of ranked) {
      if (rows !== null && (rows.length === 0 || estimate > rows.length * SKIP_RATIO)) break;
      if (rows !== null && part.kind === 'has') {
        rows = this.rowsWith(view, column, part.code, rows);
        continue;
      }
      const more = this.evaluate(view, column, part);
      if (more !== null) rows = rows === null ? more : intersect(rows, more);
    }
    return rows;
  }

  /** Those of the rows, one at least, that have a code. */
  private rowsWith(view: ReadView, column: number, code: number, rows: RowSet): RowSet {
    const cursor = new TreeCursor(this.postings, view);
    cursor.seek({
      lower: [column, code, rows[0]!],
      lowerInclusive: true,
      upper: [column, code, rows[rows.length - 1]!],
      upperInclusive: true,
    });
    return rowsMet(rows, cursor, 2);
  }

  /** The rows with a code, as of the last merge. */
  rowsOf(view: ReadView, column: number, code: number): RowSet {
    const cursor = new TreeCursor(this.postings, view);
    cursor.seekPrefix([column, code]);
    return collectRowIds(cursor, 2);
  }

  /** Rows of several lists: each once, in order. */
  private rowsOfRange(view: ReadView, column: number, from: number, to: number): RowSet {
    const cursor = new TreeCursor(this.postings, view);
    cursor.seek(codeRange(column, from, to));
    return distinctRows(collectRowIds(cursor, 2));
  }

  /** Fills postings anew from all rows of the table. Forgets pending rows. */
  build(view: WriteView, source: BuildSource): void {
    this.truncate(view);
    const { columnCount, temporary, bytesMax = BUILD_BYTES_MAX } = source;
    const collector = new PostingCollector({ columnCount, bytesMax, temporary });
    try {
      source.feed(collector);
      const builder = new IntTreeBuilder(this.postings, view);
      collector.writeTo(builder);
      builder.finish();
    } finally {
      collector.close();
    }
  }

  /** Every posting, in order: what `check` compares with the table. */
  *postingLists(view: ReadView): Iterable<{ column: number; code: number; rowId: number }> {
    const cursor = new TreeCursor(this.postings, view);
    cursor.seek(WHOLE_TREE);
    while (cursor.next()) {
      const columns = cursor.vector(0) as Int32Vector;
      const codes = cursor.vector(1) as Int32Vector;
      const ids = cursor.vector(2) as Int64Vector;
      for (let i = cursor.from; i < cursor.to; i++)
        yield { column: columns.values[i]!, code: codes.values[i]!, rowId: Number(ids.values[i]) };
    }
  }
}

/** The postings of some codes of a column. */
function codeRange(column: number, from: number, to: number): KeyRange {
  return { lower: [column, from], lowerInclusive: true, upper: [column, to], upperInclusive: true };
}
