import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isZero } from './page-layout.ts';

test('a byte that is not zero is seen wherever it stands', () => {
  const bytes = new Uint8Array(40).fill(1);
  for (let from = 0; from < 8; from++) {
    for (let length = 0; length < 24; length++) {
      const part = bytes.subarray(from, from + length);
      part.fill(0);
      assert.ok(isZero(part), `${length} bytes from ${from}`);
      for (let i = 0; i < length; i++) {
        part[i] = 0x80;
        assert.ok(!isZero(part), `byte ${i} of ${length} from ${from}`);
        part[i] = 0;
      }
      bytes.fill(1);
    }
  }
});
