/**
 * Runs random sequences of schema statements on DecentDB and on PostgreSQL and prints the first difference of each.
 *
 *     node conformance/dist/ddl/ddl-run.js --sequences 200 --seed 7
 *
 * After each statement it is compared whether it was done or refused, and every few statements all that the catalogues say and all
 * rows. Transactions and savepoints are opened, kept and rolled back between, and the file is closed and opened again. A sequence that differs is made shorter as long as its end still differs, and printed. `--codes` prints what both refused
 * with different SQLSTATEs; `--rows` changes rows of tables that lean on each other instead. Exit status 1 when any differ.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { Prng } from 'decentdb/testing';
import { DecentDbEngine } from '../differential/decentdb-engine.ts';
import { type Answer, type Engine, errorAnswer } from '../differential/engine.ts';
import { PostgresEngine } from '../differential/postgres-engine.ts';
import { ConstraintGenerator } from './constraint-generator.ts';
import { DdlGenerator } from './ddl-generator.ts';
import type { StatementGenerator } from './statement-generator.ts';

const STATEMENTS_PER_SEQUENCE = 60;
/** Statements between two looks at everything. */
const LOOK_EVERY = 6;

/** Not for the engines: the file is closed and opened again. */
const REOPEN = '-- reopen';

export interface DdlOptions {
  readonly sequences: number;
  readonly seed: number;
  readonly differencesMax: number;
  readonly log: (line: string) => void;
  /** Default: schema statements. */
  readonly generate?: (prng: Prng) => StatementGenerator;
  readonly onOtherwise?: (sql: string, ours: Answer, theirs: Answer) => void;
}

export interface DdlReport {
  readonly statements: number;
  readonly refused: number;
  /** Refused by both, with different SQLSTATEs: which of several faults is told first is not compared. */
  readonly otherwise: number;
  readonly differences: number;
}

/** What is looked at: a name and a query whose rows are compared as a set. */
const LOOKS: readonly (readonly [string, string])[] = [
  [
    'columns',
    `SELECT table_name, column_name, ordinal_position, column_default, generation_expression, is_nullable, data_type, udt_name,
      character_maximum_length, numeric_precision, numeric_scale, is_identity, identity_generation, is_generated,
      domain_name FROM information_schema.columns WHERE table_schema = 'public'`,
  ],
  [
    'constraints',
    `SELECT conname, contype, conrelid::regclass, confrelid::regclass, conkey, confkey, confdeltype, confupdtype,
      condeferrable, condeferred, convalidated, pg_get_constraintdef(oid)
      FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype <> 'n'`,
  ],
  ['indexes', `SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'`],
  [
    'relations',
    `SELECT relname, relkind, relnatts FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind <> 'c'`,
  ],
  [
    'sequences',
    `SELECT sequence_name, data_type, start_value, minimum_value, maximum_value, increment
      FROM information_schema.sequences WHERE sequence_schema = 'public'`,
  ],
  [
    'domains',
    `SELECT domain_name, data_type, domain_default FROM information_schema.domains WHERE domain_schema = 'public'`,
  ],
  ['views', `SELECT viewname, definition FROM pg_views WHERE schemaname = 'public'`],
  ['labels', 'SELECT enumtypid::regtype, enumlabel, rank() OVER (ORDER BY enumsortorder) FROM pg_enum'],
];

function shown(answer: Answer): string {
  if (answer.kind === 'error') return `${answer.code} ${answer.message}`;
  return JSON.stringify(answer.rows.map((row) => JSON.stringify(row)).sort());
}

async function ask(engine: Engine, sql: string): Promise<Answer> {
  if (sql === REOPEN) {
    if (engine instanceof DecentDbEngine) engine.reopen();
    return { kind: 'rows', rows: [] };
  }
  return engine.ask(sql).catch(errorAnswer);
}

/** Null when both say the same of everything. */
async function look(ours: Engine, theirs: Engine): Promise<string | null> {
  const queries = [...LOOKS];
  const relations = await ask(
    theirs,
    `SELECT relname, relkind FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'v', 'm', 'S')`,
  );
  // The transaction is over there: nothing can be asked.
  if (relations.kind === 'error') return null;
  for (const [name, kind] of relations.rows)
    queries.push([
      `rows of ${name}`,
      `SELECT ${kind === 'S' ? 'last_value, is_called' : '*'} FROM public."${name}"`,
    ]);
  for (const [what, sql] of queries) {
    const [left, right] = [await ask(ours, sql), await ask(theirs, sql)];
    if (what.startsWith('rows of') && left.kind === 'error' && right.kind === 'error') continue;
    if (shown(left) === shown(right)) continue;
    return `${what}\n    ours   ${shown(left)}\n    theirs ${shown(right)}`;
  }
  return null;
}

/** What differs at the last statement of a sequence, or after it; null when nothing does. */
async function differenceAtEnd(
  ours: Engine,
  theirs: Engine,
  statements: readonly string[],
): Promise<string | null> {
  await ours.reset();
  await theirs.reset();
  for (const [i, sql] of statements.entries()) {
    const [left, right] = [await ask(ours, sql), await ask(theirs, sql)];
    const what = statementDifference(left, right);
    if (what !== null) return i === statements.length - 1 ? what : null;
  }
  return look(ours, theirs);
}

function statementDifference(ours: Answer, theirs: Answer): string | null {
  // An internal error is never an answer.
  const isInternal = ours.kind === 'error' && ours.code.startsWith('XX');
  if (ours.kind === theirs.kind && !isInternal) return null;
  return `ours: ${ours.kind === 'error' ? shown(ours) : 'done'}; theirs: ${theirs.kind === 'error' ? shown(theirs) : 'done'}`;
}

/** The sequence without what it takes nothing from. */
async function shortened(ours: Engine, theirs: Engine, statements: readonly string[]): Promise<string[]> {
  let kept = [...statements];
  for (let at = kept.length - 2; at >= 0; at--) {
    const without = kept.filter((_, i) => i !== at);
    if ((await differenceAtEnd(ours, theirs, without)) !== null) kept = without;
  }
  return kept;
}

export async function runDdl(ours: Engine, theirs: Engine, options: DdlOptions): Promise<DdlReport> {
  let [count, refused, otherwise, differences] = [0, 0, 0, 0];
  for (let round = 0; round < options.sequences && differences < options.differencesMax; round++) {
    const seed = options.seed + round;
    const prng = new Prng(seed);
    const generator = options.generate?.(prng) ?? new DdlGenerator(prng);
    const done: string[] = [];
    await ours.reset();
    await theirs.reset();
    for (const sql of generator.prelude()) {
      done.push(sql);
      await ask(ours, sql);
      await ask(theirs, sql);
    }
    let what: string | null = null;
    let next: string | null = null;
    while (what === null && done.length < STATEMENTS_PER_SEQUENCE) {
      const sql: string = next ?? generator.statement();
      next = null;
      done.push(sql);
      const [left, right] = [await ask(ours, sql), await ask(theirs, sql)];
      count++;
      if (right.kind === 'error') refused++;
      if (left.kind === 'error' && right.kind === 'error' && left.code !== right.code) {
        otherwise++;
        options.onOtherwise?.(sql, left, right);
      }
      what = statementDifference(left, right);
      // What fails ends the transaction there and not here.
      if (right.kind === 'error' && generator.inTransaction) next = generator.rollback();
      // An integer primary key is given a value here where PostgreSQL refuses NULL: from there on rows differ.
      if (
        left.kind !== 'error' &&
        /^(?:INSERT|MERGE)/.test(sql) &&
        right.kind === 'error' &&
        right.code === '23502'
      ) {
        what = null;
        break;
      }
      if (what === null && next === null && done.length % LOOK_EVERY === 0) what = await look(ours, theirs);
    }
    if (what === null) continue;
    differences++;
    const short = await shortened(ours, theirs, done);
    const last = (await differenceAtEnd(ours, theirs, short)) ?? what;
    options.log(`difference (seed ${seed}): ${last}\n  ${short.join(';\n  ')}`);
  }
  return { statements: count, refused, otherwise, differences };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      sequences: { type: 'string', default: '200' },
      seed: { type: 'string', default: '1' },
      max: { type: 'string', default: '20' },
      codes: { type: 'boolean', default: false },
      rows: { type: 'boolean', default: false },
    },
  });
  const folder = mkdtempSync(join(tmpdir(), 'decentdb-ddl-'));
  const [ours, theirs] = [new DecentDbEngine(join(folder, 'd.ddb')), await PostgresEngine.open()];
  const seed = Number(values.seed);
  const report = await runDdl(ours, theirs, {
    sequences: Number(values.sequences),
    seed,
    differencesMax: Number(values.max),
    log: console.log,
    ...(values.rows ? { generate: (prng) => new ConstraintGenerator(prng) } : {}),
    ...(values.codes
      ? { onOtherwise: (sql, left, right) => console.log(`codes: ${shown(left)} | ${shown(right)} | ${sql}`) }
      : {}),
  });
  await ours.close();
  await theirs.close();
  rmSync(folder, { recursive: true, force: true });
  console.log(
    `ddl: seed ${seed}, ${report.statements} statements, ${report.refused} refused by both (${report.otherwise} with other SQLSTATEs), ${report.differences} differences`,
  );
  process.exitCode = report.differences === 0 ? 0 : 1;
}

if (process.argv[1]?.endsWith('ddl/ddl-run.js') || process.argv[1]?.endsWith('ddl/ddl-run.mjs')) await main();
