-- Attributes of composite types come and go with the values there are. The answers are PostgreSQL's.
CREATE TYPE comp AS (x int, y text);
CREATE DOMAIN dcomp AS comp;
CREATE TYPE outerc AS (a comp, b comp[], n int);
CREATE TABLE h (id int PRIMARY KEY, c comp, cs comp[], d dcomp, o outerc, os outerc[]);
INSERT INTO h VALUES (1, (1,'a'), ARRAY[(2,'b')::comp,NULL], ROW(3,'c'), ROW(ROW(4,'d'),ARRAY[ROW(5,'e')::comp],6), ARRAY[ROW(ROW(7,'f'),NULL,8)::outerc]), (2, NULL, '{}', NULL, NULL, NULL), (3, (NULL,NULL), '[3:4]={"(3,c)","(4,)"}', NULL, NULL, NULL);
CREATE INDEX hc ON h (c);
ALTER TYPE comp ADD ATTRIBUTE z numeric(5,2);
SELECT * FROM h ORDER BY id;
--> 1 | (1,a,) | {"(2,b,)",NULL} | (3,c,) | ("(4,d,)","{""(5,e,)""}",6) | {"(\"(7,f,)\",,8)"}
--> 2 | NULL | {} | NULL | NULL | NULL
--> 3 | (,,) | [3:4]={"(3,c,)","(4,,)"} | NULL | NULL | NULL
INSERT INTO h (id, c) VALUES (4, (9,'q',2.555)) RETURNING c, (c).z;
--> (9,q,2.56) | 2.56
SELECT id FROM h WHERE c = (9,'q',2.56)::comp;
--> 4
SELECT id FROM h WHERE c = (1,'a',NULL)::comp;
--> 1
UPDATE h SET c.z = 7 WHERE id = 1 RETURNING c, cs;
--> (1,a,7.00) | {"(2,b,)",NULL}
UPDATE h SET cs[1].z = 8, o.b[1].z = 9 WHERE id = 1 RETURNING cs, o;
--> {"(2,b,8.00)",NULL} | ("(4,d,)","{""(5,e,9.00)""}",6)
ALTER TYPE comp RENAME ATTRIBUTE y TO yy;
SELECT (c).yy, (cs[1]).yy, (d).z, ((o).a).yy FROM h ORDER BY id;
--> a | b | NULL | d
--> NULL | NULL | NULL | NULL
--> NULL | NULL | NULL | NULL
--> q | NULL | NULL | NULL
ALTER TYPE comp DROP ATTRIBUTE yy, ADD ATTRIBUTE w text;
SELECT * FROM h ORDER BY id;
--> 1 | (1,7.00,) | {"(2,8.00,)",NULL} | (3,,) | ("(4,,)","{""(5,9.00,)""}",6) | {"(\"(7,,)\",,8)"}
--> 2 | NULL | {} | NULL | NULL | NULL
--> 3 | (,,) | [3:4]={"(3,,)","(4,,)"} | NULL | NULL | NULL
--> 4 | (9,2.56,) | NULL | NULL | NULL | NULL
ALTER TYPE outerc DROP ATTRIBUTE b;
SELECT o, os FROM h ORDER BY id;
--> ("(4,,)",6) | {"(\"(7,,)\",8)"}
--> NULL | NULL
--> NULL | NULL
--> NULL | NULL
ALTER TYPE comp ALTER ATTRIBUTE w TYPE int;
--> ERROR 0A000 cannot alter type "comp" because column "h.cs" uses it
BEGIN;
ALTER TYPE comp ADD ATTRIBUTE tx int;
SELECT c FROM h ORDER BY id;
--> (1,7.00,,)
--> NULL
--> (,,,)
--> (9,2.56,,)
ROLLBACK;
SELECT c FROM h ORDER BY id;
--> (1,7.00,)
--> NULL
--> (,,)
--> (9,2.56,)
CREATE VIEW hv AS SELECT id, (c).w FROM h;
-- What views name is kept: refused with 2BP01 in PostgreSQL.
ALTER TYPE comp DROP ATTRIBUTE w;
--> ERROR 0A000 cannot alter type "comp" because view hv uses it
DROP VIEW hv;
ALTER TABLE h ADD COLUMN late comp DEFAULT NULL, ADD COLUMN n int DEFAULT 5;
ALTER TYPE comp ADD ATTRIBUTE last int[];
SELECT id, c, late, n FROM h ORDER BY id;
--> 1 | (1,7.00,,) | NULL | 5
--> 2 | NULL | NULL | 5
--> 3 | (,,,) | NULL | 5
--> 4 | (9,2.56,,) | NULL | 5
CREATE TYPE tcomp AS (x int, y text);
CREATE TABLE oft OF tcomp (PRIMARY KEY (x), y WITH OPTIONS DEFAULT 'dd');
CREATE TABLE oft2 OF tcomp;
INSERT INTO oft (x) VALUES (1) RETURNING *;
--> 1 | dd
ALTER TYPE tcomp ADD ATTRIBUTE z int;
--> ERROR 2BP01 cannot alter type "tcomp" because it is the type of a typed table
ALTER TYPE tcomp ADD ATTRIBUTE z int CASCADE;
ALTER TYPE tcomp RENAME ATTRIBUTE y TO why;
--> ERROR 2BP01 cannot alter type "tcomp" because it is the type of a typed table
ALTER TYPE tcomp RENAME ATTRIBUTE y TO why CASCADE;
ALTER TYPE tcomp ALTER ATTRIBUTE why TYPE varchar(10) CASCADE;
SELECT * FROM oft;
--> 1 | dd | NULL
ALTER TYPE tcomp DROP ATTRIBUTE why CASCADE;
INSERT INTO oft VALUES (2, 3) RETURNING *;
--> 2 | 3
SELECT * FROM oft2;
SELECT relname, reloftype::regtype FROM pg_class WHERE relname LIKE 'oft_' OR relname = 'oft' ORDER BY 1;
--> oft | tcomp
--> oft2 | tcomp
-- What a domain has as its default, and names that are quoted in what is stored.
CREATE TYPE qcomp AS (x int, "y""y" text);
CREATE TABLE q (c qcomp CHECK ((c)."y""y" <> 'no'));
ALTER TYPE qcomp RENAME ATTRIBUTE "y""y" TO y;
--> ERROR 0A000 cannot alter type "qcomp" because an expression of table q uses it
INSERT INTO q VALUES ((1,'yes')) RETURNING c;
--> (1,yes)
CREATE TYPE pcomp AS (x int, y text);
CREATE DOMAIN dpcomp AS pcomp DEFAULT ROW(1, 'a');
CREATE TABLE p (id int, c dpcomp);
ALTER TYPE pcomp ADD ATTRIBUTE z int;
--> ERROR 0A000 cannot alter type "pcomp" because type dpcomp uses it
INSERT INTO p (id) VALUES (1) RETURNING c;
--> (1,a)
