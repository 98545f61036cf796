-- RANGE frames at the edges: infinities, NaN, sums beyond the type, offsets of other integer types.
create table numerics(id int, f_float4 float4, f_float8 float8, f_numeric numeric);
insert into numerics values (0,'-infinity','-infinity','-infinity'),(1,-3,-3,-3),(2,-1,-1,-1),(3,0,0,0),(4,1.1,1.1,1.1),(5,1.12,1.12,1.12),(6,2,2,2),(7,100,100,100),(8,'infinity','infinity','infinity'),(9,'NaN','NaN','NaN');
select id, first_value(id) over w, last_value(id) over w from numerics window w as (order by f_float8 range between 'inf' preceding and 'inf' preceding);
--> 0 | 0 | 0
--> 1 | 0 | 0
--> 2 | 0 | 0
--> 3 | 0 | 0
--> 4 | 0 | 0
--> 5 | 0 | 0
--> 6 | 0 | 0
--> 7 | 0 | 0
--> 8 | 0 | 8
--> 9 | 9 | 9
select id, first_value(id) over w, last_value(id) over w from numerics window w as (order by f_float8 range between 'inf' following and 'inf' following);
--> 0 | 0 | 8
--> 1 | 8 | 8
--> 2 | 8 | 8
--> 3 | 8 | 8
--> 4 | 8 | 8
--> 5 | 8 | 8
--> 6 | 8 | 8
--> 7 | 8 | 8
--> 8 | 8 | 8
--> 9 | 9 | 9
select id, first_value(id) over w, last_value(id) over w from numerics window w as (order by f_float8 desc range between 'inf' following and 'inf' following);
--> 9 | 9 | 9
--> 8 | 8 | 0
--> 7 | 0 | 0
--> 6 | 0 | 0
--> 5 | 0 | 0
--> 4 | 0 | 0
--> 3 | 0 | 0
--> 2 | 0 | 0
--> 1 | 0 | 0
--> 0 | 0 | 0
select id, first_value(id) over w, last_value(id) over w from numerics window w as (order by f_float8 range between 'inf' preceding and 'inf' following);
--> 0 | 0 | 8
--> 1 | 0 | 8
--> 2 | 0 | 8
--> 3 | 0 | 8
--> 4 | 0 | 8
--> 5 | 0 | 8
--> 6 | 0 | 8
--> 7 | 0 | 8
--> 8 | 0 | 8
--> 9 | 9 | 9
select id, first_value(id) over w, last_value(id) over w from numerics window w as (order by f_float4 range between 'inf' preceding and 'inf' preceding);
--> 0 | 0 | 0
--> 1 | 0 | 0
--> 2 | 0 | 0
--> 3 | 0 | 0
--> 4 | 0 | 0
--> 5 | 0 | 0
--> 6 | 0 | 0
--> 7 | 0 | 0
--> 8 | 0 | 8
--> 9 | 9 | 9
select id, first_value(id) over w, last_value(id) over w from numerics window w as (order by f_float4 range between 1.1 preceding and 'inf' following);
--> 0 | 0 | 8
--> 1 | 1 | 8
--> 2 | 2 | 8
--> 3 | 2 | 8
--> 4 | 4 | 8
--> 5 | 4 | 8
--> 6 | 4 | 8
--> 7 | 7 | 8
--> 8 | 8 | 8
--> 9 | 9 | 9
select id, first_value(id) over w, last_value(id) over w from numerics window w as (order by f_numeric range between 'inf' preceding and 'inf' preceding);
--> 0 | 0 | 0
--> 1 | 0 | 0
--> 2 | 0 | 0
--> 3 | 0 | 0
--> 4 | 0 | 0
--> 5 | 0 | 0
--> 6 | 0 | 0
--> 7 | 0 | 0
--> 8 | 0 | 8
--> 9 | 9 | 9
select id, first_value(id) over w, last_value(id) over w from numerics window w as (order by f_numeric range between 'inf' following and 'inf' following);
--> 0 | 0 | 8
--> 1 | 8 | 8
--> 2 | 8 | 8
--> 3 | 8 | 8
--> 4 | 8 | 8
--> 5 | 8 | 8
--> 6 | 8 | 8
--> 7 | 8 | 8
--> 8 | 8 | 8
--> 9 | 9 | 9
select id, first_value(id) over w, last_value(id) over w from numerics window w as (order by f_numeric desc range between 'inf' preceding and 'inf' following);
--> 9 | 9 | 9
--> 8 | 8 | 0
--> 7 | 8 | 0
--> 6 | 8 | 0
--> 5 | 8 | 0
--> 4 | 8 | 0
--> 3 | 8 | 0
--> 2 | 8 | 0
--> 1 | 8 | 0
--> 0 | 8 | 0
select id, first_value(id) over w, last_value(id) over w from numerics window w as (order by f_numeric range between 1.1 preceding and 'inf' following);
--> 0 | 0 | 8
--> 1 | 1 | 8
--> 2 | 2 | 8
--> 3 | 2 | 8
--> 4 | 3 | 8
--> 5 | 4 | 8
--> 6 | 4 | 8
--> 7 | 7 | 8
--> 8 | 8 | 8
--> 9 | 9 | 9
select x, last_value(x) over (order by x::smallint range between current row and 2147450884 following) from generate_series(32764, 32766) x;
--> 32764 | 32766
--> 32765 | 32766
--> 32766 | 32766
select x, last_value(x) over (order by x::smallint desc range between current row and 2147450885 following) from generate_series(-32766, -32764) x;
--> -32764 | -32766
--> -32765 | -32766
--> -32766 | -32766
select x, last_value(x) over (order by x range between current row and 4 following) from generate_series(2147483644, 2147483646) x;
--> 2147483644 | 2147483646
--> 2147483645 | 2147483646
--> 2147483646 | 2147483646
select x, last_value(x) over (order by x desc range between current row and 5 following) from generate_series(-2147483646, -2147483644) x;
--> -2147483644 | -2147483646
--> -2147483645 | -2147483646
--> -2147483646 | -2147483646
select x, last_value(x) over (order by x range between current row and 4 following) from generate_series(9223372036854775804, 9223372036854775806) x;
--> 9223372036854775804 | 9223372036854775806
--> 9223372036854775805 | 9223372036854775806
--> 9223372036854775806 | 9223372036854775806
select x, last_value(x) over (order by x desc range between current row and 5 following) from generate_series(-9223372036854775806, -9223372036854775804) x;
--> -9223372036854775804 | -9223372036854775806
--> -9223372036854775805 | -9223372036854775806
--> -9223372036854775806 | -9223372036854775806
select id, first_value(id) over w, last_value(id) over w from numerics window w as (order by f_float8 range between 'NaN' preceding and 1 following);
--> ERROR 22013 invalid preceding or following size in window function
select id, first_value(id) over w, last_value(id) over w from numerics window w as (order by f_numeric range between 'nan' preceding and 1 following);
--> ERROR 22013 invalid preceding or following size in window function
select x, sum(x) over (order by x range between 1::int8 preceding and 2::int2 following) from generate_series(1,5) x;
--> 1 | 6
--> 2 | 10
--> 3 | 14
--> 4 | 12
--> 5 | 9
select x, sum(x) over (order by x::int2 range between 1::int8 preceding and 2::int4 following) from generate_series(1,5) x;
--> 1 | 6
--> 2 | 10
--> 3 | 14
--> 4 | 12
--> 5 | 9
select x, sum(x) over (order by x::int8 desc range between 1::int2 preceding and 2 following) from generate_series(1,5) x;
--> 5 | 12
--> 4 | 14
--> 3 | 10
--> 2 | 6
--> 1 | 3
select x, sum(x) over (order by x::float4 range between 1 preceding and 1.5 following) from generate_series(1,5) x;
--> 1 | 3
--> 2 | 6
--> 3 | 9
--> 4 | 12
--> 5 | 9
select x, count(*) over (order by x::int8 range between 9223372036854775807 preceding and 1 preceding) from generate_series(-2,2) x;
--> -2 | 0
--> -1 | 1
--> 0 | 2
--> 1 | 3
--> 2 | 4
select x, count(*) over (order by d range between 3 preceding and '1 day' following) from (select x, date '2000-01-01' + x d from generate_series(1,3) x) s;
--> ERROR 0A000 RANGE with offset PRECEDING/FOLLOWING is not supported for column type date and offset type integer
select x, count(*) over (order by d range between '2 days' preceding and '1 day' following) from (select x, date '2000-01-01' + x d from generate_series(1,3) x) s;
--> 1 | 2
--> 2 | 3
--> 3 | 3

-- Times of day do not go round midnight; months and days of the offset are nothing to them.
select id, first_value(id) over w, count(t) over w from (values (1, time '00:30'), (2, '01:00'), (3, '12:00'), (4, '23:30'), (5, null)) v(id, t) window w as (order by t range between '2 hours' preceding and '3 hours' following);
--> 1 | 1 | 2
--> 2 | 1 | 2
--> 3 | 3 | 1
--> 4 | 4 | 1
--> 5 | 5 | 0
select id, count(t) over w from (values (1, time '00:30'), (2, '01:00'), (3, '12:00'), (4, '23:30'), (5, null)) v(id, t) window w as (order by t desc range between '10 days 1 hour' following and '23:59' following);
--> 5 | 0
--> 4 | 3
--> 3 | 2
--> 2 | 0
--> 1 | 0
select id, count(t) over w from (values (1, timetz '00:30+02'), (2, '01:00+00'), (3, '12:00-05'), (4, '23:00+14')) v(id, t) window w as (order by t range between '2 hours' preceding and '14 hours' following);
--> 1 | 3
--> 2 | 2
--> 4 | 2
--> 3 | 1
select count(*) over (order by t range '1 mon -1 sec' preceding) from (values (1, time '00:30'), (2, '01:00'), (3, '12:00'), (4, '23:30'), (5, null)) v(id, t);
--> ERROR 22013 invalid preceding or following size in window function

-- Offsets without an end.
select id, count(*) over (order by d range between 'infinity' preceding and 'infinity' preceding), count(*) over (order by d desc range between 'infinity' following and 'infinity' following) from (values (1, '-infinity'::date), (2, '2024-01-01'), (3, 'infinity'), (4, null)) v(id, d) order by id;
--> 1 | 1 | 1
--> 2 | 1 | 1
--> 3 | 3 | 3
--> 4 | 1 | 1
select id, count(*) over (order by d range between 'infinity' preceding and 'infinity' preceding), count(*) over (order by d desc range between 'infinity' following and 'infinity' following) from (values (1, '-infinity'::timestamp), (2, '2024-01-01'), (3, 'infinity'), (4, null)) v(id, d) order by id;
--> 1 | 1 | 1
--> 2 | 1 | 1
--> 3 | 3 | 3
--> 4 | 1 | 1
select id, count(*) over (order by d range between 'infinity' preceding and 'infinity' preceding), count(*) over (order by d desc range between 'infinity' following and 'infinity' following) from (values (1, '-infinity'::timestamptz), (2, '2024-01-01'), (3, 'infinity'), (4, null)) v(id, d) order by id;
--> 1 | 1 | 1
--> 2 | 1 | 1
--> 3 | 3 | 3
--> 4 | 1 | 1
select id, count(*) over (order by d range between 'infinity' preceding and 'infinity' preceding), count(*) over (order by d desc range between 'infinity' following and 'infinity' following) from (values (1, '-infinity'::interval), (2, '3 days'), (3, 'infinity'), (4, null)) v(id, d) order by id;
--> 1 | 1 | 1
--> 2 | 1 | 1
--> 3 | 3 | 3
--> 4 | 1 | 1
