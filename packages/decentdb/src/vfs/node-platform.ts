/**
 * What the engine takes from Node besides files: the native CRC-32, the process's identity, random bytes.
 *
 * I1  Importing this module installs the native checksum and comparison; results equal the portable ones (base/checksum.test.ts,
 *     base/bytes-equal.test.ts).
 *     zlib, crypto and net take Node milliseconds to load: each is loaded when it is first used.
 * I2  Two processes never share a `ProcessIdentity`: a reused pid differs in start time, a reused start time in boot id.
 */
import { AsyncLocalStorage } from 'node:async_hooks';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { installBytesEqual } from '../base/bytes-equal.ts';
import { crc32, installCrc32 } from '../base/checksum.ts';

installCrc32((bytes, seed) => {
  installCrc32(process.getBuiltinModule('node:zlib').crc32);
  return crc32(bytes, seed);
});

installBytesEqual((a, b) => Buffer.compare(a, b) === 0);

/** Who holds a lock, precisely enough to tell whether it still runs. Unknown parts are empty. */
export interface ProcessIdentity {
  readonly pid: number;
  /** Start of the process in kernel ticks since boot. */
  readonly startTime: string;
  /** Changes with each boot of the machine. */
  readonly bootId: string;
  /** Process ids mean something only within one namespace (container). */
  readonly pidNamespace: string;
  readonly host: string;
}

export function randomBytes(count: number): Uint8Array {
  return process.getBuiltinModule('node:crypto').randomFillSync(new Uint8Array(count));
}

let self: ProcessIdentity | undefined;

export function processIdentity(): ProcessIdentity {
  self ??= {
    pid: process.pid,
    startTime: startTimeOf('self'),
    bootId: readTrimmed('/proc/sys/kernel/random/boot_id'),
    pidNamespace: readLink('/proc/self/ns/pid'),
    host: hostname(),
  };
  return self;
}

/** Whether a process with this id runs here, and if it can be told, since when (kernel ticks). */
export function probeProcess(pid: number): { readonly isAlive: boolean; readonly startTime: string } {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return { isAlive: false, startTime: '' };
  }
  return { isAlive: true, startTime: startTimeOf(String(pid)) };
}

/** Field 22 of /proc/PID/stat. The command name (field 2) may hold spaces and parentheses: count from the last one. */
function startTimeOf(pid: string): string {
  const stat = readTrimmed(`/proc/${pid}/stat`);
  return stat === '' ? '' : (stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? '');
}

function readTrimmed(path: string): string {
  try {
    return readFileSync(path, 'latin1').trim();
  } catch {
    return ''; // Not Linux, or hidden: the identity is then less precise, never wrong.
  }
}

function readLink(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return '';
  }
}

/** Milliseconds of a clock that never goes back: for ages and timeouts. (`performance` would be loaded, which takes a millisecond.) */
export function monotonicMs(): number {
  const time = process.hrtime();
  return time[0] * 1e3 + time[1] / 1e6;
}

/** Runs an action once the event loop has done what is ready now. */
export function soon(action: () => void): void {
  setImmediate(action);
}

/** A value that follows a chain of asynchronous calls: who started what is running now. */
export interface AsyncContext<T> {
  run<R>(value: T, action: () => R): R;
  current(): T | undefined;
}

export function asyncContext<T>(): AsyncContext<T> {
  const storage = new AsyncLocalStorage<T>();
  return { run: (value, action) => storage.run(value, action), current: () => storage.getStore() };
}

/** The function, run later as if it were called from here: values of the caller's own asynchronous contexts stay his. */
export function boundHere<A extends unknown[], R>(fn: (...args: A) => R): (...args: A) => R {
  return AsyncLocalStorage.bind(fn);
}
