/**
 * Result rows of one statement that are kept by their row ids (pager/row-memory.ts), so that a look-up that comes back to one copies it.
 *
 * I1  What is kept is nobody else's: who asks gets a copy, with the values themselves, all of which are immutable.
 * I2  A row is kept as the newest version of its page has it, read through a view of the newest committed pages.
 */
import { assert, verifyEnabled } from '../../base/assert.ts';
import { ownText } from '../../tree/text-bytes.ts';
import type { TreeNode } from '../../tree/tree-node.ts';
import type { ReadView } from '../../txn/page-view.ts';

/** Shorter texts are never parts of others. */
const OWN_LENGTH = 13;
const ROW_BYTES = 48;
const VALUE_BYTES = 24;

type Values = Record<string | number, unknown>;

export class RememberedRows {
  private owner = 0;
  /** Of the memory that gave `owner`. */
  private era = 0;
  private readonly fields: readonly (string | number)[];
  /** Those that are more than a number. */
  private readonly wide: readonly (string | number)[];
  private readonly copy: (row: object) => object;

  /** `copy` makes a new row of the fields of another; `wide` are those of types that may be more than a number. */
  constructor(
    fields: readonly (string | number)[],
    wide: readonly (string | number)[],
    copy: (row: object) => object,
  ) {
    this.fields = fields;
    this.wide = wide;
    this.copy = copy;
  }

  /** The row of an id, if it is remembered as the view shows it. */
  recall(view: ReadView, id: number): object | undefined {
    const { rows } = view;
    if (rows === undefined) return undefined;
    if (rows.era !== this.era) {
      this.owner = rows.newOwner();
      this.era = rows.era;
    }
    const row = view.recall?.(this.owner, id);
    return row === undefined ? undefined : this.copy(row);
  }

  /** Keeps a row just read that could not be recalled, if it was asked for before. */
  offer(view: ReadView, id: number, leaf: TreeNode, row: object): void {
    const { rows } = view;
    if (rows === undefined || !rows.isWanted(this.owner, id)) return;
    if (leaf.isPrivate || view.newestLsn?.(leaf.pageNo) !== leaf.lsn) return;
    const bytes = this.bytesOf(row as Values);
    const place = rows.placeFor(this.owner, id, bytes);
    if (place >= 0) rows.keep(place, this.owner, id, leaf.pageNo, leaf.lsn, this.own(row), bytes);
  }

  /** Infinity for a row that cannot be kept. */
  private bytesOf(row: Values): number {
    let bytes = ROW_BYTES + VALUE_BYTES * this.fields.length;
    for (const field of this.wide) {
      const value = row[field];
      if (typeof value === 'string') bytes += VALUE_BYTES + 2 * value.length;
      else if (typeof value === 'object' && value !== null) return Number.POSITIVE_INFINITY;
    }
    return bytes;
  }

  private own(row: object): object {
    const kept = this.copy(row) as Values;
    for (const field of this.wide) {
      const value = kept[field];
      if (typeof value === 'string' && value.length >= OWN_LENGTH) kept[field] = ownText(value);
    }
    return kept;
  }

  /** For checks: a remembered row is the one that a look at the tree gives. */
  verify(known: object, read: unknown): void {
    if (!verifyEnabled()) return;
    const found = read as Values;
    for (const field of this.fields)
      assert(Object.is((known as Values)[field], found[field]), 'a remembered row is not what its tree has');
  }
}
