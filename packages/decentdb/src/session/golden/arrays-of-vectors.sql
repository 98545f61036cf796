-- ARRAY(SELECT ...) by the type of its rows, sizes of the parts of a relation.
select array(select '11 22 33'::int2vector from generate_series(1,2));
--> {"11 22 33","11 22 33"}
select pg_typeof(array(select '11 22'::oidvector)), pg_typeof(array(select array[1])), pg_typeof(array(select 1));
--> oidvector[] | integer[] | integer[]
select unnest(array(select '11 22 33'::int2vector from generate_series(1,2)));
--> 11 22 33
--> 11 22 33
select array(select '11 22 33'::oidvector from generate_series(1,3));
--> {"11 22 33","11 22 33","11 22 33"}
select array(select array[1,2] from generate_series(1,2)), array(select array['a']), array(select 1 where false), array(select array[1] where false);
--> {{1,2},{1,2}} | {{a}} | {} | {}
create domain da as int[];
create domain di as int;
select array(select '{1,2}'::da), array(select 1::di), array(select row(1,2)), array(select null::int), array(select '{1}'::jsonb);
--> ERROR 22P02 invalid input syntax for type json
select array(select n from (values ('a'::name)) v(n)), array(select int4range(1,2));
--> {a} | {"[1,2)"}
create table rel (a int);
select pg_relation_size('rel','main') >= 0, pg_relation_size('rel','fsm') >= 0, pg_relation_size('rel'::regclass, 'vm') >= 0, pg_relation_size('rel', 'init') = 0;
--> t | t | t | t
select pg_relation_size('rel','nope');
--> ERROR 22023 invalid fork name
