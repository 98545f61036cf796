import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Prng } from '../../base/prng.ts';
import { isLike, isLikeIgnoringCase } from '../../functions/like.ts';
import { compileIgnoringCase, compileLike } from './like.ts';

const seed = Number(process.env['SEED'] ?? Date.now() % 100_000);
const characters = [...'abKkXx.%_\\ 5-]^', 'é', 'É', '\u212a', '\u017f', 's', '🎵', '\n'];

test('compiled LIKE and ILIKE answer as the functions do', () => {
  const prng = new Prng(seed);
  const word = (least: number, more: number): string =>
    Array.from({ length: least + prng.below(more) }, () => prng.pick(characters)).join('');
  let compiled = 0;
  for (let n = 0; n < 20_000; n++) {
    const pattern = `${prng.pick(['%', '', '%%'])}${word(0, 3)}${prng.pick(['%', ''])}`.replace(/\\$/, '');
    const text = prng.chance(0.5)
      ? word(0, 6)
      : `${word(0, 2)}${pattern.replaceAll(/[%\\]/g, '')}${word(0, 2)}`;
    const ignoring = compileIgnoringCase(pattern);
    if (ignoring !== null) {
      compiled++;
      assert.equal(
        ignoring(text),
        isLikeIgnoringCase(text, pattern),
        `SEED=${seed} ${JSON.stringify([text, pattern])}`,
      );
    }
    const exact = compileLike(pattern);
    if (exact !== null)
      assert.equal(exact(text), isLike(text, pattern), `SEED=${seed} ${JSON.stringify([text, pattern])}`);
  }
  assert.ok(compiled > 1000);
});
