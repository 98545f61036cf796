-- A row that a change does not have is NULL as a whole. The answers are PostgreSQL 18's.
CREATE TABLE a (id int PRIMARY KEY, v text);
CREATE TABLE n (id int, v text);
INSERT INTO a VALUES (1,'x'),(2,'y') RETURNING old, new, old IS NULL, old.*;
--> NULL | (1,x) | t | NULL | NULL
--> NULL | (2,y) | t | NULL | NULL
INSERT INTO n VALUES (1,'x'),(NULL,NULL) RETURNING old, new, new IS NULL;
--> NULL | (1,x) | f
--> NULL | (,) | t
INSERT INTO a VALUES (2,'z'),(3,'y') ON CONFLICT (id) DO UPDATE SET v = 'q' RETURNING old, new, old IS NULL;
--> (2,y) | (2,q) | f
--> NULL | (3,y) | t
DELETE FROM a WHERE id = 1 RETURNING old, new, new.id, to_jsonb(new), coalesce(new, old);
--> (1,x) | NULL | NULL | NULL | (1,x)
DELETE FROM a WHERE v = 'q' RETURNING old, new;
--> (2,q) | NULL
DELETE FROM n RETURNING old, new;
--> (1,x) | NULL
--> (,) | NULL
UPDATE a SET v = 'w' RETURNING old, new;
--> (3,y) | (3,w)
MERGE INTO a USING (VALUES (3), (4)) s(i) ON a.id = s.i WHEN MATCHED THEN DELETE WHEN NOT MATCHED THEN INSERT VALUES (s.i) RETURNING merge_action(), old, new, a;
--> DELETE | (3,w) | NULL | (3,w)
--> INSERT | NULL | (4,) | (4,)
