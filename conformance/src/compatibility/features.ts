/**
 * Features of PostgreSQL, each as the statements that show it; the last one decides.
 *
 * I1  Statements are PostgreSQL's: what it accepts. Each feature runs in a database of its own.
 */

export interface Feature {
  readonly area: string;
  readonly name: string;
  readonly statements: readonly string[];
}

const TABLE = 'CREATE TABLE t (id int PRIMARY KEY, a int, b text)';
const FILLED = "INSERT INTO t VALUES (1, 10, 'x'), (2, 20, 'y')";

/** Area, then name and statements. */
const FEATURES: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>> = {
  Queries: {
    'joins, LATERAL': [
      TABLE,
      'SELECT * FROM t JOIN LATERAL (SELECT t.a + 1) s(x) ON true FULL JOIN t u USING (id)',
    ],
    'WITH RECURSIVE': [
      'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 5) SELECT * FROM n',
    ],
    'WITH RECURSIVE ... SEARCH / CYCLE': [
      'WITH RECURSIVE n(x) AS (SELECT 1 UNION ALL SELECT x + 1 FROM n WHERE x < 5) SEARCH DEPTH FIRST BY x SET o SELECT * FROM n',
    ],
    'window functions, frames with EXCLUDE': [
      TABLE,
      'SELECT sum(a) OVER (ORDER BY id GROUPS BETWEEN 1 PRECEDING AND CURRENT ROW EXCLUDE TIES) FROM t',
    ],
    'GROUPING SETS, CUBE, ROLLUP': [TABLE, 'SELECT a, b, count(*) FROM t GROUP BY CUBE (a, b)'],
    'DISTINCT ON, FETCH ... WITH TIES': [
      TABLE,
      'SELECT DISTINCT ON (a) * FROM t ORDER BY a FETCH FIRST 1 ROW WITH TIES',
    ],
    'set operations': ['SELECT 1 EXCEPT ALL SELECT 2 INTERSECT SELECT 3'],
    TABLESAMPLE: [TABLE, 'SELECT * FROM t TABLESAMPLE bernoulli (10)'],
    'row locking clauses': [TABLE, 'SELECT * FROM t FOR UPDATE SKIP LOCKED'],
    'VALUES as a table': ['VALUES (1, 2), (3, 4)'],
    JSON_TABLE: ["SELECT * FROM JSON_TABLE('[1]', '$[*]' COLUMNS (x int PATH '$')) j"],
    'JSON_VALUE, JSON_QUERY, JSON_EXISTS': ["SELECT JSON_VALUE('{\"a\": 1}', '$.a')"],
    'JSON_OBJECT, JSON_ARRAY constructors': ["SELECT JSON_OBJECT('a': 1)"],
    'IS JSON': ["SELECT '1' IS JSON"],
    XMLTABLE: ["SELECT * FROM XMLTABLE('/r' PASSING '<r/>' COLUMNS x text)"],
  },
  'Changing data': {
    'INSERT ... ON CONFLICT DO UPDATE': [
      TABLE,
      FILLED,
      'INSERT INTO t VALUES (1) ON CONFLICT (id) DO UPDATE SET a = 5',
    ],
    RETURNING: [TABLE, FILLED, 'UPDATE t SET a = a + 1 RETURNING *'],
    'UPDATE ... FROM, DELETE ... USING': [TABLE, FILLED, 'DELETE FROM t USING t u WHERE t.id = u.id + 1'],
    MERGE: [
      TABLE,
      FILLED,
      'MERGE INTO t USING (SELECT 1 AS k) s ON t.id = s.k WHEN MATCHED THEN UPDATE SET a = 0',
    ],
    'data-modifying WITH': [TABLE, FILLED, 'WITH d AS (DELETE FROM t RETURNING *) SELECT count(*) FROM d'],
    'TRUNCATE ... CASCADE': [TABLE, 'TRUNCATE t RESTART IDENTITY CASCADE'],
    'COPY as a statement': [TABLE, 'COPY t TO STDOUT'],
    'WHERE CURRENT OF': [
      TABLE,
      FILLED,
      'BEGIN',
      'DECLARE c CURSOR FOR SELECT * FROM t FOR UPDATE',
      'FETCH c',
      'DELETE FROM t WHERE CURRENT OF c',
    ],
  },
  'Tables and constraints': {
    'identity and generated columns': [
      'CREATE TABLE g (id int GENERATED ALWAYS AS IDENTITY, a int, b int GENERATED ALWAYS AS (a * 2) STORED)',
    ],
    'foreign keys with actions, deferrable': [
      TABLE,
      'CREATE TABLE c (t int REFERENCES t ON DELETE CASCADE ON UPDATE SET NULL DEFERRABLE INITIALLY DEFERRED)',
    ],
    'UNIQUE NULLS NOT DISTINCT': ['CREATE TABLE u (a int UNIQUE NULLS NOT DISTINCT)'],
    'unique keys of character without a length': ['CREATE TABLE u (a bpchar UNIQUE)'],
    'EXCLUDE constraints': ['CREATE TABLE e (r int4range, EXCLUDE USING gist (r WITH &&))'],
    'tables partitioned by range and by list': [
      'CREATE TABLE p (a int) PARTITION BY RANGE (a)',
      'CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (1) TO (10)',
      'INSERT INTO p VALUES (5)',
      'CREATE TABLE l (a int) PARTITION BY LIST (a)',
    ],
    'tables partitioned by hash': ['CREATE TABLE h (a int) PARTITION BY HASH (a)'],
    'foreign keys that refer to a partitioned table': [
      'CREATE TABLE p (a int PRIMARY KEY) PARTITION BY RANGE (a)',
      'CREATE TABLE r (a int REFERENCES p)',
    ],
    'table inheritance': [TABLE, 'CREATE TABLE i () INHERITS (t)'],
    'LIKE, CREATE TABLE AS': [TABLE, 'CREATE TABLE l (LIKE t INCLUDING ALL)'],
    'temporary tables': ['CREATE TEMP TABLE x (a int) ON COMMIT DROP'],
    'UNLOGGED tables': ['CREATE UNLOGGED TABLE x (a int)'],
    'foreign tables': ['CREATE FOREIGN TABLE f (a int) SERVER s'],
    'partial, expression and covering indexes': [
      TABLE,
      'CREATE INDEX i ON t (lower(b) DESC) INCLUDE (a) WHERE a > 0',
    ],
    'hash, BRIN indexes': [TABLE, 'CREATE INDEX i ON t USING brin (a)'],
    'statistics objects': [TABLE, 'CREATE STATISTICS s ON a, b FROM t'],
    'row level security': [TABLE, 'CREATE POLICY p ON t USING (true)'],
    tablespaces: ["CREATE TABLESPACE s LOCATION '/tmp/s'"],
  },
  'Views, rules, triggers, routines': {
    'views, WITH CHECK OPTION': [TABLE, 'CREATE VIEW v AS SELECT * FROM t WHERE a > 0 WITH CHECK OPTION'],
    'materialized views': [TABLE, 'CREATE MATERIALIZED VIEW m AS SELECT * FROM t'],
    rules: [TABLE, 'CREATE RULE r AS ON DELETE TO t DO INSTEAD NOTHING'],
    'event triggers': ['CREATE EVENT TRIGGER e ON ddl_command_start EXECUTE FUNCTION f()'],
    'functions in SQL': [
      "CREATE FUNCTION f(a int) RETURNS int LANGUAGE sql AS 'SELECT a + 1'",
      'SELECT f(1)',
    ],
    'functions in PL/pgSQL': ["CREATE FUNCTION f() RETURNS int LANGUAGE plpgsql AS 'BEGIN RETURN 1; END'"],
    'procedures, CALL': ["CREATE PROCEDURE p() LANGUAGE sql AS 'SELECT 1'", 'CALL p()'],
    DO: ["DO 'BEGIN END'"],
    'aggregates of your own in SQL': [
      'CREATE AGGREGATE a(int) (SFUNC = int4pl, STYPE = int)',
      'SELECT a(x) FROM generate_series(1, 3) x',
    ],
    'operators of your own in SQL': [
      'CREATE OPERATOR === (LEFTARG = int, RIGHTARG = int, FUNCTION = int4eq)',
    ],
    'casts of your own in SQL': ['CREATE CAST (int AS point) WITH FUNCTION f(int)'],
  },
  'Types and names': {
    'enums, domains, composite types': [
      "CREATE TYPE e AS ENUM ('a')",
      'CREATE DOMAIN d AS int CHECK (VALUE > 0)',
      'CREATE TYPE c AS (x e, y d)',
    ],
    'range types of your own': ['CREATE TYPE r AS RANGE (SUBTYPE = float8)'],
    'base types of your own': ['CREATE TYPE b (INPUT = x, OUTPUT = y)'],
    sequences: ['CREATE SEQUENCE s', "SELECT nextval('s')"],
    'schemas, search_path': ['CREATE SCHEMA s', 'SET search_path = s, public'],
    'collations but "C"': ["SELECT 'a' < 'B' COLLATE \"en_US\""],
    extensions: ['CREATE EXTENSION pg_trgm'],
    comments: [TABLE, "COMMENT ON TABLE t IS 'x'"],
    xml: ["SELECT '<a/>'::xml"],
    'large objects': ['SELECT lo_create(0)'],
  },
  'Sessions and transactions': {
    savepoints: ['BEGIN', 'SAVEPOINT s', 'ROLLBACK TO s'],
    'PREPARE, EXECUTE': ['PREPARE p AS SELECT 1', 'EXECUTE p'],
    'cursors, FETCH, MOVE': ['BEGIN', 'DECLARE c SCROLL CURSOR FOR SELECT 1', 'FETCH LAST FROM c'],
    'LISTEN, NOTIFY': ['LISTEN c', "NOTIFY c, 'x'"],
    'two-phase commit': ['BEGIN', "PREPARE TRANSACTION 'x'"],
    'LOCK TABLE': [TABLE, 'BEGIN', 'LOCK TABLE t'],
    'EXPLAIN (ANALYZE, FORMAT JSON)': ['EXPLAIN (ANALYZE, FORMAT JSON) SELECT 1'],
    'VACUUM, ANALYZE': [TABLE, 'ANALYZE t'],
    'logical replication': ['CREATE PUBLICATION p FOR ALL TABLES'],
  },
};

export const features: readonly Feature[] = Object.entries(FEATURES).flatMap(([area, list]) =>
  Object.entries(list).map(([name, statements]) => ({ area, name, statements })),
);
