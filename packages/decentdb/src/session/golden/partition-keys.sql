-- What a partition key stands on, and keys of types whose values are objects. Each answer is PostgreSQL's.
CREATE TYPE mood AS ENUM ('a','b');
CREATE DOMAIN pos AS int CHECK (VALUE > 0);
CREATE FUNCTION last(int) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT $1 % 10';
CREATE TABLE bymood (m mood, v int) PARTITION BY LIST (m);
CREATE TABLE bymood1 PARTITION OF bymood FOR VALUES IN ('a');
CREATE TABLE bypos (p pos, v int) PARTITION BY RANGE (p);
CREATE TABLE bypos1 PARTITION OF bypos FOR VALUES FROM (1) TO (10);
CREATE TABLE bylast (x int, v int) PARTITION BY LIST (last(x));
CREATE TABLE bylast1 PARTITION OF bylast FOR VALUES IN (1);
INSERT INTO bylast VALUES (11, 1);
DROP FUNCTION last(int);
--> ERROR 2BP01 cannot drop function last(integer) because other objects depend on it
ALTER FUNCTION last(int) RENAME TO digit;
INSERT INTO bylast VALUES (21, 2);
INSERT INTO bylast VALUES (22, 2);
--> ERROR 23514 no partition of relation "bylast" found for row
SELECT pg_get_partkeydef('bylast'::regclass);
--> LIST (digit(x))
CREATE SCHEMA other;
ALTER FUNCTION digit(int) SET SCHEMA other;
INSERT INTO bylast VALUES (31, 3);
SELECT * FROM bylast ORDER BY x;
--> 11 | 1
--> 21 | 2
--> 31 | 3
DROP FUNCTION other.digit(int);
--> ERROR 2BP01 cannot drop function other.digit(integer) because other objects depend on it
DROP FUNCTION other.digit(int) CASCADE;
DROP TYPE mood;
--> ERROR 2BP01 cannot drop type mood because other objects depend on it
DROP TYPE mood CASCADE;
DROP DOMAIN pos;
--> ERROR 2BP01 cannot drop type pos because other objects depend on it
DROP DOMAIN pos CASCADE;
SELECT relname FROM pg_class WHERE relname LIKE 'by%';
CREATE TABLE n (v numeric(6,2)) PARTITION BY RANGE (v);
CREATE TABLE n1 PARTITION OF n FOR VALUES FROM (1.5) TO ('NaN');
CREATE TABLE nd PARTITION OF n DEFAULT;
INSERT INTO n VALUES (1.5), (9999), ('NaN'), (1.49), (NULL);
SELECT tableoid::regclass, v FROM n ORDER BY v;
--> nd | 1.49
--> n1 | 1.50
--> n1 | 9999.00
--> nd | NaN
--> nd | NULL
CREATE TABLE i (v interval) PARTITION BY LIST (v);
CREATE TABLE i1 PARTITION OF i FOR VALUES IN ('1 day', '1 hour');
INSERT INTO i VALUES ('24 hours'), ('60 minutes');
INSERT INTO i VALUES ('61 minutes');
--> ERROR 23514 no partition of relation "i" found for row
SELECT tableoid::regclass, v FROM i ORDER BY v;
--> i1 | 01:00:00
--> i1 | 24:00:00
CREATE TABLE o (k int, v int) PARTITION BY RANGE (k);
CREATE TABLE o1 PARTITION OF o FOR VALUES FROM (0) TO (10);
INSERT INTO o VALUES (1, 1), (1, 2);
ALTER TABLE ONLY o ADD UNIQUE (k);
SELECT DISTINCT k FROM o;
--> 1
INSERT INTO o VALUES (1, 7) ON CONFLICT (k) DO NOTHING;
--> ERROR 42P10 there is no unique or exclusion constraint matching the ON CONFLICT specification
