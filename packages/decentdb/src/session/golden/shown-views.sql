-- Queries of views as the catalogues show them (line ends as /); each answer is PostgreSQL's.
CREATE TABLE dept(id int PRIMARY KEY, name text, budget numeric, parent int);
CREATE TABLE emp(id int PRIMARY KEY, name varchar(30), dept_id int, salary numeric, hired date, tags text[]);
CREATE VIEW v1 AS SELECT * FROM emp;
CREATE VIEW v2 AS SELECT id, name AS nm, salary * 2 AS dbl FROM emp WHERE salary > 10 AND name LIKE 'a%' ORDER BY salary DESC, id LIMIT 5 OFFSET 2;
CREATE VIEW v3 AS SELECT e.name, d.name AS dname FROM emp e JOIN dept d ON d.id = e.dept_id WHERE d.budget > 5;
CREATE VIEW v4 AS SELECT d.name, count(*) AS n, sum(e.salary) AS s, avg(salary) FROM dept d LEFT JOIN emp e ON e.dept_id = d.id GROUP BY d.name HAVING count(*) > 1 ORDER BY 2 DESC;
CREATE VIEW v5 AS SELECT e.id, (SELECT d.name FROM dept d WHERE d.id = e.dept_id) AS dn FROM emp e WHERE EXISTS (SELECT 1 FROM dept WHERE dept.id = e.dept_id) AND e.id IN (SELECT parent FROM dept);
CREATE VIEW v6 AS SELECT id FROM emp UNION ALL SELECT id FROM dept UNION SELECT 3 ORDER BY 1;
CREATE VIEW v7 AS WITH w AS (SELECT id, name FROM emp WHERE id > 3), x(a) AS (SELECT 1) SELECT w.id, x.a FROM w, x;
CREATE VIEW v8 AS SELECT DISTINCT ON (dept_id) dept_id, name FROM emp ORDER BY dept_id, salary DESC;
CREATE VIEW v9 AS SELECT name, rank() OVER (PARTITION BY dept_id ORDER BY salary DESC) AS r, sum(salary) OVER w FROM emp WINDOW w AS (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW);
CREATE VIEW v10 AS SELECT CASE WHEN salary > 5 THEN 'hi' WHEN salary IS NULL THEN 'no' ELSE 'lo' END AS lvl, coalesce(name, 'x') AS c, salary::int AS si, now() AS t, 1 AS one, 'a' AS a, NULL AS nn, true AS b FROM emp;
CREATE VIEW v11 AS SELECT s.id, s.total FROM (SELECT id, salary + 1 AS total FROM emp WHERE salary > 0) s WHERE s.total > 4;
CREATE VIEW v12 AS SELECT e.id, t.tag, g.n FROM emp e CROSS JOIN LATERAL unnest(e.tags) t(tag), generate_series(1, 3) g(n);
CREATE VIEW v13 AS VALUES (1, 'a'), (2, 'b');
CREATE VIEW v14 AS SELECT id FROM emp EXCEPT SELECT id FROM dept;
CREATE VIEW v15 AS SELECT e.name, d.name AS d, p.name AS p FROM emp e JOIN dept d ON d.id = e.dept_id LEFT JOIN dept p ON p.id = d.parent AND p.budget > 1;
CREATE VIEW v16 AS SELECT count(*) FILTER (WHERE salary > 1) AS f, string_agg(name, ',' ORDER BY name) AS s, count(DISTINCT dept_id) AS c FROM emp;
CREATE VIEW v17 AS SELECT id, name FROM emp e JOIN (SELECT id AS k FROM dept) d ON d.k = e.id;
CREATE VIEW v18 AS SELECT * FROM emp NATURAL JOIN (SELECT id, parent FROM dept) q;
CREATE VIEW v19 AS SELECT * FROM emp JOIN dept USING (id);
--> ERROR 42701 column "name" specified more than once
CREATE VIEW v20 AS SELECT dept_id, extract(year FROM hired) AS y FROM emp GROUP BY ROLLUP (dept_id, extract(year FROM hired));
CREATE VIEW v21 AS SELECT id FROM emp FOR UPDATE;
CREATE VIEW v22 AS SELECT v3.name FROM v3 WHERE v3.dname = 'x' OR v3.dname IS NULL;
CREATE VIEW v23 AS SELECT ARRAY[1,2] AS a, ARRAY(SELECT id FROM emp) AS b, id = ANY (ARRAY[1,2]) AS c, (SELECT max(id) FROM emp) > 3 AS m FROM emp;
CREATE VIEW v24 AS WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT n FROM t;
CREATE VIEW w1 AS SELECT a.id FROM emp a, emp b WHERE a.id = b.id AND b.name NOT LIKE 'x%' ORDER BY a.name NULLS FIRST, b.id DESC NULLS LAST;
CREATE VIEW w2 AS SELECT upper(name) AS u, length(name), tags[1] AS t1, hired + 1 AS nxt, hired - interval '1 day' AS prv, name || 'x' AS nx FROM emp WHERE hired BETWEEN '2020-01-01' AND current_date;
CREATE VIEW w3 AS SELECT dept_id, array_agg(DISTINCT name ORDER BY name DESC) AS a, percentile_cont(0.5) WITHIN GROUP (ORDER BY salary) AS p FROM emp GROUP BY 1 HAVING max(salary) > 1;
CREATE VIEW w4 AS SELECT e.id, x.* FROM emp e LEFT JOIN LATERAL (SELECT d.name AS dn FROM dept d WHERE d.id = e.dept_id LIMIT 1) x ON true;
CREATE VIEW w5 AS SELECT id FROM emp WHERE id NOT IN (SELECT id FROM dept) AND salary > ALL (SELECT budget FROM dept) AND NOT EXISTS (SELECT * FROM dept WHERE name = 'q');
CREATE VIEW w6 AS (SELECT id FROM emp ORDER BY id LIMIT 1) UNION ALL (SELECT id FROM dept LIMIT 2);
CREATE VIEW w7 AS SELECT id FROM emp INTERSECT SELECT id FROM dept UNION ALL SELECT parent FROM dept ORDER BY id;
CREATE VIEW w8 AS SELECT DISTINCT dept_id, lag(salary, 1, 0::numeric) OVER (PARTITION BY dept_id ORDER BY hired ROWS UNBOUNDED PRECEDING) AS l FROM emp;
CREATE VIEW w9 AS SELECT d.id, d.name, count(e.id) AS n FROM dept d LEFT JOIN emp e ON e.dept_id = d.id GROUP BY d.id;
CREATE VIEW x1 AS SELECT * FROM v3;
CREATE VIEW x2 AS SELECT q.id FROM (VALUES (1, 'a'), (2, 'b')) q(id, nm) WHERE q.nm = 'a';
CREATE VIEW x3 AS SELECT CASE id WHEN 1 THEN 'one' ELSE name END AS c FROM emp WHERE CASE WHEN id > 1 THEN true ELSE false END;
CREATE VIEW x4 AS SELECT id, "name" AS "Na me", salary AS "select" FROM emp AS "E x" WHERE "E x".id > 1;
CREATE VIEW x5 AS SELECT to_char(hired, 'YYYY') AS y, date_trunc('month', hired) AS m, extract(epoch FROM hired) AS e, hired AT TIME ZONE 'UTC' AS z FROM emp;
CREATE VIEW x6(p, q) AS SELECT id, name FROM emp;
CREATE VIEW x7 AS SELECT a.id, b.id AS bid FROM emp a RIGHT JOIN dept b ON a.id = b.id FULL JOIN dept c ON c.id = a.id;
CREATE VIEW x9 AS SELECT id FROM emp ORDER BY id FETCH FIRST 3 ROWS WITH TIES;
SELECT viewname, replace(definition, E'\n', '/') FROM pg_views WHERE schemaname = 'public' ORDER BY 1;
--> v1 |  SELECT id,/    name,/    dept_id,/    salary,/    hired,/    tags/   FROM emp;
--> v10 |  SELECT/        CASE/            WHEN (salary > (5)::numeric) THEN 'hi'::text/            WHEN (salary IS NULL) THEN 'no'::text/            ELSE 'lo'::text/        END AS lvl,/    COALESCE(name, 'x'::character varying) AS c,/    (salary)::integer AS si,/    now() AS t,/    1 AS one,/    'a'::text AS a,/    NULL::text AS nn,/    true AS b/   FROM emp;
--> v11 |  SELECT id,/    total/   FROM ( SELECT emp.id,/            (emp.salary + (1)::numeric) AS total/           FROM emp/          WHERE (emp.salary > (0)::numeric)) s/  WHERE (total > (4)::numeric);
--> v12 |  SELECT e.id,/    t.tag,/    g.n/   FROM (emp e/     CROSS JOIN LATERAL unnest(e.tags) t(tag)),/    generate_series(1, 3) g(n);
--> v13 |  VALUES (1,'a'::text), (2,'b'::text);
--> v14 |  SELECT emp.id/   FROM emp/EXCEPT/ SELECT dept.id/   FROM dept;
--> v15 |  SELECT e.name,/    d.name AS d,/    p.name AS p/   FROM ((emp e/     JOIN dept d ON ((d.id = e.dept_id)))/     LEFT JOIN dept p ON (((p.id = d.parent) AND (p.budget > (1)::numeric))));
--> v16 |  SELECT count(*) FILTER (WHERE (salary > (1)::numeric)) AS f,/    string_agg((name)::text, ','::text ORDER BY (name)::text) AS s,/    count(DISTINCT dept_id) AS c/   FROM emp;
--> v17 |  SELECT e.id,/    e.name/   FROM (emp e/     JOIN ( SELECT dept.id AS k/           FROM dept) d ON ((d.k = e.id)));
--> v18 |  SELECT emp.id,/    emp.name,/    emp.dept_id,/    emp.salary,/    emp.hired,/    emp.tags,/    q.parent/   FROM (emp/     JOIN ( SELECT dept.id,/            dept.parent/           FROM dept) q USING (id));
--> v2 |  SELECT id,/    name AS nm,/    (salary * (2)::numeric) AS dbl/   FROM emp/  WHERE ((salary > (10)::numeric) AND ((name)::text ~~ 'a%'::text))/  ORDER BY salary DESC, id/ OFFSET 2/ LIMIT 5;
--> v20 |  SELECT dept_id,/    EXTRACT(year FROM hired) AS y/   FROM emp/  GROUP BY ROLLUP(dept_id, (EXTRACT(year FROM hired)));
--> v21 |  SELECT id/   FROM emp/ FOR UPDATE OF emp;
--> v22 |  SELECT name/   FROM v3/  WHERE ((dname = 'x'::text) OR (dname IS NULL));
--> v23 |  SELECT ARRAY[1, 2] AS a,/    ARRAY( SELECT emp_1.id/           FROM emp emp_1) AS b,/    (id = ANY (ARRAY[1, 2])) AS c,/    (( SELECT max(emp_1.id) AS max/           FROM emp emp_1) > 3) AS m/   FROM emp;
--> v24 |  WITH RECURSIVE t(n) AS (/         SELECT 1 AS "?column?"/        UNION ALL/         SELECT (t_1.n + 1)/           FROM t t_1/          WHERE (t_1.n < 5)/        )/ SELECT n/   FROM t;
--> v3 |  SELECT e.name,/    d.name AS dname/   FROM (emp e/     JOIN dept d ON ((d.id = e.dept_id)))/  WHERE (d.budget > (5)::numeric);
--> v4 |  SELECT d.name,/    count(*) AS n,/    sum(e.salary) AS s,/    avg(e.salary) AS avg/   FROM (dept d/     LEFT JOIN emp e ON ((e.dept_id = d.id)))/  GROUP BY d.name/ HAVING (count(*) > 1)/  ORDER BY (count(*)) DESC;
--> v5 |  SELECT id,/    ( SELECT d.name/           FROM dept d/          WHERE (d.id = e.dept_id)) AS dn/   FROM emp e/  WHERE ((EXISTS ( SELECT 1/           FROM dept/          WHERE (dept.id = e.dept_id))) AND (id IN ( SELECT dept.parent/           FROM dept)));
--> v6 | (/         SELECT emp.id/           FROM emp/        UNION ALL/         SELECT dept.id/           FROM dept/) UNION/ SELECT 3 AS id/  ORDER BY 1;
--> v7 |  WITH w AS (/         SELECT emp.id,/            emp.name/           FROM emp/          WHERE (emp.id > 3)/        ), x(a) AS (/         SELECT 1 AS "?column?"/        )/ SELECT w.id,/    x.a/   FROM w,/    x;
--> v8 |  SELECT DISTINCT ON (dept_id) dept_id,/    name/   FROM emp/  ORDER BY dept_id, salary DESC;
--> v9 |  SELECT name,/    rank() OVER (PARTITION BY dept_id ORDER BY salary DESC) AS r,/    sum(salary) OVER w AS sum/   FROM emp/  WINDOW w AS (ORDER BY id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW);
--> w1 |  SELECT a.id/   FROM emp a,/    emp b/  WHERE ((a.id = b.id) AND ((b.name)::text !~~ 'x%'::text))/  ORDER BY a.name NULLS FIRST, b.id DESC NULLS LAST;
--> w2 |  SELECT upper((name)::text) AS u,/    length((name)::text) AS length,/    tags[1] AS t1,/    (hired + 1) AS nxt,/    (hired - '1 day'::interval) AS prv,/    ((name)::text || 'x'::text) AS nx/   FROM emp/  WHERE ((hired >= '2020-01-01'::date) AND (hired <= CURRENT_DATE));
--> w3 |  SELECT dept_id,/    array_agg(DISTINCT name ORDER BY name DESC) AS a,/    percentile_cont((0.5)::double precision) WITHIN GROUP (ORDER BY ((salary)::double precision)) AS p/   FROM emp/  GROUP BY dept_id/ HAVING (max(salary) > (1)::numeric);
--> w4 |  SELECT e.id,/    x.dn/   FROM (emp e/     LEFT JOIN LATERAL ( SELECT d.name AS dn/           FROM dept d/          WHERE (d.id = e.dept_id)/         LIMIT 1) x ON (true));
--> w5 |  SELECT id/   FROM emp/  WHERE ((NOT (id IN ( SELECT dept.id/           FROM dept))) AND (salary > ALL ( SELECT dept.budget/           FROM dept)) AND (NOT (EXISTS ( SELECT dept.id,/            dept.name,/            dept.budget,/            dept.parent/           FROM dept/          WHERE (dept.name = 'q'::text)))));
--> w6 | ( SELECT emp.id/   FROM emp/  ORDER BY emp.id/ LIMIT 1)/UNION ALL/( SELECT dept.id/   FROM dept/ LIMIT 2);
--> w7 | (/         SELECT emp.id/           FROM emp/        INTERSECT/         SELECT dept.id/           FROM dept/) UNION ALL/ SELECT dept.parent AS id/   FROM dept/  ORDER BY 1;
--> w8 |  SELECT DISTINCT dept_id,/    lag(salary, 1, (0)::numeric) OVER (PARTITION BY dept_id ORDER BY hired ROWS UNBOUNDED PRECEDING) AS l/   FROM emp;
--> w9 |  SELECT d.id,/    d.name,/    count(e.id) AS n/   FROM (dept d/     LEFT JOIN emp e ON ((e.dept_id = d.id)))/  GROUP BY d.id;
--> x1 |  SELECT name,/    dname/   FROM v3;
--> x2 |  SELECT id/   FROM ( VALUES (1,'a'::text), (2,'b'::text)) q(id, nm)/  WHERE (nm = 'a'::text);
--> x3 |  SELECT/        CASE id/            WHEN 1 THEN 'one'::character varying/            ELSE name/        END AS c/   FROM emp/  WHERE/        CASE/            WHEN (id > 1) THEN true/            ELSE false/        END;
--> x4 |  SELECT id,/    name AS "Na me",/    salary AS "select"/   FROM emp "E x"/  WHERE (id > 1);
--> x5 |  SELECT to_char((hired)::timestamp with time zone, 'YYYY'::text) AS y,/    date_trunc('month'::text, (hired)::timestamp with time zone) AS m,/    EXTRACT(epoch FROM hired) AS e,/    (hired AT TIME ZONE 'UTC'::text) AS z/   FROM emp;
--> x6 |  SELECT id AS p,/    name AS q/   FROM emp;
--> x7 |  SELECT a.id,/    b.id AS bid/   FROM ((emp a/     RIGHT JOIN dept b ON ((a.id = b.id)))/     FULL JOIN dept c ON ((c.id = a.id)));
--> x9 |  SELECT id/   FROM emp/  ORDER BY id/ FETCH FIRST (3) ROWS WITH TIES;
CREATE VIEW natural_of AS SELECT * FROM emp NATURAL JOIN (SELECT id FROM dept) q;
ALTER TABLE dept ADD COLUMN salary numeric;
ALTER TABLE emp ADD COLUMN budget numeric;
SELECT replace(pg_get_viewdef('v18'::regclass), E'\n', '/');
-->  SELECT emp.id,/    emp.name,/    emp.dept_id,/    emp.salary,/    emp.hired,/    emp.tags,/    q.parent/   FROM (emp/     JOIN ( SELECT dept.id,/            dept.parent/           FROM dept) q USING (id));

-- Constants that are keys have a type, without which a number would be the place of a target.
CREATE TABLE keyed (id int, a int, n numeric, ia int[]);
CREATE VIEW constant_keys AS SELECT 0.25 AS a, 'x'::text AS b, 4 AS c, true AS d, -3 AS e, id FROM keyed ORDER BY 1, 2, 3, 4, 5, 6;
SELECT replace(pg_get_viewdef('constant_keys'), E'\n', '|');
-->  SELECT 0.25 AS a,|    'x'::text AS b,|    4 AS c,|    true AS d,|    '-3'::integer AS e,|    id|   FROM keyed|  ORDER BY 0.25::numeric, 'x'::text, 4::integer, true::boolean, '-3'::integer, id;
CREATE VIEW constant_groups AS SELECT DISTINCT ON (2) 0.25 AS a, 7 AS b, count(*) AS n, count(*) OVER (PARTITION BY 1 ORDER BY 2.5) AS w, array_agg(id ORDER BY 1, true) AS ids FROM keyed GROUP BY ROLLUP (1, 2);
SELECT replace(pg_get_viewdef('constant_groups'), E'\n', '|');
-->  SELECT DISTINCT ON (7::integer) 0.25 AS a,|    7 AS b,|    count(*) AS n,|    count(*) OVER (PARTITION BY 1::integer ORDER BY 2.5::numeric) AS w,|    array_agg(id ORDER BY 1::integer, true::boolean) AS ids|   FROM keyed|  GROUP BY ROLLUP(0.25::numeric, 7::integer);
CREATE VIEW large_constants AS SELECT 99999999999 AS a, 1e3 AS b, 1.50 AS c, .5 AS d, -1e3 AS e FROM keyed;
SELECT replace(pg_get_viewdef('large_constants'), E'\n', '|');
-->  SELECT '99999999999'::bigint AS a,|    '1000'::numeric AS b,|    1.50 AS c,|    0.5 AS d,|    '-1000'::numeric AS e|   FROM keyed;

-- Lists: constants are an array where there are arrays of the type, what names columns is compared by itself.
CREATE VIEW listed AS SELECT id FROM keyed WHERE n IN (-0.25, 1.25) AND a NOT IN (1, id, 3) AND a IN (id, 2) AND ia IN ('{}', '{1}') AND a IN (1, 2, (SELECT id));
SELECT replace(pg_get_viewdef('listed'), E'\n', '|');
-->  SELECT id|   FROM keyed|  WHERE ((n = ANY (ARRAY['-0.25'::numeric, 1.25])) AND ((a <> ALL (ARRAY[1, 3])) AND (a <> id)) AND ((a = id) OR (a = 2)) AND ((ia = '{}'::integer[]) OR (ia = '{1}'::integer[])) AND ((a = ANY (ARRAY[1, 2])) OR (a = ( SELECT keyed.id))));

-- SEARCH and CYCLE are part of a recursion.
CREATE VIEW recursion AS WITH RECURSIVE r (id, a) AS (SELECT id, a FROM keyed UNION ALL SELECT k.id, k.a FROM keyed k JOIN r ON k.a = r.id) SEARCH BREADTH FIRST BY id SET o CYCLE id, a SET c USING p SELECT id, c FROM r ORDER BY o;
SELECT replace(pg_get_viewdef('recursion'), E'\n', '|');
-->  WITH RECURSIVE r(id, a) AS (|         SELECT keyed.id,|            keyed.a|           FROM keyed|        UNION ALL|         SELECT k.id,|            k.a|           FROM (keyed k|             JOIN r r_1 ON ((k.a = r_1.id)))|        ) SEARCH BREADTH FIRST BY id SET o CYCLE id, a SET c USING p| SELECT id,|    c|   FROM r|  ORDER BY o;
CREATE VIEW marked AS WITH RECURSIVE r (id, a) AS (SELECT id, a FROM keyed UNION ALL SELECT k.id, k.a FROM keyed k JOIN r ON k.a = r.id) CYCLE id SET c TO 'Y' DEFAULT 'N' USING p SELECT id, c FROM r;
SELECT replace(pg_get_viewdef('marked'), E'\n', '|');
-->  WITH RECURSIVE r(id, a) AS (|         SELECT keyed.id,|            keyed.a|           FROM keyed|        UNION ALL|         SELECT k.id,|            k.a|           FROM (keyed k|             JOIN r r_1 ON ((k.a = r_1.id)))|        ) CYCLE id SET c TO 'Y'::text DEFAULT 'N'::text USING p| SELECT id,|    c|   FROM r;
CREATE VIEW of_rows AS SELECT array(SELECT ROW(1, 2)) AS r;
--> ERROR 42P16 column "r" has pseudo-type record[]
CREATE TABLE of_rows AS SELECT array(SELECT ROW(1, 2)) AS r;
--> ERROR 42P16 column "r" has pseudo-type record[]

-- An aggregate over a subquery is one where it is written twice.
SELECT DISTINCT sum((SELECT max(z.a) FROM keyed z WHERE z.a = k.id)) FROM keyed k GROUP BY id ORDER BY sum((SELECT max(z.a) FROM keyed z WHERE z.a = k.id));
WITH RECURSIVE r (a, b) AS (SELECT id, a FROM keyed UNION ALL SELECT k.id FROM keyed k JOIN r ON k.a = r.b) CYCLE a SET s USING p SELECT * FROM r;
--> ERROR 42601 each UNION query must have the same number of columns

-- Calls over windows that ORDER BY and DISTINCT ON repeat.
INSERT INTO keyed (id, a) SELECT i, i % 3 FROM generate_series(1, 6) i;
SELECT DISTINCT rank() OVER (ORDER BY a) FROM keyed ORDER BY rank() OVER (ORDER BY a);
--> 1
--> 3
--> 5
SELECT DISTINCT ON (rank() OVER (ORDER BY a)) id, a FROM keyed ORDER BY rank() OVER (ORDER BY a), id;
--> 3 | 0
--> 1 | 1
--> 2 | 2
SELECT DISTINCT sum(count(*)) OVER w + 1 FROM keyed GROUP BY a WINDOW w AS (ORDER BY a) ORDER BY sum(count(*)) OVER w + 1;
--> 3
--> 5
--> 7
SELECT DISTINCT sum(a) FILTER (WHERE a > 0) OVER (ORDER BY a RANGE BETWEEN 1 PRECEDING AND 2 FOLLOWING EXCLUDE TIES) FROM keyed ORDER BY sum(a) FILTER (WHERE a > 0) OVER (ORDER BY a RANGE BETWEEN 1 PRECEDING AND 2 FOLLOWING EXCLUDE TIES);
--> 4
--> 5
--> 6
SELECT DISTINCT count(*) OVER (ORDER BY a ROWS 2 PRECEDING) FROM keyed ORDER BY count(*) OVER (ORDER BY a ROWS 1 PRECEDING);
--> ERROR 42P10 for SELECT DISTINCT, ORDER BY expressions must appear in select list
SELECT DISTINCT count(*) OVER (ORDER BY a) FROM keyed ORDER BY count(*) OVER (ORDER BY a DESC);
--> ERROR 42P10 for SELECT DISTINCT, ORDER BY expressions must appear in select list

-- A set operation with a tail of its own stands in parentheses.
CREATE VIEW sets AS (SELECT a FROM keyed UNION SELECT id FROM keyed ORDER BY 1 LIMIT 2) UNION ALL SELECT 5 ORDER BY 1;
SELECT replace(pg_get_viewdef('sets'), E'\n', '|');
--> ( SELECT keyed.a|   FROM keyed|UNION| SELECT keyed.id AS a|   FROM keyed|  ORDER BY 1| LIMIT 2)|UNION ALL| SELECT 5 AS a|  ORDER BY 1;
CREATE VIEW sets_with AS (WITH x AS (SELECT 1 AS q) SELECT q FROM x UNION SELECT 2) UNION SELECT 3;
SELECT replace(pg_get_viewdef('sets_with'), E'\n', '|');
--> ( WITH x AS (|         SELECT 1 AS q|        )| SELECT x.q|   FROM x|UNION| SELECT 2 AS q)|UNION| SELECT 3 AS q;

-- The entry of a function of one value, named alone, is its column: shown under the column's name.
CREATE VIEW sole AS SELECT upper((x)::text) AS u, x FROM generate_series(0, 1) x(gs) LEFT JOIN keyed ON keyed.id = x WHERE x IS NOT NULL ORDER BY x;
SELECT replace(pg_get_viewdef('sole'), E'\n', '|');
-->  SELECT upper((x.gs)::text) AS u,|    x.gs AS x|   FROM (generate_series(0, 1) x(gs)|     LEFT JOIN keyed ON ((keyed.id = x.gs)))|  WHERE (x.gs IS NOT NULL)|  ORDER BY x.gs;
CREATE VIEW sole_outside AS SELECT (SELECT x + count(*) FROM keyed) AS n FROM generate_series(0, 1) x(gs);
SELECT replace(pg_get_viewdef('sole_outside'), E'\n', '|');
-->  SELECT ( SELECT (x.gs + count(*))|           FROM keyed) AS n|   FROM generate_series(0, 1) x(gs);

-- A row of an entry shown under another name is that entry's.
CREATE VIEW nested_row AS SELECT (SELECT max((keyed.*)::text) FROM keyed WHERE keyed.id < 3) AS inner_row, (keyed.*)::text AS outer_row FROM keyed;
SELECT replace(pg_get_viewdef('nested_row'), E'\n', '|');
-->  SELECT ( SELECT max((keyed_1.*)::text) AS max|           FROM keyed keyed_1|          WHERE (keyed_1.id < 3)) AS inner_row,|    (keyed.*)::text AS outer_row|   FROM keyed;
