/** One stream of statements through a synchronous database, an asynchronous one and one with reader threads: equal answers. */
import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openSync } from '../api/database.ts';
import { Prng } from '../base/prng.ts';
import { open } from './open.ts';

const SEED = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
const STATEMENTS = 150;
const options = { skip: import.meta.url.endsWith('.ts') ? 'threads run compiled code' : false };

const SETUP = `CREATE SCHEMA app; CREATE TABLE app.t (z text); INSERT INTO app.t VALUES ('app'); CREATE SEQUENCE sq;
  CREATE TABLE t (id int PRIMARY KEY, a int, b text, c timestamptz DEFAULT '2020-01-01 00:00Z');
  INSERT INTO t (id, a, b) SELECT g, g % 7, 'x' || g FROM generate_series(1, 300) g;
  CREATE FUNCTION bump() RETURNS bigint LANGUAGE sql AS $$ SELECT nextval('public.sq') $$;
  CREATE FUNCTION last() RETURNS bigint LANGUAGE sql AS $$ SELECT currval('public.sq') $$;
  CREATE VIEW vn AS SELECT nextval('sq') AS n FROM t WHERE id < 3`;

const KINDS: readonly (readonly string[])[] = [
  [
    "SET TimeZone = 'Asia/Tokyo'",
    "SET TimeZone = 'America/New_York'",
    'RESET TimeZone',
    'RESET ALL',
    'DISCARD ALL',
  ],
  [
    'SET search_path = app, public',
    'SET search_path = public',
    "SELECT set_config('my.x', '1', false)",
    'SHOW search_path',
  ],
  [
    "SELECT nextval('public.sq')",
    "SELECT currval('public.sq')",
    'SELECT lastval()',
    'SELECT public.bump()',
    'SELECT public.last()',
  ],
  [
    'SELECT last_value, is_called FROM public.sq',
    'SELECT last_value FROM pg_sequences',
    "SELECT pg_sequence_last_value('public.sq')",
  ],
  ['SELECT * FROM public.vn', "SELECT setval('public.sq', 5)", "SELECT current_setting('my.x', true)"],
  [
    'PREPARE p AS SELECT count(*) FROM public.t',
    'EXECUTE p',
    'DEALLOCATE ALL',
    'SELECT name FROM pg_prepared_statements',
  ],
  [
    'SELECT pg_advisory_lock(1)',
    'SELECT pg_advisory_unlock(1)',
    'SELECT pg_try_advisory_lock(2)',
    'SELECT count(*) FROM pg_locks',
  ],
  ['CREATE TEMP TABLE tt AS SELECT 1 AS x', 'SELECT * FROM tt', 'DROP TABLE tt'],
  [
    'SELECT * FROM t ORDER BY 1 LIMIT 2',
    'SELECT c, c::text FROM public.t WHERE id = 7',
    'SELECT max(c)::text FROM public.t',
  ],
  [
    'SELECT a, count(*) FROM public.t GROUP BY a ORDER BY a',
    'SELECT 1 / (id - 7) FROM public.t',
    'SELECT nope',
  ],
  [
    'UPDATE public.t SET a = a + 1 WHERE id % 5 = 0',
    'DELETE FROM public.t WHERE id = 9 RETURNING c',
    'INSERT INTO public.t (id) VALUES (9)',
  ],
];

test(`every interface is one session (SEED=${SEED})`, options, async () => {
  const random = new Prng(SEED);
  const folder = mkdtempSync(join(tmpdir(), 'decentdb-same-'));
  const sync = openSync(join(folder, 'sync.ddb'), { durability: 'none' });
  const plain = await open(join(folder, 'plain.ddb'), { durability: 'none' });
  const threads = await open(join(folder, 'threads.ddb'), { durability: 'none' });
  const form = { rowMode: 'array', format: 'text' } as const;
  const told = async (run: () => Promise<{ rows: unknown[] }> | { rows: unknown[] }): Promise<unknown> => {
    try {
      return (await run()).rows;
    } catch (error) {
      return (error as Error).message;
    }
  };
  const one = (): string => random.pick(random.pick(KINDS));
  try {
    for (const db of [plain, threads]) await db.exec(SETUP);
    sync.exec(SETUP);
    await threads.readers(2);
    for (let i = 0; i < STATEMENTS; i++) {
      const statements = random.below(4) === 0 ? [one(), one(), one()] : [one()];
      const isTransaction = statements.length > 1 && !statements.some((sql) => sql.startsWith('DISCARD'));
      const isUndone = random.below(3) === 0;
      const answers: unknown[] = [];
      if (isTransaction) sync.exec('BEGIN');
      for (const sql of statements) answers.push(await told(() => sync.query(sql, [], form)));
      if (isTransaction) sync.exec(isUndone ? 'ROLLBACK' : 'COMMIT');
      for (const db of [plain, threads]) {
        const others: unknown[] = [];
        if (!isTransaction)
          for (const sql of statements) others.push(await told(() => db.query(sql, [], form)));
        else
          await db
            .transaction(async (tx) => {
              for (const sql of statements) others.push(await told(() => tx.query(sql, [], form)));
              if (isUndone) throw new Error('undone');
            })
            .catch((error: Error) => assert.equal(error.message, 'undone'));
        assert.deepEqual(others, answers, `statement ${i}: ${statements.join('; ')}`);
      }
    }
  } finally {
    sync.close();
    await plain.close();
    await threads.close();
    rmSync(folder, { recursive: true });
  }
});
