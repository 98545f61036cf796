-- Functions that change the table the calling statement reads: it sees the state before itself, as in PostgreSQL.
create table t(a int);
insert into t select generate_series(1,400);
create function dup(int) returns int language sql as 'insert into t values ($1 + 100000) returning a';
select count(dup(a)), max(dup(a)) from t;
--> 400 | 100400
select count(*) from t;
--> 1200
create table k(id int primary key, v int);
insert into k select g, 0 from generate_series(1,400) g;
create function bump(int) returns int language sql as 'update k set v = v + 1 where id = $1 returning v';
select sum(bump(id)) from k;
--> 400
select sum(v), count(*) from k;
--> 400 | 400
create function del(int) returns int language sql as 'delete from k where id = $1 returning id';
select count(del(id)) from k;
--> 400
select count(*) from k;
--> 0
create function addk(int) returns int language sql as 'insert into k values ($1 + 5000, 1) returning id';
insert into k select g, 0 from generate_series(1,400) g;
select count(addk(id)) from k where id <= 400;
--> 400
select count(*) from k;
--> 800
begin;
insert into k values (100000, 1);
select count(addk(id + 200000)) from k where id > 5000 and id < 100001;
--> 401
select count(*) from k;
--> 1202
commit;
