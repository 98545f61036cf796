/**
 * Nested loop: every left row with every right row, the right side kept: in memory, or beyond the budget in a file
 * (join/stored-loop.ts).
 *
 * I1  Left order is kept for inner, left, semi, anti, mark and single; unmatched right rows (right, full) come last.
 */
import { BATCH_ROWS, type Batch } from '../batch.ts';
import type { ExecContext } from '../context.ts';
import { joinedBatch, noPositions } from '../join/joined-rows.ts';
import { MatchCollector, type ProbeKind } from '../join/match-collector.ts';
import { StoredLoop } from '../join/stored-loop.ts';
import type { NestedLoopNode } from '../physical.ts';
import { Spool } from '../spill/spool.ts';
import { drain, type Operator } from './operator.ts';

export class NestedLoopOperator implements Operator {
  private readonly node: NestedLoopNode;
  private readonly left: Operator;
  private readonly right: Operator;
  private context!: ExecContext;
  private collector!: MatchCollector;
  private rows: Spool | null = null;
  /** The right rows in memory; null while they are not read, or where they are not. */
  private whole: Batch | null = null;
  private stored: StoredLoop | null = null;
  private isRead = false;
  private matchedRight: Uint8Array | null = null;
  private batch: Batch | null = null;
  private row = 0;
  private at = 0;
  private isLeftDone = false;
  private pending: Batch | null = null;

  constructor(node: NestedLoopNode, left: Operator, right: Operator) {
    this.node = node;
    this.left = left;
    this.right = right;
  }

  open(context: ExecContext): void {
    const { node } = this;
    this.context = context;
    this.rows = new Spool(node.right.slots, context.statement.memory);
    this.whole = null;
    this.stored = null;
    this.isRead = false;
    this.matchedRight = null;
    this.batch = null;
    this.isLeftDone = false;
    this.pending = null;
    this.collector = new MatchCollector(
      {
        kind: probeKind(node.join),
        condition: node.condition,
        probeIsLeft: true,
        probeSlots: node.left.slots,
        otherSlots: node.right.slots,
      },
      context,
    );
    this.left.open(context);
    this.right.open(context);
  }

  next(): Batch | null {
    if (this.pending !== null) {
      const { pending } = this;
      this.pending = null;
      return pending;
    }
    if (!this.isRead) this.readRight(this.rows!);
    if (this.stored !== null) return this.nextStored(this.stored);
    const rows = this.whole!;
    while (!this.isLeftDone) {
      if (this.batch === null) {
        this.batch = this.left.next();
        if (this.batch === null) {
          this.isLeftDone = true;
          return this.restOfRight(rows);
        }
        this.collector.begin(this.batch);
        this.row = 0;
        this.at = 0;
      }
      this.context.statement.checkCancel();
      const output = this.step(this.batch, rows);
      if (output !== null) return output;
    }
    return null;
  }

  private readRight(rows: Spool): void {
    const { statement } = this.context;
    drain(this.right, (batch) => {
      statement.checkCancel();
      rows.append(batch);
    });
    rows.report();
    if (this.node.join === 'right' || this.node.join === 'full')
      this.matchedRight = new Uint8Array(rows.count);
    this.whole = rows.whole();
    if (this.whole === null)
      this.stored = new StoredLoop(this.node, this.collector, rows, this.matchedRight, this.context);
    this.isRead = true;
  }

  private nextStored(stored: StoredLoop): Batch | null {
    for (;;) {
      if (this.isLeftDone) return stored.restOfRight();
      if (this.batch !== null) {
        const output = stored.next();
        if (output !== null) return output;
      }
      this.batch = this.left.next();
      if (this.batch === null) this.isLeftDone = true;
      else stored.feed(this.batch);
    }
  }

  private step(batch: Batch, rows: Batch): Batch | null {
    const { collector } = this;
    const leftRows = new Int32Array(BATCH_ROWS);
    const rightRows = new Int32Array(BATCH_ROWS);
    let count = 0;
    while (this.row < batch.count && count < BATCH_ROWS) {
      if (this.at >= rows.count || collector.isDecided(this.row)) {
        this.row++;
        this.at = 0;
        continue;
      }
      const take = Math.min(rows.count - this.at, BATCH_ROWS - count);
      leftRows.fill(this.row, count, count + take);
      for (let i = 0; i < take; i++) rightRows[count + i] = this.at + i;
      count += take;
      this.at += take;
    }
    let output: Batch | null = null;
    if (count > 0) {
      output = collector.take(leftRows, rows, rightRows, count, this.row);
      if (this.matchedRight !== null) {
        for (let i = 0; i < collector.passedCount; i++) this.matchedRight[collector.passed[i]!] = 1;
      }
    }
    if (this.row < batch.count) return output;
    this.batch = null;
    const rest = collector.end();
    if (output === null) return rest;
    this.pending = rest;
    return output;
  }

  private restOfRight(rows: Batch): Batch | null {
    const { matchedRight } = this;
    if (matchedRight === null) return null;
    const positions = new Int32Array(matchedRight.length);
    let count = 0;
    for (let i = 0; i < matchedRight.length; i++) if (matchedRight[i] === 0) positions[count++] = i;
    if (count === 0) return null;
    const left = { batch: null, slots: this.node.left.slots, positions: noPositions(count) };
    return joinedBatch(left, { batch: rows, slots: this.node.right.slots, positions }, count);
  }

  close(): void {
    this.stored?.close();
    this.stored = null;
    this.whole = null;
    this.rows?.clear();
    this.rows = null;
    this.batch = null;
    this.pending = null;
    this.left.close();
    this.right.close();
  }
}

function probeKind(join: NestedLoopNode['join']): ProbeKind {
  return join === 'full' ? 'left' : join === 'right' ? 'inner' : join;
}
