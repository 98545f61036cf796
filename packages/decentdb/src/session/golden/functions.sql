-- Functions and procedures written in SQL; each answer is PostgreSQL's but for plpgsql (refused by name).
create function add1(a int) returns int language sql as 'select a + 1';
select add1(41);
--> 42
create function add2(a int, b int default 10) returns int language sql immutable strict return a + b;
select add2(1), add2(1,2), add2(b=>3,a=>1), add2(null);
--> 11 | 3 | 4 | NULL
create function s1(n int) returns setof int language sql as $$ select g from generate_series(1,n) g $$;
select * from s1(3);
--> 1
--> 2
--> 3
select s1(2), 7;
--> 1 | 7
--> 2 | 7
select * from s1(3) as x where x > 1;
--> 2
--> 3
create function t1(n int) returns table(a int, b text) language sql as $$ select g, 'x'||g from generate_series(1,n) g $$;
select * from t1(2);
--> 1 | x1
--> 2 | x2
select t1(2);
--> (1,x1)
--> (2,x2)
select (t1(2)).b;
--> x1
--> x2
create table emp(name text, salary numeric, age int);
insert into emp values ('bob',100.5,30),('al',50,20);
create function dbl(emp) returns numeric as $$ select $1.salary*2 $$ language sql;
select name, dbl(emp.*) from emp;
--> bob | 201.0
--> al | 100
select name, dbl(emp) from emp;
--> bob | 201.0
--> al | 100
create function byname(text) returns emp as $$ select * from emp where name=$1 $$ language sql stable;
select byname('bob');
--> (bob,100.5,30)
select * from byname('bob');
--> bob | 100.5 | 30
select (byname('bob')).age;
--> 30
create function ins(text) returns void language sql as $$ insert into emp values($1, 1, 1) $$;
select ins('zed');
--> NULL
select count(*) from emp;
--> 3
create function outp(a int, out s int, out p int) as $$ select a+1, a*2 $$ language sql;
select * from outp(3);
--> 4 | 6
select outp(3);
--> (4,6)
create function v(variadic int[]) returns int language sql as 'select coalesce(array_length($1,1),0)';
select v(1,2,3), v(variadic array[1,2]);
--> 3 | 2
create function bad() returns int language sql as 'select ''x''::text';
--> ERROR 42P13 return type mismatch in function declared to return integer
create function bad() returns int language sql as 'select 1,2';
--> ERROR 42P13 return type mismatch in function declared to return integer
create function bad() returns int language plpgsql as 'select 1,2';
--> ERROR 0A000 LANGUAGE plpgsql is not supported
create function bad() returns int language sql as 'select nope';
--> ERROR 42703 column "nope" does not exist
create procedure p(a int) language sql as $$ insert into emp values('p',a,a); create table pt(x int); $$;
call p(5);
select * from pt;
create function fib(n int) returns int language sql as $$ select case when n < 2 then n else fib2(n-1) end $$;
--> ERROR 42883 function fib2(integer) does not exist
create function poly(anyelement, anyarray) returns anyarray language sql as 'select array_append($2,$1)';
select poly(1,array[2,3]), poly('a'::text,array['b']);
--> {2,3,1} | {b,a}
drop function add1(int);
select add1(1);
--> ERROR 42883 function add1(integer) does not exist
create view vv as select add2(1,1) x;
drop function add2(int,int);
--> ERROR 2BP01 cannot drop function add2(integer,integer) because other objects depend on it
drop function add2 cascade;
create table chk(a int check (v(a)>0), b int default v(1,2));
insert into chk(a) values (1) returning *;
--> 1 | 2
drop function v(variadic int[]);
--> ERROR 2BP01 cannot drop function v(integer[]) because other objects depend on it
create function atom(x int) returns int begin atomic select count(*)::int + x from emp; end;
select atom(1);
--> 5
drop table emp;
--> ERROR 2BP01 cannot drop table emp because other objects depend on it
create function rec(int) returns record language sql as 'select $1, $1::text';
select rec(1);
--> (1,1)
select * from rec(1) as (a int, b text);
--> 1 | 1
select * from rec(1);
--> ERROR 42601 a column definition list is required for functions returning "record"
create function setrec() returns setof record language sql as 'values (1,2),(3,4)';
select * from setrec() as t(a int, b int) order by 1 desc;
--> 3 | 4
--> 1 | 2
create function fact(n int) returns int language sql as $$ select case when n <= 1 then 1 else n * fact(n-1) end $$;
select fact(5);
--> 120
select replace(pg_get_functiondef('atom(int)'::regprocedure), e'\n', '/');
--> CREATE OR REPLACE FUNCTION public.atom(x integer)/ RETURNS integer/ LANGUAGE sql/BEGIN ATOMIC/ SELECT (count(*)::integer) + x FROM public.emp;/END/
select proname, prokind, provolatile, pg_get_function_arguments(oid), pg_get_function_result(oid) from pg_proc where pronamespace = 'public'::regnamespace order by 1;
--> atom | f | v | x integer | integer
--> byname | f | s | text | emp
--> dbl | f | v | emp | numeric
--> fact | f | v | n integer | integer
--> ins | f | v | text | void
--> outp | f | v | a integer, OUT s integer, OUT p integer | record
--> p | p | v | IN a integer | NULL
--> poly | f | v | anyelement, anyarray | anyarray
--> rec | f | v | integer | record
--> s1 | f | v | n integer | SETOF integer
--> setrec | f | v |  | SETOF record
--> t1 | f | v | n integer | TABLE(a integer, b text)
--> v | f | v | VARIADIC integer[] | integer
select 'fact'::regproc, 'poly(anyelement,anyarray)'::regprocedure;
--> fact | poly(anyelement,anyarray)
create or replace function fact(n int) returns bigint language sql as 'select 1::bigint';
--> ERROR 42P13 cannot change return type of existing function
create or replace function fact(m int) returns int language sql as 'select 1';
--> ERROR 42P13 cannot change name of input parameter "n"
create function fact(n int) returns int language sql as 'select 1';
--> ERROR 42723 function "fact" already exists with same argument types
alter function fact(int) rename to fac;
alter function fac(int) immutable strict;
select fac(4), fac(null);
--> ERROR 42883 function fact(integer) does not exist
create function ro() returns int stable language sql as 'insert into emp values (null) returning 1';
select ro();
--> ERROR 0A000 INSERT is not allowed in a non-volatile function
select p(1);
--> ERROR 42809 p(integer) is a procedure
call fac(1);
--> ERROR 42809 fac(integer) is not a procedure
create function grow(x int) returns setof emp language sql as 'update emp set age = age + x returning *';
select name, age from grow(1) order by 1;
--> al | 21
--> bob | 31
--> p | 6
--> zed | 2
select name, age from emp order by 1;
--> al | 21
--> bob | 31
--> p | 6
--> zed | 2
create procedure twice(inout a int, in b int default 3) language sql as 'select a * b';
call twice(2);
--> 6
call twice(2, 5);
--> 10
create table arr(x emp);
--> ERROR 0A000 storing rows of a table or view in a column is not supported
create function nest(n int) returns int language sql as 'select case when n = 0 then 0 else nest(n - 1) + 1 end';
drop schema public;
--> ERROR 2BP01 cannot drop schema public because other objects depend on it
