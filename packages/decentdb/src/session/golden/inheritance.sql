-- Keys and bounds of partitions, tables that inherit, and ALTER TABLE on both. Each answer is PostgreSQL's.
CREATE TABLE r (a int, b int) PARTITION BY RANGE (a, b);
CREATE TABLE r1 PARTITION OF r FOR VALUES FROM (1) TO (2);
--> ERROR 42P16 FROM must specify exactly one value per partitioning column
CREATE TABLE r1 PARTITION OF r FOR VALUES FROM (1,2) TO (2);
--> ERROR 42P16 TO must specify exactly one value per partitioning column
CREATE TABLE r1 PARTITION OF r FOR VALUES FROM (1,NULL) TO (2,1);
--> ERROR 42P17 cannot specify NULL in range bound
CREATE TABLE r1 PARTITION OF r FOR VALUES FROM (MINVALUE,1) TO (2,1);
--> ERROR 42804 every bound following MINVALUE must also be MINVALUE
CREATE TABLE r1 PARTITION OF r FOR VALUES FROM (1,x) TO (2,1);
--> ERROR 0A000 cannot use column reference in partition bound expression
CREATE TABLE r1 PARTITION OF r FOR VALUES FROM ('abc',1) TO (2,1);
--> ERROR 22P02 invalid input syntax for type integer: "abc"
CREATE TABLE r1 PARTITION OF r FOR VALUES FROM (1,1) TO (1,MAXVALUE);
CREATE TABLE r2 PARTITION OF r FOR VALUES FROM (1,MAXVALUE) TO (5,10);
CREATE TABLE r3 PARTITION OF r FOR VALUES FROM (5,10) TO (MAXVALUE,MAXVALUE);
INSERT INTO r VALUES (1,1),(1,100),(2,5),(5,9),(5,10),(9,-1) RETURNING *;
--> 1 | 1
--> 1 | 100
--> 2 | 5
--> 5 | 9
--> 5 | 10
--> 9 | -1
SELECT tableoid::regclass,* FROM r ORDER BY 2,3;
--> r1 | 1 | 1
--> r1 | 1 | 100
--> r2 | 2 | 5
--> r2 | 5 | 9
--> r3 | 5 | 10
--> r3 | 9 | -1
INSERT INTO r VALUES (1,0);
--> ERROR 23514 no partition of relation "r" found for row
INSERT INTO r VALUES (1,null);
--> ERROR 23514 no partition of relation "r" found for row
INSERT INTO r1 VALUES (1,null);
--> ERROR 23514 new row for relation "r1" violates partition constraint
CREATE TABLE bad (a int) PARTITION BY LIST (a, a);
--> ERROR 42P17 cannot use "list" partition strategy with more than one column
CREATE TABLE bad (a int) PARTITION BY LIST (zz);
--> ERROR 42703 column "zz" named in partition key does not exist
CREATE TABLE bad (a int, b json) PARTITION BY LIST (b);
--> ERROR 42704 data type json has no default operator class for access method "btree"
CREATE TABLE bad (a int) PARTITION BY RANGE ((a + random()));
--> ERROR 42P17 functions in partition key expression must be marked IMMUTABLE
CREATE TABLE bad (a int) PARTITION BY RANGE ((1));
--> ERROR 42P17 cannot use constant expression as partition key
CREATE TABLE bad (a int) PARTITION BY RANGE (avg(a));
--> ERROR 42803 aggregate functions are not allowed in partition key expressions
CREATE TABLE bad (a int primary key, b int) PARTITION BY RANGE (b);
--> ERROR 0A000 unique constraint on partitioned table must include all partitioning columns
CREATE TABLE bad (a int primary key, b int) PARTITION BY RANGE ((a+1));
--> ERROR 0A000 unsupported PRIMARY KEY constraint with partition key definition
CREATE TABLE e (a text, b int) PARTITION BY RANGE (lower(a));
CREATE TABLE e1 PARTITION OF e FOR VALUES FROM ('a') TO ('m');
CREATE TABLE e2 PARTITION OF e FOR VALUES FROM ('m') TO ('z');
INSERT INTO e VALUES ('Abc',1),('Mno',2);
SELECT tableoid::regclass, * FROM e ORDER BY b;
--> e1 | Abc | 1
--> e2 | Mno | 2
SELECT tableoid::regclass, * FROM e ORDER BY b;
--> e1 | Abc | 1
--> e2 | Mno | 2
INSERT INTO e VALUES ('{',1);
--> ERROR 23514 no partition of relation "e" found for row
CREATE TABLE e1x PARTITION OF e1 DEFAULT;
--> ERROR 42P17 "e1" is not partitioned
CREATE TABLE inh () INHERITS (e);
--> ERROR 42809 cannot inherit from partitioned table "e"
CREATE TABLE inh () INHERITS (e1);
--> ERROR 42809 cannot inherit from partition "e1"
CREATE TABLE q1 (a int default 1, b text);
CREATE TABLE q2 (b text, c int check (c > 0));
CREATE TABLE q2 (b text, c int check (c > 0));
--> ERROR 42P07 relation "q2" already exists
CREATE TABLE q3 (a int default 3, d int) INHERITS (q1, q2);
INSERT INTO q3 (b,c,d) VALUES ('x',1,2);
INSERT INTO q3 (b,c,d) VALUES ('x',-1,2);
--> ERROR 23514 new row for relation "q3" violates check constraint "q2_c_check"
SELECT * FROM q3;
--> 3 | x | 1 | 2
SELECT * FROM q1;
--> 3 | x
SELECT * FROM q2;
--> x | 1
SELECT q.b, count(*) FROM q2 q LEFT JOIN q1 ON q1.b = q.b GROUP BY 1;
--> x | 1
CREATE TABLE q4 (b int) INHERITS (q1);
--> ERROR 42804 column "b" has a type conflict
CREATE TABLE q4 () INHERITS (q1, q1);
--> ERROR 42P07 relation "q1" would be inherited from more than once
ALTER TABLE q3 NO INHERIT q1;
SELECT * FROM q1;
ALTER TABLE q3 INHERIT q1;
SELECT count(*) FROM q1;
--> 1
ALTER TABLE q3 RENAME COLUMN d TO dd;
ALTER TABLE q1 INHERIT q3;
--> ERROR 42P07 circular inheritance not allowed
CREATE TABLE pp (a int not null, b text, check (a > 0)) PARTITION BY LIST (a);
CREATE TABLE pp1 (b text, a int not null, z int);
ALTER TABLE pp ATTACH PARTITION pp1 FOR VALUES IN (1);
--> ERROR 42804 table "pp1" contains column "z" not found in parent "pp"
ALTER TABLE pp1 DROP COLUMN z;
ALTER TABLE pp ATTACH PARTITION pp1 FOR VALUES IN (1);
--> ERROR 42804 child table is missing constraint "pp_a_check"
ALTER TABLE pp1 ADD CONSTRAINT pp_a_check CHECK (a > 0);
INSERT INTO pp1 VALUES ('x', 3);
ALTER TABLE pp ATTACH PARTITION pp1 FOR VALUES IN (1);
--> ERROR 23514 partition constraint of relation "pp1" is violated by some row
ALTER TABLE pp ATTACH PARTITION pp1 FOR VALUES IN (3);
ALTER TABLE pp ATTACH PARTITION pp1 FOR VALUES IN (4);
--> ERROR 42809 "pp1" is already a partition
CREATE INDEX ppi ON pp (b);
CREATE UNIQUE INDEX ppu ON pp (b);
--> ERROR 0A000 unique constraint on partitioned table must include all partitioning columns
CREATE UNIQUE INDEX ppu ON pp (b, a);
INSERT INTO pp VALUES (3, 'x');
--> ERROR 23505 duplicate key value violates unique constraint "pp1_b_a_idx"
ALTER TABLE pp ADD COLUMN c int DEFAULT 4 CHECK (c > 2);
SELECT * FROM pp;
--> 3 | x | 4
SELECT * FROM pp1;
--> x | 3 | 4
ALTER TABLE pp ALTER COLUMN b TYPE varchar(20);
ALTER TABLE pp1 ALTER COLUMN b TYPE varchar(30);
--> ERROR 42P16 cannot alter inherited column "b"
ALTER TABLE pp ALTER COLUMN a TYPE bigint;
--> ERROR 42P16 cannot alter column "a" because it is part of the partition key of relation "pp"
ALTER TABLE pp DROP COLUMN a;
--> ERROR 42P16 cannot drop column "a" because it is part of the partition key of relation "pp"
ALTER TABLE pp1 DROP CONSTRAINT pp_a_check;
--> ERROR 42P16 cannot drop inherited constraint "pp_a_check" of relation "pp1"
ALTER TABLE pp DROP CONSTRAINT pp_a_check;
ALTER TABLE ONLY pp ADD COLUMN q int;
--> ERROR 42P16 column must be added to child tables too
ALTER TABLE pp1 ADD COLUMN q int;
--> ERROR 42809 cannot add column to a partition
ALTER TABLE pp ALTER b SET NOT NULL;
INSERT INTO pp VALUES (3, null);
--> ERROR 23502 null value in column "b" of relation "pp1" violates not-null constraint
ALTER TABLE pp1 ALTER b DROP NOT NULL;
--> ERROR 42P16 column "b" is marked NOT NULL in parent table
CREATE TABLE pp2 PARTITION OF pp (b DEFAULT 'zz', CONSTRAINT k CHECK (b <> 'no')) FOR VALUES IN (5, 6);
INSERT INTO pp2 (a) VALUES (5) RETURNING *;
--> 5 | zz | 4
INSERT INTO pp VALUES (5, 'no');
--> ERROR 23514 new row for relation "pp2" violates check constraint "k"
INSERT INTO pp (a) VALUES (6);
--> ERROR 23502 null value in column "b" of relation "pp2" violates not-null constraint
ALTER TABLE pp DETACH PARTITION pp1;
INSERT INTO pp1 VALUES ('hello', 77);
SELECT count(*) FROM pp;
--> 1
DROP TABLE pp;
SELECT * FROM pp1 ORDER BY a;
--> x | 3 | 4
--> hello | 77 | 4
SELECT * FROM pp2;
--> ERROR 42P01 relation "pp2" does not exist
