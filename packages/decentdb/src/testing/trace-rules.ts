/**
 * Rules that a run must keep while it goes on, read off its trace (RELIABILITY T1 to T3).
 *
 *   T1  A page is written to the page file only when a frame of that version is durable in a log.
 *   T2  When a commit is acknowledged under full durability, no commit frame waits for a sync.
 *   T3  Pages are written whole and at their place (as zeros behind the end), header copies at theirs, log frames at multiples
 *       of eight.
 *
 * I1  Reads pages, headers and frames by the layout constants that the engine itself uses.
 */
import type { PageNo } from '../base/ids.ts';
import { decodeHeader, HEADER_COPY_BYTES, headerPages, secondCopyOffset } from '../pager/meta.ts';
import { getU64, isZero, unsealPage, viewOf } from '../pager/page-layout.ts';
import type { IoOp, IoTrace } from '../vfs/faulty/io-trace.ts';
import { logPaths } from '../wal/log-file.ts';
import {
  decodeLogHeader,
  FRAME_AT,
  FRAME_HEADER_BYTES,
  FrameType,
  LOG_FIRST_FRAME,
  LOG_HEADER_BYTES,
  roundUp,
} from '../wal/log-layout.ts';

type WriteOp = Extract<IoOp, { kind: 'write' }>;

/** Frames of one log file, as `page:lsn` or `commit:lsn`. */
interface LogState {
  readonly durable: Set<string>;
  /** With the place of their write in the trace. */
  readonly pending: Map<string, number>;
  generation: number | undefined;
}

/** The rules for the database at `path`. */
export function traceRulesFor(path: string, isDurable: boolean): (trace: IoTrace) => readonly string[] {
  return (trace) => new TraceRules(path, isDurable).judge(trace);
}

class TraceRules {
  private readonly path: string;
  private readonly isDurable: boolean;
  private readonly logNames: readonly string[];
  private readonly logs: Map<number, LogState> = new Map();
  private readonly names: Map<number, string> = new Map();
  private readonly findings: string[] = [];
  private pageBytes = 0;
  /** Pages that the last header written counts: behind them lie pages that nothing knows of. */
  private pageCount = 0;

  constructor(path: string, isDurable: boolean) {
    this.path = path;
    this.isDurable = isDurable;
    this.logNames = logPaths(path);
  }

  judge(trace: IoTrace): readonly string[] {
    for (const [file, { path, bytes }] of trace.initial) {
      this.names.set(file, path);
      if (path === this.path) this.pageBytes = pageBytesOf(bytes);
      if (!this.logNames.includes(path)) continue;
      for (const frame of framesIn(bytes, LOG_FIRST_FRAME)) this.log(file).durable.add(frame);
    }
    trace.ops.forEach((op, at) => {
      this.step(op, at);
    });
    return this.findings;
  }

  private step(op: IoOp, at: number): void {
    switch (op.kind) {
      case 'create':
        this.names.set(op.file, op.path);
        return;
      case 'rename':
        this.names.set(op.file, op.to);
        return;
      case 'delete':
        this.logs.delete(op.file);
        return;
      case 'write':
        if (this.names.get(op.file)?.startsWith(`${this.path}-new-`) === true)
          this.pageBytes = pageBytesOf(op.bytes);
        else if (this.names.get(op.file) === this.path) this.pageFileWrite(op, at);
        else if (this.logNames.includes(this.names.get(op.file) ?? '')) this.logWrite(op, at);
        return;
      case 'sync':
        if (op.ok) this.synced(op.file, op.covers ?? at);
        return;
      case 'mark':
        if (op.label === 'acknowledged' && this.isDurable) this.acknowledged(at);
        return;
      default:
        return;
    }
  }

  private log(file: number): LogState {
    let log = this.logs.get(file);
    if (log === undefined) {
      log = { durable: new Set(), pending: new Map(), generation: undefined };
      this.logs.set(file, log);
    }
    return log;
  }

  /** What was written before place `covers` of the trace is durable. */
  private synced(file: number, covers: number): void {
    const log = this.logs.get(file);
    if (log === undefined) return;
    for (const [frame, at] of log.pending) {
      if (at >= covers) continue;
      log.durable.add(frame);
      log.pending.delete(frame);
    }
  }

  private acknowledged(at: number): void {
    for (const [file, { pending }] of this.logs) {
      for (const frame of pending.keys()) {
        if (frame.startsWith('commit'))
          this.find('T2', at, `${frame} of ${this.names.get(file)} waits for a sync`);
      }
    }
  }

  private logWrite(op: WriteOp, at: number): void {
    const log = this.log(op.file);
    if (op.offset < LOG_FIRST_FRAME) {
      if (op.offset % LOG_HEADER_BYTES !== 0 || op.bytes.length % LOG_HEADER_BYTES !== 0) {
        this.find('T3', at, `log write of ${op.bytes.length} bytes at ${op.offset}`);
      }
      const generation = decodeLogHeader(op.bytes.subarray(0, LOG_HEADER_BYTES))?.generation;
      if (generation !== log.generation) {
        log.durable.clear();
        log.pending.clear();
        log.generation = generation;
      }
      return;
    }
    for (const frame of framesIn(op.bytes, 0)) log.pending.set(frame, at);
  }

  private pageFileWrite(op: WriteOp, at: number): void {
    const { pageBytes } = this;
    const headerBytes = headerPages(pageBytes) * pageBytes;
    if (op.offset < headerBytes) {
      const isCopy = op.offset === 0 || op.offset === secondCopyOffset(pageBytes);
      if (!isCopy || op.bytes.length !== HEADER_COPY_BYTES) {
        this.find('T3', at, `header write of ${op.bytes.length} bytes at ${op.offset}`);
      }
      const header = decodeHeader(op.bytes);
      if (typeof header !== 'string') this.pageCount = header.meta.pageCount;
      return;
    }
    if (op.offset % pageBytes !== 0 || op.bytes.length % pageBytes !== 0) {
      this.find('T3', at, `page write of ${op.bytes.length} bytes at ${op.offset}`);
      return;
    }
    for (let from = 0; from < op.bytes.length; from += pageBytes) {
      const page = (op.offset + from) / pageBytes;
      if (page >= this.pageCount && isZero(op.bytes.subarray(from, from + pageBytes))) continue;
      const header = unsealPage(op.bytes.subarray(from, from + pageBytes), page as PageNo);
      if (typeof header === 'string') {
        this.find('T3', at, `page ${page} written with fault: ${header}`);
        continue;
      }
      const { lsn } = header;
      const isLogged = [...this.logs.values()].some(({ durable }) => durable.has(`${page}:${lsn}`));
      if (!isLogged)
        this.find('T1', at, `page ${page} of commit ${lsn} written before its frame was durable`);
    }
  }

  private find(rule: string, at: number, text: string): void {
    this.findings.push(`${rule} at operation ${at}: ${text}`);
  }
}

/** The frames in log bytes that begin with one, as `page:lsn` or `commit:lsn`. */
function* framesIn(bytes: Uint8Array, from: number): Generator<string> {
  const view = viewOf(bytes);
  for (let at = from; at + FRAME_HEADER_BYTES <= bytes.length; ) {
    const type = view.getUint8(at + FRAME_AT.type);
    if (type !== FrameType.page && type !== FrameType.commit && type !== FrameType.change) return;
    const name = type === FrameType.commit ? 'commit' : view.getUint32(at + FRAME_AT.page, true);
    yield `${name}:${getU64(view, at + FRAME_AT.lsn)}`;
    at += FRAME_HEADER_BYTES + roundUp(view.getUint32(at + FRAME_AT.payloadBytes, true), 8);
  }
}

/** Page size as the header says that is being written. */
function pageBytesOf(bytes: Uint8Array): number {
  const header = decodeHeader(bytes.subarray(0, HEADER_COPY_BYTES));
  if (typeof header === 'string')
    throw new RangeError(`the first write of the database is no header: ${header}`);
  return header.pageBytes;
}
