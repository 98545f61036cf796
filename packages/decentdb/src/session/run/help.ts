/**
 * A statement of another thread, helped with: pieces of its gathering operator are run here, at its snapshot.
 *
 * I1  Nothing is run unless the plan made here is the leader's (plan-fingerprint.ts), for the same settings, at the same snapshot.
 * I2  What goes wrong here is nobody's error: the piece has no rows, and the leader runs it.
 */
import type { NodeCounter } from '../../exec/context.ts';
import { memoryLimits, StatementMemory } from '../../exec/memory.ts';
import { PieceRunner } from '../../exec/operators/piece-runner.ts';
import type { GatherJob, PieceRows } from '../../exec/parallel.ts';
import { type GatherNode, inputsOf, type PhysicalNode } from '../../exec/physical.ts';
import { planFingerprint } from '../../exec/plan-fingerprint.ts';
import type { EvalContext } from '../../functions/function.ts';
import type { Datum } from '../../types/vector.ts';
import type { ParamSource, Session } from '../session.ts';
import type { Transaction } from '../transaction.ts';
import { explained } from './explain.ts';
import { isPreparable, type Prepared } from './prepared.ts';

/** What a leader asks for. */
export interface HelpRequest {
  readonly job: GatherJob;
  /** The leader's settings. */
  readonly settings: string;
}

/** How pieces are come by, and where their rows go. */
export interface HelpHost {
  /** The leader wants nothing more. */
  isOver(): boolean;
  /** The next piece to run; -1 when this thread should stop. */
  take(): number;
  /** Rows of a piece; null when it failed. */
  give(piece: number, rows: PieceRows | null): void;
  /** Hands the statement and its parameters to `use`. */
  understand(use: (prepared: Prepared, params: ParamSource) => void): void;
}

/** Runs pieces as long as there are any, and gives back whether the job could be helped with at all. */
export function helpWith(session: Session, { job, settings }: HelpRequest, host: HelpHost): boolean {
  if (host.isOver() || session.settings.digest !== settings) return false;
  const read = session.engine.beginReadOf(job.snapshot);
  if (read === null) return false;
  // Whoever leads held the snapshot until here: from now on it is held for this thread too.
  if (host.isOver()) {
    read.end();
    return false;
  }
  const txn = session.newTransaction(false, true);
  txn.read = read;
  session.running = txn;
  let isHelped = false;
  try {
    host.understand((prepared, source) => {
      isHelped = runPieces(session, txn, job, prepared, source, host);
    });
  } finally {
    session.running = null;
    txn.abandon();
  }
  return isHelped;
}

function runPieces(
  session: Session,
  txn: Transaction,
  job: GatherJob,
  prepared: Prepared,
  source: ParamSource,
  host: HelpHost,
): boolean {
  const { stmt } = prepared;
  const { inner, source: params } =
    stmt.kind === 'ExplainStmt'
      ? explained(session, prepared, stmt.query, source)
      : { inner: prepared, source };
  if (!isPreparable(inner.stmt)) return false;
  const compiled = session.compiledFor(inner, txn);
  const node = findGather(compiled.plan.root, job.nodeId);
  if (node === null || planFingerprint(node) !== job.fingerprint) return false;
  session.evalContext.beginStatementAt(job.statementMicros);
  const runner = makeRunner(session, txn, job, node, params(compiled.paramTypes), host);
  try {
    if (runner.pieces.length !== job.pieces) return false;
    for (let piece = host.take(); piece >= 0; piece = host.take()) host.give(piece, rowsOf(runner, piece));
  } finally {
    runner.close();
  }
  return true;
}

/** I2. */
function rowsOf(runner: PieceRunner, piece: number): PieceRows | null {
  try {
    return runner.run(piece);
  } catch {
    return null;
  }
}

function makeRunner(
  session: Session,
  txn: Transaction,
  job: GatherJob,
  node: GatherNode,
  params: readonly Datum[],
  host: HelpHost,
): PieceRunner {
  const memory = new StatementMemory(memoryLimits(session.settings.workMemBytes));
  const { vfs } = session.engine.options;
  memory.temporary = () => vfs.openTemporary(session.engine.path);
  const counters: (NodeCounter | undefined)[] | null = job.isCounting ? [] : null;
  const checkCancel = (): void => {
    if (host.isOver()) throw new Error('the leader wants no more rows');
  };
  return new PieceRunner(node, job.pieceRows, {
    view: session.readView(txn),
    params,
    eval: helperContext(session.evalContext),
    memory,
    checkCancel,
    counters,
  });
}

/** Functions that ask the session for more than times and settings are for the leader: an error here is none (I2). */
function helperContext(own: EvalContext): EvalContext {
  const refuse = (): never => {
    throw new Error('not in a helper');
  };
  return {
    transactionMicros: own.statementMicros,
    statementMicros: own.statementMicros,
    clockMicros: refuse,
    typeSettings: own.typeSettings,
    setting: (name) => own.setting(name),
    setSetting: refuse,
    random: refuse,
    setSeed: refuse,
    randomBytes: refuse,
    service: refuse,
    callRoutine: refuse,
  };
}

function findGather(node: PhysicalNode, id: number): GatherNode | null {
  if (node.kind === 'gather' && node.id === id) return node;
  for (const input of inputsOf(node)) {
    const found = findGather(input, id);
    if (found !== null) return found;
  }
  return null;
}
