/** Tables with relatives in the schema's script: it makes the same schema again, in the same words. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../api/database.ts';

const SCHEMA = `
  CREATE TABLE part3 (v text, id int NOT NULL, at date NOT NULL, PRIMARY KEY (id, at));
  CREATE TABLE target (id int PRIMARY KEY);
  CREATE TABLE whole (id int NOT NULL, at date NOT NULL, v text DEFAULT 'x', t int REFERENCES target, CHECK (id > 0), PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
  CREATE TABLE part1 PARTITION OF whole FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
  CREATE TABLE part2 PARTITION OF whole (v DEFAULT 'two', CONSTRAINT own CHECK (v <> 'q')) FOR VALUES FROM ('2024-02-01') TO (MAXVALUE) PARTITION BY LIST (id);
  CREATE TABLE part2a PARTITION OF part2 FOR VALUES IN (2, 7);
  CREATE TABLE part2d PARTITION OF part2 DEFAULT;
  ALTER TABLE part3 ADD COLUMN t int;
  ALTER TABLE part3 ADD CONSTRAINT whole_id_check CHECK (id > 0);
  ALTER TABLE whole ATTACH PARTITION part3 FOR VALUES FROM (MINVALUE) TO ('2024-01-01');
  CREATE INDEX ON whole (v, id DESC);
  CREATE INDEX other ON part1 (t);
  CREATE TABLE base (a int DEFAULT 1, b text CHECK (b <> ''), c int CONSTRAINT only_here CHECK (c > 0) NO INHERIT);
  CREATE TABLE child (d int) INHERITS (base);
  ALTER TABLE child ALTER a SET DEFAULT 2, ALTER b SET NOT NULL;
  CREATE TABLE grandchild () INHERITS (child);
  CREATE TABLE aside (a int);
  CREATE TABLE mixed () INHERITS (aside, base);
  ALTER TABLE mixed ALTER a DROP DEFAULT;
  CREATE TABLE later (c int, b text, a int, e int, CONSTRAINT base_b_check CHECK (b <> ''));
  ALTER TABLE later INHERIT base;
  CREATE TABLE numbers (id int GENERATED ALWAYS AS IDENTITY, k bigint, f boolean) PARTITION BY LIST (k);
  CREATE TABLE numbers1 PARTITION OF numbers FOR VALUES IN (-1, 2);
  CREATE TABLE flags (f boolean, n numeric) PARTITION BY RANGE (f, n);
  CREATE TABLE flags1 PARTITION OF flags FOR VALUES FROM (false, 1.5) TO (true, -2);
  CREATE TABLE words (v text) PARTITION BY LIST (lower(v));
  CREATE TABLE words1 PARTITION OF words FOR VALUES IN ('a', 'b''c', NULL);
  CREATE TABLE hashed (a int, b text, n numeric) PARTITION BY HASH (a, lower(b));
  CREATE TABLE hashed0 PARTITION OF hashed FOR VALUES WITH (MODULUS 2, REMAINDER 0);
  CREATE TABLE hashed1 PARTITION OF hashed FOR VALUES WITH (MODULUS 6, REMAINDER 1);
  CREATE TABLE hashed2 PARTITION OF hashed FOR VALUES WITH (MODULUS 6, REMAINDER 3) PARTITION BY HASH (n);
  CREATE TABLE hashed2a PARTITION OF hashed2 FOR VALUES WITH (MODULUS 1, REMAINDER 0);
  CREATE TABLE hashed3 PARTITION OF hashed FOR VALUES WITH (MODULUS 6, REMAINDER 5);
  INSERT INTO hashed SELECT i, 'V' || i, i / 7.0 FROM generate_series(1, 30) i;
  INSERT INTO hashed VALUES (NULL, NULL, NULL), (NULL, 'x', 0), (1, NULL, 'NaN');
  INSERT INTO target VALUES (1);
  INSERT INTO whole VALUES (1, '2024-01-05', 'k', 1), (2, '2024-03-05', 'a', NULL), (3, '2024-03-06', NULL, NULL), (4, '2020-01-01', 'old', 1);
  INSERT INTO base VALUES (1, 'x', 1); INSERT INTO child VALUES (2, 'y', 1, 4);
  INSERT INTO numbers (k) VALUES (-1), (2);
`;

test('a script of tables with relatives makes them again', () => {
  const db = openSync(':memory:');
  db.exec(SCHEMA);
  const script = db.schemaScript();
  const copy = openSync(':memory:');
  for (const sql of script.before) copy.exec(sql);
  for (const { schema, name, columns } of script.tables) {
    const list = columns.map((column) => `"${column}"`).join(', ');
    const { rows } = db.query(`SELECT ${list} FROM ONLY "${schema}"."${name}"`, [], {
      rowMode: 'array',
      format: 'text',
    });
    const places = columns.map((_, i) => `$${i + 1}`).join(', ');
    for (const row of rows)
      copy.query(
        `INSERT INTO "${schema}"."${name}" (${list}) OVERRIDING SYSTEM VALUE VALUES (${places})`,
        row as never,
      );
  }
  for (const sql of script.after) copy.exec(sql);
  // Which of two tables is older does not show; columns a child has of its own come behind those of its parent.
  const sorted = (list: readonly string[]): readonly string[] =>
    list.filter((sql) => !sql.startsWith('CREATE TABLE public.later')).sort();
  const again = copy.schemaScript();
  assert.deepEqual(sorted(again.before), sorted(script.before));
  assert.deepEqual(sorted(again.after), sorted(script.after));
  for (const table of ['whole', 'part2', 'base', 'child', 'numbers', 'flags', 'hashed']) {
    const read = (one: typeof db): unknown =>
      one.query(`SELECT tableoid::regclass::text, * FROM ${table} ORDER BY 1, 2, 3`).rows;
    assert.deepEqual(read(copy), read(db), table);
  }
  // A column that parents have too has the default of its own table, or none.
  const defaults = `SELECT attrelid::regclass::text AS t, attname, attnotnull, pg_get_expr(adbin, adrelid) AS fallback
    FROM pg_attribute JOIN pg_class ON pg_class.oid = attrelid LEFT JOIN pg_attrdef ON adrelid = attrelid AND adnum = attnum
    WHERE attnum > 0 AND relkind IN ('r', 'p') AND attrelid >= 16384 ORDER BY 1, 2`;
  assert.deepEqual(copy.query(defaults).rows, db.query(defaults).rows);
  assert.throws(() => copy.exec(`INSERT INTO whole VALUES (1, '2024-01-05')`), /part1_pkey/);
  assert.equal(copy.check().ok, true);
});
