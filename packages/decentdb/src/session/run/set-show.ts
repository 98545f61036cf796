/** SET, RESET and SHOW. */
import { DecentDbError, notSupported } from '../../base/errors.ts';
import type { DefElem, Expr, TypeName, VariableSetStmt } from '../../sql/ast/nodes.ts';
import type { Interval } from '../../types/interval.ts';
import { intervalType } from '../../types/interval-type.ts';
import { defaultTypeSettings } from '../../types/sql-type.ts';
import type { Session } from '../session.ts';
import { settingDefinitions } from '../settings/catalogue.ts';
import { readOnlyTransaction } from '../transaction.ts';
import { isUserSetting, setUser } from '../user-names.ts';
import { type Consumer, type Outcome, rowsOf, textColumn } from './outcome.ts';
import { applyModes, optionText } from './transaction-control.ts';

/** Runs SET or RESET and returns its tag. */
export function runSet(session: Session, stmt: VariableSetStmt): string {
  switch (stmt.setKind) {
    case 'VAR_SET_VALUE': {
      const name = nameOf(stmt);
      setOne(session, name, settingText(stmt), stmt.is_local);
      return 'SET';
    }
    case 'VAR_SET_DEFAULT':
      session.settings.reset(nameOf(stmt), stmt.is_local);
      return 'SET';
    case 'VAR_SET_CURRENT':
      setOne(session, nameOf(stmt), session.settings.get(nameOf(stmt)), stmt.is_local);
      return 'SET';
    case 'VAR_SET_MULTI':
      return setMany(session, stmt);
    case 'VAR_RESET':
      session.settings.reset(nameOf(stmt));
      return 'RESET';
    case 'VAR_RESET_ALL':
      session.settings.resetAll();
      return 'RESET';
  }
}

function nameOf(stmt: VariableSetStmt): string {
  return stmt.name ?? '';
}

function setOne(session: Session, name: string, text: string, isLocal: boolean): void {
  if (name.toLowerCase() === 'transaction_read_only' && session.transaction !== null) {
    applyReadOnly(session, text);
    return;
  }
  if (isLocal && session.transaction === null) {
    session.notice({
      severity: 'WARNING',
      code: '25P01',
      message: 'SET LOCAL can only be used in transaction blocks',
    });
    return;
  }
  if (isUserSetting(name.toLowerCase())) setUser(session, name.toLowerCase(), text, isLocal);
  else session.settings.set(name, text, isLocal);
}

function applyReadOnly(session: Session, text: string): void {
  session.settings.set('transaction_read_only', text, true);
  const txn = session.transaction;
  if (txn === null) return;
  const isReadOnly = session.settings.isOn('transaction_read_only');
  if (!isReadOnly && session.engine.isReadOnly) throw readOnlyTransaction('SET transaction_read_only');
  txn.isReadOnly = isReadOnly;
}

/** SET TRANSACTION, SET SESSION CHARACTERISTICS. */
function setMany(session: Session, stmt: VariableSetStmt): string {
  const options = stmt.args.filter((arg): arg is DefElem => arg.kind === 'DefElem');
  if (stmt.name === 'TRANSACTION') {
    if (session.transaction === null)
      session.notice({
        severity: 'WARNING',
        code: '25P01',
        message: 'SET TRANSACTION can only be used in transaction blocks',
      });
    else applyModes(session, options);
    return 'SET';
  }
  if (stmt.name === 'SESSION CHARACTERISTICS') {
    for (const option of options) {
      const isReadOnly = option.defname === 'transaction_read_only';
      const name = isReadOnly ? 'default_transaction_read_only' : `default_${option.defname}`;
      const text = optionText(option);
      session.settings.set(name, isReadOnly ? (text === '1' || text === 'true' ? 'on' : 'off') : text, false);
    }
    return 'SET';
  }
  throw notSupported(`SET ${stmt.name ?? ''}`, stmt.location + 1);
}

/** The value a SET gives, as text. */
export function settingText(stmt: VariableSetStmt): string {
  return stmt.args.map((arg) => valueText(arg, nameOf(stmt))).join(', ');
}

function valueText(arg: Expr | DefElem, name: string): string {
  if (arg.kind === 'DefElem') return optionText(arg);
  switch (arg.kind) {
    case 'A_Const':
      return optionText({
        kind: 'DefElem',
        defnamespace: null,
        defname: name,
        arg,
        defaction: 'DEFELEM_UNSPEC',
        location: arg.location,
      });
    case 'TypeCast':
      return isNamed(arg.typeName, 'interval')
        ? hoursText(valueText(arg.arg, name), arg.typeName, name)
        : valueText(arg.arg, name);
    case 'ColumnRef': {
      const [field] = arg.fields;
      return typeof field === 'string' ? field : '';
    }
    default:
      throw new DecentDbError('42601', `invalid value for parameter "${name}"`, {
        position: arg.location + 1,
      });
  }
}

function isNamed(type: TypeName, name: string): boolean {
  return type.names.at(-1) === name;
}

/** SET TIME ZONE INTERVAL '...': as hours east of Greenwich. */
function hoursText(text: string, type: TypeName, name: string): string {
  const modifiers = type.typmods.map((one) =>
    one.kind === 'A_Const' && one.constType === 'Integer' ? one.ival : 0,
  );
  const typmod = modifiers.length === 0 ? -1 : (intervalType.typmodIn?.(modifiers) ?? -1);
  const { months, days, micros } = intervalType.input(text, typmod, defaultTypeSettings) as Interval;
  if (months !== 0 || days !== 0)
    throw new DecentDbError(
      '22023',
      `invalid value for parameter "${name}": interval must not include ${months === 0 ? 'days' : 'months'}`,
    );
  return String(Number(micros) / 3.6e9);
}

/** Outside of a transaction its modes are those the next one will have. */
function shownFor(session: Session, name: string): string {
  const key = name.toLowerCase();
  const isMode = ['transaction_isolation', 'transaction_read_only', 'transaction_deferrable'].includes(key);
  return isMode && session.transaction === null ? `default_${key}` : name;
}

export function runShow<R>(session: Session, name: string, consume: Consumer<R>): Outcome<R> {
  if (name.toLowerCase() === 'all') {
    const columns = [textColumn('name'), textColumn('setting'), textColumn('description')];
    const rows = session.settings
      .all()
      .map(({ definition, value }) => [definition.name, value, definition.description]);
    return { value: consume(rowsOf(columns, rows)), command: 'SHOW', affected: null, columns };
  }
  const value = session.settings.get(shownFor(session, name));
  const columns = [textColumn(settingDefinitions().get(name.toLowerCase())?.name ?? name)];
  return { value: consume(rowsOf(columns, [[value]])), command: 'SHOW', affected: null, columns };
}
