/**
 * Trigrams that every match of a regular expression must contain (Cox, "Regular Expression Matching with a Trigram Index", 2012,
 * in its simplest sound form: literal runs are required, alternatives are alternatives, all else says nothing).
 *
 * I1  Sound for PostgreSQL's advanced regular expressions: a construct this parser does not know makes the whole query `anything`.
 * I2  Nesting is bounded: deeper patterns say nothing.
 */
import { foldCodePoint } from '../../types/case-fold.ts';
import { ANYTHING, allOf, anyOf, containing, type TrigramQuery } from './trigram-query.ts';

const DEPTH_MAX = 50;

/**
 * Query for `text ~ pattern`, or `text ~* pattern`.
 *
 * Matching without regard to case tries a letter's upper and lower form; a letter whose forms fold differently (ſ, µ) says nothing.
 */
export function regexQuery(pattern: string, isIgnoringCase = false): TrigramQuery {
  if (/^\*\*\*|\(\?/.test(pattern)) return ANYTHING;
  const reader = new RegexReader([...pattern], isIgnoringCase);
  const query = reader.alternatives(0);
  return reader.isDone && !reader.isUnknown ? query : ANYTHING;
}

class RegexReader {
  private readonly characters: readonly string[];
  private at = 0;
  private readonly isIgnoringCase: boolean;
  isUnknown = false;

  constructor(characters: readonly string[], isIgnoringCase: boolean) {
    this.characters = characters;
    this.isIgnoringCase = isIgnoringCase;
  }

  get isDone(): boolean {
    return this.at >= this.characters.length;
  }

  alternatives(depth: number): TrigramQuery {
    if (depth > DEPTH_MAX) this.isUnknown = true;
    if (this.isUnknown) return ANYTHING;
    const branches = [this.sequence(depth)];
    while (this.peek() === '|') {
      this.at++;
      branches.push(this.sequence(depth));
    }
    return anyOf(branches);
  }

  private peek(): string | undefined {
    return this.characters[this.at];
  }

  /** One branch: literal runs are collected until something that is not a plain character interrupts them. */
  private sequence(depth: number): TrigramQuery {
    const parts: TrigramQuery[] = [];
    let run = '';
    const flush = (): void => {
      if (run !== '') parts.push(containing(run));
      run = '';
    };
    while (!this.isDone && !this.isUnknown && this.peek() !== '|' && this.peek() !== ')') {
      const atom = this.atom(depth);
      const repeat = this.quantifier();
      if (typeof atom === 'string') {
        if (repeat === 'once') {
          run += atom;
          continue;
        }
        if (repeat === 'atLeastOnce') run += atom;
        flush();
        if (repeat === 'atLeastOnce') run = atom;
        continue;
      }
      flush();
      if (repeat !== 'maybe') parts.push(atom);
    }
    flush();
    return allOf(parts);
  }

  /** A literal character, or what a group or class says. */
  private atom(depth: number): string | TrigramQuery {
    const character = this.characters[this.at++]!;
    switch (character) {
      case '(': {
        const inner = this.alternatives(depth + 1);
        if (this.peek() !== ')') this.isUnknown = true;
        this.at++;
        return inner;
      }
      case '[':
        this.skipClass();
        return ANYTHING;
      case '.':
      case '^':
      case '$':
        return ANYTHING;
      case '\\':
        return this.escape();
      case '*':
      case '+':
      case '?':
      case '{':
        this.isUnknown = true;
        return ANYTHING;
      default:
        return this.literal(character);
    }
  }

  private literal(character: string): string | TrigramQuery {
    return this.isIgnoringCase && !hasOneFold(character) ? ANYTHING : character;
  }

  private escape(): string | TrigramQuery {
    const character = this.characters[this.at++];
    if (character === undefined || /[0-9A-Za-z]/.test(character)) {
      if (character === undefined || !/[dwsDWSmMyYAZ]/.test(character)) this.isUnknown = true;
      return ANYTHING;
    }
    return this.literal(character);
  }

  private skipClass(): void {
    if (this.peek() === '^') this.at++;
    if (this.peek() === ']') this.at++;
    while (!this.isDone && this.peek() !== ']') {
      const next = this.characters[this.at + 1];
      if (this.peek() === '[' && (next === ':' || next === '.' || next === '=')) {
        this.at += 2;
        while (!this.isDone && !(this.peek() === next && this.characters[this.at + 1] === ']')) this.at++;
        this.at += 2;
      } else {
        this.at += this.peek() === '\\' ? 2 : 1;
      }
    }
    if (this.isDone) this.isUnknown = true;
    this.at++;
  }

  private quantifier(): 'once' | 'atLeastOnce' | 'maybe' {
    const character = this.peek();
    let result: 'once' | 'atLeastOnce' | 'maybe' = 'once';
    if (character === '*' || character === '?') result = 'maybe';
    else if (character === '+') result = 'atLeastOnce';
    else if (character === '{') {
      const end = this.characters.indexOf('}', this.at);
      const bounds = /^(\d+)(,\d*)?$/.exec(this.characters.slice(this.at + 1, end).join(''));
      if (end < 0 || bounds === null) {
        this.isUnknown = true;
        return 'maybe';
      }
      result = Number(bounds[1]) > 0 ? 'atLeastOnce' : 'maybe';
      this.at = end;
    }
    if (result !== 'once' || character === '{') {
      this.at++;
      if (this.peek() === '?') this.at++;
    }
    return result;
  }
}

/** Whether every case form of a character folds alike. */
function hasOneFold(character: string): boolean {
  const point = character.codePointAt(0)!;
  return [character.toLowerCase(), character.toUpperCase()].every((form) => {
    const other = form.codePointAt(0)!;
    return String.fromCodePoint(other) !== form || foldCodePoint(other) === foldCodePoint(point);
  });
}
