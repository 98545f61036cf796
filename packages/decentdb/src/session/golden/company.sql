-- Departments and employees: types, queries, changes and views over one small schema; each answer is PostgreSQL's.
CREATE TYPE mood AS ENUM ('sad','ok','happy');
CREATE DOMAIN posint AS int CHECK (VALUE > 0);
CREATE TABLE dept(id serial PRIMARY KEY, name text NOT NULL UNIQUE, budget numeric(12,2), parent int REFERENCES dept ON DELETE SET NULL);
CREATE TABLE emp(id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name varchar(30) NOT NULL, dept_id int REFERENCES dept(id) ON UPDATE CASCADE ON DELETE CASCADE, salary numeric(10,2) CHECK (salary > 0), hired date DEFAULT '2020-01-01', m mood DEFAULT 'ok', tags text[] DEFAULT '{}', info jsonb, grade posint);
INSERT INTO dept(name,budget,parent) VALUES ('A',1000.50,NULL),('B',2000,1),('C',NULL,1),('D',500.25,2);
INSERT INTO emp(name,dept_id,salary,hired,m,tags,info,grade) VALUES ('ann',1,100,'2020-01-15','happy','{a,b}','{"x":1,"y":[1,2]}',1),('bob',1,200.5,'2020-02-20','sad','{b}','{"x":2}',2),('cid',2,150,'2021-03-01','ok','{}',NULL,3),('dan',2,150,'2021-03-02','ok',NULL,'{"x":null}',NULL),('eve',3,300,'2019-12-31','happy','{c,a}','{"z":{"q":"w"}}',5),('fay',NULL,50,'2022-06-06','sad','{a}','[]',1);
SELECT d.name, count(e.id), sum(e.salary), avg(e.salary)::numeric(10,3), min(e.hired), max(e.m) FROM dept d LEFT JOIN emp e ON e.dept_id=d.id GROUP BY d.id ORDER BY 1;
--> A | 2 | 300.50 | 150.250 | 2020-01-15 | happy
--> B | 2 | 300.00 | 150.000 | 2021-03-01 | ok
--> C | 1 | 300.00 | 300.000 | 2019-12-31 | happy
--> D | 0 | NULL | NULL | NULL | NULL
SELECT name, salary, rank() OVER w, dense_rank() OVER w, percent_rank() OVER w, cume_dist() OVER w, ntile(3) OVER w, lag(name) OVER w, lead(salary,2,0) OVER w, first_value(name) OVER w, last_value(name) OVER w, nth_value(name,2) OVER w FROM emp WINDOW w AS (ORDER BY salary DESC, name) ORDER BY salary DESC, name;
--> eve | 300.00 | 1 | 1 | 0 | 0.16666666666666666 | 1 | NULL | 150.00 | eve | eve | NULL
--> bob | 200.50 | 2 | 2 | 0.2 | 0.3333333333333333 | 1 | eve | 150.00 | eve | bob | bob
--> cid | 150.00 | 3 | 3 | 0.4 | 0.5 | 2 | bob | 100.00 | eve | cid | bob
--> dan | 150.00 | 4 | 4 | 0.6 | 0.6666666666666666 | 2 | cid | 50.00 | eve | dan | bob
--> ann | 100.00 | 5 | 5 | 0.8 | 0.8333333333333334 | 3 | dan | 0 | eve | ann | bob
--> fay | 50.00 | 6 | 6 | 1 | 1 | 3 | ann | 0 | eve | fay | bob
SELECT name, sum(salary) OVER (PARTITION BY dept_id ORDER BY hired RANGE BETWEEN '1 mon' PRECEDING AND CURRENT ROW) FROM emp ORDER BY name;
--> ann | 100.00
--> bob | 200.50
--> cid | 150.00
--> dan | 300.00
--> eve | 300.00
--> fay | 50.00
SELECT name, array_agg(name) OVER (ORDER BY salary GROUPS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE TIES) FROM emp ORDER BY name;
--> ann | {fay,ann,cid,dan}
--> bob | {cid,dan,bob,eve}
--> cid | {ann,cid,bob}
--> dan | {ann,dan,bob}
--> eve | {bob,eve}
--> fay | {fay,ann}
SELECT dept_id, m, count(*), grouping(dept_id,m) FROM emp GROUP BY CUBE(dept_id,m) ORDER BY 1 NULLS FIRST,2 NULLS FIRST,4;
--> NULL | NULL | 1 | 1
--> NULL | NULL | 6 | 3
--> NULL | sad | 1 | 0
--> NULL | sad | 2 | 2
--> NULL | ok | 2 | 2
--> NULL | happy | 2 | 2
--> 1 | NULL | 2 | 1
--> 1 | sad | 1 | 0
--> 1 | happy | 1 | 0
--> 2 | NULL | 2 | 1
--> 2 | ok | 2 | 0
--> 3 | NULL | 1 | 1
--> 3 | happy | 1 | 0
SELECT dept_id, string_agg(name, ',' ORDER BY name DESC) FILTER (WHERE salary>100), array_agg(DISTINCT m ORDER BY m), jsonb_object_agg(name,salary), mode() WITHIN GROUP (ORDER BY m), percentile_cont(0.5) WITHIN GROUP (ORDER BY salary::float8), percentile_disc(array[0.25,0.75]) WITHIN GROUP (ORDER BY salary) FROM emp GROUP BY dept_id ORDER BY 1;
--> 1 | bob | {sad,happy} | {"ann": 100.00, "bob": 200.50} | sad | 150.25 | {100.00,200.50}
--> 2 | dan,cid | {ok} | {"cid": 150.00, "dan": 150.00} | ok | 150 | {150.00,150.00}
--> 3 | eve | {happy} | {"eve": 300.00} | happy | 300 | {300.00,300.00}
--> NULL | NULL | {sad} | {"fay": 50.00} | sad | 50 | {50.00,50.00}
WITH RECURSIVE t AS (SELECT id,name,parent,1 AS lvl, ARRAY[id] AS path FROM dept WHERE parent IS NULL UNION ALL SELECT d.id,d.name,d.parent,t.lvl+1, t.path||d.id FROM dept d JOIN t ON d.parent=t.id) SELECT * FROM t ORDER BY path;
--> 1 | A | NULL | 1 | {1}
--> 2 | B | 1 | 2 | {1,2}
--> 4 | D | 2 | 3 | {1,2,4}
--> 3 | C | 1 | 2 | {1,3}
SELECT e.*, d FROM emp e JOIN dept d ON d.id=e.dept_id WHERE e.tags @> ARRAY['a'] ORDER BY e.id;
--> 1 | ann | 1 | 100.00 | 2020-01-15 | happy | {a,b} | {"x": 1, "y": [1, 2]} | 1 | (1,A,1000.50,)
--> 5 | eve | 3 | 300.00 | 2019-12-31 | happy | {c,a} | {"z": {"q": "w"}} | 5 | (3,C,,1)
SELECT name, info->>'x', info #>> '{z,q}', jsonb_typeof(info), info ? 'x', info @> '{"x":1}' FROM emp ORDER BY id;
--> ann | 1 | NULL | object | t | t
--> bob | 2 | NULL | object | t | f
--> cid | NULL | NULL | NULL | NULL | NULL
--> dan | NULL | NULL | object | t | f
--> eve | NULL | w | object | f | f
--> fay | NULL | NULL | array | f | f
SELECT * FROM emp e, LATERAL (SELECT count(*) c FROM emp f WHERE f.salary < e.salary) s, unnest(e.tags) WITH ORDINALITY u(tag,n) ORDER BY e.id, n;
--> 1 | ann | 1 | 100.00 | 2020-01-15 | happy | {a,b} | {"x": 1, "y": [1, 2]} | 1 | 1 | a | 1
--> 1 | ann | 1 | 100.00 | 2020-01-15 | happy | {a,b} | {"x": 1, "y": [1, 2]} | 1 | 1 | b | 2
--> 2 | bob | 1 | 200.50 | 2020-02-20 | sad | {b} | {"x": 2} | 2 | 4 | b | 1
--> 5 | eve | 3 | 300.00 | 2019-12-31 | happy | {c,a} | {"z": {"q": "w"}} | 5 | 5 | c | 1
--> 5 | eve | 3 | 300.00 | 2019-12-31 | happy | {c,a} | {"z": {"q": "w"}} | 5 | 5 | a | 2
--> 6 | fay | NULL | 50.00 | 2022-06-06 | sad | {a} | [] | 1 | 0 | a | 1
SELECT dept_id, name FROM emp WHERE (dept_id, salary) IN (SELECT dept_id, max(salary) FROM emp GROUP BY dept_id) ORDER BY 1,2;
--> 1 | bob
--> 2 | cid
--> 2 | dan
--> 3 | eve
SELECT name FROM emp e WHERE salary > ALL (SELECT salary FROM emp f WHERE f.dept_id = e.dept_id AND f.id <> e.id) ORDER BY 1;
--> bob
--> eve
--> fay
SELECT name FROM emp WHERE dept_id NOT IN (SELECT parent FROM dept) ORDER BY 1;
SELECT name FROM emp WHERE dept_id NOT IN (SELECT parent FROM dept WHERE parent IS NOT NULL) ORDER BY 1;
--> eve
SELECT DISTINCT ON (dept_id) dept_id, name, salary FROM emp ORDER BY dept_id, salary DESC, name;
--> 1 | bob | 200.50
--> 2 | cid | 150.00
--> 3 | eve | 300.00
--> NULL | fay | 50.00
UPDATE emp SET (salary, m) = (SELECT salary*1.1, 'happy' FROM dept WHERE dept.id=emp.dept_id) WHERE dept_id=2 RETURNING *;
--> ERROR 42804 column "m" is of type mood but expression is of type text
UPDATE emp e SET salary = e.salary + x.bonus FROM (VALUES ('ann',10),('bob',20)) x(n,bonus) WHERE x.n=e.name RETURNING e.name, salary, bonus;
--> ann | 110.00 | 10
--> bob | 220.50 | 20
DELETE FROM emp USING dept WHERE dept.id=emp.dept_id AND dept.name='C' RETURNING emp.name, dept.*;
--> eve | 3 | C | NULL | 1
MERGE INTO emp e USING (VALUES ('ann',999),('zed',1)) s(n,sal) ON s.n=e.name WHEN MATCHED THEN UPDATE SET salary=sal WHEN NOT MATCHED THEN INSERT (name,salary) VALUES (n,sal) RETURNING merge_action(), e.name, e.salary;
--> UPDATE | ann | 999.00
--> INSERT | zed | 1.00
MERGE INTO emp e USING dept d ON e.dept_id=d.id WHEN MATCHED AND d.id=1 THEN DO NOTHING WHEN MATCHED THEN DELETE WHEN NOT MATCHED BY SOURCE THEN UPDATE SET tags = tags || 'orphan'::text RETURNING merge_action(), e.id, e.tags;
--> DELETE | 3 | {}
--> DELETE | 4 | NULL
--> UPDATE | 6 | {a,orphan}
--> UPDATE | 7 | {orphan}
INSERT INTO emp(name,salary,grade) VALUES ('x',1,-1);
--> ERROR 23514 value for domain posint violates check constraint "posint_check"
INSERT INTO emp(name,salary) VALUES ('x',-1);
--> ERROR 23514 new row for relation "emp" violates check constraint "emp_salary_check"
INSERT INTO emp(name,salary,dept_id) VALUES ('x',1,99);
--> ERROR 23503 insert or update on table "emp" violates foreign key constraint "emp_dept_id_fkey"
INSERT INTO emp(id,name) VALUES (1,'x');
--> ERROR 428C9 cannot insert a non-DEFAULT value into column "id"
INSERT INTO emp(id,name,salary) OVERRIDING SYSTEM VALUE VALUES (100,'ov',1) RETURNING id;
--> 100
INSERT INTO dept(name) VALUES ('A') ON CONFLICT (name) DO UPDATE SET budget = coalesce(dept.budget,0) + 1 WHERE dept.name='A' RETURNING *, xmax = 0;
--> 1 | A | 1001.50 | NULL | f
INSERT INTO dept(name) VALUES ('A') ON CONFLICT ON CONSTRAINT dept_name_key DO NOTHING RETURNING *;
WITH d AS (DELETE FROM emp WHERE name='ov' RETURNING *), i AS (INSERT INTO dept(name) SELECT name FROM d RETURNING id, name) SELECT d.name, i.name, (SELECT count(*) FROM emp) FROM d, i;
--> ov | ov | 5
UPDATE dept SET id = id + 100 WHERE id = 1;
--> ERROR 23503 update or delete on table "dept" violates foreign key constraint "dept_parent_fkey" on table "dept"
SELECT id, dept_id FROM emp ORDER BY 1;
--> 1 | 1
--> 2 | 1
--> 6 | NULL
--> 7 | NULL
DELETE FROM dept WHERE id=101;
SELECT * FROM dept ORDER BY id;
--> 1 | A | 1001.50 | NULL
--> 2 | B | 2000.00 | 1
--> 3 | C | NULL | 1
--> 4 | D | 500.25 | 2
--> 7 | ov | NULL | NULL
SELECT count(*) FROM emp;
--> 4
ALTER TABLE emp ADD COLUMN full_name text GENERATED ALWAYS AS (upper(name) || '!') STORED;
SELECT full_name FROM emp ORDER BY id;
--> ANN!
--> BOB!
--> FAY!
--> ZED!
ALTER TABLE emp ALTER COLUMN salary TYPE int USING round(salary);
SELECT salary, pg_typeof(salary) FROM emp ORDER BY id LIMIT 2;
--> 999 | integer
--> 221 | integer
CREATE VIEW ve AS SELECT id,name,salary FROM emp WHERE salary > 10 WITH CHECK OPTION;
INSERT INTO ve(name,salary) VALUES ('low',5);
--> ERROR 44000 new row violates check option for view "ve"
INSERT INTO ve(name,salary) VALUES ('hi',500) RETURNING name, salary;
--> hi | 500
UPDATE ve SET salary = 1 WHERE name='hi';
--> ERROR 44000 new row violates check option for view "ve"
CREATE MATERIALIZED VIEW mv AS SELECT dept_id, count(*) FROM emp GROUP BY 1;
SELECT * FROM mv ORDER BY 1;
--> 1 | 2
--> NULL | 3
REFRESH MATERIALIZED VIEW mv;
DROP TABLE emp;
--> ERROR 2BP01 cannot drop table emp because other objects depend on it
DROP TABLE emp CASCADE;
SELECT interval '1 year 2 mons 3 days 04:05:06.789' * 1.5, age('2020-03-01','2019-02-28'), date_trunc('quarter', timestamp '2020-05-06 07:08:09'), extract(epoch from interval '1 day'), to_char(timestamp '2020-05-06 07:08:09','Day DD Mon YYYY HH12:MI AM Q IW'), timestamp '2020-01-31' + interval '1 month', date '2020-02-29' - date '2019-02-28', justify_interval('35 days 25 hours');
--> 1 year 9 mons 4 days 18:07:40.1835 | 1 year 1 day | 2020-04-01 00:00:00 | 86400.000000 | Wednesday 06 May 2020 07:08 AM 2 19 | 2020-02-29 00:00:00 | 366 | 1 mon 6 days 01:00:00
SELECT timestamptz '2020-03-29 01:30:00 Europe/Berlin', timestamptz '2020-03-29 02:30:00+00' AT TIME ZONE 'Europe/Berlin', make_timestamptz(2020,1,1,0,0,0,'America/New_York'), date_bin('15 min', timestamp '2020-01-01 00:17', timestamp '2020-01-01');
--> 2020-03-29 00:30:00+00 | 2020-03-29 04:30:00 | 2020-01-01 05:00:00+00 | 2020-01-01 00:15:00
SELECT 1/3::numeric, 10::numeric/4, 2^0.5::numeric, sqrt(2::numeric), ln(10::numeric), exp(1::numeric), 1e100::numeric*1e-50, round(2.5), round(-2.5), round(2.5::float8), trunc(1.999,2), 5%3, -5%3, 5.5%2, div(-7,2), mod(-7,2), power(2,-3), 'NaN'::numeric > 1, 'Infinity'::numeric;
--> 0.33333333333333333333 | 2.5000000000000000 | 1.4142135623730950 | 1.414213562373095 | 2.3025850929940457 | 2.7182818284590452 | 100000000000000000000000000000000000000000000000000.00000000000000000000000000000000000000000000000000 | 3 | -3 | 2 | 1.99 | 2 | -2 | 1.5 | -3 | -1 | 0.125 | t | Infinity
SELECT format('%s %I %L %10s|%-10s|', 'a','B c','d''e','r','l'), overlay('abcdef' placing 'XX' from 2 for 3), substring('foobar' from 'o(.)b'), regexp_replace('aaa','a','b',2,1), regexp_split_to_array('a,b;c','[,;]'), split_part('a.b.c','.',-1), translate('12345','143','ax'), lpad('x',5,'ab'), initcap('hello wORLD'), reverse('abc'), strpos('hello','l'), left('hello',-2), chr(8364), ascii('€'), md5('a'), encode('abc','base64'), to_hex(255), quote_literal(E'a\\b'), string_to_array('a,,b',',',''), array_to_string(ARRAY[1,NULL,3],',','*');
--> a "B c" 'd''e'          r|l         | | aXXef | o | aba | {a,b,c} | c | a2x5 | ababx | Hello World | cba | 3 | hel | € | 8364 | 0cc175b9c0f1b6a831c399e269772661 | YWJj | ff | E'a\\b' | {a,NULL,b} | 1,*,3
SELECT ARRAY[[1,2],[3,4]], (ARRAY[[1,2],[3,4]])[2][1], (ARRAY[1,2,3,4])[2:3], array_dims(ARRAY[[1,2],[3,4]]), array_position(ARRAY['a','b'],'b'), array_remove(ARRAY[1,2,1],1), ARRAY[1,2] || 3, array_fill(7,ARRAY[2,2]), cardinality(ARRAY[[1],[2]]), '{1,2}'::int[] && '{2,3}', unnest(ARRAY[1,2]), generate_subscripts(ARRAY[5,6],1);
--> {{1,2},{3,4}} | 3 | {2,3} | [1:2][1:2] | 2 | {2} | {1,2,3} | {{7,7},{7,7}} | 2 | t | 1 | 1
--> {{1,2},{3,4}} | 3 | {2,3} | [1:2][1:2] | 2 | {2} | {1,2,3} | {{7,7},{7,7}} | 2 | t | 2 | 2
SELECT row(1,'a',NULL), row(1,2) < row(1,3), row(1,NULL) = row(1,NULL), (row(1,NULL)) IS NULL, row(NULL,NULL) IS NULL, row(1,NULL) IS NOT NULL, (1,2) IS DISTINCT FROM (1,2);
--> (1,a,) | t | NULL | f | t | f | f
SELECT * FROM (VALUES (1,'a'),(2,NULL)) v(a,b) NATURAL FULL JOIN (VALUES (2,'z'),(3,'y')) w(a,c) ORDER BY a;
--> 1 | a | NULL
--> 2 | NULL | z
--> 3 | NULL | y
SELECT * FROM (VALUES (1),(2),(2),(NULL)) v(a) EXCEPT ALL SELECT * FROM (VALUES (2)) w ORDER BY 1;
--> 1
--> 2
--> NULL
SELECT a FROM (VALUES (1),(2),(2),(3)) v(a) ORDER BY a FETCH FIRST 2 ROWS WITH TIES;
--> 1
--> 2
--> 2
SELECT json_build_object('a',1,'b',ARRAY[1,2]), row_to_json(v), json_agg(v) OVER (), to_jsonb(v.*) FROM (VALUES (1,'x'::text)) v(k,t);
--> {"a" : 1, "b" : [1,2]} | {"k":1,"t":"x"} | [{"k":1,"t":"x"}] | {"k": 1, "t": "x"}
SELECT jsonb_path_query_array('{"a":[1,2,3,4]}','$.a[*] ? (@ > 2)'), jsonb_set('{"a":{"b":1}}','{a,c}','2'), '{"a":1}'::jsonb || '{"b":2}', '{"a":1,"b":2}'::jsonb - 'a', '[1,2,3]'::jsonb - 1, '{"a":[1,2]}'::jsonb #- '{a,0}', jsonb_strip_nulls('{"a":null,"b":1}');
--> [3, 4] | {"a": {"b": 1, "c": 2}} | {"a": 1, "b": 2} | {"b": 2} | [1, 3] | {"a": [2]} | {"b": 1}
SELECT * FROM jsonb_to_recordset('[{"a":1,"b":"x"},{"a":2}]') AS t(a int, b text);
--> 1 | x
--> 2 | NULL
SELECT * FROM json_each_text('{"a":1,"b":null}');
--> a | 1
--> b | NULL
SELECT int4range(1,5) * int4range(3,8), numrange(1.5,2.5) @> 2.0, lower(int4range(1,5,'[]')), range_merge(int4range(1,2),int4range(5,6)), '[2020-01-01,2020-02-01)'::daterange @> date '2020-01-15', isempty('empty'::int4range), upper_inf('[1,)'::int4range);
--> [3,5) | t | 1 | [1,6) | t | t | t
SELECT CASE WHEN 1=2 THEN 'a' END, coalesce(NULL,NULL,3), nullif(1,1), greatest(1,NULL,3), least(NULL,NULL), num_nulls(1,NULL), 1 IN (2,NULL), 1 NOT IN (2,NULL), NULL IS TRUE, TRUE IS NOT UNKNOWN, 1 BETWEEN SYMMETRIC 3 AND 0;
--> NULL | 3 | NULL | 3 | NULL | 1 | NULL | NULL | f | t | t
SELECT 'abc' LIKE 'a_c', 'a%c' LIKE 'a\%c', 'abc' SIMILAR TO '(a|b)%', 'abc' ~ '^a.*c$', 'ABC' ~* 'b', 'abc' !~~ 'x%', 'abc' ILIKE 'AB%', 'a' || 1 || NULL, 'x' COLLATE "C" < 'X';
--> t | t | t | t | t | t | t | NULL | f
SELECT 9223372036854775807 + 1;
--> ERROR 22003 bigint out of range
SELECT 2147483647 + 1;
--> ERROR 22003 integer out of range
SELECT 1/0;
--> ERROR 22012 division by zero
SELECT 'abc'::int;
--> ERROR 22P02 invalid input syntax for type integer: "abc"
SELECT '2020-13-01'::date;
--> ERROR 22008 date/time field value out of range: "2020-13-01"
SELECT nosuch FROM dept;
--> ERROR 42703 column "nosuch" does not exist
SELECT * FROM nosuch;
--> ERROR 42P01 relation "nosuch" does not exist
SELECT max(budget), name FROM dept;
--> ERROR 42803 column "dept.name" must appear in the GROUP BY clause or be used in an aggregate function
SELECT count(*) FROM dept WHERE count(*) > 1;
--> ERROR 42803 aggregate functions are not allowed in WHERE
SELECT (SELECT id FROM dept);
--> ERROR 21000 more than one row returned by a subquery used as an expression
SELECT array_agg(x) FROM generate_series(1,3) x GROUP BY x%2 HAVING count(*)>1;
--> {1,3}
SELECT d.id, x FROM dept d CROSS JOIN LATERAL generate_series(1,2) x WHERE d.id<3 ORDER BY 1,2;
--> 1 | 1
--> 1 | 2
--> 2 | 1
--> 2 | 2
SELECT sum(x) FILTER (WHERE x>1), count(DISTINCT x%2), bool_and(x>0), every(x<3), bit_or(x), var_samp(x), stddev_pop(x), corr(x,x*2), regr_slope(x,x) FROM generate_series(1,3) x;
--> 5 | 2 | t | f | 3 | 1.00000000000000000000 | 0.81649658092772603273 | 1 | 1
CREATE TABLE texts(a int, b text, n numeric, f float8, c text GENERATED ALWAYS AS (b || a) STORED, d text GENERATED ALWAYS AS (f::text || n) STORED);
INSERT INTO texts VALUES (1, 'x', 1.50, 0.1) RETURNING c, d;
--> x1 | 0.11.50
CREATE INDEX ON texts ((b || n));
CREATE TABLE moments(a timestamptz, c text GENERATED ALWAYS AS ('x' || a) STORED);
--> ERROR 42P17 generation expression is not immutable
