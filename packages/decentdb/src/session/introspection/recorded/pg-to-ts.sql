-- pg-to-ts
SELECT table_name FROM information_schema.columns WHERE table_schema = 'public' GROUP BY table_name ORDER BY lower(table_name)
--> active_users
--> base_t
--> checked
--> fast
--> kid_t
--> par
--> par_1
--> par_d
--> tree
--> users

-- pg-to-ts
select n.nspname as schema, t.typname as name, e.enumlabel as value from pg_type t join pg_enum e on t.oid = e.enumtypid join pg_catalog.pg_namespace n ON n.oid = t.typnamespace where n.nspname = 'public' order by t.typname asc, e.enumlabel asc
--> public | mood | happy
--> public | mood | ok
--> public | mood | sad

-- pg-to-ts
select n.nspname as schema, t.typname as name, e.enumlabel as value from pg_type t join pg_enum e on t.oid = e.enumtypid join pg_catalog.pg_namespace n ON n.oid = t.typnamespace  order by t.typname asc, e.enumlabel asc
--> public | mood | happy
--> public | mood | ok
--> public | mood | sad
--> shop | size | L
--> shop | size | M
--> shop | size | S

-- pg-to-ts
SELECT
                kcu.table_name,
                tco.constraint_name,
                kcu.ordinal_position as position,
                kcu.column_name as key_column
            FROM information_schema.table_constraints tco
            JOIN information_schema.key_column_usage kcu
                on kcu.constraint_name = tco.constraint_name
                and kcu.constraint_schema = tco.constraint_schema
                and kcu.constraint_name = tco.constraint_name
            WHERE tco.constraint_type = 'PRIMARY KEY'
              AND kcu.table_schema = 'public'
            ORDER BY kcu.table_name,
                     position
--> par | par_pkey | 1 | k
--> par | par_pkey | 2 | at
--> par_1 | par_1_pkey | 1 | k
--> par_1 | par_1_pkey | 2 | at
--> par_d | par_d_pkey | 1 | k
--> par_d | par_d_pkey | 2 | at
--> tree | tree_pkey | 1 | id
--> users | users_pkey | 1 | id

-- pg-to-ts
SELECT
            cl2.relname AS table_name,
            att2.attname AS column_name,
            cl.relname AS foreign_table_name,
            att.attname AS foreign_column_name,
            conname
        FROM
            (SELECT
                unnest(con1.conkey) AS "parent",
                unnest(con1.confkey) AS "child",
                con1.confrelid,
                con1.conrelid,
                con1.conname
            FROM pg_class cl
            JOIN pg_namespace ns ON cl.relnamespace = ns.oid
            JOIN pg_constraint con1 ON con1.conrelid = cl.oid
            WHERE ns.nspname = 'public' AND con1.contype = 'f'
            ) con
        JOIN pg_attribute att ON att.attrelid = con.confrelid and att.attnum = con.child
        JOIN pg_class cl ON cl.oid = con.confrelid
        JOIN pg_class cl2 ON cl2.oid = con.conrelid
        JOIN pg_attribute att2 ON att2.attrelid = con.conrelid AND att2.attnum = con.parent
--> tree | parent | tree | id | tree_parent_fkey

-- pg-to-ts
SELECT
                t.table_name,
                pgd.description
            FROM pg_catalog.pg_statio_all_tables AS st
            INNER JOIN pg_catalog.pg_description pgd ON (pgd.objoid=st.relid)
            INNER JOIN information_schema.tables t ON (
                t.table_schema=st.schemaname AND
                t.table_name=st.relname
            )
            WHERE pgd.objsubid = 0
              AND t.table_schema = 'public'
--> users | the users

-- pg-to-ts
SELECT
                c.table_name,
                c.column_name,
                pgd.description
            FROM pg_catalog.pg_statio_all_tables AS st
            INNER JOIN pg_catalog.pg_description pgd ON (pgd.objoid=st.relid)
            INNER JOIN information_schema.columns c ON (
                pgd.objsubid=c.ordinal_position AND
                c.table_schema=st.schemaname AND
                c.table_name=st.relname
            )
            WHERE c.table_schema = 'public'
--> users | name | their name

-- pg-to-ts
SELECT column_name, udt_name, is_nullable, column_default IS NOT NULL as has_default FROM information_schema.columns WHERE table_name = 'users' and table_schema = 'public'
--> b | bool | NO | t
--> big | int8 | YES | f
--> bits | bit | YES | f
--> by | bytea | YES | f
--> c | bpchar | YES | f
--> c1 | char | YES | f
--> ci | cidr | YES | f
--> d | float8 | YES | f
--> dt | date | YES | t
--> full_name | text | YES | f
--> id | int4 | NO | t
--> ip | inet | YES | f
--> ir | int4range | YES | f
--> iv | interval | YES | f
--> j | json | YES | f
--> jb | jsonb | YES | t
--> m | mood | YES | t
--> m2 | _int4 | YES | f
--> mac | macaddr | YES | f
--> mail | varchar | NO | f
--> moods | _mood | YES | f
--> n | numeric | YES | t
--> name | varchar | NO | f
--> nm | name | YES | f
--> oidc | oid | YES | f
--> p | point | YES | f
--> r | float4 | YES | f
--> small | int2 | YES | f
--> t | time | YES | f
--> tags | _text | YES | t
--> ts | timestamp | YES | f
--> tstz | timestamptz | YES | t
--> tsv | tsvector | YES | f
--> tz | timetz | YES | f
--> u | uuid | YES | t
--> vb | varbit | YES | f
--> x | xml | YES | f
