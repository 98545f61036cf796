/** Searches by what texts begin with against the order of the texts themselves. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compareText } from '../types/text-order.ts';
import { TextHeads } from './text-heads.ts';
import { Random } from './tree-model.fuzz.ts';

const PIECES = [
  'a',
  'b',
  '',
  '\u0001',
  '\u00fe',
  '\u00ff',
  '\u0100',
  '\u0416',
  '\ud7ff',
  '\uffee',
  '\u{1f600}',
  'same start ',
];

function randomText(random: Random, prefix: string): string {
  let text = random.next() < 0.97 ? prefix : '';
  for (let i = random.below(7); i > 0; i--) text += random.pick(PIECES);
  return text;
}

const isLow = (text: string): boolean => !/[\ud800-\uffff]/.test(text);

test('rows found by heads enclose the rows of a text, through inserts and removals', () => {
  const first = Number(process.env['SEED'] ?? 1);
  for (let seed = first; seed < first + 40; seed++) {
    const random = new Random(seed);
    const prefix = random.pick(['', 'a', 'user of a name ', '\u00e4']);
    const texts = Array.from({ length: 1 + random.below(60) }, () => randomText(random, prefix)).sort(
      compareText,
    );
    let heads = TextHeads.of(texts, 0, texts.length);
    for (let step = 0; step < 200; step++) {
      const text = random.next() < 0.5 ? random.pick(texts) : randomText(random, prefix);
      const lower = texts.findIndex((other) => compareText(other, text) >= 0);
      const at = lower < 0 ? texts.length : lower;
      const behind = texts.findIndex((other) => compareText(other, text) > 0);
      const end = behind < 0 ? texts.length : behind;
      if (isLow(text)) {
        const side = heads.sideOf(text);
        const replay = `replay with SEED=${seed}, step ${step}`;
        if (side !== 0) assert.deepEqual([at, end], side < 0 ? [0, 0] : [texts.length, texts.length], replay);
        else {
          const low = heads.lowerRow(text, 0);
          const high = heads.endRow(text, low);
          assert.ok(low <= at && end <= high, replay);
          for (let row = low; row < high; row++)
            assert.ok(heads.says(row, texts[row]!, texts.length), replay);
        }
      }
      if (random.next() < 0.5) {
        texts.splice(at, 0, text);
        if (!heads.insert(at, text)) heads = TextHeads.of(texts, 0, texts.length);
      } else if (texts.length > 4) {
        const from = random.below(texts.length - 3);
        const to = from + 1 + random.below(2);
        texts.splice(from, to - from);
        heads.remove(from, to);
      }
      for (let row = 0; row < texts.length; row++) assert.ok(heads.says(row, texts[row]!, texts.length));
    }
  }
});
