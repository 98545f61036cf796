-- Defaults of columns of views: ALTER VIEW ... ALTER COLUMN ... SET DEFAULT and DROP DEFAULT (outcomes are PostgreSQL's).
create table b(id int primary key, s text default 'base', n int default 5, t text);
create view v as select id, s, n, t, id*2 as twice from b;
alter view v alter column s set default 'view';
alter view if exists v alter n set default 7+1;
alter view if exists nope alter n set default 7+1;
alter table v alter t set default upper('abc');
insert into v(id) values (1);
insert into v(id,s,n) values (2,default,default),(3,'x',default),(4,default,4);
insert into v(id,s) select 5,'sel';
insert into v values (6);
insert into b(id) values (7);
alter view v alter s drop default;
insert into v(id) values (8);
insert into v(id,s) values (9,default),(10,'q');
select * from b order by 1;
--> 1 | view | 8 | ABC
--> 2 | view | 8 | ABC
--> 3 | x | 8 | ABC
--> 4 | view | 4 | ABC
--> 5 | sel | 8 | ABC
--> 6 | view | 8 | ABC
--> 7 | base | 5 | NULL
--> 8 | base | 8 | ABC
--> 9 | base | 8 | ABC
--> 10 | q | 8 | ABC
update v set n = default, s = default where id = 1;
update v set n = default where id in (5,6);
select * from b order by 1;
--> 1 | NULL | 8 | ABC
--> 2 | view | 8 | ABC
--> 3 | x | 8 | ABC
--> 4 | view | 4 | ABC
--> 5 | sel | 8 | ABC
--> 6 | view | 8 | ABC
--> 7 | base | 5 | NULL
--> 8 | base | 8 | ABC
--> 9 | base | 8 | ABC
--> 10 | q | 8 | ABC
alter view v alter n drop default;
update v set n = default where id = 2;
select * from b where id=2;
--> 2 | view | NULL | ABC
alter view v alter nope set default 1;
--> ERROR 42703 column "nope" of relation "v" does not exist
alter view v alter s set default id;
--> ERROR 0A000 cannot use column reference in DEFAULT expression
alter view v alter n set default 'x';
--> ERROR 22P02 invalid input syntax for type integer: "x"
alter view v alter n set default 'x'::text;
--> ERROR 42804 column "n" is of type integer but default expression is of type text
alter view v alter n set default null;
select column_name, column_default from information_schema.columns where table_name='v' order by ordinal_position;
--> id | NULL
--> s | NULL
--> n | NULL
--> t | upper('abc'::text)
--> twice | NULL
select adnum, pg_get_expr(adbin,adrelid) from pg_attrdef where adrelid='v'::regclass order by 1;
--> 4 | upper('abc'::text)
select attname, atthasdef from pg_attribute where attrelid='v'::regclass order by attnum;
--> id | f
--> s | f
--> n | f
--> t | t
--> twice | f
create or replace view v as select id, s, n, t, id*2 as twice, 1 as one from b;
select adnum, pg_get_expr(adbin,adrelid) from pg_attrdef where adrelid='v'::regclass order by 1;
--> 4 | upper('abc'::text)
alter view v alter twice set default 3;
insert into v(id) values (11);
--> ERROR 0A000 cannot insert into column "twice" of view "v"
insert into v(id,twice) values (11,default);
--> ERROR 0A000 cannot insert into column "twice" of view "v"
alter view v alter twice drop default;
create view v2 as select s as s2, id as id2, n as n2 from v;
alter view v alter s set default 'inner';
insert into v2(id2) values (12);
alter view v2 alter s2 set default 'outer';
insert into v2(id2) values (13);
insert into v2(id2, s2) values (14, default) on conflict do nothing;
alter view v2 alter n2 set default 77;
insert into v2(id2) values (14) on conflict(id2) do update set s2 = default, n2=default;
select * from b where id>10 order by 1;
--> 12 | inner | 5 | ABC
--> 13 | outer | 5 | ABC
--> 14 | outer | 77 | ABC
create sequence sq;
alter view v alter n set default nextval('sq');
insert into v(id) values (15),(16);
drop sequence sq;
--> ERROR 2BP01 cannot drop sequence sq because other objects depend on it
create function f() returns text language sql as 'select ''from f''';
alter view v alter t set default f();
drop function f();
--> ERROR 2BP01 cannot drop function f() because other objects depend on it
alter function f() rename to g;
alter sequence sq rename to sq2;
select adnum, pg_get_expr(adbin,adrelid) from pg_attrdef where adrelid='v'::regclass order by 1;
--> 2 | 'inner'::text
--> 3 | nextval('sq2'::regclass)
--> 4 | g()
insert into v(id) values (17);
drop sequence sq2 cascade;
drop function g() cascade;
select adnum, pg_get_expr(adbin,adrelid) from pg_attrdef where adrelid='v'::regclass order by 1;
--> 2 | 'inner'::text
insert into v(id) values (18);
select * from b where id>14 order by 1;
--> 15 | inner | 1 | ABC
--> 16 | inner | 2 | ABC
--> 17 | inner | 3 | from f
--> 18 | inner | 5 | NULL
insert into v(id) values(19) returning n;
--> 5
create materialized view m as select 1 as a;
alter materialized view m alter a set default 1;
--> ERROR 42809 ALTER action ALTER COLUMN ... SET DEFAULT cannot be performed on relation "m"
alter table m alter a set default 1;
--> ERROR 42809 ALTER action ALTER COLUMN ... SET DEFAULT cannot be performed on relation "m"
create view two as select id, s as s1, s as s2 from b;
alter view two alter s1 set default 'one';
insert into two(id) values (20) returning *;
--> 20 | one | one
insert into two(id,s2) values (21,'given') returning *;
--> ERROR 42601 multiple assignments to same column "s"
alter view two alter s2 set default 'two';
insert into two(id) values (22) returning *;
--> ERROR 42601 multiple assignments to same column "s"
create domain dm as text default 'domain';
create table dt(id int, d dm default 'column', e dm);
create view dv as select * from dt;
insert into dv(id) values (1) returning *;
--> 1 | domain | domain
insert into dv(id,d) values (2,default) returning *;
--> 2 | domain | domain
insert into dv(id,d) values (3,default),(4,'x') returning *;
--> 3 | domain | domain
--> 4 | x | domain
update dv set d = default where id=4 returning *;
--> 4 | domain | domain
create view iv as select id, s, n from b;
alter view iv alter s set default 'iv', alter n set default 42;
insert into iv(id) values (30) returning *;
--> 30 | iv | 42
insert into iv values (31,default,default),(32,'x',default) returning *;
--> 31 | iv | 42
--> 32 | x | 42
insert into iv(id) select 33 returning *;
--> 33 | iv | 42
create view dvi as select * from dt;
insert into dvi(id) values (1) returning *;
--> 1 | domain | domain
alter view iv rename column s to ss;
insert into iv(id) values (34) returning *;
--> 34 | iv | 42
alter table iv add column z int;
--> ERROR 42809 ALTER action ADD COLUMN cannot be performed on relation "iv"
alter view iv alter n set not null;
--> ERROR 42809 ALTER action ALTER COLUMN ... SET NOT NULL cannot be performed on relation "iv"
create type mood as enum('ok','bad');
create table mt(a int, m mood);
create view mv as select * from mt;
alter view mv alter m set default 'ok';
alter type mood rename value 'ok' to 'fine';
insert into mv(a) values (1) returning *;
--> 1 | fine
alter table b alter n set generated always;
--> ERROR 55000 column "n" of relation "b" is not an identity column
alter table mv alter column a set default nextval('nosuch');
--> ERROR 42P01 relation "nosuch" does not exist
alter table only v alter s set default 'q';
alter view b alter s set default 'viewcmd';
--> ERROR 42809 "b" is not a view
alter table v alter s set default default;
--> ERROR 42601 DEFAULT is not allowed in this context
alter view v alter column s set default (select 1);
--> ERROR 0A000 cannot use subquery in DEFAULT expression
create sequence own;
alter view v alter n set default nextval('own');
drop view v2;
drop view v;
drop sequence own;
create domain dm3 as text default 'domain';
create table c3(id int, g int generated always as (id*2) stored, i int generated always as identity, s text);
create view vc as select id, 'a'::dm3 as d2 from c3;
insert into vc(id) values (1);
--> ERROR 0A000 cannot insert into column "d2" of view "vc"
create view vg as select * from c3;
update vg set g = default;
--> ERROR 428C9 column "g" can only be updated to DEFAULT
insert into vg(id) values (1);
update vg set g = default;
--> ERROR 428C9 column "g" can only be updated to DEFAULT
update vg set i = default;
--> ERROR 428C9 column "i" can only be updated to DEFAULT
alter view vg alter i set default 9;
insert into vg(id) values (1);
--> ERROR 428C9 cannot insert a non-DEFAULT value into column "i"
insert into vg(id) overriding user value values (1) returning *;
--> 1 | 2 | 2 | NULL
insert into vg(id) overriding system value values (1) returning *;
--> 1 | 2 | 9 | NULL
alter view vg alter i drop default;
alter view vg alter g set default 9;
insert into vg(id) values (1);
--> ERROR 428C9 cannot insert a non-DEFAULT value into column "g"
insert into vg default values;
--> ERROR 428C9 cannot insert a non-DEFAULT value into column "g"
create view vd as select id, s, id+1 as p from c3;
insert into vd default values returning *;
--> NULL | NULL | NULL
alter view vd alter s set default 'ds';
insert into vd default values returning *;
--> NULL | ds | NULL
alter view vd alter s set default (now()::text || 'a');
select pg_get_expr(adbin,adrelid) from pg_attrdef where adrelid='vd'::regclass;
--> ((now())::text || 'a'::text)
BEGIN;
alter view dv alter d set default 'rolled back';
insert into dv(id) values (19) returning d;
--> rolled back
ROLLBACK;
insert into dv(id) values (20) returning d;
--> domain
create view pv as select id as a, s as b from c3;
alter view pv alter b set default 'merged';
merge into pv using (values (71), (72)) x(k) on pv.a = k when not matched and k = 71 then insert (a) values (k) when not matched then insert values (k, default);
merge into pv using (values (71)) x(k) on pv.a = k when matched then update set b = default;
select a, b from pv where a > 70 order by a;
--> 71 | merged
--> 72 | merged
alter table mt add column w int;
create or replace view mv as select a, m, w from mt;
insert into mv(a) values (2) returning *;
--> 2 | fine | NULL
drop type mood cascade;
