/**
 * Memory and temporary files of rows that outlive their statement: cursors, and iterators over a transaction that writes.
 *
 * I1  All of a session's together hold `work_mem`, and beyond it the fewest rows each; what is more goes to files.
 * I2  Files are closed by `release`, at the latest when the session ends.
 */
import { memoryLimits, StatementMemory } from '../exec/memory.ts';
import type { Session } from './session.ts';

/** The least that one is allowed, whatever the others hold. */
const WORK_BYTES_MIN = 1 << 16;

export class KeptMemory {
  private readonly taken = new Set<StatementMemory>();

  take({ settings, engine }: Session): StatementMemory {
    let others = 0;
    for (const { heldBytes } of this.taken) others += heldBytes;
    const memory = new StatementMemory(
      memoryLimits(Math.max(WORK_BYTES_MIN, settings.workMemBytes - others)),
    );
    memory.temporary = () => engine.options.vfs.openTemporary(engine.path);
    this.taken.add(memory);
    return memory;
  }

  release(memory: StatementMemory): void {
    this.taken.delete(memory);
    memory.release();
  }

  releaseAll(): void {
    for (const memory of [...this.taken]) this.release(memory);
  }

  /** Temporary files that are open. */
  get openFiles(): number {
    let files = 0;
    for (const { openFiles } of this.taken) files += openFiles;
    return files;
  }
}
