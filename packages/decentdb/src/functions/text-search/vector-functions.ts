/**
 * Functions and operators of tsvector (PostgreSQL manual 9.13).
 */
import { DecentDbError } from '../../base/errors.ts';
import { SqlArray } from '../../types/array.ts';
import { Oid as T } from '../../types/oids.ts';
import { weightOf } from '../../types/ts-text.ts';
import type { TsQuery } from '../../types/tsquery.ts';
import { normalPlaces, type Places, positionOf, TsVector, TsVectorBuilder } from '../../types/tsvector.ts';
import { fn, op, overloads } from '../define.ts';
import type { EvalContext, ScalarFunction } from '../function.ts';
import { toVector } from './analysis.ts';
import { configOf, defaultConfig } from './configurations.ts';
import { vectorMatches } from './match.ts';
import { plainQuery } from './query-build.ts';

const { text, tsvector, tsquery, regconfig, bool, int4, char, charArray, textArray } = T;
const stable = { volatility: 'stable' } as const;

function weightOfLetter(letter: string): number {
  const weight = letter === '' ? -1 : weightOf(letter);
  if (weight < 0)
    throw new DecentDbError('22023', `unrecognized weight: ${letter === '' ? 0 : letter.charCodeAt(0)}`);
  return weight;
}

function mapPlaces(vector: TsVector, map: (places: Places, lexeme: string) => Places | null): TsVector {
  const places = vector.places.map((list, i) => (list === null ? null : map(list, vector.lexemes[i]!)));
  return new TsVector(vector.lexemes, places);
}

function setWeight(vector: TsVector, letter: string, only: ReadonlySet<string> | null): TsVector {
  const weight = weightOfLetter(letter) << 14;
  return mapPlaces(vector, (places, lexeme) =>
    only !== null && !only.has(lexeme) ? places : places.map((place) => positionOf(place) | weight),
  );
}

/** Texts of an array that may hold no NULL. */
function lexemesOf(array: SqlArray): string[] {
  return array.elements.map((element) => {
    if (element === null) throw new DecentDbError('22004', 'lexeme array may not contain nulls');
    if (element === '') throw new DecentDbError('2200F', 'lexeme array may not contain empty strings');
    return element as string;
  });
}

function presentTexts(array: SqlArray): string[] {
  return array.elements.filter((element): element is string => typeof element === 'string');
}

/** The lexemes of both; places of the second come behind the last of the first. */
export function concat(a: TsVector, b: TsVector): TsVector {
  let last = 0;
  for (const places of a.places) for (const place of places ?? []) last = Math.max(last, positionOf(place));
  const builder = new TsVectorBuilder();
  const add = (vector: TsVector, shift: number): void =>
    vector.lexemes.forEach((lexeme, i) => {
      builder.add(lexeme, null);
      for (const place of vector.places[i] ?? [])
        builder.add(lexeme, Math.min(positionOf(place) + shift, 16383) | ((place >>> 14) << 14));
    });
  add(a, 0);
  add(b, last);
  return builder.finish();
}

function withoutLexemes(vector: TsVector, gone: ReadonlySet<string>): TsVector {
  const keep = vector.lexemes.map((lexeme) => !gone.has(lexeme));
  return new TsVector(
    vector.lexemes.filter((_, i) => keep[i]),
    vector.places.filter((_, i) => keep[i]),
  );
}

/** Lexemes with places of some weights, and only those places. */
function filtered(vector: TsVector, letters: SqlArray): TsVector {
  let mask = 0;
  for (const letter of letters.elements) {
    if (letter === null) throw new DecentDbError('22004', 'weight array may not contain nulls');
    mask |= 1 << weightOfLetter(letter as string);
  }
  const lexemes: string[] = [];
  const kept: (Places | null)[] = [];
  vector.places.forEach((list, i) => {
    const places = normalPlaces([...(list ?? [])].filter((place) => (mask >> (place >>> 14)) & 1));
    if (places === null) return;
    lexemes.push(vector.lexemes[i]!);
    kept.push(places);
  });
  return new TsVector(lexemes, kept);
}

function fromArray(array: SqlArray): TsVector {
  const builder = new TsVectorBuilder();
  for (const lexeme of lexemesOf(array)) builder.add(lexeme, null);
  return builder.finish();
}

const matchVector = (_: EvalContext, vector: TsVector, query: TsQuery): boolean =>
  vectorMatches(vector, query.root);
const matchQuery = (_: EvalContext, query: TsQuery, vector: TsVector): boolean =>
  vectorMatches(vector, query.root);
const matchText = (context: EvalContext, document: string, query: TsQuery): boolean =>
  vectorMatches(toVector(defaultConfig(context), document), query.root);
const matchTexts = (context: EvalContext, document: string, query: string): boolean => {
  const config = defaultConfig(context);
  return vectorMatches(toVector(config, document), plainQuery(config, query).root);
};

export const vectorFunctions: readonly ScalarFunction[] = [
  ...overloads(
    'to_tsvector',
    'The lexemes of a text with their positions.',
    ["to_tsvector('english', 'The Fat Rats')", "'fat':2 'rat':3"],
    [
      [
        [regconfig, text],
        tsvector,
        (_, config: number, document: string) => toVector(configOf(config), document),
      ],
      [[text], tsvector, (context, document: string) => toVector(defaultConfig(context), document), stable],
    ],
  ),
  ...overloads(
    'setweight',
    'Gives the positions of a vector, or of some of its lexemes, a weight.',
    ["setweight('fat:2,4 cat:3 rat:5B'::tsvector, 'A')", "'cat':3A 'fat':2A,4A 'rat':5A"],
    [
      [[tsvector, char], tsvector, (_, vector: TsVector, letter: string) => setWeight(vector, letter, null)],
      [
        [tsvector, char, textArray],
        tsvector,
        (_, vector: TsVector, letter: string, only: SqlArray) =>
          setWeight(vector, letter, new Set(presentTexts(only))),
      ],
    ],
  ),
  fn(
    'strip',
    [tsvector],
    tsvector,
    (_, vector: TsVector) =>
      new TsVector(
        vector.lexemes,
        vector.lexemes.map(() => null),
      ),
    'A vector without positions.',
    ["strip('fat:2,4 cat:3 rat:5A'::tsvector)", "'cat' 'fat' 'rat'"],
  ),
  fn('length', [tsvector], int4, (_, vector: TsVector) => vector.size, 'Number of lexemes.', [
    "length('fat:2,4 cat:3 rat:5A'::tsvector)",
    '3',
  ]),
  fn(
    'array_to_tsvector',
    [textArray],
    tsvector,
    (_, array: SqlArray) => fromArray(array),
    'A vector of the lexemes of an array.',
    ["array_to_tsvector('{fat,cat,rat}'::text[])", "'cat' 'fat' 'rat'"],
  ),
  fn(
    'tsvector_to_array',
    [tsvector],
    textArray,
    (_, vector: TsVector) => SqlArray.of(vector.lexemes),
    'The lexemes of a vector.',
    ["tsvector_to_array('fat:2,4 cat:3 rat:5A'::tsvector)", '{cat,fat,rat}'],
  ),
  ...overloads(
    'ts_delete',
    'A vector without a lexeme, or without those of an array.',
    ["ts_delete('fat:2,4 cat:3 rat:5A'::tsvector, 'fat')", "'cat':3 'rat':5A"],
    [
      [
        [tsvector, text],
        tsvector,
        (_, vector: TsVector, lexeme: string) => withoutLexemes(vector, new Set([lexeme])),
      ],
      [
        [tsvector, textArray],
        tsvector,
        (_, vector: TsVector, gone: SqlArray) => withoutLexemes(vector, new Set(presentTexts(gone))),
      ],
    ],
  ),
  fn(
    'ts_filter',
    [tsvector, charArray],
    tsvector,
    (_, vector: TsVector, letters: SqlArray) => filtered(vector, letters),
    'The lexemes that have positions of the given weights.',
    ["ts_filter('fat:2,4 cat:3b,7c rat:5A'::tsvector, '{a,b}')", "'cat':3B 'rat':5A"],
  ),
  fn(
    'tsvector_concat',
    [tsvector, tsvector],
    tsvector,
    (_, a: TsVector, b: TsVector) => concat(a, b),
    'Both vectors, one behind the other.',
    null,
  ),
  op(
    '||',
    [tsvector, tsvector],
    tsvector,
    (_, a: TsVector, b: TsVector) => concat(a, b),
    'Both vectors, one behind the other.',
    ["'a:1 b:2'::tsvector || 'c:1 d:2 b:3'::tsvector", "'a':1 'b':2,5 'c':3 'd':4"],
  ),
  ...['@@', '@@@'].flatMap((symbol) => [
    op(
      symbol,
      [tsvector, tsquery],
      bool,
      matchVector,
      'Whether a vector satisfies a query.',
      symbol === '@@' ? ["to_tsvector('fat cats ate rats') @@ to_tsquery('cat & rat')", 't'] : null,
      { info: { commutator: symbol } },
    ),
    op(symbol, [tsquery, tsvector], bool, matchQuery, 'Whether a vector satisfies a query.', null, {
      info: { commutator: symbol },
    }),
  ]),
  op('@@', [text, tsquery], bool, matchText, 'Whether a text satisfies a query.', null, stable),
  op('@@', [text, text], bool, matchTexts, 'Whether a text has the words of another.', null, stable),
  fn('ts_match_tq', [text, tsquery], bool, matchText, 'Whether a text satisfies a query.', null, stable),
  fn('ts_match_tt', [text, text], bool, matchTexts, 'Whether a text has the words of another.', null, stable),
  fn('ts_match_vq', [tsvector, tsquery], bool, matchVector, 'Whether a vector satisfies a query.', null),
  fn('ts_match_qv', [tsquery, tsvector], bool, matchQuery, 'Whether a vector satisfies a query.', null),
];
