-- Owners of and grants on functions and procedures; each answer is PostgreSQL's.
CREATE ROLE bob;
CREATE FUNCTION addup(a int, b int DEFAULT 2) RETURNS int LANGUAGE sql IMMUTABLE STRICT AS 'SELECT a + b';
CREATE PROCEDURE pr(n int) LANGUAGE sql AS 'SELECT 1';
ALTER FUNCTION addup(int,int) OWNER TO bob;
GRANT EXECUTE ON FUNCTION addup(int,int) TO bob;
GRANT EXECUTE ON FUNCTION addup TO bob WITH GRANT OPTION;
REVOKE ALL ON FUNCTION addup(int,int) FROM PUBLIC;
REVOKE ALL ON PROCEDURE pr(int) FROM bob;
GRANT EXECUTE ON FUNCTION pr(int) TO bob;
--> ERROR 42809 pr(integer) is not a function
GRANT EXECUTE ON ROUTINE pr(int) TO bob;
GRANT EXECUTE ON FUNCTION nosuch(int) TO bob;
--> ERROR 42883 function nosuch(integer) does not exist
GRANT EXECUTE ON FUNCTION addup(int) TO bob;
--> ERROR 42883 function addup(integer) does not exist
GRANT EXECUTE ON FUNCTION lower(text) TO bob;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA public TO bob;
ALTER PROCEDURE pr(int) OWNER TO bob;
ALTER ROUTINE pr OWNER TO bob;
COMMENT ON FUNCTION addup(int,int) IS 'x';
ALTER FUNCTION addup(int,int) RENAME TO addup2;
ALTER FUNCTION addup2(int,int) STABLE;
ALTER SCHEMA public OWNER TO bob;
ALTER TYPE nosuch OWNER TO bob;
--> ERROR 42704 type "nosuch" does not exist
DROP ROLE bob;
--> ERROR 2BP01 role "bob" cannot be dropped because some objects depend on it
CREATE USER amy;
ALTER DEFAULT PRIVILEGES FOR ROLE amy REVOKE INSERT ON TABLES FROM amy;
ALTER DEFAULT PRIVILEGES FOR ROLE amy GRANT INSERT ON TABLES TO amy;
DROP USER amy;
