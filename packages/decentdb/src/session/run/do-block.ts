/**
 * DO: runs a block of statements with conditions and exceptions (do-body.ts).
 *
 * I1  A block with an EXCEPTION part that fails leaves nothing of itself: its handler goes on from before it.
 * I2  The block is part of the statement's transaction, which it cannot end.
 */
import { DecentDbError, notSupported } from '../../base/errors.ts';
import { datumAt } from '../../exec/vectors.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { parse } from '../../sql/parse/parse.ts';
import { callFunction } from '../function-calls.ts';
import type { Session } from '../session.ts';
import { guardOf, markStatement, undoStatement } from '../statement-mark.ts';
import type { Transaction } from '../transaction.ts';
import { type DoBlock, type DoHandler, type DoStatement, parseDoBody } from './do-body.ts';
import type { RowStream } from './outcome.ts';
import { prepared } from './prepared.ts';
import { optionText } from './transaction-control.ts';

/** SQLSTATEs of the conditions that handlers name, as PL/pgSQL calls them. */
const CONDITIONS: Readonly<Record<string, string>> = {
  duplicate_object: '42710',
  duplicate_table: '42P07',
  duplicate_column: '42701',
  duplicate_schema: '42P06',
  duplicate_function: '42723',
  duplicate_alias: '42712',
  undefined_table: '42P01',
  undefined_column: '42703',
  undefined_object: '42704',
  undefined_function: '42883',
  undefined_parameter: '42P02',
  invalid_schema_name: '3F000',
  invalid_table_definition: '42P16',
  invalid_object_definition: '42P17',
  invalid_column_definition: '42611',
  invalid_foreign_key: '42830',
  dependent_objects_still_exist: '2BP01',
  object_in_use: '55006',
  object_not_in_prerequisite_state: '55000',
  wrong_object_type: '42809',
  syntax_error: '42601',
  insufficient_privilege: '42501',
  feature_not_supported: '0A000',
  unique_violation: '23505',
  foreign_key_violation: '23503',
  not_null_violation: '23502',
  check_violation: '23514',
  exclusion_violation: '23P01',
  datatype_mismatch: '42804',
  division_by_zero: '22012',
  invalid_text_representation: '22P02',
  numeric_value_out_of_range: '22003',
  string_data_right_truncation: '22001',
  raise_exception: 'P0001',
  no_data_found: 'P0002',
};

export function runDo(session: Session, stmt: ast.DoStmt): string {
  const option = (name: string): string | null => {
    const found = stmt.args.find(({ defname }) => defname === name);
    return found === undefined ? null : optionText(found);
  };
  const language = option('language') ?? 'plpgsql';
  if (language !== 'plpgsql') throw notSupported(`DO in language ${language}`, stmt.location + 1);
  const text = option('as');
  if (text === null) throw new DecentDbError('42601', 'no inline code specified');
  const block = parseDoBody(text);
  checkConditions(block);
  const { mayRunUtility } = session;
  session.mayRunUtility = true;
  try {
    callFunction(session, 'inline_code_block', () => runBlock(session, block), true);
  } finally {
    session.mayRunUtility = mayRunUtility;
  }
  return 'DO';
}

/** All conditions are known before anything runs. */
function checkConditions(statement: DoStatement): void {
  if (statement.kind === 'if') {
    for (const { body } of statement.branches) body.forEach(checkConditions);
    statement.otherwise.forEach(checkConditions);
  }
  if (statement.kind !== 'block') return;
  statement.body.forEach(checkConditions);
  for (const { conditions, body } of statement.handlers ?? []) {
    for (const name of conditions) codeOf(name);
    body.forEach(checkConditions);
  }
}

/** The SQLSTATE of a condition; null: any. */
function codeOf(name: string): string | null {
  if (name.startsWith("'")) return name.slice(1, -1);
  if (name === 'others') return null;
  const code = CONDITIONS[name];
  if (code === undefined) throw new DecentDbError('42704', `unrecognized exception condition "${name}"`);
  return code;
}

function runBlock(session: Session, block: DoBlock): void {
  const { handlers } = block;
  const txn = session.running as Transaction;
  if (handlers === null) {
    runAll(session, block.body);
    return;
  }
  const mark = markStatement(txn, session.settings);
  guardOf(txn, mark).protect();
  try {
    runAll(session, block.body);
    if (mark.physical !== null && txn.write?.isActive === true) txn.write.release(mark.physical);
  } catch (error) {
    const handler = error instanceof DecentDbError ? handlerOf(handlers, error) : undefined;
    undoStatement(txn, mark, session.settings, error);
    if (handler === undefined || txn.isFailed) throw error;
    runAll(session, handler.body);
  }
}

function handlerOf(handlers: readonly DoHandler[], error: DecentDbError): DoHandler | undefined {
  return handlers.find(({ conditions }) =>
    conditions.some((name) => {
      const code = codeOf(name);
      // OTHERS leaves out what is not the statement's own: a cancelled query, a failed assertion.
      if (code === null) return error.code !== '57014' && error.code !== 'P0004';
      return code === error.code || (code.endsWith('000') && error.code.startsWith(code.slice(0, 2)));
    }),
  );
}

function runAll(session: Session, statements: readonly DoStatement[]): void {
  for (const statement of statements) runOne(session, statement);
}

function runOne(session: Session, statement: DoStatement): void {
  switch (statement.kind) {
    case 'null':
      return;
    case 'block':
      runBlock(session, statement);
      return;
    case 'sql':
      runSql(session, statement.text, drain);
      return;
    case 'perform':
      runSql(session, `SELECT ${statement.text}`, drain);
      return;
    case 'raise':
      raise(session, statement.level, statement.message);
      return;
    case 'if': {
      const branch = statement.branches.find(
        ({ condition }) => runSql(session, `SELECT (${condition})`, firstValue) === true,
      );
      runAll(session, branch?.body ?? statement.otherwise);
    }
  }
}

function raise(session: Session, level: string, message: string): void {
  if (level === 'exception') throw new DecentDbError('P0001', message);
  if (level === 'debug' || level === 'log') return;
  session.notice({ severity: level === 'warning' ? 'WARNING' : 'NOTICE', code: '00000', message });
}

function runSql<T>(session: Session, text: string, take: (rows: RowStream) => T): T | undefined {
  let last: T | undefined;
  for (const raw of parse(text)) last = session.run(prepared(text, raw), () => [], take).value;
  return last;
}

function drain(rows: RowStream): void {
  while (rows.next() !== null);
}

function firstValue(rows: RowStream): unknown {
  for (let batch = rows.next(); batch !== null; batch = rows.next())
    if (batch.count > 0) return datumAt(batch.column(0), batch.position(0));
  return null;
}
