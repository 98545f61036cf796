/**
 * SQL cursors: DECLARE, FETCH, MOVE, CLOSE.
 *
 * I1  A cursor's rows are computed when it is declared and kept: it is insensitive and can scroll, whatever was asked for.
 * I2  Cursors end with their transaction, WITH HOLD ones with the session.
 * I3  `position` is 0 before the first row, n on row n, rows + 1 after the last.
 */
import { DecentDbError } from '../../base/errors.ts';
import { StatementMemory } from '../../exec/memory.ts';
import { RowStore } from '../../exec/row-store.ts';
import type { OutputColumn } from '../../plan/logical.ts';
import type { ClosePortalStmt, DeclareCursorStmt, FetchStmt } from '../../sql/ast/nodes.ts';
import type { Session } from '../session.ts';
import type { Transaction } from '../transaction.ts';
import { type Consumer, noRows, type Outcome, slotsOfColumns } from './outcome.ts';
import type { Prepared } from './prepared.ts';

export interface Portal {
  readonly columns: readonly OutputColumn[];
  readonly rows: RowStore;
  /** The transaction it ends with; null for WITH HOLD. */
  readonly owner: Transaction | null;
  /** What pg_cursors shows. */
  readonly text: string;
  readonly isScrollable: boolean;
  readonly createdAt: number;
  /** What ended the computing of the rows; met after the last of them. */
  readonly failure: DecentDbError | null;
  /** The failure was met: nothing more can be fetched. */
  isFailed: boolean;
  position: number;
}

const WITH_HOLD = 32;
const NO_SCROLL = 4;

export function declareCursor(session: Session, prepared: Prepared, stmt: DeclareCursorStmt): string {
  const isHeld = (stmt.options & WITH_HOLD) !== 0;
  const txn = session.running as Transaction;
  if (!isHeld && !txn.isExplicit)
    throw new DecentDbError('25P01', 'DECLARE CURSOR can only be used in transaction blocks');
  if (findPortal(session, stmt.portalname) !== undefined)
    throw new DecentDbError('42P03', `cursor "${stmt.portalname}" already exists`);
  const query: Prepared = {
    sql: prepared.sql,
    stmt: stmt.query,
    text: prepared.text,
    paramTypes: [],
    compiled: null,
  };
  const compiled = session.compiledFor(query, txn);
  const memory = new StatementMemory();
  const rows = new RowStore(slotsOfColumns(compiled.columns), memory);
  let failure: DecentDbError | null = null;
  try {
    session.runCompiled(txn, compiled, [], (stream) => {
      for (let batch = stream.next(); batch !== null; batch = stream.next()) rows.append(batch);
    });
  } catch (error) {
    // A value that cannot be computed is told of when a FETCH comes to it.
    if (!(error instanceof DecentDbError) || !error.code.startsWith('22') || !compiled.plan.isReadOnly)
      throw error;
    failure = error;
  }
  session.portals.set(stmt.portalname, {
    columns: compiled.columns,
    rows,
    owner: isHeld ? null : txn,
    text: `${prepared.text};`,
    isScrollable: (stmt.options & NO_SCROLL) === 0,
    createdAt: session.evalContext.statementMicros,
    failure,
    isFailed: false,
    position: 0,
  });
  return 'DECLARE CURSOR';
}

/** The cursor of that name, if its transaction is still the one that is open. */
function findPortal(session: Session, name: string): Portal | undefined {
  const portal = session.portals.get(name);
  if (portal === undefined) return undefined;
  if (portal.owner === null || portal.owner === session.transaction || portal.owner === session.running)
    return portal;
  session.portals.delete(name);
  return undefined;
}

function openPortal(session: Session, name: string): Portal {
  const portal = findPortal(session, name);
  if (portal === undefined) throw new DecentDbError('34000', `cursor "${name}" does not exist`);
  return portal;
}

export function fetchCursor<R>(session: Session, stmt: FetchStmt, consume: Consumer<R>): Outcome<R> {
  const portal = openPortal(session, stmt.portalname);
  if (portal.isFailed) throw new DecentDbError('55000', `portal "${stmt.portalname}" cannot be run`);
  const rows = advance(portal, stmt);
  if (portal.failure !== null && portal.position > portal.rows.count) {
    portal.isFailed = true;
    throw portal.failure;
  }
  if (stmt.ismove) return { value: consume(noRows), command: 'MOVE', affected: rows.length, columns: [] };
  const { columns } = portal;
  let isDone = rows.length === 0;
  const next = () => {
    if (isDone) return null;
    isDone = true;
    return portal.rows.batch(Int32Array.from(rows), rows.length);
  };
  return { value: consume({ columns, next }), command: 'FETCH', affected: null, columns };
}

/** Moves the cursor; the rows passed over (0-based), in order. */
function advance(portal: Portal, stmt: FetchStmt): readonly number[] {
  const { count } = portal.rows;
  const { howMany, direction } = stmt;
  if (direction === 'FETCH_ABSOLUTE' || direction === 'FETCH_RELATIVE') {
    const target =
      direction === 'FETCH_RELATIVE'
        ? portal.position + howMany
        : howMany < 0
          ? count + 1 + howMany
          : howMany;
    portal.position = Math.max(0, Math.min(count + 1, target));
    return portal.position >= 1 && portal.position <= count ? [portal.position - 1] : [];
  }
  if (howMany === 0) {
    // FETCH 0 gives the current row again.
    return portal.position >= 1 && portal.position <= count ? [portal.position - 1] : [];
  }
  const isForward = (direction === 'FETCH_FORWARD') === howMany > 0;
  const steps = Math.abs(howMany);
  const passed: number[] = [];
  for (let i = 0; i < steps; i++) {
    portal.position += isForward ? 1 : -1;
    if (portal.position < 1 || portal.position > count) break;
    passed.push(portal.position - 1);
  }
  portal.position = Math.max(0, Math.min(count + 1, portal.position));
  return passed;
}

export function closeCursor(session: Session, stmt: ClosePortalStmt): string {
  if (stmt.portalname === null) {
    session.portals.clear();
    return 'CLOSE CURSOR ALL';
  }
  openPortal(session, stmt.portalname);
  session.portals.delete(stmt.portalname);
  return 'CLOSE CURSOR';
}
