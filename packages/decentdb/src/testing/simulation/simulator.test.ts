import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Action, type Profile, profileOf, randomActions } from './actions.ts';
import { shrink } from './shrink.ts';
import { noCounts, simulate } from './simulator.ts';
import { errorSweep, faultSweep, fullDiskSweep, readFlipSweep } from './sweep.ts';

const SEED = Number(process.env['SEED'] ?? 1) % 1_000_000;

/** Shrunk runs that once failed, with what was wrong. They stay for good. */
const CORPUS: readonly {
  readonly name: string;
  readonly profile: Profile;
  readonly actions: readonly Action[];
}[] = [
  {
    name: 'a failed sync before a log switch left the handle half alive: the next commit met an assertion',
    profile: { ...profileOf(181), privateBytesMax: 0 },
    actions: [
      { do: 'put', tree: 0, key: 9, length: 2500 },
      { do: 'fault', fault: { on: 'sync', call: 1, effect: { kind: 'error', errno: 'EIO' } } },
      { do: 'commit' },
      { do: 'put', tree: 0, key: 0, length: 20 },
      { do: 'rollback' },
      { do: 'checkpoint' },
      { do: 'put', tree: 2, key: 18, length: 5 },
    ],
  },
  {
    name: 'pages of a close whose sync failed are written again by the next recovery',
    profile: { ...profileOf(56), walBytesMax: 8192, privateBytesMax: 1 << 20 },
    actions: [
      { do: 'put', tree: 1, key: 25, length: 20 },
      { do: 'commit' },
      { do: 'fault', fault: { on: 'sync', call: 2, effect: { kind: 'error', errno: 'EIO' } } },
      { do: 'put', tree: 1, key: 27, length: 5 },
      { do: 'commit' },
      { do: 'put', tree: 0, key: 9, length: 2500 },
      { do: 'commit' },
      { do: 'reopen' },
      { do: 'powerCut', seed: 1619446608 },
    ],
  },
  {
    name: 'a clean header whose sync failed was only in the cache when the log was deleted (seed 199)',
    profile: profileOf(199),
    actions: [
      { do: 'put', tree: 2, key: 17, length: 120 },
      { do: 'commit' },
      { do: 'fault', fault: { on: 'sync', call: 1, effect: { kind: 'error', errno: 'EIO' } } },
      { do: 'kill' },
      { do: 'powerCut', seed: 1876077843 },
    ],
  },
  {
    name: 'a clean header whose sync failed, a full disk, then a power cut (seed 275)',
    profile: profileOf(275),
    actions: [
      { do: 'put', tree: 1, key: 30, length: 60 },
      { do: 'put', tree: 2, key: 56, length: 2500 },
      { do: 'commit' },
      { do: 'kill' },
      { do: 'put', tree: 1, key: 18, length: 2500 },
      { do: 'fault', fault: { on: 'sync', call: 1, effect: { kind: 'error', errno: 'EIO' } } },
      { do: 'powerCut', seed: 1632723791 },
      { do: 'put', tree: 1, key: 70, length: 200 },
      { do: 'diskFull', bytes: 5737 },
      { do: 'put', tree: 2, key: 28, length: 481 },
      { do: 'powerCut', seed: 417403017 },
    ],
  },
  {
    name: 'a bit that flips once while recovery reads the log is no torn tail (seed 185)',
    profile: profileOf(185),
    actions: [
      { do: 'put', tree: 1, key: 7, length: 200 },
      { do: 'commit' },
      { do: 'powerCut', seed: 725391271 },
      { do: 'put', tree: 2, key: 3, length: 470 },
      { do: 'fault', fault: { on: 'read', call: 0, effect: { kind: 'bitFlip', bit: 968 } } },
      { do: 'commit' },
      { do: 'put', tree: 1, key: 1, length: 1000 },
      { do: 'commit' },
      { do: 'powerCut', seed: 1976001245 },
    ],
  },
  {
    name: 'a bit that flips once in the frames of the last commit but one (seed 401)',
    profile: profileOf(401),
    actions: [
      { do: 'put', tree: 2, key: 4, length: 20 },
      { do: 'powerCut', seed: 4274629014 },
      { do: 'put', tree: 2, key: 29, length: 5 },
      { do: 'fault', fault: { on: 'read', call: 2, effect: { kind: 'bitFlip', bit: 544 } } },
      { do: 'delete', tree: 2, key: 11 },
      { do: 'commit' },
      { do: 'put', tree: 1, key: 26, length: 1000 },
      { do: 'put', tree: 1, key: 13, length: 200 },
      { do: 'commit' },
      { do: 'powerCut', seed: 1843328738 },
    ],
  },
  {
    name: 'new pages that were never written are zeros after a power cut, not what the disk had there (seed 10529)',
    profile: profileOf(10529),
    actions: [
      { do: 'put', tree: 0, key: 5, length: 470 },
      { do: 'put', tree: 0, key: 12, length: 481 },
      { do: 'commit' },
      { do: 'put', tree: 2, key: 21, length: 200 },
      { do: 'commit' },
      { do: 'put', tree: 2, key: 27, length: 470 },
      { do: 'put', tree: 0, key: 24, length: 2500 },
      { do: 'commit' },
      { do: 'put', tree: 1, key: 27, length: 1000 },
      { do: 'commit' },
      { do: 'powerCut', seed: 2229492208 },
    ],
  },
  {
    name: 'a dropped tree leaves new pages that were never written (seed 1969)',
    profile: profileOf(1969),
    actions: [
      { do: 'put', tree: 0, key: 3, length: 200 },
      { do: 'put', tree: 2, key: 1, length: 120 },
      { do: 'diskFull', bytes: 6861 },
      { do: 'commit' },
      { do: 'put', tree: 0, key: 6, length: 200 },
      { do: 'put', tree: 1, key: 1, length: 60 },
      { do: 'commit' },
      { do: 'put', tree: 2, key: 3, length: 0 },
      { do: 'put', tree: 0, key: 6, length: 481 },
      { do: 'commit' },
      { do: 'reopen' },
      { do: 'put', tree: 0, key: 7, length: 2500 },
      { do: 'drop', tree: 0 },
      { do: 'put', tree: 2, key: 5, length: 1000 },
      { do: 'put', tree: 2, key: 5, length: 0 },
      { do: 'put', tree: 0, key: 7, length: 5 },
      { do: 'commit' },
      { do: 'step', pages: 3 },
      { do: 'powerCut', seed: 1120005281 },
    ],
  },
  {
    name: 'a session whose second header copy cannot be written keeps the log that the first one names (seed 1184)',
    profile: profileOf(1184),
    actions: [
      { do: 'put', tree: 2, key: 8, length: 200 },
      { do: 'commit' },
      { do: 'reopen' },
      { do: 'put', tree: 0, key: 0, length: 0 },
      {
        do: 'fault',
        fault: { on: 'write', call: 4, sticky: true, effect: { kind: 'error', errno: 'ENOSPC' } },
      },
      { do: 'commit' },
      { do: 'put', tree: 0, key: 24, length: 481 },
      { do: 'commit' },
    ],
  },
  {
    name: 'a header copy whose write failed half-way may be whole: the log that it names stays (seed 35297)',
    profile: profileOf(35297),
    actions: [
      { do: 'put', tree: 2, key: 17, length: 60 },
      { do: 'commit' },
      { do: 'reopen' },
      { do: 'put', tree: 2, key: 5, length: 200 },
      {
        do: 'fault',
        fault: { on: 'write', call: 3, effect: { kind: 'partialWrite', bytes: 264, errno: 'EMFILE' } },
      },
      { do: 'commit' },
      { do: 'put', tree: 2, key: 69, length: 5 },
      { do: 'fault', fault: { on: 'write', call: 0, effect: { kind: 'error', errno: 'EACCES' } } },
      { do: 'put', tree: 1, key: 95, length: 1000 },
    ],
  },
];

for (const { name, profile, actions } of CORPUS) {
  test(`corpus: ${name}`, () => {
    assert.equal(simulate(actions, profile), null);
  });
}

test('ACID-001 ACID-002 ACID-003 D1 D2: random runs of writers, readers, checkpoints, faults, kills and power cuts', () => {
  const counts = noCounts();
  for (let seed = SEED; seed < SEED + 20; seed++) {
    const failure = simulate(randomActions(seed, 250), profileOf(seed), counts);
    assert.equal(failure, null, `SEED=${seed}: ${JSON.stringify(failure)}`);
  }
  assert.ok(counts.commits > 200 && counts.powerCuts > 10 && counts.faultsFired > 10, JSON.stringify(counts));
});

test('S1 S2 S3: an error, a full disk, a flipped bit at calls all over a run', () => {
  for (const kind of [
    errorSweep('EIO', false),
    errorSweep('EIO', true),
    fullDiskSweep(700),
    readFlipSweep(77),
  ]) {
    const { runs, failures } = faultSweep(SEED, kind, 5);
    assert.deepEqual(failures, [], kind.name);
    assert.ok(runs > 1, kind.name); // A short log has few large writes.
  }
});

test('a failing run shrinks to what is needed', () => {
  const items = Array.from({ length: 200 }, (_, i) => i);
  let tries = 0;
  const small = shrink(items, (list) => {
    tries++;
    return list.includes(17) && list.includes(18) && list.includes(151);
  });
  assert.deepEqual(small, [17, 18, 151]);
  assert.ok(tries < 300, `${tries} tries`);
});
