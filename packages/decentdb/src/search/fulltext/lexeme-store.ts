/**
 * A full text index on disk: postings and notes (search-trees.ts).
 *
 *     postings   (column, key of the lexeme, row id | stat, places)    which documents contain which lexeme and where, as of the
 *                                                                      last merge (lexeme-posting.ts); in order of the lexemes
 *                                                                      it is the dictionary too
 *     notes      texts are lexemes, joined
 *
 * I1  The postings are those of all rows that are not noted, exactly: what they say of such a row needs no look at the row.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { TreeSchema } from '../../tree/node-schema.ts';
import { estimateRange } from '../../tree/range-estimate.ts';
import { resolvedVector } from '../../tree/resolved-vector.ts';
import { type KeyRange, TreeCursor, WHOLE_TREE } from '../../tree/tree-cursor.ts';
import type { ReadView, WriteView } from '../../txn/page-view.ts';
import type { TsVector } from '../../types/tsvector.ts';
import { type Int32Vector, type Int64Vector, Physical, type TextVector } from '../../types/vector.ts';
import type { PostingKey } from '../note-tree.ts';
import type { PostingChanges } from '../posting-changes.ts';
import { SearchTrees } from '../search-trees.ts';
import { collectRowIds, rowIdsOf } from '../tree-reading.ts';
import { type RowSet, sortedSet } from '../trigram/row-set.ts';
import { comparePostings, LexemeChanges } from './lexeme-changes.ts';
import { LexemeCollector } from './lexeme-collector.ts';
import { lexemeKey, prefixKeys } from './lexeme-posting.ts';

export const LEXEME_SCHEMA: TreeSchema = {
  columns: [
    { physical: Physical.int32 },
    { physical: Physical.text },
    { physical: Physical.int64 },
    { physical: Physical.int32 },
    { physical: Physical.text },
  ],
  keyCount: 3,
};
const COLUMN_LEXEME = 1;
const COLUMN_ROW = 2;
const COLUMN_STAT = 3;
const COLUMN_PLACES = 4;

/** Vectors of the indexed columns of one row. */
export type RowVectors = readonly (TsVector | null)[];

/** A word of a query. */
export interface Word {
  readonly lexeme: string;
  readonly isPrefix: boolean;
}

/** Hears of a posting: number of the row among those asked about, key, stat, encoded places. */
export type PostingListener = (at: number, key: string, stat: number, places: string | null) => void;

/** Memory of lists under construction. */
const BUILD_BYTES_MAX = 64 << 20;

export class LexemeStore extends SearchTrees {
  protected override newChanges(): PostingChanges {
    return new LexemeChanges(this.postings, this.columnCount);
  }

  protected override compareKeys(a: PostingKey, b: PostingKey): number {
    return comparePostings(a, b);
  }

  /** About how many documents have a word. */
  count(view: ReadView, column: number, word: Word): number {
    return estimateRange(this.postings, view, rangeOf(column, word, null));
  }

  /** The documents that have a word, as of the last merge. */
  rowsOf(view: ReadView, column: number, word: Word): RowSet {
    const cursor = new TreeCursor(this.postings, view);
    cursor.seek(rangeOf(column, word, null));
    const rows = collectRowIds(cursor, COLUMN_ROW);
    return word.isPrefix ? distinct(rows.slice()) : rows;
  }

  /** Tells of the postings of a word in the rows asked about (ascending). */
  eachPlaces(view: ReadView, column: number, word: Word, rows: RowSet, tell: PostingListener): void {
    if (rows.length === 0) return;
    const cursor = new TreeCursor(this.postings, view);
    cursor.seek(rangeOf(column, word, rows));
    let key = '';
    let at = 0;
    while (cursor.next()) {
      const keys = cursor.vector(COLUMN_LEXEME) as TextVector;
      const ids = cursor.vector(COLUMN_ROW) as Int64Vector;
      const stats = cursor.vector(COLUMN_STAT) as Int32Vector;
      const places = this.placesIn(cursor);
      for (let i = cursor.from; i < cursor.to; i++) {
        const own = keys.values[i]!;
        if (own !== key) {
          key = own;
          at = 0;
        }
        const rowId = Number(ids.values[i]);
        at = lowerBound(rows, rowId, at);
        if (rows[at] !== rowId) continue;
        tell(at, own, stats.values[i]!, places.nulls?.[i] === 1 ? null : places.values[i]!);
      }
    }
  }

  /** The stats of a word in the rows asked about (ascending), in their places; those of rows without it stay as they are. */
  readStats(view: ReadView, column: number, word: Word, rows: RowSet, stats: Int32Array): void {
    if (rows.length === 0) return;
    const cursor = new TreeCursor(this.postings, view);
    cursor.seek(rangeOf(column, word, rows));
    let at = 0;
    while (cursor.next()) {
      const ids = rowIdsOf(cursor, COLUMN_ROW);
      const own = (cursor.vector(COLUMN_STAT) as Int32Vector).values;
      for (let i = 0; i < ids.length; i++) {
        const rowId = ids[i]!;
        at = rows[at] === rowId ? at : lowerBound(rows, rowId, at);
        if (rows[at] === rowId) stats[at++] = own[cursor.from + i]!;
      }
    }
  }

  private placesIn(cursor: TreeCursor): TextVector {
    const leaf = cursor.leaf!;
    if (!leaf.column(COLUMN_PLACES).hasOverflow) return cursor.vector(COLUMN_PLACES) as TextVector;
    const { postings } = this;
    return resolvedVector(postings, cursor.view, leaf, COLUMN_PLACES, cursor.from, cursor.to) as TextVector;
  }

  private get columnCount(): number {
    return this.notes.columnCount;
  }

  private add(lists: LexemeCollector, view: WriteView, rowId: number, vectors: RowVectors): void {
    if (lists.isFull) this.write(lists, view);
    vectors.forEach((vector, column) => {
      if (vector !== null) lists.addVector(column, rowId, vector);
    });
  }

  private write(lists: LexemeCollector, view: WriteView): void {
    if (lists.writeTo(this.postings, view)) return;
    throw new DecentDbError(
      'XX002',
      `full text index "${this.postings.name}" has an entry it should not have`,
      { hint: 'REINDEX it.' },
    );
  }

  /** Fills postings anew from all rows of the table, given by ascending row id. Forgets pending rows. */
  build(
    view: WriteView,
    feed: (add: (rowId: number, vectors: RowVectors) => void) => void,
    bytesMax: number = BUILD_BYTES_MAX,
  ): void {
    this.truncate(view);
    const lists = new LexemeCollector(this.columnCount, bytesMax);
    feed((rowId, vectors) => this.add(lists, view, rowId, vectors));
    this.write(lists, view);
  }

  /** Every posting, in order: what `check` compares with the table. */
  eachPosting(
    view: ReadView,
    tell: (column: number, key: string, rowId: number, stat: number, places: string | null) => void,
  ): void {
    const cursor = new TreeCursor(this.postings, view);
    cursor.seek(WHOLE_TREE);
    while (cursor.next()) {
      const columns = cursor.vector(0) as Int32Vector;
      const keys = cursor.vector(COLUMN_LEXEME) as TextVector;
      const ids = cursor.vector(COLUMN_ROW) as Int64Vector;
      const stats = cursor.vector(COLUMN_STAT) as Int32Vector;
      const places = this.placesIn(cursor);
      for (let i = cursor.from; i < cursor.to; i++)
        tell(
          columns.values[i]!,
          keys.values[i]!,
          Number(ids.values[i]),
          stats.values[i]!,
          places.nulls?.[i] === 1 ? null : places.values[i]!,
        );
    }
  }
}

/** The postings of a word; of one that is no prefix those from the first to the last of `rows`. */
function rangeOf(column: number, { lexeme, isPrefix }: Word, rows: RowSet | null): KeyRange {
  if (isPrefix) {
    const { from, to } = prefixKeys(lexeme);
    if (to === null)
      return { lower: [column, from], lowerInclusive: true, upper: [column], upperInclusive: true };
    return { lower: [column, from], lowerInclusive: true, upper: [column, to], upperInclusive: false };
  }
  const key = lexemeKey(lexeme);
  if (rows === null)
    return { lower: [column, key], lowerInclusive: true, upper: [column, key], upperInclusive: true };
  return {
    lower: [column, key, rows[0]!],
    lowerInclusive: true,
    upper: [column, key, rows[rows.length - 1]!],
    upperInclusive: true,
  };
}

function lowerBound(rows: RowSet, rowId: number, from: number): number {
  // Most rows asked about are near the one before.
  let low = from;
  let step = 1;
  while (low + step < rows.length && rows[low + step]! < rowId) {
    low += step;
    step *= 2;
  }
  let high = Math.min(rows.length, low + step + 1);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (rows[middle]! < rowId) low = middle + 1;
    else high = middle;
  }
  return low;
}

function distinct(rows: RowSet): RowSet {
  const sorted = sortedSet(rows);
  let kept = 0;
  for (let i = 0; i < sorted.length; i++)
    if (i === 0 || sorted[i] !== sorted[i - 1]) sorted[kept++] = sorted[i]!;
  return sorted.subarray(0, kept);
}
