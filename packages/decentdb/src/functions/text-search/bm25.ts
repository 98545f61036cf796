/**
 * bm25: how well a document fits a query, counted against all documents of a full text index (Robertson and Zaragoza, "The
 * Probabilistic Relevance Framework: BM25 and Beyond", 2009).
 *
 *     sum over the words of the query    idf * tf * (k1 + 1) / (tf + k1 * (1 - b + b * length / mean length))
 *     idf                                ln(1 + (documents - df + 0.5) / (df + 0.5))
 *
 * The length of a document is its number of different lexemes, whose mean the index knows without being told. Words under NOT do not count.
 *
 * I1  Counts are those of the index as of its last merge; ranks of one statement use the same ones.
 */
import { Oid as T } from '../../types/oids.ts';
import type { TsNode, TsOperand, TsQuery } from '../../types/tsquery.ts';
import { PLACES_MAX, type TsVector } from '../../types/tsvector.ts';
import { overloads } from '../define.ts';
import type { EvalContext, ScalarFunction } from '../function.ts';
import { TextSource } from './analysis.ts';
import { lexemeRange } from './match.ts';

export const K1 = 1.2;
export const B = 0.75;

/** What the index knows of the words of one query. */
export interface Bm25Corpus {
  readonly index: number;
  readonly query: TsQuery;
  readonly statement: number;
  readonly meanLength: number;
  readonly operands: readonly { readonly operand: TsOperand; readonly idf: number }[];
}

/** The last corpus of each context: rows of a statement ask for the same one. */
const corpora: WeakMap<EvalContext, Bm25Corpus> = new WeakMap();

function positiveOperands(node: TsNode, found: Map<string, TsOperand> = new Map()): Map<string, TsOperand> {
  if (node.kind === 'value') found.set(`${node.lexeme}${node.isPrefix ? '*' : ''}`, node);
  else if (node.kind !== 'not') {
    positiveOperands(node.left, found);
    positiveOperands(node.right, found);
  }
  return found;
}

export function bm25Corpus(context: EvalContext, index: number, query: TsQuery): Bm25Corpus {
  const known = corpora.get(context);
  const statement = context.statementMicros;
  if (known !== undefined && known.index === index && known.query === query && known.statement === statement)
    return known;
  const ask = (name: string, ...args: (string | number | boolean)[]): number =>
    Number(context.service(name, [index, ...args]));
  const documents = Math.max(1, ask('fulltext_documents'));
  const operands = query.root === null ? [] : [...positiveOperands(query.root).values()];
  const corpus: Bm25Corpus = {
    index,
    query,
    statement,
    meanLength: Math.max(1, ask('fulltext_postings') / documents),
    operands: operands.map((operand) => {
      const df = Math.min(documents, ask('fulltext_count', operand.lexeme, operand.isPrefix));
      return { operand, idf: Math.log(1 + (documents - df + 0.5) / (df + 0.5)) };
    }),
  };
  corpora.set(context, corpus);
  return corpus;
}

function score(corpus: Bm25Corpus, vector: TsVector, k1: number, b: number): number {
  const { source } = vector;
  const counts = source instanceof TextSource ? countsInText(corpus, source) : countsIn(corpus, vector);
  const length = 1 - b + (b * counts.size) / corpus.meanLength;
  let total = 0;
  corpus.operands.forEach(({ idf }, i) => {
    const frequency = counts.frequencies[i]!;
    if (frequency > 0) total += (idf * frequency * (k1 + 1)) / (frequency + k1 * length);
  });
  return total;
}

/** How often the words of a query occur in a document, and how many different lexemes it has. */
interface Counts {
  readonly frequencies: readonly number[];
  readonly size: number;
}

function countsIn(corpus: Bm25Corpus, vector: TsVector): Counts {
  const frequencies = corpus.operands.map(({ operand }) => {
    const [from, to] = lexemeRange(vector, operand);
    let frequency = 0;
    for (let i = from; i < to; i++) frequency += vector.places[i]?.length ?? 1;
    return frequency;
  });
  return { frequencies, size: vector.documentSize };
}

/** The same without making the vector; no lexeme has more places than a vector keeps. */
function countsInText(corpus: Bm25Corpus, source: TextSource): Counts {
  const all = new Map<string, number>();
  source.scan((lexeme) => {
    all.set(lexeme, (all.get(lexeme) ?? 0) + 1);
    return false;
  });
  const frequencies = corpus.operands.map(({ operand }) => {
    if (!operand.isPrefix) return Math.min(PLACES_MAX, all.get(operand.lexeme) ?? 0);
    let frequency = 0;
    for (const [lexeme, count] of all)
      if (lexeme.startsWith(operand.lexeme)) frequency += Math.min(PLACES_MAX, count);
    return frequency;
  });
  return { frequencies, size: all.size };
}

export const bm25Functions: readonly ScalarFunction[] = overloads(
  'bm25',
  'How well a vector fits a query, its words weighed by how rare they are in a full text index.',
  null,
  [
    [
      [T.regclass, T.tsvector, T.tsquery],
      T.float8,
      (context, index: number, vector: TsVector, query: TsQuery) =>
        score(bm25Corpus(context, index, query), vector, K1, B),
    ],
    [
      [T.regclass, T.tsvector, T.tsquery, T.float8, T.float8],
      T.float8,
      (context, index: number, vector: TsVector, query: TsQuery, k1: number, b: number) =>
        score(bm25Corpus(context, index, query), vector, k1, b),
    ],
  ],
  { volatility: 'stable' },
);
