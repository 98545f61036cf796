/** ON CONFLICT of single rows against the operators, which an insert from a query takes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../../api/database.ts';
import { Random } from '../../tree/tree-model.fuzz.ts';

const TABLES = `CREATE TABLE p (id int PRIMARY KEY); INSERT INTO p VALUES (0), (1), (2), (3);
CREATE TABLE t (id int PRIMARY KEY, k text NOT NULL UNIQUE, a int, b text, c int NOT NULL DEFAULT 1 CHECK (c < 60),
  d int REFERENCES p, g int GENERATED ALWAYS AS (coalesce(a, 0) + c) STORED, CHECK (length(b) < 15 OR a IS NULL));
CREATE INDEX t_g ON t (g); CREATE INDEX t_b ON t (b, id) WHERE c > 3; CREATE UNIQUE INDEX t_a ON t (a, b)`;

const CHANGES = [
  'a = excluded.a, c = t.c + 7',
  'b = t.b || excluded.k',
  'b = excluded.b, d = excluded.d',
  'k = excluded.k || t.k',
  'c = excluded.a',
  'd = t.d + 1, a = NULL',
  "b = 'x' || t.id WHERE t.a > excluded.c",
];

const TEXTS = ['', 'a', 'ä', 'a text of twenty letters', 'another text of many letters', '\u{1f600}', null];

interface Failure {
  code: string;
  message: string;
  detail?: string;
}

test('single rows on conflict are what the operators make of them', () => {
  const first = Number(process.env['SEED'] ?? 1);
  const seeds = process.env['DECENTDB_LONG_TESTS'] === '1' ? 3 : 1;
  for (let seed = first; seed < first + seeds; seed++) {
    const random = new Random(seed);
    const [short, long] = [openSync(':memory:'), openSync(':memory:')];
    for (const db of [short, long]) db.exec(TABLES);
    for (let step = 0; step < 250; step++) {
      const change = random.pick(CHANGES);
      const target = random.pick(['(k)', '(k)', '(a, b)', '(id)']);
      const list = '$1::int, $2::text, $3::int, $4::text, $5::int, $6::int';
      const tail = `ON CONFLICT ${target} DO UPDATE SET ${change} RETURNING *`;
      const values = [
        random.below(300),
        `${random.pick(TEXTS) ?? 'n'}${random.below(12)}`,
        random.next() < 0.2 ? null : random.below(40),
        random.pick(TEXTS),
        random.below(50),
        random.next() < 0.3 ? null : random.below(5),
      ];
      const [a, b] = [short, long].map((db, i) => {
        const source = i === 0 ? `VALUES (${list})` : `SELECT ${list}`;
        try {
          return db.query(`INSERT INTO t (id, k, a, b, c, d) ${source} ${tail}`, values).rows;
        } catch (error) {
          const { code, message, detail } = error as Failure;
          return { code, message, detail };
        }
      });
      assert.deepEqual(a, b, `replay with SEED=${seed}, step ${step}: ${tail} of ${JSON.stringify(values)}`);
    }
    for (const sql of ['SELECT * FROM t ORDER BY id', 'SELECT id FROM t WHERE g = 30 ORDER BY id'])
      assert.deepEqual(short.query(sql).rows, long.query(sql).rows);
    assert.deepEqual(short.check().findings, []);
    for (const db of [short, long]) db.close();
  }
});
