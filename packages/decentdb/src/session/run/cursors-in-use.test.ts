import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../../api/database.ts';
import { setVerify } from '../../base/assert.ts';
import { DecentDbError } from '../../base/errors.ts';

setVerify(true);

const SETUP = `
  CREATE SCHEMA s2;
  CREATE TABLE c (a int PRIMARY KEY, b int);
  CREATE INDEX c_b ON c (b);
  CREATE TABLE o (a int NOT NULL, b int, x int);
  CREATE VIEW v AS SELECT a, b FROM c;
  CREATE TABLE par (k int) PARTITION BY LIST (k);
  CREATE TABLE par1 PARTITION OF par FOR VALUES IN (1);
  INSERT INTO c VALUES (1, 1), (2, 2);
  INSERT INTO par VALUES (1);`;

/** With a cursor over `query`: what PostgreSQL 15 says to each statement. '' is no error. */
const CASES: readonly (readonly [query: string, statements: Readonly<Record<string, string>>])[] = [
  [
    'SELECT * FROM c',
    {
      'ALTER TABLE c ADD COLUMN z int': 'ALTER TABLE "c"',
      'ALTER TABLE c ALTER a SET DEFAULT 5': 'ALTER TABLE "c"',
      'ALTER TABLE c ENABLE ROW LEVEL SECURITY': 'ALTER TABLE "c"',
      'ALTER TABLE c INHERIT o': 'ALTER TABLE "c"',
      'DROP TABLE c CASCADE': 'DROP TABLE "c"',
      'DROP SCHEMA public CASCADE': 'DROP TABLE "c"',
      'TRUNCATE c': 'TRUNCATE "c"',
      'CREATE INDEX ci ON c (b)': 'CREATE INDEX "c"',
      'ALTER TABLE c RENAME COLUMN b TO bb': '',
      'ALTER TABLE c RENAME TO cc': '',
      'ALTER TABLE c SET SCHEMA s2': '',
      'DROP INDEX c_b': '',
      'REINDEX TABLE c': '',
      "COMMENT ON TABLE c IS 'x'": '',
      'GRANT SELECT ON c TO public': '',
      'CREATE VIEW v2 AS SELECT * FROM c': '',
      'CREATE TABLE r2 (x int REFERENCES c)': '',
      'ALTER TABLE o ADD FOREIGN KEY (x) REFERENCES c': '',
      'CREATE TABLE child () INHERITS (c)': '',
      'DROP VIEW v': '',
      'DELETE FROM c': '',
      'ALTER TABLE o ADD COLUMN z int': '',
      'DROP TABLE o': '',
    },
  ],
  ['SELECT a FROM v', { 'TRUNCATE c': 'TRUNCATE "c"', 'DROP TABLE c CASCADE': 'DROP TABLE "c"' }],
  ['SELECT 1 FROM o WHERE EXISTS (SELECT FROM c)', { 'TRUNCATE c': 'TRUNCATE "c"', 'TRUNCATE par': '' }],
  ['SELECT * FROM par', { 'DROP TABLE par1': 'DROP TABLE "par1"', 'TRUNCATE par1': 'TRUNCATE "par1"' }],
];

function errorOf(action: () => void): string {
  try {
    action();
    return '';
  } catch (error) {
    if (!(error instanceof DecentDbError)) throw error;
    return `${error.code} ${error.message}`;
  }
}

test('a table that an open cursor reads cannot be altered, dropped, truncated or indexed (55006)', () => {
  const db = openSync(':memory:');
  db.exec(SETUP);
  const before = db.schemaScript();
  for (const [query, statements] of CASES)
    for (const [statement, refused] of Object.entries(statements)) {
      db.exec(`BEGIN; DECLARE cur CURSOR FOR ${query}; SAVEPOINT p`);
      const error = errorOf(() => db.exec(statement));
      const isUsed = `because it is being used by active queries in this session`;
      assert.equal(
        error,
        refused === '' ? '' : `55006 cannot ${refused} ${isUsed}`,
        `${query}: ${statement}`,
      );
      assert.equal(
        db.query('FETCH ALL FROM cur').rows.length,
        query.includes('o WHERE') ? 0 : query.includes('par') ? 1 : 2,
      );
      db.exec('CLOSE cur');
      if (error !== '' && !/INHERIT|ROW LEVEL/.test(statement))
        assert.equal(
          errorOf(() => db.exec(statement)),
          '',
          statement,
        );
      db.exec('ROLLBACK');
    }
  assert.deepEqual(db.schemaScript(), before);
  assert.deepEqual(db.check().findings, []);
  db.close();
});

test('a cursor that is over, held or of a savepoint that was undone holds no table', () => {
  const db = openSync(':memory:');
  db.exec(SETUP);
  db.exec('BEGIN; SAVEPOINT s; DECLARE cur CURSOR FOR SELECT * FROM c; ROLLBACK TO s; TRUNCATE c; ROLLBACK');
  db.exec(
    'BEGIN; CREATE TEMP TABLE tt (a int) ON COMMIT DROP; DECLARE cur CURSOR FOR SELECT * FROM tt; COMMIT',
  );
  db.exec('BEGIN; DECLARE held CURSOR WITH HOLD FOR SELECT * FROM c');
  assert.match(
    errorOf(() => db.exec('TRUNCATE c')),
    /^55006/,
  );
  db.exec('COMMIT; TRUNCATE c; ALTER TABLE c DROP COLUMN b CASCADE');
  assert.equal(db.query('FETCH ALL FROM held').rows.length, 2);
  db.close();
});
