/**
 * tsquery: lexemes under AND, OR, NOT and FOLLOWED BY.
 *
 *     text       'fat':AB & ( 'rat':* | !'cat' ) <-> 'dog'
 *     precedence ! before <N> before & before |
 *
 * I1  The empty query has no root. A value is immutable.
 */
import { DecentDbError } from '../base/errors.ts';
import { ByteReader, ByteWriter } from './object-bytes.ts';
import { Oid } from './oids.ts';
import { checkText, defineType, hashText, Physical, type SqlType } from './sql-type.ts';
import { compareText } from './text-order.ts';
import { byteLength, isBlank, LEXEME_BYTES_MAX, quoteLexeme, readLexeme, weightOf } from './ts-text.ts';
import type { ObjectCodec } from './vector.ts';

export type TsNode = TsOperand | TsNot | TsBinary;

export interface TsOperand {
  readonly kind: 'value';
  readonly lexeme: string;
  /** Bit w: places of weight w count; 0: all do, and lexemes without places. */
  readonly weights: number;
  readonly isPrefix: boolean;
}

export interface TsNot {
  readonly kind: 'not';
  readonly child: TsNode;
}

export interface TsBinary {
  readonly kind: 'and' | 'or' | 'phrase';
  readonly left: TsNode;
  readonly right: TsNode;
  /** Of a phrase: how many positions behind. */
  readonly distance: number;
}

/** Greatest distance of a phrase. */
export const DISTANCE_MAX = 16384;
const DEPTH_MAX = 500;

export class TsQuery {
  readonly root: TsNode | null;

  constructor(root: TsNode | null) {
    this.root = root;
  }

  static readonly empty: TsQuery = new TsQuery(null);

  toString(): string {
    return this.root === null ? '' : printNode(this.root, 0, false);
  }
}

const priorities = { not: 4, phrase: 3, and: 2, or: 1 } as const;

function printNode(node: TsNode, parent: number, isRightOfPhrase: boolean): string {
  if (node.kind === 'value') {
    const letters = ['A', 'B', 'C', 'D'].filter((_, i) => (node.weights >> (3 - i)) & 1).join('');
    const flags = `${node.isPrefix ? '*' : ''}${letters}`;
    return flags === '' ? quoteLexeme(node.lexeme) : `${quoteLexeme(node.lexeme)}:${flags}`;
  }
  const priority = priorities[node.kind];
  let text: string;
  if (node.kind === 'not') text = `!${printNode(node.child, priority, false)}`;
  else {
    const symbol =
      node.kind === 'and'
        ? '&'
        : node.kind === 'or'
          ? '|'
          : node.distance === 1
            ? '<->'
            : `<${node.distance}>`;
    const left = printNode(node.left, priority, false);
    text = `${left} ${symbol} ${printNode(node.right, priority, node.kind === 'phrase')}`;
  }
  const needsParentheses = priority < parent || (node.kind === 'phrase' && isRightOfPhrase);
  return needsParentheses ? `( ${text} )` : text;
}

/** Turns an operand as written into a node; null: it says nothing (a stop word). */
export type OperandReader = (word: string, weights: number, isPrefix: boolean) => ParsedNode;

/** A node in which stop words still hold their places. */
export type ParsedNode =
  | TsOperand
  | { readonly kind: 'stop' }
  | { readonly kind: 'not'; readonly child: ParsedNode }
  | {
      readonly kind: 'and' | 'or' | 'phrase';
      readonly left: ParsedNode;
      readonly right: ParsedNode;
      readonly distance: number;
    };

/** Reads the operators of a query; null for one without operands. */
export function parseQueryText(text: string, readOperand: OperandReader): ParsedNode | null {
  return new QueryParser(text, readOperand).parse();
}

class QueryParser {
  private readonly text: string;
  private readonly readOperand: OperandReader;
  private at = 0;

  constructor(text: string, readOperand: OperandReader) {
    this.text = text;
    this.readOperand = readOperand;
  }

  parse(): ParsedNode | null {
    this.skipBlanks();
    if (this.at === this.text.length) return null;
    const node = this.binary(1, 0);
    this.skipBlanks();
    if (this.at < this.text.length) throw this.fail();
    return node;
  }

  private fail(): DecentDbError {
    return new DecentDbError('42601', `syntax error in tsquery: "${this.text}"`);
  }

  private skipBlanks(): void {
    while (this.at < this.text.length && isBlank(this.text[this.at]!)) this.at++;
  }

  private binary(priority: number, depth: number): ParsedNode {
    if (depth > DEPTH_MAX) throw new DecentDbError('54001', 'tsquery is nested too deeply');
    let left = priority > 3 ? this.unary(depth) : this.binary(priority + 1, depth);
    for (;;) {
      this.skipBlanks();
      const found = this.operator(priority);
      if (found === null) return left;
      this.at += found.length;
      const right = priority === 3 ? this.unary(depth) : this.binary(priority + 1, depth);
      left = { kind: found.kind, left, right, distance: found.distance };
    }
  }

  private operator(
    priority: number,
  ): { readonly kind: 'and' | 'or' | 'phrase'; readonly length: number; readonly distance: number } | null {
    const next = this.text[this.at];
    if (priority === 1 && next === '|') return { kind: 'or', length: 1, distance: 0 };
    if (priority === 2 && next === '&') return { kind: 'and', length: 1, distance: 0 };
    if (priority !== 3 || next !== '<') return null;
    const match = /^<(-|\d+)>/.exec(this.text.slice(this.at, this.at + 20));
    if (match === null) throw this.fail();
    const distance = match[1] === '-' ? 1 : Number(match[1]);
    if (distance > DISTANCE_MAX)
      throw new DecentDbError(
        '22023',
        `distance in phrase operator must be an integer value between zero and ${DISTANCE_MAX} inclusive`,
      );
    return { kind: 'phrase', length: match[0].length, distance };
  }

  private unary(depth: number): ParsedNode {
    if (depth > DEPTH_MAX) throw new DecentDbError('54001', 'tsquery is nested too deeply');
    this.skipBlanks();
    const next = this.text[this.at];
    if (next === '!') {
      this.at++;
      return { kind: 'not', child: this.unary(depth + 1) };
    }
    if (next === '(') {
      this.at++;
      const inner = this.binary(1, depth + 1);
      this.skipBlanks();
      if (this.text[this.at] !== ')') throw this.fail();
      this.at++;
      return inner;
    }
    return this.operand();
  }

  private operand(): ParsedNode {
    const isEnd = (c: string): boolean => isBlank(c) || '!&|()<:'.includes(c);
    if (this.text[this.at] === ':') throw this.fail();
    const word = readLexeme(this.text, this.at, isEnd, () => this.fail());
    if (word === null)
      throw this.at < this.text.length
        ? this.fail()
        : new DecentDbError('42601', `no operand in tsquery: "${this.text}"`);
    this.at = word.end;
    let weights = 0;
    let isPrefix = false;
    if (this.text[this.at] === ':') {
      for (this.at++; this.at < this.text.length; this.at++) {
        const letter = this.text[this.at]!;
        if (letter === '*') isPrefix = true;
        else if (/[abcdABCD]/.test(letter)) weights |= 1 << weightOf(letter);
        else break;
      }
    }
    return this.readOperand(word.lexeme, weights, isPrefix);
  }
}

function parseTsQuery(text: string): TsQuery {
  const root = parseQueryText(text, (lexeme, weights, isPrefix) => {
    if (byteLength(lexeme) > LEXEME_BYTES_MAX)
      throw new DecentDbError('22023', `word is too long in tsquery: "${text}"`);
    return { kind: 'value', lexeme, weights, isPrefix };
  });
  return root === null ? TsQuery.empty : new TsQuery(root as TsNode);
}

/** Nodes of a query. */
export function countNodes(node: TsNode | null): number {
  if (node === null) return 0;
  if (node.kind === 'value') return 1;
  return node.kind === 'not'
    ? 1 + countNodes(node.child)
    : 1 + countNodes(node.left) + countNodes(node.right);
}

function compareQueries(a: TsQuery, b: TsQuery): number {
  return countNodes(a.root) - countNodes(b.root) || compareText(a.toString(), b.toString());
}

const codec: ObjectCodec = {
  toBytes: (value) => {
    const writer = new ByteWriter();
    writer.text(String(value));
    return writer.finish();
  },
  fromBytes: (bytes) => parseTsQuery(new ByteReader(bytes).text()),
  compare: (a, b) => compareQueries(a as TsQuery, b as TsQuery),
  memoryBytes: (value) => 64 + 64 * countNodes((value as TsQuery).root),
};

export const tsqueryType: SqlType = defineType({
  oid: Oid.tsquery,
  name: 'tsquery',
  sqlName: 'tsquery',
  category: 'U',
  physical: Physical.object,
  codec,
  input: (text) => parseTsQuery(checkText(text)),
  output: String,
  compare: compareQueries,
  hash: (value: TsQuery) => hashText(value.toString()),
  toJs: String,
});
