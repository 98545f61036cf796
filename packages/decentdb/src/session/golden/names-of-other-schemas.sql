-- Types, functions and tables of schemas the search path does not name are shown with their schema, as tools need them.
CREATE SCHEMA s2;
CREATE TABLE t (a int PRIMARY KEY, b text);
CREATE TYPE s2.e AS ENUM ('x');
CREATE FUNCTION s2.f(s2.e) RETURNS s2.e LANGUAGE sql AS 'SELECT $1';
CREATE TABLE s2.x (id int PRIMARY KEY, m s2.e DEFAULT 'x', n s2.e[], CHECK (m <> 'x'::s2.e OR m IS NOT NULL));
CREATE TABLE s2.y (x int REFERENCES s2.x, t int REFERENCES t);
SELECT 's2.e'::regtype, 's2.e[]'::regtype, 's2.f(s2.e)'::regprocedure, 's2.f'::regproc, 's2.x'::regclass, 't'::regtype, 's2.x'::regtype;
--> s2.e | s2.e[] | s2.f(s2.e) | s2.f | s2.x | t | s2.x
SELECT format_type('s2.e'::regtype, -1), pg_type_is_visible('s2.e'::regtype), pg_type_is_visible('t'::regtype), pg_function_is_visible('s2.f'::regproc);
--> s2.e | f | t | f
SELECT pg_get_function_arguments('s2.f'::regproc), pg_get_function_result('s2.f'::regproc);
--> s2.e | s2.e
SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid IN ('s2.x'::regclass, 's2.y'::regclass) ORDER BY conname;
--> CHECK (((m <> 'x'::s2.e) OR (m IS NOT NULL)))
--> PRIMARY KEY (id)
--> FOREIGN KEY (t) REFERENCES t(a)
--> FOREIGN KEY (x) REFERENCES s2.x(id)
SELECT conname, conindid::regclass FROM pg_constraint WHERE contype = 'f' ORDER BY conname;
--> y_t_fkey | t_pkey
--> y_x_fkey | s2.x_pkey
SELECT column_default, udt_schema, udt_name FROM information_schema.columns WHERE table_name = 'x' AND column_name = 'm';
--> 'x'::s2.e | s2 | e
CREATE TYPE ct AS (a int, b varchar(5));
SELECT 'ct'::regclass, relkind FROM pg_class WHERE relname = 'ct';
--> ct | c
SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute WHERE attrelid = 'ct'::regclass ORDER BY attnum;
--> a | integer
--> b | character varying(5)
CREATE MATERIALIZED VIEW mv AS SELECT a, b FROM t;
CREATE UNIQUE INDEX mv_a ON mv (a) INCLUDE (b);
SELECT indrelid::regclass, pg_get_indexdef(indexrelid), pg_get_indexdef(indexrelid, 2, true) FROM pg_index WHERE indexrelid = 'mv_a'::regclass;
--> mv | CREATE UNIQUE INDEX mv_a ON public.mv USING btree (a) INCLUDE (b) | b
SELECT typname, typtype FROM pg_type WHERE typname IN ('mv', 'ct', 't') ORDER BY typname;
--> ct | c
--> mv | c
--> t | c
SELECT (information_schema._pg_expandarray(i.indkey)).x, (information_schema._pg_expandarray(i.indkey)).n FROM pg_index i WHERE indexrelid = 'mv_a'::regclass;
--> 1 | 1
--> 2 | 2
SELECT k.x, k.n FROM information_schema._pg_expandarray('{7,8}'::int[]) k;
--> 7 | 1
--> 8 | 2
SELECT information_schema._pg_truetypid(a.*, t.*)::regtype, information_schema._pg_char_max_length(a.atttypid, a.atttypmod) FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid WHERE a.attrelid = 'ct'::regclass AND a.attname = 'b';
--> character varying | 5
SELECT 'x'::information_schema.sql_identifier, 'array_in'::regproc, pg_relation_is_updatable('t', false), pg_column_is_updatable('mv', 1::smallint, false);
--> x | array_in | 28 | f
SELECT typinput, typreceive, typlen, typalign FROM pg_type WHERE typname IN ('int4', '_int4', 'e') ORDER BY typname;
--> array_in | array_recv | -1 | i
--> enum_in | enum_recv | 4 | i
--> int4in | int4recv | 4 | i
SELECT proargtypes[0]::regtype, array_length(proargtypes, 1) FROM pg_proc WHERE proname = 'f';
--> s2.e | 1
-- Defaults of parameters mean the same under every search path, and follow what is renamed.
CREATE SCHEMA dflt;
CREATE TYPE dflt.mood AS ENUM ('sad', 'ok');
CREATE FUNCTION dflt.told(m dflt.mood DEFAULT 'ok', c bpchar DEFAULT 'ab', b "bit" DEFAULT '10') RETURNS text LANGUAGE sql AS 'SELECT m::text || c || b::text';
BEGIN;
SET LOCAL search_path = dflt;
CREATE FUNCTION again(t text DEFAULT told('ok'), ms mood[] DEFAULT ARRAY['ok'::mood]) RETURNS text LANGUAGE sql AS 'SELECT t || ms::text';
COMMIT;
SELECT dflt.told(), dflt.again();
--> okab10 | okab10{ok}
ALTER TYPE dflt.mood RENAME TO humour;
ALTER TYPE dflt.humour RENAME VALUE 'ok' TO 'fine';
ALTER FUNCTION dflt.told RENAME TO said;
SELECT dflt.said(), dflt.again();
--> fineab10 | fineab10{fine}
ALTER TYPE dflt.humour SET SCHEMA public;
SELECT dflt.said(), dflt.again();
--> fineab10 | fineab10{fine}
DROP SCHEMA dflt CASCADE;
DROP TYPE humour;
-- Names of types that need quotes have them.
CREATE SCHEMA "odd S";
CREATE TYPE "odd S"."e n" AS ENUM ('a');
CREATE TYPE "order" AS ENUM ('b');
CREATE FUNCTION odd(a "odd S"."e n"[] DEFAULT NULL, b "order" DEFAULT 'b') RETURNS "order" LANGUAGE sql AS 'SELECT $2';
SELECT odd(), pg_get_function_identity_arguments('odd'::regproc), '"odd S"."e n"[]'::regtype, format_type('"order"'::regtype, -1);
--> b | a "odd S"."e n"[], b "order" | "odd S"."e n"[] | "order"
DROP FUNCTION odd;
DROP SCHEMA "odd S" CASCADE;
DROP TYPE "order";
