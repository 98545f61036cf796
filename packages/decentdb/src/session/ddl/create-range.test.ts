/**
 * Range types of the user: constructors, operators, casts, multiranges, columns, indexes, reopening, dropping.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Database, openSync } from '../../api/database.ts';
import { DecentDbError } from '../../base/errors.ts';
import { MemoryVfs } from '../../vfs/memory-vfs.ts';

function row(db: Database, sql: string): readonly (string | null)[] {
  const options = { rowMode: 'array', format: 'text' } as const;
  return db.query<readonly (string | null)[]>(sql, [], options).rows[0] ?? [];
}

function failure(db: Database, sql: string): string {
  try {
    db.exec(sql);
  } catch (error) {
    if (error instanceof DecentDbError) return `${error.code} ${error.message}`;
    throw error;
  }
  return 'none';
}

test('a range type has constructors, operators, casts and a multirange type', () => {
  const db = openSync(':memory:');
  db.exec('CREATE TYPE floatrange AS RANGE (subtype = float8, subtype_diff = float8mi)');
  const values: readonly (readonly [string, string])[] = [
    ['floatrange(1.5, 2.5)', '[1.5,2.5)'],
    [`floatrange(1, 2, '[]')`, '[1,2]'],
    ['floatrange(NULL, 3)', '(,3)'],
    [`'[1, 5)'::floatrange * '(2,9]'`, '(2,5)'],
    ['floatrange(1, 2) @> 1.5::float8', 't'],
    ['floatrange(1, 2) -|- floatrange(2, 3)', 't'],
    ['upper(floatrange(1, 2)) + 1', '3'],
    ['floatmultirange(floatrange(1, 2), floatrange(2, 3), floatrange(5, 6))', '{[1,3),[5,6)}'],
    ['floatrange(1, 2)::floatmultirange', '{[1,2)}'],
    [`'{[1,2)}'::floatmultirange + '{[5,6)}'`, '{[1,2),[5,6)}'],
    ['(SELECT range_agg(r) FROM (VALUES (floatrange(1, 2)), (floatrange(2, 3))) AS v (r))', '{[1,3)}'],
    ['pg_typeof(ARRAY[floatrange(1, 2)])', 'floatrange[]'],
  ];
  for (const [sql, value] of values) assert.deepEqual(row(db, `SELECT ${sql}`), [value], sql);
});

test('bounds of a range over integers stay as they are written', () => {
  const db = openSync(':memory:');
  db.exec('CREATE TYPE span AS RANGE (subtype = int, multirange_type_name = spans)');
  assert.deepEqual(row(db, `SELECT '[1,3]'::span, span(1, 2, '()'), '{(1,3],[4,5]}'::spans`), [
    '[1,3]',
    '(1,2)',
    '{(1,3],[4,5]}',
  ]);
  assert.deepEqual(row(db, `SELECT '[1,3]'::int4range`), ['[1,4)']);
});

test('range types are stored, indexed, found again, and dropped with what they stand on', () => {
  const vfs = new MemoryVfs();
  const db = openSync('r.ddb', { vfs });
  db.exec(`CREATE TYPE mood AS ENUM ('a', 'b', 'c'); CREATE TYPE moods AS RANGE (subtype = mood)`);
  db.exec('CREATE TABLE t (id int PRIMARY KEY, r moods UNIQUE, m moods_multirange)');
  db.exec(`INSERT INTO t VALUES (1, '[a,c)', '{[a,b]}'), (2, '[b,c]', NULL), (3, 'empty', '{}')`);
  db.close();
  const again = openSync('r.ddb', { vfs });
  assert.deepEqual(row(again, `SELECT id, m FROM t WHERE r = moods('a', 'c')`), ['1', '{[a,b]}']);
  assert.deepEqual(row(again, `SELECT array_agg(id ORDER BY r) FROM t WHERE NOT r @> 'c'::mood`), ['{3,1}']);
  assert.match(failure(again, `INSERT INTO t VALUES (4, '[a,c)')`), /^23505/);
  assert.match(failure(again, 'DROP TYPE moods_multirange'), /^2BP01 .* because type moods requires it/);
  assert.match(failure(again, 'DROP TYPE mood'), /^2BP01/);
  again.exec(`ALTER TYPE mood RENAME VALUE 'a' TO 'z'`);
  assert.deepEqual(row(again, 'SELECT r, m FROM t WHERE id = 1'), ['[z,c)', '{[z,b]}']);
  again.exec('DROP TYPE mood CASCADE');
  assert.deepEqual(row(again, 'SELECT * FROM t WHERE id = 2'), ['2']);
  assert.match(failure(again, `SELECT moods('a', 'b')`), /^42883/);
  again.close();
  assert.deepEqual(openSync('r.ddb', { vfs }).check().findings, []);
});

test('what makes no range type is said as PostgreSQL says it', () => {
  const db = openSync(':memory:');
  const failures: readonly (readonly [string, string])[] = [
    ['subtype = point', '42704 data type point has no default operator class for access method "btree"'],
    ['subtype_diff = float8mi', '42601 type attribute "subtype" is required'],
    [
      'subtype = float8, subtype_diff = f',
      '42883 function f(double precision, double precision) does not exist',
    ],
    ['subtype = float8, colour = red', '42601 type attribute "colour" not recognized'],
    ['subtype = float8, subtype = int', '42601 conflicting or redundant options'],
    ['subtype = anyelement', '42804 range subtype cannot be anyelement'],
    ['subtype = int, canonical = f', '0A000 a canonical function of a range type is not supported'],
    [
      'subtype = int, collation = "C"',
      '42809 range collation specified but subtype does not support collation',
    ],
  ];
  for (const [attributes, message] of failures)
    assert.equal(failure(db, `CREATE TYPE r AS RANGE (${attributes})`), message);
  db.exec('CREATE TYPE r AS RANGE (subtype = text)');
  assert.match(failure(db, 'CREATE TYPE r AS RANGE (subtype = text)'), /^42710/);
  assert.match(failure(db, 'CREATE TYPE q AS RANGE (subtype = text, multirange_type_name = r)'), /^42710/);
});
