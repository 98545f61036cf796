/** What bm25 asks of a full text index: documents, postings, documents with a lexeme. All as of the last merge. */
import { DecentDbError } from '../../base/errors.ts';
import type { IndexDef, TableDef } from '../../catalog/schema.ts';
import { isSearchable, lexemeStore } from '../../exec/storage/search-stores.ts';
import type { Datum } from '../../types/vector.ts';
import type { Session } from '../session.ts';
import { tableRowsNow } from '../statistics.ts';
import { runningOf, type SessionService } from './service.ts';

function indexOf(
  session: Session,
  id: Datum | undefined,
): { readonly table: TableDef; readonly index: IndexDef } {
  const catalog = session.catalogOf(runningOf(session));
  const table = catalog.tableOfIndex(Number(id));
  const index = table?.indexes.find((one) => one.id === id);
  if (table === undefined || index === undefined || index.method !== 'fulltext')
    throw new DecentDbError('42809', `${String(id)} is not a full text index`, {
      hint: 'bm25 takes the name of a full text index first.',
    });
  if (!isSearchable(index))
    throw new DecentDbError('55000', `full text index "${index.name}" is disabled or has to be rebuilt`);
  return { table, index };
}

export const fullTextServices: Readonly<Record<string, SessionService>> = {
  fulltext_documents(session, [id]) {
    return tableRowsNow(indexOf(session, id).table, session.readView(runningOf(session)));
  },
  fulltext_postings(session, [id]) {
    return lexemeStore(indexOf(session, id).index).postingRows(session.readView(runningOf(session)));
  },
  fulltext_count(session, [id, lexeme, isPrefix]) {
    const { index } = indexOf(session, id);
    const view = session.readView(runningOf(session));
    const word = { lexeme: String(lexeme), isPrefix: isPrefix === true };
    return Math.max(...index.keys.map((_, key) => lexemeStore(index).count(view, key, word)));
  },
};
