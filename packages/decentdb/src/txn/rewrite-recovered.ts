/**
 * Gives recovered commits that may exist only in the system's cache a log generation of their own, synced.
 *
 * After a killed process the newest frames of the log may be in the cache and not on the disk; after a failed sync the
 * system even calls them clean, so that syncing again does nothing. Recovery reads them all the same. If it copied their
 * pages at once, a power cut could leave half of them in the page file and their frames nowhere.
 *
 *     page file at `sure` --> generation g+1 written, synced --> header names g+1 --> pages copied --> header clean
 *
 * I1  The file written to holds nothing that is needed: everything up to `sure` is in the page file, durably.
 * I2  The generation g+1 begins where g is sure to end. If a crash leaves both, replay takes all of g, or g+1 behind the
 *     sure end: the same commits.
 */
import { crc32 } from '../base/checksum.ts';
import type { PageNo } from '../base/ids.ts';
import type { Vfs } from '../vfs/vfs.ts';
import { FrameBuffer } from '../wal/frame-buffer.ts';
import { logPaths } from '../wal/log-file.ts';
import {
  decodeLogHeader,
  encodeLogHeader,
  frameBytes,
  LOG_FIRST_FRAME,
  LOG_HEADER_BYTES,
  type LogHeader,
  LogVersion,
} from '../wal/log-layout.ts';
import type { Recovered, SureEnd } from '../wal/recovery.ts';
import { storedAsNode } from './spilled-pages.ts';

/**
 * Makes the header of the generation that `sure` ends in durable, if only a commit that is not sure vouches for it: the page
 * file is about to name that generation. One copy of it is whole at every instant.
 */
export function secureLogHeader(vfs: Vfs, path: string, sure: SureEnd): void {
  if (sure.end !== LOG_FIRST_FRAME) return;
  const bytes = encodeLogHeader(sure.log);
  const file = vfs.open(logPaths(path)[sure.log.generation & 1]!, 'readWrite');
  try {
    // A torn write may have left one good copy: it is touched last.
    const first = new Uint8Array(LOG_HEADER_BYTES);
    file.readAt(first, 0);
    const isFirstGood = decodeLogHeader(first)?.generation === sure.log.generation;
    for (const at of isFirstGood ? [LOG_HEADER_BYTES, 0] : [0, LOG_HEADER_BYTES]) {
      file.writeAt(bytes.subarray(at, at + LOG_HEADER_BYTES), at);
      file.sync('data');
    }
  } finally {
    file.close();
  }
}

/** Writes the generation; returns its number. The page file must hold the state at `sure`, durably. */
export function rewriteUnsure(
  vfs: Vfs,
  path: string,
  recovered: Recovered,
  sure: SureEnd,
  payloadBytes: number,
): number {
  const header = headerAfter(sure);
  const { index, meta } = recovered;
  const file = vfs.open(logPaths(path)[header.generation & 1]!, 'create');
  try {
    file.writeAt(encodeLogHeader(header), 0);
    const pages = index.pagesThrough(meta.lsn);
    const buffer = new FrameBuffer(payloadBytes, (pages.length + 1) * frameBytes(payloadBytes));
    buffer.start(LOG_FIRST_FRAME, header.chainSeed, header.salt, 1);
    const write = (): void => {
      const { bytes, offset } = buffer.pending();
      file.writeAt(bytes, offset);
      buffer.advance();
    };
    for (const number of pages) {
      const page = number as PageNo;
      const entry = index.latest(page);
      const lsn = index.lsnAt(entry);
      if (buffer.isFull) write();
      buffer.addPage(storedAsNode(page, recovered.readFrame(index.positionAt(entry), page, lsn)), lsn);
    }
    buffer.addCommit(meta, sure.meta.lsn, pages.length);
    write();
    file.sync('full');
  } finally {
    file.close();
  }
  vfs.syncDirectory(vfs.directoryOf(path));
  return header.generation;
}

/** A generation that follows `sure`. Its salt comes from the old one, so that recovering twice writes the same bytes. */
function headerAfter({ meta, log, end, chain }: SureEnd): LogHeader {
  return {
    ...log,
    version: LogVersion.wholePages,
    generation: log.generation + 1,
    salt: crc32(log.databaseId, log.salt),
    chainSeed: crc32(log.databaseId, log.chainSeed),
    startLsn: meta.lsn,
    previousEnd: end,
    previousChain: chain,
  };
}
