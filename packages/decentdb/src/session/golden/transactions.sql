-- Transactions, savepoints, and what a failing statement leaves behind.
CREATE TABLE t (id int PRIMARY KEY, v text UNIQUE);
BEGIN;
INSERT INTO t VALUES (1, 'a'), (2, 'b');
SAVEPOINT s1;
INSERT INTO t VALUES (3, 'c');
ROLLBACK TO SAVEPOINT s1;
SELECT count(*) FROM t;
--> 2
RELEASE SAVEPOINT s1;
COMMIT;
SELECT * FROM t ORDER BY id;
--> 1 | a
--> 2 | b

-- A failing statement undoes itself alone; the transaction stays usable.
BEGIN;
INSERT INTO t VALUES (4, 'd');
INSERT INTO t VALUES (5, 'e'), (6, 'a'), (7, 'f');
--> ERROR 23505 duplicate key value violates unique constraint "t_v_key"
SELECT * FROM t ORDER BY id;
--> 1 | a
--> 2 | b
--> 4 | d
COMMIT;
SELECT * FROM t ORDER BY id;
--> 1 | a
--> 2 | b
--> 4 | d

-- The first write of a transaction may fail too.
BEGIN;
INSERT INTO t VALUES (1, 'again');
--> ERROR 23505 duplicate key value violates unique constraint "t_pkey"
INSERT INTO t VALUES (8, 'h');
COMMIT;
SELECT id FROM t ORDER BY id;
--> 1
--> 2
--> 4
--> 8

-- PostgreSQL's way, when asked for.
BEGIN;
SET LOCAL decentdb.on_error = 'transaction';
INSERT INTO t VALUES (9, 'i');
SELECT 1 / 0;
--> ERROR 22012 division by zero
SELECT 1;
--> ERROR 25P02 current transaction is aborted, commands ignored until end of transaction block
COMMIT;
SELECT id FROM t ORDER BY id;
--> 1
--> 2
--> 4
--> 8

-- Schema changes are transactional.
BEGIN;
CREATE TABLE u (a int);
INSERT INTO u VALUES (1);
ALTER TABLE t ADD COLUMN w int DEFAULT 5;
SELECT id, w FROM t WHERE id = 1;
--> 1 | 5
ROLLBACK;
SELECT * FROM u;
--> ERROR 42P01 relation "u" does not exist
SELECT w FROM t;
--> ERROR 42703 column "w" does not exist

-- Read-only transactions.
BEGIN READ ONLY;
SELECT count(*) FROM t;
--> 4
INSERT INTO t VALUES (20, 'x');
--> ERROR 25006 cannot execute INSERT in a read-only transaction
CREATE TABLE v (a int);
--> ERROR 25006 cannot execute CREATE TABLE in a read-only transaction
ROLLBACK;

-- Nesting.
BEGIN;
SAVEPOINT a;
INSERT INTO t VALUES (30, 'p');
SAVEPOINT b;
INSERT INTO t VALUES (31, 'q');
ROLLBACK TO a;
SELECT count(*) FROM t WHERE id >= 30;
--> 0
ROLLBACK TO b;
--> ERROR 3B001 savepoint "b" does not exist
COMMIT;
ROLLBACK TO nothing;
--> ERROR 25P01 ROLLBACK TO SAVEPOINT can only be used in transaction blocks
UPDATE t SET v = v || '!' WHERE id > 2 RETURNING id, v;
--> 4 | d!
--> 8 | h!
DELETE FROM t WHERE id = 4 RETURNING *;
--> 4 | d!
SELECT * FROM t ORDER BY id;
--> 1 | a
--> 2 | b
--> 8 | h!
SHOW transaction_isolation;
--> repeatable read

-- Cursors.
DECLARE c CURSOR FOR SELECT 1;
--> ERROR 25P01 DECLARE CURSOR can only be used in transaction blocks
BEGIN;
DECLARE c CURSOR FOR SELECT i FROM generate_series(1, 5) i;
FETCH c;
--> 1
FETCH 2 FROM c;
--> 2
--> 3
FETCH PRIOR FROM c;
--> 2
MOVE LAST FROM c;
FETCH BACKWARD ALL FROM c;
--> 4
--> 3
--> 2
--> 1
FETCH ABSOLUTE 2 FROM c;
--> 2
FETCH RELATIVE -5 FROM c;
FETCH ALL FROM c;
--> 1
--> 2
--> 3
--> 4
--> 5
FETCH c;
CLOSE c;
FETCH c;
--> ERROR 34000 cursor "c" does not exist
DECLARE d CURSOR FOR SELECT 7;
COMMIT;
FETCH d;
--> ERROR 34000 cursor "d" does not exist
-- A savepoint set before anything was read knows no catalogue yet.
BEGIN;
SAVEPOINT x;
CREATE TABLE koju (a int UNIQUE);
INSERT INTO koju VALUES (1);
INSERT INTO koju VALUES (1);
--> ERROR 23505 duplicate key value violates unique constraint "koju_a_key"
ROLLBACK TO x;
CREATE TABLE koju (a int UNIQUE);
INSERT INTO koju VALUES (1);
SELECT * FROM koju;
--> 1
ROLLBACK;
SELECT * FROM koju;
--> ERROR 42P01 relation "koju" does not exist
LOCK TABLE pg_class;
--> ERROR 25P01 LOCK TABLE can only be used in transaction blocks
BEGIN;
LOCK TABLE nowhere IN SHARE MODE;
--> ERROR 42P01 relation "nowhere" does not exist
ROLLBACK;
