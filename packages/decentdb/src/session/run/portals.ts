/**
 * SQL cursors: DECLARE, FETCH, MOVE, CLOSE.
 *
 * I1  A cursor's rows are computed when it is declared and kept, beyond work_mem in a file: it is insensitive and can scroll, unless NO SCROLL was asked for.
 * I2  Cursors end with their transaction, and with the savepoint they were declared under when that is rolled back; WITH HOLD ones
 *     stay once their transaction has committed, which fails where their rows could not all be computed.
 * I3  As in PostgreSQL a table that a cursor of the open transaction reads cannot be altered, dropped, truncated or indexed (55006), though the
 *     rows that are kept would not notice.
 * I4  `position` is 0 before the first row, n on row n, rows + 1 after the last.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { TableDef } from '../../catalog/schema.ts';
import { readsTable } from '../../exec/dml/reads-table.ts';
import type { PhysicalNode } from '../../exec/physical.ts';
import { datumAt } from '../../exec/vectors.ts';
import type { OutputColumn } from '../../plan/logical.ts';
import type { ClosePortalStmt, DeclareCursorStmt, FetchStmt } from '../../sql/ast/nodes.ts';
import { printLockStrength } from '../../sql/print/select.ts';
import type { Datum } from '../../types/vector.ts';
import type { Session } from '../session.ts';
import type { Transaction } from '../transaction.ts';
import type { Compiled } from './compiled.ts';
import { COLUMNS_PER_TABLE, withRowIds } from './cursor-row-ids.ts';
import { CursorRows, type Passed } from './cursor-rows.ts';
import { type Consumer, noRows, type Outcome, slotsOfColumns } from './outcome.ts';
import type { Prepared } from './prepared.ts';

export interface Portal {
  readonly columns: readonly OutputColumn[];
  readonly rows: CursorRows;
  /** What computed them: it tells which tables the cursor reads (I3). */
  readonly plan: PhysicalNode;
  /** Tables whose rows it gives: after its columns, `rows` has each one's ctid and id. */
  readonly tables: number;
  /** It was declared FOR UPDATE or FOR SHARE. */
  readonly isLocking: boolean;
  /** The transaction it ends with; null once that has committed and the cursor is held. */
  owner: Transaction | null;
  readonly isHeld: boolean;
  /** Savepoints it was declared under. */
  depth: number;
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
const SCROLL = 2;
const NO_SCROLL = 4;
const INSENSITIVE = 8;

export function declareCursor(session: Session, prepared: Prepared, stmt: DeclareCursorStmt): string {
  const isHeld = (stmt.options & WITH_HOLD) !== 0;
  const txn = session.running as Transaction;
  if (!isHeld && !txn.isExplicit)
    throw new DecentDbError('25P01', 'DECLARE CURSOR can only be used in transaction blocks');
  if (findPortal(session, stmt.portalname) !== undefined)
    throw new DecentDbError('42P03', `cursor "${stmt.portalname}" already exists`);
  requireReadable(stmt);
  const { compiled, tables } = compileQuery(session, txn, prepared, stmt.query, isHeld);
  const columns = compiled.columns.slice(0, compiled.columns.length - tables * COLUMNS_PER_TABLE);
  const rows = new CursorRows(slotsOfColumns(compiled.columns), session);
  let failure: DecentDbError | null = null;
  try {
    session.runCompiled(txn, compiled, [], (stream) => {
      for (let batch = stream.next(); batch !== null; batch = stream.next()) rows.append(batch);
    });
  } catch (error) {
    // A value that cannot be computed is told of when a FETCH comes to it.
    if (!(error instanceof DecentDbError) || !error.code.startsWith('22') || !compiled.plan.isReadOnly) {
      rows.close();
      throw error;
    }
    failure = error;
  }
  rows.finish();
  session.portals.set(stmt.portalname, {
    columns,
    rows,
    plan: compiled.plan.root,
    tables,
    isLocking: stmt.query.kind === 'SelectStmt' && stmt.query.lockingClause.length > 0,
    owner: txn,
    isHeld,
    depth: txn.savepoints.length,
    text: `${prepared.text};`,
    isScrollable: (stmt.options & NO_SCROLL) === 0,
    createdAt: session.evalContext.statementMicros,
    failure,
    isFailed: false,
    position: 0,
  });
  return 'DECLARE CURSOR';
}

/** A cursor FOR UPDATE can neither scroll nor outlive its transaction. */
function requireReadable({ options, query }: DeclareCursorStmt): void {
  const lock = query.kind === 'SelectStmt' ? query.lockingClause[0] : undefined;
  if (lock === undefined) return;
  const [, option, detail] = UNLOCKABLE.find(([bit]) => (options & bit) !== 0) ?? [];
  if (option === undefined || detail === undefined) return;
  throw new DecentDbError('0A000', `DECLARE ${option} ... ${printLockStrength(lock)} is not supported`, {
    detail,
  });
}

const UNLOCKABLE: readonly (readonly [bit: number, option: string, detail: string])[] = [
  [WITH_HOLD, 'CURSOR WITH HOLD', 'Holdable cursors must be READ ONLY.'],
  [SCROLL, 'SCROLL CURSOR', 'Scrollable cursors must be READ ONLY.'],
  [INSENSITIVE, 'INSENSITIVE CURSOR', 'Insensitive cursors must be READ ONLY.'],
];

/** The plan of a cursor's query, with row ids after its columns where its rows are rows of tables. */
function compileQuery(
  session: Session,
  txn: Transaction,
  { sql, text }: Prepared,
  stmt: DeclareCursorStmt['query'],
  isHeld: boolean,
): { readonly compiled: Compiled; readonly tables: number } {
  const make = (of: typeof stmt): Compiled =>
    session.compiledFor({ sql, stmt: of, text, paramTypes: [], compiled: null }, txn);
  const found = isHeld || stmt.kind !== 'SelectStmt' ? null : withRowIds(stmt);
  if (found !== null) {
    try {
      return { compiled: make(found.query), tables: found.tables };
    } catch (error) {
      // Of views, aggregates and the like there are no row ids; a query that is wrong says so below.
      if (!(error instanceof DecentDbError) || error.code.startsWith('XX')) throw error;
    }
  }
  return { compiled: make(stmt), tables: 0 };
}

/** The ctid of the row of a table that a cursor stands on. */
export function cursorRow(session: Session, name: string, tableId: number, table: string): Datum {
  const portal = openPortal(session, name);
  const { columns, rows, tables, position } = portal;
  if (tables === 0) throw notUpdatable(name, table);
  if (position < 1 || position > rows.count) throw notOnRow(name);
  const batch = rows.reader({ first: position - 1, count: 1, step: 1 })()!;
  const valueOf = (i: number): Datum => datumAt(batch.column(i), batch.position(0));
  for (let i = 0; i < tables; i++) {
    const at = columns.length + i * COLUMNS_PER_TABLE;
    if (Number(valueOf(at + 1)) !== tableId) continue;
    const ctid = valueOf(at);
    if (ctid === null) throw notOnRow(name);
    return ctid;
  }
  if (!portal.isLocking) throw notUpdatable(name, table);
  const message = `cursor "${name}" does not have a FOR UPDATE/SHARE reference to table "${table}"`;
  throw new DecentDbError('24000', message);
}

function notUpdatable(cursor: string, table: string): DecentDbError {
  const message = `cursor "${cursor}" is not a simply updatable scan of table "${table}"`;
  return new DecentDbError('24000', message);
}

function notOnRow(cursor: string): DecentDbError {
  return new DecentDbError('24000', `cursor "${cursor}" is not positioned on a row`);
}

/** The cursor of that name, if its transaction is still the one that is open. */
function findPortal(session: Session, name: string): Portal | undefined {
  const portal = session.portals.get(name);
  if (portal === undefined) return undefined;
  if (portal.owner === null || portal.owner === session.transaction || portal.owner === session.running)
    return portal;
  drop(session, name, portal);
  return undefined;
}

/** I3: `command` is about to change the table. */
export function requireUnused(session: Session, txn: Transaction, table: TableDef, command: string): void {
  for (const portal of session.portals.values())
    if (portal.owner === txn && readsTable(portal.plan, table.id))
      throw new DecentDbError(
        '55006',
        `cannot ${command} "${table.name}" because it is being used by active queries in this session`,
      );
}

/** Before a commit: a cursor that would be held has all its rows. */
export function checkHeldCursors(session: Session, txn: Transaction): void {
  for (const portal of session.portals.values())
    if (portal.owner === txn && portal.isHeld && portal.failure !== null) throw portal.failure;
}

/** After a commit. */
export function endCursors(session: Session, txn: Transaction): void {
  for (const [name, portal] of session.portals) {
    if (portal.owner !== txn) continue;
    if (portal.isHeld) portal.owner = null;
    else drop(session, name, portal);
  }
}

/** After ROLLBACK TO: cursors declared since are gone. `depth`: savepoints below the one rolled back to; -1 after ROLLBACK. */
export function dropCursorsAbove(session: Session, txn: Transaction, depth: number): void {
  for (const [name, portal] of session.portals)
    if (portal.owner === txn && portal.depth > depth) drop(session, name, portal);
}

function drop(session: Session, name: string, portal: Portal): void {
  session.portals.delete(name);
  portal.rows.close();
}

/** All of the session's. */
export function dropCursors(session: Session): void {
  for (const [name, portal] of session.portals) drop(session, name, portal);
}

/** After RELEASE: they belong to what is around it. */
export function passCursorsDown(session: Session, txn: Transaction, depth: number): void {
  for (const portal of session.portals.values())
    if (portal.owner === txn && portal.depth > depth) portal.depth = depth;
}

function openPortal(session: Session, name: string): Portal {
  const portal = findPortal(session, name);
  if (portal === undefined) throw new DecentDbError('34000', `cursor "${name}" does not exist`);
  return portal;
}

export function fetchCursor<R>(session: Session, stmt: FetchStmt, consume: Consumer<R>): Outcome<R> {
  const portal = openPortal(session, stmt.portalname);
  if (portal.isFailed) throw new DecentDbError('55000', `portal "${stmt.portalname}" cannot be run`);
  if (!portal.isScrollable && goesBack(portal, stmt)) {
    portal.isFailed = true;
    throw onlyForward();
  }
  const passed = advance(portal, stmt);
  if (portal.failure !== null && portal.position > portal.rows.count) {
    portal.isFailed = true;
    throw portal.failure;
  }
  if (stmt.ismove) return { value: consume(noRows), command: 'MOVE', affected: passed.count, columns: [] };
  const { columns } = portal;
  const next = portal.rows.reader(passed);
  return { value: consume({ columns, next }), command: 'FETCH', affected: null, columns };
}

function onlyForward(): DecentDbError {
  return new DecentDbError('55000', 'cursor can only scan forward', {
    hint: 'Declare it with SCROLL option to enable backward scan.',
  });
}

function goesBack({ position, rows }: Portal, { direction, howMany, ismove }: FetchStmt): boolean {
  const isOnRow = position >= 1 && position <= rows.count;
  if (direction === 'FETCH_ABSOLUTE') return howMany < 0 || (position > 0 && howMany <= position);
  if (howMany === 0) return !ismove && (isOnRow || direction === 'FETCH_BACKWARD');
  if (direction === 'FETCH_RELATIVE') return howMany < 0;
  if ((direction === 'FETCH_FORWARD') === howMany > 0) return false;
  return !(ismove && position === 0 && Math.abs(howMany) === Number.POSITIVE_INFINITY);
}

/** Moves the cursor; the places (0-based) it passed over, in order. */
function advance(portal: Portal, stmt: FetchStmt): Passed {
  const { count } = portal.rows;
  const { howMany, direction } = stmt;
  const here = (): Passed => {
    const isOnRow = portal.position >= 1 && portal.position <= count;
    return { first: portal.position - 1, count: isOnRow ? 1 : 0, step: 1 };
  };
  if (direction === 'FETCH_ABSOLUTE' || direction === 'FETCH_RELATIVE') {
    const target =
      direction === 'FETCH_RELATIVE'
        ? portal.position + howMany
        : howMany < 0
          ? count + 1 + howMany
          : howMany;
    portal.position = Math.max(0, Math.min(count + 1, target));
    return here();
  }
  // FETCH 0 gives the current row again.
  if (howMany === 0) return here();
  const step = (direction === 'FETCH_FORWARD') === howMany > 0 ? 1 : -1;
  const steps = Math.abs(howMany);
  const before = portal.position;
  const left = step === 1 ? count - before : before - 1;
  const passed = Math.max(0, Math.min(steps, left));
  portal.position = steps > passed ? (step === 1 ? count + 1 : 0) : before + step * passed;
  return { first: before + step - 1, count: passed, step };
}

export function closeCursor(session: Session, stmt: ClosePortalStmt): string {
  if (stmt.portalname === null) {
    dropCursors(session);
    return 'CLOSE CURSOR ALL';
  }
  drop(session, stmt.portalname, openPortal(session, stmt.portalname));
  return 'CLOSE CURSOR';
}
