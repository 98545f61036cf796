/** Joins of BENCHMARKS.md section 1: artists (50k), albums (150k), tracks (1M), indexes on the foreign keys. */
import { hash32, titleOf } from '../harness/data.mjs';
import { resultCheck } from '../harness/row-hash.mjs';

const COUNTRIES = 'US GB DE FR SE JP BR CA AU IT'.split(' ');

function* artistRows(count) {
  for (let id = 1; id <= count; id++) yield [id, titleOf(id + 5_000_000), COUNTRIES[hash32(id) % 10]];
}
function* albumRows(count, artists) {
  for (let id = 1; id <= count; id++)
    yield [id, 1 + (hash32(id + 1) % artists), titleOf(id + 9_000_000), 1960 + (id % 64)];
}
function* trackRows(count, albums) {
  for (let id = 1; id <= count; id++)
    yield [
      id,
      1 + (hash32(id + 2) % albums),
      titleOf(id),
      60 + (hash32(id + 7) % 540),
      (hash32(id + 13) % 51) / 10,
    ];
}

const SCHEMA = `
CREATE TABLE artists (id INTEGER PRIMARY KEY, name TEXT, country TEXT);
CREATE TABLE albums (id INTEGER PRIMARY KEY, artist_id INTEGER, title TEXT, year INTEGER);
CREATE TABLE tracks (id INTEGER PRIMARY KEY, album_id INTEGER, title TEXT, seconds INTEGER, rating DOUBLE PRECISION)`;

function* literals(rows) {
  let values = [];
  for (const row of rows) {
    values.push(`(${row.map((value) => (typeof value === 'string' ? `'${value}'` : value)).join(',')})`);
    if (values.length === 5000) {
      yield values.join(',');
      values = [];
    }
  }
  if (values.length > 0) yield values.join(',');
}

async function load(db, table, rows, ctx, places) {
  if (ctx.isSlow) for (const values of literals(rows)) await db.exec(`INSERT INTO ${table} VALUES ${values}`);
  else await db.runAll(`INSERT INTO ${table} VALUES (${places})`, rows);
}

function query(name, sql) {
  return {
    name,
    unit: 'ms',
    warm: true,
    run: async (db) => ({ count: 1, check: resultCheck(await db.all(sql)) }),
  };
}

export const defaultRows = 1_000_000;

export function cases({ rows }) {
  const artists = Math.max(10, Math.floor(rows / 20));
  const albums = Math.max(10, Math.floor((rows * 3) / 20));
  return [
    {
      name: 'load and index',
      unit: 'rows/s',
      bulk: true,
      prepare: (db) => db.exec(SCHEMA),
      async run(db, ctx) {
        await load(db, 'artists', artistRows(artists), ctx, '$1, $2, $3');
        await load(db, 'albums', albumRows(albums, artists), ctx, '$1, $2, $3, $4');
        await load(db, 'tracks', trackRows(rows, albums), ctx, '$1, $2, $3, $4, $5');
        await db.exec(
          'CREATE INDEX albums_artist ON albums (artist_id); CREATE INDEX tracks_album ON tracks (album_id)',
        );
        return { count: artists + albums + rows, check: [] };
      },
      after: (db) => db.analyze(),
    },
    query(
      'three tables, artist name prefix',
      `SELECT ar.name AS artist, count(*) AS n, sum(t.seconds) AS s
       FROM artists ar JOIN albums al ON al.artist_id = ar.id JOIN tracks t ON t.album_id = al.id
       WHERE ar.name LIKE 'Bake%' GROUP BY ar.id, ar.name ORDER BY s DESC, ar.name LIMIT 10`,
    ),
    query(
      'tracks per country (join of all, aggregate)',
      `SELECT ar.country AS country, count(*) AS n, avg(t.rating) AS rating
       FROM artists ar JOIN albums al ON al.artist_id = ar.id JOIN tracks t ON t.album_id = al.id
       GROUP BY ar.country ORDER BY ar.country`,
    ),
    query(
      'one artist expanded in order',
      `SELECT al.year AS y, al.title AS album, t.title AS track
       FROM artists ar JOIN albums al ON al.artist_id = ar.id JOIN tracks t ON t.album_id = al.id
       WHERE ar.id = 77 ORDER BY al.year, al.id, t.id`,
    ),
    query(
      'LIKE on two of three tables',
      `SELECT ar.name AS artist, al.title AS album, t.title AS track
       FROM artists ar JOIN albums al ON al.artist_id = ar.id JOIN tracks t ON t.album_id = al.id
       WHERE ar.name LIKE '%kami%' AND t.title LIKE '%drust%' ORDER BY t.id LIMIT 20`,
    ),
    query(
      'albums without tracks over 500 seconds (NOT EXISTS)',
      `SELECT count(*) AS n FROM albums al
       WHERE NOT EXISTS (SELECT 1 FROM tracks t WHERE t.album_id = al.id AND t.seconds > 500)`,
    ),
  ];
}
