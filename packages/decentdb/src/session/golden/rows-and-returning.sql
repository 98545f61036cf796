-- Whole rows, the state RETURNING and WHEN read, hypothetical rows, bits of integers: answers are PostgreSQL's.
CREATE TABLE a(id int primary key, x int, t text);
CREATE TABLE b(id int primary key, aid int, y numeric);
INSERT INTO a SELECT i, i%5, 'row '||i FROM generate_series(1,20) i;
INSERT INTO b SELECT i, CASE WHEN i%4=0 THEN NULL ELSE i%23 END, i*1.5 FROM generate_series(1,30) i;
SELECT count(b.*), count(b), count(*) FROM a LEFT JOIN b ON b.aid=a.id;
--> 20 | 20 | 24
SELECT a.id, b IS NULL, b IS NOT NULL, b.* IS NULL FROM a LEFT JOIN b ON b.aid=a.id AND b.y>10 WHERE a.id<4 ORDER BY 1;
--> 1 | t | f | t
--> 2 | f | t | f
--> 3 | f | t | f
SELECT a.id, b FROM a LEFT JOIN b ON b.aid=a.id AND b.y>10 WHERE a.id<4 ORDER BY 1;
--> 1 | NULL
--> 2 | (25,2,37.5)
--> 3 | (26,3,39.0)
SELECT a.id, coalesce(b.y::text,'none'), row_to_json(b), to_jsonb(b), (b).y FROM a LEFT JOIN b ON b.aid=a.id AND b.y>10 WHERE a.id<4 ORDER BY 1;
--> 1 | none | NULL | NULL | NULL
--> 2 | 37.5 | {"id":25,"aid":2,"y":37.5} | {"y": 37.5, "id": 25, "aid": 2} | 37.5
--> 3 | 39.0 | {"id":26,"aid":3,"y":39.0} | {"y": 39.0, "id": 26, "aid": 3} | 39.0
SELECT min(b), max(b) FROM b;
--> (1,1,1.5) | (30,7,45.0)
SELECT aid, min(b) FROM b GROUP BY aid ORDER BY 1 LIMIT 3;
--> 0 | (23,0,34.5)
--> 1 | (1,1,1.5)
--> 2 | (2,2,3.0)
SELECT s.q, count(s) FROM a LEFT JOIN (SELECT aid q, y FROM b WHERE y>20) s ON s.q=a.id GROUP BY s.q ORDER BY 1;
--> 2 | 1
--> 3 | 1
--> 4 | 1
--> 6 | 1
--> 7 | 1
--> 14 | 1
--> 15 | 1
--> 17 | 1
--> 18 | 1
--> 19 | 1
--> NULL | 0
SELECT max(ARRAY[id]), min(array[t]) FROM a;
--> {20} | {"row 1"}
INSERT INTO a SELECT id+100, x, t FROM a RETURNING id, (SELECT count(*) FROM a);
--> 101 | 20
--> 102 | 20
--> 103 | 20
--> 104 | 20
--> 105 | 20
--> 106 | 20
--> 107 | 20
--> 108 | 20
--> 109 | 20
--> 110 | 20
--> 111 | 20
--> 112 | 20
--> 113 | 20
--> 114 | 20
--> 115 | 20
--> 116 | 20
--> 117 | 20
--> 118 | 20
--> 119 | 20
--> 120 | 20
UPDATE a SET x = x+1 WHERE id<3 RETURNING (SELECT sum(x) FROM a), x;
--> 80 | 2
--> 80 | 3
DELETE FROM a WHERE id<3 RETURNING (SELECT count(*) FROM a);
--> 40
--> 40
INSERT INTO a VALUES (3,1,''),(4,1,''),(500,1,'') ON CONFLICT (id) DO UPDATE SET x=(SELECT count(*) FROM a WHERE x<5), t='u' RETURNING *;
--> 3 | 38 | u
--> 4 | 38 | u
--> 500 | 1 | 
INSERT INTO a SELECT 600+i, (SELECT count(*) FROM a) FROM generate_series(1,3) i RETURNING *;
--> 601 | 39 | NULL
--> 602 | 39 | NULL
--> 603 | 39 | NULL
WITH m AS (MERGE INTO a USING (VALUES (3),(700),(4)) v(k) ON a.id=v.k WHEN MATCHED AND v.k=3 THEN DELETE WHEN MATCHED THEN UPDATE SET x=(SELECT count(*) FROM a) WHEN NOT MATCHED THEN INSERT VALUES (k, (SELECT count(*) FROM a)) RETURNING merge_action(), a.*, old.id AS before, new.id AS after) SELECT * FROM m ORDER BY id;
--> DELETE | 3 | 38 | u | 3 | NULL
--> UPDATE | 4 | 42 | u | 4 | 4
--> INSERT | 700 | 42 | NULL | NULL | 700
WITH i AS (INSERT INTO a VALUES (800,1) RETURNING (SELECT count(*) FROM a) c) SELECT c, (SELECT count(*) FROM a) FROM i;
--> 42 | 42
SELECT rank(100) WITHIN GROUP (ORDER BY y), dense_rank(3,'x') WITHIN GROUP (ORDER BY aid, y::text), percent_rank(2.5) WITHIN GROUP (ORDER BY aid), cume_dist('7') WITHIN GROUP (ORDER BY aid::bigint) FROM b;
--> 31 | 7 | 0.13333333333333333 | 0.41935483870967744
SELECT rank('a') WITHIN GROUP (ORDER BY y) FROM b;
--> ERROR 22P02 invalid input syntax for type numeric: "a"
SELECT rank(1,2) WITHIN GROUP (ORDER BY y) FROM b;
--> ERROR 42883 function rank(integer, integer, numeric) does not exist
SELECT 5::bit(4), (-1)::bit(8), 44::bit(10), 44::bit(3), cast(-44 as bit(12)), '1110'::bit(4)::integer, 44::bit(3)::int, 5::bit, 5::bigint::bit(66), B'101'::bit(6);
--> 0101 | 11111111 | 0000101100 | 100 | 111111010100 | 14 | 4 | 1 | 000000000000000000000000000000000000000000000000000000000000000101 | 101000
CREATE INDEX ex ON a (lower(t), (x+1), upper(t) DESC, abs(x));
SELECT indexdef FROM pg_indexes WHERE tablename='a' ORDER BY indexname;
--> CREATE UNIQUE INDEX a_pkey ON public.a USING btree (id)
--> CREATE INDEX ex ON public.a USING btree (lower(t), ((x + 1)), upper(t) DESC, abs(x))
