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

/** Substring indexes on the three texts: trigrams here and in PostgreSQL, FTS5 with its trigram tokenizer in SQLite. */
const TEXTS = [
  ['artists', 'name'],
  ['albums', 'title'],
  ['tracks', 'title'],
];

function createSearchIndexes(db) {
  const one = ([table, column]) =>
    db.dialect === 'sqlite'
      ? `CREATE VIRTUAL TABLE ${table}_text USING fts5(${column}, content='${table}', content_rowid='id', tokenize='trigram');
         INSERT INTO ${table}_text(${table}_text) VALUES('rebuild');`
      : `CREATE INDEX ${table}_text ON ${table} USING gin (${column} gin_trgm_ops);`;
  const extension = db.dialect === 'sqlite' ? '' : 'CREATE EXTENSION IF NOT EXISTS pg_trgm;';
  return db.exec(`${extension}${TEXTS.map(one).join('')}`);
}

/** A part of an artist's name, of an album's title and of a track's in one condition, as people write it for the engine at hand. */
function containsSql(db, joint, patterns) {
  const parts = TEXTS.map(([table, column], i) => {
    const pattern = `'${patterns[i].replaceAll("'", "''")}'`;
    return db.dialect === 'sqlite'
      ? `${table}.id IN (SELECT rowid FROM ${table}_text WHERE ${column} LIKE ${pattern})`
      : `${table}.${column} ILIKE ${pattern}`;
  });
  return `SELECT artists.name AS artist, albums.title AS album, tracks.title AS track, tracks.id
    FROM artists JOIN albums ON albums.artist_id = artists.id JOIN tracks ON tracks.album_id = albums.id
    WHERE ${parts.join(` ${joint} `)} ORDER BY tracks.id LIMIT 20`;
}

/** The last words of a random artist, album and track. */
function searchPatterns(library, count, words) {
  const last = (text) => `%${text.split(' ').slice(-words).join(' ')}%`;
  const [artists, albums] = [randomIds(count, library.artists), randomIds(count, library.albums)];
  return artists.map((artist, i) => [
    last(library.artist(artist)[1]),
    last(library.album(albums[i])[2]),
    last(library.album(albums[count - 1 - i])[2]),
  ]);
}

function searching(name, library, joint, words, count) {
  return {
    name,
    unit: 'ms',
    warm: true,
    async run(db, ctx) {
      const patterns = searchPatterns(library, lighter(count, ctx), words);
      let rows = 0;
      const ms = await p95(patterns.length, async (i) => {
        rows += (await db.all(containsSql(db, joint, patterns[i]))).length;
      });
      return { count: 1, check: ctx.isSlow ? [] : [rows], ms };
    },
  };
}

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
      name: 'build substring indexes on three tables',
      unit: 'ms',
      bulk: true,
      run: async (db) => ({ count: 1, check: [void (await createSearchIndexes(db))] }),
    },
    searching('a word in artist, album AND track, P95', library, 'AND', 1, 100),
    searching('three words in artist, album OR track, P95', library, 'OR', 3, 100),
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
