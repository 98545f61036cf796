import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lsn, pageNo } from '../base/ids.ts';
import { Physical } from '../types/vector.ts';
import { ByteWriter } from './byte-writer.ts';
import { attackPages, leafBytes, readAll } from './hostile-page.fuzz.ts';
import { NodeSchema } from './node-schema.ts';
import { childLinks, childPage } from './tree-descent.ts';
import { Random, SCHEMAS } from './tree-model.fuzz.ts';
import { TreeNode } from './tree-node.ts';

test('a damaged page is reported as damage or reads as other values, never crashes', () => {
  const seed = Number(process.env['SEED'] ?? 1);
  for (const schema of Object.values(SCHEMAS)) {
    for (let i = 0; i < 4; i++) attackPages(schema, seed + i, 100);
  }
});

test('impossible heads are refused', () => {
  const schema = new NodeSchema(SCHEMAS['track']!);
  const good = leafBytes(schema, new Random(3), 20, 50);
  const broken = (at: number, value: number): Uint8Array => {
    const copy = good.slice();
    copy[at] = value;
    return copy;
  };
  for (const [at, value] of [
    [0, 41],
    [1, 1],
    [2, 9],
    [5, 0xff],
    [6, 0],
    [7, 0xff],
  ] as const) {
    assert.throws(() => readAll(schema, broken(at, value)), { code: 'XX001' }, `byte ${at}`);
  }
  assert.throws(() => readAll(schema, good.slice(0, 5)), { code: 'XX001' });
  assert.throws(() => readAll(schema, good.slice(0, good.length - 1)), { code: 'XX001' });
});

test('text lengths that add up to less than nothing are damage', () => {
  const schema = new NodeSchema({
    columns: [{ physical: Physical.int32 }, { physical: Physical.text }],
    keyCount: 1,
  });
  const node = TreeNode.empty(pageNo(5), schema, 0, 4);
  for (let i = 0; i < 3; i++) node.insertRow(i, [i, `text ${i}`]);
  const bytes = new Uint8Array(200);
  const length = node.encode(bytes);
  const start = bytes[8]! | (bytes[9]! << 8);
  // tag, charset, then a body: packed from 0 at 32 bits.
  const writer = new ByteWriter(bytes);
  writer.at = start + 2;
  writer.u8(0);
  writer.signed(0);
  writer.u8(32);
  for (let i = 0; i < 3; i++) for (const byte of [0xf0, 0xff, 0xff, 0xff]) writer.u8(byte);
  const end = writer.at;
  bytes[10] = end & 0xff;
  bytes[11] = end >>> 8;
  assert.ok(length > start);
  const damaged = TreeNode.decode(schema, pageNo(5), lsn(1), bytes);
  assert.throws(() => damaged.cell(1, 1), { code: 'XX001' });
});

test('links beyond 2^53 are damage', () => {
  const schema = new NodeSchema({ columns: [{ physical: Physical.int32 }], keyCount: 1 });
  const node = TreeNode.empty(pageNo(5), schema, 1, 4);
  for (let i = 0; i < 3; i++) node.insertRow(i, [i, 2n ** 60n + BigInt(i), 10]);
  const bytes = new Uint8Array(200);
  const read = TreeNode.decode(schema, pageNo(5), lsn(1), bytes.slice(0, node.encode(bytes)));
  assert.throws(() => childPage(read, 1), { code: 'XX001' });
  assert.throws(() => childLinks(read), { code: 'XX001' });
});
