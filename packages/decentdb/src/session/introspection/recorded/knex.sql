-- knex
-- $1 = 'users'
-- $2 = 'public'
select * from information_schema.tables where table_name = $1 and table_schema = $2
--> decentdb | public | users | BASE TABLE | NULL | NULL | NULL | NULL | NULL | YES | NO | NULL

-- knex
-- $1 = 'users'
-- $2 = 'id'
-- $3 = 'public'
select * from information_schema.columns where table_name = $1 and column_name = $2 and table_schema = $3
--> decentdb | public | users | id | 1 | nextval('users_id_seq'::regclass) | NO | integer | NULL | NULL | 32 | 2 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | decentdb | pg_catalog | int4 | NULL | NULL | NULL | NULL | 1 | NO | NO | NULL | NULL | NULL | NULL | NULL | NO | NEVER | NULL | YES
