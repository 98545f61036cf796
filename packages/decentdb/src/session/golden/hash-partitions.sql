-- PARTITION BY HASH: which partition a row belongs to is PostgreSQL's answer. Each answer is PostgreSQL's.
CREATE TABLE h (a int, b text, c numeric) PARTITION BY HASH (a, b);
CREATE TABLE h0 PARTITION OF h FOR VALUES WITH (MODULUS 3, REMAINDER 0);
CREATE TABLE h1 PARTITION OF h FOR VALUES WITH (MODULUS 6, REMAINDER 1);
CREATE TABLE h2 PARTITION OF h FOR VALUES WITH (MODULUS 6, REMAINDER 4) PARTITION BY LIST (c);
CREATE TABLE h2a PARTITION OF h2 FOR VALUES IN (1.0, 2);
CREATE TABLE h2x PARTITION OF h2 FOR VALUES IN (1.00);
--> ERROR 42P17 partition "h2x" would overlap partition "h2a"
CREATE TABLE h2b PARTITION OF h2 DEFAULT;
CREATE TABLE h3 PARTITION OF h FOR VALUES WITH (MODULUS 12, REMAINDER 2);
CREATE TABLE h4 PARTITION OF h FOR VALUES WITH (MODULUS 12, REMAINDER 5);
CREATE TABLE h5 PARTITION OF h FOR VALUES WITH (MODULUS 12, REMAINDER 8);
CREATE TABLE hx PARTITION OF h FOR VALUES WITH (MODULUS 12, REMAINDER 10);
--> ERROR 42P17 partition "hx" would overlap partition "h2"
CREATE TABLE hx PARTITION OF h FOR VALUES WITH (MODULUS 3, REMAINDER 2);
--> ERROR 42P17 partition "hx" would overlap partition "h3"
CREATE TABLE hx PARTITION OF h FOR VALUES WITH (MODULUS 4, REMAINDER 2);
--> ERROR 42P17 every hash partition modulus must be a factor of the next larger modulus
CREATE TABLE hx PARTITION OF h FOR VALUES WITH (MODULUS 18, REMAINDER 2);
--> ERROR 42P17 every hash partition modulus must be a factor of the next larger modulus
CREATE TABLE hx PARTITION OF h FOR VALUES WITH (MODULUS 24, REMAINDER 23);
CREATE TABLE hy PARTITION OF h DEFAULT;
--> ERROR 42P16 a hash-partitioned table may not have a default partition
CREATE TABLE hy PARTITION OF h FOR VALUES IN (1);
--> ERROR 42P16 invalid bound specification for a hash partition
CREATE TABLE hy PARTITION OF h FOR VALUES WITH (MODULUS 0, REMAINDER 0);
--> ERROR 42P16 modulus for hash partition must be an integer value greater than zero
CREATE TABLE hy PARTITION OF h FOR VALUES WITH (MODULUS 3, REMAINDER 3);
--> ERROR 42P16 remainder for hash partition must be less than modulus
INSERT INTO h SELECT i, i::text, i % 4 FROM generate_series(1, 3) i;
--> ERROR 23514 no partition of relation "h" found for row
INSERT INTO h SELECT i, i::text, i % 4 FROM generate_series(1, 30) i;
--> ERROR 23514 no partition of relation "h" found for row
CREATE TABLE hz PARTITION OF h FOR VALUES WITH (MODULUS 24, REMAINDER 11);
INSERT INTO h SELECT i, i::text, i % 4 FROM generate_series(1, 100) i;
INSERT INTO h SELECT NULL, i::text, i % 4 FROM generate_series(1, 10) i;
INSERT INTO h SELECT i, NULL, i % 4 FROM generate_series(1, 10) i;
INSERT INTO h VALUES (NULL, NULL, NULL);
SELECT tableoid::regclass, count(*), sum(a) FROM h GROUP BY 1 ORDER BY 1;
--> h0 | 45 | 1717
--> h1 | 22 | 964
--> h2a | 11 | 624
--> h2b | 8 | 323
--> h3 | 9 | 391
--> h4 | 12 | 339
--> h5 | 9 | 484
--> hx | 4 | 260
--> hz | 1 | 3
SELECT tableoid::regclass, * FROM h WHERE a = 5 AND b = '5';
--> h1 | 5 | 5 | 1
SELECT tableoid::regclass, * FROM h WHERE a IS NULL AND b IS NULL;
--> h0 | NULL | NULL | NULL
SELECT tableoid::regclass, * FROM h WHERE a IN (5, 6, 7) AND b IN ('6', '7') ORDER BY a;
--> h4 | 6 | 6 | 2
--> h4 | 7 | 7 | 3
SELECT tableoid::regclass, * FROM h WHERE a = 5 ORDER BY b;
--> h1 | 5 | 5 | 1
--> h4 | 5 | NULL | 1
UPDATE h SET b = b || 'x' WHERE a < 20 RETURNING *;
--> 1 | 1x | 1
--> 4 | 4x | 0
--> 8 | 8x | 0
--> 9 | 9x | 1
--> 10 | 10x | 2
--> 12 | 12x | 0
--> 14 | 14x | 2
--> 19 | 19x | 3
--> 2 | NULL | 2
--> 4 | NULL | 0
--> 6 | NULL | 2
--> 8 | NULL | 0
--> 5 | 5x | 1
--> 16 | 16x | 0
--> 17 | 17x | 1
--> 3 | NULL | 3
--> 7 | NULL | 3
--> 10 | NULL | 2
--> 2 | 2x | 2
--> 13 | 13x | 1
--> 11 | 11x | 3
--> 15 | 15x | 3
--> 6 | 6x | 2
--> 7 | 7x | 3
--> 5 | NULL | 1
--> 9 | NULL | 1
--> 18 | 18x | 2
--> 1 | NULL | 1
--> 3 | 3x | 3
SELECT tableoid::regclass, count(*), sum(a) FROM h GROUP BY 1 ORDER BY 1;
--> h0 | 46 | 1734
--> h1 | 21 | 946
--> h2a | 11 | 628
--> h2b | 11 | 364
--> h3 | 8 | 366
--> h4 | 11 | 328
--> h5 | 8 | 466
--> hx | 4 | 260
--> hz | 1 | 13
INSERT INTO h0 VALUES (1, '1', 1);
INSERT INTO h0 SELECT i, i::text, 0 FROM generate_series(1, 20) i WHERE satisfies_hash_partition('h'::regclass, 3, 0, i, i::text);
UPDATE h0 SET a = a + 1;
--> ERROR 23514 new row for relation "h0" violates partition constraint
SELECT relname, pg_get_expr(relpartbound, oid) FROM pg_class WHERE relname LIKE 'h%' AND relispartition ORDER BY 1;
--> h0 | FOR VALUES WITH (modulus 3, remainder 0)
--> h1 | FOR VALUES WITH (modulus 6, remainder 1)
--> h2 | FOR VALUES WITH (modulus 6, remainder 4)
--> h2a | FOR VALUES IN (1.0, '2')
--> h2b | DEFAULT
--> h3 | FOR VALUES WITH (modulus 12, remainder 2)
--> h4 | FOR VALUES WITH (modulus 12, remainder 5)
--> h5 | FOR VALUES WITH (modulus 12, remainder 8)
--> hx | FOR VALUES WITH (modulus 24, remainder 23)
--> hz | FOR VALUES WITH (modulus 24, remainder 11)
SELECT pg_get_partkeydef('h'::regclass);
--> HASH (a, b)
CREATE TABLE ok (a int, b point) PARTITION BY HASH (b);
--> ERROR 42704 data type point has no default operator class for access method "hash"
CREATE TABLE ok (a int, b json) PARTITION BY HASH (b);
--> ERROR 42704 data type json has no default operator class for access method "hash"
CREATE TABLE ok (a int, b money) PARTITION BY HASH (b);
--> ERROR 42704 data type money has no default operator class for access method "hash"
CREATE TABLE ok (a int, b bit(3)) PARTITION BY HASH (b);
--> ERROR 42704 data type bit has no default operator class for access method "hash"
CREATE TABLE ok (a int, b tsvector) PARTITION BY HASH (b);
--> ERROR 42704 data type tsvector has no default operator class for access method "hash"
CREATE TABLE ok (a int, b xml) PARTITION BY HASH (b);
--> ERROR 42704 data type xml has no default operator class for access method "hash"
CREATE TABLE ok (a int primary key, b text) PARTITION BY HASH (a);
CREATE TABLE ok1 PARTITION OF ok FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE ok2 (LIKE ok INCLUDING ALL);
INSERT INTO ok2 VALUES (1, 'x'), (3, 'y');
ALTER TABLE ok ATTACH PARTITION ok2 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
--> ERROR 23514 partition constraint of relation "ok2" is violated by some row
DELETE FROM ok2 WHERE NOT satisfies_hash_partition('ok'::regclass, 2, 1, a);
ALTER TABLE ok ATTACH PARTITION ok2 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
SELECT tableoid::regclass, * FROM ok;
--> ok2 | 3 | y
INSERT INTO ok VALUES (2,'z'), (4, 'q') ON CONFLICT DO NOTHING;
INSERT INTO ok VALUES (2,'zz'), (5, 'r') ON CONFLICT (a) DO NOTHING RETURNING *;
--> 5 | r
SELECT tableoid::regclass, * FROM ok ORDER BY a;
--> ok1 | 2 | z
--> ok2 | 3 | y
--> ok2 | 4 | q
--> ok2 | 5 | r
CREATE TYPE mood AS ENUM ('a','b');
CREATE TABLE en (m mood) PARTITION BY HASH (m);
CREATE TABLE en0 PARTITION OF en FOR VALUES WITH (MODULUS 1, REMAINDER 0);
INSERT INTO en VALUES ('a'),('b');
SELECT * FROM en WHERE m = 'a';
--> a
ALTER TABLE h DETACH PARTITION h0;
INSERT INTO h SELECT i, i::text, i % 4 FROM generate_series(1, 30) i;
--> ERROR 23514 no partition of relation "h" found for row
SELECT satisfies_hash_partition('h'::regclass, 3, 0, NULL::int, NULL::text);
--> t
SELECT satisfies_hash_partition('h'::regclass, 3, 4, NULL::int, NULL::text);
--> ERROR 22023 remainder for hash partition must be less than modulus
SELECT satisfies_hash_partition('h'::regclass, NULL, 4, NULL::int, NULL::text);
--> f
SELECT hashtext('abc'), hashint4(3), hashtextextended('x', 0);
--> -785388649 | -28094569 | -474845166489675639
DROP TABLE h;
DROP TABLE ok;
SELECT partrelid::regclass, partstrat, partattrs FROM pg_partitioned_table;
--> en | h | 1
