-- COMMENT ON what is part of an object, and on what is not there; each answer is PostgreSQL's.
CREATE TYPE pt AS (x int, y text);
CREATE DOMAIN dm AS int CONSTRAINT dpos CHECK (VALUE > 0);
CREATE ROLE c1;
CREATE TABLE ct(a int CONSTRAINT pos CHECK (a > 0), b int);
CREATE INDEX cti ON ct(a);
CREATE VIEW cv AS SELECT a AS aa, b FROM ct;
CREATE MATERIALIZED VIEW mv AS SELECT a FROM ct;
CREATE TRIGGER tr BEFORE UPDATE ON ct FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
COMMENT ON ROLE c1 IS 'a role';
COMMENT ON VIEW cv IS 'v';
COMMENT ON COLUMN cv.aa IS 'vc';
COMMENT ON COLUMN mv.a IS 'mvc';
COMMENT ON COLUMN pt.y IS 'pvc';
COMMENT ON TRIGGER tr ON ct IS 'trg';
COMMENT ON CONSTRAINT dpos ON DOMAIN dm IS 'dc';
COMMENT ON CONSTRAINT pos ON ct IS 'cc';
SELECT shobj_description((SELECT oid FROM pg_roles WHERE rolname='c1'), 'pg_authid');
--> a role
SELECT description FROM pg_shdescription WHERE objoid = (SELECT oid FROM pg_roles WHERE rolname='c1');
--> a role
SELECT col_description('cv'::regclass, 1), col_description('cv'::regclass, 2), col_description('mv'::regclass, 1), obj_description('cv'::regclass);
--> vc | NULL | mvc | v
SELECT obj_description(oid, 'pg_constraint') FROM pg_constraint WHERE conname = 'dpos';
--> dc
SELECT obj_description(oid, 'pg_trigger') FROM pg_trigger WHERE tgname = 'tr';
--> trg
SELECT classoid::regclass::text, objsubid, description FROM pg_description WHERE objoid >= 16384 ORDER BY 1, 2, 3;
--> pg_class | 0 | v
--> pg_class | 1 | mvc
--> pg_class | 1 | vc
--> pg_class | 2 | pvc
--> pg_constraint | 0 | cc
--> pg_constraint | 0 | dc
--> pg_trigger | 0 | trg
CREATE OR REPLACE VIEW cv AS SELECT a AS aa, b, a + b AS c FROM ct;
SELECT col_description('cv'::regclass, 1), col_description('cv'::regclass, 3), obj_description('cv'::regclass);
--> vc | NULL | v
ALTER VIEW cv RENAME COLUMN aa TO zz;
ALTER DOMAIN dm RENAME CONSTRAINT dpos TO dpositive;
ALTER TRIGGER tr ON ct RENAME TO tr2;
ALTER TYPE pt RENAME ATTRIBUTE y TO yy;
SELECT col_description('cv'::regclass, 1);
--> vc
SELECT obj_description(oid, 'pg_constraint') FROM pg_constraint WHERE conname = 'dpositive';
--> dc
SELECT description FROM pg_description WHERE description IN ('pvc', 'trg', 'dc') ORDER BY 1;
--> dc
--> pvc
--> trg
COMMENT ON COLUMN cv.zz IS NULL;
COMMENT ON CONSTRAINT dpositive ON DOMAIN dm IS '';
COMMENT ON TRIGGER tr2 ON ct IS NULL;
COMMENT ON ROLE c1 IS NULL;
COMMENT ON COLUMN pt.yy IS NULL;
SELECT description FROM pg_description WHERE objoid >= 16384 ORDER BY 1;
--> cc
--> mvc
--> v
SELECT count(*) FROM pg_shdescription WHERE objoid >= 16384;
--> 0
COMMENT ON ROLE nope IS 'x';
--> ERROR 42704 role "nope" does not exist
COMMENT ON CONSTRAINT nope ON ct IS 'c';
--> ERROR 42704 constraint "nope" for table "ct" does not exist
COMMENT ON INDEX nope IS 'x';
--> ERROR 42P01 relation "nope" does not exist
COMMENT ON INDEX ct IS 'x';
--> ERROR 42809 "ct" is not an index
COMMENT ON TABLE cti IS 'x';
--> ERROR 42809 "cti" is not a table
COMMENT ON VIEW ct IS 'x';
--> ERROR 42809 "ct" is not a view
COMMENT ON SEQUENCE ct IS 'x';
--> ERROR 42809 "ct" is not a sequence
COMMENT ON MATERIALIZED VIEW cv IS 'x';
--> ERROR 42809 "cv" is not a materialized view
COMMENT ON COLUMN cv.nope IS 'vc';
--> ERROR 42703 column "nope" of relation "cv" does not exist
COMMENT ON COLUMN pt.nope IS 'vc';
--> ERROR 42703 column "nope" of relation "pt" does not exist
COMMENT ON COLUMN ct.nope IS 'vc';
--> ERROR 42703 column "nope" of relation "ct" does not exist
COMMENT ON COLUMN nope.a IS 'vc';
--> ERROR 42P01 relation "nope" does not exist
COMMENT ON COLUMN cti.a IS 'vc';
--> ERROR 42809 cannot set comment on relation "cti"
COMMENT ON TRIGGER nope ON ct IS 'x';
--> ERROR 42704 trigger "nope" for table "ct" does not exist
COMMENT ON TRIGGER nope ON nope IS 'x';
--> ERROR 42P01 relation "nope" does not exist
COMMENT ON RULE nope ON ct IS 'x';
--> ERROR 42704 rule "nope" for relation "ct" does not exist
COMMENT ON POLICY nope ON ct IS 'x';
--> ERROR 42704 policy "nope" for table "ct" does not exist
COMMENT ON LANGUAGE nope IS 'x';
--> ERROR 42704 language "nope" does not exist
COMMENT ON SCHEMA nope IS 'x';
--> ERROR 3F000 schema "nope" does not exist
COMMENT ON TYPE nope IS 'x';
--> ERROR 42704 type "nope" does not exist
COMMENT ON DOMAIN pt IS 'x';
--> ERROR 42809 "pt" is not a domain
COMMENT ON CONSTRAINT nope ON DOMAIN dm IS 'dc';
--> ERROR 42704 constraint "nope" for domain dm does not exist
COMMENT ON CONSTRAINT dpos ON DOMAIN nope IS 'dc';
--> ERROR 42704 type "nope" does not exist
COMMENT ON ACCESS METHOD nope IS 'x';
--> ERROR 42704 access method "nope" does not exist
COMMENT ON STATISTICS nope IS 'x';
--> ERROR 42704 statistics object "nope" does not exist
COMMENT ON TEXT SEARCH CONFIGURATION nope IS 'x';
--> ERROR 42704 text search configuration "nope" does not exist
COMMENT ON PUBLICATION nope IS 'x';
--> ERROR 42704 publication "nope" does not exist
COMMENT ON EVENT TRIGGER nope IS 'x';
--> ERROR 42704 event trigger "nope" does not exist
COMMENT ON FOREIGN DATA WRAPPER nope IS 'x';
--> ERROR 42704 foreign-data wrapper "nope" does not exist
COMMENT ON SERVER nope IS 'x';
--> ERROR 42704 server "nope" does not exist
COMMENT ON OPERATOR CLASS nope USING btree IS 'x';
--> ERROR 42704 operator class "nope" does not exist for access method "btree"
ALTER TRIGGER nope ON ct RENAME TO tr3;
--> ERROR 42704 trigger "nope" for table "ct" does not exist
CREATE TRIGGER tr3 BEFORE UPDATE ON ct FOR EACH ROW EXECUTE FUNCTION suppress_redundant_updates_trigger();
ALTER TRIGGER tr3 ON ct RENAME TO tr2;
--> ERROR 42710 trigger "tr2" for relation "ct" already exists
