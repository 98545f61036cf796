-- Definitions that PostgreSQL refuses.
CREATE TABLE p (id int PRIMARY KEY);
CREATE TABLE c (id int REFERENCES p NOT DEFERRABLE INITIALLY DEFERRED);
--> ERROR 42601 constraint declared INITIALLY DEFERRED must be DEFERRABLE
CREATE TABLE c (id int UNIQUE INITIALLY DEFERRED NOT DEFERRABLE);
--> ERROR 42601 constraint declared INITIALLY DEFERRED must be DEFERRABLE
CREATE TABLE syntax (id int, UNIQUE (id) NOT DEFERRABLE INITIALLY DEFERRED);
--> ERROR 42601 constraint declared INITIALLY DEFERRED must be DEFERRABLE
CREATE TABLE syntax (id int, UNIQUE (id) INITIALLY DEFERRED NOT DEFERRABLE);
--> ERROR 42601 constraint declared INITIALLY DEFERRED must be DEFERRABLE
CREATE TABLE c (id int UNIQUE NOT DEFERRABLE INITIALLY IMMEDIATE);
CREATE TABLE r (a int, b int);
ALTER TABLE r RENAME COLUMN a TO ctid;
--> ERROR 42701 column name "ctid" conflicts with a system column name
CREATE INDEX ON r (ctid);
--> ERROR 0A000 index creation on system columns is not supported
CREATE INDEX ON r (b, tableoid);
--> ERROR 0A000 index creation on system columns is not supported
CREATE TABLE g (a int, b int GENERATED ALWAYS AS (a * 2) STORED);
ALTER TABLE g ALTER COLUMN b TYPE bigint USING a;
--> ERROR 42611 cannot specify USING when altering type of generated column
ALTER TABLE g ALTER COLUMN b TYPE bigint;
ALTER TABLE g ADD FOREIGN KEY (b) REFERENCES p ON DELETE SET NULL;
--> ERROR 42601 invalid ON DELETE action for foreign key constraint containing generated column
ALTER TABLE g ADD FOREIGN KEY (b) REFERENCES p ON UPDATE CASCADE;
--> ERROR 42601 invalid ON UPDATE action for foreign key constraint containing generated column
ALTER TABLE g ADD FOREIGN KEY (b) REFERENCES p ON DELETE CASCADE;
