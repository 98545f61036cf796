import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Prng } from '../../base/prng.ts';
import { latin1Slice } from '../../tree/text-bytes.ts';
import { foldCodePoint } from '../../types/case-fold.ts';
import { ExactRun, FoldedRun, latin1Bytes } from './byte-run.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 100_000);

function fold(text: string): string {
  return Array.from(text, (char) => String.fromCodePoint(foldCodePoint(char.codePointAt(0)!))).join('');
}

test('runs are found where a plain search of the text finds them', () => {
  const prng = new Prng(seed);
  const word = (length: number): string =>
    Array.from({ length }, () => prng.pick([...'aAbBkKéÉÿß '])).join('');
  for (let n = 0; n < 20_000; n++) {
    const bytes = latin1Bytes(word(prng.below(40)));
    const run = fold(word(1 + prng.below(6)));
    const from = prng.below(bytes.length + 1);
    const to = from + prng.below(bytes.length - from + 1);
    const text = latin1Slice(bytes, from, to);
    const placeIn = (part: string): number => (part.indexOf(run) < 0 ? -1 : from + part.indexOf(run));
    const what = `SEED=${seed} ${JSON.stringify([text, run])}`;
    assert.equal(FoldedRun.latin1(run).indexIn(bytes, from, to), placeIn(fold(text)), what);
    assert.equal(new ExactRun(latin1Bytes(run)).indexIn(bytes, from, to), placeIn(text), what);
  }
});

test('a run with a k is not looked for where the Kelvin sign is', () => {
  const bytes = new TextEncoder().encode('5 \u212a');
  assert.equal(FoldedRun.ascii('5 k').suits(bytes, 0, bytes.length), false);
  assert.equal(FoldedRun.ascii('5 ').suits(bytes, 0, bytes.length), true);
  assert.equal(FoldedRun.ascii('5 k').suits(bytes, 0, 2), true);
  assert.equal(FoldedRun.simplePart('éab日abc'), 'abc');
});
