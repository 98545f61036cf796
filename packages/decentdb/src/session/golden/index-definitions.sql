-- What may be indexed and generated, and how; each answer is PostgreSQL's.
CREATE TABLE a(id int PRIMARY KEY, b text, c timestamptz, d date, e numeric);
CREATE INDEX ON a ((b || id));
CREATE INDEX ON a ((c::text));
--> ERROR 42P17 functions in index expression must be marked IMMUTABLE
CREATE INDEX ON a ((b || c));
--> ERROR 42P17 functions in index expression must be marked IMMUTABLE
CREATE INDEX ON a ((d::text));
--> ERROR 42P17 functions in index expression must be marked IMMUTABLE
CREATE INDEX ON a ((b || e));
CREATE INDEX ON a (date_trunc('day', c));
--> ERROR 42P17 functions in index expression must be marked IMMUTABLE
CREATE INDEX ON a (date_trunc('day', d));
--> ERROR 42P17 functions in index expression must be marked IMMUTABLE
CREATE INDEX ON a (to_char(d, 'YYYY'));
--> ERROR 42P17 functions in index expression must be marked IMMUTABLE
CREATE INDEX ON a (lower(b), id);
CREATE INDEX ON a ((e::text));
CREATE INDEX ON a (concat(b, 'x'));
--> ERROR 42P17 functions in index expression must be marked IMMUTABLE
CREATE INDEX ON a (format('%s', b));
--> ERROR 42P17 functions in index expression must be marked IMMUTABLE
CREATE INDEX ON a ((c AT TIME ZONE 'UTC'));
CREATE INDEX ON a (extract(year FROM d));
CREATE INDEX ON a (extract(year FROM c));
--> ERROR 42P17 functions in index expression must be marked IMMUTABLE
CREATE INDEX ON a ((c::date));
--> ERROR 42P17 functions in index expression must be marked IMMUTABLE
CREATE INDEX ON a (md5(b));
CREATE INDEX ON a (coalesce(b, 'x'));
CREATE INDEX ON a ((b COLLATE "C"));
CREATE INDEX ON a (to_tsvector('english', b));
CREATE INDEX ON a (to_tsvector(b));
--> ERROR 42P17 functions in index expression must be marked IMMUTABLE
CREATE INDEX ON a USING gin (to_tsvector('english', b));
CREATE INDEX ON a USING hash (b);
CREATE INDEX ON a USING brin (id);
CREATE INDEX ON a (jsonb_build_object('a', b));
--> ERROR 42P17 functions in index expression must be marked IMMUTABLE
CREATE INDEX ON a ((d + 1));
CREATE INDEX ON a (age(c));
--> ERROR 42P17 functions in index expression must be marked IMMUTABLE
CREATE INDEX ON a ((c + interval '1 day'));
--> ERROR 42P17 functions in index expression must be marked IMMUTABLE
CREATE INDEX ON a ((c - interval '1 hour'));
--> ERROR 42P17 functions in index expression must be marked IMMUTABLE
CREATE INDEX ON a (b text_pattern_ops);
CREATE INDEX ON a (b varchar_pattern_ops DESC NULLS LAST);
CREATE INDEX ON a (id int4_ops);
CREATE INDEX ON a (id text_ops);
--> ERROR 42804 operator class "text_ops" does not accept data type integer
CREATE INDEX ON a (nosuch_ops);
--> ERROR 42703 column "nosuch_ops" does not exist
CREATE INDEX ON a (b nosuch_ops);
--> ERROR 42704 operator class "nosuch_ops" does not exist for access method "btree"
CREATE TABLE g1(a int, b text, c text GENERATED ALWAYS AS (b || a) STORED);
CREATE TABLE g2(a timestamptz, c text GENERATED ALWAYS AS ('x' || a) STORED);
--> ERROR 42P17 generation expression is not immutable
CREATE TABLE g3(a date, c text GENERATED ALWAYS AS (a::text) STORED);
--> ERROR 42P17 generation expression is not immutable
CREATE TABLE g4(a int, c text GENERATED ALWAYS AS (concat(a, 'x')) STORED);
--> ERROR 42P17 generation expression is not immutable
CREATE TABLE g5(a float8, c text GENERATED ALWAYS AS (a::text) STORED, d text GENERATED ALWAYS AS (a || '') STORED);
CREATE TABLE g6(a text, c tsvector GENERATED ALWAYS AS (to_tsvector('english', a)) STORED);
CREATE TABLE g7(a text, c tsvector GENERATED ALWAYS AS (to_tsvector('english', coalesce(a,'')) || to_tsvector('simple', a)) STORED);
CREATE TABLE g8(a jsonb, c text GENERATED ALWAYS AS (a->>'x') STORED, d int GENERATED ALWAYS AS ((a->>'n')::int) STORED, e timestamp GENERATED ALWAYS AS ((a->>'t')::timestamp) STORED);
--> ERROR 42P17 generation expression is not immutable
CREATE TABLE g9(a jsonb, d date GENERATED ALWAYS AS ((a->>'t')::date) STORED);
--> ERROR 42P17 generation expression is not immutable
CREATE UNIQUE INDEX ON a USING hash (b);
--> ERROR 0A000 access method "hash" does not support unique indexes
CREATE INDEX ON a USING hash (b, id);
--> ERROR 0A000 access method "hash" does not support multicolumn indexes
CREATE INDEX ON a USING hash (b DESC);
--> ERROR 0A000 access method "hash" does not support ASC/DESC options
CREATE INDEX ON a USING brin (d, id) WITH (pages_per_range = 16);
CREATE INDEX ON a USING brin (d date_minmax_ops);
CREATE INDEX ON a USING hash (b text_ops);
CREATE INDEX ON a (d text_ops);
--> ERROR 42804 operator class "text_ops" does not accept data type date
SELECT indexname FROM pg_indexes WHERE tablename = 'a' ORDER BY 1;
--> a_b_idx
--> a_b_idx1
--> a_b_idx2
--> a_b_idx3
--> a_b_idx4
--> a_coalesce_idx
--> a_d_id_idx
--> a_d_idx
--> a_e_idx
--> a_expr_idx
--> a_expr_idx1
--> a_expr_idx2
--> a_extract_idx
--> a_id_idx
--> a_id_idx1
--> a_lower_id_idx
--> a_md5_idx
--> a_pkey
--> a_timezone_idx
--> a_to_tsvector_idx
--> a_to_tsvector_idx1
CREATE INDEX ON a (b bpchar_pattern_ops);
CREATE INDEX ON a (b name_ops);
--> ERROR 42804 operator class "name_ops" does not accept data type text
