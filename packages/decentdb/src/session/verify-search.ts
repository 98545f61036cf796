/**
 * A trigram index against its table: the postings must be those of the texts as of the last merge.
 *
 * I1  A row that is noted counts with the texts of its note, any other row with its texts now.
 * I2  Both sides are compared as sets by two sums over all (column, trigram, row id): memory does not grow with the table.
 */
import { DecentDbError } from '../base/errors.ts';
import type { IndexDef, TableDef } from '../catalog/schema.ts';
import { isFoldCurrent, postingStore, searchMode, searchText } from '../exec/storage/search-stores.ts';
import { datumAt } from '../exec/vectors.ts';
import type { CodesOf, RowTexts } from '../search/trigram/posting-store.ts';
import type { ReadTxn } from '../txn/read-txn.ts';
import type { Session } from './session.ts';
import { startEntries } from './verify-index.ts';

/** Count and order-free sums of postings. */
class PostingSum {
  count = 0;
  first = 0;
  second = 0;
  private readonly codesOf: CodesOf;

  constructor(codesOf: CodesOf) {
    this.codesOf = codesOf;
  }

  add(column: number, code: number, rowId: number): void {
    const low = rowId | 0;
    const high = Math.floor(rowId / 2 ** 32) | 0;
    let hash =
      Math.imul(code ^ Math.imul(column + 1, 0x9e3779b1), 0x85ebca6b) ^ Math.imul(low, 0xc2b2ae35) ^ high;
    hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
    hash = Math.imul(hash ^ (hash >>> 12), 0x297a2d39);
    hash ^= hash >>> 15;
    this.count++;
    this.first = (this.first + (hash >>> 0)) % 2 ** 48;
    this.second = (this.second + (Math.imul(hash, hash | 1) >>> 0)) % 2 ** 48;
  }

  addTexts(rowId: number, texts: RowTexts): void {
    for (let column = 0; column < texts.length; column++) {
      const text = texts[column] ?? null;
      if (text !== null) for (const code of this.codesOf(text)) this.add(column, code, rowId);
    }
  }

  equals(other: PostingSum): boolean {
    return this.count === other.count && this.first === other.first && this.second === other.second;
  }
}

export function verifySearchIndex(session: Session, table: TableDef, index: IndexDef, read: ReadTxn): void {
  const store = postingStore(index);
  if (searchMode(index) === 'disabled') return;
  if (!isFoldCurrent(index))
    throw new DecentDbError(
      'XX002',
      'it was built with the case folding or text analysis of another version and is not used',
      {
        hint: 'REINDEX it.',
      },
    );
  const pending = store.pendingTexts(read);
  const wanted = new PostingSum(store.codesOf);
  for (const [rowId, texts] of pending) wanted.addTexts(rowId, texts);
  const run = startEntries(session, table, index, read);
  const width = index.keys.length;
  try {
    for (let batch = run.next(); batch !== null; batch = run.next()) {
      for (let i = 0; i < batch.count; i++) {
        const at = batch.position(i);
        const rowId = Number(datumAt(batch.column(width), at));
        if (pending.has(rowId)) continue;
        const texts: (string | null)[] = [];
        for (let c = 0; c < width; c++) texts.push(searchText(datumAt(batch.column(c), at)));
        wanted.addTexts(rowId, texts);
      }
    }
  } finally {
    run.close();
  }
  const found = new PostingSum(store.codesOf);
  for (const { column, code, rowId } of store.postingLists(read)) found.add(column, code, rowId);
  if (!found.equals(wanted))
    throw new DecentDbError(
      'XX002',
      `its ${found.count} postings are not the ${wanted.count} that the texts of table "${table.name}" ask for`,
      { hint: 'REINDEX it.' },
    );
}
