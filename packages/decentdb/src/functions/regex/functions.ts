/**
 * Regular expression operators and functions.
 */
import { DecentDbError } from '../../base/errors.ts';
import { SqlArray } from '../../types/array.ts';
import { Oid as T } from '../../types/oids.ts';
import { codePointLength, offsetOfCodePoint } from '../../types/text-order.ts';
import type { Datum } from '../../types/vector.ts';
import { fn, op, overloads } from '../define.ts';
import type { ScalarFunction } from '../function.ts';
import { requireHeapAfter } from '../split-text.ts';
import type { Match } from './machine.ts';
import { compileRegex, isGlobal, type Regex, similarToRegex } from './regex.ts';

const { text, int4, bool, textArray, name, bpchar } = T;

function operators(
  symbol: string,
  negator: string,
  letters: string,
  description: string,
  example: readonly [string, string],
): ScalarFunction[] {
  return [text, bpchar, name].flatMap((left, i) => [
    op(
      symbol,
      [left, text],
      bool,
      (_, a: string, b: string) => compileRegex(b, letters).test(a),
      description,
      i === 0 ? example : null,
      { info: { negator } },
    ),
    op(
      negator,
      [left, text],
      bool,
      (_, a: string, b: string) => !compileRegex(b, letters).test(a),
      `Not: ${description}`,
      null,
      { info: { negator: symbol } },
    ),
  ]);
}

/** Text of a group; null where it took no part. */
export function groupText(source: string, match: Match, index: number): string | null {
  const from = match[index * 2]!;
  const to = match[index * 2 + 1]!;
  return from < 0 || to < 0 ? null : source.slice(from, to);
}

/** The groups of a match as an array; the whole match when there are none. */
export function matchArray(source: string, match: Match, regex: Regex): SqlArray {
  if (regex.groups === 0) return SqlArray.of([groupText(source, match, 0)]);
  return SqlArray.of(Array.from({ length: regex.groups }, (_, i) => groupText(source, match, i + 1)));
}

/** The parts of a text between matches; empty matches at the ends do not split. */
export function splitByRegex(source: string, pattern: string, letters: string, what: string): string[] {
  refuseGlobal(letters, what);
  const parts: string[] = [];
  let from = 0;
  for (const match of compileRegex(pattern, letters).findAll(source)) {
    if (match[1] === match[0] && (match[0] === 0 || match[0] === source.length || match[0] === from))
      continue;
    parts.push(source.slice(from, match[0]));
    requireHeapAfter(parts.length);
    from = match[1]!;
  }
  parts.push(source.slice(from));
  return parts;
}

export function refuseGlobal(letters: string, what: string): void {
  if (isGlobal(letters)) throw new DecentDbError('22023', `${what} does not support the "global" option`);
}

/** Replacement text with \1..\9, \& and \\ filled in. */
function expand(template: string, source: string, match: Match): string {
  return template.replace(/\\([1-9&\\])/g, (_, what: string) => {
    if (what === '\\') return '\\';
    const index = what === '&' ? 0 : Number(what);
    return index * 2 < match.length ? (groupText(source, match, index) ?? '') : '';
  });
}

/** Replaces match number `nth` (0: all) from a character position on. */
function replace(
  source: string,
  pattern: string,
  template: string,
  letters: string,
  start: number,
  nth: number,
): string {
  let result = '';
  let from = 0;
  let count = 0;
  for (const match of compileRegex(pattern, letters).findAll(source, startOffset(source, start))) {
    count++;
    if (nth !== 0 && count !== nth) continue;
    result += source.slice(from, match[0]) + expand(template, source, match);
    // Text that grows by appending is a chain of its parts.
    requireHeapAfter(count * 3);
    from = match[1]!;
    if (nth !== 0) break;
  }
  return result + source.slice(from);
}

function startOffset(source: string, start: number): number {
  if (start <= 0) throw new DecentDbError('22023', `invalid value for parameter "start": ${start}`);
  return start > codePointLength(source) + 1 ? source.length + 1 : offsetOfCodePoint(source, start - 1);
}

function positive(value: number, parameter: string, least: number): number {
  if (value < least) throw new DecentDbError('22023', `invalid value for parameter "${parameter}": ${value}`);
  return value;
}

function nthMatch(
  source: string,
  pattern: string,
  start: number,
  nth: number,
  letters: string,
): Match | null {
  let count = 0;
  for (const match of compileRegex(pattern, letters).findAll(source, startOffset(source, start)))
    if (++count === nth) return match;
  return null;
}

function count(source: string, pattern: string, start: number, letters: string): number {
  refuseGlobal(letters, 'regexp_count()');
  let found = 0;
  for (const _match of compileRegex(pattern, letters).findAll(source, startOffset(source, start))) found++;
  return found;
}

function instr(
  source: string,
  pattern: string,
  start: number,
  nth: number,
  end: number,
  letters: string,
  group: number,
): number {
  refuseGlobal(letters, 'regexp_instr()');
  positive(nth, 'n', 1);
  if (end !== 0 && end !== 1)
    throw new DecentDbError('22023', `invalid value for parameter "endoption": ${end}`);
  positive(group, 'subexpr', 0);
  const match = nthMatch(source, pattern, start, nth, letters);
  const at = match === null || group * 2 >= match.length ? -1 : match[group * 2 + end]!;
  return at < 0 ? 0 : codePointLength(source.slice(0, at)) + 1;
}

function substr(
  source: string,
  pattern: string,
  start: number,
  nth: number,
  letters: string,
  group: number,
): Datum {
  refuseGlobal(letters, 'regexp_substr()');
  positive(nth, 'n', 1);
  positive(group, 'subexpr', 0);
  const match = nthMatch(source, pattern, start, nth, letters);
  return match === null || group * 2 >= match.length ? null : groupText(source, match, group);
}

/** substring(text from pattern): the first group if there is one, else the match. */
function substringOf(source: string, pattern: string): Datum {
  const regex = compileRegex(pattern);
  const match = regex.find(source, 0);
  return match === null ? null : groupText(source, match, regex.groups > 0 ? 1 : 0);
}

function firstMatch(source: string, pattern: string, letters: string): Datum {
  refuseGlobal(letters, 'regexp_match()');
  const regex = compileRegex(pattern, letters);
  const match = regex.find(source, 0);
  return match === null ? null : matchArray(source, match, regex);
}

/** SIMILAR TO with the escape character given: NULL escape keeps the default backslash. */
const similarity: readonly ScalarFunction[] = [
  ...overloads(
    'similar_to_escape',
    'A SIMILAR TO pattern as a regular expression.',
    ["similar_to_escape('a%')", '^(?:a.*)$'],
    [
      [[text], text, (_, a: string) => similarToRegex(a, '\\')],
      [[text, text], text, (_, a: string, b: string) => similarToRegex(a, b)],
    ],
  ),
  fn(
    'similar_escape',
    [text, text],
    text,
    (_, a: string | null, b: string | null) => (a === null ? null : similarToRegex(a, b ?? '\\')),
    'A SIMILAR TO pattern as a regular expression.',
    null,
    { strict: false },
  ),
  fn(
    'substring',
    [text, text, text],
    text,
    (_, a: string, b: string, c: string) => substringOf(a, similarToRegex(b, c)),
    'The part of a text a SIMILAR pattern marks.',
    null,
  ),
];

const replacing: readonly ScalarFunction[] = overloads(
  'regexp_replace',
  'Replaces matches of a pattern.',
  ["regexp_replace('Thomas', '.[mN]a.', 'M')", 'ThM'],
  [
    [[text, text, text], text, (_, a: string, b: string, c: string) => replace(a, b, c, '', 1, 1)],
    [
      [text, text, text, text],
      text,
      (_, a: string, b: string, c: string, d: string) => {
        if (/^\d/.test(d))
          throw new DecentDbError('22023', `invalid regular expression option: "${d[0]}"`, {
            hint: 'If you meant to use regexp_replace() with a start parameter, cast the fourth argument to integer explicitly.',
          });
        return replace(a, b, c, d, 1, isGlobal(d) ? 0 : 1);
      },
    ],
    [
      [text, text, text, int4],
      text,
      (_, a: string, b: string, c: string, d: number) => replace(a, b, c, '', d, 1),
    ],
    [
      [text, text, text, int4, int4],
      text,
      (_, a: string, b: string, c: string, d: number, e: number) =>
        replace(a, b, c, '', d, positive(e, 'n', 0)),
    ],
    [
      [text, text, text, int4, int4, text],
      text,
      (_, a: string, b: string, c: string, d: number, e: number, f: string) =>
        replace(a, b, c, f, d, positive(e, 'n', 0)),
    ],
  ],
);

const finding: readonly ScalarFunction[] = [
  ...overloads(
    'regexp_like',
    'Whether a pattern matches anywhere.',
    ["regexp_like('Hello World', 'world$', 'i')", 't'],
    [
      [
        [text, text, text],
        bool,
        (_, a: string, b: string, c: string) => {
          refuseGlobal(c, 'regexp_like()');
          return compileRegex(b, c).test(a);
        },
      ],
      [[text, text], bool, (_, a: string, b: string) => compileRegex(b).test(a)],
    ],
  ),
  fn(
    'regexp_count',
    [text, text, int4, text],
    int4,
    (_, a: string, b: string, c: number, d: string) => count(a, b, c, d),
    'Number of matches.',
    ["regexp_count('123456789012', '\\d\\d\\d', 2)", '3'],
    { defaults: [1, ''] },
  ),
  fn(
    'regexp_instr',
    [text, text, int4, int4, int4, text, int4],
    int4,
    (_, a: string, b: string, c: number, d: number, e: number, f: string, g: number) =>
      instr(a, b, c, d, e, f, g),
    'Position of a match.',
    ["regexp_instr('ABCDEF', 'c(.)(..)', 1, 1, 0, 'i')", '3'],
    { defaults: [1, 1, 0, '', 0] },
  ),
  fn(
    'regexp_substr',
    [text, text, int4, int4, text, int4],
    text,
    (_, a: string, b: string, c: number, d: number, e: string, f: number) => substr(a, b, c, d, e, f),
    'Text of a match.',
    ["regexp_substr('ABCDEF', 'c(.)(..)', 1, 1, 'i')", 'CDEF'],
    { defaults: [1, 1, '', 0] },
  ),
  fn(
    'regexp_match',
    [text, text, text],
    textArray,
    (_, a: string, b: string, c: string) => firstMatch(a, b, c),
    'Groups of the first match.',
    ["regexp_match('foobarbequebaz', '(bar)(beque)')", '{bar,beque}'],
    { defaults: [''] },
  ),
  fn(
    'regexp_split_to_array',
    [text, text, text],
    textArray,
    (_, a: string, b: string, c: string) => SqlArray.of(splitByRegex(a, b, c, 'regexp_split_to_array()')),
    'Splits a text at matches.',
    ["regexp_split_to_array('hello world', '\\s+')", '{hello,world}'],
    { defaults: [''] },
  ),
  fn(
    'substring',
    [text, text],
    text,
    (_, a: string, b: string) => substringOf(a, b),
    'First match of a pattern, or its first group.',
    ["\"substring\"('Thomas', '...$')", 'mas'],
  ),
];

export const regexFunctions: readonly ScalarFunction[] = [
  ...operators('~', '!~', '', 'Matches a regular expression.', ["'thomas' ~ 't.*ma'", 't']),
  ...operators('~*', '!~*', 'i', 'Matches a regular expression without regard to case.', [
    "'thomas' ~* 'T.*ma'",
    't',
  ]),
  ...similarity,
  ...replacing,
  ...finding,
];
