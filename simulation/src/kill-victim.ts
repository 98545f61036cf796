/**
 * The process that kill-part.ts kills: opens a database and commits for ever, alone or in groups, with checkpoints.
 *
 * I1  Row ids run without gaps, and `tally` counts the rows in the same transaction: any prefix of the commits has
 *     `count(*) = max(id) = tally.entries`, and nothing else has.
 * I2  A line goes out by `writeSync` after the commit was acknowledged: what the parent has read was promised.
 */
import { writeSync } from 'node:fs';
import { open } from 'decentdb';

const [path, seedText] = process.argv.slice(2);
if (path === undefined) throw new Error('usage: kill-victim PATH SEED');
const seed = Number(seedText);

const db = await open(path, { walBytesMax: 64 * 1024 * (1 + (seed % 3)) });
writeSync(1, 'open\n');
await db.exec('CREATE TABLE IF NOT EXISTS entry (id integer PRIMARY KEY, words text NOT NULL)');
await db.exec('CREATE TABLE IF NOT EXISTS tally (id integer PRIMARY KEY, entries integer NOT NULL)');
await db.exec('INSERT INTO tally VALUES (1, 0) ON CONFLICT DO NOTHING');

async function commitRows(rows: number): Promise<number> {
  return db.transaction(async (tx) => {
    const { rows: tally } = await tx.query('SELECT entries FROM tally WHERE id = 1');
    let last = Number(tally[0]?.['entries']);
    for (let row = 0; row < rows; row++) {
      last++;
      const words = `entry ${last} ${'x'.repeat((last * 37) % 400)}`;
      await tx.query('INSERT INTO entry VALUES ($1, $2)', [last, words]);
    }
    await tx.query('UPDATE tally SET entries = $1 WHERE id = 1', [last]);
    return last;
  });
}

const say = (last: number): void => void writeSync(1, `${last}\n`);
for (let round = seed; ; round++) {
  // Commits that wait together share a sync; a checkpoint runs off the event loop meanwhile.
  const together = Array.from({ length: 1 + (round % 6) }, (_, i) =>
    commitRows(1 + ((round + i) % 5)).then(say),
  );
  if (round % 40 === 0) together.push(db.checkpoint().then(() => {}));
  await Promise.all(together);
}
