import assert from 'node:assert/strict';
import { test } from 'node:test';
import { crc32Portable } from '../base/checksum.ts';
import { foldCodePoint, foldFingerprint } from './case-fold.ts';

test('the fingerprint is that of the mapping, which making it leaves as it is', () => {
  const simple = (point: number): number => {
    if (point >= 0xd800 && point <= 0xdfff) return point;
    const lower = String.fromCharCode(point).toLowerCase();
    return lower.length === 1 ? lower.charCodeAt(0) : point;
  };
  const units = new Uint16Array(0x10000);
  for (let point = 0x80; point <= 0xffff; point++) units[point] = simple(point);
  assert.equal(foldFingerprint(), crc32Portable(new Uint8Array(units.buffer), 0));
  for (let point = 0; point <= 0xffff; point++)
    assert.equal(foldCodePoint(point), simple(point), `U+${point.toString(16)}`);
});
