/**
 * L5: a thread that owns a database is terminated at any moment, mostly inside a commit: nothing acknowledged is lost, nothing half
 * done is there, and its lock is free for the thread that opens the file next.
 */
import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { DecentDbError, openSync } from 'decentdb';
import { Draw } from '../music/draw.ts';

const ROUNDS = 40;
const isSource = import.meta.url.endsWith('.ts');
const child = fileURLToPath(new URL(isSource ? 'terminate-child.ts' : 'terminate-child.js', import.meta.url));
const seed = Number(process.env['SEED'] ?? 20_240_502);

/** Lets the thread commit `commits` times and `delayMs` more, then ends it. Returns what it had acknowledged. */
async function runAndTerminate(path: string, commits: number, delayMs: number): Promise<number> {
  const told = new SharedArrayBuffer(8);
  const view = new Int32Array(told);
  const worker = new Worker(child, { workerData: { path, told } });
  const failed: unknown[] = [];
  worker.on('error', (error) => failed.push(error));
  await once(worker, 'online');
  while (Atomics.load(view, 1) < commits && failed.length === 0)
    await new Promise<void>((resolve) => setTimeout(resolve, 1));
  if (delayMs > 0) await new Promise<void>((resolve) => setTimeout(resolve, delayMs));
  await worker.terminate();
  assert.deepEqual(failed, []);
  return Atomics.load(view, 0);
}

/** Opens the file in this thread: the lock must be free, the file sound. */
function survivors(path: string): number {
  const db = openSync(path);
  try {
    assert.deepEqual(db.check().findings, []);
    const row = db.query('SELECT count(*) AS entries, coalesce(max(id), 0) AS last FROM entry').rows[0];
    const tally = db.query('SELECT entries FROM tally WHERE id = 1').rows[0];
    assert.equal(Number(row?.['entries']), Number(row?.['last']), 'ids have gaps');
    assert.equal(Number(tally?.['entries'] ?? 0), Number(row?.['last']), 'a transaction is there by half');
    return Number(row?.['last']);
  } catch (error) {
    // The first threads may be ended before they have made their tables.
    if (error instanceof DecentDbError && error.code === '42P01') return 0;
    throw error;
  } finally {
    db.close();
  }
}

test(`L5: ${ROUNDS} threads terminated lose nothing that was acknowledged (seed ${seed})`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'decentdb-terminate-'));
  const path = join(folder, 'victim.ddb');
  const draw = new Draw().start(seed, 1, 1);
  let present = 0;
  try {
    for (let round = 1; round <= ROUNDS; round++) {
      const commits = round % 5 === 0 ? 0 : draw.between(1, 30);
      const acknowledged = await runAndTerminate(
        path,
        commits,
        commits === 0 ? draw.between(0, 60) : draw.unit() * 4,
      );
      const before = present;
      present = survivors(path);
      assert.ok(
        present >= acknowledged,
        `round ${round}: ${acknowledged} was acknowledged, ${present} is there`,
      );
      assert.ok(present >= before, `round ${round}: ${before} was there before, ${present} is there now`);
    }
    assert.ok(present > ROUNDS, 'the threads hardly committed anything');
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
