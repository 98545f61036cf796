-- Defaults of parameters stand on the functions they call.
CREATE FUNCTION f1(int) RETURNS int LANGUAGE sql AS 'SELECT $1 * 2';
CREATE FUNCTION f9(i int DEFAULT f1(3)) RETURNS int LANGUAGE sql AS 'SELECT i';
DROP FUNCTION f1(int);
--> ERROR 2BP01 cannot drop function f1(integer) because other objects depend on it
CREATE OR REPLACE FUNCTION f9(i int DEFAULT f9(1) + f1(3)) RETURNS int LANGUAGE sql AS 'SELECT i';
SELECT f9();
--> 7
ALTER FUNCTION f1(int) RENAME TO f2;
SELECT f9();
--> 7
DROP FUNCTION f2(int) CASCADE;
SELECT f9(1);
--> ERROR 42883 function f9(integer) does not exist
