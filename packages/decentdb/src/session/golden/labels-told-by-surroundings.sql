-- A label whose type is told by its surroundings alone is renamed in views, defaults, checks, indexes and bodies; each answer is PostgreSQL's.
CREATE TYPE mood AS ENUM ('sad','ok','it''s');
CREATE TABLE m(id int, f mood default 'ok', note text default 'ok', fs mood[], g text GENERATED ALWAYS AS (CASE WHEN f = 'ok' THEN 'ok' ELSE 'no' END) STORED, CONSTRAINT c1 CHECK (f <> 'ok' OR note = 'ok'));
CREATE UNIQUE INDEX mi ON m(id) WHERE f = 'ok';
CREATE INDEX mx ON m((f = 'ok'));
CREATE VIEW mv AS SELECT id, CASE WHEN f = 'ok' THEN 'sad'::mood ELSE f END x, f IN ('ok','sad') y, note = 'ok' AS z, COALESCE(f, 'ok') AS q FROM m WHERE f >= 'ok' AND f BETWEEN 'sad' AND 'it''s';
CREATE FUNCTION isok(mood) RETURNS bool LANGUAGE sql RETURN $1 = 'ok';
INSERT INTO m(id) VALUES (1);
ALTER TYPE mood RENAME VALUE 'ok' TO 'fi''ne';
SELECT * FROM mv;
--> 1 | sad | t | t | fi'ne
SELECT regexp_replace(pg_get_viewdef('mv'::regclass), '\s+', ' ', 'g');
-->  SELECT id, CASE WHEN (f = 'fi''ne'::mood) THEN 'sad'::mood ELSE f END AS x, (f = ANY (ARRAY['fi''ne'::mood, 'sad'::mood])) AS y, (note = 'ok'::text) AS z, COALESCE(f, 'fi''ne'::mood) AS q FROM m WHERE ((f >= 'fi''ne'::mood) AND ((f >= 'sad'::mood) AND (f <= 'it''s'::mood)));
INSERT INTO m(id) VALUES (2), (3);
SELECT id, f, note, g FROM m ORDER BY id;
--> 1 | fi'ne | ok | ok
--> 2 | fi'ne | ok | ok
--> 3 | fi'ne | ok | ok
SELECT isok('fi''ne'), isok('sad');
--> t | f
SELECT regexp_replace(pg_get_expr(adbin, adrelid), '\s+', ' ', 'g') FROM pg_attrdef WHERE adrelid='m'::regclass ORDER BY adnum;
--> 'fi''ne'::mood
--> 'ok'::text
-->  CASE WHEN (f = 'fi''ne'::mood) THEN 'ok'::text ELSE 'no'::text END
SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid='m'::regclass AND contype='c';
--> CHECK (((f <> 'fi''ne'::mood) OR (note = 'ok'::text)))
SELECT pg_get_indexdef('mi'::regclass), pg_get_indexdef('mx'::regclass);
--> CREATE UNIQUE INDEX mi ON public.m USING btree (id) WHERE (f = 'fi''ne'::mood) | CREATE INDEX mx ON public.m USING btree (((f = 'fi''ne'::mood)))
INSERT INTO m(id) VALUES (1);
--> ERROR 23505 duplicate key value violates unique constraint "mi"
ALTER TYPE mood RENAME VALUE 'it''s' TO 'its';
SELECT regexp_replace(pg_get_viewdef('mv'::regclass), '\s+', ' ', 'g');
-->  SELECT id, CASE WHEN (f = 'fi''ne'::mood) THEN 'sad'::mood ELSE f END AS x, (f = ANY (ARRAY['fi''ne'::mood, 'sad'::mood])) AS y, (note = 'ok'::text) AS z, COALESCE(f, 'fi''ne'::mood) AS q FROM m WHERE ((f >= 'fi''ne'::mood) AND ((f >= 'sad'::mood) AND (f <= 'its'::mood)));
INSERT INTO m(id, f, note) VALUES (7, 'its', 'x');
INSERT INTO m(id, f, note) VALUES (8, 'fi''ne', 'x');
--> ERROR 23514 new row for relation "m" violates check constraint "c1"
CREATE VIEW cast_whole AS SELECT id FROM m WHERE f = ANY (ARRAY['its','sad']::mood[]);
ALTER TYPE mood RENAME VALUE 'its' TO 'own';
SELECT * FROM cast_whole ORDER BY id;
--> 7
