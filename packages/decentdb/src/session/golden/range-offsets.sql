-- RANGE frames: which offsets move which columns; each answer is PostgreSQL's.
SELECT sum(i) OVER (ORDER BY i RANGE 1.5 PRECEDING) FROM generate_series(1,3) i;
--> ERROR 0A000 RANGE with offset PRECEDING/FOLLOWING is not supported for column type integer and offset type numeric
SELECT sum(i) OVER (ORDER BY i RANGE 1::numeric PRECEDING) FROM (VALUES (1::int2)) v(i);
--> ERROR 0A000 RANGE with offset PRECEDING/FOLLOWING is not supported for column type smallint and offset type numeric
SELECT sum(i) OVER (ORDER BY i RANGE 1::float8 PRECEDING) FROM (VALUES (1::int8)) v(i);
--> ERROR 0A000 RANGE with offset PRECEDING/FOLLOWING is not supported for column type bigint and offset type double precision
SELECT sum(i) OVER (ORDER BY i RANGE 1::int8 PRECEDING) FROM (VALUES (1::int2),(2),(4)) v(i) ORDER BY 1;
--> 1
--> 3
--> 4
SELECT sum(i) OVER (ORDER BY i RANGE 1::int2 PRECEDING) FROM (VALUES (1::int8),(2),(4)) v(i) ORDER BY 1;
--> 1
--> 3
--> 4
SELECT sum(i) OVER (ORDER BY i RANGE 1.5 PRECEDING) FROM (VALUES (1::float8),(2),(4)) v(i) ORDER BY 1;
--> 1
--> 3
--> 4
SELECT sum(i) OVER (ORDER BY i RANGE 1.5 PRECEDING) FROM (VALUES (1::float4),(2),(4)) v(i) ORDER BY 1;
--> 1
--> 3
--> 4
SELECT sum(i) OVER (ORDER BY i RANGE 1.5 PRECEDING) FROM (VALUES (1::numeric),(2),(4)) v(i) ORDER BY 1;
--> 1
--> 3
--> 4
SELECT sum(i) OVER (ORDER BY i RANGE 1 PRECEDING) FROM (VALUES (1::numeric),(2),(4)) v(i) ORDER BY 1;
--> 1
--> 3
--> 4
SELECT sum(1) OVER (ORDER BY i RANGE 1 PRECEDING) FROM (VALUES ('a'::text)) v(i);
--> ERROR 0A000 RANGE with offset PRECEDING/FOLLOWING is not supported for column type text
SELECT sum(1) OVER (ORDER BY i RANGE 1 PRECEDING) FROM (VALUES (date '2020-01-01')) v(i);
--> ERROR 0A000 RANGE with offset PRECEDING/FOLLOWING is not supported for column type date and offset type integer
SELECT sum(1) OVER (ORDER BY i RANGE interval '1 day' PRECEDING) FROM (VALUES (date '2020-01-01'), ('2020-01-02'), ('2020-01-05')) v(i) ORDER BY 1;
--> 1
--> 1
--> 2
