/**
 * Statements that are neither queries nor data changes: transactions, settings, EXPLAIN, prepared statements, schema.
 *
 * I1  Everything the grammar knows ends here or in `executeDdl`; what neither runs is refused by name (0A000).
 */

import { DecentDbError, notSupported } from '../../base/errors.ts';
import type { Catalog, Relation } from '../../catalog/catalog.ts';
import type { TableDef } from '../../catalog/schema.ts';
import type { RangeVar, Statement } from '../../sql/ast/nodes.ts';
import { runDeferredChecks, runDeferredTriggers } from '../deferred.ts';
import { isTriggerDeferred } from '../fire-trigger.ts';
import { checkChannel, notify } from '../notifications.ts';
import { mergeEverything } from '../search-upkeep.ts';
import { forgetSequences } from '../services/sequences.ts';
import type { ParamSource, Session } from '../session.ts';
import { isDeferredNow } from '../session-services.ts';
import { dropTemporary } from '../temporary.ts';
import { analyze } from './analyze.ts';
import { runCall } from './call.ts';
import { runDdl } from './ddl.ts';
import { runDo } from './do-block.ts';
import { runExplain } from './explain.ts';
import { type Consumer, noRows, type Outcome } from './outcome.ts';
import { closeCursor, declareCursor, dropCursors, fetchCursor } from './portals.ts';
import { runDeallocate, runExecute, runPrepare } from './prepare-execute.ts';
import type { Prepared } from './prepared.ts';
import { runSet, runShow } from './set-show.ts';
import { runTransactionControl } from './transaction-control.ts';

const TAKES_PARAMS: ReadonlySet<string> = new Set(['ExplainStmt', 'ExecuteStmt', 'CallStmt']);

export function runUtility<R>(
  session: Session,
  prepared: Prepared,
  params: ParamSource,
  consume: Consumer<R>,
): Outcome<R> {
  const { stmt } = prepared;
  if (!TAKES_PARAMS.has(stmt.kind) && prepared.routine === undefined) params([]);
  switch (stmt.kind) {
    case 'TransactionStmt':
      return done(runTransactionControl(session, stmt), consume);
    case 'VariableSetStmt':
      return done(runSet(session, stmt), consume);
    case 'VariableShowStmt':
      return runShow(session, stmt.name, consume);
    case 'ExplainStmt':
      return runExplain(session, prepared, stmt, params, consume);
    case 'PrepareStmt':
      return done(runPrepare(session, prepared, stmt), consume);
    case 'ExecuteStmt':
      return runExecute(session, stmt, consume);
    case 'DeallocateStmt':
      return done(runDeallocate(session, stmt.name), consume);
    case 'DeclareCursorStmt':
      return done(declareCursor(session, prepared, stmt), consume);
    case 'FetchStmt':
      return fetchCursor(session, stmt, consume);
    case 'ClosePortalStmt':
      return done(closeCursor(session, stmt), consume);
    case 'ConstraintsSetStmt':
      return done(setConstraints(session, stmt), consume);
    case 'DiscardStmt':
      return done(discard(session, stmt.target), consume);
    case 'CheckPointStmt':
      checkpoint(session);
      return done('CHECKPOINT', consume);
    case 'LockStmt':
      return done(lockTables(session, stmt), consume);
    case 'VacuumStmt':
      if (!stmt.is_vacuumcmd) {
        analyze(session, tablesNamed(session, stmt.rels), session.running);
        return done('ANALYZE', consume);
      }
      if (session.transaction !== null)
        throw new DecentDbError('25001', 'VACUUM cannot run inside a transaction block');
      return runDdl(session, prepared, consume);
    case 'ListenStmt':
      checkChannel(stmt.conditionname);
      session.running?.signals.push({ kind: 'listen', channel: stmt.conditionname });
      return done('LISTEN', consume);
    case 'UnlistenStmt':
      session.running?.signals.push({ kind: 'unlisten', channel: stmt.conditionname });
      return done('UNLISTEN', consume);
    case 'NotifyStmt':
      if (session.running !== null) notify(session.running, stmt.conditionname, stmt.payload ?? '');
      return done('NOTIFY', consume);
    case 'CallStmt':
      return runCall(session, stmt, params, consume);
    case 'DoStmt':
      return done(runDo(session, stmt), consume);
    case 'CopyStmt':
      throw new DecentDbError('0A000', 'COPY through query() and exec() is not supported', {
        hint: 'Use copyFrom(statement, data) and copyTo(statement, sink).',
        position: stmt.location + 1,
      });
    case 'LoadStmt':
      throw notSupported('LOAD', stmt.location + 1);
    default:
      return runDdl(session, prepared, consume);
  }
}

/** The outcome of a statement without rows. */
export function done<R>(command: string, consume: Consumer<R>, affected = 0): Outcome<R> {
  return { value: consume(noRows), command, affected, columns: [] };
}

function checkpoint(session: Session): void {
  // The statement's own transaction has written nothing; inside an explicit one the checkpoint takes what is committed.
  mergeEverything(session);
  session.engine.checkpoint();
}

/** There is one writer, and readers never wait: holding the writer is the only lock there is. */
function lockTables(session: Session, { relations, mode }: Extract<Statement, { kind: 'LockStmt' }>): string {
  if (session.transaction === null)
    throw new DecentDbError('25P01', 'LOCK TABLE can only be used in transaction blocks');
  for (const relation of relations) {
    const found = relationNamed(session, relation);
    if (found !== null && found.kind !== 'table' && found.kind !== 'view')
      throw new DecentDbError('42809', `cannot lock relation "${relation.relname}"`, {
        detail: 'This operation is not supported for indexes and sequences.',
      });
  }
  if (mode > 1) session.running?.writeView();
  return 'LOCK TABLE';
}

/** The relation a name means; null outside a running statement. 42P01 when there is none. */
function relationNamed(session: Session, { schemaname, relname }: RangeVar): Relation | null {
  const txn = session.running;
  if (txn === null) return null;
  const catalog = session.catalogOf(txn);
  const found =
    schemaname === null
      ? catalog.findRelation(['pg_temp', ...session.settings.searchPath], relname)
      : catalog.relation(schemaname, relname);
  if (found === undefined) throw new DecentDbError('42P01', `relation "${relname}" does not exist`);
  return found;
}

/** The tables among the relations; null when none are named. */
function tablesNamed(
  session: Session,
  relations: readonly { readonly relation: RangeVar }[],
): readonly TableDef[] | null {
  if (relations.length === 0) return null;
  return relations.flatMap(({ relation }) => {
    const found = relationNamed(session, relation);
    return found?.kind === 'table' ? [found.table] : [];
  });
}

function discard(session: Session, target: Extract<Statement, { kind: 'DiscardStmt' }>['target']): string {
  switch (target) {
    case 'DISCARD_ALL':
      if (session.transaction !== null)
        throw new DecentDbError('25001', 'DISCARD ALL cannot run inside a transaction block');
      session.settings.resetAll();
      session.named.clear();
      session.listening.unlisten(null);
      dropCursors(session);
      forgetSequences(session);
      dropTemporary(session);
      session.texts.clear();
      session.templates.clear();
      return 'DISCARD ALL';
    case 'DISCARD_PLANS':
      session.texts.clear();
      return 'DISCARD PLANS';
    case 'DISCARD_SEQUENCES':
      forgetSequences(session);
      return 'DISCARD SEQUENCES';
    case 'DISCARD_TEMP':
      dropTemporary(session);
      return 'DISCARD TEMP';
  }
}

/** Constraints and triggers by id, with those that partitions have of them. */
function withParts(catalog: Catalog, ids: readonly number[]): ReadonlySet<number> {
  const found = new Set(ids);
  let before: number;
  do {
    before = found.size;
    for (const { constraints, triggers } of catalog.tables.values())
      for (const { id, parentId } of [...constraints, ...triggers])
        if (parentId !== undefined && found.has(parentId)) found.add(id);
  } while (found.size > before);
  return found;
}

function setConstraints(session: Session, stmt: Extract<Statement, { kind: 'ConstraintsSetStmt' }>): string {
  if (session.transaction === null)
    session.notice({
      severity: 'WARNING',
      code: '25P01',
      message: 'SET CONSTRAINTS can only be used in transaction blocks',
    });
  const txn = session.running;
  if (txn === null) return 'SET CONSTRAINTS';
  const catalog = session.catalogOf(txn);
  const modes = new Map(txn.deferModes);
  if (stmt.constraints.length === 0) {
    modes.clear();
    modes.set(-1, stmt.deferred);
  }
  for (const wanted of stmt.constraints) {
    const ids: number[] = [];
    for (const table of catalog.tables.values()) {
      for (const c of table.constraints) {
        if (c.name !== wanted.relname || (wanted.schemaname !== null && wanted.schemaname !== table.schema))
          continue;
        if (!c.deferrable && stmt.deferred)
          throw new DecentDbError('42809', `constraint "${c.name}" is not deferrable`);
        ids.push(c.id);
      }
      for (const { id, name, constraint } of table.triggers) {
        if (constraint == null || name !== wanted.relname) continue;
        if (!constraint.deferrable && stmt.deferred)
          throw new DecentDbError('42809', `constraint "${name}" is not deferrable`);
        ids.push(id);
      }
    }
    if (ids.length === 0) throw new DecentDbError('42704', `constraint "${wanted.relname}" does not exist`);
    for (const id of withParts(catalog, ids)) modes.set(id, stmt.deferred);
  }
  txn.deferModes = modes;
  if (!stmt.deferred) {
    runDeferredTriggers(session, txn, ({ trigger }) => !isTriggerDeferred(txn, trigger));
    runDeferredChecks(session, txn, (check) => !isDeferredNow(txn, catalog, check.constraintId));
  }
  return 'SET CONSTRAINTS';
}
