/**
 * Golden scripts: statements with what PostgreSQL answers to them, and what we answer where that differs.
 *
 *     > SELECT ...              the statement (more lines may follow)
 *     = name:oid ... | row / row        PostgreSQL's result, or  ! SQLSTATE message @position
 *     ~ ...                     ours, where it differs on purpose or not yet
 *
 * `UPDATE_GOLDEN=1 npx tsx --test packages/decentdb/src/sql/bind/golden.test.ts` asks PostgreSQL again and rewrites the files.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { openSync } from '../../api/database.ts';
import { DecentDbError } from '../../base/errors.ts';

const folder = `${fileURLToPath(import.meta.url).replace(/\/(dist|src)\/sql\/.*$/, '')}/src/sql/bind/golden`;

interface Block {
  readonly sql: string;
  readonly theirs: string;
  readonly ours: string;
}

function readBlocks(text: string): Block[] {
  return text
    .split(/^> /m)
    .slice(1)
    .map((block) => {
      const lines = block.trimEnd().split('\n');
      const at = lines.findIndex((line) => /^[=!] /.test(line));
      const sql = (at < 0 ? lines : lines.slice(0, at)).join('\n');
      const theirs = lines[at] ?? '';
      const own = lines.slice(at + 1).find((line) => line.startsWith('~ '));
      return { sql, theirs, ours: own === undefined ? theirs : own.slice(2) };
    });
}

/** Any value, as both sides can print it. */
function shown(value: unknown): string {
  if (value instanceof Date) return value.toISOString();
  if (typeof value !== 'object' || value === null) return String(value);
  return JSON.stringify(value, (_key, item: unknown) => (typeof item === 'bigint' ? String(item) : item));
}

/** User types have other numbers in every database. */
function typeName(oid: number): string {
  return oid < 16384 ? String(oid) : 'user';
}

interface Answer {
  readonly fields: readonly { readonly name: string; readonly oid: number }[];
  readonly rows: readonly (readonly unknown[])[];
}

function print(answer: Answer): string {
  const fields = answer.fields.map(({ name, oid }) => `${name}:${typeName(oid)}`).join(' ');
  const rows = answer.rows.map((row) => row.map(shown).join(',')).join(' / ');
  return `= ${fields} | ${rows}`.replaceAll('\n', '\\n').trimEnd();
}

interface Reported {
  readonly code?: string;
  readonly message: string;
  readonly position?: number | string;
  readonly detail?: string;
  readonly hint?: string;
}

function printError(error: Reported): string {
  const detail = error.detail === undefined ? '' : ` DETAIL ${error.detail}`;
  const hint = error.hint === undefined ? '' : ` HINT ${error.hint}`;
  return `! ${error.code} ${error.message} @${error.position ?? '-'}${detail}${hint}`.replaceAll('\n', '\\n');
}

type Ask = (sql: string) => string | Promise<string>;

function us(): Ask {
  const db = openSync(':memory:');
  return (sql) => {
    try {
      const result = db.query(sql, [], { rowMode: 'array' });
      const fields = result.fields.map(({ name, dataTypeID }) => ({ name, oid: dataTypeID }));
      return print({ fields, rows: result.rows as unknown as readonly (readonly unknown[])[] });
    } catch (error) {
      if (error instanceof DecentDbError) return printError(error as Reported);
      throw error;
    }
  };
}

async function postgres(): Promise<Ask> {
  const { PGlite } = await import('@electric-sql/pglite');
  const pg = new PGlite();
  return async (sql) => {
    try {
      const result = await pg.query<unknown[]>(sql, [], { rowMode: 'array' });
      const fields = result.fields.map(({ name, dataTypeID }) => ({ name, oid: dataTypeID }));
      return print({ fields, rows: result.rows });
    } catch (error) {
      return printError(error as Reported);
    }
  };
}

async function update(path: string): Promise<void> {
  const [mine, theirs] = [us(), await postgres()];
  const blocks: string[] = [];
  for (const { sql } of readBlocks(readFileSync(path, 'utf8'))) {
    const [expected, actual] = [await theirs(sql), await mine(sql)];
    blocks.push(`> ${sql}\n${expected}\n${actual === expected ? '' : `~ ${actual}\n`}`);
  }
  writeFileSync(path, blocks.join('\n'));
}

for (const file of readdirSync(folder).filter((name) => name.endsWith('.txt'))) {
  test(`golden: ${file}`, async () => {
    const path = `${folder}/${file}`;
    if (process.env['UPDATE_GOLDEN'] === '1') await update(path);
    const ask = us();
    for (const { sql, ours } of readBlocks(readFileSync(path, 'utf8')))
      assert.equal(await ask(sql), ours, sql);
  });
}
