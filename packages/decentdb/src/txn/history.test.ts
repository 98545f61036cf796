import assert from 'node:assert/strict';
import { test } from 'node:test';
import { runRandomHistory } from '../testing/isolation/random-history.ts';
import { History } from './testing/history.ts';

const SEED = Number(process.env['SEED'] ?? 20265);
const HISTORIES = Number(process.env['HISTORIES'] ?? 2000);

test(`S-4 T3: ${HISTORIES} random histories have an order that explains every read (SEED=${SEED})`, async () => {
  for (let i = 0; i < HISTORIES; i++) {
    const problems = await runRandomHistory(SEED + i);
    assert.deepEqual(problems, [], `SEED=${SEED + i} HISTORIES=1`);
  }
});

test('isolation: the checker finds what it is for', () => {
  const lost = new History();
  const a = lost.begin();
  const b = lost.begin();
  lost.read(a, 0, []);
  lost.read(b, 0, []);
  const first = lost.append(a, 0);
  const second = lost.append(b, 0);
  lost.end(a, 'committed');
  lost.end(b, 'committed');
  const c = lost.begin();
  lost.read(c, 0, [first, second]);
  lost.end(c, 'committed');
  assert.match(lost.check().join(), /no order explains/);

  const skew = new History();
  const writer = skew.begin();
  const reader = skew.begin();
  skew.read(reader, 0, []);
  const x = skew.append(writer, 0);
  const y = skew.append(writer, 1);
  skew.end(writer, 'committed');
  skew.read(reader, 1, [y]);
  skew.end(reader, 'committed');
  const last = skew.begin();
  skew.read(last, 0, [x]);
  skew.end(last, 'committed');
  assert.match(skew.check().join(), /no order explains/);

  const dirty = new History();
  const gone = dirty.begin();
  const value = dirty.append(gone, 0);
  const seer = dirty.begin();
  dirty.read(seer, 0, [value]);
  dirty.end(gone, 'aborted');
  dirty.end(seer, 'committed');
  assert.match(dirty.check().join(), /not committed \(G1a\)/);

  const stale = new History();
  const early = stale.begin();
  const v = stale.append(early, 0);
  stale.end(early, 'committed');
  const late = stale.begin();
  stale.read(late, 0, []);
  stale.end(late, 'committed');
  const after = stale.begin();
  stale.read(after, 0, [v]);
  stale.end(after, 'committed');
  assert.match(stale.check().join(), /no order explains/);
});
