/**
 * Changes of a trigram index's postings (posting-changes.ts) as numbers.
 *
 *     change    ((column * 2^31 + trigram) * 2^16 + number of the row) * 2 + (1: the posting goes)
 *
 * I1  32 columns, 31 bits of a trigram, 2^16 rows: a change is a safe integer, and numbers ascend as keys of postings do.
 * I2  Rows come in pieces, each sorted by itself as soon as it is there: sorting all at once would hold up a commit.
 */
import { assert } from '../../base/assert.ts';
import type { Tree } from '../../tree/tree.ts';
import type { WriteView } from '../../txn/page-view.ts';
import type { Datum } from '../../types/vector.ts';
import type { PostingKey, RowTexts } from '../note-tree.ts';
import type { PostingChanges } from '../posting-changes.ts';
import { PostingWriter } from './posting-writer.ts';

const CODES = 2 ** 31;
const ROWS_MAX = 2 ** 16;
/** Changes of a piece, and all of them: 32 MB. */
const PIECE_CHANGES = 1 << 15;
const CHANGES_MAX = 1 << 22;

export class TrigramChanges implements PostingChanges {
  count = 0;
  applied = 0;
  after: PostingKey | null = null;
  private readonly postings: Tree;
  private readonly codesOf: (text: string) => Int32Array;
  private rowIds: Float64Array = new Float64Array(1024);
  private rowCount = 0;
  /** The piece in the making. */
  private piece: Float64Array = new Float64Array(1024);
  private pieceCount = 0;
  private readonly pieces: Float64Array[] = [];
  /** First change of each piece that is not applied. */
  private readonly heads: number[] = [];

  constructor(postings: Tree, codesOf: (text: string) => Int32Array) {
    this.postings = postings;
    this.codesOf = codesOf;
  }

  get isFull(): boolean {
    return this.count >= CHANGES_MAX || this.rowCount === ROWS_MAX;
  }

  addRow(rowId: number, before: RowTexts, now: readonly Datum[] | null): void {
    assert(this.rowCount < ROWS_MAX, 'rows of a part have numbers');
    if (this.rowCount === this.rowIds.length) {
      const grown = new Float64Array(this.rowIds.length * 2);
      grown.set(this.rowIds);
      this.rowIds = grown;
    }
    const row = this.rowCount++;
    this.rowIds[row] = rowId;
    for (let column = 0; column < before.length; column++)
      this.addText(row, column, before[column] ?? null, (now?.[column] ?? null) as string | null);
    if (this.pieceCount >= PIECE_CHANGES) this.endPiece();
  }

  /** Both lists of codes ascend: what only one of them has is a change. */
  private addText(row: number, column: number, before: string | null, now: string | null): void {
    if (before === now) return;
    const old = before === null ? [] : this.codesOf(before);
    const fresh = now === null ? [] : this.codesOf(now);
    this.makeRoom(old.length + fresh.length);
    let i = 0;
    let j = 0;
    while (i < old.length || j < fresh.length) {
      const a = i < old.length ? old[i]! : CODES;
      const b = j < fresh.length ? fresh[j]! : CODES;
      if (a <= b) i++;
      if (b <= a) j++;
      if (a === b) continue;
      const code = Math.min(a, b);
      this.piece[this.pieceCount++] = ((column * CODES + code) * ROWS_MAX + row) * 2 + (a < b ? 1 : 0);
      this.count++;
    }
  }

  private makeRoom(more: number): void {
    const wanted = this.pieceCount + more;
    if (wanted <= this.piece.length) return;
    const grown = new Float64Array(Math.max(wanted, this.piece.length * 2));
    grown.set(this.piece.subarray(0, this.pieceCount));
    this.piece = grown;
  }

  /** I2. */
  private endPiece(): void {
    if (this.pieceCount === 0) return;
    this.pieces.push(this.piece.slice(0, this.pieceCount).sort());
    this.heads.push(0);
    this.pieceCount = 0;
  }

  sort(): void {
    this.endPiece();
    this.piece = new Float64Array(0);
  }

  /** The next change of all pieces; Infinity at the end. */
  private next(): number {
    const { pieces, heads } = this;
    let least = Number.POSITIVE_INFINITY;
    let from = 0;
    for (let i = 0; i < pieces.length; i++) {
      const head = heads[i]!;
      const piece = pieces[i]!;
      if (head < piece.length && piece[head]! < least) {
        least = piece[head]!;
        from = i;
      }
    }
    if (least !== Number.POSITIVE_INFINITY) heads[from]!++;
    return least;
  }

  apply(view: WriteView, most: number): void {
    const { postings, rowIds } = this;
    const writer = new PostingWriter(postings, view);
    const row = [0];
    const end = Math.min(this.count, this.applied + most);
    for (; this.applied < end; this.applied++) {
      const change = this.next();
      const isRemoved = change % 2 === 1;
      let rest = (change - (isRemoved ? 1 : 0)) / 2;
      const number = rest % ROWS_MAX;
      rest = (rest - number) / ROWS_MAX;
      const code = rest % CODES;
      const column = (rest - code) / CODES;
      row[0] = rowIds[number]!;
      if (isRemoved) postings.delete(view, [column, code, row[0]!]);
      else writer.add(column, code, row, 0, 1);
      if (this.applied + 1 === end) this.after = [column, code, row[0]!];
    }
    writer.flush();
  }

  skipTo(after: PostingKey | null): void {
    this.after = after;
    this.applied = 0;
    const last = after === null ? -1 : this.lastChangeAt(after);
    this.pieces.forEach((piece, i) => {
      let low = 0;
      let high = piece.length;
      while (low < high) {
        const middle = (low + high) >>> 1;
        if (piece[middle]! <= last) low = middle + 1;
        else high = middle;
      }
      this.heads[i] = low;
      this.applied += low;
    });
  }

  /** The largest change there can be of a posting, and of those before it. */
  private lastChangeAt([column, code, rowId]: PostingKey): number {
    let low = 0;
    let high = this.rowCount;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.rowIds[middle]! < rowId) low = middle + 1;
      else high = middle;
    }
    return ((column * CODES + (code as number)) * ROWS_MAX + low) * 2 + 1;
  }
}
