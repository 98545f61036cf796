/** Lists of values that repeat, next to each other and later on, get the numbers of their equals. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../../index.ts';
import { Decimal } from '../../types/decimal.ts';
import type { Datum } from '../../types/vector.ts';
import { random, testSeed, type } from '../expr.test.kit.ts';
import { OuterKeys } from './outer-keys.ts';

const CHOICES: Readonly<Record<string, readonly Datum[]>> = {
  int4: [null, 0, 1, -1, 7],
  float8: [null, 0, -0, Number.NaN, Number.POSITIVE_INFINITY, 2.5],
  text: [null, '', 'a', 'a ', 'ä'],
  numeric: [null, new Decimal(0, 0), new Decimal(0, 3), new Decimal(15, 1), new Decimal(150, 2)],
};

/** What equal values have in common. */
function nameOf(value: Datum): string {
  if (value instanceof Decimal) return value.compare(new Decimal(0, 0)) === 0 ? 'zero' : 'one and a half';
  return typeof value === 'number' ? `n${value + 0}` : `${typeof value} ${String(value)}`;
}

/** What tells a value from others. */
function textOf(value: Datum): string {
  return Object.is(value, -0) ? '-0' : `${typeof value} ${String(value)}`;
}

test('numbers of lists, in order of appearance', () => {
  const seed = testSeed();
  const next = random(seed);
  const below = (n: number): number => Math.floor(next() * n);
  for (let round = 0; round < 60; round++) {
    const names = Array.from({ length: 1 + below(3) }, () => Object.keys(CHOICES)[below(4)]!);
    const isApart = round % 2 === 1;
    const keys = new OuterKeys(names.map(type), isApart ? 'apart' : 'equal');
    const known = new Map<string, number>();
    const values: Datum[] = names.map(() => null);
    for (let i = 0; i < 200; i++) {
      // The array is the caller's own, and filled anew.
      if (below(3) > 0) for (const [k, name] of names.entries()) values[k] = CHOICES[name]![below(5)]!;
      const name = values.map(isApart ? (value) => textOf(value) : nameOf).join();
      const isInsert = below(4) > 0;
      if (isInsert && !known.has(name)) known.set(name, known.size);
      assert.equal(keys.idOf(values, isInsert), known.get(name) ?? -1, `${name} SEED=${seed}`);
    }
  }
});

test('what equal values give in a subquery is not taken for each other', () => {
  const db = openSync(':memory:');
  db.exec(`CREATE TABLE t (id int, n numeric, f float8, c bpchar, i interval, a numeric[], j jsonb, r numrange);
    INSERT INTO t VALUES (1, 1.0, 0, 'a', '1 day', '{1.0}', '[1.0]', '[1.0,2)'), (2, 1.00, '-0', 'a ', '24:00', '{1.00}', '[1.00]', '[1.00,2)');
    CREATE TABLE u (id int);
    INSERT INTO u SELECT generate_series(1, 3)`);
  for (const column of ['t.n', 't.f', 't.i', 't.a', 't.j', 't.r', 't']) {
    const asked = [
      `SELECT (SELECT max(${column}::text || u.id) FROM u WHERE u.id < 2) FROM t ORDER BY t.id`,
      `SELECT m FROM t, LATERAL (SELECT ${column}::text || u.id AS m FROM u ORDER BY u.id LIMIT 1) z ORDER BY t.id`,
    ];
    const wanted = db.prepare(`SELECT ${column}::text || 1 FROM t ORDER BY id`).values();
    for (const sql of asked) assert.deepEqual(db.prepare(sql).values(), wanted, sql);
  }
  const lengths = db
    .prepare('SELECT (SELECT max(octet_length(t.c) + u.id * 0) FROM u) FROM t ORDER BY id')
    .values();
  assert.deepEqual(lengths, [[1], [2]]);
  db.close();
});
