-- CREATE AGGREGATE over built-in functions and functions in SQL; each answer is PostgreSQL's.
CREATE TABLE t(g int, x int, s text, f float8);
INSERT INTO t VALUES (1,1,'a',1.5),(1,2,'b',2.5),(2,NULL,NULL,NULL),(2,5,'c',3),(3,NULL,'z',NULL);
CREATE FUNCTION _group_concat(text, text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN $2 IS NULL THEN $1 WHEN $1 IS NULL THEN $2 ELSE $1 || ', ' || $2 END $$;
CREATE AGGREGATE group_concat(text) (SFUNC = _group_concat, STYPE = text);
SELECT g, group_concat(s) FROM t GROUP BY g ORDER BY g;
--> 1 | a, b
--> 2 | c
--> 3 | z
SELECT public.group_concat(s) FROM t;
--> a, b, c, z
SELECT g, x, group_concat(s) OVER (PARTITION BY g ORDER BY x) FROM t ORDER BY g, x;
--> 1 | 1 | a
--> 1 | 2 | a, b
--> 2 | 5 | c
--> 2 | NULL | c
--> 3 | NULL | z
SELECT x, group_concat(s) OVER (ORDER BY x ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) FROM t ORDER BY x;
--> 1 | a
--> 2 | a, b
--> 5 | b, c
--> NULL | c
--> NULL | z
SELECT group_concat(s) FROM t WHERE false;
--> NULL
CREATE AGGREGATE newsum(int4) (sfunc = int4pl, stype = int4, initcond = '0');
SELECT newsum(x), newsum(g) FROM t;
--> 8 | 9
SELECT newsum(x) FROM t WHERE false;
--> 0
CREATE AGGREGATE newsum2(int4) (sfunc = int4pl, stype = int4);
SELECT newsum2(x) FROM t;
--> 8
SELECT newsum2(x) FROM t WHERE false;
--> NULL
SELECT g, newsum2(x) FROM t GROUP BY g ORDER BY g;
--> 1 | 3
--> 2 | 5
--> 3 | NULL
CREATE AGGREGATE newcnt(*) (sfunc = int8inc, stype = int8, initcond = 0, parallel = safe);
SELECT newcnt(*) FROM t;
--> 5
SELECT newcnt() FROM t;
--> ERROR 42809 newcnt(*) must be used to call a parameterless aggregate function
SELECT newcnt(x) FROM t;
--> ERROR 42883 function newcnt(integer) does not exist
CREATE AGGREGATE oldcnt (sfunc = int8inc, basetype = 'ANY', stype = int8, initcond = '0');
SELECT oldcnt(*) FROM t;
--> 5
CREATE AGGREGATE newcnt2("any") (sfunc = int8inc_any, stype = int8, initcond='0');
CREATE AGGREGATE old_sum (basetype = int4, sfunc1 = int4pl, stype1 = int4, initcond1 = '0');
SELECT old_sum(x) FROM t;
--> 8
CREATE FUNCTION sum3(int8, int8, int8) RETURNS int8 AS 'select $1 + $2 + $3' LANGUAGE sql STRICT IMMUTABLE;
CREATE AGGREGATE sum2(int8, int8) (sfunc = sum3, stype = int8, initcond = '0');
SELECT sum2(x, g) FROM t;
--> 12
SELECT sum2(g, x) FROM t GROUP BY g ORDER BY 1;
--> 0
--> 5
--> 7
CREATE AGGREGATE my_array_agg(anycompatible) (sfunc = array_append, stype = anycompatiblearray, initcond = '{}');
SELECT my_array_agg(x ORDER BY x), my_array_agg(s ORDER BY x), my_array_agg(f ORDER BY f DESC) FROM t;
--> {1,2,5,NULL,NULL} | {a,b,c,NULL,z} | {NULL,NULL,3,2.5,1.5}
SELECT pg_typeof(my_array_agg(x)), pg_typeof(my_array_agg(s)) FROM t;
--> integer[] | text[]
CREATE FUNCTION avg_state(float8[], float8) RETURNS float8[] LANGUAGE sql IMMUTABLE STRICT AS 'SELECT ARRAY[$1[1] + 1, $1[2] + $2]';
CREATE FUNCTION avg_final(float8[]) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT CASE WHEN $1[1] > 0 THEN $1[2] / $1[1] END';
CREATE AGGREGATE my_avg(float8) (sfunc = avg_state, stype = float8[], finalfunc = avg_final, initcond = '{0,0}');
SELECT my_avg(f), avg(f) FROM t;
--> 2.3333333333333335 | 2.3333333333333335
SELECT g, my_avg(x) FROM t GROUP BY g HAVING my_avg(x) > 0 ORDER BY my_avg(x);
--> 1 | 1.5
--> 2 | 5
SELECT my_avg(my_avg(f)) FROM t;
--> ERROR 42803 aggregate function calls cannot be nested
SELECT x FROM t WHERE my_avg(f) > 1;
--> ERROR 42803 aggregate functions are not allowed in WHERE
SELECT * FROM my_avg(1.0);
--> ERROR 42803 aggregate functions are not allowed in functions in FROM
SELECT my_avg('x') FROM t;
--> ERROR 22P02 invalid input syntax for type double precision: "x"
SELECT my_avg(s) FROM t;
--> ERROR 42883 function my_avg(text) does not exist
SELECT my_avg(DISTINCT f) FROM t;
--> 2.3333333333333335
SELECT my_avg(f) WITHIN GROUP (ORDER BY f) FROM t;
--> ERROR 42883 function my_avg(double precision, double precision) does not exist
CREATE AGGREGATE newsum(int4) (sfunc = int4pl, stype = int4, initcond = '0');
--> ERROR 42723 function "newsum" already exists with same argument types
CREATE OR REPLACE AGGREGATE newsum(int4) (sfunc = int4larger, stype = int4);
SELECT newsum(x) FROM t;
--> 5
CREATE OR REPLACE AGGREGATE newsum(int4) (sfunc = int8pl, stype = int8, initcond='0');
--> ERROR 42804 function int8pl(bigint, bigint) requires run-time type coercion
CREATE OR REPLACE AGGREGATE sum3(int8, int8, int8) (sfunc = sum3, stype = int8, initcond = '0');
--> ERROR 42883 function sum3(bigint, bigint, bigint, bigint) does not exist
CREATE OR REPLACE FUNCTION newsum(int4) RETURNS int4 LANGUAGE sql AS 'select $1';
--> ERROR 42809 cannot change routine kind
CREATE AGGREGATE bad1(int4) (sfunc = nofunc, stype = int4);
--> ERROR 42883 function nofunc(integer, integer) does not exist
CREATE AGGREGATE bad2(int4) (stype = int4);
--> ERROR 42P13 aggregate sfunc must be specified
CREATE AGGREGATE bad3(int4) (sfunc = int4pl);
--> ERROR 42P13 aggregate stype must be specified
CREATE AGGREGATE bad4 (sfunc = int4pl, stype = int4);
--> ERROR 42P13 aggregate input type must be specified
CREATE AGGREGATE bad5(int4) (sfunc = int4pl, stype = int4, basetype = int4);
--> ERROR 42P13 basetype is redundant with aggregate input type specification
CREATE AGGREGATE bad6(text) (sfunc = int4pl, stype = int4);
--> ERROR 42883 function int4pl(integer, text) does not exist
CREATE AGGREGATE bad7(int4) (sfunc = int48pl, stype = int4);
--> ERROR 42804 function int48pl(integer, bigint) requires run-time type coercion
CREATE AGGREGATE bad8(text) (sfunc = sum3, stype = int8);
--> ERROR 42883 function sum3(bigint, text) does not exist
CREATE AGGREGATE bad9(int4) (sfunc = int4pl, stype = int4, initcond = 'x');
--> ERROR 22P02 invalid input syntax for type integer: "x"
CREATE AGGREGATE bad10(int4) (sfunc = int4pl, stype = int4, finalfunc = nope);
--> ERROR 42883 function nope(integer) does not exist
CREATE AGGREGATE bad11(int4) (sfunc = int4pl, stype = int4, parallel = maybe);
--> ERROR 42601 parameter "parallel" must be SAFE, RESTRICTED, or UNSAFE
CREATE AGGREGATE bad12(int4) (sfunc = int4pl, stype = int4, finalfunc_modify = maybe);
--> ERROR 42601 parameter "finalfunc_modify" must be READ_ONLY, SHAREABLE, or READ_WRITE
CREATE AGGREGATE bad13(int4) (sfunc = array_append, stype = anyarray);
--> ERROR 42P13 cannot determine transition data type
CREATE AGGREGATE bad14(int4, int8) (sfunc = sum3, stype = int8);
--> ERROR 42804 function sum3(bigint, bigint, bigint) requires run-time type coercion
CREATE AGGREGATE bad15(int4) (sfunc = int4pl, stype = record);
--> ERROR 42P13 aggregate transition data type cannot be record
CREATE AGGREGATE bad16(int4) (sfunc = int4pl, stype = int4, mstype = int4);
--> ERROR 42P13 aggregate msfunc must be specified when mstype is specified
CREATE AGGREGATE bad17(int4) (sfunc = int4pl, stype = int4, msfunc = int4pl);
--> ERROR 42P13 aggregate msfunc must not be specified without mstype
CREATE AGGREGATE bad18(int4, int4) (sfunc = int4pl, stype = int4, sortop = >);
--> ERROR 42883 function int4pl(integer, integer, integer) does not exist
CREATE AGGREGATE bad19(setof int4) (sfunc = int4pl, stype = int4);
--> ERROR 42P13 aggregates cannot accept set arguments
CREATE AGGREGATE bad20(out int4) (sfunc = int4pl, stype = int4);
--> ERROR 0A000 aggregates cannot have output arguments
CREATE AGGREGATE bad21(int4) (sfunc = int4pl, stype = int4, serialfunc = x);
--> ERROR 42P13 must specify both or neither of serialization and deserialization functions
CREATE AGGREGATE noschema.bad22(int4) (sfunc = int4pl, stype = int4);
--> ERROR 3F000 schema "noschema" does not exist
CREATE AGGREGATE bad23(int4) (sfunc = int4pl, stype = int4, combinefunc = int8pl);
--> ERROR 42804 function int8pl(bigint, bigint) requires run-time type coercion
CREATE AGGREGATE mov(int4) (sfunc = int4pl, stype = int4, initcond = '0', msfunc = int4pl, minvfunc = int4mi, mstype = int4, minitcond = '0');
SELECT x, mov(x) OVER (ORDER BY x ROWS 1 PRECEDING) FROM t ORDER BY x;
--> 1 | 1
--> 2 | 3
--> 5 | 7
--> NULL | 5
--> NULL | 0
CREATE AGGREGATE vari(VARIADIC items int4[]) (sfunc = array_cat, stype = int4[], initcond = '{}');
SELECT vari(x, g) FROM t;
--> {1,1,2,1,NULL,2,5,2,NULL,3}
SELECT vari(x) FROM t;
--> {1,2,NULL,5,NULL}
SELECT vari(VARIADIC ARRAY[x, 7]) FROM t;
--> {1,7,2,7,NULL,7,5,7,NULL,7}
DROP FUNCTION _group_concat(text, text);
--> ERROR 2BP01 cannot drop function _group_concat(text,text) because other objects depend on it
DROP FUNCTION group_concat(text);
--> ERROR 42809 "group_concat" is an aggregate function
DROP AGGREGATE group_concat(int);
--> ERROR 42883 aggregate group_concat(integer) does not exist
DROP AGGREGATE IF EXISTS group_concat(text);
DROP AGGREGATE sum3(int8, int8, int8);
--> ERROR 42809 function sum3(bigint, bigint, bigint) is not an aggregate
DROP PROCEDURE my_avg(float8);
--> ERROR 42809 my_avg(double precision) is not a procedure
DROP AGGREGATE nothere(int);
--> ERROR 42883 aggregate nothere(integer) does not exist
DROP AGGREGATE nothere(*);
--> ERROR 42883 aggregate nothere(*) does not exist
CREATE VIEW av AS SELECT g, my_avg(f) AS a FROM t GROUP BY g;
CREATE VIEW av2 AS SELECT my_avg(f) AS a FROM t;
SELECT * FROM av ORDER BY g;
--> 1 | 2
--> 2 | 3
--> 3 | NULL
INSERT INTO av2 VALUES (1);
--> ERROR 55000 cannot insert into view "av2"
UPDATE av2 SET a = 1;
--> ERROR 55000 cannot update view "av2"
SELECT is_updatable, is_insertable_into FROM information_schema.views WHERE table_name = 'av2';
--> NO | NO
DROP AGGREGATE my_avg(float8);
--> ERROR 2BP01 cannot drop function my_avg(double precision) because other objects depend on it
ALTER AGGREGATE my_avg(float8) RENAME TO mean;
SELECT * FROM av ORDER BY g;
--> 1 | 2
--> 2 | 3
--> 3 | NULL
ALTER FUNCTION avg_state(float8[], float8) RENAME TO st;
SELECT mean(f) FROM t;
--> 2.3333333333333335
CREATE SCHEMA s2;
ALTER AGGREGATE mean(float8) SET SCHEMA s2;
SELECT * FROM av ORDER BY g;
--> 1 | 2
--> 2 | 3
--> 3 | NULL
SELECT mean(f) FROM t;
--> ERROR 42883 function mean(double precision) does not exist
SELECT s2.mean(f) FROM t;
--> 2.3333333333333335
COMMENT ON AGGREGATE s2.mean(float8) IS 'average';
SELECT obj_description('s2.mean'::regproc);
--> average
SELECT obj_description('s2.mean(float8)'::regprocedure, 'pg_proc');
--> average
COMMENT ON AGGREGATE s2.nope(float8) IS 'average';
--> ERROR 42883 aggregate s2.nope(double precision) does not exist
ALTER AGGREGATE s2.mean(float8) RENAME TO nomean;
ALTER FUNCTION s2.nomean(float8) RENAME TO mean;
ALTER FUNCTION s2.mean(float8) IMMUTABLE;
--> ERROR 42809 "s2.mean" is an aggregate function
DROP AGGREGATE s2.mean(float8) CASCADE;
SELECT count(*) FROM pg_class WHERE relname LIKE 'av%';
--> 0
DROP FUNCTION st(float8[],float8);
CREATE AGGREGATE wr(int4) (sfunc = int4pl, stype = int4, unknown_attr = 4);
SELECT newsum2(x) OVER () FROM t;
--> 8
--> 8
--> 8
--> 8
--> 8
SELECT newsum2(DISTINCT x) OVER () FROM t;
--> ERROR 0A000 DISTINCT is not implemented for window functions
SELECT newsum2(x ORDER BY x DESC), newsum2(x) FROM t;
--> 8 | 8
CREATE AGGREGATE minsum(int4) (sfunc = int4smaller, stype = int4, sortop = <);
SELECT minsum(x) FROM t;
--> 1
SELECT g, minsum(x) + newsum2(x) FROM t GROUP BY ROLLUP(g) ORDER BY g;
--> 1 | 4
--> 2 | 10
--> 3 | NULL
--> NULL | 9
SELECT pg_get_functiondef('minsum'::regproc);
--> ERROR 42809 "minsum" is an aggregate function
SELECT pg_get_function_arguments('vari'::regproc), pg_get_function_identity_arguments('vari'::regproc), pg_get_function_result('vari'::regproc);
--> VARIADIC items integer[] | VARIADIC items integer[] | integer[]
SELECT proname, prokind, provolatile, proisstrict, pronargs, prorettype::regtype, prosrc, proparallel FROM pg_proc WHERE proname IN ('minsum','newcnt','mov','vari','my_array_agg') ORDER BY 1;
--> minsum | a | i | f | 1 | integer | aggregate_dummy | u
--> mov | a | i | f | 1 | integer | aggregate_dummy | u
--> my_array_agg | a | i | f | 1 | anycompatiblearray | aggregate_dummy | u
--> newcnt | a | i | f | 0 | bigint | aggregate_dummy | s
--> vari | a | i | f | 1 | integer[] | aggregate_dummy | u
SELECT aggfnoid, aggkind, aggtransfn, aggfinalfn, aggmtransfn, aggminvtransfn, aggfinalextra, aggfinalmodify, aggtranstype::regtype, aggmtranstype, agginitval, aggminitval FROM pg_aggregate WHERE aggfnoid::oid >= 16384 AND aggsortop = 0 ORDER BY aggfnoid::text;
--> mov | n | int4pl | - | int4pl | int4mi | f | r | integer | 23 | 0 | 0
--> my_array_agg | n | array_append | - | - | - | f | r | anycompatiblearray | 0 | {} | NULL
--> newcnt | n | int8inc | - | - | - | f | r | bigint | 0 | 0 | NULL
--> newcnt2 | n | int8inc_any | - | - | - | f | r | bigint | 0 | 0 | NULL
--> newsum | n | int4larger | - | - | - | f | r | integer | 0 | NULL | NULL
--> newsum2 | n | int4pl | - | - | - | f | r | integer | 0 | NULL | NULL
--> old_sum | n | int4pl | - | - | - | f | r | integer | 0 | 0 | NULL
--> oldcnt | n | int8inc | - | - | - | f | r | bigint | 0 | 0 | NULL
--> sum2 | n | sum3 | - | - | - | f | r | bigint | 0 | 0 | NULL
--> vari | n | array_cat | - | - | - | f | r | integer[] | 0 | {} | NULL
--> wr | n | int4pl | - | - | - | f | r | integer | 0 | NULL | NULL
