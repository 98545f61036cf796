import assert from 'node:assert/strict';
import { test } from 'node:test';
import { BuildMemory } from './build-memory.ts';

test('arrays of one build do not overlap, and are aligned', () => {
  const memory = new BuildMemory(100_000);
  const arrays = [
    memory.uint8s(13),
    memory.int32s(7),
    memory.float64s(5),
    memory.uint32s(0),
    memory.uint8s(1),
    memory.float64s(1000),
  ];
  for (const [i, array] of arrays.entries()) array.fill(i + 1);
  for (const [i, array] of arrays.entries()) assert.ok(array.every((value) => value === i + 1));
  memory.release();
});

test('what there is no room for is memory of its own', () => {
  const memory = new BuildMemory(64);
  const { buffer } = memory.int32s(16);
  const more = memory.int32s(17 << 20);
  assert.equal(more.length, 17 << 20);
  assert.notEqual(more.buffer, buffer);
  assert.equal(memory.int32s(16).buffer, buffer);
  memory.release();
  // After the end there is no piece at all.
  assert.equal(memory.float64s(3).buffer.byteLength, 24);
});

test('the parts of a build share their memory, and so do builds one after the other', () => {
  const first = new BuildMemory(4000);
  const before = first.int32s(1000);
  before.fill(5);
  first.clear();
  assert.equal(first.uint8s(4000).buffer, before.buffer);
  first.release();
  const second = new BuildMemory(2000);
  assert.equal(second.int32s(10).buffer, before.buffer);
  // While one is at work another has its own.
  const third = new BuildMemory(2000);
  assert.notEqual(third.int32s(10).buffer, before.buffer);
  third.release();
  second.release();
});

test('a build that needs more than a piece has memory of the usual kind', () => {
  const memory = new BuildMemory(300 << 20);
  assert.ok(memory.int32s(10).buffer instanceof ArrayBuffer);
  memory.release();
});

test('a process without room for a piece has usual memory', () => {
  const { SharedArrayBuffer: real } = globalThis;
  globalThis.SharedArrayBuffer = class {
    constructor() {
      throw new RangeError('Array buffer allocation failed');
    }
  } as never;
  try {
    // A piece left by a build before is used up first.
    const before = [new BuildMemory(8), new BuildMemory(8)];
    assert.equal((before[1] as BuildMemory).int32s(4).length, 4);
  } finally {
    globalThis.SharedArrayBuffer = real;
  }
});
