/** What an index made after another's likeness is called and has; the answers are PostgreSQL's. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Database, openSync } from '../../api/database.ts';

const indexesOf = (db: Database, table: string): unknown[] =>
  db
    .query('SELECT indexdef FROM pg_indexes WHERE tablename = $1 ORDER BY 1', [table], { rowMode: 'array' })
    .rows.map((row) => String((row as unknown as unknown[])[0]).replace(/^CREATE /, ''));

test('LIKE INCLUDING INDEXES keeps what a key carries, when it is checked and how it takes NULL', () => {
  const db = openSync(':memory:');
  db.exec(`CREATE TABLE t (a int UNIQUE DEFERRABLE INITIALLY DEFERRED, b int UNIQUE NULLS NOT DISTINCT, c int, PRIMARY KEY (c) INCLUDE (a));
    CREATE INDEX ON t ((lower(b::text)), (a + b), (a * b)) INCLUDE (c);
    CREATE TABLE u (LIKE t INCLUDING ALL)`);
  assert.deepEqual(indexesOf(db, 'u'), [
    'INDEX u_lower_expr_expr1_c_idx ON public.u USING btree (lower((b)::text), ((a + b)), ((a * b))) INCLUDE (c)',
    'UNIQUE INDEX u_a_key ON public.u USING btree (a)',
    'UNIQUE INDEX u_b_key ON public.u USING btree (b) NULLS NOT DISTINCT',
    'UNIQUE INDEX u_pkey ON public.u USING btree (c) INCLUDE (a)',
  ]);
  db.exec('INSERT INTO u VALUES (1, NULL, 1)');
  assert.throws(() => db.exec('INSERT INTO u VALUES (2, NULL, 2)'), { code: '23505' });
  db.exec('BEGIN; INSERT INTO u VALUES (1, 5, 3); UPDATE u SET a = 4 WHERE c = 3; COMMIT');
  db.close();
});

test('the index of a partition is told from one that carries other columns, and named for all of them', () => {
  const db = openSync(':memory:');
  db.exec(`CREATE TABLE p (a int, b text, c int, UNIQUE (a) INCLUDE (c)) PARTITION BY RANGE (a);
    CREATE INDEX ON p ((lower(b)), c) INCLUDE (a);
    CREATE TABLE p1 (a int, b text, c int, UNIQUE (a));
    CREATE INDEX p1_own ON p1 (lower(b), c);
    ALTER TABLE p ATTACH PARTITION p1 FOR VALUES FROM (0) TO (10)`);
  assert.deepEqual(indexesOf(db, 'p1'), [
    'INDEX p1_lower_c_a_idx ON public.p1 USING btree (lower(b), c) INCLUDE (a)',
    'INDEX p1_own ON public.p1 USING btree (lower(b), c)',
    'UNIQUE INDEX p1_a_c_key ON public.p1 USING btree (a) INCLUDE (c)',
    'UNIQUE INDEX p1_a_key ON public.p1 USING btree (a)',
  ]);
  db.close();
});

test('LIKE INCLUDING IDENTITY counts as the other does', () => {
  const db = openSync(':memory:');
  db.exec(`CREATE TABLE t (id bigint GENERATED ALWAYS AS IDENTITY (START 10 INCREMENT 3 MAXVALUE 14 CYCLE MINVALUE 4), v int);
    INSERT INTO t (v) VALUES (1); CREATE TABLE u (LIKE t INCLUDING IDENTITY); INSERT INTO u (v) VALUES (1), (2), (3)`);
  assert.deepEqual(
    db.query('SELECT id FROM u').rows.map(({ id }) => id),
    [10, 13, 4],
  );
  db.close();
});
