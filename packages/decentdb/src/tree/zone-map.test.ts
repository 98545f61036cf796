import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lsn, pageNo } from '../base/ids.ts';
import { Decimal } from '../types/decimal.ts';
import { type Datum, Physical } from '../types/vector.ts';
import { TAIL_BYTES } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { cellsTogether } from './cells-together.ts';
import { Encoding } from './encoding.ts';
import { writeDeltaBody, writePackedBody } from './int-body.ts';
import { NodeSchema } from './node-schema.ts';
import { Random } from './tree-model.fuzz.ts';
import { TreeNode } from './tree-node.ts';
import { zoneOf } from './zone-map.ts';

const schema = new NodeSchema({
  columns: [
    { physical: Physical.int64 },
    { physical: Physical.int32 },
    { physical: Physical.float64 },
    { physical: Physical.float64 },
    { physical: Physical.numeric },
    { physical: Physical.int32 },
    { physical: Physical.text },
  ],
  keyCount: 1,
});

function value(cell: Datum): number {
  return cell instanceof Decimal ? (cell.coefficient as number) : (cell as number);
}

test('every value lies in its zone, on the page and in memory, and zones of pages decode nothing', () => {
  const random = new Random(Number(process.env['SEED'] ?? 1));
  for (let round = 0; round < 40; round++) {
    const node = TreeNode.empty(pageNo(1), schema, 0, 8);
    const spread = random.pick([3, 100, 1e6]);
    for (let i = 0; i < 100; i++) {
      const n = random.below(spread) - (spread >> 2);
      const maybe = random.next() < 0.1 ? null : n;
      node.insertRow(i, [i + 7, maybe, n / 10, Math.fround(n / 100), Decimal.of(n, 2), null, `t${i}`]);
    }
    // One that was never written, and so has no bytes to look at.
    const memory = TreeNode.ofRows(pageNo(1), node, 0, 100, 100);
    const target = new Uint8Array(1 << 16);
    const page = TreeNode.decode(schema, pageNo(1), lsn(1), target.slice(0, node.encode(target)));
    for (const one of [page, memory]) {
      for (let column = 0; column < 7; column++) {
        const zone = zoneOf(one, column);
        if (one === page) assert.ok(!page.isDecoded(column));
        assert.equal(
          zone === null,
          column === 6 || (one === memory && column >= 2 && column !== 5),
          `column ${column}`,
        );
        if (zone === null) continue;
        assert.equal(zone.isAllNull, column === 5);
        for (let row = 0; row < 100; row++) {
          const cell = node.cell(column, row) as Datum;
          if (cell === null) assert.ok(zone.hasNulls);
          else assert.ok(zone.min <= value(cell) && value(cell) <= zone.max);
        }
      }
    }
  }
});

test('zones, single cells and columns of a page of an early build, whose floats are multiplied too far, are of the same numbers', () => {
  const floats = new NodeSchema({
    columns: [{ physical: Physical.int32 }, { physical: Physical.float64 }],
    keyCount: 1,
  });
  const values = [36_170_857.3701722, 0.25, 1.5];
  const scale = 8;
  const wholes = Float64Array.from(values, (number) => Math.round(number * 10 ** scale));
  assert.notEqual(wholes[0]! / 10 ** scale, values[0]);
  const writer = new ByteWriter(new Uint8Array(256));
  for (const byte of [0, 0, 2, 0, 3, 0]) writer.u8(byte);
  writer.at += 6;
  const starts = [writer.at];
  writer.u8(Encoding.ints);
  writeDeltaBody(writer, Int32Array.of(1, 2, 3), 3, 1, 0, 0);
  starts.push(writer.at);
  writer.u8(Encoding.scaledDoubles);
  writer.u8(scale);
  writePackedBody(writer, wholes, 3, Math.min(...wholes), Math.max(...wholes), null);
  starts.push(writer.at);
  starts.forEach((start, i) => {
    writer.u16At(6 + 2 * i, start);
  });
  const page = (): TreeNode =>
    TreeNode.decode(floats, pageNo(1), lsn(1), writer.bytes.slice(0, writer.at + TAIL_BYTES));
  const leaf = page();
  assert.equal(zoneOf(leaf, 1), null);
  assert.deepEqual(
    [0, 1, 2].map((row) => leaf.cell(1, row)),
    values,
  );
  assert.ok(!leaf.isDecoded(1), 'cells are read alone');
  assert.deepEqual(cellsTogether(leaf, 1, [0, 1, 2]), values);
  assert.deepEqual(Array.from(page().column(1).vector.values as Float64Array), values);
});
