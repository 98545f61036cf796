/**
 * Crash workloads in SQL: definitions, indexes, constraints, savepoints, conflicts, large values.
 *
 * Each statement is a commit of its own unless it says BEGIN. A new feature adds its workload here, in a few lines.
 */
import type { StorageOptions } from '../../txn/engine-options.ts';
import type { CrashWorkload } from '../crash-run.ts';
import { sqlWorkload } from './sql-session.ts';
import { copyWorkloads } from './workloads-copies.ts';

const PEOPLE = 'CREATE TABLE people (id int PRIMARY KEY, name text NOT NULL, age int)';
const SERIES = `INSERT INTO people SELECT i, 'person ' || i, i % 7 FROM generate_series(1, 40) AS i`;

const definitions: readonly CrashWorkload[] = [
  sqlWorkload('SQL: tables made and dropped', (s) => {
    s.sql(PEOPLE);
    s.sql('CREATE TABLE other (a text, b text UNIQUE)');
    s.sql(`INSERT INTO other VALUES ('x', 'y')`);
    s.sql('DROP TABLE people');
    s.sql('DROP TABLE other');
  }),
  sqlWorkload('SQL: several definitions in one transaction', (s) => {
    s.sql(`BEGIN; ${PEOPLE}; ${SERIES}; CREATE INDEX people_name ON people (name); COMMIT`);
    s.sql(
      'BEGIN; DROP INDEX people_name; ALTER TABLE people ADD COLUMN note text; UPDATE people SET note = name; COMMIT',
    );
  }),
  sqlWorkload('SQL: definitions rolled back', (s) => {
    s.sql(PEOPLE);
    s.subject.db.exec(
      'BEGIN; CREATE TABLE gone (a int PRIMARY KEY); INSERT INTO gone VALUES (1); DROP TABLE people; ROLLBACK',
    );
    s.sql(`INSERT INTO people VALUES (1, 'still here', 3)`);
  }),
  sqlWorkload('SQL: an index built over rows, then kept', (s) => {
    s.sql(PEOPLE);
    s.sql(SERIES);
    s.sql('CREATE INDEX people_age ON people (age, name)');
    s.sql('UPDATE people SET age = age + 1 WHERE id % 5 = 0');
    s.sql('DELETE FROM people WHERE age = 3');
    s.sql('DROP INDEX people_age');
  }),
  sqlWorkload('SQL: unique, partial and expression indexes', (s) => {
    s.sql(PEOPLE);
    s.sql(SERIES);
    s.sql('CREATE UNIQUE INDEX people_unique ON people (name)');
    s.sql('CREATE INDEX people_old ON people (age) WHERE age > 4');
    s.sql('CREATE INDEX people_upper ON people (upper(name))');
    s.sql(`UPDATE people SET name = name || '!', age = 9 - age`);
    s.fails('23505', `INSERT INTO people VALUES (100, 'person 1!', 0)`);
  }),
  sqlWorkload('SQL: columns added, changed, renamed, dropped', (s) => {
    s.sql(PEOPLE);
    s.sql(SERIES);
    s.sql(`ALTER TABLE people ADD COLUMN city text DEFAULT 'Ulm'`);
    s.sql('ALTER TABLE people DROP COLUMN age');
    s.sql('ALTER TABLE people RENAME COLUMN city TO town');
    s.sql('ALTER TABLE people RENAME TO folk');
    s.sql('ALTER TABLE folk ALTER COLUMN name TYPE varchar(40)');
  }),
  sqlWorkload('SQL: columns added to rows that stay as they are', (s) => {
    s.sql(PEOPLE);
    s.sql(SERIES);
    s.sql(`ALTER TABLE people ADD COLUMN city text DEFAULT 'Ulm', ADD COLUMN note text`);
    s.sql(`UPDATE people SET note = name WHERE id % 9 = 0; DELETE FROM people WHERE id % 4 = 0`);
    s.sql(`BEGIN; ALTER TABLE people ADD COLUMN n int NOT NULL DEFAULT 5; SAVEPOINT a; UPDATE people SET n = id;
      ALTER TABLE people ADD COLUMN gone int DEFAULT 1; ROLLBACK TO a; UPDATE people SET city = 'Bonn' WHERE id > 30; COMMIT`);
    s.subject.db.exec(
      'BEGIN; ALTER TABLE people ADD COLUMN m int DEFAULT 1; UPDATE people SET m = 2; ROLLBACK',
    );
    s.sql('ALTER TABLE people ADD COLUMN m int DEFAULT 3');
    s.reopen();
    s.sql(`INSERT INTO people VALUES (1000, 'new', 1); ALTER TABLE people DROP COLUMN city`);
  }),
  sqlWorkload('SQL: views and tables from queries', (s) => {
    s.sql(PEOPLE);
    s.sql(SERIES);
    s.sql('CREATE VIEW old_people AS SELECT id, name FROM people WHERE age > 4');
    s.sql('CREATE TABLE copy AS SELECT * FROM people WHERE id < 10');
    s.sql('DROP VIEW old_people');
  }),
  sqlWorkload('SQL: sequences and identities', (s) => {
    s.sql('CREATE SEQUENCE counter');
    s.sql('CREATE TABLE t (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, n bigint)');
    for (let i = 0; i < 4; i++) s.sql(`INSERT INTO t (n) VALUES (nextval('counter')), (nextval('counter'))`);
  }),
  sqlWorkload("SQL: types of one's own", (s) => {
    s.sql(`CREATE TYPE mood AS ENUM ('sad', 'ok', 'happy')`);
    s.sql('CREATE TABLE t (id int PRIMARY KEY, m mood)');
    s.sql(`INSERT INTO t VALUES (1, 'ok'), (2, 'sad')`);
    s.sql('DROP TABLE t');
    s.sql('DROP TYPE mood');
  }),
];

const changes: readonly CrashWorkload[] = [
  sqlWorkload('SQL: autocommit', (s) => {
    s.sql(PEOPLE);
    for (let i = 0; i < 10; i++) s.sql(`INSERT INTO people VALUES (${i}, 'person ${i}', ${i})`);
    s.sql('UPDATE people SET age = 50 WHERE id = 3');
    s.sql('DELETE FROM people WHERE id = 4');
  }),
  sqlWorkload('SQL: savepoints', (s) => {
    s.sql(PEOPLE);
    for (let i = 0; i < 4; i++) {
      s.sql(`BEGIN; INSERT INTO people VALUES (${i}, 'kept', 1); SAVEPOINT a; DELETE FROM people; SAVEPOINT b;
        INSERT INTO people VALUES (99, 'undone', 2); ROLLBACK TO a; UPDATE people SET age = ${i}; RELEASE a; COMMIT`);
    }
  }),
  sqlWorkload('SQL: statements that fail among others', (s) => {
    s.sql(PEOPLE);
    s.sql(SERIES);
    s.fails('23505', `INSERT INTO people SELECT i, 'again', 1 FROM generate_series(100, 30, -1) AS i`);
    s.fails('22012', 'UPDATE people SET age = 10 / (id - 20)');
    s.fails('23502', 'UPDATE people SET name = NULL WHERE id > 20');
    s.sql('DELETE FROM people WHERE id > 30');
  }),
  sqlWorkload('SQL: INSERT ON CONFLICT', (s) => {
    s.sql('CREATE TABLE counts (word text PRIMARY KEY, n int NOT NULL)');
    for (let i = 0; i < 5; i++) {
      s.sql(
        `INSERT INTO counts VALUES ('a', 1), ('b${i}', 1) ON CONFLICT (word) DO UPDATE SET n = counts.n + excluded.n`,
      );
      s.sql(`INSERT INTO counts VALUES ('a', 1), ('c${i}', 1) ON CONFLICT DO NOTHING`);
    }
  }),
  sqlWorkload('SQL: keys that move over each other', (s) => {
    s.sql(PEOPLE);
    s.sql(SERIES);
    s.sql('UPDATE people SET id = id + 100');
    s.sql('UPDATE people SET id = 300 - id');
  }),
  sqlWorkload('SQL: large values', (s) => {
    s.sql('CREATE TABLE docs (id int PRIMARY KEY, body text)');
    for (let i = 1; i < 4; i++) s.sql(`INSERT INTO docs VALUES (${i}, repeat('body ${i} ', ${i * 300}))`);
    s.sql(`UPDATE docs SET body = body || repeat('more', 500)`);
    s.sql(`UPDATE docs SET body = 'small' WHERE id = 2`);
    s.sql('DELETE FROM docs WHERE id = 3');
  }),
  sqlWorkload('SQL: emptied tables', (s) => {
    s.sql(PEOPLE);
    s.sql(SERIES);
    s.sql('DELETE FROM people');
    s.sql(SERIES);
    s.sql('TRUNCATE people');
    s.sql(`INSERT INTO people VALUES (1, 'first again', 0)`);
  }),
  sqlWorkload('SQL: many rows from a query', (s) => {
    s.sql('CREATE TABLE big (id int PRIMARY KEY, t text)');
    s.sql(`INSERT INTO big SELECT i, 'row number ' || i FROM generate_series(1, 300) AS i`);
    s.sql('DELETE FROM big WHERE id % 3 > 0');
  }),
  sqlWorkload(
    'SQL: a transaction that spills',
    (s) => {
      s.sql('CREATE TABLE big (id int PRIMARY KEY, t text UNIQUE)');
      s.sql(`INSERT INTO big SELECT i, 'row number ' || i FROM generate_series(1, 60) AS i`);
      s.sql(`BEGIN; UPDATE big SET t = t || '!'; SAVEPOINT a; DELETE FROM big; ROLLBACK TO a; COMMIT`);
    },
    { privateBytesMax: 0 },
  ),
  sqlWorkload('SQL: wide rows of many types', (s) => {
    s.sql(`CREATE TABLE wide (id bigint PRIMARY KEY, b boolean, n numeric(10,2), f double precision, d date, ts timestamptz,
      u uuid, j jsonb, a int[], x bytea)`);
    for (let i = 0; i < 4; i++) {
      s.sql(`INSERT INTO wide VALUES (${i}, true, ${i}.25, ${i} / 3.0, '2024-02-2${i}', '2024-01-01 00:00:0${i}+00',
        '00000000-0000-4000-8000-00000000000${i}', '{"k": [${i}, null]}', ARRAY[${i}, NULL], '\\x0${i}ff')`);
    }
    s.sql('UPDATE wide SET n = n * 3, j = NULL WHERE id > 1');
  }),
];

const constraints: readonly CrashWorkload[] = [
  sqlWorkload('SQL: foreign keys that cascade', (s) => {
    s.sql('CREATE TABLE artist (id int PRIMARY KEY, name text)');
    s.sql(
      'CREATE TABLE album (id int PRIMARY KEY, artist int REFERENCES artist ON DELETE CASCADE, title text)',
    );
    s.sql('CREATE TABLE track (id int PRIMARY KEY, album int REFERENCES album ON DELETE SET NULL)');
    s.sql(`INSERT INTO artist VALUES (1, 'a'), (2, 'b')`);
    s.sql(`INSERT INTO album SELECT i, 1 + i % 2, 'album ' || i FROM generate_series(1, 12) AS i`);
    s.sql('INSERT INTO track SELECT i, 1 + i % 12 FROM generate_series(1, 40) AS i');
    s.fails('23503', 'INSERT INTO album VALUES (99, 77, NULL)');
    s.sql('DELETE FROM artist WHERE id = 1');
  }),
  sqlWorkload('SQL: foreign keys checked at commit (ACID-004)', (s) => {
    s.sql('CREATE TABLE parent (id int PRIMARY KEY)');
    s.sql(
      'CREATE TABLE child (id int PRIMARY KEY, parent int REFERENCES parent DEFERRABLE INITIALLY DEFERRED)',
    );
    s.sql('INSERT INTO parent VALUES (1), (2); INSERT INTO child VALUES (1, 1), (2, 2), (3, 1)');
    s.sql(
      'BEGIN; DELETE FROM parent WHERE id = 1; INSERT INTO parent VALUES (7); UPDATE child SET parent = 7 WHERE parent = 1; COMMIT',
    );
    s.fails('23503', 'BEGIN; DELETE FROM parent WHERE id = 2; COMMIT');
  }),
  sqlWorkload('SQL: checks and constraints added later', (s) => {
    s.sql(PEOPLE);
    s.sql(SERIES);
    s.sql('ALTER TABLE people ADD CONSTRAINT young CHECK (age < 100)');
    s.sql('ALTER TABLE people ADD CONSTRAINT named UNIQUE (name, age)');
    s.fails('23514', 'UPDATE people SET age = 200');
    s.sql('ALTER TABLE people DROP CONSTRAINT young');
  }),
  sqlWorkload('SQL: generated columns', (s) => {
    s.sql('CREATE TABLE t (id int PRIMARY KEY, a int, b int GENERATED ALWAYS AS (a * 2) STORED)');
    s.sql('CREATE INDEX t_b ON t (b)');
    s.sql('INSERT INTO t (id, a) SELECT i, i FROM generate_series(1, 20) AS i');
    s.sql('UPDATE t SET a = -a WHERE id % 2 = 0');
  }),
];

const upkeep: readonly CrashWorkload[] = [
  sqlWorkload('SQL: checkpoints and reopening', (s) => {
    s.sql(PEOPLE);
    for (let i = 0; i < 4; i++) {
      s.sql(
        `INSERT INTO people SELECT i, 'person ' || i, ${i} FROM generate_series(${i * 10}, ${i * 10 + 9}) AS i`,
      );
      if (i % 2 === 0) s.checkpoint();
      else s.reopen();
    }
  }),
  sqlWorkload(
    'SQL: log switches',
    (s) => {
      s.sql('CREATE TABLE t (id int PRIMARY KEY, v text)');
      s.sql(`INSERT INTO t SELECT i, 'v' FROM generate_series(1, 20) AS i`);
      for (let i = 0; i < 14; i++) s.sql(`UPDATE t SET v = 'version ${i}' WHERE id % 3 = ${i % 3}`);
    },
    { walBytesMax: 4096 },
  ),
  sqlWorkload(
    'SQL: deferred durability',
    (s) => {
      s.sql('CREATE TABLE t (id int PRIMARY KEY, v text)');
      for (let i = 0; i < 12; i++) {
        s.sql(`INSERT INTO t VALUES (${i}, 'v${i}')`);
        if (i % 5 === 4) s.checkpoint();
      }
    },
    { durability: 'deferred' },
  ),
  sqlWorkload('SQL: VACUUM, ANALYZE, REINDEX', (s) => {
    s.sql(PEOPLE);
    s.sql(SERIES);
    s.sql('CREATE INDEX people_age ON people (age)');
    s.sql('DELETE FROM people WHERE id > 5');
    s.sql('VACUUM');
    s.sql('ANALYZE');
    s.sql('REINDEX TABLE people');
    s.sql(`INSERT INTO people VALUES (77, 'after', 1)`);
  }),
  sqlWorkload('SQL: a full disk and a failing one', (s) => {
    s.sql(PEOPLE);
    s.sql(SERIES);
    const many = `INSERT INTO people SELECT i, 'person ' || i, 1 FROM generate_series(100, 160) AS i`;
    s.failsUnder({ seed: 0, faults: [], diskBytesMax: 2048 }, many);
    s.failsUnder(
      { seed: 0, faults: [{ on: 'write', call: 0, effect: { kind: 'error', errno: 'EIO' } }] },
      many,
    );
    s.sql(many);
  }),
  sqlWorkload('SQL: a full text index, columns of other types, all rows gone', (s) => {
    s.sql('CREATE TABLE docs (id int PRIMARY KEY, body text, n int)');
    s.sql(`INSERT INTO docs SELECT i, 'words of document ' || i, i % 5 FROM generate_series(1, 20) AS i`);
    s.sql(`CREATE INDEX docs_words ON docs USING gin (to_tsvector('simple', body))`);
    s.sql(
      `CREATE VIEW found AS SELECT id FROM docs WHERE to_tsvector('simple', body) @@ to_tsquery('simple', 'words & 7')`,
    );
    s.sql(
      `ALTER TABLE docs ADD COLUMN lang text DEFAULT 'en'; UPDATE docs SET body = 'words 7' WHERE id = 3`,
    );
    s.sql('ALTER TABLE docs ALTER COLUMN n TYPE bigint; ALTER TABLE docs ALTER COLUMN n TYPE text');
    s.checkpoint();
    s.sql(
      `DELETE FROM docs WHERE id > 15; REINDEX TABLE docs; CREATE UNIQUE INDEX docs_lang ON docs (lang, id)`,
    );
    s.sql('TRUNCATE docs');
    s.sql(`INSERT INTO docs (id, body) VALUES (1, '7 words')`);
  }),
  sqlWorkload('SQL: keys in no order', (s) => {
    s.sql('CREATE TABLE movie (id uuid PRIMARY KEY, title text)');
    s.sql(
      'CREATE TABLE review (movie uuid REFERENCES movie ON DELETE CASCADE, no int, PRIMARY KEY (movie, no))',
    );
    for (let i = 0; i < 4; i++) {
      const rows = `generate_series(${i * 20}, ${i * 20 + 19}) AS i`;
      s.sql(`INSERT INTO movie SELECT md5(i::text)::uuid, 'movie ' || i FROM ${rows};
        INSERT INTO review SELECT md5(i::text)::uuid, no FROM ${rows}, generate_series(1, 3) AS no`);
      if (i === 1) s.reopen();
    }
    s.sql(`UPDATE movie SET title = title || '!' WHERE title LIKE '%7'`);
    s.sql(`DELETE FROM movie WHERE title LIKE '%3'`);
  }),
  sqlWorkload('SQL: trigram indexes', (s) => {
    s.sql('CREATE TABLE songs (id int PRIMARY KEY, title text)');
    s.sql(`INSERT INTO songs SELECT i, 'song of number ' || i FROM generate_series(1, 20) AS i`);
    s.sql('CREATE INDEX songs_title ON songs USING gin (title gin_trgm_ops)');
    s.sql(`CREATE VIEW found AS SELECT id FROM songs WHERE title LIKE '%number 1%'`);
    s.sql(`UPDATE songs SET title = 'another number 17' WHERE id = 3`);
    s.sql('DELETE FROM songs WHERE id BETWEEN 10 AND 14');
    s.sql('VACUUM');
    s.sql(`INSERT INTO songs VALUES (50, 'number 1 again')`);
  }),
  sqlWorkload('SQL: gin indexes', (s) => {
    s.sql('CREATE TABLE things (id int PRIMARY KEY, tags text[], doc jsonb)');
    s.sql('CREATE INDEX things_tags ON things USING gin (tags) WITH (mode = immediate)');
    s.sql(
      `INSERT INTO things SELECT i, ARRAY['t' || i, 'all'], jsonb_build_object('n', i % 3) FROM generate_series(1, 12) AS i`,
    );
    s.sql('CREATE INDEX things_doc ON things USING gin (doc, tags)');
    s.sql(`UPDATE things SET tags = '{}', doc = '[1, 2]' WHERE tags @> '{t3}'`);
    s.sql(`DELETE FROM things WHERE doc @> '{"n": 1}'`);
    s.sql('REINDEX TABLE things');
  }),
];

const bulk: readonly CrashWorkload[] = [
  sqlWorkload('SQL: bulk loads', (s) => {
    s.sql('CREATE TABLE t (id int PRIMARY KEY, name text, n int UNIQUE)');
    s.sql('CREATE INDEX t_name ON t (name)');
    const some = (from: number, to: number): unknown[][] =>
      Array.from({ length: to - from }, (_, i) => [from + i, `row ${from + i}`, from + i]);
    s.act((db) => db.bulkLoadSync('t', some(0, 120)));
    s.act((db) => db.bulkLoadSync('t', some(200, 260)));
    s.sql('DELETE FROM t WHERE id < 30');
    s.act((db) => db.bulkLoadSync('t', some(10, 20), { onError: 'skip' }));
  }),
  sqlWorkload(
    'SQL: a bulk load that spills',
    (s) => {
      s.sql('CREATE TABLE t (id int PRIMARY KEY, name text)');
      s.act((db) =>
        db.bulkLoadSync(
          't',
          Array.from({ length: 200 }, (_, i) => [i, `row ${i} ${'x'.repeat(i % 90)}`]),
        ),
      );
      s.sql(`INSERT INTO t VALUES (-1, 'after')`);
    },
    { privateBytesMax: 0 },
  ),
  sqlWorkload('SQL: bulk loads that sync now and then', (s) => {
    s.sql('CREATE TABLE t (id int PRIMARY KEY, name text)');
    const some = (from: number): unknown[][] => Array.from({ length: 80 }, (_, i) => [from + i, `row ${i}`]);
    for (const from of [0, 100]) {
      s.loosely((db, committed) => {
        const load = { batchRows: 20, commitEveryRows: 20, onProgress: committed };
        db.bulkLoadSync('t', some(from), { ...load, durability: 'deferred', syncEveryRows: 40 });
      });
      s.sql('DELETE FROM t WHERE id % 10 = 3');
    }
    s.loosely((db, committed) => {
      const load = { batchRows: 20, commitEveryRows: 20, onProgress: committed };
      db.bulkLoadSync('t', some(200), { ...load, durability: 'none' });
      db.checkpoint();
    });
  }),
  sqlWorkload('SQL: merges of a trigram index', (s) => {
    s.sql('CREATE TABLE t (id int PRIMARY KEY, a text, b text)');
    s.sql('CREATE INDEX t_a ON t USING trigram (a, b)');
    s.sql("INSERT INTO t SELECT i, 'song ' || md5(i::text), NULL FROM generate_series(1, 12) i");
    s.checkpoint();
    s.sql("UPDATE t SET a = 'Blue Moon ' || id, b = 'night' WHERE id % 5 = 0");
    s.sql('BEGIN; SET LOCAL decentdb.trigram_pending_rows = 0; DELETE FROM t WHERE id = 1; COMMIT');
    s.reopen();
    s.sql('CREATE INDEX t_now ON t USING trigram (lower(a)) WITH (mode = immediate)');
    s.sql("INSERT INTO t VALUES (100, 'night', 'day'), (101, 'moonlight', 'x')");
    s.sql('REINDEX INDEX t_a');
  }),
];

/** VACUUM gives up the end of the file; checkpoints cut it, and what comes after grows it again. */
const shortened = (name: string, options: StorageOptions): CrashWorkload =>
  sqlWorkload(
    name,
    (s) => {
      s.sql(PEOPLE);
      s.sql(SERIES);
      s.sql('CREATE TABLE t (id int PRIMARY KEY, v text, big text)');
      s.sql(
        `INSERT INTO t SELECT i, 'v' || i, CASE WHEN i % 20 = 0 THEN repeat('x' || i, 900) END FROM generate_series(1, 80) i`,
      );
      s.checkpoint();
      s.sql('DELETE FROM t WHERE id > 10');
      s.sql('VACUUM');
      s.checkpoint();
      s.sql(`INSERT INTO t SELECT i, 'again', NULL FROM generate_series(100, 160) i`);
      s.sql('DELETE FROM t WHERE id > 120');
      s.sql('VACUUM');
      s.sql(`INSERT INTO t SELECT i, 'grown', repeat('y', 1500) FROM generate_series(200, 206) i`);
      s.checkpoint();
      s.sql('DELETE FROM t WHERE id > 202');
      s.sql('VACUUM t');
      s.reopen();
      s.sql('VACUUM');
    },
    options,
  );

/** Merges of search indexes go on, slice by slice, in trees that VACUUM has moved meanwhile. */
const movedMerges = sqlWorkload('SQL: VACUUM between the slices of a merge', (s) => {
  const few = (text: string): void =>
    s.sql(`BEGIN; SET LOCAL decentdb.trigram_pending_rows = 16; ${text}; COMMIT`);
  s.sql('CREATE TABLE t (id int PRIMARY KEY, v text)');
  s.sql('INSERT INTO t SELECT i, md5(i::text) FROM generate_series(100, 150) i');
  s.sql('CREATE INDEX t_v ON t USING trigram (v)');
  s.sql('CREATE INDEX t_w ON t USING fulltext (v) WITH (config = simple)');
  few(`INSERT INTO t SELECT i, md5(i::text) FROM generate_series(1, 14) i`);
  few(`UPDATE t SET v = v || ' rising' WHERE id < 3`);
  s.sql('VACUUM');
  few('DELETE FROM t WHERE id = 5');
  s.sql('VACUUM t');
  few(`SAVEPOINT a; UPDATE t SET v = 'gone'; ROLLBACK TO a; UPDATE t SET id = 20 WHERE id = 1`);
  s.reopen();
});

const shorter: readonly CrashWorkload[] = [
  movedMerges,
  shortened('SQL: VACUUM shortens the file', {}),
  shortened('SQL: VACUUM that spills shortens the file', { privateBytesMax: 0 }),
];

/** Every workload in SQL. */
export const sqlWorkloads: readonly CrashWorkload[] = [
  ...definitions,
  ...changes,
  ...constraints,
  ...upkeep,
  ...bulk,
  ...shorter,
  ...copyWorkloads,
];
