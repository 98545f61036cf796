-- Set-returning functions in VALUES and under DISTINCT ON; rows of unlike shapes; types that have no order inside of rows.
CREATE TABLE few (id int, a text, b text);
INSERT INTO few VALUES (1, 'a', 'foo'), (2, 'a', 'bar'), (3, 'b', 'bar');
INSERT INTO few VALUES (4, generate_series(1, 2)::text);
INSERT INTO few VALUES (generate_series(5, 6)) RETURNING *;
--> 5 | NULL | NULL
--> 6 | NULL | NULL
INSERT INTO few (id, a) VALUES (generate_series(1, generate_series(1, 2)), 'x') RETURNING id;
--> 1
--> 1
--> 2
INSERT INTO few (id, a) VALUES (generate_series(1, 2), 'x'), (1, 'y');
--> ERROR 0A000 set-returning functions are not allowed in VALUES
SELECT DISTINCT ON (a) a, b, generate_series(1, 3) AS g FROM (VALUES (3, 2), (3, 1), (1, 1), (1, 4)) AS t(a, b) ORDER BY a, b DESC;
--> 1 | 4 | 1
--> 1 | 4 | 2
--> 1 | 4 | 3
--> 3 | 2 | 1
--> 3 | 2 | 2
--> 3 | 2 | 3
SELECT count(*) FROM (SELECT DISTINCT ON (a) a, b, generate_series(1, 3) FROM (VALUES (3, 2), (3, 1), (1, 1)) AS t(a, b)) AS s;
--> 2
SELECT DISTINCT ON (g) a, generate_series(1, 3) AS g FROM (VALUES (3, 2)) AS t(a, b);
--> 3 | 1
--> 3 | 2
--> 3 | 3
CREATE TYPE pair AS (a int, b int);
CREATE TYPE labelled AS (a int, b text);
CREATE TYPE single AS (a int);
SELECT ROW(1, 2)::pair < ROW(1, 'abc')::labelled;
--> ERROR 42804 cannot compare dissimilar column types integer and text at record column 2
SELECT ROW(1, 2)::pair < ROW(2, 'abc')::labelled, ROW(1, 2)::pair = ROW(2)::single;
--> t | f
SELECT ROW(1, NULL)::pair <> ROW(1, 'abc')::labelled;
--> ERROR 42804 cannot compare dissimilar column types integer and text at record column 2
SELECT ROW(1, 2)::pair < ROW(1)::single;
--> ERROR 42804 cannot compare record types with different numbers of columns
SELECT x = y FROM (VALUES (ROW(1, 2), ROW(1, 2.0))) AS v(x, y);
--> ERROR 42804 cannot compare dissimilar column types integer and numeric at record column 2
CREATE TYPE placed AS (p point, r float8);
CREATE TABLE c (f placed);
SELECT * FROM c ORDER BY f;
--> ERROR 42883 could not identify an ordering operator for type placed
SELECT DISTINCT f FROM c;
--> ERROR 42883 could not identify an equality operator for type placed
