/**
 * Changes of a full text index's postings (posting-changes.ts): all a row had goes, all it has comes, for each posting tells of the
 * whole document's size.
 *
 * I1  A key's two changes, one that goes and one that comes, are applied together.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { Tree } from '../../tree/tree.ts';
import type { WriteView } from '../../txn/page-view.ts';
import { compareText } from '../../types/text-order.ts';
import { TsVector } from '../../types/tsvector.ts';
import type { Datum } from '../../types/vector.ts';
import type { PostingKey, RowTexts } from '../note-tree.ts';
import type { PostingChanges } from '../posting-changes.ts';
import { LexemeLists } from './lexeme-lists.ts';
import { lexemeKey, splitLexemes } from './lexeme-posting.ts';

const BYTES_MAX = 16 << 20;

export class LexemeChanges implements PostingChanges {
  applied = 0;
  after: PostingKey | null = null;
  private readonly postings: Tree;
  private readonly lists: LexemeLists;

  constructor(postings: Tree, columnCount: number) {
    this.postings = postings;
    this.lists = new LexemeLists(columnCount, BYTES_MAX);
  }

  get count(): number {
    return this.lists.count;
  }

  get isFull(): boolean {
    return this.lists.isFull;
  }

  addRow(rowId: number, before: RowTexts, now: readonly Datum[] | null): void {
    const { lists } = this;
    before.forEach((text, column) => {
      if (text !== null) lists.addStale(column, rowId, keysOf(text));
    });
    now?.forEach((value, column) => {
      if (value instanceof TsVector) lists.addVector(column, rowId, value);
      else if (typeof value === 'string') lists.addKeys(column, rowId, keysOf(value));
    });
  }

  sort(): void {
    this.lists.sort();
  }

  apply(view: WriteView, most: number): void {
    const { lists } = this;
    let end = Math.min(this.count, this.applied + most);
    while (lists.isRepeated(end)) end++;
    if (end === this.applied) return;
    if (!lists.apply(this.postings, view, this.applied, end))
      throw new DecentDbError(
        'XX002',
        `full text index "${this.postings.name}" has an entry it should not have`,
        { hint: 'REINDEX it.' },
      );
    this.applied = end;
    this.after = lists.keyAt(end - 1);
  }

  skipTo(after: PostingKey | null): void {
    this.after = after;
    let low = 0;
    let high = after === null ? 0 : this.count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (comparePostings(this.lists.keyAt(middle), after!) <= 0) low = middle + 1;
      else high = middle;
    }
    this.applied = low;
  }
}

export function comparePostings(a: PostingKey, b: PostingKey): number {
  return a[0] - b[0] || compareText(a[1] as string, b[1] as string) || a[2] - b[2];
}

/** Keys of a note's lexemes, each once. */
function keysOf(note: string): Set<string> {
  return new Set(splitLexemes(note).map(lexemeKey));
}
