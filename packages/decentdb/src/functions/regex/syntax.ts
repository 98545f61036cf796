/**
 * PostgreSQL's advanced regular expressions, parsed.
 *
 * I1  Errors are 2201B, worded as PostgreSQL's. Bounds repeat at most 255 times; nesting is limited.
 * I2  Character sets are sorted, disjoint, inclusive ranges of code points.
 * I3  Parentheses inside of lookaround capture nothing, and nothing there refers back.
 */
import { DecentDbError } from '../../base/errors.ts';

export type Ranges = readonly (readonly [from: number, to: number])[];

export type RegexNode =
  | { readonly kind: 'empty' }
  | { readonly kind: 'set'; readonly ranges: Ranges }
  | { readonly kind: 'sequence'; readonly items: readonly RegexNode[] }
  | { readonly kind: 'choice'; readonly items: readonly RegexNode[] }
  | {
      readonly kind: 'repeat';
      readonly item: RegexNode;
      readonly min: number;
      readonly max: number;
      readonly isLazy: boolean;
      readonly isExact: boolean;
    }
  | { readonly kind: 'group'; readonly item: RegexNode; readonly index: number }
  | { readonly kind: 'assert'; readonly what: Assertion }
  | LookNode
  | { readonly kind: 'reference'; readonly index: number; readonly ignoresCase: boolean };

/** `(?=x)`, `(?!x)`, `(?<=x)`, `(?<!x)`. */
export interface LookNode {
  readonly kind: 'look';
  readonly item: RegexNode;
  readonly isBehind: boolean;
  readonly isNegated: boolean;
}

export type Assertion =
  | 'lineStart'
  | 'lineEnd'
  | 'textStart'
  | 'textEnd'
  | 'wordStart'
  | 'wordEnd'
  | 'wordEdge'
  | 'notWordEdge';

export interface RegexFlags {
  readonly ignoreCase: boolean;
  /** ^ and $ match at line ends too. */
  readonly lineAnchors: boolean;
  /** `.` and negated sets do not match a newline. */
  readonly dotExcludesNewline: boolean;
  readonly expanded: boolean;
  readonly literal: boolean;
}

export const POINT_MAX = 0x10ffff;
const REPEAT_MAX = 255;
const DEPTH_MAX = 250;

export function regexError(message: string): DecentDbError {
  return new DecentDbError('2201B', `invalid regular expression: ${message}`);
}

/** Sorted and merged. */
export function normaliseRanges(ranges: Ranges): Ranges {
  const sorted = [...ranges].sort((a, b) => a[0] - b[0]);
  const merged: [number, number][] = [];
  for (const [from, to] of sorted) {
    const last = merged[merged.length - 1];
    if (last !== undefined && from <= last[1] + 1) last[1] = Math.max(last[1], to);
    else merged.push([from, to]);
  }
  return merged;
}

export function invertRanges(ranges: Ranges): Ranges {
  const inverted: [number, number][] = [];
  let next = 0;
  for (const [from, to] of normaliseRanges(ranges)) {
    if (from > next) inverted.push([next, from - 1]);
    next = to + 1;
  }
  if (next <= POINT_MAX) inverted.push([next, POINT_MAX]);
  return inverted;
}

const propertyRanges = new Map<string, Ranges>();

/** Beyond it are ideographs, in long runs: one of sixteen is asked. */
const SMALL_RUNS_MAX = 0x1ffff;
const ASSIGNED_MAX = 0x3ffff;

/** Code points with a Unicode property, found once by asking the platform. */
function unicodeRanges(property: string): Ranges {
  let ranges = propertyRanges.get(property);
  if (ranges === undefined) {
    const test = new RegExp(`^${property}$`, 'u');
    const found: [number, number][] = [];
    let step = 1;
    for (let point = 128; point <= ASSIGNED_MAX; point += step) {
      if (point === 0xd800) point = 0xe000;
      if (point > SMALL_RUNS_MAX) step = 16;
      if (!test.test(String.fromCodePoint(point))) continue;
      const last = found[found.length - 1];
      if (last !== undefined && last[1] === point - 1) last[1] = point + step - 1;
      else found.push([point, point + step - 1]);
    }
    ranges = found;
    propertyRanges.set(property, ranges);
  }
  return ranges;
}

const DIGIT: Ranges = [[48, 57]];
const ASCII: Readonly<Record<string, Ranges>> = {
  alnum: [
    [48, 57],
    [65, 90],
    [97, 122],
  ],
  alpha: [
    [65, 90],
    [97, 122],
  ],
  ascii: [[0, 127]],
  blank: [
    [9, 9],
    [32, 32],
  ],
  cntrl: [
    [0, 31],
    [127, 127],
  ],
  digit: DIGIT,
  graph: [[33, 126]],
  lower: [[97, 122]],
  print: [[32, 126]],
  punct: [
    [33, 47],
    [58, 64],
    [91, 96],
    [123, 126],
  ],
  space: [
    [9, 13],
    [32, 32],
  ],
  upper: [[65, 90]],
  word: [
    [48, 57],
    [65, 90],
    [95, 95],
    [97, 122],
  ],
  xdigit: [
    [48, 57],
    [65, 70],
    [97, 102],
  ],
};
const BEYOND_ASCII: Readonly<Record<string, string>> = {
  alnum: '[\\p{L}\\p{N}]',
  alpha: '\\p{L}',
  lower: '\\p{Ll}',
  upper: '\\p{Lu}',
  punct: '[\\p{P}\\p{S}]',
  space: '\\s',
  word: '[\\p{L}\\p{N}_]',
  graph: '[^\\s\\p{C}]',
  print: '\\P{C}',
};

function classRanges(name: string): Ranges {
  const ascii = ASCII[name];
  if (ascii === undefined) throw regexError('invalid character class');
  const beyond = BEYOND_ASCII[name];
  return beyond === undefined ? ascii : [...ascii, ...unicodeRanges(beyond)];
}

/** Adds the other case of every letter in the ranges. */
function foldRanges(ranges: Ranges): Ranges {
  const extra: [number, number][] = [];
  for (const [from, to] of ranges) {
    if (to - from > 4000) continue;
    for (let point = from; point <= to; point++) {
      const char = String.fromCodePoint(point);
      for (const other of [char.toLowerCase(), char.toUpperCase()]) {
        const mapped = other.codePointAt(0)!;
        if (other !== char && String.fromCodePoint(mapped) === other) extra.push([mapped, mapped]);
      }
    }
  }
  return extra.length === 0 ? ranges : normaliseRanges([...ranges, ...extra]);
}

/** Parses a pattern; `groups` counts capturing parentheses. */
export function parseRegex(
  pattern: string,
  given: RegexFlags,
): { readonly node: RegexNode; readonly groups: number; readonly flags: RegexFlags } {
  const parser = new RegexParser(pattern, given);
  const node = parser.parse();
  return { node, groups: parser.groups, flags: parser.flags };
}

class RegexParser {
  private readonly points: string[];
  private at = 0;
  private depth = 0;
  private lookDepth = 0;
  private readonly closed = new Set<number>();
  groups = 0;
  flags: RegexFlags;

  constructor(pattern: string, flags: RegexFlags) {
    let source = pattern;
    let actual = flags;
    if (source.startsWith('***=')) {
      source = source.slice(4);
      actual = { ...flags, literal: true };
    } else if (source.startsWith('***:')) source = source.slice(4);
    const embedded = actual.literal ? null : /^\(\?([a-z]+)\)/.exec(source);
    if (embedded !== null) {
      source = source.slice(embedded[0].length);
      actual = applyFlags(actual, embedded[1]!, 'embedded');
    }
    this.points = [...source];
    this.flags = actual;
  }

  parse(): RegexNode {
    if (this.flags.literal) return sequence(this.points.map((char) => this.literal(char.codePointAt(0)!)));
    const node = this.choice();
    if (this.at < this.points.length) throw regexError('parentheses () not balanced');
    return node;
  }

  private peek(): string | undefined {
    this.skipExpanded();
    return this.points[this.at];
  }

  private skipExpanded(): void {
    if (!this.flags.expanded) return;
    for (;;) {
      const char = this.points[this.at];
      if (char !== undefined && /\s/.test(char)) this.at++;
      else if (char === '#') while (this.at < this.points.length && this.points[this.at] !== '\n') this.at++;
      else return;
    }
  }

  private choice(): RegexNode {
    if (++this.depth > DEPTH_MAX) throw regexError('regular expression is too complex');
    const branches = [this.branch()];
    while (this.peek() === '|') {
      this.at++;
      branches.push(this.branch());
    }
    this.depth--;
    return branches.length === 1 ? branches[0]! : { kind: 'choice', items: branches };
  }

  private branch(): RegexNode {
    const items: RegexNode[] = [];
    for (;;) {
      const char = this.peek();
      if (char === undefined || char === '|' || char === ')') break;
      items.push(this.quantified());
    }
    return sequence(items);
  }

  private quantified(): RegexNode {
    const atom = this.atom();
    let node = atom;
    const bound = this.bound();
    if (bound !== null) {
      if (atom.kind === 'assert' || atom.kind === 'look') throw regexError('quantifier operand invalid');
      const isLazy = this.points[this.at] === '?';
      if (isLazy) this.at++;
      node = { kind: 'repeat', item: atom, min: bound[0], max: bound[1], isLazy, isExact: bound[2] === true };
      if (this.bound() !== null) throw regexError('quantifier operand invalid');
    }
    return node;
  }

  private bound(): [min: number, max: number, isExact?: boolean] | null {
    switch (this.peek()) {
      case '*':
        this.at++;
        return [0, Number.POSITIVE_INFINITY];
      case '+':
        this.at++;
        return [1, Number.POSITIVE_INFINITY];
      case '?':
        this.at++;
        return [0, 1];
      case '{': {
        const match = /^\{(\d+)(?:(,)(\d+)?)?\}/.exec(this.points.slice(this.at, this.at + 12).join(''));
        if (match === null) {
          if (/\d/.test(this.points[this.at + 1] ?? '')) throw regexError('invalid repetition count(s)');
          return null;
        }
        const min = Number(match[1]);
        const max =
          match[2] === undefined ? min : match[3] === undefined ? Number.POSITIVE_INFINITY : Number(match[3]);
        if (min > REPEAT_MAX || (max !== Number.POSITIVE_INFINITY && max > REPEAT_MAX) || min > max)
          throw regexError('invalid repetition count(s)');
        this.at += match[0].length;
        return [min, max, match[2] === undefined];
      }
      default:
        return null;
    }
  }

  private literal(point: number): RegexNode {
    const ranges: Ranges = [[point, point]];
    return { kind: 'set', ranges: this.flags.ignoreCase ? foldRanges(ranges) : ranges };
  }

  private atom(): RegexNode {
    const char = this.points[this.at++]!;
    switch (char) {
      case '(':
        return this.group();
      case '[':
        return this.bracket();
      case '.':
        return {
          kind: 'set',
          ranges: this.flags.dotExcludesNewline ? invertRanges([[10, 10]]) : [[0, POINT_MAX]],
        };
      case '^':
        return { kind: 'assert', what: this.flags.lineAnchors ? 'lineStart' : 'textStart' };
      case '$':
        return { kind: 'assert', what: this.flags.lineAnchors ? 'lineEnd' : 'textEnd' };
      case '\\':
        return this.escape();
      case '*':
      case '+':
      case '?':
        throw regexError('quantifier operand invalid');
      default:
        if (char === '{' && /\d/.test(this.points[this.at] ?? ''))
          throw regexError('quantifier operand invalid');
        return this.literal(char.codePointAt(0)!);
    }
  }

  private group(): RegexNode {
    if (this.points[this.at] === '?') {
      const look = /^\?(<?)([=!])/.exec(this.points.slice(this.at, this.at + 3).join(''));
      if (look !== null) return this.look(look[0].length, look[1] === '<', look[2] === '!');
      if (this.points[this.at + 1] !== ':') throw regexError('quantifier operand invalid');
      this.at += 2;
      return this.uncaptured();
    }
    if (this.lookDepth > 0) return this.uncaptured();
    const index = ++this.groups;
    const item = this.choice();
    this.close();
    this.closed.add(index);
    return { kind: 'group', item, index };
  }

  private look(length: number, isBehind: boolean, isNegated: boolean): RegexNode {
    this.at += length;
    this.lookDepth++;
    const item = this.choice();
    this.lookDepth--;
    this.close();
    return { kind: 'look', item, isBehind, isNegated };
  }

  /** What only parentheses hold together; as one item of a sequence it may be repeated whatever it is. */
  private uncaptured(): RegexNode {
    const item = this.choice();
    this.close();
    const isAlone = item.kind !== 'set' && item.kind !== 'sequence';
    return isAlone ? { kind: 'sequence', items: [item] } : item;
  }

  private close(): void {
    if (this.points[this.at++] !== ')') throw regexError('parentheses () not balanced');
  }

  private escape(): RegexNode {
    const char = this.points[this.at++];
    if (char === undefined) throw regexError('invalid escape \\ sequence');
    const assertion = ASSERTIONS[char];
    if (assertion !== undefined) return { kind: 'assert', what: assertion };
    const set = this.classEscape(char);
    if (set !== null) return { kind: 'set', ranges: set };
    if (/[1-9]/.test(char)) return this.reference(char);
    return this.literal(this.characterEscape(char));
  }

  /** `\1`; more digits count where there are that many groups, or are an octal character. */
  private reference(first: string): RegexNode {
    const more = /^\d*/.exec(this.points.slice(this.at, this.at + 3).join(''))?.[0] ?? '';
    const index = Number(first + more);
    if (more !== '' && index > this.groups) {
      const octal = /^[0-7]{2,3}/.exec(first + more)?.[0];
      if (octal !== undefined) {
        this.at += octal.length - 1;
        return this.literal(Number.parseInt(octal, 8));
      }
    }
    if (this.lookDepth > 0 || !this.closed.has(index)) throw regexError('invalid backreference number');
    this.at += more.length;
    return { kind: 'reference', index, ignoresCase: this.flags.ignoreCase };
  }

  private classEscape(char: string): Ranges | null {
    const named = CLASSES[char.toLowerCase()];
    if (named === undefined) return null;
    const ranges = normaliseRanges(classRanges(named));
    return char === char.toLowerCase() ? ranges : invertRanges(ranges);
  }

  private characterEscape(char: string): number {
    const simple = { a: 7, b: 8, B: 92, e: 27, f: 12, n: 10, r: 13, t: 9, v: 11 }[char];
    if (simple !== undefined) return simple;
    const take = (pattern: RegExp): number => {
      const match = pattern.exec(this.points.slice(this.at, this.at + 8).join(''));
      if (match === null) throw regexError('invalid escape \\ sequence');
      this.at += match[0].length;
      const point = Number.parseInt(match[0], 16);
      if (point > POINT_MAX) throw regexError('invalid escape \\ sequence');
      return point;
    };
    const octal = char === '0' ? /^[0-7]{1,2}/.exec(this.points.slice(this.at, this.at + 2).join('')) : null;
    if (octal !== null) {
      this.at += octal[0].length;
      return Number.parseInt(octal[0], 8);
    }
    if (char === '0') return 0;
    if (char === 'u') return take(/^[0-9a-fA-F]{4}/);
    if (char === 'U') return take(/^[0-9a-fA-F]{8}/);
    if (char === 'x') return take(/^[0-9a-fA-F]+/);
    if (char === 'c') return (this.points[this.at++]?.codePointAt(0) ?? 0) & 31;
    if (/[A-Za-z0-9]/.test(char)) throw regexError('invalid escape \\ sequence');
    return char.codePointAt(0)!;
  }

  private bracket(): RegexNode {
    const rest = this.points.slice(this.at, this.at + 6).join('');
    if (rest.startsWith('[:<:]]') || rest.startsWith('[:>:]]')) {
      this.at += 6;
      return { kind: 'assert', what: rest[2] === '<' ? 'wordStart' : 'wordEnd' };
    }
    const isNegated = this.points[this.at] === '^';
    if (isNegated) this.at++;
    const ranges: (readonly [number, number])[] = [];
    let isFirst = true;
    while (this.points[this.at] !== ']' || isFirst) {
      if (this.at >= this.points.length) throw regexError('brackets [] not balanced');
      isFirst = false;
      this.bracketItem(ranges);
    }
    this.at++;
    let set = normaliseRanges(ranges);
    if (this.flags.ignoreCase) set = foldRanges(set);
    if (!isNegated) return { kind: 'set', ranges: set };
    return { kind: 'set', ranges: invertRanges(this.flags.dotExcludesNewline ? [...set, [10, 10]] : set) };
  }

  private bracketItem(ranges: (readonly [number, number])[]): void {
    const from = this.bracketPoint(ranges);
    if (from === null) return;
    if (
      this.points[this.at] === '-' &&
      this.points[this.at + 1] !== ']' &&
      this.points[this.at + 1] !== undefined
    ) {
      this.at++;
      const to = this.bracketPoint([]);
      if (to === null || to < from) throw regexError('invalid character range');
      ranges.push([from, to]);
    } else ranges.push([from, from]);
  }

  /** One character of a bracket expression, or null after adding a class. */
  private bracketPoint(ranges: (readonly [number, number])[]): number | null {
    const char = this.points[this.at++]!;
    if (char === '[' && /[:.=]/.test(this.points[this.at] ?? '')) return this.bracketName(ranges);
    if (char !== '\\') return char.codePointAt(0)!;
    const escaped = this.points[this.at++];
    if (escaped === undefined) throw regexError('invalid escape \\ sequence');
    const set = this.classEscape(escaped);
    if (set === null) return this.characterEscape(escaped);
    ranges.push(...set);
    return null;
  }

  private bracketName(ranges: (readonly [number, number])[]): number | null {
    const mark = this.points[this.at++]!;
    const start = this.at;
    while (
      this.at < this.points.length &&
      !(this.points[this.at] === mark && this.points[this.at + 1] === ']')
    )
      this.at++;
    const name = this.points.slice(start, this.at).join('');
    if (this.at >= this.points.length) throw regexError('brackets [] not balanced');
    this.at += 2;
    if (mark !== ':') {
      if ([...name].length !== 1) throw regexError('invalid collating element');
      return name.codePointAt(0)!;
    }
    ranges.push(
      ...classRanges(this.flags.ignoreCase && (name === 'lower' || name === 'upper') ? 'alpha' : name),
    );
    return null;
  }
}

const ASSERTIONS: Readonly<Record<string, Assertion>> = {
  A: 'textStart',
  Z: 'textEnd',
  m: 'wordStart',
  M: 'wordEnd',
  y: 'wordEdge',
  Y: 'notWordEdge',
};
const CLASSES: Readonly<Record<string, string>> = { d: 'digit', s: 'space', w: 'word' };

function sequence(items: readonly RegexNode[]): RegexNode {
  if (items.length === 0) return { kind: 'empty' };
  return items.length === 1 ? items[0]! : { kind: 'sequence', items };
}

/** Flags from option letters; `g` is the caller's. */
export function applyFlags(flags: RegexFlags, letters: string, where: 'embedded' | 'argument'): RegexFlags {
  let result = flags;
  for (const letter of letters) {
    switch (letter) {
      case 'i':
        result = { ...result, ignoreCase: true };
        break;
      case 'c':
        result = { ...result, ignoreCase: false };
        break;
      case 'm':
      case 'n':
        result = { ...result, lineAnchors: true, dotExcludesNewline: true };
        break;
      case 'p':
        result = { ...result, lineAnchors: false, dotExcludesNewline: true };
        break;
      case 'w':
        result = { ...result, lineAnchors: true, dotExcludesNewline: false };
        break;
      case 's':
        result = { ...result, lineAnchors: false, dotExcludesNewline: false };
        break;
      case 'x':
        result = { ...result, expanded: true };
        break;
      case 't':
        result = { ...result, expanded: false };
        break;
      case 'q':
        result = { ...result, literal: true };
        break;
      case 'e':
      case 'b':
        break;
      default:
        throw where === 'embedded'
          ? regexError('invalid embedded option')
          : new DecentDbError('22023', `invalid regular expression option: "${letter}"`);
    }
  }
  return result;
}
