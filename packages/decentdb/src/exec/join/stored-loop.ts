/**
 * A nested loop whose right rows are in a temporary file: a left batch at a time meets block after block, and the pairs are put back
 * into the order of the left rows.
 *
 * I1  Rows come out as from a loop over rows in memory: by left row, and by right row within it.
 * I2  The right rows are read once for each left batch.
 */
import { int4Type } from '../../types/integer-types.ts';
import { Physical, type Vector } from '../../types/vector.ts';
import { BATCH_ROWS, Batch } from '../batch.ts';
import type { ExecContext } from '../context.ts';
import type { Operator } from '../operators/operator.ts';
import { SortOperator } from '../operators/sort.ts';
import type { NestedLoopNode, SortNode } from '../physical.ts';
import type { Spool, SpoolReader } from '../spill/spool.ts';
import { joinedBatch, noPositions } from './joined-rows.ts';
import { MATCHED, type MatchCollector } from './match-collector.ts';

/** The pairs of one left batch as they are found, each with the number of its left row behind its columns. */
class LoopPairs implements Operator {
  private readonly width: number;
  private readonly collector: MatchCollector;
  private readonly batch: Batch;
  private readonly reader: SpoolReader;
  private readonly matchedRight: Uint8Array | null;
  private readonly context: ExecContext;
  /** By left row, what blocks before have shown. */
  private readonly known: Uint8Array;
  private block: Batch | null = null;
  /** Right rows in blocks before. */
  private before = 0;
  private row = 0;
  private at = 0;
  private isEnded = false;

  constructor(
    width: number,
    collector: MatchCollector,
    batch: Batch,
    rows: Spool,
    matchedRight: Uint8Array | null,
    context: ExecContext,
  ) {
    this.width = width;
    this.collector = collector;
    this.batch = batch;
    this.reader = rows.reader();
    this.matchedRight = matchedRight;
    this.context = context;
    this.known = new Uint8Array(batch.count);
    collector.begin(batch, this.known, false);
  }

  open(): void {}

  next(): Batch | null {
    while (!this.isEnded) {
      if (this.block === null && !this.nextBlock()) return this.end();
      this.context.statement.checkCancel();
      const pairs = this.step(this.block!);
      if (pairs !== null) return pairs;
    }
    return null;
  }

  private nextBlock(): boolean {
    this.block = this.reader.next();
    this.row = 0;
    this.at = 0;
    return this.block !== null;
  }

  private step(block: Batch): Batch | null {
    const { batch, collector, matchedRight, before } = this;
    const lefts = new Int32Array(BATCH_ROWS);
    const rights = new Int32Array(BATCH_ROWS);
    const rightRows = matchedRight === null ? null : new Int32Array(BATCH_ROWS);
    let count = 0;
    while (this.row < batch.count && count < BATCH_ROWS) {
      if (this.at >= block.count || collector.isDecided(this.row)) {
        this.row++;
        this.at = 0;
        continue;
      }
      lefts[count] = this.row;
      if (rightRows !== null) rightRows[count] = before + this.at;
      rights[count++] = block.position(this.at++);
    }
    if (this.row >= batch.count) {
      this.before += block.count;
      this.block = null;
    }
    if (count === 0) return null;
    const kept = collector.take(lefts, block, rights, count, 0);
    if (kept === null) return null;
    if (rightRows !== null)
      for (let i = 0; i < kept.count; i++) matchedRight![rightRows[kept.position(i)]!] = 1;
    return this.numbered(kept, lefts);
  }

  /** What is known of left rows when all blocks are through. */
  private end(): Batch | null {
    const { collector, batch, known } = this;
    this.isEnded = true;
    collector.begin(batch, known, true);
    const rest = collector.end();
    if (rest === null || !collector.isByPair) return rest;
    const lefts = new Int32Array(rest.count);
    let count = 0;
    for (let i = 0; i < known.length; i++) if (known[i] !== MATCHED) lefts[count++] = i;
    return this.numbered(rest, lefts);
  }

  /** `lefts`: the left row at each position of the batch. */
  private numbered(rows: Batch, lefts: Int32Array): Batch {
    const { width } = this;
    const numbers: Vector = { physical: Physical.int32, values: lefts, nulls: null };
    return Batch.lazy(width + 1, rows.count, rows.selection, {
      load: (column) => (column < width ? rows.column(column) : numbers),
    });
  }

  close(): void {
    this.block = null;
  }
}

export class StoredLoop {
  private readonly node: NestedLoopNode;
  private readonly sort: SortNode;
  private readonly collector: MatchCollector;
  private readonly rows: Spool;
  private readonly context: ExecContext;
  /** By right row, whether it had a partner; null where that does not matter. */
  private readonly matchedRight: Uint8Array | null;
  private output: Operator | null = null;
  private rest: SpoolReader | null = null;
  private restFrom = 0;

  constructor(
    node: NestedLoopNode,
    collector: MatchCollector,
    rows: Spool,
    matchedRight: Uint8Array | null,
    context: ExecContext,
  ) {
    this.node = node;
    this.collector = collector;
    this.rows = rows;
    this.matchedRight = matchedRight;
    this.context = context;
    const { slots, id } = node;
    const number = { type: int4Type, typmod: -1 };
    const key = { kind: 'slot', slot: slots.length, ...number, location: -1 } as const;
    this.sort = {
      kind: 'sort',
      id,
      slots: [...slots, number],
      input: node,
      keys: [{ expr: key, descending: false, nullsFirst: false }],
      presorted: 0,
    };
  }

  /** Begins a left batch, which must last until `next` has told its last rows. */
  feed(batch: Batch): void {
    const { node, context } = this;
    const pairs = new LoopPairs(
      node.slots.length,
      this.collector,
      batch,
      this.rows,
      this.matchedRight,
      context,
    );
    this.output = this.collector.isByPair ? new SortOperator(this.sort, pairs) : pairs;
    this.output.open(context);
  }

  /** Rows of the left batch; null when there are no more. */
  next(): Batch | null {
    const batch = this.output?.next() ?? null;
    if (batch === null) this.close();
    return batch === null || !this.collector.isByPair ? batch : batch.pick(this.node.slots.map((_, i) => i));
  }

  /** Right rows without a partner, some a call. */
  restOfRight(): Batch | null {
    const { matchedRight, node } = this;
    if (matchedRight === null) return null;
    this.rest ??= this.rows.reader();
    for (let block = this.rest.next(); block !== null; block = this.rest.next()) {
      const positions = new Int32Array(block.count);
      let count = 0;
      for (let i = 0; i < block.count; i++)
        if (matchedRight[this.restFrom + i] === 0) positions[count++] = block.position(i);
      this.restFrom += block.count;
      if (count === 0) continue;
      const left = { batch: null, slots: node.left.slots, positions: noPositions(count) };
      return joinedBatch(left, { batch: block, slots: node.right.slots, positions }, count);
    }
    return null;
  }

  close(): void {
    this.output?.close();
    this.output = null;
  }
}
