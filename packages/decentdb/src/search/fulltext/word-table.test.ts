import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Prng } from '../../base/prng.ts';
import { UNITS_SPARE, WORD_HASH_FACTOR, WORD_HASH_START } from '../../types/tsvector.ts';
import { WordTable } from './word-table.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 100_000);

test('words are found again by what they are, also when the table was full', () => {
  const prng = new Prng(seed);
  const lexemes: string[] = [];
  const numberOf = (lexeme: string): number => {
    if (!lexemes.includes(lexeme)) lexemes.push(lexeme);
    return lexemes.indexOf(lexeme);
  };
  for (const entriesMax of [50, 10_000]) {
    const table = new WordTable(numberOf, entriesMax);
    let found = 0;
    for (let n = 0; n < 20_000; n++) {
      const word = `${prng.pick(['a', 'b', 'aa', 'x'.repeat(60)])}${prng.below(40)}${prng.chance(0.1) ? 'y'.repeat(20) : ''}`;
      const units = new TextEncoder().encode(
        `${prng.pick(['', 'a', 'b1'])}${word}${'z'.repeat(UNITS_SPARE)}`,
      );
      const to = units.length - UNITS_SPARE;
      const from = to - word.length;
      const lexeme = word.startsWith('b') ? '' : word;
      const wanted = lexeme === '' ? -1 : numberOf(lexeme);
      const hash = hashOf(units, from, to);
      const number = table.find(units, from, to, hash);
      if (number !== undefined) found++;
      assert.equal(number ?? table.learn(units, from, to, hash, lexeme), wanted, `SEED=${seed} ${word}`);
    }
    assert.ok(found > 2000, `${found} of them were remembered`);
  }
});

function hashOf(units: Uint8Array, from: number, to: number): number {
  let hash = WORD_HASH_START;
  // Few hashes: many words have one in common.
  for (let i = from; i < to; i++) hash = Math.imul(hash ^ units[i]!, WORD_HASH_FACTOR);
  return hash & 0x7f;
}
