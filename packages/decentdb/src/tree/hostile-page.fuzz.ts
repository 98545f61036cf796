/**
 * Damaged pages: whatever bytes a page holds, the decoder reports damage (XX001) or reads other values.
 */
import assert from 'node:assert/strict';
import { DecentDbError } from '../base/errors.ts';
import { lsn, pageNo } from '../base/ids.ts';
import { dumpPage } from './dump-page.ts';
import { NodeSchema, type TreeSchema } from './node-schema.ts';
import { OverflowValue } from './overflow-value.ts';
import { Random, randomDatum } from './tree-model.fuzz.ts';
import { TreeNode } from './tree-node.ts';

/** Bytes of a leaf of random rows (order does not matter to the decoder). */
export function leafBytes(schema: NodeSchema, random: Random, rows: number, spread: number): Uint8Array {
  const node = TreeNode.empty(pageNo(9), schema, 0, rows);
  for (let i = 0; i < rows; i++) {
    const row = schema.leaf.map((spec) => {
      if (schema.variable.length > 0 && spec === schema.leaf[schema.variable.at(-1)!] && random.next() < 0.1)
        return new OverflowValue({ firstPage: pageNo(50 + i), byteLength: 1000 });
      return randomDatum(random, spec, spread, random.next() < 0.5 ? 0 : 0.1);
    });
    node.insertRow(i, row);
  }
  const target = new Uint8Array(1 << 16);
  return target.slice(0, node.encode(target));
}

/** Reads everything a page can give. */
export function readAll(schema: NodeSchema, bytes: Uint8Array): void {
  const node = TreeNode.decode(schema, pageNo(9), lsn(1), bytes);
  for (let column = 0; column < node.columnCount; column++) {
    node.textBlock(column)?.strings();
    if (node.count > 0) node.cell(column, node.count - 1);
    if (node.count > 0) node.cell(column, 0);
    node.vector(column);
  }
  dumpPage(node);
}

/** Damages bytes in one of several ways. */
function damage(random: Random, bytes: Uint8Array): Uint8Array {
  const copy = bytes.slice();
  const roll = random.next();
  if (roll < 0.1) return copy.slice(0, random.below(copy.length));
  for (let i = 1 + random.below(4); i > 0; i--) {
    // Heads decide more than data: hit them more often.
    const at = random.next() < 0.5 ? random.below(Math.min(copy.length, 40)) : random.below(copy.length);
    copy[at] =
      random.next() < 0.3
        ? copy[at]! ^ (1 << random.below(8))
        : random.pick([0, 1, 2, 0x7f, 0x80, 0xff, random.below(256)]);
  }
  return copy;
}

export function attackPages(schema: TreeSchema, seed: number, rounds: number): void {
  const random = new Random(seed);
  const nodeSchema = new NodeSchema(schema);
  const bytes = leafBytes(nodeSchema, random, 1 + random.below(80), random.pick([3, 40, 5000]));
  readAll(nodeSchema, bytes);
  for (let i = 0; i < rounds; i++) {
    const hostile = damage(random, bytes);
    try {
      readAll(nodeSchema, hostile);
    } catch (error) {
      const isReport = error instanceof DecentDbError && error.code === 'XX001';
      assert.ok(isReport, `seed ${seed}, round ${i}: ${String((error as Error).stack)}`);
    }
  }
}
