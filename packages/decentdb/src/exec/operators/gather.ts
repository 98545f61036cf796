/**
 * Rows of a plan run piece by piece, by this thread and others (exec/parallel.ts).
 *
 *     pieces     0      1      2      3      4      5 ...
 *     taken by   here   other  here   other  -      -        output: 0, then 1 if it is there, else 2 is run and kept, ...
 *
 * I1  Rows leave in the order of the pieces: what stands above sees what it would see of a scan by one thread, ties, groups in order of
 *     their first rows and all.
 * I2  A piece that failed, here out of turn or elsewhere, is run again when its turn comes: an error is thrown where one thread would
 *     have thrown it, or never, if nobody wanted that many rows.
 * I3  A thread that does not answer for longer than a piece takes is not waited for, whatever keeps it: this one runs the piece.
 */
import { assert } from '../../base/assert.ts';
import type { KeyRange } from '../../tree/tree-cursor.ts';
import { isWriteView } from '../../txn/page-view.ts';
import { BATCH_ROWS, Batch } from '../batch.ts';
import type { ExecContext, NodeCounter } from '../context.ts';
import { type Helpers, PIECE_ROWS_MIN, PIECES_PER_THREAD, type PieceRows } from '../parallel.ts';
import { type GatherNode, inputsOf, type PhysicalNode, type ScanNode } from '../physical.ts';
import { planFingerprint } from '../plan-fingerprint.ts';
import { RowStore } from '../row-store.ts';
import { decodeBlock, spillSpecs } from '../spill/block-codec.ts';
import { scanPieces, scanRows } from '../storage/scan-pieces.ts';
import type { Operator } from './operator.ts';

/** Larger pieces keep whoever wants to stop. */
const PIECE_ROWS_MAX = 262_144;
/** For each thread, how far helpers may be ahead. */
const PIECES_AHEAD = 4;
/** I3: what a helper may take beyond what a piece takes here. */
const PATIENCE_MS = 2;
const PATIENCE_FACTOR = 1.5;
/** Longest wait between looks at whether the statement is to stop. */
const WAIT_MS_MAX = 20;

/** Where the rows of the piece at hand come from. */
type Source = { readonly kind: 'run' } | { readonly kind: 'kept'; next(): Batch | null };
const running: Source = { kind: 'run' };

export class GatherOperator implements Operator {
  /** Threads asked for help, for EXPLAIN ANALYZE. */
  workers: number | undefined = undefined;
  /** Pieces of theirs that were taken, for the same. */
  piecesHelped = 0;
  private readonly node: GatherNode;
  private readonly input: Operator;
  private context!: ExecContext;
  /** Null: the only piece is all the scan reads. */
  private pieces: readonly (readonly KeyRange[] | null)[] = [];
  private helpers: Helpers | null = null;
  /** The next piece to hand out. */
  private at = 0;
  private source: Source | null = null;
  private isInputOpen = false;
  private isReused = false;
  /** Pieces run here before their turn. */
  private readonly kept: Map<number, RowStore> = new Map();
  private readonly failed: Set<number> = new Set();
  private longestMs = 0;
  private reported = 0;
  private runFrom = 0;
  private counted: PieceRows['counters'][] = [];

  constructor(node: GatherNode, input: Operator) {
    this.node = node;
    this.input = input;
  }

  open(context: ExecContext): void {
    this.context = context;
    this.at = 0;
    this.source = null;
    this.isReused = false;
    this.helpers = this.begin();
    this.workers = this.helpers?.count ?? 0;
    this.piecesHelped = 0;
    // Alone, one piece is as good as many.
    if (this.helpers === null) this.pieces = [null];
  }

  /** Cuts the scan, and asks other threads for help; null: there is none. */
  private begin(): Helpers | null {
    const { node } = this;
    const { statement } = this.context;
    const { view, parallel } = statement;
    const workers = parallel === null ? 0 : Math.min(node.workers, parallel.helpers);
    if (parallel === null || workers === 0 || isWriteView(view) || view.snapshot === undefined) return null;
    const scan = parallelScan(node.input);
    const pieceRows = pieceRowsOf(scanRows(scan, this.context), workers + 1, parallel.pieceRowsMin);
    this.pieces = scanPieces(scan, this.context, pieceRows);
    if (this.pieces.length < 2) return null;
    return parallel.begin({
      nodeId: node.id,
      fingerprint: planFingerprint(node),
      snapshot: view.snapshot,
      pieceRows,
      pieces: this.pieces.length,
      ahead: PIECES_AHEAD * (workers + 1),
      workers,
      statementMicros: statement.eval.statementMicros,
      isCounting: statement.counters !== null,
    });
  }

  reuse(): void {
    this.isReused = true;
  }

  next(): Batch | null {
    for (;;) {
      if (this.source === null) {
        if (this.at === this.pieces.length) return null;
        this.source = this.sourceOf(this.at++);
      }
      const batch = this.source.kind === 'run' ? this.input.next() : this.source.next();
      if (batch !== null) return batch;
      if (this.source === running) this.noteTime(this.runFrom);
      this.closeInput();
      this.source = null;
    }
  }

  private sourceOf(piece: number): Source {
    const { helpers } = this;
    if (helpers === null || this.failed.has(piece)) return this.run(piece);
    const { statement } = this.context;
    let waitedMs = 0;
    helpers.allow(piece + PIECES_AHEAD * (helpers.count + 1));
    for (;;) {
      const own = this.kept.get(piece);
      if (own !== undefined) return this.fromStore(piece, own);
      const result = helpers.result(piece);
      this.reported = statement.memory.resize(this.reported, helpers.heldBytes);
      if (result === 'failed') return this.run(piece);
      if (result !== null) {
        this.piecesHelped++;
        return this.fromBlocks(result);
      }
      statement.checkCancel();
      if (this.takeOne(helpers, piece)) {
        if (this.failed.has(piece)) return this.run(piece);
        continue;
      }
      const patienceMs = PATIENCE_MS + PATIENCE_FACTOR * this.longestMs - waitedMs;
      if (!helpers.isTaken(piece) || patienceMs <= 0) return this.run(piece);
      const from = statement.now();
      helpers.wait(Math.min(WAIT_MS_MAX, patienceMs));
      waitedMs += statement.now() - from;
    }
  }

  /** Runs a piece that nobody has, or marks `piece` to be run; false when all there is to do is to wait for it. */
  private takeOne(helpers: Helpers, piece: number): boolean {
    // What is kept has its limit: from there on pieces are run in their turn only.
    if (this.context.statement.memory.isTight) {
      helpers.stop();
      if (helpers.isTaken(piece)) return false;
    }
    const taken = helpers.take();
    if (taken >= this.pieces.length) return false;
    if (taken === piece) this.failed.add(piece);
    else this.keep(taken);
    return true;
  }

  /** Runs a piece of which it is not the turn. */
  private keep(piece: number): void {
    const { statement } = this.context;
    const rows = new RowStore(this.node.slots, statement.memory);
    const from = statement.now();
    try {
      this.openInput(piece);
      this.input.reuse?.();
      for (let batch = this.input.next(); batch !== null; batch = this.input.next()) {
        statement.checkCancel();
        rows.append(batch);
      }
      rows.report();
      this.kept.set(piece, rows);
    } catch {
      rows.clear();
      // A statement that is to stop stops here; anything else is met again in its turn (I2).
      statement.checkCancel();
      this.failed.add(piece);
    } finally {
      this.closeInput();
    }
    this.noteTime(from);
  }

  private noteTime(from: number): void {
    this.longestMs = Math.max(this.longestMs, this.context.statement.now() - from);
  }

  private run(piece: number): Source {
    this.runFrom = this.context.statement.now();
    this.openInput(piece);
    if (this.isReused) this.input.reuse?.();
    return running;
  }

  private fromStore(piece: number, rows: RowStore): Source {
    let from = 0;
    const next = (): Batch | null => {
      const to = Math.min(rows.count, from + BATCH_ROWS);
      if (from < to) {
        const batch = rows.batch().slice(from, to);
        from = to;
        return batch;
      }
      rows.clear();
      this.kept.delete(piece);
      return null;
    };
    return { kind: 'kept', next };
  }

  private fromBlocks({ blocks, counters }: PieceRows): Source {
    const specs = spillSpecs(this.node.slots);
    assert(specs !== null, 'gathered rows have a stored form');
    if (counters.length > 0) this.counted.push(counters);
    let at = 0;
    const next = (): Batch | null => {
      const block = blocks[at++];
      return block === undefined ? null : Batch.of(decodeBlock(specs, block, block.count), block.count);
    };
    return { kind: 'kept', next };
  }

  private openInput(piece: number): void {
    this.context.statement.piece = this.pieces[piece] ?? null;
    this.isInputOpen = true;
    this.input.open(this.context);
  }

  private closeInput(): void {
    if (!this.isInputOpen) return;
    this.isInputOpen = false;
    this.input.close();
  }

  close(): void {
    this.helpers?.close();
    this.helpers = null;
    if (this.reported > 0) this.reported = this.context.statement.memory.resize(this.reported, 0);
    this.closeInput();
    for (const rows of this.kept.values()) rows.clear();
    this.kept.clear();
    this.failed.clear();
    this.source = null;
    this.pieces = [];
    const counters = this.context?.statement.counters;
    if (counters != null) for (const list of this.counted) addCounters(counters, list);
    this.counted = [];
  }
}

/** Rows of a piece where `threads` share that many. */
function pieceRowsOf(rows: number, threads: number, least: number = PIECE_ROWS_MIN): number {
  const even = Math.ceil(rows / (threads * PIECES_PER_THREAD));
  return Math.max(least, Math.min(PIECE_ROWS_MAX, even));
}

/** The scan whose pieces a gathered plan is run for. */
export function parallelScan(node: PhysicalNode): ScanNode {
  const found = findScan(node);
  assert(found !== null, 'a gathered plan holds a parallel scan');
  return found;
}

function findScan(node: PhysicalNode): ScanNode | null {
  if (node.kind === 'scan') return node.isParallel === true ? node : null;
  for (const input of inputsOf(node)) {
    const found = findScan(input);
    if (found !== null) return found;
  }
  return null;
}

/** What helpers counted is added to what was counted here. */
function addCounters(into: (NodeCounter | undefined)[], list: PieceRows['counters']): void {
  for (const [id, counter] of list) {
    const known = into[id];
    if (known === undefined) {
      into[id] = { ...counter };
      continue;
    }
    known.rows += counter.rows;
    known.batches += counter.batches;
    known.loops += counter.loops;
    known.ms += counter.ms;
    known.firstMs += counter.firstMs;
    known.removed += counter.removed;
    known.memoryBytes = Math.max(known.memoryBytes, counter.memoryBytes);
  }
}
