/**
 * Row ids in the order they came, eight bytes each.
 *
 * I1  Ids beyond what numbers hold exactly are kept beside, by their place.
 */

const PIECE_MIN = 8;
const PIECE_IDS = 8192;

export class RowIdList {
  length = 0;
  /** All but the last have {@link PIECE_IDS} places. */
  private readonly pieces: Float64Array[] = [];
  private big: Map<number, bigint> | null = null;

  push(given: number | bigint): void {
    const id = Number(given);
    if (!Number.isSafeInteger(id)) {
      this.big ??= new Map();
      this.big.set(this.length, BigInt(given));
    }
    const at = Math.floor(this.length / PIECE_IDS);
    const within = this.length - at * PIECE_IDS;
    let piece = this.pieces[at];
    if (piece === undefined || within === piece.length) {
      const more = new Float64Array(piece === undefined ? PIECE_MIN : Math.min(PIECE_IDS, piece.length * 4));
      if (piece !== undefined) more.set(piece);
      this.pieces[at] = more;
      piece = more;
    }
    piece[within] = id;
    this.length++;
  }

  at(place: number): number | bigint {
    const big = this.big?.get(place);
    if (big !== undefined) return big;
    return this.pieces[Math.floor(place / PIECE_IDS)]![place % PIECE_IDS]!;
  }

  slice(from: number, to: number): (number | bigint)[] {
    const ids: (number | bigint)[] = [];
    for (let place = from; place < Math.min(to, this.length); place++) ids.push(this.at(place));
    return ids;
  }

  /** Forgets all but the first ids. */
  truncate(length: number): void {
    if (length >= this.length) return;
    if (this.big !== null) for (const place of this.big.keys()) if (place >= length) this.big.delete(place);
    this.length = length;
    this.pieces.length = Math.ceil(length / PIECE_IDS);
  }
}
