-- What becomes of cursors when transactions and savepoints end. The answers are PostgreSQL's.
create table t (id int primary key);
insert into t values (1), (2), (3);
begin;
declare kept cursor with hold for select id from t order by id;
commit;
begin;
declare undone cursor with hold for select id from t;
rollback;
fetch from undone;
--> ERROR 34000 cursor "undone" does not exist
declare never cursor with hold for select 10 / (id - 3) from t;
--> ERROR 22012 division by zero
fetch from never;
--> ERROR 34000 cursor "never" does not exist
begin;
declare outer_one cursor for select id from t order by id;
savepoint s;
declare inner_one cursor for select id from t order by id;
savepoint s2;
declare passed_on cursor for select id from t order by id;
release s2;
fetch from passed_on;
--> 1
rollback to s;
select name from pg_cursors where not is_holdable;
--> outer_one
fetch from inner_one;
--> ERROR 34000 cursor "inner_one" does not exist
rollback;
begin;
declare n no scroll cursor for select id from t order by id;
fetch absolute 2 from n;
--> 2
move 0 from n;
fetch relative 1 from n;
--> 3
savepoint s;
fetch prior from n;
--> ERROR 55000 cursor can only scan forward
rollback to s;
fetch from n;
--> ERROR 55000 portal "n" cannot be run
rollback;
begin;
declare kept_too no scroll cursor with hold for select 1;
select name, is_holdable, is_scrollable from pg_cursors where name = 'kept_too';
--> kept_too | t | f
commit;
begin;
insert into t values (4);
declare cannot cursor with hold for select 10 / (id - 4) from t;
commit;
--> ERROR 22012 division by zero
fetch from cannot;
--> ERROR 34000 cursor "cannot" does not exist
select max(id) from t;
--> 3
