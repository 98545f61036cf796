/**
 * Makes the entries that are published, `packages/decentdb/dist/bundle/`: a module or two each instead of a few hundred,
 * because each ES module costs 0.1-0.3 ms to load. What two entries share is in a chunk of its own, so that there is one
 * class `DecentDbError` and one engine whichever way it came in.
 *
 * I1  Names and line structure are kept (no minification), and the source map leads to the TypeScript files, so a
 *     stack trace under --enable-source-maps shows the real source.
 * I2  Nothing but Node's own modules stays outside the bundle: the engine has no dependencies.
 */

import { existsSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = fileURLToPath(new URL('../packages/decentdb/', import.meta.url));
const entries = [
  'index.js',
  'testing/index.js',
  'worker/index.js',
  'worker/reader-thread.js',
  'api/facades/pg.js',
  'api/facades/pglite.js',
  'api/facades/better-sqlite3.js',
].map((name) => `${root}dist/${name}`);
for (const entry of entries)
  if (!existsSync(entry)) throw new Error(`${entry} is missing: run "tsc -b" first`);

rmSync(`${root}dist/bundle`, { recursive: true, force: true });
const result = await build({
  entryPoints: entries,
  outdir: `${root}dist/bundle`,
  outbase: `${root}dist`,
  bundle: true,
  splitting: true,
  chunkNames: 'chunk-[hash]',
  platform: 'node',
  format: 'esm',
  target: 'node20.19',
  sourcemap: 'linked',
  sourcesContent: false,
  legalComments: 'none',
  metafile: true,
  logLevel: 'warning',
});
const foreign = Object.values(result.metafile.outputs)
  .flatMap((output) => output.imports)
  .filter((one) => one.external && !one.path.startsWith('node:'));
if (foreign.length > 0) throw new Error(`not bundled: ${foreign.map((one) => one.path).join(', ')}`);
const bytes = Object.entries(result.metafile.outputs)
  .filter(([name]) => name.endsWith('.js'))
  .reduce((sum, [, output]) => sum + output.bytes, 0);
process.stdout.write(`bundle: ${Math.ceil(bytes / 1024)} kB\n`);
