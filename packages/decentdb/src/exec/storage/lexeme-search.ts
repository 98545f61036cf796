/**
 * tsqueries answered by a full text index.
 *
 * Which documents have the words is a matter of sets; order, distance and weights are looked up in vectors made of the postings of
 * the query's words alone.
 *
 * I1  What is found are rows of the postings: rows noted since the last merge are the caller's to test.
 * I2  `isExact`: the rows satisfy the query, no other row that is not noted does. Else they are all that may.
 */

import { vectorMatches } from '../../functions/text-search/match.ts';
import {
  decodePlaces,
  isExactLexeme,
  lexemeKey,
  PREFIX_UNITS_MAX,
  sizeOf,
} from '../../search/fulltext/lexeme-posting.ts';
import type { LexemeStore, Word } from '../../search/fulltext/lexeme-store.ts';
import { intersect, minus, NO_ROWS, type RowSet, union } from '../../search/trigram/row-set.ts';
import type { ReadView } from '../../txn/page-view.ts';
import { compareText } from '../../types/text-order.ts';
import type { TsNode, TsOperand } from '../../types/tsquery.ts';
import { type Places, TsVector } from '../../types/tsvector.ts';

export interface LexemeMatch {
  readonly rows: RowSet;
  readonly isExact: boolean;
}

/** A full text index and which of its keys is asked. */
export interface LexemeKey {
  readonly store: LexemeStore;
  readonly view: ReadView;
  readonly column: number;
}

/** Vectors made at once; all of them where a prefix has to be walked through for each time. */
const VECTORS_AT_ONCE = 4096;

/** About how many documents satisfy a query at most; infinite when the index cannot tell. */
export function lexemeEstimate(key: LexemeKey, node: TsNode): number {
  switch (node.kind) {
    case 'value':
      return key.store.count(key.view, key.column, node);
    case 'not':
      return Number.POSITIVE_INFINITY;
    case 'or':
      return lexemeEstimate(key, node.left) + lexemeEstimate(key, node.right);
    default:
      return Math.min(lexemeEstimate(key, node.left), lexemeEstimate(key, node.right));
  }
}

/** The documents a query finds; null when the index cannot tell. */
export function lexemeRows(key: LexemeKey, root: TsNode): LexemeMatch | null {
  const found = evaluate(key, root);
  if (found === null || found.isExact || !isExactQuery(root)) return found;
  const kept = new Float64Array(found.rows.length);
  let count = 0;
  eachVectors(key, root, found.rows, (vectors, from) => {
    for (let i = 0; i < vectors.length; i++)
      if (vectorMatches(vectors[i]!, root)) kept[count++] = found.rows[from + i]!;
  });
  return { rows: kept.subarray(0, count), isExact: true };
}

function evaluate(key: LexemeKey, node: TsNode): LexemeMatch | null {
  switch (node.kind) {
    case 'value':
      return {
        rows: key.store.rowsOf(key.view, key.column, node),
        isExact: node.weights === 0 && isExactWord(node),
      };
    case 'not':
      return null;
    case 'or': {
      const [left, right] = [evaluate(key, node.left), evaluate(key, node.right)];
      if (left === null || right === null) return null;
      return { rows: union(left.rows, right.rows), isExact: left.isExact && right.isExact };
    }
    default:
      return both(key, node.left, node.right, node.kind === 'and');
  }
}

/** The rarer side first: nothing is read of the other where it finds nothing. */
function both(key: LexemeKey, left: TsNode, right: TsNode, isAnd: boolean): LexemeMatch | null {
  const [first, second] =
    lexemeEstimate(key, left) <= lexemeEstimate(key, right) ? [left, right] : [right, left];
  const one = evaluate(key, first);
  if (one === null) return null;
  if (one.rows.length === 0) return { rows: NO_ROWS, isExact: one.isExact };
  if (second.kind === 'not') {
    const without = isAnd ? evaluate(key, second.child) : null;
    if (without === null || !without.isExact) return { rows: one.rows, isExact: false };
    return { rows: minus(one.rows, without.rows), isExact: one.isExact };
  }
  const other = evaluate(key, second);
  if (other === null) return { rows: one.rows, isExact: false };
  return { rows: intersect(one.rows, other.rows), isExact: isAnd && one.isExact && other.isExact };
}

function isExactWord({ lexeme, isPrefix }: Word): boolean {
  return isPrefix ? lexeme.length <= PREFIX_UNITS_MAX : isExactLexeme(lexeme);
}

/** Whether vectors of the postings of a query's words tell all about it. */
export function isExactQuery(root: TsNode): boolean {
  return operandsOf(root).every(isExactWord);
}

function operandsOf(node: TsNode): readonly TsOperand[] {
  if (node.kind === 'value') return [node];
  if (node.kind === 'not') return operandsOf(node.child);
  return [...operandsOf(node.left), ...operandsOf(node.right)];
}

/** Tells of the vectors of rows in order, in pieces: those of rows from number `from` on. */
export function eachVectors(
  key: LexemeKey,
  root: TsNode,
  rows: RowSet,
  tell: (vectors: readonly TsVector[], from: number) => void,
): void {
  const atOnce = piecesOf(root);
  for (let from = 0; from < rows.length; from += atOnce)
    tell(lexemeVectors(key, root, rows.subarray(from, from + atOnce)), from);
}

/** Rows whose vectors should be made at once. */
export function piecesOf(root: TsNode): number {
  return operandsOf(root).some((one) => one.isPrefix) ? 1 << 20 : VECTORS_AT_ONCE;
}

/** Vectors of rows of the postings, with the lexemes of the query alone. */
export function lexemeVectors(key: LexemeKey, root: TsNode, rows: RowSet): readonly TsVector[] {
  const words = new Map<string, Word>();
  for (const word of operandsOf(root)) words.set(`${word.isPrefix ? '*' : '='}${word.lexeme}`, word);
  const [only] = words.values();
  if (words.size === 1 && only?.isPrefix === false) return oneWordVectors(key, only, rows);
  const lexemes: string[][] = Array.from(rows, () => []);
  const places: (Places | null)[][] = Array.from(rows, () => []);
  const sizes = new Int32Array(rows.length);
  const sorted = [...words.values()].sort((a, b) => compareText(a.lexeme, b.lexeme));
  for (const word of sorted)
    key.store.eachPlaces(key.view, key.column, word, rows, (at, lexeme, stat, text) => {
      sizes[at] = sizeOf(stat);
      lexemes[at]!.push(lexeme);
      places[at]!.push(text === null ? null : decodePlaces(text, stat));
    });
  const isPlain = sorted.every((word) => !word.isPrefix);
  return lexemes.map((own, at) => {
    const ownPlaces = places[at]!;
    if (isPlain || own.length < 2) return new TsVector(own, ownPlaces, null, sizes[at]);
    return ordered(own, ownPlaces, sizes[at]!);
  });
}

/** Vectors of rows that may have a single word: what they have in common is shared. */
function oneWordVectors(key: LexemeKey, word: Word, rows: RowSet): readonly TsVector[] {
  const lexemes = [lexemeKey(word.lexeme)];
  const vectors = new Array<TsVector>(rows.length);
  let found = 0;
  key.store.eachPlaces(key.view, key.column, word, rows, (at, _, stat, text) => {
    vectors[at] = new TsVector(
      lexemes,
      [text === null ? null : decodePlaces(text, stat)],
      null,
      sizeOf(stat),
    );
    found++;
  });
  // Rows without the word are asked about where something else found them.
  if (found < rows.length)
    for (let at = 0; at < rows.length; at++) vectors[at] ??= new TsVector([], [], null, 0);
  return vectors;
}

/** Words and prefixes may tell of a lexeme more than once, and in any order. */
function ordered(lexemes: readonly string[], places: readonly (Places | null)[], size: number): TsVector {
  const byLexeme = new Map(lexemes.map((lexeme, i) => [lexeme, places[i] ?? null]));
  const sorted = [...byLexeme.keys()].sort(compareText);
  return new TsVector(
    sorted,
    sorted.map((lexeme) => byLexeme.get(lexeme) ?? null),
    null,
    size,
  );
}
