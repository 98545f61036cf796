/** Filters on text give the same rows whether leaves are searched as bytes or (hidden in an expression) texts are looked at. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Database, openSync } from '../../index.ts';
import { MemoryDisk, MemoryVfs } from '../../vfs/memory-vfs.ts';
import { random, testSeed } from '../expr.test.kit.ts';
import { TextSearch } from './text-search.ts';

const WORDS = ['ba', 'ke', 'drust', 'Drus', 'tdRU', 'Ä', 'é', 'É', 'x', 'X', '%', '_', '', 'Ke'];
const WIDE = ['Ωmega', '日本', '😀', 'ñ', '\u212aE', 'ωΜ', 'Ǆ'];

/** Texts with NULLs, empty ones and neighbours whose ends and beginnings make up a word together. */
function fill(db: Database, next: () => number, rows: number): void {
  db.exec('CREATE TABLE t (id int PRIMARY KEY, title text, code varchar(40), n int, kind text)');
  const insert = db.prepare('INSERT INTO t VALUES ($1, $2, $3, $4, $5)');
  db.exec('BEGIN');
  for (let id = 1; id <= rows; id++) {
    const words = id % 1000 > 500 ? [...WORDS, ...WIDE] : WORDS;
    const some = (): string => words[Math.floor(next() * words.length)]!;
    const title = next() < 0.1 ? null : `${some()}${some()} ${some()}${id % 7 === 0 ? id : ''}`;
    insert.run(id, title, `${some()}${id % 50}`, id % 13, ['red', 'green'][id % 2]!);
  }
  db.exec('COMMIT');
  db.checkpoint();
}

const PATTERNS = [
  '%drust%',
  '%dru%',
  'ba%',
  '%x',
  '%a%e%',
  '%_rus_%',
  '%',
  '',
  'x',
  '%Ä%',
  '%é %',
  '%日%',
  '%😀',
  '%\\%%',
  '%t %',
  '%DRUST%',
  '%drU%e',
  'K%',
  '%ke%',
  '%kedr_s%',
  '%É %',
  '%ωm%',
  '%ǆ%',
  '%Xx%',
];

function compare(db: Database, next: () => number): void {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(next() * list.length)]!;
  for (let round = 0; round < 40; round++) {
    const column = pick(['title', 'code', 'kind']);
    const pattern = pick(PATTERNS);
    const test = pick(['LIKE', 'LIKE', '=', 'NOT LIKE', 'ILIKE', 'ILIKE', 'ILIKE']);
    const lowered = pick([false, true]);
    const more = pick(['', ' AND n > 6', ' AND n < 3 AND id % 2 = 0', ` AND code LIKE '%ke%'`]);
    const order = pick(['id', 'id DESC', 'n, id']);
    const sql = (left: string): string =>
      `SELECT id, title, n FROM t WHERE ${left} ${test} '${pattern}'${more} AND id > ${Math.floor(next() * 100)} * 0 + 17
       ORDER BY ${order} LIMIT ${pick([3, 100, 100_000])}`;
    const seed = round;
    const plain = sql(lowered ? `lower(${column})` : column);
    const hidden = plain
      .replace(`WHERE ${column} `, `WHERE (${column} || '') `)
      .replace(`lower(${column})`, `lower(${column} || '')`)
      .replace(' AND code LIKE', ` AND (code || '') LIKE`);
    assert.deepEqual(db.prepare(plain).values(), db.prepare(hidden).values(), `${plain} (${seed})`);
    const counted = (left: string): string => `SELECT count(*), sum(n) FROM t WHERE ${left} ${test} $1`;
    assert.deepEqual(
      db.prepare(counted(lowered ? `lower(${column})` : column)).values(pattern),
      db.prepare(counted(lowered ? `lower(${column} || '')` : `(${column} || '')`)).values(pattern),
      `${counted(column)} of ${pattern}`,
    );
  }
}

test('searching leaves changes no answer: reopened, in memory, among own changes', () => {
  const next = random(testSeed());
  const disk = new MemoryDisk();
  const first = openSync('t.ddb', { vfs: new MemoryVfs(disk) });
  fill(first, next, 6000);
  compare(first, next);
  first.close();
  using db = openSync('t.ddb', { vfs: new MemoryVfs(disk) });
  const { find } = TextSearch.prototype;
  let searched = 0;
  TextSearch.prototype.find = function (this: TextSearch, leaf, from, to) {
    const found = find.call(this, leaf, from, to);
    if (found >= 0) searched++;
    return found;
  };
  try {
    compare(db, next);
  } finally {
    TextSearch.prototype.find = find;
  }
  assert.ok(searched > 100, `${searched} leaves searched`);
  db.exec('BEGIN');
  db.exec(`UPDATE t SET title = 'drust ' || id WHERE id % 400 = 3; DELETE FROM t WHERE id % 900 < 9;
    INSERT INTO t SELECT g, 'xdrustx', 'ke', g, NULL FROM generate_series(10001, 10020) g`);
  compare(db, next);
  db.exec('ROLLBACK');
  compare(db, next);
});

test('rows filtered out are counted, found or not', () => {
  const disk = new MemoryDisk();
  const first = openSync('t.ddb', { vfs: new MemoryVfs(disk) });
  first.exec(`CREATE TABLE t (id int PRIMARY KEY, title text);
    INSERT INTO t SELECT g, 'title ' || md5(g::text) FROM generate_series(1, 3000) g; INSERT INTO t VALUES (0, 'a needle')`);
  first.close();
  using db = openSync('t.ddb', { vfs: new MemoryVfs(disk) });
  const plan = db
    .prepare("EXPLAIN (ANALYZE, TIMING OFF) SELECT id FROM t WHERE title LIKE '%needle%'")
    .values();
  assert.match(JSON.stringify(plan), /Rows Removed by Filter: 3000/);
});
