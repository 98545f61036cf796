/**
 * PostgreSQL's 64-bit hashes: Bob Jenkins' lookup3 over words and bytes, with a seed.
 *
 * I1  The halves of a hash are unsigned 32-bit numbers. The lower half under seed 0 is PostgreSQL's 32-bit hash of the same value.
 * I2  The same on every machine: bytes are read little endian.
 */

/** A hash, or the seed of one; filled by the functions here, so that none is made for each row. */
export class Hash64 {
  high: number;
  low: number;

  constructor(high: number, low: number) {
    this.high = high >>> 0;
    this.low = low >>> 0;
  }
}

const GOLDEN = 0x9e3779b9;
const START = 3_923_095;

function rotated(word: number, bits: number): number {
  return (word << bits) | (word >>> (32 - bits));
}

const state = new Int32Array(3);

/** The state at the start, for `length` bytes. */
function start(length: number, seed: Hash64): void {
  const first = (GOLDEN + length + START) | 0;
  state[0] = first;
  state[1] = first;
  state[2] = first;
  if (seed.high === 0 && seed.low === 0) return;
  state[0] = first + seed.high;
  state[1] = first + seed.low;
  mix();
}

function mix(): void {
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  a = ((a - c) ^ rotated(c, 4)) | 0;
  c = (c + b) | 0;
  b = ((b - a) ^ rotated(a, 6)) | 0;
  a = (a + c) | 0;
  c = ((c - b) ^ rotated(b, 8)) | 0;
  b = (b + a) | 0;
  a = ((a - c) ^ rotated(c, 16)) | 0;
  c = (c + b) | 0;
  b = ((b - a) ^ rotated(a, 19)) | 0;
  a = (a + c) | 0;
  c = ((c - b) ^ rotated(b, 4)) | 0;
  b = (b + a) | 0;
  state[0] = a;
  state[1] = b;
  state[2] = c;
}

function finish(into: Hash64): void {
  let a = state[0]!;
  let b = state[1]!;
  let c = state[2]!;
  c = ((c ^ b) - rotated(b, 14)) | 0;
  a = ((a ^ c) - rotated(c, 11)) | 0;
  b = ((b ^ a) - rotated(a, 25)) | 0;
  c = ((c ^ b) - rotated(b, 16)) | 0;
  a = ((a ^ c) - rotated(c, 4)) | 0;
  b = ((b ^ a) - rotated(a, 14)) | 0;
  c = ((c ^ b) - rotated(b, 24)) | 0;
  into.high = b >>> 0;
  into.low = c >>> 0;
}

/** One 32-bit word. */
export function hashWord(into: Hash64, word: number, seed: Hash64): void {
  start(4, seed);
  state[0] = state[0]! + word;
  finish(into);
}

function wordAt(bytes: Uint8Array, at: number): number {
  return bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
}

/** The first `length` bytes. */
export function hashBytes(into: Hash64, bytes: Uint8Array, length: number, seed: Hash64): void {
  start(length, seed);
  let at = 0;
  for (; length - at >= 12; at += 12) {
    state[0] = state[0]! + wordAt(bytes, at);
    state[1] = state[1]! + wordAt(bytes, at + 4);
    state[2] = state[2]! + wordAt(bytes, at + 8);
    mix();
  }
  // The lowest byte of the third word is the length's.
  for (let i = 0; at + i < length; i++) {
    const shift = i < 8 ? (i & 3) * 8 : (i - 7) * 8;
    state[i >> 2] = state[i >> 2]! + (bytes[at + i]! << shift);
  }
  finish(into);
}

/** The hash of a row so far, with that of one more value. */
export function combineHash(into: Hash64, value: Hash64): void {
  const { high, low } = into;
  const parts: readonly (readonly [high: number, low: number])[] = [
    [0x49a0f4dd, 0x15e5a8e3],
    // Shifted left by 54, and right by 7.
    [(low << 22) >>> 0, 0],
    [high >>> 7, ((low >>> 7) | (high << 25)) >>> 0],
  ];
  const sum = new Hash64(value.high, value.low);
  for (const part of parts) addTo(sum, part[0], part[1]);
  into.high = (high ^ sum.high) >>> 0;
  into.low = (low ^ sum.low) >>> 0;
}

export function addTo(into: Hash64, high: number, low: number): void {
  const sum = into.low + low;
  into.low = sum >>> 0;
  into.high = (into.high + high + (sum > 0xffffffff ? 1 : 0)) >>> 0;
}

/** 31 times the hash, and one more value: how elements of a compound value follow each other. */
export function chainHash(into: Hash64, high: number, low: number): void {
  const was = new Hash64(into.high, into.low);
  into.high = ((was.high << 5) | (was.low >>> 27)) >>> 0;
  into.low = (was.low << 5) >>> 0;
  // Minus what it was: plus its complement and one.
  addTo(into, ~was.high >>> 0, ~was.low >>> 0);
  addTo(into, 0, 1);
  addTo(into, high, low);
}

/** One bit to the left in each half. */
export function rotateHalves(into: Hash64): void {
  into.high = rotated(into.high, 1) >>> 0;
  into.low = rotated(into.low, 1) >>> 0;
}

/** The remainder of the unsigned 64-bit number. */
export function remainderOf({ high, low }: Hash64, modulus: number): number {
  // Products stay safe integers below that.
  if (modulus <= 0x100000) return ((((high % modulus) * (0x100000000 % modulus)) % modulus) + low) % modulus;
  return Number(((BigInt(high) << 32n) | BigInt(low)) % BigInt(modulus));
}
