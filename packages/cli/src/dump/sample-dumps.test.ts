/** Sample databases, dumped: PostgreSQL and DecentDB read the dump and have the same rows, table by table. */
import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { type Database, openSync } from 'decentdb';
import { startServer } from '../postgres/server.test.kit.ts';
import { run } from '../program.test.kit.ts';
import { dumpScript } from './write-dump.ts';

const data = fileURLToPath(new URL('../../../../../shared/data/sampledb/', import.meta.url));
const server = existsSync(data) ? startServer() : null;
const folder = mkdtempSync(join(tmpdir(), 'decentdb-samples-'));
after(() => {
  server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const rowsOf = (db: Database, table: string): string[] =>
  db
    .query<[string]>(`SELECT replace(x::text, E'\\n', '~') FROM ${table} x`, [], { rowMode: 'array' })
    .rows.map(([row]) => row)
    .sort();

for (const name of ['chinook', 'northwind', 'netflix', 'titanic', 'periodic_table'])
  test(`${name}`, { skip: server === null && 'no data or no server' }, async () => {
    const path = join(folder, `${name}.ddb`);
    const script = join(data, `${name}.sql`);
    const loaded = await run('exec', path, '--psql', '-1', '--output', '/dev/null', '-f', script);
    assert.equal(loaded.code, 0, loaded.err);
    using db = openSync(path);
    const omitted: string[] = [];
    const choices = { schemaOnly: false, dataOnly: false, inserts: false, roles: true, tables: [] };
    const dump = [...dumpScript(db, choices, omitted)].join('');
    assert.deepEqual(omitted, []);
    server?.psql('postgres', `CREATE DATABASE ${name}`);
    server?.psql(name, dump);
    writeFileSync(join(folder, `${name}.sql`), dump);
    const restored = await run(
      'restore',
      join(folder, `${name}-2.ddb`),
      join(folder, `${name}.sql`),
      '--strict',
    );
    assert.equal(restored.code, 0, restored.err);
    using copy = openSync(join(folder, `${name}-2.ddb`));
    assert.deepEqual(copy.schemaScript(), db.schemaScript());
    for (const table of db.schemaScript().tables) {
      const target = `"${table.schema}"."${table.name}"`;
      const rows = rowsOf(db, target);
      const theirs = server?.psql(
        name,
        `SET DateStyle = 'ISO, MDY'; SELECT replace(x::text, E'\\n', '~') FROM ${target} x`,
      );
      assert.deepEqual(theirs?.split('\n').slice(0, -1).sort(), rows, target);
      assert.deepEqual(rowsOf(copy, target), rows, target);
    }
  });
