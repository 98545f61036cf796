-- kysely
select "nspname" from "pg_catalog"."pg_namespace";
--> pg_catalog
--> information_schema
--> sys
--> public
--> s

-- kysely
select "a"."attname" as "column", "a"."attnotnull" as "not_null", "a"."atthasdef" as "has_default", "c"."relname" as "table", "c"."relkind" as "table_type", "ns"."nspname" as "schema", "typ"."typname" as "type", "dtns"."nspname" as "type_schema", col_description(a.attrelid, a.attnum) as "column_description", (select true as "auto_incrementing" from "pg_class" where "relnamespace" = "c"."relnamespace" and "relkind" = 'S' and "relname" = c.relname || '_' || a.attname || '_seq') as "auto_incrementing" from "pg_catalog"."pg_attribute" as "a" inner join "pg_catalog"."pg_class" as "c" on "a"."attrelid" = "c"."oid" inner join "pg_catalog"."pg_namespace" as "ns" on "c"."relnamespace" = "ns"."oid" inner join "pg_catalog"."pg_type" as "typ" on "a"."atttypid" = "typ"."oid" inner join "pg_catalog"."pg_namespace" as "dtns" on "typ"."typnamespace" = "dtns"."oid" where ("c"."relkind" = 'r' or "c"."relkind" = 'v' or "c"."relkind" = 'p') and "ns"."nspname" !~ '^pg_' and "ns"."nspname" != 'information_schema' and "a"."attnum" >= 0 and "a"."attisdropped" != 'true' and "c"."relname" != 'kysely_migration' and "c"."relname" != 'kysely_migration_lock' order by "ns"."nspname", "c"."relname", "a"."attnum";
--> id | t | f | ch | r | public | int8 | pg_catalog | NULL | t
--> p | f | f | ch | r | public | int4 | pg_catalog | NULL | NULL
--> m | f | t | ch | r | public | mood | public | NULL | NULL
--> g | f | t | ch | r | public | int4 | pg_catalog | NULL | NULL
--> v | t | f | ch | r | public | varchar | pg_catalog | a v | NULL
--> t | f | t | ch | r | public | timestamptz | pg_catalog | NULL | NULL
--> id | t | f | par | r | public | int4 | pg_catalog | NULL | NULL
--> n | f | f | par | r | public | text | pg_catalog | NULL | NULL
--> id | f | f | vw | v | public | int8 | pg_catalog | NULL | NULL
--> v | f | f | vw | v | public | varchar | pg_catalog | NULL | NULL

-- typeorm
SELECT version();
--> PostgreSQL 15.0 (DecentDB) in JavaScript

-- typeorm
SELECT * FROM current_schema();
--> public

-- typeorm
SELECT * FROM current_database();
--> decentdb

-- typeorm
SELECT "table_schema", "table_name", obj_description((quote_ident("table_schema") || '.' || quote_ident("table_name"))::regclass, 'pg_class') AS table_comment FROM "information_schema"."tables" WHERE ("table_schema" = 'public' AND "table_name" = 'ch') OR ("table_schema" = 'public' AND "table_name" = 'par');
--> public | ch | the child
--> public | par | NULL

-- typeorm
SELECT TRUE FROM information_schema.columns WHERE table_name = 'pg_class' and column_name = 'relispartition';

-- typeorm
SELECT columns.*, pg_catalog.col_description((quote_ident(table_catalog) || '.' || quote_ident(table_schema) || '.' || quote_ident(table_name))::regclass::oid, ordinal_position) AS description, ('"' || "udt_schema" || '"."' || "udt_name" || '"')::"regtype"::text AS "regtype", pg_catalog.format_type("col_attr"."atttypid", "col_attr"."atttypmod") AS "format_type" FROM "information_schema"."columns" LEFT JOIN "pg_catalog"."pg_attribute" AS "col_attr" ON "col_attr"."attname" = "columns"."column_name" AND "col_attr"."attrelid" = ( SELECT "cls"."oid" FROM "pg_catalog"."pg_class" AS "cls" LEFT JOIN "pg_catalog"."pg_namespace" AS "ns" ON "ns"."oid" = "cls"."relnamespace" WHERE "cls"."relname" = "columns"."table_name" AND "ns"."nspname" = "columns"."table_schema" ) WHERE ("table_schema" = 'public' AND "table_name" = 'ch') OR ("table_schema" = 'public' AND "table_name" = 'par');
--> decentdb | public | par | id | 1 | NULL | NO | integer | NULL | NULL | 32 | 2 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | decentdb | pg_catalog | int4 | NULL | NULL | NULL | NULL | 1 | NO | NO | NULL | NULL | NULL | NULL | NULL | NO | NEVER | NULL | YES | NULL | integer | integer
--> decentdb | public | par | n | 2 | NULL | YES | text | NULL | 1073741824 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | decentdb | pg_catalog | text | NULL | NULL | NULL | NULL | 2 | NO | NO | NULL | NULL | NULL | NULL | NULL | NO | NEVER | NULL | YES | NULL | text | text
--> decentdb | public | ch | id | 1 | NULL | NO | bigint | NULL | NULL | 64 | 2 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | decentdb | pg_catalog | int8 | NULL | NULL | NULL | NULL | 1 | NO | YES | ALWAYS | 1 | 1 | 9223372036854775807 | 1 | NO | NEVER | NULL | YES | NULL | bigint | bigint
--> decentdb | public | ch | p | 2 | NULL | YES | integer | NULL | NULL | 32 | 2 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | decentdb | pg_catalog | int4 | NULL | NULL | NULL | NULL | 2 | NO | NO | NULL | NULL | NULL | NULL | NULL | NO | NEVER | NULL | YES | NULL | integer | integer
--> decentdb | public | ch | m | 3 | 'a'::mood | YES | USER-DEFINED | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | decentdb | public | mood | NULL | NULL | NULL | NULL | 3 | NO | NO | NULL | NULL | NULL | NULL | NULL | NO | NEVER | NULL | YES | NULL | mood | mood
--> decentdb | public | ch | g | 4 | NULL | YES | integer | NULL | NULL | 32 | 2 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | decentdb | pg_catalog | int4 | NULL | NULL | NULL | NULL | 4 | NO | NO | NULL | NULL | NULL | NULL | NULL | NO | ALWAYS | (p * 2) | YES | NULL | integer | integer
--> decentdb | public | ch | v | 5 | NULL | NO | character varying | 10 | 40 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | decentdb | pg_catalog | varchar | NULL | NULL | NULL | NULL | 5 | NO | NO | NULL | NULL | NULL | NULL | NULL | NO | NEVER | NULL | YES | a v | character varying | character varying(10)
--> decentdb | public | ch | t | 6 | now() | YES | timestamp with time zone | NULL | NULL | NULL | NULL | NULL | 6 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | decentdb | pg_catalog | timestamptz | NULL | NULL | NULL | NULL | 6 | NO | NO | NULL | NULL | NULL | NULL | NULL | NO | NEVER | NULL | YES | NULL | timestamp with time zone | timestamp with time zone

-- typeorm
SELECT "ns"."nspname" AS "table_schema", "t"."relname" AS "table_name", "cnst"."conname" AS "constraint_name", pg_get_constraintdef("cnst"."oid") AS "expression", CASE "cnst"."contype" WHEN 'p' THEN 'PRIMARY' WHEN 'u' THEN 'UNIQUE' WHEN 'c' THEN 'CHECK' WHEN 'x' THEN 'EXCLUDE' END AS "constraint_type", "a"."attname" AS "column_name" FROM "pg_constraint" "cnst" INNER JOIN "pg_class" "t" ON "t"."oid" = "cnst"."conrelid" INNER JOIN "pg_namespace" "ns" ON "ns"."oid" = "cnst"."connamespace" LEFT JOIN "pg_attribute" "a" ON "a"."attrelid" = "cnst"."conrelid" AND "a"."attnum" = ANY ("cnst"."conkey") WHERE "t"."relkind" IN ('r', 'p') AND (("ns"."nspname" = 'public' AND "t"."relname" = 'ch') OR ("ns"."nspname" = 'public' AND "t"."relname" = 'par'));
--> public | par | par_pkey | PRIMARY KEY (id) | PRIMARY | id
--> public | par | par_n_key | UNIQUE (n) | UNIQUE | n
--> public | ch | ch_pkey | PRIMARY KEY (id) | PRIMARY | id
--> public | ch | ch_p_fkey | FOREIGN KEY (p) REFERENCES par(id) ON DELETE CASCADE | NULL | p
--> public | ch | ch_v_check | CHECK (((v)::text <> ''::text)) | CHECK | v

-- typeorm
SELECT "ns"."nspname" AS "table_schema", "t"."relname" AS "table_name", "i"."relname" AS "constraint_name", "a"."attname" AS "column_name", CASE "ix"."indisunique" WHEN 't' THEN 'TRUE' ELSE'FALSE' END AS "is_unique", pg_get_expr("ix"."indpred", "ix"."indrelid") AS "condition", "types"."typname" AS "type_name", "am"."amname" AS "index_type" FROM "pg_class" "t" INNER JOIN "pg_index" "ix" ON "ix"."indrelid" = "t"."oid" INNER JOIN "pg_attribute" "a" ON "a"."attrelid" = "t"."oid"  AND "a"."attnum" = ANY ("ix"."indkey") INNER JOIN "pg_namespace" "ns" ON "ns"."oid" = "t"."relnamespace" INNER JOIN "pg_class" "i" ON "i"."oid" = "ix"."indexrelid" INNER JOIN "pg_type" "types" ON "types"."oid" = "a"."atttypid" INNER JOIN "pg_am" "am" ON "i"."relam" = "am"."oid" LEFT JOIN "pg_constraint" "cnst" ON "cnst"."conname" = "i"."relname" WHERE "t"."relkind" IN ('r', 'p') AND "cnst"."contype" IS NULL AND (("ns"."nspname" = 'public' AND "t"."relname" = 'ch') OR ("ns"."nspname" = 'public' AND "t"."relname" = 'par'));
--> public | ch | ch_p | p | FALSE | (p > 0) | int4 | btree

-- typeorm
SELECT "con"."conname" AS "constraint_name", "con"."nspname" AS "table_schema", "con"."relname" AS "table_name", "att2"."attname" AS "column_name", "ns"."nspname" AS "referenced_table_schema", "cl"."relname" AS "referenced_table_name", "att"."attname" AS "referenced_column_name", "con"."confdeltype" AS "on_delete", "con"."confupdtype" AS "on_update", "con"."condeferrable" AS "deferrable", "con"."condeferred" AS "deferred" FROM ( SELECT UNNEST ("con1"."conkey") AS "parent", UNNEST ("con1"."confkey") AS "child", "con1"."confrelid", "con1"."conrelid", "con1"."conname", "con1"."contype", "ns"."nspname", "cl"."relname", "con1"."condeferrable", CASE WHEN "con1"."condeferred" THEN 'INITIALLY DEFERRED' ELSE 'INITIALLY IMMEDIATE' END as condeferred, CASE "con1"."confdeltype" WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' END as "confdeltype", CASE "con1"."confupdtype" WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' END as "confupdtype" FROM "pg_class" "cl" INNER JOIN "pg_namespace" "ns" ON "cl"."relnamespace" = "ns"."oid" INNER JOIN "pg_constraint" "con1" ON "con1"."conrelid" = "cl"."oid" WHERE "con1"."contype" = 'f' AND (("ns"."nspname" = 'public' AND "cl"."relname" = 'ch') OR ("ns"."nspname" = 'public' AND "cl"."relname" = 'par')) ) "con" INNER JOIN "pg_attribute" "att" ON "att"."attrelid" = "con"."confrelid" AND "att"."attnum" = "con"."child" INNER JOIN "pg_class" "cl" ON "cl"."oid" = "con"."confrelid" INNER JOIN "pg_namespace" "ns" ON "cl"."relnamespace" = "ns"."oid" INNER JOIN "pg_attribute" "att2" ON "att2"."attrelid" = "con"."conrelid" AND "att2"."attnum" = "con"."parent";
--> ch_p_fkey | public | ch | p | public | par | id | CASCADE | NO ACTION | f | INITIALLY IMMEDIATE

-- typeorm
SELECT "udt_schema", "udt_name" FROM "information_schema"."columns" WHERE "table_schema" = 'public' AND "table_name" = 'ch' AND "column_name"='m';
--> public | mood

-- typeorm
SELECT "e"."enumlabel" AS "value" FROM "pg_enum" "e" INNER JOIN "pg_type" "t" ON "t"."oid" = "e"."enumtypid" INNER JOIN "pg_namespace" "n" ON "n"."oid" = "t"."typnamespace" WHERE "n"."nspname" = 'public' AND "t"."typname" = 'mood' ORDER BY "e"."enumsortorder";
--> a
--> b

-- typeorm
SELECT "table_schema", "table_name", obj_description((quote_ident("table_schema") || '.' || quote_ident("table_name"))::regclass, 'pg_class') AS table_comment FROM "information_schema"."tables" WHERE ("table_schema" = 'public' AND "table_name" = 'par');
--> public | par | NULL

-- typeorm
SELECT columns.*, pg_catalog.col_description((quote_ident(table_catalog) || '.' || quote_ident(table_schema) || '.' || quote_ident(table_name))::regclass::oid, ordinal_position) AS description, ('"' || "udt_schema" || '"."' || "udt_name" || '"')::"regtype"::text AS "regtype", pg_catalog.format_type("col_attr"."atttypid", "col_attr"."atttypmod") AS "format_type" FROM "information_schema"."columns" LEFT JOIN "pg_catalog"."pg_attribute" AS "col_attr" ON "col_attr"."attname" = "columns"."column_name" AND "col_attr"."attrelid" = ( SELECT "cls"."oid" FROM "pg_catalog"."pg_class" AS "cls" LEFT JOIN "pg_catalog"."pg_namespace" AS "ns" ON "ns"."oid" = "cls"."relnamespace" WHERE "cls"."relname" = "columns"."table_name" AND "ns"."nspname" = "columns"."table_schema" ) WHERE ("table_schema" = 'public' AND "table_name" = 'par');
--> decentdb | public | par | id | 1 | NULL | NO | integer | NULL | NULL | 32 | 2 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | decentdb | pg_catalog | int4 | NULL | NULL | NULL | NULL | 1 | NO | NO | NULL | NULL | NULL | NULL | NULL | NO | NEVER | NULL | YES | NULL | integer | integer
--> decentdb | public | par | n | 2 | NULL | YES | text | NULL | 1073741824 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | decentdb | pg_catalog | text | NULL | NULL | NULL | NULL | 2 | NO | NO | NULL | NULL | NULL | NULL | NULL | NO | NEVER | NULL | YES | NULL | text | text

-- typeorm
SELECT "ns"."nspname" AS "table_schema", "t"."relname" AS "table_name", "cnst"."conname" AS "constraint_name", pg_get_constraintdef("cnst"."oid") AS "expression", CASE "cnst"."contype" WHEN 'p' THEN 'PRIMARY' WHEN 'u' THEN 'UNIQUE' WHEN 'c' THEN 'CHECK' WHEN 'x' THEN 'EXCLUDE' END AS "constraint_type", "a"."attname" AS "column_name" FROM "pg_constraint" "cnst" INNER JOIN "pg_class" "t" ON "t"."oid" = "cnst"."conrelid" INNER JOIN "pg_namespace" "ns" ON "ns"."oid" = "cnst"."connamespace" LEFT JOIN "pg_attribute" "a" ON "a"."attrelid" = "cnst"."conrelid" AND "a"."attnum" = ANY ("cnst"."conkey") WHERE "t"."relkind" IN ('r', 'p') AND (("ns"."nspname" = 'public' AND "t"."relname" = 'par'));
--> public | par | par_pkey | PRIMARY KEY (id) | PRIMARY | id
--> public | par | par_n_key | UNIQUE (n) | UNIQUE | n

-- typeorm
SELECT "ns"."nspname" AS "table_schema", "t"."relname" AS "table_name", "i"."relname" AS "constraint_name", "a"."attname" AS "column_name", CASE "ix"."indisunique" WHEN 't' THEN 'TRUE' ELSE'FALSE' END AS "is_unique", pg_get_expr("ix"."indpred", "ix"."indrelid") AS "condition", "types"."typname" AS "type_name", "am"."amname" AS "index_type" FROM "pg_class" "t" INNER JOIN "pg_index" "ix" ON "ix"."indrelid" = "t"."oid" INNER JOIN "pg_attribute" "a" ON "a"."attrelid" = "t"."oid"  AND "a"."attnum" = ANY ("ix"."indkey") INNER JOIN "pg_namespace" "ns" ON "ns"."oid" = "t"."relnamespace" INNER JOIN "pg_class" "i" ON "i"."oid" = "ix"."indexrelid" INNER JOIN "pg_type" "types" ON "types"."oid" = "a"."atttypid" INNER JOIN "pg_am" "am" ON "i"."relam" = "am"."oid" LEFT JOIN "pg_constraint" "cnst" ON "cnst"."conname" = "i"."relname" WHERE "t"."relkind" IN ('r', 'p') AND "cnst"."contype" IS NULL AND (("ns"."nspname" = 'public' AND "t"."relname" = 'par'));

-- typeorm
SELECT "con"."conname" AS "constraint_name", "con"."nspname" AS "table_schema", "con"."relname" AS "table_name", "att2"."attname" AS "column_name", "ns"."nspname" AS "referenced_table_schema", "cl"."relname" AS "referenced_table_name", "att"."attname" AS "referenced_column_name", "con"."confdeltype" AS "on_delete", "con"."confupdtype" AS "on_update", "con"."condeferrable" AS "deferrable", "con"."condeferred" AS "deferred" FROM ( SELECT UNNEST ("con1"."conkey") AS "parent", UNNEST ("con1"."confkey") AS "child", "con1"."confrelid", "con1"."conrelid", "con1"."conname", "con1"."contype", "ns"."nspname", "cl"."relname", "con1"."condeferrable", CASE WHEN "con1"."condeferred" THEN 'INITIALLY DEFERRED' ELSE 'INITIALLY IMMEDIATE' END as condeferred, CASE "con1"."confdeltype" WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' END as "confdeltype", CASE "con1"."confupdtype" WHEN 'a' THEN 'NO ACTION' WHEN 'r' THEN 'RESTRICT' WHEN 'c' THEN 'CASCADE' WHEN 'n' THEN 'SET NULL' WHEN 'd' THEN 'SET DEFAULT' END as "confupdtype" FROM "pg_class" "cl" INNER JOIN "pg_namespace" "ns" ON "cl"."relnamespace" = "ns"."oid" INNER JOIN "pg_constraint" "con1" ON "con1"."conrelid" = "cl"."oid" WHERE "con1"."contype" = 'f' AND (("ns"."nspname" = 'public' AND "cl"."relname" = 'par')) ) "con" INNER JOIN "pg_attribute" "att" ON "att"."attrelid" = "con"."confrelid" AND "att"."attnum" = "con"."child" INNER JOIN "pg_class" "cl" ON "cl"."oid" = "con"."confrelid" INNER JOIN "pg_namespace" "ns" ON "cl"."relnamespace" = "ns"."oid" INNER JOIN "pg_attribute" "att2" ON "att2"."attrelid" = "con"."conrelid" AND "att2"."attnum" = "con"."parent";

-- typeorm
SELECT * FROM "information_schema"."tables" WHERE "table_schema" = 'public' AND "table_name" = 'ch';
--> decentdb | public | ch | BASE TABLE | NULL | NULL | NULL | NULL | NULL | YES | NO | NULL

-- typeorm
SELECT * FROM "information_schema"."columns" WHERE "table_schema" = 'public' AND "table_name" = 'ch' AND "column_name" = 'v';
--> decentdb | public | ch | v | 5 | NULL | NO | character varying | 10 | 40 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | decentdb | pg_catalog | varchar | NULL | NULL | NULL | NULL | 5 | NO | NO | NULL | NULL | NULL | NULL | NULL | NO | NEVER | NULL | YES

-- sequelize
WITH ranges AS (  SELECT pg_range.rngtypid, pg_type.typname AS rngtypname,         pg_type.typarray AS rngtyparray, pg_range.rngsubtype    FROM pg_range LEFT OUTER JOIN pg_type ON pg_type.oid = pg_range.rngtypid)SELECT pg_type.typname, pg_type.typtype, pg_type.oid, pg_type.typarray,       ranges.rngtypname, ranges.rngtypid, ranges.rngtyparray  FROM pg_type LEFT OUTER JOIN ranges ON pg_type.oid = ranges.rngsubtype WHERE (pg_type.typtype IN('b', 'e'));
--> more than 40 rows

-- sequelize
SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_type LIKE '%TABLE' AND table_name != 'spatial_ref_sys';
--> ch
--> par

-- sequelize
SELECT schema_name FROM information_schema.schemata WHERE schema_name <> 'information_schema' AND schema_name != 'public' AND schema_name !~ E'^pg_';
--> sys
--> s

-- sequelize
SELECT pk.constraint_type as "Constraint",c.column_name as "Field", c.column_default as "Default",c.is_nullable as "Null", (CASE WHEN c.udt_name = 'hstore' THEN c.udt_name ELSE c.data_type END) || (CASE WHEN c.character_maximum_length IS NOT NULL THEN '(' || c.character_maximum_length || ')' ELSE '' END) as "Type", (SELECT array_agg(e.enumlabel) FROM pg_catalog.pg_type t JOIN pg_catalog.pg_enum e ON t.oid=e.enumtypid WHERE t.typname=c.udt_name) AS "special", (SELECT pgd.description FROM pg_catalog.pg_statio_all_tables AS st INNER JOIN pg_catalog.pg_description pgd on (pgd.objoid=st.relid) WHERE c.ordinal_position=pgd.objsubid AND c.table_name=st.relname) AS "Comment" FROM information_schema.columns c LEFT JOIN (SELECT tc.table_schema, tc.table_name, cu.column_name, tc.constraint_type FROM information_schema.TABLE_CONSTRAINTS tc JOIN information_schema.KEY_COLUMN_USAGE  cu ON tc.table_schema=cu.table_schema and tc.table_name=cu.table_name and tc.constraint_name=cu.constraint_name and tc.constraint_type='PRIMARY KEY') pk ON pk.table_schema=c.table_schema AND pk.table_name=c.table_name AND pk.column_name=c.column_name WHERE c.table_name = 'ch' AND c.table_schema = 'public';
--> NULL | m | 'a'::mood | YES | USER-DEFINED | {a,b} | NULL
--> PRIMARY KEY | id | NULL | NO | bigint | NULL | NULL
--> NULL | p | NULL | YES | integer | NULL | NULL
--> NULL | g | NULL | YES | integer | NULL | NULL
--> NULL | v | NULL | NO | character varying(10) | NULL | a v
--> NULL | t | now() | YES | timestamp with time zone | NULL | NULL

-- sequelize
SELECT i.relname AS name, ix.indisprimary AS primary, ix.indisunique AS unique, ix.indkey AS indkey, array_agg(a.attnum) as column_indexes, array_agg(a.attname) AS column_names, pg_get_indexdef(ix.indexrelid) AS definition FROM pg_class t, pg_class i, pg_index ix, pg_attribute a WHERE t.oid = ix.indrelid AND i.oid = ix.indexrelid AND a.attrelid = t.oid AND t.relkind = 'r' and t.relname = 'ch' GROUP BY i.relname, ix.indexrelid, ix.indisprimary, ix.indisunique, ix.indkey ORDER BY i.relname;
--> ch_p | f | f | 2 | {1,2,3,4,5,6} | {id,p,m,g,v,t} | CREATE INDEX ch_p ON public.ch USING btree (p) WHERE (p > 0)
--> ch_pkey | t | t | 1 | {1,2,3,4,5,6} | {id,p,m,g,v,t} | CREATE UNIQUE INDEX ch_pkey ON public.ch USING btree (id)

-- sequelize
SELECT DISTINCT tc.constraint_name as constraint_name, tc.constraint_schema as constraint_schema, tc.constraint_catalog as constraint_catalog, tc.table_name as table_name,tc.table_schema as table_schema,tc.table_catalog as table_catalog,tc.initially_deferred as initially_deferred,tc.is_deferrable as is_deferrable,kcu.column_name as column_name,ccu.table_schema  AS referenced_table_schema,ccu.table_catalog  AS referenced_table_catalog,ccu.table_name  AS referenced_table_name,ccu.column_name AS referenced_column_name FROM information_schema.table_constraints AS tc JOIN information_schema.key_column_usage AS kcu ON tc.constraint_name = kcu.constraint_name JOIN information_schema.constraint_column_usage AS ccu ON ccu.constraint_name = tc.constraint_name WHERE constraint_type = 'FOREIGN KEY' AND tc.table_name = 'ch' AND tc.table_catalog = 'decentdb';
--> ch_p_fkey | public | decentdb | ch | public | decentdb | NO | NO | p | public | decentdb | par | id

-- sequelize
SELECT constraint_catalog AS "constraintCatalog", constraint_schema AS "constraintSchema", constraint_name AS "constraintName", table_catalog AS "tableCatalog", table_schema AS "tableSchema", table_name AS "tableName", constraint_type AS "constraintType", is_deferrable AS "isDeferrable", initially_deferred AS "initiallyDeferred" from INFORMATION_SCHEMA.table_constraints WHERE table_name='ch';
--> decentdb | public | ch_pkey | decentdb | public | ch | PRIMARY KEY | NO | NO
--> decentdb | public | ch_v_check | decentdb | public | ch | CHECK | NO | NO
--> decentdb | public | ch_p_fkey | decentdb | public | ch | FOREIGN KEY | NO | NO
--> decentdb | public | ch_id_not_null | decentdb | public | ch | CHECK | NO | NO
--> decentdb | public | ch_v_not_null | decentdb | public | ch | CHECK | NO | NO

-- sequelize
SELECT t.typname enum_name, array_agg(e.enumlabel ORDER BY enumsortorder) enum_value FROM pg_type t JOIN pg_enum e ON t.oid = e.enumtypid JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace WHERE n.nspname = 'public' GROUP BY 1;
--> mood | {a,b}

-- sequelize
SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND table_name = 'ch';
--> ch

-- knex
select version();
--> PostgreSQL 15.0 (DecentDB) in JavaScript

-- knex
select * from information_schema.columns where table_name = 'ch' and table_catalog = current_database() and table_schema = current_schema();
--> decentdb | public | ch | id | 1 | NULL | NO | bigint | NULL | NULL | 64 | 2 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | decentdb | pg_catalog | int8 | NULL | NULL | NULL | NULL | 1 | NO | YES | ALWAYS | 1 | 1 | 9223372036854775807 | 1 | NO | NEVER | NULL | YES
--> decentdb | public | ch | p | 2 | NULL | YES | integer | NULL | NULL | 32 | 2 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | decentdb | pg_catalog | int4 | NULL | NULL | NULL | NULL | 2 | NO | NO | NULL | NULL | NULL | NULL | NULL | NO | NEVER | NULL | YES
--> decentdb | public | ch | m | 3 | 'a'::mood | YES | USER-DEFINED | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | decentdb | public | mood | NULL | NULL | NULL | NULL | 3 | NO | NO | NULL | NULL | NULL | NULL | NULL | NO | NEVER | NULL | YES
--> decentdb | public | ch | g | 4 | NULL | YES | integer | NULL | NULL | 32 | 2 | 0 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | decentdb | pg_catalog | int4 | NULL | NULL | NULL | NULL | 4 | NO | NO | NULL | NULL | NULL | NULL | NULL | NO | ALWAYS | (p * 2) | YES
--> decentdb | public | ch | v | 5 | NULL | NO | character varying | 10 | 40 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | decentdb | pg_catalog | varchar | NULL | NULL | NULL | NULL | 5 | NO | NO | NULL | NULL | NULL | NULL | NULL | NO | NEVER | NULL | YES
--> decentdb | public | ch | t | 6 | now() | YES | timestamp with time zone | NULL | NULL | NULL | NULL | NULL | 6 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | decentdb | pg_catalog | timestamptz | NULL | NULL | NULL | NULL | 6 | NO | NO | NULL | NULL | NULL | NULL | NULL | NO | NEVER | NULL | YES

-- knex
select * from information_schema.tables where table_name = 'ch' and table_schema = current_schema();
--> decentdb | public | ch | BASE TABLE | NULL | NULL | NULL | NULL | NULL | YES | NO | NULL

-- knex
select * from information_schema.columns where table_name = 'ch' and column_name = 'v' and table_schema = current_schema();
--> decentdb | public | ch | v | 5 | NULL | NO | character varying | 10 | 40 | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | decentdb | pg_catalog | varchar | NULL | NULL | NULL | NULL | 5 | NO | NO | NULL | NULL | NULL | NULL | NULL | NO | NEVER | NULL | YES

-- drizzle-kit
SELECT 
  n.nspname AS table_schema, 
  c.relname AS table_name, 
  CASE 
  WHEN c.relkind = 'r' THEN 'table'
  WHEN c.relkind = 'v' THEN 'view'
  WHEN c.relkind = 'm' THEN 'materialized_view'
  END AS type,
  c.relrowsecurity AS rls_enabled
FROM 
  pg_catalog.pg_class c
JOIN 
  pg_catalog.pg_namespace n ON n.oid = c.relnamespace
WHERE 
  c.relkind IN ('r', 'v', 'm') 
  AND n.nspname = 'public';
--> public | ch | table | f
--> public | par | table | f
--> public | vw | view | f
--> public | mv | materialized_view | f

-- drizzle-kit
select s.nspname as table_schema
  from pg_catalog.pg_namespace s
  join pg_catalog.pg_user u on u.usesysid = s.nspowner
  where nspname not in ('information_schema', 'pg_catalog', 'public')
  and nspname not like 'pg_toast%'
  and nspname not like 'pg_temp_%'
  order by table_schema;
--> s
--> sys

-- drizzle-kit
select schemaname, sequencename, start_value, min_value, max_value, increment_by, cycle, cache_size from pg_sequences as seq WHERE schemaname = 'public';
--> public | ch_id_seq | 1 | 1 | 9223372036854775807 | 1 | f | 1
--> public | sq | 1 | 1 | 9223372036854775807 | 1 | f | 1

-- drizzle-kit
select n.nspname as enum_schema,
  t.typname as enum_name,
  e.enumlabel as enum_value,
  e.enumsortorder as sort_order
  from pg_type t
  join pg_enum e on t.oid = e.enumtypid
  join pg_catalog.pg_namespace n ON n.oid = t.typnamespace
  WHERE n.nspname = 'public'
  order by enum_schema, enum_name, sort_order;
--> public | mood | a | 1
--> public | mood | b | 2

-- drizzle-kit
SELECT rolname, rolinherit, rolcreatedb, rolcreaterole FROM pg_roles;
--> decentdb | t | t | t
--> pg_database_owner | t | f | f
--> pg_read_all_data | t | f | f
--> pg_write_all_data | t | f | f
--> pg_monitor | t | f | f
--> pg_read_all_settings | t | f | f
--> pg_read_all_stats | t | f | f
--> pg_stat_scan_tables | t | f | f
--> pg_read_server_files | t | f | f
--> pg_write_server_files | t | f | f
--> pg_execute_server_program | t | f | f
--> pg_signal_backend | t | f | f
--> pg_checkpoint | t | f | f

-- drizzle-kit
SELECT schemaname, tablename, policyname as name, permissive as "as", roles as to, cmd as for, qual as using, with_check as "withCheck" FROM pg_policies WHERE schemaname = 'public';

-- drizzle-kit
SELECT 
  a.attrelid::regclass::text AS table_name,  -- Table, view, or materialized view name
  a.attname AS column_name,   -- Column name
  CASE 
  WHEN NOT a.attisdropped THEN 
  CASE 
  WHEN a.attnotnull THEN 'NO'
  ELSE 'YES'
  END 
  ELSE NULL 
  END AS is_nullable,  -- NULL or NOT NULL constraint
  a.attndims AS array_dimensions,  -- Array dimensions
  CASE 
  WHEN a.atttypid = ANY ('{int,int8,int2}'::regtype[]) 
  AND EXISTS (
  SELECT FROM pg_attrdef ad
  WHERE ad.adrelid = a.attrelid 
  AND ad.adnum = a.attnum 
  AND pg_get_expr(ad.adbin, ad.adrelid) = 'nextval(''' 
  || pg_get_serial_sequence(a.attrelid::regclass::text, a.attname)::regclass || '''::regclass)'
  )
  THEN CASE a.atttypid
  WHEN 'int'::regtype THEN 'serial'
  WHEN 'int8'::regtype THEN 'bigserial'
  WHEN 'int2'::regtype THEN 'smallserial'
  END
  ELSE format_type(a.atttypid, a.atttypmod)
  END AS data_type,  -- Column data type
--    ns.nspname AS type_schema,  -- Schema name
  pg_get_serial_sequence('"public"."ch"', a.attname)::regclass AS seq_name,  -- Serial sequence (if any)
  c.column_default,  -- Column default value
  c.data_type AS additional_dt,  -- Data type from information_schema
  c.udt_name AS enum_name,  -- Enum type (if applicable)
  c.is_generated,  -- Is it a generated column?
  c.generation_expression,  -- Generation expression (if generated)
  c.is_identity,  -- Is it an identity column?
  c.identity_generation,  -- Identity generation strategy (ALWAYS or BY DEFAULT)
  c.identity_start,  -- Start value of identity column
  c.identity_increment,  -- Increment for identity column
  c.identity_maximum,  -- Maximum value for identity column
  c.identity_minimum,  -- Minimum value for identity column
  c.identity_cycle,  -- Does the identity column cycle?
  enum_ns.nspname AS type_schema  -- Schema of the enum type
FROM 
  pg_attribute a
JOIN 
  pg_class cls ON cls.oid = a.attrelid  -- Join pg_class to get table/view/materialized view info
JOIN 
  pg_namespace ns ON ns.oid = cls.relnamespace  -- Join namespace to get schema info
LEFT JOIN 
  information_schema.columns c ON c.column_name = a.attname 
  AND c.table_schema = ns.nspname 
  AND c.table_name = cls.relname  -- Match schema and table/view name
LEFT JOIN 
  pg_type enum_t ON enum_t.oid = a.atttypid  -- Join to get the type info
LEFT JOIN 
  pg_namespace enum_ns ON enum_ns.oid = enum_t.typnamespace  -- Join to get the enum schema
WHERE 
  a.attnum > 0  -- Valid column numbers only
  AND NOT a.attisdropped  -- Skip dropped columns
  AND cls.relkind IN ('r', 'v', 'm')  -- Include regular tables ('r'), views ('v'), and materialized views ('m')
  AND ns.nspname = 'public'  -- Filter by schema
  AND cls.relname = 'ch'  -- Filter by table name
ORDER BY 
  a.attnum;  -- Order by column number;
--> ch | id | NO | 0 | bigint | ch_id_seq | NULL | bigint | int8 | NEVER | NULL | YES | ALWAYS | 1 | 1 | 9223372036854775807 | 1 | NO | pg_catalog
--> ch | p | YES | 0 | integer | NULL | NULL | integer | int4 | NEVER | NULL | NO | NULL | NULL | NULL | NULL | NULL | NO | pg_catalog
--> ch | m | YES | 0 | mood | NULL | 'a'::mood | USER-DEFINED | mood | NEVER | NULL | NO | NULL | NULL | NULL | NULL | NULL | NO | public
--> ch | g | YES | 0 | integer | NULL | NULL | integer | int4 | ALWAYS | (p * 2) | NO | NULL | NULL | NULL | NULL | NULL | NO | pg_catalog
--> ch | v | NO | 0 | character varying(10) | NULL | NULL | character varying | varchar | NEVER | NULL | NO | NULL | NULL | NULL | NULL | NULL | NO | pg_catalog
--> ch | t | YES | 0 | timestamp with time zone | NULL | now() | timestamp with time zone | timestamptz | NEVER | NULL | NO | NULL | NULL | NULL | NULL | NULL | NO | pg_catalog

-- drizzle-kit
SELECT 
  a.attrelid::regclass::text AS table_name,  -- Table, view, or materialized view name
  a.attname AS column_name,   -- Column name
  CASE 
  WHEN NOT a.attisdropped THEN 
  CASE 
  WHEN a.attnotnull THEN 'NO'
  ELSE 'YES'
  END 
  ELSE NULL 
  END AS is_nullable,  -- NULL or NOT NULL constraint
  a.attndims AS array_dimensions,  -- Array dimensions
  CASE 
  WHEN a.atttypid = ANY ('{int,int8,int2}'::regtype[]) 
  AND EXISTS (
  SELECT FROM pg_attrdef ad
  WHERE ad.adrelid = a.attrelid 
  AND ad.adnum = a.attnum 
  AND pg_get_expr(ad.adbin, ad.adrelid) = 'nextval(''' 
  || pg_get_serial_sequence(a.attrelid::regclass::text, a.attname)::regclass || '''::regclass)'
  )
  THEN CASE a.atttypid
  WHEN 'int'::regtype THEN 'serial'
  WHEN 'int8'::regtype THEN 'bigserial'
  WHEN 'int2'::regtype THEN 'smallserial'
  END
  ELSE format_type(a.atttypid, a.atttypmod)
  END AS data_type,  -- Column data type
--    ns.nspname AS type_schema,  -- Schema name
  pg_get_serial_sequence('"public"."par"', a.attname)::regclass AS seq_name,  -- Serial sequence (if any)
  c.column_default,  -- Column default value
  c.data_type AS additional_dt,  -- Data type from information_schema
  c.udt_name AS enum_name,  -- Enum type (if applicable)
  c.is_generated,  -- Is it a generated column?
  c.generation_expression,  -- Generation expression (if generated)
  c.is_identity,  -- Is it an identity column?
  c.identity_generation,  -- Identity generation strategy (ALWAYS or BY DEFAULT)
  c.identity_start,  -- Start value of identity column
  c.identity_increment,  -- Increment for identity column
  c.identity_maximum,  -- Maximum value for identity column
  c.identity_minimum,  -- Minimum value for identity column
  c.identity_cycle,  -- Does the identity column cycle?
  enum_ns.nspname AS type_schema  -- Schema of the enum type
FROM 
  pg_attribute a
JOIN 
  pg_class cls ON cls.oid = a.attrelid  -- Join pg_class to get table/view/materialized view info
JOIN 
  pg_namespace ns ON ns.oid = cls.relnamespace  -- Join namespace to get schema info
LEFT JOIN 
  information_schema.columns c ON c.column_name = a.attname 
  AND c.table_schema = ns.nspname 
  AND c.table_name = cls.relname  -- Match schema and table/view name
LEFT JOIN 
  pg_type enum_t ON enum_t.oid = a.atttypid  -- Join to get the type info
LEFT JOIN 
  pg_namespace enum_ns ON enum_ns.oid = enum_t.typnamespace  -- Join to get the enum schema
WHERE 
  a.attnum > 0  -- Valid column numbers only
  AND NOT a.attisdropped  -- Skip dropped columns
  AND cls.relkind IN ('r', 'v', 'm')  -- Include regular tables ('r'), views ('v'), and materialized views ('m')
  AND ns.nspname = 'public'  -- Filter by schema
  AND cls.relname = 'par'  -- Filter by table name
ORDER BY 
  a.attnum;  -- Order by column number;
--> par | id | NO | 0 | integer | NULL | NULL | integer | int4 | NEVER | NULL | NO | NULL | NULL | NULL | NULL | NULL | NO | pg_catalog
--> par | n | YES | 0 | text | NULL | NULL | text | text | NEVER | NULL | NO | NULL | NULL | NULL | NULL | NULL | NO | pg_catalog

-- drizzle-kit
SELECT c.column_name, c.data_type, constraint_type, constraint_name, constraint_schema
  FROM information_schema.table_constraints tc
  JOIN information_schema.constraint_column_usage AS ccu USING (constraint_schema, constraint_name)
  JOIN information_schema.columns AS c ON c.table_schema = tc.constraint_schema
  AND tc.table_name = c.table_name AND ccu.column_name = c.column_name
  WHERE tc.table_name = 'ch' and constraint_schema = 'public';
--> id | bigint | PRIMARY KEY | ch_pkey | public
--> v | character varying | CHECK | ch_v_check | public
--> id | bigint | FOREIGN KEY | ch_p_fkey | public
--> id | bigint | CHECK | ch_id_not_null | public
--> v | character varying | CHECK | ch_v_not_null | public

-- drizzle-kit
SELECT c.column_name, c.data_type, constraint_type, constraint_name, constraint_schema
  FROM information_schema.table_constraints tc
  JOIN information_schema.constraint_column_usage AS ccu USING (constraint_schema, constraint_name)
  JOIN information_schema.columns AS c ON c.table_schema = tc.constraint_schema
  AND tc.table_name = c.table_name AND ccu.column_name = c.column_name
  WHERE tc.table_name = 'par' and constraint_schema = 'public';
--> id | integer | PRIMARY KEY | par_pkey | public
--> n | text | UNIQUE | par_n_key | public
--> id | integer | CHECK | par_id_not_null | public

-- drizzle-kit
SELECT 
  tc.constraint_name,
  tc.constraint_type,
  pg_get_constraintdef(con.oid) AS constraint_definition
  FROM 
  information_schema.table_constraints AS tc
  JOIN pg_constraint AS con 
  ON tc.constraint_name = con.conname
  AND con.conrelid = (
  SELECT oid 
  FROM pg_class 
  WHERE relname = tc.table_name 
  AND relnamespace = (
  SELECT oid 
  FROM pg_namespace 
  WHERE nspname = tc.constraint_schema
  )
  )
  WHERE 
  tc.table_name = 'ch'
  AND tc.constraint_schema = 'public'
  AND tc.constraint_type = 'CHECK'
  AND con.contype = 'c';
--> ch_v_check | CHECK | CHECK (((v)::text <> ''::text))

-- drizzle-kit
SELECT 
  tc.constraint_name,
  tc.constraint_type,
  pg_get_constraintdef(con.oid) AS constraint_definition
  FROM 
  information_schema.table_constraints AS tc
  JOIN pg_constraint AS con 
  ON tc.constraint_name = con.conname
  AND con.conrelid = (
  SELECT oid 
  FROM pg_class 
  WHERE relname = tc.table_name 
  AND relnamespace = (
  SELECT oid 
  FROM pg_namespace 
  WHERE nspname = tc.constraint_schema
  )
  )
  WHERE 
  tc.table_name = 'par'
  AND tc.constraint_schema = 'public'
  AND tc.constraint_type = 'CHECK'
  AND con.contype = 'c';

-- drizzle-kit
SELECT
  con.contype AS constraint_type,
  nsp.nspname AS constraint_schema,
  con.conname AS constraint_name,
  rel.relname AS table_name,
  att.attname AS column_name,
  fnsp.nspname AS foreign_table_schema,
  frel.relname AS foreign_table_name,
  fatt.attname AS foreign_column_name,
  CASE con.confupdtype
  WHEN 'a' THEN 'NO ACTION'
  WHEN 'r' THEN 'RESTRICT'
  WHEN 'n' THEN 'SET NULL'
  WHEN 'c' THEN 'CASCADE'
  WHEN 'd' THEN 'SET DEFAULT'
  END AS update_rule,
  CASE con.confdeltype
  WHEN 'a' THEN 'NO ACTION'
  WHEN 'r' THEN 'RESTRICT'
  WHEN 'n' THEN 'SET NULL'
  WHEN 'c' THEN 'CASCADE'
  WHEN 'd' THEN 'SET DEFAULT'
  END AS delete_rule
  FROM
  pg_catalog.pg_constraint con
  JOIN pg_catalog.pg_class rel ON rel.oid = con.conrelid
  JOIN pg_catalog.pg_namespace nsp ON nsp.oid = con.connamespace
  LEFT JOIN pg_catalog.pg_attribute att ON att.attnum = ANY (con.conkey)
  AND att.attrelid = con.conrelid
  LEFT JOIN pg_catalog.pg_class frel ON frel.oid = con.confrelid
  LEFT JOIN pg_catalog.pg_namespace fnsp ON fnsp.oid = frel.relnamespace
  LEFT JOIN pg_catalog.pg_attribute fatt ON fatt.attnum = ANY (con.confkey)
  AND fatt.attrelid = con.confrelid
  WHERE
  nsp.nspname = 'public'
  AND rel.relname = 'ch'
  AND con.contype IN ('f');
--> f | public | ch_p_fkey | ch | p | public | par | id | NO ACTION | CASCADE

-- drizzle-kit
SELECT
  con.contype AS constraint_type,
  nsp.nspname AS constraint_schema,
  con.conname AS constraint_name,
  rel.relname AS table_name,
  att.attname AS column_name,
  fnsp.nspname AS foreign_table_schema,
  frel.relname AS foreign_table_name,
  fatt.attname AS foreign_column_name,
  CASE con.confupdtype
  WHEN 'a' THEN 'NO ACTION'
  WHEN 'r' THEN 'RESTRICT'
  WHEN 'n' THEN 'SET NULL'
  WHEN 'c' THEN 'CASCADE'
  WHEN 'd' THEN 'SET DEFAULT'
  END AS update_rule,
  CASE con.confdeltype
  WHEN 'a' THEN 'NO ACTION'
  WHEN 'r' THEN 'RESTRICT'
  WHEN 'n' THEN 'SET NULL'
  WHEN 'c' THEN 'CASCADE'
  WHEN 'd' THEN 'SET DEFAULT'
  END AS delete_rule
  FROM
  pg_catalog.pg_constraint con
  JOIN pg_catalog.pg_class rel ON rel.oid = con.conrelid
  JOIN pg_catalog.pg_namespace nsp ON nsp.oid = con.connamespace
  LEFT JOIN pg_catalog.pg_attribute att ON att.attnum = ANY (con.conkey)
  AND att.attrelid = con.conrelid
  LEFT JOIN pg_catalog.pg_class frel ON frel.oid = con.confrelid
  LEFT JOIN pg_catalog.pg_namespace fnsp ON fnsp.oid = frel.relnamespace
  LEFT JOIN pg_catalog.pg_attribute fatt ON fatt.attnum = ANY (con.confkey)
  AND fatt.attrelid = con.confrelid
  WHERE
  nsp.nspname = 'public'
  AND rel.relname = 'par'
  AND con.contype IN ('f');

-- drizzle-kit
SELECT  DISTINCT ON (t.relname, ic.relname, k.i) t.relname as table_name, ic.relname AS indexname,
  k.i AS index_order,
  i.indisunique as is_unique,
  am.amname as method,
  ic.reloptions as with,
  coalesce(a.attname, pg_get_indexdef(i.indexrelid, k.i, false)) AS column_name,
  CASE
  WHEN pg_get_expr(i.indexprs, i.indrelid) IS NOT NULL THEN 1
  ELSE 0
  END AS is_expression,
  i.indoption[k.i-1] & 1 = 1 AS descending,
  i.indoption[k.i-1] & 2 = 2 AS nulls_first,
  pg_get_expr(
  i.indpred,
  i.indrelid
  ) as where,
  opc.opcname
  FROM pg_class t
  LEFT JOIN pg_index i ON t.oid = i.indrelid
  LEFT JOIN pg_class ic ON ic.oid = i.indexrelid
  CROSS JOIN LATERAL (SELECT unnest(i.indkey), generate_subscripts(i.indkey, 1) + 1) AS k(attnum, i)
  LEFT JOIN pg_attribute AS a
  ON i.indrelid = a.attrelid AND k.attnum = a.attnum
  JOIN pg_namespace c on c.oid = t.relnamespace
  LEFT JOIN pg_am AS am ON ic.relam = am.oid
  JOIN pg_opclass opc ON opc.oid = ANY(i.indclass)
  WHERE
  c.nspname = 'public' AND
  t.relname = 'ch';
--> ch | ch_p | 1 | f | btree | NULL | p | 0 | f | f | (p > 0) | int4_ops
--> ch | ch_pkey | 1 | t | btree | NULL | id | 0 | f | f | NULL | int8_ops

-- drizzle-kit
SELECT  DISTINCT ON (t.relname, ic.relname, k.i) t.relname as table_name, ic.relname AS indexname,
  k.i AS index_order,
  i.indisunique as is_unique,
  am.amname as method,
  ic.reloptions as with,
  coalesce(a.attname, pg_get_indexdef(i.indexrelid, k.i, false)) AS column_name,
  CASE
  WHEN pg_get_expr(i.indexprs, i.indrelid) IS NOT NULL THEN 1
  ELSE 0
  END AS is_expression,
  i.indoption[k.i-1] & 1 = 1 AS descending,
  i.indoption[k.i-1] & 2 = 2 AS nulls_first,
  pg_get_expr(
  i.indpred,
  i.indrelid
  ) as where,
  opc.opcname
  FROM pg_class t
  LEFT JOIN pg_index i ON t.oid = i.indrelid
  LEFT JOIN pg_class ic ON ic.oid = i.indexrelid
  CROSS JOIN LATERAL (SELECT unnest(i.indkey), generate_subscripts(i.indkey, 1) + 1) AS k(attnum, i)
  LEFT JOIN pg_attribute AS a
  ON i.indrelid = a.attrelid AND k.attnum = a.attnum
  JOIN pg_namespace c on c.oid = t.relnamespace
  LEFT JOIN pg_am AS am ON ic.relam = am.oid
  JOIN pg_opclass opc ON opc.oid = ANY(i.indclass)
  WHERE
  c.nspname = 'public' AND
  t.relname = 'par';
--> par | par_n_key | 1 | t | btree | NULL | n | 0 | f | f | NULL | text_ops
--> par | par_pkey | 1 | t | btree | NULL | id | 0 | f | f | NULL | int4_ops

-- drizzle-kit
SELECT
  idx.indexrelname AS index_name,
  idx.relname AS table_name,
  schemaname,
  CASE WHEN con.conname IS NOT NULL THEN 1 ELSE 0 END AS generated_by_constraint
  FROM
  pg_stat_user_indexes idx
  LEFT JOIN
  pg_constraint con ON con.conindid = idx.indexrelid
  WHERE idx.relname = 'ch' and schemaname = 'public'
  group by index_name, table_name,schemaname, generated_by_constraint;
--> ch_pkey | ch | public | 1
--> ch_p | ch | public | 0

-- drizzle-kit
SELECT
  idx.indexrelname AS index_name,
  idx.relname AS table_name,
  schemaname,
  CASE WHEN con.conname IS NOT NULL THEN 1 ELSE 0 END AS generated_by_constraint
  FROM
  pg_stat_user_indexes idx
  LEFT JOIN
  pg_constraint con ON con.conindid = idx.indexrelid
  WHERE idx.relname = 'par' and schemaname = 'public'
  group by index_name, table_name,schemaname, generated_by_constraint;
--> par_pkey | par | public | 1
--> par_n_key | par | public | 1

-- drizzle-kit
SELECT 
  a.attrelid::regclass::text AS table_name,  -- Table, view, or materialized view name
  a.attname AS column_name,   -- Column name
  CASE 
  WHEN NOT a.attisdropped THEN 
  CASE 
  WHEN a.attnotnull THEN 'NO'
  ELSE 'YES'
  END 
  ELSE NULL 
  END AS is_nullable,  -- NULL or NOT NULL constraint
  a.attndims AS array_dimensions,  -- Array dimensions
  CASE 
  WHEN a.atttypid = ANY ('{int,int8,int2}'::regtype[]) 
  AND EXISTS (
  SELECT FROM pg_attrdef ad
  WHERE ad.adrelid = a.attrelid 
  AND ad.adnum = a.attnum 
  AND pg_get_expr(ad.adbin, ad.adrelid) = 'nextval(''' 
  || pg_get_serial_sequence(a.attrelid::regclass::text, a.attname)::regclass || '''::regclass)'
  )
  THEN CASE a.atttypid
  WHEN 'int'::regtype THEN 'serial'
  WHEN 'int8'::regtype THEN 'bigserial'
  WHEN 'int2'::regtype THEN 'smallserial'
  END
  ELSE format_type(a.atttypid, a.atttypmod)
  END AS data_type,  -- Column data type
--    ns.nspname AS type_schema,  -- Schema name
  pg_get_serial_sequence('"public"."vw"', a.attname)::regclass AS seq_name,  -- Serial sequence (if any)
  c.column_default,  -- Column default value
  c.data_type AS additional_dt,  -- Data type from information_schema
  c.udt_name AS enum_name,  -- Enum type (if applicable)
  c.is_generated,  -- Is it a generated column?
  c.generation_expression,  -- Generation expression (if generated)
  c.is_identity,  -- Is it an identity column?
  c.identity_generation,  -- Identity generation strategy (ALWAYS or BY DEFAULT)
  c.identity_start,  -- Start value of identity column
  c.identity_increment,  -- Increment for identity column
  c.identity_maximum,  -- Maximum value for identity column
  c.identity_minimum,  -- Minimum value for identity column
  c.identity_cycle,  -- Does the identity column cycle?
  enum_ns.nspname AS type_schema  -- Schema of the enum type
FROM 
  pg_attribute a
JOIN 
  pg_class cls ON cls.oid = a.attrelid  -- Join pg_class to get table/view/materialized view info
JOIN 
  pg_namespace ns ON ns.oid = cls.relnamespace  -- Join namespace to get schema info
LEFT JOIN 
  information_schema.columns c ON c.column_name = a.attname 
  AND c.table_schema = ns.nspname 
  AND c.table_name = cls.relname  -- Match schema and table/view name
LEFT JOIN 
  pg_type enum_t ON enum_t.oid = a.atttypid  -- Join to get the type info
LEFT JOIN 
  pg_namespace enum_ns ON enum_ns.oid = enum_t.typnamespace  -- Join to get the enum schema
WHERE 
  a.attnum > 0  -- Valid column numbers only
  AND NOT a.attisdropped  -- Skip dropped columns
  AND cls.relkind IN ('r', 'v', 'm')  -- Include regular tables ('r'), views ('v'), and materialized views ('m')
  AND ns.nspname = 'public'  -- Filter by schema
  AND cls.relname = 'vw'  -- Filter by table name
ORDER BY 
  a.attnum;  -- Order by column number;
--> vw | id | YES | 0 | bigint | NULL | NULL | bigint | int8 | NEVER | NULL | NO | NULL | NULL | NULL | NULL | NULL | NO | pg_catalog
--> vw | v | YES | 0 | character varying(10) | NULL | NULL | character varying | varchar | NEVER | NULL | NO | NULL | NULL | NULL | NULL | NULL | NO | pg_catalog

-- drizzle-kit
SELECT 
  a.attrelid::regclass::text AS table_name,  -- Table, view, or materialized view name
  a.attname AS column_name,   -- Column name
  CASE 
  WHEN NOT a.attisdropped THEN 
  CASE 
  WHEN a.attnotnull THEN 'NO'
  ELSE 'YES'
  END 
  ELSE NULL 
  END AS is_nullable,  -- NULL or NOT NULL constraint
  a.attndims AS array_dimensions,  -- Array dimensions
  CASE 
  WHEN a.atttypid = ANY ('{int,int8,int2}'::regtype[]) 
  AND EXISTS (
  SELECT FROM pg_attrdef ad
  WHERE ad.adrelid = a.attrelid 
  AND ad.adnum = a.attnum 
  AND pg_get_expr(ad.adbin, ad.adrelid) = 'nextval(''' 
  || pg_get_serial_sequence(a.attrelid::regclass::text, a.attname)::regclass || '''::regclass)'
  )
  THEN CASE a.atttypid
  WHEN 'int'::regtype THEN 'serial'
  WHEN 'int8'::regtype THEN 'bigserial'
  WHEN 'int2'::regtype THEN 'smallserial'
  END
  ELSE format_type(a.atttypid, a.atttypmod)
  END AS data_type,  -- Column data type
--    ns.nspname AS type_schema,  -- Schema name
  pg_get_serial_sequence('"public"."mv"', a.attname)::regclass AS seq_name,  -- Serial sequence (if any)
  c.column_default,  -- Column default value
  c.data_type AS additional_dt,  -- Data type from information_schema
  c.udt_name AS enum_name,  -- Enum type (if applicable)
  c.is_generated,  -- Is it a generated column?
  c.generation_expression,  -- Generation expression (if generated)
  c.is_identity,  -- Is it an identity column?
  c.identity_generation,  -- Identity generation strategy (ALWAYS or BY DEFAULT)
  c.identity_start,  -- Start value of identity column
  c.identity_increment,  -- Increment for identity column
  c.identity_maximum,  -- Maximum value for identity column
  c.identity_minimum,  -- Minimum value for identity column
  c.identity_cycle,  -- Does the identity column cycle?
  enum_ns.nspname AS type_schema  -- Schema of the enum type
FROM 
  pg_attribute a
JOIN 
  pg_class cls ON cls.oid = a.attrelid  -- Join pg_class to get table/view/materialized view info
JOIN 
  pg_namespace ns ON ns.oid = cls.relnamespace  -- Join namespace to get schema info
LEFT JOIN 
  information_schema.columns c ON c.column_name = a.attname 
  AND c.table_schema = ns.nspname 
  AND c.table_name = cls.relname  -- Match schema and table/view name
LEFT JOIN 
  pg_type enum_t ON enum_t.oid = a.atttypid  -- Join to get the type info
LEFT JOIN 
  pg_namespace enum_ns ON enum_ns.oid = enum_t.typnamespace  -- Join to get the enum schema
WHERE 
  a.attnum > 0  -- Valid column numbers only
  AND NOT a.attisdropped  -- Skip dropped columns
  AND cls.relkind IN ('r', 'v', 'm')  -- Include regular tables ('r'), views ('v'), and materialized views ('m')
  AND ns.nspname = 'public'  -- Filter by schema
  AND cls.relname = 'mv'  -- Filter by table name
ORDER BY 
  a.attnum;  -- Order by column number;
--> mv | a | YES | 0 | integer | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | NULL | pg_catalog

-- drizzle-kit
SELECT
  c.relname AS view_name,
  n.nspname AS schema_name,
  pg_get_viewdef(c.oid, true) AS definition,
  ts.spcname AS tablespace_name,
  c.reloptions AS options,
  pg_tablespace_location(ts.oid) AS location
FROM
  pg_class c
JOIN
  pg_namespace n ON c.relnamespace = n.oid
LEFT JOIN
  pg_tablespace ts ON c.reltablespace = ts.oid 
WHERE
  (c.relkind = 'm' OR c.relkind = 'v')
  AND n.nspname = 'public'
  AND c.relname = 'vw';
--> vw | public |  SELECT id,\n    v\n   FROM ch; | NULL | NULL | NULL

-- drizzle-kit
SELECT
  c.relname AS view_name,
  n.nspname AS schema_name,
  pg_get_viewdef(c.oid, true) AS definition,
  ts.spcname AS tablespace_name,
  c.reloptions AS options,
  pg_tablespace_location(ts.oid) AS location
FROM
  pg_class c
JOIN
  pg_namespace n ON c.relnamespace = n.oid
LEFT JOIN
  pg_tablespace ts ON c.reltablespace = ts.oid 
WHERE
  (c.relkind = 'm' OR c.relkind = 'v')
  AND n.nspname = 'public'
  AND c.relname = 'mv';
--> mv | public |  SELECT 1 AS a; | NULL | NULL | NULL
