/**
 * The words of a text as ts_headline sees them, and the covers of a query: shortest runs of words that satisfy it.
 *
 * I1  A token that several operands of the query ask for is there once for each, one behind the other; all but the first are repeated.
 * I2  A cover is looked for by the places of what AND joins; it is one only if its words satisfy the whole query.
 */
import { byteLength } from '../../types/ts-text.ts';
import type { TsNode, TsOperand } from '../../types/tsquery.ts';
import type { SearchConfig } from './configurations.ts';
import { matches, type Occurrences, type Spans, spansOf } from './match.ts';
import { tokenize } from './tokenizer.ts';

export interface HeadlineWord {
  readonly type: number;
  readonly text: string;
  readonly bytes: number;
  readonly operand: TsOperand | null;
  readonly isRepeated: boolean;
  /** Of its lexeme in the document, from 1. */
  readonly position: number;
}

function operandsOf(node: TsNode): TsOperand[] {
  if (node.kind === 'value') return [node];
  if (node.kind === 'not') return operandsOf(node.child);
  return [...operandsOf(node.left), ...operandsOf(node.right)];
}

export function wordsOf(config: SearchConfig, text: string, root: TsNode | null): HeadlineWord[] {
  const operands = root === null ? [] : operandsOf(root);
  const words: HeadlineWord[] = [];
  let position = 0;
  for (const token of tokenize(text)) {
    const { type } = token;
    const lexeme = config.lexemeOf(type, token.text);
    if (lexeme !== null) position++;
    const bytes = byteLength(token.text);
    const found =
      lexeme === null || lexeme === ''
        ? []
        : operands.filter((one) => (one.isPrefix ? lexeme.startsWith(one.lexeme) : lexeme === one.lexeme));
    const word = { type, text: token.text, bytes, position };
    words.push({ ...word, operand: found[0] ?? null, isRepeated: false });
    for (const operand of found.slice(1)) words.push({ ...word, operand, isRepeated: true });
  }
  return words;
}

/** Places of the query's words between two positions. */
class PlacesBetween implements Occurrences {
  private readonly all: ReadonlyMap<TsOperand, readonly number[]>;
  private readonly first: number;
  private readonly last: number;

  constructor(all: ReadonlyMap<TsOperand, readonly number[]>, first: number, last: number) {
    this.all = all;
    this.first = first;
    this.last = last;
  }

  has(operand: TsOperand): boolean {
    const places = this.all.get(operand) ?? [];
    const at = firstFrom(places, this.first);
    return at < places.length && places[at]! <= this.last;
  }

  positions(operand: TsOperand): readonly number[] | null {
    const places = this.all.get(operand) ?? [];
    const found = places.slice(firstFrom(places, this.first), firstFrom(places, this.last + 1));
    return found.length === 0 ? null : found;
  }
}

/** The index of the first place of a sorted list that is `least` or more. */
function firstFrom(places: readonly number[], least: number): number {
  let low = 0;
  let high = places.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (places[middle]! < least) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Where each of the things that must come together stands; null where the query is not satisfied. */
function placesTogether(node: TsNode, document: Occurrences): Spans[] | null {
  switch (node.kind) {
    case 'value': {
      const ends = document.positions(node);
      return ends === null ? null : [{ ends, width: 0, isNegated: false }];
    }
    case 'not':
      return placesTogether(node.child, document) === null ? [] : null;
    case 'and': {
      const left = placesTogether(node.left, document);
      const right = left === null ? null : placesTogether(node.right, document);
      return left === null || right === null ? null : [...left, ...right];
    }
    case 'or': {
      const left = placesTogether(node.left, document);
      const right = placesTogether(node.right, document);
      if (left === null || left.length === 0) return right ?? left;
      if (right === null || right.length === 0) return left;
      return left.flatMap((l) => right.map((r) => eitherOf(l, r)));
    }
    case 'phrase': {
      const spans = spansOf(node, document, false);
      if (spans.isNegated) return [];
      return spans.ends.length === 0 ? null : [spans];
    }
  }
}

function eitherOf(left: Spans, right: Spans): Spans {
  const ends = [...new Set([...left.ends, ...right.ends])].sort((a, b) => a - b);
  return { ends, width: Math.max(left.width, right.width), isNegated: false };
}

export interface Cover {
  readonly from: number;
  readonly to: number;
}

/** All covers, in the order of the text. */
export function coversOf(words: readonly HeadlineWord[], root: TsNode | null): Cover[] {
  if (root === null) return [];
  const places: Map<TsOperand, number[]> = new Map();
  /** Of words the query asks for: their indexes and positions. */
  const indexes: number[] = [];
  const positions: number[] = [];
  words.forEach(({ operand, position }, i) => {
    if (operand === null) return;
    indexes.push(i);
    positions.push(position);
    const known = places.get(operand);
    if (known === undefined) places.set(operand, [position]);
    else if (known.at(-1)! < position) known.push(position);
  });
  const together = placesTogether(root, new PlacesBetween(places, 0, Number.MAX_SAFE_INTEGER));
  const found: Cover[] = [];
  if (together === null || together.length === 0) return found;
  for (let start = 0; ; ) {
    const last = lastNeeded(together, start);
    if (last < 0) return found;
    const first = Math.max(firstNeeded(together, last), start);
    const from = firstFrom(positions, first);
    const to = firstFrom(positions, last + 1) - 1;
    const isCover = from <= to && matches(root, new PlacesBetween(places, first, last));
    if (isCover) found.push({ from: indexes[from]!, to: indexes[to]! });
    start = first + 1;
  }
}

/** The position up to which each thing has come once, from `start` on; -1 where one does not come any more. */
function lastNeeded(together: readonly Spans[], start: number): number {
  let last = -1;
  for (const { ends } of together) {
    const at = firstFrom(ends, start);
    if (at === ends.length) return -1;
    last = Math.max(last, ends[at]!);
  }
  return last;
}

/** The position from which on each thing still comes up to `last`. */
function firstNeeded(together: readonly Spans[], last: number): number {
  let first = Number.MAX_SAFE_INTEGER;
  for (const { ends, width } of together) {
    const at = firstFrom(ends, last + width + 1) - 1;
    first = Math.min(first, at < 0 ? -1 : ends[at]! - width);
  }
  return first;
}
