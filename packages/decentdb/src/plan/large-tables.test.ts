/**
 * Plans that only tables of some size get: the same rows with every rule on, with all off, and with each off alone (some
 * queries each).
 *
 * Differential tests ask far more queries, but of tables of a few dozen rows.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Database, openSync } from '../index.ts';
import { switchableRules } from './rules/registry.ts';

function build(): Database {
  const db = openSync(':memory:');
  db.exec(`
    CREATE TABLE maker (id INTEGER PRIMARY KEY, name TEXT, country TEXT);
    CREATE TABLE item (id INTEGER PRIMARY KEY, maker_id INTEGER, kind TEXT, price NUMERIC(10,2), made DATE);
    CREATE TABLE stock (item_id INTEGER, store_id INTEGER, amount INTEGER, PRIMARY KEY (item_id, store_id));
    CREATE TABLE sale (item_id INTEGER, store_id BIGINT, line INTEGER, amount NUMERIC(10,2), discount NUMERIC(4,2),
      flag TEXT, day DATE, note TEXT);
    INSERT INTO maker SELECT g, 'maker ' || g % 37, (ARRAY['US','DE','FR',NULL])[1 + g % 4] FROM generate_series(1, 120) g;
    INSERT INTO item SELECT g, CASE WHEN g % 11 = 0 THEN NULL ELSE 1 + g * 7 % 120 END, 'kind ' || g % 9,
      (g * 37 % 10000)::numeric / 100, DATE '2020-01-01' + g % 700 FROM generate_series(1, 1500) g;
    INSERT INTO stock SELECT g, s, g * s % 50 FROM generate_series(1, 1500) g, generate_series(1, 4) s WHERE (g + s) % 3 > 0;
    INSERT INTO sale SELECT 1 + g * 13 % 1550, CASE WHEN g % 17 = 0 THEN NULL ELSE 1 + g % 5 END, g % 7,
      (g * 91 % 5000)::numeric / 100, (g % 11)::numeric / 100, CASE WHEN g % 5 = 0 THEN NULL ELSE substr('ANR', 1 + g % 3, 1) END,
      DATE '2021-01-01' + g % 400, CASE WHEN g % 3 = 0 THEN 'a special order of requests ' || g ELSE 'note ' || g % 40 END
      FROM generate_series(1, 4000) g;
    DELETE FROM sale WHERE line = 3 AND item_id % 2 = 0;
    CREATE INDEX sale_item_store ON sale (item_id, store_id);
    CREATE INDEX sale_day ON sale (day);
    CREATE INDEX item_maker ON item (maker_id);
    ANALYZE;
  `);
  return db;
}

const QUERIES: readonly string[] = [
  `SELECT flag, line, count(*), sum(amount), avg(amount), sum(amount * (1 - discount)), sum(amount * (1 - discount) * (1 + discount)),
     avg(discount), min(day), max(note) FROM sale WHERE day <= DATE '2022-01-10' GROUP BY flag, line`,
  `SELECT s.item_id, s.store_id, sum(st.amount), count(*) FROM sale s JOIN stock st ON st.item_id = s.item_id AND st.store_id = s.store_id
     WHERE s.day < DATE '2021-02-01' GROUP BY s.item_id, s.store_id`,
  `SELECT m.country, count(*), sum(s.amount) FROM sale s JOIN item i ON i.id = s.item_id JOIN maker m ON m.id = i.maker_id GROUP BY m.country`,
  `SELECT m.name, i.kind, count(*) FROM sale s LEFT JOIN item i ON i.id = s.item_id LEFT JOIN maker m ON m.id = i.maker_id
     WHERE s.flag = 'N' GROUP BY m.name, i.kind`,
  `SELECT i.id, i.price FROM item i JOIN maker m ON m.id = i.maker_id
     WHERE i.id IN (SELECT item_id FROM sale GROUP BY item_id HAVING sum(amount) > 100) AND m.country = 'DE'`,
  `SELECT i.id FROM item i JOIN maker m ON m.id = i.maker_id
     WHERE NOT EXISTS (SELECT 1 FROM sale s WHERE s.item_id = i.id AND s.flag = 'R') AND m.country IS NOT NULL`,
  `SELECT i.kind, count(*) FROM item i, maker m WHERE m.id = i.maker_id AND m.name = 'maker 5'
     AND EXISTS (SELECT 1 FROM stock st WHERE st.item_id = i.id AND st.amount > 0.5 * (SELECT sum(s.amount) FROM sale s WHERE s.item_id = st.item_id AND s.store_id = st.store_id))
     GROUP BY i.kind`,
  `SELECT s.line, count(*), sum(t.n) FROM sale s JOIN (SELECT item_id, count(*) AS n, max(day) AS d FROM sale GROUP BY item_id) t
     ON t.item_id = s.item_id WHERE s.amount > 49.50 GROUP BY s.line`,
  `SELECT count(*), count(note), sum(length(note)) FROM sale WHERE note NOT LIKE '%special%requests%'`,
  `SELECT count(*) FROM sale WHERE note LIKE 'a sp%of%9' OR note LIKE '%1_'`,
  `SELECT a.item_id, count(*) FROM sale a JOIN sale b ON b.item_id = a.item_id AND b.store_id = a.store_id AND b.line <> a.line
     WHERE a.day BETWEEN DATE '2021-03-01' AND DATE '2021-03-05' GROUP BY a.item_id`,
  `SELECT s.store_id, sum(s.amount) FROM sale s WHERE s.item_id NOT IN (SELECT id FROM item WHERE maker_id IS NULL) GROUP BY s.store_id`,
  `SELECT DISTINCT flag, store_id FROM sale WHERE amount < 20`,
  `SELECT kind FROM item WHERE id IN (SELECT item_id FROM stock WHERE item_id = 78 AND store_id = 1)`,
  `SELECT line, note FROM sale WHERE item_id IN (SELECT id FROM item WHERE maker_id = 8 AND price > 90)`,
  `SELECT kind FROM item WHERE id IN (SELECT item_id FROM stock WHERE item_id < 6)`,
  `SELECT line FROM sale s WHERE EXISTS (SELECT 1 FROM stock st WHERE st.item_id = s.item_id AND st.store_id = s.store_id AND st.item_id < 9)
     AND s.store_id IN (SELECT store_id FROM stock WHERE item_id = 5) ORDER BY line, note`,
  `SELECT i.kind, (SELECT count(*) FROM sale s WHERE s.item_id IN (SELECT id FROM item x WHERE x.maker_id = i.maker_id)) FROM item i WHERE i.id < 5`,
  `SELECT i.kind, s.store_id, GROUPING(i.kind), count(*) FROM sale s JOIN item i ON i.id = s.item_id
     GROUP BY GROUPING SETS ((i.kind, s.store_id), (i.kind), ())`,
  `SELECT st.item_id, st.store_id, st.amount, s.amount FROM stock st LEFT JOIN sale s
     ON s.item_id = st.item_id AND s.store_id = st.store_id AND s.line = 2 WHERE st.amount = 49`,
  `SELECT st.item_id, s.line FROM (SELECT * FROM sale WHERE day > DATE '2022-01-20') s FULL JOIN (SELECT * FROM stock WHERE amount > 45) st
     ON st.item_id = s.item_id`,
  `SELECT extract(year FROM s.day) AS y, extract(month FROM i.made) AS m, count(*) FROM sale s JOIN item i ON i.id = s.item_id
     WHERE i.price < 10 GROUP BY 1, 2`,
  `WITH big AS (SELECT item_id, sum(amount) AS total FROM sale GROUP BY item_id)
     SELECT i.id, big.total FROM item i JOIN big ON big.item_id = i.id WHERE big.total = (SELECT max(total) FROM big)`,
];

function answer(db: Database, sql: string): readonly string[] {
  const rows = db.query(sql, [], { rowMode: 'array', format: 'text' })
    .rows as unknown as readonly (readonly unknown[])[];
  return rows.map((row) => JSON.stringify(row)).sort();
}

test('answers over thousands of rows do not depend on rules', () => {
  const db = build();
  const names = [...switchableRules().keys()];
  const set = (rules: readonly string[], value: string): void =>
    rules.forEach((name) => {
      db.exec(`SET optimizer.rule.${name} = ${value}`);
    });
  const expected = QUERIES.map((sql) => answer(db, sql));
  expected.forEach((rows, i) => {
    assert.ok(rows.length > 0, `finds something: ${QUERIES[i]}`);
  });
  [names, ...names.map((name) => [name])].forEach((off, n) => {
    set(off, 'off');
    QUERIES.forEach((sql, i) => {
      // One rule off: a fourth of the queries each time.
      if (off.length === 1 && (i + n) % 4 !== 0) return;
      assert.deepEqual(
        answer(db, sql),
        expected[i],
        `${off.length === 1 ? off[0] : 'all rules'} off: ${sql}`,
      );
    });
    set(off, 'on');
  });
  db.close();
});

test('what a transaction changed is seen by joins and groupings over it', () => {
  const db = build();
  db.exec('BEGIN');
  db.exec(`UPDATE sale SET store_id = 9 WHERE item_id < 200; DELETE FROM item WHERE id % 50 = 0;
    INSERT INTO sale SELECT 50 + g, 2, 1, 7.25, 0.01, 'A', DATE '2021-05-05', NULL FROM generate_series(1, 1500) g`);
  const inside = QUERIES.map((sql) => answer(db, sql));
  db.exec('COMMIT');
  QUERIES.forEach((sql, i) => {
    assert.deepEqual(answer(db, sql), inside[i], sql);
  });
  db.close();
});
