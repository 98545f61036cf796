-- Temporary tables stay where they are, and others out of there. Each answer is PostgreSQL's.
CREATE TABLE kept (a int);
INSERT INTO kept VALUES (1);
CREATE VIEW seen AS SELECT a FROM kept;
BEGIN;
CREATE TEMP TABLE passing (a int);
SAVEPOINT made;
ALTER TABLE kept SET SCHEMA pg_temp;
--> ERROR 0A000 cannot move objects into or out of temporary schemas
ROLLBACK TO made;
ALTER VIEW seen SET SCHEMA pg_temp;
--> ERROR 0A000 cannot move objects into or out of temporary schemas
ROLLBACK TO made;
ALTER TABLE passing SET SCHEMA public;
--> ERROR 0A000 cannot move objects into or out of temporary schemas
ROLLBACK;
SELECT * FROM kept;
--> 1
