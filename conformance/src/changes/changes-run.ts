/**
 * Changes rows at random on DecentDB and on PostgreSQL, and compares what each statement says it did, and now and then all rows.
 *
 *     node conformance/dist/changes/changes-run.js --changes 20000 --seed 7
 *
 * Each round makes a schema from `seed + round`, of three kinds in turn; statements are prepared once and run many times, in and out of transactions with
 * savepoints; `check` looks at the file when a round ends. Exit status 1 when anything differs.
 */
import { parseArgs } from 'node:util';
import { openSync } from 'decentdb';
import { Prng } from 'decentdb/testing';
import { PostgresEngine } from '../differential/postgres-engine.ts';
import { ChangeGenerator } from './change-generator.ts';
import type { Change, ChangeSource } from './change-source.ts';
import { ConstrainedGenerator } from './constrained-generator.ts';
import { DerivedGenerator } from './derived-generator.ts';

const CHANGES_PER_ROUND = 500;
const LOOK_EVERY = 50;
/** Small pages, so that a few hundred rows are many leaves. */
const PAGE_SIZES = [4096, 8192, 16_384];

export interface ChangesReport {
  readonly changes: number;
  /** Refused by both with the same SQLSTATE. */
  readonly refused: number;
  /** What differed first, or what `check` found; null when nothing did. */
  readonly difference: string | null;
}

type Outcome = { readonly code: string } | { readonly count: number; readonly rows: readonly string[] };

type Database = ReturnType<typeof openSync>;

class Twins {
  readonly db: Database;
  private readonly theirs: PostgresEngine;
  private readonly statements = new Map<string, ReturnType<Database['prepare']>>();

  constructor(db: Database, theirs: PostgresEngine) {
    this.db = db;
    this.theirs = theirs;
  }

  /** The SQLSTATE both refused the statement with, or null; throws where they differ. */
  async run(change: Change): Promise<string | null> {
    const [left, right] = [this.mine(change), await this.theirs.run(change.sql, change.params)];
    const answer: Outcome =
      right.kind === 'error' ? { code: plain(right.code) } : { count: right.count, rows: sorted(right.rows) };
    if (JSON.stringify(left) !== JSON.stringify(answer))
      throw new Error(
        `${change.sql} ${JSON.stringify(change.params)}\n  ours   ${shown(left)}\n  theirs ${shown(answer)}`,
      );
    return right.kind === 'error' ? right.code : null;
  }

  /** A statement about schema or transactions: done by both, or refused by both alike (COMMIT, by a deferred constraint). */
  async both(sql: string): Promise<void> {
    const right = await this.theirs.ask(sql);
    const theirs = right.kind === 'error' ? plain(right.code) : null;
    const ours = codeOf(() => this.db.exec(sql));
    if (ours !== theirs) throw new Error(`${sql}\n  ours   ${ours}\n  theirs ${theirs}`);
  }

  private mine({ sql, params }: Change): Outcome {
    try {
      let statement = this.statements.get(sql);
      if (statement === undefined) {
        statement = this.db.prepare(sql);
        this.statements.set(sql, statement);
      }
      if (!isQuery(sql)) return { count: statement.run(...params).changes, rows: [] };
      const { rows } = this.db.query(sql, params, { rowMode: 'array', format: 'text' });
      // The prepared form takes the short paths; the text says how values look.
      const again = sql.startsWith('SELECT') ? statement.all(...params).length : rows.length;
      return { count: again, rows: sorted(rows as unknown as unknown[][]) };
    } catch (error) {
      return { code: ownCode(error) };
    }
  }
}

/** The SQLSTATE; an error without one, or of the engine itself, is a failure of the run. */
function ownCode(error: unknown): string {
  const { code } = error as { code?: unknown };
  if (typeof code !== 'string' || code.startsWith('XX')) throw error;
  return plain(code);
}

/** Where RESTRICT of one reference and NO ACTION of another refuse a change, either may be named. */
const plain = (code: string): string => (code === '23001' ? '23503' : code);

function codeOf(run: () => void): string | null {
  try {
    run();
    return null;
  } catch (error) {
    return ownCode(error);
  }
}

const isQuery = (sql: string): boolean => /^SELECT|^(?!WITH).*RETURNING|^WITH.*RETURNING [^()]*$/s.test(sql);
const sorted = (rows: readonly (readonly unknown[])[]): string[] =>
  rows.map((row) => JSON.stringify(row)).sort();
const shown = (outcome: Outcome): string => JSON.stringify(outcome).slice(0, 600);

async function round(twins: Twins, source: ChangeSource, prng: Prng, count: number): Promise<number> {
  let [inTransaction, refused] = [false, 0];
  const end = async (sql: string): Promise<void> => {
    await twins.both(sql);
    inTransaction = sql === 'BEGIN';
  };
  for (let i = 0; i < count; i++) {
    if (prng.chance(0.03)) await end(inTransaction ? prng.pick(['COMMIT', 'COMMIT', 'ROLLBACK']) : 'BEGIN');
    const isUndone = inTransaction && prng.chance(0.05);
    if (isUndone) await twins.both('SAVEPOINT s');
    const changes = i % LOOK_EVERY === LOOK_EVERY - 1 ? source.looks : [source.change()];
    for (const change of changes) {
      const code = await twins.run(change);
      if (code === null) continue;
      refused++;
      // PostgreSQL takes nothing more in a transaction that failed.
      if (inTransaction) await end('ROLLBACK');
    }
    if (isUndone && inTransaction) await twins.both('ROLLBACK TO s');
  }
  if (inTransaction) await end('COMMIT');
  for (const change of source.looks) await twins.run(change);
  return refused;
}

/** Rounds take turns. */
function sourceOf(round: number, prng: Prng): ChangeSource {
  if (round % 3 === 1) return new DerivedGenerator(prng);
  return round % 3 === 2 ? new ConstrainedGenerator(prng) : new ChangeGenerator(prng);
}

export async function runChanges(
  theirs: PostgresEngine,
  options: { readonly changes: number; readonly seed: number },
): Promise<ChangesReport> {
  let [changes, refused] = [0, 0];
  for (let at = 0; changes < options.changes; at++) {
    const seed = options.seed + at;
    const prng = new Prng(seed);
    const db = openSync(':memory:', { pageSize: prng.pick(PAGE_SIZES) });
    await theirs.reset();
    const twins = new Twins(db, theirs);
    const source = sourceOf(at, prng);
    for (const sql of source.schema) await twins.both(sql);
    const count = Math.min(CHANGES_PER_ROUND, options.changes - changes);
    try {
      refused += await round(twins, source, prng, count);
    } catch (error) {
      return { changes, refused, difference: `seed ${seed}: ${(error as Error).message}` };
    }
    const { findings } = db.check();
    if (findings.length > 0)
      return { changes, refused, difference: `seed ${seed}: check: ${JSON.stringify(findings[0])}` };
    db.close();
    changes += count;
  }
  return { changes, refused, difference: null };
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: { changes: { type: 'string', default: '20000' }, seed: { type: 'string', default: '1' } },
  });
  const seed = Number(values.seed);
  const theirs = await PostgresEngine.open();
  const report = await runChanges(theirs, { changes: Number(values.changes), seed });
  await theirs.close();
  if (report.difference !== null) console.log(report.difference);
  console.log(
    `changes: seed ${seed}, ${report.changes} statements, ${report.refused} refused by both alike, ${report.difference === null ? 0 : 1} differences`,
  );
  process.exitCode = report.difference === null ? 0 : 1;
}

if (process.argv[1]?.endsWith('changes-run.js') || process.argv[1]?.endsWith('changes-run.ts')) await main();
