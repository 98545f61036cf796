-- sequelize
SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type LIKE '%TABLE' AND table_name != 'spatial_ref_sys'
--> base_t
--> empty_table
--> fast
--> kid_t
--> par
--> par_1
--> par_d
--> tree
--> users

-- sequelize
SELECT pk.constraint_type as "Constraint",c.column_name as "Field", c.column_default as "Default",c.is_nullable as "Null", (CASE WHEN c.udt_name = 'hstore' THEN c.udt_name ELSE c.data_type END) || (CASE WHEN c.character_maximum_length IS NOT NULL THEN '(' || c.character_maximum_length || ')' ELSE '' END) as "Type", (SELECT array_agg(e.enumlabel) FROM pg_catalog.pg_type t JOIN pg_catalog.pg_enum e ON t.oid=e.enumtypid WHERE t.typname=c.udt_name) AS "special", (SELECT pgd.description FROM pg_catalog.pg_statio_all_tables AS st INNER JOIN pg_catalog.pg_description pgd on (pgd.objoid=st.relid) WHERE c.ordinal_position=pgd.objsubid AND c.table_name=st.relname) AS "Comment" FROM information_schema.columns c LEFT JOIN (SELECT tc.table_schema, tc.table_name, cu.column_name, tc.constraint_type FROM information_schema.TABLE_CONSTRAINTS tc JOIN information_schema.KEY_COLUMN_USAGE  cu ON tc.table_schema=cu.table_schema and tc.table_name=cu.table_name and tc.constraint_name=cu.constraint_name and tc.constraint_type='PRIMARY KEY') pk ON pk.table_schema=c.table_schema AND pk.table_name=c.table_name AND pk.column_name=c.column_name WHERE c.table_name = 'users' AND c.table_schema = 'public'
--> NULL | b | true | NO | boolean | NULL | NULL
--> NULL | big | NULL | YES | bigint | NULL | NULL
--> NULL | bits | NULL | YES | bit(4) | NULL | NULL
--> NULL | by | NULL | YES | bytea | NULL | NULL
--> NULL | c | NULL | YES | character(3) | NULL | NULL
--> NULL | c1 | NULL | YES | "char" | NULL | NULL
--> NULL | ci | NULL | YES | cidr | NULL | NULL
--> NULL | d | NULL | YES | double precision | NULL | NULL
--> NULL | dt | CURRENT_DATE | YES | date | NULL | NULL
--> NULL | full_name | NULL | YES | text | NULL | NULL
--> NULL | ip | NULL | YES | inet | NULL | NULL
--> NULL | ir | NULL | YES | int4range | NULL | NULL
--> NULL | iv | NULL | YES | interval | NULL | NULL
--> NULL | j | NULL | YES | json | NULL | NULL
--> NULL | jb | '{"a": 1}'::jsonb | YES | jsonb | NULL | NULL
--> NULL | m | 'ok'::mood | YES | USER-DEFINED | {sad,ok,happy} | NULL
--> NULL | m2 | NULL | YES | ARRAY | NULL | NULL
--> NULL | mac | NULL | YES | macaddr | NULL | NULL
--> NULL | mail | NULL | NO | character varying(120) | NULL | NULL
--> NULL | moods | NULL | YES | ARRAY | NULL | NULL
--> NULL | n | 1.5 | YES | numeric | NULL | NULL
--> NULL | name | NULL | NO | character varying(50) | NULL | their name
--> NULL | nm | NULL | YES | name | NULL | NULL
--> NULL | oidc | NULL | YES | oid | NULL | NULL
--> NULL | p | NULL | YES | point | NULL | NULL
--> NULL | r | NULL | YES | real | NULL | NULL
--> NULL | small | NULL | YES | smallint | NULL | NULL
--> NULL | t | NULL | YES | time without time zone | NULL | NULL
--> NULL | tags | '{}'::text[] | YES | ARRAY | NULL | NULL
--> NULL | ts | NULL | YES | timestamp without time zone | NULL | NULL
--> NULL | tstz | now() | YES | timestamp with time zone | NULL | NULL
--> NULL | tsv | NULL | YES | tsvector | NULL | NULL
--> NULL | tz | NULL | YES | time with time zone | NULL | NULL
--> NULL | u | gen_random_uuid() | YES | uuid | NULL | NULL
--> NULL | vb | NULL | YES | bit varying(8) | NULL | NULL
--> NULL | x | NULL | YES | xml | NULL | NULL
--> PRIMARY KEY | id | nextval('users_id_seq'::regclass) | NO | integer | NULL | NULL

-- sequelize
SELECT DISTINCT tc.constraint_name as constraint_name, tc.constraint_schema as constraint_schema, tc.constraint_catalog as constraint_catalog, tc.table_name as table_name,tc.table_schema as table_schema,tc.table_catalog as table_catalog,tc.initially_deferred as initially_deferred,tc.is_deferrable as is_deferrable,kcu.column_name as column_name,ccu.table_schema  AS referenced_table_schema,ccu.table_catalog  AS referenced_table_catalog,ccu.table_name  AS referenced_table_name,ccu.column_name AS referenced_column_name FROM information_schema.table_constraints AS tc JOIN information_schema.key_column_usage AS kcu ON tc.constraint_name = kcu.constraint_name JOIN information_schema.constraint_column_usage AS ccu ON ccu.constraint_name = tc.constraint_name WHERE constraint_type = 'FOREIGN KEY' AND tc.table_name = 'orders' AND tc.table_catalog = 'decentdb' AND tc.table_schema = 'shop'
--> orders_product_fk | shop | decentdb | orders | shop | decentdb | YES | YES | product_id | shop | decentdb | products | id
--> orders_user_fk | shop | decentdb | orders | shop | decentdb | NO | NO | user_id | public | decentdb | users | id

-- sequelize
SELECT conname as constraint_name, pg_catalog.pg_get_constraintdef(r.oid, true) as condef FROM pg_catalog.pg_constraint r WHERE r.conrelid = (SELECT oid FROM pg_class WHERE relname = 'orders' LIMIT 1) AND r.contype = 'f' ORDER BY 1
--> orders_product_fk | FOREIGN KEY (product_id) REFERENCES shop.products(id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
--> orders_user_fk | FOREIGN KEY (user_id) REFERENCES users(id) ON UPDATE SET NULL ON DELETE CASCADE

-- sequelize
SELECT table_name FROM information_schema.tables WHERE table_schema = 'shop' AND table_name = 'orders'
--> orders
