/**
 * What a workload did to its files, in order: enough to rebuild every state a crash may leave behind.
 *
 * I1  Files are numbered by creation: a number names one inode, whatever its name becomes.
 * I2  Bytes in a trace are copies: later writes of the workload never change them.
 * I3  Only what changes or orders storage is here (no reads).
 */

export type IoOp =
  /** A new, empty file under `path`. */
  | { readonly kind: 'create'; readonly file: number; readonly path: string }
  | { readonly kind: 'write'; readonly file: number; readonly offset: number; readonly bytes: Uint8Array }
  | { readonly kind: 'truncate'; readonly file: number; readonly size: number }
  /** `ok` false: the sync failed and the kernel marked the pages clean all the same. */
  | {
      readonly kind: 'sync';
      readonly file: number;
      readonly ok: boolean;
      /** It ran off the event loop: it covers what was in the trace when it began, so many operations. All when left out. */
      readonly covers?: number;
    }
  | { readonly kind: 'delete'; readonly file: number; readonly path: string }
  | { readonly kind: 'rename'; readonly file: number; readonly from: string; readonly to: string }
  | { readonly kind: 'syncDirectory'; readonly directory: string; readonly ok: boolean }
  /** The workload says where it is (`ack 3`: its third commit was acknowledged). */
  | { readonly kind: 'mark'; readonly label: string };

export class IoTrace {
  readonly ops: IoOp[] = [];
  private readonly numbers: Map<string, number> = new Map();
  private filesSeen = 0;

  /** Content of the files that existed before the trace began, by file number. */
  readonly initial: Map<number, { readonly path: string; readonly bytes: Uint8Array }> = new Map();

  /** Registers a file that was there before the trace began. */
  existing(identity: string, path: string, bytes: Uint8Array): number {
    const file = this.fileOf(identity);
    if (!this.initial.has(file)) this.initial.set(file, { path, bytes: bytes.slice() });
    return file;
  }

  fileOf(identity: string): number {
    let file = this.numbers.get(identity);
    if (file === undefined) {
      file = this.filesSeen++;
      this.numbers.set(identity, file);
    }
    return file;
  }

  knows(identity: string): boolean {
    return this.numbers.has(identity);
  }

  add(op: IoOp): void {
    this.ops.push(op);
  }

  mark(label: string): void {
    this.ops.push({ kind: 'mark', label });
  }
}
