/**
 * A damaged database as a view to read from: log and page file, page by page, each taken only if it proves right.
 *
 * I1  Opens for reading only and never writes; no other process may have the database open meanwhile.
 * I2  A page counts only if checksum, number and kind are right, or are right after one flipped bit is flipped back (bit-repair.ts).
 * I3  Of a log, commits up to the first damage count: what lies behind it is left out, so that pages belong together.
 * I4  Pages that fail are remembered with the reason; reading one again costs nothing.
 */
import { DecentDbError, dataCorrupted } from '../../base/errors.ts';
import type { Lsn, PageNo } from '../../base/ids.ts';
import { type DatabaseMeta, type FileHeader, HeaderState, headerPages } from '../../pager/meta.ts';
import type { PageImage } from '../../pager/page-file.ts';
import { isZero, PAGE_HEADER_BYTES, unsealPage } from '../../pager/page-layout.ts';
import { type PageDecoder, PageKind, type PageNode } from '../../pager/page-node.ts';
import { readOverflowChain } from '../../txn/overflow-chain.ts';
import type { OverflowRef, ReadView } from '../../txn/page-view.ts';
import type { Vfs, VfsFile, VfsLock } from '../../vfs/vfs.ts';
import { type Recovered, recoverLogs } from '../../wal/recovery.ts';
import { repairOneBit } from './bit-repair.ts';
import { type SalvagedHeader, salvageHeader } from './salvaged-header.ts';

/** Decoded pages kept; a look-up in an index comes back to the same few. */
const NODES_MAX = 512;

export class DamagedSource implements ReadView {
  readonly path: string;
  readonly header: FileHeader;
  readonly isHeaderGuessed: boolean;
  /** The state that is read: the last commit found whole. */
  readonly meta: DatabaseMeta;
  readonly pageBytes: number;
  readonly payloadBytes: number;
  readonly firstDataPage: number;
  /** Pages that there are, in the file and in the log. */
  readonly pageCount: number;
  /** What is wrong with header and log. */
  readonly problems: readonly string[];
  /** Pages one bit of which was put right. */
  readonly repaired: Set<number> = new Set();
  readonly #file: VfsFile;
  readonly #lock: VfsLock;
  readonly #log: Recovered | undefined;
  readonly #bad: Map<number, string> = new Map();
  readonly #nodes: Map<number, PageNode> = new Map();

  private constructor(
    file: VfsFile,
    lock: VfsLock,
    salvaged: SalvagedHeader,
    log: Recovered | undefined,
    problems: readonly string[],
  ) {
    this.path = file.path;
    this.#file = file;
    this.#lock = lock;
    this.header = salvaged.header;
    this.isHeaderGuessed = salvaged.isGuessed;
    this.#log = log;
    const { pageBytes } = salvaged.header;
    this.meta = log?.meta ?? salvaged.header.meta;
    this.pageBytes = pageBytes;
    this.payloadBytes = pageBytes - PAGE_HEADER_BYTES;
    this.firstDataPage = headerPages(pageBytes);
    // What the header says of the number of pages is not believed: it may be a lie as well.
    const inLog = log?.index.pagesThrough(this.meta.lsn).at(-1) ?? 0;
    this.pageCount = Math.max(this.firstDataPage, Math.floor(file.size() / pageBytes), inLog + 1);
    this.problems = problems;
  }

  static open(vfs: Vfs, path: string): DamagedSource {
    const identity = vfs.identityOf(path);
    if (identity === undefined)
      throw new DecentDbError('58P01', `database "${path}" does not exist`, { file: path });
    const lock = vfs.lock(path, identity, { mayCreateFile: false });
    try {
      const file = vfs.open(path, 'readOnly');
      try {
        const salvaged = salvageHeader(vfs, path, file);
        const problems = [...salvaged.problems];
        const log = openLog(vfs, path, salvaged.header, problems);
        return new DamagedSource(file, lock, salvaged, log, problems);
      } catch (error) {
        file.close();
        throw error;
      }
    } catch (error) {
      lock.release();
      throw error;
    }
  }

  close(): void {
    this.#log?.close();
    this.#file.close();
    this.#lock.release();
  }

  /** Whether a root of the catalogue is known from a header or a commit. */
  get hasMeta(): boolean {
    return !this.isHeaderGuessed || this.meta.catalogRoot !== 0;
  }

  /** The page, or what is wrong with it. */
  readPage(page: PageNo): PageImage | string {
    const known = this.#bad.get(page);
    if (known !== undefined) return known;
    const found = this.#fromLog(page) ?? this.#fromFile(page);
    if (typeof found === 'string') this.#bad.set(page, found);
    return found;
  }

  /** Why each page that was asked for and could not be used could not be used. */
  badPages(): ReadonlyMap<number, string> {
    return this.#bad;
  }

  fetch(page: PageNo, kind: PageKind | 'tree', decode: PageDecoder): PageNode {
    let node = this.#nodes.get(page);
    if (node === undefined) {
      if (page < this.firstDataPage || page >= this.pageCount)
        throw dataCorrupted('a link leads outside the file', this.path, page);
      const image = this.readPage(page);
      if (typeof image === 'string') throw dataCorrupted(image, this.path, page);
      node = decode(page, image.lsn, image.payload);
      if (node.kind !== image.kind) throw dataCorrupted('page is of another kind', this.path, page);
      if (this.#nodes.size >= NODES_MAX) this.#nodes.delete(this.#nodes.keys().next().value as number);
      this.#nodes.set(page, node);
    }
    if (kind === 'tree' ? node.kind > PageKind.inner : node.kind !== kind)
      throw dataCorrupted('page is of another kind than the link to it promises', this.path, page);
    return node;
  }

  readOverflow(ref: OverflowRef): Uint8Array {
    return readOverflowChain(this, ref);
  }

  validate(): void {}

  #fromLog(page: PageNo): PageImage | undefined {
    const log = this.#log;
    const entry = log === undefined ? -1 : log.index.find(page, this.meta.lsn);
    if (log === undefined || entry < 0) return undefined;
    try {
      return log.readFrame(log.index.positionAt(entry), page, log.index.lsnAt(entry));
    } catch (error) {
      if (error instanceof DecentDbError) return undefined;
      throw error;
    }
  }

  #fromFile(page: PageNo): PageImage | string {
    const bytes = new Uint8Array(this.pageBytes);
    const count = this.#file.readAt(bytes, page * this.pageBytes);
    if (count < this.pageBytes) return 'the file ends before the end of the page';
    let header = unsealPage(bytes, page);
    if (typeof header === 'string' && !isZero(bytes) && repairOneBit(bytes)) {
      const again = unsealPage(bytes, page);
      if (typeof again !== 'string') {
        header = again;
        this.repaired.add(page);
      }
    }
    if (typeof header === 'string') return header;
    const payload = bytes.subarray(PAGE_HEADER_BYTES, PAGE_HEADER_BYTES + header.usedBytes);
    return { lsn: header.lsn as Lsn, kind: header.kind, usedBytes: header.usedBytes, payload };
  }
}

function openLog(vfs: Vfs, path: string, header: FileHeader, problems: string[]): Recovered | undefined {
  if (header.state !== HeaderState.needsLog) return undefined;
  try {
    const log = recoverLogs(vfs, path, header, { isTruncating: true, isReadOnly: true });
    problems.push(...log.report.warnings);
    return log;
  } catch (error) {
    if (!(error instanceof DecentDbError)) throw error;
    problems.push(`the log cannot be used, commits since the last checkpoint are lost: ${error.message}`);
    return undefined;
  }
}
