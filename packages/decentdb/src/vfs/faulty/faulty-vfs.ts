/**
 * A file system that fails on demand and remembers everything: a wrapper over any other.
 *
 * It does two things. It carries out a `FaultPlan` (errors, partial and lost writes, lying syncs, flipped bits, full
 * disks, slow calls), and it records an `IoTrace`, from which `testing/` rebuilds what a power cut would have left.
 *
 * I1  Without faults it behaves exactly as the wrapped file system (it passes the same conformance suite).
 * I2  A failed sync makes nothing durable in the trace, and later syncs do not cover what it covered (the kernel marked the
 *     pages clean; Rebello et al., USENIX ATC 2020).
 * I3  Virtual time only: a slow call tells `onDelay` and returns at once.
 */

import type { LockOptions, OpenMode, SyncKind, Vfs, VfsFile, VfsLock } from '../vfs.ts';
import { errnoError } from '../vfs-error.ts';
import { type Fault, type FaultPlan, FaultSchedule, type IoOperation, NO_FAULTS } from './fault-plan.ts';
import { IoTrace } from './io-trace.ts';

/** A sync off the event loop that has begun and not ended. */
export interface HeldSync {
  readonly path: string;
  finish(): void;
}

export class FaultyVfs implements Vfs {
  readonly name: string;
  readonly trace: IoTrace = new IoTrace();
  private readonly inner: Vfs;
  plan: FaultPlan = NO_FAULTS;
  private isQuiet = false;
  private current: FaultSchedule = new FaultSchedule(NO_FAULTS);
  /** Files open now: what a leak check counts. */
  openFiles = 0;
  onDelay: (delayMs: number) => void = () => {};
  /** While set, syncs off the event loop end only when `finish` is called; each one adds itself. */
  heldSyncs: HeldSync[] | undefined;
  /** Called before each call is made; it must not use this file system. */
  onCall: () => void = () => {};

  constructor(inner: Vfs, plan: FaultPlan = NO_FAULTS) {
    this.inner = inner;
    this.name = `faulty(${inner.name})`;
    this.arm(plan);
  }

  /** Starts a plan now: its call counts begin at 0. */
  arm(plan: FaultPlan): void {
    this.plan = plan;
    this.current = new FaultSchedule(plan);
  }

  /** Goes on with a plan begun on another file system. */
  resume(plan: FaultPlan, schedule: FaultSchedule): void {
    this.plan = plan;
    this.current = schedule;
  }

  /** Counts and fired faults of the plan in force. */
  get schedule(): FaultSchedule {
    return this.current;
  }

  get isLying(): boolean {
    return this.plan.syncLies === true;
  }

  open(path: string, mode: OpenMode): VfsFile {
    this.meet('open', path);
    const isNew = !this.inner.exists(path);
    const file = this.inner.open(path, mode);
    const identity = file.identity();
    if (isNew) this.trace.add({ kind: 'create', file: this.trace.fileOf(identity), path });
    else if (!this.trace.knows(identity)) this.trace.existing(identity, path, contentOf(file));
    this.openFiles++;
    return new FaultyFile(this, file, this.trace.fileOf(identity), true);
  }

  openTemporary(near: string): VfsFile {
    this.meet('open', near);
    const file = this.inner.openTemporary(near);
    this.openFiles++;
    return new FaultyFile(this, file, -1, false);
  }

  exists(path: string): boolean {
    this.meet('exists', path);
    const isThere = this.inner.exists(path);
    if (isThere) this.noteExisting(path);
    return isThere;
  }

  delete(path: string): void {
    this.meet('delete', path);
    this.noteExisting(path);
    const identity = this.inner.identityOf(path);
    this.inner.delete(path);
    if (identity !== undefined) this.trace.add({ kind: 'delete', file: this.trace.fileOf(identity), path });
  }

  rename(from: string, to: string, options: { readonly replace: boolean }): void {
    this.meet('rename', from);
    this.noteExisting(from);
    const identity = this.inner.identityOf(from);
    this.inner.rename(from, to, options);
    if (identity !== undefined)
      this.trace.add({ kind: 'rename', file: this.trace.fileOf(identity), from, to });
  }

  list(directory: string): string[] {
    this.meet('list', directory);
    return this.inner.list(directory);
  }

  syncDirectory(directory: string): void {
    const fault = this.call('syncDirectory', directory);
    if (fault?.effect.kind === 'error') {
      this.trace.add({ kind: 'syncDirectory', directory, ok: false });
      throw errnoError('sync directory', directory, fault.effect.errno, 'fsync');
    }
    if (fault?.effect.kind === 'lie' || this.isLying) return;
    this.inner.syncDirectory(directory);
    this.trace.add({ kind: 'syncDirectory', directory, ok: true });
  }

  directoryOf(path: string): string {
    return this.inner.directoryOf(path);
  }

  identityOf(path: string): string | undefined {
    return this.inner.identityOf(path);
  }

  lock(path: string, identity: string, options: LockOptions): VfsLock {
    this.meet('lock', path);
    return this.inner.lock(path, identity, options);
  }

  /** Does something whose calls neither fail nor count: a look from outside. The trace goes on. */
  quietly<T>(look: () => T): T {
    const was = this.isQuiet;
    this.isQuiet = true;
    try {
      return look();
    } finally {
      this.isQuiet = was;
    }
  }

  /** Counts a call and returns the fault it meets, delays carried out. */
  call(operation: IoOperation, path: string): Fault | undefined {
    if (this.isQuiet) return undefined;
    this.onCall();
    const fault = this.current.next(operation, path);
    if (fault?.effect.kind === 'slow') {
      this.onDelay(fault.effect.delayMs);
      return undefined;
    }
    return fault;
  }

  /** The trace must know of a file before its name is asked for or changed: a crash may still leave it. */
  private noteExisting(path: string): void {
    const identity = this.inner.identityOf(path);
    if (identity === undefined || this.trace.knows(identity)) return;
    const file = this.inner.open(path, 'readOnly');
    this.trace.existing(identity, path, contentOf(file));
    file.close();
  }

  /** For calls whose only possible fault is an error. */
  private meet(operation: IoOperation, path: string): void {
    const fault = this.call(operation, path);
    if (fault?.effect.kind === 'error') throw errnoError(operation, path, fault.effect.errno, operation);
  }

  /** Whether growing one file by `growth` bytes would pass the size of the disk. */
  wouldOverflow(path: string, growth: number): boolean {
    const limit = this.isQuiet ? undefined : this.plan.diskBytesMax;
    if (limit === undefined || growth <= 0) return false;
    let total = growth;
    const directory = this.inner.directoryOf(path);
    for (const name of this.inner.list(directory)) {
      const file = this.inner.open(directory === '.' ? name : `${directory}/${name}`, 'readOnly');
      total += file.size();
      file.close();
    }
    return total > limit;
  }
}

/** One open file of a {@link FaultyVfs}. */
class FaultyFile implements VfsFile {
  readonly path: string;
  private readonly vfs: FaultyVfs;
  private readonly inner: VfsFile;
  private readonly number: number;
  private readonly isTraced: boolean;
  private isOpen = true;

  constructor(vfs: FaultyVfs, inner: VfsFile, number: number, isTraced: boolean) {
    this.vfs = vfs;
    this.inner = inner;
    this.path = inner.path;
    this.number = number;
    this.isTraced = isTraced;
  }

  readAt(target: Uint8Array, offset: number): number {
    const fault = this.vfs.call('read', this.path);
    if (fault?.effect.kind === 'error') throw errnoError('read file', this.path, fault.effect.errno, 'read');
    const count = this.inner.readAt(target, offset);
    if (fault?.effect.kind === 'bitFlip' && count > 0) flipBit(target.subarray(0, count), fault.effect.bit);
    return count;
  }

  writeAt(bytes: Uint8Array, offset: number): void {
    const fault = this.vfs.call('write', this.path);
    if (this.vfs.wouldOverflow(this.path, offset + bytes.length - this.inner.size())) {
      throw errnoError('write file', this.path, 'ENOSPC', 'write');
    }
    switch (fault?.effect.kind) {
      case 'error':
        throw errnoError('write file', this.path, fault.effect.errno, 'write');
      case 'partialWrite':
        this.put(bytes.subarray(0, Math.min(fault.effect.bytes, bytes.length)), offset);
        throw errnoError('write file', this.path, fault.effect.errno, 'write');
      case 'lostWrite':
        return;
      case 'misdirect':
        this.put(bytes, Math.max(0, offset + fault.effect.distanceBytes));
        return;
      case 'bitFlip': {
        const damaged = bytes.slice();
        flipBit(damaged, fault.effect.bit);
        this.put(damaged, offset);
        return;
      }
      default:
        this.put(bytes, offset);
    }
  }

  writeVectorAt(parts: readonly Uint8Array[], offset: number): void {
    const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
    let at = 0;
    for (const part of parts) {
      whole.set(part, at);
      at += part.length;
    }
    this.writeAt(whole, offset);
  }

  truncate(size: number): void {
    const fault = this.vfs.call('truncate', this.path);
    if (fault?.effect.kind === 'error')
      throw errnoError('truncate file', this.path, fault.effect.errno, 'ftruncate');
    if (this.vfs.wouldOverflow(this.path, size - this.inner.size())) {
      throw errnoError('truncate file', this.path, 'ENOSPC', 'ftruncate');
    }
    this.inner.truncate(size);
    if (this.isTraced) this.vfs.trace.add({ kind: 'truncate', file: this.number, size });
  }

  size(): number {
    const fault = this.vfs.call('size', this.path);
    if (fault?.effect.kind === 'error') throw errnoError('stat file', this.path, fault.effect.errno, 'fstat');
    return this.inner.size();
  }

  sync(kind: SyncKind): void {
    this.endSync(kind, this.vfs.call('sync', this.path), {});
  }

  async syncAsync(kind: SyncKind): Promise<void> {
    const { heldSyncs } = this.vfs;
    if (heldSyncs === undefined) {
      this.sync(kind);
      return;
    }
    const fault = this.vfs.call('sync', this.path);
    const covers = this.vfs.trace.ops.length;
    await new Promise<void>((resolve) => heldSyncs.push({ path: this.path, finish: resolve }));
    this.endSync(kind, fault, { covers });
  }

  private endSync(kind: SyncKind, fault: Fault | undefined, covered: { readonly covers?: number }): void {
    const op = { kind: 'sync', file: this.number, ...covered } as const;
    if (fault?.effect.kind === 'error') {
      if (this.isTraced) this.vfs.trace.add({ ...op, ok: false });
      throw errnoError('sync file', this.path, fault.effect.errno, 'fsync');
    }
    if (fault?.effect.kind === 'lie' || this.vfs.isLying) return;
    this.inner.sync(kind);
    if (this.isTraced) this.vfs.trace.add({ ...op, ok: true });
  }

  identity(): string {
    return this.inner.identity();
  }

  close(): void {
    if (this.isOpen) this.vfs.openFiles--;
    this.isOpen = false;
    this.inner.close();
  }

  private put(bytes: Uint8Array, offset: number): void {
    this.inner.writeAt(bytes, offset);
    if (this.isTraced && bytes.length > 0) {
      this.vfs.trace.add({ kind: 'write', file: this.number, offset, bytes: bytes.slice() });
    }
  }
}

function flipBit(bytes: Uint8Array, bit: number): void {
  const at = (bit >>> 3) % bytes.length;
  bytes[at]! ^= 1 << (bit & 7);
}

function contentOf(file: VfsFile): Uint8Array {
  const bytes = new Uint8Array(file.size());
  file.readAt(bytes, 0);
  return bytes;
}
