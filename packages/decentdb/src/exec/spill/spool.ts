/**
 * Rows computed once and read from the start any number of times: in memory while it lasts, the rest in a temporary file.
 *
 * I1  Readers see the rows in the order they were appended; nothing is appended while somebody reads.
 */
import type { ColumnSpec } from '../../types/vector.ts';
import { BATCH_ROWS, Batch, identity } from '../batch.ts';
import type { StatementMemory } from '../memory.ts';
import type { Slot } from '../physical.ts';
import { RowStore } from '../row-store.ts';
import { gather } from '../vectors.ts';
import { BLOCK_ROWS, spillSpecs } from './block-codec.ts';
import { type SpillBlock, SpillFile } from './spill-file.ts';

/** Fewer rows are kept, however little memory there is. */
const SPILL_ROWS_MIN = 4096;

export class Spool {
  count = 0;
  private readonly tail: RowStore;
  private readonly specs: readonly ColumnSpec[] | null;
  private readonly memory: StatementMemory;
  private file: SpillFile | null = null;
  private blocks: SpillBlock[] = [];

  constructor(slots: readonly Slot[], memory: StatementMemory) {
    this.tail = new RowStore(slots, memory);
    this.specs = spillSpecs(slots);
    this.memory = memory;
  }

  append(batch: Batch): void {
    this.tail.append(batch);
    this.count += batch.count;
    if (this.memory.wantsSpill && this.specs !== null && this.tail.count >= SPILL_ROWS_MIN)
      this.spill(this.specs);
  }

  /** Tells the statement's memory what is held now. */
  report(): void {
    this.tail.report();
  }

  private spill(specs: readonly ColumnSpec[]): void {
    const { tail } = this;
    this.file ??= new SpillFile(this.memory);
    for (let from = 0; from < tail.count; from += BLOCK_ROWS) {
      const rows = identity(from, Math.min(tail.count, from + BLOCK_ROWS));
      const vectors = tail.columns.map((column) => gather(column.vector(), rows, rows.length));
      this.blocks.push(this.file.append(specs, vectors, rows.length));
    }
    tail.clear();
  }

  reader(): SpoolReader {
    return new SpoolReader(this);
  }

  /** Block `index` of those in the file; null behind the last. */
  block(index: number): Batch | null {
    const block = this.blocks[index];
    if (block === undefined) return null;
    return Batch.of(this.file!.read(this.specs!, block), block.count);
  }

  /** Rows in memory from `from` on; null behind the last. */
  kept(from: number): Batch | null {
    const to = Math.min(this.tail.count, from + BATCH_ROWS * 4);
    return from < to ? this.tail.batch().slice(from, to) : null;
  }

  clear(): void {
    this.tail.clear();
    this.file?.close();
    this.file = null;
    this.blocks = [];
    this.count = 0;
  }
}

/** One reading of a spool. */
export class SpoolReader {
  private readonly spool: Spool;
  private nextBlock = 0;
  private from = 0;

  constructor(spool: Spool) {
    this.spool = spool;
  }

  next(): Batch | null {
    const block = this.spool.block(this.nextBlock);
    if (block !== null) {
      this.nextBlock++;
      return block;
    }
    const batch = this.spool.kept(this.from);
    if (batch !== null) this.from += batch.count;
    return batch;
  }
}
