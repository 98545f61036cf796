/** Regular expressions: no pattern makes matching slow, the automaton and the machine agree; lookaround, back references. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileRegex } from './regex.ts';

test('Q3: patterns that ruin backtracking engines stay linear', () => {
  const start = performance.now();
  const text = 'a'.repeat(20_000);
  for (const pattern of ['^(a+)+$', '(a|aa)+$', '(a*)*b', '(.*a){10}b', '(a?){25}a{25}b', '([ab]*c)*d']) {
    const regex = compileRegex(pattern);
    regex.test(`${text}!`);
    regex.find(text.slice(0, 300), 0);
  }
  assert.ok(performance.now() - start < 5000);
});

test('the automaton and the machine agree on whether there is a match', () => {
  for (const pattern of ['a|b*c', '(ab)+', 'x?y{2,3}', '[^a-c]d', 'é.', '\\w+\\d', '(a|b)(c|d)*e']) {
    const regex = compileRegex(pattern);
    for (const text of ['', 'abc', 'ababab', 'xyy', 'yyyy', 'zd', 'é😀', 'ab12', 'bcdcde', 'q']) {
      assert.equal(regex.test(text), regex.find(text, 0) !== null, `${pattern} on ${text}`);
    }
  }
});

test('lookaround is found in one pass, also where a text is searched on', () => {
  const start = performance.now();
  const text = 'ab'.repeat(10_000);
  assert.equal([...compileRegex('a(?=.*b$)').findAll(text)].length, 10_000);
  assert.equal([...compileRegex('(?<=^.*a)b').findAll(text)].length, 10_000);
  assert.equal(compileRegex('(?<!a)b').find(text, 0), null);
  assert.deepEqual([...(compileRegex('(?<=😀)(.)(?!b)').find('a😀b😀c', 0) ?? [])], [3, 4, 3, 4]);
  assert.ok(performance.now() - start < 5000);
});

test('back references', () => {
  const cases: readonly (readonly [string, string, readonly number[] | null])[] = [
    ['(.)\\1', 'abccd', [2, 4, 2, 3]],
    ['^(\\w+)( \\1)+$', 'ab ab ab', [0, 8, 0, 2, 5, 8]],
    ['^(\\w+)( \\1)+$', 'ab ab abc', null],
    ['(a*?)(b)\\2', 'aabb', [0, 4, 0, 2, 2, 3]],
    ['(?:(a)|b)\\1', 'bb', null],
    ['(?:(a)|b)\\1*', 'b', null],
    ['()\\1*x', 'x', [0, 1, 0, 0]],
    ['(x)(?=y).\\1', 'xyx', [0, 3, 0, 1]],
  ];
  for (const [pattern, text, expected] of cases) {
    const found = compileRegex(pattern).find(text, 0);
    assert.deepEqual(found === null ? null : [...found], expected, `${pattern} on ${text}`);
    assert.equal(compileRegex(pattern).test(text), expected !== null);
  }
  assert.ok(compileRegex('(AB)\\1', 'i').test('abAB'));
  for (const pattern of ['(a\\1)', '\\1', '(a)(?=\\1)', '(?=(a))\\1'])
    assert.throws(() => compileRegex(pattern), {
      code: '2201B',
      message: 'invalid regular expression: invalid backreference number',
    });
});

test('back references that take too long are given up', () => {
  const regex = compileRegex('(.*)(.*)(.*)x\\1\\2\\3y');
  assert.throws(() => regex.test('ab'.repeat(300)), { code: '54000' });
});

test('the leftmost match wins, also where short ones are preferred', () => {
  assert.deepEqual([...(compileRegex('(?:[ab]b)*?b+?a?').find('abbabaab', 0) ?? [])], [0, 3]);
});

test('what is wrong or too long is refused', () => {
  assert.throws(() => compileRegex('(((('), {
    code: '2201B',
    message: 'invalid regular expression: parentheses () not balanced',
  });
  assert.throws(() => compileRegex('a'.repeat(70_000)), { code: '54000' });
});

test('classes know letters and signs beyond the basic plane', () => {
  for (const text of ['𐐀', '𝒳', '\u{20000}', '\u{2a6d0}', 'é'])
    assert.ok(compileRegex('^[[:alpha:]]\\w?$').test(text), text);
  for (const text of ['😀', '€', '、']) {
    assert.ok(compileRegex('^[[:punct:]]$').test(text), text);
    assert.ok(compileRegex('^\\W[[:graph:]]*$').test(text), text);
  }
  assert.ok(compileRegex('[[:upper:]]').test('𐐀') && !compileRegex('[[:upper:]]').test('𐐨'));
});
