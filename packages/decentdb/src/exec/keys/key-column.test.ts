/** Codes of texts: equal exactly when the texts are, however the values come. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Prng } from '../../base/prng.ts';
import { batchOf, type } from '../expr.test.kit.ts';
import { keyColumnFor, MISSING_CODE, NULL_CODE } from './key-column.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 100_000);
const LETTERS = ['a', 'b', '\u00e9', '\u00ff', '\u0100', '\u4e2d', '\u{1F600}', '\x01'];

function textOf(prng: Prng): string {
  const length = prng.below(prng.chance(0.2) ? 12 : 5);
  return Array.from({ length }, () => LETTERS[prng.below(LETTERS.length)]!).join('');
}

test(`texts are numbered alike by place, by value and as a whole column (SEED=${seed})`, () => {
  for (let round = 0; round < 60; round++) {
    const prng = new Prng(seed + round);
    const column = keyColumnFor(type('text'));
    const codes = new Map<string, number>();
    const size = 1 + prng.below([5, 60, 2000][prng.below(3)]!);
    const values = Array.from({ length: size }, () => (prng.chance(0.1) ? null : textOf(prng)));
    const lasting = batchOf(
      ['text'],
      values.map((value) => [value]),
    ).column(0);
    for (let step = 0; step < 6; step++) {
      const isInsert = prng.chance(0.7);
      const isLasting = isInsert && prng.chance(0.6);
      const count = 1 + prng.below(300);
      const positions =
        isLasting || prng.chance(0.5) ? Int32Array.from({ length: count }, () => prng.below(size)) : null;
      const own = positions === null ? Array.from({ length: count }, () => textOf(prng)) : values;
      const vector =
        positions === null
          ? batchOf(
              ['text'],
              own.map((value) => [value]),
            ).column(0)
          : lasting;
      const out = new Float64Array(count);
      column.encode(vector, positions, count, out, isInsert, isLasting);
      for (let i = 0; i < count; i++) {
        const value = own[positions === null ? i : positions[i]!]!;
        const where = `round ${round} step ${step} row ${i}`;
        if (value === null) {
          assert.equal(out[i], NULL_CODE, where);
          continue;
        }
        const known = codes.get(value);
        if (known !== undefined) assert.equal(out[i], known, where);
        else if (isInsert) codes.set(value, out[i]!);
        // A column may have been numbered as a whole: then more is known than was asked for.
        else if (out[i] !== MISSING_CODE) {
          assert.ok(values.includes(value), where);
          codes.set(value, out[i]!);
        }
      }
    }
    assert.equal(new Set(codes.values()).size, codes.size, `round ${round}: one code a text`);
    for (const code of codes.values()) assert.ok(code >= 0 && code < column.codeLimit, `round ${round}`);
  }
});
