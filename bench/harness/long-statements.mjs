/**
 * Statements over all rows of a table `t (id int PRIMARY KEY, k int, name text)`: `setup` is run first, `sql` is measured (a text, or a
 * function that gives the number of rows it got), `after` says what they left.
 */
const sums = (table) =>
  `SELECT count(*), sum(id::bigint), sum(k::bigint), sum(hashtext(name)::bigint) FROM ${table}`;
const half = (rows) =>
  `CREATE TABLE u (id int PRIMARY KEY, k int, name text); INSERT INTO u SELECT id + ${rows >> 1}, k, name FROM t`;
const parents = () =>
  'ALTER TABLE t ADD UNIQUE (k); CREATE TABLE c (id int PRIMARY KEY, k int, name text); INSERT INTO c SELECT id, k, name FROM t';

/** Trigger functions are the application's. */
export const FUNCTIONS = {
  note_tables: ({ tables, query }) => {
    const [was, now] = [tables.was, tables.now];
    query('INSERT INTO seen VALUES ($1, $2)', [was.length, now.reduce((sum, row) => sum + row.k, 0)]);
  },
  note_row: ({ new: row, query }) => {
    if (row.id % 10000 === 0) query('UPDATE last SET id = $1', [row.id]);
  },
};

export const CASES = [
  {
    name: 'MERGE, half matched',
    setup: half,
    sql: 'MERGE INTO u USING t ON t.id = u.id WHEN MATCHED THEN UPDATE SET name = t.name WHEN NOT MATCHED THEN INSERT VALUES (t.id, t.k, t.name)',
    after: sums('u'),
  },
  {
    name: 'MERGE that deletes',
    setup: half,
    sql: 'MERGE INTO u USING t ON t.id = u.id WHEN MATCHED THEN DELETE',
    after: sums('u'),
  },
  {
    name: 'upsert DO UPDATE',
    setup: half,
    sql: 'INSERT INTO u SELECT * FROM t ON CONFLICT (id) DO UPDATE SET name = excluded.name, k = u.k + 1',
    after: sums('u'),
  },
  {
    name: 'upsert DO NOTHING',
    setup: half,
    sql: 'INSERT INTO u SELECT * FROM t ON CONFLICT DO NOTHING',
    after: sums('u'),
  },
  { name: 'UPDATE', sql: 'UPDATE t SET name = reverse(name)', after: sums('t') },
  {
    name: 'UPDATE of the key',
    sql: (db, rows) => db.prepare(`UPDATE t SET id = id + ${rows}`).run().changes,
    after: sums('t'),
  },
  {
    name: 'UPDATE of an indexed column',
    setup: () => 'CREATE INDEX ON t (k)',
    sql: 'UPDATE t SET k = k + 1',
    after: sums('t'),
  },
  {
    name: 'UPDATE FROM',
    setup: half,
    sql: 'UPDATE u SET name = t.name FROM t WHERE t.id = u.id',
    after: sums('u'),
  },
  { name: 'DELETE', sql: 'DELETE FROM t WHERE id % 10 > 0', after: sums('t') },
  { name: 'DELETE USING', setup: half, sql: 'DELETE FROM u USING t WHERE t.id = u.id', after: sums('u') },
  {
    name: 'recursion with UNION',
    sql: 'WITH RECURSIVE r(n, name) AS (SELECT id, name FROM t UNION SELECT n - 1, name FROM r WHERE n % 2 = 0) SELECT count(*), sum(n), sum(hashtext(name)::bigint) FROM r',
  },
  {
    name: 'recursion with UNION, row by row',
    sql: (db, rows, hash) => {
      hash.update(
        JSON.stringify(
          db
            .prepare(
              `WITH RECURSIVE r(n) AS (SELECT 1 UNION SELECT n + 1 FROM r WHERE n < ${rows}) SELECT count(*), sum(n) FROM r`,
            )
            .all(),
        ),
      );
      return 1;
    },
  },
  {
    name: 'INSERT of a table into itself',
    sql: (db, rows) => db.prepare(`INSERT INTO t SELECT id + ${rows}, k, name FROM t`).run().changes,
    after: sums('t'),
  },
  {
    name: 'INSERT RETURNING',
    setup: () => 'CREATE TABLE u (id int PRIMARY KEY, k int, name text)',
    sql: 'INSERT INTO u SELECT * FROM t RETURNING *',
    after: sums('u'),
  },
  { name: 'UPDATE RETURNING', sql: 'UPDATE t SET k = k + 1 RETURNING *', after: sums('t') },
  { name: 'DELETE RETURNING', sql: 'DELETE FROM t RETURNING *', after: sums('t') },
  {
    name: 'WITH gone AS (DELETE ... RETURNING)',
    setup: () => 'CREATE TABLE u (id int PRIMARY KEY, k int, name text)',
    sql: 'WITH gone AS (DELETE FROM t RETURNING *), back AS (INSERT INTO u SELECT * FROM gone RETURNING id) SELECT count(*), sum(id) FROM back',
    after: sums('u'),
  },
  {
    name: 'foreign key: INSERT',
    setup: () =>
      'ALTER TABLE t ADD UNIQUE (k); CREATE TABLE c (id int PRIMARY KEY, k int REFERENCES t (k), name text)',
    sql: 'INSERT INTO c SELECT id, k, name FROM t',
    after: sums('c'),
  },
  {
    name: 'foreign key to the primary key: INSERT',
    setup: () => 'CREATE TABLE c (id int PRIMARY KEY, k int REFERENCES t, name text)',
    sql: 'INSERT INTO c SELECT id, k, name FROM t WHERE k > 0',
    after: sums('c'),
  },
  {
    name: 'foreign key: ON DELETE CASCADE',
    setup: () =>
      `${parents()}; CREATE INDEX ON c (k); ALTER TABLE c ADD FOREIGN KEY (k) REFERENCES t (k) ON DELETE CASCADE`,
    sql: 'DELETE FROM t',
    after: sums('c'),
  },
  {
    name: 'foreign key: ON UPDATE CASCADE',
    setup: () =>
      `${parents()}; CREATE INDEX ON c (k); ALTER TABLE c ADD FOREIGN KEY (k) REFERENCES t (k) ON UPDATE CASCADE`,
    sql: 'UPDATE t SET k = -k - 1',
    after: sums('c'),
  },
  {
    name: 'foreign key: ON DELETE SET NULL',
    setup: () =>
      `${parents()}; CREATE INDEX ON c (k); ALTER TABLE c ADD FOREIGN KEY (k) REFERENCES t (k) ON DELETE SET NULL`,
    sql: 'DELETE FROM t',
    after: sums('c'),
  },
  {
    name: 'foreign key: DELETE nobody refers to',
    setup: () =>
      `${parents()}; DELETE FROM c WHERE k % 2 = 0; CREATE INDEX ON c (k); ALTER TABLE c ADD FOREIGN KEY (k) REFERENCES t (k)`,
    sql: 'DELETE FROM t WHERE k % 2 = 0',
    after: sums('t'),
  },
  {
    name: 'foreign key, deferred',
    setup: () =>
      'ALTER TABLE t ADD UNIQUE (k); CREATE TABLE c (id int PRIMARY KEY, k int REFERENCES t (k) DEFERRABLE INITIALLY DEFERRED, name text)',
    sql: 'INSERT INTO c SELECT id, k, name FROM t',
    after: sums('c'),
  },
  {
    name: 'unique key, deferred',
    setup: () => 'ALTER TABLE t ADD UNIQUE (k) DEFERRABLE INITIALLY DEFERRED',
    sql: 'UPDATE t SET k = k + 1',
    after: sums('t'),
  },
  {
    name: 'transition tables: UPDATE',
    setup: () =>
      'CREATE TABLE seen (n bigint, m bigint); CREATE TRIGGER n AFTER UPDATE ON t REFERENCING OLD TABLE AS was NEW TABLE AS now FOR EACH STATEMENT EXECUTE FUNCTION note_tables()',
    sql: 'UPDATE t SET k = k + 1',
    after: 'SELECT * FROM seen',
  },
  {
    name: 'row triggers: AFTER INSERT',
    setup: () =>
      'CREATE TABLE u (id int PRIMARY KEY, k int, name text); CREATE TABLE last (id int); INSERT INTO last VALUES (0); CREATE TRIGGER n AFTER INSERT ON u FOR EACH ROW EXECUTE FUNCTION note_row()',
    sql: 'INSERT INTO u SELECT * FROM t',
    after: sums('u'),
  },
  { name: 'CREATE TABLE AS', sql: 'CREATE TABLE u AS SELECT * FROM t', after: sums('u') },
  { name: 'SELECT INTO, sorted', sql: 'SELECT * INTO u FROM t ORDER BY name', after: sums('u') },
  {
    name: 'CREATE INDEX, integer',
    sql: 'CREATE INDEX ON t (k)',
    after: 'SELECT count(*) FROM t WHERE k > 0',
  },
  {
    name: 'CREATE INDEX, text',
    sql: 'CREATE INDEX ON t (name)',
    after: "SELECT count(*) FROM t WHERE name > 'a'",
  },
  {
    name: 'CREATE INDEX, expression',
    sql: 'CREATE INDEX ON t (reverse(name), k)',
    after: "SELECT count(*) FROM t WHERE reverse(name) > 'a'",
  },
  {
    name: 'ADD PRIMARY KEY of two columns',
    setup: () => 'CREATE TABLE u AS SELECT * FROM t',
    sql: 'ALTER TABLE u ADD PRIMARY KEY (k, name)',
    after: sums('u'),
  },
  {
    name: 'ADD FOREIGN KEY',
    setup: () => 'CREATE TABLE u AS SELECT * FROM t WHERE k > 0',
    sql: 'ALTER TABLE u ADD FOREIGN KEY (k) REFERENCES t',
    after: sums('u'),
  },
  { name: 'ADD CHECK', sql: 'ALTER TABLE t ADD CHECK (length(name) > 5)', after: sums('t') },
  {
    name: 'ALTER COLUMN TYPE',
    sql: 'ALTER TABLE t ALTER COLUMN k TYPE bigint USING k * 2',
    after: sums('t'),
  },
  {
    name: 'ADD COLUMN with a volatile default',
    sql: 'ALTER TABLE t ADD COLUMN u uuid DEFAULT gen_random_uuid()',
    after: `SELECT count(DISTINCT u) FROM t WHERE id < 1000`,
  },
  {
    name: 'ADD COLUMN generated, stored',
    sql: 'ALTER TABLE t ADD COLUMN u text GENERATED ALWAYS AS (reverse(name)) STORED',
    after: 'SELECT sum(hashtext(u)::bigint) FROM t',
  },
  {
    name: 'REFRESH MATERIALIZED VIEW',
    setup: () => 'CREATE MATERIALIZED VIEW v AS SELECT * FROM t',
    before: () => 'UPDATE t SET name = reverse(name) WHERE id % 3 = 0',
    sql: 'REFRESH MATERIALIZED VIEW v',
    after: sums('v'),
  },
  {
    name: 'REFRESH ... CONCURRENTLY',
    setup: () => 'CREATE MATERIALIZED VIEW v AS SELECT * FROM t; CREATE UNIQUE INDEX ON v (id)',
    before: () => 'UPDATE t SET name = reverse(name) WHERE id % 3 = 0',
    sql: 'REFRESH MATERIALIZED VIEW CONCURRENTLY v',
    after: sums('v'),
  },
  {
    name: 'DECLARE ... WITH HOLD, FETCH ALL',
    sql: (db, _rows, hash) => {
      db.exec('BEGIN; DECLARE c SCROLL CURSOR WITH HOLD FOR SELECT * FROM t; COMMIT');
      let n = 0;
      for (;;) {
        const some = db.prepare('FETCH 1000 FROM c').all();
        if (some.length === 0) break;
        n += some.length;
        hash.update(JSON.stringify(some));
      }
      return n;
    },
  },
  {
    name: 'iterate in a transaction that writes',
    sql: (db, _rows, hash) => {
      db.exec('BEGIN; UPDATE t SET k = 5 WHERE id = 1');
      let n = 0;
      for (const row of db.prepare('SELECT * FROM t').iterate()) {
        hash.update(JSON.stringify(row));
        n++;
      }
      db.exec('ROLLBACK');
      return n;
    },
  },
  { name: 'VACUUM', before: () => 'DELETE FROM t WHERE id % 3 = 0', sql: 'VACUUM t', after: sums('t') },
  {
    name: 'VACUUM FULL',
    before: () => 'DELETE FROM t WHERE id % 3 = 0',
    sql: 'VACUUM FULL',
    after: sums('t'),
  },
  { name: 'ANALYZE', sql: 'ANALYZE t', after: sums('t') },
  { name: 'TRUNCATE', sql: 'TRUNCATE t', after: sums('t') },
  { name: 'DROP TABLE', sql: 'DROP TABLE t' },
  {
    name: 'random keys',
    setup: () => 'CREATE TABLE u (id int PRIMARY KEY, k int, name text)',
    sql: 'INSERT INTO u SELECT k, id, name FROM t',
    after: sums('u'),
  },
];
