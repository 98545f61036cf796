/**
 * The pattern operators: LIKE as ~~, ILIKE as ~~*, and their negations; `like_escape` behind ESCAPE.
 */

import { Oid as T } from '../types/oids.ts';
import { compareText } from '../types/text-order.ts';
import { trimBlanks } from '../types/text-types.ts';
import { type Evaluate, fn, op } from './define.ts';
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

/** Bytes as text of one character a byte, in which % and _ mean what they mean in text. */
const latin = (bytes: Uint8Array): string => {
  let text = '';
  for (const byte of bytes) text += String.fromCharCode(byte);
  return text;
};
const bytesOf = (text: string): Uint8Array => Uint8Array.from(text, (char) => char.charCodeAt(0));

const bytesMatch: Evaluate = (_, a: Uint8Array, b: Uint8Array) => isLike(latin(a), latin(b));
const bytesDiffer: Evaluate = (_, a: Uint8Array, b: Uint8Array) => !isLike(latin(a), latin(b));
const textMatch: Evaluate = (_, a: string, b: string) => isLike(a, b);
const textDiffer: Evaluate = (_, a: string, b: string) => !isLike(a, b);

/** Byte-wise order of text, which is the order text has here. */
const patternOrder: readonly ScalarFunction[] = (
  [
    ['~<~', (order) => order < 0, '~>=~', '~>~'],
    ['~<=~', (order) => order <= 0, '~>~', '~>=~'],
    ['~>=~', (order) => order >= 0, '~<~', '~<=~'],
    ['~>~', (order) => order > 0, '~<=~', '~<~'],
  ] as const satisfies readonly (readonly [string, (order: number) => boolean, string, string])[]
).flatMap(([symbol, test, negator, commutator]) =>
  [T.text, T.bpchar].map((type) =>
    op(
      symbol,
      [type, type],
      T.bool,
      (_, a: string, b: string) =>
        test(type === T.text ? compareText(a, b) : compareText(trimBlanks(a), trimBlanks(b))),
      'Compares byte by byte.',
      null,
      { info: { negator, commutator } },
    ),
  ),
);

export const matchOperators: readonly ScalarFunction[] = [
  ...patternOrder,
  op('~~', [T.bytea, T.bytea], T.bool, bytesMatch, 'LIKE over bytes.', null, { info: { negator: '!~~' } }),
  op('!~~', [T.bytea, T.bytea], T.bool, bytesDiffer, 'Not: LIKE over bytes.', null, {
    info: { negator: '~~' },
  }),
  fn('like', [T.bytea, T.bytea], T.bool, bytesMatch, 'The function behind ~~.', null),
  fn('notlike', [T.bytea, T.bytea], T.bool, bytesDiffer, 'The function behind !~~.', null),
  fn('like', [T.name, T.text], T.bool, textMatch, 'The function behind ~~.', null),
  fn('notlike', [T.name, T.text], T.bool, textDiffer, 'The function behind !~~.', null),
  fn('notlike', [T.text, T.text], T.bool, textDiffer, 'The function behind !~~.', null),
  fn(
    'like_escape',
    [T.bytea, T.bytea],
    T.bytea,
    (_, a: Uint8Array, b: Uint8Array) => bytesOf(normaliseEscape(latin(a), latin(b))),
    'Rewrites a LIKE pattern for the default escape character.',
    null,
  ),
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
