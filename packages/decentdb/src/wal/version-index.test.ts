import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Lsn, PageNo } from '../base/ids.ts';
import { Prng } from '../base/prng.ts';
import { FailingAllocations } from '../testing/allocation/failing-allocations.ts';
import { packPosition, positionFile, positionOffset, VersionIndex } from './version-index.ts';

const SEED = Number(process.env['SEED'] ?? 7);
const lsn = (value: number): Lsn => value as Lsn;
const page = (value: number): PageNo => value as PageNo;

test('positions carry the file and the offset', () => {
  for (const offset of [0, 1024, 8 * (2 ** 31 - 1)]) {
    for (const file of [0, 1] as const) {
      const position = packPosition(file, offset);
      assert.deepEqual([positionFile(position), positionOffset(position)], [file, offset]);
    }
  }
});

test(`the index equals a model under random adds, finds and drops (SEED=${SEED})`, () => {
  const random = new Prng(SEED);
  const index = new VersionIndex(lsn(0));
  let model: { page: number; lsn: number; position: number }[] = [];
  let dropped = 0;
  for (let at = 1; at <= 4000; at++) {
    for (let change = random.below(3); change >= 0; change--) {
      const number = 1 + random.below(40);
      const position = random.below(2 ** 32);
      index.add(page(number), lsn(at), position, lsn(at));
      model = model.filter((entry) => entry.page !== number || entry.lsn !== at);
      model.push({ page: number, lsn: at, position });
    }
    const wanted = dropped + random.below(at - dropped + 1);
    const number = 1 + random.below(40);
    const best = model.filter((entry) => entry.page === number && entry.lsn <= wanted).at(-1);
    const entry = index.find(page(number), lsn(wanted));
    if (best === undefined) assert.equal(entry, -1);
    else assert.deepEqual([index.lsnAt(entry), index.positionAt(entry)], [best.lsn, best.position]);
    if (random.below(300) !== 0) continue;
    const pages = [...new Set(model.filter((entry) => entry.lsn <= wanted).map((entry) => entry.page))];
    assert.deepEqual(
      [...index.pagesThrough(lsn(wanted))],
      pages.sort((a, b) => a - b),
    );
    index.dropThrough(lsn(wanted));
    dropped = Math.max(dropped, wanted);
    model = model.filter((entry) => entry.lsn > wanted);
    assert.equal(index.entries, model.length);
  }
});

test('AC-P3.5: at most 24 bytes an entry, and one entry a page while nobody reads', () => {
  const index = new VersionIndex(lsn(0));
  const pages = 200_000;
  for (let number = 1; number <= pages; number++) index.add(page(number), lsn(1), number, lsn(0));
  assert.ok(index.memoryBytes / index.entries <= 24, `${index.memoryBytes / index.entries} bytes`);
  for (let at = 2; at < 1000; at++) index.add(page(5), lsn(at), at, lsn(1));
  assert.equal(index.entries, pages + 1, 'one entry for the snapshot at 1, one for the newest');
});

test('AC-P3.6: after everything is dropped the memory is that of an empty index', () => {
  const index = new VersionIndex(lsn(0));
  const empty = index.memoryBytes;
  for (let number = 1; number <= 50_000; number++) index.add(page(number), lsn(1), number, lsn(0));
  index.dropThrough(lsn(1));
  assert.equal(index.memoryBytes, empty);
});

test('corpus: where memory for what stays is refused, nothing is forgotten', () => {
  const index = new VersionIndex(lsn(0));
  for (let number = 1; number <= 5000; number++)
    index.add(page(number), lsn(1 + (number % 2)), number, lsn(0));
  const faults = new FailingAllocations();
  faults.install();
  try {
    for (let first = 1; ; first++) {
      faults.arm({ first, count: 1 });
      try {
        index.dropThrough(lsn(1));
        assert.ok(first > 1, 'something was refused');
        break;
      } catch (error) {
        assert.ok(error instanceof RangeError);
        faults.disarm();
        assert.equal(index.entries, 5000);
        assert.equal(index.positionAt(index.find(page(4000), lsn(1))), 4000);
        assert.equal(index.positionAt(index.latest(page(4001))), 4001);
      }
    }
  } finally {
    faults.uninstall();
  }
  assert.equal(index.entries, 2500);
});
