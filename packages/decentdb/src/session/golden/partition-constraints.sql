-- What bounds ask of rows, as psql shows it. Each answer is PostgreSQL's.
CREATE TABLE r (a int, b float8, v text) PARTITION BY RANGE (a, b);
CREATE TABLE r1 PARTITION OF r FOR VALUES FROM (MINVALUE, MINVALUE) TO (1, -1.5);
CREATE TABLE r2 PARTITION OF r FOR VALUES FROM (1, -1.5) TO (1, 4);
CREATE TABLE r3 PARTITION OF r FOR VALUES FROM (1, 4) TO (3, MINVALUE);
CREATE TABLE r4 PARTITION OF r FOR VALUES FROM (3, MINVALUE) TO (5, MAXVALUE) PARTITION BY LIST (v);
CREATE TABLE r4a PARTITION OF r4 FOR VALUES IN ('x', 'y''z', NULL);
CREATE TABLE r4b PARTITION OF r4 FOR VALUES IN ('q');
CREATE TABLE r4d PARTITION OF r4 DEFAULT;
CREATE TABLE r5 PARTITION OF r FOR VALUES FROM (5, MAXVALUE) TO (MAXVALUE, MAXVALUE);
CREATE TABLE rd PARTITION OF r DEFAULT;
CREATE TABLE s (a int, d date, e text) PARTITION BY RANGE (d);
CREATE TABLE s1 PARTITION OF s FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
CREATE TABLE sd PARTITION OF s DEFAULT;
CREATE TABLE l (a numeric, b bool) PARTITION BY LIST (b);
CREATE TABLE l1 PARTITION OF l FOR VALUES IN (true);
CREATE TABLE l2 PARTITION OF l FOR VALUES IN (NULL, false);
CREATE TABLE n (a numeric, b bigint) PARTITION BY LIST (a);
CREATE TABLE n1 PARTITION OF n FOR VALUES IN (1.5, -2, 3.5);
CREATE TABLE n2 PARTITION OF n DEFAULT;
CREATE TABLE b (a numeric, b bigint) PARTITION BY RANGE (b);
CREATE TABLE b1 PARTITION OF b FOR VALUES FROM (-5) TO (10000000000);
CREATE TABLE x (a int, t text) PARTITION BY LIST (lower(t));
CREATE TABLE x1 PARTITION OF x FOR VALUES IN ('a');
CREATE TABLE x2 PARTITION OF x FOR VALUES IN ('b', 'c');
CREATE TABLE y (a int, t text) PARTITION BY RANGE ((a % 10));
CREATE TABLE y1 PARTITION OF y FOR VALUES FROM (0) TO (5);
CREATE TABLE z (a int) PARTITION BY LIST (a);
CREATE TABLE zd PARTITION OF z DEFAULT;
CREATE TABLE h (a int, b text) PARTITION BY HASH (a, b);
CREATE TABLE h1 PARTITION OF h FOR VALUES WITH (MODULUS 2, REMAINDER 0);
SELECT relname, pg_get_partition_constraintdef(oid) FROM pg_class WHERE relispartition AND relname NOT IN ('h1', 'rd') ORDER BY relname;
--> b1 | ((b IS NOT NULL) AND (b >= '-5'::bigint) AND (b < '10000000000'::bigint))
--> l1 | ((b IS NOT NULL) AND (b = true))
--> l2 | ((b IS NULL) OR (b = false))
--> n1 | ((a IS NOT NULL) AND (a = ANY (ARRAY[1.5, '-2'::numeric, 3.5])))
--> n2 | (NOT ((a IS NOT NULL) AND (a = ANY (ARRAY['-2'::numeric, 1.5, 3.5]))))
--> r1 | ((a IS NOT NULL) AND (b IS NOT NULL) AND ((a < 1) OR ((a = 1) AND (b < '-1.5'::double precision))))
--> r2 | ((a IS NOT NULL) AND (b IS NOT NULL) AND (a = 1) AND (b >= '-1.5'::double precision) AND (b < '4'::double precision))
--> r3 | ((a IS NOT NULL) AND (b IS NOT NULL) AND ((a > 1) OR ((a = 1) AND (b >= '4'::double precision))) AND (a < 3))
--> r4 | ((a IS NOT NULL) AND (b IS NOT NULL) AND (a >= 3) AND (a <= 5))
--> r4a | ((a IS NOT NULL) AND (b IS NOT NULL) AND (a >= 3) AND (a <= 5) AND ((v IS NULL) OR (v = ANY (ARRAY['x'::text, 'y''z'::text]))))
--> r4b | ((a IS NOT NULL) AND (b IS NOT NULL) AND (a >= 3) AND (a <= 5) AND (v IS NOT NULL) AND (v = 'q'::text))
--> r4d | ((a IS NOT NULL) AND (b IS NOT NULL) AND (a >= 3) AND (a <= 5) AND (NOT ((v IS NULL) OR (v = ANY (ARRAY['q'::text, 'x'::text, 'y''z'::text])))))
--> r5 | ((a IS NOT NULL) AND (b IS NOT NULL) AND (a > 5))
--> s1 | ((d IS NOT NULL) AND (d >= '2024-01-01'::date) AND (d < '2025-01-01'::date))
--> sd | (NOT ((d IS NOT NULL) AND ((d >= '2024-01-01'::date) AND (d < '2025-01-01'::date))))
--> x1 | ((lower(t) IS NOT NULL) AND (lower(t) = 'a'::text))
--> x2 | ((lower(t) IS NOT NULL) AND (lower(t) = ANY (ARRAY['b'::text, 'c'::text])))
--> y1 | (((a % 10) IS NOT NULL) AND ((a % 10) >= 0) AND ((a % 10) < 5))
--> zd | NULL
SELECT regexp_replace(pg_get_partition_constraintdef('h1'::regclass), '\d+', 'N');
--> satisfies_hash_partition('N'::oid, 2, 0, a, b)
SELECT pg_get_partition_constraintdef('h'::regclass), pg_get_partition_constraintdef(0);
--> NULL | NULL
