/**
 * Runs random queries on DecentDB and on PostgreSQL and prints every difference.
 *
 *     node conformance/dist/differential/run.js --queries 20000 --seed 7 [--size large] [--memory BYTES]
 *
 * `--size large` makes one table of thousands of rows and leaves out queries that PostgreSQL expects to be long; `--memory` is what a
 * statement of ours may take before it spills. Each round makes a schema from `seed + round` and asks `QUERIES_PER_SCHEMA` queries over it; a difference is printed with the
 * round's seed, the schema and the query, so that `--seed S --queries 1` shows it again. Exit status 1 when any differ.
 */
import { parseArgs } from 'node:util';
import { Prng } from 'decentdb/testing';
import { difference } from './compare.ts';
import { DecentDbEngine } from './decentdb-engine.ts';
import { type Engine, errorAnswer } from './engine.ts';
import { runMetamorphic } from './metamorphic.ts';
import { PostgresEngine } from './postgres-engine.ts';
import { QueryGenerator } from './query-generator.ts';
import { generateSchema, type SchemaSize } from './schema-generator.ts';

const QUERIES_PER_SCHEMA = 200;

/** Estimated cost from which a query is left out: above it some take seconds and millions of rows. */
const COST_MAX = 20_000;

export interface DifferentialOptions {
  readonly queries: number;
  readonly seed: number;
  readonly differencesMax: number;
  readonly log: (line: string) => void;
  readonly size?: SchemaSize;
}

export interface DifferentialReport {
  readonly asked: number;
  /** Queries that both refused with the same SQLSTATE. */
  readonly errors: number;
  readonly differences: number;
}

export async function runDifferential(
  ours: Engine,
  theirs: PostgresEngine,
  options: DifferentialOptions,
): Promise<DifferentialReport> {
  let [asked, errors, differences] = [0, 0, 0];
  for (let round = 0; asked < options.queries && differences < options.differencesMax; round++) {
    const seed = options.seed + round;
    const prng = new Prng(seed);
    const schema = generateSchema(prng, options.size);
    for (const engine of [ours, theirs]) {
      await engine.reset();
      for (const statement of schema.statements) {
        const answer = await engine.ask(statement);
        if (answer.kind === 'error')
          throw new Error(`${engine.name}: ${statement}: ${answer.code} ${answer.message}`);
      }
    }
    const generator = new QueryGenerator(prng, schema);
    for (let n = 0; n < QUERIES_PER_SCHEMA && asked < options.queries; n++) {
      const query = generator.query();
      if (options.size === 'large' && (await theirs.cost(query.sql)) > COST_MAX) continue;
      const [left, right] = [await ours.ask(query.sql).catch(errorAnswer), await theirs.ask(query.sql)];
      asked++;
      if (right.kind === 'error') errors++;
      const what = difference(left, right, query);
      if (what === null) continue;
      differences++;
      options.log(`difference (seed ${seed}, query ${n}): ${what}\n  ${query.sql}`);
      if (differences >= options.differencesMax) break;
    }
  }
  return { asked, errors, differences };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      queries: { type: 'string', default: '20000' },
      seed: { type: 'string', default: '1' },
      max: { type: 'string', default: '20' },
      size: { type: 'string', default: 'small' },
      memory: { type: 'string' },
    },
  });
  if (values.size !== 'small' && values.size !== 'large') throw new Error('--size is small or large');
  const memory = values.memory === undefined ? {} : { workMemBytes: Number(values.memory) };
  const [ours, theirs] = [new DecentDbEngine(':memory:', memory), await PostgresEngine.open()];
  const seed = Number(values.seed);
  const report = await runDifferential(ours, theirs, {
    queries: Number(values.queries),
    seed,
    differencesMax: Number(values.max),
    log: console.log,
    size: values.size,
  });
  await ours.close();
  await theirs.close();
  console.log(
    `differential: seed ${seed}, ${report.asked} queries, ${report.errors} refused by both alike, ${report.differences} differences`,
  );
  process.exitCode = report.differences === 0 ? 0 : 1;
  if (values.size === 'large') return;
  const metamorphic = await runMetamorphic({
    queries: Math.ceil(Number(values.queries) / 4),
    seed,
    log: console.log,
  });
  console.log(
    `metamorphic: seed ${seed}, ${metamorphic.checks} checks, ${metamorphic.differences} differences`,
  );
  if (metamorphic.differences > 0) process.exitCode = 1;
}

if (process.argv[1]?.endsWith('differential/run.js') || process.argv[1]?.endsWith('differential/run.ts'))
  await main();
