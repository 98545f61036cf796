-- Conditions that are the same for every row are tried before what they stand over is read: what would fail there does not.
-- PREPARE is of one session.
CREATE TABLE t (id int PRIMARY KEY, a int, b boolean);
INSERT INTO t SELECT i, i % 7, i % 2 = 0 FROM generate_series(1, 400) i;
CREATE TABLE small (f boolean, n int);
INSERT INTO small VALUES (false, 1), (NULL, 2);
SELECT count(*) FROM (SELECT 1 / (x.id - 9) AS q FROM t x CROSS JOIN t y ORDER BY 1 LIMIT 5) s;
--> ERROR 22012 division by zero
SELECT count(*) FROM (SELECT 1 / (x.id - 9) AS q FROM t x CROSS JOIN t y ORDER BY 1 LIMIT 5) s WHERE (SELECT bool_or(f) FROM small);
--> 0
SELECT count(*) FROM (SELECT 1 / (x.id - 9) AS q FROM t x CROSS JOIN t y ORDER BY 1 LIMIT 5) s WHERE q > 0 AND NOT EXISTS (SELECT FROM small WHERE n = 2);
--> 0
SELECT count(*) FROM (SELECT 1 / (x.id - 9) AS q FROM t x CROSS JOIN t y ORDER BY 1 LIMIT 5) s WHERE (SELECT count(*) FROM small) = 2;
--> ERROR 22012 division by zero

-- Within a subquery, where the condition is about the row outside: each time anew.
SELECT n, (SELECT sum(q) FROM (SELECT x.id AS q FROM t x JOIN t y ON x.id = y.id ORDER BY 1 LIMIT 5) s WHERE small.n = 2) FROM small ORDER BY n;
--> 1 | NULL
--> 2 | 15
SELECT n, (SELECT sum(q) FROM (SELECT x.id AS q FROM t x JOIN t y ON x.id = y.id ORDER BY 1 LIMIT 5) s WHERE (SELECT count(*) FROM small i WHERE i.n > small.n) = 1) FROM small ORDER BY n;
--> 1 | 15
--> 2 | NULL
PREPARE p(boolean) AS SELECT count(*) FROM (SELECT a FROM t ORDER BY a LIMIT 5) s WHERE $1;
EXECUTE p(true);
--> 5
EXECUTE p(NULL);
--> 0
EXECUTE p(true);
--> 5

-- Where there are no rows the condition is not missed.
SELECT count(*) FROM (SELECT id FROM t WHERE id > 1000 ORDER BY a LIMIT 5) s WHERE id > 0 AND (SELECT n FROM small WHERE n = 1) = 1;
--> 0

-- What counts is called as often as ever.
CREATE SEQUENCE called;
SELECT count(*) FROM (SELECT nextval('called') AS v FROM t ORDER BY 1 LIMIT 5) s WHERE (SELECT count(*) FROM small) = 2;
--> 5
SELECT last_value FROM called;
--> 400
