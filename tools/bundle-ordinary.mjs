/**
 * Makes bundle-rare.json: the modules of the engine and the definitions that do not run when a program makes its tables, writes and
 * reads rows. To be run after `tsc -b` when ordinary statements load them all the same, which tools/bundle.test.mjs notices, or when
 * many modules are new: those are taken for ordinary ones.
 */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isToldApart } from './bundle-groups.mjs';
import { statements } from './ordinary-statements.mjs';

const root = resolve(process.argv[2] ?? fileURLToPath(new URL('../packages/decentdb/', import.meta.url)));
const dist = `${root}/dist/`;
const list = new URL('./bundle-rare.json', import.meta.url);

/** Prints by file where functions begin that were called, and the modules whose exports files asked others for. */
const scenario = `
import { Session } from 'node:inspector';
const session = new Session();
session.connect();
session.post('Profiler.enable');
session.post('Profiler.startPreciseCoverage', { callCount: true, detailed: false });
const touched = new Set();
globalThis.touch = (name) => touched.add(name);
const { openSync } = await import(process.argv[1]);
const statements = JSON.parse(process.argv[3]);
// Prepared, at once, as scripts, in memory.
for (let way = 0; way < 4; way++) {
  const db = openSync(way < 3 ? process.argv[2] + way : ':memory:');
  for (const sql of statements) {
    if (way === 1) db.query(sql);
    else if (way > 1) db.exec(sql);
    else if (!/^(SELECT|WITH)/.test(sql)) db.prepare(sql).run();
    else for (const read of ['all', 'get', 'iterate']) Array.from(db.prepare(sql)[read]() ?? []);
  }
  db.close();
}
session.post('Profiler.takePreciseCoverage', (_, { result }) => {
  const called = {};
  for (const { url, functions } of result)
    if (url.endsWith('.cjs'))
      called[url.split('/').pop()] = functions.filter(({ ranges }) => ranges[0].count > 0).map(({ ranges }) => ranges[0].startOffset);
  console.log(JSON.stringify({ called, touched: [...touched] }));
});`;

/** What the same statements run once tables have tens of thousands of rows. */
const largeTables =
  /^exec\/(join\/late-rows|sort\/text-bytes)\.|^plan\/(emit\/condition-stages|rules\/(one-row-groups|uniqueness))\./;

/** No test, and nothing of the bundle itself. */
const isInBundle = (path) => !/^bundle\/|\.(test|fuzz|bench)\./.test(path);

function bundle() {
  const bundler = fileURLToPath(new URL('./bundle.mjs', import.meta.url));
  return execFileSync(process.execPath, [bundler, root], { encoding: 'utf8' });
}

function modulesUsed() {
  const codes = new Map();
  for (const file of readdirSync(`${dist}bundle`)) {
    if (!file.endsWith('.cjs')) continue;
    const code = readFileSync(`${dist}bundle/${file}`, 'utf8');
    codes.set(file, code.replace(/(load_\w+\(\))(?=\.(\w+)\$)/g, "(globalThis.touch?.('$2'), $1)"));
    writeFileSync(`${dist}bundle/${file}`, codes.get(file));
  }
  const folder = mkdtempSync(join(tmpdir(), 'decentdb-profile-'));
  const args = [`${dist}bundle/index.js`, join(folder, 'profile.ddb'), JSON.stringify(statements)];
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', scenario, ...args], {
    encoding: 'utf8',
  });
  rmSync(folder, { recursive: true });
  const { called, touched } = JSON.parse(printed);
  const found = new Set();
  for (const [file, offsets] of Object.entries(called)) {
    const modules = [...(codes.get(file) ?? '').matchAll(/^\/\/ .*dist\/(\S+\.js)$/gm)];
    for (const offset of offsets) {
      const module = modules.findLast(({ index }) => index <= offset);
      if (module !== undefined && offset > 0) found.add(module[1]);
    }
  }
  const ids = new Set(touched);
  for (const path of readdirSync(dist, { recursive: true }))
    if (path.endsWith('.js') && ids.has(path.replace(/\.js$/, '').replace(/[^A-Za-z0-9]/g, '_')))
      found.add(path);
  return found;
}

const write = (paths) => writeFileSync(list, `${JSON.stringify([...paths].sort(), null, 2)}\n`);
const modules = readdirSync(dist, { recursive: true }).filter(
  (path) => path.endsWith('.js') && isInBundle(path),
);
// Nothing is rare at first.
write([]);
bundle();
const rare = new Set(modules.filter((path) => isToldApart(path) && !largeTables.test(path)));
for (let used = modulesUsed(); ; used = modulesUsed()) {
  const found = [...used].filter((path) => rare.delete(path));
  write(rare);
  const missing = [...bundle().matchAll(/^(\S+) belongs into (?:engine|definitions)\.cjs/gm)].map(
    ([, path]) => path,
  );
  for (const path of missing) if (rare.delete(path)) found.push(path);
  process.stdout.write(`${found.length} modules are ordinary\n`);
  if (found.length === 0) break;
}
