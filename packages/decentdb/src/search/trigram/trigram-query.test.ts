import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Prng } from '../../base/prng.ts';
import { foldCodePoint } from '../../types/case-fold.ts';
import { regexQuery } from './regex-query.ts';
import {
  appendLatin1TextCodes,
  appendTrigrams,
  BEYOND_ASCII,
  textCodesMax,
  textCodesOf,
  trigramCode,
  trigramsOf,
} from './trigram-code.ts';
import { containing, likeQuery, satisfies } from './trigram-query.ts';

const seed = Number(process.env['SEED'] ?? 20_260_101);
const ALPHABET = [...'abcABCéÉxyz %_日本語😀'];

function randomText(prng: Prng, length: number): string {
  return Array.from({ length: prng.below(length) }, () => prng.pick(ALPHABET)).join('');
}

/** LIKE by definition: every split of the text. */
function likeMatches(text: readonly string[], pattern: readonly string[]): boolean {
  if (pattern.length === 0) return text.length === 0;
  const [first, ...rest] = pattern as [string, ...string[]];
  if (first === '%') return text.some((_, i) => likeMatches(text.slice(i), rest)) || likeMatches([], rest);
  if (text.length === 0) return false;
  return (
    (first === '_' || first.toLowerCase() === text[0]!.toLowerCase()) && likeMatches(text.slice(1), rest)
  );
}

test('PERF-001: a text that matches a LIKE or ILIKE pattern satisfies the pattern’s trigram query', (t) => {
  t.diagnostic(`seed ${seed}`);
  const prng = new Prng(seed);
  let matches = 0;
  for (let n = 0; n < 20_000; n++) {
    const text = randomText(prng, 10);
    const start = prng.below(4);
    const middle = [...text].slice(start, start + 1 + prng.below(6)).join('');
    const pattern = prng.pick(['%', '', '_']) + middle + prng.pick(['%', '', '_%']);
    if (!likeMatches([...text], [...pattern])) continue;
    matches++;
    assert.ok(satisfies(textCodesOf(text), likeQuery(pattern, '')), JSON.stringify({ text, pattern }));
  }
  assert.ok(matches > 1000, `only ${matches} matches`);
});

test('a text with a pair of ASCII letters or digits satisfies its query, whatever stands around it', (t) => {
  t.diagnostic(`seed ${seed}`);
  const prng = new Prng(seed);
  const characters = [...'xXqQ1_- ,’é☔日жK😀x'];
  let pairs = 0;
  for (let n = 0; n < 20_000; n++) {
    const text = Array.from({ length: 1 + prng.below(6) }, () => prng.pick(characters)).join('');
    for (const pair of ['xq', 'qx', 'XQ', 'x1', '11', 'kx', 'qk']) {
      const fold = (s: string): string =>
        Array.from(s, (c) => String.fromCodePoint(foldCodePoint(c.codePointAt(0)!))).join('');
      if (!fold(text).includes(fold(pair))) continue;
      pairs++;
      const query = containing(pair);
      assert.equal(query.kind, 'pair');
      assert.ok(satisfies(textCodesOf(text), query), JSON.stringify({ text, pair }));
      const bytes = Uint8Array.from(text, (c) => Math.min(255, c.codePointAt(0)!));
      if (!/^[\0-\xff]*$/.test(text)) continue;
      const codes = new Int32Array(textCodesMax(bytes.length));
      const count = appendLatin1TextCodes(bytes, 0, bytes.length, codes);
      assert.ok(satisfies(codes.subarray(0, count), query), JSON.stringify({ text, pair }));
    }
  }
  assert.ok(pairs > 1000, `only ${pairs} pairs`);
  for (const other of ['a', 'x-', '-x', ' a', 'é1', 'ж1', '日本', '😀'])
    assert.equal(containing(other).kind, 'anything', other);
});

test('wildcards and escapes never get into a trigram', () => {
  assert.deepEqual(likeQuery('%a_b%', '\\'), { kind: 'anything' });
  assert.deepEqual(likeQuery('%abc_d%', '\\'), containing('abc'));
  assert.deepEqual(likeQuery('%a\\%b%', '\\'), containing('a%b'));
  assert.deepEqual(likeQuery('a!_bc%', '!'), containing('a_bc'));
  assert.deepEqual(likeQuery('a%b', '\\'), { kind: 'anything' });
  assert.deepEqual(likeQuery('ab_', '\\'), containing('ab'));
});

test('codes are folded, positive and distinct for Latin text', () => {
  assert.deepEqual(trigramsOf('ÉABé'), trigramsOf('éabÉ'));
  assert.equal(trigramsOf('aaaaaa').length, 1);
  assert.equal(trigramsOf('ab').length, 0);
  assert.ok(trigramsOf('日本語😀é').every((code) => code > 0));
  assert.notEqual(trigramCode(97, 98, 99), trigramCode(98, 97, 99));
});

test('PERF-001: a text that matches a regular expression satisfies its trigram query', () => {
  const patterns = [
    'abc',
    'abc|xyz',
    'ab+c',
    'abx*cde',
    '(abc|xyz)def',
    'a(bcd)+e',
    'abc{2}d',
    'ab{0,1}cde',
    '^abc.*xyz$',
    '[abc]def',
    '\\dabc',
    'ab\\.cd',
    'a|bcd',
    '(abc)?def',
    'abc(d|e)fgh',
    'x[[:alpha:]]abc',
    '(ab(cd|ef)gh)*ijk',
    'abcd+?efg',
  ];
  const texts = [
    'abc',
    'xyz',
    'abbbc',
    'abcde',
    'abxxcde',
    'xyzdef',
    'abcdef',
    'abcdbcde',
    'abccd',
    'acde',
    'abc..xyz',
    'bdef',
    '1abc',
    'ab.cd',
    'a',
    'bcd',
    'def',
    'abcdfgh',
    'xqabc',
    'abcdghabefghijk',
    'ijk',
    'abcddefg',
    'nothing here',
  ];
  let matches = 0;
  for (const pattern of patterns) {
    const meaning = new RegExp(pattern.replace('[[:alpha:]]', '[a-z]'), 'u');
    for (const text of texts) {
      if (!meaning.test(text)) continue;
      matches++;
      assert.ok(satisfies(textCodesOf(text), regexQuery(pattern)), `${pattern} ~ ${text}`);
    }
  }
  assert.ok(matches > 30);
  assert.notEqual(regexQuery('abc(d|e)fgh').kind, 'anything');
  for (const vague of ['(?i)abc', '***=abc', 'a|', '(abc', '\\x41bc', 'abc|'])
    assert.equal(regexQuery(vague).kind, 'anything');
});

test('codes of a text are those of its characters, three by three, whatever alphabets it mixes', () => {
  const prng = new Prng(seed);
  const alphabet = ['a', 'Q', 'À', 'ÿ', 'µ', ' ', 'é', 'İ', 'я', 'ß', '日', '\u{1F600}', '\uD800', 'Ω', '9'];
  for (let n = 0; n < 2000; n++) {
    const text = Array.from({ length: prng.below(12) }, () => prng.pick(alphabet)).join('');
    const points = [...text].map((character) => foldCodePoint(character.codePointAt(0)!));
    const wanted = points.slice(2).map((c, i) => trigramCode(points[i]!, points[i + 1]!, c));
    const codes = new Int32Array(text.length);
    const count = appendTrigrams(text, codes, 0);
    assert.deepEqual([...codes.subarray(0, count)], wanted, JSON.stringify(text));
    // A text is indexed by these and by the edges of its words, which have a blank in them.
    const own = new Set(textCodesOf(text));
    for (const code of trigramsOf(text)) assert.ok(own.delete(code), JSON.stringify(text));
    for (const code of own)
      assert.ok(code === BEYOND_ASCII || code >>> 20 === 32 || (code & 0x3ff) === 32, JSON.stringify(text));
    const latin1 = Buffer.from(text, 'latin1');
    const bytes = new Int32Array(textCodesMax(latin1.length));
    const ofBytes = appendLatin1TextCodes(latin1, 0, latin1.length, bytes);
    assert.deepEqual(
      [...new Set(bytes.subarray(0, ofBytes))].sort((x, y) => x - y),
      [...textCodesOf(latin1.toString('latin1'))],
    );
  }
});
