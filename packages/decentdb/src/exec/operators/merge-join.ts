/**
 * Merge join of inputs sorted on their keys: both are read once, and kept are the right rows from the first that may match the left
 * row at hand on, about a batch of them or those of one key.
 *
 * I1  Inner, left, semi and anti joins keep the left order. Right and full joins promise no order.
 * I2  A NULL key matches nothing.
 * I3  Right rows before `start` match no left row to come: they go when more right rows are read, which is at the beginning of a call,
 *     when nobody holds a batch of them.
 */
import type { SqlType } from '../../types/sql-type.ts';
import { Physical, type Vector } from '../../types/vector.ts';
import { BATCH_ROWS, Batch, identity } from '../batch.ts';
import type { ProjectProgram } from '../compile/project-program.ts';
import type { ExecContext } from '../context.ts';
import { MatchCollector, type ProbeKind } from '../join/match-collector.ts';
import type { MergeJoinNode } from '../physical.ts';
import { RowStore } from '../row-store.ts';
import { datumAt, gather, isNullAt, nullVector } from '../vectors.ts';
import { type Operator, projectProgram } from './operator.ts';

export class MergeJoinOperator implements Operator {
  private readonly node: MergeJoinNode;
  private readonly left: Operator;
  private readonly right: Operator;
  private readonly leftProgram: ProjectProgram;
  private readonly rightProgram: ProjectProgram;
  private context!: ExecContext;
  private collector!: MatchCollector;
  private rows: RowStore | null = null;
  private keys: RowStore | null = null;
  private isRightDone = false;
  /** More right rows are needed to go on. */
  private wantsRight = false;
  /** By right row kept; null where nobody asks. */
  private matchedRight: Uint8Array | null = null;
  private batch: Batch | null = null;
  private leftKeys: Vector[] = [];
  private rightKeys: Vector[] = [];
  private row = 0;
  /** Right rows before it sort before the left row at hand (I3). */
  private start = 0;
  private at = 0;
  /** `start` is still to be found for the left row at hand. */
  private isSeeking = true;
  private isDone = false;
  private pending: Batch | null = null;

  constructor(node: MergeJoinNode, left: Operator, right: Operator) {
    this.node = node;
    this.left = left;
    this.right = right;
    this.leftProgram = projectProgram(node.leftKeys);
    this.rightProgram = projectProgram(node.rightKeys);
  }

  open(context: ExecContext): void {
    const { node } = this;
    const { memory } = context.statement;
    this.context = context;
    this.rows = new RowStore(node.right.slots, memory);
    this.keys = new RowStore(node.rightKeys, memory);
    this.isRightDone = false;
    this.wantsRight = false;
    this.matchedRight = node.join === 'right' || node.join === 'full' ? new Uint8Array(0) : null;
    this.rightKeys = this.keys.columns.map((column) => column.vector());
    this.batch = null;
    this.start = 0;
    this.at = 0;
    this.isDone = false;
    this.pending = null;
    const kind: ProbeKind = node.join === 'full' ? 'left' : node.join === 'right' ? 'inner' : node.join;
    this.collector = new MatchCollector(
      {
        kind,
        condition: node.residual,
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
    const rows = this.rows!;
    while (!this.isDone) {
      this.context.statement.checkCancel();
      if (this.batch === null && !this.nextLeft(rows)) break;
      if (this.wantsRight) {
        const unmatched = this.nextRight(rows, this.keys!);
        if (unmatched !== null) return unmatched;
      }
      const output = this.step(this.batch!, rows);
      if (output !== null) return output;
    }
    return this.restOfRight(rows, this.keys!);
  }

  /** False when no left row can have a result any more. */
  private nextLeft(rows: RowStore): boolean {
    const { join } = this.node;
    const isSpent = this.isRightDone && this.start >= rows.count && (join === 'inner' || join === 'semi');
    this.batch = isSpent ? null : this.left.next();
    if (this.batch === null) {
      this.isDone = true;
      return false;
    }
    this.leftKeys = this.leftProgram.vectors(this.batch, this.context);
    this.collector.begin(this.batch);
    this.row = 0;
    this.isSeeking = true;
    return true;
  }

  /** Reads more right rows; those no longer needed go, and where they come out without a partner they are returned. */
  private nextRight(rows: RowStore, keys: RowStore): Batch | null {
    this.wantsRight = false;
    const unmatched = this.start * 2 >= rows.count ? this.dropRows(rows, keys) : null;
    const batch = this.right.next();
    if (batch === null) this.isRightDone = true;
    else {
      rows.append(batch);
      keys.appendVectors(this.rightProgram.vectors(batch, this.context), batch.count);
    }
    this.rightKeys = keys.columns.map((column) => column.vector());
    if (this.matchedRight !== null && this.matchedRight.length < rows.count) {
      const grown = new Uint8Array(Math.max(rows.count, this.matchedRight.length * 2));
      grown.set(this.matchedRight);
      this.matchedRight = grown;
    }
    return unmatched;
  }

  /** Forgets the right rows before `start`. */
  private dropRows(rows: RowStore, keys: RowStore): Batch | null {
    const { start, matchedRight } = this;
    const { count } = rows;
    if (start === 0) return null;
    const unmatched = matchedRight === null ? null : this.unmatchedRows(rows, matchedRight);
    const kept = identity(start, count);
    for (const store of [rows, keys]) {
      const vectors = store.columns.map((column) => gather(column.vector(), kept, kept.length));
      // Not over the old ones: aggregates above know texts by their places in an array.
      store.clear();
      if (kept.length > 0) store.appendVectors(vectors, kept.length);
    }
    matchedRight?.copyWithin(0, start, count).fill(0, count - start);
    this.at = Math.max(0, this.at - start);
    this.start = 0;
    return unmatched;
  }

  /** Rows before `start` without a partner, copied. */
  private unmatchedRows(rows: RowStore, matched: Uint8Array): Batch | null {
    const positions = new Int32Array(this.start);
    let count = 0;
    for (let i = 0; i < this.start; i++) if (matched[i] === 0) positions[count++] = i;
    if (count === 0) return null;
    const columns = this.node.left.slots.map((slot) => nullVector(slot.type.physical, count));
    for (const column of rows.columns) columns.push(gather(column.vector(), positions, count));
    return Batch.of(columns, count);
  }

  /** Order of the left row at hand against a right row; NaN when either has a NULL key. */
  private order(right: number): number {
    const { node, row } = this;
    for (let k = 0; k < node.leftKeys.length; k++) {
      const a = this.leftKeys[k]!;
      const b = this.rightKeys[k]!;
      const { descending, nullsFirst } = node.order[k]!;
      const isNullA = isNullAt(a, row);
      const isNullB = isNullAt(b, right);
      if (isNullA || isNullB) {
        if (isNullA && isNullB) continue;
        return isNullA === nullsFirst ? -1 : 1;
      }
      const order = node.leftKeys[k]!.type.compare(datumAt(a, row), datumAt(b, right));
      if (order !== 0) return descending ? -order : order;
    }
    return 0;
  }

  /** The keys as numbers, where one key's order is theirs and no row has a NULL; else null. */
  private plainKeys(): { readonly left: PlainKeys; readonly right: PlainKeys } | null {
    const { node } = this;
    if (node.leftKeys.length !== 1 || node.order[0]!.descending || !isIntegerOrder(node.leftKeys[0]!.type))
      return null;
    const left = plainKeysOf(this.leftKeys[0]!);
    const right = left === null ? null : plainKeysOf(this.rightKeys[0]!);
    return left === null || right === null ? null : { left, right };
  }

  private hasNullKey(): boolean {
    return this.leftKeys.some((vector) => isNullAt(vector, this.row));
  }

  private step(batch: Batch, rows: RowStore): Batch | null {
    const { collector } = this;
    const capacity = Math.min(BATCH_ROWS, Math.max(64, batch.count * 2));
    const leftRows = new Int32Array(capacity);
    const rightRows = new Int32Array(capacity);
    const plain = this.plainKeys();
    const count =
      plain === null
        ? this.pairRows(batch, rows, leftRows, rightRows)
        : this.pairPlain(batch, rows.count, plain.left, plain.right, leftRows, rightRows);
    let output: Batch | null = null;
    if (count > 0) {
      output = collector.take(leftRows, rows.batch(), rightRows, count, this.row);
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

  /** Candidates from the rows at hand, as many as the arrays take, or until more right rows are needed. */
  private pairRows(batch: Batch, rows: RowStore, leftRows: Int32Array, rightRows: Int32Array): number {
    const { collector, isRightDone } = this;
    let count = 0;
    while (this.row < batch.count && count < leftRows.length) {
      const isOver = this.hasNullKey() || collector.isDecided(this.row);
      if (!isOver && this.isSeeking) {
        while (this.start < rows.count && this.order(this.start) > 0) this.start++;
        this.at = this.start;
        this.isSeeking = false;
      }
      if (!isOver && this.at >= rows.count && !isRightDone) {
        this.isSeeking = this.at === this.start;
        this.wantsRight = true;
        break;
      }
      if (!isOver && this.at < rows.count && this.order(this.at) === 0) {
        leftRows[count] = this.row;
        rightRows[count++] = this.at++;
      } else {
        this.row++;
        this.isSeeking = true;
      }
    }
    return count;
  }

  /** {@link pairRows} over keys that are numbers. */
  private pairPlain(
    batch: Batch,
    total: number,
    left: PlainKeys,
    right: PlainKeys,
    leftRows: Int32Array,
    rightRows: Int32Array,
  ): number {
    const { collector, isRightDone } = this;
    const isDecidable = this.node.join === 'semi' || this.node.join === 'anti';
    let { row, start, at, isSeeking } = this;
    let count = 0;
    while (row < batch.count && count < leftRows.length) {
      const key = left[row]!;
      if (isSeeking) {
        while (start < total && right[start]! < key) start++;
        at = start;
        isSeeking = false;
      }
      const isOver = isDecidable && collector.isDecided(row);
      if (at >= total && !isRightDone && !isOver) {
        isSeeking = at === start;
        this.wantsRight = true;
        break;
      }
      if (at < total && right[at] === key && !isOver) {
        leftRows[count] = row;
        rightRows[count++] = at++;
      } else {
        row++;
        isSeeking = true;
      }
    }
    this.row = row;
    this.start = start;
    this.at = at;
    this.isSeeking = isSeeking;
    return count;
  }

  /** Right and full joins: what is left without a partner, some a call. */
  private restOfRight(rows: RowStore, keys: RowStore): Batch | null {
    if (this.matchedRight === null) return null;
    for (;;) {
      this.context.statement.checkCancel();
      this.start = rows.count;
      const unmatched = this.dropRows(rows, keys);
      if (unmatched !== null) return unmatched;
      if (this.isRightDone) return null;
      this.nextRight(rows, keys);
    }
  }

  close(): void {
    this.rows?.clear();
    this.keys?.clear();
    this.rows = null;
    this.keys = null;
    this.batch = null;
    this.pending = null;
    this.left.close();
    this.right.close();
  }
}

type PlainKeys = Int32Array | Float64Array;

function plainKeysOf(vector: Vector): PlainKeys | null {
  if (vector.nulls !== null || vector.physical === Physical.numeric) return null;
  const { values } = vector;
  return values instanceof Int32Array || values instanceof Float64Array ? values : null;
}

/** Types ordered as the numbers that stand for them; floats are not, for NaN. */
function isIntegerOrder(type: SqlType): boolean {
  return type.kind === 'base' && (type.physical === Physical.int32 || type.physical === Physical.int64);
}
