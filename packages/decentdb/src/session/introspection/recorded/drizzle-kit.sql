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
     AND n.nspname = 'public' or n.nspname = 'shop'
--> public | active_users | view | f
--> public | base_t | table | f
--> public | checked | view | f
--> public | empty_table | table | f
--> public | fast | table | f
--> public | kid_t | table | f
--> public | par_1 | table | f
--> public | par_d | table | f
--> public | tree | table | f
--> public | users | table | f
--> shop | address | NULL | f
--> shop | lines | table | f
--> shop | lines_user_id_line_key | NULL | f
--> shop | order_no | NULL | f
--> shop | order_totals | view | f
--> shop | orders | table | f
--> shop | orders_no_seq | NULL | f
--> shop | orders_pkey | NULL | f
--> shop | products | table | f
--> shop | products_code_key | NULL | f
--> shop | products_id_seq | NULL | f
--> shop | products_pkey | NULL | f
--> shop | top | materialized_view | f
--> shop | top_user | NULL | f

-- drizzle-kit
select schemaname, sequencename, start_value, min_value, max_value, increment_by, cycle, cache_size from pg_sequences as seq WHERE schemaname = 'public' or schemaname = 'shop'
--> public | small_seq | 1 | 1 | 32767 | 1 | f | 1
--> public | users_id_seq | 1 | 1 | 2147483647 | 1 | f | 1
--> shop | order_no | 100 | 5 | 10000 | 10 | t | 3
--> shop | orders_no_seq | 1 | 1 | 2147483647 | 1 | f | 1
--> shop | products_id_seq | 10 | 1 | 9223372036854775807 | 5 | f | 1

-- drizzle-kit
select n.nspname as enum_schema,
  t.typname as enum_name,
  e.enumlabel as enum_value,
  e.enumsortorder as sort_order
  from pg_type t
  join pg_enum e on t.oid = e.enumtypid
  join pg_catalog.pg_namespace n ON n.oid = t.typnamespace
   WHERE n.nspname = 'public' or n.nspname = 'shop'
  order by enum_schema, enum_name, sort_order
--> public | mood | sad | 1
--> public | mood | ok | 2
--> public | mood | happy | 3
--> shop | size | S | 1
--> shop | size | M | 2
--> shop | size | L | 3

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
    pg_get_serial_sequence('"shop"."orders"', a.attname)::regclass AS seq_name,  -- Serial sequence (if any)
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
    AND ns.nspname = 'shop'  -- Filter by schema
    AND cls.relname = 'orders'  -- Filter by table name
ORDER BY
    a.attnum;  -- Order by column number
--> shop.orders | user_id | NO | 0 | integer | NULL | NULL | integer | int4 | NEVER | NULL | NO | NULL | NULL | NULL | NULL | NULL | NO | pg_catalog
--> shop.orders | product_id | NO | 0 | bigint | NULL | NULL | bigint | int8 | NEVER | NULL | NO | NULL | NULL | NULL | NULL | NULL | NO | pg_catalog
--> shop.orders | no | NO | 0 | integer | shop.orders_no_seq | NULL | integer | int4 | NEVER | NULL | YES | BY DEFAULT | 1 | 1 | 2147483647 | 1 | NO | pg_catalog
--> shop.orders | at | NO | 0 | timestamp with time zone | NULL | now() | timestamp with time zone | timestamptz | NEVER | NULL | NO | NULL | NULL | NULL | NULL | NULL | NO | pg_catalog
--> shop.orders | qty | NO | 0 | integer | NULL | 1 | integer | int4 | NEVER | NULL | NO | NULL | NULL | NULL | NULL | NULL | NO | pg_catalog
--> shop.orders | note | YES | 0 | text | NULL | NULL | text | text | NEVER | NULL | NO | NULL | NULL | NULL | NULL | NULL | NO | pg_catalog

-- drizzle-kit
SELECT c.column_name, c.data_type, constraint_type, constraint_name, constraint_schema
      FROM information_schema.table_constraints tc
      JOIN information_schema.constraint_column_usage AS ccu USING (constraint_schema, constraint_name)
      JOIN information_schema.columns AS c ON c.table_schema = tc.constraint_schema
        AND tc.table_name = c.table_name AND ccu.column_name = c.column_name
      WHERE tc.table_name = 'lines' and constraint_schema = 'shop'
--> line | integer | UNIQUE | lines_user_id_line_key | shop
--> no | integer | FOREIGN KEY | lines_user_id_product_id_no_fkey | shop
--> product_id | bigint | FOREIGN KEY | lines_user_id_product_id_no_fkey | shop
--> user_id | integer | FOREIGN KEY | lines_user_id_product_id_no_fkey | shop
--> user_id | integer | UNIQUE | lines_user_id_line_key | shop

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
						tc.table_name = 'orders'
						AND tc.constraint_schema = 'shop'
						AND tc.constraint_type = 'CHECK'
						AND con.contype = 'c'
--> orders_qty_check | CHECK | CHECK ((qty > 0))
--> qty_at | CHECK | CHECK (((qty < 1000) OR (at > '2020-01-01 00:00:00+00'::timestamp with time zone)))

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
            nsp.nspname = 'shop'
            AND rel.relname = 'lines'
            AND con.contype IN ('f')
--> f | shop | lines_user_id_product_id_no_fkey | lines | no | shop | orders | no | NO ACTION | SET NULL
--> f | shop | lines_user_id_product_id_no_fkey | lines | no | shop | orders | product_id | NO ACTION | SET NULL
--> f | shop | lines_user_id_product_id_no_fkey | lines | no | shop | orders | user_id | NO ACTION | SET NULL
--> f | shop | lines_user_id_product_id_no_fkey | lines | product_id | shop | orders | no | NO ACTION | SET NULL
--> f | shop | lines_user_id_product_id_no_fkey | lines | product_id | shop | orders | product_id | NO ACTION | SET NULL
--> f | shop | lines_user_id_product_id_no_fkey | lines | product_id | shop | orders | user_id | NO ACTION | SET NULL
--> f | shop | lines_user_id_product_id_no_fkey | lines | user_id | shop | orders | no | NO ACTION | SET NULL
--> f | shop | lines_user_id_product_id_no_fkey | lines | user_id | shop | orders | product_id | NO ACTION | SET NULL
--> f | shop | lines_user_id_product_id_no_fkey | lines | user_id | shop | orders | user_id | NO ACTION | SET NULL

-- drizzle-kit
-- $1 = 'shop'
-- $2 = 'orders'
SELECT conname AS primary_key
            FROM   pg_constraint join pg_class on (pg_class.oid = conrelid)
            WHERE  contype = 'p'
            AND    connamespace = $1::regnamespace
            AND    pg_class.relname = $2
--> orders_pkey

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
      c.nspname = 'shop' AND
      t.relname = 'orders'
--> orders | orders_pkey | 1 | t | btree | NULL | user_id | 0 | f | f | NULL | int4_ops
--> orders | orders_pkey | 2 | t | btree | NULL | product_id | 0 | f | f | NULL | int4_ops
--> orders | orders_pkey | 3 | t | btree | NULL | no | 0 | f | f | NULL | int4_ops

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
        WHERE idx.relname = 'users' and schemaname = 'public'
        group by index_name, table_name,schemaname, generated_by_constraint
--> users_gin | users | public | 0
--> users_hash | users | public | 0
--> users_incl | users | public | 0
--> users_lower | users | public | 0
--> users_mail_key | users | public | 1
--> users_mixed | users | public | 0
--> users_part | users | public | 0
--> users_pkey | users | public | 1

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
    AND n.nspname = 'shop'
    AND c.relname = 'order_totals'
--> order_totals | shop |  SELECT o.user_id,\n    count(*) AS n,\n    sum(o.qty::numeric * p.price::numeric) AS total\n   FROM shop.orders o\n     JOIN shop.products p ON p.id = o.product_id\n  GROUP BY o.user_id; | NULL | NULL | NULL
