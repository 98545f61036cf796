/**
 * From what a user writes to a tsquery: to_tsquery, plainto_tsquery, phraseto_tsquery, websearch_to_tsquery.
 *
 * I1  Stop words are nodes until the whole query is read; taking them out keeps the distances of the phrases around them.
 */
import { type ParsedNode, parseQueryText, type TsNode, TsQuery } from '../../types/tsquery.ts';
import { eachLexeme } from './analysis.ts';
import type { SearchConfig } from './configurations.ts';

const STOP: ParsedNode = { kind: 'stop' };

/** What a word, or a run of them, means: its lexemes, one after the other. Stop words before the first one do not count. */
function nodeOfText(
  config: SearchConfig,
  text: string,
  operator: 'and' | 'phrase',
  weights: number,
  isPrefix: boolean,
): ParsedNode {
  let node: ParsedNode | null = null;
  const join = (next: ParsedNode): void => {
    node = node === null ? next : { kind: operator, left: node, right: next, distance: 1 };
  };
  let last = 0;
  eachLexeme(config, text, 0, (lexeme, position) => {
    for (; last > 0 && last + 1 < position; last++) join(STOP);
    last = position;
    join({ kind: 'value', lexeme, weights, isPrefix });
  });
  return node ?? STOP;
}

export function toQuery(config: SearchConfig, text: string): TsQuery {
  const root = parseQueryText(text, (word, weights, isPrefix) =>
    nodeOfText(config, word, 'phrase', weights, isPrefix),
  );
  return finished(root);
}

export function plainQuery(config: SearchConfig, text: string): TsQuery {
  return finished(nodeOfText(config, text, 'and', 0, false));
}

export function phraseQuery(config: SearchConfig, text: string): TsQuery {
  return finished(nodeOfText(config, text, 'phrase', 0, false));
}

/** Not those that no line is broken at. */
const BLANK = '[\\t-\\r \\u1680\\u2000-\\u2006\\u2008-\\u200a\\u2028\\u2029\\u205f\\u3000]';
/** `or` as a word of its own, with something behind what follows it. */
const OR_AHEAD = new RegExp(`or(?![\\p{Alphabetic}\\p{Nd}_-])[^]${BLANK}*(?!${BLANK})[^]`, 'iuy');
const WEB_WORD = new RegExp(`(?:(?!${BLANK})[^!&|()<"])(?:(?!${BLANK})[^!&|()<":])*`, 'uy');

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

/** Words are joined by AND, `or` is OR, `-` before a word is NOT, quotes make a phrase; nothing is an error. */
export function webQuery(config: SearchConfig, text: string): TsQuery {
  const alternatives: ParsedNode[] = [];
  let all: ParsedNode | null = null;
  let negations = 0;
  const add = (words: string): void => {
    let operand = nodeOfText(config, words, 'phrase', 0, false);
    for (; negations > 0; negations--) operand = { kind: 'not', child: operand };
    all = all === null ? operand : { kind: 'and', left: all, right: operand, distance: 0 };
  };
  for (let at = 0; at < text.length; ) {
    const character = text[at]!;
    if (character === '"') {
      const closing = text.indexOf('"', at + 1);
      const end = closing < 0 ? text.length : closing;
      add(text.slice(at + 1, end));
      at = end + 1;
    } else if (all !== null && negations === 0 && matchAt(OR_AHEAD, text, at) !== null) {
      alternatives.push(all);
      all = null;
      at += 2;
    } else if (character === '-') {
      negations++;
      at++;
    } else {
      const word = matchAt(WEB_WORD, text, at);
      if (word !== null) add(word);
      at += word?.length ?? 1;
    }
  }
  if (all !== null) alternatives.push(all);
  const root = alternatives.reduce<ParsedNode | null>(
    (left, right) => (left === null ? right : { kind: 'or', left, right, distance: 0 }),
    null,
  );
  return finished(root);
}

function finished(root: ParsedNode | null): TsQuery {
  if (root === null) return TsQuery.empty;
  const { node } = withoutStops(root);
  return node === null ? TsQuery.empty : new TsQuery(node);
}

/** A node without stop words, and how much further its neighbours to the left and right are away than they seem. */
interface Cleaned {
  readonly node: TsNode | null;
  readonly leftGap: number;
  readonly rightGap: number;
}

function withoutStops(node: ParsedNode): Cleaned {
  switch (node.kind) {
    case 'value':
      return { node, leftGap: 0, rightGap: 0 };
    case 'stop':
      return { node: null, leftGap: 0, rightGap: 0 };
    case 'not': {
      const child = withoutStops(node.child);
      return child.node === null ? child : { ...child, node: { kind: 'not', child: child.node } };
    }
    default:
      return cleanedPair(node);
  }
}

function cleanedPair(node: Extract<ParsedNode, { kind: 'and' | 'or' | 'phrase' }>): Cleaned {
  const left = withoutStops(node.left);
  const right = withoutStops(node.right);
  const isPhrase = node.kind === 'phrase';
  const distance = isPhrase ? node.distance : 0;
  if (left.node === null && right.node === null) {
    const gap = isPhrase ? left.leftGap + distance + right.leftGap : Math.max(left.leftGap, right.leftGap);
    return { node: null, leftGap: gap, rightGap: gap };
  }
  if (left.node === null)
    return isPhrase
      ? { node: right.node, leftGap: left.leftGap + distance + right.leftGap, rightGap: right.rightGap }
      : right;
  if (right.node === null)
    return isPhrase
      ? { node: left.node, leftGap: left.leftGap, rightGap: left.rightGap + distance + right.rightGap }
      : left;
  const pair = { kind: node.kind, left: left.node, right: right.node };
  if (!isPhrase) return { node: { ...pair, distance: 0 }, leftGap: 0, rightGap: 0 };
  return {
    node: { ...pair, distance: distance + left.rightGap + right.leftGap },
    leftGap: left.leftGap,
    rightGap: right.rightGap,
  };
}
