-- The type of untyped literals, written out. PREPARE and temporary tables are of one session.
select 'foo'::unknown, cast('x' as unknown) || 'y';
--> foo | xy
create view unspecified_types as select 42 as i, 42.5 as num, 'foo' as u, 'foo'::unknown as u2, null as n;
select * from unspecified_types;
--> 42 | 42.5 | foo | foo | NULL
create table ut (a unknown);
--> ERROR 42P16 column "a" has pseudo-type unknown
create table ut as select 'x'::unknown as a, 'y' as b;
select * from ut;
--> x | y
select 1::unknown;
--> ERROR 42846 cannot cast type integer to unknown
select '5'::unknown + 1;
--> 6
prepare q7(unknown) as select $1::text || 'x';
execute q7('5');
--> 5x
prepare q8(unknown, int) as select * from ut where a = $1 and $2 = 1;
execute q8('x', 1);
--> x | y
create function uf(unknown) returns int language sql as 'select 1';
--> ERROR 42P13 SQL functions cannot have arguments of type unknown
create function uf() returns unknown language sql as 'select 1';
--> ERROR 42P13 SQL functions cannot return type unknown
create type ct5 as (a unknown);
--> ERROR 42P16 column "a" has pseudo-type unknown
create domain du as unknown;
--> ERROR 42804 "unknown" is not a valid base type for a domain
alter table ut add column c unknown;
--> ERROR 42P16 column "c" has pseudo-type unknown
select null::unknown is null, coalesce('a'::unknown, 'b'), array['a'::unknown, 'b'];
--> t | a | {a,b}
select distinct 'a'::unknown union select 'b';
--> a
--> b
values ('a'::unknown), ('b');
--> a
--> b
create temp table utt (a text default 'x'::unknown);
insert into utt default values returning a;
--> x
select '{a}'::unknown[];
--> ERROR 42704 type "unknown[]" does not exist
create type ctr as (a record);
--> ERROR 42P16 column "a" has pseudo-type record
