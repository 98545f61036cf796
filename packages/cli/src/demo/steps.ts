/**
 * What the demo does, step by step. Each step does real work on the real file and says what it saw.
 */
import { type Database, openSync } from 'decentdb';
import type { CommandContext } from '../command.ts';
import { bytesText, filesOf } from '../database-files.ts';
import { formatResult } from '../format/formats.ts';
import { queryTable } from '../format/result-table.ts';
import { Draw } from '../music/draw.ts';
import { MusicLibrary, tracksScale } from '../music/library.ts';
import { loadMusicLibrary } from '../music/load.ts';
import { MUSIC_QUERIES } from '../music/schema.ts';
import { startProgress } from '../progress.ts';
import { countText, durationText, measure } from './timing.ts';

const POINT_LOOKUPS = 100_000;
const DURABLE_COMMITS = 500;

/** Everything the steps share. */
export interface DemoRun {
  readonly path: string;
  readonly tracks: number;
  readonly context: CommandContext;
}

function say(run: DemoRun, text: string): void {
  run.context.terminal.out(`${text}\n`);
}

function heading(run: DemoRun, text: string): void {
  say(run, `\n${run.context.terminal.paint('bold', text)}`);
}

export function load(run: DemoRun, db: Database): void {
  const library = new MusicLibrary(tracksScale(run.tracks));
  heading(
    run,
    `1. Load ${countText(library.artists)} artists, ${countText(library.albums)} albums, ${countText(library.tracks)} tracks`,
  );
  const bar = startProgress(
    run.context.terminal,
    '  loading',
    library.artists + library.albums + library.tracks,
    'rows',
  );
  const started = performance.now();
  const rows = loadMusicLibrary(db, library, { onProgress: (done) => bar.update(done) });
  bar.stop();
  const ms = performance.now() - started;
  say(
    run,
    `   ${countText(rows)} rows in ${durationText(ms)} (${countText(Math.round(rows / (ms / 1000)))} rows/s), ` +
      'durable in transactions of 10,000, two indexes built',
  );
}

export function runQueries(run: DemoRun, db: Database): void {
  heading(run, '2. Ask it things');
  for (const query of MUSIC_QUERIES) {
    const first = performance.now();
    const table = queryTable(db, query.sql, query.params);
    const firstMs = performance.now() - first;
    const again = performance.now();
    queryTable(db, query.sql, query.params);
    say(
      run,
      `\n   ${query.name}: ${durationText(firstMs)} the first time, ${durationText(performance.now() - again)} the second`,
    );
    for (const piece of formatResult(table, 'table', run.context.terminal)) run.context.terminal.out(piece);
  }
}

export function lookUp(run: DemoRun, db: Database): void {
  heading(
    run,
    `3. Look up ${countText(POINT_LOOKUPS)} random tracks by primary key (prepared statement, row objects)`,
  );
  const statement = db.prepare('SELECT * FROM tracks WHERE id = $1');
  const draw = new Draw().start(1, 1, 1);
  let missing = 0;
  const spread = measure(POINT_LOOKUPS, () => {
    if (statement.get(1 + draw.below(run.tracks)) === undefined) missing++;
  });
  say(
    run,
    `   ${countText(spread.perSecond)} lookups/s, median ${durationText(spread.medianMicros / 1000)}, ` +
      `95% under ${durationText(spread.p95Micros / 1000)}, ${missing} missing`,
  );
}

/** Returns the ids acknowledged, to be found again after reopening. */
export function commitOften(run: DemoRun, db: Database): number {
  heading(
    run,
    `4. Commit ${countText(DURABLE_COMMITS)} single-row transactions, each on disk before the next`,
  );
  db.exec('CREATE TABLE plays (id integer PRIMARY KEY, track_id integer NOT NULL, at timestamptz NOT NULL)');
  const insert = db.prepare('INSERT INTO plays VALUES ($1, $2, $3)');
  const spread = measure(DURABLE_COMMITS, (at) => {
    insert.run(at + 1, 1 + ((at * 8191) % run.tracks), new Date(1_700_000_000_000 + at * 1000));
  });
  say(
    run,
    `   ${countText(spread.perSecond)} commits/s, median ${durationText(spread.medianMicros / 1000)}, ` +
      `95% under ${durationText(spread.p95Micros / 1000)} (a sync of your disk each)`,
  );
  return DURABLE_COMMITS;
}

/** Opens the file again, counts what must be there and checks every page. Returns whether all is well. */
export function reopenAndCheck(run: DemoRun, plays: number): boolean {
  heading(run, '5. Close, open again, check every page');
  const started = performance.now();
  const db = openSync(run.path);
  try {
    const first = db.query('SELECT title FROM tracks WHERE id = $1', [run.tracks]);
    say(run, `   opened and first row read in ${durationText(performance.now() - started)}`);
    const counted = db.query(
      'SELECT (SELECT count(*) FROM tracks) AS tracks, (SELECT count(*) FROM plays) AS plays',
    ).rows[0];
    const isWhole =
      first.rows.length === 1 &&
      Number(counted?.['tracks']) === run.tracks &&
      Number(counted?.['plays']) === plays;
    say(
      run,
      `   ${countText(Number(counted?.['tracks']))} tracks and ${countText(Number(counted?.['plays']))} plays are there`,
    );
    const checked = performance.now();
    const isSound = db.check().ok;
    const files = filesOf(run.path);
    say(
      run,
      `   check ${isSound ? 'found nothing wrong' : 'FOUND DAMAGE'} in ${durationText(performance.now() - checked)}; ` +
        `${bytesText(files.databaseBytes)} in the file, ${bytesText(files.logBytes)} in the log`,
    );
    return isWhole && isSound;
  } finally {
    db.close();
  }
}
