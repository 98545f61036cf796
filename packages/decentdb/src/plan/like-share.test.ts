import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../index.ts';

test('patterns of a letter or two are guessed to match many texts, others few', () => {
  const db = openSync(':memory:');
  db.exec(`CREATE TABLE t (id int PRIMARY KEY, a text);
    INSERT INTO t SELECT i, md5(i::text) FROM generate_series(1, 2000) i`);
  const guessed = (condition: string): number =>
    Number(/rows=(\d+)/.exec(db.explain(`SELECT * FROM t WHERE ${condition}`))?.[1]);
  for (const like of ['LIKE', 'ILIKE']) {
    const share = (pattern: string): number => guessed(`a ${like} '${pattern}'`) / 2000;
    assert.equal(share('%'), 1);
    assert.equal(share('%_%'), 1);
    assert.equal(share('%a%'), 0.25);
    assert.equal(share('%a_b%'), 0.05);
    for (const pattern of ['%abc%', '%a\\%%', '%a', '_b_'])
      assert.equal(share(pattern), 0.02, `${like} ${pattern}`);
  }
  assert.ok(guessed("a NOT LIKE '%a%'") === 1500);
  db.close();
});
