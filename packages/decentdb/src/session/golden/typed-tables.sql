-- CREATE TABLE OF and ALTER TABLE OF / NOT OF; each answer is PostgreSQL's.
CREATE TYPE pt AS (x int, y text, z numeric(6,2));
CREATE TABLE tt OF pt;
CREATE TABLE tt2 OF pt (PRIMARY KEY (x), y WITH OPTIONS DEFAULT 'q' NOT NULL, z CHECK (z > 0), CONSTRAINT u UNIQUE (y, z));
CREATE TABLE IF NOT EXISTS tt OF pt;
INSERT INTO tt2(x) VALUES (1);
INSERT INTO tt VALUES (1, 'a', 1.239);
SELECT * FROM tt2;
--> 1 | q | NULL
SELECT * FROM tt;
--> 1 | a | 1.24
INSERT INTO tt2(x) VALUES (1);
--> ERROR 23505 duplicate key value violates unique constraint "tt2_pkey"
INSERT INTO tt2(x, z) VALUES (2, -1);
--> ERROR 23514 new row for relation "tt2" violates check constraint "tt2_z_check"
SELECT pg_typeof(tt), tt FROM tt;
--> tt | (1,a,1.24)
ALTER TABLE tt2 ADD COLUMN w int;
--> ERROR 42809 cannot add column to typed table
ALTER TABLE tt2 DROP COLUMN y;
--> ERROR 42809 cannot drop column from typed table
ALTER TABLE tt2 RENAME COLUMN y TO yy;
--> ERROR 42809 cannot rename column of typed table
ALTER TABLE tt2 ALTER COLUMN y TYPE varchar;
--> ERROR 42809 cannot alter column type of typed table
ALTER TABLE tt2 ALTER COLUMN y SET DEFAULT 'r';
ALTER TABLE tt2 ADD CONSTRAINT ck CHECK (x > 0);
ALTER TYPE pt ADD ATTRIBUTE w int;
--> ERROR 2BP01 cannot alter type "pt" because it is the type of a typed table
ALTER TYPE pt DROP ATTRIBUTE z;
--> ERROR 2BP01 cannot alter type "pt" because it is the type of a typed table
ALTER TYPE pt RENAME ATTRIBUTE z TO zz;
--> ERROR 2BP01 cannot alter type "pt" because it is the type of a typed table
SELECT relname, reloftype::regtype FROM pg_class WHERE relname IN ('tt','tt2') ORDER BY 1;
--> tt | pt
--> tt2 | pt
SELECT attname, atttypid::regtype, atttypmod, attnotnull FROM pg_attribute WHERE attrelid = 'tt2'::regclass AND attnum > 0 ORDER BY attnum;
--> x | integer | -1 | t
--> y | text | -1 | t
--> z | numeric | 393222 | f
DROP TYPE pt;
--> ERROR 2BP01 cannot drop type pt because other objects depend on it
ALTER TABLE tt2 NOT OF;
ALTER TABLE tt2 NOT OF;
--> ERROR 42809 "tt2" is not a typed table
ALTER TABLE tt2 ADD COLUMN w int;
ALTER TABLE tt2 OF pt;
--> ERROR 42804 table has extra column "w"
ALTER TABLE tt2 DROP COLUMN w;
ALTER TABLE tt2 OF pt;
CREATE TABLE other(x int, y text);
ALTER TABLE other OF pt;
--> ERROR 42804 table is missing column "z"
CREATE TABLE other2(x int, yy text, z numeric(6,2));
ALTER TABLE other2 OF pt;
--> ERROR 42804 table has column "yy" where type requires "y"
CREATE TABLE other3(x int, y varchar, z numeric(6,2));
ALTER TABLE other3 OF pt;
--> ERROR 42804 table "other3" has different type for column "y"
CREATE TABLE bad OF nope;
--> ERROR 42704 type "nope" does not exist
CREATE TABLE bad OF other;
--> ERROR 42809 type other is the row type of another table
CREATE TABLE bad OF pt (w WITH OPTIONS DEFAULT 3);
--> ERROR 42703 column "w" does not exist
CREATE TABLE bad OF pt (x WITH OPTIONS PRIMARY KEY, x WITH OPTIONS NOT NULL);
--> ERROR 42701 column "x" specified more than once
CREATE DOMAIN dd AS int;
CREATE TABLE bad OF dd;
--> ERROR 42809 type dd is not a composite type
CREATE FUNCTION fp(pt) RETURNS int LANGUAGE sql AS 'SELECT $1.x';
DROP TABLE tt;
DROP TYPE pt CASCADE;
SELECT count(*) FROM pg_class WHERE relname = 'tt2';
--> 0
