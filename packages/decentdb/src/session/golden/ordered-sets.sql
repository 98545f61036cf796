-- Hypothetical rows in the order that was asked for; numbers of transactions among rows.
select rank(3) within group (order by x desc) from generate_series(1,10) x;
--> 8
select rank('b') within group (order by x desc) from (values ('a'),('b'),('c'),('d')) v(x);
--> 3
select rank('b'::text) within group (order by x desc) from (values ('a'),('b'),('c'),('d')) v(x);
--> 3
select rank('b') within group (order by x desc) from (values ('a'::name),('b'),('c'),('d')) v(x);
--> 3
select rank('AZZZZ') within group (order by x desc) from (values ('AAAA'::name),('HH'),('VV'),('DD')) v(x);
--> 4
select rank('AZZZZ') within group (order by x desc nulls first), dense_rank('AZZZZ') within group (order by x desc), cume_dist('AZZZZ') within group (order by x desc), rank(null::name) within group (order by x nulls first) from (values ('AAAA'::name),('HH'),('VV'),('DD'),(null)) v(x);
--> 5 | 5 | 0.8333333333333334 | 1
create table tx as select g % 7 as a, (g*7%11)::text as b from generate_series(1,50) g;
select rank('5') within group (order by b desc), rank(3) within group (order by a desc) from tx;
--> 20 | 22
select a, rank('5') within group (order by b desc) from tx group by a order by a;
--> 0 | 3
--> 1 | 4
--> 2 | 4
--> 3 | 4
--> 4 | 3
--> 5 | 3
--> 6 | 5
select rank('5') within group (order by b desc) from tx where a = 5;
--> 3
select rank('5') within group (order by b desc) from tx where a = 5 and b > '';
--> 3
select percentile_cont(0.25) within group (order by a desc), percentile_disc(array[0.1,0.9]) within group (order by b desc nulls first), mode() within group (order by b desc) from tx;
--> 5 | {9,1} | 9
select rank(3) within group (order by a desc), rank(3) within group (order by a), rank(3) within group (order by a desc nulls last) from tx;
--> 22 | 23 | 22
select percent_rank(2, '5') within group (order by a desc, b), dense_rank(2,'5') within group (order by a, b desc) from tx;
--> 0.64 | 19
select count(*) from generate_series(1,3) where txid_current() > 0;
--> 3
select pg_current_xact_id() is not null, pg_snapshot_xip('12:20:13,15,18');
--> t | 13
--> t | 15
--> t | 18
select pg_current_snapshot() is not null, x from generate_series(1,2) x;
--> t | 1
--> t | 2
begin;
select txid_current() = txid_current() from generate_series(1,2);
--> t
--> t
commit;

-- Direct arguments see NULL for the keys that a grouping set has not.
CREATE TABLE of_sets (a int, b int, c text);

INSERT INTO of_sets SELECT g % 3, g, 'x' || g % 2 FROM generate_series(1, 12) g;

SELECT a, rank(a) WITHIN GROUP (ORDER BY b), percentile_cont(a * 0.25) WITHIN GROUP (ORDER BY b), count(*) FROM of_sets GROUP BY ROLLUP (a) ORDER BY 1;
--> 0 | 1 | 3 | 4
--> 1 | 1 | 3.25 | 4
--> 2 | 1 | 6.5 | 4
--> NULL | 13 | NULL | 12

SELECT a, c, rank(a) WITHIN GROUP (ORDER BY b), dense_rank(a + 1) WITHIN GROUP (ORDER BY b DESC) FROM of_sets GROUP BY CUBE (a, c) ORDER BY 1, 2;
--> 0 | x0 | 1 | 3
--> 0 | x1 | 1 | 3
--> 0 | NULL | 1 | 5
--> 1 | x0 | 1 | 3
--> 1 | x1 | 1 | 2
--> 1 | NULL | 1 | 4
--> 2 | x0 | 1 | 2
--> 2 | x1 | 1 | 3
--> 2 | NULL | 1 | 4
--> NULL | x0 | 7 | 1
--> NULL | x1 | 7 | 1
--> NULL | NULL | 13 | 1

SELECT a, percentile_disc(ARRAY[a * 0.1, 0.5]) WITHIN GROUP (ORDER BY b) FROM of_sets GROUP BY GROUPING SETS ((a), ()) ORDER BY 1;
--> 0 | {3,6}
--> 1 | {1,4}
--> 2 | {2,5}
--> NULL | {NULL,6}

SELECT a + 1, rank(a + 1) WITHIN GROUP (ORDER BY b) FROM of_sets GROUP BY ROLLUP (a + 1) ORDER BY 1;
--> 1 | 1
--> 2 | 2
--> 3 | 2
--> NULL | 13

SELECT cume_dist(3) WITHIN GROUP (ORDER BY b) FROM of_sets GROUP BY ROLLUP (a) ORDER BY 1;
--> 0.3076923076923077
--> 0.4
--> 0.4
--> 0.4

SELECT a, rank(grouping(a)) WITHIN GROUP (ORDER BY b) FROM of_sets GROUP BY ROLLUP (a) ORDER BY 1;
--> ERROR 42803 aggregate function calls cannot be nested

SELECT a, rank(a) WITHIN GROUP (ORDER BY b) FILTER (WHERE b > 3) FROM of_sets GROUP BY ROLLUP (a) HAVING rank(a) WITHIN GROUP (ORDER BY b) > 0 ORDER BY 1;
--> 0 | 1
--> 1 | 1
--> 2 | 1
--> NULL | 10
