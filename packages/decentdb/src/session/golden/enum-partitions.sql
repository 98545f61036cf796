-- Partitions by values of enums, whose labels come and are renamed. Each answer is PostgreSQL's, but where hashes are of labels.
CREATE TYPE mood AS ENUM ('a','b');
CREATE TABLE en (m mood, n int) PARTITION BY HASH (m);
CREATE TABLE en0 PARTITION OF en FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE en1 PARTITION OF en FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE TABLE el (m mood, n int) PARTITION BY LIST (m);
CREATE TABLE el0 PARTITION OF el FOR VALUES IN ('a');
CREATE TABLE el1 PARTITION OF el FOR VALUES IN ('b');
CREATE TABLE er (m mood, n int) PARTITION BY RANGE (m);
CREATE TABLE er0 PARTITION OF er FOR VALUES FROM ('a') TO ('b');
CREATE TABLE er1 PARTITION OF er FOR VALUES FROM ('b') TO (MAXVALUE);
ALTER TYPE mood ADD VALUE 'c' BEFORE 'b';
ALTER TYPE mood ADD VALUE 'd';
INSERT INTO en VALUES ('a',1),('b',2),('c',3),('d',4);
INSERT INTO er VALUES ('a',1),('b',2),('c',3),('d',4);
INSERT INTO el VALUES ('c',1);
--> ERROR 23514 no partition of relation "el" found for row
CREATE TABLE el2 PARTITION OF el FOR VALUES IN ('c', 'd');
INSERT INTO el VALUES ('a',1),('b',2),('c',3),('d',4);
SELECT * FROM en WHERE m = 'c';
--> c | 3
SELECT * FROM en WHERE m IN ('a', 'd') ORDER BY n;
--> a | 1
--> d | 4
SELECT tableoid::regclass, * FROM el ORDER BY n;
--> el0 | a | 1
--> el1 | b | 2
--> el2 | c | 3
--> el2 | d | 4
SELECT tableoid::regclass, * FROM er ORDER BY n;
--> er0 | a | 1
--> er1 | b | 2
--> er0 | c | 3
--> er1 | d | 4
UPDATE en SET m = 'b' WHERE m <> 'a' RETURNING *;
--> b | 2
--> b | 3
--> b | 4
CREATE TYPE mode AS ENUM ('a','b');
CREATE TABLE eo (m mode, n int) PARTITION BY LIST (m);
CREATE TABLE eo0 PARTITION OF eo FOR VALUES IN ('a');
CREATE TABLE eo1 PARTITION OF eo FOR VALUES IN ('b');
ALTER TYPE mode RENAME VALUE 'a' TO 'z';
INSERT INTO eo VALUES ('z', 1), ('b', 2);
SELECT tableoid::regclass, * FROM eo WHERE m = 'z';
--> eo0 | z | 1
SELECT tableoid::regclass, * FROM eo WHERE m = 'b';
--> eo1 | b | 2
SELECT pg_get_expr(relpartbound, oid) FROM pg_class WHERE relname = 'eo0';
--> FOR VALUES IN ('z')
CREATE TABLE eo3 PARTITION OF eo FOR VALUES IN ('z');
--> ERROR 42P17 partition "eo3" would overlap partition "eo0"
ALTER TABLE eo DETACH PARTITION eo0;
DROP TABLE eo;
-- PostgreSQL hashes numbers of its own, which stay.
ALTER TYPE mood RENAME VALUE 'a' TO 'y';
--> ERROR 0A000 renaming values of "mood", by which "en" is partitioned by hash, is not supported
