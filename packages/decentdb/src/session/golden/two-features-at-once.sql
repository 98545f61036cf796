-- What was found by asking for two features at once.
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE DOMAIN numbers AS int[];
CREATE TABLE t (id int PRIMARY KEY, p positive, small smallint, a numbers, n numeric);
INSERT INTO t VALUES (1, 1, -1, '{1,2}', 1.5), (2, 3, 7, '{3,4}', 2), (3, 4, NULL, NULL, 3.25);

-- The sum of a moving frame has the scale of what is in it.
SELECT x, sum(x) OVER w, avg(x) OVER w FROM (VALUES (1, 1.0), (2, 2), (3, 3.25), (4, 4), (5, 'NaN'), (6, 6.1), (7, 7.0), (8, 8), (9, NULL), (10, 0.00), (11, 5)) v (o, x) WINDOW w AS (ORDER BY o ROWS 1 PRECEDING) ORDER BY o;
--> 1.0 | 1.0 | 1.00000000000000000000
--> 2 | 3.0 | 1.5000000000000000
--> 3.25 | 5.25 | 2.6250000000000000
--> 4 | 7.25 | 3.6250000000000000
--> NaN | NaN | NaN
--> 6.1 | NaN | NaN
--> 7.0 | 13.1 | 6.5500000000000000
--> 8 | 15.0 | 7.5000000000000000
--> NULL | 8 | 8.0000000000000000
--> 0.00 | 0.00 | 0.00000000000000000000
--> 5 | 5.00 | 2.5000000000000000

-- Domains in RANGE frames.
SELECT p, sum(n) OVER (ORDER BY p RANGE BETWEEN 2 PRECEDING AND CURRENT ROW) FROM t ORDER BY p;
--> 1 | 1.5
--> 3 | 3.5
--> 4 | 5.25

-- Arrays of what a cast leaves as it is.
SELECT ARRAY(SELECT small::int FROM t ORDER BY id), ARRAY(SELECT p::int FROM t ORDER BY id), ARRAY(SELECT a::int[] FROM t WHERE id < 3 ORDER BY id), ARRAY(SELECT a FROM t ORDER BY id);
--> {-1,7,NULL} | {1,3,4} | {{1,2},{3,4}} | {"{1,2}","{3,4}",NULL}
