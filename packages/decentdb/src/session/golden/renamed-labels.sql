-- A label that is renamed is renamed in stored texts that write it with its type; each answer is PostgreSQL's.
CREATE TYPE mood AS ENUM ('ok', 'sad');
CREATE TABLE t (a mood DEFAULT 'ok'::mood, d mood DEFAULT 'ok', b text DEFAULT 'ok'::mood::text, c int CHECK ('ok'::mood <> 'sad'::mood OR c > 0));
INSERT INTO t (c) VALUES (1);
CREATE VIEW v AS SELECT c, 'ok'::mood AS m FROM t WHERE a = 'ok'::mood;
CREATE FUNCTION f() RETURNS mood RETURN 'ok'::mood;
ALTER TYPE mood RENAME VALUE 'ok' TO 'it''s fine';
SELECT * FROM v;
--> 1 | it's fine
SELECT f();
--> it's fine
INSERT INTO t (c) VALUES (2);
SELECT * FROM t ORDER BY c;
--> it's fine | it's fine | ok | 1
--> it's fine | it's fine | it's fine | 2
-- Within arrays and rows, in domains, keys of partitions and defaults of parameters.
CREATE TYPE shade AS ENUM ('dim', 'o"k', 'x y');
CREATE TYPE tinted AS (n int, s shade);
CREATE DOMAIN shades AS shade DEFAULT 'x y' CHECK (VALUE = ANY ('{"x y","o\"k"}'));
CREATE TABLE s (n int, one shade DEFAULT 'o"k', many shade[] DEFAULT '{"o\"k","x y"}', t tinted DEFAULT '(1,x y)', d shades);
CREATE INDEX ON s (n) WHERE one = ANY ('{"o\"k","x y"}'::shade[]);
CREATE TABLE split (s shade, n int) PARTITION BY LIST ((CASE WHEN s = 'x y' THEN 1 ELSE 2 END));
CREATE TABLE split_1 PARTITION OF split FOR VALUES IN (1);
CREATE FUNCTION shown(s shade[] DEFAULT '{x y}', t text DEFAULT (ROW(1, 'x y')::tinted)::text) RETURNS text LANGUAGE sql AS 'SELECT s::text || t';
ALTER TYPE shade RENAME VALUE 'o"k' TO 'fine';
ALTER TYPE shade RENAME VALUE 'x y' TO 'xy';
INSERT INTO s (n) VALUES (1) RETURNING *;
--> 1 | fine | {fine,xy} | (1,xy) | xy
SELECT n FROM s WHERE one = 'fine';
--> 1
INSERT INTO s (d) VALUES ('dim');
--> ERROR 23514 value for domain shades violates check constraint "shades_check"
INSERT INTO split VALUES ('xy', 3) RETURNING tableoid::regclass, *;
--> split_1 | xy | 3
SELECT shown();
--> {xy}(1,xy)
