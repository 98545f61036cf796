-- A column's default is one of the type there was, converted to the new one; each answer is PostgreSQL's.
CREATE TYPE mood AS ENUM ('a', 'b');
CREATE TABLE t (id int, c text DEFAULT '1', d varchar(3) DEFAULT 'xyz', e mood DEFAULT 'a', f int DEFAULT 7, g numeric DEFAULT '1.5', h date DEFAULT '2024-01-02', i text DEFAULT 'x', j char(4) DEFAULT 'ab', k bool DEFAULT 'yes', l int DEFAULT '5', m text[] DEFAULT '{a,b}');
INSERT INTO t (id) VALUES (1);
ALTER TABLE t ALTER c TYPE int USING c::int;
--> ERROR 42804 default for column "c" cannot be cast automatically to type integer
ALTER TABLE t ALTER c DROP DEFAULT, ALTER c TYPE int USING c::int;
ALTER TABLE t ALTER d TYPE text;
ALTER TABLE t ALTER e TYPE text;
ALTER TABLE t ALTER f TYPE bigint;
ALTER TABLE t ALTER f TYPE text;
ALTER TABLE t ALTER g TYPE numeric(5,1);
ALTER TABLE t ALTER h TYPE timestamp;
ALTER TABLE t ALTER h TYPE text;
ALTER TABLE t ALTER i TYPE varchar(5);
ALTER TABLE t ALTER j TYPE text;
ALTER TABLE t ALTER k TYPE text;
ALTER TABLE t ALTER l TYPE bigint;
ALTER TABLE t ALTER m TYPE varchar[];
SELECT column_name, column_default FROM information_schema.columns WHERE table_name = 't' ORDER BY ordinal_position;
--> id | NULL
--> c | NULL
--> d | 'xyz'::character varying
--> e | 'a'::mood
--> f | 7
--> g | 1.5
--> h | '2024-01-02'::date
--> i | 'x'::text
--> j | 'ab'::bpchar
--> k | true
--> l | 5
--> m | '{a,b}'::text[]
INSERT INTO t (id) VALUES (2);
SELECT * FROM t ORDER BY id;
--> 1 | 1 | xyz | a | 7 | 1.5 | 2024-01-02 00:00:00 | x | ab | true | 5 | {a,b}
--> 2 | NULL | xyz | a | 7 | 1.5 | 2024-01-02 | x | ab | true | 5 | {a,b}
