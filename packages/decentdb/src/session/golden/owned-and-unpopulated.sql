-- Materialised views WITH NO DATA, what roles own, security labels; each answer is PostgreSQL's.
CREATE TABLE nd AS SELECT 1 AS a, 'x'::text AS b;
CREATE MATERIALIZED VIEW mv AS SELECT a FROM nd WITH NO DATA;
SELECT * FROM mv;
--> ERROR 55000 materialized view "mv" has not been populated
SELECT relispopulated FROM pg_class WHERE relname='mv';
--> f
SELECT ispopulated FROM pg_matviews WHERE matviewname='mv';
--> f
CREATE VIEW over AS SELECT a + 1 AS b FROM mv;
SELECT * FROM over;
--> ERROR 55000 materialized view "mv" has not been populated
CREATE TABLE fromit AS SELECT * FROM mv;
--> ERROR 55000 materialized view "mv" has not been populated
CREATE MATERIALIZED VIEW mv2 AS SELECT * FROM over;
--> ERROR 55000 materialized view "mv" has not been populated
CREATE MATERIALIZED VIEW mv2 AS SELECT * FROM over WITH NO DATA;
REFRESH MATERIALIZED VIEW mv2;
--> ERROR 55000 materialized view "mv" has not been populated
INSERT INTO nd SELECT a, 'y' FROM mv;
--> ERROR 55000 materialized view "mv" has not been populated
REFRESH MATERIALIZED VIEW CONCURRENTLY mv;
--> ERROR 0A000 CONCURRENTLY cannot be used when the materialized view is not populated
REFRESH MATERIALIZED VIEW mv;
SELECT * FROM over;
--> 2
REFRESH MATERIALIZED VIEW CONCURRENTLY mv;
--> ERROR 55000 cannot refresh materialized view "public.mv" concurrently
CREATE UNIQUE INDEX mvu ON mv(a);
INSERT INTO nd VALUES (2,'y');
REFRESH MATERIALIZED VIEW CONCURRENTLY mv;
SELECT * FROM mv ORDER BY a;
--> 1
--> 2
REFRESH MATERIALIZED VIEW CONCURRENTLY mv WITH NO DATA;
--> ERROR 42601 CONCURRENTLY and WITH NO DATA options cannot be used together
REFRESH MATERIALIZED VIEW mv2;
SELECT * FROM mv2 ORDER BY 1;
--> 2
--> 3
REFRESH MATERIALIZED VIEW mv WITH NO DATA;
SELECT * FROM over;
--> ERROR 55000 materialized view "mv" has not been populated
SELECT count(*) FROM mv2;
--> 2
SELECT relispopulated FROM pg_class WHERE relname='mv';
--> f
REFRESH MATERIALIZED VIEW CONCURRENTLY mv WITH NO DATA;
--> ERROR 0A000 CONCURRENTLY cannot be used when the materialized view is not populated
REFRESH MATERIALIZED VIEW nd;
--> ERROR 0A000 "nd" is not a materialized view
REFRESH MATERIALIZED VIEW nope;
--> ERROR 42P01 relation "nope" does not exist
REFRESH MATERIALIZED VIEW mv;
SELECT * FROM mv WHERE a = 1;
--> 1
SECURITY LABEL ON TABLE nd IS 'x';
--> ERROR 22023 no security label providers have been loaded
SECURITY LABEL FOR foo ON TABLE nd IS 'x';
--> ERROR 22023 security label provider "foo" is not loaded
CREATE ROLE o1;
CREATE ROLE o2;
CREATE ROLE o3;
CREATE SCHEMA os;
CREATE TABLE ot(a serial);
CREATE TABLE os.inner_t(a int);
CREATE SEQUENCE oq;
CREATE TYPE oe AS ENUM ('a');
CREATE VIEW ov AS SELECT a FROM ot;
CREATE FUNCTION of() RETURNS int LANGUAGE sql AS 'SELECT 1';
ALTER TABLE ot OWNER TO o1;
ALTER SEQUENCE oq OWNER TO o1;
ALTER SCHEMA os OWNER TO o1;
ALTER TYPE oe OWNER TO o1;
ALTER FUNCTION of() OWNER TO o1;
GRANT SELECT ON nd TO o1;
GRANT UPDATE (a) ON nd TO o1;
GRANT SELECT ON nd TO o3;
ALTER DEFAULT PRIVILEGES FOR ROLE o1 GRANT SELECT ON TABLES TO o3;
DROP ROLE o1;
--> ERROR 2BP01 role "o1" cannot be dropped because some objects depend on it
REASSIGN OWNED BY o1 TO o2;
SELECT relname, relowner::regrole FROM pg_class WHERE relname IN ('ot','oq','ot_a_seq') ORDER BY 1;
--> oq | o2
--> ot | o2
--> ot_a_seq | o2
SELECT nspowner::regrole FROM pg_namespace WHERE nspname='os';
--> o2
SELECT typowner::regrole FROM pg_type WHERE typname='oe';
--> o2
SELECT proowner::regrole FROM pg_proc WHERE proname='of';
--> o2
DROP ROLE o1;
--> ERROR 2BP01 role "o1" cannot be dropped because some objects depend on it
DROP OWNED BY o1;
SELECT has_table_privilege('o3','nd','select'), has_table_privilege('o1','nd','select'), has_column_privilege('o1','nd','a','update');
--> t | f | f
DROP ROLE o1;
DROP OWNED BY o2;
--> ERROR 2BP01 cannot drop desired object(s) because other objects depend on them
DROP OWNED BY o2 CASCADE;
SELECT count(*) FROM pg_class WHERE relname IN ('ot','oq','ov','inner_t','ot_a_seq');
--> 0
SELECT count(*) FROM pg_namespace WHERE nspname='os';
--> 0
SELECT count(*) FROM pg_type WHERE typname='oe';
--> 0
DROP OWNED BY nope;
--> ERROR 42704 role "nope" does not exist
REASSIGN OWNED BY nope TO o2;
--> ERROR 42704 role "nope" does not exist
REASSIGN OWNED BY o2 TO nope;
--> ERROR 42704 role "nope" does not exist
DROP ROLE o2;
DROP OWNED BY o3;
DROP ROLE o3;
