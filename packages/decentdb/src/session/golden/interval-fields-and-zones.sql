-- Intervals of some fields, time zones given as intervals; recursion over aggregates; MERGE ... RETURNING *. Settings are of one session.
select interval '1' year, interval '2' month, interval '1' day, interval '3' hour, interval '1 2' day to hour;
--> 1 year | 2 mons | 1 day | 03:00:00 | 1 day 02:00:00
set intervalstyle to sql_standard;
select interval '1' year, interval '2' month, interval '1' day, interval '3' hour, interval '1 2' day to hour, interval '-1' year, interval '1-2' year to month;
--> 1-0 | 0-2 | 1 0:00:00 | 3:00:00 | 1 2:00:00 | -1-0 | 1-2
select interval '-1 day 02:03', interval '-1 year 2 days', interval '+1 -2:03', interval '-1-2 +3 -4:05:06';
--> -1 2:03:00 | -1-0 -2 +0:00:00 | +0-0 +1 -2:03:00 | -1-2 +3 -4:05:06
set intervalstyle to iso_8601;
select interval '1' year, interval '2' month;
--> P1Y | P2M
set intervalstyle to postgres;
set time zone interval '-08:00' hour to minute;
select '2020-07-01 12:00+00'::timestamptz;
--> 2020-07-01 04:00:00-08
show time zone;
--> <-08>+08
set time zone -7.5;
select '2020-07-01 12:00+00'::timestamptz;
--> 2020-07-01 04:30:00-07:30
show time zone;
--> <-07:30>+07:30
set time zone interval '05:30' hour to minute;
select '2020-07-01 12:00+00'::timestamptz;
--> 2020-07-01 17:30:00+05:30
set time zone 3;
select '2020-07-01 12:00+00'::timestamptz;
--> 2020-07-01 15:00:00+03
show time zone;
--> <+03>-03
set time zone '-3';
select '2020-07-01 12:00+00'::timestamptz;
--> 2020-07-01 09:00:00-03
set time zone 'UTC+3';
select '2020-07-01 12:00+00'::timestamptz;
--> 2020-07-01 09:00:00-03
set time zone '<-08>+08';
select '2020-07-01 12:00+00'::timestamptz;
--> 2020-07-01 04:00:00-08
set time zone local;
set time zone default;
set timezone = -4;
select '2020-07-01 12:00+00'::timestamptz;
--> 2020-07-01 08:00:00-04
set time zone 'UTC';
select '2020-07-01 12:00+00'::timestamptz at time zone interval '-08:00', '2020-07-01 12:00+00'::timestamptz at time zone '-3', '2020-07-01 12:00'::timestamp at time zone 'EST5EDT';
--> 2020-07-01 04:00:00 | 2020-07-01 15:00:00 | 2020-07-01 16:00:00+00
select interval '1:20' minute to second, interval '1:20' hour to minute, interval '1 2:03' day to minute, interval '1 2:03:04.5678' day to second(2), interval '1 2 hours', interval '12' year to month, interval '1.5' hour;
--> 00:01:20 | 01:20:00 | 1 day 02:03:00 | 1 day 02:03:04.57 | 1 day 02:00:00 | 1 year | 01:00:00
select interval '1:2:03' minute to second, interval '5' minute to second, interval '123 11' day to hour, interval '123 11' day, interval '999' second;
--> ERROR 22007 invalid input syntax for type interval: "123 11"
create table t(i interval hour to minute, y interval year);
insert into t values ('1:20','3');
insert into t values ('1 2','3 years 4 mons');
--> ERROR 22007 invalid input syntax for type interval: "1 2"
update t set y = '7' where y = '3';
select * from t where y = '7' or y = interval '3' year;
--> 01:20:00 | 3 years
select '5'::interval year, cast('5' as interval month), '10'::text::interval minute;
--> 5 years | 5 mons | 00:00:00
with recursive foo(i) as (select 1 union all select max(i)+1 from foo) select * from foo;
--> ERROR 42P19 aggregate functions are not allowed in a recursive query's recursive term
with recursive foo(i) as (select 1 union all select (select max(x) from (values (foo.i)) v(x)) + 1 from foo where i < 3) select * from foo;
--> 1
--> 2
--> 3
create table t2 (i int, k int);
insert into t2 values (1, 2);
with m as (merge into t2 t using (values (1),(300)) s(i) on t.i = s.i when matched then update set k = 9 when not matched then insert values (s.i, 1) returning merge_action(), *) select * from m order by 2;
--> UPDATE | 1 | 1 | 9
--> INSERT | 300 | 300 | 1
