-- What the catalogue says of partitions and children. Each answer is PostgreSQL's.
CREATE TABLE target (id int PRIMARY KEY);
CREATE TABLE whole (id int NOT NULL, at date NOT NULL, v text DEFAULT 'x', t int REFERENCES target, CHECK (id > 0), PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE TABLE part1 PARTITION OF whole FOR VALUES FROM ('2024-01-01') TO ('2024-02-01');
CREATE TABLE part2 PARTITION OF whole (v DEFAULT 'two', CONSTRAINT own CHECK (v <> 'q')) FOR VALUES FROM ('2024-02-01') TO (MAXVALUE) PARTITION BY LIST (id);
CREATE TABLE part2a PARTITION OF part2 FOR VALUES IN (2, 7);
CREATE TABLE part2d PARTITION OF part2 DEFAULT;
CREATE INDEX ON whole (v, id DESC);
CREATE TABLE base (a int DEFAULT 1, b text CHECK (b <> ''), c int CONSTRAINT only_here CHECK (c > 0) NO INHERIT);
CREATE TABLE child (d int) INHERITS (base);
SELECT i.inhrelid::regclass, i.inhparent::regclass, inhseqno, pg_get_expr(c.relpartbound, c.oid) FROM pg_inherits i JOIN pg_class c ON c.oid = inhrelid ORDER BY inhrelid::regclass::text;
--> child | base | 1 | NULL
--> part1 | whole | 1 | FOR VALUES FROM ('2024-01-01') TO ('2024-02-01')
--> part1_pkey | whole_pkey | 1 | NULL
--> part1_v_id_idx | whole_v_id_idx | 1 | NULL
--> part2 | whole | 1 | FOR VALUES FROM ('2024-02-01') TO (MAXVALUE)
--> part2_pkey | whole_pkey | 1 | NULL
--> part2_v_id_idx | whole_v_id_idx | 1 | NULL
--> part2a | part2 | 1 | FOR VALUES IN (2, 7)
--> part2a_pkey | part2_pkey | 1 | NULL
--> part2a_v_id_idx | part2_v_id_idx | 1 | NULL
--> part2d | part2 | 1 | DEFAULT
--> part2d_pkey | part2_pkey | 1 | NULL
--> part2d_v_id_idx | part2_v_id_idx | 1 | NULL
SELECT relname, relkind, relispartition, relhassubclass, pg_get_partkeydef(oid) FROM pg_class WHERE relnamespace = 2200 ORDER BY 1;
--> base | r | f | t | NULL
--> child | r | f | f | NULL
--> part1 | r | t | f | NULL
--> part1_pkey | i | t | f | NULL
--> part1_v_id_idx | i | t | f | NULL
--> part2 | p | t | t | LIST (id)
--> part2_pkey | I | t | t | NULL
--> part2_v_id_idx | I | t | t | NULL
--> part2a | r | t | f | NULL
--> part2a_pkey | i | t | f | NULL
--> part2a_v_id_idx | i | t | f | NULL
--> part2d | r | t | f | NULL
--> part2d_pkey | i | t | f | NULL
--> part2d_v_id_idx | i | t | f | NULL
--> target | r | f | f | NULL
--> target_pkey | i | f | f | NULL
--> whole | p | f | t | RANGE (at)
--> whole_pkey | I | f | t | NULL
--> whole_v_id_idx | I | f | t | NULL
SELECT conrelid::regclass, contype, conislocal, coninhcount, connoinherit, conparentid <> 0, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid <> 0 AND contype <> 'n' AND connamespace = 2200 ORDER BY conrelid::regclass::text, 7;
--> base | c | t | 0 | f | f | CHECK ((b <> ''::text))
--> base | c | t | 0 | t | f | CHECK ((c > 0)) NO INHERIT
--> child | c | f | 1 | f | f | CHECK ((b <> ''::text))
--> part1 | c | f | 1 | f | f | CHECK ((id > 0))
--> part1 | f | f | 1 | f | t | FOREIGN KEY (t) REFERENCES target(id)
--> part1 | p | f | 1 | f | t | PRIMARY KEY (id, at)
--> part2 | c | f | 1 | f | f | CHECK ((id > 0))
--> part2 | c | t | 0 | f | f | CHECK ((v <> 'q'::text))
--> part2 | f | f | 1 | f | t | FOREIGN KEY (t) REFERENCES target(id)
--> part2 | p | f | 1 | f | t | PRIMARY KEY (id, at)
--> part2a | c | f | 1 | f | f | CHECK ((id > 0))
--> part2a | c | f | 1 | f | f | CHECK ((v <> 'q'::text))
--> part2a | f | f | 1 | f | t | FOREIGN KEY (t) REFERENCES target(id)
--> part2a | p | f | 1 | f | t | PRIMARY KEY (id, at)
--> part2d | c | f | 1 | f | f | CHECK ((id > 0))
--> part2d | c | f | 1 | f | f | CHECK ((v <> 'q'::text))
--> part2d | f | f | 1 | f | t | FOREIGN KEY (t) REFERENCES target(id)
--> part2d | p | f | 1 | f | t | PRIMARY KEY (id, at)
--> target | p | t | 0 | t | f | PRIMARY KEY (id)
--> whole | c | t | 0 | f | f | CHECK ((id > 0))
--> whole | f | t | 0 | f | f | FOREIGN KEY (t) REFERENCES target(id)
--> whole | p | t | 0 | t | f | PRIMARY KEY (id, at)
SELECT attrelid::regclass, attname, attislocal, attinhcount FROM pg_attribute WHERE attnum > 0 AND attrelid IN ('part2'::regclass, 'child'::regclass) ORDER BY attrelid::regclass::text, 2;
--> child | a | f | 1
--> child | b | f | 1
--> child | c | f | 1
--> child | d | t | 0
--> part2 | at | f | 1
--> part2 | id | f | 1
--> part2 | t | f | 1
--> part2 | v | f | 1
SELECT partrelid::regclass, partstrat, partnatts, partdefid::regclass, partattrs FROM pg_partitioned_table ORDER BY partrelid::regclass::text;
--> part2 | l | 1 | part2d | 1
--> whole | r | 1 | - | 2
SELECT pg_get_indexdef('whole_v_id_idx'::regclass), pg_get_indexdef('part1_v_id_idx'::regclass);
--> CREATE INDEX whole_v_id_idx ON ONLY public.whole USING btree (v, id DESC) | CREATE INDEX part1_v_id_idx ON public.part1 USING btree (v, id DESC)
SELECT * FROM pg_partition_tree('whole') ORDER BY level, relid::text;
--> whole | NULL | f | 0
--> part1 | whole | t | 1
--> part2 | whole | f | 1
--> part2a | part2 | t | 2
--> part2d | part2 | t | 2
SELECT * FROM pg_partition_tree('whole_pkey') ORDER BY level, relid::text;
--> whole_pkey | NULL | f | 0
--> part1_pkey | whole_pkey | t | 1
--> part2_pkey | whole_pkey | f | 1
--> part2a_pkey | part2_pkey | t | 2
--> part2d_pkey | part2_pkey | t | 2
SELECT * FROM pg_partition_ancestors('part2a');
--> part2a
--> part2
--> whole
SELECT pg_partition_root('part2a'), pg_partition_root('part2d_pkey'), pg_partition_root('child');
--> whole | whole_pkey | NULL
SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = 'public' ORDER BY 1;
--> base | BASE TABLE
--> child | BASE TABLE
--> part1 | BASE TABLE
--> part2 | BASE TABLE
--> part2a | BASE TABLE
--> part2d | BASE TABLE
--> target | BASE TABLE
--> whole | BASE TABLE
ALTER TABLE part1 DROP CONSTRAINT part1_pkey;
--> ERROR 42P16 cannot drop inherited constraint "part1_pkey" of relation "part1"
DROP INDEX part1_v_id_idx;
--> ERROR 2BP01 cannot drop index part1_v_id_idx because index whole_v_id_idx requires it
ALTER TABLE whole DROP CONSTRAINT whole_pkey;
SELECT count(*) FROM pg_inherits;
--> 9
CREATE UNIQUE INDEX wu ON ONLY whole (at, id);
CREATE UNIQUE INDEX pu ON part1 (at, id);
CREATE INDEX px ON part1 (id);
ALTER INDEX wu ATTACH PARTITION px;
--> ERROR 42P17 cannot attach index "px" as a partition of index "wu"
ALTER INDEX wu ATTACH PARTITION pu;
ALTER INDEX wu ATTACH PARTITION pu;
SELECT inhrelid::regclass FROM pg_inherits WHERE inhparent = 'wu'::regclass;
--> pu
DROP INDEX whole_v_id_idx;
SELECT count(*) FROM pg_inherits;
--> 6
