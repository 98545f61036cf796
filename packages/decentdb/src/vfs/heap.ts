/**
 * How much of the JavaScript heap there is: beyond its limit the process dies, so who gathers values asks before.
 *
 * I1  What is in use includes garbage, so only who holds a good part of the heap by its own count (HELD_SHARE) is ever refused, and
 *     only when collecting the garbage has not made room.
 */
import { getHeapStatistics, setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { DecentDbError } from '../base/errors.ts';

/** The young generation, which the limit includes and lasting values cannot use: three halves of 16 MiB, of 64 MiB from V8 13 on. */
const YOUNG_BYTES: number = (Number.parseInt(process.versions.v8, 10) >= 13 ? 192 : 48) << 20;
/** Part of the heap in use from which nothing is given to who holds much: the rest is for what collecting garbage and unwinding take. */
const FULL_SHARE = 0.75;
/** I1. */
const HELD_SHARE = 8;

const heapBytesMax: number = lastingBytes();

function lastingBytes(): number {
  const limit = getHeapStatistics().heap_size_limit;
  return Math.max(limit - YOUNG_BYTES, limit / 4);
}

/** Who holds fewer bytes need not ask. */
export const heapBytesFree: number = Math.floor(heapBytesMax / HELD_SHARE);

/** Bytes at which a statement's rows go to temporary files at the latest, whatever work_mem says. */
export const heapWorkBytes: number = Math.floor(heapBytesMax / 4);

/** Refuses with 53200 where `held` bytes are much, and the heap is nearly full. */
export function requireHeap(held: number): void {
  if (held < heapBytesFree) return;
  // Made while there is room for it.
  collect ??= collector();
  if (!isNearlyFull()) return;
  collect();
  if (isNearlyFull()) throw heapError();
}

function isNearlyFull(): boolean {
  return getHeapStatistics().used_heap_size >= heapBytesMax * FULL_SHARE;
}

let collect: (() => void) | undefined;

/** Collects garbage now, which the platform would do some allocations later; it has no other way to be asked. */
function collector(): () => void {
  setFlagsFromString('--expose-gc');
  return runInNewContext('typeof gc === "function" ? gc : () => {}') as () => void;
}

/** Refuses with 53200 what will not fit: `bytes` are to be made at once. */
export function requireHeapFor(bytes: number): void {
  if (bytes >= heapBytesMax * FULL_SHARE) throw heapError();
  requireHeap(bytes);
}

function heapError(): DecentDbError {
  return new DecentDbError('53200', 'out of memory: the JavaScript heap is nearly full', {
    detail: `The heap holds ${heapBytesMax} bytes.`,
    hint: 'Select fewer rows or smaller values, read them one by one (iterate), or run Node with a larger --max-old-space-size.',
  });
}
