/**
 * The Chinook and Northwind databases, as PostgreSQL scripts, load through the command line and answer as PostgreSQL does
 * (PGlite, given the same script).
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { PGlite } from '@electric-sql/pglite';
import { openSync } from 'decentdb';
import { queryTable } from '../format/result-table.ts';
import { readScript } from '../script/statement-reader.ts';
import { CHINOOK_QUERIES, NORTHWIND_QUERIES } from './sample-queries.ts';

const data = fileURLToPath(new URL('../../../../../shared/data/sampledb/', import.meta.url));
const command = fileURLToPath(new URL('../../bin/decentdb.mjs', import.meta.url));
const skip = existsSync(data) ? false : `${data} is not there`;
const folder = mkdtempSync(join(tmpdir(), 'decentdb-samples-'));
after(() => rmSync(folder, { recursive: true, force: true }));

/** Every OID of the types these databases use, given as the text the server sends. */
const asText = Object.fromEntries(
  [16, 17, 20, 21, 23, 25, 114, 700, 701, 1042, 1043, 1082, 1083, 1114, 1184, 1186, 1700, 2950].map((oid) => [
    oid,
    (text: string) => text,
  ]),
);

type TextRows = readonly (readonly (string | null)[])[];

/** What PGlite has no use for: it is one database already. */
const SERVER_ONLY = /^(SET|DROP DATABASE|CREATE DATABASE)\b/i;
const withoutComments = (text: string): string => text.replace(/^(\s*(--.*\n|\/\*[\s\S]*?\*\/))+/, '').trim();

async function loadIntoPostgres(pg: PGlite, script: string): Promise<void> {
  const statements = readScript(script).filter((item) => item.kind === 'statement');
  const texts = statements
    .map((item) => item.text)
    .filter((text) => !SERVER_ONLY.test(withoutComments(text)));
  await pg.exec(texts.join(';\n'));
}

function loadThroughCommand(script: string, path: string): void {
  const done = spawnSync(
    process.execPath,
    [command, 'exec', path, '--psql', '--single-transaction', '--output', '/dev/null', '-f', script],
    { encoding: 'utf8' },
  );
  assert.equal(done.status, 0, done.stderr);
}

async function compare(pg: PGlite, name: string, queries: readonly string[]): Promise<void> {
  const script = join(data, `${name}.sql`);
  const path = join(folder, `${name}.ddb`);
  loadThroughCommand(script, path);
  const db = openSync(path, { mode: 'open' });
  try {
    await loadIntoPostgres(pg, readFileSync(script, 'utf8'));
    for (const sql of queries) {
      const expected = await pg.query(sql, [], { rowMode: 'array', parsers: asText });
      const actual = queryTable(db, sql);
      assert.deepEqual(
        actual.columns.map((column) => [column.name, column.typeOid]),
        expected.fields.map((field) => [field.name, field.dataTypeID]),
        sql,
      );
      assert.deepEqual(actual.rows, expected.rows as unknown as TextRows, sql);
    }
    assert.deepEqual(db.check().findings, []);
  } finally {
    db.close();
  }
}

test('sample databases load through the command line and answer as PostgreSQL', { skip }, async (t) => {
  const pg = await PGlite.create();
  try {
    await t.test('Chinook', () => compare(pg, 'chinook', CHINOOK_QUERIES));
    await t.test('Northwind', () => compare(pg, 'northwind', NORTHWIND_QUERIES));
  } finally {
    await pg.close();
  }
});
