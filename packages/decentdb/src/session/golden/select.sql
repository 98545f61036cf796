-- Basic queries over two small tables.
CREATE TABLE artists (id int PRIMARY KEY, name text NOT NULL, country text);
CREATE TABLE albums (id int PRIMARY KEY, artist_id int REFERENCES artists, title text NOT NULL, year int, price numeric(6,2));
CREATE INDEX albums_artist ON albums (artist_id);
CREATE INDEX albums_year ON albums (year DESC, title);
INSERT INTO artists VALUES (1, 'Anna', 'DE'), (2, 'Bert', NULL), (3, 'Cleo', 'FR'), (4, 'Dora', 'DE');
INSERT INTO albums VALUES (10, 1, 'First', 2001, 9.99), (11, 1, 'Second', 2004, 12.50), (12, 2, 'Only', 2001, NULL), (13, 3, 'Alpha', NULL, 7.00), (14, NULL, 'Orphan', 1999, 1.00);

SELECT * FROM artists WHERE id = 3;
--> 3 | Cleo | FR
SELECT name FROM artists WHERE id IN (4, 1, 9) ORDER BY name DESC;
--> Dora
--> Anna
SELECT name, country IS NULL FROM artists WHERE country <> 'FR' OR country IS NULL ORDER BY id;
--> Anna | f
--> Bert | t
--> Dora | f
SELECT id FROM albums WHERE year BETWEEN 2000 AND 2003 ORDER BY id;
--> 10
--> 12
SELECT id FROM albums WHERE year IS NULL;
--> 13
SELECT title FROM albums ORDER BY year DESC NULLS LAST, title LIMIT 2 OFFSET 1;
--> First
--> Only
SELECT title FROM albums ORDER BY year NULLS FIRST, title;
--> Alpha
--> Orphan
--> First
--> Only
--> Second
SELECT title FROM albums WHERE title LIKE 'O%' ORDER BY 1;
--> Only
--> Orphan
SELECT title FROM albums WHERE title NOT LIKE '%e%' ORDER BY price;
--> Orphan
--> Alpha
--> First
--> Only

-- Joins.
SELECT a.name, b.title FROM artists a JOIN albums b ON b.artist_id = a.id ORDER BY b.id;
--> Anna | First
--> Anna | Second
--> Bert | Only
--> Cleo | Alpha
SELECT a.name, b.title FROM artists a LEFT JOIN albums b ON b.artist_id = a.id AND b.year > 2001 ORDER BY a.id, b.id;
--> Anna | Second
--> Bert | NULL
--> Cleo | NULL
--> Dora | NULL
SELECT a.name, b.title FROM artists a RIGHT JOIN albums b ON b.artist_id = a.id ORDER BY b.id;
--> Anna | First
--> Anna | Second
--> Bert | Only
--> Cleo | Alpha
--> NULL | Orphan
SELECT a.name, b.title FROM artists a FULL JOIN albums b ON b.artist_id = a.id AND b.year = 2001 ORDER BY a.id NULLS LAST, b.id;
--> Anna | First
--> Bert | Only
--> Cleo | NULL
--> Dora | NULL
--> NULL | Second
--> NULL | Alpha
--> NULL | Orphan
SELECT a.name FROM artists a LEFT JOIN albums b ON b.artist_id = a.id WHERE b.id IS NULL;
--> Dora
SELECT a.name, b.title FROM artists a LEFT JOIN albums b ON b.artist_id = a.id WHERE b.price > 8 ORDER BY b.id;
--> Anna | First
--> Anna | Second
SELECT x.id, y.id FROM artists x, artists y WHERE x.country = y.country AND x.id < y.id;
--> 1 | 4
SELECT count(*) FROM artists CROSS JOIN albums;
--> 20
SELECT name, title FROM artists JOIN LATERAL (SELECT title FROM albums WHERE artist_id = artists.id ORDER BY year DESC LIMIT 1) l ON true ORDER BY name;
--> Anna | Second
--> Bert | Only
--> Cleo | Alpha

-- Subqueries.
SELECT name FROM artists WHERE id IN (SELECT artist_id FROM albums WHERE price > 5) ORDER BY id;
--> Anna
--> Cleo
SELECT name FROM artists WHERE id NOT IN (SELECT artist_id FROM albums WHERE artist_id IS NOT NULL) ORDER BY id;
--> Dora
SELECT name FROM artists WHERE id NOT IN (SELECT artist_id FROM albums);
SELECT name FROM artists a WHERE EXISTS (SELECT 1 FROM albums b WHERE b.artist_id = a.id AND b.year = 2001) ORDER BY id;
--> Anna
--> Bert
SELECT name FROM artists a WHERE NOT EXISTS (SELECT 1 FROM albums b WHERE b.artist_id = a.id) ORDER BY id;
--> Dora
SELECT name, (SELECT count(*) FROM albums b WHERE b.artist_id = a.id) FROM artists a ORDER BY id;
--> Anna | 2
--> Bert | 1
--> Cleo | 1
--> Dora | 0
SELECT name, (SELECT max(price) FROM albums b WHERE b.artist_id = a.id) FROM artists a ORDER BY id;
--> Anna | 12.50
--> Bert | NULL
--> Cleo | 7.00
--> Dora | NULL
SELECT name, (SELECT title FROM albums b WHERE b.artist_id = a.id AND year < 2003) FROM artists a ORDER BY id;
--> Anna | First
--> Bert | Only
--> Cleo | NULL
--> Dora | NULL
SELECT (SELECT title FROM albums b WHERE b.artist_id = a.id) FROM artists a WHERE a.id = 1;
--> ERROR 21000 more than one row returned by a subquery used as an expression
SELECT title FROM albums b WHERE price > (SELECT avg(price) FROM albums c WHERE c.artist_id = b.artist_id) ORDER BY id;
--> Second
SELECT title FROM albums WHERE price >= ALL (SELECT price FROM albums WHERE price IS NOT NULL);
--> Second
SELECT id FROM albums WHERE (artist_id, year) IN (SELECT 1, 2001 UNION ALL SELECT 2, 2001) ORDER BY id;
--> 10
--> 12

-- Grouping.
SELECT country, count(*), min(name) FROM artists GROUP BY country ORDER BY country NULLS FIRST;
--> NULL | 1 | Bert
--> DE | 2 | Anna
--> FR | 1 | Cleo
SELECT artist_id, sum(price), avg(price), count(price), count(*) FROM albums GROUP BY artist_id HAVING count(*) >= 1 ORDER BY artist_id;
--> 1 | 22.49 | 11.2450000000000000 | 2 | 2
--> 2 | NULL | NULL | 0 | 1
--> 3 | 7.00 | 7.0000000000000000 | 1 | 1
--> NULL | 1.00 | 1.00000000000000000000 | 1 | 1
SELECT min(year), max(year), min(id), max(id) FROM albums;
--> 1999 | 2004 | 10 | 14
SELECT max(year) FROM albums WHERE artist_id = 1;
--> 2004
SELECT count(*) FROM albums WHERE year > 3000;
--> 0
SELECT sum(price) FROM albums WHERE year > 3000;
--> NULL
SELECT year / 1000, count(*) FROM albums GROUP BY 1 ORDER BY 1;
--> 1 | 1
--> 2 | 3
--> NULL | 1
SELECT country, name, count(*) FROM artists GROUP BY ROLLUP (country, name) ORDER BY country NULLS LAST, name NULLS LAST;
--> DE | Anna | 1
--> DE | Dora | 1
--> DE | NULL | 2
--> FR | Cleo | 1
--> FR | NULL | 1
--> NULL | Bert | 1
--> NULL | NULL | 1
--> NULL | NULL | 4
SELECT DISTINCT country FROM artists ORDER BY country;
--> DE
--> FR
--> NULL
SELECT DISTINCT ON (artist_id) artist_id, title FROM albums ORDER BY artist_id, year DESC;
--> 1 | Second
--> 2 | Only
--> 3 | Alpha
--> NULL | Orphan
SELECT name FROM (SELECT name, count(*) AS n FROM artists a JOIN albums b ON a.id = b.artist_id GROUP BY name) s WHERE n > 1;
--> Anna

-- Set operations, WITH, windows.
SELECT id FROM artists UNION SELECT artist_id FROM albums ORDER BY 1 NULLS FIRST;
--> NULL
--> 1
--> 2
--> 3
--> 4
SELECT id FROM artists EXCEPT SELECT artist_id FROM albums;
--> 4
SELECT id FROM artists INTERSECT SELECT artist_id FROM albums ORDER BY 1;
--> 1
--> 2
--> 3
SELECT 'a' AS k, id FROM artists WHERE id < 3 UNION ALL SELECT 'b', id FROM albums WHERE id > 12 ORDER BY k, id LIMIT 3;
--> a | 1
--> a | 2
--> b | 13
SELECT * FROM (SELECT id, name FROM artists UNION ALL SELECT id, title FROM albums) u WHERE id IN (2, 12) ORDER BY id;
--> 2 | Bert
--> 12 | Only
WITH big AS (SELECT * FROM albums WHERE price > 5) SELECT a.name, big.title FROM big JOIN artists a ON a.id = big.artist_id ORDER BY big.id;
--> Anna | First
--> Anna | Second
--> Cleo | Alpha
WITH x AS (SELECT id FROM artists WHERE country = 'DE') SELECT p.id, q.id FROM x p, x q ORDER BY 1, 2;
--> 1 | 1
--> 1 | 4
--> 4 | 1
--> 4 | 4
WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 5) SELECT sum(i), count(*) FROM n;
--> 15 | 5
SELECT title, rank() OVER (ORDER BY year), sum(price) OVER (PARTITION BY artist_id ORDER BY id) FROM albums ORDER BY id;
--> First | 2 | 9.99
--> Second | 4 | 22.49
--> Only | 2 | NULL
--> Alpha | 5 | 7.00
--> Orphan | 1 | 1.00
SELECT * FROM (SELECT title, artist_id, row_number() OVER (PARTITION BY artist_id ORDER BY year) AS rn FROM albums) w WHERE artist_id = 1 AND rn = 2;
--> Second | 1 | 2
SELECT generate_series(1, 3) AS g, 'x' AS c;
--> 1 | x
--> 2 | x
--> 3 | x
SELECT * FROM generate_series(1, 10, 4) AS g(v) WHERE v > 1;
--> 5
--> 9

-- Constants, NULL logic, expressions.
SELECT 1 WHERE false;
SELECT 1 WHERE NULL;
SELECT NULL = NULL, NULL AND false, NULL OR true, NOT NULL::bool, 1 IN (2, NULL), 1 NOT IN (2, NULL);
--> NULL | f | t | NULL | NULL | NULL
SELECT CASE WHEN 1 = 2 THEN 1 / 0 ELSE 7 END;
--> 7
SELECT 1 / 0;
--> ERROR 22012 division by zero
SELECT id FROM albums WHERE 1 / (id - 10) > 5;
--> ERROR 22012 division by zero
SELECT COALESCE(NULL, price, 0) FROM albums ORDER BY id;
--> 9.99
--> 12.50
--> 0
--> 7.00
--> 1.00
SELECT id, price * 2 + 1 AS p FROM albums WHERE price * 2 > 15 ORDER BY p DESC;
--> 11 | 26.00
--> 10 | 20.98

-- Plans.
EXPLAIN (COSTS off) SELECT * FROM albums WHERE id = 10;
--> Row Id Scan on albums
-->   Index Cond: (id = 10)
EXPLAIN (COSTS off) SELECT id FROM albums WHERE artist_id = 1;
--> Result
-->   ->  Index Only Scan using albums_artist on albums
-->         Index Cond: (artist_id = 1)
EXPLAIN (COSTS off) SELECT title FROM albums ORDER BY year DESC LIMIT 2;
--> Result
-->   ->  Limit
-->         ->  Index Only Scan using albums_year on albums
EXPLAIN (COSTS off) SELECT a.name FROM artists a LEFT JOIN albums b ON b.id = a.id;
--> Seq Scan on artists a
EXPLAIN (COSTS off) SELECT min(id), max(year) FROM albums;
--> Result
-->   ->  Result
-->   InitPlan 1
-->     ->  Limit
-->           ->  Seq Scan on albums
-->   InitPlan 2
-->     ->  Limit
-->           ->  Index Only Scan using albums_year on albums
-->                 Index Cond: (year IS NOT NULL)
EXPLAIN (COSTS off) SELECT a.name FROM artists a LEFT JOIN albums b ON b.artist_id = a.id WHERE b.year = 2001;
--> Result
-->   ->  Index Join on artists a
-->         Index Cond: (id = b.artist_id)
-->         ->  Seq Scan on albums b
-->               Filter: (b.year = 2001)
EXPLAIN (COSTS off) SELECT name FROM artists a WHERE EXISTS (SELECT 1 FROM albums b WHERE b.artist_id = a.id);
--> Result
-->   ->  Hash Semi Join
-->         Hash Cond: (a.id = b.artist_id)
-->         Build Side: left
-->         ->  Seq Scan on artists a
-->         ->  Seq Scan on albums b
-- One column twice under DISTINCT, beside a column that only the filter needs.
SELECT DISTINCT q.artist_id, q.artist_id AS again FROM (SELECT s.id, s.artist_id FROM albums s WHERE s.id BETWEEN s.id AND s.id) q WHERE q.artist_id = 1;
--> 1 | 1
-- Sums of real round at every step, DISTINCT ones in ascending order.
SELECT sum(DISTINCT x)::text, avg(DISTINCT x)::text FROM (SELECT ((g * 7919 % 1000)::real / 7)::real FROM generate_series(1, 3000) g WHERE g % 11 <> 0) r(x);
--> 71357.14 | 71.3571428528577
-- Entries of an index end with the row id: it is part of the order they come in.
SELECT id, year FROM albums WHERE year > 1990 ORDER BY year DESC, title, id;
--> 11 | 2004
--> 10 | 2001
--> 12 | 2001
--> 14 | 1999
SELECT id FROM albums WHERE artist_id = 1 ORDER BY id;
--> 10
--> 11
SELECT artist_id, id FROM albums ORDER BY artist_id DESC, id LIMIT 4;
--> NULL | 14
--> 3 | 13
--> 2 | 12
--> 1 | 10
SELECT artist_id, id FROM albums ORDER BY artist_id, id DESC LIMIT 2;
--> 1 | 11
--> 1 | 10
