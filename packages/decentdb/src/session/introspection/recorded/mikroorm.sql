-- mikroorm
select 1 from pg_database where datname = 'decentdb'
--> 1

-- mikroorm
select table_name, table_schema as schema_name, (select pg_catalog.obj_description(c.oid) from pg_catalog.pg_class c
          where c.oid = (select ('"' || table_schema || '"."' || table_name || '"')::regclass::oid) and c.relname = table_name) as table_comment from information_schema.tables where "table_schema" not like 'pg_%' and "table_schema" not like 'crdb_%' and "table_schema" not like '_timescaledb_%' and "table_schema" not in ('information_schema', 'tiger', 'topology') and table_name != 'geometry_columns' and table_name != 'spatial_ref_sys' and table_type != 'VIEW' and table_name not in (select inhrelid::regclass::text from pg_inherits) order by table_name
--> Odd Table | Odd Schema | NULL
--> base_t | public | NULL
--> empty_table | public | NULL
--> fast | public | NULL
--> lines | shop | NULL
--> orders | shop | NULL
--> par | public | NULL
--> products | shop | NULL
--> tree | public | NULL
--> users | public | the users

-- mikroorm
select t.typname as enum_name, n.nspname as schema_name, array_agg(e.enumlabel order by e.enumsortorder) as enum_value
        from pg_type t
        join pg_enum e on t.oid = e.enumtypid
        join pg_catalog.pg_namespace n on n.oid = t.typnamespace
        where n.nspname in ('public')
        group by t.typname, n.nspname
--> mood | public | {sad,ok,happy}

-- mikroorm
select nsp1.nspname schema_name, cls1.relname table_name, nsp2.nspname referenced_schema_name,
      cls2.relname referenced_table_name, a.attname column_name, af.attname referenced_column_name, conname constraint_name,
      confupdtype update_rule, confdeltype delete_rule, array_position(con.conkey,a.attnum) as ord, condeferrable, condeferred,
      pg_get_constraintdef(con.oid) as constraint_def
      from pg_attribute a
      join pg_constraint con on con.conrelid = a.attrelid AND a.attnum = ANY (con.conkey)
      join pg_attribute af on af.attnum = con.confkey[array_position(con.conkey,a.attnum)] AND af.attrelid = con.confrelid
      join pg_namespace nsp1 on nsp1.oid = con.connamespace
      join pg_class cls1 on cls1.oid = con.conrelid
      join pg_class cls2 on cls2.oid = confrelid
      join pg_namespace nsp2 on nsp2.oid = cls2.relnamespace
      where ((cls1.relname in ('Odd Table') and nsp1.nspname = 'Odd Schema') or (cls1.relname in ('base_t','empty_table','fast','par','tree','users') and nsp1.nspname = 'public') or (cls1.relname in ('lines','orders','products') and nsp1.nspname = 'shop'))
      and confrelid > 0
      order by nsp1.nspname, cls1.relname, constraint_name, ord
--> Odd Schema | Odd Table | Odd Schema | Odd Table | self | Id | Odd Table_self_fkey | a | a | 1 | f | f | FOREIGN KEY (self) REFERENCES "Odd Schema"."Odd Table"("Id")
--> public | tree | public | tree | parent | id | tree_parent_fkey | a | a | 1 | f | f | FOREIGN KEY (parent) REFERENCES tree(id)
--> shop | lines | shop | orders | user_id | user_id | lines_user_id_product_id_no_fkey | a | n | 1 | f | f | FOREIGN KEY (user_id, product_id, no) REFERENCES shop.orders(user_id, product_id, no) ON DELETE SET NULL (no)
--> shop | lines | shop | orders | product_id | product_id | lines_user_id_product_id_no_fkey | a | n | 2 | f | f | FOREIGN KEY (user_id, product_id, no) REFERENCES shop.orders(user_id, product_id, no) ON DELETE SET NULL (no)
--> shop | lines | shop | orders | no | no | lines_user_id_product_id_no_fkey | a | n | 3 | f | f | FOREIGN KEY (user_id, product_id, no) REFERENCES shop.orders(user_id, product_id, no) ON DELETE SET NULL (no)
--> shop | orders | shop | products | product_id | id | orders_product_fk | a | r | 1 | t | t | FOREIGN KEY (product_id) REFERENCES shop.products(id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
--> shop | orders | public | users | user_id | id | orders_user_fk | n | c | 1 | f | f | FOREIGN KEY (user_id) REFERENCES users(id) ON UPDATE SET NULL ON DELETE CASCADE

-- mikroorm
select nsp1.nspname schema_name, cls1.relname table_name, nsp2.nspname referenced_schema_name,
      cls2.relname referenced_table_name, a.attname column_name, af.attname referenced_column_name, conname constraint_name,
      confupdtype update_rule, confdeltype delete_rule, array_position(con.conkey,a.attnum) as ord, condeferrable, condeferred,
      pg_get_constraintdef(con.oid) as constraint_def
      from pg_attribute a
      join pg_constraint con on con.conrelid = a.attrelid AND a.attnum = ANY (con.conkey)
      join pg_attribute af on af.attnum = con.confkey[array_position(con.conkey,a.attnum)] AND af.attrelid = con.confrelid
      join pg_namespace nsp1 on nsp1.oid = con.connamespace
      join pg_class cls1 on cls1.oid = con.conrelid
      join pg_class cls2 on cls2.oid = confrelid
      join pg_namespace nsp2 on nsp2.oid = cls2.relnamespace
      where ((cls1.relname in ('Odd Table') and nsp1.nspname = 'Odd Schema') or (cls1.relname in ('base_t','fast','par','tree','users') and nsp1.nspname = 'public') or (cls1.relname in ('lines','orders','products') and nsp1.nspname = 'shop'))
      and confrelid > 0
      order by nsp1.nspname, cls1.relname, constraint_name, ord
--> Odd Schema | Odd Table | Odd Schema | Odd Table | self | Id | Odd Table_self_fkey | a | a | 1 | f | f | FOREIGN KEY (self) REFERENCES "Odd Schema"."Odd Table"("Id")
--> public | tree | public | tree | parent | id | tree_parent_fkey | a | a | 1 | f | f | FOREIGN KEY (parent) REFERENCES tree(id)
--> shop | lines | shop | orders | user_id | user_id | lines_user_id_product_id_no_fkey | a | n | 1 | f | f | FOREIGN KEY (user_id, product_id, no) REFERENCES shop.orders(user_id, product_id, no) ON DELETE SET NULL (no)
--> shop | lines | shop | orders | product_id | product_id | lines_user_id_product_id_no_fkey | a | n | 2 | f | f | FOREIGN KEY (user_id, product_id, no) REFERENCES shop.orders(user_id, product_id, no) ON DELETE SET NULL (no)
--> shop | lines | shop | orders | no | no | lines_user_id_product_id_no_fkey | a | n | 3 | f | f | FOREIGN KEY (user_id, product_id, no) REFERENCES shop.orders(user_id, product_id, no) ON DELETE SET NULL (no)
--> shop | orders | shop | products | product_id | id | orders_product_fk | a | r | 1 | t | t | FOREIGN KEY (product_id) REFERENCES shop.products(id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
--> shop | orders | public | users | user_id | id | orders_user_fk | n | c | 1 | f | f | FOREIGN KEY (user_id) REFERENCES users(id) ON UPDATE SET NULL ON DELETE CASCADE

-- mikroorm
select nsp1.nspname schema_name, cls1.relname table_name, nsp2.nspname referenced_schema_name,
      cls2.relname referenced_table_name, a.attname column_name, af.attname referenced_column_name, conname constraint_name,
      confupdtype update_rule, confdeltype delete_rule, array_position(con.conkey,a.attnum) as ord, condeferrable, condeferred,
      pg_get_constraintdef(con.oid) as constraint_def
      from pg_attribute a
      join pg_constraint con on con.conrelid = a.attrelid AND a.attnum = ANY (con.conkey)
      join pg_attribute af on af.attnum = con.confkey[array_position(con.conkey,a.attnum)] AND af.attrelid = con.confrelid
      join pg_namespace nsp1 on nsp1.oid = con.connamespace
      join pg_class cls1 on cls1.oid = con.conrelid
      join pg_class cls2 on cls2.oid = confrelid
      join pg_namespace nsp2 on nsp2.oid = cls2.relnamespace
      where ((cls1.relname in ('Odd Table') and nsp1.nspname = 'Odd Schema') or (cls1.relname in ('base_t','fast','mo_a','mo_b','par','tree','users') and nsp1.nspname = 'public') or (cls1.relname in ('lines','orders','products') and nsp1.nspname = 'shop'))
      and confrelid > 0
      order by nsp1.nspname, cls1.relname, constraint_name, ord
--> Odd Schema | Odd Table | Odd Schema | Odd Table | self | Id | Odd Table_self_fkey | a | a | 1 | f | f | FOREIGN KEY (self) REFERENCES "Odd Schema"."Odd Table"("Id")
--> public | tree | public | tree | parent | id | tree_parent_fkey | a | a | 1 | f | f | FOREIGN KEY (parent) REFERENCES tree(id)
--> shop | lines | shop | orders | user_id | user_id | lines_user_id_product_id_no_fkey | a | n | 1 | f | f | FOREIGN KEY (user_id, product_id, no) REFERENCES shop.orders(user_id, product_id, no) ON DELETE SET NULL (no)
--> shop | lines | shop | orders | product_id | product_id | lines_user_id_product_id_no_fkey | a | n | 2 | f | f | FOREIGN KEY (user_id, product_id, no) REFERENCES shop.orders(user_id, product_id, no) ON DELETE SET NULL (no)
--> shop | lines | shop | orders | no | no | lines_user_id_product_id_no_fkey | a | n | 3 | f | f | FOREIGN KEY (user_id, product_id, no) REFERENCES shop.orders(user_id, product_id, no) ON DELETE SET NULL (no)
--> shop | orders | shop | products | product_id | id | orders_product_fk | a | r | 1 | t | t | FOREIGN KEY (product_id) REFERENCES shop.products(id) ON DELETE RESTRICT DEFERRABLE INITIALLY DEFERRED
--> shop | orders | public | users | user_id | id | orders_user_fk | n | c | 1 | f | f | FOREIGN KEY (user_id) REFERENCES users(id) ON UPDATE SET NULL ON DELETE CASCADE

-- mikroorm
select t.typname as enum_name, n.nspname as schema_name, array_agg(e.enumlabel order by e.enumsortorder) as enum_value
        from pg_type t
        join pg_enum e on t.oid = e.enumtypid
        join pg_catalog.pg_namespace n on n.oid = t.typnamespace
        where n.nspname in ('Odd Schema', 'public', 'shop')
        group by t.typname, n.nspname
--> mood | public | {sad,ok,happy}
--> size | shop | {S,M,L}
