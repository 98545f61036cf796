-- ctid, by which rows without a key are told apart; each answer is PostgreSQL's.
CREATE TABLE d(a int, b text);
INSERT INTO d VALUES (1,'x'),(1,'x'),(2,'y'),(1,'x'),(2,'z');
SELECT ctid, * FROM d ORDER BY ctid;
--> (0,1) | 1 | x
--> (0,2) | 1 | x
--> (0,3) | 2 | y
--> (0,4) | 1 | x
--> (0,5) | 2 | z
SELECT * FROM d WHERE ctid = '(0,3)';
--> 2 | y
DELETE FROM d t1 USING d t2 WHERE t1.ctid < t2.ctid AND t1.a = t2.a AND t1.b = t2.b;
SELECT * FROM d ORDER BY ctid;
--> 2 | y
--> 1 | x
--> 2 | z
INSERT INTO d VALUES (1,'x'),(2,'y');
DELETE FROM d WHERE ctid NOT IN (SELECT min(ctid) FROM d GROUP BY a, b) RETURNING a, b;
--> 1 | x
--> 2 | y
SELECT a, b FROM d ORDER BY 1, 2;
--> 1 | x
--> 2 | y
--> 2 | z
DELETE FROM d WHERE ctid IN (SELECT ctid FROM (SELECT ctid, row_number() OVER (PARTITION BY a ORDER BY b) rn FROM d) s WHERE rn > 1) RETURNING *;
--> 2 | z
UPDATE d SET b = 'k' WHERE ctid = (SELECT max(ctid) FROM d) RETURNING *;
--> 1 | k
SELECT x.ctid IS NOT NULL, y.a FROM d x LEFT JOIN d y ON x.ctid = y.ctid ORDER BY 2;
--> t | 1
--> t | 2
SELECT count(DISTINCT ctid) FROM d;
--> 2
WITH w AS (SELECT ctid c FROM d LIMIT 1) DELETE FROM d USING w WHERE d.ctid = w.c RETURNING a IS NOT NULL;
--> t
SELECT ctid FROM generate_series(1,2) g;
--> ERROR 42703 column "ctid" does not exist
SELECT s.ctid FROM (SELECT a FROM d) s;
--> ERROR 42703 column s.ctid does not exist
CREATE VIEW dv AS SELECT ctid AS c, a FROM d;
SELECT c IS NULL FROM dv;
--> f
CREATE TABLE pk(id int primary key, v int GENERATED ALWAYS AS (id * 2) STORED);
INSERT INTO pk VALUES (70000),(5);
SELECT count(ctid) FROM pk;
--> 2
