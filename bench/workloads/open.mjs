/** Importing the package, opening a new and an existing database, first query: each measured in fresh processes. */
import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';

export const opensItself = true;
const PROCESSES = 7;

/** Runs `script` in new processes and returns the median of the milliseconds each prints. */
function medianOf(script, before = () => {}) {
  const all = [];
  for (let i = 0; i < PROCESSES; i++) {
    before();
    all.push(
      Number(execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })),
    );
  }
  all.sort((a, b) => a - b);
  return all[PROCESSES >> 1];
}

const PACKAGES = {
  decentdb: new URL('../../packages/decentdb/dist/bundle/index.js', import.meta.url).href,
  'better-sqlite3': import.meta.resolve('better-sqlite3'),
  'node-sqlite': 'node:sqlite',
  pglite: import.meta.resolve('@electric-sql/pglite'),
  duckdb: import.meta.resolve('@duckdb/node-api'),
};

const engineUrl = (name) => new URL(`../engines/${name}.mjs`, import.meta.url).href;
const nameOf = (ctx) => Object.keys(PACKAGES).find((name) => ctx.engineName === name);

function opening(ctx, work, before) {
  const script = `const engine = await import('${engineUrl(nameOf(ctx))}'); const path = ${JSON.stringify(ctx.path)};
    const started = performance.now(); const db = await engine.open(path); ${work}
    console.log(performance.now() - started); await db.close();`;
  return { ms: medianOf(script, before), count: 1, check: [] };
}

export function cases() {
  return [
    {
      name: 'import the package',
      unit: 'ms',
      run: (_, ctx) => ({
        ms: medianOf(
          `const s = performance.now(); await import('${PACKAGES[nameOf(ctx)]}'); console.log(performance.now() - s)`,
        ),
        count: 1,
        check: [],
      }),
    },
    {
      name: 'create a new database',
      unit: 'ms',
      run: (_, ctx) => opening(ctx, '', () => removeAll(ctx.path)),
    },
    {
      name: 'open an existing database and read one row',
      unit: 'ms',
      async prepare(_, ctx) {
        removeAll(ctx.path);
        const db = await ctx.engine.open(ctx.path);
        await db.exec('CREATE TABLE t (id INTEGER PRIMARY KEY, name TEXT)');
        await db.runAll(
          'INSERT INTO t VALUES ($1, $2)',
          Array.from({ length: 10_000 }, (_, i) => [i, `row ${i}`]),
        );
        await db.checkpoint();
        await db.close();
      },
      run: (_, ctx) => opening(ctx, `await db.all('SELECT * FROM t WHERE id = 77');`),
    },
  ];
}

function removeAll(path) {
  for (const suffix of ['', '-wal', '-shm', '-wal2', '.wal', '-lock'])
    rmSync(path + suffix, { recursive: true, force: true });
}
