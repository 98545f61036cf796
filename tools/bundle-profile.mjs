/**
 * Makes bundle-core.json: the modules that opening a database file and reading a row by its key asks for something, those with the
 * classes that index.js exports, and whatever these use while they are loaded. To be run after `tsc -b` when the list has become too
 * short, which tools/bundle.test.mjs and bundle.mjs notice; `--anew` forgets what is in it, which takes minutes.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(
  process.argv.slice(2).find((arg) => !arg.startsWith('--')) ??
    fileURLToPath(new URL('../packages/decentdb/', import.meta.url)),
);
const dist = `${root}/dist/`;
const list = new URL('./bundle-core.json', import.meta.url);

/** What is exported as it is must be there: classes, and functions small enough to be. */
const exported = [
  'index.js',
  'api/appender.js',
  'api/async-database.js',
  'api/async-statement.js',
  'api/async-transaction.js',
  'api/backup.js',
  'api/database.js',
  'api/load/text-rows.js',
  'api/recover/recover.js',
  'api/snapshot.js',
  'api/sql-template.js',
  'api/statement.js',
  'api/transactions.js',
  'api/typed-rows.js',
  'base/errors.js',
  'worker/open.js',
];
/** Read through lists of functions while a statement is planned, where no function of theirs runs. */
const listed = ['functions/arithmetic.js', 'functions/comparison.js'];

/** Opens a file and reads a row; in a process of its own, which prints the modules whose exports core.cjs asked other files for. */
const scenario = `
const { openSync } = await import(process.argv[1]);
const touched = new Set();
globalThis.touch = (name) => touched.add(name);
const db = openSync(process.argv[2]);
for (const table of ['small', 'large', 'indexed'])
  for (const key of ['id = 2'].concat(table === 'indexed' ? ["name = 'row 2'"] : [])) {
    const [row] = db.prepare('SELECT * FROM ' + table + ' WHERE ' + key).all();
    if (row?.name !== 'row 2') throw new Error('the row was not read');
  }
db.close();
console.log(JSON.stringify([...touched]));`;

function modulesTouched() {
  const entry = `${dist}bundle/index.js`;
  const core = `${dist}bundle/core.cjs`;
  const code = readFileSync(core, 'utf8');
  const marked = code.replace(/(load_\w+\(\))(?=\.(\w+)\$)/g, "(globalThis.touch?.('$2'), $1)");
  writeFileSync(core, marked);
  const folder = mkdtempSync(join(tmpdir(), 'decentdb-profile-'));
  const path = join(folder, 'profile.ddb');
  const make = `const { openSync } = await import(process.argv[1]);
    const db = openSync(process.argv[2]);
    for (const [table, rows] of [['small', 2], ['large', 1000], ['indexed', 1000]])
      db.exec('CREATE TABLE ' + table + " (id int PRIMARY KEY, name text, place int); INSERT INTO " + table +
        " SELECT i, 'row ' || i, i / 2 FROM generate_series(1, " + rows + ') i');
    db.exec('ALTER TABLE indexed ADD UNIQUE (name); CREATE INDEX ON indexed (place)');
    db.close();`;
  const run = (script) =>
    execFileSync(process.execPath, ['--input-type=module', '-e', script, entry, path], { encoding: 'utf8' });
  run(make);
  const ids = new Set(JSON.parse(run(scenario)));
  rmSync(folder, { recursive: true });
  writeFileSync(core, code);
  const paths = readdirSync(dist, { recursive: true }).filter((one) => one.endsWith('.js'));
  return paths.filter((one) => ids.has(one.replace(/\.js$/, '').replace(/[^A-Za-z0-9]/g, '_')));
}

/** Used by modules of the core for each row or statement: without a getter in between. */
const hot = [
  'base/ids.js',
  'exec/vectors.js',
  'session/run/params.js',
  'sql/bind/constants.js',
  'tree/byte-writer.js',
  'tree/key-order.js',
  'tree/row-fit.js',
  'tree/separator.js',
];

const core = new Set([...exported, ...listed, ...hot]);
if (!process.argv.includes('--anew'))
  for (const path of JSON.parse(readFileSync(list, 'utf8'))) if (existsSync(dist + path)) core.add(path);
for (;;) {
  writeFileSync(list, `${JSON.stringify([...core].sort(), null, 2)}\n`);
  const bundler = fileURLToPath(new URL('./bundle.mjs', import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [bundler, root], { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
  const missing = [...stdout.matchAll(/^(\S+) belongs into core\.cjs/gm)].map(([, path]) => path);
  const more = [...missing, ...modulesTouched()].filter((path) => !core.has(path));
  process.stdout.write(`${stdout}${more.join(' ')}\n`);
  if (more.length === 0) break;
  for (const path of more) core.add(path);
}
