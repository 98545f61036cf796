-- Expressions that are written twice are one: in GROUP BY, DISTINCT and ORDER BY.
CREATE DOMAIN price AS numeric(6,1) CHECK (VALUE < 1000);
CREATE TYPE pair AS (p int, q varchar(3));
CREATE TABLE t (id int, a int, c text, d numeric(9,2), v varchar(5), l timestamp, n int[], j jsonb, y pair, f boolean);
INSERT INTO t VALUES (1, 1, 'ab', 1.25, 'abc', '2024-01-01 10:00:00.126', '{1,2}', '{"a": 1}', '(1,x)', true), (2, 2, 'b', 2.5, 'b', NULL, '{}', '{}', NULL, false), (3, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL);

-- Casts to a length or precision.
SELECT c::char(4), d::numeric(5,1), max(a) FROM t GROUP BY c::char(4), d::numeric(5,1) ORDER BY 3;
--> ab   | 1.3 | 1
--> b    | 2.5 | 2
--> NULL | NULL | NULL
SELECT DISTINCT c::varchar(5)::char(4) FROM t ORDER BY c::varchar(5)::char(4);
--> ab  
--> b   
--> NULL
SELECT c::varchar(5)::char(4), count(*) FROM t GROUP BY c::varchar(5) ORDER BY 1;
--> ab   | 1
--> b    | 1
--> NULL | 1
SELECT DISTINCT ON (a::numeric(5,2)) a::numeric(5,2), id FROM t ORDER BY a::numeric(5,2), id;
--> 1.00 | 1
--> 2.00 | 2
--> NULL | 3
SELECT grouping(c::varchar(1)), c::varchar(1), count(*) FROM t GROUP BY ROLLUP (c::varchar(1)) ORDER BY 1, 2;
--> 0 | a | 1
--> 0 | b | 1
--> 0 | NULL | 1
--> 1 | NULL | 3
SELECT string_agg(DISTINCT c::varchar(1), ',' ORDER BY c::varchar(1)) FROM t;
--> a,b
SELECT l::timestamp(2), a::bit(3), n::numeric(3,1)[] FROM t GROUP BY l::timestamp(2), a::bit(3), n::numeric(3,1)[] ORDER BY 2;
--> 2024-01-01 10:00:00.13 | 001 | {1.0,2.0}
--> NULL | 010 | {}
--> NULL | NULL | NULL
SELECT c::varchar(3) FROM t GROUP BY c::varchar(5);
--> ERROR 42803 column "t.c" must appear in the GROUP BY clause or be used in an aggregate function
SELECT a::numeric(5,2) FROM t GROUP BY a::numeric(5,1);
--> ERROR 42803 column "t.a" must appear in the GROUP BY clause or be used in an aggregate function

-- Domains, JSON, rows, variadic calls.
SELECT a::price, count(*) FROM t GROUP BY a::price ORDER BY 1;
--> 1.0 | 1
--> 2.0 | 1
--> NULL | 1
SELECT c IS JSON, JSON_VALUE(j, '$.a' RETURNING int), count(*) FROM t GROUP BY c IS JSON, JSON_VALUE(j, '$.a' RETURNING int) ORDER BY 1, 2;
--> f | 1 | 1
--> f | NULL | 1
--> NULL | NULL | 1
SELECT JSON_VALUE(j, '$.a' RETURNING int) FROM t GROUP BY JSON_VALUE(j, '$.a' RETURNING int ERROR ON ERROR);
--> ERROR 42803 column "t.j" must appear in the GROUP BY clause or be used in an aggregate function
SELECT JSON_OBJECT('a': a)::text, JSON_ARRAY(a, c)::text FROM t GROUP BY JSON_OBJECT('a': a)::text, JSON_ARRAY(a, c)::text ORDER BY 1;
--> {"a" : 1} | [1, "ab"]
--> {"a" : 2} | [2, "b"]
--> {"a" : null} | []
SELECT ROW(a, c), ROW(a, c)::text, ROW(a, f) IS NULL FROM t GROUP BY ROW(a, c), ROW(a, c)::text, ROW(a, f) IS NULL ORDER BY 1;
--> (1,ab) | (1,ab) | f
--> (2,b) | (2,b) | f
--> (,) | (,) | t
SELECT y = ROW(1, 'x'::varchar), count(*) FROM t GROUP BY y = ROW(1, 'x'::varchar) ORDER BY 1;
--> t | 1
--> NULL | 2
SELECT concat_ws(',', VARIADIC n), count(*) FROM t GROUP BY concat_ws(',', VARIADIC n) ORDER BY 1;
-->  | 1
--> 1,2 | 1
--> NULL | 1
SELECT DISTINCT ON (x::text) x.a FROM (SELECT a, f FROM t) x ORDER BY x::text DESC, 1;
--> 2
--> 1
--> NULL
SELECT DISTINCT ON (row_to_json(x)::text) x.a FROM (SELECT a, f FROM t) x ORDER BY row_to_json(x)::text DESC, 1;
--> NULL
--> 2
--> 1
SELECT DISTINCT ON (unnest(n)) id FROM t ORDER BY unnest(n), id;
--> 1
--> 1
CREATE INDEX t_precise ON t ((a::numeric(5,1)));
SELECT id FROM t WHERE a::numeric(5,1) = 2.0;
--> 2

-- What a subquery may name of the groups around it: columns and whole rows.
SELECT a + 1, (SELECT t.a + 1) FROM t GROUP BY a + 1;
--> ERROR 42803 subquery uses ungrouped column "t.a" from outer query
SELECT (SELECT grouping(a + 1)) FROM t GROUP BY ROLLUP (a + 1);
--> ERROR 42803 arguments to GROUPING must be grouping expressions of the associated query level
SELECT (SELECT id) FROM t FULL JOIN (VALUES (4)) w (id) USING (id) GROUP BY id;
--> ERROR 42803 subquery uses ungrouped column "t.id" from outer query
SELECT (SELECT t.a) FROM t GROUP BY t ORDER BY 1;
--> ERROR 42803 subquery uses ungrouped column "t.a" from outer query
SELECT (SELECT t) FROM (SELECT id, a FROM t) t GROUP BY t ORDER BY 1;
--> (1,1)
--> (2,2)
--> (3,)
SELECT (SELECT a + 1), (SELECT grouping(a)) FROM t GROUP BY ROLLUP (a) ORDER BY 2, 1;
--> 2 | 0
--> 3 | 0
--> NULL | 0
--> NULL | 1

-- What EXISTS does not compute is named all the same.
SELECT a FROM t GROUP BY a HAVING EXISTS (SELECT t.f FROM t u);
--> ERROR 42803 subquery uses ungrouped column "t.f" from outer query
SELECT EXISTS (SELECT t.a FROM t u), sum(id) FROM t;
--> ERROR 42803 subquery uses ungrouped column "t.a" from outer query
SELECT (SELECT count(t.id) FILTER (WHERE EXISTS (SELECT y.a FROM t z)) FROM t y) FROM t ORDER BY 1;
--> 3
--> 3
--> 3
SELECT (SELECT count(t.id) FILTER (WHERE EXISTS (SELECT DISTINCT y.a FROM t z ORDER BY 1 LIMIT 1)) FROM t y) FROM t ORDER BY 1;
--> 3
--> 3
--> 3
SELECT EXISTS (SELECT u.a / 0 FROM t u ORDER BY u.a / 0), EXISTS (SELECT u.a FROM t u ORDER BY u.id / 0), EXISTS (SELECT DISTINCT u.a / 0 FROM t u WHERE false ORDER BY 1);
--> t | t | f

-- Lengths and precisions of what two of them are brought together in.
CREATE TABLE w (id int, c text, d numeric(5,1), v varchar, k char(4));
CREATE VIEW brought AS SELECT d, v, CASE WHEN w.id > 0 THEN k END AS k, CASE WHEN w.id > 0 THEN k ELSE k END AS k2, CASE WHEN w.id = 1 THEN t.v ELSE 'x' END AS x FROM t JOIN w USING (d, v);
SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'brought'::regclass ORDER BY attnum;
--> d | numeric
--> v | character varying
--> k | bpchar
--> k2 | character(4)
--> x | character varying
