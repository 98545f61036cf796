-- Statements that random complex changes found wrong: MERGE from subqueries, the timing of constraints.
create table chi (a int, b int, t text, primary key (a, b));
create table kv (id int unique, k text, v int);
insert into chi values (1, 1, 'one'), (2, 1, 'two'), (3, 2, 'three');
insert into kv values (1, 'k', 10), (5, 'five', 50);
merge into kv using (select a as id, b, t from chi where b = 1) s on kv.id = s.id when matched then update set k = s.t, v = kv.v + s.b when not matched then insert values (s.id, s.t, s.b);
select * from kv order by id;
--> 1 | one | 11
--> 2 | two | 1
--> 5 | five | 50
merge into kv using (select a, t from chi) s on kv.id = s.a when not matched by source then delete when matched and s.a > 1 then do nothing when not matched then insert (id) values (s.a) returning merge_action(), kv.id, s.t;
--> INSERT | 3 | three
--> DELETE | 5 | NULL
select * from kv order by id;
--> 1 | one | 11
--> 2 | two | 1
--> 3 | NULL | NULL
alter table kv add constraint k_chi check (v < 100), add constraint kv_self foreign key (v) references kv (id) not valid;
begin;
set constraints kv_self immediate;
set constraints kv_self deferred;
--> ERROR 42809 constraint "kv_self" is not deferrable
rollback;
-- A literal in the one source of several columns.
create table src (id int, a int, b text);
insert into src select g, g % 7, chr(97 + g % 3) from generate_series(1, 12) g;
create table dst (k text, v int, g int);
insert into dst values ('a', 0, 0), ('b', 0, 0), ('z', 0, 0);
update dst set (v, g) = (select count(*), max(a) from src where b = k and a < 6) returning *;
--> a | 3 | 5
--> b | 4 | 4
--> z | 0 | NULL
update dst set (v, g) = (select count(*), max(a) from src where b = k and a < 3) where k < 'y' returning *;
--> a | 1 | 2
--> b | 2 | 1
with w as (update dst set (g, v) = (select max(id), count(*) from src where b = k and a < 2) where k = 'a' returning *) select * from w;
--> a | 0 | NULL
