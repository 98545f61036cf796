import assert from 'node:assert/strict';
import { test } from 'node:test';
import { attackPages, leafBytes, readAll } from './hostile-page.fuzz.ts';
import { NodeSchema } from './node-schema.ts';
import { Random, SCHEMAS } from './tree-model.fuzz.ts';

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
