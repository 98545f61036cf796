-- SET, SHOW, RESET, PREPARE: state of one session.
SHOW TimeZone;
--> UTC
SHOW search_path;
--> "$user", public
SHOW no_such_setting;
--> ERROR 42704 unrecognized configuration parameter "no_such_setting"
SET no_such_setting = 1;
--> ERROR 42704 unrecognized configuration parameter "no_such_setting"
SET custom.thing = 'x';
SHOW custom.thing;
--> x
SET TIME ZONE 'Europe/Berlin';
SELECT timestamptz '2024-07-01 12:00:00+00';
--> 2024-07-01 14:00:00+02
RESET TimeZone;
SELECT timestamptz '2024-07-01 12:00:00+00';
--> 2024-07-01 12:00:00+00
SET work_mem = '64MB';
SHOW work_mem;
--> 64MB
SET work_mem = '3 bananas';
--> ERROR 22023 invalid value for parameter "work_mem": "3 bananas"
SET DateStyle = 'German';
SELECT date '2024-02-29';
--> 29.02.2024
SHOW DateStyle;
--> German, DMY
RESET ALL;
SELECT date '2024-02-29';
--> 2024-02-29
BEGIN;
SET LOCAL statement_timeout = '5s';
SHOW statement_timeout;
--> 5s
COMMIT;
SHOW statement_timeout;
--> 0
BEGIN;
SET statement_timeout = '7s';
ROLLBACK;
SHOW statement_timeout;
--> 0
SELECT current_setting('search_path'), set_config('application_name', 'golden', false);
--> "$user", public | golden
SHOW application_name;
--> golden
SET server_version = '9';
--> ERROR 55P02 parameter "server_version" cannot be changed
SET optimizer.rule.hash_joins = off;
--> ERROR 42704 unrecognized configuration parameter "optimizer.rule.hash_joins"
SET enable_hashjoin = off;
SHOW optimizer.rule.hash_join;
--> off
PREPARE add(int, int) AS SELECT $1 + $2;
EXECUTE add(2, 3);
--> 5
EXECUTE add(2);
--> ERROR 42601 wrong number of parameters for prepared statement "add"
DEALLOCATE add;
EXECUTE add(2, 3);
--> ERROR 26000 prepared statement "add" does not exist
SELECT name, value FROM sys.settings WHERE name = 'TimeZone';
--> TimeZone | UTC
SELECT nspname FROM pg_namespace ORDER BY 1;
--> information_schema
--> pg_catalog
--> public
--> sys
