-- Indexes over a column that changes its type: what is no longer immutable is refused, as when they are made.
CREATE TYPE mood AS ENUM ('sad', 'ok');
CREATE TABLE t (id int PRIMARY KEY, a int, b text);
INSERT INTO t SELECT i, i, 'ok' FROM generate_series(1, 20) i;
CREATE INDEX t_pred ON t (a) WHERE (b::text || 'x') > 'a';
ALTER TABLE t ALTER b TYPE date USING current_date;
--> ERROR 42P17 functions in index predicate must be marked IMMUTABLE
DROP INDEX t_pred;
CREATE INDEX t_text ON t ((a::text));
ALTER TABLE t ALTER a TYPE date USING current_date;
--> ERROR 42P17 functions in index expression must be marked IMMUTABLE
ALTER TABLE t ALTER b TYPE mood USING b::mood;
SELECT b FROM t WHERE id = 3;
--> ok

-- An expression of another type than before.
CREATE INDEX t_sum ON t ((a + 1));
CREATE UNIQUE INDEX t_twice ON t ((a * 2), id) WHERE a + 1 > 3;
ALTER TABLE t ALTER a TYPE bigint;
INSERT INTO t VALUES (100, 5000000000, 'sad');
SELECT id FROM t WHERE a + 1 = 5000000001;
--> 100
SELECT id FROM t WHERE a + 1 = 6;
--> 5
ALTER TABLE t ALTER a TYPE numeric USING a / 4.0;
SELECT id FROM t WHERE a + 1 = 2.25;
--> 5
SELECT id, a FROM t WHERE a + 1 > 2.25 AND a + 1 < 3 ORDER BY a + 1;
--> 6 | 1.5000000000000000
--> 7 | 1.7500000000000000
INSERT INTO t VALUES (101, 1.125, 'sad');
SELECT id FROM t WHERE a + 1 = 2.125;
--> 101
SELECT id, a * 2 FROM t WHERE a + 1 > 3 ORDER BY a * 2, id LIMIT 2;
--> 9 | 4.5000000000000000
--> 10 | 5.0000000000000000
ALTER TABLE t ALTER a TYPE text;
--> ERROR 42883 operator does not exist: text + integer
SELECT id FROM t WHERE a = '1.125';
--> 101
