-- Functions under names of aggregates and window functions, with as many arguments: who takes just these types is meant, and what was
-- stored keeps its meaning. The answers are PostgreSQL's.
CREATE TABLE t (a text, n int);
INSERT INTO t VALUES ('x', 1), ('y', 2);
CREATE VIEW before AS SELECT count(a) AS c FROM t;
CREATE FUNCTION count(text) RETURNS text LANGUAGE sql AS 'SELECT ''mine '' || $1';
CREATE FUNCTION max(int4range) RETURNS text LANGUAGE sql AS 'SELECT ''maxed''';
CREATE FUNCTION rank(int) RETURNS int LANGUAGE sql AS 'SELECT $1 * 2';
CREATE FUNCTION sum(int) RETURNS int LANGUAGE sql AS 'SELECT -1';
CREATE FUNCTION min(numeric) RETURNS numeric LANGUAGE sql AS 'SELECT -2.0';
SELECT count('a'::text), public.count('b'::text), count(1) FROM t;
--> mine a | mine b | 2
SELECT count(a) FROM t ORDER BY 1;
--> mine x
--> mine y
SELECT count('c'), count(a::varchar) FROM t ORDER BY 2;
--> mine c | mine x
--> mine c | mine y
SELECT pg_catalog.count(a), pg_catalog.sum(n) FROM t;
--> 2 | 3
SELECT sum(n) FROM t;
--> 3
SELECT public.sum(n) FROM t;
--> -1
--> -1
SELECT min(n), min(n::numeric) FROM t;
--> 1 | 1
SELECT max(int4range(1, 2)), rank(4);
--> maxed | 8
SELECT max(n), rank() OVER (ORDER BY max(n)) FROM t;
--> 2 | 1
SELECT rank(2) WITHIN GROUP (ORDER BY n) FROM t;
--> 2
SELECT count(max(a)) FROM t;
--> mine y
CREATE VIEW after AS SELECT count(a) AS own, count(n) OVER () AS agg FROM t;
SELECT * FROM before;
--> 2
SELECT * FROM after ORDER BY 1;
--> mine x | 2
--> mine y | 2
SELECT (SELECT count(t.a)) FROM t;
--> mine x
--> mine y
DROP FUNCTION count(text);
--> ERROR 2BP01 cannot drop function count(text) because other objects depend on it
DROP FUNCTION count(text) CASCADE;
SELECT count(a) FROM t;
--> 2
