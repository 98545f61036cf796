/**
 * What the log holds beyond the page file, found when a database is opened.
 *
 * Recovery does not repair in place: it builds the page-version index of the committed frames. A writable open then copies
 * it to the page file and rewrites everything it relies on, since what a crash left in the system's cache need not be on
 * the disk (txn/rewrite-recovered.ts). A read-only open just reads through the index.
 *
 * I1  Only generations from the header's `logGeneration` on are read; older ones are in the page file.
 * I2  Nothing is written here.
 * I4  For a page that changed behind `sure`, the index also has the version at `sure`.
 * I3  A log that is missing, foreign or damaged in its middle is an error that names the remedy, never a silent loss.
 */
import { assert } from '../base/assert.ts';
import { DecentDbError, dataCorrupted } from '../base/errors.ts';
import type { Lsn, PageNo } from '../base/ids.ts';
import { trunkCapacity } from '../pager/free-list-node.ts';
import type { DatabaseMeta, FileHeader } from '../pager/meta.ts';
import type { PageImage } from '../pager/page-file.ts';
import { PAGE_HEADER_BYTES } from '../pager/page-layout.ts';
import type { Vfs } from '../vfs/vfs.ts';
import { LogFile, logPaths, readLogHeader } from './log-file.ts';
import { LOG_FIRST_FRAME, type LogHeader } from './log-layout.ts';
import { type LogScan, type ScannedBatch, scanLog } from './log-scan.ts';
import { packPosition, positionFile, positionOffset, VersionIndex } from './version-index.ts';

export interface RecoveryReport {
  readonly commits: number;
  readonly pages: number;
  /** Things survived that somebody should know of. */
  readonly warnings: readonly string[];
  /** Set when durable commits are lost: the last good LSN is that of the meta. */
  readonly lostLsn: Lsn | undefined;
}

/**
 * How far the log is known to be on disk. What follows was read back, perhaps only from the system's cache: after a killed
 * process, or a failed sync, a power cut may still take it away.
 */
export interface SureEnd {
  readonly meta: DatabaseMeta;
  /** The generation in which it ends, the place and the chain there. */
  readonly log: LogHeader;
  readonly end: number;
  readonly chain: number;
}

export interface Recovered {
  readonly meta: DatabaseMeta;
  /** Undefined when all of the log is known to be on disk. */
  readonly sure: SureEnd | undefined;
  readonly index: VersionIndex;
  readonly report: RecoveryReport;
  /** Highest generation seen: new ones go above it. */
  readonly generation: number;
  readFrame(position: number, page: PageNo, lsn: Lsn): PageImage;
  close(): void;
}

export interface RecoveryOptions {
  /** Go on with what is left when durable commits are lost or a log file is missing. */
  readonly isTruncating: boolean;
  /** Report losses instead of failing on them: nothing is going to be written. */
  readonly isReadOnly: boolean;
}

/** Reads the logs of a database whose header says that it needs them. */
export function recoverLogs(
  vfs: Vfs,
  databasePath: string,
  header: FileHeader,
  options: RecoveryOptions,
): Recovered {
  const logs = openLogs(vfs, databasePath, header, options);
  try {
    return new LogReplay(databasePath, header, logs).run(options);
  } catch (error) {
    for (const log of logs) log?.file.close();
    throw error;
  }
}

class LogReplay {
  private readonly path: string;
  private readonly header: FileHeader;
  private readonly logs: readonly (LogFile | undefined)[];
  private readonly index: VersionIndex;
  private readonly warnings: string[] = [];
  private meta: DatabaseMeta;
  private commits = 0;
  /** Page frames of those commits. */
  private frames = 0;
  private generation: number;
  private lostLsn: Lsn | undefined;
  private sure: SureEnd | undefined;
  /** Batches that no later commit frame vouches for, so far. */
  private readonly unsure: { readonly batch: ScannedBatch; readonly log: LogHeader }[] = [];

  constructor(path: string, header: FileHeader, logs: readonly (LogFile | undefined)[]) {
    this.path = path;
    this.header = header;
    this.logs = logs;
    this.meta = header.meta;
    this.index = new VersionIndex(header.meta.lsn);
    this.generation = header.logGeneration;
  }

  run(options: RecoveryOptions): Recovered {
    const oldest = this.logOf(this.header.logGeneration);
    if (oldest !== undefined) this.replay(oldest, this.logOf(this.header.logGeneration + 1));
    else if (!options.isTruncating) throw this.missingError();
    else this.warnings.push('a log file is missing: commits since the last checkpoint are given up');
    if (this.lostLsn !== undefined && !options.isTruncating && !options.isReadOnly) throw this.lossError();
    this.addUnsure();
    return {
      meta: this.meta,
      sure: this.sure,
      index: this.index,
      generation: this.generation,
      report: {
        commits: this.commits,
        pages: this.index.entries,
        warnings: this.warnings,
        lostLsn: this.lostLsn,
      },
      readFrame: (position, page, lsn) =>
        this.logs[positionFile(position)]!.readFrame(positionOffset(position), page, lsn),
      close: () => {
        for (const log of this.logs) log?.file.close();
      },
    };
  }

  /**
   * A page that is new is in the log, or free without ever having been written: then it is on a trunk that is in the log. A commit that
   * claims more pages lies, and must not make the page file grow to what it says.
   */
  private checkGrowth(): void {
    const { pageBytes, meta } = this.header;
    const pagesMax = meta.pageCount + this.frames * (1 + trunkCapacity(pageBytes - PAGE_HEADER_BYTES));
    if (this.meta.pageCount <= pagesMax) return;
    throw dataCorrupted(`the log claims ${this.meta.pageCount} pages, more than it can have made`, this.path);
  }

  private replay(oldest: LogFile, next: LogFile | undefined): void {
    if (oldest.header.startLsn > this.header.meta.lsn) {
      throw dataCorrupted(
        `log begins after commit ${oldest.header.startLsn}, the page file ends at ${this.header.meta.lsn}`,
        oldest.file.path,
      );
    }
    const scan = this.scan(oldest);
    this.noteLoss(scan.lostLsn);
    if (next === undefined) return;
    const { previousEnd, previousChain, startLsn } = next.header;
    // A switch that failed left a header behind; the generation before went on and passed it.
    if (scan.lastLsn > startLsn) return;
    const isWhole = previousEnd === 0 || (scan.end === previousEnd && scan.chain === previousChain);
    if (isWhole && scan.lastLsn === startLsn) {
      this.vouch(startLsn); // The switch synced all of it before the next header was written.
      this.noteLoss(this.scan(next).lostLsn);
    } else if (previousEnd > 0) this.noteLoss(startLsn); // The switch synced all of it before this header was written.
  }

  private scan(log: LogFile): LogScan {
    this.generation = Math.max(this.generation, log.header.generation);
    assert(this.unsure.length === 0, 'a generation begins when the one before is known to be on disk');
    this.sure = { meta: this.meta, log: log.header, end: LOG_FIRST_FRAME, chain: log.header.chainSeed };
    const scan = scanLog(log.file, log.header, (batch) => {
      this.unsure.push({ batch, log: log.header });
      this.vouch(Math.max(batch.durableLsn, this.header.meta.lsn) as Lsn);
      if (batch.meta.lsn <= this.header.meta.lsn) return; // In the page file already.
      this.commits++;
      this.frames += batch.frames.length;
      this.meta = batch.meta;
      this.checkGrowth();
    });
    log.end = scan.end;
    log.chain = scan.chain;
    log.lastLsn = scan.lastLsn;
    return scan;
  }

  /** Everything up to `lsn` is known to be on disk. */
  private vouch(lsn: Lsn): void {
    for (let next = this.unsure[0]; next !== undefined && next.batch.meta.lsn <= lsn; next = this.unsure[0]) {
      const { batch, log } = next;
      const meta = batch.meta.lsn > this.header.meta.lsn ? batch.meta : this.header.meta;
      this.sure = { meta, log, end: batch.end, chain: batch.chain };
      this.addToIndex(batch, log, 0 as Lsn);
      this.unsure.shift();
    }
  }

  /** I4: what is left over keeps the versions before it in the index. */
  private addUnsure(): void {
    if (this.unsure.length === 0) this.sure = undefined;
    for (const { batch, log } of this.unsure) this.addToIndex(batch, log, this.sure!.meta.lsn);
  }

  private addToIndex(batch: ScannedBatch, log: LogHeader, keptLsn: Lsn): void {
    const fileNo = (log.generation & 1) as 0 | 1;
    for (const { page, lsn, offset } of batch.frames) {
      if (lsn > this.header.meta.lsn) this.index.add(page, lsn, packPosition(fileNo, offset), keptLsn);
    }
  }

  private noteLoss(lost: Lsn | undefined): void {
    if (lost === undefined || lost <= this.meta.lsn) return;
    this.lostLsn = lost;
    this.warnings.push(`commits ${this.meta.lsn + 1} to ${lost} were durable and are damaged in the log`);
  }

  private logOf(generation: number): LogFile | undefined {
    const log = this.logs[generation & 1];
    return log?.header.generation === generation ? log : undefined;
  }

  private missingError(): DecentDbError {
    const missing = logPaths(this.path)[this.header.logGeneration & 1]!;
    return new DecentDbError('XX001', `the log of database "${this.path}" is damaged or from another time`, {
      file: missing,
      detail: `The database needs log generation ${this.header.logGeneration} of "${missing}".`,
      hint: REMEDY,
    });
  }

  private lossError(): DecentDbError {
    return new DecentDbError('XX001', `the log of database "${this.path}" is damaged in its middle`, {
      file: this.path,
      detail: `Commits ${this.meta.lsn + 1} to ${this.lostLsn} were durable and cannot be read any more.`,
      hint: `The medium is likely failing: copy the files first. Mode "readOnly" shows the state as of commit ${this.meta.lsn}; opening with recover: 'truncate' goes on from there for good.`,
    });
  }
}

const REMEDY =
  "Put the log files that belong to this database back beside it. Opening with recover: 'truncate' gives up the commits since its last checkpoint.";

function openLogs(
  vfs: Vfs,
  databasePath: string,
  header: FileHeader,
  options: RecoveryOptions,
): readonly (LogFile | undefined)[] {
  const logs: (LogFile | undefined)[] = [];
  try {
    for (const path of logPaths(databasePath)) logs.push(openLog(vfs, path, databasePath, header, options));
    return logs;
  } catch (error) {
    for (const log of logs) log?.file.close();
    throw error;
  }
}

function openLog(
  vfs: Vfs,
  path: string,
  databasePath: string,
  header: FileHeader,
  options: RecoveryOptions,
): LogFile | undefined {
  if (!vfs.exists(path)) {
    if (options.isTruncating) return undefined;
    throw new DecentDbError('58P01', `database "${databasePath}" needs its log, but "${path}" is missing`, {
      file: path,
      hint: REMEDY,
    });
  }
  const file = vfs.open(path, 'readOnly');
  try {
    const found = readLogHeader(file);
    if (found === undefined) {
      file.close(); // Torn while a generation was starting: nothing in it was acknowledged.
      return undefined;
    }
    if (isForeign(found, header)) {
      if (!options.isTruncating) throw foreignError(path, databasePath);
      file.close();
      return undefined;
    }
    return new LogFile(file, found, file.size());
  } catch (error) {
    file.close();
    throw error;
  }
}

function isForeign(log: LogHeader, header: FileHeader): boolean {
  return (
    log.pageBytes !== header.pageBytes || log.databaseId.some((byte, i) => byte !== header.databaseId[i])
  );
}

function foreignError(path: string, databasePath: string): DecentDbError {
  return new DecentDbError('XX001', `log "${path}" belongs to another database than "${databasePath}"`, {
    file: path,
    hint: REMEDY,
  });
}
