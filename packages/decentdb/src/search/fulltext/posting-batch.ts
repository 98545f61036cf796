/** Postings that ascend, handed to the tree of a full text index in batches. */
import type { Tree } from '../../tree/tree.ts';
import type { WriteView } from '../../txn/page-view.ts';
import { Physical } from '../../types/vector.ts';
import type { ListKey, ListReader } from './lexeme-collector.ts';
import { statOf } from './lexeme-posting.ts';

/** Postings handed to the tree at once. */
const BATCH_POSTINGS = 1 << 14;
/** Texts of single characters: those of most places. */
const CHARACTERS: readonly string[] = Array.from({ length: 0x80 }, (_, unit) => String.fromCharCode(unit));

export class PostingBatch {
  /** Whether none of the postings was in the tree before. */
  isNew = true;
  private readonly tree: Tree;
  private readonly view: WriteView;
  private readonly columns: Int32Array = new Int32Array(BATCH_POSTINGS);
  private readonly keys: string[] = new Array<string>(BATCH_POSTINGS).fill('');
  private readonly rows: Float64Array = new Float64Array(BATCH_POSTINGS);
  private readonly stats: Int32Array = new Int32Array(BATCH_POSTINGS);
  private readonly places: string[] = new Array<string>(BATCH_POSTINGS).fill('');
  private readonly nulls: Uint8Array = new Uint8Array(BATCH_POSTINGS);
  private hasNulls = false;
  private count = 0;

  constructor(tree: Tree, view: WriteView) {
    this.tree = tree;
    this.view = view;
  }

  /** Adds a posting; the reader stands at its places. */
  add(list: ListKey, row: number, size: number, placeCount: number, reader: ListReader): void {
    const at = this.count++;
    this.columns[at] = list.column;
    this.keys[at] = list.key;
    this.rows[at] = row;
    this.stats[at] = statOf(size, placeCount);
    this.places[at] = placesOf(placeCount, reader);
    this.nulls[at] = placeCount === 0 ? 1 : 0;
    if (placeCount === 0) this.hasNulls = true;
    if (this.count === BATCH_POSTINGS) this.write();
  }

  private write(): void {
    const { count } = this;
    if (count === 0) return;
    this.count = 0;
    const nulls = this.hasNulls ? this.nulls : null;
    this.hasNulls = false;
    this.view.relieve();
    const added = this.tree.insertBatch(
      this.view,
      [
        { physical: Physical.int32, values: this.columns, nulls: null },
        { physical: Physical.text, values: this.keys, nulls: null },
        { physical: Physical.int64, values: this.rows, nulls: null },
        { physical: Physical.int32, values: this.stats, nulls: null },
        { physical: Physical.text, values: this.places, nulls },
      ],
      count,
      true,
    );
    this.isNew &&= added === count;
  }

  finish(): void {
    this.write();
  }
}

function placesOf(count: number, reader: ListReader): string {
  let text = '';
  for (let i = 0; i < count; i++) {
    for (;;) {
      const unit = reader.byte();
      text += unit < 0x80 ? CHARACTERS[unit]! : String.fromCharCode(unit);
      if (unit < 0x80) break;
    }
  }
  return text;
}
