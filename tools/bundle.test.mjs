/** The bundle as it is published: what is loaded when, and that its files fit together. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { statements } from './ordinary-statements.mjs';

const bundle = fileURLToPath(new URL('../packages/decentdb/dist/bundle', import.meta.url));
const isBuilt = existsSync(`${bundle}/core.cjs`);

/** Runs a module's text in a process of its own, and parses what it prints. */
function run(script, ...args) {
  const text = `import { createRequire } from 'node:module';
    const loaded = () => Object.keys(createRequire(import.meta.url).cache).map((path) => path.split('/').pop());
    const decentdb = await import(${JSON.stringify(`${bundle}/index.js`)});
    ${script}`;
  const options = { encoding: 'utf8' };
  return JSON.parse(
    execFileSync(process.execPath, ['--input-type=module', '-e', text, '--', ...args], options),
  );
}

test('opening a file and reading rows by their keys loads nothing but core.cjs', { skip: !isBuilt }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'decentdb-bundle-'));
  const path = join(folder, 'a.ddb');
  try {
    run(
      `const db = decentdb.openSync(process.argv[1]);
      db.exec("CREATE TABLE t (id int PRIMARY KEY, name text); INSERT INTO t VALUES (1, 'one'), (2, 'two')");
      db.exec("CREATE TABLE u (id int PRIMARY KEY, name text UNIQUE, place int); CREATE INDEX ON u (place)");
      db.exec("INSERT INTO u SELECT i, 'user ' || i, i / 2 FROM generate_series(1, 1000) i");
      db.close();
      console.log(null);`,
      path,
    );
    const [atImport, rows, afterwards] = run(
      `const atImport = loaded();
      const db = decentdb.openSync(process.argv[1]);
      const rows = db.prepare('SELECT * FROM t WHERE id = 2').all();
      rows.push(...db.prepare('SELECT * FROM u WHERE id = 2').all());
      rows.push(...db.prepare("SELECT * FROM u WHERE name = 'user 3'").all());
      db.close();
      console.log(JSON.stringify([atImport, rows, loaded()]));`,
      path,
    );
    const remedy = 'node tools/bundle-profile.mjs puts what is missing into core.cjs';
    assert.deepEqual(
      [atImport, rows, afterwards],
      [
        ['core.cjs'],
        [
          { id: 2, name: 'two' },
          { id: 2, name: 'user 2', place: 1 },
          { id: 3, name: 'user 3', place: 1 },
        ],
        ['core.cjs'],
      ],
      remedy,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('files loaded later and other entries share the classes of core.cjs', { skip: !isBuilt }, () => {
  const found = run(
    `const { DecentDbError, open } = decentdb;
    const db = await open(':memory:');
    await db.exec('CREATE TABLE t (id int PRIMARY KEY, at inet, doc tsvector)');
    const codes = [];
    for (const sql of ['INSERT INTO t VALUES (1), (1)', "SELECT substring('a' FROM -1 FOR -2)", 'SELECT * FROM pg_nothing', 'COPY'])
      await db.query(sql).catch((error) => codes.push(error instanceof DecentDbError && error.code));
    const { rows } = await db.query("SELECT count(*) AS n, max(relname) AS name FROM pg_class WHERE relname = 't'");
    await db.close();
    const testing = await import(${JSON.stringify(`${bundle}/testing/index.js`)});
    const { Pool } = await import(${JSON.stringify(`${bundle}/api/facades/pg.js`)});
    console.log(JSON.stringify([codes, rows, Object.keys(testing).length > 0, typeof Pool]));`,
  );
  assert.deepEqual(found, [['23505', '22011', '42P01', '42601'], [{ n: 1, name: 't' }], true, 'function']);
});

test('ordinary statements load the engine and the definitions without the rest', { skip: !isBuilt }, () => {
  const found = run(
    `const db = decentdb.openSync(':memory:');
    for (const sql of JSON.parse(process.argv[1])) db.exec(sql);
    console.log(JSON.stringify(loaded()));`,
    JSON.stringify(statements),
  );
  const remedy = 'node tools/bundle-ordinary.mjs puts what is missing into the first half';
  for (const file of ['engine.cjs', 'definitions.cjs', 'search.cjs']) assert.ok(found.includes(file), file);
  assert.deepEqual(
    found.filter((file) => file.startsWith('rare-')),
    [],
    remedy,
  );
});

test('operators and functions over plain types do not load those that few programs use', {
  skip: !isBuilt,
}, () => {
  const found = run(
    `const db = decentdb.openSync(':memory:');
    for (const sql of JSON.parse(process.argv[1])) db.query(sql);
    console.log(JSON.stringify(loaded()));`,
    JSON.stringify([
      'CREATE TABLE t (id int PRIMARY KEY, v varchar(9), s text, x float8, p numeric(9,2), a smallint, at timestamptz, d date)',
      "INSERT INTO t VALUES (1, 'v', 's', 1.5, 2.5, 3, now(), current_date), (2, 'w', NULL, 2, 3, 4, NULL, NULL)",
      "SELECT * FROM t WHERE x > 1.5 AND p > 2 AND a < 7.5 AND v = 'v' AND at > now() - interval '7 days' ORDER BY x LIMIT 3 OFFSET 1",
      "SELECT v || ' ' || s || id, left(v, 2), substring(v, 1, 2), coalesce(s, 'x'), id % 10, random() FROM t",
      'SELECT rank() OVER (ORDER BY x), sum(p) OVER (PARTITION BY v ORDER BY id) FROM t',
      "SELECT date_trunc('month', at), extract(year FROM d), count(*), string_agg(v, ',') FROM t GROUP BY 1, 2",
      'UPDATE t SET a = a + 1, p = p * 1.1, v = upper(v) WHERE x > 1.5',
    ]),
  );
  assert.deepEqual(
    found.filter((file) => /^(functions|types|rare-definitions)/.test(file)),
    [],
    'functions/everyday-families.ts and plain-types.ts say what the common families settle',
  );
});

test('threads run what is in the bundle', { skip: !isBuilt }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'decentdb-bundle-'));
  try {
    const program = `import { open } from ${JSON.stringify(pathToFileURL(`${bundle}/index.js`).href)};
      const db = await open(process.argv.at(-1));
      await db.exec('CREATE TABLE t (id int PRIMARY KEY); INSERT INTO t SELECT generate_series(1, 1000)');
      await db.readers(1);
      const { rows } = await db.query('SELECT sum(id)::int AS sum FROM t');
      const code = await db.query('SELECT 1 / (id - 1) FROM t').catch((error) => error.code);
      await db.close();
      console.log(JSON.stringify([rows, code]));`;
    const file = join(folder, 'program.mjs');
    writeFileSync(file, program);
    // A program may be a text too: threads inherit that option.
    for (const [i, args] of [[file], ['--input-type=module', '--eval', program, '--']].entries()) {
      const printed = execFileSync(process.execPath, [...args, join(folder, `${i}.ddb`)], {
        encoding: 'utf8',
      });
      assert.deepEqual(JSON.parse(printed), [[{ sum: 500500 }], '22012']);
    }
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('run by tsx, which loads modules in its own way, there is one copy of each file', {
  skip: !isBuilt,
}, () => {
  const folder = mkdtempSync(join(tmpdir(), 'decentdb-tsx-'));
  try {
    const file = join(folder, 'program.mts');
    writeFileSync(
      file,
      `import { openSync } from ${JSON.stringify(`${bundle}/index.js`)};
      const db = openSync(':memory:');
      db.exec('CREATE TABLE t (id serial PRIMARY KEY, v text); INSERT INTO t (v) VALUES (upper(\\'a\\'))');
      console.log(JSON.stringify(db.query('SELECT count(*) AS n, max(v) AS v FROM t').rows));`,
    );
    const args = ['--import', import.meta.resolve('tsx'), file];
    assert.equal(execFileSync(process.execPath, args, { encoding: 'utf8' }), '[{"n":1,"v":"A"}]\n');
  } finally {
    rmSync(folder, { recursive: true });
  }
});
