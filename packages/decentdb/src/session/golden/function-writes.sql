-- Functions that change the table the calling statement reads: it sees the state before itself, as in PostgreSQL.
create table t(a int);
insert into t select generate_series(1,20);
create function dup(int) returns int language sql as 'insert into t values ($1 + 100000) returning a';
select count(dup(a)), max(dup(a)) from t;
--> 20 | 100020
select count(*) from t;
--> 60
create table k(id int primary key, v int);
insert into k select g, 0 from generate_series(1,20) g;
create function bump(int) returns int language sql as 'update k set v = v + 1 where id = $1 returning v';
select sum(bump(id)) from k;
--> 20
select sum(v), count(*) from k;
--> 20 | 20
create function del(int) returns int language sql as 'delete from k where id = $1 returning id';
select count(del(id)) from k;
--> 20
select count(*) from k;
--> 0
create function addk(int) returns int language sql as 'insert into k values ($1 + 5000, 1) returning id';
insert into k select g, 0 from generate_series(1,20) g;
select count(addk(id)) from k where id <= 20;
--> 20
select count(*) from k;
--> 40
begin;
insert into k values (100000, 1);
select count(addk(id + 200000)) from k where id > 5000 and id < 100001;
--> 21
select count(*) from k;
--> 62
commit;
