-- Kysely: tables and columns
select "a"."attname" as "column", "a"."attnotnull" as "not_null", "a"."atthasdef" as "has_default", "c"."relname" as "table", "c"."relkind" as "table_type", "ns"."nspname" as "schema", "typ"."typname" as "type", "dtns"."nspname" as "type_schema", col_description(a.attrelid, a.attnum) as "column_description", pg_get_serial_sequence(quote_ident(ns.nspname) || '.' || quote_ident(c.relname), a.attname) as "auto_incrementing"
from "pg_catalog"."pg_attribute" as "a" inner join "pg_catalog"."pg_class" as "c" on "a"."attrelid" = "c"."oid" inner join "pg_catalog"."pg_namespace" as "ns" on "c"."relnamespace" = "ns"."oid" inner join "pg_catalog"."pg_type" as "typ" on "a"."atttypid" = "typ"."oid" inner join "pg_catalog"."pg_namespace" as "dtns" on "typ"."typnamespace" = "dtns"."oid"
where "c"."relkind" in ('r', 'v', 'p') and "ns"."nspname" !~ '^pg_' and "ns"."nspname" != 'information_schema' and "ns"."nspname" != 'crdb_internal' and has_schema_privilege(ns.nspname, 'USAGE') and "a"."attnum" >= 0 and "a"."attisdropped" != true order by "ns"."nspname", "c"."relname", "a"."attnum";
--> id | t | f | ch | r | public | int8 | pg_catalog | NULL | public.ch_id_seq
--> p | f | f | ch | r | public | int4 | pg_catalog | NULL | NULL
--> m | f | t | ch | r | public | mood | public | NULL | NULL
--> g | f | t | ch | r | public | int4 | pg_catalog | NULL | NULL
--> v | t | f | ch | r | public | varchar | pg_catalog | a v | NULL
--> t | f | t | ch | r | public | timestamptz | pg_catalog | NULL | NULL
--> id | t | f | par | r | public | int4 | pg_catalog | NULL | NULL
--> n | f | f | par | r | public | text | pg_catalog | NULL | NULL
--> id | f | f | vw | v | public | int8 | pg_catalog | NULL | NULL
--> v | f | f | vw | v | public | varchar | pg_catalog | NULL | NULL

-- Kysely: schemas
select "nspname" from "pg_catalog"."pg_namespace" order by 1;
--> information_schema
--> pg_catalog
--> public
--> s
--> sys

-- Knex: hasTable, columnInfo
select * from information_schema.tables where table_name = 'ch' and table_schema = current_schema();
--> decentdb | public | ch | BASE TABLE | NULL | NULL | NULL | NULL | NULL | YES | NO | NULL

select * from information_schema.columns where table_name = 'ch' and table_catalog = current_database() and table_schema = current_schema() order by ordinal_position;
--> decentdb | public | ch | id | 1 | NULL | NO | bigint | NULL | NULL | 64 | 2 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | decentdb | pg_catalog | int8 | NULL | NULL | NULL | NULL | 1 | NO | YES | ALWAYS | 1 | 1 | 9223372036854775807 | 1 | NO | NEVER | NULL | YES
--> decentdb | public | ch | p | 2 | NULL | YES | integer | NULL | NULL | 32 | 2 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | decentdb | pg_catalog | int4 | NULL | NULL | NULL | NULL | 2 | NO | NO | NULL | NULL | NULL | NULL | NULL | NO | NEVER | NULL | YES
--> decentdb | public | ch | m | 3 | 'a'::mood | YES | USER-DEFINED | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | decentdb | public | mood | NULL | NULL | NULL | NULL | 3 | NO | NO | NULL | NULL | NULL | NULL | NULL | NO | NEVER | NULL | YES
--> decentdb | public | ch | g | 4 | NULL | YES | integer | NULL | NULL | 32 | 2 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | decentdb | pg_catalog | int4 | NULL | NULL | NULL | NULL | 4 | NO | NO | NULL | NULL | NULL | NULL | NULL | NO | ALWAYS | (p * 2) | YES
--> decentdb | public | ch | v | 5 | NULL | NO | character varying | 10 | 40 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | decentdb | pg_catalog | varchar | NULL | NULL | NULL | NULL | 5 | NO | NO | NULL | NULL | NULL | NULL | NULL | NO | NEVER | NULL | YES
--> decentdb | public | ch | t | 6 | now() | YES | timestamp with time zone | NULL | NULL | NULL | NULL | NULL | 6 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | decentdb | pg_catalog | timestamptz | NULL | NULL | NULL | NULL | 6 | NO | NO | NULL | NULL | NULL | NULL | NULL | NO | NEVER | NULL | YES

-- Sequelize: showAllTables, describeTable, indexes, foreign keys, constraints
SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type LIKE '%TABLE' AND table_name != 'spatial_ref_sys' order by 1;
--> ch
--> par

SELECT pk.constraint_type as "Constraint", c.column_name as "Field", c.column_default as "Default", c.is_nullable as "Null", (CASE WHEN c.udt_name = 'hstore' THEN c.udt_name ELSE c.data_type END) || (CASE WHEN c.character_maximum_length IS NOT NULL THEN '(' || c.character_maximum_length || ')' ELSE '' END) as "Type", (SELECT array_agg(e.enumlabel) FROM pg_catalog.pg_type t JOIN pg_catalog.pg_enum e ON t.oid=e.enumtypid WHERE t.typname=c.udt_name) AS "special", (SELECT pgd.description FROM pg_catalog.pg_statio_all_tables AS st INNER JOIN pg_catalog.pg_description pgd on (pgd.objoid=st.relid) WHERE c.ordinal_position=pgd.objsubid AND c.table_name=st.relname) AS "Comment" FROM information_schema.columns c LEFT JOIN (SELECT tc.table_schema, tc.table_name, cu.column_name, tc.constraint_type FROM information_schema.TABLE_CONSTRAINTS tc JOIN information_schema.KEY_COLUMN_USAGE cu ON tc.table_schema=cu.table_schema and tc.table_name=cu.table_name and tc.constraint_name=cu.constraint_name and tc.constraint_type='PRIMARY KEY') pk ON pk.table_schema=c.table_schema AND pk.table_name=c.table_name AND pk.column_name=c.column_name WHERE c.table_name = 'ch' AND c.table_schema = 'public' order by c.ordinal_position;
--> PRIMARY KEY | id | NULL | NO | bigint | NULL | NULL
--> NULL | p | NULL | YES | integer | NULL | NULL
--> NULL | m | 'a'::mood | YES | USER-DEFINED | {a,b} | NULL
--> NULL | g | NULL | YES | integer | NULL | NULL
--> NULL | v | NULL | NO | character varying(10) | NULL | a v
--> NULL | t | now() | YES | timestamp with time zone | NULL | NULL

SELECT i.relname AS name, ix.indisprimary AS primary, ix.indisunique AS unique, ix.indkey[:] AS indkey, array_agg(a.attnum) as column_indexes, array_agg(a.attname) AS column_names, pg_get_indexdef(ix.indexrelid) AS definition FROM pg_class t, pg_class i, pg_index ix, pg_attribute a WHERE t.oid = ix.indrelid AND i.oid = ix.indexrelid AND a.attrelid = t.oid AND t.relkind = 'r' and t.relname = 'ch' GROUP BY i.relname, ix.indexrelid, ix.indisprimary, ix.indisunique, ix.indkey ORDER BY i.relname;
--> ch_p | f | f | 2 | {1,2,3,4,5,6} | {id,p,m,g,v,t} | CREATE INDEX ch_p ON public.ch USING btree (p) WHERE (p > 0)
--> ch_pkey | t | t | 1 | {1,2,3,4,5,6} | {id,p,m,g,v,t} | CREATE UNIQUE INDEX ch_pkey ON public.ch USING btree (id)

SELECT DISTINCT tc.constraint_name as constraint_name, tc.constraint_schema as constraint_schema, tc.constraint_catalog as constraint_catalog, tc.table_name as table_name, tc.table_schema as table_schema, tc.table_catalog as table_catalog, tc.initially_deferred as initially_deferred, tc.is_deferrable as is_deferrable, kcu.column_name as column_name, ccu.table_schema AS referenced_table_schema, ccu.table_catalog AS referenced_table_catalog, ccu.table_name AS referenced_table_name, ccu.column_name AS referenced_column_name FROM information_schema.table_constraints AS tc JOIN information_schema.key_column_usage AS kcu ON tc.constraint_name = kcu.constraint_name JOIN information_schema.constraint_column_usage AS ccu ON ccu.constraint_name = tc.constraint_name WHERE constraint_type = 'FOREIGN KEY' AND tc.table_name = 'ch';
--> ch_p_fkey | public | decentdb | ch | public | decentdb | NO | NO | p | public | decentdb | par | id

-- TypeORM: columns, constraints, indexes, foreign keys
SELECT columns.*, pg_catalog.col_description(('"' || table_catalog || '"."' || table_schema || '"."' || table_name || '"')::regclass::oid, ordinal_position) AS description, ('"' || "udt_schema" || '"."' || "udt_name" || '"')::"regtype"::text AS "regtype", pg_catalog.format_type("col_attr"."atttypid", "col_attr"."atttypmod") AS "format_type" FROM "information_schema"."columns" LEFT JOIN "pg_catalog"."pg_attribute" AS "col_attr" ON "col_attr"."attname" = "columns"."column_name" AND "col_attr"."attrelid" = ( SELECT "cls"."oid" FROM "pg_catalog"."pg_class" AS "cls" LEFT JOIN "pg_catalog"."pg_namespace" AS "ns" ON "ns"."oid" = "cls"."relnamespace" WHERE "cls"."relname" = "columns"."table_name" AND "ns"."nspname" = "columns"."table_schema" ) WHERE "table_schema" = 'public' AND "table_name" = 'ch' order by ordinal_position;
--> decentdb | public | ch | id | 1 | NULL | NO | bigint | NULL | NULL | 64 | 2 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | decentdb | pg_catalog | int8 | NULL | NULL | NULL | NULL | 1 | NO | YES | ALWAYS | 1 | 1 | 9223372036854775807 | 1 | NO | NEVER | NULL | YES | NULL | bigint | bigint
--> decentdb | public | ch | p | 2 | NULL | YES | integer | NULL | NULL | 32 | 2 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | decentdb | pg_catalog | int4 | NULL | NULL | NULL | NULL | 2 | NO | NO | NULL | NULL | NULL | NULL | NULL | NO | NEVER | NULL | YES | NULL | integer | integer
--> decentdb | public | ch | m | 3 | 'a'::mood | YES | USER-DEFINED | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | decentdb | public | mood | NULL | NULL | NULL | NULL | 3 | NO | NO | NULL | NULL | NULL | NULL | NULL | NO | NEVER | NULL | YES | NULL | mood | mood
--> decentdb | public | ch | g | 4 | NULL | YES | integer | NULL | NULL | 32 | 2 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | decentdb | pg_catalog | int4 | NULL | NULL | NULL | NULL | 4 | NO | NO | NULL | NULL | NULL | NULL | NULL | NO | ALWAYS | (p * 2) | YES | NULL | integer | integer
--> decentdb | public | ch | v | 5 | NULL | NO | character varying | 10 | 40 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | decentdb | pg_catalog | varchar | NULL | NULL | NULL | NULL | 5 | NO | NO | NULL | NULL | NULL | NULL | NULL | NO | NEVER | NULL | YES | a v | character varying | character varying(10)
--> decentdb | public | ch | t | 6 | now() | YES | timestamp with time zone | NULL | NULL | NULL | NULL | NULL | 6 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | decentdb | pg_catalog | timestamptz | NULL | NULL | NULL | NULL | 6 | NO | NO | NULL | NULL | NULL | NULL | NULL | NO | NEVER | NULL | YES | NULL | timestamp with time zone | timestamp with time zone

SELECT "ns"."nspname" AS "table_schema", "t"."relname" AS "table_name", "cnst"."conname" AS "constraint_name", pg_get_constraintdef("cnst"."oid") AS "expression", CASE "cnst"."contype" WHEN 'p' THEN 'PRIMARY' WHEN 'u' THEN 'UNIQUE' WHEN 'c' THEN 'CHECK' WHEN 'x' THEN 'EXCLUDE' END AS "constraint_type", "a"."attname" AS "column_name" FROM "pg_constraint" "cnst" INNER JOIN "pg_class" "t" ON "t"."oid" = "cnst"."conrelid" INNER JOIN "pg_namespace" "ns" ON "ns"."oid" = "cnst"."connamespace" LEFT JOIN "pg_attribute" "a" ON "a"."attrelid" = "cnst"."conrelid" AND "a"."attnum" = ANY ("cnst"."conkey") WHERE "t"."relkind" IN ('r', 'p') AND (("ns"."nspname" = 'public' AND "t"."relname" = 'ch')) order by 3, 6;
--> public | ch | ch_p_fkey | FOREIGN KEY (p) REFERENCES par(id) ON DELETE CASCADE | NULL | p
--> public | ch | ch_pkey | PRIMARY KEY (id) | PRIMARY | id
--> public | ch | ch_v_check | CHECK (((v)::text <> ''::text)) | CHECK | v

SELECT "ns"."nspname" AS "table_schema", "t"."relname" AS "table_name", "i"."relname" AS "constraint_name", "a"."attname" AS "column_name", CASE "ix"."indisunique" WHEN 't' THEN 'TRUE' ELSE'FALSE' END AS "is_unique", pg_get_expr("ix"."indpred", "ix"."indrelid") AS "condition", "types"."typname" AS "type_name", "am"."amname" AS "index_type" FROM "pg_class" "t" INNER JOIN "pg_index" "ix" ON "ix"."indrelid" = "t"."oid" INNER JOIN "pg_attribute" "a" ON "a"."attrelid" = "t"."oid" AND "a"."attnum" = ANY ("ix"."indkey") INNER JOIN "pg_namespace" "ns" ON "ns"."oid" = "t"."relnamespace" INNER JOIN "pg_class" "i" ON "i"."oid" = "ix"."indexrelid" INNER JOIN "pg_type" "types" ON "types"."oid" = "a"."atttypid" INNER JOIN "pg_am" "am" ON "i"."relam" = "am"."oid" LEFT JOIN "pg_constraint" "cnst" ON "cnst"."conname" = "i"."relname" WHERE "t"."relkind" IN ('r', 'p') AND "cnst"."contype" IS NULL AND (("ns"."nspname" = 'public' AND "t"."relname" = 'ch'));
--> public | ch | ch_p | p | FALSE | (p > 0) | int4 | btree

-- Prisma: namespaces, tables, columns, keys
SELECT namespace.nspname as namespace_name FROM pg_namespace as namespace WHERE namespace.nspname = ANY ( array['public'] ) ORDER BY namespace_name;
--> public

SELECT tbl.relname AS table_name, namespace.nspname as namespace, (tbl.relhassubclass and tbl.relkind = 'p') as is_partition, tbl.relrowsecurity as has_row_level_security, reloptions, obj_description(tbl.oid, 'pg_class') as description FROM pg_class AS tbl INNER JOIN pg_namespace AS namespace ON namespace.oid = tbl.relnamespace WHERE tbl.relkind IN ('r', 'p') AND namespace.nspname = ANY ( array['public'] ) ORDER BY namespace, table_name;
--> ch | public | f | f | NULL | the child
--> par | public | f | f | NULL | NULL

SELECT oid.namespace, info.table_name, info.column_name, format_type(att.atttypid, att.atttypmod) as formatted_type, info.numeric_precision, info.numeric_scale, info.numeric_precision_radix, info.datetime_precision, info.data_type, info.udt_schema as type_schema_name, info.udt_name as full_data_type, pg_get_expr(attdef.adbin, attdef.adrelid) AS column_default, info.is_nullable, info.is_identity, info.character_maximum_length, col_description(att.attrelid, ordinal_position) AS description FROM information_schema.columns info JOIN pg_attribute att ON att.attname = info.column_name JOIN ( SELECT pg_class.oid, relname, pg_namespace.nspname as namespace FROM pg_class JOIN pg_namespace on pg_namespace.oid = pg_class.relnamespace AND pg_namespace.nspname = ANY ( array['public'] ) WHERE reltype > 0 ) as oid on oid.oid = att.attrelid AND relname = info.table_name AND namespace = info.table_schema LEFT JOIN pg_attrdef attdef ON attdef.adrelid = att.attrelid AND attdef.adnum = att.attnum AND table_schema = namespace WHERE table_schema = ANY ( array['public'] ) ORDER BY namespace, table_name, ordinal_position;
--> public | ch | id | bigint | 64 | 0 | 2 | NULL | bigint | pg_catalog | int8 | NULL | NO | YES | NULL | NULL
--> public | ch | p | integer | 32 | 0 | 2 | NULL | integer | pg_catalog | int4 | NULL | YES | NO | NULL | NULL
--> public | ch | m | mood | NULL | NULL | NULL | NULL | USER-DEFINED | public | mood | 'a'::mood | YES | NO | NULL | NULL
--> public | ch | g | integer | 32 | 0 | 2 | NULL | integer | pg_catalog | int4 | (p * 2) | YES | NO | NULL | NULL
--> public | ch | v | character varying(10) | NULL | NULL | NULL | NULL | character varying | pg_catalog | varchar | NULL | NO | NO | 10 | a v
--> public | ch | t | timestamp with time zone | NULL | NULL | NULL | 6 | timestamp with time zone | pg_catalog | timestamptz | now() | YES | NO | NULL | NULL
--> public | par | id | integer | 32 | 0 | 2 | NULL | integer | pg_catalog | int4 | NULL | NO | NO | NULL | NULL
--> public | par | n | text | NULL | NULL | NULL | NULL | text | pg_catalog | text | NULL | YES | NO | NULL | NULL
--> public | vw | id | bigint | 64 | 0 | 2 | NULL | bigint | pg_catalog | int8 | NULL | YES | NO | NULL | NULL
--> public | vw | v | character varying(10) | NULL | NULL | NULL | NULL | character varying | pg_catalog | varchar | NULL | YES | NO | 10 | NULL

SELECT con.oid as "con_id", att2.attname as "child_column", cl.relname as "parent_table", att.attname as "parent_column", con.confdeltype, con.confupdtype, rel_ns.nspname as "referenced_schema_name", conname as constraint_name, child, parent, table_name, namespace, condeferrable, condeferred FROM (SELECT ns.nspname as "namespace", unnest(con1.conkey) AS "parent", unnest(con1.confkey) AS "child", cl.relname AS table_name, ns.nspname AS schema_name, generate_subscripts(con1.conkey, 1) AS colidx, con1.oid, con1.confrelid, con1.conrelid, con1.conname, con1.confdeltype, con1.confupdtype, con1.condeferrable, con1.condeferred FROM pg_class cl join pg_constraint con1 on con1.conrelid = cl.oid join pg_namespace ns on cl.relnamespace = ns.oid WHERE ns.nspname = ANY ( array['public'] ) and con1.contype = 'f' ORDER BY colidx) con JOIN pg_attribute att on att.attrelid = con.confrelid and att.attnum = con.child JOIN pg_class cl on cl.oid = con.confrelid JOIN pg_attribute att2 on att2.attrelid = con.conrelid and att2.attnum = con.parent JOIN pg_class rel_cl on con.confrelid = rel_cl.oid JOIN pg_namespace rel_ns on rel_cl.relnamespace = rel_ns.oid ORDER BY namespace, table_name, constraint_name, con_id, con.colidx;
--> 16397 | p | par | id | c | a | public | ch_p_fkey | 1 | 2 | ch | public | f | f

-- Drizzle Kit: tables, columns, enums, foreign keys
SELECT n.nspname AS table_schema, c.relname AS table_name, CASE WHEN c.relkind = 'r' THEN 'table' WHEN c.relkind = 'v' THEN 'view' WHEN c.relkind = 'm' THEN 'materialized_view' END AS type, c.relrowsecurity AS rls_enabled FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid::regnamespace = c.relnamespace::regnamespace WHERE c.relkind IN ('r', 'v', 'm') and n.nspname in ('public') order by 2;
--> public | ch | table | f
--> public | mv | materialized_view | f
--> public | par | table | f
--> public | vw | view | f

select n.nspname as enum_schema, t.typname as enum_name, e.enumlabel as enum_value, e.enumsortorder as sort_order from pg_type t join pg_enum e on t.oid = e.enumtypid join pg_catalog.pg_namespace n ON n.oid = t.typnamespace where n.nspname = 'public' order by enum_schema, enum_name, sort_order;
--> public | mood | a | 1
--> public | mood | b | 2

SELECT con.contype AS constraint_type, nsp.nspname AS constraint_schema, con.conname AS constraint_name, rel.relname AS table_name, att.attname AS column_name, fnsp.nspname AS foreign_table_schema, frel.relname AS foreign_table_name, fatt.attname AS foreign_column_name, CASE con.confupdtype WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT' WHEN 'n' THEN 'SET NULL' WHEN 'c' THEN 'CASCADE' WHEN 'd' THEN 'SET DEFAULT' END AS update_rule, CASE con.confdeltype WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT' WHEN 'n' THEN 'SET NULL' WHEN 'c' THEN 'CASCADE' WHEN 'd' THEN 'SET DEFAULT' END AS delete_rule FROM pg_catalog.pg_constraint con JOIN pg_catalog.pg_class rel ON rel.oid = con.conrelid JOIN pg_catalog.pg_namespace nsp ON nsp.oid = con.connamespace LEFT JOIN pg_catalog.pg_attribute att ON att.attnum = ANY (con.conkey) AND att.attrelid = con.conrelid LEFT JOIN pg_catalog.pg_class frel ON frel.oid = con.confrelid LEFT JOIN pg_catalog.pg_namespace fnsp ON fnsp.oid = frel.relnamespace LEFT JOIN pg_catalog.pg_attribute fatt ON fatt.attnum = ANY (con.confkey) AND fatt.attrelid = con.confrelid WHERE nsp.nspname = 'public' AND rel.relname = 'ch' AND con.contype IN ('f') order by 3;
--> f | public | ch_p_fkey | ch | p | public | par | id | NO ACTION | CASCADE
