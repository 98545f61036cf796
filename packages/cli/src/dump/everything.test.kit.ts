/** A schema with one of everything a dump carries. */
export const EVERYTHING = `
CREATE ROLE boss LOGIN CREATEDB; CREATE ROLE clerk NOINHERIT CONNECTION LIMIT 3; GRANT boss TO clerk WITH ADMIN OPTION;
ALTER ROLE clerk SET work_mem = '4MB';
CREATE SCHEMA "odd Schema"; CREATE SCHEMA s2 AUTHORIZATION boss; COMMENT ON SCHEMA s2 IS 'it''s two';
CREATE TYPE mood AS ENUM ('sad', 'ok'); ALTER TYPE mood ADD VALUE 'great' BEFORE 'ok';
CREATE TYPE s2.mood AS ENUM ('other');
CREATE DOMAIN posint AS int DEFAULT 1 CHECK (VALUE > 0) NOT NULL;
CREATE DOMAIN code AS varchar(4) CONSTRAINT upper_only CHECK (VALUE = upper(VALUE));
CREATE TYPE pair AS (a int, c mood[], b code);
CREATE SEQUENCE seq1 AS int INCREMENT 5 MINVALUE -10 MAXVALUE 1000 START 7 CACHE 1 CYCLE;
SELECT nextval('seq1'), nextval('seq1'); COMMENT ON SEQUENCE seq1 IS 'one';
CREATE FUNCTION addone(x int) RETURNS int LANGUAGE sql IMMUTABLE RETURN x + 1;
CREATE FUNCTION greet(name text DEFAULT 'you') RETURNS text LANGUAGE sql AS $$ SELECT 'hi ' || name $$;
COMMENT ON FUNCTION greet(text) IS 'greets';
CREATE TABLE a (id int GENERATED ALWAYS AS IDENTITY (START 10 INCREMENT 2) PRIMARY KEY, m mood DEFAULT 'ok', m2 s2.mood,
  p pair, d posint, n numeric(10,2) DEFAULT 1.5, t text, j jsonb, ts timestamptz, arr text[], b bytea, u uuid, gone int,
  iv interval, g int GENERATED ALWAYS AS (d + 1) STORED, one int DEFAULT addone(0), sq int DEFAULT nextval('seq1'));
ALTER TABLE a DROP COLUMN gone;
CREATE TABLE b (id bigserial PRIMARY KEY, code code UNIQUE, x int, y int,
  a_id int CONSTRAINT b_a REFERENCES a ON DELETE CASCADE ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED,
  CONSTRAINT u_xy UNIQUE NULLS NOT DISTINCT (x, y), CONSTRAINT chk CHECK (x < y));
ALTER TABLE a ADD COLUMN b_id bigint; ALTER TABLE a ADD CONSTRAINT a_b FOREIGN KEY (b_id) REFERENCES b DEFERRABLE;
CREATE TABLE "odd Schema"."Odd Table" ("Key Col" text, "select" int, PRIMARY KEY ("Key Col", "select"));
CREATE UNLOGGED TABLE logless (v int); CREATE TABLE nocols ();
CREATE TABLE inc (i int, k int, v text, UNIQUE (i) INCLUDE (k)); INSERT INTO inc VALUES (1, -5, 'x');
ALTER TABLE inc ADD CONSTRAINT late CHECK (k > 0) NOT VALID;
CREATE INDEX a_part ON a (n DESC NULLS LAST) WHERE m = 'ok'; CREATE INDEX a_expr ON a (lower(t), (d + 1));
CREATE UNIQUE INDEX a_inc ON a (u) INCLUDE (n); CREATE INDEX a_fts ON a USING gin (to_tsvector('english', t));
CREATE TABLE doc (id int PRIMARY KEY, body text, tsv tsvector); CREATE INDEX doc_tsv ON doc USING gin (tsv);
CREATE TRIGGER doc_tsv BEFORE INSERT OR UPDATE ON doc FOR EACH ROW
  EXECUTE FUNCTION tsvector_update_trigger(tsv, 'pg_catalog.english', body);
COMMENT ON INDEX a_part IS 'partial'; COMMENT ON TABLE a IS 'table a'; COMMENT ON COLUMN a.n IS 'number';
COMMENT ON CONSTRAINT chk ON b IS 'check'; COMMENT ON TYPE mood IS 'moods'; COMMENT ON DOMAIN code IS 'codes';
INSERT INTO a (m, m2, p, d, n, t, j, ts, arr, b, u, iv) VALUES ('sad', 'other', ROW(1, '{ok,great}', 'AB'), 3, 12.34,
  E'tab\\t nl\\n back\\\\slash', '{"a": [1, null]}', '2020-01-01 00:00:00+02', '{a,NULL,"c,d"}', '\\x00ff',
  '00000000-0000-0000-0000-000000000001', '1 mon 2 days');
INSERT INTO a DEFAULT VALUES;
INSERT INTO b (a_id, code, x, y) VALUES (10, 'AB', 1, 2), (12, NULL, NULL, NULL); UPDATE a SET b_id = 1 WHERE id = 10;
INSERT INTO "odd Schema"."Odd Table" VALUES ('a', 1), ('', 2), ('\\.', 3); INSERT INTO nocols DEFAULT VALUES;
INSERT INTO doc VALUES (1, 'some quick foxes');
CREATE VIEW v1 AS SELECT id, t FROM a WHERE n > 1; CREATE VIEW v2 (q, w) AS SELECT id, greet(t) FROM v1;
COMMENT ON VIEW v2 IS 'second';
CREATE VIEW v0 WITH (security_barrier = true) AS SELECT * FROM inc WHERE i > 0 WITH CASCADED CHECK OPTION;
CREATE OR REPLACE VIEW v1 AS SELECT a.id, a.t FROM a JOIN v0 ON true WHERE a.n > 1;
ALTER VIEW v1 ALTER COLUMN t SET DEFAULT 'seen', ALTER COLUMN id SET DEFAULT nextval('seq1');
CREATE MATERIALIZED VIEW mv AS SELECT count(*) AS n, m FROM a GROUP BY m; CREATE UNIQUE INDEX mv_m ON mv (m);
CREATE FUNCTION rows_of() RETURNS SETOF a LANGUAGE sql STABLE AS $$ SELECT * FROM a $$;
CREATE PROCEDURE addrow(IN k text) LANGUAGE sql BEGIN ATOMIC INSERT INTO doc VALUES (5, k); END;
GRANT SELECT, UPDATE (n, t) ON a TO clerk; GRANT ALL ON b TO boss WITH GRANT OPTION; GRANT USAGE ON SCHEMA s2 TO PUBLIC;
GRANT USAGE ON SEQUENCE seq1 TO clerk; ALTER TABLE b OWNER TO boss; GRANT EXECUTE ON FUNCTION greet(text) TO clerk;
ALTER TABLE doc DISABLE TRIGGER doc_tsv;
`;

/** What must be equal wherever the dump was read, as queries; rows in an order of their own. */
export const CATALOGUE_QUERIES: readonly string[] = [
  "SELECT schemaname, sequencename, start_value, increment_by, last_value, cycle FROM pg_sequences WHERE schemaname IN ('public', 's2')",
  "SELECT indexdef FROM pg_indexes WHERE schemaname IN ('public', 'odd Schema')",
  "SELECT conrelid::regclass::text, conname, contype, condeferrable, condeferred, convalidated FROM pg_constraint WHERE connamespace IN ('public'::regnamespace, '\"odd Schema\"'::regnamespace) AND conrelid <> 0 AND contype <> 'n'",
  "SELECT relname, relkind, relpersistence FROM pg_class WHERE relnamespace IN ('public'::regnamespace, 's2'::regnamespace) AND relname !~ 'pkey|toast' AND relkind <> 'c'",
  "SELECT c.relname, objsubid, description FROM pg_description d JOIN pg_class c ON c.oid = d.objoid AND d.classoid = 'pg_class'::regclass",
  "SELECT typname, typtype FROM pg_type WHERE typnamespace IN ('public'::regnamespace, 's2'::regnamespace)",
  'SELECT t.typname, enumlabel FROM pg_enum e JOIN pg_type t ON t.oid = enumtypid',
  "SELECT viewname FROM pg_views WHERE schemaname = 'public'",
  "SELECT table_name, row_number() OVER (PARTITION BY table_name ORDER BY ordinal_position), column_name, data_type, udt_schema, udt_name, is_identity, is_generated, is_nullable FROM information_schema.columns WHERE table_schema IN ('public', 'odd Schema') AND table_name NOT LIKE 'pg_%'",
  "SELECT table_name, column_name, column_default FROM information_schema.columns WHERE table_name IN ('v0', 'v1', 'v2')",
  "SELECT proname, prokind, provolatile FROM pg_proc WHERE pronamespace = 'public'::regnamespace AND proname IN ('addone', 'greet', 'rows_of', 'addrow')",
  'SELECT tgname, tgenabled FROM pg_trigger WHERE NOT tgisinternal',
  "SELECT rolname, rolcanlogin, rolinherit, rolcreatedb, rolconnlimit FROM pg_roles WHERE rolname IN ('boss', 'clerk')",
  "SELECT relname, pg_get_userbyid(relowner) FROM pg_class WHERE relname = 'b'",
  "SELECT grantee, table_name, privilege_type FROM information_schema.role_table_grants WHERE grantee = 'clerk'",
];

/** Tables and views whose rows must be equal. */
export const EVERY_RELATION: readonly string[] = [
  'a',
  'b',
  '"odd Schema"."Odd Table"',
  'logless',
  'inc',
  'doc',
  'v0',
  'v1',
  'v2',
  'mv',
];
