/** PREPARE, EXECUTE, DEALLOCATE. */
import { DecentDbError } from '../../base/errors.ts';
import { ExecContext, StatementContext } from '../../exec/context.ts';
import { evaluatorOf } from '../../exec/interpret/evaluator.ts';
import { emptyRow } from '../../exec/operators/sources.ts';
import type { ExecuteStmt, Expr, PrepareStmt, SelectStmt } from '../../sql/ast/nodes.ts';
import { coerceToType } from '../../sql/bind/coerce.ts';
import { bindExpr } from '../../sql/bind/expressions.ts';
import { Level } from '../../sql/bind/level.ts';
import { BindState } from '../../sql/bind/state.ts';
import { resolveTypeName } from '../../sql/bind/type-names.ts';
import { parseExpression } from '../../sql/parse/parse.ts';
import { quoteString } from '../../sql/print/quote.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { Datum } from '../../types/vector.ts';
import type { Session } from '../session.ts';
import type { Transaction } from '../transaction.ts';
import type { Consumer, Outcome } from './outcome.ts';
import type { Prepared } from './prepared.ts';

export function runPrepare(session: Session, prepared: Prepared, stmt: PrepareStmt): string {
  if (session.named.has(stmt.name))
    throw new DecentDbError('42P05', `prepared statement "${stmt.name}" already exists`);
  const txn = session.running as Transaction;
  const env = session.bindEnv(session.catalogOf(txn));
  const paramTypes = stmt.argtypes.map((node) => resolveTypeName(env, node).type);
  const made: Prepared = {
    sql: prepared.sql,
    stmt: stmt.query,
    text: prepared.text,
    paramTypes,
    declaredText: `${prepared.text};`,
    preparedAt: session.evalContext.statementMicros,
    compiled: null,
  };
  session.compiledFor(made, txn);
  session.named.set(stmt.name, made);
  return 'PREPARE';
}

export function runExecute<R>(session: Session, stmt: ExecuteStmt, consume: Consumer<R>): Outcome<R> {
  const named = session.named.get(stmt.name);
  if (named === undefined)
    throw new DecentDbError('26000', `prepared statement "${stmt.name}" does not exist`);
  const txn = session.running as Transaction;
  const compiled = session.compiledFor(named, txn);
  return session.runCompiled(txn, compiled, executeParams(session, stmt, compiled.paramTypes), consume);
}

/** The arguments of EXECUTE, converted to the parameters' types. */
export function executeParams(
  session: Session,
  stmt: ExecuteStmt,
  types: readonly SqlType[],
): readonly Datum[] {
  if (stmt.params.length !== types.length)
    throw new DecentDbError('42601', `wrong number of parameters for prepared statement "${stmt.name}"`, {
      detail: `Expected ${types.length} parameters but got ${stmt.params.length}.`,
    });
  const txn = session.running as Transaction;
  const level = new Level(new BindState(session.bindEnv(session.catalogOf(txn))), null);
  const exprs = stmt.params.map((node, i) =>
    coerceToType(level, bindExpr(level, node, 'execute'), types[i] as SqlType, 'EXECUTE'),
  );
  const view = session.readView(txn);
  const statement = new StatementContext({ view, params: [], eval: session.evalContext });
  const context = new ExecContext(statement, [], new Map());
  return exprs.map((expr) => evaluatorOf(expr)(emptyRow, 0, context));
}

/** CREATE TABLE AS EXECUTE: the prepared query with the arguments in the place of its parameters. */
export function queryOfExecute(session: Session, stmt: ExecuteStmt): SelectStmt {
  const named = session.named.get(stmt.name);
  if (named === undefined)
    throw new DecentDbError('26000', `prepared statement "${stmt.name}" does not exist`);
  if (named.stmt.kind !== 'SelectStmt')
    throw new DecentDbError('42809', 'prepared statement is not a SELECT');
  const { paramTypes } = session.compiledFor(named, session.running as Transaction);
  const values = executeParams(session, stmt, paramTypes);
  const settings = session.settings.types;
  const constants = values.map((value, i): Expr => {
    const type = paramTypes[i] as SqlType;
    const literal = value === null ? 'NULL' : quoteString(type.output(value, settings));
    return parseExpression(`CAST(${literal} AS ${type.sqlName(-1)})`);
  });
  return withConstants(named.stmt, constants);
}

function withConstants<T>(node: T, constants: readonly Expr[]): T {
  if (typeof node !== 'object' || node === null) return node;
  if (Array.isArray(node)) return node.map((item: unknown) => withConstants(item, constants)) as T;
  const at = node as { readonly kind?: string; readonly number?: number };
  if (at.kind === 'ParamRef') return (constants[(at.number ?? 0) - 1] ?? node) as T;
  const copy: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(node)) copy[field] = withConstants(value, constants);
  return copy as T;
}

export function runDeallocate(session: Session, name: string | null): string {
  if (name === null) {
    session.named.clear();
    return 'DEALLOCATE ALL';
  }
  if (!session.named.delete(name))
    throw new DecentDbError('26000', `prepared statement "${name}" does not exist`);
  return 'DEALLOCATE';
}
