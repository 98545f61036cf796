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
 * I2  A failed sync covers nothing, now or later: its operations stay pending until their sectors are written again and
 *     synced (the system's cache holds them as clean, and writes a cached page whole).
 * I3  A dropped growth leaves the file short; a torn growth may leave zeros or garbage where bytes were never written.
 */
import { crc32 } from '../base/checksum.ts';
import { type IoOp, IoTrace } from '../vfs/faulty/io-trace.ts';
import { MemoryDisk } from '../vfs/memory-vfs.ts';

/** Writes are torn at multiples of this many bytes. */
export const SECTOR_BYTES = 512;

/** Added to the numbers of files made after a kill. */
const LATER_FILES = 1_000_000;

export interface PendingData {
  readonly op: Extract<IoOp, { kind: 'write' | 'truncate' }>;
  /** A sync that covered it has failed: no later sync covers it. */
  abandoned: boolean;
  /** Its place in the trace; -1 in the trace of an earlier process. */
  readonly at: number;
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
  /** Operations of the trace passed so far. */
  private passed = 0;
  /** After a kill: file numbers of the new process's trace, in those of this model. */
  private readonly numbers: Map<number, number> = new Map();

  constructor(trace: IoTrace, directoryOf: (path: string) => string) {
    this.directoryOf = directoryOf;
    for (const [file, { path, bytes }] of trace.initial) {
      this.files.set(file, { durable: bytes.slice(), pending: [] });
      this.durableNames.set(path, file);
    }
  }

  /**
   * The same disk after its process was killed and another one works on it: the system's cache has all that was written, the
   * disk only what was synced. `trace` is the new process's.
   */
  afterKill(trace: IoTrace): CrashModel {
    const next = new CrashModel(new IoTrace(), this.directoryOf);
    for (const [file, { durable, pending }] of this.files) {
      next.files.set(file, { durable, pending: pending.map((each) => ({ ...each, at: -1 })) });
    }
    next.durableNames = new Map(this.durableNames);
    next.pendingNames = [...this.pendingNames];
    const names = new Map(this.durableNames);
    for (const op of this.pendingNames) applyName(names, op);
    for (const [file, { path }] of trace.initial) next.numbers.set(file, names.get(path)!);
    return next;
  }

  /** Moves past one operation of the trace. */
  advance(given: IoOp): void {
    const op = this.numbers.size === 0 ? given : this.renumbered(given);
    const at = this.passed++;
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
        this.file(op.file).pending.push({ op, abandoned: false, at });
        return;
      case 'sync':
        this.syncFile(this.file(op.file), op.ok, op.covers ?? at);
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

  /** The disk of one crash state. Files without pending operations share their bytes with the model. */
  materialise(choice: CrashChoice): CrashImage {
    const names = new Map(this.durableNames);
    this.pendingNames.forEach((op, index) => {
      if (choice.keepsName(index)) applyName(names, op);
    });
    const files = new Map<string, Uint8Array>();
    for (const [path, file] of names) files.set(path, applyData(this.file(file), choice));
    return new CrashImage(files);
  }

  private renumbered(op: IoOp): IoOp {
    if (!('file' in op)) return op;
    return { ...op, file: this.numbers.get(op.file) ?? op.file + LATER_FILES };
  }

  private file(number: number): FileState {
    const state = this.files.get(number);
    if (state === undefined) throw new RangeError(`trace names file ${number} before creating it`);
    return state;
  }

  /** A sync of what came before place `covers` of the trace. */
  private syncFile(state: FileState, ok: boolean, covers: number): void {
    const covered = state.pending.filter(({ at }) => at < covers);
    if (!ok) {
      for (const pending of covered) pending.abandoned = true;
      return;
    }
    const written = sectorsOf(covered);
    const content = new Content(state.durable);
    const kept: PendingData[] = [];
    for (const pending of covered) {
      if (!pending.abandoned || pending.op.kind === 'truncate') content.apply(pending.op);
      else kept.push(...content.applyAbandoned(pending.op, pending.at, written));
    }
    if (covered.some(({ abandoned }) => !abandoned)) state.durable = content.result();
    state.pending = [...kept, ...state.pending.filter(({ at }) => at >= covers)];
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
  /** The order in which one file's operations reach the disk, if not the order they were issued in. */
  reorder?(pending: readonly PendingData[]): readonly PendingData[];
}
export interface TornFate {
  /** Whether sector `index` of the write (counted from its first byte's sector) is the new one. */
  readonly keepsSector: (index: number, sectorCount: number) => boolean;
  /** Fill for a growth whose bytes never arrived: zeros, or garbage. */
  readonly fill: 'zeros' | 'garbage';
  /** A sector that was being written when the power went: all of it is garbage, also bytes the write did not touch. */
  readonly garbledSector?: (sectorCount: number) => number;
}

/** The files of one crash state. */
export class CrashImage {
  readonly files: ReadonlyMap<string, Uint8Array>;

  constructor(files: ReadonlyMap<string, Uint8Array>) {
    this.files = files;
  }

  static of(disk: MemoryDisk): CrashImage {
    return new CrashImage(new Map([...disk.files].map(([path, data]) => [path, data.bytes()])));
  }

  /** A disk with these files, which shares nothing with the image. */
  disk(): MemoryDisk {
    const disk = new MemoryDisk();
    for (const [path, bytes] of this.files) disk.create(path).write(bytes, 0);
    return disk;
  }

  /** Equal for equal files: two checksums a file, 64 bits, over names, lengths and bytes. */
  key(): string {
    let key = '';
    for (const path of [...this.files.keys()].sort()) key += `${path}:${contentKey(this.files.get(path)!)};`;
    return key;
  }
}

/** Keys of contents that many images share. */
const contentKeys: WeakMap<Uint8Array, string> = new WeakMap();

function contentKey(bytes: Uint8Array): string {
  let key = contentKeys.get(bytes);
  if (key === undefined) {
    const half = bytes.length >>> 1;
    const first = crc32(bytes, bytes.length);
    const second = crc32(bytes.subarray(0, half), crc32(bytes.subarray(half), (first ^ 0x9e3779b9) >>> 0));
    key = `${bytes.length}-${first.toString(36)}-${second.toString(36)}`;
    contentKeys.set(bytes, key);
  }
  return key;
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

/** A file's content after some operations. With none, the bytes are the durable ones themselves. */
function applyData(state: FileState, choice: CrashChoice): Uint8Array {
  if (state.pending.length === 0) return state.durable;
  const content = new Content(state.durable);
  for (const pending of choice.reorder?.(state.pending) ?? state.pending) {
    const fate = choice.dataFate(pending);
    if (fate === 'dropped') continue;
    if (fate === 'kept' || pending.op.kind === 'truncate') content.apply(pending.op);
    else content.tear(pending.op, fate);
  }
  return content.result();
}

/** The sectors that operations a sync covers write to. */
function sectorsOf(pending: readonly PendingData[]): Set<number> {
  const sectors = new Set<number>();
  for (const { op, abandoned } of pending) {
    if (abandoned || op.kind !== 'write') continue;
    const last = Math.floor((op.offset + op.bytes.length - 1) / SECTOR_BYTES);
    for (let sector = Math.floor(op.offset / SECTOR_BYTES); sector <= last; sector++) sectors.add(sector);
  }
  return sectors;
}

/** Bytes that grow. What lies behind the length is always zero. */
class Content {
  private bytes: Uint8Array;
  private length: number;

  constructor(from: Uint8Array) {
    this.bytes = new Uint8Array(from.length + 4096);
    this.bytes.set(from);
    this.length = from.length;
  }

  result(): Uint8Array {
    return this.bytes.subarray(0, this.length);
  }

  apply(op: PendingData['op']): void {
    if (op.kind === 'truncate') {
      if (op.size < this.length) this.bytes.fill(0, op.size, this.length);
      this.resize(op.size);
    } else {
      this.resize(Math.max(this.length, op.offset + op.bytes.length));
      this.bytes.set(op.bytes, op.offset);
    }
  }

  /** Applies the parts of an abandoned write whose sectors were written again; returns the other parts. */
  applyAbandoned(
    op: Extract<IoOp, { kind: 'write' }>,
    at: number,
    written: ReadonlySet<number>,
  ): PendingData[] {
    const rest: PendingData[] = [];
    const end = op.offset + op.bytes.length;
    for (let from = op.offset; from < end; ) {
      const to = Math.min(end, (Math.floor(from / SECTOR_BYTES) + 1) * SECTOR_BYTES);
      const part = { ...op, offset: from, bytes: op.bytes.subarray(from - op.offset, to - op.offset) };
      if (written.has(Math.floor(from / SECTOR_BYTES))) this.apply(part);
      else rest.push({ op: part, abandoned: true, at });
      from = to;
    }
    return rest;
  }

  tear(op: Extract<IoOp, { kind: 'write' }>, fate: TornFate): void {
    if (op.bytes.length === 0) return;
    const before = this.length;
    this.resize(Math.max(before, op.offset + op.bytes.length));
    if (fate.fill === 'garbage') this.garble(before, this.length);
    const first = Math.floor(op.offset / SECTOR_BYTES);
    const last = Math.floor((op.offset + op.bytes.length - 1) / SECTOR_BYTES);
    const count = last - first + 1;
    for (let sector = first; sector <= last; sector++) {
      if (!fate.keepsSector(sector - first, count)) continue;
      const from = Math.max(op.offset, sector * SECTOR_BYTES);
      const to = Math.min(op.offset + op.bytes.length, (sector + 1) * SECTOR_BYTES);
      this.bytes.set(op.bytes.subarray(from - op.offset, to - op.offset), from);
    }
    const garbled = fate.garbledSector?.(count);
    if (garbled === undefined) return;
    const from = (first + garbled) * SECTOR_BYTES;
    this.garble(from, Math.min(from + SECTOR_BYTES, this.length));
  }

  private garble(from: number, to: number): void {
    for (let i = from; i < to; i++) this.bytes[i] = (i * 151 + 89) & 0xff;
  }

  private resize(length: number): void {
    if (length > this.bytes.length) {
      const grown = new Uint8Array(length + 8192);
      grown.set(this.bytes);
      this.bytes = grown;
    }
    this.length = length;
  }
}
