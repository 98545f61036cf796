/**
 * CRC-32 (IEEE polynomial, the one in zlib), seeded so that checksums chain.
 *
 * I1  Portable and native implementations give equal results; `checksum.test.ts` proves it.
 * I2  The native one is installed by `vfs/`, the only layer that may know Node.
 */

/** CRC-32 of `bytes`, continued from `seed` (0 starts anew). Result is an unsigned 32-bit integer. */
export type Crc32 = (bytes: Uint8Array, seed: number) => number;

/** Made when first used: the native implementation is there nearly always. */
let tables: Int32Array | null = null;

function buildTables(): Int32Array {
  const built = new Int32Array(8 * 256);
  for (let n = 0; n < 256; n++) {
    let c = n;
    for (let k = 0; k < 8; k++) c = c & 1 ? (c >>> 1) ^ 0xedb88320 : c >>> 1;
    built[n] = c;
  }
  for (let n = 0; n < 256; n++) {
    for (let t = 1; t < 8; t++) {
      const previous = built[(t - 1) * 256 + n]!;
      built[t * 256 + n] = built[previous & 0xff]! ^ (previous >>> 8);
    }
  }
  return built;
}

/** The portable implementation (slicing by eight). */
export function crc32Portable(bytes: Uint8Array, seed: number): number {
  tables ??= buildTables();
  const t = tables;
  let crc = ~seed;
  let i = 0;
  for (const end = bytes.length - 7; i < end; i += 8) {
    const lo = crc ^ (bytes[i]! | (bytes[i + 1]! << 8) | (bytes[i + 2]! << 16) | (bytes[i + 3]! << 24));
    crc =
      t[1792 + (lo & 0xff)]! ^
      t[1536 + ((lo >>> 8) & 0xff)]! ^
      t[1280 + ((lo >>> 16) & 0xff)]! ^
      t[1024 + (lo >>> 24)]! ^
      t[768 + bytes[i + 4]!]! ^
      t[512 + bytes[i + 5]!]! ^
      t[256 + bytes[i + 6]!]! ^
      t[bytes[i + 7]!]!;
  }
  for (; i < bytes.length; i++) crc = t[(crc ^ bytes[i]!) & 0xff]! ^ (crc >>> 8);
  return ~crc >>> 0;
}

let installed: Crc32 = crc32Portable;

/** Replaces the portable implementation by an equal, faster one. */
export function installCrc32(native: Crc32): void {
  installed = native;
}

export function crc32(bytes: Uint8Array, seed: number): number {
  return installed(bytes, seed);
}
