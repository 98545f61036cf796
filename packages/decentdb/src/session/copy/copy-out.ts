/**
 * COPY ... TO STDOUT: the rows of a table or query as text or CSV, handed out in pieces of many lines.
 *
 * I1  The rows are those of one statement: one snapshot, whatever is written meanwhile.
 */
import { DecentDbError } from '../../base/errors.ts';
import { textRows } from '../../exec/rows/text-rows.ts';
import type { CopyStmt } from '../../sql/ast/nodes.ts';
import { parseOne } from '../../sql/parse/parse.ts';
import { quoteIdentifier } from '../../sql/print/quote.ts';
import { openCursor } from '../cursor.ts';
import { type Prepared, prepared } from '../run/prepared.ts';
import type { Session } from '../session.ts';
import { filesRefused } from './copy-in.ts';
import { readCopyOptions } from './copy-options.ts';
import { checkForced, copyTable, relationText } from './copy-target.ts';
import { CopyWriter } from './copy-writer.ts';

const PIECE_CHARS = 64 * 1024;

/** The pieces of a COPY TO, as they are asked for; returns the number of rows. */
export function* copyOut(session: Session, sql: string, stmt: CopyStmt): Generator<string, number> {
  session.checkOpen();
  if (stmt.filename !== null) throw filesRefused();
  const options = readCopyOptions(stmt);
  const cursor = openCursor(session, queryOf(session, sql, stmt), () => []);
  try {
    const { columns } = cursor;
    checkForced(options, columns);
    const names = columns.map(({ name }) => name);
    const types = columns.map(({ type }) => type);
    const writer = new CopyWriter(options, names);
    const settings = session.settings.types;
    let count = 0;
    let piece = options.header === 'none' ? '' : writer.header(names);
    for (let batch = cursor.next(); batch !== null; batch = cursor.next()) {
      const texts: (string | null)[][] = [];
      textRows(batch, types, settings, texts);
      for (const row of texts) {
        piece += writer.row(row);
        count++;
        if (piece.length < PIECE_CHARS) continue;
        yield piece;
        piece = '';
      }
    }
    if (piece !== '') yield piece;
    return count;
  } finally {
    cursor.close();
  }
}

function queryOf(session: Session, sql: string, stmt: CopyStmt): Prepared {
  const { query, relation } = stmt;
  if (query !== null) {
    if (query.kind === 'SelectStmt' && query.intoClause !== null)
      throw new DecentDbError('0A000', 'COPY (SELECT INTO) is not supported');
    if (query.kind !== 'SelectStmt' && query.returningClause === null)
      throw new DecentDbError('0A000', 'COPY query must have a RETURNING clause');
    return { sql, stmt: query, text: sql, paramTypes: [], compiled: null };
  }
  if (relation === null) throw new DecentDbError('XX000', 'a COPY without table and query');
  const env = session.bindEnv(session.currentCatalog());
  const { table, columns } = copyTable(env, stmt, relation);
  const list = columns.map(({ name }) => quoteIdentifier(name)).join(', ');
  const text = `SELECT ${list} FROM ONLY ${relationText(table)}`;
  return prepared(text, parseOne(text));
}
