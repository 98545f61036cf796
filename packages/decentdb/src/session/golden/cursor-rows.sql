-- WHERE CURRENT OF: the row a cursor stands on. The answers are PostgreSQL's.

CREATE TABLE t (a int, b text);

INSERT INTO t VALUES (1, 'one'), (2, 'two'), (3, 'three'), (4, 'four');

CREATE TABLE u (a int PRIMARY KEY, t text);

INSERT INTO u VALUES (1, 'x'), (2, 'y');

CREATE VIEW v AS SELECT * FROM t;

UPDATE t SET a = 1 WHERE CURRENT OF nosuch;
--> ERROR 34000 cursor "nosuch" does not exist

BEGIN;

DECLARE c CURSOR FOR SELECT * FROM t;

UPDATE t SET a = 0 WHERE CURRENT OF c;
--> ERROR 24000 cursor "c" is not positioned on a row

FETCH 2 FROM c;
--> 1 | one
--> 2 | two

UPDATE t SET a = 20 WHERE CURRENT OF c RETURNING *;
--> 20 | two

UPDATE t SET b = 'twenty' WHERE CURRENT OF c RETURNING *;
--> 20 | twenty

DELETE FROM u WHERE CURRENT OF c;
--> ERROR 24000 cursor "c" is not a simply updatable scan of table "u"

DELETE FROM v WHERE CURRENT OF c;
--> ERROR 0A000 WHERE CURRENT OF on a view is not supported

DELETE FROM t WHERE CURRENT OF c RETURNING *;
--> 20 | twenty

DELETE FROM t WHERE CURRENT OF c RETURNING *;

FETCH ALL FROM c;
--> 3 | three
--> 4 | four

UPDATE t SET a = 0 WHERE CURRENT OF c;
--> ERROR 24000 cursor "c" is not positioned on a row

DECLARE grouped CURSOR FOR SELECT a, count(*) FROM t GROUP BY a;

FETCH grouped;
--> 1 | 1

UPDATE t SET a = 0 WHERE CURRENT OF grouped;
--> ERROR 24000 cursor "grouped" is not a simply updatable scan of table "t"

DECLARE summed CURSOR FOR SELECT max(a) FROM t;

FETCH summed;
--> 4

UPDATE t SET a = 0 WHERE CURRENT OF summed;
--> ERROR 24000 cursor "summed" is not a simply updatable scan of table "t"

DECLARE sorted CURSOR FOR SELECT * FROM t ORDER BY a;

FETCH sorted;
--> 1 | one

DELETE FROM t WHERE CURRENT OF sorted;
--> ERROR 24000 cursor "sorted" is not a simply updatable scan of table "t"

DECLARE locked CURSOR FOR SELECT x.a, y.t FROM t x LEFT JOIN u y ON x.a = y.a ORDER BY x.a FOR UPDATE OF x;

FETCH locked;
--> 1 | x

UPDATE u SET t = t || '!' WHERE CURRENT OF locked RETURNING *;
--> ERROR 24000 cursor "locked" does not have a FOR UPDATE/SHARE reference to table "u"

UPDATE t SET b = b || '!' WHERE CURRENT OF locked RETURNING *;
--> 1 | one!

FETCH locked;
--> 3 | NULL

UPDATE u SET t = t || '!' WHERE CURRENT OF locked RETURNING *;
--> ERROR 24000 cursor "locked" does not have a FOR UPDATE/SHARE reference to table "u"

DECLARE scrolling SCROLL CURSOR FOR SELECT * FROM t FOR UPDATE;
--> ERROR 0A000 DECLARE SCROLL CURSOR ... FOR UPDATE is not supported

DECLARE held CURSOR WITH HOLD FOR SELECT * FROM t FOR SHARE;
--> ERROR 0A000 DECLARE CURSOR WITH HOLD ... FOR SHARE is not supported

PREPARE change AS UPDATE u SET t = t || '?' WHERE CURRENT OF later RETURNING *;

DECLARE later CURSOR FOR SELECT t FROM u;

FETCH later;
--> x

EXECUTE change;
--> 1 | x?

FETCH later;
--> y

EXECUTE change;
--> 2 | y?

COMMIT;

UPDATE t SET a = 0 WHERE CURRENT OF c;
--> ERROR 34000 cursor "c" does not exist

SELECT * FROM t ORDER BY a;
--> 1 | one!
--> 3 | three
--> 4 | four

SELECT * FROM u ORDER BY a;
--> 1 | x?
--> 2 | y?

-- Back by no row is back all the same, where the cursor stands on none.
BEGIN;
DECLARE forward NO SCROLL CURSOR FOR VALUES (1), (2), (3);
MOVE BACKWARD 0 FROM forward;
FETCH BACKWARD 0 FROM forward;
--> ERROR 55000 cursor can only scan forward
FETCH NEXT FROM forward;
--> ERROR 55000 portal "forward" cannot be run
ROLLBACK;
