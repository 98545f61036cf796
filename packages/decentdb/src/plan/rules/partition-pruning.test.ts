/** Partitions that a filter contradicts are not read, and nothing else changes. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../../api/database.ts';

const SCHEMA = `
  CREATE TABLE r (k int, v text) PARTITION BY RANGE (k);
  CREATE TABLE r1 PARTITION OF r FOR VALUES FROM (MINVALUE) TO (10);
  CREATE TABLE r2 PARTITION OF r FOR VALUES FROM (10) TO (20);
  CREATE TABLE rd PARTITION OF r DEFAULT;
  INSERT INTO r SELECT i, 'v' || i FROM generate_series(-5, 30) i;
  INSERT INTO r VALUES (NULL, 'null');
  CREATE TABLE l (k text) PARTITION BY LIST (k);
  CREATE TABLE l1 PARTITION OF l FOR VALUES IN ('a', 'b');
  CREATE TABLE l2 PARTITION OF l FOR VALUES IN ('c', NULL);
  INSERT INTO l VALUES ('a'), ('b'), ('c'), (NULL);
`;

/** A condition, and the partitions that may hold rows for it. */
const CASES: readonly (readonly [table: 'r' | 'l', condition: string, partitions: readonly string[]])[] = [
  ['r', 'k = 10', ['r2']],
  ['r', 'k < 10', ['r1']],
  ['r', 'k <= 10', ['r1', 'r2']],
  ['r', '20 <= k', ['rd']],
  ['r', 'k IS NULL', ['rd']],
  ['r', 'k IS NOT NULL', ['r1', 'r2', 'rd']],
  ['r', 'k IN (3, 12)', ['r1', 'r2']],
  ['r', 'k NOT IN (3, 12)', ['r1', 'r2', 'rd']],
  ['r', 'k BETWEEN 12 AND 13 OR k = 25', ['r2', 'rd']],
  ['r', 'NOT (k >= 10)', ['r1']],
  ['r', 'k = 5 AND k = 15', []],
  ['r', 'k = NULL', []],
  ['r', "k = 15 OR v = 'v1'", ['r1', 'r2', 'rd']],
  ['r', "k >= 10 AND (k < 12 OR v = 'v15')", ['r2', 'rd']],
  ['r', 'k + 0 = 15', ['r1', 'r2', 'rd']],
  ['l', "k = 'a'", ['l1']],
  ['l', "k <> 'c'", ['l1']],
  ['l', 'k IS NULL', ['l2']],
  ['l', "k > 'b'", ['l2']],
  ['l', "k = 'q'", []],
];

test('a filter leaves the partitions it may find rows in', () => {
  const db = openSync(':memory:');
  db.exec(SCHEMA);
  for (const [table, condition, wanted] of CASES) {
    const sql = `SELECT * FROM ${table} WHERE ${condition} ORDER BY k`;
    const read = [...db.explain(sql).matchAll(/ on ([rl]\w)\b/g)].map((match) => match[1]);
    assert.deepEqual(read, wanted, condition);
    const { rows } = db.query(sql);
    db.exec('SET optimizer.rule.partition_pruning = off');
    assert.deepEqual(db.query(sql).rows, rows, condition);
    db.exec('SET optimizer.rule.partition_pruning = on');
  }
});
