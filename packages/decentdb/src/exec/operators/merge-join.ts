/**
 * Merge join of inputs sorted on their keys. The right side is kept in memory, the left streams.
 *
 * I1  Inner, left, semi and anti joins keep the left order. Right and full joins promise no order: unmatched right rows come last.
 * I2  A NULL key matches nothing.
 */
import type { SqlType } from '../../types/sql-type.ts';
import { Physical, type Vector } from '../../types/vector.ts';
import { BATCH_ROWS, type Batch } from '../batch.ts';
import type { ProjectProgram } from '../compile/project-program.ts';
import type { ExecContext } from '../context.ts';
import { joinedBatch, noPositions } from '../join/joined-rows.ts';
import { MatchCollector, type ProbeKind } from '../join/match-collector.ts';
import type { MergeJoinNode } from '../physical.ts';
import { RowStore } from '../row-store.ts';
import { datumAt, isNullAt } from '../vectors.ts';
import { drain, type Operator, projectProgram } from './operator.ts';

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
  private isRead = false;
  private matchedRight: Uint8Array | null = null;
  private batch: Batch | null = null;
  private leftKeys: Vector[] = [];
  private rightKeys: Vector[] = [];
  private row = 0;
  /** Right rows before it sort before the left row at hand. */
  private start = 0;
  private at = 0;
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
    this.isRead = false;
    this.matchedRight = null;
    this.batch = null;
    this.start = 0;
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

  private readRight(rows: RowStore, keys: RowStore): void {
    drain(this.right, (batch) => {
      rows.append(batch);
      keys.appendVectors(this.rightProgram.vectors(batch, this.context), batch.count);
    });
    rows.report();
    this.rightKeys = keys.columns.map((column) => column.vector());
    if (this.node.join === 'right' || this.node.join === 'full')
      this.matchedRight = new Uint8Array(rows.count);
    this.isRead = true;
  }

  next(): Batch | null {
    if (this.pending !== null) {
      const { pending } = this;
      this.pending = null;
      return pending;
    }
    const rows = this.rows!;
    if (!this.isRead) this.readRight(rows, this.keys!);
    while (!this.isDone) {
      if (this.batch === null) {
        this.batch = this.left.next();
        if (this.batch === null) {
          this.isDone = true;
          return this.restOfRight(rows);
        }
        this.leftKeys = this.leftProgram.vectors(this.batch, this.context);
        this.collector.begin(this.batch);
        this.row = 0;
        this.seekRow(rows);
      }
      this.context.statement.checkCancel();
      const output = this.step(this.batch, rows);
      if (output !== null) return output;
    }
    return null;
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

  /** Puts `start` and `at` on the first right row not before the left row at hand. */
  private seekRow(rows: RowStore): void {
    while (this.start < rows.count && this.order(this.start) > 0) this.start++;
    this.at = this.start;
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

  /** Candidates from the rows at hand, as many as the arrays take. */
  private pairRows(batch: Batch, rows: RowStore, leftRows: Int32Array, rightRows: Int32Array): number {
    const { collector } = this;
    let count = 0;
    while (this.row < batch.count && count < leftRows.length) {
      const isCandidate =
        this.at < rows.count &&
        !this.hasNullKey() &&
        !collector.isDecided(this.row) &&
        this.order(this.at) === 0;
      if (isCandidate) {
        leftRows[count] = this.row;
        rightRows[count++] = this.at++;
      } else if (++this.row < batch.count) {
        this.seekRow(rows);
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
    const { collector } = this;
    const isDecidable = this.node.join === 'semi' || this.node.join === 'anti';
    let { row, start, at } = this;
    let count = 0;
    while (row < batch.count && count < leftRows.length) {
      if (at < total && right[at] === left[row] && !(isDecidable && collector.isDecided(row))) {
        leftRows[count] = row;
        rightRows[count++] = at++;
      } else if (++row < batch.count) {
        const key = left[row]!;
        while (start < total && right[start]! < key) start++;
        at = start;
      }
    }
    this.row = row;
    this.start = start;
    this.at = at;
    return count;
  }

  private restOfRight(rows: RowStore): Batch | null {
    const { matchedRight } = this;
    if (matchedRight === null) return null;
    const positions = new Int32Array(matchedRight.length);
    let count = 0;
    for (let i = 0; i < matchedRight.length; i++) if (matchedRight[i] === 0) positions[count++] = i;
    if (count === 0) return null;
    const left = { batch: null, slots: this.node.left.slots, positions: noPositions(count) };
    return joinedBatch(left, { batch: rows.batch(), slots: this.node.right.slots, positions }, count);
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
