import assert from 'node:assert/strict';
import { test } from 'node:test';
import '../vfs/node-platform.ts';
import { bytesEqual, bytesEqualPortable } from './bytes-equal.ts';

test('the installed comparison equals the portable one, whatever differs and wherever the bytes lie', () => {
  const bytes = Uint8Array.from({ length: 40 }, (_, i) => (i * 37) & 0xff);
  for (let length = 0; length <= 33; length++) {
    const part = bytes.subarray(3, 3 + length);
    const copy = part.slice();
    assert.ok(bytesEqual(part, copy) && bytesEqualPortable(part, copy));
    for (let at = 0; at < length; at++) {
      copy[at] = copy[at]! ^ 0x80;
      assert.ok(!bytesEqual(part, copy) && !bytesEqualPortable(part, copy), `${length} ${at}`);
      copy[at] = copy[at]! ^ 0x80;
    }
    assert.ok(!bytesEqual(part, bytes) && !bytesEqualPortable(part, bytes));
  }
});
