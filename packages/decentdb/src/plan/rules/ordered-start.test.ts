/** Joins that start from the table whose order a LIMIT asks for. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../../api/database.ts';
import { Prng } from '../../base/prng.ts';

const rule = 'optimizer.rule.ordered_start';
const isLong = process.env['DECENTDB_LONG_TESTS'] === '1';
const seed = Number(process.env['SEED'] ?? 5);

function library() {
  const db = openSync(':memory:');
  db.exec(`CREATE TABLE artist (id int PRIMARY KEY, name text);
    CREATE TABLE album (id int PRIMARY KEY, artist_id int, title text);
    CREATE TABLE track (id int PRIMARY KEY, album_id int, title text, rating int, disc int NOT NULL);
    INSERT INTO artist SELECT i, 'artist ' || i % 7 FROM generate_series(1, 100) i;
    INSERT INTO album SELECT i, CASE WHEN i % 13 > 0 THEN 1 + i % 100 END, 'album ' || i % 31 FROM generate_series(1, 400) i;
    INSERT INTO track SELECT i, CASE WHEN i % 17 > 0 THEN 1 + i * 7 % 400 END, 'track ' || i % 91,
      CASE WHEN i % 5 > 0 THEN i * 31 % 97 END, i * 13 % 50 FROM generate_series(1, 8000) i;
    CREATE INDEX ON track (album_id); CREATE INDEX ON album (artist_id);
    CREATE INDEX ON track (rating); CREATE INDEX ON track (disc, rating DESC NULLS LAST); ANALYZE`);
  return db;
}

test('the first rows of a join in the order of its largest table read no more than they need', () => {
  const db = library();
  const sql = `SELECT artist.name, track.title FROM artist JOIN album ON album.artist_id = artist.id
    JOIN track ON track.album_id = album.id WHERE artist.name LIKE '%3%' OR track.title LIKE '%3%' ORDER BY track.id LIMIT 2`;
  const plan = db.explain(sql);
  assert.doesNotMatch(plan, /Sort/);
  assert.match(plan, /Seq Scan on track/);
  const found = db.query(sql).rows;
  db.exec(`SET ${rule} = off`);
  assert.match(db.explain(sql), /Sort/);
  assert.deepEqual(found, db.query(sql).rows);
  db.close();
});

test('the first rows of a join in any order are found from the best filter on', (t) => {
  t.diagnostic(`seed ${seed}`);
  const db = library();
  db.exec(`INSERT INTO album SELECT i, 1 + i % 100, 'album ' || i FROM generate_series(401, 20000) i;
    INSERT INTO track SELECT i, CASE WHEN i % 17 > 0 THEN 1 + i * 7 % 20000 END, 'track ' || i % 91 || ' of ' || i % 997,
      i % 97, i % 50 FROM generate_series(8001, 60000) i;
    CREATE INDEX track_title ON track USING trigram (title); CREATE INDEX ON album USING trigram (title); ANALYZE`);
  const prng = new Prng(seed);
  const part = (): string => `'%${prng.pick(['of 12', '88 of', 'k 7', ' 5', '77', 'xq', 'nothing', '9'])}%'`;
  let others = 0;
  for (let n = 0; n < (isLong ? 200 : 25); n++) {
    const where = prng.pick([
      `track.title LIKE ${part()}`,
      `track.title LIKE ${part()} AND artist.name LIKE ${part()}`,
      `track.title ILIKE ${part()} OR album.title ILIKE ${part()} OR artist.name ILIKE ${part()}`,
      `album.title LIKE ${part()} AND track.title LIKE ${part()}`,
      `track.title LIKE ${part()} OR album.title = 'album 5'`,
    ]);
    const from = `FROM artist JOIN album ON album.artist_id = artist.id JOIN track ON track.album_id = album.id WHERE ${where}`;
    const [limit, offset] = [prng.pick([1, 5, 40]), prng.pick([0, 0, 3, 500])];
    const sql = `SELECT track.id ${from} LIMIT ${limit} OFFSET ${offset}`;
    const plan = db.explain(sql);
    const found = db.query<{ id: number }>(sql).rows.map(({ id }) => id);
    db.exec(`SET ${rule} = off`);
    if (plan !== db.explain(sql)) others++;
    const all = new Set(db.query<{ id: number }>(`SELECT track.id ${from}`).rows.map(({ id }) => id));
    db.exec(`SET ${rule} = on`);
    assert.equal(found.length, Math.max(0, Math.min(limit, all.size - offset)), sql);
    assert.equal(new Set(found).size, found.length, sql);
    assert.ok(
      found.every((id) => all.has(id)),
      sql,
    );
  }
  assert.ok(others > 0, `${others} plans of another kind`);
  db.close();
});

test('random joins, filters, orders and limits: the same rows with the rule and without', (t) => {
  t.diagnostic(`seed ${seed}`);
  const db = library();
  const prng = new Prng(seed);
  const orders = [
    ['track.id', 'track.id DESC', 'track.id DESC NULLS LAST'],
    ['track.rating', 'track.rating DESC', 'track.rating NULLS FIRST', 'track.rating DESC NULLS LAST'],
    ['track.disc, track.rating DESC NULLS LAST', 'track.disc, track.rating', 'track.disc DESC', 'track.disc'],
    ['album.id', 'album.artist_id DESC', 'artist.id', 'artist.id, track.id', 'album.id + 0'],
  ];
  const filters = [
    'true',
    `artist.name LIKE '%3%' OR track.title LIKE '%7%'`,
    'track.rating > 90',
    `album.title = 'album 5' AND track.disc < 9`,
    'artist.id IN (SELECT artist_id FROM album WHERE id % 3 = 0)',
    'track.id IN (7, 70, 700)',
    'false',
  ];
  let others = 0;
  for (let n = 0; n < (isLong ? 150 : 35); n++) {
    const order = prng.pick(prng.pick(orders));
    const columns = order.split(',').map((item) => item.trim().split(' ')[0]);
    const join = prng.pick([
      'artist JOIN album ON album.artist_id = artist.id JOIN track ON track.album_id = album.id',
      'artist, album, track',
      'artist JOIN album ON album.artist_id = artist.id LEFT JOIN track ON track.album_id = album.id',
    ]);
    const isLoose = join === 'artist, album, track';
    const where = `(${prng.pick(filters)})${isLoose ? ' AND album.artist_id = artist.id AND track.album_id = album.id' : ''}`;
    // What ties in the order may come in any order: only the keys are compared.
    const sql = `SELECT ${columns.map((c, i) => `${c} AS k${i}`).join(', ')} FROM ${join} WHERE ${where}
      ORDER BY ${order} LIMIT ${prng.pick([1, 5, 40, 3000])} OFFSET ${prng.pick([0, 0, 3, 50])}`;
    const plan = db.explain(sql);
    const found = db.query(sql).rows;
    db.exec(`SET ${rule} = off`);
    if (plan !== db.explain(sql)) others++;
    assert.deepEqual(found, db.query(sql).rows, sql);
    db.exec(`SET ${rule} = on`);
  }
  assert.ok(others > 0, `${others} plans of another kind`);
  db.close();
});

test('of an OR between tables: in order where many rows match, by branches where few do', () => {
  const db = openSync(':memory:');
  db.exec(`CREATE TABLE artist (id int PRIMARY KEY, name text);
    CREATE TABLE album (id int PRIMARY KEY, artist_id int, title text);
    CREATE TABLE track (id int PRIMARY KEY, album_id int, title text);
    INSERT INTO artist SELECT i, 'artist ' || md5(i::text) || CASE WHEN i % 4 = 0 THEN ' moon' ELSE '' END FROM generate_series(1, 300) i;
    INSERT INTO album SELECT i, 1 + i * 7 % 300, 'album ' || md5(i::text) || CASE WHEN i % 4 = 0 THEN ' moon' ELSE '' END FROM generate_series(1, 3000) i;
    INSERT INTO track SELECT i, 1 + i / 10 % 3000, 'track ' || md5(i::text) || CASE WHEN i % 4 = 0 THEN ' moon' ELSE '' END FROM generate_series(1, 30000) i;
    CREATE INDEX ON track (album_id); CREATE INDEX ON album (artist_id); CREATE INDEX ON artist USING trigram (name);
    CREATE INDEX ON album USING trigram (title); CREATE INDEX ON track USING trigram (title); ANALYZE`);
  const rowsOf = (pattern: string): { readonly plan: string; readonly rows: readonly unknown[] } => {
    const sql = `SELECT track.id, artist.name FROM artist JOIN album ON album.artist_id = artist.id JOIN track ON track.album_id = album.id
      WHERE artist.name LIKE '${pattern}' OR album.title LIKE '${pattern}' OR track.title LIKE '${pattern}' ORDER BY track.id LIMIT 20`;
    return { plan: db.explain(sql), rows: db.query(sql).rows };
  };
  const seen: unknown[] = [];
  for (const off of ['', `SET ${rule} = off`, 'SET optimizer.rule.or_expansion = off']) {
    db.exec(off);
    const many = rowsOf('%moon');
    const few = rowsOf('%c4ca4238%');
    if (off === '') {
      assert.doesNotMatch(many.plan, /Append|Sort/);
      assert.match(few.plan, /Append/);
      assert.equal(many.rows.length, 20);
      assert.ok(few.rows.length > 0);
    }
    seen.push([many.rows, few.rows]);
  }
  assert.deepEqual(seen[1], seen[0]);
  assert.deepEqual(seen[2], seen[0]);
  db.close();
});
