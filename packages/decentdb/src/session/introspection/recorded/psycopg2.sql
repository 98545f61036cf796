-- psycopg2
SELECT t.oid, typarray, attname, atttypid
FROM pg_type t
JOIN pg_namespace ns ON typnamespace = ns.oid
JOIN pg_attribute a ON attrelid = typrelid
WHERE typname = 'address' AND nspname = 'shop'
    AND attnum > 0 AND NOT attisdropped
ORDER BY attnum
--> {shop.address} | {shop._address} | street | 25
--> {shop.address} | {shop._address} | city | 1043
--> {shop.address} | {shop._address} | zip | 23
