/**
 * MD5, SHA-2 and CRC checksums in plain JavaScript, after RFC 1321, FIPS 180-4 and the CRC polynomials' definitions.
 *
 * Synchronous and portable: no platform cryptography, which is asynchronous in browsers.
 */

/** Message with 0x80, zeros and its bit length, in blocks of `block` bytes. */
function padMessage(bytes: Uint8Array, block: number, isLittle: boolean): DataView {
  const lengthBytes = block / 8;
  const total = Math.ceil((bytes.length + 1 + lengthBytes) / block) * block;
  const padded = new Uint8Array(total);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  const view = new DataView(padded.buffer);
  const bits = BigInt(bytes.length) * 8n;
  view.setBigUint64(total - 8, bits, isLittle);
  return view;
}

const MD5_SHIFTS = [7, 12, 17, 22, 5, 9, 14, 20, 4, 11, 16, 23, 6, 10, 15, 21];
const MD5_TABLE: Int32Array = Int32Array.from(
  { length: 64 },
  (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32) | 0,
);

export function md5(bytes: Uint8Array): Uint8Array {
  const view = padMessage(bytes, 64, true);
  const state = Int32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476);
  for (let offset = 0; offset < view.byteLength; offset += 64) md5Block(state, view, offset);
  const result = new Uint8Array(16);
  const out = new DataView(result.buffer);
  for (let i = 0; i < 4; i++) out.setInt32(i * 4, state[i]!, true);
  return result;
}

function md5Block(state: Int32Array, view: DataView, offset: number): void {
  let [a, b, c, d] = state as unknown as [number, number, number, number];
  for (let i = 0; i < 64; i++) {
    let f: number;
    let word: number;
    if (i < 16) {
      f = (b & c) | (~b & d);
      word = i;
    } else if (i < 32) {
      f = (d & b) | (~d & c);
      word = (5 * i + 1) & 15;
    } else if (i < 48) {
      f = b ^ c ^ d;
      word = (3 * i + 5) & 15;
    } else {
      f = c ^ (b | ~d);
      word = (7 * i) & 15;
    }
    const sum = (a + f + MD5_TABLE[i]! + view.getInt32(offset + word * 4, true)) | 0;
    const shift = MD5_SHIFTS[(i >> 4) * 4 + (i & 3)]!;
    a = d;
    d = c;
    c = b;
    b = (b + ((sum << shift) | (sum >>> (32 - shift)))) | 0;
  }
  state[0] = state[0]! + a;
  state[1] = state[1]! + b;
  state[2] = state[2]! + c;
  state[3] = state[3]! + d;
}

function primes(count: number): number[] {
  const found: number[] = [];
  for (let n = 2; found.length < count; n++) if (found.every((p) => n % p !== 0)) found.push(n);
  return found;
}

/** First 64 bits of the fractional part of the n-th root of a prime. */
function rootFraction(prime: number, degree: bigint): bigint {
  const target = BigInt(prime) << (64n * degree);
  let low = 0n;
  let high = 1n << 70n;
  while (high - low > 1n) {
    const middle = (low + high) >> 1n;
    if (middle ** degree <= target) low = middle;
    else high = middle;
  }
  return low & 0xffffffffffffffffn;
}

interface Constants {
  readonly cubes: BigUint64Array;
  readonly squares: BigUint64Array;
}

let known: Constants | null = null;

/** Round constants (cube roots) and initial states (square roots) of the first 80 primes; made at first use. */
function constants(): Constants {
  if (known === null) {
    const list = primes(80);
    known = {
      cubes: BigUint64Array.from(list, (prime) => rootFraction(prime, 3n)),
      squares: BigUint64Array.from(list.slice(0, 16), (prime) => rootFraction(prime, 2n)),
    };
  }
  return known;
}

function sha2Small(bytes: Uint8Array, initial: Int32Array, length: number): Uint8Array {
  const table = Int32Array.from({ length: 64 }, (_, i) => Number(constants().cubes[i]! >> 32n) | 0);
  const view = padMessage(bytes, 64, false);
  const state = initial;
  const w = new Int32Array(64);
  const rotate = (x: number, n: number): number => (x >>> n) | (x << (32 - n));
  for (let offset = 0; offset < view.byteLength; offset += 64) {
    for (let i = 0; i < 16; i++) w[i] = view.getInt32(offset + i * 4);
    for (let i = 16; i < 64; i++) {
      const x = w[i - 15]!;
      const y = w[i - 2]!;
      w[i] =
        w[i - 16]! +
        (rotate(x, 7) ^ rotate(x, 18) ^ (x >>> 3)) +
        w[i - 7]! +
        (rotate(y, 17) ^ rotate(y, 19) ^ (y >>> 10));
    }
    let [a, b, c, d, e, f, g, h] = state as unknown as [
      number,
      number,
      number,
      number,
      number,
      number,
      number,
      number,
    ];
    for (let i = 0; i < 64; i++) {
      const t1 =
        (h + (rotate(e, 6) ^ rotate(e, 11) ^ rotate(e, 25)) + ((e & f) ^ (~e & g)) + table[i]! + w[i]!) | 0;
      const t2 = ((rotate(a, 2) ^ rotate(a, 13) ^ rotate(a, 22)) + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t1) | 0;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) | 0;
    }
    [a, b, c, d, e, f, g, h].forEach((value, i) => {
      state[i] = state[i]! + value;
    });
  }
  const result = new DataView(new ArrayBuffer(32));
  for (let i = 0; i < 8; i++) result.setInt32(i * 4, state[i]!);
  return new Uint8Array(result.buffer, 0, length).slice();
}

export function sha256(bytes: Uint8Array): Uint8Array {
  return sha2Small(
    bytes,
    Int32Array.from({ length: 8 }, (_, i) => Number(constants().squares[i]! >> 32n) | 0),
    32,
  );
}

/** SHA-224 starts from the low halves of the second eight primes' square roots. */
export function sha224(bytes: Uint8Array): Uint8Array {
  return sha2Small(
    bytes,
    Int32Array.from({ length: 8 }, (_, i) => Number(constants().squares[i + 8]! & 0xffffffffn) | 0),
    28,
  );
}

const MASK = 0xffffffffffffffffn;

function sha2Large(bytes: Uint8Array, initial: bigint[], length: number): Uint8Array {
  const { cubes } = constants();
  const view = padMessage(bytes, 128, false);
  const state = initial;
  const w: bigint[] = new Array(80).fill(0n);
  const rotate = (x: bigint, n: bigint): bigint => ((x >> n) | (x << (64n - n))) & MASK;
  for (let offset = 0; offset < view.byteLength; offset += 128) {
    for (let i = 0; i < 16; i++) w[i] = view.getBigUint64(offset + i * 8);
    for (let i = 16; i < 80; i++) {
      const x = w[i - 15]!;
      const y = w[i - 2]!;
      w[i] =
        (w[i - 16]! +
          (rotate(x, 1n) ^ rotate(x, 8n) ^ (x >> 7n)) +
          w[i - 7]! +
          (rotate(y, 19n) ^ rotate(y, 61n) ^ (y >> 6n))) &
        MASK;
    }
    let [a, b, c, d, e, f, g, h] = state as [bigint, bigint, bigint, bigint, bigint, bigint, bigint, bigint];
    for (let i = 0; i < 80; i++) {
      const t1 =
        h +
        (rotate(e, 14n) ^ rotate(e, 18n) ^ rotate(e, 41n)) +
        ((e & f) ^ (~e & g & MASK)) +
        cubes[i]! +
        w[i]!;
      const t2 = (rotate(a, 28n) ^ rotate(a, 34n) ^ rotate(a, 39n)) + ((a & b) ^ (a & c) ^ (b & c));
      h = g;
      g = f;
      f = e;
      e = (d + t1) & MASK;
      d = c;
      c = b;
      b = a;
      a = (t1 + t2) & MASK;
    }
    [a, b, c, d, e, f, g, h].forEach((value, i) => {
      state[i] = (state[i]! + value) & MASK;
    });
  }
  const result = new DataView(new ArrayBuffer(64));
  for (let i = 0; i < 8; i++) result.setBigUint64(i * 8, state[i]!);
  return new Uint8Array(result.buffer, 0, length).slice();
}

export function sha512(bytes: Uint8Array): Uint8Array {
  return sha2Large(bytes, [...constants().squares.slice(0, 8)], 64);
}

export function sha384(bytes: Uint8Array): Uint8Array {
  return sha2Large(bytes, [...constants().squares.slice(8, 16)], 48);
}

function crcTable(polynomial: number): Int32Array {
  return Int32Array.from({ length: 256 }, (_, n) => {
    let value = n;
    for (let i = 0; i < 8; i++) value = value & 1 ? (value >>> 1) ^ polynomial : value >>> 1;
    return value;
  });
}

const tables = new Map<number, Int32Array>();

function crcTableOf(polynomial: number): Int32Array {
  let table = tables.get(polynomial);
  if (table === undefined) {
    table = crcTable(polynomial);
    tables.set(polynomial, table);
  }
  return table;
}

function crc(bytes: Uint8Array, polynomial: number): number {
  const table = crcTableOf(polynomial);
  let value = -1;
  for (let i = 0; i < bytes.length; i++) value = (value >>> 8) ^ table[(value ^ bytes[i]!) & 255]!;
  return ~value >>> 0;
}

export function crc32(bytes: Uint8Array): number {
  return crc(bytes, 0xedb88320);
}

/** The sum PostgreSQL sorts words of queries by: the table of one kind of CRC-32 with the shifts of the other. A signed integer. */
export function crc32Legacy(bytes: Uint8Array): number {
  const table = crcTableOf(0xedb88320);
  let value = -1;
  for (let i = 0; i < bytes.length; i++) value = table[((value >>> 24) ^ bytes[i]!) & 255]! ^ (value << 8);
  return ~value;
}

export function crc32c(bytes: Uint8Array): number {
  return crc(bytes, 0x82f63b78);
}
