/**
 * The pattern operators: LIKE as ~~, ILIKE as ~~*, and their negations; `like_escape` behind ESCAPE.
 */

import { Oid as T } from '../types/oids.ts';
import { trimBlanks } from '../types/text-types.ts';
import { fn, op } from './define.ts';
import type { ScalarFunction } from './function.ts';
import { isLike, isLikeIgnoringCase, normaliseEscape } from './like.ts';

type Test = (text: string, pattern: string) => boolean;

function pair(
  symbol: string,
  negator: string,
  test: Test,
  word: string,
  example: readonly [string, string],
): ScalarFunction[] {
  const list: ScalarFunction[] = [];
  for (const left of [T.text, T.bpchar, T.name]) {
    const convert =
      left === T.bpchar && symbol !== '~~' && symbol !== '~~*'
        ? trimBlanks
        : (value: string): string => value;
    const isFirst = left === T.text;
    list.push(
      op(
        symbol,
        [left, T.text],
        T.bool,
        (_, a: string, b: string) => test(convert(a), b),
        word,
        isFirst ? example : null,
        { info: { negator } },
      ),
      op(
        negator,
        [left, T.text],
        T.bool,
        (_, a: string, b: string) => !test(convert(a), b),
        `Not: ${word}`,
        null,
        { info: { negator: symbol } },
      ),
    );
  }
  return list;
}

export const matchOperators: readonly ScalarFunction[] = [
  ...pair('~~', '!~~', isLike, 'LIKE: matches the whole text, % any run of characters, _ any one.', [
    "'abc' ~~ 'a%'",
    't',
  ]),
  ...pair('~~*', '!~~*', isLikeIgnoringCase, 'ILIKE: LIKE without regard to case.', ["'ABC' ~~* 'a%'", 't']),
  fn(
    'like_escape',
    [T.text, T.text],
    T.text,
    (_, a: string, b: string) => normaliseEscape(a, b),
    'Rewrites a LIKE pattern for the default escape character.',
    ["like_escape('a#%', '#')", 'a\\%'],
  ),
  fn('like', [T.text, T.text], T.bool, (_, a: string, b: string) => isLike(a, b), 'The function behind ~~.', [
    "\"like\"('abc', '_b_')",
    't',
  ]),
];
