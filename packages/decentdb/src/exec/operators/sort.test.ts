/** What a sort tells the statement's memory. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { batchOf, slot, testContext, type } from '../expr.test.kit.ts';
import { SortBuffer } from './sort.ts';

test('what sorting takes beside the rows is known before they are sorted', () => {
  for (const [name, perRow] of [
    ['text', 60],
    ['int4', 24],
  ] as const) {
    const context = testContext();
    const { memory } = context.statement;
    const keys = [{ expr: slot(0, name), descending: false, nullsFirst: false }];
    const buffer = new SortBuffer([{ type: type(name), typmod: -1 }], keys, context);
    const rows = Array.from({ length: 4000 }, (_, i) => [name === 'text' ? `text ${i}` : i]);
    buffer.append(batchOf([name], rows), context);
    assert.ok(memory.heldBytes >= buffer.rows.memoryBytes() + rows.length * perRow);
    assert.equal(buffer.sorted().length, rows.length);
    assert.ok(memory.heldBytes <= buffer.rows.memoryBytes());
    buffer.clear();
    assert.equal(memory.heldBytes, 0);
  }
});
