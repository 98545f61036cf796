/** Rows of a column of texts whose changes are put off: what is read between them and in the end is what a plain list says. */
import { deepStrictEqual, ok, strictEqual } from 'node:assert/strict';
import { test } from 'node:test';
import { Prng } from '../base/prng.ts';
import { ByteWriter } from './byte-writer.ts';
import { EDITS_MAX, LateEdits } from './late-edits.ts';
import { TextColumn } from './text-column.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 1e6);

test('edits of one kind are seen at their rows, and then made', () => {
  const random = new Prng(seed);
  for (const isRemoval of [true, false]) {
    for (const most of [1, 3, 4, EDITS_MAX]) {
      const model = Array.from({ length: 100 }, (_, i) => `v${i}`);
      const late = new LateEdits(model.slice(), isRemoval);
      for (let i = 0; i < most; i++) {
        // Ends and neighbours too.
        const row = [0, model.length - 1, 7, random.below(model.length)][i % 4]!;
        if (isRemoval) {
          late.remove(row);
          model.splice(row, 1);
        } else {
          late.insert(row, `new ${i}`);
          model.splice(row, 0, `new ${i}`);
        }
        strictEqual(late.rowCount, model.length);
        deepStrictEqual(
          model.map((_, at) => late.at(at)),
          model,
          `SEED=${seed}`,
        );
      }
      deepStrictEqual(late.apply(), model);
    }
  }
});

test('a column of texts that is behind reads, measures and writes as one that is not', () => {
  const random = new Prng(seed);
  let isEverBehind = 0;
  for (const isSorted of [false, true]) {
    const model: (string | null)[] = Array.from(
      { length: 900 },
      (_, i) => `text ${String(i).padStart(4, '0')}`,
    );
    const column = new TextColumn(model.slice() as string[], isSorted);
    column.tighten(model.length);
    for (let step = 0; step < 4000; step++) {
      const count = model.length;
      const at = random.below(count + 1);
      // Runs of one kind, as statements make them.
      const kind = step % 500 < 200 ? 0 : step % 500 < 400 ? 1 : random.below(6);
      const value = random.below(50) === 0 ? null : `text ${random.below(9999)}`;
      if (kind === 0) {
        column.insert(at, count, value);
        model.splice(at, 0, value);
      } else if (kind === 1 && at < count && count > 300) {
        column.remove(at, at + 1, count);
        model.splice(at, 1);
      } else if (kind === 2 && at < count) {
        column.set(at, count, value);
        model[at] = value;
      } else if (kind === 3) {
        column.insert(count, count, value);
        model.push(value);
      } else if (kind === 4 && at + 3 < count) {
        column.remove(at, at + 3, count);
        model.splice(at, 3);
      }
      if (column.isBehind) isEverBehind++;
      for (let i = 0; i < 3 && model.length > 0; i++) {
        const row = random.below(model.length);
        strictEqual(column.cell(row), model[row], `SEED=${seed}, step ${step}`);
      }
      strictEqual(column.rowCount, model.length);
      if (step % 300 === 299) {
        const bound = column.bound(model.length);
        const writer = new ByteWriter(new Uint8Array(1 << 17));
        column.write(writer, model.length);
        ok(writer.at <= bound, `${writer.at} bytes where ${bound} were the most`);
        strictEqual(column.isBehind, false);
      }
    }
    deepStrictEqual(
      model.map((_, row) => column.cell(row)),
      model,
    );
  }
  ok(isEverBehind > 1000);
});
