/**
 * Compiled regular expressions, kept for reuse: what every pattern-matching function goes through.
 */
import { DecentDbError } from '../../base/errors.ts';
import { Backtracker } from './backtracking.ts';
import { Automaton, Machine, type Match } from './machine.ts';
import { compileProgram, type Program } from './program.ts';
import { applyFlags, parseRegex, type RegexFlags } from './syntax.ts';

const PATTERN_LENGTH_MAX = 65_536;
const KEPT_MAX = 256;

const PLAIN: RegexFlags = {
  ignoreCase: false,
  lineAnchors: false,
  dotExcludesNewline: false,
  expanded: false,
  literal: false,
};

export class Regex {
  readonly groups: number;
  private readonly program: Program;
  private machine: Machine | Backtracker | null = null;
  private automaton: Automaton | null = null;
  /** Set when the pattern is plain text, which a string search answers. */
  private readonly literal: string | null;

  constructor(pattern: string, flags: RegexFlags) {
    if (pattern.length > PATTERN_LENGTH_MAX)
      throw new DecentDbError('54000', 'regular expression is too long');
    const { node, groups, flags: actual } = parseRegex(pattern, flags);
    this.groups = groups;
    this.program = compileProgram(node, groups);
    this.literal =
      !actual.ignoreCase && /^[^\\^$.[\]|()?*+{}]+$/.test(pattern) && !actual.expanded ? pattern : null;
  }

  /** Whether the pattern matches anywhere. */
  test(text: string): boolean {
    if (this.literal !== null) return text.includes(this.literal);
    if (this.program.hasAssertions || this.program.references.length > 0) return this.find(text, 0) !== null;
    this.automaton ??= new Automaton(this.program);
    return this.automaton.test(text);
  }

  /** Leftmost match from a UTF-16 offset on; offsets of the match and its groups. */
  find(text: string, from: number): Match | null {
    this.machine ??=
      this.program.references.length > 0 ? new Backtracker(this.program) : new Machine(this.program);
    return this.machine.find(text, from);
  }

  /** All matches that do not overlap; an empty match right after a match counts, as in PostgreSQL, once a position. */
  *findAll(text: string, from = 0): Generator<Match> {
    let at = from;
    while (at <= text.length) {
      const match = this.find(text, at);
      if (match === null) return;
      yield match;
      at =
        match[1]! > match[0]! ? match[1]! : match[1]! + ((text.codePointAt(match[1]!) ?? 0) > 0xffff ? 2 : 1);
    }
  }
}

const kept = new Map<string, Regex>();

/** A pattern with option letters (`g` is ignored here: see {@link isGlobal}). Throws 2201B, 22023. */
export function compileRegex(pattern: string, letters = ''): Regex {
  const key = `${letters}\0${pattern}`;
  let regex = kept.get(key);
  if (regex === undefined) {
    regex = new Regex(pattern, applyFlags(PLAIN, letters.replaceAll('g', ''), 'argument'));
    if (kept.size >= KEPT_MAX) kept.clear();
    kept.set(key, regex);
  }
  return regex;
}

export function isGlobal(letters: string): boolean {
  return letters.includes('g');
}

/** A SQL SIMILAR TO pattern as a regular expression. */
export function similarToRegex(pattern: string, escape: string): string {
  if ([...escape].length > 1) {
    throw new DecentDbError('22025', 'invalid escape string', {
      hint: 'Escape string must be empty or one character.',
    });
  }
  let result = '';
  let quotes = 0;
  let isInBracket = false;
  const points = [...pattern];
  for (let i = 0; i < points.length; i++) {
    const char = points[i]!;
    if (escape !== '' && char === escape) {
      const next = points[++i];
      if (next === '"' && !isInBracket) {
        // The part between the two escaped quotes is what SUBSTRING gives.
        quotes++;
        if (quotes > 2)
          throw new DecentDbError(
            '2200C',
            'SQL regular expression may not contain more than two escape-double-quote separators',
          );
        result += quotes === 1 ? '){1,1}?(' : '){1,1}(?:';
      } else if (next !== undefined) result += `\\${next}`;
      continue;
    }
    if (isInBracket) {
      if (char === ']') isInBracket = false;
      result += char === '\\' ? '\\\\' : char;
    } else if (char === '[') {
      isInBracket = true;
      result += char;
      if (points[i + 1] === '^') result += points[++i];
      if (points[i + 1] === ']') result += points[++i];
    } else if (char === '%') result += '.*';
    else if (char === '_') result += '.';
    else if (char === '(') result += '(?:';
    else if (/[\\.^$]/.test(char)) result += `\\${char}`;
    else result += char;
  }
  return `^(?:${result})$`;
}
