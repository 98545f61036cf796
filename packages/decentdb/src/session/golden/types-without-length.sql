-- CHARACTER and BIT without a length have one of 1; types that have none are named otherwise (format_type), in dumps too.
CREATE TABLE q (a bpchar, b "bit", c bpchar[], d "bit"[], e char, f bit, g bit(3) CHECK (g <> B'000' AND g <> X'5'), h bit(3) DEFAULT '101');
SELECT attname, format_type(atttypid, atttypmod), format_type(atttypid, NULL) FROM pg_attribute WHERE attrelid = 'q'::regclass AND attnum > 0;
--> a | bpchar | character
--> b | "bit" | bit
--> c | bpchar[] | character[]
--> d | "bit"[] | bit[]
--> e | character(1) | character
--> f | bit(1) | bit
--> g | bit(3) | bit
--> h | bit(3) | bit
SELECT pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = 'q'::regclass;
--> CHECK (((g <> '000'::"bit") AND (g <> '0101'::"bit")))
-- NULL is no default, but where values would be cut to a length: then PostgreSQL keeps it, and tools see it.
CREATE TABLE n (a varchar(3) DEFAULT NULL, b text DEFAULT NULL, c numeric(5, 2) DEFAULT NULL, d char(3) DEFAULT NULL, e interval(2) DEFAULT NULL, f varchar(3)[] DEFAULT NULL, g text DEFAULT NULL::text, h varchar(3) DEFAULT NULL::text);
SELECT column_name, column_default FROM information_schema.columns WHERE table_name = 'n' ORDER BY ordinal_position;
--> a | NULL::character varying
--> b | NULL
--> c | NULL::numeric
--> d | NULL::bpchar
--> e | NULL
--> f | NULL::character varying[]
--> g | NULL
--> h | NULL::text
INSERT INTO n (b) VALUES ('x') RETURNING *;
--> NULL | x | NULL | NULL | NULL | NULL | NULL | NULL
-- 'a' equals 'a ' there, and both are kept as they came: no unique index could tell.
CREATE TABLE u (a bpchar UNIQUE);
--> ERROR 0A000 a unique key of type character without a length is not supported
CREATE TABLE u (a bpchar, b char(3) UNIQUE, c text);
CREATE UNIQUE INDEX ON u (c, a);
--> ERROR 0A000 a unique key of type character without a length is not supported
CREATE UNIQUE INDEX ON u ((c::bpchar));
--> ERROR 0A000 a unique key of type character without a length is not supported
CREATE UNIQUE INDEX ON u ((c::char(3)));
ALTER TABLE u ALTER b TYPE bpchar;
--> ERROR 0A000 a unique key of type character without a length is not supported
CREATE INDEX ON u (a);
INSERT INTO u VALUES ('a', 'a'), ('a ', 'b');
SELECT count(*) FROM u WHERE a = 'a';
--> 2
