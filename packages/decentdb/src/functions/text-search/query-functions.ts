/**
 * Functions and operators of tsquery (PostgreSQL manual 9.13).
 */
import { DecentDbError } from '../../base/errors.ts';
import { Oid as T } from '../../types/oids.ts';
import { countNodes, DISTANCE_MAX, type TsNode, TsQuery } from '../../types/tsquery.ts';
import { fn, op, overloads } from '../define.ts';
import type { ScalarFunction } from '../function.ts';
import { configOf, defaultConfig, type SearchConfig } from './configurations.ts';
import { phraseQuery, plainQuery, toQuery, webQuery } from './query-build.ts';

const { text, tsquery, regconfig, bool, int4 } = T;

type QueryBuilder = (config: SearchConfig, words: string) => TsQuery;

/** Gives the query of the last call again where config and words are the same: rows of a statement mostly ask for one. */
function remembering(build: QueryBuilder): QueryBuilder {
  let last: { readonly config: SearchConfig; readonly words: string; readonly query: TsQuery } | null = null;
  return (config, words) => {
    if (last === null || last.config !== config || last.words !== words)
      last = { config, words, query: build(config, words) };
    return last.query;
  };
}

function fromText(
  name: string,
  anew: QueryBuilder,
  description: string,
  example: readonly [string, string],
): ScalarFunction[] {
  const build = remembering(anew);
  return overloads(name, description, example, [
    [[regconfig, text], tsquery, (_, config: number, words: string) => build(configOf(config), words)],
    [
      [text],
      tsquery,
      (context, words: string) => build(defaultConfig(context), words),
      { volatility: 'stable' },
    ],
  ]);
}

function join(kind: 'and' | 'or', a: TsQuery, b: TsQuery): TsQuery {
  if (a.root === null) return b;
  return b.root === null ? a : new TsQuery({ kind, left: a.root, right: b.root, distance: 0 });
}

function phrase(a: TsQuery, b: TsQuery, distance: number): TsQuery {
  if (distance < 0 || distance > DISTANCE_MAX)
    throw new DecentDbError(
      '22023',
      `distance in phrase operator must be an integer value between zero and ${DISTANCE_MAX} inclusive`,
    );
  if (a.root === null) return b;
  return b.root === null ? a : new TsQuery({ kind: 'phrase', left: a.root, right: b.root, distance });
}

function not(query: TsQuery): TsQuery {
  return query.root === null ? query : new TsQuery({ kind: 'not', child: query.root });
}

/** The part of a query that an index can serve: without NOT, and without alternatives that have one. */
function positivePart(node: TsNode): TsNode | null {
  if (node.kind === 'value') return node;
  if (node.kind === 'not') return null;
  const left = positivePart(node.left);
  const right = positivePart(node.right);
  if (node.kind === 'or') return left === null || right === null ? null : { ...node, left, right };
  if (left === null || right === null) return left ?? right;
  return { ...node, left, right };
}

function queryTree(query: TsQuery): string {
  if (query.root === null) return '';
  const part = positivePart(query.root);
  return part === null ? 'T' : new TsQuery(part).toString();
}

function operandsOf(query: TsQuery): Set<string> {
  const found = new Set<string>();
  const visit = (node: TsNode): void => {
    if (node.kind === 'value') found.add(node.lexeme);
    else if (node.kind === 'not') visit(node.child);
    else {
      visit(node.left);
      visit(node.right);
    }
  };
  if (query.root !== null) visit(query.root);
  return found;
}

function contains(a: TsQuery, b: TsQuery): boolean {
  const words = operandsOf(a);
  return [...operandsOf(b)].every((word) => words.has(word));
}

const both = (_: unknown, a: TsQuery, b: TsQuery): TsQuery => join('and', a, b);
const either = (_: unknown, a: TsQuery, b: TsQuery): TsQuery => join('or', a, b);
const next = (_: unknown, a: TsQuery, b: TsQuery): TsQuery => phrase(a, b, 1);

export const queryFunctions: readonly ScalarFunction[] = [
  ...fromText('to_tsquery', toQuery, 'A query of words with operators & | ! <->.', [
    "to_tsquery('english', 'The & Fat & Rats')",
    "'fat' & 'rat'",
  ]),
  ...fromText('plainto_tsquery', plainQuery, 'All words of a text.', [
    "plainto_tsquery('english', 'The Fat Rats')",
    "'fat' & 'rat'",
  ]),
  ...fromText('phraseto_tsquery', phraseQuery, 'The words of a text in their order.', [
    "phraseto_tsquery('english', 'The Cat and Rats')",
    "'cat' <2> 'rat'",
  ]),
  ...fromText('websearch_to_tsquery', webQuery, 'A query as people type them into search engines.', [
    "websearch_to_tsquery('english', '\"fat rat\" or cat dog')",
    "'fat' <-> 'rat' | 'cat' & 'dog'",
  ]),
  op('&&', [tsquery, tsquery], tsquery, both, 'Both queries.', [
    "'fat | rat'::tsquery && 'cat'::tsquery",
    "( 'fat' | 'rat' ) & 'cat'",
  ]),
  op('||', [tsquery, tsquery], tsquery, either, 'One of two queries.', [
    "'fat | rat'::tsquery || 'cat'::tsquery",
    "'fat' | 'rat' | 'cat'",
  ]),
  op('!!', [tsquery], tsquery, (_, query: TsQuery) => not(query), 'Not the query.', [
    "!! 'cat'::tsquery",
    "!'cat'",
  ]),
  op('<->', [tsquery, tsquery], tsquery, next, 'One query right behind another.', [
    "to_tsquery('fat') <-> to_tsquery('rat')",
    "'fat' <-> 'rat'",
  ]),
  fn('tsquery_and', [tsquery, tsquery], tsquery, both, 'Both queries.', null),
  fn('tsquery_or', [tsquery, tsquery], tsquery, either, 'One of two queries.', null),
  fn('tsquery_not', [tsquery], tsquery, (_, query: TsQuery) => not(query), 'Not the query.', null),
  ...overloads(
    'tsquery_phrase',
    'One query behind another, at a distance.',
    ["tsquery_phrase(to_tsquery('fat'), to_tsquery('cat'), 10)", "'fat' <10> 'cat'"],
    [
      [[tsquery, tsquery, int4], tsquery, (_, a: TsQuery, b: TsQuery, d: number) => phrase(a, b, d)],
      [[tsquery, tsquery], tsquery, next],
    ],
  ),
  fn(
    'numnode',
    [tsquery],
    int4,
    (_, query: TsQuery) => countNodes(query.root),
    'Operands and operators of a query.',
    ["numnode('(fat & rat) | cat'::tsquery)", '5'],
  ),
  fn(
    'querytree',
    [tsquery],
    text,
    (_, query: TsQuery) => queryTree(query),
    'The part of a query an index can serve.',
    ["querytree('foo & ! bar'::tsquery)", "'foo'"],
  ),
  fn(
    'tsq_mcontains',
    [tsquery, tsquery],
    bool,
    (_, a: TsQuery, b: TsQuery) => contains(a, b),
    'As @>.',
    null,
  ),
  fn(
    'tsq_mcontained',
    [tsquery, tsquery],
    bool,
    (_, a: TsQuery, b: TsQuery) => contains(b, a),
    'As <@.',
    null,
  ),
  op(
    '@>',
    [tsquery, tsquery],
    bool,
    (_, a: TsQuery, b: TsQuery) => contains(a, b),
    'Whether all words of the second query are in the first.',
    ["'cat'::tsquery @> 'cat & rat'::tsquery", 'f'],
    { info: { commutator: '<@' } },
  ),
  op(
    '<@',
    [tsquery, tsquery],
    bool,
    (_, a: TsQuery, b: TsQuery) => contains(b, a),
    'Whether all words of the first query are in the second.',
    ["'cat'::tsquery <@ 'cat & rat'::tsquery", 't'],
    { info: { commutator: '@>' } },
  ),
];
