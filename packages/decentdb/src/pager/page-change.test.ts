import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Prng } from '../base/prng.ts';
import { applyChange, CopyTrace } from './page-change.ts';

const seed = Number(process.env['SEED'] ?? 20_301);

/** A page made of pieces of `base`, moved by whole bytes and by bits, with others between; the trace is told of the pieces. */
function pageFrom(base: Uint8Array, trace: CopyTrace, random: Prng): Uint8Array {
  const page = new Uint8Array(2000);
  let at = 0;
  while (at < 1500) {
    const literal = random.below(40);
    for (let i = 0; i < literal; i++) page[at++] = random.below(256);
    const length = random.below(120);
    const from = random.below(base.length - 130);
    if (random.below(4) === 0) {
      // Written, and then written anew.
      trace.noteBytes(at, base.subarray(from, from + length));
      trace.rewind(at);
      continue;
    }
    if (random.below(2) === 0) {
      page.set(base.subarray(from, from + length), at);
      trace.noteBytes(at, base.subarray(from, from + length));
      at += length;
      continue;
    }
    // Bits: a run that begins anywhere in a byte, of any length.
    const lead = random.below(8);
    const shift = random.below(8);
    const bits = 8 * length + random.below(8);
    const source = new DataView(base.buffer, base.byteOffset, base.length);
    for (let i = 0; i < bits; i++) {
      const bit = (base[from + ((shift + i) >> 3)]! >> ((shift + i) & 7)) & 1;
      page[at + ((lead + i) >> 3)]! |= bit << ((lead + i) & 7);
    }
    trace.noteBits(8 * at + lead, source, 8 * from + shift, bits);
    at += (lead + bits + 7) >> 3;
  }
  return page.slice(0, at);
}

test(`a page comes out of its change as it was, byte for byte (SEED=${seed})`, () => {
  const random = new Prng(seed);
  const trace = new CopyTrace();
  let shorter = 0;
  for (let round = 0; round < 300; round++) {
    const pool = new Uint8Array(1000);
    for (let i = 0; i < pool.length; i++) pool[i] = random.below(256);
    const base = pool.subarray(round % 9, 900);
    trace.start(base);
    const page = pageFrom(base, trace, random);
    const out = new Uint8Array(4000);
    const bytes = trace.write(page, page.length, out, 16);
    assert.ok(bytes > 0);
    const made = new Uint8Array(page.length);
    assert.ok(applyChange(base, out, 16, 16 + bytes, made, page.length));
    assert.deepEqual(made, page);
    if (bytes < page.length * 0.7) shorter++;
    const room = out.subarray(0, 16 + random.below(bytes));
    assert.equal(trace.write(page, page.length, room, 16), -1, 'no room is told');
  }
  assert.ok(shorter > 100, `${shorter} changes are much shorter than their page`);
});

test(`a change that is none is told, whatever it says (SEED=${seed})`, () => {
  const random = new Prng(seed + 1);
  const base = new Uint8Array(500).fill(7);
  let refused = 0;
  for (let round = 0; round < 5000; round++) {
    const change = new Uint8Array(random.below(60));
    for (let i = 0; i < change.length; i++)
      change[i] = random.below(3) === 0 ? random.below(256) : random.below(20);
    const length = random.below(600);
    const made = new Uint8Array(700).fill(0xaa);
    if (!applyChange(base, change, 0, change.length, made, length)) refused++;
    assert.ok(made.subarray(length).every((byte) => byte === 0xaa));
  }
  assert.ok(refused > 1000);
  assert.ok(!applyChange(base, new Uint8Array(10), 0, 10, new Uint8Array(10), 11), 'no room for the page');
});
