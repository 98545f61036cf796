-- What psql asks of catalogues with its commands on objects, where DecentDB has little to tell; each answer is PostgreSQL's.
CREATE TABLE t (a int, b text);
CREATE VIEW v AS SELECT a FROM t;
CREATE FUNCTION f(int, text) RETURNS int LANGUAGE sql AS 'SELECT 1';
CREATE SEQUENCE sq;
SELECT pg_describe_object('pg_class'::regclass, 't'::regclass, 0), pg_describe_object('pg_class'::regclass, 't'::regclass, 2), pg_describe_object('pg_class'::regclass, 'v'::regclass, 0), pg_describe_object('pg_class'::regclass, 'sq'::regclass, 0);
--> table t | column b of table t | view v | sequence sq
SELECT pg_describe_object('pg_proc'::regclass, 'f'::regproc, 0);
--> function f(integer,text)
SELECT * FROM pg_options_to_table(ARRAY['a=1', 'b', 'c=d=e', NULL]);
--> ERROR 22004 null array element not allowed in this context
SELECT pg_options_to_table('{x=y}');
--> (x,y)
SELECT pg_tablespace_size('pg_default') > 0;
--> t
SELECT count(*) FROM pg_ts_config_map WHERE false;
--> 0
SELECT amname FROM pg_am WHERE amhandler IS NULL;
SELECT c.conname FROM pg_conversion c WHERE NOT pg_conversion_is_visible(c.oid);
SELECT count(*) FROM pg_statistic_ext WHERE pg_statistics_obj_is_visible(oid);
--> 0
