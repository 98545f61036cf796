/**
 * A search index against its table: the postings must be those of the texts as of the last merge.
 *
 * I1  A row that is noted counts with the texts of its note, one whose merge has begun with those of before and after, as far as it
 *     has come; any other row counts with its texts now.
 * I2  Both sides are compared as sets by two sums over all (column, code, row id): memory does not grow with the table.
 * I3  The code of a lexeme's posting is a hash of the lexeme and, where its row is not noted, of its places and the document's size;
 *     notes know lexemes alone.
 */
import { DecentDbError } from '../base/errors.ts';
import type { IndexDef, TableDef } from '../catalog/schema.ts';
import { searchedValue } from '../exec/storage/item-search.ts';
import {
  hasVectors,
  isFoldCurrent,
  lexemeStore,
  postingStore,
  searchMode,
  searchTexts,
  searchTrees,
} from '../exec/storage/search-stores.ts';
import { datumAt } from '../exec/vectors.ts';
import { eachPosting, lexemeKey, splitLexemes } from '../search/fulltext/lexeme-posting.ts';
import type { RowTexts } from '../search/note-tree.ts';
import type { NotedState, NotedTexts } from '../search/search-trees.ts';
import type { ReadTxn } from '../txn/read-txn.ts';
import type { TsVector } from '../types/tsvector.ts';
import type { Datum } from '../types/vector.ts';
import type { Session } from './session.ts';
import { startEntries } from './verify-index.ts';

/** Count and order-free sums of postings. */
class PostingSum {
  count = 0;
  first = 0;
  second = 0;

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

  equals(other: PostingSum): boolean {
    return this.count === other.count && this.first === other.first && this.second === other.second;
  }
}

type Noted = NotedState['rows'];

/** What one kind of index has for a value, and for the text of a note. */
interface PostingKind {
  ofValue(value: Datum, tell: (code: number) => void): void;
  /** Of the text of a note; `key` is the trigram or lexeme. */
  ofNote(text: string, tell: (code: number, key: number | string) => void): void;
  stored(read: ReadTxn, noted: Noted, tell: PostingSum['add']): void;
}

function trigramKind(index: IndexDef): PostingKind {
  const store = postingStore(index);
  const ofNote: PostingKind['ofNote'] = (text, tell) => {
    for (const code of store.codesOf(text)) tell(code, code);
  };
  return {
    ofNote,
    ofValue: (value, tell) => {
      if (value !== null) ofNote(value as string, (code) => tell(code));
    },
    stored: (read, _, tell) => {
      for (const { column, code, rowId } of store.postingLists(read)) tell(column, code, rowId);
    },
  };
}

/** I3. */
function lexemeKind(index: IndexDef): PostingKind {
  const store = lexemeStore(index);
  return {
    ofNote: (text, tell) => {
      for (const key of new Set(splitLexemes(text).map(lexemeKey))) tell(hashOf(key, 1), key);
    },
    ofValue: (value, tell) => {
      if (value !== null)
        eachPosting(value as TsVector, (key, stat, places) => {
          tell(hashOf(key, 1) ^ hashOf(places ?? '-', stat));
        });
    },
    stored: (read, noted, tell) => {
      store.eachPosting(read, (column, key, rowId, stat, places) => {
        tell(column, hashOf(key, 1) ^ (noted.has(rowId) ? 0 : hashOf(places ?? '-', stat)), rowId);
      });
    },
  };
}

function hashOf(text: string, seed: number): number {
  let hash = seed ^ 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  return Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
}

export function verifySearchIndex(session: Session, table: TableDef, index: IndexDef, read: ReadTxn): void {
  if (searchMode(index) === 'disabled') return;
  if (!isFoldCurrent(index))
    throw new DecentDbError(
      'XX002',
      'it was built with the case folding or text analysis of another version and is not used',
      {
        hint: 'REINDEX it.',
      },
    );
  const kind = hasVectors(index) ? lexemeKind(index) : trigramKind(index);
  const noted = searchTrees(index).notedState(read);
  const wanted = new PostingSum();
  const addNoted = (rowId: number, { merged, behind }: NotedTexts, now: RowTexts): void => {
    const add = (texts: RowTexts, isMerged: boolean): void =>
      texts.forEach((text, column) => {
        if (text === null) return;
        kind.ofNote(text, (code, key) => {
          if (noted.isMerged([column, key, rowId]) === isMerged) wanted.add(column, code, rowId);
        });
      });
    add(merged ?? now, true);
    add(behind, false);
  };
  const width = index.keys.length;
  const left = new Set(noted.rows.keys());
  const run = startEntries(session, table, index, read);
  try {
    for (let batch = run.next(); batch !== null; batch = run.next()) {
      for (let i = 0; i < batch.count; i++) {
        const at = batch.position(i);
        const rowId = Number(datumAt(batch.column(width), at));
        const values = Array.from({ length: width }, (_, c) => datumAt(batch!.column(c), at));
        const texts = noted.rows.get(rowId);
        if (texts === undefined) {
          values.forEach((value, c) =>
            kind.ofValue(searchedValue(index, c, value), (code) => wanted.add(c, code, rowId)),
          );
        } else {
          addNoted(rowId, texts, searchTexts(index, values));
          left.delete(rowId);
        }
      }
    }
  } finally {
    run.close();
  }
  for (const rowId of left) addNoted(rowId, noted.rows.get(rowId)!, []);
  const found = new PostingSum();
  kind.stored(read, noted.rows, (column, code, rowId) => found.add(column, code, rowId));
  if (!found.equals(wanted))
    throw new DecentDbError(
      'XX002',
      `its ${found.count} postings are not the ${wanted.count} that the texts of table "${table.name}" ask for`,
      { hint: 'REINDEX it.' },
    );
}
