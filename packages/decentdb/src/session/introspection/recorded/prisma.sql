-- prisma
-- $1 = '{public,shop}'
SELECT namespace.nspname as namespace_name
FROM pg_namespace as namespace
WHERE namespace.nspname = ANY ( $1 )
ORDER BY namespace_name
--> public
--> shop

-- prisma
-- $1 = '{public,shop}'
SELECT
    schemainfo.nspname AS namespace,
    tableinfo.relname AS table_name,
	constr.conname AS constraint_name,
	constr.contype AS constraint_type,
	pg_get_constraintdef(constr.oid) AS constraint_definition,
	constr.condeferrable AS is_deferrable,
	constr.condeferred AS is_deferred
FROM pg_constraint constr
JOIN pg_class AS tableinfo
	ON tableinfo.oid = constr.conrelid
JOIN pg_namespace AS schemainfo
	ON schemainfo.oid = tableinfo.relnamespace
WHERE schemainfo.nspname = ANY ( $1 )
	AND contype NOT IN ('p', 'u', 'f')
ORDER BY namespace, table_name, constr.contype, constraint_name
--> public | users | users_name_len | c | CHECK ((length((name)::text) > 0)) | f | f
--> shop | orders | orders_qty_check | c | CHECK ((qty > 0)) | f | f
--> shop | orders | qty_at | c | CHECK (((qty < 1000) OR (at > '2020-01-01 00:00:00+00'::timestamp with time zone))) | f | f
