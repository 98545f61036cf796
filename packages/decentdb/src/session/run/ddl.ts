/** Schema statements: `executeDdl` inside the running write transaction. */

import { DecentDbError, notSupported } from '../../base/errors.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { Batch } from '../../exec/batch.ts';
import { datumAt } from '../../exec/vectors.ts';
import type { LogicalNode } from '../../plan/logical.ts';
import { planTree } from '../../plan/plan-statement.ts';
import type { Statement } from '../../sql/ast/nodes.ts';
import type { Datum } from '../../types/vector.ts';
import type { DdlContext, DdlResult } from '../ddl/context.ts';
import { type DdlStatement, executeDdl, isDdlStatement } from '../ddl/execute.ts';
import { fireTrigger } from '../fire-trigger.ts';
import type { Session } from '../session.ts';
import { readOnlyTransaction, type Transaction } from '../transaction.ts';
import { userNames } from '../user-names.ts';
import { type Consumer, noRows, type Outcome } from './outcome.ts';
import { requireUnused } from './portals.ts';
import { queryOfExecute } from './prepare-execute.ts';
import type { Prepared } from './prepared.ts';

/** `rowsOfQuery`: where the rows of its query come from, if not from running it. */
export function runDdl<R>(
  session: Session,
  prepared: Prepared,
  consume: Consumer<R>,
  rowsOfQuery: DdlContext['run'] | null = null,
): Outcome<R> {
  const ddl = asDdl(session, prepared.stmt);
  const txn = session.running as Transaction;
  if (txn.isReadOnly) throw readOnlyTransaction(statementName(ddl.kind));
  const context = ddlContext(session, txn, prepared.sql, rowsOfQuery);
  const { catalog } = context;
  const view = txn.writeView();
  view.onRelief = session.cancelCheck();
  let result: DdlResult;
  try {
    result = executeDdl(ddl, context);
  } finally {
    view.onRelief = null;
  }
  if (context.catalog !== catalog) {
    refusePendingChecks(txn, catalog, context.catalog, result.commandTag);
    txn.catalog = context.catalog;
    txn.hasSchemaChange = true;
    txn.rowIds.clear();
  }
  const [tag, count] = splitTag(result.commandTag);
  return { value: consume(noRows), command: tag, affected: count, columns: [] };
}

/** What schema changes within a transaction work with. */
export function ddlContext(
  session: Session,
  txn: Transaction,
  query: string,
  rowsOfQuery: DdlContext['run'] | null = null,
): DdlContext {
  const view = txn.writeView();
  const catalog = session.catalogOf(txn);
  const context: DdlContext = {
    view,
    store: session.shared.store,
    catalog,
    env: session.bindEnv(catalog),
    user: userNames(session),
    query,
    fireTrigger: (call) => {
      fireTrigger(session, txn, context.catalog, call);
    },
    requireUnused: (table, command) => requireUnused(session, txn, table, command),
    setting: (name) => session.settings.get(name),
    notice: (notice) => session.notice(notice),
    run: rowsOfQuery ?? ((root) => runTree(session, txn, context, root)),
    sequences: session.shared.sequences,
    runBatches: (root) => runBatches(session, txn, context, root),
    checkCancel: () => view.onRelief?.(),
    openTemporary: () => session.engine.options.vfs.openTemporary(session.engine.path),
  };
  return context;
}

/** The statement for `executeDdl`: SELECT INTO is CREATE TABLE AS; what it does not know is refused by name. */
function asDdl(session: Session, stmt: Statement): DdlStatement {
  if (stmt.kind === 'CreateTableAsStmt' && stmt.query.kind === 'ExecuteStmt')
    return { ...stmt, query: queryOfExecute(session, stmt.query) };
  if (isDdlStatement(stmt)) return stmt;
  if (stmt.kind === 'SelectStmt' && stmt.intoClause !== null) {
    const query = { ...stmt, intoClause: null };
    return {
      kind: 'CreateTableAsStmt',
      query,
      into: stmt.intoClause,
      objtype: 'OBJECT_TABLE',
      if_not_exists: false,
      location: stmt.location,
    };
  }
  if (stmt.kind === 'UnsupportedStmt') throw notSupported(stmt.tag, stmt.location + 1);
  if (stmt.kind === 'SecLabelStmt') throw noLabelProvider(stmt.provider);
  throw notSupported(statementName(stmt.kind), stmt.location + 1);
}

function noLabelProvider(provider: string | null): DecentDbError {
  return new DecentDbError(
    '22023',
    provider === null
      ? 'no security label providers have been loaded'
      : `security label provider "${provider}" is not loaded`,
  );
}

/** `CreateTrigStmt` as people call it: CREATE TRIGGER. */
function statementName(kind: Statement['kind']): string {
  return (
    names[kind] ??
    kind
      .replace(/Stmt$/, '')
      .replace(/([a-z])([A-Z])/g, '$1 $2')
      .toUpperCase()
  );
}

const names: Partial<Record<Statement['kind'], string>> = {
  CreateStmt: 'CREATE TABLE',
  CreateTableAsStmt: 'CREATE TABLE AS',
  IndexStmt: 'CREATE INDEX',
  ViewStmt: 'CREATE VIEW',
  CreateTrigStmt: 'CREATE TRIGGER',
  CreateFunctionStmt: 'CREATE FUNCTION',
  DeclareCursorStmt: 'DECLARE CURSOR',
  ClosePortalStmt: 'CLOSE',
  RuleStmt: 'CREATE RULE',
  CreateStatsStmt: 'CREATE STATISTICS',
};

/** 55006: rows waiting for a deferred check are known by the table as it was. */
function refusePendingChecks(txn: Transaction, before: Catalog, after: Catalog, command: string): void {
  for (const { tableId } of txn.deferred.pending) {
    const table = before.table(tableId);
    if (table === undefined || after.table(tableId) === table) continue;
    throw new DecentDbError(
      '55006',
      `cannot ${command} "${table.name}" because it has pending trigger events`,
    );
  }
}

/** `SELECT 10` says how many rows it made. */
function splitTag(tag: string): readonly [string, number] {
  const match = /^(.*?)\s+(\d+)$/.exec(tag);
  return match === null ? [tag, 0] : [match[1] as string, Number(match[2])];
}

function* runTree(
  session: Session,
  txn: Transaction,
  context: DdlContext,
  root: LogicalNode,
): Iterable<readonly Datum[]> {
  const row = new Array<Datum>(root.columns.length);
  for (const batch of runBatches(session, txn, context, root)) {
    for (let i = 0; i < batch.count; i++) {
      const at = batch.position(i);
      for (let c = 0; c < row.length; c++) row[c] = datumAt(batch.column(c), at);
      yield row;
    }
  }
}

function* runBatches(
  session: Session,
  txn: Transaction,
  context: DdlContext,
  root: LogicalNode,
): Iterable<Batch> {
  const view = txn.writeView();
  const before = txn.catalog;
  txn.catalog = context.catalog;
  const env = { ...context.env, catalog: context.catalog };
  const planned = planTree(root, session.planEnv(env, view));
  const run = session.startRun(
    txn,
    { ...planned, paramTypes: [], command: 'SELECT', isReadOnly: false },
    [],
    view,
  );
  try {
    for (let batch = run.next(); batch !== null; batch = run.next()) yield batch;
  } finally {
    run.close();
    txn.catalog = before;
  }
}
