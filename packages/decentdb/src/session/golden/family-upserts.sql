-- ON CONFLICT over partitioned tables: expressions speak of the table named, keys are those of the partitions. Each answer is PostgreSQL's.
CREATE TABLE p (id int, k int, v text, n int DEFAULT 0, PRIMARY KEY (id, k)) PARTITION BY RANGE (k);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
CREATE TABLE p2 (n int DEFAULT 5, v text, x int, k int NOT NULL, id int NOT NULL);
ALTER TABLE p2 DROP COLUMN x;
ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM (10) TO (20);
CREATE TABLE p3 PARTITION OF p FOR VALUES FROM (20) TO (40) PARTITION BY LIST (id);
CREATE TABLE p3a (v text, id int NOT NULL, n int, k int NOT NULL);
ALTER TABLE p3 ATTACH PARTITION p3a FOR VALUES IN (1, 2, 3);
CREATE TABLE p3d PARTITION OF p3 DEFAULT;
INSERT INTO p SELECT i, i, 'v' || i, i FROM generate_series(1, 39) i;
INSERT INTO p VALUES (1, 1, 'new'), (12, 12, 'new2'), (2, 22, 'ins'), (25, 25, 'new3') ON CONFLICT (id, k) DO UPDATE SET v = EXCLUDED.v || '/' || p.v, n = p.n + 100 RETURNING *;
--> 1 | 1 | new/v1 | 101
--> 12 | 12 | new2/v12 | 112
--> 2 | 22 | ins | 0
--> 25 | 25 | new3/v25 | 125
INSERT INTO p VALUES (2, 22, 'again') ON CONFLICT (id, k) DO UPDATE SET v = EXCLUDED.v || '/' || p.v, n = p.n + 100 RETURNING *, old.v, new.n;
--> 2 | 22 | again/ins | 100 | ins | 100
INSERT INTO p VALUES (2, 22, 'x'), (2, 22, 'y') ON CONFLICT (id, k) DO UPDATE SET v = EXCLUDED.v;
--> ERROR 21000 ON CONFLICT DO UPDATE command cannot affect row a second time
INSERT INTO p VALUES (40, 5, 'x'), (40, 5, 'y') ON CONFLICT (id, k) DO UPDATE SET v = EXCLUDED.v;
--> ERROR 21000 ON CONFLICT DO UPDATE command cannot affect row a second time
INSERT INTO p VALUES (2, 22, 'x') ON CONFLICT (id, k) DO UPDATE SET k = 23 RETURNING *;
--> 2 | 23 | again/ins | 100
INSERT INTO p VALUES (2, 22, 'x') ON CONFLICT (id, k) DO UPDATE SET k = 5;
INSERT INTO p VALUES (2, 23, 'x') ON CONFLICT (id, k) DO UPDATE SET id = 7;
--> ERROR 0A000 invalid ON UPDATE specification
INSERT INTO p VALUES (12, 12, 'w'), (13, 13, 'w'), (1, 1, 'w') ON CONFLICT (id, k) DO UPDATE SET v = 'where' WHERE p.n > 50 RETURNING *;
--> 12 | 12 | where | 112
--> 1 | 1 | where | 101
INSERT INTO p VALUES (12, 12, 'c') ON CONFLICT ON CONSTRAINT p_pkey DO UPDATE SET v = 'con', n = DEFAULT RETURNING *;
--> 12 | 12 | con | 0
INSERT INTO p VALUES (12, 12, 'c') ON CONFLICT (id, k) DO UPDATE SET (v, n) = (SELECT EXCLUDED.v || count(*), max(n) FROM p1) RETURNING *;
--> 12 | 12 | c9 | 101
INSERT INTO p VALUES (12, 12, 'c') ON CONFLICT (id) DO UPDATE SET v = 'q';
--> ERROR 42P10 there is no unique or exclusion constraint matching the ON CONFLICT specification
INSERT INTO p3 VALUES (3, 23, 'p3'), (30, 30, 'p3d') ON CONFLICT (id, k) DO UPDATE SET v = 'p3' RETURNING *;
--> 3 | 23 | p3 | 0
--> 30 | 30 | p3 | 30
INSERT INTO p3 VALUES (30, 30, 'p3d') ON CONFLICT (id, k) DO UPDATE SET v = 'p3+', k = 1;
--> ERROR 0A000 invalid ON UPDATE specification
INSERT INTO p1 VALUES (1, 1, 'p1') ON CONFLICT (id, k) DO UPDATE SET v = 'p1' RETURNING *;
--> 1 | 1 | p1 | 101
INSERT INTO p1 VALUES (1, 1, 'p1') ON CONFLICT (id, k) DO UPDATE SET k = 11;
--> ERROR 0A000 invalid ON UPDATE specification
SELECT tableoid::regclass, * FROM p WHERE v NOT LIKE 'v%' ORDER BY k, id;
--> p1 | 1 | 1 | p1 | 101
--> p2 | 12 | 12 | c9 | 101
--> p3a | 2 | 22 | x | 0
--> p3a | 2 | 23 | again/ins | 100
--> p3a | 3 | 23 | p3 | 0
--> p3d | 25 | 25 | new3/v25 | 125
--> p3d | 30 | 30 | p3 | 30
CREATE VIEW pv AS SELECT k AS kk, id, v FROM p WHERE k < 30;
INSERT INTO pv VALUES (12, 12, 'view') ON CONFLICT (id, kk) DO UPDATE SET v = EXCLUDED.v || pv.kk RETURNING *;
--> 12 | 12 | view12
WITH s AS (INSERT INTO p VALUES (1, 1, 'cte') ON CONFLICT (id, k) DO UPDATE SET v = EXCLUDED.v RETURNING *) SELECT * FROM s;
--> 1 | 1 | cte | 101
CREATE TABLE t (a int PRIMARY KEY, b text) PARTITION BY LIST (a);
CREATE TABLE t1 PARTITION OF t FOR VALUES IN (1,2);
CREATE TABLE t2 PARTITION OF t FOR VALUES IN (3,4);
INSERT INTO t VALUES (1,'a') ON CONFLICT (a) DO UPDATE SET b = 'dup';
INSERT INTO t SELECT i, 'many' FROM generate_series(1,4) i ON CONFLICT (a) DO UPDATE SET b = t.b || EXCLUDED.b;
SELECT tableoid::regclass, * FROM t ORDER BY a;
--> t1 | 1 | amany
--> t1 | 2 | many
--> t2 | 3 | many
--> t2 | 4 | many
INSERT INTO t VALUES (5,'a') ON CONFLICT (a) DO UPDATE SET b = 'dup';
--> ERROR 23514 no partition of relation "t" found for row
INSERT INTO t VALUES (1,'a') ON CONFLICT (a) DO UPDATE SET a = 2;
--> ERROR 23505 duplicate key value violates unique constraint "t1_pkey"
INSERT INTO t VALUES (1,'a') ON CONFLICT (a) DO UPDATE SET a = 3;
--> ERROR 0A000 invalid ON UPDATE specification
BEGIN;
SAVEPOINT s;
INSERT INTO t SELECT i, 'sp' FROM generate_series(1,4) i ON CONFLICT (a) DO UPDATE SET b = EXCLUDED.b;
ROLLBACK TO s;
COMMIT;
SELECT tableoid::regclass, * FROM t ORDER BY a;
--> t1 | 1 | amany
--> t1 | 2 | many
--> t2 | 3 | many
--> t2 | 4 | many
