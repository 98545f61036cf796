-- date_bin at its ends, ts_headline of JSON, rows into several columns, keys that views need. PREPARE is of one session.
select ts_headline('{"a": "aaa bbb", "b": {"c": "ccc ddd fff", "c1": "ccc1 ddd1"}, "d": ["ggg hhh", "iii jjj"], "n": 1.50, "t": true, "a": "\u00e9 bbb"}'::json, tsquery('bbb & ddd & hhh'));
--> {"a":"aaa <b>bbb</b>","b":{"c":"ccc <b>ddd</b> fff","c1":"ccc1 ddd1"},"d":["ggg <b>hhh</b>","iii jjj"],"n":1.50,"t":true,"a":"é <b>bbb</b>"}
select ts_headline('{"bb": "aaa bbb", "a": {"c": "ccc ddd fff"}, "d": ["ggg hhh", "iii jjj"]}'::jsonb, tsquery('bbb & ddd & hhh'), 'StartSel = <, StopSel = >');
--> {"a": {"c": "ccc <ddd> fff"}, "d": ["ggg <hhh>", "iii jjj"], "bb": "aaa <bbb>"}
select ts_headline('english', '{"a": "aaa bbb"}'::jsonb, tsquery('bbb')), ts_headline('english', '{"a": "aaa bbb"}'::json, tsquery('bbb'), 'StartSel = <, StopSel = >'), ts_headline('null'::json, tsquery('aaa')), ts_headline('[]'::jsonb, tsquery('aaa')), ts_headline('{}'::json, tsquery('aaa'));
--> {"a": "aaa <b>bbb</b>"} | {"a":"aaa <bbb>"} | null | [] | {}
select date_bin('15 minutes'::interval, timestamp '294276-12-30', timestamp '4000-12-20 BC');
--> ERROR 22008 interval out of range
select date_bin('200000000 days'::interval, '2024-02-01'::timestamp, '2024-01-01'::timestamp);
--> ERROR 22008 interval out of range
select date_bin('365000 days'::interval, '4400-01-01 BC'::timestamp, '4000-01-01 BC'::timestamp);
--> ERROR 22008 timestamp out of range
select i, to_char(i * interval '1mon', 'rm'), to_char(i * interval '1mon', 'RM') from generate_series(-26, 26) i;
--> -26 | xi   | XI  
--> -25 | xii  | XII 
--> -24 | i    | I   
--> -23 | ii   | II  
--> -22 | iii  | III 
--> -21 | iv   | IV  
--> -20 | v    | V   
--> -19 | vi   | VI  
--> -18 | vii  | VII 
--> -17 | viii | VIII
--> -16 | ix   | IX  
--> -15 | x    | X   
--> -14 | xi   | XI  
--> -13 | xii  | XII 
--> -12 | i    | I   
--> -11 | ii   | II  
--> -10 | iii  | III 
--> -9 | iv   | IV  
--> -8 | v    | V   
--> -7 | vi   | VI  
--> -6 | vii  | VII 
--> -5 | viii | VIII
--> -4 | ix   | IX  
--> -3 | x    | X   
--> -2 | xi   | XI  
--> -1 | xii  | XII 
--> 0 |  | 
--> 1 | i    | I   
--> 2 | ii   | II  
--> 3 | iii  | III 
--> 4 | iv   | IV  
--> 5 | v    | V   
--> 6 | vi   | VI  
--> 7 | vii  | VII 
--> 8 | viii | VIII
--> 9 | ix   | IX  
--> 10 | x    | X   
--> 11 | xi   | XI  
--> 12 | xii  | XII 
--> 13 | i    | I   
--> 14 | ii   | II  
--> 15 | iii  | III 
--> 16 | iv   | IV  
--> 17 | v    | V   
--> 18 | vi   | VI  
--> 19 | vii  | VII 
--> 20 | viii | VIII
--> 21 | ix   | IX  
--> 22 | x    | X   
--> 23 | xi   | XI  
--> 24 | xii  | XII 
--> 25 | i    | I   
--> 26 | ii   | II  
create table u (a int, b int);
insert into u values (1, 2), (3, 4);
update u set (a, b) = row(v.*) from (values (3, 100)) v(i, j) where u.a = v.i returning u.*;
--> 3 | 100
update u set (a, b) = (v.*) from (values (3, 100)) v(i, j) where u.a = v.i;
--> ERROR 0A000 source for a multiple-column UPDATE item must be a sub-SELECT or ROW() expression
update u set (a, b) = row(v.*) from (values (3, 100, 7)) v(i, j, k) where u.a = v.i;
--> ERROR 42601 number of columns does not match number of values
update u set (a, b) = row(v.*, 1) from (values (3)) v(i) where u.a = v.i returning u.*;
--> 3 | 1
select ('{}'::int[])[1][2][3][4][5][6][7];
--> ERROR 54000 number of array dimensions (7) exceeds the maximum allowed (6)
create table articles (id int constraint articles_pkey primary key, keywords text, title text unique not null, body text unique, created date);
create table articles_in_category (article_id int, category_id int, changed date, primary key (article_id, category_id));
select id, keywords, title, body, created from articles group by id;
select id, keywords, title, body, created from articles group by title;
--> ERROR 42803 column "articles.id" must appear in the GROUP BY clause or be used in an aggregate function
select id, keywords, title, body, created from articles group by body;
--> ERROR 42803 column "articles.id" must appear in the GROUP BY clause or be used in an aggregate function
select id from articles group by id having length(title) > 0;
select from articles group by id having length(title) > 0;
select 1 from articles group by id having length(body) > 0;
select a.id, a.keywords, a.title, a.body, a.created from articles as a, articles_in_category as aic where a.id = aic.article_id and aic.category_id in (14,62,70,53,138) group by a.id;
select aic.changed from articles as a join articles_in_category as aic on a.id = aic.article_id where aic.category_id in (14) group by aic.category_id, aic.article_id;
select aic.changed from articles as a join articles_in_category as aic on a.id = aic.article_id group by aic.article_id;
--> ERROR 42803 column "aic.changed" must appear in the GROUP BY clause or be used in an aggregate function
create table pt (pid serial primary key, name varchar, price numeric);
create table sales (pid int, units int);
select pid, p.name, (sum(s.units) * p.price) as sales from pt p left join sales s using (pid) group by pid, p.name, p.price;
select pid, p.name, (sum(s.units) * p.price) as sales from pt p left join sales s using (pid) group by pid;
create view fdv1 as select pid, name, price from pt group by pid;
alter table pt drop constraint pt_pkey restrict;
--> ERROR 2BP01 cannot drop constraint pt_pkey on table pt because other objects depend on it
drop view fdv1;
create view fdv1 as select 1 from pt group by pid having length(name) > 0;
alter table pt drop constraint pt_pkey restrict;
--> ERROR 2BP01 cannot drop constraint pt_pkey on table pt because other objects depend on it
alter table pt drop constraint pt_pkey cascade;
select * from fdv1;
--> ERROR 42P01 relation "fdv1" does not exist
create table node (nid int primary key, type text);
prepare foo as select nid, type from node group by nid;
execute foo;
alter table node drop constraint node_pkey restrict;
execute foo;
--> ERROR 42803 column "node.type" must appear in the GROUP BY clause or be used in an aggregate function
