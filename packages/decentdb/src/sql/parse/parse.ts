// Entry points: text to statements, one statement, one expression.
//
// I1  Nothing is shared between parses but pooled token arrays; parsing never yields.
// I2  The tree of one statement refers to its text by offsets into the text given, also in a script of many statements.

import { DecentDbError } from '../../base/errors.ts';
import type { Expr, RawStmt } from '../ast/nodes.ts';
import { checkTextBytes, DEFAULT_SQL_LIMITS, type SqlLimits } from '../lex/limits.ts';
import * as T from '../lex/tokens.ts';
import { parseExpr } from './expression.ts';
import { Parser } from './parser.ts';
import { parseStatement } from './statement.ts';

/** All statements of a text. Empty statements are left out.
 *
 * Throws DecentDbError 42601 with `position` on a syntax error, 54000 and 54001 over a limit.
 *
 * @example
 * parse('SELECT 1; SELECT 2').length === 2
 */
export function parse(sql: string, limits: SqlLimits = DEFAULT_SQL_LIMITS): RawStmt[] {
  checkTextBytes(sql, limits);
  const p = new Parser(sql, limits, 0);
  const statements: RawStmt[] = [];
  try {
    p.start();
    for (;;) {
      while (p.kind === T.SEMICOLON) nextStatement(p);
      if (p.kind === T.EOF) return statements;
      statements.push(parseRaw(p));
      if (p.kind === T.EOF) return statements;
      if (p.kind !== T.SEMICOLON) p.fail();
    }
  } catch (error) {
    throw asSqlError(error, sql);
  } finally {
    p.release();
  }
}

/** A thread with little stack can run out of it before nestingMax does its work; nothing was changed by then. */
function asSqlError(error: unknown, sql: string): unknown {
  if (!(error instanceof RangeError) || !error.message.includes('call stack')) return error;
  return new DecentDbError('54001', 'stack depth limit exceeded', { query: sql, cause: error });
}

/** Past a `;`: the tokens of the finished statement are forgotten. */
function nextStatement(p: Parser): void {
  p.next();
  p.restart(p.pos);
  p.pos = 0;
  p.parenRunEnd = -1;
  p.height = 0;
}

function parseRaw(p: Parser): RawStmt {
  const stmtLocation = p.location;
  const stmt = parseStatement(p);
  return { stmt, stmtLocation, stmtLen: p.previousEnd - stmtLocation };
}

/** Exactly one statement; a trailing semicolon is fine. */
export function parseOne(sql: string, limits: SqlLimits = DEFAULT_SQL_LIMITS): RawStmt {
  const statements = parse(sql, limits);
  if (statements.length === 1) return statements[0]!;
  if (statements.length === 0)
    throw new DecentDbError('42601', 'the SQL text holds no statement', { query: sql });
  throw new DecentDbError('42601', 'cannot insert multiple commands into a prepared statement', {
    query: sql,
    position: statements[1]!.stmtLocation + 1,
  });
}

/** One expression and nothing else: a default, a CHECK condition, a generated column. */
export function parseExpression(sql: string, limits: SqlLimits = DEFAULT_SQL_LIMITS): Expr {
  checkTextBytes(sql, limits);
  const p = new Parser(sql, limits, 0);
  try {
    p.start();
    const expr = parseExpr(p);
    if (p.kind !== T.EOF) p.fail();
    return expr;
  } catch (error) {
    throw asSqlError(error, sql);
  } finally {
    p.release();
  }
}
