import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../api/database.ts';
import { Prng } from '../base/prng.ts';

/** Each makes an index and asks a dozen queries. */
const ROUNDS = process.env['DECENTDB_LONG_TESTS'] === '1' ? 25 : 5;

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);

test(`partial indexes serve queries that say more than they do, with the same rows (SEED=${SEED})`, () => {
  const random = new Prng(SEED);
  const pick = <T>(list: readonly T[]): T => random.pick(list);
  const value = (): string => (random.below(12) === 0 ? 'NULL' : String(random.below(12)));
  const atom = (): string => {
    switch (random.below(7)) {
      case 0:
        return `a IS ${pick(['', 'NOT '])}NULL`;
      case 1:
        return `a ${pick(['', 'NOT '])}IN (${value()}, ${value()})`;
      case 2:
        return `a BETWEEN ${value()} AND ${value()}`;
      case 3:
        return `b ${pick(['=', '>', '<>'])} '${random.below(12)}'`;
      case 4:
        return `abs(a) ${pick(['<', '='])} ${value()}`;
      default:
        return `${pick([`a ${pick(['=', '<', '<=', '>', '>=', '<>'])} ${value()}`, `${value()} < a`])}`;
    }
  };
  const condition = (): string => {
    const parts = Array.from({ length: 1 + random.below(3) }, atom);
    const text = parts.join(pick([' AND ', ' OR ']));
    return random.below(5) === 0 ? `NOT (${text})` : `(${text})`;
  };
  const db = openSync(':memory:');
  db.exec('CREATE TABLE t (id int PRIMARY KEY, a int, b text)');
  db.exec('INSERT INTO t SELECT g, nullif(g % 14, 13), (g % 12)::text FROM generate_series(0, 400) g');
  let used = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const predicate = condition();
    db.exec(`CREATE INDEX part ON t (${pick(['a', 'b', 'a, b'])}) WHERE ${predicate}`);
    for (let i = 0; i < 12; i++) {
      const first = i % 3 === 0 ? predicate : condition();
      const sql = `SELECT id FROM t WHERE ${first} AND ${condition()} ORDER BY id`;
      db.exec('SET optimizer.rule.index_scan = on');
      if (db.explain(sql).includes('part')) used++;
      const rows = db.query(sql).rows;
      db.exec('SET optimizer.rule.index_scan = off');
      assert.deepEqual(rows, db.query(sql).rows, sql);
    }
    db.exec('DROP INDEX part');
  }
  assert.ok(used > 0, 'no query was served by a partial index');
  db.close();
});

test('what follows from a condition, and what does not', () => {
  const db = openSync(':memory:');
  db.exec(
    "CREATE TABLE t (id int, a int, e text); INSERT INTO t SELECT g, g, 'e' || g FROM generate_series(1, 5000) g",
  );
  const serves = (predicate: string, query: string): boolean => {
    db.exec(`CREATE INDEX part ON t (a, e) WHERE ${predicate}`);
    const isServed = db.explain(`SELECT id FROM t WHERE ${query}`).includes('part');
    db.exec('DROP INDEX part');
    return isServed;
  };
  assert.ok(serves('a > 4900', 'a > 4990'));
  assert.ok(!serves('a > 4990', 'a > 4900'));
  assert.ok(serves('a IN (1, 2, 3)', 'a = 2'));
  assert.ok(serves('a IS NOT NULL', 'a + 1 < 3 AND a < 3'));
  assert.ok(serves('e IS NOT NULL', "a = 3 AND e LIKE '%3'"));
  assert.ok(!serves('e IS NOT NULL', "a = 3 AND coalesce(e, '3') LIKE '%3'"));
  assert.ok(!serves('a <> 3', 'a = 3'));
  db.exec('CREATE UNIQUE INDEX u ON t (id) WHERE a > 5');
  const { rows } = db.query(
    'INSERT INTO t VALUES (7, 8, $1) ON CONFLICT (id) WHERE a > 6 DO UPDATE SET e = EXCLUDED.e RETURNING e',
    ['new'],
  );
  assert.deepEqual(rows, [{ e: 'new' }]);
  assert.throws(() => db.exec('INSERT INTO t VALUES (7, 8) ON CONFLICT (id) WHERE a > 4 DO NOTHING'), {
    code: '42P10',
  });
  db.close();
});
