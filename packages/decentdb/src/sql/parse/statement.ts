// One statement, by its first words.

import type { Statement } from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import { parseAlter } from './alter.ts';
import { parseCopy } from './copy.ts';
import { parseCreate } from './create.ts';
import { parseClose, parseDeclare, parseFetch } from './cursor.ts';
import { parseDelete, parseInsert, parseUpdate } from './dml.ts';
import { parseDrop, parseReassignOwned } from './drop.ts';
import { parseMaintenance } from './maintenance.ts';
import { parseMerge } from './merge.ts';
import { parseQualifiedName } from './names.ts';
import { parseComment, parseSecurityLabel } from './object-name.ts';
import type { Parser } from './parser.ts';
import { parseDeallocate, parseExecute, parseExplain, parsePrepare } from './prepared.ts';
import { parseGrant, parseRevoke } from './privilege.ts';
import { parseSelectStmt } from './select.ts';
import { parseReset, parseSet, parseShow } from './setting.ts';
import { parseWithNoData } from './table.ts';
import { parseTransaction } from './transaction.ts';
import { parseTruncate } from './truncate.ts';
import { parseUnsupported } from './unsupported.ts';
import { parsePreparableStmt } from './with.ts';

/** The statement at the current token; the caller checks what ends it. */
export function parseStatement(p: Parser): Statement {
  const location = p.location;
  switch (p.kind) {
    case K.SELECT:
    case K.VALUES:
    case K.TABLE:
    case T.LPAREN:
      return parseSelectStmt(p);
    case K.WITH:
      return parsePreparableStmt(p);
    case K.INSERT:
      return parseInsert(p, null);
    case K.UPDATE:
      return parseUpdate(p, null);
    case K.DELETE:
      return parseDelete(p, null);
    case K.MERGE:
      return parseMerge(p, null);
    case K.CREATE:
      return parseCreate(p);
    case K.ALTER:
      return parseAlter(p);
    case K.DROP:
      return parseDrop(p);
    case K.TRUNCATE:
      return parseTruncate(p);
    case K.COPY:
      return parseCopy(p);
    case K.EXPLAIN:
      return parseExplain(p);
    case K.EXECUTE:
      return parseExecute(p);
    case K.DEALLOCATE:
      return parseDeallocate(p);
    case K.DECLARE:
      return parseDeclare(p);
    case K.FETCH:
    case K.MOVE:
      return parseFetch(p);
    case K.CLOSE:
      return parseClose(p);
    case K.SET:
      return parseSet(p);
    case K.RESET:
      return parseReset(p);
    case K.SHOW:
      return parseShow(p);
    case K.COMMENT:
      return parseComment(p);
    case K.GRANT:
      return parseGrant(p);
    case K.REVOKE:
      return parseRevoke(p);
    case K.REASSIGN:
      return parseReassignOwned(p);
    case K.SECURITY:
      return parseSecurityLabel(p);
    case K.REFRESH:
      return parseRefresh(p);
    case K.PREPARE: {
      const transaction = parseTransaction(p);
      if (transaction !== null) return transaction;
      p.next();
      return parsePrepare(p, location);
    }
    default:
      return parseTransaction(p) ?? parseMaintenance(p) ?? parseUnsupported(p);
  }
}

function parseRefresh(p: Parser): Statement {
  const location = p.location;
  p.next();
  p.expect(K.MATERIALIZED);
  p.expect(K.VIEW);
  const concurrent = p.accept(K.CONCURRENTLY);
  const relation = parseQualifiedName(p);
  return { kind: 'RefreshMatViewStmt', concurrent, skipData: parseWithNoData(p), relation, location };
}

/** ExplainableStmt. */
export function parseExplainable(p: Parser): Statement {
  switch (p.kind) {
    case K.DECLARE:
      return parseDeclare(p);
    case K.REFRESH:
      return parseRefresh(p);
    case K.EXECUTE:
      return parseExecute(p);
    case K.CREATE: {
      const statement = parseCreate(p);
      if (statement.kind !== 'CreateTableAsStmt') throw p.syntaxError(p.pos);
      return statement;
    }
    default:
      return parsePreparableStmt(p);
  }
}
