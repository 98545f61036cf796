-- Keys that say the same are one, with the first name that was given; checks of domains speak of VALUE; each answer is PostgreSQL's.
CREATE TABLE k1 (a int UNIQUE, b text, UNIQUE (a));
CREATE TABLE k2 (a int UNIQUE, b text, CONSTRAINT xx UNIQUE (a));
CREATE TABLE k3 (a int, b text, CONSTRAINT xx2 UNIQUE (a), CONSTRAINT yy UNIQUE (a));
CREATE TABLE k4 (a int PRIMARY KEY, CONSTRAINT zz UNIQUE (a));
CREATE TABLE k5 (a text, UNIQUE (a), CONSTRAINT kk PRIMARY KEY (a));
CREATE TABLE k6 (a text, UNIQUE (a) DEFERRABLE, UNIQUE (a), UNIQUE NULLS NOT DISTINCT (a));
CREATE TABLE k7 (a text, b int, UNIQUE (a) INCLUDE (b), UNIQUE (a), PRIMARY KEY (a) INCLUDE (b));
CREATE TABLE k8 (a text, b int, CONSTRAINT k7 UNIQUE (a), UNIQUE (a));
--> ERROR 42P07 relation "k7" already exists
CREATE TABLE k9 (a text, b int, UNIQUE (a), CONSTRAINT k7 UNIQUE (a));
--> ERROR 42P07 relation "k7" already exists
SELECT conrelid::regclass, conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contype <> 'n' AND connamespace = 'public'::regnamespace ORDER BY 1, 2;
--> k1 | k1_a_key | UNIQUE (a)
--> k2 | xx | UNIQUE (a)
--> k3 | xx2 | UNIQUE (a)
--> k4 | zz | PRIMARY KEY (a)
--> k5 | kk | PRIMARY KEY (a)
--> k6 | k6_a_key | UNIQUE (a) DEFERRABLE
--> k6 | k6_a_key1 | UNIQUE (a)
--> k6 | k6_a_key2 | UNIQUE NULLS NOT DISTINCT (a)
--> k7 | k7_a_key | UNIQUE (a)
--> k7 | k7_pkey | PRIMARY KEY (a) INCLUDE (b)
SELECT tablename, indexname FROM pg_indexes WHERE schemaname = 'public' ORDER BY 1, 2;
--> k1 | k1_a_key
--> k2 | xx
--> k3 | xx2
--> k4 | zz
--> k5 | kk
--> k6 | k6_a_key
--> k6 | k6_a_key1
--> k6 | k6_a_key2
--> k7 | k7_a_key
--> k7 | k7_pkey
CREATE DOMAIN posi AS int CONSTRAINT p CHECK (VALUE > 0 AND value < 10) CHECK (abs(value) <> 3);
SELECT conname, pg_get_constraintdef(oid) FROM pg_constraint WHERE contypid = 'posi'::regtype ORDER BY 1;
--> p | CHECK (((VALUE > 0) AND (VALUE < 10)))
--> posi_check | CHECK ((abs(VALUE) <> 3))
