-- information_schema and the views of pg_catalog over one schema; each answer is PostgreSQL's, but for the owner's name.
CREATE ROLE bob;
CREATE ROLE amy LOGIN;
GRANT bob TO amy;
CREATE TYPE mood AS ENUM ('sad','ok');
CREATE TYPE pair AS (a int, b varchar(10), c numeric(6,2)[]);
CREATE DOMAIN posint AS int NOT NULL DEFAULT 1 CONSTRAINT pos CHECK (VALUE > 0);
CREATE DOMAIN code AS varchar(5) CHECK (VALUE <> '');
CREATE TABLE dept(id serial PRIMARY KEY, name text NOT NULL UNIQUE, budget numeric(12,2) CHECK (budget >= 0), parent int REFERENCES dept ON DELETE SET NULL);
CREATE TABLE emp(id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name varchar(30) NOT NULL, dept_id int, salary numeric(10,2), m mood DEFAULT 'ok', tags text[] DEFAULT '{}', grade posint, c code, p pair, up text GENERATED ALWAYS AS (upper(name)) STORED, at timestamptz(3), CONSTRAINT emp_fk FOREIGN KEY (dept_id) REFERENCES dept(id) ON UPDATE CASCADE DEFERRABLE INITIALLY DEFERRED, CONSTRAINT two CHECK (salary > 0 AND name <> ''), UNIQUE NULLS NOT DISTINCT (dept_id, name));
CREATE VIEW v AS SELECT id, name, salary + 1 AS s FROM emp WHERE salary > 1 WITH CASCADED CHECK OPTION;
CREATE VIEW w AS SELECT d.name, count(*) AS n FROM dept d JOIN emp e ON e.dept_id = d.id GROUP BY d.name;
CREATE FUNCTION addup(a int, b int DEFAULT 2) RETURNS int LANGUAGE sql IMMUTABLE STRICT AS 'SELECT a + b';
CREATE FUNCTION pairs(OUT x int, OUT y text) RETURNS SETOF record LANGUAGE sql AS $$ SELECT 1, 'a' $$;
CREATE PROCEDURE pr(n int) LANGUAGE sql AS 'DELETE FROM emp WHERE id = n';
CREATE MATERIALIZED VIEW mv AS SELECT dept_id, count(*) FROM emp GROUP BY 1;
CREATE INDEX emp_i ON emp (lower(name)) WHERE salary > 5;
GRANT SELECT, INSERT ON emp TO bob WITH GRANT OPTION;
GRANT UPDATE (name) ON emp TO PUBLIC;
GRANT SELECT ON dept TO PUBLIC;
GRANT USAGE ON SEQUENCE dept_id_seq TO bob;
REVOKE EXECUTE ON FUNCTION addup(int,int) FROM PUBLIC;
CREATE SEQUENCE sq AS smallint START 5 INCREMENT 2 MAXVALUE 99 CYCLE;
SELECT udt_schema, udt_name, attribute_name, ordinal_position, data_type, character_maximum_length, attribute_udt_name, dtd_identifier FROM information_schema.attributes ORDER BY 1, 2, 4;
--> public | pair | a | 1 | integer | NULL | int4 | 1
--> public | pair | b | 2 | character varying | 10 | varchar | 2
--> public | pair | c | 3 | ARRAY | NULL | _numeric | 3
SELECT grantee, role_name, is_grantable FROM information_schema.applicable_roles WHERE grantee = 'amy';
--> amy | bob | NO
SELECT constraint_name, check_clause FROM information_schema.check_constraints WHERE constraint_schema = 'public' AND check_clause LIKE '%IS NOT NULL' ORDER BY 1;
--> dept_id_not_null | id IS NOT NULL
--> dept_name_not_null | name IS NOT NULL
--> emp_id_not_null | id IS NOT NULL
--> emp_name_not_null | name IS NOT NULL
--> posint_not_null | VALUE IS NOT NULL
SELECT table_name, column_name, dependent_column FROM information_schema.column_column_usage WHERE table_schema = 'public';
--> emp | name | up
SELECT domain_name, table_name, column_name FROM information_schema.column_domain_usage WHERE table_schema = 'public' ORDER BY 1, 2, 3;
--> code | emp | c
--> posint | emp | grade
SELECT grantor, grantee, column_name, privilege_type, is_grantable FROM information_schema.column_privileges WHERE table_schema = 'public' AND table_name = 'emp' AND column_name IN ('name', 'id') ORDER BY 2, 3, 4;
--> decentdb | PUBLIC | name | UPDATE | NO
--> decentdb | bob | id | INSERT | YES
--> decentdb | bob | id | SELECT | YES
--> decentdb | bob | name | INSERT | YES
--> decentdb | bob | name | SELECT | YES
--> decentdb | decentdb | id | INSERT | YES
--> decentdb | decentdb | id | REFERENCES | YES
--> decentdb | decentdb | id | SELECT | YES
--> decentdb | decentdb | id | UPDATE | YES
--> decentdb | decentdb | name | INSERT | YES
--> decentdb | decentdb | name | REFERENCES | YES
--> decentdb | decentdb | name | SELECT | YES
--> decentdb | decentdb | name | UPDATE | YES
SELECT udt_schema, udt_name, table_name, column_name FROM information_schema.column_udt_usage WHERE table_schema = 'public' ORDER BY 3, 4;
--> pg_catalog | numeric | dept | budget
--> pg_catalog | int4 | dept | id
--> pg_catalog | text | dept | name
--> pg_catalog | int4 | dept | parent
--> pg_catalog | timestamptz | emp | at
--> pg_catalog | varchar | emp | c
--> pg_catalog | int4 | emp | dept_id
--> pg_catalog | int4 | emp | grade
--> pg_catalog | int4 | emp | id
--> public | mood | emp | m
--> pg_catalog | varchar | emp | name
--> public | pair | emp | p
--> pg_catalog | numeric | emp | salary
--> pg_catalog | _text | emp | tags
--> pg_catalog | text | emp | up
--> pg_catalog | int4 | v | id
--> pg_catalog | varchar | v | name
--> pg_catalog | numeric | v | s
--> pg_catalog | int8 | w | n
--> pg_catalog | text | w | name
SELECT table_name, column_name, is_nullable, data_type, character_maximum_length, numeric_precision, numeric_scale, datetime_precision, domain_name, udt_name, is_updatable FROM information_schema.columns WHERE table_schema = 'public' ORDER BY table_name, ordinal_position;
--> dept | id | NO | integer | NULL | 32 | 0 | NULL | NULL | int4 | YES
--> dept | name | NO | text | NULL | NULL | NULL | NULL | NULL | text | YES
--> dept | budget | YES | numeric | NULL | 12 | 2 | NULL | NULL | numeric | YES
--> dept | parent | YES | integer | NULL | 32 | 0 | NULL | NULL | int4 | YES
--> emp | id | NO | integer | NULL | 32 | 0 | NULL | NULL | int4 | YES
--> emp | name | NO | character varying | 30 | NULL | NULL | NULL | NULL | varchar | YES
--> emp | dept_id | YES | integer | NULL | 32 | 0 | NULL | NULL | int4 | YES
--> emp | salary | YES | numeric | NULL | 10 | 2 | NULL | NULL | numeric | YES
--> emp | m | YES | USER-DEFINED | NULL | NULL | NULL | NULL | NULL | mood | YES
--> emp | tags | YES | ARRAY | NULL | NULL | NULL | NULL | NULL | _text | YES
--> emp | grade | NO | integer | NULL | 32 | 0 | NULL | posint | int4 | YES
--> emp | c | YES | character varying | 5 | NULL | NULL | NULL | code | varchar | YES
--> emp | p | YES | USER-DEFINED | NULL | NULL | NULL | NULL | NULL | pair | YES
--> emp | up | YES | text | NULL | NULL | NULL | NULL | NULL | text | YES
--> emp | at | YES | timestamp with time zone | NULL | NULL | NULL | 3 | NULL | timestamptz | YES
--> v | id | YES | integer | NULL | 32 | 0 | NULL | NULL | int4 | YES
--> v | name | YES | character varying | 30 | NULL | NULL | NULL | NULL | varchar | YES
--> v | s | YES | numeric | NULL | NULL | NULL | NULL | NULL | numeric | NO
--> w | name | YES | text | NULL | NULL | NULL | NULL | NULL | text | NO
--> w | n | YES | bigint | NULL | 64 | 0 | NULL | NULL | int8 | NO
SELECT table_name, column_name, constraint_name FROM information_schema.constraint_column_usage WHERE constraint_schema = 'public' ORDER BY 3, 2;
--> dept | budget | dept_budget_check
--> dept | id | dept_id_not_null
--> dept | name | dept_name_key
--> dept | name | dept_name_not_null
--> dept | id | dept_parent_fkey
--> dept | id | dept_pkey
--> emp | dept_id | emp_dept_id_name_key
--> emp | name | emp_dept_id_name_key
--> dept | id | emp_fk
--> emp | id | emp_id_not_null
--> emp | name | emp_name_not_null
--> emp | id | emp_pkey
--> emp | name | two
--> emp | salary | two
SELECT table_name, constraint_name FROM information_schema.constraint_table_usage WHERE constraint_schema = 'public' ORDER BY 2;
--> dept | dept_name_key
--> dept | dept_parent_fkey
--> dept | dept_pkey
--> emp | emp_dept_id_name_key
--> dept | emp_fk
--> emp | emp_pkey
SELECT * FROM information_schema.domain_constraints WHERE domain_schema = 'public' ORDER BY constraint_name;
--> decentdb | public | code_check | decentdb | public | code | NO | NO
--> decentdb | public | pos | decentdb | public | posint | NO | NO
--> decentdb | public | posint_not_null | decentdb | public | posint | NO | NO
SELECT domain_name, udt_schema, udt_name FROM information_schema.domain_udt_usage WHERE domain_schema = 'public' ORDER BY 1;
--> code | pg_catalog | varchar
--> posint | pg_catalog | int4
SELECT domain_name, data_type, character_maximum_length, numeric_precision, domain_default, udt_name FROM information_schema.domains WHERE domain_schema = 'public' ORDER BY 1;
--> code | character varying | 5 | NULL | NULL | varchar
--> posint | integer | NULL | 32 | 1 | int4
SELECT object_name, object_type, collection_type_identifier, data_type, udt_name, dtd_identifier FROM information_schema.element_types WHERE object_schema = 'public' ORDER BY 1;
--> emp | TABLE | 6 | text | text | a6
--> pair | USER-DEFINED TYPE | 3 | numeric | numeric | a3
SELECT catalog_name = current_database() FROM information_schema.information_schema_catalog_name;
--> t
SELECT constraint_name, table_name, column_name, ordinal_position, position_in_unique_constraint FROM information_schema.key_column_usage WHERE constraint_schema = 'public' ORDER BY 1, 4;
--> dept_name_key | dept | name | 1 | NULL
--> dept_parent_fkey | dept | parent | 1 | 1
--> dept_pkey | dept | id | 1 | NULL
--> emp_dept_id_name_key | emp | dept_id | 1 | NULL
--> emp_dept_id_name_key | emp | name | 2 | NULL
--> emp_fk | emp | dept_id | 1 | 1
--> emp_pkey | emp | id | 1 | NULL
SELECT parameter_name, ordinal_position, parameter_mode, data_type, parameter_default FROM information_schema.parameters WHERE specific_schema = 'public' ORDER BY specific_name, 2;
--> a | 1 | IN | integer | NULL
--> b | 2 | IN | integer | 2
--> x | 1 | OUT | integer | NULL
--> y | 2 | OUT | text | NULL
--> n | 1 | IN | integer | NULL
SELECT constraint_name, unique_constraint_name, match_option, update_rule, delete_rule FROM information_schema.referential_constraints WHERE constraint_schema = 'public' ORDER BY 1;
--> dept_parent_fkey | dept_pkey | NONE | NO ACTION | SET NULL
--> emp_fk | dept_pkey | NONE | CASCADE | NO ACTION
SELECT routine_name, routine_type, data_type, routine_definition, is_deterministic, is_null_call, security_type FROM information_schema.routines WHERE routine_schema = 'public' ORDER BY 1;
--> addup | FUNCTION | integer | SELECT a + b | YES | YES | INVOKER
--> pairs | FUNCTION | record |  SELECT 1, 'a'  | NO | NO | INVOKER
--> pr | PROCEDURE | NULL | DELETE FROM emp WHERE id = n | NO | NULL | INVOKER
SELECT constraint_name, table_name, constraint_type, is_deferrable, initially_deferred, nulls_distinct FROM information_schema.table_constraints WHERE constraint_schema = 'public' ORDER BY 1;
--> dept_budget_check | dept | CHECK | NO | NO | NULL
--> dept_id_not_null | dept | CHECK | NO | NO | NULL
--> dept_name_key | dept | UNIQUE | NO | NO | YES
--> dept_name_not_null | dept | CHECK | NO | NO | NULL
--> dept_parent_fkey | dept | FOREIGN KEY | NO | NO | NULL
--> dept_pkey | dept | PRIMARY KEY | NO | NO | NULL
--> emp_dept_id_name_key | emp | UNIQUE | NO | NO | NO
--> emp_fk | emp | FOREIGN KEY | YES | YES | NULL
--> emp_id_not_null | emp | CHECK | NO | NO | NULL
--> emp_name_not_null | emp | CHECK | NO | NO | NULL
--> emp_pkey | emp | PRIMARY KEY | NO | NO | NULL
--> two | emp | CHECK | NO | NO | NULL
SELECT grantor, grantee, privilege_type, is_grantable, with_hierarchy FROM information_schema.table_privileges WHERE table_schema = 'public' AND table_name = 'emp' ORDER BY 2, 3;
--> decentdb | bob | INSERT | YES | NO
--> decentdb | bob | SELECT | YES | YES
--> decentdb | decentdb | DELETE | YES | NO
--> decentdb | decentdb | INSERT | YES | NO
--> decentdb | decentdb | REFERENCES | YES | NO
--> decentdb | decentdb | SELECT | YES | YES
--> decentdb | decentdb | TRIGGER | YES | NO
--> decentdb | decentdb | TRUNCATE | YES | NO
--> decentdb | decentdb | UPDATE | YES | NO
SELECT table_name, table_type, is_insertable_into FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1;
--> dept | BASE TABLE | YES
--> emp | BASE TABLE | YES
--> v | VIEW | YES
--> w | VIEW | NO
SELECT grantee, object_name, object_type, privilege_type, is_grantable FROM information_schema.usage_privileges WHERE object_schema = 'public' ORDER BY 2, 1;
--> PUBLIC | code | DOMAIN | USAGE | NO
--> decentdb | code | DOMAIN | USAGE | YES
--> bob | dept_id_seq | SEQUENCE | USAGE | NO
--> decentdb | dept_id_seq | SEQUENCE | USAGE | YES
--> PUBLIC | posint | DOMAIN | USAGE | NO
--> decentdb | posint | DOMAIN | USAGE | YES
SELECT user_defined_type_name, user_defined_type_category, is_instantiable FROM information_schema.user_defined_types WHERE user_defined_type_schema = 'public';
--> pair | STRUCTURED | YES
SELECT view_name, table_name, column_name FROM information_schema.view_column_usage WHERE view_schema = 'public' ORDER BY 1, 2, 3;
--> v | emp | id
--> v | emp | name
--> v | emp | salary
--> w | dept | id
--> w | dept | name
--> w | emp | dept_id
SELECT view_name, table_name FROM information_schema.view_table_usage WHERE view_schema = 'public' ORDER BY 1, 2;
--> v | emp
--> w | dept
--> w | emp
SELECT table_name, check_option, is_updatable, is_insertable_into, is_trigger_updatable FROM information_schema.views WHERE table_schema = 'public' ORDER BY 1;
--> v | CASCADED | YES | YES | NO
--> w | NONE | NO | NO | NO
SELECT relname, relacl FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relacl IS NOT NULL ORDER BY 1;
--> dept | {decentdb=arwdDxt/decentdb,=r/decentdb}
--> dept_id_seq | {decentdb=rwU/decentdb,bob=U/decentdb}
--> emp | {decentdb=arwdDxt/decentdb,bob=a*r*/decentdb}
SELECT attname, attacl FROM pg_attribute WHERE attacl IS NOT NULL;
--> name | {=w/decentdb}
SELECT matviewname, hasindexes, ispopulated FROM pg_matviews WHERE schemaname = 'public';
--> mv | f | t
SELECT usename, usesuper FROM pg_user ORDER BY 1;
--> amy | f
--> decentdb | t
SELECT relname, indexrelname FROM pg_stat_user_indexes WHERE schemaname = 'public' ORDER BY 1, 2;
--> dept | dept_name_key
--> dept | dept_pkey
--> emp | emp_dept_id_name_key
--> emp | emp_i
--> emp | emp_pkey
SELECT datname = current_database(), state, backend_type FROM pg_stat_activity WHERE pid = pg_backend_pid();
--> t | active | client backend
SELECT t.table_name, count(*) FROM information_schema.tables t JOIN information_schema.columns c USING (table_schema, table_name) WHERE t.table_schema = 'public' GROUP BY 1 ORDER BY 1;
--> dept | 4
--> emp | 11
--> v | 3
--> w | 2
