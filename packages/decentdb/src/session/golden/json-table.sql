-- JSON_TABLE, the SQL/JSON constructors, json and jsonb cast to each other.
select * from json_table('[{"a":1},{"a":2}]', '$[*]' columns (id for ordinality, a int path '$.a', x text path '$.x' default 'z' on empty)) j;
--> 1 | 1 | z
--> 2 | 2 | z
select * from json_table(jsonb '{"a":[1,2,3]}', '$.a[*]' columns (v int path '$'));
--> 1
--> 2
--> 3
select * from json_table(jsonb '[{"n":"x","tags":["p","q"]},{"n":"y","tags":[]},{"n":"z"}]', '$[*]' columns (n text, nested path '$.tags[*]' columns (i for ordinality, tag text path '$'))) t;
--> x | 1 | p
--> x | 2 | q
--> y | NULL | NULL
--> z | NULL | NULL
select * from json_table(jsonb '[{"a":1,"b":[10,20],"c":["u"]}]', '$[*]' columns (a int path '$.a', nested path '$.b[*]' columns (b int path '$'), nested '$.c[*]' columns (c text path '$'))) t;
--> 1 | 10 | NULL
--> 1 | 20 | NULL
--> 1 | NULL | u
select * from json_table(jsonb '[{"a":1,"b":[{"x":1,"y":[5,6]},{"x":2}]}]', '$[*]' columns (a int, nested path '$.b[*]' as pb columns (x int, nested path '$.y[*]' columns (y int path '$')))) t;
--> 1 | 1 | 5
--> 1 | 1 | 6
--> 1 | 2 | NULL
select * from json_table(jsonb '[1, "a"]', '$[*]' columns (t int path '$' error on error)) t;
--> ERROR 22P02 invalid input syntax for type integer: "a"
select * from json_table(jsonb '[1, "a"]', '$[*]' columns (t int path '$' default -1 on error)) t;
--> 1
--> -1
select * from json_table(jsonb '[1, "a"]', '$[*]' columns (t int path '$') error on error) t;
--> 1
--> NULL
select * from json_table(jsonb '{"a":1}', 'strict $.b' columns (t int path '$')) t;
select * from json_table(jsonb '{"a":1}', 'strict $.b' columns (t int path '$') error on error) t;
--> ERROR 2203A JSON object does not contain key "b"
select * from json_table(jsonb '{"a":1}', 'strict $.b' columns (t int path '$') empty on error) t;
select * from json_table(jsonb '{"a":1}', 'strict $.b' columns (t int path '$') null on error) t;
--> ERROR 42601 invalid ON ERROR behavior
select * from json_table(jsonb '[{"a":3},{"a":5}]', '$[*] ? (@.a > $lim)' passing 4 as lim columns (a int, b int path '$.a ? (@ < $lim)')) t;
--> 5 | NULL
create table docs (id int, d jsonb);
insert into docs values (1, '[{"k":"a"},{"k":"b"}]'), (2, '[]'), (3, null);
select id, t.* from docs, json_table(d, '$[*]' columns (o for ordinality, k text)) t order by 1, 2;
--> 1 | 1 | a
--> 1 | 2 | b
select id, k from docs left join json_table(d, '$[*]' columns (k text)) t on true order by 1, 2;
--> 1 | a
--> 1 | b
--> 2 | NULL
--> 3 | NULL
select id, (select string_agg(k, ',') from json_table(d, '$[*]' columns (k text)) t) from docs order by 1;
--> 1 | a,b
--> 2 | NULL
--> 3 | NULL
select * from json_table(null::jsonb, '$[*]' columns (k text)) t;
select * from json_table(jsonb '[1]', '$[*]' columns (a int path '$', a text path '$')) t;
--> ERROR 42712 duplicate JSON_TABLE column or path name: a
select * from json_table(jsonb '[1]', '$[*]' as p columns (p int path '$')) t;
--> ERROR 42712 duplicate JSON_TABLE column or path name: p
select * from json_table(jsonb '[1]', '$[*]' columns (a int path '$' with wrapper)) t;
--> NULL
select * from json_table(jsonb '[1]', '$[*]' columns (a int path '$' omit quotes)) t;
--> 1
select a.x + b.y from json_table(jsonb '[1,2]', '$[*]' columns (x int path '$')) a join json_table(jsonb '[10]', '$[*]' columns (y int path '$')) b on true order by 1;
--> 11
--> 12
select json_table.a from json_table(jsonb '[{"a":1}]', '$[*]' columns (a int)) where json_table.a = 1;
--> 1
select * from json_table(jsonb '[{"a":1}]', '$[*]' columns (a int)) t(z);
--> 1
create view jtv as select * from json_table(jsonb '[{"a":1,"b":[1,2]}]', '$[*]' columns (a int, nested path '$.b[*]' columns (b int path '$'))) t;
select * from jtv;
--> 1 | 1
--> 1 | 2
create domain dpos as int check (value > 0);
select * from json_table(jsonb '[1,-1]', '$[*]' columns (a dpos path '$')) t;
--> 1
--> NULL
select * from json_table(jsonb '"x"', '$' columns (a char(4) path '$', b varchar(1) path '$', d date path '$')) t;
--> x    | x | NULL
select count(*), sum(v) from json_table(jsonb '[1,2,3,4]', '$[*]' columns (v int path '$')) where v > 2;
--> 2 | 7
select * from json_table(jsonb '{"a":1}', 'lax $.b[*]' columns (t int path '$')) t;
select json_object('a':1, 'b':null absent on null), json_object('a':1, 'b':null null on null), json_object('a': 1, 'a': 2);
--> {"a" : 1} | {"a" : 1, "b" : null} | {"a" : 1, "a" : 2}
select json_object('a':1, 'a':2 with unique keys);
--> ERROR 22030 duplicate JSON object key value: "a"
select json_object('a':1, 'b':2 with unique), json_object('a':1, 'b':null absent on null with unique keys returning jsonb), json_object(), json_object(returning jsonb);
--> {"a" : 1, "b" : 2} | {"a": 1} | {} | {}
select json_object('a': null, 'a': 1 absent on null with unique keys);
--> ERROR 22030 duplicate JSON object key value: "a"
select json_object(null: 1);
--> ERROR 22004 null value not allowed for object key
select json_array(id, d ->> 5 null on null), json_array(id, d ->> 5), json_array(id, d ->> 5 absent on null) from docs order by id;
--> [1, null] | [1] | [1]
--> [2, null] | [2] | [2]
--> [3, null] | [3] | [3]
select json_array(select k from (values (1),(2),(null)) v(k)), json_array(select k from (values (1),(2)) v(k) order by k desc returning jsonb), json_array(select 1 where false);
--> [1, 2] | [2, 1] | NULL
select json_object('a': '[1,2]' format json, 'b': '[1,2]'), json_array('[1]' format json, '{}');
--> {"a" : [1,2], "b" : "[1,2]"} | [[1], "{}"]
select json('{"a":1,"a":2}'), json('{"a":1}' with unique keys), json_scalar(12.5), json_scalar('x'), json_scalar(null), json_serialize('{"a":1}' returning text), json_scalar(date '2020-01-01');
--> {"a":1,"a":2} | {"a":1} | 12.5 | "x" | NULL | {"a":1} | "2020-01-01"
select json('{"a":1,"a":2}' with unique keys);
--> ERROR 22030 duplicate JSON object key value
select json_objectagg(k: v) from (values ('a',1),('b',null)) t(k,v);
--> { "a" : 1, "b" : null }
select json_objectagg(k: v absent on null), json_objectagg(k: v absent on null with unique keys returning jsonb) from (values ('a',1),('b',null)) t(k,v);
--> { "a" : 1 } | {"a": 1}
select '{"b":1,"a": 2, "b":3}'::json::jsonb, '{"b":1,"a":2}'::jsonb::json, pg_typeof('1'::json::jsonb);
--> {"a": 2, "b": 3} | {"a": 2, "b": 1} | jsonb
create table jj (a json, b jsonb);
insert into jj values ('{"x":1}'::jsonb, '{"y":2}'::json);
insert into jj select b, a from jj;
select * from jj;
--> {"x": 1} | {"y": 2}
--> {"y": 2} | {"x": 1}
select a = b from jj;
--> ERROR 42883 operator does not exist: json = jsonb
select b from jj where b = a;
--> ERROR 42883 operator does not exist: jsonb = json
select '{'::json::jsonb;
--> ERROR 22P02 invalid input syntax for type json
select array['1'::json]::jsonb[];
--> {1}
select coalesce('1'::json, '2'::jsonb);
--> ERROR 42846 COALESCE could not convert type jsonb to json
select json_query(jsonb 'null', '$' returning text), json_query(jsonb 'null', '$' returning int), json_query(jsonb 'null', '$' returning bytea), json_query(jsonb 'null', '$' returning text omit quotes);
--> null | NULL | \x6e756c6c | null
