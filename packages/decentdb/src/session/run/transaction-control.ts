/**
 * BEGIN, COMMIT, ROLLBACK and savepoints, with PostgreSQL's warnings where a command has nothing to do.
 */
import { DecentDbError, notSupported } from '../../base/errors.ts';
import type { A_Const, DefElem, TransactionStmt } from '../../sql/ast/nodes.ts';
import type { Session } from '../session.ts';
import { readOnlyTransaction } from '../transaction.ts';
import { dropCursorsAbove, passCursorsDown } from './portals.ts';

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
    case 'TRANS_STMT_RELEASE': {
      const txn = openTransaction(session, 'RELEASE SAVEPOINT');
      const wasReadOnly = txn.isReadOnly;
      txn.releaseSavepoint(nameOf(stmt));
      passCursorsDown(session, txn, txn.savepoints.length);
      if (txn.isReadOnly !== wasReadOnly) showReadOnly(session, txn.isReadOnly);
      return 'RELEASE';
    }
    case 'TRANS_STMT_ROLLBACK_TO': {
      const txn = openTransaction(session, 'ROLLBACK TO SAVEPOINT');
      const savepoint = txn.rollbackToSavepoint(nameOf(stmt));
      dropCursorsAbove(session, txn, txn.savepoints.length - 1);
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
  useDefaults(session, isReadOnly);
  applyModes(session, options);
}

/** A new transaction's modes are the session's defaults until it says otherwise. */
function useDefaults(session: Session, isReadOnly: boolean): void {
  const { settings } = session;
  for (const mode of ['isolation', 'deferrable']) {
    const value = settings.get(`default_transaction_${mode}`);
    if (settings.get(`transaction_${mode}`) !== value) settings.set(`transaction_${mode}`, value, true);
  }
  if (isReadOnly) showReadOnly(session, true);
}

function showReadOnly(session: Session, isReadOnly: boolean): void {
  session.settings.set('transaction_read_only', isReadOnly ? 'on' : 'off', true);
}

/** ISOLATION LEVEL, READ ONLY, DEFERRABLE: of BEGIN and of SET TRANSACTION. */
export function applyModes(session: Session, options: readonly DefElem[]): void {
  for (const option of options) {
    const text = optionText(option);
    const isOn = text === '1' || text === 'true' || text === 'on';
    if (option.defname === 'transaction_read_only') setReadOnly(session, isOn);
    else if (option.defname === 'transaction_isolation') {
      refuseLate(session, text, 'transaction_isolation', 'SET TRANSACTION ISOLATION LEVEL', 'must not');
      session.settings.set('transaction_isolation', text, true);
    } else if (option.defname === 'transaction_deferrable') {
      const value = isOn ? 'on' : 'off';
      refuseLate(session, value, 'transaction_deferrable', 'SET TRANSACTION [NOT] DEFERRABLE', 'cannot');
      session.settings.set('transaction_deferrable', value, true);
    }
  }
}

function setReadOnly(session: Session, isReadOnly: boolean): void {
  const txn = session.transaction;
  if (txn === null) return;
  if (!isReadOnly && session.engine.isReadOnly) throw readOnlyTransaction('SET TRANSACTION READ WRITE');
  if (!isReadOnly && txn.isReadOnly) {
    if (txn.savepoints.at(-1)?.isReadOnly === true)
      throw new DecentDbError(
        '25001',
        'cannot set transaction read-write mode inside a read-only transaction',
      );
    if (txn.read !== null)
      throw new DecentDbError('25001', 'transaction read-write mode must be set before any query');
  }
  txn.isReadOnly = isReadOnly;
  showReadOnly(session, isReadOnly);
}

/** A mode that holds for the whole transaction cannot change once it is under way; saying it again does no harm. */
function refuseLate(session: Session, value: string, setting: string, command: string, inner: string): void {
  const txn = session.transaction;
  if (txn === null || session.settings.get(setting) === value) return;
  if (txn.savepoints.length > 0)
    throw new DecentDbError(
      '25001',
      `${command} ${inner} be called ${inner === 'cannot' ? 'within' : 'in'} a subtransaction`,
    );
  if (txn.read !== null || txn.write !== null)
    throw new DecentDbError('25001', `${command} must be called before any query`);
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
  if (txn === null || (chain && txn.isImplicit)) return noTransaction(session, 'COMMIT', chain);
  const { isFailed } = txn;
  const modes = modesOf(session);
  session.commit();
  if (chain) beginAgain(session, modes);
  return isFailed ? 'ROLLBACK' : 'COMMIT';
}

function rollback(session: Session, chain: boolean): string {
  const txn = session.transaction;
  if (txn === null || (chain && txn.isImplicit)) return noTransaction(session, 'ROLLBACK', chain);
  const modes = modesOf(session);
  session.rollback();
  if (chain) beginAgain(session, modes);
  return 'ROLLBACK';
}

function noTransaction(session: Session, command: string, chain: boolean): string {
  if (chain) throw new DecentDbError('25P01', `${command} AND CHAIN can only be used in transaction blocks`);
  session.notice({ severity: 'WARNING', code: '25P01', message: 'there is no transaction in progress' });
  return command;
}

interface Modes {
  readonly isolation: string;
  readonly deferrable: string;
  readonly isReadOnly: boolean;
}

function modesOf(session: Session): Modes {
  return {
    isolation: session.settings.get('transaction_isolation'),
    deferrable: session.settings.get('transaction_deferrable'),
    isReadOnly: session.settings.isOn('transaction_read_only'),
  };
}

/** AND CHAIN: the next transaction has the modes of the one that ended. */
function beginAgain(session: Session, modes: Modes): void {
  session.transaction = session.newTransaction(true, modes.isReadOnly);
  session.settings.set('transaction_isolation', modes.isolation, true);
  session.settings.set('transaction_deferrable', modes.deferrable, true);
  showReadOnly(session, modes.isReadOnly);
}
