/**
 * A run in real time (AC-002.4, PERF-003): writers without pause, checkpoints behind them, a reader that takes a new snapshot each
 * second. The log and the memory of its index stay bounded, and every acknowledged commit is there, live and after reopening.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AsyncDatabase, open } from 'decentdb';
import { Prng } from 'decentdb/testing';
import { Budget } from './budget.ts';
import type { PartFailure, PartReport } from './report.ts';

export interface BoundedPartOptions {
  readonly seed: number;
  readonly minutes: number;
}

const KEYS = 500;
const WRITERS = 16;
const WAL_BYTES_MAX: number = 2 * 1024 * 1024;
const READER_MS = 1000;
/** Largest step by which a log file grows, twice. */
const SLACK_BYTES: number = 8 * 1024 * 1024;

class BoundedRun {
  readonly db: AsyncDatabase;
  commits = 0;
  /** In the first half of the run, and in the second. */
  readonly logBytesMost: [number, number] = [0, 0];
  indexBytesMost = 0;
  private isOver = false;
  private readonly halfMs: number;
  private readonly acknowledged: number[] = new Array<number>(KEYS).fill(0);
  private readonly started: number[] = new Array<number>(KEYS).fill(0);

  constructor(db: AsyncDatabase, minutes: number) {
    this.db = db;
    this.halfMs = performance.now() + minutes * 30_000;
  }

  async writer(seed: number): Promise<void> {
    const random = new Prng(seed);
    while (!this.isOver) {
      const key = random.below(KEYS);
      const version = ++this.started[key]!;
      const text = 'z'.repeat(random.below(900));
      await this.db.query('UPDATE counter SET version = greatest(version, $1), t = $2 WHERE id = $3', [
        version,
        text,
        key,
      ]);
      this.acknowledged[key] = Math.max(this.acknowledged[key]!, version);
      this.commits++;
      this.look();
    }
  }

  /** A reader of a second's age, again and again: what it saw first it sees last. */
  async reader(): Promise<void> {
    while (!this.isOver) {
      const snapshot = this.db.sync.snapshot();
      const sum = (): unknown => snapshot.query('SELECT sum(version) AS s FROM counter').rows[0]?.['s'];
      const before = sum();
      await new Promise((resolve) => setTimeout(resolve, READER_MS));
      if (sum() !== before) throw new Error('a snapshot changed while it was read');
      snapshot.close();
    }
  }

  stop(): void {
    this.isOver = true;
  }

  look(): void {
    const { log, index } = this.db.stats();
    const half = performance.now() < this.halfMs ? 0 : 1;
    this.logBytesMost[half] = Math.max(this.logBytesMost[half], log?.fileBytes ?? 0);
    this.indexBytesMost = Math.max(this.indexBytesMost, index.memoryBytes);
  }

  /** Keys whose value in `db` is older than what was acknowledged. */
  async lost(db: AsyncDatabase): Promise<number> {
    const { rows } = await db.query<{ id: number; version: number }>('SELECT id, version FROM counter');
    return rows.filter(({ id, version }) => version < this.acknowledged[id]!).length;
  }
}

export async function boundedPart(options: BoundedPartOptions): Promise<PartReport> {
  const budget = new Budget(options.minutes, { isReal: true });
  const failures: PartFailure[] = [];
  const fail = (message: string): void =>
    void failures.push({ message, replay: `bounded --seed ${options.seed} --minutes ${options.minutes}` });
  const folder = mkdtempSync(join(tmpdir(), 'decentdb-soak-'));
  const path = join(folder, 'bounded.ddb');
  const db = await open(path, { walBytesMax: WAL_BYTES_MAX });
  const run = new BoundedRun(db, options.minutes);
  let checkpoints = 0;
  try {
    await db.exec('CREATE TABLE counter (id integer PRIMARY KEY, version integer NOT NULL, t text)');
    await db.query("INSERT INTO counter SELECT i, 0, '' FROM generate_series(0, $1::int) AS i", [KEYS - 1]);
    const running = [
      run.reader(),
      ...Array.from({ length: WRITERS }, (_, i) => run.writer(options.seed + i)),
    ];
    const ending = setInterval(() => {
      if (budget.isSpent) run.stop();
    }, 50);
    await Promise.all(running).finally(() => {
      run.stop();
      clearInterval(ending);
    });
    checkpoints = db.stats().checkpoint.completed;
    if ((await run.lost(db)) > 0) fail('acknowledged commits are not seen');
  } catch (error) {
    fail((error as Error).stack ?? String(error));
  }
  await db.close();
  const again = await open(path);
  if ((await run.lost(again)) > 0) fail('acknowledged commits are lost after reopening');
  const [finding] = (await again.check()).findings;
  if (finding !== undefined) fail(finding.message);
  await again.close();
  rmSync(folder, { recursive: true, force: true });
  // A reader of a second's age holds what was committed in it and in the second before: how much, the disk decides.
  const [early, late] = run.logBytesMost;
  if (late > 1.5 * early + SLACK_BYTES) fail(`the log grew to ${early} bytes, and later to ${late}`);
  const kib = (bytes: number): number => Math.round(bytes / 1024);
  const counts = {
    seconds: Math.round(options.minutes * 60),
    commits: run.commits,
    checkpoints,
    'KiB of log at most, first half': kib(early),
    'KiB of log at most, second half': kib(late),
    'KiB of its index at most': kib(run.indexBytesMost),
    's CPU': budget.cpuSeconds,
  };
  return { part: 'bounded', counts, failures };
}
