/**
 * Reads jsonpath text (PostgreSQL manual 9.16.2; SQL:2016 path language).
 *
 * I1  `@` stands only inside filters, `last` only inside subscripts; both are checked while reading.
 * I2  Predicates and expressions are told apart: a predicate is an operand only in brackets with an accessor behind.
 * I3  Nesting is bounded (54001).
 */
import { DecentDbError } from '../base/errors.ts';
import { Decimal } from './decimal.ts';
import { tooDeep } from './json.ts';
import {
  isPredicate,
  JsonPath,
  type LevelBounds,
  PathItem,
  type PathMethod,
  type Subscript,
} from './jsonpath.ts';
import { type PathToken, pathSyntaxError, pathTokens } from './jsonpath-lexer.ts';

const DEPTH_MAX = 250;
const COMPARISONS = new Set(['==', '!=', '<', '<=', '>', '>=']);
const PLAIN_METHODS = new Set([
  'abs',
  'bigint',
  'boolean',
  'ceiling',
  'date',
  'double',
  'floor',
  'integer',
  'keyvalue',
  'number',
  'size',
  'string',
  'type',
]);
const PRECISE_METHODS = new Set(['time', 'time_tz', 'timestamp', 'timestamp_tz']);

class PathParser {
  private readonly tokens: PathToken[];
  private at = 0;
  private depth = 0;
  private filters = 0;
  private subscripts = 0;
  /** Predicates written in brackets, which alone may be negated, tested for unknown or followed by accessors. */
  private readonly delimited = new WeakSet<PathItem>();

  constructor(text: string) {
    this.tokens = pathTokens(text);
  }

  path(): JsonPath {
    let isLax = true;
    if (this.isWord('strict') || this.isWord('lax')) isLax = this.take().text.toLowerCase() === 'lax';
    const root = this.disjunction();
    if (this.peek().kind !== 'end') throw this.unexpected();
    return new JsonPath(isLax, root);
  }

  private peek(): PathToken {
    return this.tokens[this.at]!;
  }

  private take(): PathToken {
    const token = this.peek();
    if (token.kind !== 'end') this.at++;
    return token;
  }

  private unexpected(): DecentDbError {
    return pathSyntaxError(this.peek());
  }

  private isMark(mark: string): boolean {
    const token = this.peek();
    return token.kind === 'mark' && token.text === mark;
  }

  private acceptMark(mark: string): boolean {
    const isThere = this.isMark(mark);
    if (isThere) this.at++;
    return isThere;
  }

  private expectMark(mark: string): void {
    if (!this.acceptMark(mark)) throw this.unexpected();
  }

  private isWord(word: string): boolean {
    const token = this.peek();
    return token.kind === 'name' && token.text.toLowerCase() === word;
  }

  private acceptWord(word: string): boolean {
    const isThere = this.isWord(word);
    if (isThere) this.at++;
    return isThere;
  }

  private expectWord(word: string): void {
    if (!this.acceptWord(word)) throw this.unexpected();
  }

  private demandPredicate(item: PathItem): PathItem {
    if (!isPredicate(item) || item.next !== null) throw this.unexpected();
    return item;
  }

  private demandExpression(item: PathItem): PathItem {
    if (isPredicate(item) && item.next === null) throw this.unexpected();
    return item;
  }

  private predicate(): PathItem {
    return this.demandPredicate(this.disjunction());
  }

  private expression(): PathItem {
    return this.demandExpression(this.additive());
  }

  private disjunction(): PathItem {
    if (++this.depth > DEPTH_MAX) throw tooDeep();
    let left = this.conjunction();
    while (this.isMark('||')) {
      this.demandPredicate(left);
      this.at++;
      left = new PathItem('or', { left, right: this.demandPredicate(this.conjunction()) });
    }
    this.depth--;
    return left;
  }

  private conjunction(): PathItem {
    let left = this.comparison();
    while (this.isMark('&&')) {
      this.demandPredicate(left);
      this.at++;
      left = new PathItem('and', { left, right: this.demandPredicate(this.comparison()) });
    }
    return left;
  }

  private comparison(): PathItem {
    if (this.acceptMark('!')) {
      const left = this.primary();
      if (!this.delimited.has(left) || left.next !== null || !isPredicate(left)) throw this.unexpected();
      return new PathItem('not', { left });
    }
    const left = this.additive();
    const token = this.peek();
    if (token.kind === 'mark' && COMPARISONS.has(token.text)) {
      this.demandExpression(left);
      this.at++;
      return new PathItem('comparison', {
        left,
        right: this.expression(),
        operator: token.text as '==',
      });
    }
    if (this.isWord('starts')) return this.startsWith(this.demandExpression(left));
    if (this.isWord('like_regex')) return this.likeRegex(this.demandExpression(left));
    return left;
  }

  private startsWith(left: PathItem): PathItem {
    this.at++;
    this.expectWord('with');
    const token = this.peek();
    if (token.kind !== 'string' && token.kind !== 'variable') throw this.unexpected();
    this.at++;
    const right = new PathItem(token.kind === 'string' ? 'literal' : 'variable', { value: token.text });
    return new PathItem('startsWith', { left, right });
  }

  private likeRegex(left: PathItem): PathItem {
    this.at++;
    const value = this.string();
    const flags = this.acceptWord('flag') ? regexFlags(this.string()) : '';
    return new PathItem('likeRegex', { left, value, flags });
  }

  private string(): string {
    if (this.peek().kind !== 'string') throw this.unexpected();
    return this.take().text;
  }

  private additive(): PathItem {
    let left = this.multiplicative();
    while (this.isMark('+') || this.isMark('-')) {
      this.demandExpression(left);
      const operator = this.take().text as '+';
      const right = this.demandExpression(this.multiplicative());
      left = new PathItem('arithmetic', { left, right, operator });
    }
    return left;
  }

  private multiplicative(): PathItem {
    let left = this.unary();
    while (this.isMark('*') || this.isMark('/') || this.isMark('%')) {
      this.demandExpression(left);
      const operator = this.take().text as '*';
      left = new PathItem('arithmetic', { left, right: this.demandExpression(this.unary()), operator });
    }
    return left;
  }

  private unary(): PathItem {
    if (!this.isMark('+') && !this.isMark('-')) return this.primary();
    if (++this.depth > DEPTH_MAX) throw tooDeep();
    const operator = this.take().text as '+' | '-';
    const left = this.demandExpression(this.unary());
    this.depth--;
    if (left.kind === 'literal' && left.value instanceof Decimal && left.next === null)
      return operator === '+' ? left : new PathItem('literal', { value: left.value.negate() });
    return new PathItem('unary', { left, operator });
  }

  private primary(): PathItem {
    if (this.acceptMark('(')) return this.bracketed();
    if (this.acceptWord('exists')) {
      this.expectMark('(');
      const left = this.demandExpression(this.disjunction());
      this.expectMark(')');
      const item = new PathItem('exists', { left });
      this.delimited.add(item);
      return item;
    }
    const head = this.head();
    this.accessors(head);
    return head;
  }

  private bracketed(): PathItem {
    const item = this.disjunction();
    this.expectMark(')');
    if (isPredicate(item) && item.next === null) {
      this.delimited.add(item);
      if (this.acceptWord('is')) {
        this.expectWord('unknown');
        return new PathItem('isUnknown', { left: item });
      }
    }
    this.accessors(item);
    return item;
  }

  private head(): PathItem {
    const token = this.take();
    switch (token.kind) {
      case 'string':
        return new PathItem('literal', { value: token.text });
      case 'variable':
        return new PathItem('variable', { value: token.text });
      case 'number':
      case 'integer':
        return new PathItem('literal', { value: token.number });
      case 'mark':
        if (token.text === '$') return new PathItem('root');
        if (token.text === '@') return this.current();
        break;
      case 'name':
        if (token.text === 'true' || token.text === 'false')
          return new PathItem('literal', { value: token.text === 'true' });
        if (token.text === 'null') return new PathItem('literal', { value: null });
        if (token.text.toLowerCase() === 'last') return this.last();
    }
    if (token.kind !== 'end') this.at--;
    throw this.unexpected();
  }

  private current(): PathItem {
    if (this.filters === 0) throw new DecentDbError('42601', '@ is not allowed in root expressions');
    return new PathItem('current');
  }

  private last(): PathItem {
    if (this.subscripts === 0) throw new DecentDbError('42601', 'LAST is allowed only in array subscripts');
    return new PathItem('last');
  }

  private accessors(head: PathItem): void {
    let end = head;
    while (end.next !== null) end = end.next;
    for (;;) {
      const item = this.accessor();
      if (item === null) return;
      end.next = item;
      end = item;
    }
  }

  private accessor(): PathItem | null {
    if (this.acceptMark('.')) return this.member();
    if (this.acceptMark('[')) return this.arrayAccessor();
    if (!this.acceptMark('?')) return null;
    this.expectMark('(');
    this.filters++;
    const left = this.predicate();
    this.filters--;
    this.expectMark(')');
    return new PathItem('filter', { left });
  }

  private member(): PathItem {
    if (this.acceptMark('*')) return new PathItem('anyKey');
    if (this.acceptMark('**')) return new PathItem('any', { bounds: this.levels() });
    const token = this.take();
    if (token.kind === 'string') return new PathItem('key', { value: token.text });
    if (token.kind !== 'name') {
      if (token.kind !== 'end') this.at--;
      throw this.unexpected();
    }
    return this.isMark('(') ? this.method(token) : new PathItem('key', { value: token.text });
  }

  private method(token: PathToken): PathItem {
    const operator = token.text.toLowerCase() as PathMethod;
    const isKnown =
      PLAIN_METHODS.has(operator) ||
      PRECISE_METHODS.has(operator) ||
      operator === 'datetime' ||
      operator === 'decimal';
    if (!isKnown) throw this.unexpected();
    this.expectMark('(');
    let [left, right]: [PathItem | null, PathItem | null] = [null, null];
    if (operator === 'datetime' && this.peek().kind === 'string')
      left = new PathItem('literal', { value: this.take().text });
    if (PRECISE_METHODS.has(operator) && this.peek().kind === 'integer') left = this.integer();
    if (operator === 'decimal' && !this.isMark(')')) {
      left = this.integer();
      if (this.acceptMark(',')) right = this.integer();
    }
    this.expectMark(')');
    return new PathItem('method', { operator, left, right });
  }

  private integer(): PathItem {
    const sign = this.isMark('-') || this.isMark('+') ? this.take().text : '+';
    const token = this.peek();
    if (token.kind !== 'integer') throw this.unexpected();
    this.at++;
    return new PathItem('literal', { value: sign === '-' ? token.number!.negate() : token.number });
  }

  private levels(): LevelBounds {
    if (!this.acceptMark('{')) return { first: 0, last: Number.POSITIVE_INFINITY };
    const first = this.level();
    const last = this.acceptWord('to') ? this.level() : first;
    this.expectMark('}');
    return { first, last };
  }

  private level(): number {
    if (this.acceptWord('last')) return Number.POSITIVE_INFINITY;
    if (this.peek().kind !== 'integer') throw this.unexpected();
    return this.take().number!.toNumber();
  }

  private arrayAccessor(): PathItem {
    if (this.acceptMark('*')) {
      this.expectMark(']');
      return new PathItem('anyArray');
    }
    this.subscripts++;
    const subscripts: Subscript[] = [];
    do {
      const from = this.expression();
      subscripts.push({ from, to: this.acceptWord('to') ? this.expression() : null });
    } while (this.acceptMark(','));
    this.subscripts--;
    this.expectMark(']');
    return new PathItem('indexArray', { subscripts });
  }
}

/** The letters of a like_regex flag, each once, in the order PostgreSQL prints them. */
function regexFlags(letters: string): string {
  for (const letter of letters) {
    if (!'ismxq'.includes(letter)) {
      throw new DecentDbError('42601', 'invalid input syntax for type jsonpath', {
        detail: `Unrecognized flag character "${letter}" in LIKE_REGEX predicate.`,
      });
    }
  }
  if (letters.includes('x') && !letters.includes('q'))
    throw new DecentDbError('0A000', 'XQuery "x" flag (expanded regular expressions) is not implemented');
  return [...'ismxq'].filter((letter) => letters.includes(letter)).join('');
}

/** Reads a path. Throws 42601, 22P02, 0A000. */
export function parseJsonPath(text: string): JsonPath {
  if (text.trim() === '')
    throw new DecentDbError('22P02', `invalid input syntax for type jsonpath: "${text}"`);
  return new PathParser(text).path();
}
