/**
 * The header of a damaged database: from a copy that is whole, else pieced together from the log and the pages.
 *
 * I1  A copy whose checksum holds is believed; of two, the later one.
 * I2  Without one, the page size is the one at which pages name themselves rightly; a log, where there is one, says the rest.
 *     Root of the catalogue and free list are then unknown (0), unless a commit of the log names them.
 * I3  Nothing is written.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { Lsn, PageNo } from '../../base/ids.ts';
import {
  decodeHeader,
  emptyMeta,
  type FileHeader,
  FormatVersion,
  HEADER_COPY_BYTES,
  HeaderState,
  headerPages,
  secondCopyOffset,
} from '../../pager/meta.ts';
import { PAGE_BYTES_MAX, PAGE_BYTES_MIN, unsealPage } from '../../pager/page-layout.ts';
import type { Vfs, VfsFile } from '../../vfs/vfs.ts';
import { logPaths, readLogHeader } from '../../wal/log-file.ts';
import type { LogHeader } from '../../wal/log-layout.ts';

export interface SalvagedHeader {
  readonly header: FileHeader;
  /** No copy was whole. */
  readonly isGuessed: boolean;
  /** What is wrong with the header, for the report. */
  readonly problems: readonly string[];
}

/** Pages looked at for each page size that is tried. */
const PROBES_MAX = 4096;

export function salvageHeader(vfs: Vfs, path: string, file: VfsFile): SalvagedHeader {
  const whole = wholeCopies(file);
  const newest = whole.reduce<FileHeader | undefined>(
    (best, one) => (best === undefined || one.sequence > best.sequence ? one : best),
    undefined,
  );
  if (newest !== undefined) {
    const problems = whole.length < 2 ? ['one of the two copies of the file header is damaged'] : [];
    return { header: newest, isGuessed: false, problems };
  }
  const logs = logHeaders(vfs, path);
  const pageBytes = logs[0]?.pageBytes ?? probePageBytes(file);
  if (pageBytes === 0)
    throw new DecentDbError('58030', `"${path}" is not a DecentDB database, or nothing of one is left`, {
      file: path,
      detail: 'Neither a copy of the file header nor a single page could be recognised.',
    });
  return {
    header: guessedHeader(file, pageBytes, logs),
    isGuessed: true,
    problems: [`both copies of the file header are damaged; pages of ${pageBytes} bytes were recognised`],
  };
}

function wholeCopies(file: VfsFile): FileHeader[] {
  const copies: FileHeader[] = [];
  let isOther = false;
  for (const offset of [0, 512, 4096]) {
    const bytes = new Uint8Array(HEADER_COPY_BYTES);
    const header = decodeHeader(bytes.subarray(0, file.readAt(bytes, offset)));
    if (typeof header === 'string') {
      if (header === 'newerFormat') throw newerError(file.path);
      if (header === 'otherFormat') isOther = true;
    } else if (offset === 0 || offset === secondCopyOffset(header.pageBytes)) copies.push(header);
  }
  if (isOther && copies.length === 0) throw newerError(file.path);
  return copies;
}

function newerError(path: string): DecentDbError {
  return new DecentDbError('0A000', `"${path}" was written by a newer version of DecentDB`, { file: path });
}

/** Headers of the log files beside the database, the oldest generation first. */
function logHeaders(vfs: Vfs, path: string): LogHeader[] {
  const headers: LogHeader[] = [];
  for (const log of logPaths(path)) {
    if (!vfs.exists(log)) continue;
    const file = vfs.open(log, 'readOnly');
    try {
      const header = readLogHeader(file);
      if (header !== undefined && header.generation > 0) headers.push(header);
    } finally {
      file.close();
    }
  }
  return headers.sort((a, b) => a.generation - b.generation);
}

/** The page size at which most pages check out; 0 when none does. */
function probePageBytes(file: VfsFile): number {
  let best = 0;
  let bestCount = 0;
  for (let size = PAGE_BYTES_MIN; size <= PAGE_BYTES_MAX; size *= 2) {
    const pages = Math.min(PROBES_MAX, Math.floor(file.size() / size));
    const bytes = new Uint8Array(size);
    let count = 0;
    for (let page = headerPages(size); page < pages; page++) {
      file.readAt(bytes, page * size);
      if (typeof unsealPage(bytes, page as PageNo) !== 'string') count++;
    }
    if (count <= bestCount) continue;
    best = size;
    bestCount = count;
  }
  return best;
}

function guessedHeader(file: VfsFile, pageBytes: number, logs: readonly LogHeader[]): FileHeader {
  const oldest = logs[0];
  const pageCount = Math.max(headerPages(pageBytes), Math.floor(file.size() / pageBytes));
  return {
    sequence: 0,
    pageBytes,
    state: oldest === undefined ? HeaderState.clean : HeaderState.needsLog,
    databaseId: oldest?.databaseId ?? new Uint8Array(16),
    logGeneration: oldest?.generation ?? 0,
    formatVersion: FormatVersion.first,
    meta: { ...emptyMeta(pageBytes), lsn: (oldest?.startLsn ?? 0) as Lsn, pageCount },
  };
}
