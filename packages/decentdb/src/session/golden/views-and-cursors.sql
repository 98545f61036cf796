-- DISTINCT with ORDER BY in aggregates, direct arguments, views that cannot be, cursors that only go forward.
create table t (a int, b text, v varchar);
insert into t values (1,'x','p'),(2,'y','q'),(3,null,'p');
select string_agg(distinct v, ',' order by v) from t;
--> p,q
select string_agg(distinct v::text, ',' order by v) from t;
--> ERROR 42P10 in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list
select array_agg(a order by a desc), array_agg(distinct a order by a desc), array_agg(v order by b desc nulls last, a), string_agg(v, ',' order by a + 0), json_agg(a order by 1 - a), sum(distinct a order by a) from t;
--> {3,2,1} | {3,2,1} | {q,p,p} | p,q,p | [3, 2, 1] | 6
select string_agg(distinct v, ',' order by v, b) from t;
--> ERROR 42P10 in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list
select count(distinct a) from t;
--> 3
select rank(x) within group (order by x) from generate_series(1,5) x;
--> ERROR 42803 column "x.x" must appear in the GROUP BY clause or be used in an aggregate function
select array(select percentile_disc(p) within group (order by x) from (values (0.3),(0.7)) v(p) group by p order by p) from generate_series(1,5) g(x);
--> ERROR 42803 outer-level aggregate cannot contain a lower-level variable in its direct arguments
select array(select percentile_disc(p) within group (order by y) from (values (0.3),(0.7)) v(p), generate_series(1,3) y group by p order by p) from generate_series(1,2) g(x);
--> {1,3}
--> {1,3}
select rank(sum(x)) within group (order by x) from generate_series(1,5) x;
--> ERROR 42803 aggregate function calls cannot be nested
select p, percentile_cont(p) within group (order by x) from generate_series(1,5) x, (values (0.25),(0.5)) v(p) group by p order by p;
--> 0.25 | 2
--> 0.5 | 3
select a, rank(a) within group (order by v) from t group by a;
--> ERROR 42804 WITHIN GROUP types character varying and integer cannot be matched
select a, rank(a) within group (order by a) from t group by a order by 1;
--> 1 | 1
--> 2 | 1
--> 3 | 1
select rank() over (order by 1), count(*) from t group by 1;
--> ERROR 42P20 window functions are not allowed in GROUP BY
select count(*), a from t group by 1;
--> ERROR 42803 aggregate functions are not allowed in GROUP BY
select sum(a) over (), a from t group by a, 2 order by 2;
--> 6 | 1
--> 6 | 2
--> 6 | 3
create view wv as with x as (delete from t returning *) select * from x;
--> ERROR 0A000 views must not contain data-modifying statements in WITH
create materialized view wv as with x as (delete from t returning *) select * from x;
--> ERROR 0A000 materialized views must not use data-modifying statements in WITH
create view v1 as select a, b from t where a > 0 with check option;
create view v2 as select count(*) from t with check option;
--> ERROR 0A000 WITH CHECK OPTION is supported only on automatically updatable views
create view v3 as select a+1 as c from t with local check option;
--> ERROR 0A000 WITH CHECK OPTION is supported only on automatically updatable views
create view v4 as select a, count(*) over () from t with check option;
--> ERROR 0A000 WITH CHECK OPTION is supported only on automatically updatable views
create view v5 as select a from v1 with cascaded check option;
create view v6 with (check_option=local) as select distinct a from t;
--> ERROR 0A000 WITH CHECK OPTION is supported only on automatically updatable views
create view v7 as select t.a from t, t u with check option;
--> ERROR 0A000 WITH CHECK OPTION is supported only on automatically updatable views
create view v8 as select a from t order by a fetch first null rows with ties;
--> ERROR 2201W row count cannot be null in FETCH FIRST ... WITH TIES clause
create view v9 as select a from t order by a fetch first (null + 1) rows with ties;
select a from t order by a fetch first null rows only;
--> 1
--> 2
--> 3
select ('[1,2]'::jsonb)[0:1];
--> ERROR 42804 jsonb subscript does not support slices
begin;
declare c1 no scroll cursor for select a from t order by a;
fetch 2 from c1;
--> 1
--> 2
fetch backward 1 from c1;
--> ERROR 55000 cursor can only scan forward
rollback;
begin;
declare c1 no scroll cursor for select a from t order by a;
fetch absolute 2 from c1;
--> 2
fetch next from c1;
--> 3
fetch absolute 1 from c1;
--> ERROR 55000 cursor can only scan forward
rollback;
begin;
declare c1 no scroll cursor for select a from t order by a;
fetch prior from c1;
--> ERROR 55000 cursor can only scan forward
rollback;
begin;
declare c1 scroll cursor for select a from t order by a;
fetch last from c1;
--> 3
fetch backward all from c1;
--> 2
--> 1
fetch relative 1 from c1;
--> 1
fetch all c1;
--> 2
--> 3
rollback;
