/**
 * Functions of documents: ts_headline, vectors of JSON, what the parser and the dictionaries say.
 */
import { DecentDbError } from '../../base/errors.ts';
import { SqlArray } from '../../types/array.ts';
import {
  isJsonArray,
  isJsonObject,
  Jsonb,
  type JsonNode,
  makeJsonObject,
  quoteJson,
} from '../../types/json.ts';
import { parseJson, validateJson } from '../../types/json-text.ts';
import { Oid as T } from '../../types/oids.ts';
import type { TsQuery } from '../../types/tsquery.ts';
import type { Datum } from '../../types/vector.ts';
import { fn, overloads } from '../define.ts';
import type { EvalContext, ScalarFunction, TableFunction } from '../function.ts';
import { toVectorOfTexts } from './analysis.ts';
import { configOf, defaultConfig, defaultConfigOid, dictionaryOf } from './configurations.ts';
import { headline } from './headline.ts';
import { tokenTypes } from './token-types.ts';
import { tokenize } from './tokenizer.ts';

const { text, tsvector, tsquery, regconfig, int4, json, jsonb, textArray } = T;
const stable = { volatility: 'stable' } as const;

interface JsonParts {
  readonly strings: boolean;
  readonly numbers: boolean;
  readonly booleans: boolean;
  readonly keys: boolean;
}

const onlyStrings: JsonParts = { strings: true, numbers: false, booleans: false, keys: false };

function* textsOf(node: JsonNode, parts: JsonParts): Generator<string> {
  if (typeof node === 'string') {
    if (parts.strings) yield node;
  } else if (node === null) return;
  else if (typeof node === 'boolean') {
    if (parts.booleans) yield node ? 'true' : 'false';
  } else if (isJsonArray(node)) for (const item of node) yield* textsOf(item, parts);
  else if (isJsonObject(node))
    for (const [key, value] of node) {
      if (parts.keys) yield key;
      yield* textsOf(value, parts);
    }
  else if (parts.numbers) yield node.toString();
}

function partsOf(filter: Jsonb): JsonParts {
  const parts = { strings: false, numbers: false, booleans: false, keys: false };
  const { node } = filter;
  const list = isJsonArray(node) ? node : [node];
  for (const item of list) {
    if (typeof item !== 'string')
      throw new DecentDbError('22023', 'wrong flag type, only arrays and scalars are allowed');
    const flag = item.toLowerCase();
    if (flag === 'all') Object.assign(parts, { strings: true, numbers: true, booleans: true, keys: true });
    else if (flag === 'string') parts.strings = true;
    else if (flag === 'numeric') parts.numbers = true;
    else if (flag === 'boolean') parts.booleans = true;
    else if (flag === 'key') parts.keys = true;
    else
      throw new DecentDbError('22023', `wrong flag in flag array: "${item}"`, {
        hint: 'Possible values are: "string", "numeric", "boolean", "key", and "all".',
      });
  }
  return parts;
}

const ofText = (document: Datum): JsonNode => parseJson(document as string);
const ofBinary = (document: Datum): JsonNode => (document as Jsonb).node;

function jsonVectors(): ScalarFunction[] {
  const kinds = [
    [json, ofText, 'json_to_tsvector'],
    [jsonb, ofBinary, 'jsonb_to_tsvector'],
  ] as const;
  return kinds.flatMap(([type, read, name]) => [
    ...overloads('to_tsvector', 'The lexemes of the strings of a JSON value.', null, [
      [
        [regconfig, type],
        tsvector,
        (_, config: number, document: Datum) =>
          toVectorOfTexts(configOf(config), textsOf(read(document), onlyStrings)),
      ],
      [
        [type],
        tsvector,
        (context, document: Datum) =>
          toVectorOfTexts(defaultConfig(context), textsOf(read(document), onlyStrings)),
        stable,
      ],
    ]),
    ...overloads(name, 'The lexemes of the chosen kinds of items of a JSON value.', null, [
      [
        [regconfig, type, jsonb],
        tsvector,
        (_, config: number, document: Datum, filter: Jsonb) =>
          toVectorOfTexts(configOf(config), textsOf(read(document), partsOf(filter))),
      ],
      [
        [type, jsonb],
        tsvector,
        (context, document: Datum, filter: Jsonb) =>
          toVectorOfTexts(defaultConfig(context), textsOf(read(document), partsOf(filter))),
        stable,
      ],
    ]),
  ]);
}

type Change = (text: string) => string;

/** A JSON text without blanks, each string that is no key changed. */
function mapJsonText(source: string, change: Change): string {
  validateJson(source);
  return source.replace(/\s+|"(?:[^"\\]|\\.)*"(\s*:)?/g, (token, colon?: string) => {
    if (!token.startsWith('"')) return '';
    const text = JSON.parse(colon === undefined ? token : token.slice(0, -colon.length)) as string;
    return colon === undefined ? quoteJson(change(text)) : `${quoteJson(text)}:`;
  });
}

function mapJsonNode(node: JsonNode, change: Change): JsonNode {
  if (typeof node === 'string') return change(node);
  if (isJsonArray(node)) return node.map((item) => mapJsonNode(item, change));
  if (!isJsonObject(node)) return node;
  return makeJsonObject([...node].map(([key, value]) => [key, mapJsonNode(value, change)] as const));
}

function jsonHeadlines(): ScalarFunction[] {
  const kinds = [
    [json, (document: Datum, change: Change): Datum => mapJsonText(document as string, change)],
    [jsonb, (document: Datum, change: Change): Datum => new Jsonb(mapJsonNode(ofBinary(document), change))],
  ] as const;
  return kinds.flatMap(([type, map]) => {
    const run = (
      config: ReturnType<typeof configOf>,
      document: Datum,
      query: TsQuery,
      options: string,
    ): Datum => map(document, (part) => headline(config, part, query, options));
    return overloads('ts_headline', 'The headline of each string of a JSON value.', null, [
      [
        [type, tsquery],
        type,
        (context, document: Datum, query: TsQuery) => run(defaultConfig(context), document, query, ''),
        stable,
      ],
      [
        [type, tsquery, text],
        type,
        (context, document: Datum, query: TsQuery, options: string) =>
          run(defaultConfig(context), document, query, options),
        stable,
      ],
      [
        [regconfig, type, tsquery],
        type,
        (_, config: number, document: Datum, query: TsQuery) => run(configOf(config), document, query, ''),
      ],
      [
        [regconfig, type, tsquery, text],
        type,
        (_, config: number, document: Datum, query: TsQuery, options: string) =>
          run(configOf(config), document, query, options),
      ],
    ]);
  });
}

const headlines = overloads(
  'ts_headline',
  'The part of a text that shows best where it satisfies a query.',
  ["ts_headline('The fat cat ate the rat.', 'cat'::tsquery)", 'The fat <b>cat</b> ate the rat.'],
  [
    [
      [text, tsquery],
      text,
      (context, document: string, query: TsQuery) => headline(defaultConfig(context), document, query, ''),
      stable,
    ],
    [
      [text, tsquery, text],
      text,
      (context, document: string, query: TsQuery, options: string) =>
        headline(defaultConfig(context), document, query, options),
      stable,
    ],
    [
      [regconfig, text, tsquery],
      text,
      (_, config: number, document: string, query: TsQuery) =>
        headline(configOf(config), document, query, ''),
    ],
    [
      [regconfig, text, tsquery, text],
      text,
      (_, config: number, document: string, query: TsQuery, options: string) =>
        headline(configOf(config), document, query, options),
    ],
  ],
);

function lexize(dictionary: string, word: string): SqlArray {
  const lexeme = dictionaryOf(dictionary).lexemeOf(word);
  return lexeme === '' ? SqlArray.empty : SqlArray.of([lexeme]);
}

export const documentFunctions: readonly ScalarFunction[] = [
  ...jsonVectors(),
  ...headlines,
  ...jsonHeadlines(),
  fn(
    'ts_lexize',
    [text, text],
    textArray,
    (_, dictionary: string, word: string) => lexize(dictionary, word),
    'What a dictionary makes of a word: nothing of a stop word.',
    ["ts_lexize('english_stem', 'stars')", '{star}'],
  ),
  fn(
    'get_current_ts_config',
    [],
    regconfig,
    (context: EvalContext) => defaultConfigOid(context),
    'The configuration that default_text_search_config names.',
    null,
    stable,
  ),
];

function checkParser(name: string): void {
  if (name === 'default' || name === 'pg_catalog.default' || name === '3722') return;
  throw new DecentDbError('42704', `text search parser "${name}" does not exist`);
}

function* tokenRows(parser: string, document: string): Generator<readonly Datum[]> {
  checkParser(parser);
  for (const token of tokenize(document)) yield [token.type, token.text];
}

function* typeRows(parser: string): Generator<readonly Datum[]> {
  checkParser(parser);
  yield* tokenTypes;
}

function* debugRows(oid: number, document: string): Generator<readonly Datum[]> {
  const config = configOf(oid);
  for (const token of tokenize(document)) {
    const [, alias, description] = tokenTypes[token.type - 1]!;
    const lexeme = config.lexemeOf(token.type, token.text);
    if (lexeme === null) {
      yield [alias, description, token.text, SqlArray.empty, null, null];
      continue;
    }
    const dictionary = config.dictionaryOf(token.type)!.name;
    yield [
      alias,
      description,
      token.text,
      SqlArray.of([dictionary]),
      dictionary,
      lexeme === '' ? SqlArray.empty : SqlArray.of([lexeme]),
    ];
  }
}

function rowsOf(
  name: string,
  args: readonly number[],
  columns: TableFunction['columns'],
  rows: TableFunction['rows'],
  description: string,
): TableFunction {
  return { kind: 'table', name, args, columns, strict: true, volatility: 'stable', rows, description };
}

const debugColumns = [
  { name: 'alias', type: text },
  { name: 'description', type: text },
  { name: 'token', type: text },
  { name: 'dictionaries', type: textArray },
  { name: 'dictionary', type: text },
  { name: 'lexemes', type: textArray },
];

/** By name or by oid. */
const parserTables: readonly TableFunction[] = [text, T.oid].flatMap((parser) => [
  rowsOf(
    'ts_parse',
    [parser, text],
    [
      { name: 'tokid', type: int4 },
      { name: 'token', type: text },
    ],
    (_context, [name, document]) => tokenRows(String(name), document as string),
    'The tokens of a text.',
  ),
  rowsOf(
    'ts_token_type',
    [parser],
    [
      { name: 'tokid', type: int4 },
      { name: 'alias', type: text },
      { name: 'description', type: text },
    ],
    (_context, [name]) => typeRows(String(name)),
    'The types of tokens a parser knows.',
  ),
]);

export const documentTables: readonly TableFunction[] = [
  ...parserTables,
  rowsOf(
    'ts_debug',
    [regconfig, text],
    debugColumns,
    (_context, [config, document]) => debugRows(config as number, document as string),
    'What a configuration makes of each token of a text.',
  ),
  rowsOf(
    'ts_debug',
    [text],
    debugColumns,
    (context, [document]) => debugRows(defaultConfigOid(context), document as string),
    'What the default configuration makes of each token of a text.',
  ),
];
