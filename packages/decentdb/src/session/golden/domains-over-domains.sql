-- Domains over domains and rows: what a cast cuts, which domain errors name, DEFAULT NULL, new constraints against all that hold values; WITH names hide no target.
create domain v4 varchar(4);
create domain dinter v4 check (substring(value, 1, 1) = 'x');
create domain dtop dinter check (substring(value, 2, 1) = '1');
select 'x1234'::dtop, cast('123456' as v4), 'x1234'::text::v4, 'abcdef'::varchar::v4::text;
--> x123 | 1234 | x123 | abcd
select 'y1234'::dtop;
--> ERROR 23514 value for domain dtop violates check constraint "dinter_check"
select 'x2'::dtop;
--> ERROR 23514 value for domain dtop violates check constraint "dtop_check"
create table t (a dtop, b v4, c dtop not null);
insert into t values ('x1234', 'a', 'x1');
--> ERROR 22001 value too long for type character varying(4)
insert into t values ('x1', 'abcde', 'x1');
--> ERROR 22001 value too long for type character varying(4)
insert into t values ('x1', 'abcde'::v4, 'x1'::text) returning *;
--> x1 | abcd | x1
insert into t values (null, 'y', 'y1');
--> ERROR 23514 value for domain dtop violates check constraint "dinter_check"
insert into t values (null, 'y', null);
--> ERROR 23502 null value in column "c" of relation "t" violates not-null constraint
update t set a = 'y';
--> ERROR 23514 value for domain dtop violates check constraint "dinter_check"
create function asdom(text) returns v4 language sql as 'select $1';
select asdom('abcdef');
--> ERROR 22001 value too long for type character varying(4)
create domain three int default 3;
create table d (id int primary key, a three, b three default null, c three not null default null, e three default 5);
insert into d (id) values (1);
--> ERROR 23502 null value in column "c" of relation "d" violates not-null constraint
insert into d (id, c) values (1, default);
--> ERROR 23502 null value in column "c" of relation "d" violates not-null constraint
insert into d (id, c) values (1, 8) returning *;
--> 1 | 3 | NULL | 8 | 5
alter table d alter a set default null, alter b drop default;
insert into d (id, c) values (2, 9) returning *;
--> 2 | NULL | 3 | 9 | 5
insert into d (id, c) values (3, 9), (4, default);
--> ERROR 23502 null value in column "c" of relation "d" violates not-null constraint
select column_default from information_schema.columns where table_name = 'd' order by ordinal_position;
--> NULL
--> NULL::integer
--> NULL
--> NULL::integer
--> 5
alter table d add f three default null, add g three;
select * from d order by id;
--> 1 | 3 | NULL | 8 | 5 | NULL | 3
--> 2 | NULL | 3 | 9 | 5 | NULL | 3
create type comptype as (r float8, i float8);
create domain dcomp as comptype check ((value).r <= (value).i);
create function makedcomp(r float8, i float8) returns dcomp as 'select row(r, i)' language sql;
create function makeset(r float8, i float8) returns setof dcomp as 'select row(r, i)::comptype union all select row(1,2)::comptype' language sql;
select makedcomp(2,1);
--> ERROR 23514 value for domain dcomp violates check constraint "dcomp_check"
select * from makeset(1,3);
--> 1 | 3
--> 1 | 2
select * from makeset(2,1);
--> ERROR 23514 value for domain dcomp violates check constraint "dcomp_check"
create domain posint as int;
create domain posint2 as posint check (value % 2 = 0);
create type holder as (f posint);
create table h1 (a posint2);
insert into h1 values (2), (-4);
alter domain posint add constraint c1 check (value >= 0);
--> ERROR 23514 column "a" of table "h1" contains values that violate the new constraint
delete from h1 where a < 0;
alter domain posint add constraint c1 check (value >= 0);
insert into h1 values (-2);
--> ERROR 23514 value for domain posint2 violates check constraint "c1"
create table h2 (b holder[]);
alter domain posint add constraint c2 check (value >= 0);
--> ERROR 0A000 cannot alter type "posint" because column "h2.b" uses it
drop table h2;
create table h2 (b holder);
alter domain posint set not null;
--> ERROR 0A000 cannot alter type "posint" because column "h2.b" uses it
drop table h2;
create table h2 (b posint2[]);
alter domain posint add constraint c2 check (value >= 0);
--> ERROR 0A000 cannot alter type "posint" because column "h2.b" uses it
drop table h2;
alter domain posint add constraint c2 check (value >= 0);
insert into h1 values (null);
alter domain posint set not null;
--> ERROR 23502 column "a" of table "h1" contains null values
delete from h1 where a is null;
alter domain posint set not null;
insert into h1 values (null);
--> ERROR 23502 domain posint2 does not allow null values
create table test (a int);
with test as (select 42 as x) insert into test select x from test;
with test as (select 42 as x) update test set a = 1;
select * from test;
--> 1
with nosuch as (select 42) insert into nosuch values (1);
--> ERROR 42P01 relation "nosuch" does not exist
with nosuch as (select 42) delete from nosuch;
--> ERROR 42P01 relation "nosuch" does not exist
-- The default of the domain below is taken over when the domain is made.
CREATE DOMAIN with_default AS int DEFAULT 5 CHECK (VALUE > 0);
CREATE DOMAIN over_default AS with_default CHECK (VALUE < 100);
CREATE DOMAIN without_default AS over_default DEFAULT NULL;
CREATE TABLE of_defaults (a with_default, b over_default, c without_default);
ALTER DOMAIN with_default SET DEFAULT 6;
INSERT INTO of_defaults DEFAULT VALUES RETURNING *;
--> 6 | 5 | NULL
ALTER DOMAIN over_default DROP DEFAULT;
INSERT INTO of_defaults DEFAULT VALUES RETURNING *;
--> 6 | NULL | NULL
