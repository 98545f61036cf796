/**
 * BEGIN, COMMIT, ROLLBACK and savepoints, with PostgreSQL's warnings where a command has nothing to do.
 */
import { DecentDbError, notSupported } from '../../base/errors.ts';
import type { A_Const, DefElem, TransactionStmt } from '../../sql/ast/nodes.ts';
import type { Session } from '../session.ts';
import { readOnlyTransaction } from '../transaction.ts';

/** Runs the command and returns its tag. */
export function runTransactionControl(session: Session, stmt: TransactionStmt): string {
  switch (stmt.stmtKind) {
    case 'TRANS_STMT_BEGIN':
    case 'TRANS_STMT_START':
      begin(session, stmt.options);
      return stmt.stmtKind === 'TRANS_STMT_BEGIN' ? 'BEGIN' : 'START TRANSACTION';
    case 'TRANS_STMT_COMMIT':
      return commit(session, stmt.chain);
    case 'TRANS_STMT_ROLLBACK':
      return rollback(session, stmt.chain);
    case 'TRANS_STMT_SAVEPOINT':
      openTransaction(session, 'SAVEPOINT').setSavepoint(nameOf(stmt), session.settings.mark());
      return 'SAVEPOINT';
    case 'TRANS_STMT_RELEASE':
      openTransaction(session, 'RELEASE SAVEPOINT').releaseSavepoint(nameOf(stmt));
      return 'RELEASE';
    case 'TRANS_STMT_ROLLBACK_TO': {
      const txn = openTransaction(session, 'ROLLBACK TO SAVEPOINT');
      const savepoint = txn.rollbackToSavepoint(nameOf(stmt));
      session.settings.rollbackTo(savepoint.settings);
      txn.isFailed = false;
      return 'ROLLBACK';
    }
    default:
      throw notSupported('two-phase commit', stmt.location + 1);
  }
}

function nameOf(stmt: TransactionStmt): string {
  return stmt.savepoint_name ?? '';
}

function openTransaction(session: Session, command: string) {
  const txn = session.transaction;
  if (txn === null || txn.isImplicit)
    throw new DecentDbError('25P01', `${command} can only be used in transaction blocks`);
  return txn;
}

function begin(session: Session, options: readonly DefElem[]): void {
  const open = session.transaction;
  if (open !== null && !open.isImplicit) {
    session.notice({
      severity: 'WARNING',
      code: '25001',
      message: 'there is already a transaction in progress',
    });
    return;
  }
  const isReadOnly = session.settings.isOn('default_transaction_read_only');
  if (open !== null) open.isImplicit = false;
  else session.transaction = session.newTransaction(true, isReadOnly);
  applyModes(session, options);
}

/** ISOLATION LEVEL, READ ONLY, DEFERRABLE: of BEGIN and of SET TRANSACTION. */
export function applyModes(session: Session, options: readonly DefElem[]): void {
  const txn = session.transaction;
  for (const option of options) {
    const text = optionText(option);
    if (option.defname === 'transaction_read_only') {
      if (txn === null) continue;
      const isReadOnly = text === '1' || text === 'true' || text === 'on';
      if (!isReadOnly && session.engine.isReadOnly) throw readOnlyTransaction('SET TRANSACTION READ WRITE');
      if (!isReadOnly && txn.isReadOnly && txn.read !== null)
        throw new DecentDbError('25001', 'transaction read-write mode must be set before any query');
      txn.isReadOnly = isReadOnly;
      session.settings.set('transaction_read_only', isReadOnly ? 'on' : 'off', true);
    } else if (option.defname === 'transaction_isolation') {
      session.settings.set('transaction_isolation', text, true);
    }
  }
}

/** A SET TRANSACTION option's value as text. */
export function optionText(option: DefElem): string {
  const { arg } = option;
  if (arg === null) return '';
  switch (arg.kind) {
    case 'String':
      return arg.sval;
    case 'Integer':
      return String(arg.ival);
    case 'Float':
      return arg.fval;
    case 'Boolean':
      return String(arg.boolval);
    case 'A_Const':
      return constText(arg);
    default:
      return '';
  }
}

function constText(arg: A_Const): string {
  switch (arg.constType) {
    case 'Integer':
      return String(arg.ival);
    case 'Boolean':
      return String(arg.boolval);
    default:
      return arg.sval;
  }
}

function commit(session: Session, chain: boolean): string {
  const txn = session.transaction;
  if (txn === null) {
    session.notice({ severity: 'WARNING', code: '25P01', message: 'there is no transaction in progress' });
    return 'COMMIT';
  }
  const { isFailed, isReadOnly } = txn;
  session.commit();
  if (chain) session.transaction = session.newTransaction(true, isReadOnly);
  return isFailed ? 'ROLLBACK' : 'COMMIT';
}

function rollback(session: Session, chain: boolean): string {
  const txn = session.transaction;
  if (txn === null) {
    session.notice({ severity: 'WARNING', code: '25P01', message: 'there is no transaction in progress' });
    return 'ROLLBACK';
  }
  const { isReadOnly } = txn;
  session.rollback();
  if (chain) session.transaction = session.newTransaction(true, isReadOnly);
  return 'ROLLBACK';
}
