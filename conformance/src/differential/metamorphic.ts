/**
 * Checks that need no oracle: the same question asked in two ways must have one answer.
 *
 *   rules      every optimiser rule on, all off, one random rule off
 *   indexes    the same tables with and without their indexes
 *   partition  rows of a query = those where p, where NOT p, where p IS NULL (Rigger and Su, "Finding Bugs in Database Systems
 *              via Query Partitioning", 2020)
 *
 * I1  A difference is reported with the seed of its schema and the number of its query: both rebuild it.
 */
import { Prng } from 'decentdb/testing';
import { difference } from './compare.ts';
import { DecentDbEngine } from './decentdb-engine.ts';
import type { Answer, Engine } from './engine.ts';
import { QueryGenerator } from './query-generator.ts';
import { generateSchema } from './schema-generator.ts';

const QUERIES_PER_SCHEMA = 50;

export interface MetamorphicOptions {
  readonly queries: number;
  readonly seed: number;
  readonly log: (line: string) => void;
}

export interface MetamorphicReport {
  readonly checks: number;
  readonly differences: number;
}

export async function runMetamorphic(options: MetamorphicOptions): Promise<MetamorphicReport> {
  const [plain, unindexed] = [new DecentDbEngine(), new DecentDbEngine()];
  const rules = await ruleNames(plain);
  let [asked, checks, differences] = [0, 0, 0];
  for (let round = 0; asked < options.queries; round++) {
    const seed = options.seed + round;
    const prng = new Prng(seed);
    const schema = generateSchema(prng);
    await build(plain, schema.statements);
    await build(
      unindexed,
      schema.statements.filter((statement) => !statement.startsWith('CREATE INDEX')),
    );
    const generator = new QueryGenerator(prng, schema);
    for (let n = 0; n < QUERIES_PER_SCHEMA && asked < options.queries; n++, asked++) {
      const query = generator.query();
      const base = await plain.ask(query.sql);
      const tell = (what: string, answer: Answer): void => {
        checks++;
        const found = difference(answer, base, query);
        if (found === null) return;
        differences++;
        options.log(`${what} (seed ${seed}, query ${n}): ${found}\n  ${query.sql}`);
      };
      tell('all rules off', await withRules(plain, rules, query.sql));
      const rule = prng.pick(rules);
      tell(`${rule} off`, await withRules(plain, [rule], query.sql));
      tell('without indexes', await unindexed.ask(query.sql));
      const { whole, parts } = generator.partition();
      checks++;
      const found = difference(await union(plain, parts), await plain.ask(whole.sql), whole);
      if (found !== null) {
        differences++;
        options.log(`partition (seed ${seed}, query ${n}): ${found}\n  ${parts[0]}`);
      }
    }
  }
  await plain.close();
  await unindexed.close();
  return { checks, differences };
}

async function build(engine: Engine, statements: readonly string[]): Promise<void> {
  await engine.reset();
  for (const statement of statements) {
    const answer = await engine.ask(statement);
    if (answer.kind === 'error') throw new Error(`${statement}: ${answer.code} ${answer.message}`);
  }
}

async function ruleNames(engine: Engine): Promise<string[]> {
  const answer = await engine.ask("SELECT name FROM pg_settings WHERE name LIKE 'optimizer.rule.%'");
  if (answer.kind === 'error' || answer.rows.length === 0)
    throw new Error('pg_settings lists no optimizer rules');
  return answer.rows.map(([name]) => name as string);
}

async function withRules(engine: Engine, off: readonly string[], sql: string): Promise<Answer> {
  for (const rule of off) await engine.ask(`SET ${rule} = off`);
  const answer = await engine.ask(sql);
  for (const rule of off) await engine.ask(`RESET ${rule}`);
  return answer;
}

async function union(engine: Engine, parts: readonly string[]): Promise<Answer> {
  const rows: (readonly (string | null)[])[] = [];
  for (const part of parts) {
    const answer = await engine.ask(part);
    if (answer.kind === 'error') return answer;
    rows.push(...answer.rows);
  }
  return { kind: 'rows', rows };
}
