/**
 * Temporary files of a running statement.
 *
 * I1  Opened through StatementMemory, which closes what is still open when the statement ends, however it ends.
 * I2  Only ever appended to; blocks are read back whole, or a column of one. Nothing is synced: the file dies with the statement.
 */
import { assert } from '../../base/assert.ts';
import type { ColumnSpec, Vector } from '../../types/vector.ts';
import type { VfsFile } from '../../vfs/vfs.ts';
import type { StatementMemory } from '../memory.ts';
import { columnBytes, decodeBlock, decodeOneColumn, encodeBlock } from './block-codec.ts';

/** Where a block stands. */
export interface SpillBlock {
  readonly offset: number;
  readonly length: number;
  readonly starts: readonly number[];
  readonly count: number;
}

export class SpillFile {
  private readonly memory: StatementMemory;
  private readonly file: VfsFile;
  private size = 0;
  private isClosed = false;

  constructor(memory: StatementMemory) {
    this.memory = memory;
    this.file = memory.openTemporary();
  }

  append(specs: readonly ColumnSpec[], vectors: readonly Vector[], count: number): SpillBlock {
    this.memory.checkCancel?.();
    const { bytes, starts } = encodeBlock(specs, vectors, count);
    const offset = this.size;
    this.file.writeAt(bytes, offset);
    this.size += bytes.length;
    this.memory.spilledBytes += bytes.length;
    return { offset, length: bytes.length, starts, count };
  }

  read(specs: readonly ColumnSpec[], block: SpillBlock): Vector[] {
    const bytes = this.bytesAt(block.offset, block.length);
    return decodeBlock(specs, { bytes, starts: block.starts }, block.count);
  }

  /** One column of a block. */
  readColumn(spec: ColumnSpec, block: SpillBlock, column: number): Vector {
    const { from, to } = columnBytes(block.starts, column);
    return decodeOneColumn(spec, this.bytesAt(block.offset + from, to - from), block.count);
  }

  private bytesAt(offset: number, length: number): Uint8Array {
    assert(!this.isClosed, 'a temporary file is read after its end');
    const bytes = new Uint8Array(length);
    const read = this.file.readAt(bytes, offset);
    assert(read === length, 'a temporary file is shorter than what was written');
    return bytes;
  }

  close(): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.memory.closeTemporary(this.file);
  }
}
