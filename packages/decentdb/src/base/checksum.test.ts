import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32 as zlibCrc32 } from 'node:zlib';
import { crc32Portable } from './checksum.ts';

test('the portable CRC-32 equals zlib at every length and seed', () => {
  const bytes = Uint8Array.from({ length: 300 }, (_, i) => (i * 167 + 13) & 0xff);
  for (let length = 0; length <= bytes.length; length++) {
    const part = bytes.subarray(0, length);
    for (const seed of [0, 1, 0xdeadbeef, 0xffffffff]) {
      assert.equal(crc32Portable(part, seed), zlibCrc32(part, seed));
    }
  }
});

test('checksums chain: a seed continues the previous run', () => {
  const bytes = Uint8Array.from({ length: 64 }, (_, i) => i);
  const whole = crc32Portable(bytes, 0);
  assert.equal(crc32Portable(bytes.subarray(20), crc32Portable(bytes.subarray(0, 20), 0)), whole);
});
