/** JSON_VALUE, JSON_QUERY, JSON_EXISTS, IS JSON and the SQL/JSON aggregates, with PostgreSQL's answers. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { DecentDbError } from '../base/errors.ts';
import { openSync } from './database.ts';

function outcome(sql: string): string | null {
  const db = openSync(':memory:');
  try {
    const { rows } = db.query(`SELECT ${sql}`, [], { rowMode: 'array', format: 'text' });
    return (rows as unknown as (string | null)[][])[0]![0]!;
  } catch (error) {
    if (error instanceof DecentDbError) return error.code;
    throw error;
  } finally {
    db.close();
  }
}

const CASES: readonly (readonly [sql: string, answer: string | null])[] = [
  [`JSON_VALUE(jsonb '{"n": 2.50}', '$.n')`, '2.50'],
  [`JSON_VALUE('{"n": 2}', '$.n' RETURNING int) + 1`, '3'],
  [`JSON_VALUE(jsonb '"x"', '$' RETURNING int)`, null],
  [`JSON_VALUE(jsonb '"x"', '$' RETURNING int ERROR ON ERROR)`, '22P02'],
  [`JSON_VALUE(jsonb '"x"', '$' RETURNING int DEFAULT 7 ON ERROR)`, '7'],
  [`JSON_VALUE(jsonb '[1]', '$' ERROR ON ERROR)`, '2203F'],
  [`JSON_VALUE(jsonb '[1, 2]', '$[*]' ERROR ON ERROR)`, '22034'],
  [`JSON_VALUE(jsonb '{}', '$.n' ERROR ON EMPTY)`, '22035'],
  [`JSON_VALUE(jsonb '{}', '$.n' DEFAULT 'none' ON EMPTY)`, 'none'],
  [`JSON_VALUE(jsonb '[1, 2, 3]', '$[*] ? (@ > $least)' PASSING 2 AS least)`, '3'],
  [`JSON_QUERY(jsonb '[1, 2]', '$[*]' WITH WRAPPER)`, '[1, 2]'],
  [`JSON_QUERY(jsonb '[1, 2]', '$[*]')`, null],
  [`JSON_QUERY(jsonb '"x"', '$' RETURNING text OMIT QUOTES)`, 'x'],
  [`JSON_QUERY(jsonb '{}', '$.n' EMPTY ARRAY ON EMPTY)`, '[]'],
  [`JSON_QUERY(jsonb '[1, 2]', '$' RETURNING int[])`, '{1,2}'],
  [`JSON_EXISTS(jsonb '{"n": 1}', '$.n')`, 't'],
  [`JSON_EXISTS(jsonb '{"n": 1}', 'strict $.m' UNKNOWN ON ERROR)`, null],
  [`'{"n": {"m": 1, "m": 2}}' IS JSON WITH UNIQUE KEYS`, 'f'],
  [`'[' IS NOT JSON`, 't'],
  [`'"x"' IS JSON SCALAR`, 't'],
  [`JSON_ARRAYAGG(v) FROM (VALUES (1), (NULL), (3)) t(v)`, '[1, 3]'],
  [`JSON_OBJECTAGG(k: v RETURNING jsonb) FROM (VALUES ('a', 1), ('b', NULL)) t(k, v)`, '{"a": 1, "b": null}'],
  [`JSON_SERIALIZE('{"n":1}')`, '{"n":1}'],
];

test('SQL/JSON answers', () => {
  for (const [sql, answer] of CASES) assert.equal(outcome(sql), answer, sql);
});

test('conversions to a domain run its checks', () => {
  const db = openSync(':memory:');
  db.exec('CREATE DOMAIN small AS int CHECK (VALUE < 10)');
  const ask = (sql: string): unknown => (db.query(sql).rows[0] as { v: unknown }).v;
  assert.equal(ask(`SELECT JSON_VALUE(jsonb '5', '$' RETURNING small) AS v`), 5);
  assert.equal(ask(`SELECT JSON_VALUE(jsonb '50', '$' RETURNING small) AS v`), null);
  db.close();
});
