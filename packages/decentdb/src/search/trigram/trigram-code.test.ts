import assert from 'node:assert/strict';
import { test } from 'node:test';
import { appendLatin1TextCodes, appendTextCodes, classOf } from './trigram-code.ts';

test('classes of Latin-1 are those of Unicode: the codes of bytes are those of their text', () => {
  const bytes = new Uint8Array(256 * 6);
  // Each character alone, beside letters and beside blanks.
  for (let point = 0; point < 256; point++) bytes.set([0x20, point, 0x61, point, point, 0x20], point * 6);
  const codes = new Int32Array(bytes.length * 4);
  const count = appendLatin1TextCodes(bytes, 0, bytes.length, codes);
  const expected = new Int32Array(bytes.length * 4);
  const length = appendTextCodes(String.fromCharCode(...bytes), expected);
  assert.deepEqual([...codes.subarray(0, count)].sort(), [...expected.subarray(0, length)].sort());
  for (let point = 0; point < 256; point++) {
    const alone = new Int32Array(16);
    const ofBytes = alone.subarray(0, appendLatin1TextCodes(Uint8Array.of(point), 0, 1, alone));
    // A letter or digit alone has the code of a word of one character, or the one of texts beyond ASCII.
    assert.equal(ofBytes.length > 0, classOf(point) !== 0, `character ${point}`);
  }
});
