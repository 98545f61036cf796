/**
 * EXPLAIN: plans the statement and shows the plan; with ANALYZE runs it too and shows what happened.
 *
 * I1  Without ANALYZE nothing is run and nothing changes (LESSONS 26).
 */
import { DecentDbError, notSupported } from '../../base/errors.ts';
import type { NodeCounter } from '../../exec/context.ts';
import { memoryLimits, StatementMemory } from '../../exec/memory.ts';
import { type ExplainOptions, explainJson, explainText } from '../../plan/explain/render.ts';
import type { DefElem, ExplainStmt, Statement } from '../../sql/ast/nodes.ts';
import { monotonicMs } from '../../vfs/node-platform.ts';
import type { ParamSource, Session } from '../session.ts';
import type { Transaction } from '../transaction.ts';
import type { Compiled } from './compiled.ts';
import { runDdl } from './ddl.ts';
import { type Consumer, type Outcome, rowsOf, textColumn } from './outcome.ts';
import { executeParams } from './prepare-execute.ts';
import { isPreparable, type Prepared } from './prepared.ts';
import { optionText } from './transaction-control.ts';

interface Options {
  analyze: boolean;
  costs: boolean;
  timing: boolean;
  summary: boolean | null;
  format: 'text' | 'json';
}

export function runExplain<R>(
  session: Session,
  prepared: Prepared,
  stmt: ExplainStmt,
  params: ParamSource,
  consume: Consumer<R>,
): Outcome<R> {
  const options = readOptions(stmt.options);
  const txn = session.running as Transaction;
  const { inner, source } = explained(session, prepared, queryToExplain(stmt.query), params);
  const compiled = session.compiledFor(inner, txn);
  const values = source(compiled.paramTypes);
  const shown = options.analyze
    ? analyze(session, txn, compiled, values, options)
    : planOnly(compiled, options);
  if (options.analyze && stmt.query.kind === 'CreateTableAsStmt')
    runDdl(session, { ...prepared, stmt: stmt.query }, () => null);
  const columns = [textColumn('QUERY PLAN')];
  const rows =
    options.format === 'json'
      ? [[JSON.stringify(explainJson(compiled.plan, shown), null, 2)]]
      : explainText(compiled.plan, shown).map((line) => [line]);
  return { value: consume(rowsOf(columns, rows)), command: 'EXPLAIN', affected: null, columns };
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

function planOnly(compiled: Compiled, options: Options): ExplainOptions {
  return {
    costs: options.costs,
    counters: null,
    timing: false,
    planningMs: compiled.planMs + compiled.bindMs,
    executionMs: 0,
    memoryBytes: 0,
    spilledBytes: 0,
    summary: options.summary ?? false,
  };
}

function analyze(
  session: Session,
  txn: Transaction,
  compiled: Compiled,
  values: ReturnType<ParamSource>,
  options: Options,
): ExplainOptions {
  const counters: (NodeCounter | undefined)[] = [];
  const memory = new StatementMemory(memoryLimits(session.settings.workMemBytes));
  const started = monotonicMs();
  session.runCompiled(
    txn,
    compiled,
    values,
    (rows) => {
      while (rows.next() !== null);
    },
    { counters, memory },
  );
  return {
    costs: options.costs,
    counters,
    timing: options.timing,
    planningMs: compiled.planMs + compiled.bindMs,
    executionMs: monotonicMs() - started,
    memoryBytes: memory.peakBytes,
    spilledBytes: memory.spilledBytes,
    summary: options.summary ?? true,
  };
}

function readOptions(list: readonly DefElem[]): Options {
  const options: Options = { analyze: false, costs: true, timing: true, summary: null, format: 'text' };
  for (const option of list) {
    const text = optionText(option).toLowerCase();
    const isOn = option.arg === null || ['true', 'on', '1', 'yes'].includes(text);
    switch (option.defname) {
      case 'analyze':
        options.analyze = isOn;
        break;
      case 'costs':
        options.costs = isOn;
        break;
      case 'timing':
        options.timing = isOn;
        break;
      case 'summary':
        options.summary = isOn;
        break;
      case 'format':
        if (text !== 'text' && text !== 'json')
          throw new DecentDbError('22023', `unrecognized value for EXPLAIN option "format": "${text}"`);
        options.format = text;
        break;
      case 'verbose':
      case 'buffers':
      case 'wal':
      case 'settings':
      case 'generic_plan':
      case 'memory':
        break;
      default:
        throw new DecentDbError('42601', `unrecognized EXPLAIN option "${option.defname}"`, {
          position: option.location + 1,
        });
    }
  }
  return options;
}
