/** The music library (REQUIREMENTS.md C) at any scale: load, index, checkpoint, reopen, percentiles of its queries. */
import { randomIds } from '../harness/data.mjs';
import { resultCheck } from '../harness/row-hash.mjs';

const built = '../../packages/cli/dist/music/';
const { MusicLibrary, tracksScale } = await import(`${built}library.js`);
const { MUSIC_INDEXES, MUSIC_QUERIES, MUSIC_TABLES } = await import(`${built}schema.js`);

export const defaultRows = 100_000;
const lighter = (count, ctx) => (ctx.isSlow ? Math.ceil(count / 50) : count);

/** The milliseconds below which 95% of the runs stay. */
async function p95(count, work) {
  const all = [];
  for (let i = 0; i < count; i++) {
    const started = performance.now();
    await work(i);
    all.push(performance.now() - started);
  }
  all.sort((a, b) => a - b);
  return all[Math.floor(count * 0.95)];
}

function* flat(batches) {
  for (const batch of batches) yield* batch;
}

/** SQLite knows no casts with `::` and no rounding of numerics: the same report in its words. */
const dialectSql = (sql, dialect) =>
  dialect === 'sqlite' ? sql.replaceAll('::numeric', '').replace(/\$\d+/g, '?') : sql;

function query(one) {
  return {
    name: one.name.replace(/ \(.*/, ''),
    unit: 'ms',
    warm: true,
    run: async (db) => ({
      count: 1,
      check: resultCheck(await db.all(dialectSql(one.sql, db.dialect), [...one.params])),
    }),
  };
}

export function cases({ rows }) {
  const library = new MusicLibrary(tracksScale(rows));
  const total = library.artists + library.albums + library.tracks;
  return [
    {
      name: 'load, transactions of 10,000',
      unit: 'rows/s',
      bulk: true,
      prepare: (db) => db.exec(MUSIC_TABLES),
      async run(db) {
        await db.runAll(
          'INSERT INTO artists VALUES ($1, $2, $3, $4)',
          flat(library.artistBatches(1000)),
          10_000,
        );
        await db.runAll(
          'INSERT INTO albums VALUES ($1, $2, $3, $4, $5)',
          flat(library.albumBatches(1000)),
          10_000,
        );
        await db.runAll(
          'INSERT INTO tracks VALUES ($1, $2, $3, $4, $5, $6)',
          flat(library.trackBatches(1000)),
          10_000,
        );
        return { count: total, check: [] };
      },
    },
    {
      name: 'build the indexes',
      unit: 'ms',
      bulk: true,
      run: async (db) => ({ count: 1, check: [void (await db.exec(MUSIC_INDEXES))] }),
    },
    {
      name: 'checkpoint',
      unit: 'ms',
      run: async (db) => ({ count: 1, check: [void (await db.checkpoint())] }),
    },
    {
      name: 'size after checkpoint',
      unit: 'MB',
      run: async () => ({ count: 1, check: [] }),
      measuresSize: true,
    },
    ...MUSIC_QUERIES.map(query),
    {
      name: 'primary-key lookup, P95',
      unit: 'ms',
      warm: true,
      async run(db, ctx) {
        const ids = randomIds(lighter(20_000, ctx), library.tracks);
        if (db.latencies !== undefined) {
          const all = await db.latencies('SELECT * FROM tracks WHERE id = $1', ids);
          return { count: 1, check: [], ms: all[Math.floor(ids.length * 0.95)] };
        }
        const ms = await p95(ids.length, (i) =>
          db.allEach('SELECT * FROM tracks WHERE id = $1', [[ids[i]]], () => {}),
        );
        return { count: 1, check: [], ms };
      },
    },
    {
      name: 'artist -> albums -> tracks, P95',
      unit: 'ms',
      warm: true,
      async run(db, ctx) {
        const ids = randomIds(lighter(1000, ctx), library.artists);
        const expansion = MUSIC_QUERIES[1].sql;
        const ms = await p95(ids.length, (i) => db.allEach(expansion, [[ids[i]]], () => {}));
        return { count: 1, check: [], ms };
      },
    },
  ];
}
