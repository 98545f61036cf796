/**
 * Runs the compiled tests of every workspace, and the tests of the tools, with node:test.
 *
 *   node tools/run-tests.mjs [--all] [--files] [TEXT ...]     only test files whose path contains one of TEXT
 *
 * I1  A compiled test runs only while its source exists: a stale dist never hides a deleted or renamed test.
 * I2  DECENTDB_VERIFY=1 is on, so every invariant check of the engine runs.
 * I3  One SEED is chosen, printed first and again on failure; running with it replays every random test.
 * I4  Without `--all` the long tests below are left out, and named, so that `npm test` stays under a minute; CI runs all.
 * I5  With `--all` DECENTDB_LONG_TESTS=1 tells tests that try many ways to try them all.
 */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Workspaces that hold tests: every package, and the two suites beside them. */
function workspaceFolders() {
  const packages = readdirSync(join(root, 'packages')).map((name) => join('packages', name));
  return [...packages, 'conformance', 'simulation'].filter((folder) => existsSync(join(root, folder)));
}

function compiledTests(folder) {
  const dist = join(root, folder, 'dist');
  if (!existsSync(dist)) return [];
  return readdirSync(dist, { recursive: true })
    .filter((name) => name.endsWith('.test.js'))
    .filter((name) => existsSync(join(root, folder, 'src', name.replace(/\.js$/, '.ts'))))
    .map((name) => join(folder, 'dist', name));
}

function toolTests() {
  return readdirSync(join(root, 'tools'), { recursive: true })
    .filter((name) => name.endsWith('.test.mjs') && !name.includes('node_modules'))
    .map((name) => join('tools', name));
}

/** Tests that take several seconds each: real processes killed, PostgreSQL asked thousands of questions, every bit flipped. */
const LONG = [
  'base/kept-shapes.test',
  'exec/spill/key-spill.test',
  'session/run/cursor-rows.test',
  'session/run/cancel-points.test',
  'api/gin-index.test',
  'api/bulk-load.test',
  'plan/band-joins.test',
  'operators/project-set.test',
  'storage/passing-scan.test',
  'session/run/explain.test',
  'api/copy.test',
  'join/key-filter.test',
  'api/search-joins.test',
  'api/ranked-search.test',
  'api/search-limits.test',
  'join/late-rows.test',
  'spill/window-spill.test',
  'aggregates/ordered-set.test',
  'run/columns-not-read.test',
  'txn/page-changes.test',
  'rules/shared-subplans.test',
  'join/staged-conditions.test',
  'plan/skewed-joins.test',
  'plan/like-share.test',
  'ddl/index-names.test',
  'virtual/text-search-views.test',
  'diff/diff.test',
  'txn/group-commit.test',
  'print/print.test',
  'txn/checkpoint-order.test',
  'functions/lazy-families.test',
  'measure/measure.test',
  'repl/end-of-terminal.test',
  'tree/level-builder.test',
  'sort/sort-rows.test',
  'sort/text-sort.test',
  'storage/leaf-finder.test',
  'keys/group-table.test',
  'tree/hostile-page.test',
  'import/formats.test',
  'operators/outer-keys.test',
  'rules/unnest-scalar.test',
  'txn/failure.test',
  'tree/node-search.test',
  'plan/char-keys.test',
  'load/csv-reader.test',
  'point/point-conflict.test',
  'plan/implication.test',
  'types/write-types.test',
  'commands/recover.test',
  'commands/sim.test',
  'tree/spread-splice.test',
  'tools/document-functions.test',
  'tools/precompiled.test',
  'trigram/trigram-query.test',
  'fulltext/lexeme-store.test',
  'rules/project-pullup.test',
  'rules/join-ordering.test',
  'spill/write-spill.test',
  'api/interrupt.test',
  'introspection/recorded.test',
  'tree/tree-model.test',
  'run/point-paths.test',
  'plan/partition-guards.test',
  'operators/join-filter.test',
  'point/moved-columns.test',
  'api/steps.test',
  'tree/column-codecs.test',
  'parse/oracle.test',
  'values/values.test',
  'load/unique-batches.test',
  'load/reference-batches.test',
  'rules/ordered-append.test',
  'cli/dist/cli.test',
  'durability/kill.test',
  'durability/terminate.test',
  'samples/samples.test',
  'dump/sample-dumps.test',
  'dump/everything.test',
  'dump/random-schemas.test',
  'postgres/postgres.test',
  'differential/differential.test',
  'dist/ddl/ddl.test',
  'changes/changes.test',
  'worker/parallel-scans.test',
  'worker/same-answers.test',
  'repl/more-shell.test',
  'api/readers-and-checkpoints.test',
  'rules/late-projection.test',
  'text-search/languages/languages.test',
  'operators/gather.test',
  'rules/ordered-start.test',
  'rules/eager-aggregation.test',
  'rules/unnest-mark.test',
  'api/vacuum.test',
  'exec/operators/grouping.test',
  'spill/subplan-spill.test',
  'spill/spill-faults.test',
  'spill/spill-files.test',
  'spill/loop-spill.test',
  'exec/value-sets.test',
  'exec/operators/joins.test',
  'point/short-plan.test',
  'exec/window/window.test',
  'api/search-slices.test',
  'api/old-full-text-layout.test',
  'api/index-rows.test',
  'storage/chunk-memory.test',
  'load/durability-of-loads.test',
  'sqlite/sqlite.test',
  'tree/held-entries.test',
  'session/limits-storage.test',
  'ddl/alter-sequences.test',
  'conformance/dist/functions/functions.test',
  'plan/large-tables.test',
  'functions/differential.test',
  'functions/format/format.test',
  'ddl/foreign-keys.test',
  'api/full-text-index-answers.test',
  'api/nearest-search.test',
  'worker/reader-pool.test',
  'txn/damage.test',
  'testing/sql/rollback.test',
  'testing/sql/bulk-memory.test',
  'testing/storage/lost-writes.test',
  'testing/storage/lying-syncs.test',
  'recover/every-page.test',
  'testing/allocation/allocation-sweep.test',
  'testing/fuzz/file-fuzz.test',
  'sql/bind/part-assignment.test',
  'sql/bind/view-writes.test',
  'simulation/dist/main.test',
  'testing/storage/workloads.test',
  'testing/sql/workloads.test',
  'testing/broken-variants.test',
  'txn/interleavings.test',
  'txn/history.test',
  'exec/spill/spill.test',
  'exec/spill/join-spill.test',
  'api/similarity-search.test',
  'api/trigram-upkeep.test',
  'api/recover/recover.test',
  'cli/dist/repl/shell.test',
  'api/backup.test',
  'api/load/sources.test',
  'api/large-transaction.test',
  'session/limits.test',
  'trigram/posting-store.test',
  'session/statement-guard.test',
  'testing/simulation/simulator.test',
  'testing/sql/trigram.test',
  'testing/storage/damage.test',
  'storage/zone-filter.test',
  'storage/text-search.test',
  'txn/snapshot-model.test',
  'api/bitmap-scan.test',
  'api/or-expansion.test',
  'api/trigram-similarity.test',
  'ddl/index-build.test',
  'compile/filter-program.test',
  'operators/apply.test',
  'operators/skip-scan.test',
  'spill/seen-rows.test',
  'run/shared-plan.test',
  'api/trigram-search.test',
  'api/full-text-search.test',
  'api/index-upkeep.test',
  'ddl/alter-dependants.test',
  'ddl/add-column.test',
  'load/batch-limit.test',
  'load/appended-leaves.test',
  'api/search-join-filter.test',
  'api/full-text-build.test',
  'run/cascade-paths.test',
  'run/few-rows.test',
  'session/family-changes.test',
  'session/family-script.test',
  'introspection/introspection.test',
  'text-search/text-search.test',
  'aggregates/generic.test',
  'regex/regex.test',
  'api/heap-limit.test',
  'api/check.test',
  'commands/move.test',
  'script/copy-data.test',
  'tree/small-commits.test',
  'tree/append-leaves.test',
  'operators/failing-row.test',
  'operators/recursion.test',
];
const isLong = (file) => LONG.some((part) => file.split(sep).join('/').includes(part));

const filters = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const files = [...workspaceFolders().flatMap(compiledTests), ...toolTests()]
  .filter((file) => filters.length === 0 || filters.some((text) => file.split(sep).join('/').includes(text)))
  .filter((file) => process.argv.includes('--all') || filters.length > 0 || !isLong(file))
  .sort();

if (process.argv.includes('--files')) {
  process.stdout.write(`${files.join('\n')}\n`);
  process.exit(0);
}
if (files.length === 0) {
  process.stderr.write(`no test file matches ${filters.join(' ')}: run "npm run build" first\n`);
  process.exit(1);
}

const seed = process.env['SEED'] ?? String(Math.floor(Math.random() * 2 ** 31));
const replay = `SEED=${seed} npm test`;
const left =
  process.argv.includes('--all') || filters.length > 0 ? '' : `, ${LONG.length} long ones left to --all`;
process.stdout.write(`node ${process.version}, ${files.length} test files${left}, seed ${seed}\n`);
const long = process.argv.includes('--all') ? { DECENTDB_LONG_TESTS: '1' } : {};
const child = spawn(
  process.execPath,
  [
    '--enable-source-maps',
    '--test',
    `--test-concurrency=${Math.max(2, availableParallelism())}`,
    `--test-reporter=${relative(process.cwd(), join(root, 'tools', 'test-reporter.mjs')).replace(/^(?!\.)/, './')}`,
    '--test-reporter-destination=stdout',
    ...files.map((file) => join(root, file)),
  ],
  { stdio: 'inherit', env: { ...process.env, ...long, SEED: seed, DECENTDB_VERIFY: '1' } },
);
child.on('exit', (code, signal) => {
  if (code !== 0) process.stdout.write(`replay the random tests with: ${replay}\n`);
  process.exit(signal === null ? (code ?? 1) : 1);
});
