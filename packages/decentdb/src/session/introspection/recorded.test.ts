/**
 * What tools and drivers ask of the catalogues, recorded from their runs against PostgreSQL 15 over recorded/schema.sql, with the
 * answers PostgreSQL gave: JDBC's DatabaseMetaData, SQLAlchemy, Django, psycopg, asyncpg, Prisma, drizzle-kit, MikroORM, TypeORM,
 * Sequelize, Knex and generators of types.
 *
 *     -- $1 = 'shop'                          a parameter, as text; NULL without quotes
 *     SELECT ... WHERE c.oid = {shop.orders}  the oid of that object, in queries and answers
 *     --> one | row
 *
 * I1  Answers are PostgreSQL's, never ours: a difference is mended here, not there. What depends on order has an ORDER BY; other
 *     answers are compared sorted.
 */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Database } from '../../api/database.ts';

const folder = join(
  fileURLToPath(new URL('.', import.meta.url)).replace(/([\\/])dist([\\/])/, '$1src$2'),
  'recorded',
);

/** Numbers of objects by name: relations, their row types, types, functions, constraints, defaults, schemas. */
const OIDS = `
  SELECT c.oid, n.nspname || '.' || c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.oid >= 16384
  UNION ALL SELECT t.oid, n.nspname || '.' || t.typname FROM pg_type t JOIN pg_namespace n ON n.oid = t.typnamespace WHERE t.oid >= 16384
  UNION ALL SELECT p.oid, n.nspname || '.' || p.proname FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE p.oid >= 16384
  UNION ALL SELECT c.oid, n.nspname || '.' || c.conname FROM pg_constraint c JOIN pg_namespace n ON n.oid = c.connamespace
    WHERE c.oid >= 16384
  UNION ALL SELECT a.oid, 'default of ' || a.adrelid::regclass || ' ' || a.adnum FROM pg_attrdef a
  UNION ALL SELECT oid, nspname FROM pg_namespace WHERE nspname <> 'pg_catalog'`;

const db = new Database(':memory:');
const names = new Map<string, string>();
const numbers = new Map<string, string>();

before(() => {
  db.exec(readFileSync(join(folder, 'schema.sql'), 'utf8'));
  const { rows } = db.query<[string, string]>(OIDS, [], { rowMode: 'array', format: 'text' });
  for (const [oid, name] of rows) {
    names.set(oid, name);
    if (!numbers.has(name)) numbers.set(name, oid);
  }
});

function withNumbers(text: string): string {
  return text.replace(/\{([^{}]+)\}/g, (whole, name: string) => numbers.get(name) ?? whole);
}

function shown(value: string | null): string {
  if (value === null) return 'NULL';
  const named = value.replace(/\b\d{4,}\b/g, (oid) => (names.has(oid) ? `{${names.get(oid)}}` : oid));
  return named.replaceAll('\n', '\\n');
}

function answer(sql: string, params: readonly (string | null)[]): string[] {
  const given = params.map((param) => (param === null ? null : withNumbers(param)));
  const { rows } = db.query<(string | null)[]>(withNumbers(sql), given, { rowMode: 'array', format: 'text' });
  return rows.map((row) => row.map(shown).join(' | '));
}

for (const file of readdirSync(folder).filter((name) => name !== 'schema.sql')) {
  test(`recorded: ${file}`, () => {
    const blocks = readFileSync(join(folder, file), 'utf8').trimEnd().split('\n\n');
    assert.ok(blocks.length > 0);
    for (const block of blocks) {
      const lines = block.split('\n');
      const expected = lines.filter((line) => line.startsWith('--> ')).map((line) => line.slice(4));
      const params = lines.flatMap((line) => {
        const [, text] = /^-- \$\d+ = (.*)$/.exec(line) ?? [];
        return text === undefined ? [] : [text === 'NULL' ? null : text.slice(1, -1)];
      });
      const isHead = (line: string, i: number): boolean => i === 0 || /^-- \$\d+ = /.test(line);
      const sql = lines.filter((line, i) => !line.startsWith('--> ') && !isHead(line, i)).join('\n');
      const made = answer(sql, params);
      if (/order\s+by/i.test(sql)) assert.deepEqual(made, expected, block);
      else assert.deepEqual(made.toSorted(), expected.toSorted(), block);
    }
  });
}
