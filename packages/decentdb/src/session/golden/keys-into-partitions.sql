-- Foreign keys that refer to partitioned tables: to all their rows, wherever these are and go.
CREATE TABLE p (id int, k text, v int, PRIMARY KEY (id, k)) PARTITION BY LIST (k);
CREATE TABLE p_a PARTITION OF p FOR VALUES IN ('a');
CREATE TABLE p_b (v int, gone int, k text NOT NULL, id int NOT NULL);
ALTER TABLE p_b DROP COLUMN gone;
ALTER TABLE p ATTACH PARTITION p_b FOR VALUES IN ('b');
CREATE TABLE p_d PARTITION OF p DEFAULT PARTITION BY HASH (id);
CREATE TABLE p_d0 PARTITION OF p_d FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE p_d1 PARTITION OF p_d FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO p SELECT i, k, i FROM generate_series(1, 10) i, unnest(ARRAY['a','b','c','d']) k;
CREATE TABLE f (n int PRIMARY KEY, id int, k text, FOREIGN KEY (id, k) REFERENCES p);
INSERT INTO f VALUES (1, 1, 'a'), (2, 2, 'b'), (3, 3, 'c'), (4, 4, 'd'), (5, NULL, 'zz');
INSERT INTO f VALUES (6, 11, 'a');
--> ERROR 23503 insert or update on table "f" violates foreign key constraint "f_id_k_fkey"
INSERT INTO f VALUES (6, 1, 'x');
--> ERROR 23503 insert or update on table "f" violates foreign key constraint "f_id_k_fkey"
INSERT INTO f VALUES (6, 1, 'a'), (7, 10, 'q');
--> ERROR 23503 insert or update on table "f" violates foreign key constraint "f_id_k_fkey"
UPDATE f SET id = 100 WHERE n = 1;
--> ERROR 23503 insert or update on table "f" violates foreign key constraint "f_id_k_fkey"
UPDATE f SET k = 'd' WHERE n = 1;
UPDATE f SET k = 'a' WHERE n = 1;
DELETE FROM p WHERE id = 1 AND k = 'a';
--> ERROR 23503 update or delete on table "p" violates foreign key constraint "f_id_k_fkey" on table "f"
DELETE FROM p_b WHERE id = 2;
--> ERROR 23503 update or delete on table "p" violates foreign key constraint "f_id_k_fkey" on table "f"
DELETE FROM p_d1 WHERE id = 3;
--> ERROR 23503 update or delete on table "p" violates foreign key constraint "f_id_k_fkey" on table "f"
DELETE FROM p WHERE id = 4;
--> ERROR 23503 update or delete on table "p" violates foreign key constraint "f_id_k_fkey" on table "f"
DELETE FROM p WHERE id = 4 AND k <> 'd';
UPDATE p SET id = 20 WHERE id = 1 AND k = 'a';
--> ERROR 23503 update or delete on table "p" violates foreign key constraint "f_id_k_fkey" on table "f"
UPDATE p SET k = 'b' WHERE id = 4 AND k = 'd';
--> ERROR 23503 update or delete on table "p" violates foreign key constraint "f_id_k_fkey" on table "f"
UPDATE p SET v = 99 WHERE id = 1 AND k = 'a';
UPDATE p SET id = id + 100;
--> ERROR 23503 update or delete on table "p" violates foreign key constraint "f_id_k_fkey" on table "f"
UPDATE p_b SET id = 50 WHERE id = 2;
--> ERROR 23503 update or delete on table "p" violates foreign key constraint "f_id_k_fkey" on table "f"
UPDATE p_b SET id = 50 WHERE id = 5;
SELECT tableoid::regclass, * FROM p WHERE id >= 20 OR id < 5 ORDER BY id, k;
--> p_a | 1 | a | 99
--> p_b | 1 | b | 1
--> p_d0 | 1 | c | 1
--> p_d0 | 1 | d | 1
--> p_a | 2 | a | 2
--> p_b | 2 | b | 2
--> p_d0 | 2 | c | 2
--> p_d0 | 2 | d | 2
--> p_a | 3 | a | 3
--> p_b | 3 | b | 3
--> p_d1 | 3 | c | 3
--> p_d1 | 3 | d | 3
--> p_d1 | 4 | d | 4
--> p_b | 50 | b | 5
DROP TABLE p_b;
--> ERROR 2BP01 cannot drop table p_b because other objects depend on it
ALTER TABLE p DETACH PARTITION p_b;
--> ERROR 23503 removing partition "p_b" violates foreign key constraint "f_id_k_fkey"
TRUNCATE p_b;
--> ERROR 0A000 cannot truncate a table referenced in a foreign key constraint
TRUNCATE p;
--> ERROR 0A000 cannot truncate a table referenced in a foreign key constraint
TRUNCATE p, f;
SELECT count(*) FROM f;
--> 0
INSERT INTO p VALUES (1, 'a', 1), (2, 'b', 2), (3, 'c', 3), (4, 'd', 4), (5, 'e', 5), (6, 'f', 6);
CREATE TABLE fc (n int PRIMARY KEY, id int, k text, CONSTRAINT fcc FOREIGN KEY (k, id) REFERENCES p (k, id) ON UPDATE CASCADE ON DELETE CASCADE);
INSERT INTO fc SELECT id * 10, id, k FROM p;
UPDATE p SET id = 11 WHERE id = 1;
SELECT * FROM fc ORDER BY n;
--> 10 | 11 | a
--> 20 | 2 | b
--> 30 | 3 | c
--> 40 | 4 | d
--> 50 | 5 | e
--> 60 | 6 | f
UPDATE p SET k = 'b' WHERE id = 11;
SELECT * FROM fc ORDER BY n;
--> 10 | 11 | b
--> 20 | 2 | b
--> 30 | 3 | c
--> 40 | 4 | d
--> 50 | 5 | e
--> 60 | 6 | f
UPDATE p_b SET k = 'b', id = 12 WHERE id = 11;
UPDATE p SET k = 'zz', v = 7 WHERE id = 2;
SELECT * FROM fc ORDER BY n;
--> 10 | 12 | b
--> 20 | 2 | zz
--> 30 | 3 | c
--> 40 | 4 | d
--> 50 | 5 | e
--> 60 | 6 | f
UPDATE p SET v = v + 1, k = k || 'x' WHERE id >= 4;
SELECT * FROM fc ORDER BY n;
--> 10 | 12 | bx
--> 20 | 2 | zz
--> 30 | 3 | c
--> 40 | 4 | dx
--> 50 | 5 | ex
--> 60 | 6 | fx
SELECT tableoid::regclass, * FROM p ORDER BY id, k;
--> p_d0 | 2 | zz | 7
--> p_d1 | 3 | c | 3
--> p_d1 | 4 | dx | 5
--> p_d1 | 5 | ex | 6
--> p_d1 | 6 | fx | 7
--> p_d0 | 12 | bx | 2
DELETE FROM p WHERE id = 3;
DELETE FROM p_d0 WHERE id IN (4, 5, 6);
SELECT * FROM fc ORDER BY n;
--> 10 | 12 | bx
--> 20 | 2 | zz
--> 40 | 4 | dx
--> 50 | 5 | ex
--> 60 | 6 | fx
MERGE INTO p USING (VALUES (2)) v(x) ON p.id = x WHEN MATCHED THEN UPDATE SET k = 'a';
SELECT * FROM fc ORDER BY n;
--> 10 | 12 | bx
--> 20 | 2 | a
--> 40 | 4 | dx
--> 50 | 5 | ex
--> 60 | 6 | fx
MERGE INTO p USING (VALUES (2)) v(x) ON p.id = x WHEN MATCHED THEN DELETE;
SELECT * FROM fc ORDER BY n;
--> 10 | 12 | bx
--> 40 | 4 | dx
--> 50 | 5 | ex
--> 60 | 6 | fx
CREATE TABLE fn (id int DEFAULT 77, k text DEFAULT 'a', FOREIGN KEY (id, k) REFERENCES p ON DELETE SET NULL ON UPDATE SET DEFAULT);
INSERT INTO p VALUES (77, 'a', 0), (78, 'b', 0);
INSERT INTO fn VALUES (78, 'b');
UPDATE p SET id = 79 WHERE id = 78;
SELECT * FROM fn;
--> 77 | a
DELETE FROM p WHERE id = 77;
SELECT * FROM fn;
--> NULL | NULL
CREATE TABLE fd (id int, k text, FOREIGN KEY (id, k) REFERENCES p DEFERRABLE INITIALLY DEFERRED);
BEGIN;
INSERT INTO fd VALUES (500, 'a');
INSERT INTO p VALUES (500, 'a', 1);
COMMIT;
BEGIN;
INSERT INTO fd VALUES (501, 'a');
COMMIT;
--> ERROR 23503 insert or update on table "fd" violates foreign key constraint "fd_id_k_fkey"
BEGIN;
DELETE FROM p WHERE id = 500;
INSERT INTO p VALUES (500, 'a', 2);
COMMIT;
BEGIN;
DELETE FROM p WHERE id = 500;
COMMIT;
--> ERROR 23503 update or delete on table "p" violates foreign key constraint "fd_id_k_fkey" on table "fd"
SELECT * FROM fd;
--> 500 | a
CREATE TABLE fp (id int, k text, FOREIGN KEY (id, k) REFERENCES p ON DELETE CASCADE) PARTITION BY RANGE (id);
CREATE TABLE fp1 PARTITION OF fp FOR VALUES FROM (0) TO (100);
CREATE TABLE fp2 (k text, id int);
ALTER TABLE fp ATTACH PARTITION fp2 FOR VALUES FROM (100) TO (1000);
INSERT INTO p VALUES (90, 'a', 1), (200, 'b', 1);
INSERT INTO fp VALUES (90, 'a'), (200, 'b');
INSERT INTO fp VALUES (91, 'a');
--> ERROR 23503 insert or update on table "fp1" violates foreign key constraint "fp_id_k_fkey"
INSERT INTO fp2 VALUES ('a', 300);
--> ERROR 23503 insert or update on table "fp2" violates foreign key constraint "fp_id_k_fkey"
DELETE FROM p WHERE id IN (90, 200);
SELECT * FROM fp;
ALTER TABLE fp DROP CONSTRAINT fp_id_k_fkey;
INSERT INTO fp VALUES (91, 'a');
ALTER TABLE fp ADD FOREIGN KEY (id, k) REFERENCES p;
--> ERROR 23503 insert or update on table "fp1" violates foreign key constraint "fp_id_k_fkey"
DELETE FROM fp;
ALTER TABLE fp ADD FOREIGN KEY (id, k) REFERENCES p NOT VALID;
ALTER TABLE fp ADD CONSTRAINT again FOREIGN KEY (id, k) REFERENCES p;
CREATE TABLE bad (id int REFERENCES p);
--> ERROR 42830 number of referencing and referenced columns for foreign key disagree
CREATE TABLE bad (id int REFERENCES p (id));
--> ERROR 42830 there is no unique constraint matching given keys for referenced table "p"
CREATE TABLE selfp (id int, boss int, PRIMARY KEY (id), FOREIGN KEY (boss) REFERENCES selfp) PARTITION BY HASH (id);
CREATE TABLE selfp0 PARTITION OF selfp FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE selfp1 PARTITION OF selfp FOR VALUES WITH (MODULUS 2, REMAINDER 1);
INSERT INTO selfp VALUES (1, NULL), (2, 1), (3, 2), (4, 3);
INSERT INTO selfp VALUES (5, 6), (6, 5);
INSERT INTO selfp VALUES (7, 9);
--> ERROR 23503 insert or update on table "selfp1" violates foreign key constraint "selfp_boss_fkey"
DELETE FROM selfp WHERE id = 2;
--> ERROR 23503 update or delete on table "selfp" violates foreign key constraint "selfp_boss_fkey" on table "selfp1"
DELETE FROM selfp WHERE id IN (2, 3, 4);
SELECT * FROM selfp ORDER BY 1;
--> 1 | NULL
--> 5 | 6
--> 6 | 5
UPDATE selfp SET id = 8 WHERE id = 5;
--> ERROR 23503 update or delete on table "selfp" violates foreign key constraint "selfp_boss_fkey" on table "selfp1"
UPDATE selfp SET id = 8 WHERE id = 1;
CREATE TABLE inter (id int, k text, FOREIGN KEY (id, k) REFERENCES p_d);
INSERT INTO p VALUES (600, 'ix', 1), (601, 'ix', 1);
INSERT INTO inter VALUES (600, 'ix');
INSERT INTO inter VALUES (200, 'b');
--> ERROR 23503 insert or update on table "inter" violates foreign key constraint "inter_id_k_fkey"
UPDATE p SET k = 'b' WHERE id = 600;
--> ERROR 0A000 cannot move tuple across partitions when a non-root ancestor of the source partition is directly referenced in a foreign key
UPDATE p SET id = 603 WHERE id = 600;
--> ERROR 23503 update or delete on table "p_d" violates foreign key constraint "inter_id_k_fkey" on table "inter"
UPDATE p SET id = 602 WHERE id = 600;
--> ERROR 23503 update or delete on table "p_d" violates foreign key constraint "inter_id_k_fkey" on table "inter"
UPDATE p SET id = 605 WHERE id = 601;
CREATE TABLE leaf (id int, k text, FOREIGN KEY (id, k) REFERENCES p_a ON DELETE CASCADE);
INSERT INTO p VALUES (700, 'a', 1), (701, 'a', 1);
INSERT INTO leaf VALUES (700, 'a');
UPDATE p SET k = 'b' WHERE id = 700;
SELECT * FROM leaf;
ALTER TABLE p DETACH PARTITION p_d;
--> ERROR 23503 removing partition "p_d" violates foreign key constraint "fcc"
DROP TABLE p_a;
--> ERROR 2BP01 cannot drop table p_a because other objects depend on it
DROP TABLE p;
--> ERROR 2BP01 cannot drop table p because other objects depend on it
DROP TABLE p CASCADE;
SELECT count(*) FROM f;
--> 0
INSERT INTO f VALUES (1, 1000, 'q');
