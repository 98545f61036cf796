-- Tables in parts: bounds, routing, what partitions have because their table has it. Each answer is PostgreSQL's.
CREATE TABLE p (id int NOT NULL, at date NOT NULL, v text DEFAULT 'd') PARTITION BY RANGE (at);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
CREATE TABLE p2 (v text, at date NOT NULL, id int NOT NULL);
ALTER TABLE p ATTACH PARTITION p2 FOR VALUES FROM ('2024-02-01') TO (MAXVALUE);
INSERT INTO p VALUES (1,'2024-01-05','a'),(2,'2024-02-05','b'),(3,'2024-01-06',NULL) RETURNING *;
--> 1 | 2024-01-05 | a
--> 2 | 2024-02-05 | b
--> 3 | 2024-01-06 | NULL
INSERT INTO p (id, at) SELECT i, '2024-01-01'::date + i FROM generate_series(4,60) i;
SELECT tableoid::regclass, count(*), min(id), max(at) FROM p GROUP BY 1 ORDER BY 1;
--> p1 | 29 | 1 | 2024-01-31
--> p2 | 31 | 2 | 2024-03-01
SELECT * FROM p WHERE at = '2024-02-05' ORDER BY id;
--> 2 | 2024-02-05 | b
--> 35 | 2024-02-05 | d
INSERT INTO p VALUES (9,'2023-01-05','a');
--> ERROR 23514 no partition of relation "p" found for row
INSERT INTO p1 VALUES (9,'2023-01-05','a');
--> ERROR 23514 new row for relation "p1" violates partition constraint
INSERT INTO p1 VALUES (9,'2024-01-31','a') RETURNING *;
--> 9 | 2024-01-31 | a
SELECT * FROM ONLY p;
SELECT p FROM p ORDER BY id LIMIT 2;
--> (1,2024-01-05,a)
--> (2,2024-02-05,b)
ALTER TABLE p ADD PRIMARY KEY (id, at);
ALTER TABLE p ADD PRIMARY KEY (id);
--> ERROR 42P16 multiple primary keys for table "p" are not allowed
INSERT INTO p VALUES (1,'2024-01-05','a');
--> ERROR 23505 duplicate key value violates unique constraint "p1_pkey"
INSERT INTO p VALUES (1,'2024-01-05','a') ON CONFLICT DO NOTHING;
INSERT INTO p VALUES (1,'2024-01-05','a') ON CONFLICT (id, at) DO NOTHING;
CREATE TABLE px PARTITION OF p FOR VALUES FROM ('2024-01-15') TO ('2025-02-01');
--> ERROR 42P17 partition "px" would overlap partition "p1"
CREATE TABLE px PARTITION OF p FOR VALUES FROM ('2024-01-15') TO ('2024-01-01');
--> ERROR 42P17 empty range bound specified for partition "px"
CREATE TABLE pd PARTITION OF p DEFAULT;
INSERT INTO p VALUES (9,'2023-01-05','a');
CREATE TABLE px PARTITION OF p FOR VALUES FROM ('2023-01-01') TO ('2023-02-01');
--> ERROR 23514 updated partition constraint for default partition "pd" would be violated by some row
CREATE TABLE px PARTITION OF p FOR VALUES IN (1);
--> ERROR 42P16 invalid bound specification for a range partition
SELECT count(*) FROM p;
--> 62
CREATE TABLE c (id int PRIMARY KEY, name text NOT NULL, CHECK (id > 0));
CREATE TABLE cc (pop int) INHERITS (c);
INSERT INTO c VALUES (1,'x'),(2,'y');
INSERT INTO cc VALUES (2,'z',5);
INSERT INTO cc VALUES (-2,'z',5);
--> ERROR 23514 new row for relation "cc" violates check constraint "c_id_check"
INSERT INTO cc VALUES (2,null,5);
--> ERROR 23502 null value in column "name" of relation "cc" violates not-null constraint
SELECT *, tableoid::regclass FROM c ORDER BY id, name;
--> 1 | x | c
--> 2 | y | c
--> 2 | z | cc
SELECT * FROM ONLY c ORDER BY id;
--> 1 | x
--> 2 | y
ALTER TABLE c ADD COLUMN k int DEFAULT 7;
SELECT * FROM cc;
--> 2 | z | 5 | 7
SELECT * FROM c ORDER BY 1,2;
--> 1 | x | 7
--> 2 | y | 7
--> 2 | z | 7
ALTER TABLE cc DROP COLUMN k;
--> ERROR 42P16 cannot drop inherited column "k"
ALTER TABLE c DROP COLUMN k;
SELECT * FROM cc;
--> 2 | z | 5
DROP TABLE c;
--> ERROR 2BP01 cannot drop table c because other objects depend on it
DROP TABLE c CASCADE;
CREATE TABLE l (a text, b int) PARTITION BY LIST (a);
CREATE TABLE l1 PARTITION OF l FOR VALUES IN ('x','y');
CREATE TABLE ln PARTITION OF l FOR VALUES IN (NULL) PARTITION BY RANGE (b);
CREATE TABLE ln1 PARTITION OF ln FOR VALUES FROM (MINVALUE) TO (10);
INSERT INTO l VALUES ('x',1),(NULL,5),('y',2) RETURNING *;
--> x | 1
--> NULL | 5
--> y | 2
INSERT INTO l VALUES (NULL,50);
--> ERROR 23514 no partition of relation "ln" found for row
INSERT INTO l VALUES ('q',50);
--> ERROR 23514 no partition of relation "l" found for row
SELECT tableoid::regclass, * FROM l ORDER BY 3;
--> l1 | x | 1
--> l1 | y | 2
--> ln1 | NULL | 5
TRUNCATE l;
SELECT count(*) FROM l;
--> 0
ALTER TABLE l DETACH PARTITION ln;
SELECT * FROM l;
DROP TABLE l;
DROP TABLE ln;
DROP TABLE p;
