-- Which table a row is in, after it was written; samples of tables with descendants. Each answer is PostgreSQL's.
CREATE TABLE p (id int, k int, v text, PRIMARY KEY (id, k)) PARTITION BY RANGE (k);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
CREATE TABLE p2 (v text, x int, k int NOT NULL, id int NOT NULL);
ALTER TABLE p2 DROP COLUMN x;
ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM (10) TO (20);
CREATE TABLE p3 PARTITION OF p FOR VALUES FROM (20) TO (40) PARTITION BY LIST (id);
CREATE TABLE p3a (v text, id int NOT NULL, k int NOT NULL);
ALTER TABLE p3 ATTACH PARTITION p3a FOR VALUES IN (1, 2, 3);
CREATE TABLE p3d PARTITION OF p3 DEFAULT;
INSERT INTO p VALUES (1, 1, 'a'), (2, 12, 'b'), (3, 23, 'c'), (4, 34, 'd') RETURNING tableoid::regclass, *;
--> p1 | 1 | 1 | a
--> p2 | 2 | 12 | b
--> p3a | 3 | 23 | c
--> p3d | 4 | 34 | d
INSERT INTO p3 VALUES (2, 21, 'a'), (20, 22, 'b') RETURNING tableoid::regclass, *;
--> p3a | 2 | 21 | a
--> p3d | 20 | 22 | b
INSERT INTO p VALUES (1, 1, 'aa'), (5, 5, 'e'), (3, 23, 'cc') ON CONFLICT (id, k) DO UPDATE SET v = EXCLUDED.v RETURNING tableoid::regclass, *;
--> p1 | 1 | 1 | aa
--> p1 | 5 | 5 | e
--> p3a | 3 | 23 | cc
UPDATE p SET v = v || '!' RETURNING tableoid::regclass, *;
--> p1 | 1 | 1 | aa!
--> p1 | 5 | 5 | e!
--> p2 | 2 | 12 | b!
--> p3a | 3 | 23 | cc!
--> p3a | 2 | 21 | a!
--> p3d | 4 | 34 | d!
--> p3d | 20 | 22 | b!
UPDATE p SET k = k + 10 WHERE id IN (1, 2, 3) RETURNING tableoid::regclass, p.tableoid::regclass::text || v, id, k;
--> p2 | p2aa! | 1 | 11
--> p3a | p3ab! | 2 | 22
--> p3a | p3acc! | 3 | 33
--> p3a | p3aa! | 2 | 31
UPDATE p SET k = k + 1 FROM (VALUES (1), (20)) x(i) WHERE p.id = x.i RETURNING p.tableoid::regclass, x.i, p.*;
--> p2 | 1 | 1 | 12 | aa!
--> p3d | 20 | 20 | 23 | b!
WITH d AS (DELETE FROM p WHERE id < 3 RETURNING tableoid::regclass, *) SELECT * FROM d ORDER BY k;
--> p2 | 1 | 12 | aa!
--> p3a | 2 | 22 | b!
--> p3a | 2 | 31 | a!
INSERT INTO p SELECT i, i, 'many' FROM generate_series(100, 130) i WHERE false RETURNING tableoid;
WITH i AS (INSERT INTO p SELECT i, i % 40, 'many' FROM generate_series(100, 150) i RETURNING tableoid::regclass t) SELECT t, count(*) FROM i GROUP BY 1 ORDER BY 1;
--> p1 | 10
--> p2 | 10
--> p3d | 31
INSERT INTO p1 VALUES (77, 7, 'x') RETURNING tableoid::regclass;
--> p1
SELECT count(*) FROM p TABLESAMPLE BERNOULLI (100);
--> 56
SELECT count(*), min(id) FROM p TABLESAMPLE SYSTEM (100) WHERE k > 10;
--> 43 | 3
SELECT count(*) FROM p TABLESAMPLE SYSTEM (0);
--> 0
SELECT count(*) FROM ONLY p TABLESAMPLE SYSTEM (100);
--> 0
SELECT count(*) FROM p x TABLESAMPLE BERNOULLI (100) REPEATABLE (3) JOIN p1 USING (id);
--> 12
CREATE TABLE b (a int, t text);
CREATE TABLE c (z int) INHERITS (b);
INSERT INTO b VALUES (1, 'x') RETURNING tableoid::regclass, *;
--> b | 1 | x
INSERT INTO c VALUES (2, 'y', 3) RETURNING tableoid::regclass, *;
--> c | 2 | y | 3
UPDATE b SET t = t || a RETURNING tableoid::regclass, *;
--> b | 1 | x1
--> c | 2 | y2
UPDATE ONLY b SET t = t || a RETURNING tableoid::regclass, *;
--> b | 1 | x11
DELETE FROM b RETURNING tableoid::regclass, *;
--> b | 1 | x11
--> c | 2 | y2
SELECT count(*) FROM b TABLESAMPLE SYSTEM (100);
--> 0
CREATE TABLE e (a int) PARTITION BY LIST (a);
SELECT count(*) FROM e TABLESAMPLE SYSTEM (100);
--> 0
UPDATE e SET a = 1 RETURNING tableoid;
CREATE TABLE s (a int, b text);
UPDATE s SET a = 1 RETURNING tableoid::regclass;
INSERT INTO s VALUES (1) RETURNING tableoid::regclass;
--> s
UPDATE s SET a = 1 RETURNING tableoid::regclass;
--> s
