/**
 * String functions and concatenation.
 */

import { formatHost, type NetworkAddress } from '../types/network-types.ts';
import { Oid as T } from '../types/oids.ts';
import type { SqlType } from '../types/sql-type.ts';
import { codePointLength } from '../types/text-order.ts';
import { trimBlanks } from '../types/text-types.ts';
import type { Datum } from '../types/vector.ts';
import { bytesFunctions } from './bytes.ts';
import { type Evaluate, fn, op, overloads } from './define.ts';
import { formatText } from './format-text.ts';
import type { EvalContext, ScalarFunction } from './function.ts';
import * as k from './string-kernel.ts';
import { textVolatility } from './text-volatility.ts';

const { text, int4, bpchar, bytea } = T;

/** Text of a value as concat() and format() give it: its output form, booleans as t and f. */
function outputText(type: SqlType, value: Datum, context: EvalContext): string {
  return type.output(value, context.typeSettings);
}

/** Text of a value as a cast gives it: booleans as true and false, char(n) without its padding. */
function castText(type: SqlType, value: Datum, context: EvalContext): string {
  if (type.oid === T.bool) return value === true ? 'true' : 'false';
  if (type.oid === T.inet)
    return `${formatHost(value as NetworkAddress)}/${(value as NetworkAddress).prefix}`;
  return type.oid === bpchar ? trimBlanks(value as string) : type.output(value, context.typeSettings);
}

/** text || any and any || text: specialised to the type's text form. */
function concatenateAny(isLeftText: boolean): ScalarFunction {
  const args = isLeftText ? [text, T.anynonarray] : [T.anynonarray, text];
  const specialize = (types: readonly SqlType[]): ScalarFunction => {
    const [left, right] = types as [SqlType, SqlType];
    return op(
      '||',
      [left.oid, right.oid],
      text,
      (c, a: Datum, b: Datum) => castText(left, a, c) + castText(right, b, c),
      'Concatenation.',
      null,
      { volatility: textVolatility(isLeftText ? right : left, 'out') },
    );
  };
  return op('||', args, text, () => null, 'Concatenation with the text form of any value.', null, {
    volatility: 'stable',
    specialize,
  });
}

const concatenation: readonly ScalarFunction[] = [
  op('||', [text, text], text, (_, a: string, b: string) => a + b, 'Concatenation.', ["'a' || 'b'", 'ab'], {
    inline: (a, b) => `(${a}+${b})`,
  }),
  concatenateAny(true),
  concatenateAny(false),
];

function unspecialized(): never {
  throw new TypeError('a polymorphic function was called before it was specialised');
}

/** concat and its kind take any types: specialised to functions that know how to print each argument. */
function overAny(
  name: string,
  fixed: readonly number[],
  returns: number,
  make: (print: (index: number, value: Datum, c: EvalContext) => string) => Evaluate,
  description: string,
  example: readonly [string, string],
): ScalarFunction {
  return fn(name, fixed, returns, unspecialized, description, example, {
    variadic: T.any,
    needsVariadic: name !== 'format',
    strict: false,
    volatility: 'stable',
    specialize: (types, result) => {
      const print = (index: number, value: Datum, c: EvalContext): string =>
        outputText(types[Math.min(index, types.length - 1)]!, value, c);
      return fn(
        name,
        types.map((type) => type.oid),
        result.oid,
        make(print),
        description,
        null,
        { strict: false, volatility: 'stable' },
      );
    },
  });
}

const composition: readonly ScalarFunction[] = [
  overAny(
    'concat',
    [],
    text,
    (print) =>
      (c, ...values) => {
        let result = '';
        for (let i = 0; i < values.length; i++) if (values[i] !== null) result += print(i, values[i]!, c);
        return result;
      },
    'Concatenates the text of its arguments, ignoring NULLs.',
    ["concat('abc', 2, NULL, 22)", 'abc222'],
  ),
  overAny(
    'concat_ws',
    [text],
    text,
    (print) =>
      (c, separator, ...values) => {
        if (separator === null) return null;
        const parts: string[] = [];
        for (let i = 0; i < values.length; i++)
          if (values[i] !== null) parts.push(print(i + 1, values[i]!, c));
        return parts.join(separator as string);
      },
    'Concatenates with a separator, ignoring NULLs.',
    ["concat_ws(',', 'abc', 2, NULL, 22)", 'abc,2,22'],
  ),
  overAny(
    'format',
    [text],
    text,
    (print) =>
      (c, template, ...values) => {
        if (template === null) return null;
        return formatText(template as string, values.length, (i) => {
          const value = values[i] ?? null;
          return value === null ? null : print(i + 1, value, c);
        });
      },
    'Formats as printf does: %s, %I, %L.',
    ["format('Hello %s, %1$s', 'World')", 'Hello World, World'],
  ),
];

const lengths: readonly ScalarFunction[] = [
  ...['length', 'char_length', 'character_length'].flatMap((name) =>
    overloads(
      name,
      'Number of characters.',
      [`${name}('jose')`, '4'],
      [
        [[text], int4, (_, a: string) => codePointLength(a)],
        [[bpchar], int4, (_, a: string) => codePointLength(trimBlanks(a))],
        ...(name === 'length' ? [[[bytea], int4, (_: EvalContext, a: Uint8Array) => a.length] as const] : []),
      ],
    ),
  ),
  ...overloads(
    'octet_length',
    'Number of bytes.',
    ["octet_length('jose')", '4'],
    [
      [[text], int4, (_, a: string) => utf8Length(a)],
      [[bpchar], int4, (_, a: string) => utf8Length(a)],
      [[bytea], int4, (_, a: Uint8Array) => a.length],
    ],
  ),
  ...overloads(
    'bit_length',
    'Number of bits.',
    ["bit_length('jose')", '32'],
    [
      [[text], int4, (_, a: string) => utf8Length(a) * 8],
      [[bytea], int4, (_, a: Uint8Array) => a.length * 8],
    ],
  ),
];

/** Bytes of text in UTF-8. */
export function utf8Length(value: string): number {
  let length = value.length;
  for (let i = 0; i < value.length; i++) {
    const unit = value.charCodeAt(i);
    if (unit >= 0x80) length += unit < 0x800 || (unit & 0xf800) === 0xd800 ? 1 : 2;
  }
  return length;
}

const cases: readonly ScalarFunction[] = [
  fn('lower', [text], text, (_, a: string) => k.lowerCase(a), 'Lower case.', ["lower('TOM')", 'tom']),
  fn('upper', [text], text, (_, a: string) => k.upperCase(a), 'Upper case.', ["upper('tom')", 'TOM']),
  fn(
    'initcap',
    [text],
    text,
    (_, a: string) => k.initialCapitals(a),
    'First letter of each word upper case, the rest lower case.',
    ["initcap('hi THOMAS')", 'Hi Thomas'],
  ),
  fn('casefold', [text], text, (_, a: string) => k.lowerCase(a), 'Case folding for comparison.', [
    "casefold('TOM')",
    'tom',
  ]),
];

const parts: readonly ScalarFunction[] = [
  ...['substr', 'substring'].flatMap((name) =>
    overloads(
      name,
      'Part of a text, from a 1-based position.',
      [`${name}('alphabet', 3, 2)`, 'ph'],
      [
        [[text, int4, int4], text, (_, a: string, b: number, c: number) => k.substring(a, b, c)],
        [[text, int4], text, (_, a: string, b: number) => k.substring(a, b, null)],
      ],
    ),
  ),
  fn(
    'left',
    [text, int4],
    text,
    (_, a: string, b: number) => k.left(a, b),
    'First characters; all but the last when negative.',
    ["left('abcde', 2)", 'ab'],
  ),
  fn(
    'right',
    [text, int4],
    text,
    (_, a: string, b: number) => k.right(a, b),
    'Last characters; all but the first when negative.',
    ["right('abcde', 2)", 'de'],
  ),
  fn(
    'strpos',
    [text, text],
    int4,
    (_, a: string, b: string) => k.position(a, b),
    'Position of a part, 0 if absent.',
    ["strpos('high', 'ig')", '2'],
  ),
  fn(
    'position',
    [text, text],
    int4,
    (_, a: string, b: string) => k.position(a, b),
    'The function behind POSITION(b IN a).',
    ["\"position\"('Thomas', 'om')", '3'],
  ),
  fn(
    'split_part',
    [text, text, int4],
    text,
    (_, a: string, b: string, c: number) => k.splitPart(a, b, c),
    'The n-th field, from the end when negative.',
    ["split_part('abc~@~def~@~ghi', '~@~', 2)", 'def'],
  ),
  fn(
    'starts_with',
    [text, text],
    T.bool,
    (_, a: string, b: string) => a.startsWith(b),
    'Whether a text starts with another.',
    ["starts_with('alphabet', 'alph')", 't'],
    { inline: (a, b) => `${a}.startsWith(${b})` },
  ),
  op('^@', [text, text], T.bool, (_, a: string, b: string) => a.startsWith(b), 'Starts with.', [
    "'alphabet' ^@ 'alph'",
    't',
  ]),
  ...overloads(
    'overlay',
    'Replaces part of a text.',
    ["\"overlay\"('Txxxxas', 'hom', 2, 4)", 'Thomas'],
    [
      [
        [text, text, int4, int4],
        text,
        (_, a: string, b: string, c: number, d: number) => k.overlay(a, b, c, d),
      ],
      [
        [text, text, int4],
        text,
        (_, a: string, b: string, c: number) => k.overlay(a, b, c, codePointLength(b)),
      ],
    ],
  ),
];

function trimFunction(
  name: string,
  isLeading: boolean,
  isTrailing: boolean,
  description: string,
  example: readonly [string, string],
): ScalarFunction[] {
  return overloads(name, description, example, [
    [[text, text], text, (_, a: string, b: string) => k.trim(a, b, isLeading, isTrailing)],
    [[text], text, (_, a: string) => k.trim(a, ' ', isLeading, isTrailing)],
  ]);
}

const shaping: readonly ScalarFunction[] = [
  ...trimFunction('btrim', true, true, 'Removes characters (blanks) from both ends.', [
    "btrim('xyxtrimyyx', 'xyz')",
    'trim',
  ]),
  ...trimFunction('ltrim', true, false, 'Removes characters (blanks) from the start.', [
    "ltrim('zzzytest', 'xyz')",
    'test',
  ]),
  ...trimFunction('rtrim', false, true, 'Removes characters (blanks) from the end.', [
    "rtrim('testxxzx', 'xyz')",
    'test',
  ]),
  ...(['lpad', 'rpad'] as const).flatMap((name) =>
    overloads(
      name,
      `Pads to a length on the ${name === 'lpad' ? 'left' : 'right'}.`,
      [`${name}('hi', 5, 'xy')`, name === 'lpad' ? 'xyxhi' : 'hixyx'],
      [
        [[text, int4, text], text, (_, a: string, b: number, c: string) => k.pad(a, b, c, name === 'lpad')],
        [[text, int4], text, (_, a: string, b: number) => k.pad(a, b, ' ', name === 'lpad')],
      ],
    ),
  ),
  fn('repeat', [text, int4], text, (_, a: string, b: number) => k.repeat(a, b), 'Repeats a text.', [
    "repeat('Pg', 4)",
    'PgPgPgPg',
  ]),
  fn(
    'replace',
    [text, text, text],
    text,
    (_, a: string, b: string, c: string) => k.replaceAll(a, b, c),
    'Replaces every occurrence.',
    ["replace('abcdefabcdef', 'cd', 'XX')", 'abXXefabXXef'],
  ),
  fn('reverse', [text], text, (_, a: string) => k.reverse(a), 'Reverses the characters.', [
    "reverse('abcde')",
    'edcba',
  ]),
  fn(
    'translate',
    [text, text, text],
    text,
    (_, a: string, b: string, c: string) => k.translate(a, b, c),
    'Replaces single characters.',
    ["translate('12345', '143', 'ax')", 'a2x5'],
  ),
  fn('ascii', [text], int4, (_, a: string) => k.codeOf(a), 'Code point of the first character.', [
    "ascii('x')",
    '120',
  ]),
  fn('chr', [int4], text, (_, a: number) => k.characterOf(a), 'The character of a code point.', [
    'chr(65)',
    'A',
  ]),
];

const quoting: readonly ScalarFunction[] = [
  fn(
    'quote_ident',
    [text],
    text,
    (_, a: string) => k.quoteIdentifier(a),
    'An identifier, quoted if it must be.',
    ["quote_ident('Foo bar')", '"Foo bar"'],
  ),
  ...overloads(
    'quote_literal',
    'A string literal.',
    ["quote_literal('O''Reilly')", "'O''Reilly'"],
    [
      [[text], text, (_, a: string) => k.quoteLiteral(a)],
      [
        [T.anyelement],
        text,
        unspecialized,
        { volatility: 'stable', specialize: ([type]) => quoteAny('quote_literal', type!, true) },
      ],
    ],
  ),
  ...overloads(
    'quote_nullable',
    'A string literal, or NULL.',
    ['quote_nullable(NULL)', 'NULL'],
    [
      [[text], text, (_, a: string | null) => (a === null ? 'NULL' : k.quoteLiteral(a))],
      [
        [T.anyelement],
        text,
        unspecialized,
        { volatility: 'stable', specialize: ([type]) => quoteAny('quote_nullable', type!, false) },
      ],
    ],
    { strict: false },
  ),
];

function quoteAny(name: string, type: SqlType, strict: boolean): ScalarFunction {
  return fn(
    name,
    [type.oid],
    text,
    (c, a: Datum) => (a === null ? 'NULL' : k.quoteLiteral(castText(type, a, c))),
    'A string literal.',
    null,
    { strict, volatility: 'stable' },
  );
}

export const stringFunctions: readonly ScalarFunction[] = [
  ...concatenation,
  ...composition,
  ...lengths,
  ...cases,
  ...parts,
  ...shaping,
  ...quoting,
  ...bytesFunctions,
];
