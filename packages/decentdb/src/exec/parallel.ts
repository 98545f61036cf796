/**
 * What the executor asks of the threads beside its own: to run pieces of a plan at the same snapshot.
 *
 *     leader   begin(job) -> Helpers:  take() and run it, result(piece), take() ...  close()
 *     helper   finds the same plan by itself, then: take() and run it, send the rows, take() ...
 *
 * I1  Each piece has one result, whoever ran it: equal plans over equal rows. Where a helper has another plan, another snapshot or
 *     an error, it gives no rows, and the leader runs the piece in its turn.
 * I2  A helper never waits for anybody, so the leader can wait for helpers.
 */
import type { Lsn } from '../base/ids.ts';
import type { NodeCounter } from './context.ts';
import type { EncodedBlock } from './spill/block-codec.ts';

/** A gathering operator's pieces: plain data. */
export interface GatherJob {
  /** The gathering node in the statement's plan, and what it is made of (plan-fingerprint.ts). */
  readonly nodeId: number;
  readonly fingerprint: string;
  readonly snapshot: Lsn;
  /** How the scan is cut, and into how many pieces that makes it. */
  readonly pieceRows: number;
  readonly pieces: number;
  /** Pieces that helpers may take before they are told more. */
  readonly ahead: number;
  /** Threads wanted. */
  readonly workers: number;
  /** What now() is. */
  readonly statementMicros: number;
  /** Whether counters are wanted for EXPLAIN ANALYZE. */
  readonly isCounting: boolean;
}

/** The rows of one piece. */
export interface PieceRows {
  readonly blocks: readonly (EncodedBlock & { readonly count: number })[];
  readonly counters: readonly (readonly [nodeId: number, counter: NodeCounter])[];
}

/** Threads at work on a job, as its leader sees them. */
export interface Helpers {
  /** How many were asked. */
  readonly count: number;
  /** The first piece that nobody has taken, which the caller has then; `pieces` or more: there is none. */
  take(): number;
  isTaken(piece: number): boolean;
  /** What a helper made of a piece; 'failed' when it could not, null when it has not yet. */
  result(piece: number): PieceRows | 'failed' | null;
  /** Bytes of results that nobody has asked for yet. */
  readonly heldBytes: number;
  /** Helpers take pieces up to this one, and leave when they get there: where rows are used more slowly than made. */
  allow(piece: number): void;
  /** Helpers finish what they have taken, and take no more. */
  stop(): void;
  /** Until something new arrives, but not longer. */
  wait(milliseconds: number): void;
  /** Helpers stop where they are. Idempotent. */
  close(): void;
}

/** Rows that a piece has at least: smaller ones cost more than they spread. */
export const PIECE_ROWS_MIN = 65_536;
/** Pieces for each thread: the last ones keep all of them busy. */
export const PIECES_PER_THREAD = 4;

/** Implemented where threads are (worker/). */
export interface ParallelService {
  /** Another least size of pieces, to test with small tables. */
  readonly pieceRowsMin?: number;
  /** Threads beside this one. */
  readonly helpers: number;
  /** Null when none of them has time. */
  begin(job: GatherJob): Helpers | null;
}
