-- WITH CHECK OPTION of views over families of tables, with columns in another order, and in MERGE and ON CONFLICT.
CREATE TABLE rp (a text, b bigint, c numeric, d int, e varchar) PARTITION BY RANGE (a, b);
CREATE TABLE p_bd (e varchar, c numeric, a text, b bigint, d int);
CREATE TABLE p_bd1 (junk int, e varchar, c numeric, a text, b bigint, d int);
ALTER TABLE p_bd1 DROP COLUMN junk;
ALTER TABLE rp ATTACH PARTITION p_bd FOR VALUES FROM ('b', 10) TO ('b', 20);
CREATE TABLE p_c PARTITION OF rp FOR VALUES FROM ('c', 0) TO ('c', 100) PARTITION BY RANGE (b);
ALTER TABLE p_c ATTACH PARTITION p_bd1 FOR VALUES FROM (0) TO (50);
CREATE TABLE p_c2 PARTITION OF p_c FOR VALUES FROM (50) TO (100);
CREATE TABLE p_a PARTITION OF rp FOR VALUES FROM ('a', 0) TO ('a', 100);
CREATE VIEW upview AS SELECT * FROM rp WHERE c > 120 WITH CHECK OPTION;
INSERT INTO upview VALUES ('a', 1, 130, 1), ('b', 12, 140, 2), ('c', 4, 150, 3), ('c', 60, 160, 4);
INSERT INTO upview VALUES ('b', 15, 100, 1);
--> ERROR 44000 new row violates check option for view "upview"
INSERT INTO upview VALUES ('c', 5, 100, 1);
--> ERROR 44000 new row violates check option for view "upview"
INSERT INTO upview VALUES ('c', 70, NULL, 1);
--> ERROR 44000 new row violates check option for view "upview"
SELECT tableoid::regclass, * FROM rp ORDER BY 2, 3;
--> p_a | a | 1 | 130 | 1 | NULL
--> p_bd | b | 12 | 140 | 2 | NULL
--> p_bd1 | c | 4 | 150 | 3 | NULL
--> p_c2 | c | 60 | 160 | 4 | NULL
UPDATE upview SET c = 199 WHERE b = 4;
UPDATE upview SET c = 120 WHERE b = 4;
--> ERROR 44000 new row violates check option for view "upview"
UPDATE upview SET a = 'b', b = 15, c = 120 WHERE b = 4;
--> ERROR 44000 new row violates check option for view "upview"
UPDATE upview SET a = 'b', b = 15 WHERE b = 4 RETURNING *;
--> b | 15 | 199 | 3 | NULL
UPDATE upview SET c = 110 WHERE b = 60;
--> ERROR 44000 new row violates check option for view "upview"
UPDATE upview SET b = 70, c = 121 WHERE b = 60 RETURNING *;
--> c | 70 | 121 | 4 | NULL
SELECT tableoid::regclass, * FROM rp ORDER BY 2, 3;
--> p_a | a | 1 | 130 | 1 | NULL
--> p_bd | b | 12 | 140 | 2 | NULL
--> p_bd | b | 15 | 199 | 3 | NULL
--> p_c2 | c | 70 | 121 | 4 | NULL
CREATE VIEW up2 (x, y, z) AS SELECT b, a, c FROM upview WHERE b < 80 WITH LOCAL CHECK OPTION;
UPDATE up2 SET z = 100 WHERE x = 70;
--> ERROR 44000 new row violates check option for view "upview"
UPDATE up2 SET x = 90 WHERE x = 70;
--> ERROR 44000 new row violates check option for view "up2"
INSERT INTO up2 VALUES (90, 'c', 200);
--> ERROR 44000 new row violates check option for view "up2"
INSERT INTO up2 VALUES (60, 'c', 200) RETURNING *;
--> 60 | c | 200
DELETE FROM up2 WHERE x = 60 RETURNING *;
--> 60 | c | 200
CREATE TABLE par (a int, b text);
CREATE TABLE chi (z int, b text, a int);
ALTER TABLE chi INHERIT par;
CREATE VIEW pv AS SELECT * FROM par WHERE a < 10 WITH CHECK OPTION;
INSERT INTO par VALUES (1, 'p');
INSERT INTO chi VALUES (5, 'c', 2);
UPDATE pv SET a = a + 8;
--> ERROR 44000 new row violates check option for view "pv"
UPDATE pv SET a = a + 8 WHERE b = 'c';
--> ERROR 44000 new row violates check option for view "pv"
UPDATE pv SET a = a + 8 WHERE b = 'p' RETURNING *;
--> 9 | p
UPDATE pv SET a = a + 1;
--> ERROR 44000 new row violates check option for view "pv"
INSERT INTO pv VALUES (10, 'x');
--> ERROR 44000 new row violates check option for view "pv"
SELECT * FROM par ORDER BY 1;
--> 2 | c
--> 9 | p
MERGE INTO pv USING (VALUES (1)) v(x) ON true WHEN MATCHED THEN UPDATE SET b = 'm';
MERGE INTO pv USING (VALUES (1)) v(x) ON true WHEN MATCHED THEN UPDATE SET a = pv.a + 1;
--> ERROR 44000 new row violates check option for view "pv"
MERGE INTO pv USING (VALUES (1)) v(x) ON false WHEN NOT MATCHED THEN INSERT VALUES (v.x + 10, 'mm');
--> ERROR 44000 new row violates check option for view "pv"
MERGE INTO pv USING (VALUES (1)) v(x) ON false WHEN NOT MATCHED THEN INSERT VALUES (v.x + 5, 'mm') RETURNING *;
--> 1 | 6 | mm
MERGE INTO up2 USING (VALUES (70)) v(x) ON v.x = up2.x WHEN MATCHED THEN UPDATE SET z = 1;
--> ERROR 44000 new row violates check option for view "upview"
MERGE INTO up2 USING (VALUES (70)) v(x) ON v.x = up2.x WHEN MATCHED THEN UPDATE SET x = 95;
--> ERROR 44000 new row violates check option for view "up2"
MERGE INTO up2 USING (VALUES (70)) v(x) ON v.x = up2.x WHEN MATCHED THEN UPDATE SET x = 20 RETURNING *;
--> 70 | 20 | c | 121
MERGE INTO up2 USING (VALUES (99)) v(x) ON v.x = up2.x WHEN NOT MATCHED THEN INSERT VALUES (v.x, 'c', 500);
--> ERROR 44000 new row violates check option for view "up2"
MERGE INTO up2 USING (VALUES (79)) v(x) ON v.x = up2.x WHEN NOT MATCHED THEN INSERT VALUES (v.x, 'c', 500) RETURNING *;
--> 79 | 79 | c | 500
CREATE TABLE pl (a int PRIMARY KEY, b int);
INSERT INTO pl VALUES (1, 1), (2, 2);
CREATE VIEW plv AS SELECT * FROM pl WHERE b < 10 WITH CHECK OPTION;
MERGE INTO plv USING (VALUES (1, 20), (3, 3)) v(x, y) ON a = x WHEN MATCHED THEN UPDATE SET b = y WHEN NOT MATCHED THEN INSERT VALUES (x, y);
--> ERROR 44000 new row violates check option for view "plv"
MERGE INTO plv USING (VALUES (1, 5), (3, 30)) v(x, y) ON a = x WHEN MATCHED THEN UPDATE SET b = y WHEN NOT MATCHED THEN INSERT VALUES (x, y);
--> ERROR 44000 new row violates check option for view "plv"
MERGE INTO plv USING (VALUES (1, 5), (3, 3), (2, 0)) v(x, y) ON a = x WHEN MATCHED AND y = 0 THEN DELETE WHEN MATCHED THEN UPDATE SET b = y WHEN NOT MATCHED THEN INSERT VALUES (x, y);
SELECT * FROM pl ORDER BY 1;
--> 1 | 5
--> 3 | 3
INSERT INTO plv VALUES (1, 50) ON CONFLICT (a) DO UPDATE SET b = EXCLUDED.b;
--> ERROR 44000 new row violates check option for view "plv"
INSERT INTO plv VALUES (1, 7) ON CONFLICT (a) DO UPDATE SET b = EXCLUDED.b + 10;
--> ERROR 44000 new row violates check option for view "plv"
INSERT INTO plv VALUES (1, 7) ON CONFLICT (a) DO UPDATE SET b = EXCLUDED.b + 1 RETURNING *;
--> 1 | 8
INSERT INTO plv VALUES (1, 50) ON CONFLICT (a) DO NOTHING RETURNING *;
INSERT INTO plv VALUES (2, 50) ON CONFLICT (a) DO UPDATE SET b = 3 RETURNING *;
--> ERROR 44000 new row violates check option for view "plv"
INSERT INTO plv VALUES (20, 50), (1, 3) ON CONFLICT (a) DO UPDATE SET b = 3 RETURNING *;
--> ERROR 44000 new row violates check option for view "plv"
INSERT INTO plv VALUES (20, 5), (1, 3) ON CONFLICT (a) DO UPDATE SET b = 3 RETURNING *;
--> 20 | 5
--> 1 | 3
CREATE TABLE hp (a int PRIMARY KEY, b int) PARTITION BY HASH (a);
CREATE TABLE hp0 PARTITION OF hp FOR VALUES WITH (MODULUS 2, REMAINDER 0);
CREATE TABLE hp1 (b int, a int NOT NULL, PRIMARY KEY (a));
ALTER TABLE hp ATTACH PARTITION hp1 FOR VALUES WITH (MODULUS 2, REMAINDER 1);
CREATE VIEW hpv AS SELECT b AS bb, a AS aa FROM hp WHERE b < 10 WITH CHECK OPTION;
INSERT INTO hpv SELECT i, i FROM generate_series(1, 9) i;
INSERT INTO hpv SELECT i, i FROM generate_series(1, 19) i ON CONFLICT (aa) DO UPDATE SET bb = hpv.bb;
--> ERROR 44000 new row violates check option for view "hpv"
INSERT INTO hpv SELECT i, i FROM generate_series(1, 9) i ON CONFLICT (aa) DO UPDATE SET bb = hpv.bb + 1;
--> ERROR 44000 new row violates check option for view "hpv"
INSERT INTO hpv SELECT i - 1, i FROM generate_series(1, 9) i ON CONFLICT (aa) DO UPDATE SET bb = hpv.bb - 1;
INSERT INTO hpv SELECT 12, i FROM generate_series(1, 9) i ON CONFLICT (aa) DO NOTHING;
SELECT * FROM hp ORDER BY 1;
--> 1 | 0
--> 2 | 1
--> 3 | 2
--> 4 | 3
--> 5 | 4
--> 6 | 5
--> 7 | 6
--> 8 | 7
--> 9 | 8
UPDATE hpv SET aa = aa + 100, bb = bb + 1 WHERE bb < 5;
UPDATE hpv SET aa = aa + 1000, bb = bb + 2;
--> ERROR 44000 new row violates check option for view "hpv"
SELECT * FROM hp ORDER BY 1;
--> 6 | 5
--> 7 | 6
--> 8 | 7
--> 9 | 8
--> 101 | 1
--> 102 | 2
--> 103 | 3
--> 104 | 4
--> 105 | 5
