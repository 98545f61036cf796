/**
 * EXPLAIN: plans the statement and shows the plan; with ANALYZE runs it too and shows what happened.
 *
 * I1  Without ANALYZE nothing is run and nothing changes (LESSONS 26).
 */
import { DecentDbError, notSupported } from '../../base/errors.ts';
import type { NodeCounter } from '../../exec/context.ts';
import { memoryLimits, StatementMemory } from '../../exec/memory.ts';
import type { PhysicalPlan } from '../../exec/physical.ts';
import { datumAt } from '../../exec/vectors.ts';
import { explainXml, explainYaml } from '../../plan/explain/formats.ts';
import { type ExplainOptions, explainJson, explainText } from '../../plan/explain/render.ts';
import type { ExplainStmt, Statement } from '../../sql/ast/nodes.ts';
import type { Datum } from '../../types/vector.ts';
import { monotonicMs } from '../../vfs/node-platform.ts';
import type { ParamSource, Session } from '../session.ts';
import type { Transaction } from '../transaction.ts';
import type { Compiled } from './compiled.ts';
import { runDdl } from './ddl.ts';
import { type ExplainFormat, type ExplainRequest, readExplainOptions } from './explain-options.ts';
import { type Consumer, type Outcome, type RowStream, rowsOf, textColumn } from './outcome.ts';
import { executeParams } from './prepare-execute.ts';
import { isPreparable, type Prepared } from './prepared.ts';

export function runExplain<R>(
  session: Session,
  prepared: Prepared,
  stmt: ExplainStmt,
  params: ParamSource,
  consume: Consumer<R>,
): Outcome<R> {
  const options = readExplainOptions(stmt.options);
  const txn = session.running as Transaction;
  const { inner, source } = explained(session, prepared, queryToExplain(stmt.query), params);
  const compiled = session.compiledFor(inner, txn);
  // Values that do not fit their types are an error even where nothing runs.
  const values = options.generic ? [] : source(compiled.paramTypes);
  const run = (consumer: Consumer<void>): ExplainOptions =>
    analyze(session, txn, compiled, values, options, consumer);
  let shown = planOnly(session, compiled, options);
  if (options.analyze && stmt.query.kind === 'CreateTableAsStmt') {
    // The query runs once, and not at all where the table is there already or is to be empty.
    const rowsOfQuery = (): Iterable<readonly Datum[]> => {
      const rows: Datum[][] = [];
      shown = run((stream) => takeRows(stream, rows));
      return rows;
    };
    runDdl(session, { ...prepared, stmt: stmt.query }, () => null, rowsOfQuery);
  } else if (options.analyze) {
    shown = run((stream) => {
      while (stream.next() !== null);
    });
  }
  const columns = [textColumn('QUERY PLAN')];
  const rows = written(compiled.plan, shown, options.format).map((line) => [line]);
  return { value: consume(rowsOf(columns, rows)), command: 'EXPLAIN', affected: null, columns };
}

function takeRows(stream: RowStream, rows: Datum[][]): void {
  for (let batch = stream.next(); batch !== null; batch = stream.next()) {
    const vectors = stream.columns.map((_, c) => batch!.column(c));
    for (let i = 0; i < batch.count; i++) {
      const at = batch.position(i);
      rows.push(vectors.map((vector) => datumAt(vector, at)));
    }
  }
}

function written(plan: PhysicalPlan, shown: ExplainOptions, format: ExplainFormat): readonly string[] {
  if (format === 'text') return explainText(plan, shown);
  const value = explainJson(plan, shown);
  if (format === 'yaml') return [explainYaml(value)];
  return [format === 'xml' ? explainXml(value) : JSON.stringify(value, null, 2)];
}

/** CREATE TABLE AS and DECLARE CURSOR show the plan of their query. */
function queryToExplain(query: Statement): Statement {
  if (query.kind === 'CreateTableAsStmt' || query.kind === 'DeclareCursorStmt') return query.query;
  return query;
}

/** The statement to plan: itself, or the one an EXECUTE names. */
export function explained(
  session: Session,
  prepared: Prepared,
  query: Statement,
  params: ParamSource,
): { readonly inner: Prepared; readonly source: ParamSource } {
  if (query.kind === 'ExecuteStmt') {
    const named = session.named.get(query.name);
    if (named === undefined)
      throw new DecentDbError('26000', `prepared statement "${query.name}" does not exist`);
    return { inner: named, source: (types) => executeParams(session, query, types) };
  }
  if (!isPreparable(query))
    throw notSupported('EXPLAIN of this kind of statement', prepared.stmt.location + 1);
  return { inner: innerFor(prepared, query), source: params };
}

/** One entry of its own: the plan of EXPLAIN's statement is kept with the EXPLAIN text. */
function innerFor(prepared: Prepared, stmt: Statement): Prepared {
  let inner = innerOf.get(prepared);
  if (inner === undefined) {
    const { sql, text, paramTypes } = prepared;
    inner = { sql, stmt, text, paramTypes, compiled: null };
    innerOf.set(prepared, inner);
  }
  return inner;
}

/** The query that an EXPLAIN is about, if it is one; it can be planned without being run. */
export function explainedQuery(prepared: Prepared): Prepared | null {
  const { stmt } = prepared;
  if (stmt.kind !== 'ExplainStmt' || !isPreparable(stmt.query)) return null;
  return innerFor(prepared, stmt.query);
}

const innerOf = new WeakMap<Prepared, Prepared>();

/** What is shown whether it runs or not. */
function shownAlways(session: Session, compiled: Compiled, options: ExplainRequest) {
  return {
    costs: options.costs,
    verbose: options.verbose,
    settings: options.settings ? session.settings.changedForPlans() : null,
    planningMs: compiled.planMs + compiled.bindMs,
    summary: options.summary,
  };
}

function planOnly(session: Session, compiled: Compiled, options: ExplainRequest): ExplainOptions {
  return {
    ...shownAlways(session, compiled, options),
    pages: null,
    counters: null,
    timing: false,
    executionMs: 0,
    memoryBytes: 0,
    spilledBytes: 0,
  };
}

function analyze(
  session: Session,
  txn: Transaction,
  compiled: Compiled,
  values: readonly Datum[],
  options: ExplainRequest,
  consumer: Consumer<void>,
): ExplainOptions {
  const counters: (NodeCounter | undefined)[] = [];
  const memory = new StatementMemory(memoryLimits(session.settings.workMemBytes));
  const { cache } = session.engine.pages;
  const before = cache.stats();
  const started = monotonicMs();
  session.runCompiled(txn, compiled, values, consumer, { counters, memory });
  const executionMs = monotonicMs() - started;
  const after = cache.stats();
  return {
    ...shownAlways(session, compiled, options),
    pages: options.buffers ? { hits: after.hits - before.hits, misses: after.misses - before.misses } : null,
    counters,
    timing: options.timing,
    executionMs,
    memoryBytes: memory.peakBytes,
    spilledBytes: memory.spilledBytes,
  };
}
