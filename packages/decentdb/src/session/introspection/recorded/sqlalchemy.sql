-- sqlalchemy
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind in ('r', 'p')
--> base_t
--> empty_table
--> fast
--> kid_t
--> par
--> par_1
--> par_d
--> tree
--> users

-- sqlalchemy
SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'public' AND c.relkind IN ('v', 'm')
--> active_users
--> checked

-- sqlalchemy
SELECT relname FROM pg_class c join pg_namespace n on n.oid=c.relnamespace where relkind='S' and n.nspname='shop'
--> order_no
--> orders_no_seq
--> products_id_seq

-- sqlalchemy
SELECT t.typname as "name",
               -- no enum defaults in 8.4 at least
               -- t.typdefault as "default",
               pg_catalog.pg_type_is_visible(t.oid) as "visible",
               n.nspname as "schema",
               e.enumlabel as "label"
            FROM pg_catalog.pg_type t
                 LEFT JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
                 LEFT JOIN pg_catalog.pg_enum e ON t.oid = e.enumtypid
            WHERE t.typtype = 'e'
        AND n.nspname = 'public' ORDER BY "schema", "name", e.oid
--> mood | t | public | sad
--> mood | t | public | ok
--> mood | t | public | happy

-- sqlalchemy
SELECT c.oid
            FROM pg_catalog.pg_class c
            LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE (n.nspname = 'Odd Schema')
            AND c.relname = 'Odd Table' AND c.relkind in
            ('r', 'v', 'm', 'f', 'p')
--> {Odd Schema.Odd Table}

-- sqlalchemy
SELECT t.typname as "name",
               -- no enum defaults in 8.4 at least
               -- t.typdefault as "default",
               pg_catalog.pg_type_is_visible(t.oid) as "visible",
               n.nspname as "schema",
               e.enumlabel as "label"
            FROM pg_catalog.pg_type t
                 LEFT JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
                 LEFT JOIN pg_catalog.pg_enum e ON t.oid = e.enumtypid
            WHERE t.typtype = 'e'
        ORDER BY "schema", "name", e.oid
--> mood | t | public | sad
--> mood | t | public | ok
--> mood | t | public | happy
--> size | f | shop | S
--> size | f | shop | M
--> size | f | shop | L

-- sqlalchemy
select relname from pg_class c join pg_namespace n on n.oid=c.relnamespace where n.nspname='public' and relname='active_users'
--> active_users

-- sqlalchemy
SELECT pg_get_viewdef(c.oid) view_def FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = 'shop' AND c.relname = 'order_totals' AND c.relkind IN ('v', 'm')
-->  SELECT o.user_id,\n    count(*) AS n,\n    sum(((o.qty)::numeric * (p.price)::numeric)) AS total\n   FROM (shop.orders o\n     JOIN shop.products p ON ((p.id = o.product_id)))\n  GROUP BY o.user_id;

-- sqlalchemy
SELECT c.oid
            FROM pg_catalog.pg_class c
            LEFT JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
            WHERE (pg_catalog.pg_table_is_visible(c.oid))
            AND c.relname = 'empty_table' AND c.relkind in
            ('r', 'v', 'm', 'f', 'p')
--> {public.empty_table}

-- sqlalchemy
SELECT relname FROM pg_class c join pg_namespace n on n.oid=c.relnamespace where relkind='S' and n.nspname='shop' and relname='order_no'
--> order_no

-- sqlalchemy
SELECT EXISTS (
                SELECT * FROM pg_catalog.pg_type t
                WHERE t.typname = 'mood'
                AND pg_type_is_visible(t.oid)
                )
--> t

-- sqlalchemy
select c.relname, a.attname from pg_class as c join pg_depend d on d.objid=c.oid and d.classid='pg_class'::regclass and d.refclassid='pg_class'::regclass join pg_class t on t.oid=d.refobjid join pg_attribute a on a.attrelid=t.oid and a.attnum=d.refobjsubid where c.relkind='S' and c.relname='users_id_seq'
--> users_id_seq | id

-- sqlalchemy
select relname from pg_class c join pg_namespace n on n.oid=c.relnamespace where pg_catalog.pg_table_is_visible(c.oid) and relname='empty_table'
--> empty_table

-- sqlalchemy
SELECT a.attname
                FROM pg_attribute a JOIN (
                    SELECT unnest(ix.indkey) attnum,
                           generate_subscripts(ix.indkey, 1) ord
                    FROM pg_index ix
                    WHERE ix.indrelid = {shop.orders} AND ix.indisprimary
                    ) k ON a.attnum=k.attnum
                WHERE a.attrelid = {shop.orders}
                ORDER BY k.ord
--> user_id
--> product_id
--> no

-- sqlalchemy
SELECT conname
           FROM  pg_catalog.pg_constraint r
           WHERE r.conrelid = {Odd Schema.Odd Table} AND r.contype = 'p'
           ORDER BY 1
--> Odd Table_pkey

-- sqlalchemy
SELECT
                cons.conname as name,
                cons.conkey as key,
                a.attnum as col_num,
                a.attname as col_name
            FROM
                pg_catalog.pg_constraint cons
                join pg_attribute a
                  on cons.conrelid = a.attrelid AND
                    a.attnum = ANY(cons.conkey)
            WHERE
                cons.conrelid = {shop.lines} AND
                cons.contype = 'u'
--> lines_user_id_line_key | {1,4} | 1 | user_id
--> lines_user_id_line_key | {1,4} | 4 | line

-- sqlalchemy
SELECT
                cons.conname as name,
                pg_get_constraintdef(cons.oid) as src
            FROM
                pg_catalog.pg_constraint cons
            WHERE
                cons.conrelid = {shop.orders} AND
                cons.contype = 'c'
--> orders_qty_check | CHECK ((qty > 0))
--> qty_at | CHECK (((qty < 1000) OR (at > '2020-01-01 00:00:00+00'::timestamp with time zone)))

-- sqlalchemy
SELECT
                pgd.description as table_comment
            FROM
                pg_catalog.pg_description pgd
            WHERE
                pgd.objsubid = 0 AND
                pgd.objoid = {public.users}
--> the users

-- sqlalchemy
SELECT r.conname,
                pg_catalog.pg_get_constraintdef(r.oid, true) as condef,
                n.nspname as conschema
          FROM  pg_catalog.pg_constraint r,
                pg_namespace n,
                pg_class c
          WHERE r.conrelid = {shop.orders} AND
                r.contype = 'f' AND
                c.oid = confrelid AND
                n.oid = c.relnamespace
          ORDER BY 1
--> orders_product_fk | FOREIGN KEY (product_id) REFERENCES shop.products(id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED | shop
--> orders_user_fk | FOREIGN KEY (user_id) REFERENCES users(id) ON UPDATE SET NULL ON DELETE CASCADE | public

-- sqlalchemy
SELECT
                  i.relname as relname,
                  ix.indisunique, ix.indexprs,
                  a.attname, a.attnum, c.conrelid, ix.indkey::varchar,
                  ix.indoption::varchar, i.reloptions, am.amname,
                  pg_get_expr(ix.indpred, ix.indrelid),
                  ix.indnkeyatts as indnkeyatts
              FROM
                  pg_class t
                        join pg_index ix on t.oid = ix.indrelid
                        join pg_class i on i.oid = ix.indexrelid
                        left outer join
                            pg_attribute a
                            on t.oid = a.attrelid and a.attnum = ANY(ix.indkey)
                        left outer join
                            pg_constraint c
                            on (ix.indrelid = c.conrelid and
                                ix.indexrelid = c.conindid and
                                c.contype in ('p', 'u', 'x'))
                        left outer join
                            pg_am am
                            on i.relam = am.oid
              WHERE
                  t.relkind IN ('r', 'v', 'f', 'm', 'p')
                  and t.oid = {shop.lines}
                  and ix.indisprimary = 'f'
              ORDER BY
                  t.relname,
                  i.relname
--> lines_user_id_line_key | t | NULL | user_id | 1 | {shop.lines} | 1 4 | 0 0 | NULL | btree | NULL | 2
--> lines_user_id_line_key | t | NULL | line | 4 | {shop.lines} | 1 4 | 0 0 | NULL | btree | NULL | 2
