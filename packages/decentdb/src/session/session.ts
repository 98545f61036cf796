/**
 * One connection: settings, a transaction, and statements run one after the other.
 *
 *     text --parse--> statement --bind--> algebra --plan--> plan --run--> batches
 *     (cached by text: prepared.ts)       (compiled.ts, valid for one catalogue and one set of settings)
 *
 * I1  A statement sees one snapshot: of its transaction, or its own outside of one (LESSONS 10).
 * I2  A statement that fails has no effect: outside a transaction it is rolled back, inside one to an implicit savepoint.
 * I3  Statements of a session never overlap, except cursors: those read snapshots of their own (cursor.ts).
 */
import { DecentDbError } from '../base/errors.ts';
import { platformError } from '../base/platform-errors.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { NodeCounter, StatementGuard, StatementOptions } from '../exec/context.ts';
import { protectsItself } from '../exec/dml/operators.ts';
import { type PlanRun, startPlan } from '../exec/execute.ts';
import { memoryLimits, StatementMemory } from '../exec/memory.ts';
import type { ParallelService } from '../exec/parallel.ts';
import type { PhysicalPlan } from '../exec/physical.ts';
import { UserFunctions } from '../functions/user-functions.ts';
import type { PlanEnv } from '../plan/env.ts';
import type { PreparableStmt } from '../sql/ast/nodes.ts';
import type { BindEnv } from '../sql/bind/env.ts';
import type { StorageEngine } from '../txn/engine.ts';
import type { ReadTxn } from '../txn/read-txn.ts';
import type { WriteTxn } from '../txn/write-txn.ts';
import type { SqlType } from '../types/sql-type.ts';
import type { Datum } from '../types/vector.ts';
import { randomBytes } from '../vfs/node-platform.ts';
import { type Clock, systemClock } from './clock.ts';
import { commitTransaction } from './commit.ts';
import type { Notice } from './ddl/context.ts';
import { makeBindEnv, makePlanEnv } from './environment.ts';
import { SessionEvalContext } from './eval-context.ts';
import { KeptMemory } from './kept-memory.ts';
import { SessionListening } from './notifications.ts';
import { ObjectNameLookup } from './object-names.ts';
import { runRoutine } from './routine-calls.ts';
import { type Compiled, compile, isStillGood } from './run/compiled.ts';
import {
  type Consumer,
  countedOutcome,
  noRows,
  type Outcome,
  type RowStream,
  rowsOf,
} from './run/outcome.ts';
import { bindParams } from './run/params.ts';
import { dropCursorsAbove, type Portal } from './run/portals.ts';
import { isPreparable, type Prepared, PreparedTexts } from './run/prepared.ts';
import { type SharedPlan, sharedPlan } from './run/shared-plan.ts';
import { Templates } from './run/templates.ts';
import { runUtility } from './run/utility.ts';
import { scalarService } from './services/registry.ts';
import { noteOpened } from './services/system.ts';
import { SessionServicesOf } from './session-services.ts';
import { Settings } from './settings/settings.ts';
import { SharedDatabase } from './shared-database.ts';
import { guardOf, isHalfDone, markStatement, undoStatement } from './statement-mark.ts';
import { sampledColumn, tableRowsNow } from './statistics.ts';
import { dropTemporary } from './temporary.ts';
import { readOnlyTransaction, Transaction } from './transaction.ts';
import type { VirtualContext } from './virtual/define.ts';
import { catalogueViews } from './virtual/registry.ts';

export interface SessionOptions {
  /** Values settings start with. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly clock?: Clock;
  readonly onNotice?: (notice: Notice) => void;
  /** Commits are shared with other writers: `takePendingCommit` gives the acknowledgement of the last one. */
  readonly groupCommits?: boolean;
}

/** How a statement is to be run beyond its text and parameters. */
export interface RunOptions {
  /** Collect counters by plan node (EXPLAIN ANALYZE). */
  readonly counters?: (NodeCounter | undefined)[] | null;
  readonly memory?: StatementMemory;
}

const noOptions: RunOptions = {};

/** How often `interruptCheck` is asked. */
const INTERRUPT_CHECK_MS = 20;

export class Session {
  readonly shared: SharedDatabase;
  readonly engine: StorageEngine;
  readonly settings: Settings;
  readonly evalContext: SessionEvalContext;
  readonly texts: PreparedTexts = new PreparedTexts();
  readonly templates: Templates = new Templates();
  /** Statements made by PREPARE, by name. */
  readonly named: Map<string, Prepared> = new Map();
  /** Cursors made by DECLARE, by name. */
  readonly portals: Map<string, Portal> = new Map();
  /** What cursors and iterators keep of rows that outlive their statement. */
  readonly keptMemory: KeptMemory = new KeptMemory();
  /** Functions the application registered. */
  readonly functions: UserFunctions = new UserFunctions();
  /** Channels LISTEN made it hear. */
  readonly listening: SessionListening;
  /** How deep functions of the application are running: statements then run inside the one that called. */
  functionDepth = 0;
  /** Whether the innermost of them may change data (a trigger function may). */
  mayFunctionWrite = false;
  /** Whether statements of its own may be schema changes and the like: of a procedure, and of a function read from nowhere. */
  mayRunUtility = false;
  readonly clock: Clock;
  readonly notices: Notice[] = [];
  /** The explicit (or multi-statement) transaction, or null. */
  transaction: Transaction | null = null;
  /** The transaction of the statement that is running: the explicit one, or its own. */
  running: Transaction | null = null;
  /** Text of the statement that runs or ran last. */
  currentSql = '';
  /** Set by `interrupt`; the running statement sees it at its next check. */
  isInterrupted = false;
  /** Asked now and then by a statement that runs: true stops it (57014). For what another thread or the terminal says meanwhile. */
  interruptCheck: (() => boolean) | null = null;
  readonly groupCommits: boolean;
  /** Threads that help with statements of this session, where there are some. */
  parallel: ParallelService | null = null;
  /** Time the next statements may take, milliseconds; 0: the setting decides. */
  timeoutMs = 0;
  /** The acknowledgement of the newest commit, not waited for yet. */
  pendingCommit: Promise<unknown> | null = null;
  readonly #onNotice: ((notice: Notice) => void) | undefined;
  #idleRead: ReadTxn | null = null;
  #isClosed = false;
  /** Of the statement that runs in an explicit transaction. */
  #guard: StatementGuard | null = null;
  /** Of statements on short paths; made once a transaction. */
  #services: SessionServicesOf | null = null;

  constructor(engine: StorageEngine, options: SessionOptions = {}) {
    this.engine = engine;
    this.shared = SharedDatabase.of(engine);
    this.listening = new SessionListening(this.shared.notifications);
    this.clock = options.clock ?? systemClock();
    this.#onNotice = options.onNotice;
    this.groupCommits = options.groupCommits ?? false;
    const names = new ObjectNameLookup(
      () => this.currentCatalog(),
      () => this.settings.searchPath,
    );
    this.settings = new Settings(() => this.evalContext.transactionMicros, names);
    for (const [name, value] of Object.entries(options.settings ?? {})) this.settings.setInitial(name, value);
    this.evalContext = new SessionEvalContext({
      settings: this.settings,
      clock: this.clock,
      transactionStart: () => (this.transaction === null ? null : this.transaction.startedMicros),
      service: (name) => scalarService(this, name),
      randomBytes: (count) => randomBytes(count),
      callRoutine: (call, args) => runRoutine(this, call, args),
    });
    noteOpened(this);
    if (this.shared.sessionCount++ === 0) dropTemporary(this);
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  /** Ends whatever is open. Idempotent. */
  close(): void {
    if (this.#isClosed) return;
    this.checkMayClose();
    this.transaction?.abandon();
    this.transaction = null;
    this.listening.unlisten(null);
    this.portals.clear();
    this.keptMemory.releaseAll();
    try {
      if (--this.shared.sessionCount === 0) dropTemporary(this);
    } finally {
      this.#idleRead = null;
      this.#isClosed = true;
    }
  }

  /** Throws 55006 in a function that a statement of this session calls. */
  checkMayClose(): void {
    if (this.functionDepth > 0)
      throw new DecentDbError('55006', 'a function cannot close the connection that called it');
  }

  checkOpen(): void {
    if (!this.#isClosed) return;
    throw new DecentDbError('08003', 'the database connection is closed', {
      hint: 'Open the database again.',
    });
  }

  notice(notice: Notice): void {
    this.notices.push(notice);
    if (this.notices.length > 100) this.notices.shift();
    this.#onNotice?.(notice);
  }

  /** Asks the running statement (or open cursors) to stop with 57014. */
  interrupt(): void {
    this.isInterrupted = true;
  }

  // --- running ------------------------------------------------------------------------------------------------

  /** A statement by its text, parsed at most once while it is in the cache. */
  prepare(sql: string): Prepared {
    this.checkOpen();
    return this.texts.one(sql);
  }

  /** The plan a text shares with others that differ in literals, and its literals; null when there is none. */
  template(sql: string): SharedPlan | null {
    return sharedPlan(this, sql);
  }

  /** Binds and plans a statement without running it, so that mistakes show at once. */
  check(prepared: Prepared): void {
    if (!isPreparable(prepared.stmt)) return;
    this.checkNotFailed(prepared);
    const explicit = this.functionDepth > 0 ? this.running : this.transaction;
    const txn = explicit ?? this.newTransaction(false, true);
    const before = this.running;
    this.running = txn;
    try {
      this.compiledFor(prepared, txn);
    } catch (error) {
      throw located(error, prepared);
    } finally {
      this.running = before;
      if (explicit === null) commitTransaction(this, txn);
    }
  }

  /** Runs one statement. `params` gives the datums of its parameters once their types are known. */
  run<R>(
    prepared: Prepared,
    params: ParamSource,
    consume: Consumer<R>,
    options: RunOptions = noOptions,
  ): Outcome<R> {
    this.checkOpen();
    this.checkNotFailed(prepared);
    if (this.functionDepth > 0 && this.running !== null)
      return this.#runNested(this.running, prepared, params, consume, options);
    const explicit = this.transaction;
    if (explicit !== null) return this.#runInside(explicit, prepared, params, consume, options);
    if (!isPreparable(prepared.stmt) && isTransactionControl(prepared))
      return runUtility(this, prepared, params, consume);
    const own = this.newTransaction(false, this.settings.isReadOnlyByDefault);
    this.running = own;
    try {
      const outcome = this.#runWith(own, prepared, params, consume, options);
      // COMMIT or ROLLBACK inside EXECUTE cannot happen: the statement's own transaction is still the running one.
      commitTransaction(this, own);
      return outcome;
    } catch (error) {
      own.abandon();
      dropCursorsAbove(this, own, -1);
      this.settings.rollbackTo(own.settings);
      throw located(error, prepared);
    } finally {
      this.running = null;
      this.settings.endTransaction();
    }
  }

  /**
   * The short path of a statement that writes few rows, inside a transaction that may write. Returns the rows changed, or -1
   * when the statement has to go the long way.
   */
  runPointWrite(prepared: Prepared, params: readonly unknown[]): number {
    const txn = this.transaction;
    const { compiled } = prepared;
    if (txn === null || compiled === null || compiled.pointWrite === null || this.functionDepth > 0)
      return -1;
    if (txn.isFailed || txn.isReadOnly || this.settings.plansKey !== compiled.plansKey) return -1;
    if (txn.write !== null && txn.catalog !== compiled.catalog) return -1;
    const wasWriting = txn.write !== null;
    const { catalog } = txn;
    this.evalContext.beginStatement();
    this.running = txn;
    this.mayRunUtility = false;
    try {
      const write = txn.write ?? this.#startWriting(txn, compiled.plan.command);
      if (wasWriting) write.relieve();
      if (wasWriting || this.catalogOf(txn) === compiled.catalog) {
        const datums = bindParams(params, compiled.paramTypes, this.settings.types);
        return compiled.pointWrite.run(write, datums, this.#servicesOf(txn, compiled.catalog));
      }
      txn.abandonWrite();
      txn.catalog = catalog;
      return -1;
    } catch (error) {
      txn.rowIds.clear();
      if (!wasWriting) {
        // As for any statement that was the first to write (statement-mark.ts).
        txn.abandonWrite();
        txn.catalog = catalog;
      } else if (isHalfDone(error)) txn.isFailed = true;
      if (this.settings.get('decentdb.on_error') === 'transaction') txn.isFailed = true;
      throw located(error, prepared);
    } finally {
      this.running = null;
    }
  }

  /**
   * A view for the short path of a read, if the compiled statement is valid for what it shows; null: go the long way. Every
   * view is given back by `endPointRead`.
   */
  beginPointRead(compiled: Compiled): ReadTxn | WriteTxn | null {
    if (this.settings.plansKey !== compiled.plansKey || this.functionDepth > 0) return null;
    const txn = this.transaction;
    if (txn !== null) {
      if (txn.isFailed || this.catalogOf(txn) !== compiled.catalog) return null;
      this.evalContext.beginStatement();
      return txn.readView();
    }
    let read = this.#idleRead;
    if (read === null) read = this.engine.beginRead();
    else {
      this.#idleRead = null;
      read.renew();
    }
    if (this.shared.store.load(read, read.meta) !== compiled.catalog) {
      this.keepReader(read);
      return null;
    }
    this.evalContext.beginStatement();
    return read;
  }

  /** Whether the settings and the newest catalogue are those that a statement was compiled for. */
  isCurrent(compiled: Compiled): boolean {
    const view = this.beginPointRead(compiled);
    if (view === null) return false;
    this.endPointRead(view);
    return true;
  }

  endPointRead(view: ReadTxn | WriteTxn): void {
    if (this.transaction === null) this.keepReader(view as ReadTxn);
  }

  /** Several statements, all or none unless they say BEGIN and COMMIT themselves. */
  runScript(sql: string): void {
    this.checkOpen();
    const statements = this.texts.all(sql);
    const noParams: ParamSource = () => [];
    const single = statements[0];
    if (statements.length === 1 && single !== undefined) {
      this.run(single, noParams, drain);
      return;
    }
    for (const prepared of statements) {
      // PostgreSQL's rule for a query string of several commands: an implicit transaction block around them.
      if (this.transaction === null && this.functionDepth === 0 && !isTransactionControl(prepared))
        this.transaction = this.newTransaction(true, false, true);
      try {
        this.run(prepared, noParams, drain);
      } catch (error) {
        if (this.transaction?.isImplicit === true) this.rollback();
        throw error;
      }
    }
    if (this.transaction?.isImplicit === true) this.commit();
  }

  /** A statement run by a function that another statement calls: part of that statement's transaction. */
  #runNested<R>(
    txn: Transaction,
    prepared: Prepared,
    params: ParamSource,
    consume: Consumer<R>,
    options: RunOptions,
  ): Outcome<R> {
    if (isTransactionControl(prepared)) throw noTransactionControl();
    const isAllowed = isPreparable(prepared.stmt)
      ? this.mayFunctionWrite || this.compiledFor(prepared, txn).plan.isReadOnly
      : (this.mayRunUtility && this.mayFunctionWrite) || prepared.stmt.kind === 'VariableShowStmt';
    if (!isAllowed)
      throw new DecentDbError('55006', 'a function called by a statement cannot change the database', {
        hint: 'Trigger functions may insert, update and delete; other functions only read.',
      });
    const { currentSql } = this;
    try {
      return this.#runInside(txn, prepared, params, consume, options);
    } finally {
      this.currentSql = currentSql;
    }
  }

  #runInside<R>(
    txn: Transaction,
    prepared: Prepared,
    params: ParamSource,
    consume: Consumer<R>,
    options: RunOptions,
  ): Outcome<R> {
    if (isTransactionControl(prepared)) {
      try {
        return runUtility(this, prepared, params, consume);
      } catch (error) {
        throw located(error, prepared);
      }
    }
    const before = this.running;
    this.running = txn;
    const outer = this.#guard;
    // What a nested statement changes is undone with the one that called it, too.
    if (prepared.compiled?.plan.isReadOnly !== true) outer?.protect();
    const mark = markStatement(txn, this.settings);
    const guard = guardOf(txn, mark);
    this.#guard = guard;
    try {
      const outcome = this.#runWith(txn, prepared, params, consume, options);
      if (mark.physical !== null && txn.write?.isActive === true) txn.write.release(mark.physical);
      return outcome;
    } catch (error) {
      undoStatement(txn, mark, this.settings, error);
      if (this.functionDepth === 0 && this.settings.get('decentdb.on_error') === 'transaction')
        txn.isFailed = true;
      throw located(error, prepared);
    } finally {
      this.running = before;
      this.#guard = outer;
    }
  }

  #runWith<R>(
    txn: Transaction,
    prepared: Prepared,
    params: ParamSource,
    consume: Consumer<R>,
    options: RunOptions,
  ): Outcome<R> {
    this.evalContext.beginStatement();
    this.currentSql = prepared.text;
    if (!isPreparable(prepared.stmt)) {
      this.#guard?.protect();
      return runUtility(this, prepared, params, consume);
    }
    // A statement known to write takes the writer at once: no snapshot has to be exchanged for it.
    if (prepared.compiled !== null && !prepared.compiled.plan.isReadOnly && txn.read === null)
      this.#startWriting(txn, prepared.compiled.plan.command);
    const compiled = this.compiledFor(prepared, txn);
    const { plan, pointWrite } = compiled;
    const isPoint = pointWrite !== null && options === noOptions;
    const isBare = plan.isReadOnly || isPoint || protectsItself(plan.root);
    if (!isBare) this.#guard?.protect();
    return this.runCompiled(txn, compiled, params(compiled.paramTypes), consume, options);
  }

  /** Runs a plan in a transaction and hands its rows to `consume`. */
  runCompiled<R>(
    txn: Transaction,
    compiled: Compiled,
    params: readonly Datum[],
    consume: Consumer<R>,
    options: RunOptions = noOptions,
  ): Outcome<R> {
    const { plan } = compiled;
    // A statement that reads no table has nothing that a schema change by a function it calls could pull away.
    if (this.functionDepth === 0) this.mayRunUtility = compiled.tables.length === 0;
    const view = plan.isReadOnly ? this.readView(txn) : this.#startWriting(txn, plan.command);
    if (compiled.pointWrite !== null && txn.write !== null && options === noOptions) {
      const affected = compiled.pointWrite.run(txn.write, params, this.#servicesOf(txn, compiled.catalog));
      if (affected >= 0) {
        const { returning } = compiled.pointWrite;
        const rows = returning === null ? noRows : rowsOf(compiled.columns, returning.rows);
        return { value: consume(rows), command: plan.command, affected, columns: compiled.columns };
      }
      if (!protectsItself(plan.root)) this.#guard?.protect();
    }
    const run = this.startRun(txn, plan, params, view, options);
    // After an error the statement's savepoint takes this one with it.
    const endReads = compiled.callsWriters ? run.statement.fixReads() : null;
    try {
      const outcome = this.#outcomeOf(compiled, run, consume);
      endReads?.();
      return outcome;
    } finally {
      run.close();
    }
  }

  #outcomeOf<R>(compiled: Compiled, run: PlanRun, consume: Consumer<R>): Outcome<R> {
    const { plan } = compiled;
    if (compiled.countsRows) return countedOutcome(compiled, run, consume);
    const stream: RowStream = {
      columns: compiled.columns,
      next: () => run.next(),
      holdResult: (bytes) => run.statement.memory.holdResult(bytes),
    };
    const value = consume(stream);
    if (!plan.isReadOnly) run.drain();
    const affected = compiled.returnsRows && plan.isReadOnly ? null : run.affected;
    return { value, command: plan.command, affected, columns: compiled.columns };
  }

  /** An execution of a plan with this session's context. */
  startRun(
    txn: Transaction,
    plan: PhysicalPlan,
    params: readonly Datum[],
    view: ReadTxn | WriteTxn,
    options: RunOptions = noOptions,
  ): PlanRun {
    const catalog = this.catalogOf(txn);
    const memory = options.memory ?? new StatementMemory(memoryLimits(this.settings.workMemBytes));
    const { vfs } = this.engine.options;
    memory.temporary = () => vfs.openTemporary(this.engine.path);
    const checkCancel = this.cancelCheck();
    memory.checkCancel = checkCancel;
    const statement: StatementOptions = {
      view,
      params,
      eval: this.evalContext,
      memory,
      session: this.virtualContext(catalog, view),
      services: plan.isReadOnly ? null : new SessionServicesOf(this, txn, catalog),
      checkCancel,
      guard: this.#guard,
      counters: options.counters ?? null,
      parallel: this.functionDepth > 0 ? null : this.parallel,
    };
    return startPlan(plan, statement);
  }

  /** The statement bound and planned for the transaction's catalogue; planned again only when it has to be. */
  compiledFor(prepared: Prepared, txn: Transaction): Compiled {
    const view = this.readView(txn);
    const catalog = this.catalogOf(txn);
    const { plansKey } = this.settings;
    const { statisticsEpoch } = this.shared;
    const known = prepared.compiled;
    const isKnown = known !== null && known.statisticsEpoch === statisticsEpoch;
    if (isKnown && isStillGood(known, catalog, plansKey, view)) return known;
    const bare = this.bindEnv(catalog, prepared.paramTypes);
    const env = prepared.routine === undefined ? bare : { ...bare, routine: prepared.routine };
    const planEnv = this.planEnv(env, view);
    const { stmt, peek } = prepared;
    const compiled = compile(
      stmt as PreparableStmt,
      env,
      planEnv,
      view,
      plansKey,
      this.evalContext,
      peek,
      known === null,
    );
    compiled.statisticsEpoch = statisticsEpoch;
    prepared.compiled = compiled;
    return compiled;
  }

  // --- surroundings of a statement ------------------------------------------------------------------------------

  bindEnv(catalog: Catalog, paramTypes: readonly (SqlType | null)[] = []): BindEnv {
    return makeBindEnv(this, catalog, paramTypes);
  }

  planEnv(env: BindEnv, view: ReadTxn | WriteTxn): PlanEnv {
    return makePlanEnv(this, env, view);
  }

  virtualContext(catalog: Catalog, view: ReadTxn | WriteTxn): VirtualContext {
    const { settings, engine } = this;
    return {
      catalog,
      settings,
      engine,
      view,
      estimateRows: (table) => tableRowsNow(table, view),
      columnStatistics: (table, column) => sampledColumn(this.shared, table, column, view),
      sequenceValue: (sequence) => this.shared.sequences.current(view, sequence),
      systemViews: catalogueViews,
      bindEnv: () => this.bindEnv(catalog),
      portals: this.portals,
      named: this.named,
    };
  }

  /** Null when nothing can cancel the statement. */
  cancelCheck(): (() => void) | null {
    this.isInterrupted = false;
    const { interruptCheck } = this;
    const timeoutMs = this.timeoutMs > 0 ? this.timeoutMs : this.settings.statementTimeoutMs;
    if (timeoutMs === 0 && interruptCheck === null) return null;
    const { now } = this.engine.options;
    const started = now();
    const deadline = timeoutMs === 0 ? Number.POSITIVE_INFINITY : started + timeoutMs;
    let asked = started;
    return () => {
      const time = now();
      if (interruptCheck !== null && time - asked >= INTERRUPT_CHECK_MS) {
        asked = time;
        if (interruptCheck()) this.isInterrupted = true;
      }
      if (time > deadline)
        throw new DecentDbError('57014', 'canceling statement due to statement timeout', {
          hint: `It may take ${timeoutMs} ms (the setting statement_timeout, or the call's timeoutMs).`,
        });
      if (this.isInterrupted) throw new DecentDbError('57014', 'canceling statement due to user request');
    };
  }

  // --- transactions -----------------------------------------------------------------------------------------------

  newTransaction(isExplicit: boolean, isReadOnly: boolean, isImplicit = false): Transaction {
    if (this.functionDepth > 0) throw noTransactionControl();
    return new Transaction(this.engine, {
      isExplicit,
      isImplicit,
      isReadOnly: isReadOnly || this.engine.isReadOnly,
      startedMicros: isExplicit ? this.clock.nowMicros() : -1,
      buildsOnTip: this.groupCommits,
      settings: this.settings.mark(),
    });
  }

  /** The view the transaction reads through; takes the snapshot if there is none yet. */
  readView(txn: Transaction): ReadTxn | WriteTxn {
    if (txn.write !== null) return txn.write;
    if (txn.read === null && !txn.isExplicit && this.#idleRead !== null) {
      // Statements outside transactions take turns with one reader object.
      this.#idleRead.renew();
      txn.read = this.#idleRead;
      this.#idleRead = null;
    }
    return txn.readView();
  }

  /** Keeps an ended reader for the next statement. */
  keepReader(read: ReadTxn): void {
    read.end();
    if (!this.#isClosed) this.#idleRead = read;
  }

  catalogOf(txn: Transaction): Catalog {
    if (txn.catalog !== null) return txn.catalog;
    const view = this.readView(txn);
    const catalog = this.shared.store.load(view, view.meta);
    txn.catalog = catalog;
    return catalog;
  }

  /** The catalogue names are looked up in now: of the running statement, else the newest. */
  currentCatalog(): Catalog {
    const txn = this.running ?? this.transaction;
    if (txn !== null) return this.catalogOf(txn);
    const read = this.engine.beginRead();
    try {
      return this.shared.store.load(read, read.meta);
    } finally {
      read.end();
    }
  }

  commit(): void {
    const txn = this.transaction;
    if (txn === null) return;
    if (txn.isFailed) {
      this.rollback();
      return;
    }
    try {
      commitTransaction(this, txn);
    } catch (error) {
      this.settings.rollbackTo(txn.settings);
      dropCursorsAbove(this, txn, -1);
      throw error;
    } finally {
      txn.abandon();
      this.transaction = null;
      this.settings.endTransaction();
    }
  }

  rollback(): void {
    const txn = this.transaction;
    if (txn === null) return;
    this.transaction = null;
    txn.abandon();
    dropCursorsAbove(this, txn, -1);
    this.settings.rollbackTo(txn.settings);
    this.settings.endTransaction();
  }

  checkNotFailed(prepared: Prepared): void {
    if (this.transaction?.isFailed !== true || isTransactionEnd(prepared)) return;
    throw new DecentDbError(
      '25P02',
      'current transaction is aborted, commands ignored until end of transaction block',
    );
  }

  #servicesOf(txn: Transaction, catalog: Catalog): SessionServicesOf {
    let services = this.#services;
    if (services === null || services.txn !== txn || services.catalog !== catalog) {
      services = new SessionServicesOf(this, txn, catalog);
      this.#services = services;
    }
    return services;
  }

  #startWriting(txn: Transaction, command: string): WriteTxn {
    if (txn.isReadOnly) throw readOnlyTransaction(command);
    const write = txn.writeView();
    write.relieve();
    return write;
  }
}

/** Gives the parameters as datums, once their types are known. */
export type ParamSource = (types: readonly SqlType[]) => readonly Datum[];

function drain(rows: RowStream): void {
  while (rows.next() !== null);
}

function noTransactionControl(): DecentDbError {
  return new DecentDbError('2D000', 'a function called by a statement cannot begin or end transactions');
}

/** BEGIN, COMMIT, ROLLBACK, SAVEPOINT and friends: they work on the transaction instead of in it. */
function isTransactionControl(prepared: Prepared): boolean {
  return prepared.stmt.kind === 'TransactionStmt';
}

function isTransactionEnd(prepared: Prepared): boolean {
  const { stmt } = prepared;
  if (stmt.kind !== 'TransactionStmt') return false;
  return ['TRANS_STMT_COMMIT', 'TRANS_STMT_ROLLBACK', 'TRANS_STMT_ROLLBACK_TO'].includes(stmt.stmtKind);
}

/** Errors say which text their position refers to. */
function located(thrown: unknown, prepared: Prepared): unknown {
  const error = platformError(thrown);
  if (error instanceof DecentDbError && error.query === undefined && prepared.sql !== '')
    error.query = prepared.sql;
  return error;
}
