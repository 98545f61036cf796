/**
 * Side-by-side benchmarks. Each engine runs in its own process, rounds are interleaved, medians are reported, and every
 * result is compared across engines: a figure whose answer differs is marked, and the run fails.
 *
 *   npm run bench -- [track|joins|embedded|everyday|orders|movies|lookups|scaling|tpch|music|search|open ...] [--engines decentdb,better-sqlite3] [--rounds 3]
 *                    [--rows N] [--scale F] [--only TEXT] [--cache MIB] [--cpu] [--compare REV] [--json FILE] [--markdown FILE] [--html FILE]
 *
 * `--cache` gives every engine that much cache instead of 256 MiB; `--cpu` counts CPU time, for machines that have other work.
 * `--compare REV` builds that revision beside this one and measures it as the engine `decentdb-rev`.
 */
import { execFileSync, spawn } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { markdownPage, printReport, summarize } from './harness/report.mjs';

const root = fileURLToPath(new URL('.', import.meta.url));
const NODE24 = join(root, '..', 'tools', 'node24', 'node_modules', 'node', 'bin', 'node');
const here = (folder) => readdirSync(join(root, folder)).map((name) => name.replace(/\.mjs$/, ''));

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    engines: { type: 'string', default: 'decentdb,better-sqlite3' },
    rounds: { type: 'string', default: '3' },
    rows: { type: 'string' },
    scale: { type: 'string' },
    only: { type: 'string' },
    cache: { type: 'string' },
    cpu: { type: 'boolean', default: false },
    json: { type: 'string' },
    markdown: { type: 'string' },
    html: { type: 'string' },
    compare: { type: 'string' },
    folder: { type: 'string', default: join(root, '..', '.tmp', 'bench') },
  },
});

/** Builds a revision in a worktree of its own and tells the engine `decentdb-rev` where it is. */
function buildRevision(revision) {
  const folder = join(root, '..', '.tmp', 'bench-revision');
  const git = (...args) => execFileSync('git', args, { cwd: join(root, '..'), encoding: 'utf8' }).trim();
  const commit = git('rev-parse', '--short', `${revision}^{commit}`);
  if (!existsSync(folder)) git('worktree', 'add', '--detach', folder, commit);
  else execFileSync('git', ['checkout', '--quiet', '--detach', commit], { cwd: folder });
  process.stderr.write(`building ${commit}\n`);
  const stdio = ['ignore', 'ignore', 'inherit'];
  execFileSync('npm', ['install', '--no-audit', '--no-fund'], { cwd: folder, stdio });
  execFileSync('npm', ['run', 'build'], { cwd: folder, stdio });
  process.env['DECENTDB_REVISION'] = commit;
  process.env['DECENTDB_REVISION_ENTRY'] = pathToFileURL(
    join(folder, 'packages', 'decentdb', 'dist', 'bundle', 'index.js'),
  ).href;
}

function chosen(names, known, what) {
  for (const name of names)
    if (!known.includes(name)) throw new Error(`no ${what} "${name}": there are ${known.join(', ')}`);
  return names;
}

/** Node binary for an engine: its own where the engine needs a newer one than this. */
async function nodeFor(engine) {
  const source = await import('node:fs').then((fs) =>
    fs.readFileSync(join(root, 'engines', `${engine}.mjs`), 'utf8'),
  );
  if (!/needsNode24 = true/.test(source) || Number(process.versions.node.split('.')[0]) >= 24)
    return process.execPath;
  if (!existsSync(NODE24)) throw new Error(`${engine} needs Node 24: npm install --prefix tools/node24`);
  return NODE24;
}

/** Runs one process and collects what it sends. */
async function runOnce(engine, workload, options) {
  const folder = join(values.folder, `${workload}-${engine}`);
  mkdirSync(values.folder, { recursive: true });
  const order = JSON.stringify({ engine, workload, folder, options, only: values.only, cpu: values.cpu });
  const child = spawn(
    await nodeFor(engine),
    ['--expose-gc', '--max-old-space-size=8192', join(root, 'worker.mjs'), order],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const measured = { engine, cases: [] };
  for await (const line of createInterface({ input: child.stdout })) {
    const message = JSON.parse(line);
    if (message.case === undefined) Object.assign(measured, message);
    else measured.cases.push(message);
  }
  const code = child.exitCode ?? (await new Promise((resolve) => child.on('exit', resolve)));
  if (code !== 0) process.stderr.write(`${engine} on ${workload} left with ${code}\n`);
  return measured;
}

async function runWorkload(workload, engines) {
  const module = await import(`./workloads/${workload}.mjs`);
  const options = {
    rows: Number(values.rows ?? module.defaultRows ?? 0),
    scale: Number(values.scale ?? module.defaultScale ?? 0),
  };
  const rounds = [];
  for (let round = 0; round < Number(values.rounds); round++)
    for (const engine of round % 2 === 0 ? engines : [...engines].reverse()) {
      process.stderr.write(`${workload}: round ${round + 1}, ${engine}\n`);
      rounds.push(await runOnce(engine, workload, options));
    }
  const summary = summarize(workload, module.cases(options), engines, rounds);
  summary.notes = module.notes?.(summary) ?? [];
  summary.growth = module.growth?.(summary);
  printReport(summary);
  return { workload, options, summary, rounds };
}

if (values.cache !== undefined) process.env['BENCH_CACHE_MIB'] = values.cache;
if (values.compare !== undefined) buildRevision(values.compare);
const wanted = values.compare === undefined ? values.engines : 'decentdb,decentdb-rev';
const engines = chosen(wanted.split(','), here('engines'), 'engine');
const workloads = chosen(positionals.length === 0 ? ['track'] : positionals, here('workloads'), 'workload');
const results = [];
for (const workload of workloads) results.push(await runWorkload(workload, engines));
const machine = { cpu: cpus()[0]?.model, cores: cpus().length, node: process.version };
/** Answers were compared by now, and would be most of the file. */
const withoutAnswers = (key, value) => (key === 'check' ? undefined : value);
if (values.json !== undefined)
  writeFileSync(values.json, `${JSON.stringify({ machine, results }, withoutAnswers, 1)}\n`);
if (values.html !== undefined) {
  const { pageOf } = await import('./harness/page.mjs');
  writeFileSync(values.html, await pageOf({ machine, results }));
}
if (values.markdown !== undefined)
  writeFileSync(values.markdown, markdownPage(results.map((result) => result.summary)));
process.exit(results.some((result) => result.summary.differences.length > 0) ? 1 : 0);
