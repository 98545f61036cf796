/**
 * The crash model: from a trace of file operations to the disks a power cut could leave behind.
 *
 * Each file is a durable image plus the ordered operations since its last successful sync; each directory likewise a durable
 * set of names plus unsynced creates, renames and deletes (docs/guarantees.md has the model in words; Pillai et al., OSDI
 * 2014, has the evidence). A crash state chooses for every unsynced operation: applied, dropped, or torn at a sector.
 *
 *     trace:   create a   write a   sync a   write a   write a   | crash
 *                                    ^durable: up to here         ^pending: 2 writes, 1 name
 *
 * I1  What was synced is in every state; what was not may be there in any combination (order does not protect).
 * I2  A failed sync covers nothing, now or later: its operations stay pending until the bytes are rewritten and synced.
 * I3  A dropped growth leaves the file short; a torn growth may leave zeros or garbage where bytes were never written.
 */
import type { IoOp, IoTrace } from '../vfs/faulty/io-trace.ts';
import { MemoryDisk } from '../vfs/memory-vfs.ts';

/** Writes are torn at multiples of this many bytes. */
export const SECTOR_BYTES = 512;

export interface PendingData {
  readonly op: Extract<IoOp, { kind: 'write' | 'truncate' }>;
  /** A sync that covered it has failed: no later sync covers it. */
  abandoned: boolean;
}

interface FileState {
  durable: Uint8Array;
  pending: PendingData[];
}

type NameOp = Extract<IoOp, { kind: 'create' | 'delete' | 'rename' }>;

/** The state of all files after some prefix of a trace: what is durable, and what is not yet. */
export class CrashModel {
  private readonly files: Map<number, FileState> = new Map();
  private durableNames: Map<string, number> = new Map();
  private pendingNames: NameOp[] = [];
  private readonly directoryOf: (path: string) => string;

  constructor(trace: IoTrace, directoryOf: (path: string) => string) {
    this.directoryOf = directoryOf;
    for (const [file, { path, bytes }] of trace.initial) {
      this.files.set(file, { durable: bytes.slice(), pending: [] });
      this.durableNames.set(path, file);
    }
  }

  /** Moves past one operation of the trace. */
  advance(op: IoOp): void {
    switch (op.kind) {
      case 'create':
        this.files.set(op.file, { durable: new Uint8Array(0), pending: [] });
        this.pendingNames.push(op);
        return;
      case 'delete':
      case 'rename':
        this.pendingNames.push(op);
        return;
      case 'write':
      case 'truncate':
        this.file(op.file).pending.push({ op, abandoned: false });
        return;
      case 'sync':
        this.syncFile(this.file(op.file), op.ok);
        return;
      case 'syncDirectory':
        if (op.ok) this.syncNames(op.directory);
        return;
      case 'mark':
        return;
    }
  }

  /** The unsynced data operations, over all files, in order of file and then of time. */
  pendingData(): PendingData[] {
    const all: PendingData[] = [];
    for (const state of this.files.values()) all.push(...state.pending);
    return all;
  }

  pendingNameCount(): number {
    return this.pendingNames.length;
  }

  /** The disk of one crash state. */
  materialise(choice: CrashChoice): MemoryDisk {
    const names = new Map(this.durableNames);
    this.pendingNames.forEach((op, index) => {
      if (choice.keepsName(index)) applyName(names, op);
    });
    const disk = new MemoryDisk();
    for (const [path, file] of names) {
      const state = this.file(file);
      disk.create(path).write(applyData(state, choice), 0);
    }
    return disk;
  }

  private file(number: number): FileState {
    const state = this.files.get(number);
    if (state === undefined) throw new RangeError(`trace names file ${number} before creating it`);
    return state;
  }

  private syncFile(state: FileState, ok: boolean): void {
    if (!ok) {
      for (const pending of state.pending) pending.abandoned = true;
      return;
    }
    const kept: PendingData[] = [];
    let durable = state.durable;
    for (const pending of state.pending) {
      if (pending.abandoned) kept.push(pending);
      else durable = applyOp(durable, pending.op, pending.op.kind === 'write' ? pending.op.bytes : null);
    }
    state.durable = durable;
    state.pending = kept;
  }

  private syncNames(directory: string): void {
    const kept: NameOp[] = [];
    for (const op of this.pendingNames) {
      const path = op.kind === 'rename' ? op.to : op.path;
      if (this.directoryOf(path) === directory) applyName(this.durableNames, op);
      else kept.push(op);
    }
    this.pendingNames = kept;
  }
}

/** What a crash does to each unsynced operation. */
export interface CrashChoice {
  keepsName(index: number): boolean;
  /** How much of a pending operation reached the disk; `torn` gives the sectors that did. */
  dataFate(pending: PendingData): 'kept' | 'dropped' | TornFate;
}
export interface TornFate {
  /** Whether sector `index` of the write (counted from its first byte's sector) is the new one. */
  readonly keepsSector: (index: number, sectorCount: number) => boolean;
  /** Fill for a growth whose bytes never arrived: zeros, or garbage. */
  readonly fill: 'zeros' | 'garbage';
}

function applyName(names: Map<string, number>, op: NameOp): void {
  if (op.kind === 'create') {
    names.set(op.path, op.file);
  } else if (op.kind === 'delete') {
    if (names.get(op.path) === op.file) names.delete(op.path);
  } else {
    if (names.get(op.from) === op.file) names.delete(op.from);
    names.set(op.to, op.file);
  }
}

function applyData(state: FileState, choice: CrashChoice): Uint8Array {
  let bytes = state.durable;
  for (const pending of state.pending) {
    const fate = choice.dataFate(pending);
    if (fate === 'dropped') continue;
    if (fate === 'kept' || pending.op.kind === 'truncate') {
      bytes = applyOp(bytes, pending.op, pending.op.kind === 'write' ? pending.op.bytes : null);
    } else {
      bytes = applyTorn(bytes, pending.op, fate);
    }
  }
  return bytes;
}

function applyOp(bytes: Uint8Array, op: PendingData['op'], content: Uint8Array | null): Uint8Array {
  if (op.kind === 'truncate') {
    const resized = new Uint8Array(op.size);
    resized.set(bytes.subarray(0, Math.min(bytes.length, op.size)));
    return resized;
  }
  const result = new Uint8Array(Math.max(bytes.length, op.offset + op.bytes.length));
  result.set(bytes);
  if (content !== null) result.set(content, op.offset);
  return result;
}

function applyTorn(bytes: Uint8Array, op: Extract<IoOp, { kind: 'write' }>, fate: TornFate): Uint8Array {
  const result = applyOp(bytes, op, null);
  if (fate.fill === 'garbage' && result.length > bytes.length) {
    for (let i = bytes.length; i < result.length; i++) result[i] = (i * 151 + 89) & 0xff;
  }
  const first = Math.floor(op.offset / SECTOR_BYTES);
  const last = Math.floor((op.offset + op.bytes.length - 1) / SECTOR_BYTES);
  for (let sector = first; sector <= last; sector++) {
    if (!fate.keepsSector(sector - first, last - first + 1)) continue;
    const from = Math.max(op.offset, sector * SECTOR_BYTES);
    const to = Math.min(op.offset + op.bytes.length, (sector + 1) * SECTOR_BYTES);
    result.set(op.bytes.subarray(from - op.offset, to - op.offset), from);
  }
  return result;
}
