/**
 * What psql and object mappers ask of the catalogues, as they ask it: recorded queries with the answers they get here.
 *
 *     SELECT ... WHERE c.oid = '{ch}';      {name} stands for the oid of that object, in queries and answers
 *     --> one | row
 *
 * GOLDEN=update rewrites the answers; read the difference before keeping it.
 */
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Database } from '../../api/database.ts';
import { DecentDbError } from '../../base/errors.ts';

const folder = fileURLToPath(new URL('.', import.meta.url)).replace(/([\\/])dist([\\/])/, '$1src$2');

const SCHEMA = `
  CREATE SCHEMA s; CREATE TYPE mood AS ENUM ('a', 'b'); CREATE DOMAIN dm AS int CHECK (value > 0);
  CREATE TABLE par (id int PRIMARY KEY, n text UNIQUE);
  CREATE TABLE ch (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, p int REFERENCES par ON DELETE CASCADE, m mood DEFAULT 'a',
    g int GENERATED ALWAYS AS (p * 2) STORED, v varchar(10) NOT NULL CHECK (v <> ''), t timestamptz DEFAULT now());
  CREATE INDEX ch_p ON ch (p) WHERE p > 0; CREATE VIEW vw AS SELECT id, v FROM ch; CREATE MATERIALIZED VIEW mv AS SELECT 1 AS a;
  CREATE SEQUENCE sq; CREATE FUNCTION fn(a int, b text DEFAULT 'x') RETURNS int LANGUAGE sql AS 'select a';
  COMMENT ON TABLE ch IS 'the child'; COMMENT ON COLUMN ch.v IS 'a v';`;

/** Answers that differ from one machine or version to the next are only counted. */
const LONG_MAX = 40;

function oids(db: Database): Map<string, string> {
  const found = new Map<string, string>();
  const oidOf = (sql: string): string =>
    String(db.query(sql, [], { format: 'text', rowMode: 'array' }).rows[0]);
  for (const name of ['par', 'ch', 'vw', 'mv', 'sq'])
    found.set(name, oidOf(`SELECT '${name}'::regclass::oid`));
  found.set('fn', oidOf("SELECT 'fn'::regproc::oid"));
  return found;
}

function answer(db: Database, sql: string, names: ReadonlyMap<string, string>): string[] {
  let text = sql;
  for (const [name, oid] of names) text = text.replaceAll(`{${name}}`, oid);
  try {
    const { rows } = db.query<(string | null)[]>(text, [], { rowMode: 'array', format: 'text' });
    if (rows.length > LONG_MAX) return [`more than ${LONG_MAX} rows`];
    return rows.map((row) => {
      let line = row
        .map((value) => value ?? 'NULL')
        .join(' | ')
        .replaceAll('\n', '\\n');
      for (const [name, oid] of names) line = line.replace(new RegExp(`\\b${oid}\\b`, 'g'), `{${name}}`);
      return line;
    });
  } catch (error) {
    if (error instanceof DecentDbError) return [`ERROR ${error.code} ${error.message}`];
    throw error;
  }
}

for (const file of ['psql-describe.sql', 'object-mappers.sql', 'recorded-libraries.sql']) {
  test(`introspection: ${file}`, () => {
    const db = new Database(':memory:');
    db.exec(SCHEMA);
    const names = oids(db);
    const blocks = readFileSync(`${folder}${file}`, 'utf8')
      .trimEnd()
      .split('\n\n')
      .filter((block) => block.trim() !== '');
    const made = blocks.map((block) => {
      const lines = block.split('\n');
      const sql = lines.filter((line) => !line.startsWith('-->'));
      return [
        ...sql,
        ...answer(db, sql.filter((line) => !line.startsWith('-- ')).join('\n'), names).map(
          (line) => `--> ${line}`,
        ),
      ].join('\n');
    });
    if (process.env['GOLDEN'] === 'update') writeFileSync(`${folder}${file}`, `${made.join('\n\n')}\n`);
    else for (const [i, block] of blocks.entries()) assert.equal(made[i], block);
    assert.ok(!made.some((block) => block.includes('--> ERROR')), 'every query of a tool is answered');
  });
}
