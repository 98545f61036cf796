/** What a database can do on this machine and disk: the same work everywhere, in a file of its own. */
import { type Database, openSync } from 'decentdb';
import { type Measured, measure } from './measure.ts';

const ROWS_PER_LOAD = 10_000;
const LOOKUPS_PER_RUN = 1000;

/** `path` names a file that is not there yet. */
export async function* measureMachine(
  path: string,
  seconds: number,
  signal?: AbortSignal,
): AsyncGenerator<Measured> {
  const db = openSync(path, { mode: 'createNew' });
  try {
    db.exec(
      'CREATE TABLE reading (id int PRIMARY KEY, sensor int, value float8, note text); CREATE TABLE entry (id int PRIMARY KEY, note text)',
    );
    const rows = await loadRows(db, seconds, signal);
    yield rows;
    yield await measureCommits(db, seconds, signal);
    yield await measureLookups(db, seconds, rows.count, signal);
    const total = db.prepare(
      'SELECT sensor, count(*), avg(value) FROM reading GROUP BY sensor ORDER BY 3 DESC LIMIT 10',
    );
    const stored = db.query<{ n: number }>('SELECT count(*)::int AS n FROM reading').rows[0]?.n ?? 0;
    const scan = (): number => {
      total.all();
      return stored;
    };
    yield await measure('rows grouped and averaged', 'rows', seconds, scan, signal);
  } finally {
    db.close();
  }
}

function loadRows(db: Database, seconds: number, signal?: AbortSignal): Promise<Measured> {
  const load = (run: number): number => {
    const from = run * ROWS_PER_LOAD;
    const rows = Array.from({ length: ROWS_PER_LOAD }, (_, i) => [
      from + i,
      i % 100,
      i / 7,
      `note ${from + i}`,
    ]);
    db.bulkLoadSync('reading', rows);
    return ROWS_PER_LOAD;
  };
  return measure('rows loaded, a transaction each 10,000', 'rows', seconds, load, signal);
}

function measureCommits(db: Database, seconds: number, signal?: AbortSignal): Promise<Measured> {
  const insert = db.prepare('INSERT INTO entry VALUES ($1, $2)');
  const commit = (run: number): number => {
    insert.run(run, 'one row');
    return 1;
  };
  return measure('inserts, each synced to the disk', 'commits', seconds, commit, signal);
}

function measureLookups(
  db: Database,
  seconds: number,
  rows: number,
  signal?: AbortSignal,
): Promise<Measured> {
  const lookup = db.prepare('SELECT * FROM reading WHERE id = $1');
  let id = 1;
  const look = (): number => {
    for (let i = 0; i < LOOKUPS_PER_RUN; i++) {
      id = (id * 48_271 + 11) % rows;
      lookup.get(id);
    }
    return LOOKUPS_PER_RUN;
  };
  return measure('rows read by key, a thousand each run', 'rows', seconds, look, signal);
}
