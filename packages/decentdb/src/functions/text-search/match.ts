/**
 * Whether a document satisfies a query, and where.
 *
 *     in a phrase, a node is a set of positions of its last word and how many positions it is wide; the set may be
 *     negated: everywhere but there
 *
 * I1  A lexeme without places matches alone, and in no phrase.
 */
import type { TsBinary, TsNode, TsOperand } from '../../types/tsquery.ts';
import { positionOf, type TsVector } from '../../types/tsvector.ts';
import { TextSource } from './analysis.ts';

/** Positions of an operand in a document: null when it is not there, empty when it has no places. */
export interface Occurrences {
  positions(operand: TsOperand): readonly number[] | null;
  has(operand: TsOperand): boolean;
}

/** `ignoresNot`: NOT is taken for true, as ranking does. */
export function matches(node: TsNode, document: Occurrences, ignoresNot = false): boolean {
  switch (node.kind) {
    case 'value':
      return document.has(node);
    case 'not':
      return ignoresNot || !matches(node.child, document, ignoresNot);
    case 'and':
      return matches(node.left, document, ignoresNot) && matches(node.right, document, ignoresNot);
    case 'or':
      return matches(node.left, document, ignoresNot) || matches(node.right, document, ignoresNot);
    case 'phrase': {
      const spans = spansOf(node, document, ignoresNot);
      return spans.isNegated || spans.ends.length > 0;
    }
  }
}

export interface Spans {
  readonly ends: readonly number[];
  readonly isNegated: boolean;
  readonly width: number;
}

const NOWHERE: Spans = { ends: [], isNegated: false, width: 0 };
const EVERYWHERE: Spans = { ends: [], isNegated: true, width: 0 };

/** Where a node ends. */
export function spansOf(node: TsNode, document: Occurrences, ignoresNot: boolean): Spans {
  switch (node.kind) {
    case 'value': {
      const ends = document.positions(node);
      return ends === null || ends.length === 0 ? NOWHERE : { ends, isNegated: false, width: 0 };
    }
    case 'not': {
      if (ignoresNot) return EVERYWHERE;
      const child = spansOf(node.child, document, ignoresNot);
      if (!child.isNegated && child.ends.length === 0) return EVERYWHERE;
      return { ...child, isNegated: !child.isNegated };
    }
    case 'or':
      return either(node, document, ignoresNot);
    default:
      return both(node, document, ignoresNot);
  }
}

function both(node: TsBinary, document: Occurrences, ignoresNot: boolean): Spans {
  const left = spansOf(node.left, document, ignoresNot);
  if (isNothing(left)) return NOWHERE;
  const right = spansOf(node.right, document, ignoresNot);
  if (isNothing(right)) return NOWHERE;
  const isPhrase = node.kind === 'phrase';
  const width = isPhrase ? node.distance + left.width + right.width : Math.max(left.width, right.width);
  const l = shifted(left.ends, isPhrase ? node.distance + right.width : width - left.width);
  const r = shifted(right.ends, isPhrase ? 0 : width - right.width);
  if (left.isNegated && right.isNegated) return { ends: union(l, r), isNegated: true, width };
  if (left.isNegated) return { ends: minus(r, l), isNegated: false, width };
  if (right.isNegated) return { ends: minus(l, r), isNegated: false, width };
  return { ends: common(l, r), isNegated: false, width };
}

function either(node: TsBinary, document: Occurrences, ignoresNot: boolean): Spans {
  const left = spansOf(node.left, document, ignoresNot);
  const right = spansOf(node.right, document, ignoresNot);
  if (isNothing(left) && isNothing(right)) return NOWHERE;
  const width = Math.max(left.width, right.width);
  const l = shifted(left.ends, width - left.width);
  const r = shifted(right.ends, width - right.width);
  if (left.isNegated && right.isNegated) return { ends: common(l, r), isNegated: true, width };
  if (left.isNegated) return { ends: minus(l, r), isNegated: true, width };
  if (right.isNegated) return { ends: minus(r, l), isNegated: true, width };
  return { ends: union(l, r), isNegated: false, width };
}

function isNothing(spans: Spans): boolean {
  return !spans.isNegated && spans.ends.length === 0;
}

function shifted(ends: readonly number[], by: number): readonly number[] {
  return by === 0 ? ends : ends.map((end) => end + by);
}

function common(a: readonly number[], b: readonly number[]): number[] {
  const set = new Set(b);
  return a.filter((end) => set.has(end));
}

function minus(a: readonly number[], b: readonly number[]): number[] {
  const set = new Set(b);
  return a.filter((end) => !set.has(end));
}

function union(a: readonly number[], b: readonly number[]): number[] {
  return [...new Set([...a, ...b])].sort((x, y) => x - y);
}

/** First and last index of the lexemes an operand stands for, the end exclusive. */
export function lexemeRange(vector: TsVector, operand: TsOperand): readonly [from: number, to: number] {
  const found = vector.find(operand.lexeme);
  if (!operand.isPrefix) return found < 0 ? [0, 0] : [found, found + 1];
  const from = found < 0 ? -1 - found : found;
  let to = from;
  while (to < vector.size && vector.lexemes[to]!.startsWith(operand.lexeme)) to++;
  return [from, to];
}

/** A vector as a document. */
export class VectorOccurrences implements Occurrences {
  private readonly vector: TsVector;

  constructor(vector: TsVector) {
    this.vector = vector;
  }

  has(operand: TsOperand): boolean {
    const [from, to] = lexemeRange(this.vector, operand);
    if (operand.weights === 0 || from === to) return to > from;
    for (let i = from; i < to; i++) {
      const places = this.vector.places[i] ?? null;
      // Without places no weight can be told: the lexeme counts.
      if (places === null || places.some((place) => (operand.weights >> (place >>> 14)) & 1)) return true;
    }
    return false;
  }

  positions(operand: TsOperand): readonly number[] | null {
    const [from, to] = lexemeRange(this.vector, operand);
    if (from === to) return null;
    const found: number[] = [];
    for (let i = from; i < to; i++) {
      for (const place of this.vector.places[i] ?? [])
        if (operand.weights === 0 || (operand.weights >> (place >>> 14)) & 1) found.push(positionOf(place));
    }
    return to - from === 1 ? found : [...new Set(found)].sort((a, b) => a - b);
  }
}

/** Whether the vector satisfies the query; the empty query is satisfied by nothing. */
export function vectorMatches(vector: TsVector, root: TsNode | null): boolean {
  if (root === null) return false;
  const { source } = vector;
  if (source instanceof TextSource) {
    const wanted = wantedOf(root);
    if (wanted !== null) return textMatches(source, root, wanted);
  }
  return matches(root, new VectorOccurrences(vector));
}

/** The words of a query that asks only whether they are there. */
interface Wanted {
  readonly exact: ReadonlyMap<string, TsOperand[]>;
  readonly prefixes: readonly TsOperand[];
  /** Without NOT more words never make it false: it can be decided early. */
  readonly isMonotone: boolean;
}

const wantedByQuery: WeakMap<TsNode, { readonly wanted: Wanted | null }> = new WeakMap();

/** Null: the query asks for places or weights. */
function wantedOf(root: TsNode): Wanted | null {
  const known = wantedByQuery.get(root);
  if (known !== undefined) return known.wanted;
  const exact = new Map<string, TsOperand[]>();
  const prefixes: TsOperand[] = [];
  let isMonotone = true;
  let isPlain = true;
  const visit = (node: TsNode): void => {
    if (node.kind === 'value') {
      if (node.weights !== 0) isPlain = false;
      if (node.isPrefix) prefixes.push(node);
      else exact.set(node.lexeme, [...(exact.get(node.lexeme) ?? []), node]);
    } else if (node.kind === 'not') {
      isMonotone = false;
      visit(node.child);
    } else {
      if (node.kind === 'phrase') isPlain = false;
      visit(node.left);
      visit(node.right);
    }
  };
  visit(root);
  const wanted = isPlain ? { exact, prefixes, isMonotone } : null;
  wantedByQuery.set(root, { wanted });
  return wanted;
}

class WordsFound implements Occurrences {
  readonly found: Set<TsOperand> = new Set();

  has(operand: TsOperand): boolean {
    return this.found.has(operand);
  }

  positions(): null {
    return null;
  }
}

/** The same without making the vector: the text is read as far as it takes to know. */
function textMatches(source: TextSource, root: TsNode, wanted: Wanted): boolean {
  const document = new WordsFound();
  const { found } = document;
  const { exact, prefixes, isMonotone } = wanted;
  let isDecided = false;
  source.scan((lexeme) => {
    const before = found.size;
    const operands = exact.get(lexeme);
    if (operands !== undefined) for (const operand of operands) found.add(operand);
    for (const operand of prefixes) if (lexeme.startsWith(operand.lexeme)) found.add(operand);
    isDecided = isMonotone && found.size > before && matches(root, document);
    return isDecided;
  });
  return isDecided || matches(root, document);
}
