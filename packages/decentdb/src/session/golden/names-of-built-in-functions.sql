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
