-- SET CONSTRAINTS of a partitioned table's key is that of its partitions' keys. The answers are PostgreSQL's.
CREATE TABLE pu (i int UNIQUE DEFERRABLE, j int) PARTITION BY LIST (i);
CREATE TABLE pu1 PARTITION OF pu FOR VALUES IN (1) PARTITION BY LIST (i);
CREATE TABLE pu11 PARTITION OF pu1 FOR VALUES IN (1);
INSERT INTO pu VALUES (1, 1);
BEGIN;
SET CONSTRAINTS pu_i_key DEFERRED;
INSERT INTO pu VALUES (1, 2);
DELETE FROM pu WHERE j = 1;
COMMIT;
SELECT * FROM pu;
--> 1 | 2
BEGIN;
SET CONSTRAINTS pu_i_key DEFERRED;
INSERT INTO pu VALUES (1, 3);
SET CONSTRAINTS pu_i_key IMMEDIATE;
--> ERROR 23505 duplicate key value violates unique constraint "pu11_i_key"
ROLLBACK;
INSERT INTO pu VALUES (1, 3);
--> ERROR 23505 duplicate key value violates unique constraint "pu11_i_key"
-- Operator classes of keys are looked up.
CREATE TABLE no (a int) PARTITION BY HASH (a no_such_ops);
--> ERROR 42704 operator class "no_such_ops" does not exist for access method "hash"
CREATE TABLE no (a int) PARTITION BY RANGE (a text_ops);
--> ERROR 42804 operator class "text_ops" does not accept data type integer
CREATE TABLE ok (a int, b text) PARTITION BY RANGE (a int4_ops, b text_ops);
