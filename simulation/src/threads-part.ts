/**
 * Worker threads ended in the middle of reads and writes (L5): what they were told is committed stays, nothing of theirs holds
 * the log, no slot and no lock is left.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { type AsyncDatabase, open } from 'decentdb';
import { Prng } from 'decentdb/testing';
import { shareWith } from 'decentdb/worker';
import { Budget } from './budget.ts';
import type { PartFailure, PartReport } from './report.ts';

const threadPath: URL = new URL(
  import.meta.url.endsWith('.ts') ? 'thread-victim.ts' : 'thread-victim.js',
  import.meta.url,
);

export interface ThreadsPartOptions {
  readonly seed: number;
  readonly minutes: number;
  readonly threadsMax: number;
}

/** Ids that one thread may use. */
const IDS_PER_THREAD = 1_000_000;
const THREADS_AT_ONCE = 3;

/** Runs a thread for a while, ends it, and returns the ids it was told are committed. */
async function runAndEnd(db: AsyncDatabase, base: number, rows: number, delayMs: number): Promise<number[]> {
  const worker = new Worker(fileURLToPath(threadPath), { workerData: { base } });
  shareWith(db, worker);
  const acknowledged: number[] = [];
  await new Promise<void>((resolve, reject) => {
    worker.on('error', reject);
    worker.on('message', ({ id, isSeen }: { id: number; isSeen: boolean }) => {
      if (!isSeen) reject(new Error(`thread ${base}: a committed row is not seen`));
      acknowledged.push(id);
      if (acknowledged.length === rows) setTimeout(resolve, delayMs);
    });
  }).finally(() => worker.terminate());
  return acknowledged;
}

export async function threadsPart(options: ThreadsPartOptions): Promise<PartReport> {
  const budget = new Budget(options.minutes, { isReal: true });
  const random = new Prng(options.seed);
  const failures: PartFailure[] = [];
  const folder = mkdtempSync(join(tmpdir(), 'decentdb-soak-'));
  let threads = 0;
  let rows = 0;
  const fail = (message: string): void =>
    void failures.push({ message, replay: `threads --seed ${options.seed} --runs ${threads}` });
  const db = await open(join(folder, 'threads.ddb'), { walBytesMax: 64 * 1024 });
  try {
    await db.exec('CREATE TABLE entry (id integer PRIMARY KEY, words text NOT NULL)');
    await db.query("INSERT INTO entry VALUES (-1, 'first')");
    while (threads < options.threadsMax && !budget.isSpent && failures.length === 0) {
      const running = Array.from({ length: THREADS_AT_ONCE }, () =>
        runAndEnd(db, IDS_PER_THREAD * ++threads, 1 + random.below(30), random.below(5)),
      );
      const ids = (await Promise.all(running)).flat();
      rows += ids.length;
      const found = await db.query('SELECT count(*)::int AS n FROM entry WHERE id = ANY($1)', [ids]);
      if (found.rows[0]?.['n'] !== ids.length)
        fail(`of ${ids.length} acknowledged rows ${found.rows[0]?.['n']} are there`);
      const { readers, locksHeld } = db.stats();
      if (readers.length > 0) fail(`readers are left: ${JSON.stringify(readers)}`);
      if (locksHeld.length > 0) fail(`locks are left: ${locksHeld.join()}`);
    }
    const [finding] = (await db.check()).findings;
    if (finding !== undefined) fail(finding.message);
    const { publishedLsn } = db.stats(); // Writes that ended threads had sent may still come after it.
    await db.checkpoint();
    const { checkpointedLsn } = db.stats().checkpoint;
    if (checkpointedLsn < publishedLsn) {
      fail(`an ended thread still holds the log: ${checkpointedLsn} of ${publishedLsn} commits are copied`);
    }
  } catch (error) {
    fail((error as Error).stack ?? String(error));
  } finally {
    await db.close();
    rmSync(folder, { recursive: true, force: true });
  }
  const counts = { 'threads ended': threads, 'rows acknowledged': rows, 's CPU': budget.cpuSeconds };
  return { part: 'threads', counts, failures };
}
