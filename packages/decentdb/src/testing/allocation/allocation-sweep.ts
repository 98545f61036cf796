/**
 * The allocation sweep (M1): every request for memory that a workload makes is refused once, in a run of its own.
 *
 * After the refusal
 *   - the statement failed with 53200, or did not fail at all (what was refused could be done without);
 *   - its transaction is undone, in part (the statement) or as a whole: the tables hold what they held;
 *   - the handle works, or says that it must be opened again: the same work done again gives what the run without a refusal gave;
 *   - the check finds nothing; and a reopened file holds the same.
 */
import { Database } from '../../api/database.ts';
import { AssertionFailure, DecentDbError } from '../../base/errors.ts';
import { MemoryDisk, MemoryVfs } from '../../vfs/memory-vfs.ts';
import type { AllocationWorkload } from './allocation-workloads.ts';
import { FailingAllocations } from './failing-allocations.ts';

export interface AllocationReport {
  readonly workload: string;
  /** Requests for memory of the run without a refusal. */
  readonly requests: number;
  /** Runs with a refusal. */
  readonly runs: number;
  /** Runs after which the handle had to be opened again. */
  readonly reopened: number;
  readonly failures: readonly string[];
}

export interface AllocationSweepOptions {
  /** Refuse every n-th request. Default 1. */
  readonly stride?: number;
  /** The first one refused. Default 1. */
  readonly first?: number;
  /** Requests refused one after the other. Default 1. */
  readonly count?: number;
  readonly failuresMax?: number;
}

const PATH = 'memory.ddb';

export function allocationSweep(
  workload: AllocationWorkload,
  options: AllocationSweepOptions = {},
): AllocationReport {
  const { stride = 1, first = 1, count = 1, failuresMax = 10 } = options;
  const seed = prepared(workload);
  const faults = new FailingAllocations();
  const failures: string[] = [];
  let runs = 0;
  let reopened = 0;
  faults.install();
  try {
    const reference = new Run(workload, seed, faults);
    const wanted = reference.undisturbed();
    const { requests } = reference;
    for (let at = first; at <= requests && failures.length < failuresMax; at += stride) {
      runs++;
      const run = new Run(workload, seed, faults);
      const problem = run.disturbed({ first: at, count }, wanted);
      reopened += run.reopened;
      if (problem !== null) failures.push(`${workload.name}, request ${at} of ${requests}: ${problem}`);
    }
    return { workload: workload.name, requests, runs, reopened, failures };
  } finally {
    faults.uninstall();
  }
}

function openOn(disk: MemoryDisk, workload: AllocationWorkload, isNew: boolean): Database {
  const { workMemBytes } = workload;
  return new Database(PATH, {
    vfs: new MemoryVfs(disk),
    ...(workMemBytes === undefined ? {} : { workMemBytes }),
    ...(isNew ? { pageSize: 1024 } : {}),
  });
}

function prepared(workload: AllocationWorkload): MemoryDisk {
  const disk = new MemoryDisk();
  const db = openOn(disk, workload, true);
  for (const sql of workload.setup) db.exec(sql);
  db.close();
  return disk;
}

/** What a run without a refusal saw: the tables after each unit, and the answers of the reads. */
interface Wanted {
  readonly states: readonly string[];
  readonly answers: readonly string[];
}

class Run {
  requests = 0;
  reopened = 0;
  readonly #workload: AllocationWorkload;
  readonly #disk: MemoryDisk;
  readonly #faults: FailingAllocations;
  #db: Database;

  constructor(workload: AllocationWorkload, seed: MemoryDisk, faults: FailingAllocations) {
    this.#workload = workload;
    this.#disk = seed.clone();
    this.#faults = faults;
    this.#db = openOn(this.#disk, workload, false);
  }

  undisturbed(): Wanted {
    const { units, reads = [] } = this.#workload;
    const states = [this.#state()];
    this.#faults.disarm();
    for (const unit of units) this.#unit(unit);
    const answers = reads.map((sql) => this.#answer(sql));
    this.requests = this.#faults.requests;
    this.#faults.disarm();
    // Again, for the states: reading them must not count.
    this.#db.close();
    const again = new Run(this.#workload, this.#diskOfSetup(), this.#faults);
    for (const unit of units) {
      again.#unit(unit);
      states.push(again.#state());
    }
    again.#db.close();
    return { states, answers };
  }

  /** Runs with a refusal; returns what is wrong, or null. */
  disturbed(plan: { readonly first: number; readonly count: number }, wanted: Wanted): string | null {
    const { units, reads = [] } = this.#workload;
    this.#faults.arm(plan);
    let isSpent = false;
    const attempt = (what: string, work: () => void, stateAfter: string, before: string): string | null => {
      let problem: string | null = null;
      try {
        work();
      } catch (error) {
        problem = problemOf(error, what);
      }
      if (this.#faults.refused === 0 || isSpent) return problem;
      isSpent = true;
      this.#faults.disarm();
      if (problem === null) return null; // What was refused could be done without.
      if (problem !== '') return problem;
      if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
      const state = this.#state();
      if (state !== before)
        return `${what} failed, and ${state === stateAfter ? 'was committed' : 'left something behind'}`;
      this.#again(work, before, stateAfter);
      return null;
    };
    try {
      for (const [i, unit] of units.entries()) {
        const before = wanted.states[i] as string;
        const after = wanted.states[i + 1] as string;
        const problem = attempt(unit.join('; '), () => this.#unit(unit), after, before);
        if (problem !== null) return problem;
      }
      const last = wanted.states.at(-1) as string;
      for (const [i, sql] of reads.entries()) {
        const read = (): void => {
          const answer = this.#answer(sql);
          if (answer !== wanted.answers[i]) throw new TypeError(`another answer: ${answer}`);
        };
        const problem = attempt(sql, read, last, last);
        if (problem !== null) return problem;
      }
      this.#faults.disarm();
      return this.#verify(last);
    } catch (error) {
      return `afterwards: ${stackOf(error)}`;
    } finally {
      this.#faults.disarm();
      this.#close();
    }
  }

  /**
   * The work done again. Where memory ran out between the sync of a commit and its publication, the handle refuses writes: the
   * commit may be durable, nobody was told so. A reopened file then holds the state before or after it.
   */
  #again(work: () => void, before: string, after: string): void {
    try {
      work();
      return;
    } catch (error) {
      if (!(error instanceof DecentDbError) || !error.message.includes('refuses writes')) throw error;
    }
    this.reopened++;
    if (this.#db.inTransaction) this.#db.exec('ROLLBACK');
    this.#close();
    this.#db = openOn(this.#disk, this.#workload, false);
    const state = this.#state();
    if (state === before) work();
    else if (state !== after)
      throw new TypeError('a reopened file holds neither the state before nor that after');
  }

  #verify(last: string): string | null {
    if (this.#state() !== last) return 'the tables do not hold what they should in the end';
    const [finding] = this.#db.check().findings;
    if (finding !== undefined) return `check: ${finding.message}`;
    this.#db.close();
    this.#db = openOn(this.#disk, this.#workload, false);
    if (this.#state() !== last) return 'a reopened file holds something else';
    return null;
  }

  #unit(unit: readonly string[]): void {
    const db = this.#db;
    if (unit.length === 1) {
      db.exec(unit[0] as string);
      return;
    }
    db.exec('BEGIN');
    for (const sql of unit) db.exec(sql);
    db.exec('COMMIT');
  }

  #answer(sql: string): string {
    return JSON.stringify(this.#db.query(sql, [], { format: 'text', rowMode: 'array' }).rows);
  }

  /** The schema, and all rows of all tables. */
  #state(): string {
    const tables = this.#db.query<{ relname: string }>(
      "SELECT relname FROM pg_class WHERE relkind = 'r' AND relname !~ '^(pg_|sys_)' ORDER BY relname",
    ).rows;
    const rows = tables
      .map(({ relname }) => {
        const isThere = this.#db.query(
          "SELECT 1 FROM information_schema.tables WHERE table_schema = 'public' AND table_name = $1",
          [relname],
        );
        return isThere.rowCount === 0
          ? ''
          : `${relname}: ${this.#answer(`SELECT * FROM "${relname}" ORDER BY 1`)}`;
      })
      .join('\n');
    return `${JSON.stringify(this.#db.schemaScript())}\n${rows}`;
  }

  #diskOfSetup(): MemoryDisk {
    return prepared(this.#workload);
  }

  #close(): void {
    try {
      this.#db.close();
    } catch {
      // A handle that must be opened again was told of already.
    }
  }
}

/** '' for the error that is right, else what is wrong about it. */
function problemOf(error: unknown, what: string): string {
  if (error instanceof DecentDbError && !(error instanceof AssertionFailure) && error.code === '53200')
    return '';
  return `${what}: ${stackOf(error)}`;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
