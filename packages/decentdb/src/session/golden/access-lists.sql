-- Lists of what was granted, as they are kept and as they are asked; each answer is PostgreSQL's (of version 15: no MAINTAIN).
GRANT CREATE ON SCHEMA public TO PUBLIC;
CREATE ROLE bob;
CREATE ROLE alice;
CREATE ROLE grp;
GRANT grp TO alice;
CREATE TABLE t (id int primary key, a int, b text);
CREATE FUNCTION f() RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE SEQUENCE s;
CREATE TYPE mood AS ENUM ('a');
CREATE SCHEMA sc;
REVOKE EXECUTE ON FUNCTION f() FROM PUBLIC;
SELECT proacl FROM pg_proc WHERE proname='f';
--> {decentdb=X/decentdb}
GRANT SELECT ON t TO bob;
GRANT SELECT ON t TO alice;
GRANT INSERT ON t TO bob;
SELECT relacl FROM pg_class WHERE relname='t';
--> {decentdb=arwdDxt/decentdb,bob=ar/decentdb,alice=r/decentdb}
GRANT UPDATE (a), SELECT (b) ON t TO grp;
SELECT attname, attacl FROM pg_attribute WHERE attrelid='t'::regclass AND attnum > 0 ORDER BY attnum;
--> id | NULL
--> a | {grp=w/decentdb}
--> b | {grp=r/decentdb}
REVOKE ALL ON t FROM bob;
SELECT relacl FROM pg_class WHERE relname='t';
--> {decentdb=arwdDxt/decentdb,alice=r/decentdb}
REVOKE ALL ON t FROM alice;
SELECT relacl FROM pg_class WHERE relname='t';
--> {decentdb=arwdDxt/decentdb}
REVOKE SELECT ON s FROM bob;
SELECT relacl FROM pg_class WHERE relname='s';
--> {decentdb=rwU/decentdb}
REVOKE INSERT ON t FROM decentdb;
SELECT relacl FROM pg_class WHERE relname='t';
--> {decentdb=rwdDxt/decentdb}
GRANT ALL ON t TO decentdb;
SELECT relacl FROM pg_class WHERE relname='t';
--> {decentdb=arwdDxt/decentdb}
REVOKE USAGE ON TYPE mood FROM PUBLIC;
SELECT typacl FROM pg_type WHERE typname='mood';
--> {decentdb=U/decentdb}
GRANT USAGE ON TYPE mood TO bob;
SELECT typacl FROM pg_type WHERE typname='mood';
--> {decentdb=U/decentdb,bob=U/decentdb}
GRANT CREATE ON SCHEMA sc TO alice;
SELECT nspacl FROM pg_namespace WHERE nspname='sc';
--> {decentdb=UC/decentdb,alice=C/decentdb}
GRANT SELECT ON t TO alice WITH GRANT OPTION;
BEGIN;
SET ROLE alice;
GRANT SELECT ON t TO bob;
RESET ROLE;
COMMIT;
SELECT relacl FROM pg_class WHERE relname='t';
--> {decentdb=arwdDxt/decentdb,alice=r*/decentdb,bob=r/alice}
REVOKE SELECT ON t FROM alice;
--> ERROR 2BP01 dependent privileges exist
REVOKE GRANT OPTION FOR SELECT ON t FROM alice;
--> ERROR 2BP01 dependent privileges exist
REVOKE SELECT ON t FROM alice CASCADE;
SELECT relacl FROM pg_class WHERE relname='t';
--> {decentdb=arwdDxt/decentdb}
ALTER TABLE t OWNER TO alice;
SELECT relacl, relowner::regrole::text FROM pg_class WHERE relname='t';
--> {alice=arwdDxt/alice} | alice
GRANT SELECT ON t TO bob;
SELECT relacl FROM pg_class WHERE relname='t';
--> {alice=arwdDxt/alice,bob=r/alice}
ALTER TABLE t OWNER TO bob;
SELECT relacl FROM pg_class WHERE relname='t';
--> {bob=arwdDxt/bob}
SELECT has_table_privilege('bob','t','SELECT'), has_table_privilege('grp','t','SELECT'), has_table_privilege('alice','t','SELECT'), has_table_privilege('t','SELECT');
--> t | f | f | t
SELECT has_column_privilege('grp','t','a','UPDATE'), has_column_privilege('alice','t','a','UPDATE'), has_column_privilege('grp','t','a','SELECT'), has_any_column_privilege('grp','t','SELECT');
--> t | t | f | t
SELECT has_function_privilege('grp','f()','EXECUTE'), has_schema_privilege('alice','sc','CREATE'), has_schema_privilege('bob','sc','CREATE'), has_type_privilege('bob','mood','USAGE'), has_type_privilege('grp','mood','USAGE'), has_sequence_privilege('grp','s','USAGE'), has_database_privilege('grp',current_database(),'CREATE'), has_database_privilege('grp',current_database(),'CONNECT'), has_database_privilege('grp',current_database(),'TEMP');
--> f | t | f | t | f | f | f | t | t
SELECT pg_has_role('alice','grp','USAGE'), pg_has_role('alice','grp','MEMBER'), pg_has_role('bob','grp','MEMBER'), pg_has_role('decentdb','grp','MEMBER');
--> t | t | f | t
SELECT grantor::regrole::text, grantee::regrole::text, privilege_type, is_grantable FROM pg_class, aclexplode(relacl) WHERE relname='t' ORDER BY 1,2,3;
--> bob | bob | DELETE | f
--> bob | bob | INSERT | f
--> bob | bob | REFERENCES | f
--> bob | bob | SELECT | f
--> bob | bob | TRIGGER | f
--> bob | bob | TRUNCATE | f
--> bob | bob | UPDATE | f
SELECT acldefault('r', 10), acldefault('f', 10), acldefault('s',10), acldefault('T',10), acldefault('n',10), acldefault('d',10), acldefault('c', 10), acldefault('l', 10), acldefault('t', 10);
--> {decentdb=arwdDxt/decentdb} | {=X/decentdb,decentdb=X/decentdb} | {decentdb=rwU/decentdb} | {=U/decentdb,decentdb=U/decentdb} | {decentdb=UC/decentdb} | {=Tc/decentdb,decentdb=CTc/decentdb} | {} | {=U/decentdb,decentdb=U/decentdb} | {decentdb=C/decentdb}
ALTER DEFAULT PRIVILEGES GRANT SELECT ON TABLES TO bob;
SELECT defaclrole::regrole::text, defaclnamespace, defaclobjtype, defaclacl FROM pg_default_acl ORDER BY 1,2,3;
--> decentdb | 0 | r | {decentdb=arwdDxt/decentdb,bob=r/decentdb}
ALTER DEFAULT PRIVILEGES IN SCHEMA sc GRANT INSERT ON TABLES TO alice;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
ALTER DEFAULT PRIVILEGES FOR ROLE alice GRANT USAGE ON TYPES TO bob;
SELECT defaclrole::regrole::text, defaclnamespace <> 0, defaclobjtype, defaclacl FROM pg_default_acl ORDER BY 1,2,3;
--> alice | f | T | {=U/alice,bob=U/alice,alice=U/alice}
--> decentdb | f | f | {decentdb=X/decentdb}
--> decentdb | f | r | {decentdb=arwdDxt/decentdb,bob=r/decentdb}
--> decentdb | t | r | {alice=a/decentdb}
CREATE TABLE sc.n1 (x int);
CREATE TABLE n2 (x int);
CREATE FUNCTION f5() RETURNS int LANGUAGE sql AS 'SELECT 1';
SELECT relname, relacl FROM pg_class WHERE relname IN ('n1','n2') ORDER BY 1;
--> n1 | {decentdb=arwdDxt/decentdb,bob=r/decentdb,alice=a/decentdb}
--> n2 | {decentdb=arwdDxt/decentdb,bob=r/decentdb}
SELECT proacl FROM pg_proc WHERE proname='f5';
--> {decentdb=X/decentdb}
ALTER DEFAULT PRIVILEGES REVOKE SELECT ON TABLES FROM bob;
ALTER DEFAULT PRIVILEGES GRANT EXECUTE ON FUNCTIONS TO PUBLIC;
SELECT defaclrole::regrole::text, defaclnamespace <> 0, defaclobjtype, defaclacl FROM pg_default_acl ORDER BY 1,2,3;
--> alice | f | T | {=U/alice,bob=U/alice,alice=U/alice}
--> decentdb | t | r | {alice=a/decentdb}
SELECT grantor, grantee, table_name, privilege_type, is_grantable FROM information_schema.table_privileges WHERE table_schema='public' ORDER BY 3,2,4;
--> decentdb | bob | n2 | SELECT | NO
--> decentdb | decentdb | n2 | DELETE | YES
--> decentdb | decentdb | n2 | INSERT | YES
--> decentdb | decentdb | n2 | REFERENCES | YES
--> decentdb | decentdb | n2 | SELECT | YES
--> decentdb | decentdb | n2 | TRIGGER | YES
--> decentdb | decentdb | n2 | TRUNCATE | YES
--> decentdb | decentdb | n2 | UPDATE | YES
--> bob | bob | t | DELETE | YES
--> bob | bob | t | INSERT | YES
--> bob | bob | t | REFERENCES | YES
--> bob | bob | t | SELECT | YES
--> bob | bob | t | TRIGGER | YES
--> bob | bob | t | TRUNCATE | YES
--> bob | bob | t | UPDATE | YES
SELECT grantor, grantee, routine_name, privilege_type FROM information_schema.routine_privileges WHERE specific_schema='public' ORDER BY 3,2,4;
--> decentdb | decentdb | f | EXECUTE
--> decentdb | decentdb | f5 | EXECUTE
BEGIN;
SET ROLE alice;
CREATE TABLE bya (x int);
CREATE TYPE tya AS ENUM ('q');
CREATE FUNCTION fya() RETURNS int LANGUAGE sql AS 'SELECT 1';
RESET ROLE;
COMMIT;
SELECT relowner::regrole::text, relacl FROM pg_class WHERE relname = 'bya';
--> alice | NULL
SELECT typowner::regrole::text, typacl FROM pg_type WHERE typname = 'tya';
--> alice | {=U/alice,bob=U/alice,alice=U/alice}
SELECT proowner::regrole::text, proacl FROM pg_proc WHERE proname = 'fya';
--> alice | NULL
SELECT has_table_privilege('alice', 'bya', 'SELECT WITH GRANT OPTION'), has_table_privilege('grp', 'bya', 'SELECT'), has_table_privilege('grp', 'bya', 'INSERT, SELECT');
--> t | f | f
SELECT has_table_privilege('grp', 'pg_class', 'SELECT'), has_table_privilege('grp', 'pg_class', 'INSERT'), has_schema_privilege('grp', 'public', 'USAGE'), has_schema_privilege('grp', 'public', 'CREATE'), has_schema_privilege('grp', 'pg_catalog', 'USAGE'), has_function_privilege('grp', 'lower(text)', 'EXECUTE'), has_type_privilege('grp', 'int4', 'USAGE');
--> t | f | t | t | t | t | t
SELECT has_table_privilege('nope', 'bya', 'SELECT');
--> ERROR 42704 role "nope" does not exist
SELECT has_table_privilege('grp', 'nope', 'SELECT');
--> ERROR 42P01 relation "nope" does not exist
SELECT has_table_privilege('grp', 'bya', 'FLY');
--> ERROR 22023 unrecognized privilege type: "FLY"
SELECT has_table_privilege('grp', 999999, 'SELECT'), has_table_privilege(999999, 'bya', 'SELECT');
--> NULL | f
SELECT has_column_privilege('grp', 'bya', 'zz', 'SELECT');
--> ERROR 42703 column "zz" of relation "bya" does not exist
SELECT has_column_privilege('grp', 'bya', 9::int2, 'SELECT');
--> NULL
SELECT has_schema_privilege('grp', 'zz', 'USAGE');
--> ERROR 3F000 schema "zz" does not exist
SELECT has_sequence_privilege('grp', 'bya', 'USAGE');
--> ERROR 42809 "bya" is not a sequence
SELECT pg_has_role('grp', 'FLY');
--> ERROR 22023 unrecognized privilege type: "FLY"
GRANT pg_read_all_data TO bob;
SELECT has_table_privilege('bob', 'n2', 'SELECT'), has_table_privilege('bob', 'n2', 'INSERT'), has_schema_privilege('bob', 'sc', 'USAGE');
--> t | f | t
CREATE ROLE noinh NOINHERIT;
GRANT alice TO noinh;
SELECT has_table_privilege('noinh', 'bya', 'SELECT'), pg_has_role('noinh', 'alice', 'MEMBER'), pg_has_role('noinh', 'alice', 'USAGE'), pg_has_role('alice', 'alice', 'USAGE WITH ADMIN OPTION');
--> f | t | f | f
GRANT SELECT (x), UPDATE (x) ON bya TO bob;
REVOKE SELECT ON bya FROM bob;
SELECT attacl FROM pg_attribute WHERE attrelid = 'bya'::regclass AND attname = 'x';
--> {bob=w/alice}
SELECT relacl FROM pg_class WHERE relname = 'bya';
--> {alice=arwdDxt/alice}
GRANT ALL ON bya TO PUBLIC;
REVOKE ALL ON bya FROM alice;
SELECT relacl FROM pg_class WHERE relname = 'bya';
--> {=arwdDxt/alice}
SELECT has_table_privilege('alice', 'bya', 'SELECT'), has_table_privilege('noinh', 'bya', 'SELECT');
--> t | t
REVOKE ALL ON bya FROM PUBLIC;
SELECT relacl FROM pg_class WHERE relname = 'bya';
--> {}
SELECT has_table_privilege('alice', 'bya', 'SELECT'), has_table_privilege('alice', 'bya', 'SELECT WITH GRANT OPTION');
--> f | t
ALTER TABLE bya OWNER TO grp;
SELECT relacl, attacl FROM pg_class c, pg_attribute a WHERE relname = 'bya' AND attrelid = c.oid AND attname = 'x';
--> {} | {bob=w/grp}
GRANT SELECT ON bya TO alice WITH GRANT OPTION;
BEGIN;
SET ROLE alice;
GRANT SELECT ON bya TO bob WITH GRANT OPTION;
SET ROLE bob;
GRANT SELECT ON bya TO alice WITH GRANT OPTION;
GRANT SELECT ON bya TO noinh;
RESET ROLE;
COMMIT;
SELECT relacl FROM pg_class WHERE relname = 'bya';
--> {alice=r*/grp,bob=r*/alice,alice=r*/bob,noinh=r/bob}
REVOKE GRANT OPTION FOR SELECT ON bya FROM alice CASCADE;
SELECT relacl FROM pg_class WHERE relname = 'bya';
--> {alice=r/grp,bob=r*/alice,alice=r*/bob,noinh=r/bob}
ALTER DEFAULT PRIVILEGES FOR ROLE alice REVOKE INSERT ON TABLES FROM alice;
BEGIN;
SET ROLE alice;
CREATE TABLE bya2 (x int);
RESET ROLE;
COMMIT;
SELECT relacl FROM pg_class WHERE relname = 'bya2';
--> {alice=rwdDxt/alice}
GRANT CREATE ON DATABASE decentdb TO bob;
SELECT has_database_privilege('bob', 'decentdb', 'CREATE');
--> t
CREATE DOMAIN dm AS numeric(5,2) NOT NULL DEFAULT 3 CHECK (VALUE > 1);
SELECT typnotnull, typtypmod, typdefault, typbasetype FROM pg_type WHERE typname = 'dm';
--> t | 327686 | 3 | 1700
GRANT SELECT ON nope TO bob;
--> ERROR 42P01 relation "nope" does not exist
GRANT bob TO bob;
--> ERROR 0LP01 role "bob" is a member of role "bob"
GRANT alice TO bob;
