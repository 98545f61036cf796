/**
 * Rows put aside by the hash of their keys, to be worked through one part after the other.
 *
 * I1  Rows with equal keys are in one part, in the order they came.
 * I2  `level` salts the hash, so that parts split further when a part is too large again.
 */
import type { SqlType } from '../../types/sql-type.ts';
import type { ColumnSpec, Vector } from '../../types/vector.ts';
import { Batch, identity } from '../batch.ts';
import type { StatementMemory } from '../memory.ts';
import type { Operator } from '../operators/operator.ts';
import type { Slot } from '../physical.ts';
import { RowStore } from '../row-store.ts';
import { gather } from '../vectors.ts';
import { hashRows } from './row-hash.ts';
import { type SpillBlock, SpillFile } from './spill-file.ts';

/** Tables of fewer keys are not worth parts. */
export const PARTITION_ROWS_MIN = 2048;
/** Deeper, rows differ in hash no more. */
export const PARTITION_LEVELS_MAX = 6;

const PARTS = 16;
/** Rows of a part kept before they are written; fewer where they are wide: all parts together hold a 16th of the budget. */
const PENDING_ROWS = 512;
const PENDING_SHARE = 256;
const PENDING_BYTES_MIN = 1 << 14;

interface Part {
  readonly pending: RowStore;
  readonly blocks: SpillBlock[];
  rows: number;
}

export class Partitions {
  readonly parts: readonly Part[];
  private readonly file: SpillFile;
  private readonly specs: readonly ColumnSpec[];
  private readonly types: readonly SqlType[];
  private readonly salt: number;
  private readonly pendingBytesMax: number;

  constructor(
    slots: readonly Slot[],
    specs: readonly ColumnSpec[],
    keyTypes: readonly SqlType[],
    memory: StatementMemory,
    level: number,
  ) {
    this.specs = specs;
    this.types = keyTypes;
    this.salt = Math.imul(level + 1, 0x9e3779b1);
    this.pendingBytesMax = Math.max(PENDING_BYTES_MIN, memory.limits.workBytes / PENDING_SHARE);
    this.file = new SpillFile(memory);
    this.parts = Array.from({ length: PARTS }, () => ({
      pending: new RowStore(slots, memory),
      blocks: [],
      rows: 0,
    }));
  }

  /** Puts rows of a batch aside: `rows[i]` are positions in the columns, `keyRows[i]` those in the key vectors. */
  add(batch: Batch, rows: Int32Array, keys: readonly Vector[], keyRows: Int32Array, count: number): void {
    const partOf = new Uint8Array(count);
    const sizes = new Int32Array(PARTS);
    const hashes = new Int32Array(count);
    hashRows(keys, this.types, keyRows, count, this.salt, hashes);
    for (let i = 0; i < count; i++) {
      const part = hashes[i]! >>> 28;
      partOf[i] = part;
      sizes[part]!++;
    }
    for (let part = 0; part < PARTS; part++) {
      if (sizes[part] === 0) continue;
      const chosen = new Int32Array(sizes[part]!);
      let taken = 0;
      for (let i = 0; i < count; i++) if (partOf[i] === part) chosen[taken++] = rows[i]!;
      const { pending } = this.parts[part]!;
      pending.append(batch.select(chosen, taken));
      this.parts[part]!.rows += taken;
      if (pending.count >= PENDING_ROWS || pending.memoryBytes() >= this.pendingBytesMax)
        this.write(this.parts[part]!);
    }
  }

  /** Writes what is still pending. */
  finish(): void {
    for (const part of this.parts) if (part.pending.count > 0) this.write(part);
  }

  private write(part: Part): void {
    const { pending } = part;
    // A batch may be larger than what a block is meant to hold.
    for (let from = 0; from < pending.count; from += PENDING_ROWS * 2) {
      const to = Math.min(pending.count, from + PENDING_ROWS * 2);
      const vectors = pending.columns.map((column) => gather(column.vector(), identity(from, to), to - from));
      part.blocks.push(this.file.append(this.specs, vectors, to - from));
    }
    pending.clear();
  }

  /** The rows of a part as an input. */
  reader(index: number): Operator {
    return new PartReader(this.file, this.specs, this.parts[index]!.blocks);
  }

  get count(): number {
    return PARTS;
  }

  rowsOf(index: number): number {
    return this.parts[index]!.rows;
  }

  isEmpty(index: number): boolean {
    return this.parts[index]!.blocks.length === 0;
  }

  close(): void {
    for (const part of this.parts) part.pending.clear();
    this.file.close();
  }
}

class PartReader implements Operator {
  private readonly file: SpillFile;
  private readonly specs: readonly ColumnSpec[];
  private readonly blocks: readonly SpillBlock[];
  private at = 0;

  constructor(file: SpillFile, specs: readonly ColumnSpec[], blocks: readonly SpillBlock[]) {
    this.file = file;
    this.specs = specs;
    this.blocks = blocks;
  }

  open(): void {
    this.at = 0;
  }

  next(): Batch | null {
    const block = this.blocks[this.at++];
    return block === undefined ? null : Batch.of(this.file.read(this.specs, block), block.count);
  }

  close(): void {}
}
