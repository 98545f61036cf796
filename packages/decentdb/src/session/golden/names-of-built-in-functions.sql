-- Functions named like built-in ones: those whose inputs differ are seen too; of equal ones the first along the search path is,
-- which is PostgreSQL's own unless the path says otherwise.
CREATE FUNCTION abs(int) RETURNS int LANGUAGE sql AS 'SELECT 42';
CREATE FUNCTION abs(text) RETURNS text LANGUAGE sql AS 'SELECT $1 || ''!''';
CREATE FUNCTION lower(text) RETURNS text LANGUAGE sql AS 'SELECT upper($1)';
CREATE FUNCTION max(int, int) RETURNS int LANGUAGE sql AS 'SELECT greatest($1, $2)';
CREATE FUNCTION generate_series(int, int) RETURNS SETOF int LANGUAGE sql AS 'SELECT 7';
CREATE AGGREGATE sum(int) (SFUNC = int4pl, STYPE = int, INITCOND = '100');
SELECT abs(-3), public.abs(-3), pg_catalog.abs(-3), abs('x'::text), abs('-5'), abs(-3::bigint);
--> 3 | 42 | 3 | x! | -5! | 3
SELECT lower('AbC'), public.lower('abc'), lower('AbC'::varchar);
--> abc | ABC | abc
SELECT max(1, 2), max(x), sum(x), public.sum(x) FROM (VALUES (1), (2)) v(x);
--> 2 | 2 | 3 | 103
SELECT * FROM generate_series(1, 2);
--> 1
--> 2
SELECT * FROM public.generate_series(1, 2);
--> 7
BEGIN;
SET LOCAL search_path = public, pg_catalog;
SELECT abs(-3), lower('AbC'), abs(-3.5), sum(x) FROM (VALUES (1), (2)) v(x);
--> 42 | ABC | 3.5 | 103
SELECT * FROM generate_series(1, 2);
--> 7
COMMIT;
-- What was stored keeps its meaning whatever comes later and whatever the path is.
CREATE TABLE kept (id int PRIMARY KEY, s text DEFAULT upper('dd'), u text GENERATED ALWAYS AS (upper(s)) STORED, CHECK (length(s) < 10));
CREATE INDEX kept_i ON kept (upper(s));
CREATE VIEW kept_view AS SELECT id, upper(s) AS u FROM kept;
CREATE MATERIALIZED VIEW kept_rows AS SELECT id, upper(s) AS u FROM kept;
CREATE FUNCTION kept_fn(t text) RETURNS text LANGUAGE sql RETURN upper(t);
CREATE FUNCTION public.upper(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT ''own '' || $1';
CREATE FUNCTION public.length(text) RETURNS int LANGUAGE sql IMMUTABLE AS 'SELECT 1000';
BEGIN;
SET LOCAL search_path = public, pg_catalog;
INSERT INTO kept (id) VALUES (1);
INSERT INTO kept VALUES (2, 'e');
REFRESH MATERIALIZED VIEW kept_rows;
SELECT k.*, v.u, r.u, kept_fn(s), upper(s) FROM kept k JOIN kept_view v USING (id) JOIN kept_rows r USING (id) ORDER BY id;
--> 1 | DD | DD | DD | DD | DD | own DD
--> 2 | e | E | E | E | E | own e
SELECT id FROM kept WHERE pg_catalog.upper(s) = 'E';
--> 2
SELECT id FROM kept WHERE upper(s) = 'own e';
--> 2
CREATE TABLE kept_own (s text DEFAULT upper('dd'), CHECK (upper(s) LIKE 'own%'), CHECK (length(s) = 1000));
CREATE INDEX kept_own_i ON kept_own (upper(s));
CREATE VIEW kept_own_view AS SELECT upper(s) AS u FROM kept_own;
CREATE FUNCTION kept_own_fn(t text) RETURNS text LANGUAGE sql RETURN upper(t);
COMMIT;
INSERT INTO kept_own DEFAULT VALUES;
SELECT s, u, kept_own_fn(s) FROM kept_own, kept_own_view;
--> own dd | own own dd | own own dd
SELECT count(*) FROM kept_own WHERE upper(s) = 'own own dd';
--> 0
SELECT count(*) FROM kept_own WHERE public.upper(s) = 'own own dd';
--> 1
SELECT pg_get_viewdef('kept_own_view') ~ 'public.upper', pg_get_viewdef('kept_view') ~ 'public';
--> t | f
DROP FUNCTION public.length(text);
--> ERROR 2BP01 cannot drop function length(text) because other objects depend on it
ALTER FUNCTION public.upper(text) RENAME TO own_upper;
INSERT INTO kept VALUES (3, 'f');
INSERT INTO kept_own VALUES ('g') RETURNING *;
--> g
SELECT u FROM kept_view WHERE id = 3;
--> F
SELECT pg_get_indexdef('kept_own_i'::regclass);
--> CREATE INDEX kept_own_i ON public.kept_own USING btree (public.own_upper(s))
DROP TABLE kept_own CASCADE;
DROP FUNCTION kept_own_fn;
DROP FUNCTION public.own_upper(text), public.length(text);
