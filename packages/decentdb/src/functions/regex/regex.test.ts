/** Regular expressions: no pattern makes matching slow, the automaton and the machine agree. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { compileRegex } from './regex.ts';

test('patterns that ruin backtracking engines stay linear', () => {
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

test('what linear time cannot have is refused by name', () => {
  assert.throws(() => compileRegex('(a)\\1'), { code: '0A000' });
  assert.throws(() => compileRegex('a(?=b)'), { code: '0A000' });
  assert.throws(() => compileRegex('(((('), {
    code: '2201B',
    message: 'invalid regular expression: parentheses () not balanced',
  });
  assert.throws(() => compileRegex('a'.repeat(70_000)), { code: '54000' });
});
