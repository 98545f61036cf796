-- pg_get_viewdef(view, true): as few parentheses as PostgreSQL has; joins with an alias hide the names within.

CREATE TABLE t (a int, b int, c numeric, d text, j boolean);

CREATE TABLE u (a int, z text);

CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS 'SELECT $1';

CREATE VIEW v0 AS select not (a = 1 or b = 2) and (c > 1 or d = 'x') as r, (a = 1) = (b = 2) as s from t;

SELECT regexp_replace(pg_get_viewdef('v0', true), '\s+', ' ', 'g');
-->  SELECT NOT (a = 1 OR b = 2) AND (c > 1::numeric OR d = 'x'::text) AS r, (a = 1) = (b = 2) AS s FROM t;

CREATE VIEW v1 AS select a from t where not (a = 1 and b = 2) or not exists (select 1 from u) and a in (1, 2);

SELECT regexp_replace(pg_get_viewdef('v1', true), '\s+', ' ', 'g');
-->  SELECT a FROM t WHERE NOT (a = 1 AND b = 2) OR NOT (EXISTS ( SELECT 1 FROM u)) AND (a = ANY (ARRAY[1, 2]));

CREATE VIEW v2 AS select a - (b - a) as r, a - b - a as s, a * (b + a) as t, (a || 'x')::varchar as u, (-5)::text as v from t;

SELECT regexp_replace(pg_get_viewdef('v2', true), '\s+', ' ', 'g');
-->  SELECT a - (b - a) AS r, a - b - a AS s, a * (b + a) AS t, (a || 'x'::text)::character varying AS u, '-5'::integer::text AS v FROM t;

CREATE VIEW v3 AS select a from t where a = 1 and (b = 2 and a = 3) and (d = 'x' or d = 'y') order by a + 1, d || 'x' limit 1 + 1;

SELECT regexp_replace(pg_get_viewdef('v3', true), '\s+', ' ', 'g');
-->  SELECT a FROM t WHERE a = 1 AND b = 2 AND a = 3 AND (d = 'x'::text OR d = 'y'::text) ORDER BY (a + 1), (d || 'x'::text) LIMIT (1 + 1);

CREATE VIEW v4 AS select case when a > 1 or b > 2 then a + 1 else case when j then 1 else 2 end end as r from t;

SELECT regexp_replace(pg_get_viewdef('v4', true), '\s+', ' ', 'g');
-->  SELECT CASE WHEN a > 1 OR b > 2 THEN a + 1 ELSE CASE WHEN j THEN 1 ELSE 2 END END AS r FROM t;

CREATE VIEW v5 AS select y.a, u3.z from (t join u using (a)) y join u u3 on u3.a = y.a and u3.z <> 'a' where y.z > 'a';

SELECT regexp_replace(pg_get_viewdef('v5', true), '\s+', ' ', 'g');
-->  SELECT y.a, u3.z FROM (t JOIN u USING (a)) y JOIN u u3 ON u3.a = y.a AND u3.z <> 'a'::text WHERE y.z > 'a'::text;

CREATE VIEW v6 AS select t1.a from t t1 join (u join u u2 using (a)) on true;

SELECT regexp_replace(pg_get_viewdef('v6', true), '\s+', ' ', 'g');
-->  SELECT t1.a FROM t t1 JOIN (u JOIN u u2 USING (a)) ON true;

CREATE VIEW v7 AS select a, count(*) from t group by a, b + 1 having count(*) > 1 and max(c) is not null;

SELECT regexp_replace(pg_get_viewdef('v7', true), '\s+', ' ', 'g');
-->  SELECT a, count(*) AS count FROM t GROUP BY a, (b + 1) HAVING count(*) > 1 AND max(c) IS NOT NULL;

CREATE VIEW v8 AS select a = any (select a from u) as r, (select max(a) from u) + 1 as s, f(a) as g from t;

SELECT regexp_replace(pg_get_viewdef('v8', true), '\s+', ' ', 'g');
-->  SELECT (a IN ( SELECT u.a FROM u)) AS r, (( SELECT max(u.a) AS max FROM u)) + 1 AS s, f(a) AS g FROM t;

SELECT regexp_replace(pg_get_viewdef('v5'), '\s+', ' ', 'g');
-->  SELECT y.a, u3.z FROM ((t JOIN u USING (a)) y JOIN u u3 ON (((u3.a = y.a) AND (u3.z <> 'a'::text)))) WHERE (y.z > 'a'::text);

CREATE VIEW w AS SELECT (current_date + a) AT TIME ZONE 'UTC' AS z, d IS NFKC NORMALIZED AS n, normalize(d || 'x', nfd) AS o, trim(LEADING 'x' FROM d || 'y') AS p, (a, b) <> ALL (VALUES (1, 2)) AS q FROM t;

SELECT regexp_replace(pg_get_viewdef('w', true), '\s+', ' ', 'g');
-->  SELECT ((CURRENT_DATE + a) AT TIME ZONE 'UTC'::text) AS z, (d IS NFKC NORMALIZED) AS n, NORMALIZE(d || 'x'::text, NFD) AS o, TRIM(LEADING 'x'::text FROM d || 'y'::text) AS p, ((a, b) <> ALL ( VALUES (1,2))) AS q FROM t;

SELECT regexp_replace(pg_get_viewdef('w'), '\s+', ' ', 'g');
-->  SELECT ((CURRENT_DATE + a) AT TIME ZONE 'UTC'::text) AS z, (d IS NFKC NORMALIZED) AS n, NORMALIZE((d || 'x'::text), NFD) AS o, TRIM(LEADING 'x'::text FROM (d || 'y'::text)) AS p, ((a, b) <> ALL ( VALUES (1,2))) AS q FROM t;
