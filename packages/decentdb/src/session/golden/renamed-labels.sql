-- A label that is renamed is renamed in stored texts that write it with its type; each answer is PostgreSQL's.
CREATE TYPE mood AS ENUM ('ok', 'sad');
CREATE TABLE t (a mood DEFAULT 'ok'::mood, d mood DEFAULT 'ok', b text DEFAULT 'ok'::mood::text, c int CHECK ('ok'::mood <> 'sad'::mood OR c > 0));
INSERT INTO t (c) VALUES (1);
CREATE VIEW v AS SELECT c, 'ok'::mood AS m FROM t WHERE a = 'ok'::mood;
CREATE FUNCTION f() RETURNS mood RETURN 'ok'::mood;
ALTER TYPE mood RENAME VALUE 'ok' TO 'it''s fine';
SELECT * FROM v;
--> 1 | it's fine
SELECT f();
--> it's fine
INSERT INTO t (c) VALUES (2);
SELECT * FROM t ORDER BY c;
--> it's fine | it's fine | ok | 1
--> it's fine | it's fine | it's fine | 2
