/** Conjuncts asked together keep the rows that each of them, asked alone, is true for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../../index.ts';
import { random, testSeed } from '../expr.test.kit.ts';

test('filters of several conjuncts agree with their conjuncts', () => {
  const next = random(testSeed());
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;
  using db = openSync(':memory:');
  db.exec(
    'CREATE TABLE t (id int PRIMARY KEY, i int, n int, f float8, g float8, b bigint, d numeric(6, 1), s text)',
  );
  const insert = db.prepare('INSERT INTO t VALUES ($1, $2, $3, $4, $5, $6, $7, $8)');
  const small = (): number => Math.floor(next() * 9) - 4;
  for (let id = 0; id < 3000; id++) {
    const float = (): number | null =>
      pick([null, Number.NaN, Number.POSITIVE_INFINITY, small() / 2, small() / 2, small() / 2]);
    const big = next() < 0.02 && id > 2000 ? 9007199254740995n : BigInt(small());
    insert.run(
      id,
      small(),
      next() < 0.3 ? null : small(),
      float(),
      float(),
      big,
      small() / 2,
      pick(['a', 'b', null]),
    );
  }
  const conjunct = (): string => {
    const op = pick(['=', '<>', '<', '>', '<=', '>=']);
    const value = pick([`${small()}`, `${small() / 2}`]);
    return pick([
      `i ${op} ${small()}`,
      `n ${op} ${small()}`,
      `i ${op} n`,
      `f ${op} ${value}`,
      `f ${op} g`,
      `f ${op} 'NaN'::float8`,
      `b ${op} ${small()}`,
      `d ${op} ${value}`,
      `s ${op} 'a'`,
      'n IS NOT NULL',
      `i + n ${op} 1`,
      `(s LIKE 'a%' OR i > 2)`,
    ]);
  };
  for (let round = 0; round < 150; round++) {
    const conjuncts = Array.from({ length: 1 + Math.floor(next() * 4) }, conjunct);
    const found = db.prepare(`SELECT id FROM t WHERE ${conjuncts.join(' AND ')} ORDER BY id`).values();
    const alone = db.prepare(
      `SELECT id, ${conjuncts.map((one) => `(${one})`).join(', ')} FROM t ORDER BY id`,
    );
    const wanted = alone.values().filter((row) => row.slice(1).every((value) => value === true));
    assert.deepEqual(
      found.map((row) => row[0]),
      wanted.map((row) => row[0]),
      conjuncts.join(' AND '),
    );
  }
});
