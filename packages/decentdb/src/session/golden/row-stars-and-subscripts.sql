-- (row).* in stored queries, subscripts of jsonb, literals with a minus, rows that group

CREATE TABLE t (a int, b int, h jsonb);

INSERT INTO t VALUES (1, 2, '{"a": [1, {"b": 2}]}'), (-2147483648, 3, '[[5, 6]]'), (NULL, NULL, NULL);

CREATE TYPE comp AS (x int, y text);

CREATE FUNCTION f(int) RETURNS comp LANGUAGE sql AS 'SELECT $1, ''q''';

CREATE VIEW stars AS SELECT a, (f(a)).*, 1 AS one, (row(b, 'r')::comp).* FROM t;
--> ERROR 42701 column "x" specified more than once

CREATE VIEW stars AS SELECT a, (f(a)).*, 1 AS one FROM t;

SELECT * FROM stars;
--> 1 | 1 | q | 1
--> -2147483648 | -2147483648 | q | 1
--> NULL | NULL | q | 1

CREATE VIEW records AS SELECT row(1, 2) AS r;
--> ERROR 42P16 column "r" has pseudo-type record

SELECT h['a'], h['a'][0], h['a'][1]['b'], h['a']['0'], h[0][1], h[-1][0], h[NULL] FROM t;
--> [1, {"b": 2}] | 1 | 2 | 1 | NULL | NULL | NULL
--> NULL | NULL | NULL | NULL | 6 | 5 | NULL
--> NULL | NULL | NULL | NULL | NULL | NULL | NULL

SELECT h[1::bigint] FROM t;
--> ERROR 42804 subscript type bigint is not supported

SELECT pg_typeof(-2147483648), pg_typeof(-2147483649), pg_typeof(-9223372036854775808), pg_typeof(-9223372036854775809);
--> integer | bigint | bigint | numeric

SELECT a = -2147483648 AS least FROM t;
--> f
--> t
--> NULL

CREATE VIEW sets AS SELECT a, b, count(*) FROM t GROUP BY GROUPING SETS ((a, b), a, ());

SELECT pg_get_viewdef('sets') LIKE '%GROUPING SETS ((a, b), (a), ())%';
--> t

SELECT json_objectagg(k: v ABSENT ON NULL) FROM (VALUES (NULL::text, NULL::int)) AS q(k, v);
--> ERROR 22004 null value not allowed for object key

SELECT concat();
--> ERROR 42883 function concat() does not exist

SELECT num_nulls();
--> ERROR 42883 function num_nulls() does not exist

SELECT concat(NULL), concat_ws(',', VARIADIC ARRAY['a', NULL, 'b']), format('x'), json_build_object();
-->  | a,b | x | {}


-- A row as a column of a view is shown with its type: a star alone would be all columns.
CREATE TABLE wide (id int, v text);
CREATE VIEW whole_rows AS SELECT wide, wide AS again, id FROM wide;
SELECT replace(pg_get_viewdef('whole_rows'), E'\n', '');
-->  SELECT wide.*::wide AS wide,    wide.*::wide AS again,    id   FROM wide;

-- Within a subquery it goes by the name its entry got there.
CREATE VIEW inner_rows AS SELECT (SELECT count(wide) FROM wide) AS n FROM wide;
SELECT pg_get_viewdef('inner_rows') LIKE '%count(wide_1.*)%FROM wide wide_1%';
--> t
