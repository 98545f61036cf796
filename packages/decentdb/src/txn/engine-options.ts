/**
 * Options of a storage engine, with their defaults and limits.
 *
 * I1  Two opens of one file in a process share an engine only if what they ask for agrees (`conflictOf`).
 */
import { DecentDbError, invalidUse } from '../base/errors.ts';
import { isValidPageBytes, PAGE_BYTES_DEFAULT } from '../pager/page-layout.ts';
import { monotonicMs, soon } from '../vfs/node-platform.ts';
import type { Vfs } from '../vfs/vfs.ts';

/** `create` opens or creates, `open` wants an existing database, `createNew` a new one. */
export type StorageMode = 'create' | 'open' | 'createNew' | 'readOnly';

/**
 * What a commit waits for.
 * `full`: its log frames are synced. Nothing acknowledged is ever lost.
 * `deferred`: nothing; frames are written and synced within `flushIntervalMs`, at `flush`, checkpoint and close. A crash
 * loses the newest commits, all after some point, never consistency.
 * `none`: frames are written, nothing is ever synced. For data that can be made again: a power cut may damage the file.
 */
export type Durability = 'full' | 'deferred' | 'none';

export interface StorageOptions {
  readonly vfs?: Vfs | undefined;
  readonly mode?: StorageMode | undefined;
  /** Bytes of a page of a new database: a power of two from 4096 to 65536 (512 up for tests). */
  readonly pageSize?: number | undefined;
  readonly durability?: Durability | undefined;
  readonly cacheBytes?: number | undefined;
  /** Bytes of a log file that start a checkpoint and a switch to the other file. */
  readonly walBytesMax?: number | undefined;
  /** Bytes of log kept for old readers before writes are refused. */
  readonly walBytesHardMax?: number | undefined;
  /** Memory of the page-version index that starts a checkpoint; twice as much refuses writes. */
  readonly indexBytesMax?: number | undefined;
  /** Deferred durability: bytes of committed nodes that may wait for the log, and for how long. */
  readonly unloggedBytesMax?: number | undefined;
  readonly flushIntervalMs?: number | undefined;
  /** Memory of one write transaction's private pages before they are written to the log early. */
  readonly privateBytesMax?: number | undefined;
  /** Smallest step by which a log file grows. */
  readonly walStepBytes?: number | undefined;
  /** Versions of pages go to the log as changes of the ones before, where that is shorter; else all of them whole. */
  readonly isLoggingChanges?: boolean | undefined;
  /** A reader older than this is counted in the statistics. */
  readonly readerWarnMs?: number | undefined;
  /** A reader older than this is revoked; 0 never. */
  readonly readerTimeoutMs?: number | undefined;
  /** Age of commits not yet in the page file that starts a checkpoint; 0: only size does. */
  readonly checkpointIntervalMs?: number | undefined;
  /** Writers that may wait in the queue of asynchronous writers, and for how long. */
  readonly writeQueueMax?: number | undefined;
  readonly lockTimeoutMs?: number | undefined;
  readonly pageCountMax?: number | undefined;
  /** `truncate` gives up durable commits that a damaged or missing log has lost. */
  readonly recover?: 'truncate' | undefined;
  /** Monotonic milliseconds. */
  readonly now?: (() => number) | undefined;
  /** Runs an action after everything that can run now: when a group of commits is written. */
  readonly defer?: ((action: () => void) => void) | undefined;
}

export interface ResolvedOptions {
  readonly vfs: Vfs;
  readonly mode: StorageMode;
  readonly pageSize: number;
  readonly isPageSizeGiven: boolean;
  readonly durability: Durability;
  readonly cacheBytes: number;
  readonly walBytesMax: number;
  readonly walBytesHardMax: number;
  readonly indexBytesMax: number;
  readonly unloggedBytesMax: number;
  readonly flushIntervalMs: number;
  readonly privateBytesMax: number;
  readonly walStepBytes: number;
  readonly isLoggingChanges: boolean;
  readonly readerWarnMs: number;
  readonly readerTimeoutMs: number;
  readonly checkpointIntervalMs: number;
  readonly writeQueueMax: number;
  readonly lockTimeoutMs: number;
  readonly pageCountMax: number;
  readonly isTruncating: boolean;
  readonly now: () => number;
  readonly defer: (action: () => void) => void;
}

const MIB: number = 1024 * 1024;

export function resolveOptions(options: StorageOptions, defaultVfs: () => Vfs): ResolvedOptions {
  const pageSize = options.pageSize ?? PAGE_BYTES_DEFAULT;
  if (!isValidPageBytes(pageSize)) {
    throw invalidUse(`pageSize ${pageSize} is not valid`, 'Use a power of two from 4096 to 65536.');
  }
  const atLeast = (name: string, value: number, least: number): number => {
    if (!Number.isFinite(value) || value < least)
      throw invalidUse(`${name} must be at least ${least}, not ${value}`);
    return value;
  };
  return {
    vfs: options.vfs ?? defaultVfs(),
    mode: options.mode ?? 'create',
    pageSize,
    isPageSizeGiven: options.pageSize !== undefined,
    durability: options.durability ?? 'full',
    cacheBytes: atLeast('cacheBytes', options.cacheBytes ?? 128 * MIB, 4096),
    walBytesMax: atLeast('walBytesMax', options.walBytesMax ?? 32 * MIB, 4096),
    walBytesHardMax: atLeast('walBytesHardMax', options.walBytesHardMax ?? 1024 * MIB, 4096),
    indexBytesMax: atLeast('indexBytesMax', options.indexBytesMax ?? 64 * MIB, 4096),
    unloggedBytesMax: atLeast('unloggedBytesMax', options.unloggedBytesMax ?? 16 * MIB, 0),
    flushIntervalMs: atLeast('flushIntervalMs', options.flushIntervalMs ?? 200, 0),
    privateBytesMax: atLeast('privateBytesMax', options.privateBytesMax ?? 192 * MIB, 0),
    walStepBytes: atLeast('walStepBytes', options.walStepBytes ?? 64 * 1024, 512),
    isLoggingChanges: options.isLoggingChanges ?? false,
    readerWarnMs: atLeast('readerWarnMs', options.readerWarnMs ?? 60_000, 0),
    readerTimeoutMs: atLeast('readerTimeoutMs', options.readerTimeoutMs ?? 0, 0),
    checkpointIntervalMs: atLeast('checkpointIntervalMs', options.checkpointIntervalMs ?? 300_000, 0),
    writeQueueMax: atLeast('writeQueueMax', options.writeQueueMax ?? 10_000, 1),
    lockTimeoutMs: atLeast('lockTimeoutMs', options.lockTimeoutMs ?? 0, 0),
    pageCountMax: options.pageCountMax ?? 2 ** 32 - 1,
    isTruncating: options.recover === 'truncate',
    now: options.now ?? monotonicMs,
    defer: options.defer ?? soon,
  };
}

/** The error when an open asks for what the engine that has the file open does not offer. */
export function conflictOf(
  path: string,
  have: ResolvedOptions,
  want: StorageOptions,
): DecentDbError | undefined {
  const refuse = (what: string): DecentDbError =>
    new DecentDbError('55006', `database "${path}" is already open in this process ${what}`, {
      file: path,
      hint: 'Use the same options, or close the other handle first.',
    });
  if (want.mode === 'createNew') {
    return new DecentDbError('58P02', `database "${path}" already exists`, { file: path });
  }
  if (have.mode === 'readOnly' && want.mode !== 'readOnly') return refuse('for reading only');
  if (want.durability !== undefined && want.durability !== have.durability) {
    return refuse(`with durability "${have.durability}", not "${want.durability}"`);
  }
  return undefined;
}
