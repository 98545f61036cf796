-- Texts, settings and definitions as PostgreSQL reads them: values at the edge of two singles, empty bits and intervals, zones in hours.
select '7.038531e-26'::float4::float8, '16777217.0000000000000000000001'::float4, '1.00000005960464477539062'::float4::float8, '1.000000059604644775390625'::float4::float8, '-1.00000005960464477539063'::float4::float8;
--> 7.038530691851209e-26 | 1.6777218e+07 | 1 | 1 | -1.0000001192092896
select position(B'' in B''), position(B'' in B'1');
--> 0 | 1
select interval 'PT';
--> 00:00:00
select interval 'P';
--> ERROR 22007 invalid input syntax for type interval: "P"
begin;
set time zone interval '-8' hour;
show timezone;
--> <-08>+08
set time zone interval '05:30' hour to minute;
show timezone;
--> <+05:30>-05:30
set custom.good.guc = 1;
show custom.good.guc;
--> 1
set custom."bad-guc" = 1;
--> ERROR 42602 invalid configuration parameter name "custom.bad-guc"
rollback;
create domain twice as int default 1 default 2;
--> ERROR 42601 multiple default expressions
create domain once as int unique;
--> ERROR 42601 unique constraints not possible for domains
create domain once as int not null null;
--> ERROR 42601 conflicting NULL/NOT NULL constraints
create domain once as int check (value > 0) no inherit;
--> ERROR 42P17 check constraints for domains cannot be marked NO INHERIT
create function either(a anyelement, b anyelement = null) returns anyelement as $$ select coalesce($1, $2) $$ language sql;
select either('x'::text), either(1.5), either(b := 4, a := null);
--> x | 1.5 | 4
create function same_names(a varchar, b numeric = 5) returns table (a varchar, b numeric) as $$ select $1, $2 $$ language sql;
select * from same_names('x');
--> x | 5
create function same_names(a int, a text) returns int as $$ select 1 $$ language sql;
--> ERROR 42P13 parameter name "a" used more than once
create table plain_column (a int, b int generated always as (a) stored);
alter table plain_column alter a drop expression if exists;
alter table plain_column alter a drop expression;
--> ERROR 55000 column "a" of relation "plain_column" is not a stored generated column
-- JSON: arguments by name, bytes, and where the columns of nested paths stand.
select jsonb_set_lax('{"a":1,"b":2}', '{b}', null, null_value_treatment => 'delete_key');
--> {"a": 1}
select '\x31'::bytea is json, '\x7b22'::bytea is json, json_serialize('{"a":"ä"}' returning bytea), json_object('a': 1 returning bytea);
--> t | f | \x7b2261223a22c3a4227d | \x7b226122203a20317d
select * from json_table(jsonb '[{"a":1,"b":[{"c":"x","d":[1,2]},{"c":"y"}]},{"a":2,"b":[]}]', '$[*]' columns (id for ordinality, nested path '$.b[*]' columns (nested '$.d[*]' columns (d int path '$'), c text path '$.c'), a int path '$.a')) j;
--> 1 | 1 | x | 1
--> 1 | 1 | x | 2
--> 1 | 1 | y | NULL
--> 2 | 2 | NULL | NULL
-- json keeps escapes that are no text, and refuses whoever reads into it.
select json_typeof('"\u0000"'), json_array_length('["\u0000", 2]');
--> string | 2
select json '{"a":"\u0000","b":1}' ->> 'b';
--> ERROR 22P05 unsupported Unicode escape sequence
select json '{"a":"\ud83d","b":1}' -> 'b';
--> ERROR 22P02 invalid input syntax for type json
select json '["\ud83d\ud83d"]' ->> 0;
--> ERROR 22P02 invalid input syntax for type json
select * from json_each_text('{"a":"\u0000"}');
--> ERROR 22P05 unsupported Unicode escape sequence
select json '{"a":"\u0024 \\u0000 \ud83d\ude00"}' ->> 'a';
--> $ \u0000 😀
-- A pattern ends with its escape: an error for texts that get as far. Words in number templates.
select 'b' like E'a\\', 'a' like E'a\\', '' like E'\\';
--> f | f | f
select 'ab' like E'a\\';
--> ERROR 22025 LIKE pattern must not end with escape character
select to_char(0.5, '.99'), to_char('nan'::numeric, '999.99'), to_char('inf'::float8, '9.9'), to_char('-inf'::float8, 'FM99999999.9');
-->  .## |  NaN |  #.# | -Infinity
-- Collations named, fields called, columns a view shows twice.
select collation for ('x' collate "C"), collation for ('x'), collation for ('x'::text);
--> "C" | NULL | "default"
select 'a' collate "C" < 'b' collate "POSIX";
--> ERROR 42P21 collation mismatch between explicit collations "C" and "POSIX"
create table twice_shown (a int primary key, b text);
create view shows_twice as select a, b, a as c from twice_shown;
insert into shows_twice values (1, 'x', 1);
--> ERROR 42601 multiple assignments to same column "a"
insert into shows_twice (a, c) values (1, 1);
--> ERROR 42601 multiple assignments to same column "a"
insert into shows_twice values (1, 'x') returning *;
--> 1 | x | 1
create type parts as (a int, b text);
create view shows_parts as select a, b from twice_shown;
insert into shows_parts select (row(2, 'y')::parts).*;
table shows_parts;
--> 1 | x
--> 2 | y
delete from twice_shown where a = 2;
select a(twice_shown), b(t.*) from twice_shown, twice_shown t;
--> 1 | x
select nowhere(twice_shown) from twice_shown;
--> ERROR 42883 function nowhere(twice_shown) does not exist
-- Floats in templates are rounded by their binary value, ties to even; intervals pad with their sign; sums of squares overflow.
select to_char(2.5::float8, '9'), to_char(2.5, '9'), to_char(1.005::float8, '9.99'), to_char(1.005, '9.99'), to_char(-0.04::float8, '9.9'), to_char(-0.04, '9.9');
-->  2 |  3 |  1.00 |  1.01 |  -.0 |   .0
select to_char(12345678901234.567::float8, '999999999999999.99'), to_char(1234.567::float4, '9999.999'), to_char(12.5::float8, '9.9EEEE'), to_char(1, '990.');
-->   12345678901234.6 |  1234.57 |  1.2e+01 |    1
select to_char(interval '-13 ms', 'MS US SS'), to_char(interval '-100 min', 'HH12 AM');
--> -13 -13000 00 | -01 AM
select array_fill(1, array[2,-7,1,-7]);
--> ERROR 54000 array size exceeds the maximum allowed (134217727)
select stddev(x) from (values ('1e300'::float8), ('1e-300'::float8)) t(x);
--> ERROR 22003 value out of range: overflow
select var_pop(x) from (values ('inf'::float8), ('1')) t(x);
--> NaN
select to_char(interval '-13 y', 'YYYY YYY YY Y'), to_char(interval '-1.5 s', 'FF1 FF2 FF6'), to_char(1e22::float8, '9.9'), to_char(1e300::float8, '9D99');
--> -0013 -013 -13 -3 | -5 -50 -500000 |  #. |  #.
