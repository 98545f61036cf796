-- Domains inside arrays, rows and parts of columns; virtual generated columns, read, changed and joined.
create domain dom as int check (value > 0);
create domain dn as text not null;
create table dt (a dom, c dom[], d dn[]);
insert into dt(c) values ('{-1}');
--> ERROR 23514 value for domain dom violates check constraint "dom_check"
insert into dt(c) values (array[-1]);
--> ERROR 23514 value for domain dom violates check constraint "dom_check"
insert into dt(c) values ('{-1}'::int[]);
--> ERROR 23514 value for domain dom violates check constraint "dom_check"
insert into dt(c) values ('{-1}'::text::dom[]);
--> ERROR 23514 value for domain dom violates check constraint "dom_check"
insert into dt(c) select '{-1}';
--> ERROR 23514 value for domain dom violates check constraint "dom_check"
insert into dt(c) select array[-1]::int[];
--> ERROR 23514 value for domain dom violates check constraint "dom_check"
insert into dt(d) values (array['a',null]);
--> ERROR 23502 domain dn does not allow null values
insert into dt(d) values ('{a,null}');
--> ERROR 23502 domain dn does not allow null values
insert into dt values (1,'{1,2}','{a}');
update dt set c[1] = -5;
--> ERROR 23514 value for domain dom violates check constraint "dom_check"
update dt set c[1] = 5;
update dt set c = '{3,-4}';
--> ERROR 23514 value for domain dom violates check constraint "dom_check"
update dt set c = c || -1;
--> ERROR 23514 value for domain dom violates check constraint "dom_check"
update dt set c = array_append(c, -1::int);
--> ERROR 23514 value for domain dom violates check constraint "dom_check"
select * from dt;
--> 1 | {5,2} | {a}
select '{1,-2}'::dom[];
--> ERROR 23514 value for domain dom violates check constraint "dom_check"
select array[1,-2]::dom[];
--> ERROR 23514 value for domain dom violates check constraint "dom_check"
create type ct as (a dom, b text);
create table ctt (c ct, cs ct[]);
insert into ctt values ('(-1,x)', null);
--> ERROR 23514 value for domain dom violates check constraint "dom_check"
insert into ctt values (row(-1,'x'), null);
--> ERROR 23514 value for domain dom violates check constraint "dom_check"
insert into ctt values (null, '{"(-1,x)"}');
--> ERROR 23514 value for domain dom violates check constraint "dom_check"
insert into ctt values (null, array[row(-1,'x')::ct]);
--> ERROR 23514 value for domain dom violates check constraint "dom_check"
insert into ctt values ('(1,x)', array[row(1,'x')::ct]);
select * from ctt;
--> (1,x) | {"(1,x)"}
create type comptype as (r float8, i float8);
create domain dcomptype as comptype check ((value).r > (value).i);
create table dct (d1 dcomptype, n int);
insert into dct values (row(1,2));
--> ERROR 23514 value for domain dcomptype violates check constraint "dcomptype_check"
insert into dct values (row(3,2), 1);
insert into dct values (row(3,'2'), 1);
insert into dct values (row(3,null), 1);
insert into dct(d1.r, d1.i) values (5,4);
insert into dct(d1.r, d1.i) values (4,5);
--> ERROR 23514 value for domain dcomptype violates check constraint "dcomptype_check"
insert into dct(d1.r, d1.i) values (5,4),(3,5);
--> ERROR 23514 value for domain dcomptype violates check constraint "dcomptype_check"
update dct set d1.r = 7, d1.i = 6;
update dct set d1.r = 4, d1.i = 6;
--> ERROR 23514 value for domain dcomptype violates check constraint "dcomptype_check"
update dct set d1.r = 4;
--> ERROR 23514 value for domain dcomptype violates check constraint "dcomptype_check"
select * from dct;
--> (7,6) | 1
--> (7,6) | 1
--> (7,6) | 1
--> (7,6) | NULL
create domain ia as int[] check (value[1] > 1);
create table iat (x ia, y ia);
insert into iat (x[1], x[2]) values (2, 1);
insert into iat (x[2], x[1]) values (2, 3);
insert into iat (x[2]) values (2);
insert into iat (x[2],x[1]) values (2,1);
--> ERROR 23514 value for domain ia violates check constraint "ia_check"
select * from iat;
--> {2,1} | NULL
--> {3,2} | NULL
--> [2:2]={2} | NULL
create type quad as (c1 comptype, c2 comptype);
create table q (q quad, f comptype);
insert into q values (((1,2),(3.5,null)), (null,null)), (row(('1','2'),null), null);
select * from q;
--> ("(1,2)","(3.5,)") | (,)
--> ("(1,2)",) | NULL
select json_populate_record(null::ct, '{"a":-1}');
--> ERROR 23514 value for domain dom violates check constraint "dom_check"
create table gen (a int primary key, b int generated always as (a*2) virtual, c text);
insert into gen values (1, default, 'x'), (2);
--> ERROR 42601 VALUES lists must all be the same length
insert into gen values (3) returning *;
--> 3 | 6 | NULL
select * from gen;
--> 3 | 6 | NULL
select * from gen where b = 4;
update gen set c = 'z' where b = 2 returning *;
update gen set a = 10 where b = 6 returning b, a;
--> 20 | 10
delete from gen where b = 20 returning *;
--> 10 | 20 | NULL
select g, g.b, x.b from gen g left join gen x on x.b = g.b*2 order by 2;
select count(*), sum(b) from gen;
--> 0 | NULL
create table gen2 (a int, b int generated always as (coalesce(a,7)) virtual);
insert into gen2 values (null),(1);
select x, y.b from (values (1),(8)) v(x) left join gen2 y on y.a = x order by 1;
--> 1 | 1
--> 8 | NULL
create view genv as select b, a from gen2;
select * from genv order by 1;
--> 1 | 1
--> 7 | NULL
update genv set a = 9 where b = 7;
select * from genv order by 1;
--> 1 | 1
--> 9 | 9
merge into gen2 using (values (9)) v(k) on b = k when matched then update set a = 11 returning gen2.*;
--> 11 | 11
insert into gen values (1) on conflict (a) do update set c = gen.b::text returning *;
--> 1 | 2 | NULL
select b, count(*) from gen2 group by b order by 1;
--> 1 | 1
--> 11 | 1
