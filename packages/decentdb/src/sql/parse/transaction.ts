// BEGIN, COMMIT, ROLLBACK, SAVEPOINT and their relatives.

import type { DefElem, TransactionStmt } from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import { makeString } from './literals.ts';
import { NONE, parseColId } from './names.ts';
import { makeDefElem } from './options.ts';
import type { Parser } from './parser.ts';
import { makeInteger } from './types.ts';

type StmtKind = TransactionStmt['stmtKind'];

function make(stmtKind: StmtKind, location: number, rest: Partial<TransactionStmt> = {}): TransactionStmt {
  return {
    kind: 'TransactionStmt',
    stmtKind,
    options: NONE,
    savepoint_name: null,
    gid: null,
    chain: false,
    location,
    ...rest,
  };
}

/** Null when the statement is another one (PREPARE name AS ...). */
export function parseTransaction(p: Parser): TransactionStmt | null {
  const location = p.location;
  switch (p.kind) {
    case K.BEGIN:
      p.next();
      skipNoise(p);
      return make('TRANS_STMT_BEGIN', location, { options: parseModes(p, true) });
    case K.START:
      p.next();
      p.expect(K.TRANSACTION);
      return make('TRANS_STMT_START', location, { options: parseModes(p, true) });
    case K.COMMIT:
    case K.END: {
      const canBePrepared = p.kind === K.COMMIT;
      p.next();
      if (canBePrepared && p.accept(K.PREPARED))
        return make('TRANS_STMT_COMMIT_PREPARED', location, { gid: p.takeString() });
      skipNoise(p);
      return make('TRANS_STMT_COMMIT', location, { chain: parseChain(p) });
    }
    case K.ABORT:
    case K.ROLLBACK:
      return parseRollback(p, location);
    case K.SAVEPOINT:
      p.next();
      return make('TRANS_STMT_SAVEPOINT', location, { savepoint_name: parseColId(p) });
    case K.RELEASE:
      p.next();
      return make('TRANS_STMT_RELEASE', location, { savepoint_name: parseSavepointName(p) });
    case K.PREPARE:
      if (p.peek() !== K.TRANSACTION || p.peek(2) !== T.SCONST) return null;
      p.next();
      p.next();
      return make('TRANS_STMT_PREPARE', location, { gid: p.takeString() });
    default:
      return null;
  }
}

function parseRollback(p: Parser, location: number): TransactionStmt {
  const isAbort = p.kind === K.ABORT;
  p.next();
  if (!isAbort && p.accept(K.PREPARED))
    return make('TRANS_STMT_ROLLBACK_PREPARED', location, { gid: p.takeString() });
  skipNoise(p);
  if (!isAbort && p.accept(K.TO))
    return make('TRANS_STMT_ROLLBACK_TO', location, { savepoint_name: parseSavepointName(p) });
  return make('TRANS_STMT_ROLLBACK', location, { chain: parseChain(p) });
}

function skipNoise(p: Parser): void {
  if (!p.accept(K.WORK)) p.accept(K.TRANSACTION);
}

/** [SAVEPOINT] name. */
function parseSavepointName(p: Parser): string {
  if (p.kind === K.SAVEPOINT && p.peek() !== T.SEMICOLON && p.peek() !== T.EOF) p.next();
  return parseColId(p);
}

function parseChain(p: Parser): boolean {
  if (!p.accept(K.AND)) return false;
  const no = p.accept(K.NO);
  p.expect(K.CHAIN);
  return !no;
}

/** transaction_mode_list; commas are optional. */
export function parseModes(p: Parser, optional: boolean): readonly DefElem[] {
  const modes: DefElem[] = [];
  for (;;) {
    const comma = modes.length > 0 && p.accept(T.COMMA);
    const mode = parseMode(p);
    if (mode === null) {
      if (comma || (!optional && modes.length === 0)) p.fail();
      return modes.length > 0 ? modes : NONE;
    }
    modes.push(mode);
  }
}

function parseMode(p: Parser): DefElem | null {
  const location = p.location;
  if (p.accept(K.ISOLATION)) {
    p.expect(K.LEVEL);
    const at = p.location;
    return makeDefElem('transaction_isolation', makeString(parseIsolationLevel(p), at), location);
  }
  if (p.accept(K.READ)) {
    const only = p.accept(K.ONLY);
    if (!only) p.expect(K.WRITE);
    return makeDefElem('transaction_read_only', makeInteger(only ? 1 : 0, location), location);
  }
  if (p.accept(K.DEFERRABLE))
    return makeDefElem('transaction_deferrable', makeInteger(1, location), location);
  if (p.accept2(K.NOT, K.DEFERRABLE))
    return makeDefElem('transaction_deferrable', makeInteger(0, location), location);
  return null;
}

export function parseIsolationLevel(p: Parser): string {
  if (p.accept(K.SERIALIZABLE)) return 'serializable';
  if (p.accept(K.REPEATABLE)) {
    p.expect(K.READ);
    return 'repeatable read';
  }
  p.expect(K.READ);
  if (p.accept(K.COMMITTED)) return 'read committed';
  p.expect(K.UNCOMMITTED);
  return 'read uncommitted';
}
