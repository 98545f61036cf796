/**
 * Systematic damage: every page in turn, a bit of every page, several pages at random (SEED replays).
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Prng } from '../../base/prng.ts';
import { assertNothingWrong, countOf, destroy, missing, rescue } from './rescue.test.kit.ts';
import { makeSpecimen, mapPages, SOURCE, TABLES, wholeContent } from './specimen.test.kit.ts';

const seed = Number(process.env['SEED'] ?? 1);

test('C1: each page destroyed in turn loses the rows on it and no other', () => {
  const disk = makeSpecimen();
  const whole = wholeContent(disk);
  const map = mapPages(disk);
  for (let page = map.firstDataPage; page < map.pageCount; page++) {
    const what = `page ${page} destroyed`;
    const { report, content, lost } = rescue(destroy(disk, page, map.pageBytes));
    assertNothingWrong(whole, content, what);
    if (map.catalog.has(page)) {
      const kept = countOf(content);
      const all = countOf(whole);
      assert.ok(kept + lost.length >= all, `${what}: ${kept} rows and ${lost.length} lost ones of ${all}`);
      assert.equal(report.isComplete, false);
      continue;
    }
    const on = map.rowsOn.get(page);
    for (const table of TABLES) {
      const gone = missing(whole, content, table);
      if (map.overflow.has(page) && table === 'person') {
        assert.equal(gone.length, lost.length, what);
        assert.ok(gone.length <= 1, what);
      } else
        assert.deepEqual(gone.sort(), on?.table === table ? [...on.rows].sort() : [], `${what}: ${table}`);
    }
    if (on !== undefined) {
      const told = report.tables.find((one) => one.name === on.table);
      assert.deepEqual(told?.pagesLost, [page], what);
      assert.equal(report.isComplete, on.rows.length === 0, what);
    }
  }
});

test('a single flipped bit in a page is put right', () => {
  const disk = makeSpecimen();
  const whole = wholeContent(disk);
  const map = mapPages(disk);
  for (const [page] of map.rowsOn) {
    const copy = disk.clone();
    const bit = (page * 7919) % (map.pageBytes * 8);
    copy.files.get(SOURCE)!.bytes()[page * map.pageBytes + (bit >> 3)]! ^= 1 << (bit & 7);
    const { report, content } = rescue(copy);
    assert.equal(report.isComplete, true);
    assert.match(report.findings[0]!.message, /one flipped bit was put right/);
    for (const table of TABLES) assert.deepEqual(missing(whole, content, table), []);
  }
});

test(`several pages destroyed, with the header now and then: no row is wrong, none is lost twice (seed ${seed})`, () => {
  const disk = makeSpecimen();
  const whole = wholeContent(disk);
  const map = mapPages(disk);
  const random = new Prng(seed);
  for (let round = 0; round < 40; round++) {
    let copy = disk;
    const pages = new Set<number>();
    for (let i = 1 + random.below(6); i > 0; i--) {
      const page = map.firstDataPage + random.below(map.pageCount - map.firstDataPage);
      pages.add(page);
      copy = destroy(copy, page, map.pageBytes);
    }
    const isHeaderless = random.below(4) === 0;
    if (isHeaderless) copy.files.get(SOURCE)!.bytes().fill(0, 0, 1024);
    const what = `seed ${seed}, round ${round}: pages ${[...pages].join(', ')}${isHeaderless ? ' and the header' : ''}`;
    const { content, lost } = rescue(copy);
    assertNothingWrong(whole, content, what);
    let gone = 0;
    for (const [page, { rows }] of map.rowsOn) if (pages.has(page)) gone += rows.length;
    assert.ok(countOf(content) + lost.length >= countOf(whole) - gone, what);
  }
});
