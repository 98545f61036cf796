-- ON CONFLICT through views and with subqueries of several columns, CREATE SCHEMA in any order, cursors that meet an error.
create schema sch create unique index abc_a_idx on abc (a) create view abc_view as select a+1 as a, b+1 as b from abc create table abc (a serial, b int unique);
insert into sch.abc default values;
select * from sch.abc_view;
--> 2 | NULL
create table ic (f1 int primary key, f2 text, f3 int);
create view icv as select f1 as a, f2 as b from ic;
insert into icv values (1,'foo') on conflict (a) do update set b = excluded.b returning *;
--> 1 | foo
insert into icv as v values (1,'bar') on conflict (a) do update set b = v.b || excluded.b where v.a = 1 returning *;
--> 1 | foobar
insert into ic values (1,'x',1) on conflict (f1) do update set (f2,f3) = (select 'multi', 7) returning *;
--> 1 | multi | 7
insert into ic values (1,'x',1) on conflict (f1) do update set (f2,f3) = (select ic.f2 || excluded.f2, ic.f3 + 1) returning *;
--> 1 | multix | 8
insert into ic values (1,'x',1) on conflict (f1) do update set (f2,f3) = (select 1,2,3) returning *;
--> ERROR 42601 number of columns does not match number of values
create unique index p on ic (f3) where f2 > 'a';
insert into ic values (2,'x',8) on conflict (f3) where f2 > 'a' and f1 > 0 do nothing returning *;
insert into ic values (3,'x',8) on conflict (f3) where f2 > 'b' do nothing returning *;
insert into ic values (3,'x',8) on conflict (f3) where f2 >= 'a' do nothing returning *;
--> ERROR 42P10 there is no unique or exclusion constraint matching the ON CONFLICT specification
create function mk() returns text language sql as $$ create table made(a int); insert into pg_temp.x values (1); select 'ok'::text $$;
--> ERROR 42P01 relation "pg_temp.x" does not exist
create table x(a int);
create function mk() returns text language sql as $$ create table made(a int); insert into x values (1); select 'ok'::text $$;
select mk();
--> ok
select * from made, x;
begin;
declare c cursor for select 10 / (3 - g) from generate_series(1,5) g;
fetch 2 from c;
--> 5
--> 10
fetch 2 from c;
--> ERROR 22012 division by zero
fetch 2 from c;
--> ERROR 55000 portal "c" cannot be run
rollback;
merge into ic using (values (1)) v(k) on ic.f1 = v.k when matched then update set (f2, f3) = (select 'm', 99);
select * from ic order by 1;
--> 1 | m | 99
