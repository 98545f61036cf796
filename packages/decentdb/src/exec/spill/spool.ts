/**
 * Rows computed once and read from the start any number of times: in memory while it lasts, the rest in a temporary file.
 *
 * I1  Readers see the rows in the order they were appended, those appended while they read included.
 */
import type { ColumnSpec, Datum } from '../../types/vector.ts';
import { BATCH_ROWS, Batch, identity } from '../batch.ts';
import type { StatementMemory } from '../memory.ts';
import type { Slot } from '../physical.ts';
import { RowStore } from '../row-store.ts';
import { gather } from '../vectors.ts';
import { BLOCK_ROWS, spillSpecs } from './block-codec.ts';
import { type SpillBlock, SpillFile } from './spill-file.ts';

/** Fewer rows are kept, however little memory there is. */
const SPILL_ROWS_MIN = 4096;
/** Blocks of large rows have fewer of them. */
const BLOCK_BYTES = 1 << 22;
/** Part of the budget for rows behind those in the file. */
const TAIL_SHARE = 16;
/** Larger tables give their memory back between rounds. */
const REWIND_ROWS_MAX = 4096;
/** Rows between looks at the memory they take. */
const LOOK_ROWS = 512;

export class Spool {
  count = 0;
  private readonly tail: RowStore;
  private readonly specs: readonly ColumnSpec[] | null;
  private readonly memory: StatementMemory;
  private file: SpillFile | null = null;
  private blocks: SpillBlock[] = [];
  private unseen = 0;

  constructor(slots: readonly Slot[], memory: StatementMemory) {
    this.tail = new RowStore(slots, memory);
    this.specs = spillSpecs(slots);
    this.memory = memory;
  }

  append(batch: Batch): void {
    this.makeRoom(batch.count);
    this.tail.append(batch);
    this.count += batch.count;
  }

  appendRow(values: readonly Datum[]): void {
    this.makeRoom(1);
    this.tail.appendRow(values);
    this.count++;
  }

  /** Before the rows grow beyond their share of the budget, they go to the file. */
  private makeRoom(more: number): void {
    const { tail } = this;
    this.unseen += more;
    if (this.unseen < LOOK_ROWS) return;
    this.unseen = 0;
    if (this.specs === null) return;
    if (tail.count < SPILL_ROWS_MIN && tail.heldBytes < this.memory.limits.workBytes / TAIL_SHARE) return;
    // What has gone to the file is read from there anyway: the memory is of more use to others then.
    const { workBytes } = this.memory.limits;
    const share = this.file === null ? this.memory.shareOf(tail.heldBytes) : workBytes / TAIL_SHARE;
    if (tail.memoryBytesWith(more) > share) this.spill(this.specs);
  }

  /** Tells the statement's memory what is held now. */
  report(): void {
    this.tail.report();
  }

  private spill(specs: readonly ColumnSpec[]): void {
    const { tail } = this;
    this.file ??= new SpillFile(this.memory);
    const perRow = 1 + tail.memoryBytes() / tail.count;
    const step = Math.max(1, Math.min(BLOCK_ROWS, Math.floor(BLOCK_BYTES / perRow)));
    for (let from = 0; from < tail.count; from += step) {
      const rows = identity(from, Math.min(tail.count, from + step));
      const vectors = tail.columns.map((column) => gather(column.vector(), rows, rows.length));
      this.blocks.push(this.file.append(specs, vectors, rows.length));
    }
    tail.clear();
  }

  reader(): SpoolReader {
    return new SpoolReader(this, 0);
  }

  /** Rows from number `from` on. */
  readerFrom(from: number): SpoolReader {
    return new SpoolReader(this, from);
  }

  /** How many rows block `index` has; -1 behind the last. */
  blockRows(index: number): number {
    return this.blocks[index]?.count ?? -1;
  }

  block(index: number): Batch {
    const block = this.blocks[index]!;
    return Batch.of(this.file!.read(this.specs!, block), block.count);
  }

  /** All rows, where none are in a file; null otherwise. */
  whole(): Batch | null {
    return this.file === null ? this.tail.batch() : null;
  }

  /** Rows in memory from `from` on; null behind the last. They stay good when the spool grows. */
  kept(from: number): Batch | null {
    const to = Math.min(this.tail.count, from + BATCH_ROWS * 4);
    if (from >= to) return null;
    const vectors = this.tail.columns.map((column) => column.vector());
    return Batch.of(vectors, this.tail.count).slice(from, to);
  }

  /** Forgets the rows to take others; small tables keep their memory. */
  rewind(): void {
    if (this.file !== null || this.tail.count > REWIND_ROWS_MAX) this.clear();
    else this.tail.rewind();
    this.count = 0;
    this.unseen = 0;
  }

  clear(): void {
    this.tail.clear();
    this.file?.close();
    this.file = null;
    this.blocks = [];
    this.count = 0;
  }
}

/** One reading of a spool; goes on where it was when the spool has grown. */
export class SpoolReader {
  private readonly spool: Spool;
  /** Rows read, or left out. */
  private read: number;
  /** The block looked at last, and the rows before it. */
  private at = 0;
  private before = 0;

  constructor(spool: Spool, from: number) {
    this.spool = spool;
    this.read = from;
  }

  next(): Batch | null {
    const { spool } = this;
    for (let rows = spool.blockRows(this.at); rows >= 0; rows = spool.blockRows(this.at)) {
      if (this.read < this.before + rows) {
        const block = spool.block(this.at).slice(this.read - this.before, rows);
        this.read = this.before + rows;
        return block;
      }
      this.before += rows;
      this.at++;
    }
    const batch = spool.kept(this.read - this.before);
    if (batch !== null) this.read += batch.count;
    return batch;
  }
}
