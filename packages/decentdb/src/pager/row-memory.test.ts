/** Remembered rows against a model of pages, versions and snapshots. */
import assert from 'node:assert/strict';
import { afterEach, test } from 'node:test';
import { Prng } from '../base/prng.ts';
import { RowMemory, rowMemories } from './row-memory.ts';

const SEED = Number(process.env['SEED'] ?? 11);
const usual = { ...rowMemories };
afterEach(() => {
  Object.assign(rowMemories, usual);
});

/** Begins at once, and keeps what is looked up for the second time. */
function eagerMemory(bytesMax = 1 << 20): RowMemory {
  Object.assign(rowMemories, { isOn: true, usesBefore: 0, wantedAfter: 1 });
  const memory = new RowMemory(bytesMax, () => {});
  memory.isWanted(memory.newOwner(), 0);
  return memory;
}

function keep(
  memory: RowMemory,
  owner: number,
  key: number,
  page: number,
  version: number,
  row: object,
  bytes: number,
): void {
  const place = memory.placeFor(owner, key, bytes);
  if (place >= 0) memory.keep(place, owner, key, page, version, row, bytes);
}

test('a row is kept when its key comes again, and found by its owner alone', () => {
  const memory = eagerMemory();
  const [mine, other] = [memory.newOwner(), memory.newOwner()];
  const row = { id: 7 };
  assert.equal(memory.isWanted(mine, 7), false);
  assert.equal(memory.isWanted(mine, 7), true);
  keep(memory, mine, 7, 12, 3, row, 100);
  assert.equal(memory.find(mine, 7, 3), row);
  assert.equal(memory.find(mine, 7, 9), row);
  assert.equal(memory.find(mine, 8, 9), undefined);
  assert.equal(memory.find(other, 7, 9), undefined);
});

test('a row is not found by a snapshot from before it, nor once its page has a newer version', () => {
  const memory = eagerMemory();
  const owner = memory.newOwner();
  keep(memory, owner, 7, 12, 3, { id: 7 }, 100);
  assert.equal(memory.find(owner, 7, 2), undefined);
  memory.noteVersion(13);
  assert.ok(memory.find(owner, 7, 3) !== undefined);
  memory.noteVersion(12);
  assert.equal(memory.find(owner, 7, 4), undefined);
  const newer = { id: 7 };
  keep(memory, owner, 7, 12, 4, newer, 100);
  assert.equal(memory.find(owner, 7, 4), newer);
  memory.forgetAll();
  assert.equal(memory.find(owner, 7, 4), undefined);
});

test('when all numbers of owners were given out, nothing is found by one that comes again', () => {
  const memory = eagerMemory();
  rowMemories.ownersMax = 5;
  const owner = memory.newOwner();
  const { era } = memory;
  keep(memory, owner, 7, 12, 3, { id: 7 }, 100);
  for (let i = 0; i < 3; i++) assert.notEqual(memory.newOwner(), owner);
  assert.equal(memory.era, era);
  assert.ok(memory.find(owner, 7, 3) !== undefined);
  for (let i = 0; i < 5; i++) memory.newOwner();
  assert.notEqual(memory.era, era);
  assert.equal(memory.find(owner, 7, 3), undefined);
  assert.notEqual(new RowMemory(1 << 20, () => {}).era, memory.era);
});

test('pages of large files are known within the budget', () => {
  const memory = eagerMemory(512 << 10);
  const owner = memory.newOwner();
  const far = 2 ** 32 - 3;
  keep(memory, owner, 7, far, 3, { id: 7 }, 100);
  assert.ok(memory.find(owner, 7, 3) !== undefined);
  assert.ok(memory.stats().bytes <= 512 << 10);
  memory.noteVersion(far - 1);
  assert.ok(memory.find(owner, 7, 3) !== undefined);
  memory.noteVersion(far);
  assert.equal(memory.find(owner, 7, 4), undefined);
});

test('nothing is kept where it is switched off, has no room, or before there are look-ups enough', () => {
  eagerMemory();
  let charged = 0;
  const charge = (bytes: number): void => {
    charged += bytes;
  };
  const askedOf = (memory: RowMemory): boolean => {
    const owner = memory.newOwner();
    let isWanted = false;
    for (let i = 0; i < 20; i++) isWanted = memory.isWanted(owner, 1);
    return isWanted;
  };
  assert.equal(askedOf(new RowMemory(1000, charge)), false);
  rowMemories.usesBefore = 100;
  assert.equal(askedOf(new RowMemory(1 << 20, charge)), false);
  Object.assign(rowMemories, { isOn: false, usesBefore: 0 });
  assert.equal(askedOf(new RowMemory(1 << 20, charge)), false);
  assert.equal(charged, 0);
  rowMemories.isOn = true;
  assert.equal(askedOf(new RowMemory(1 << 20, charge)), true);
  assert.equal(charged, 1 << 20);
});

test('any order of look-ups, versions and snapshots finds what is stored, within the budget', () => {
  const random = new Prng(SEED);
  const memory = eagerMemory(512 << 10);
  const owners = [memory.newOwner(), memory.newOwner(), memory.newOwner()];
  const PAGES = 300;
  const KEYS = 20_000;
  const pageOf = (key: number): number => 3 + (key % PAGES);
  const versions = new Map<number, number>();
  let lsn = 1;
  let found = 0;
  for (let step = 0; step < 150_000; step++) {
    const owner = owners[random.below(owners.length)]!;
    // Some keys come often; some lie beyond 32 bits, and beside zero.
    const key =
      (random.below(3) > 0 ? random.below(300) : random.below(KEYS)) + (random.below(9) === 0 ? 2 ** 33 : -5);
    const page = pageOf(Math.abs(key));
    const version = versions.get(page) ?? 0;
    const snapshot = random.below(4) === 0 ? random.below(lsn + 1) : lsn;
    const row = memory.find(owner, key, snapshot) as
      | { owner: number; key: number; version: number }
      | undefined;
    if (row !== undefined) {
      found++;
      assert.deepEqual(row, { owner, key, version }, `seed ${SEED}, step ${step}`);
      assert.ok(version <= snapshot, `seed ${SEED}, step ${step}`);
    } else if (memory.isWanted(owner, key))
      keep(memory, owner, key, page, version, { owner, key, version }, 60 + random.below(200));
    if (random.below(50) === 0) {
      lsn++;
      const changed = pageOf(random.below(PAGES));
      versions.set(changed, lsn);
      memory.noteVersion(changed);
    }
    if (random.below(20_000) === 0) memory.forgetAll();
    if ((step & 0x3ff) === 0) assert.ok(memory.stats().bytes <= 512 << 10, `seed ${SEED}, step ${step}`);
  }
  assert.ok(found > 20_000, `${found} of 150,000 look-ups found their row`);
});
