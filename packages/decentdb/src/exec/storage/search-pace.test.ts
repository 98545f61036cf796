import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SearchPace } from './search-pace.ts';

function read(pace: SearchPace, listed: number, tested: number, passed: number): void {
  pace.listed += listed;
  pace.candidates += tested;
  pace.tested += tested;
  pace.passed += passed;
}

test('windows and fetches grow where nobody says how many rows are wanted', () => {
  const pace = new SearchPace(null, 4096);
  assert.deepEqual([pace.nextWindow(), pace.nextWindow(), pace.nextWindow()], [128, 2048, 32768]);
  assert.deepEqual([pace.nextFetch(), pace.nextFetch(), pace.nextFetch()], [32, 128, 512]);
});

test('a search that is asked again reads what it needed the last time', () => {
  const first = new SearchPace(null, 4096);
  first.wanted = 20;
  assert.equal(first.nextWindow(), 128);
  read(first, 128, 3, 1);
  const second = first.nextWindow();
  assert.ok(second <= 2048 && second > 1024);
  read(first, second, 58, 40);
  const again = new SearchPace(first.soFar, 4096);
  again.wanted = 20;
  const window = again.nextWindow();
  assert.ok(window * (41 / first.listed) >= 20 && window < first.listed, `${window} of ${first.listed}`);
  assert.ok(again.nextFetch() >= 20);
});

test('rows beyond those wanted come faster and faster; nothing found leads to no endless or empty window', () => {
  const pace = new SearchPace({ listed: 1000, tested: 0, passed: 0 }, 4096);
  pace.wanted = 5;
  assert.ok(pace.nextWindow() >= 1000);
  read(pace, 1000, 50, 6);
  assert.ok(pace.nextWindow() >= 1000);
  const fetches = [pace.nextFetch(), pace.nextFetch(), pace.nextFetch()];
  assert.ok(fetches[0]! > 0 && fetches[1]! > fetches[0]! && fetches[2]! > fetches[1]!);
});
