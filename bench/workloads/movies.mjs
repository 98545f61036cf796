/**
 * Movies, people and reviews (BENCHMARKS.md section 3): UUID keys, composite keys, cascades, a foreign key without an index. Reads by
 * key, the best rated with HAVING, a search by tag, the busiest people, updates, deletes that cascade, VACUUM.
 */
import { hash32, randomIds, titleOf } from '../harness/data.mjs';
import { resultCheck } from '../harness/row-hash.mjs';

export const defaultRows = 50_000;
const REVIEWS_A_MOVIE = 10;
const TAGS = [
  'noir',
  'heist',
  'space',
  'road',
  'silent',
  'musical',
  'western',
  'court',
  'ghost',
  'sea',
  'spy',
  'war',
];

const tables = (uuid) => `
CREATE TABLE people (id ${uuid} PRIMARY KEY, name TEXT NOT NULL);
CREATE TABLE movies (id ${uuid} PRIMARY KEY, title TEXT NOT NULL, year INTEGER NOT NULL, director_id ${uuid} NOT NULL REFERENCES people (id));
CREATE TABLE casts (movie_id ${uuid} NOT NULL REFERENCES movies (id) ON DELETE CASCADE, no INTEGER NOT NULL,
  person_id ${uuid} NOT NULL REFERENCES people (id), PRIMARY KEY (movie_id, no));
CREATE TABLE tags (movie_id ${uuid} NOT NULL REFERENCES movies (id) ON DELETE CASCADE, tag TEXT NOT NULL, PRIMARY KEY (movie_id, tag));
CREATE TABLE reviews (movie_id ${uuid} NOT NULL REFERENCES movies (id) ON DELETE CASCADE, no INTEGER NOT NULL,
  stars INTEGER NOT NULL, body TEXT NOT NULL, PRIMARY KEY (movie_id, no));
CREATE INDEX tags_tag ON tags (tag)`;

/** A UUID that looks random and is the same everywhere. */
function uuidOf(kind, id) {
  const part = (salt) =>
    hash32(id * 31 + kind * 1009 + salt)
      .toString(16)
      .padStart(8, '0');
  const text = part(1) + part(2) + part(3) + part(4);
  return `${text.slice(0, 8)}-${text.slice(8, 12)}-4${text.slice(13, 16)}-a${text.slice(17, 20)}-${text.slice(20)}`;
}
const personOf = (id) => uuidOf(1, id);
const movieOf = (id) => uuidOf(2, id);

function* each(count, make) {
  for (let id = 1; id <= count; id++) yield* make(id);
}

const BEST = `SELECT m.id, m.title, count(*) AS n, sum(r.stars) AS stars FROM movies m JOIN reviews r ON r.movie_id = m.id
  WHERE m.year >= 1990 GROUP BY m.id, m.title HAVING count(*) >= 10 ORDER BY stars DESC, m.id LIMIT 20`;
const BY_TAG = `SELECT m.title, m.year, p.name FROM tags t JOIN movies m ON m.id = t.movie_id JOIN people p ON p.id = m.director_id
  WHERE t.tag = $1 AND m.year = $2 ORDER BY m.title, m.id LIMIT 50`;
const BUSIEST = `SELECT p.id, p.name, count(*) AS n FROM casts c JOIN people p ON p.id = c.person_id
  GROUP BY p.id, p.name ORDER BY n DESC, p.id LIMIT 20`;
const LEFT =
  'SELECT (SELECT count(*) FROM movies) AS a, (SELECT count(*) FROM reviews) AS b, (SELECT count(*) FROM tags) AS c';

const report = (name, sql) => ({
  name,
  unit: 'ms',
  warm: true,
  run: async (db) => ({ count: 1, check: resultCheck(await db.all(sql)) }),
});

export function cases({ rows: movies }) {
  const people = Math.ceil(movies / 5);
  const lighter = (count, ctx) => (ctx.isSlow ? Math.ceil(count / 50) : count);
  const someMovies = (count, salt) => randomIds(count, movies, salt).map((id) => [movieOf(id)]);
  return [
    {
      name: 'insert, transactions of 1,000',
      unit: 'rows/s',
      bulk: true,
      async prepare(db, ctx) {
        if (ctx.dialect === 'sqlite') await db.exec('PRAGMA foreign_keys = ON');
        await db.exec(tables(ctx.dialect === 'sqlite' ? 'TEXT' : 'UUID'));
      },
      async run(db) {
        const insert = (sql, count, make) => db.runAll(sql, each(count, make), 1000);
        let count = await insert('INSERT INTO people VALUES ($1, $2)', people, (id) => [
          [personOf(id), titleOf(id)],
        ]);
        count += await insert('INSERT INTO movies VALUES ($1, $2, $3, $4)', movies, (id) => [
          [movieOf(id), titleOf(id + 9), 1920 + (hash32(id) % 105), personOf(1 + (hash32(id + 1) % people))],
        ]);
        count += await insert('INSERT INTO casts VALUES ($1, $2, $3)', movies, (id) =>
          [1, 2, 3].map((no) => [movieOf(id), no, personOf(1 + (hash32(id * 4 + no) % people))]),
        );
        count += await insert('INSERT INTO tags VALUES ($1, $2)', movies, (id) =>
          [0, 5].map((salt) => [movieOf(id), TAGS[((hash32(id) % 5) + salt) % TAGS.length]]),
        );
        count += await insert('INSERT INTO reviews VALUES ($1, $2, $3, $4)', movies, (id) =>
          Array.from({ length: REVIEWS_A_MOVIE }, (_, no) => [
            movieOf(id),
            no + 1,
            1 + (hash32(id * 16 + no) % 5),
            titleOf(id + no),
          ]),
        );
        return { count, check: [count] };
      },
    },
    {
      name: 'a movie by its key',
      unit: 'ops/s',
      warm: true,
      async run(db, ctx) {
        const ids = someMovies(lighter(50_000, ctx), 3).map(([id]) => id);
        let sum = 0;
        await db.getEach('SELECT * FROM movies WHERE id = $1', ids, (row) => {
          sum += row.year + row.title.length;
        });
        return { count: ids.length, check: [sum] };
      },
      verify: 'same-count',
    },
    report('best rated, HAVING', BEST),
    {
      name: 'movies by tag and year',
      unit: 'ops/s',
      warm: true,
      async run(db, ctx) {
        const asked = Array.from({ length: lighter(60, ctx) }, (_, i) => [TAGS[i % 10], 1950 + i]);
        let sum = 0;
        await db.allEach(BY_TAG, asked, (row) => {
          sum += row.year + row.title.length + row.name.length;
        });
        return { count: asked.length, check: [sum] };
      },
      verify: 'same-count',
    },
    report('busiest people', BUSIEST),
    {
      name: 'update a review by its composite key',
      unit: 'rows/s',
      async run(db, ctx) {
        const changes = someMovies(lighter(20_000, ctx), 5).map(([id], i) => [
          1 + (i % 5),
          id,
          1 + (i % REVIEWS_A_MOVIE),
        ]);
        await db.runAll('UPDATE reviews SET stars = $1 WHERE movie_id = $2 AND no = $3', changes);
        return { count: changes.length, check: [] };
      },
    },
    {
      name: 'delete a movie with all of it (cascades)',
      unit: 'ops/s',
      async run(db, ctx) {
        const ids = Array.from({ length: lighter(2000, ctx) }, (_, i) => [movieOf(1 + i * 20)]);
        await db.runAll('DELETE FROM movies WHERE id = $1', ids);
        return { count: ids.length, check: [] };
      },
    },
    {
      name: 'VACUUM',
      unit: 'ms',
      run: async (db) => ({ count: 1, check: [void (await db.exec('VACUUM'))] }),
    },
    report('what is left', LEFT),
  ];
}
