/**
 * Options of `openSync` and of queries: names, defaults, checks.
 *
 * I1  An option that is misspelt or of the wrong kind is refused before anything is opened.
 */
import { invalidUse } from '../base/errors.ts';
import type { Notice } from '../session/ddl/context.ts';
import type { Durability, StorageMode, StorageOptions } from '../txn/engine-options.ts';
import { defaultJsOptions, type JsOptions } from '../types/sql-type.ts';
import type { Vfs } from '../vfs/vfs.ts';
import { checkOptionNames } from './did-you-mean.ts';

/** Options of `openSync`. Everything has a default. */
export interface OpenOptions {
  /** create (default): open or create; open: must exist; createNew: must not exist; readOnly. */
  readonly mode?: StorageMode;
  /**
   * What a commit waits for. full (default): the disk; nothing acknowledged is ever lost. deferred: nothing; a crash loses
   * the newest commits, never consistency. none: as deferred, and the file may be damaged by a power cut.
   */
  readonly durability?: Durability | 'relaxed' | 'off';
  /** Memory for pages, bytes. Default 128 MiB. */
  readonly cacheBytes?: number;
  /** Bytes of a page of a new database: a power of two from 4096 to 65536. */
  readonly pageSize?: number;
  /** Log bytes that start a checkpoint. Default 32 MiB. */
  readonly walBytesMax?: number;
  /** Log bytes kept for old readers before writes are refused. Default 1 GiB. */
  readonly walBytesHardMax?: number;
  /** Memory of the log's page index that starts a checkpoint. Default 64 MiB; twice as much refuses writes. */
  readonly indexBytesMax?: number;
  /** Age of commits not yet in the database file that starts a checkpoint, milliseconds; 0: only size does. Default 5 minutes. */
  readonly checkpointIntervalMs?: number;
  /** Memory of one transaction's changed pages before they go to the log early. Default 192 MiB. */
  readonly transactionBytesMax?: number;
  /** With durability deferred: longest time a commit may wait for the disk, milliseconds. Default 200. */
  readonly flushIntervalMs?: number;
  /** Readers older than this, milliseconds, are counted and told of as a warning. Default 60,000. */
  readonly readerWarnMs?: number;
  /** Readers older than this are ended, milliseconds; 0 (default): never. */
  readonly readerTimeoutMs?: number;
  /** Longest wait of an asynchronous write for its turn, milliseconds; 0 (default): no limit. */
  readonly lockTimeoutMs?: number;
  /** Asynchronous writes that may wait for their turn. Default 10,000. */
  readonly writeQueueMax?: number;
  /** Memory a statement may hold before it spills, bytes. */
  readonly workMemBytes?: number;
  /** bigint columns: auto (default): number when safe, else bigint. */
  readonly int8?: JsOptions['int8'];
  /** numeric columns: string (default), number, or a function of the text. */
  readonly numeric?: JsOptions['numeric'];
  /** date, timestamp, timestamptz: date (default, a Date), string, or a function of the text. */
  readonly timestamp?: JsOptions['timestamp'];
  /** json and jsonb: parsed (default) or text. */
  readonly json?: JsOptions['json'];
  /** Settings the connection starts with, as SET would give them: { TimeZone: 'Europe/Berlin' }. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Called for NOTICE and WARNING messages. */
  readonly onNotice?: (notice: Notice) => void;
  /** `truncate` gives up commits that a damaged or missing log has lost. */
  readonly recover?: 'truncate';
  /** Another file system, for tests. */
  readonly vfs?: Vfs;
}

const openOptionNames = [
  'mode',
  'durability',
  'cacheBytes',
  'pageSize',
  'walBytesMax',
  'walBytesHardMax',
  'indexBytesMax',
  'checkpointIntervalMs',
  'transactionBytesMax',
  'flushIntervalMs',
  'readerWarnMs',
  'readerTimeoutMs',
  'lockTimeoutMs',
  'writeQueueMax',
  'workMemBytes',
  'int8',
  'numeric',
  'timestamp',
  'json',
  'settings',
  'onNotice',
  'recover',
  'vfs',
] as const satisfies readonly (keyof OpenOptions)[];

/** Options of `query` and `prepare`d statements' rows. */
export interface QueryOptions {
  /** object (default): rows by column name; array: rows as arrays in column order. */
  readonly rowMode?: 'object' | 'array';
  /** js (default): JavaScript values; text: PostgreSQL's text of every value. */
  readonly format?: 'js' | 'text';
}

const queryOptionNames = ['rowMode', 'format'] as const satisfies readonly (keyof QueryOptions)[];

const durabilities: Readonly<Record<string, Durability>> = {
  full: 'full',
  deferred: 'deferred',
  relaxed: 'deferred',
  none: 'none',
  off: 'none',
};

function choice<T extends string>(name: string, value: unknown, choices: readonly T[]): void {
  if (value === undefined || choices.includes(value as T)) return;
  throw invalidUse(
    `option ${name} cannot be ${JSON.stringify(value)}`,
    `Choices are ${choices.map((c) => `"${c}"`).join(', ')}.`,
  );
}

function positive(name: string, value: unknown): void {
  if (value === undefined) return;
  if (typeof value !== 'number' || !Number.isFinite(value) || value < 0)
    throw invalidUse(`option ${name} must be a number of zero or more, not ${String(value)}`);
}

/** Checks everything that can be checked without opening. */
export function checkOpenOptions(options: OpenOptions, what: 'open' | 'openSync' = 'openSync'): void {
  if (typeof options !== 'object' || options === null) throw invalidUse('options must be an object');
  checkOptionNames(options, openOptionNames, what);
  choice('mode', options.mode, ['create', 'open', 'createNew', 'readOnly']);
  choice('durability', options.durability, Object.keys(durabilities));
  choice('int8', options.int8, ['auto', 'bigint', 'number-or-throw', 'string']);
  choice('json', options.json, ['parsed', 'text']);
  choice('recover', options.recover, ['truncate']);
  if (typeof options.numeric !== 'function') choice('numeric', options.numeric, ['string', 'number']);
  if (typeof options.timestamp !== 'function') choice('timestamp', options.timestamp, ['date', 'string']);
  for (const name of openOptionNames) if (/Bytes|Ms$|Max$|Size$/.test(name)) positive(name, options[name]);
}

export function storageOptions(options: OpenOptions): StorageOptions {
  const { durability, transactionBytesMax } = options;
  return {
    mode: options.mode,
    cacheBytes: options.cacheBytes,
    pageSize: options.pageSize,
    walBytesMax: options.walBytesMax,
    walBytesHardMax: options.walBytesHardMax,
    indexBytesMax: options.indexBytesMax,
    checkpointIntervalMs: options.checkpointIntervalMs,
    privateBytesMax: transactionBytesMax,
    flushIntervalMs: options.flushIntervalMs,
    readerWarnMs: options.readerWarnMs,
    readerTimeoutMs: options.readerTimeoutMs,
    lockTimeoutMs: options.lockTimeoutMs,
    writeQueueMax: options.writeQueueMax,
    recover: options.recover,
    vfs: options.vfs,
    ...(durability === undefined ? {} : { durability: durabilities[durability] }),
  };
}

export function jsOptions(options: OpenOptions, settings: JsOptions['settings']): JsOptions {
  return {
    int8: options.int8 ?? defaultJsOptions.int8,
    numeric: options.numeric ?? defaultJsOptions.numeric,
    timestamp: options.timestamp ?? defaultJsOptions.timestamp,
    json: options.json ?? defaultJsOptions.json,
    settings,
  };
}

export function checkQueryOptions(options: QueryOptions): void {
  checkOptionNames(options, queryOptionNames, 'query');
  choice('rowMode', options.rowMode, ['object', 'array']);
  choice('format', options.format, ['js', 'text']);
}
