-- SEARCH and CYCLE, sequences as tables, CREATE TABLE AS EXECUTE: answers are PostgreSQL's.
CREATE TABLE graph0 (f int, t int);
INSERT INTO graph0 VALUES (1, 2), (1, 3), (2, 3), (1, 4), (4, 5);
WITH RECURSIVE g(f, t) AS (SELECT * FROM graph0 UNION ALL SELECT o.* FROM graph0 o, g i WHERE o.f = i.t) SEARCH DEPTH FIRST BY f, t SET seq SELECT * FROM g ORDER BY seq;
--> 1 | 2 | {"(1,2)"}
--> 2 | 3 | {"(1,2)","(2,3)"}
--> 1 | 3 | {"(1,3)"}
--> 1 | 4 | {"(1,4)"}
--> 4 | 5 | {"(1,4)","(4,5)"}
--> 2 | 3 | {"(2,3)"}
--> 4 | 5 | {"(4,5)"}
WITH RECURSIVE g(f, t) AS (SELECT * FROM graph0 UNION SELECT o.* FROM graph0 o JOIN g i ON o.f = i.t) SEARCH BREADTH FIRST BY f, t SET seq SELECT * FROM g ORDER BY seq;
--> 1 | 2 | (0,1,2)
--> 1 | 3 | (0,1,3)
--> 1 | 4 | (0,1,4)
--> 2 | 3 | (0,2,3)
--> 4 | 5 | (0,4,5)
--> 2 | 3 | (1,2,3)
--> 4 | 5 | (1,4,5)
INSERT INTO graph0 VALUES (5, 1);
WITH RECURSIVE g(f, t) AS (SELECT * FROM graph0 WHERE f = 4 UNION ALL SELECT o.* FROM graph0 o, g i WHERE o.f = i.t) CYCLE f, t SET is_cycle USING path SELECT * FROM g ORDER BY path;
--> 4 | 5 | f | {"(4,5)"}
--> 5 | 1 | f | {"(4,5)","(5,1)"}
--> 1 | 2 | f | {"(4,5)","(5,1)","(1,2)"}
--> 2 | 3 | f | {"(4,5)","(5,1)","(1,2)","(2,3)"}
--> 1 | 3 | f | {"(4,5)","(5,1)","(1,3)"}
--> 1 | 4 | f | {"(4,5)","(5,1)","(1,4)"}
--> 4 | 5 | t | {"(4,5)","(5,1)","(1,4)","(4,5)"}
WITH RECURSIVE g(f, t) AS (SELECT * FROM graph0 WHERE f = 4 UNION ALL SELECT o.* FROM graph0 o, g i WHERE o.f = i.t) SEARCH DEPTH FIRST BY t SET s CYCLE f SET c TO 'Y' DEFAULT 'N' USING p SELECT f, t, c, s FROM g ORDER BY s;
--> 4 | 5 | N | {(5)}
--> 5 | 1 | N | {(5),(1)}
--> 1 | 2 | N | {(5),(1),(2)}
--> 2 | 3 | N | {(5),(1),(2),(3)}
--> 1 | 3 | N | {(5),(1),(3)}
--> 1 | 4 | N | {(5),(1),(4)}
--> 4 | 5 | Y | {(5),(1),(4),(5)}
WITH RECURSIVE x(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM x WHERE a < 3) SEARCH DEPTH FIRST BY b SET s SELECT * FROM x;
--> ERROR 42601 search column "b" not in WITH query column list
WITH RECURSIVE x(a) AS (SELECT 1 UNION ALL SELECT a + 1 FROM x WHERE a < 3) CYCLE a SET c USING c SELECT * FROM x;
--> ERROR 42601 cycle mark column name and cycle path column name are the same
WITH x AS (SELECT 1 AS a) SEARCH DEPTH FIRST BY a SET s SELECT * FROM x;
--> ERROR 42601 WITH query is not recursive
CREATE VIEW walk AS WITH RECURSIVE g(f, t) AS (SELECT * FROM graph0 WHERE f = 4 UNION ALL SELECT o.* FROM graph0 o, g i WHERE o.f = i.t) CYCLE f SET c USING p SELECT f, t, c FROM g;
SELECT * FROM walk ORDER BY 1, 2;
--> 1 | 2 | f
--> 1 | 3 | f
--> 1 | 4 | f
--> 2 | 3 | f
--> 4 | 5 | f
--> 4 | 5 | t
--> 5 | 1 | f
CREATE SEQUENCE sq;
SELECT last_value, is_called FROM sq;
--> 1 | f
SELECT nextval('sq');
--> 1
SELECT * FROM sq;
--> 1 | 32 | t
CREATE VIEW sv AS SELECT last_value FROM sq;
SELECT nextval('sq'), * FROM sv;
--> 2 | 1
DROP SEQUENCE sq;
--> ERROR 2BP01 cannot drop sequence sq because other objects depend on it
CREATE TABLE uses (a int DEFAULT nextval('sq'), b int DEFAULT nextval('sq'::text));
DROP VIEW sv;
DROP SEQUENCE sq;
--> ERROR 2BP01 cannot drop sequence sq because other objects depend on it
DROP SEQUENCE sq CASCADE;
BEGIN;
PREPARE q1(int, text) AS SELECT $1 + 1 AS x, $2 AS y;
CREATE TABLE made AS EXECUTE q1(41, 'it''s');
CREATE TABLE made_too (a, b) AS EXECUTE q1(1, NULL) WITH NO DATA;
COMMIT;
SELECT * FROM made;
--> 42 | it's
SELECT count(*) FROM made_too;
--> 0
