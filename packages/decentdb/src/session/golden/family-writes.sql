-- UPDATE, DELETE and MERGE of tables with descendants; rows that change their partition. Each answer is PostgreSQL's.
CREATE TABLE p (id int, k int, v text) PARTITION BY RANGE (k);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
CREATE TABLE p2 (v text, x int, k int, id int primary key);
ALTER TABLE p2 DROP COLUMN x;
ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM (10) TO (20);
CREATE TABLE p3 PARTITION OF p FOR VALUES FROM (20) TO (40) PARTITION BY LIST (v);
CREATE TABLE p3a PARTITION OF p3 FOR VALUES IN ('a', 'c');
CREATE TABLE p3d PARTITION OF p3 DEFAULT;
INSERT INTO p SELECT i, i % 40, chr(97 + i % 5) FROM generate_series(0, 99) i;
SELECT tableoid::regclass, count(*), sum(id) FROM p GROUP BY 1 ORDER BY 1;
--> p1 | 30 | 1335
--> p2 | 30 | 1635
--> p3a | 16 | 776
--> p3d | 24 | 1204
UPDATE p SET v = v || 'x' WHERE id BETWEEN 5 AND 15;
UPDATE p SET k = k + 10 WHERE id < 12 RETURNING *, old.k, new.v;
--> 0 | 10 | a | 0 | a
--> 1 | 11 | b | 1 | b
--> 2 | 12 | c | 2 | c
--> 3 | 13 | d | 3 | d
--> 4 | 14 | e | 4 | e
--> 5 | 15 | ax | 5 | ax
--> 6 | 16 | bx | 6 | bx
--> 7 | 17 | cx | 7 | cx
--> 8 | 18 | dx | 8 | dx
--> 9 | 19 | ex | 9 | ex
--> 10 | 20 | ax | 10 | ax
--> 11 | 21 | bx | 11 | bx
SELECT tableoid::regclass, count(*), sum(id), sum(k) FROM p GROUP BY 1 ORDER BY 1;
--> p1 | 20 | 1290 | 90
--> p2 | 38 | 1659 | 559
--> p3a | 16 | 776 | 456
--> p3d | 26 | 1225 | 765
UPDATE p SET k = 100 WHERE id = 3;
--> ERROR 23514 no partition of relation "p" found for row
UPDATE p1 SET k = 15 WHERE id = 41;
--> ERROR 23514 new row for relation "p1" violates partition constraint
UPDATE p1 SET v = 'only' WHERE id = 41 RETURNING *;
--> 41 | 1 | only
UPDATE p3 SET k = 5 WHERE id = 20;
--> ERROR 23514 new row for relation "p3" violates partition constraint
UPDATE p3 SET v = 'a' WHERE id = 21 RETURNING *;
--> 21 | 21 | a
SELECT tableoid::regclass FROM p WHERE id = 21;
--> p3a
DELETE FROM p WHERE id % 7 = 0;
SELECT tableoid::regclass, count(*), sum(id), sum(k) FROM p GROUP BY 1 ORDER BY 1;
--> p1 | 17 | 1115 | 75
--> p2 | 32 | 1393 | 473
--> p3a | 13 | 594 | 354
--> p3d | 23 | 1113 | 693
WITH d AS (DELETE FROM p USING generate_series(1, 30) g WHERE p.id = g AND p.v LIKE 'b%' RETURNING p.id, g) SELECT * FROM d ORDER BY id;
--> 1 | 1
--> 6 | 6
--> 11 | 11
--> 16 | 16
--> 26 | 26
DELETE FROM ONLY p;
UPDATE ONLY p SET k = 1;
SELECT count(*) FROM p;
--> 80
WITH m AS (MERGE INTO p USING (VALUES (1, 11, 'm'), (2, 3, 'n'), (1000, 22, 'a'), (1001, 7, 'q'), (46,1,'del')) s(id, k, v) ON p.id = s.id WHEN MATCHED AND s.v = 'del' THEN DELETE WHEN MATCHED THEN UPDATE SET k = s.k, v = s.v WHEN NOT MATCHED THEN INSERT VALUES (s.id, s.k, s.v) RETURNING merge_action() a, p.*) SELECT * FROM m ORDER BY id;
--> INSERT | 1 | 11 | m
--> UPDATE | 2 | 3 | n
--> DELETE | 46 | 6 | b
--> INSERT | 1000 | 22 | a
--> INSERT | 1001 | 7 | q
SELECT tableoid::regclass, * FROM p WHERE id IN (1,2,46,1000,1001) ORDER BY id;
--> p2 | 1 | 11 | m
--> p1 | 2 | 3 | n
--> p3a | 1000 | 22 | a
--> p1 | 1001 | 7 | q
UPDATE p SET id = 88 WHERE id = 50;
UPDATE p SET id = 1000000 WHERE k = 11;
--> ERROR 23505 duplicate key value violates unique constraint "p2_pkey"
SELECT tableoid::regclass, count(*), sum(id), sum(k) FROM p GROUP BY 1 ORDER BY 1;
--> p1 | 18 | 2072 | 79
--> p2 | 29 | 1407 | 429
--> p3a | 14 | 1594 | 376
--> p3d | 21 | 1076 | 646
WITH d AS (DELETE FROM p WHERE k < 5 RETURNING *) INSERT INTO p SELECT id + 2000, k + 10, v FROM d;
SELECT tableoid::regclass, count(*), sum(id), sum(k) FROM p GROUP BY 1 ORDER BY 1;
--> p1 | 9 | 1576 | 62
--> p2 | 38 | 19903 | 536
--> p3a | 14 | 1594 | 376
--> p3d | 21 | 1076 | 646
INSERT INTO p3 VALUES (1, 5, 'a');
--> ERROR 23514 new row for relation "p3" violates partition constraint
INSERT INTO p3 VALUES (1, 25, 'zz') RETURNING *;
--> 1 | 25 | zz
CREATE VIEW pv AS SELECT id, k, v FROM p WHERE k < 30;
UPDATE pv SET v = 'view' WHERE id % 10 = 1;
DELETE FROM pv WHERE id % 10 = 2;
INSERT INTO pv VALUES (3000, 12, 'pv') RETURNING *;
--> 3000 | 12 | pv
SELECT tableoid::regclass, count(*), sum(id), count(*) FILTER (WHERE v = 'view') FROM p GROUP BY 1 ORDER BY 1;
--> p1 | 9 | 1576 | 1
--> p2 | 34 | 18663 | 4
--> p3a | 12 | 1510 | 0
--> p3d | 22 | 1077 | 2
CREATE TABLE c (id int, name text);
CREATE TABLE c1 (z int, name text, id int);
ALTER TABLE c1 INHERIT c;
CREATE TABLE c2 (w int) INHERITS (c);
CREATE TABLE c3 () INHERITS (c1, c2);
INSERT INTO c VALUES (1,'c'),(2,'c');
INSERT INTO c1 VALUES (7,'c1',1),(8,'c1',3);
INSERT INTO c2 VALUES (1,'c2',9),(4,'c2',9);
INSERT INTO c3 (id,name,z,w) VALUES (1,'c3',0,0),(5,'c3',0,0);
SELECT tableoid::regclass, * FROM c ORDER BY id, name;
--> c | 1 | c
--> c1 | 1 | c1
--> c2 | 1 | c2
--> c3 | 1 | c3
--> c | 2 | c
--> c1 | 3 | c1
--> c2 | 4 | c2
--> c3 | 5 | c3
SELECT tableoid::regclass, * FROM c1 ORDER BY id, name;
--> c1 | 7 | c1 | 1
--> c3 | 0 | c3 | 1
--> c1 | 8 | c1 | 3
--> c3 | 0 | c3 | 5
UPDATE c SET name = name || '!' WHERE id = 1 RETURNING *;
--> 1 | c!
--> 1 | c1!
--> 1 | c2!
--> 1 | c3!
UPDATE ONLY c SET name = 'o' WHERE id = 1;
UPDATE c1 SET z = z + 100;
DELETE FROM c2 WHERE id = 5;
DELETE FROM c WHERE id = 4 RETURNING id;
--> 4
SELECT tableoid::regclass, * FROM c ORDER BY id, name;
--> c1 | 1 | c1!
--> c2 | 1 | c2!
--> c3 | 1 | c3!
--> c | 1 | o
--> c | 2 | c
--> c1 | 3 | c1
MERGE INTO c USING (VALUES (1,'mm'),(9,'nn')) s(id,name) ON c.id = s.id WHEN MATCHED THEN UPDATE SET name = s.name WHEN NOT MATCHED THEN INSERT VALUES (s.id, s.name);
SELECT tableoid::regclass, * FROM c ORDER BY id, name, 1;
--> c | 1 | mm
--> c1 | 1 | mm
--> c2 | 1 | mm
--> c3 | 1 | mm
--> c | 2 | c
--> c1 | 3 | c1
--> c | 9 | nn
SELECT c.name, x.n FROM c JOIN (SELECT id, count(*) n FROM c GROUP BY id) x USING (id) ORDER BY 1, 2;
--> c | 1
--> c1 | 1
--> mm | 4
--> mm | 4
--> mm | 4
--> mm | 4
--> nn | 1
SELECT max(id), min(name) FROM c;
--> 9 | c
SELECT DISTINCT id FROM c ORDER BY id LIMIT 2;
--> 1
--> 2
SELECT * FROM c WHERE id IN (SELECT id FROM c1) ORDER BY id, name;
--> 1 | mm
--> 1 | mm
--> 1 | mm
--> 1 | mm
--> 3 | c1
SELECT k, count(*), sum(count(*)) OVER (ORDER BY k) FROM p GROUP BY k ORDER BY k LIMIT 5;
--> 5 | 2 | 2
--> 6 | 1 | 3
--> 7 | 3 | 6
--> 8 | 2 | 8
--> 9 | 1 | 9
SELECT id FROM p ORDER BY id DESC LIMIT 3;
--> 3000
--> 2083
--> 2081
SELECT id FROM p ORDER BY id FOR UPDATE LIMIT 2;
--> 1
--> 1
BEGIN;
UPDATE p SET v = 'tx';
SAVEPOINT s;
DELETE FROM p;
SELECT count(*) FROM p;
--> 0
ROLLBACK TO s;
SELECT count(*), min(v), max(v) FROM p;
--> 77 | tx | tx
COMMIT;
TRUNCATE c;
SELECT count(*) FROM c3;
--> 0
