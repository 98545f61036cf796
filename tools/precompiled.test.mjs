/** What `decentdb precompile` keeps: used when it fits, and no more than that. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';

const built = fileURLToPath(new URL('../packages/decentdb/dist/bundle', import.meta.url));
const isBuilt = existsSync(`${built}/core.cjs`);

/** A copy of the bundle with what is compiled of it, gone after `work`. */
async function withCopy(work) {
  const folder = mkdtempSync(join(tmpdir(), 'decentdb-precompiled-'));
  try {
    const isWanted = (path) => !/\.map$|[/\\]precompiled$/.test(path);
    cpSync(built, join(folder, 'bundle'), { recursive: true, filter: isWanted });
    writeFileSync(join(folder, 'package.json'), '{ "type": "module" }');
    const bundle = join(folder, 'bundle');
    const made = JSON.parse(execFileSync(process.execPath, [join(bundle, 'make.cjs')], { encoding: 'utf8' }));
    await work(bundle, made.folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Runs a program with `import`s of the copy; what it prints, and which kept files were used. */
function run(bundle, { args = [], env = {}, imports = 'index.js' } = {}) {
  const url = (name) => JSON.stringify(pathToFileURL(join(bundle, name)).href);
  const program = `const { openSync, DecentDbError } = await import(${url(imports)}).then(() => import(${url('index.js')}));
    const { createRequire } = await import('node:module');
    const require = createRequire(import.meta.url);
    const db = openSync(':memory:');
    db.exec("CREATE TABLE t (id int PRIMARY KEY, v text); INSERT INTO t SELECT i, 'v' || i FROM generate_series(1, 100) i");
    const rows = db.query('SELECT v, count(*) AS n FROM t WHERE id < 3 GROUP BY v ORDER BY v').rows;
    let isOurs = false;
    try { db.exec('SELECT 1 / 0'); } catch (error) { isOurs = error instanceof DecentDbError && error.code === '22012'; }
    db.close();
    const { used } = require(${JSON.stringify(join(bundle, 'loader.cjs'))});
    const files = Object.keys(require.cache).map((path) => path.split(/[\\\\/]/).pop());
    console.log(JSON.stringify({ rows, isOurs, used, cores: files.filter((name) => name === 'core.cjs').length }));`;
  const options = { encoding: 'utf8', env: { ...process.env, NODE_V8_COVERAGE: undefined, ...env } };
  const { used, ...answer } = JSON.parse(
    execFileSync(process.execPath, [...args, '--input-type=module', '-e', program], options),
  );
  const rows = [
    { v: 'v1', n: 1 },
    { v: 'v2', n: 1 },
  ];
  assert.deepEqual(answer, { rows, isOurs: true, cores: 1 });
  return used;
}

test('what is kept is used where it fits', { skip: !isBuilt }, () =>
  withCopy((bundle) => {
    assert.deepEqual(run(bundle).slice(0, 2), ['core.cjs', 'engine.cjs']);
    assert.ok(run(bundle, { imports: 'api/facades/pg.js' }).includes('core.cjs'), 'through another entry');
    assert.ok(!run(bundle, { args: ['--enable-source-maps'] }).includes('core.cjs'), 'source maps');
    assert.ok(!run(bundle, { env: { NODE_V8_COVERAGE: join(bundle, 'coverage') } }).includes('core.cjs'));
    assert.deepEqual(run(bundle, { args: ['--stack-size=900'] }), [], 'V8 refuses what other flags made');
  }),
);

test('what is damaged or of another text is left alone', { skip: !isBuilt }, () =>
  withCopy((bundle, folder) => {
    const kept = join(folder, 'core.cjs.bin');
    const whole = readFileSync(kept);
    const isUsed = () => run(bundle).includes('core.cjs');
    for (const at of [0, 4, 40, whole.length >> 1]) {
      const bytes = Buffer.from(whole);
      bytes[at] ^= 0x10;
      writeFileSync(kept, bytes);
      assert.ok(!isUsed(), `byte ${at}`);
    }
    for (const length of [7, whole.length >> 1]) {
      writeFileSync(kept, whole.subarray(0, length));
      assert.ok(!isUsed(), `${length} bytes`);
    }
    writeFileSync(kept, whole);
    assert.ok(isUsed());
    const text = readFileSync(join(bundle, 'core.cjs'), 'utf8');
    writeFileSync(join(bundle, 'core.cjs'), text.replace('\n\n\n', '\n \n'));
    assert.ok(!isUsed(), 'another text of the same length');
    rmSync(kept);
    assert.ok(readdirSync(folder).length > 0 && !isUsed(), 'a file is missing');
  }),
);
