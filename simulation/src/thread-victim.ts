/** The thread that threads-part.ts ends in the middle of things: writes through the owner, reads here, tells what was acknowledged. */
import { parentPort, workerData } from 'node:worker_threads';
import { openShared } from 'decentdb/worker';

const { base } = workerData as { base: number };
const db = await openShared();
for (let i = 0; ; i++) {
  const id = base + i;
  await db.query('INSERT INTO entry VALUES ($1, $2)', [id, `row ${id} ${'y'.repeat((id * 31) % 300)}`]);
  const seen = db.reads.query('SELECT 1 FROM entry WHERE id = $1', [id]).rows.length;
  parentPort?.postMessage({ id, isSeen: seen === 1 });
  const total = db.reads.query('SELECT count(*)::int AS n FROM entry').rows[0]?.['n'];
  if (typeof total !== 'number' || total < 1) parentPort?.postMessage({ id, isSeen: false });
}
