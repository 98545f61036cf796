-- Defaults, checks, index expressions as the catalogues show them; each answer is PostgreSQL's.
CREATE TYPE mood AS ENUM ('sad','ok');
CREATE DOMAIN dm AS text;
CREATE TABLE t(a bigint DEFAULT 0, b varchar(5) DEFAULT 'x', c text DEFAULT 'y''z', d date DEFAULT '2020-01-01', e mood DEFAULT 'ok', f numeric(5,2) DEFAULT 1.5, g bool DEFAULT true, h jsonb DEFAULT '{}', i timestamptz DEFAULT now(), j timestamp DEFAULT CURRENT_TIMESTAMP, k int DEFAULT -1, l int[] DEFAULT ARRAY[1,2], m int[] DEFAULT '{1}', n uuid DEFAULT gen_random_uuid(), o text DEFAULT NULL, p interval DEFAULT '1 day', q real DEFAULT 1, r char(3) DEFAULT 'ab', s text DEFAULT lower('A') || 'b', u date DEFAULT CURRENT_DATE, v dm DEFAULT 'q', w bytea DEFAULT '\x00', x text DEFAULT CURRENT_USER, y time DEFAULT '10:00', z varchar DEFAULT 'abc'::varchar(2));
SELECT attname, replace(pg_get_expr(adbin, adrelid), E'\n', '/') FROM pg_attrdef JOIN pg_attribute ON attrelid=adrelid AND attnum=adnum ORDER BY attnum;
--> a | 0
--> b | 'x'::character varying
--> c | 'y''z'::text
--> d | '2020-01-01'::date
--> e | 'ok'::mood
--> f | 1.5
--> g | true
--> h | '{}'::jsonb
--> i | now()
--> j | CURRENT_TIMESTAMP
--> k | '-1'::integer
--> l | ARRAY[1, 2]
--> m | '{1}'::integer[]
--> n | gen_random_uuid()
--> p | '1 day'::interval
--> q | 1
--> r | 'ab'::bpchar
--> s | (lower('A'::text) || 'b'::text)
--> u | CURRENT_DATE
--> v | 'q'::text
--> w | '\x00'::bytea
--> x | CURRENT_USER
--> y | '10:00:00'::time without time zone
--> z | 'abc'::character varying(2)
SELECT column_name, column_default FROM information_schema.columns WHERE table_name='t' ORDER BY ordinal_position;
--> a | 0
--> b | 'x'::character varying
--> c | 'y''z'::text
--> d | '2020-01-01'::date
--> e | 'ok'::mood
--> f | 1.5
--> g | true
--> h | '{}'::jsonb
--> i | now()
--> j | CURRENT_TIMESTAMP
--> k | '-1'::integer
--> l | ARRAY[1, 2]
--> m | '{1}'::integer[]
--> n | gen_random_uuid()
--> o | NULL
--> p | '1 day'::interval
--> q | 1
--> r | 'ab'::bpchar
--> s | (lower('A'::text) || 'b'::text)
--> u | CURRENT_DATE
--> v | 'q'::text
--> w | '\x00'::bytea
--> x | CURRENT_USER
--> y | '10:00:00'::time without time zone
--> z | 'abc'::character varying(2)
CREATE TABLE u(a int CHECK (a > 0 AND a < 10), b text CHECK (b <> ''), c numeric CHECK (c >= 0), d varchar(5) CHECK (length(d) > 2), e text CHECK (e IN ('a','b')), f int CHECK (f BETWEEN 1 AND 5), g text CHECK (g ~ '^a'), h date CHECK (h > '2020-01-01'), i mood CHECK (i <> 'sad'), j int CHECK (j IS NOT NULL OR a IS NULL), k text CHECK (k LIKE 'a%'), l text CHECK (lower(l) = l), m int CHECK (m % 2 = 0), n numeric CHECK (n > 0.5), o varchar(9) CHECK (o IN ('x','y')), p int CHECK (p IN (1,2)), q bool CHECK (NOT q));
SELECT conname, replace(pg_get_constraintdef(oid), E'\n', '/') FROM pg_constraint WHERE conrelid='u'::regclass ORDER BY conname;
--> u_a_check | CHECK (((a > 0) AND (a < 10)))
--> u_b_check | CHECK ((b <> ''::text))
--> u_c_check | CHECK ((c >= (0)::numeric))
--> u_check | CHECK (((j IS NOT NULL) OR (a IS NULL)))
--> u_d_check | CHECK ((length((d)::text) > 2))
--> u_e_check | CHECK ((e = ANY (ARRAY['a'::text, 'b'::text])))
--> u_f_check | CHECK (((f >= 1) AND (f <= 5)))
--> u_g_check | CHECK ((g ~ '^a'::text))
--> u_h_check | CHECK ((h > '2020-01-01'::date))
--> u_i_check | CHECK ((i <> 'sad'::mood))
--> u_k_check | CHECK ((k ~~ 'a%'::text))
--> u_l_check | CHECK ((lower(l) = l))
--> u_m_check | CHECK (((m % 2) = 0))
--> u_n_check | CHECK ((n > 0.5))
--> u_o_check | CHECK (((o)::text = ANY ((ARRAY['x'::character varying, 'y'::character varying])::text[])))
--> u_p_check | CHECK ((p = ANY (ARRAY[1, 2])))
--> u_q_check | CHECK ((NOT q))
CREATE INDEX i1 ON u (lower(b)) WHERE c > 1;
CREATE INDEX i2 ON u ((a + 1), (b || 'x') DESC);
CREATE INDEX i3 ON u (d) WHERE d = 'q' AND a IS NOT NULL;
SELECT indexname, indexdef FROM pg_indexes WHERE tablename='u' ORDER BY 1;
--> i1 | CREATE INDEX i1 ON public.u USING btree (lower(b)) WHERE (c > (1)::numeric)
--> i2 | CREATE INDEX i2 ON public.u USING btree (((a + 1)), ((b || 'x'::text)) DESC)
--> i3 | CREATE INDEX i3 ON public.u USING btree (d) WHERE (((d)::text = 'q'::text) AND (a IS NOT NULL))
CREATE TABLE gg(a int, b text, c text GENERATED ALWAYS AS (b || a) STORED, d int GENERATED ALWAYS AS (a * 2 + 1) STORED, e text GENERATED ALWAYS AS (CASE WHEN a > 1 THEN 'x' ELSE b END) STORED);
SELECT attname, replace(pg_get_expr(adbin, adrelid), E'\n', '/') FROM pg_attrdef JOIN pg_attribute ON attrelid=adrelid AND attnum=adnum WHERE adrelid='gg'::regclass ORDER BY attnum;
--> c | (b || a)
--> d | ((a * 2) + 1)
--> e | /CASE/    WHEN (a > 1) THEN 'x'::text/    ELSE b/END
CREATE TABLE k(a int, b text, c numeric, d date, e timestamptz, f float8, g bigint, h varchar(9), i int[], j jsonb, l bool, CHECK (a + 1 > 2 * 3), CHECK (b LIKE 'a%' AND b NOT LIKE '%z' OR b ILIKE 'q'), CHECK (c BETWEEN 1 AND 2.5), CHECK (c NOT BETWEEN 1 AND 2), CHECK (d > '2020-1-5' AND d < date '2021-01-01' AND d <> '2020-02-02'::date), CHECK (e > '2020-01-01 00:00+00'), CHECK (f > 0 AND f < 1.5), CHECK (g > 0 AND g + 1 > a), CHECK (h = 'x' OR h IN ('p','q') OR length(h) > 3), CHECK (i @> ARRAY[1] OR i = '{}' OR 3 = ANY (i) OR i[1] > 0), CHECK (j->>'a' = 'b' OR j @> '{"x":1}' OR j IS NULL), CHECK (l), CHECK (NOT l), CHECK (l IS NOT TRUE), CHECK (coalesce(a, 0) > nullif(a, 5)), CHECK (CASE WHEN a > 1 THEN b = 'x' ELSE l END), CHECK (a IS DISTINCT FROM 5), CHECK (a::numeric > c AND a::text = b AND b::int = a AND '5'::int = a), CHECK (substring(b from 1 for 2) = 'ab'), CHECK (extract(year from d) > 2000), CHECK (position('x' in b) > 0), CHECK (b ~ '^[a-z]+$' AND b !~* 'x'), CHECK (upper(b) <> lower(b) || 'x' || a), CHECK ((a, c) > (1, 2)), CHECK (-a < 3 AND a > -5), CHECK (trim(b) <> ''), CHECK (greatest(a, 3) > least(1, a)), CHECK (e AT TIME ZONE 'UTC' > '2020-01-01'), CHECK (b COLLATE "C" > 'a'), CHECK (a % 2 = 0 AND a ^ 2 < 100), CHECK (d - date '2020-01-01' > 3 AND d + 5 > d AND d + interval '1 day' > d), CHECK (char_length(b) <= 10), CHECK (a IN (1)), CHECK (b NOT IN ('x', 'y')), CHECK (round(c, 2) = c), CHECK (c::numeric(5,1) > 0), CHECK (h::text <> 'q'), CHECK (f::int = a), CHECK (b = 'x'::text));
SELECT conname, replace(pg_get_constraintdef(oid), E'\n', '/') FROM pg_constraint WHERE conrelid='k'::regclass AND contype = 'c' ORDER BY 2;
--> k_a_check3 | CHECK ((((- a) < 3) AND (a > '-5'::integer)))
--> k_a_check5 | CHECK ((((a % 2) = 0) AND (((a)::double precision ^ (2)::double precision) < (100)::double precision)))
--> k_check2 | CHECK ((((a)::numeric > c) AND ((a)::text = b) AND ((b)::integer = a) AND (5 = a)))
--> k_b_check | CHECK ((((b ~~ 'a%'::text) AND (b !~~ '%z'::text)) OR (b ~~* 'q'::text)))
--> k_d_check2 | CHECK ((((d - '2020-01-01'::date) > 3) AND ((d + 5) > d) AND ((d + '1 day'::interval) > d)))
--> k_h_check | CHECK ((((h)::text = 'x'::text) OR ((h)::text = ANY ((ARRAY['p'::character varying, 'q'::character varying])::text[])) OR (length((h)::text) > 3)))
--> k_j_check | CHECK ((((j ->> 'a'::text) = 'b'::text) OR (j @> '{"x": 1}'::jsonb) OR (j IS NULL)))
--> k_a_check | CHECK (((a + 1) > (2 * 3)))
--> k_b_check5 | CHECK (((b COLLATE "C") > 'a'::text))
--> k_b_check3 | CHECK (((b ~ '^[a-z]+$'::text) AND (b !~* 'x'::text)))
--> k_c_check1 | CHECK (((c < (1)::numeric) OR (c > (2)::numeric)))
--> k_c_check | CHECK (((c >= (1)::numeric) AND (c <= 2.5)))
--> k_c_check3 | CHECK (((c)::numeric(5,1) > (0)::numeric))
--> k_d_check | CHECK (((d > '2020-01-05'::date) AND (d < '2021-01-01'::date) AND (d <> '2020-02-02'::date)))
--> k_e_check1 | CHECK (((e AT TIME ZONE 'UTC'::text) > '2020-01-01 00:00:00'::timestamp without time zone))
--> k_f_check | CHECK (((f > (0)::double precision) AND (f < (1.5)::double precision)))
--> k_check5 | CHECK (((f)::integer = a))
--> k_check | CHECK (((g > 0) AND ((g + 1) > a)))
--> k_h_check1 | CHECK (((h)::text <> 'q'::text))
--> k_i_check | CHECK (((i @> ARRAY[1]) OR (i = '{}'::integer[]) OR (3 = ANY (i)) OR (i[1] > 0)))
--> k_a_check1 | CHECK ((COALESCE(a, 0) > NULLIF(a, 5)))
--> k_d_check1 | CHECK ((EXTRACT(year FROM d) > (2000)::numeric))
--> k_a_check4 | CHECK ((GREATEST(a, 3) > LEAST(1, a)))
--> k_l_check1 | CHECK ((NOT l))
--> k_b_check2 | CHECK ((POSITION(('x'::text) IN (b)) > 0))
--> k_check4 | CHECK ((ROW(a, c) > ROW(1, (2)::numeric)))
--> k_b_check1 | CHECK ((SUBSTRING(b FROM 1 FOR 2) = 'ab'::text))
--> k_b_check4 | CHECK ((TRIM(BOTH FROM b) <> ''::text))
--> k_a_check6 | CHECK ((a = 1))
--> k_a_check2 | CHECK ((a IS DISTINCT FROM 5))
--> k_b_check7 | CHECK ((b <> ALL (ARRAY['x'::text, 'y'::text])))
--> k_b_check8 | CHECK ((b = 'x'::text))
--> k_b_check6 | CHECK ((char_length(b) <= 10))
--> k_e_check | CHECK ((e > '2020-01-01 00:00:00+00'::timestamp with time zone))
--> k_l_check2 | CHECK ((l IS NOT TRUE))
--> k_c_check2 | CHECK ((round(c, 2) = c))
--> k_check3 | CHECK ((upper(b) <> ((lower(b) || 'x'::text) || a)))
--> k_check1 | CHECK (/CASE/    WHEN (a > 1) THEN (b = 'x'::text)/    ELSE l/END)
--> k_l_check | CHECK (l)
