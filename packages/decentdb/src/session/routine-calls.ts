/**
 * Running functions written in SQL: the statements of a body, inside the statement that calls.
 *
 * I1  A body is prepared once per session, definition and argument types; its plans stay valid as any statement's do.
 * I2  The rows are those of the last statement, converted to the declared types; a function that returns no set has the first
 *     row only.
 * I3  A function that is not volatile runs nothing that changes data (0A000).
 */

import { DecentDbError } from '../base/errors.ts';
import type { RoutineDef } from '../catalog/routines.ts';
import type { Batch } from '../exec/batch.ts';
import { datumAt } from '../exec/vectors.ts';
import { findCast } from '../functions/coercion.ts';
import type { RoutineCall } from '../functions/function.ts';
import { routineBody, routineScope } from '../sql/bind/routine-body.ts';
import { Oid } from '../types/oids.ts';
import { domainBase, type SqlType, type TypeField } from '../types/sql-type.ts';
import type { Datum } from '../types/vector.ts';
import { callFunction } from './function-calls.ts';
import type { RowStream } from './run/outcome.ts';
import { isPreparable, type Prepared, prepared } from './run/prepared.ts';
import type { Session } from './session.ts';

type Row = readonly Datum[];

const bodies = new WeakMap<Session, WeakMap<RoutineDef, Map<string, readonly Prepared[]>>>();

/** The statements of a body for these argument types. */
export function bodyOf(
  session: Session,
  routine: RoutineDef,
  argTypes: readonly SqlType[],
): readonly Prepared[] {
  let ofSession = bodies.get(session);
  if (ofSession === undefined) {
    ofSession = new WeakMap();
    bodies.set(session, ofSession);
  }
  let ofRoutine = ofSession.get(routine);
  if (ofRoutine === undefined) {
    ofRoutine = new Map();
    ofSession.set(routine, ofRoutine);
  }
  const key = argTypes.map(({ oid }) => oid).join();
  let body = ofRoutine.get(key);
  if (body === undefined) {
    const { sql, statements } = routineBody(routine);
    const scope = routineScope(routine);
    body = statements.map((raw) => ({ ...prepared(sql, raw, argTypes), routine: scope }));
    ofRoutine.set(key, body);
  }
  return body;
}

/** Runs a call and gives its rows. */
export function runRoutine(session: Session, call: RoutineCall, args: Row): readonly Row[] {
  if (session.running !== null) return runCall(session, call, args);
  // No statement is running: an integrity check, or the short path of a read. The function reads what is there now.
  const own = session.transaction === null ? session.newTransaction(false, true) : null;
  session.running = session.transaction ?? own;
  try {
    return runCall(session, call, args);
  } finally {
    session.running = null;
    own?.abandon();
  }
}

function runCall(session: Session, call: RoutineCall, args: Row): readonly Row[] {
  const { routine } = call;
  const body = bodyOf(session, routine, call.argTypes);
  if (call.isQuery === true && body.length !== 1)
    throw new DecentDbError('42P11', 'cannot open multi-query plan as cursor');
  const isVolatile = routine.volatility === 'volatile';
  const settings = Object.entries(routine.settings);
  return callFunction(
    session,
    routine.name,
    () => {
      if (settings.length === 0) return runBody(session, call, body, args);
      const mark = session.settings.mark();
      try {
        for (const [name, value] of settings) session.settings.set(name, value, true);
        return runBody(session, call, body, args);
      } finally {
        session.settings.rollbackTo(mark);
      }
    },
    isVolatile,
  );
}

/** CALL: as {@link runRoutine}, in the place of a statement of the caller's own. */
export function runProcedure(session: Session, call: RoutineCall, args: Row): readonly Row[] {
  const { mayRunUtility } = session;
  session.mayRunUtility = true;
  try {
    return runRoutine(session, call, args);
  } finally {
    session.mayRunUtility = mayRunUtility;
  }
}

function runBody(session: Session, call: RoutineCall, body: readonly Prepared[], args: Row): readonly Row[] {
  let rows: readonly Row[] = [];
  for (const [i, statement] of body.entries()) {
    if (call.routine.volatility !== 'volatile') requireReading(statement);
    const isLast = i === body.length - 1;
    const take = (stream: RowStream): readonly Row[] => {
      if (isLast && call.columns.length > 0 && call.columns[0]?.type.oid !== Oid.void)
        return takeRows(session, call, stream);
      while (stream.next() !== null);
      return [];
    };
    const outcome = session.run(statement, () => args, take);
    if (isLast) rows = outcome.value;
  }
  return rows;
}

function requireReading({ stmt }: Prepared): void {
  if (stmt.kind === 'SelectStmt' || stmt.kind === 'VariableShowStmt') return;
  const name = isPreparable(stmt) ? stmt.kind.replace(/Stmt$/, '').toUpperCase() : 'this command';
  throw new DecentDbError('0A000', `${name} is not allowed in a non-volatile function`);
}

function takeRows(session: Session, call: RoutineCall, stream: RowStream): readonly Row[] {
  const { columns, rowType, routine } = call;
  const [only] = stream.columns;
  // One column that is a row is the row itself, unless a row of one column was asked for and it fits.
  const isWhole =
    rowType !== null &&
    stream.columns.length === 1 &&
    domainBase(only?.type as SqlType).fields !== null &&
    !(columns.length === 1 && columns[0]?.type.oid === only?.type.oid);
  const sources: readonly TypeField[] = isWhole
    ? (domainBase(only?.type as SqlType).fields ?? [])
    : stream.columns;
  if (sources.length !== columns.length) throw mismatch(call);
  const converters = columns.map((column, i) => converterOf(session, sources[i] as TypeField, column));
  const isChecked = rowType?.kind === 'domain' && !(isWhole && only?.type.oid === rowType.oid);
  const checked = (row: Row): Row => {
    if (isChecked) session.evalContext.service('checkDomain', [rowType.oid, row as unknown as Datum]);
    return row;
  };
  const rows: Row[] = [];
  for (let batch = stream.next(); batch !== null; batch = stream.next()) {
    for (let i = 0; i < batch.count; i++) {
      const row = rowAt(batch, batch.position(i), isWhole, columns.length);
      rows.push(
        row === null
          ? nothing(columns.length)
          : checked(row.map((value, c) => converters[c]?.(value) ?? null)),
      );
      if (!routine.returnsSet) return rows;
    }
  }
  return rows;
}

function rowAt(batch: Batch, at: number, isWhole: boolean, width: number): Row | null {
  if (isWhole) return datumAt(batch.column(0), at) as unknown as Row | null;
  const row = new Array<Datum>(width);
  for (let c = 0; c < width; c++) row[c] = datumAt(batch.column(c), at);
  return row;
}

const nothing = (width: number): Row => new Array<Datum>(width).fill(null);

function mismatch(call: RoutineCall): DecentDbError {
  return new DecentDbError('42P13', `return type mismatch in function "${call.routine.name}"`, {
    detail: 'The number of columns of its final statement has changed.',
  });
}

/** Brings a value of the body to the declared type, as assignment would. */
function converterOf(session: Session, from: TypeField, to: TypeField): (value: Datum) => Datum {
  const path = findCast(from.type, to.type, 'assignment');
  const isDomain = to.type.kind === 'domain' && from.type.oid !== to.type.oid;
  const base = domainBase(to.type);
  const isFitted = to.typmod >= 0 && from.typmod !== to.typmod;
  return (value) => {
    let made = value;
    if (value !== null && path?.fn != null) made = path.fn.eval(session.evalContext, value);
    if (made !== null && isFitted) made = base.applyTypmod(made, to.typmod, false);
    return isDomain ? session.evalContext.service('checkDomain', [to.type.oid, made]) : made;
  };
}
