/**
 * What the owner of a database and its threads say to each other, and how errors travel.
 *
 * I1  An error arrives with every field it left with; its stack is the one of the thread where it happened.
 */
import type { AsyncQueryOptions } from '../api/async-database.ts';
import type { OpenOptions } from '../api/options.ts';
import type { Result } from '../api/result.ts';
import { DecentDbError } from '../base/errors.ts';
import type { ShareTicket } from '../txn/log-follower.ts';

/** Options of a query that can be sent: no signal. */
export type SentOptions = Omit<AsyncQueryOptions, 'signal'>;

export interface QueryMessage {
  readonly id: number;
  readonly sql: string;
  readonly params: readonly unknown[];
  readonly options: SentOptions;
  /** What SET left for the session, where that is not what the thread was last told. */
  readonly settings?: ReadonlyMap<string, string>;
}

export type Reply = {
  readonly id: number;
  /** What SET left for the session of the owner, where that is not what the thread was last told. */
  readonly settings?: ReadonlyMap<string, string>;
} & ({ readonly result: Result<unknown> } | { readonly error: SentError });

/** What a reader thread is born with. */
export interface ThreadData {
  /** Numbers of queries that are to stop: query n at n modulo the length. */
  readonly interrupts: SharedArrayBuffer;
  /** Of each thread of the pool, how many queries it has to answer; and which of them this one is. */
  readonly loads: SharedArrayBuffer;
  readonly self: number;
  /** Threads that may help this one. */
  readonly helpers: number;
  readonly ticket: ShareTicket;
  readonly options: OpenOptions;
}

interface SentError {
  readonly isOurs: boolean;
  readonly error: unknown;
  readonly fields: Readonly<Record<string, unknown>>;
  readonly stack: string | undefined;
}

const fieldNames = [
  'position',
  'detail',
  'hint',
  'schema',
  'table',
  'column',
  'dataType',
  'constraint',
  'query',
  'file',
  'page',
  'errno',
] as const;

export function sendable(error: unknown): SentError {
  if (!(error instanceof DecentDbError)) return { isOurs: false, error, fields: {}, stack: undefined };
  const fields: Record<string, unknown> = {};
  for (const name of fieldNames) if (error[name] !== undefined) fields[name] = error[name];
  return { isOurs: true, error: [error.code, error.message], fields, stack: error.stack };
}

export function received(sent: SentError): unknown {
  if (!sent.isOurs) return sent.error;
  const [code, message] = sent.error as [string, string];
  const error = new DecentDbError(code, message, sent.fields);
  if (sent.stack !== undefined) error.stack = sent.stack;
  return error;
}

/** Options as another thread can have them; functions cannot travel. */
export function sendableOptions(options: OpenOptions): OpenOptions {
  const { cacheBytes, workMemBytes, int8, numeric, timestamp, json, settings } = options;
  for (const [name, value] of Object.entries({ numeric, timestamp })) {
    if (typeof value !== 'function') continue;
    throw new DecentDbError('0A000', `option ${name} cannot be a function in a database read by threads`, {
      hint: `Use one of the named choices, and convert in your own code.`,
    });
  }
  const sent = { cacheBytes, workMemBytes, int8, numeric, timestamp, json, settings };
  return Object.fromEntries(Object.entries(sent).filter(([, value]) => value !== undefined));
}
