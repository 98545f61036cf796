/**
 * What PostgreSQL's grammar knows and this engine does not do: refused by name (0A000) at a place, never as a syntax error.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../../api/database.ts';
import { DecentDbError } from '../../base/errors.ts';

/** Statement, and what its message must name. */
const REFUSED: readonly (readonly [sql: string, feature: string])[] = [
  ['CREATE TABLE c (a int, EXCLUDE USING gist (a WITH =))', 'EXCLUDE'],
  ['ALTER TABLE t ADD EXCLUDE USING gist (a WITH =)', 'EXCLUDE'],
  ['ALTER TABLE t ENABLE ROW LEVEL SECURITY', 'ROW SECURITY'],
  ['CREATE FUNCTION g() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RETURN 1; END $$', 'LANGUAGE plpgsql'],
  ['CREATE PROCEDURE g() LANGUAGE plpgsql AS $$ BEGIN END $$', 'LANGUAGE plpgsql'],
  [`CREATE FUNCTION g() RETURNS int LANGUAGE c AS 'x', 'y'`, 'LANGUAGE c'],
  ['CREATE OPERATOR === (leftarg = int, rightarg = int, function = f)', 'CREATE OPERATOR'],
  ['CREATE AGGREGATE ag (ORDER BY int) (sfunc = f, stype = int)', 'CREATE AGGREGATE'],
  ['CREATE AGGREGATE ag (int) (sfunc = f, stype = internal)', 'CREATE AGGREGATE'],
  ['CREATE CAST (int AS text) WITH FUNCTION f(int)', 'CREATE CAST'],
  [`CREATE COLLATION co (locale = 'C')`, 'CREATE COLLATION'],
  ['CREATE TYPE b (input = f, output = f)', 'CREATE TYPE of a base type'],
  ['CREATE TYPE s', 'CREATE TYPE without a definition'],
  ['CREATE TYPE r AS RANGE (subtype = int, canonical = f)', 'canonical'],
  ['CREATE RULE ru AS ON INSERT TO t DO NOTHING', 'CREATE RULE'],
  ['CREATE POLICY po ON t', 'CREATE POLICY'],
  ['CREATE OPERATOR CLASS oc FOR TYPE int USING btree AS OPERATOR 1 <', 'CREATE OPERATOR CLASS'],
  ['CREATE OPERATOR FAMILY fa USING btree', 'CREATE OPERATOR FAMILY'],
  ['CREATE FOREIGN TABLE ft (a int) SERVER s', 'CREATE FOREIGN TABLE'],
  ['CREATE SERVER sv FOREIGN DATA WRAPPER w', 'CREATE SERVER'],
  ['CREATE PUBLICATION pu', 'CREATE PUBLICATION'],
  [`CREATE SUBSCRIPTION su CONNECTION 'x' PUBLICATION y`, 'CREATE SUBSCRIPTION'],
  ['CREATE EVENT TRIGGER et ON ddl_command_start EXECUTE FUNCTION f()', 'CREATE EVENT TRIGGER'],
  [`CREATE TABLESPACE ts LOCATION '/x'`, 'CREATE TABLESPACE'],
  ['CREATE DATABASE d', 'CREATE DATABASE'],
  ['CREATE TEXT SEARCH DICTIONARY d (template = simple)', 'TEXT SEARCH'],
  ['CREATE STATISTICS st ON a, b FROM t', 'CREATE STATISTICS'],
  ['CREATE ACCESS METHOD am TYPE index HANDLER f', 'CREATE ACCESS METHOD'],
  ['CLUSTER t', 'CLUSTER'],
  ['ALTER SYSTEM SET x = 1', 'ALTER SYSTEM'],
  [`PREPARE TRANSACTION 'x'`, 'two-phase commit'],
  [`COMMENT ON OPERATOR + (int, int) IS 'x'`, 'COMMENT ON OPERATOR'],
  ['ALTER OPERATOR + (int, int) OWNER TO r', 'ALTER OPERATOR'],
  [`SELECT * FROM xmltable('/x' PASSING 'y' COLUMNS a int)`, 'XMLTABLE'],
  ['SELECT xmlelement(NAME x)', 'XML'],
];

test('every feature that is not there is refused by its name and place', () => {
  const db = openSync(':memory:');
  db.exec('CREATE TABLE t (a int PRIMARY KEY, b int); CREATE TABLE u (a int); CREATE TYPE ct AS (x int)');
  db.exec('CREATE ROLE r; CREATE FUNCTION f(int) RETURNS int LANGUAGE sql AS $$ SELECT $1 $$');
  for (const [sql, feature] of REFUSED)
    assert.throws(
      () => db.exec(sql),
      (error) => {
        assert.ok(error instanceof DecentDbError, sql);
        assert.equal(error.code, '0A000', `${sql}: ${error.message}`);
        assert.match(error.message, new RegExp(feature), sql);
        assert.ok((error.position ?? 0) >= 1 && (error.position ?? 0) <= sql.length, `${sql}: no position`);
        return true;
      },
      sql,
    );
  assert.deepEqual(
    db.query('SELECT relname FROM pg_class WHERE relnamespace = 2200 AND relkind = $1 ORDER BY 1', ['r'])
      .rows,
    [{ relname: 't' }, { relname: 'u' }],
  );
});
