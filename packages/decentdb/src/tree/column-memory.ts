/**
 * Typed arrays for columns, cut from shared slabs.
 *
 * V8 pays for every buffer it tracks: a 4 KiB Float64Array of its own costs about 5 us with its share of garbage
 * collection, a view into a slab 50 ns. Leaves decoded or built one after the other share slabs, and are mostly dropped
 * one after the other, too; a slab lives as long as any column in it. So it is small: of look-ups in random order a few leaves
 * stay, and slabs four times as large kept three times the bytes the cache had counted.
 *
 * I1  Arrays are zero-filled, 8-byte aligned, and no byte is handed out twice.
 * I2  What is decoded of a page that passes by lies in the memory that came with it, and is void with the page.
 */
import type { PassingMemory } from '../pager/passing-memory.ts';

const SLAB_BYTES = 32 * 1024;
/** Larger arrays get a buffer of their own. */
const SHARED_BYTES_MAX = 8 * 1024;

let slab = new ArrayBuffer(0);
let next = 0;

/** Offset of `bytes` bytes in the current slab, starting a new one when it is full. */
function take(bytes: number): number {
  const size = (bytes + 7) & ~7;
  if (next + size > slab.byteLength) {
    slab = new ArrayBuffer(SLAB_BYTES);
    next = 0;
  }
  const at = next;
  next += size;
  return at;
}

export function newInt32s(count: number, passing: PassingMemory | null = null): Int32Array {
  const room = passing === null ? -1 : passing.take(count * 4);
  if (room >= 0) return new Int32Array(passing!.buffer, room, count).fill(0);
  if (count * 4 > SHARED_BYTES_MAX) return new Int32Array(count);
  const at = take(count * 4);
  return new Int32Array(slab, at, count);
}

export function newFloat64s(count: number, passing: PassingMemory | null = null): Float64Array {
  const room = passing === null ? -1 : passing.take(count * 8);
  if (room >= 0) return new Float64Array(passing!.buffer, room, count).fill(0);
  if (count * 8 > SHARED_BYTES_MAX) return new Float64Array(count);
  const at = take(count * 8);
  return new Float64Array(slab, at, count);
}

export function newUint8s(count: number, passing: PassingMemory | null = null): Uint8Array {
  const room = passing === null ? -1 : passing.take(count);
  if (room >= 0) return new Uint8Array(passing!.buffer, room, count).fill(0);
  if (count > SHARED_BYTES_MAX) return new Uint8Array(count);
  const at = take(count);
  return new Uint8Array(slab, at, count);
}
