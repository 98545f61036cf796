-- Rows of named types from functions in FROM: their fields are the columns; calls written as fields; definition lists that convert.
create table price (id serial primary key, active boolean not null, price numeric);
insert into price values (1,false,42),(10,false,100),(11,true,17.99);
create type price_input as (id integer, price numeric);
create type price_key as (id integer);
create function price_key_from_table(price) returns price_key as $$ select $1.id $$ language sql;
create function price_key_from_input(price_input) returns price_key as $$ select $1.id $$ language sql;
update price set active = true, price = input_prices.price from unnest(array[(10, 123.00), (11, 99.99)]::price_input[]) input_prices where price_key_from_table(price.*) = price_key_from_input(input_prices.*);
select * from price;
--> 1 | f | 42
--> 10 | t | 123.00
--> 11 | t | 99.99
select * from price where price.price_key_from_table = row(10)::price_key;
--> 10 | t | 123.00
select i, i.price_key_from_input, pg_typeof(i) from unnest(array[(1,2.5)::price_input, null]) i;
--> (1,2.5) | (1) | price_input
--> (,) | () | price_input
select i, o, pg_typeof(i), i.* from unnest(array[(1,2.5)::price_input, null]) with ordinality i(a,b,o), lateral (select 1) x(o2), lateral generate_series(1,2) o where i.a = 1;
--> ERROR 42702 column reference "o" is ambiguous
select price_key_from_input(row(1,2)), price_key_from_input(row(1,'2')), price_key_from_input((3,4.5)), price_key_from_input(null);
--> (1) | (1) | (3) | ()
select price_key_from_input(row(1,2,3));
--> ERROR 42883 function price_key_from_input(record) does not exist
select price_key_from_input(x) from (select row(1,2) x) s;
--> (1)
select (row(1,'x')::price_input).price;
--> ERROR 22P02 invalid input syntax for type numeric: "x"
select row(1,'2.5')::price_input = (1,2.5)::price_input;
--> t
select * from rows from (generate_series(1,2), upper('x'), price_key_from_input(row(7,8))) with ordinality as t(a,b,c,d);
--> 1 | X | 7 | 1
--> 2 | NULL | NULL | 2
select * from rows from (upper('x'), lower('Y'));
--> X | y
select t.* from (values (1),(2)) v(n), rows from (abs(-n), generate_series(1,n)) t;
--> 1 | 1
--> 2 | 1
--> NULL | 2
create domain positive_price as price_input check ((value).price > 0);
select (x).*, (x).price from (select row(1,2)::positive_price x) s;
--> 1 | 2 | 2
select * from unnest(array[row(1,2)::positive_price]) u;
--> 1 | 2
select u.id, v.* from unnest(array[(1,2),(3,4)]::price_input[]) u left join unnest(array[(3,5)]::price_input[]) v on u.id = v.id order by 1;
--> 1 | NULL | NULL
--> 3 | 3 | 5
select v, v is null from unnest(array[(1,2),(3,4)]::price_input[]) u left join unnest(array[(3,5)]::price_input[]) v on u.id = v.id order by u.id;
--> NULL | t
--> (3,5) | f
create view pv as select u.*, u as whole from unnest(array[(1,2),(3,4)]::price_input[]) u;
select * from pv;
--> 1 | 2 | (1,2)
--> 3 | 4 | (3,4)
create table holder (id int, items price_input[]);
insert into holder values (1, array[(1,2),(3,4)]::price_input[]), (2, '{}'), (3, null), (4, array[null, (9,9)]::price_input[]);
select h.id, i.* from holder h, unnest(h.items) i order by 1,2;
--> 1 | 1 | 2
--> 1 | 3 | 4
--> 4 | 9 | 9
--> 4 | NULL | NULL
select h.id, i.id, i.price from holder h left join lateral unnest(h.items) i on true order by 1,2;
--> 1 | 1 | 2
--> 1 | 3 | 4
--> 2 | NULL | NULL
--> 3 | NULL | NULL
--> 4 | 9 | 9
--> 4 | NULL | NULL
select h.id, (select sum(price) from unnest(h.items)) from holder h order by 1;
--> 1 | 6
--> 2 | NULL
--> 3 | NULL
--> 4 | 9
select h.id, array(select i from unnest(items) i order by i.price desc) from holder h order by 1;
--> 1 | {"(3,4)","(1,2)"}
--> 2 | {}
--> 3 | {}
--> 4 | {"(,)","(9,9)"}
select unnest(items), id from holder order by id;
--> (1,2) | 1
--> (3,4) | 1
--> NULL | 4
--> (9,9) | 4
create function two(int) returns setof record language sql as $$ select $1, $1::text || 'x' union all select null, 'y' $$;
select * from two(3) as t(a numeric(6,2), b varchar(1));
--> ERROR 22001 value too long for type character varying(1)
select * from two(3) as t(a int, b int);
--> ERROR 42P13 return type mismatch in function declared to return record
select * from two(3) as t(a int);
--> ERROR 42P13 return type mismatch in function declared to return record
select * from two(3) as t(a int, b text, c int);
--> ERROR 42P13 return type mismatch in function declared to return record
select * from two(3) as t(a bigint, b text) where a is not null;
--> 3 | 3x
select * from unnest(array[(1,2)::price_input]) as t(a int, b int);
--> ERROR 42601 a column definition list is redundant for a function returning a named composite type
values (1, 2), ((row(3,4)).*);
--> 1 | 2
--> 3 | 4
insert into price values ((row(20, true, 5)).*) returning *;
--> 20 | t | 5
insert into price values ((row(21, true, 5)).*), (22, false, 6) returning *;
--> 21 | t | 5
--> 22 | f | 6
insert into price (id, active, price) select p.* from (select 23, true, 1) p;
-- A function with one output gives values, not rows, also where the output has a name.
select q, pg_typeof(q), q.value from jsonb_array_elements('[{"a": 1}, 2]') q;
--> {"a": 1} | jsonb | {"a": 1}
--> 2 | jsonb | 2
select q from jsonb_array_elements('[{"a": 1}, {"a": 2}]') q where q ->> 'a' = '2';
--> {"a": 2}
select jsonb_array_elements_text || '!' from jsonb_array_elements_text('["x"]');
--> x!
select q, pg_typeof(q) from json_array_elements('[1]') with ordinality q;
--> (1,1) | record
create function counted(int) returns table (n int) as 'select generate_series(1, $1)' language sql;
select q + 1, q.n from counted(2) q;
--> 2 | 1
--> 3 | 2
select json_strip_nulls('["\u0041", {"a": null, "b": "\u00e9"}]');
--> ["A",{"b":"é"}]
