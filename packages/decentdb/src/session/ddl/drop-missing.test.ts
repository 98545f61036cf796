/** DROP of kinds nobody can make here; codes are PostgreSQL's. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../../index.ts';

test('missing objects: an error, or with IF EXISTS a notice; what the engine consists of stays', () => {
  const db = openSync(':memory:');
  db.exec('CREATE TABLE t (a int)');
  const cases: readonly (readonly [drop: string, code: string])[] = [
    ['COLLATION|nope', '42704'],
    ['CONVERSION|nowhere.nope', '3F000'],
    ['TEXT SEARCH CONFIGURATION|nope', '42704'],
    ['EXTENSION|nope', '42704'],
    ['SERVER|nope', '42704'],
    ['FUNCTION|nope(int, text[])', '42883'],
    ['FUNCTION|nope(no_type)', '42704'],
    ['FUNCTION|nope', '42883'],
    ['AGGREGATE|nope(*)', '42883'],
    ['OPERATOR|@#@ (int, int)', '42883'],
    ['OPERATOR|# (NONE, no_type)', '42704'],
    ['CAST|(text AS text)', '42704'],
    ['TRIGGER|nope ON t', '42704'],
    ['TRIGGER|nope ON nowhere', '42P01'],
    ['RULE|nope ON nowhere.t', '3F000'],
    ['POLICY|nope ON t', '42704'],
    ['OPERATOR CLASS|nope USING btree', '42704'],
    ['ACCESS METHOD|nope', '42704'],
  ];
  for (const [drop, code] of cases) {
    const [kind, name] = drop.split('|');
    assert.throws(() => db.exec(`DROP ${kind} ${name}`), { code }, drop);
    db.exec(`DROP ${kind} IF EXISTS ${name}`);
  }
  for (const sql of [
    'DROP FUNCTION IF EXISTS lower(text)',
    'DROP LANGUAGE sql',
    'DROP OPERATOR + (int, int)',
    'DROP ACCESS METHOD IF EXISTS btree',
  ])
    assert.throws(() => db.exec(sql), { code: '2BP01' }, sql);
  assert.throws(() => db.exec('DROP OPERATOR CLASS IF EXISTS nope USING no_method'), { code: '42704' });
  db.close();
});
