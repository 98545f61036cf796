/** What \h shows: the forms of the statements there are. In brackets: may be left out; with bars: one of them; dots: again. */

type Help = readonly [what: string, form: string];

const FROM_CLAUSE = `    [ FROM item [, ...] ] [ WHERE condition ]
    [ GROUP BY { expression | ROLLUP (...) | CUBE (...) | GROUPING SETS (...) } [, ...] ] [ HAVING condition ]
    [ WINDOW name AS (definition) [, ...] ]
    [ { UNION | INTERSECT | EXCEPT } [ ALL ] select ]
    [ ORDER BY expression [ ASC | DESC ] [ NULLS FIRST | LAST ] [, ...] ]
    [ LIMIT count ] [ OFFSET start ] [ FETCH FIRST count ROWS { ONLY | WITH TIES } ]`;

export const SYNTAX: Readonly<Record<string, Help>> = {
  'ALTER TABLE': [
    'change a table',
    `ALTER TABLE [ IF EXISTS ] [ ONLY ] name action [, ...]
action: ADD [ COLUMN ] name type [ constraint ... ] | DROP [ COLUMN ] name [ CASCADE ] | ALTER [ COLUMN ] name
      { TYPE type [ USING expression ] | SET DEFAULT expression | DROP DEFAULT | SET NOT NULL | DROP NOT NULL }
    | ADD constraint [ NOT VALID ] | VALIDATE CONSTRAINT name | DROP CONSTRAINT name [ CASCADE ]
    | ENABLE | DISABLE TRIGGER name | [ NO ] INHERIT parent | OWNER TO role
ALTER TABLE name RENAME [ COLUMN name | CONSTRAINT name ] TO name | SET SCHEMA name
ALTER TABLE name ATTACH PARTITION name { FOR VALUES bounds | DEFAULT } | DETACH PARTITION name`,
  ],
  ANALYZE: [
    'gather statistics for the planner',
    'ANALYZE [ VERBOSE ] [ table [ (column [, ...]) ] [, ...] ]',
  ],
  BEGIN: [
    'start a transaction',
    'BEGIN [ TRANSACTION ] [ ISOLATION LEVEL { SERIALIZABLE | REPEATABLE READ | READ COMMITTED } ] [ READ ONLY | READ WRITE ]',
  ],
  CALL: ['run a procedure', 'CALL name ( [ argument [, ...] ] )'],
  CHECKPOINT: ['move the log into the database file', 'CHECKPOINT'],
  COMMENT: [
    'describe an object',
    "COMMENT ON { TABLE | COLUMN | INDEX | VIEW | FUNCTION | ... } name IS { 'text' | NULL }",
  ],
  COMMIT: ['end a transaction and keep what it did', 'COMMIT [ AND CHAIN ]'],
  COPY: [
    'rows from and to text',
    `COPY table [ (column [, ...]) ] FROM STDIN [ [ WITH ] (option [, ...]) ] [ WHERE condition ]
COPY { table [ (column [, ...]) ] | (query) } TO STDOUT [ [ WITH ] (option [, ...]) ]
option: FORMAT text | csv | binary, DELIMITER 'c', NULL 'text', HEADER, QUOTE 'c', ESCAPE 'c', FORCE_QUOTE (...), ENCODING 'name'`,
  ],
  'CREATE DOMAIN': [
    'a type with conditions',
    'CREATE DOMAIN name [ AS ] type [ DEFAULT expression ] [ NOT NULL | CHECK (expression on VALUE) ] [ ... ]',
  ],
  'CREATE FUNCTION': [
    'a function in SQL',
    `CREATE [ OR REPLACE ] FUNCTION name ( [ [ mode ] [ name ] type [ DEFAULT expression ] [, ...] ] )
    [ RETURNS type | RETURNS SETOF type | RETURNS TABLE (name type [, ...]) ]
    LANGUAGE sql [ IMMUTABLE | STABLE | VOLATILE ] [ STRICT ] { AS 'statements' | RETURN expression | BEGIN ATOMIC ... END }`,
  ],
  'CREATE INDEX': [
    'an index',
    `CREATE [ UNIQUE ] INDEX [ CONCURRENTLY ] [ [ IF NOT EXISTS ] name ] ON [ ONLY ] table [ USING { btree | gin } ]
    ( { column | (expression) } [ operator class ] [ ASC | DESC ] [ NULLS FIRST | LAST ] [, ...] )
    [ INCLUDE (column [, ...]) ] [ NULLS NOT DISTINCT ] [ WHERE condition ]
    gin with gin_trgm_ops makes LIKE '%...%' fast, gin on a tsvector makes @@ fast`,
  ],
  'CREATE MATERIALIZED VIEW': [
    'keep the rows of a query',
    'CREATE MATERIALIZED VIEW [ IF NOT EXISTS ] name AS query [ WITH [ NO ] DATA ]',
  ],
  'CREATE ROLE': ['a role (recorded, not enforced)', 'CREATE ROLE name [ [ WITH ] LOGIN | SUPERUSER | ... ]'],
  'CREATE SCHEMA': ['a schema', 'CREATE SCHEMA [ IF NOT EXISTS ] name'],
  'CREATE SEQUENCE': [
    'a source of numbers',
    `CREATE [ TEMP ] SEQUENCE [ IF NOT EXISTS ] name [ AS type ] [ INCREMENT [ BY ] n ] [ MINVALUE n ] [ MAXVALUE n ]
    [ START [ WITH ] n ] [ CACHE n ] [ [ NO ] CYCLE ] [ OWNED BY table.column ]`,
  ],
  'CREATE TABLE': [
    'a table',
    `CREATE [ TEMP ] TABLE [ IF NOT EXISTS ] name (
    { column type [ COLLATE name ] [ column_constraint ... ] | constraint | LIKE table [ INCLUDING ... ] } [, ...] )
    [ INHERITS (parent [, ...]) ] [ PARTITION BY { RANGE | LIST | HASH } (key [, ...]) ] [ ON COMMIT { DELETE ROWS | DROP } ]
CREATE TABLE name PARTITION OF parent { FOR VALUES bounds | DEFAULT } [ PARTITION BY ... ]
column_constraint: NOT NULL | DEFAULT expression | PRIMARY KEY | UNIQUE | CHECK (expression) | REFERENCES table [ (column) ]
    [ ON DELETE action ] [ ON UPDATE action ] | GENERATED ALWAYS AS (expression) STORED
    | GENERATED { ALWAYS | BY DEFAULT } AS IDENTITY [ (options) ]
constraint: [ CONSTRAINT name ] { PRIMARY KEY (...) | UNIQUE (...) | CHECK (...)
    | FOREIGN KEY (...) REFERENCES table [ (...) ] [ ON DELETE action ] } [ DEFERRABLE ] [ INITIALLY DEFERRED ]`,
  ],
  'CREATE TABLE AS': [
    'a table of the rows of a query',
    'CREATE [ TEMP ] TABLE [ IF NOT EXISTS ] name [ (column [, ...]) ] AS query [ WITH [ NO ] DATA ]',
  ],
  'CREATE TRIGGER': [
    'a function for each change',
    `CREATE TRIGGER name { BEFORE | AFTER | INSTEAD OF } { INSERT | UPDATE [ OF column [, ...] ] | DELETE | TRUNCATE } [ OR ... ]
    ON table [ FOR EACH { ROW | STATEMENT } ] [ WHEN (condition) ] EXECUTE FUNCTION name ( [ argument [, ...] ] )`,
  ],
  'CREATE TYPE': [
    'an enumeration, a row type',
    "CREATE TYPE name AS { ENUM ('label' [, ...]) | (column type [, ...]) }",
  ],
  'CREATE VIEW': [
    'a named query',
    'CREATE [ OR REPLACE ] [ TEMP ] VIEW name [ (column [, ...]) ] AS query [ WITH [ LOCAL | CASCADED ] CHECK OPTION ]',
  ],
  DECLARE: [
    'a cursor',
    'DECLARE name [ SCROLL ] CURSOR [ WITH HOLD ] FOR query;  FETCH [ count | ALL ] FROM name;  CLOSE name',
  ],
  DELETE: [
    'remove rows',
    `[ WITH ... ] DELETE FROM [ ONLY ] table [ [ AS ] alias ] [ USING item [, ...] ] [ WHERE condition ]
    [ RETURNING expression [, ...] ]`,
  ],
  DROP: [
    'remove an object',
    'DROP { TABLE | VIEW | MATERIALIZED VIEW | INDEX | SEQUENCE | SCHEMA | TYPE | DOMAIN | FUNCTION | TRIGGER | ... } [ IF EXISTS ] name [, ...] [ CASCADE ]',
  ],
  EXPLAIN: [
    'how a statement runs',
    'EXPLAIN [ ( [ ANALYZE ] [, VERBOSE ] [, COSTS off ] [, BUFFERS ] [, FORMAT json ] ) ] statement',
  ],
  GRANT: [
    'privileges (recorded, not enforced)',
    'GRANT { privilege [, ...] | ALL } ON object TO role;  GRANT role TO role',
  ],
  INSERT: [
    'add rows',
    `[ WITH ... ] INSERT INTO table [ [ AS ] alias ] [ (column [, ...]) ] [ OVERRIDING { SYSTEM | USER } VALUE ]
    { DEFAULT VALUES | VALUES ( { expression | DEFAULT } [, ...] ) [, ...] | query }
    [ ON CONFLICT [ (key [, ...]) [ WHERE condition ] | ON CONSTRAINT name ]
      { DO NOTHING | DO UPDATE SET column = expression [, ...] [ WHERE condition ] } ]
    [ RETURNING expression [, ...] ]`,
  ],
  LISTEN: [
    'hear notifications',
    "LISTEN channel;  NOTIFY channel [ , 'payload' ];  UNLISTEN { channel | * }",
  ],
  MERGE: [
    'insert, update, delete by what is there',
    `[ WITH ... ] MERGE INTO table [ [ AS ] alias ] USING item ON condition
    WHEN [ NOT ] MATCHED [ AND condition ] THEN { UPDATE SET ... | DELETE | INSERT ... | DO NOTHING } [ ... ]`,
  ],
  PREPARE: [
    'a statement with parameters',
    'PREPARE name [ (type [, ...]) ] AS statement;  EXECUTE name [ (value [, ...]) ];  DEALLOCATE name',
  ],
  REFRESH: [
    'ask the query of a materialized view again',
    'REFRESH MATERIALIZED VIEW [ CONCURRENTLY ] name [ WITH [ NO ] DATA ]',
  ],
  REINDEX: ['build indexes anew', 'REINDEX { INDEX | TABLE | SCHEMA | DATABASE } name'],
  ROLLBACK: ['undo', 'ROLLBACK [ AND CHAIN ];  ROLLBACK TO [ SAVEPOINT ] name'],
  SAVEPOINT: ['a point to go back to', 'SAVEPOINT name;  RELEASE [ SAVEPOINT ] name'],
  SELECT: [
    'ask',
    `[ WITH [ RECURSIVE ] name [ (column [, ...]) ] AS [ [ NOT ] MATERIALIZED ] (statement) [, ...] ]
SELECT [ ALL | DISTINCT [ ON (expression [, ...]) ] ] [ * | expression [ [ AS ] name ] [, ...] ]
${FROM_CLAUSE}
item: [ ONLY ] table [ [ AS ] alias ] [ TABLESAMPLE method (percent) ] | [ LATERAL ] (select) alias | [ LATERAL ] function (...) [ WITH ORDINALITY ]
    | item [ NATURAL ] { [ INNER ] | LEFT | RIGHT | FULL | CROSS } JOIN item [ ON condition | USING (column [, ...]) ]`,
  ],
  SET: [
    'change a setting',
    'SET [ SESSION | LOCAL ] name { TO | = } { value | DEFAULT };  RESET name;  SHOW name',
  ],
  TRUNCATE: ['remove all rows', 'TRUNCATE [ TABLE ] [ ONLY ] table [, ...] [ RESTART IDENTITY ] [ CASCADE ]'],
  UPDATE: [
    'change rows',
    `[ WITH ... ] UPDATE [ ONLY ] table [ [ AS ] alias ] SET { column = { expression | DEFAULT } | (column [, ...]) = (select) } [, ...]
    [ FROM item [, ...] ] [ WHERE condition ] [ RETURNING expression [, ...] ]`,
  ],
  VACUUM: ['make the file shorter', 'VACUUM [ ( [ VERBOSE ] [, ANALYZE ] ) ] [ table [, ...] ]'],
  VALUES: ['rows of constants', 'VALUES (expression [, ...]) [, ...] [ ORDER BY ... ] [ LIMIT ... ]'],
};

/** The help for the statements whose names begin so; for a name nobody has, and for none, the list of names. */
export function syntaxHelp(name: string): string {
  const wanted = name.trim().replace(/\s+/g, ' ').replace(/;$/, '').toUpperCase();
  const all = Object.keys(SYNTAX);
  const found = wanted === '' ? [] : all.filter((one) => one === wanted);
  const near = found.length > 0 || wanted === '' ? found : all.filter((one) => one.startsWith(`${wanted}`));
  if (near.length === 0) {
    const intro = wanted === '' ? 'Help is there for:' : `No help for "${wanted}". Help is there for:`;
    return `${intro}\n  ${all.join('\n  ')}\n`;
  }
  return near
    .map((one) => {
      const [what, form] = SYNTAX[one] as Help;
      return `${one}: ${what}\n${form}\n`;
    })
    .join('\n');
}
