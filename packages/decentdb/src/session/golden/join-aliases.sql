-- Names of the merged columns of a join, and what an alias of the whole hides.
create table j1 (i integer, j integer, t text);
create table j2 (i integer, k integer);
insert into j1 values (1,4,'one'),(2,3,'two');
insert into j2 values (1,-1),(2,2);
select * from j1 join j2 using (i) as x where x.i = 1;
--> 1 | 4 | one | -1
select * from j1 join j2 using (i) as x where j1.t = 'one';
--> 1 | 4 | one | -1
select x.*, row_to_json(x) from j1 join j2 using (i) as x;
--> 1 | {"i":1}
--> 2 | {"i":2}
select * from (j1 join j2 using (i) as x) as xx where xx.i = 1;
--> 1 | 4 | one | -1
select * from (j1 join j2 using (i) as x) as xx where x.i = 1;
--> ERROR 42P01 missing FROM-clause entry for table "x"
select * from (j1 join j2 using (i) as x) where x.i = 1;
--> 1 | 4 | one | -1
select * from j1 a1 join j2 a2 using (i) as a1;
--> ERROR 42712 table name "a1" specified more than once
select * from j1 join j2 using (i) as x join j1 as x using (i);
--> ERROR 42712 table name "x" specified more than once
select x.t from j1 join j2 using (i) as x;
--> ERROR 42703 column x.t does not exist
create view vj as select * from j1;
select * from vj tablesample bernoulli (1);
--> ERROR 0A000 TABLESAMPLE clause can only be applied to tables and materialized views
