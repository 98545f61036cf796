/**
 * The rows a recursion has produced, to leave out those that come again, or a subquery has, to be asked for: as much as memory allows in a table, the others in
 * runs on disk, sorted by hash.
 *
 *     run: block 0 [hashes h0 ..]  block 1 [h1 ..] ...     in memory: the first hash of each block
 *
 * I1  A row stands in the table, in one run, or in both; whatever stands in neither is new.
 * I3  A run's filter (four bits a row of sixteen places or more) says of most rows that are not in the run that they are not.
 * I2  A look-up reads a block only when a row asked for has a hash within it: few rows a round read few blocks, many rows each
 *     block once.
 */
import type { ColumnSpec, Vector } from '../../types/vector.ts';
import { Batch, identity } from '../batch.ts';
import type { StatementMemory } from '../memory.ts';
import { DistinctFilter } from '../operators/distinct.ts';
import type { Slot } from '../physical.ts';
import { RowStore } from '../row-store.ts';
import { gather } from '../vectors.ts';
import { BLOCK_ROWS, spillSpecs } from './block-codec.ts';
import { hashRows } from './row-hash.ts';
import { type SpillBlock, SpillFile } from './spill-file.ts';
import type { Spool } from './spool.ts';

/** A table of fewer rows is not worth a run. */
const RUN_ROWS_MIN = 4096;
/** Rows between looks at the memory they take. */
const LOOK_ROWS = 512;

interface Run {
  readonly blocks: readonly SpillBlock[];
  /** Hashes of each block's first and last row, as unsigned numbers. */
  readonly first: Float64Array;
  readonly last: Float64Array;
  readonly filter: RunFilter;
}

const FILTER_BITS = 4;

/** I3. */
class RunFilter {
  private readonly bits: Uint8Array;
  private readonly mask: number;

  constructor(rows: number) {
    let bytes = 64;
    while (bytes < rows * 2) bytes *= 2;
    this.bits = new Uint8Array(bytes);
    this.mask = bytes - 1;
  }

  get byteLength(): number {
    return this.bits.byteLength;
  }

  add(hash: number): void {
    const { bits, mask } = this;
    let mixed = hash;
    for (let i = 0; i < FILTER_BITS; i++) {
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
      bits[(mixed >>> 3) & mask]! |= 1 << (mixed & 7);
    }
  }

  mayHave(hash: number): boolean {
    const { bits, mask } = this;
    let mixed = hash;
    for (let i = 0; i < FILTER_BITS; i++) {
      mixed = Math.imul(mixed ^ (mixed >>> 15), 0x2c1b3c6d);
      if ((bits[(mixed >>> 3) & mask]! & (1 << (mixed & 7))) === 0) return false;
    }
    return true;
  }
}

export class SeenRows {
  private readonly slots: readonly Slot[];
  private readonly specs: readonly ColumnSpec[] | null;
  private readonly memory: StatementMemory;
  private filter: DistinctFilter;
  private file: SpillFile | null = null;
  private readonly runs: Run[] = [];
  private reported = 0;
  private filterBytes = 0;
  private unseen = 0;
  /** Rows of the spool that are in runs. */
  private stored = 0;

  constructor(slots: readonly Slot[], memory: StatementMemory) {
    this.slots = slots;
    this.specs = spillSpecs(slots);
    this.memory = memory;
    this.filter = this.newFilter();
  }

  private newFilter(): DistinctFilter {
    return new DistinctFilter(this.slots.map((slot) => slot.type));
  }

  get runCount(): number {
    return this.runs.length;
  }

  /** The rows of `batch` that are new; null when none is. `all` holds every row found new before. */
  add(batch: Batch, all: Spool): Batch | null {
    this.unseen += batch.count;
    if (this.unseen >= LOOK_ROWS) this.makeRoom(all);
    const kept = this.filter.run(batch, batch);
    return kept === null || this.runs.length === 0 ? kept : this.withoutStored(kept);
  }

  /** Whether a row of `batch` was added: 1 into `found`. */
  test(batch: Batch, found: Uint8Array): void {
    this.filter.test(batch, found);
    if (this.runs.length === 0) return;
    const { count } = batch;
    const positions = batch.selection ?? identity(0, count);
    const vectors = this.slots.map((_, i) => batch.column(i));
    const hashes = this.hashesOf(vectors, positions, count);
    const order = Int32Array.from(identity(0, count)).sort((a, b) => hashes[a]! - hashes[b]!);
    for (const run of this.runs) this.lookUp(run, batch, hashes, order, found);
  }

  private makeRoom(all: Spool): void {
    const { memory, filter } = this;
    this.unseen = 0;
    this.reported = memory.resize(this.reported, filter.memoryBytes());
    // The table doubles when it grows.
    if (this.specs === null || filter.count < RUN_ROWS_MIN) return;
    if (this.reported * 2 <= memory.shareOf(this.reported)) return;
    this.store(all, this.specs);
    this.filter = this.newFilter();
    this.reported = memory.resize(this.reported, 0);
  }

  /** The rows that came since the last time, as a run. */
  private store(all: Spool, specs: readonly ColumnSpec[]): void {
    const rows = new RowStore(this.slots, this.memory);
    const reader = all.readerFrom(this.stored);
    try {
      for (let batch = reader.next(); batch !== null; batch = reader.next()) rows.append(batch);
      this.stored += rows.count;
      this.runs.push(this.writeRun(rows, specs));
    } finally {
      rows.clear();
    }
  }

  private writeRun(rows: RowStore, specs: readonly ColumnSpec[]): Run {
    const { count } = rows;
    const vectors = rows.columns.map((column) => column.vector());
    const hashes = this.hashesOf(vectors, identity(0, count), count);
    const order = Int32Array.from(identity(0, count)).sort((a, b) => hashes[a]! - hashes[b]!);
    this.file ??= new SpillFile(this.memory);
    const blocks: SpillBlock[] = [];
    const filter = new RunFilter(count);
    for (let i = 0; i < count; i++) filter.add(hashes[i]!);
    this.filterBytes = this.memory.resize(this.filterBytes, this.filterBytes + filter.byteLength);
    const first: number[] = [];
    const last: number[] = [];
    for (let from = 0; from < count; from += BLOCK_ROWS) {
      const to = Math.min(count, from + BLOCK_ROWS);
      const part = order.subarray(from, to);
      blocks.push(
        this.file.append(
          specs,
          vectors.map((vector) => gather(vector, part, to - from)),
          to - from,
        ),
      );
      first.push(hashes[order[from]!]!);
      last.push(hashes[order[to - 1]!]!);
    }
    return { blocks, first: Float64Array.from(first), last: Float64Array.from(last), filter };
  }

  private hashesOf(vectors: readonly Vector[], positions: Int32Array, count: number): Float64Array {
    const hashes = new Int32Array(count);
    const types = this.slots.map((slot) => slot.type);
    hashRows(vectors, types, positions, count, 0, hashes);
    return Float64Array.from(hashes, (hash) => hash >>> 0);
  }

  private withoutStored(batch: Batch): Batch | null {
    const { count } = batch;
    const positions = batch.selection ?? identity(0, count);
    const vectors = this.slots.map((_, i) => batch.column(i));
    const hashes = this.hashesOf(vectors, positions, count);
    const order = Int32Array.from(identity(0, count)).sort((a, b) => hashes[a]! - hashes[b]!);
    const seen = new Uint8Array(count);
    for (const run of this.runs) this.lookUp(run, batch, hashes, order, seen);
    const fresh = new Int32Array(count);
    let kept = 0;
    for (let i = 0; i < count; i++) if (seen[i] === 0) fresh[kept++] = positions[i]!;
    return kept === 0 ? null : kept === count ? batch : batch.select(fresh, kept);
  }

  /** Notes which rows are in a run; `byHash` lists the rows by hash. */
  private lookUp(run: Run, batch: Batch, hashes: Float64Array, byHash: Int32Array, seen: Uint8Array): void {
    const { blocks, first, last, filter } = run;
    const order = byHash.filter((row) => seen[row] === 0 && filter.mayHave(hashes[row]!));
    let from = 0;
    for (let b = 0; b < blocks.length && from < order.length; b++) {
      while (from < order.length && hashes[order[from]!]! < first[b]!) from++;
      let to = from;
      while (to < order.length && hashes[order[to]!]! <= last[b]!) to++;
      if (to === from) continue;
      const rows = order.subarray(from, to);
      this.lookUpBlock(blocks[b]!, batch, rows, seen);
      // The next block may begin with the hash this one ends with.
      while (to > from && hashes[order[to - 1]!]! === last[b]!) to--;
      from = to;
    }
  }

  private lookUpBlock(block: SpillBlock, batch: Batch, rows: Int32Array, seen: Uint8Array): void {
    const asked = new Int32Array(rows.length);
    for (let i = 0; i < rows.length; i++) asked[i] = batch.position(rows[i]!);
    const candidates = batch.select(asked, rows.length);
    const known = this.newFilter();
    const stored = Batch.of(this.file!.read(this.specs!, block), block.count);
    known.run(stored, stored);
    const found = new Uint8Array(rows.length);
    known.test(candidates, found);
    for (let i = 0; i < rows.length; i++) if (found[i] === 1) seen[rows[i]!] = 1;
  }

  close(): void {
    this.file?.close();
    this.file = null;
    this.runs.length = 0;
    this.filter = this.newFilter();
    this.reported = this.memory.resize(this.reported, 0);
    this.filterBytes = this.memory.resize(this.filterBytes, 0);
  }
}
