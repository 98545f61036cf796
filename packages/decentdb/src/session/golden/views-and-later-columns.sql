-- What a view, a materialized view or a function with a parsed body means stays when its tables get more columns.

create table t1(a int, x int);

create table t2(b int, y int);

create table t3(x int, w int);

insert into t1 values (1, 10),(2,20);

insert into t2 values (2, 20),(1,10);

insert into t3 values (10, 5),(20,6);

create view v as select a, y from t1, t2;

create view v2 as select x, (select max(b) from t2 where y > a) m from t1;

create view v3 as select t1 as whole, t2.* from t1 join t2 on t1.a = t2.b;

create view v4 as select a + 1 as y from t1 order by x;

create view v5 as select a + 1 as z, count(*) from t1 group by z;

create materialized view m1 as select a, b from t1, t2;

create view v7 as select x, sum(a) from t1 group by x having count(*) > 0 order by x;

create view v8 as select a, w from t1 join t3 using (x) join t2 on b = a;

create view v9 as select a, b from t1 natural join t2;

create view v10 as select * from t1 join t3 using (x) join (select b as bb from t2) s on s.bb = a;

create view v11 as select a from t1 where exists (select 1 from t2 where b = a) and a in (select y / 10 from t2);

create view v12 as select v.a, x from v join t1 on v.a = t1.a;

create view v13(p) as select a from t1 u(a, b);

create view v14 as select * from (t1 join t3 using (x)) full join t2 on a = b;

create view v15 as with c as (select a from t1) select a, y from c, t2;

create view v16 as select a from t1 union select y from t2 order by a;

create view v18 as select b, w from t1 natural left join t2 left join t3 on true;

create function fa() returns setof int begin atomic select a from t1, t2; end;

create view v17 as select max(a) over (order by x) m, x from t1 window w as (order by x);

alter table t2 add column a int default 7;

alter table t1 add column b int default 8;

alter table t1 add column y int default 100;

alter table t1 add column q int default 3;

alter table t1 add column z int default 3;

alter table t1 add column w int default 3;

alter table t2 add column x int default 3;

alter table t3 add column a int default 3;

alter table t3 add column b int default 3;

alter table t1 add column bb int default 3;

select * from v order by 1,2;
--> 1 | 10
--> 1 | 20
--> 2 | 10
--> 2 | 20

select * from v2 order by 1,2;
--> 10 | 2
--> 20 | 2

select * from v3 order by 2;
--> (1,10,8,100,3,3,3,3) | 1 | 10
--> (2,20,8,100,3,3,3,3) | 2 | 20

select * from v4;
--> 2
--> 3

select * from v5 order by 1;
--> 2 | 1
--> 3 | 1

select * from v7;
--> 10 | 1
--> 20 | 2

select * from v8 order by 1;
--> 1 | 5
--> 2 | 6

select * from v9 order by 1,2;
--> 1 | 1
--> 1 | 2
--> 2 | 1
--> 2 | 2

select * from v10 order by 1;
--> 10 | 1 | 5 | 1
--> 20 | 2 | 6 | 2

select * from v11 order by 1;
--> 1
--> 2

select * from v12 order by 1,2;
--> 1 | 10
--> 1 | 10
--> 2 | 20
--> 2 | 20

select * from v13 order by 1;
--> 1
--> 2

select * from v14 order by 1;
--> 10 | 1 | 5 | 1 | 10
--> 20 | 2 | 6 | 2 | 20

select * from v15 order by 1,2;
--> 1 | 10
--> 1 | 20
--> 2 | 10
--> 2 | 20

select * from v16 order by 1;
--> 1
--> 2
--> 10
--> 20

select * from v17 order by 1;
--> 1 | 10
--> 2 | 20

select * from v18 order by 1,2;
--> 1 | 5
--> 1 | 5
--> 1 | 6
--> 1 | 6
--> 2 | 5
--> 2 | 5
--> 2 | 6
--> 2 | 6

select fa() order by 1;
--> 1
--> 1
--> 2
--> 2

refresh materialized view m1;

select * from m1 order by 1,2;
--> 1 | 1
--> 1 | 2
--> 2 | 1
--> 2 | 2

alter table t1 rename to t1r;

alter table t2 rename column y to yy;

alter table t1r rename column a to aa;

alter table t3 rename column x to xx;

select * from v order by 1,2;
--> 1 | 10
--> 1 | 20
--> 2 | 10
--> 2 | 20

select * from v2 order by 1,2;
--> 10 | 2
--> 20 | 2

select * from v8 order by 1;
--> 1 | 5
--> 2 | 6

select * from v9 order by 1,2;
--> 1 | 1
--> 1 | 2
--> 2 | 1
--> 2 | 2

select * from v11 order by 1;
--> 1
--> 2

select * from v15 order by 1,2;
--> 1 | 10
--> 1 | 20
--> 2 | 10
--> 2 | 20

select pg_get_viewdef('v9') like '%CROSS JOIN%';
--> t

select pg_get_viewdef('v') not like '%aa%';
--> f

select * from v14 order by 1;
--> 10 | 1 | 5 | 1 | 10
--> 20 | 2 | 6 | 2 | 20
-- A column of a materialized view is a column of its rows and of their indexes.
CREATE TABLE counted (dept text);
INSERT INTO counted VALUES ('y');
CREATE MATERIALIZED VIEW counts AS SELECT dept, count(*) AS c FROM counted GROUP BY dept;
CREATE INDEX counts_next ON counts ((c + 1));
CREATE VIEW over_counts AS SELECT c FROM counts;
ALTER MATERIALIZED VIEW counts RENAME COLUMN c TO number;
SELECT number FROM counts WHERE dept = 'y';
--> 1
SELECT * FROM over_counts;
--> 1
REFRESH MATERIALIZED VIEW counts;
SELECT indexdef FROM pg_indexes WHERE tablename = 'counts' ORDER BY 1;
--> CREATE INDEX counts_next ON public.counts USING btree (((number + 1)))
ALTER MATERIALIZED VIEW counts SET (fillfactor = 50, autovacuum_enabled = false);
ALTER MATERIALIZED VIEW counts RESET (fillfactor);
ALTER MATERIALIZED VIEW counts SET (nothing = 50);
--> ERROR 22023 unrecognized parameter "nothing"
ALTER MATERIALIZED VIEW counts SET (fillfactor = 5);
--> ERROR 22023 value 5 out of bounds for option "fillfactor"
