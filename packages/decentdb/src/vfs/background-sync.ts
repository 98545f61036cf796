/**
 * Syncs of one file off the event loop, through a descriptor of its own.
 *
 * The system reports a failed write once to each descriptor: had a sync that waits and one that does not the same one, the
 * first to ask would hear of it and the other would be told that all is well.
 *
 * I1  The descriptor is of the very file it stands for, whatever became of its name.
 * I2  One sync runs at a time, and none after one that failed: two on one descriptor would share one report.
 * I3  It is closed only when no sync runs: its number may become another file's while a thread still uses it.
 */
import type { VfsFile } from './vfs.ts';

export class BackgroundSync {
  private readonly file: VfsFile;
  private descriptor: VfsFile | undefined;
  private last: Promise<void> | undefined;
  private running = 0;
  private isClosed = false;

  constructor(file: VfsFile) {
    this.file = file;
  }

  /** Opens the descriptor, if it is not open yet. False: there is none to be had, or the name leads to another file now. */
  prepare(open: () => VfsFile): boolean {
    if (this.descriptor !== undefined) return true;
    try {
      const descriptor = open();
      if (descriptor.identity() === this.file.identity()) this.descriptor = descriptor;
      else descriptor.close();
    } catch {
      // Too many open files, or the name is gone: whoever asked syncs the file it has.
    }
    return this.descriptor !== undefined;
  }

  /** Makes what is written now durable. A failure is as final as that of any sync. */
  async run(): Promise<void> {
    const descriptor = this.descriptor!;
    const before = this.running++ > 0 ? this.last : undefined;
    const done = (async () => {
      if (before !== undefined) await before;
      await descriptor.syncAsync('data');
    })();
    this.last = done;
    try {
      await done;
    } finally {
      if (--this.running === 0 && this.isClosed) descriptor.close();
    }
  }

  close(): void {
    this.isClosed = true;
    if (this.running === 0) this.descriptor?.close();
  }
}
