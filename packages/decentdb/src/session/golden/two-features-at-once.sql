-- What was found by asking for two features at once.
CREATE DOMAIN positive AS int CHECK (VALUE > 0);
CREATE DOMAIN numbers AS int[];
CREATE TABLE t (id int PRIMARY KEY, p positive, small smallint, a numbers, n numeric);
INSERT INTO t VALUES (1, 1, -1, '{1,2}', 1.5), (2, 3, 7, '{3,4}', 2), (3, 4, NULL, NULL, 3.25);

-- The sum of a moving frame has the scale of what is in it.
SELECT x, sum(x) OVER w, avg(x) OVER w FROM (VALUES (1, 1.0), (2, 2), (3, 3.25), (4, 4), (5, 'NaN'), (6, 6.1), (7, 7.0), (8, 8), (9, NULL), (10, 0.00), (11, 5)) v (o, x) WINDOW w AS (ORDER BY o ROWS 1 PRECEDING) ORDER BY o;
--> 1.0 | 1.0 | 1.00000000000000000000
--> 2 | 3.0 | 1.5000000000000000
--> 3.25 | 5.25 | 2.6250000000000000
--> 4 | 7.25 | 3.6250000000000000
--> NaN | NaN | NaN
--> 6.1 | NaN | NaN
--> 7.0 | 13.1 | 6.5500000000000000
--> 8 | 15.0 | 7.5000000000000000
--> NULL | 8 | 8.0000000000000000
--> 0.00 | 0.00 | 0.00000000000000000000
--> 5 | 5.00 | 2.5000000000000000

-- Domains in RANGE frames.
SELECT p, sum(n) OVER (ORDER BY p RANGE BETWEEN 2 PRECEDING AND CURRENT ROW) FROM t ORDER BY p;
--> 1 | 1.5
--> 3 | 3.5
--> 4 | 5.25

-- Arrays of what a cast leaves as it is.
SELECT ARRAY(SELECT small::int FROM t ORDER BY id), ARRAY(SELECT p::int FROM t ORDER BY id), ARRAY(SELECT a::int[] FROM t WHERE id < 3 ORDER BY id), ARRAY(SELECT a FROM t ORDER BY id);
--> {-1,7,NULL} | {1,3,4} | {{1,2},{3,4}} | {"{1,2}","{3,4}",NULL}

-- Moments as keys of objects are written as they are as values.
SELECT jsonb_object_agg(m, 1), json_object_agg(m, 2), json_build_object(m, 3), JSON_OBJECT(m: 4) FROM (SELECT timestamp '2020-01-01 10:00' AS m) t GROUP BY m;
--> {"2020-01-01T10:00:00": 1} | { "2020-01-01T10:00:00" : 2 } | {"2020-01-01T10:00:00" : 3} | {"2020-01-01T10:00:00" : 4}

-- NULLs among arrays and rows do not begin a line.
SELECT replace(json_agg(x)::text, E'\n', '|') FROM (VALUES (NULL), (ARRAY[1]), (NULL), (ARRAY[2])) v (x);
--> [null, | [1], null, | [2]]

-- Of equal values that are written otherwise the last is the extreme.
SELECT max(x), min(x), max(ROW(x)) FROM (VALUES (1.50), (1.5)) v (x);
--> 1.5 | 1.5 | (1.5)
SELECT max(x), min(y) FROM (VALUES (interval '1 mon', 'a '::bpchar), ('30 days', 'a')) v (x, y);
--> 30 days | a 

-- json has no equality, wherever one is asked for.
SELECT count(DISTINCT x) FROM (VALUES (json '1')) v (x);
--> ERROR 42883 could not identify an equality operator for type json
SELECT rank() OVER (PARTITION BY x) FROM (VALUES (json '1')) v (x);
--> ERROR 42883 could not identify an equality operator for type json
SELECT json '1' INTERSECT ALL SELECT json '1';
--> ERROR 42883 could not identify an equality operator for type json
SELECT count(*) FROM (VALUES (json '1')) v (x) GROUP BY ARRAY[x];
--> ERROR 42883 could not identify an equality operator for type json[]
WITH RECURSIVE r AS (SELECT json '1' AS x UNION SELECT x FROM r) SELECT * FROM r;
--> ERROR 42883 could not identify an equality operator for type json
SELECT ARRAY[json '1'] = ARRAY[json '1'];
--> ERROR 42883 could not identify an equality operator for type json
SELECT array_remove(ARRAY[json '1'], NULL);
--> ERROR 42883 could not identify an equality operator for type json
SELECT min(int4range(1, 2));
--> ERROR 42883 function min(int4range) does not exist

-- An address beside a text has its prefix.
SELECT inet '10.0.0.2' || 'x', quote_literal(inet '10.0.0.2'), concat(inet '10.0.0.2');
--> 10.0.0.2/32x | '10.0.0.2/32' | 10.0.0.2

-- Rows against rows of a subquery: each operator, one row too many.
SELECT (1, 10) > ALL (SELECT * FROM (VALUES (2, -100), (3, 0)) v), (1, 10) > ANY (SELECT * FROM (VALUES (2, -100), (3, 0)) v), (1, 10) < ALL (SELECT * FROM (VALUES (2, -100), (3, 0)) v), (3, 0) >= ALL (SELECT * FROM (VALUES (2, 9), (3, 0)) v);
--> f | f | t | t
SELECT id, (id, p) > ANY (SELECT u.id, u.p FROM t u WHERE u.id <= t.id), (id, p) <= ALL (SELECT u.id, 9 FROM t u WHERE u.id >= t.id) FROM t ORDER BY id;
--> 1 | f | t
--> 2 | t | t
--> 3 | t | t
SELECT (date '2020-01-02', 1) > (SELECT timestamp '2020-01-01 10:00', 1), (date '2020-01-02', 1) <= (SELECT timestamp '2020-01-02 00:00', 1);
--> t | t
SELECT (1, 1) = (SELECT id, p FROM t);
--> ERROR 21000 more than one row returned by a subquery used as an expression
SELECT (1, 1) <> (SELECT id, p FROM t WHERE false);
--> NULL
SELECT (1, 10) <> ANY (SELECT * FROM (VALUES (1, 11)) v), (1, 10) <> ALL (SELECT * FROM (VALUES (1, 11), (NULL, 12)) v), (1, NULL) <> ALL (SELECT * FROM (VALUES (1, 11), (2, 12)) v), (1, 10) <> (SELECT 1, 11);
--> t | t | NULL | t
SELECT id FROM t WHERE (id, p) <> ANY (SELECT u.id, u.p + 1 FROM t u WHERE u.id = t.id) ORDER BY id;
--> 1
--> 2
--> 3

-- jsonb_agg over a frame that grows.
SELECT jsonb_agg(id) OVER (ORDER BY id) FROM t ORDER BY id;
--> [1]
--> [1, 2]
--> [1, 2, 3]

-- EXISTS computes no values.
SELECT EXISTS (SELECT 1 / 0), EXISTS (SELECT DISTINCT 1 / 0 LIMIT 1), EXISTS (SELECT 1 / 0 FROM t OFFSET 3), id FROM t WHERE EXISTS (SELECT 1 / (u.id - 1) FROM t u WHERE u.id = t.id) ORDER BY id;
--> t | t | f | 1
--> t | t | f | 2
--> t | t | f | 3

-- A type without a length takes the length off, in a table made of it and in a view.
CREATE TABLE narrow (v numeric(10,2), s varchar(4), c char(3));
CREATE TABLE wide AS SELECT v::numeric, s::varchar, c::bpchar, v::numeric(10,2) AS v2 FROM narrow;
SELECT format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'wide'::regclass AND attnum > 0 ORDER BY attnum;
--> numeric
--> character varying
--> bpchar
--> numeric(10,2)
CREATE VIEW seen AS SELECT v::numeric, v::numeric(10,2) AS v2, s::varchar FROM narrow;
SELECT regexp_replace(pg_get_viewdef('seen'::regclass, true), '\s+', ' ', 'g');
-->  SELECT v::numeric AS v, v AS v2, s::character varying AS s FROM narrow;
WITH RECURSIVE r AS (SELECT v FROM narrow UNION ALL SELECT v + 1 FROM r) SELECT * FROM r;
--> ERROR 42804 recursive query "r" column 1 has type numeric(10,2) in non-recursive term but type numeric overall
SELECT narrow.*::text FROM narrow;

-- A constant that is grouped by is NULL where its set has it not; GROUPING asks the groups around a subquery.
SELECT 'all' AS what, id > 1 AS later, count(*) FROM t GROUP BY ROLLUP (what, later) ORDER BY 1, 2;
--> all | f | 1
--> all | t | 2
--> all | NULL | 3
--> NULL | NULL | 3
SELECT 'all' AS what, 'all' AS other, count(*) FROM t GROUP BY what;
--> all | all | 3
SELECT id, (SELECT grouping(t.id)), EXISTS (SELECT 1 WHERE grouping(t.id) = 1) FROM t GROUP BY ROLLUP (id) ORDER BY 1;
--> 1 | 0 | f
--> 2 | 0 | f
--> 3 | 0 | f
--> NULL | 1 | t
SELECT (SELECT grouping(t.id)) FROM t;
--> ERROR 42803 arguments to GROUPING must be grouping expressions of the associated query level

-- Views are shown with their names: in GROUPING, of whole rows, of casts that change nothing, of rows and of ROWS FROM.
CREATE VIEW shown AS SELECT grouping(r.id, r.p % 2) AS g, to_jsonb(max(r.n)) AS j FROM (SELECT t.* FROM t) r GROUP BY GROUPING SETS ((r.id), (r.p % 2), (r.id, r.p % 2));
SELECT regexp_replace(pg_get_viewdef('shown'::regclass), '\s+', ' ', 'g');
-->  SELECT GROUPING(id, ((p)::integer % 2)) AS g, to_jsonb(max(n)) AS j FROM ( SELECT t.id, t.p, t.small, t.a, t.n FROM t) r GROUP BY GROUPING SETS ((id), (((p)::integer % 2)), (id, ((p)::integer % 2)));
CREATE VIEW shown2 AS SELECT to_jsonb(r) AS j, r.id::int, (r.id, 1) = (SELECT 1, 2) AS e, ROW(1, 2)::text AS w FROM t r, ROWS FROM (generate_series(1, 2), generate_series(3, 4)) AS x (a, b);
SELECT regexp_replace(pg_get_viewdef('shown2'::regclass), '\s+', ' ', 'g');
-->  SELECT to_jsonb(r.*) AS j, r.id, ((r.id, 1) = ( SELECT 1, 2)) AS e, (ROW(1, 2))::text AS w FROM t r, ROWS FROM(generate_series(1, 2), generate_series(3, 4)) x(a, b);

-- EXISTS counts what DISTINCT leaves before OFFSET passes some of it.
SELECT EXISTS (SELECT DISTINCT 1 FROM t OFFSET 1), EXISTS (SELECT DISTINCT 1 FROM t LIMIT 1), EXISTS (SELECT DISTINCT generate_series(1, 2) FROM t OFFSET 2), EXISTS (SELECT DISTINCT p FROM t OFFSET 2);
--> f | t | f | t

-- What an aggregate of the query around takes is no other aggregate or GROUPING of it.
SELECT p, (SELECT sum(GROUPING(t.p)) FROM t u) FROM t GROUP BY ROLLUP (p);
--> ERROR 42803 aggregate function calls cannot be nested
SELECT p, (SELECT sum(sum(t.id)) FROM t u) FROM t GROUP BY p;
--> ERROR 42803 aggregate function calls cannot be nested
SELECT p, (SELECT sum(GROUPING(t.p) + u.id) FROM t u) FROM t GROUP BY ROLLUP (p) ORDER BY 1;
--> 1 | 6
--> 3 | 6
--> 4 | 6
--> NULL | 9

-- Rows between rows are compared field by field.
SELECT id, (id, n) BETWEEN (1, 2) AND (3, 3), (id, n) NOT BETWEEN (SELECT 2, 2) AND (3, NULL), (n, '2020-01-01'::date) BETWEEN SYMMETRIC (3, '2021-01-01') AND ('1.5', '2019-01-01') FROM t ORDER BY id;
--> 1 | f | t | t
--> 2 | t | f | t
--> 3 | f | NULL | f

-- Values of a table without rows are not grouped before a join that has no keys.
CREATE TABLE partners (b int);
INSERT INTO partners SELECT i % 3 FROM generate_series(1, 300) i;
SELECT min(1) FROM ROWS FROM (unnest(array_remove('{2}'::int[], NULL)), generate_series(1, 2)) x RIGHT JOIN generate_series(1, least(0, 4)) y ON nullif(false, true) IS TRUE LEFT JOIN (SELECT max(b) OVER (PARTITION BY b) AS m FROM partners) p ON true GROUP BY m;
