-- Other names and schemas reach every stored text; each answer is PostgreSQL's.
CREATE TYPE mood AS ENUM ('sad','ok');
CREATE DOMAIN pos AS int CHECK (VALUE > 0);
CREATE TABLE t (id int primary key, a int, b text DEFAULT 'ok'::mood::text, c int CHECK (c::pos > 0), d mood);
CREATE INDEX ti ON t ((b::mood));
--> ERROR 42P17 functions in index expression must be marked IMMUTABLE
CREATE VIEW v AS SELECT t.id, t.a, t.b::mood AS m FROM t;
CREATE FUNCTION f(x int) RETURNS int IMMUTABLE RETURN x + 1;
CREATE TABLE u (g int DEFAULT f(2), h int, CHECK (f(h) > 0), k int GENERATED ALWAYS AS (f(h)) STORED);
CREATE INDEX ui ON u (f(h));
CREATE VIEW uv AS SELECT f(h) AS fh FROM u;
CREATE FUNCTION fa() RETURNS bigint RETURN (SELECT count(a) FROM t WHERE d = 'ok'::mood);
CREATE FUNCTION ft() RETURNS bigint LANGUAGE sql AS 'SELECT count(a) FROM t';
ALTER TYPE mood RENAME TO feel;
SELECT translate(pg_get_viewdef('v'::regclass), E'\n', ' ');
-->  SELECT id,     a,     (b)::feel AS m    FROM t;
INSERT INTO t (id, a, c, d) VALUES (1, 1, 1, 'ok');
SELECT * FROM v;
--> 1 | 1 | ok
SELECT column_default FROM information_schema.columns WHERE table_name='t' AND column_name='b';
--> ('ok'::feel)::text
ALTER DOMAIN pos RENAME TO posi;
INSERT INTO t (id, a, c, d) VALUES (2, 1, 1, 'ok');
SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid='t'::regclass AND contype='c';
--> CHECK ((((c)::posi)::integer > 0))
ALTER FUNCTION f RENAME TO f9;
INSERT INTO u (h) VALUES (1);
SELECT * FROM u;
--> 3 | 1 | 2
SELECT * FROM uv;
--> 2
SELECT pg_get_indexdef('ui'::regclass);
--> CREATE INDEX ui ON public.u USING btree (f9(h))
SELECT fa();
--> 2
ALTER TABLE t RENAME COLUMN a TO aa;
SELECT fa();
--> 2
SELECT ft();
--> ERROR 42703 column "a" does not exist
ALTER TABLE t RENAME TO tt;
SELECT fa();
--> 2
SELECT translate(pg_get_viewdef('v'::regclass), E'\n', ' ');
-->  SELECT id,     aa AS a,     (b)::feel AS m    FROM tt;
ALTER TABLE tt RENAME COLUMN d TO dd;
SELECT fa();
--> 2
CREATE SCHEMA s9;
ALTER TYPE feel SET SCHEMA s9;
SELECT * FROM v;
--> 1 | 1 | ok
--> 2 | 1 | ok
INSERT INTO tt (id, aa, c) VALUES (3, 1, 1);
SELECT * FROM tt ORDER BY id;
--> 1 | 1 | ok | 1 | ok
--> 2 | 1 | ok | 1 | ok
--> 3 | 1 | ok | 1 | NULL
ALTER FUNCTION f9 SET SCHEMA s9;
INSERT INTO u (h) VALUES (2);
SELECT * FROM uv;
--> 2
--> 3
ALTER TABLE tt SET SCHEMA s9;
SELECT fa();
--> 2
SELECT * FROM v;
--> 1 | 1 | ok
--> 2 | 1 | ok
--> 3 | 1 | ok
ALTER SCHEMA s9 RENAME TO s10;
SELECT fa();
--> 2
SELECT * FROM v;
--> 1 | 1 | ok
--> 2 | 1 | ok
--> 3 | 1 | ok
INSERT INTO u (h) VALUES (3);
SELECT * FROM uv ORDER BY 1;
--> 2
--> 3
--> 4
INSERT INTO s10.tt (id, aa, c) VALUES (4, 1, 1);
SELECT * FROM s10.tt ORDER BY id;
--> 1 | 1 | ok | 1 | ok
--> 2 | 1 | ok | 1 | ok
--> 3 | 1 | ok | 1 | NULL
--> 4 | 1 | ok | 1 | NULL
CREATE SEQUENCE sq;
CREATE TABLE sqt (a int DEFAULT nextval('sq'), b int DEFAULT nextval('sq') * 2);
CREATE VIEW sqv AS SELECT nextval('sq') AS n;
ALTER SEQUENCE sq RENAME TO sqq;
INSERT INTO sqt DEFAULT VALUES;
SELECT * FROM sqt;
--> 1 | 4
SELECT * FROM sqv;
--> 3
ALTER SEQUENCE sqq SET SCHEMA s10;
INSERT INTO sqt DEFAULT VALUES;
SELECT * FROM sqt;
--> 1 | 4
--> 4 | 10
SELECT * FROM sqv;
--> 6
SELECT column_default FROM information_schema.columns WHERE table_name = 'sqt' ORDER BY ordinal_position;
--> nextval('s10.sqq'::regclass)
--> (nextval('s10.sqq'::regclass) * 2)
CREATE TABLE c (id serial primary key, n int);
ALTER TABLE c RENAME TO cc;
INSERT INTO cc (n) VALUES (1);
ALTER SEQUENCE c_id_seq RENAME TO zz;
INSERT INTO cc (n) VALUES (1);
SELECT * FROM cc;
--> 1 | 1
--> 2 | 1
SELECT pg_get_serial_sequence('cc', 'id');
--> public.zz
CREATE VIEW w1 AS SELECT cc.id, cc.n FROM cc WHERE cc.n > 0;
ALTER TABLE cc RENAME TO ccc;
SELECT translate(pg_get_viewdef('w1'::regclass), E'\n', ' ');
-->  SELECT id,     n    FROM ccc   WHERE (n > 0);
CREATE VIEW w2 AS SELECT a.n FROM ccc a JOIN ccc b ON a.id = b.id;
ALTER TABLE ccc RENAME n TO nn;
SELECT translate(pg_get_viewdef('w2'::regclass), E'\n', ' ');
-->  SELECT a.nn AS n    FROM (ccc a      JOIN ccc b ON ((a.id = b.id)));
ALTER VIEW w1 RENAME COLUMN n TO m;
SELECT * FROM w1;
--> 1 | 1
--> 2 | 1
ALTER VIEW w1 RENAME TO w11;
CREATE VIEW w3 AS SELECT w11.m FROM w11;
ALTER VIEW w11 RENAME TO w12;
SELECT translate(pg_get_viewdef('w3'::regclass), E'\n', ' ');
-->  SELECT m    FROM w12;
SELECT * FROM w3;
--> 1
--> 1
CREATE TABLE ua (a int, b int);
CREATE TABLE ub (a int, c int);
INSERT INTO ua VALUES (1, 2);
INSERT INTO ub VALUES (1, 3);
CREATE VIEW uj AS SELECT * FROM ua JOIN ub USING (a);
ALTER TABLE ua RENAME COLUMN a TO aa;
SELECT * FROM uj;
--> 1 | 2 | 3
SELECT translate(pg_get_viewdef('uj'::regclass), E'\n', ' ');
-->  SELECT ua.a,     ua.b,     ub.c    FROM (ua ua(a, b)      JOIN ub USING (a));
CREATE VIEW up AS SELECT p, q + 1 AS r FROM ua AS x(p, q) WHERE x.p > 0;
ALTER TABLE ua RENAME COLUMN aa TO aaa;
ALTER TABLE ua RENAME COLUMN b TO bb;
SELECT * FROM up;
--> 1 | 3
SELECT * FROM uj;
--> 1 | 2 | 3
CREATE VIEW us AS SELECT * FROM (SELECT ua.aaa FROM ua GROUP BY ua.aaa) AS ua WHERE ua.aaa > 0;
ALTER TABLE ua RENAME TO uu;
SELECT * FROM us;
--> 1
SELECT * FROM up;
--> 1 | 3
ALTER TABLE ub RENAME TO ua;
SELECT * FROM uj;
--> 1 | 2 | 3
CREATE VIEW whole AS SELECT uu AS w, uu.bb FROM uu;
ALTER TABLE uu RENAME TO u3;
SELECT * FROM whole;
--> (1,2) | 2
CREATE FUNCTION keep(n int) RETURNS void BEGIN ATOMIC INSERT INTO u3 (aaa, bb) VALUES (n, n); UPDATE u3 SET bb = bb + 1 WHERE aaa = n; DELETE FROM u3 WHERE u3.aaa = n + 1; END;
ALTER TABLE u3 RENAME COLUMN aaa TO a4;
ALTER TABLE u3 RENAME TO u4;
SELECT keep(5);
--> NULL
SELECT * FROM u4 ORDER BY a4;
--> 1 | 2
--> 5 | 6
