-- Facts of the system as PostgreSQL has them.
SELECT * FROM pg_timezone_abbrevs WHERE abbrev IN ('EST', 'IST', 'Z', 'CEST') ORDER BY 1;
--> CEST | 02:00:00 | t
--> EST | -05:00:00 | f
--> IST | 02:00:00 | f
--> Z | 00:00:00 | f
SELECT count(*) FROM pg_timezone_abbrevs;
--> 195
SELECT catcode, count(*) FROM pg_get_keywords() GROUP BY 1 ORDER BY 1;
--> C | 63
--> R | 78
--> T | 23
--> U | 330
SELECT * FROM information_schema.sql_sizing ORDER BY 1;
--> 0 | MAXIMUM DRIVER CONNECTIONS | NULL | NULL
--> 1 | MAXIMUM CONCURRENT ACTIVITIES | 0 | NULL
--> 30 | MAXIMUM COLUMN NAME LENGTH | 63 | Might be less, depending on character set.
--> 31 | MAXIMUM CURSOR NAME LENGTH | 63 | Might be less, depending on character set.
--> 32 | MAXIMUM SCHEMA NAME LENGTH | 63 | Might be less, depending on character set.
--> 34 | MAXIMUM CATALOG NAME LENGTH | 63 | Might be less, depending on character set.
--> 35 | MAXIMUM TABLE NAME LENGTH | 63 | Might be less, depending on character set.
--> 97 | MAXIMUM COLUMNS IN GROUP BY | 0 | NULL
--> 99 | MAXIMUM COLUMNS IN ORDER BY | 0 | NULL
--> 100 | MAXIMUM COLUMNS IN SELECT | 1664 | NULL
--> 101 | MAXIMUM COLUMNS IN TABLE | 1600 | NULL
--> 106 | MAXIMUM TABLES IN SELECT | 0 | NULL
--> 107 | MAXIMUM USER NAME LENGTH | 63 | Might be less, depending on character set.
--> 10005 | MAXIMUM IDENTIFIER LENGTH | 63 | Might be less, depending on character set.
--> 20000 | MAXIMUM STATEMENT OCTETS | 0 | NULL
--> 20001 | MAXIMUM STATEMENT OCTETS DATA | 0 | NULL
--> 20002 | MAXIMUM STATEMENT OCTETS SCHEMA | 0 | NULL
--> 25000 | MAXIMUM CURRENT DEFAULT TRANSFORM GROUP LENGTH | NULL | NULL
--> 25001 | MAXIMUM CURRENT TRANSFORM GROUP LENGTH | NULL | NULL
--> 25002 | MAXIMUM CURRENT PATH LENGTH | 0 | NULL
--> 25003 | MAXIMUM CURRENT ROLE LENGTH | NULL | NULL
--> 25004 | MAXIMUM SESSION USER LENGTH | 63 | Might be less, depending on character set.
--> 25005 | MAXIMUM SYSTEM USER LENGTH | 63 | Might be less, depending on character set.
SELECT * FROM information_schema.sql_parts ORDER BY 1;
--> 1 | Framework (SQL/Framework) | NO | NULL | 
--> 10 | Object Language Bindings (SQL/OLB) | NO | NULL | 
--> 11 | Information and Definition Schema (SQL/Schemata) | NO | NULL | 
--> 13 | Routines and Types Using the Java Programming Language (SQL/JRT) | NO | NULL | 
--> 14 | XML-Related Specifications (SQL/XML) | NO | NULL | 
--> 15 | Multi-Dimensional Arrays (SQL/MDA) | NO | NULL | 
--> 16 | Property Graph Queries (SQL/PGQ) | NO | NULL | 
--> 2 | Foundation (SQL/Foundation) | NO | NULL | 
--> 3 | Call-Level Interface (SQL/CLI) | NO | NULL | 
--> 4 | Persistent Stored Modules (SQL/PSM) | NO | NULL | 
--> 9 | Management of External Data (SQL/MED) | NO | NULL | 
SELECT * FROM information_schema.sql_implementation_info WHERE implementation_info_id NOT IN ('18', '26') ORDER BY 1;
--> 10003 | CATALOG NAME | NULL | Y | NULL
--> 10004 | COLLATING SEQUENCE | NULL | NULL | NULL
--> 13 | SERVER NAME | NULL |  | NULL
--> 17 | DBMS NAME | NULL | PostgreSQL | NULL
--> 2 | DATA SOURCE NAME | NULL |  | NULL
--> 23 | CURSOR COMMIT BEHAVIOR | 1 | NULL | close cursors and retain prepared statements
--> 28 | IDENTIFIER CASE | 3 | NULL | stored in mixed case - case sensitive
--> 46 | TRANSACTION CAPABLE | 2 | NULL | both DML and DDL
--> 85 | NULL COLLATION | 0 | NULL | nulls higher than non-nulls
--> 94 | SPECIAL CHARACTERS | NULL |  | all non-ASCII characters allowed
SELECT name, utc_offset, is_dst FROM pg_timezone_names WHERE name IN ('Asia/Tokyo', 'UTC') ORDER BY 1;
--> Asia/Tokyo | 09:00:00 | f
--> UTC | 00:00:00 | f
SELECT word, catdesc, baredesc FROM pg_get_keywords() WHERE word IN ('select', 'year', 'isnull', 'between', 'abort') ORDER BY 1;
--> abort | unreserved | can be bare label
--> between | unreserved (cannot be function or type name) | can be bare label
--> isnull | reserved (can be function or type name) | requires AS
--> select | reserved | can be bare label
--> year | unreserved | requires AS
BEGIN;
SELECT pg_advisory_xact_lock(42), pg_advisory_xact_lock(1, 2), pg_advisory_xact_lock_shared(-5);
-->  |  | 
SELECT locktype, classid, objid, objsubid, mode, granted, fastpath FROM pg_locks ORDER BY 2, 3;
--> advisory | 0 | 42 | 1 | ExclusiveLock | t | f
--> advisory | 1 | 2 | 2 | ExclusiveLock | t | f
--> advisory | 4294967295 | 4294967291 | 1 | ShareLock | t | f
COMMIT;
SELECT count(*) FROM pg_locks;
--> 0
