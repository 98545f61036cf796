/**
 * What the log holds beyond the page file, found when a database is opened.
 *
 * Recovery does not repair in place: it builds the page-version index of the committed frames. A writable open then runs
 * an ordinary checkpoint over it (copy, sync, header, sync), which rewrites everything it relies on, since what a crash
 * left in the system's cache need not be on the disk. A read-only open just reads through the index.
 *
 * I1  Only generations from the header's `logGeneration` on are read; older ones are in the page file.
 * I2  Nothing is written here.
 * I3  A log that is missing, foreign or damaged in its middle is an error that names the remedy, never a silent loss.
 */
import { DecentDbError, dataCorrupted } from '../base/errors.ts';
import type { Lsn, PageNo } from '../base/ids.ts';
import type { DatabaseMeta, FileHeader } from '../pager/meta.ts';
import type { PageImage } from '../pager/page-file.ts';
import type { Vfs } from '../vfs/vfs.ts';
import { LogFile, logPaths, readLogHeader } from './log-file.ts';
import type { LogHeader } from './log-layout.ts';
import { type LogScan, scanLog } from './log-scan.ts';
import { packPosition, positionFile, positionOffset, VersionIndex } from './version-index.ts';

export interface RecoveryReport {
  readonly commits: number;
  readonly pages: number;
  /** Things survived that somebody should know of. */
  readonly warnings: readonly string[];
  /** Set when durable commits are lost: the last good LSN is that of the meta. */
  readonly lostLsn: Lsn | undefined;
}

export interface Recovered {
  readonly meta: DatabaseMeta;
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
  private generation: number;
  private lostLsn: Lsn | undefined;

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
    return {
      meta: this.meta,
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
    if (isWhole && scan.lastLsn === startLsn) this.noteLoss(this.scan(next).lostLsn);
    else if (previousEnd > 0) this.noteLoss(startLsn); // The switch synced all of it before this header was written.
  }

  private scan(log: LogFile): LogScan {
    const fileNo = (log.header.generation & 1) as 0 | 1;
    this.generation = Math.max(this.generation, log.header.generation);
    const scan = scanLog(log.file, log.header, (frames, meta) => {
      if (meta.lsn <= this.header.meta.lsn) return; // In the page file already.
      this.commits++;
      this.meta = meta;
      for (const { page, lsn, offset } of frames) {
        if (lsn > this.header.meta.lsn) this.index.add(page, lsn, packPosition(fileNo, offset), 0 as Lsn);
      }
    });
    log.end = scan.end;
    log.chain = scan.chain;
    log.lastLsn = scan.lastLsn;
    return scan;
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
