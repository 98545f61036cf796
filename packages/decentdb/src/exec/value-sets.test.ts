/** `IN` over many parameters answers as a short list and as an array do, and is asked anew at each execution. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../api/database.ts';

const TYPES = ['smallint', 'int', 'bigint', 'text', 'varchar(9)', 'char(4)', 'numeric', 'float8'];

test('long lists of parameters', () => {
  const db = openSync(':memory:');
  db.exec(`CREATE TABLE t (id int PRIMARY KEY, ${TYPES.map((type, i) => `c${i} ${type}`).join(', ')})`);
  db.exec(
    `INSERT INTO t SELECT i, ${TYPES.map((type) => `(i % 50)::${type}`).join(', ')} FROM generate_series(1, 500) i`,
  );
  db.exec(`INSERT INTO t (id) VALUES (0)`);
  for (const [i, type] of TYPES.entries())
    for (const length of [3, 16, 70])
      for (const hasNull of [false, true])
        for (const not of ['', 'NOT ']) {
          const values: (string | null)[] = Array.from({ length }, (_, k) => String((k * 7) % 90));
          if (hasNull) values[length - 1] = null;
          const params = values.map((_, k) => `$${k + 1}`).join(', ');
          const where = `c${i} ${not}IN (${params})`;
          const statement = db.prepare<[number | null]>(`SELECT id FROM t WHERE ${where} ORDER BY id`);
          const ask = (given: readonly (string | null)[]): unknown => statement.all(...given);
          const expected = (given: readonly (string | null)[]): unknown =>
            db.query(
              `SELECT id FROM t WHERE c${i} ${not === '' ? '= ANY' : '<> ALL'} ($1::text[]::${type.startsWith('char(') ? 'bpchar' : type.replace(/\(\d\)/, '')}[]) ORDER BY id`,
              [given],
            ).rows;
          assert.deepEqual(ask(values), expected(values), `${type} ${where}`);
          const others = values.map((value) => (value === null ? null : String(Number(value) + 45)));
          assert.deepEqual(ask(others), expected(others), `${type} ${where}, again`);
        }
  const big = Array.from({ length: 20 }, (_, k) => 9007199254740990n + BigInt(k));
  const list = big.map((_, k) => `$${k + 1}`).join(', ');
  const { rows } = db.query(
    `SELECT v::text FROM (VALUES (9007199254740991::bigint), (9007199254740995), (1)) AS q(v) WHERE v IN (${list}) ORDER BY 1`,
    big,
    { rowMode: 'array' },
  );
  assert.deepEqual(rows, [['9007199254740991'], ['9007199254740995']]);
  db.close();
});
