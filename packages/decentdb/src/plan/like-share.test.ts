import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openSync } from '../index.ts';

test('patterns are guessed to match what they match of a sample; a letter or two many texts, others few', () => {
  const db = openSync(':memory:');
  db.exec(`CREATE TABLE t (id int PRIMARY KEY, a text, b text);
    INSERT INTO t SELECT i, CASE WHEN i % 10 = 3 THEN 'light green ' ELSE 'dark red ' END || i, md5(i::text) FROM generate_series(1, 4000) i`);
  const share = (condition: string): number =>
    Number(/rows=(\d+)/.exec(db.explain(`SELECT * FROM t WHERE ${condition}`))?.[1]) / 4000;
  const isAbout = (condition: string, least: number, most: number): void =>
    assert.ok(share(condition) >= least && share(condition) <= most, `${condition}: ${share(condition)}`);
  for (const like of ['LIKE', 'ILIKE']) {
    isAbout(`a ${like} '%'`, 1, 1);
    isAbout(`a ${like} '%_%'`, 1, 1);
    isAbout(`a ${like} '%dark%'`, 0.65, 0.9);
    isAbout(`a ${like} '%green%'`, 0.05, 0.15);
    isAbout(`a ${like} '%blue%'`, 0.002, 0.01);
    isAbout(`b ${like} '%abc%'`, 0.002, 0.03);
    isAbout(`b ${like} '%a%'`, 0.6, 0.9);
    for (const pattern of ['%abc%', '%a\\%%', '%x']) isAbout(`a || b ${like} '${pattern}'`, 0.02, 0.02);
    isAbout(`a || b ${like} '%a_b%'`, 0.05, 0.05);
  }
  isAbout("a ILIKE '%GREEN%'", 0.05, 0.15);
  isAbout("a LIKE '%GREEN%'", 0.002, 0.01);
  assert.equal(share("a NOT LIKE '%a%'"), 0.75);
  for (const like of ['LIKE', 'ILIKE']) {
    const dangling = `a ${like} '%dark\\'`;
    assert.equal(share(dangling), 0.02);
    assert.equal(db.prepare(`SELECT count(*) FROM t WHERE id < 0 AND ${dangling}`).pluck().get(), 0);
    assert.throws(() => db.query(`SELECT * FROM t WHERE ${dangling}`), { code: '22025' });
  }
  db.close();
});
