-- Numbers of transactions, snapshots, and the names behind regproc and its kin. Temporary tables are of one session.
select '12:16:14,14'::txid_snapshot, '12:13:'::pg_snapshot, '12:18:14,16'::txid_snapshot;
--> 12:16:14 | 12:13: | 12:18:14,16
select '31:12:'::txid_snapshot;
--> ERROR 22P02 invalid input syntax for type pg_snapshot: "31:12:"
select '0:1:'::txid_snapshot;
--> ERROR 22P02 invalid input syntax for type pg_snapshot: "0:1:"
select '12:13:0'::pg_snapshot;
--> ERROR 22P02 invalid input syntax for type pg_snapshot: "12:13:0"
select '12:16:14,13'::pg_snapshot;
--> ERROR 22P02 invalid input syntax for type pg_snapshot: "12:16:14,13"
create temp table snapshot_test (nr integer, snap pg_snapshot);
insert into snapshot_test values (1, '12:13:'), (2, '12:20:13,15,18'), (3, '100:1001:100,101,200,201,800,801');
select snap from snapshot_test order by nr;
--> 12:13:
--> 12:20:13,15,18
--> 100:1001:100,101,200,201,800,801
select pg_snapshot_xmin(snap), pg_snapshot_xmax(snap), pg_snapshot_xip(snap) from snapshot_test order by nr, 3;
--> 12 | 20 | 13
--> 12 | 20 | 15
--> 12 | 20 | 18
--> 100 | 1001 | 100
--> 100 | 1001 | 101
--> 100 | 1001 | 200
--> 100 | 1001 | 201
--> 100 | 1001 | 800
--> 100 | 1001 | 801
select id, pg_visible_in_snapshot(id::text::xid8, snap) from snapshot_test, generate_series(11, 21) id where nr = 2;
--> 11 | t
--> 12 | t
--> 13 | f
--> 14 | t
--> 15 | f
--> 16 | t
--> 17 | t
--> 18 | f
--> 19 | t
--> 20 | f
--> 21 | f
select txid_visible_in_snapshot(13, '12:20:13,15,18'), txid_snapshot_xip('12:20:13,15');
--> f | 13
--> f | 15
select pg_current_xact_id() >= pg_snapshot_xmin(pg_current_snapshot()), txid_current() >= txid_snapshot_xmin(txid_current_snapshot());
--> t | t
select pg_visible_in_snapshot(pg_current_xact_id(), pg_current_snapshot()), txid_visible_in_snapshot(txid_current(), txid_current_snapshot());
--> f | f
select '1000100010001000:1000100010001100:1000100010001012,1000100010001013'::pg_snapshot;
--> 1000100010001000:1000100010001100:1000100010001012,1000100010001013
select '1:9223372036854775807:3'::pg_snapshot;
--> 1:9223372036854775807:3
select '1:9223372036854775808:3'::pg_snapshot;
--> ERROR 22P02 invalid input syntax for type pg_snapshot: "1:9223372036854775808:3"
select pg_xact_status('1'), pg_xact_status('2'), txid_status(1);
--> committed | committed | committed
select txid_status(txid_current());
--> in progress
select pg_xact_status('123456789012345');
--> ERROR 22023 transaction ID 123456789012345 is in the future
select '1'::xid = '1'::xid, '1'::xid <> '2'::xid, '1'::xid = 1, '1'::xid8 < '2'::xid8, xid8cmp('3','3');
--> t | t | t | t | 0
select '1'::xid < '2'::xid;
--> ERROR 42883 operator does not exist: xid < xid
select '010'::xid, '42'::xid, '0xffffffff'::xid, '-1'::xid, ''::xid;
--> ERROR 22P02 invalid input syntax for type xid: ""
select pg_input_is_valid('42','xid'), pg_input_is_valid('asdf','xid'), pg_input_is_valid('12:13:','pg_snapshot');
--> t | f | t
SELECT regoper('||/');
--> ||/
SELECT regoperator('+(int4,int4)');
--> +(integer,integer)
SELECT regproc('now');
--> now
SELECT regprocedure('abs(numeric)');
--> abs(numeric)
SELECT regclass('pg_class');
--> pg_class
SELECT regtype('int4');
--> integer
SELECT regcollation('"POSIX"');
--> "POSIX"
SELECT to_regoper('||/'), to_regoperator('+(int4,int4)'), to_regproc('now'), to_regprocedure('abs(numeric)'), to_regcollation('"POSIX"');
--> ||/ | +(integer,integer) | now | abs(numeric) | "POSIX"
SELECT regoper('pg_catalog.||/'), regoperator('pg_catalog.+(int4,int4)'), regproc('pg_catalog.now'), regprocedure('pg_catalog.abs(numeric)'), regtype('pg_catalog.int4'), regclass('pg_catalog.pg_class');
--> ||/ | +(integer,integer) | now | abs(numeric) | integer | pg_class
SELECT to_regnamespace('pg_catalog'), to_regnamespace('"pg_catalog"'), regnamespace('pg_catalog'), to_regnamespace('nope');
--> pg_catalog | pg_catalog | pg_catalog | NULL
SELECT regoper('||//');
--> ERROR 42883 operator does not exist: ||//
SELECT regoperator('++(int4,int4)');
--> ERROR 42883 operator does not exist: ++(int4,int4)
SELECT regproc('know');
--> ERROR 42883 function "know" does not exist
SELECT regprocedure('absinthe(numeric)');
--> ERROR 42883 function "absinthe(numeric)" does not exist
SELECT regclass('pg_classes');
--> ERROR 42P01 relation "pg_classes" does not exist
SELECT regtype('int3');
--> ERROR 42704 type "int3" does not exist
SELECT regcollation('notacollation');
--> ERROR 42704 collation "notacollation" for encoding "UTF8" does not exist
SELECT regnamespace('nonexistent');
--> ERROR 3F000 schema "nonexistent" does not exist
SELECT regnamespace('foo.bar');
--> ERROR 42602 invalid name syntax
SELECT to_regoper('||//'), to_regoperator('++(int4,int4)'), to_regproc('know'), to_regprocedure('absinthe(numeric)'), to_regclass('pg_classes'), to_regtype('int3'), to_regcollation('notacollation');
--> NULL | NULL | NULL | NULL | NULL | NULL | NULL
SELECT '-(none,int4)'::regoperator, '-'::regoper;
--> ERROR 42725 more than one operator named -
select '+(int4)'::regoperator;
--> ERROR 42P02 missing argument
select '+'::regoper;
--> ERROR 42725 more than one operator named +
select 'abs'::regproc, to_regproc('abs');
--> ERROR 42725 more than one function named "abs"
select 'abs(int4'::regprocedure;
--> ERROR 22P02 expected a right parenthesis
select 'now'::regprocedure;
--> ERROR 22P02 expected a left parenthesis
create function pf(a int, b text) returns int language sql as 'select 1';
select 'pf'::regproc, 'pf(int,text)'::regprocedure, 'pf(int, text)'::regprocedure::oid::regproc, 'public.pf'::regproc;
--> pf | pf(integer,text) | pf | pf
select oid::regproc from pg_proc where proname = 'int4pl';
--> int4pl
select 'int4pl'::regproc, 'sum(int4)'::regprocedure, 'count'::regproc, 'percentile_cont(float8, float8)'::regprocedure;
--> ERROR 42725 more than one function named "count"
select 'int4[]'::regtype, 'numeric(5,2)'::regtype, 'double precision'::regtype, 'timestamp with time zone'::regtype, '"char"'::regtype;
--> integer[] | numeric | double precision | timestamp with time zone | "char"
select to_regtype('no_such_type'), to_regtype('numeric'), pg_typeof('now'::regproc);
--> NULL | numeric | regproc
select array_agg(x::regproc order by 1) from unnest(array['now','random']) x;
--> ERROR 42725 more than one function named "random"
