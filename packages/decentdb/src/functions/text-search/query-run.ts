/**
 * Functions of text search that run a query given as text: ts_stat and ts_rewrite; and vectors as rows.
 *
 * I1  Such a query only reads.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { RoutineDef } from '../../catalog/routines.ts';
import { SqlArray } from '../../types/array.ts';
import { Oid as T } from '../../types/oids.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { compareText } from '../../types/text-order.ts';
import { weightOf } from '../../types/ts-text.ts';
import { TsQuery, tsqueryType } from '../../types/tsquery.ts';
import { positionOf, TsVector, tsvectorType } from '../../types/tsvector.ts';
import type { Datum } from '../../types/vector.ts';
import { fn } from '../define.ts';
import type { EvalContext, ScalarFunction, TableFunction } from '../function.ts';
import { tableFn } from '../table/define.ts';
import { rewrite, rewriteByRows } from './query-rewrite.ts';

const { text, tsvector, tsquery, int4, textArray } = T;
const volatile = { volatility: 'volatile' } as const;

/** The rows of a query with columns of these types. */
function rowsOf(
  context: EvalContext,
  name: string,
  sql: string,
  types: readonly SqlType[],
): readonly (readonly Datum[])[] {
  if (context.callRoutine === undefined)
    throw new DecentDbError('0A000', `function ${name} cannot run outside of a session`);
  const routine: RoutineDef = {
    id: 0,
    schema: 'pg_catalog',
    name,
    kind: 'function',
    parameters: [],
    returnTypeId: T.record,
    returnsSet: true,
    volatility: 'stable',
    isStrict: true,
    isLeakproof: false,
    isSecurityDefiner: false,
    parallel: 'unsafe',
    cost: null,
    rows: null,
    settings: {},
    body: sql,
    bodyForm: 'text',
    dependsOn: [],
    comment: null,
    aggregate: null,
  };
  const columns = types.map((type, i) => ({ name: `column${i + 1}`, type, typmod: -1 }));
  const wanted = types.length === 1 ? 'one tsvector column' : 'two tsquery columns';
  const fail = (cause?: unknown): never => {
    throw new DecentDbError('22023', `${name} query must return ${wanted}`, { cause });
  };
  let rows: readonly (readonly Datum[])[];
  try {
    rows = context.callRoutine({ routine, argTypes: [], columns, rowType: null, isQuery: true }, []);
  } catch (error) {
    if (!(error instanceof DecentDbError) || error.code !== '42P13') throw error;
    return fail(error);
  }
  const kind = types.length === 1 ? TsVector : TsQuery;
  for (const row of rows)
    for (const value of row) if (value !== null && !(value instanceof kind)) return fail();
  return rows;
}

interface Counts {
  documents: number;
  entries: number;
}

function* statRows(
  vectors: readonly (readonly Datum[])[],
  letters: string | null,
): Generator<readonly Datum[]> {
  let mask = 0;
  for (const letter of letters ?? '') if (weightOf(letter) >= 0) mask |= 1 << weightOf(letter);
  const counts: Map<string, Counts> = new Map();
  for (const [vector] of vectors) {
    if (vector === null || vector === undefined) continue;
    const { lexemes, places } = vector as TsVector;
    lexemes.forEach((lexeme, i) => {
      const own = places[i] ?? null;
      let entries = own?.length ?? 1;
      if (mask !== 0) entries = own?.filter((place) => (mask >> (place >>> 14)) & 1).length ?? 0;
      if (entries === 0) return;
      const known = counts.get(lexeme);
      if (known === undefined) counts.set(lexeme, { documents: 1, entries });
      else {
        known.documents++;
        known.entries += entries;
      }
    });
  }
  const words = [...counts.keys()].sort(compareText);
  for (const word of words) yield [word, counts.get(word)!.documents, counts.get(word)!.entries];
}

function* vectorRows(vector: TsVector): Generator<readonly Datum[]> {
  for (const [i, lexeme] of vector.lexemes.entries()) {
    const places = vector.places[i] ?? null;
    if (places === null) yield [lexeme, null, null];
    else
      yield [
        lexeme,
        SqlArray.of([...places].map(positionOf)),
        SqlArray.of([...places].map((place) => 'DCBA'[place >>> 14]!)),
      ];
  }
}

const statColumns = [
  { name: 'word', type: text },
  { name: 'ndoc', type: int4 },
  { name: 'nentry', type: int4 },
];

export const queryRunTables: readonly TableFunction[] = [
  tableFn(
    'ts_stat',
    [text],
    statColumns,
    (context, [sql]) => statRows(rowsOf(context, 'ts_stat', sql as string, [tsvectorType]), null),
    'How many vectors of a query have each lexeme, and how often.',
    [
      "SELECT word, ndoc, nentry FROM ts_stat('SELECT to_tsvector(''fat cats ate a cat'')') WHERE nentry > 1",
      'cat 1 2',
    ],
    volatile,
  ),
  tableFn(
    'ts_stat',
    [text, text],
    statColumns,
    (context, [sql, weights]) =>
      statRows(rowsOf(context, 'ts_stat', sql as string, [tsvectorType]), weights as string),
    'The same, of places with some weights.',
    null,
    volatile,
  ),
  tableFn(
    'unnest',
    [tsvector],
    [
      { name: 'lexeme', type: text },
      { name: 'positions', type: T.int2Array },
      { name: 'weights', type: textArray },
    ],
    (_context, [vector]) => vectorRows(vector as TsVector),
    'The lexemes of a vector with their positions and weights.',
    [
      "SELECT lexeme, positions, weights FROM unnest('cat:3 fat:2A,4'::tsvector) WHERE lexeme = 'cat'",
      'cat, {3}, {D}',
    ],
  ),
];

export const queryRunFunctions: readonly ScalarFunction[] = [
  fn(
    'ts_rewrite',
    [tsquery, tsquery, tsquery],
    tsquery,
    (_, query: TsQuery, target: TsQuery, substitute: TsQuery) => rewrite(query, target, substitute),
    'A query with a part of it replaced.',
    ["ts_rewrite('a & b'::tsquery, 'a'::tsquery, 'foo|bar'::tsquery)", "'b' & ( 'foo' | 'bar' )"],
  ),
  fn(
    'ts_rewrite',
    [tsquery, text],
    tsquery,
    (context, query: TsQuery, sql: string) => {
      const pairs: (readonly [TsQuery, TsQuery])[] = [];
      for (const [target, put] of rowsOf(context, 'ts_rewrite', sql, [tsqueryType, tsqueryType]))
        if (target !== null && put !== null) pairs.push([target as TsQuery, put as TsQuery]);
      return rewriteByRows(query, pairs);
    },
    'A query with parts replaced as the rows of another query say: targets, and what takes their places.',
    null,
    volatile,
  ),
];
