/**
 * Templates of to_char, to_date and to_timestamp for dates and times, taken apart (PostgreSQL manual, table 9.26).
 *
 * I1  Patterns are matched longest first and, as in PostgreSQL, only in the spellings listed: `Month` is one, `MoNth` is literal text.
 * I2  Text in double quotes is literal; a backslash inside keeps the next character.
 */
import { DecentDbError } from '../../base/errors.ts';

export interface TemplateField {
  readonly kind: 'field';
  /** Canonical upper-case name; names with case variants carry the spelling. */
  readonly name: string;
  readonly spelling: string;
  /** FM: no padding. */
  readonly fill: boolean;
  /** TM: localised names (the same here: English). */
  readonly translated: boolean;
  readonly ordinal: 'TH' | 'th' | null;
}
export interface TemplateText {
  readonly kind: 'text';
  readonly text: string;
  readonly isQuoted: boolean;
}
export type TemplateItem = TemplateField | TemplateText;

export interface Template {
  readonly items: readonly TemplateItem[];
  /** FX: the input must follow the template exactly. */
  readonly isExact: boolean;
}

/** Field names in upper and lower case; those with three cases and dotted forms are listed in full. */
const PLAIN = [
  'HH24',
  'HH12',
  'HH',
  'MI',
  'SSSSS',
  'SSSS',
  'SS',
  'MS',
  'US',
  'FF1',
  'FF2',
  'FF3',
  'FF4',
  'FF5',
  'FF6',
  'Y,YYY',
  'YYYY',
  'YYY',
  'YY',
  'Y',
  'IYYY',
  'IYY',
  'IY',
  'I',
  'MM',
  'IDDD',
  'DDD',
  'DD',
  'ID',
  'D',
  'WW',
  'IW',
  'W',
  'CC',
  'J',
  'Q',
  'RM',
  'TZH',
  'TZM',
  'TZ',
  'OF',
  'AM',
  'A.M.',
  'PM',
  'P.M.',
  'AD',
  'A.D.',
  'BC',
  'B.C.',
] as const;
const NAMED = ['MONTH', 'MON', 'DAY', 'DY'] as const;

const SPELLINGS: ReadonlyMap<string, string> = spellings();
const LONGEST: number = Math.max(...[...SPELLINGS.keys()].map((spelling) => spelling.length));

function spellings(): Map<string, string> {
  const map = new Map<string, string>();
  for (const name of PLAIN) {
    map.set(name, name);
    map.set(name.toLowerCase(), name);
  }
  for (const name of NAMED) {
    map.set(name, name);
    map.set(name.toLowerCase(), name);
    map.set(name[0] + name.slice(1).toLowerCase(), name);
  }
  return map;
}

export function parseTemplate(text: string): Template {
  const items: TemplateItem[] = [];
  let isExact = false;
  let at = 0;
  while (at < text.length) {
    let fill = false;
    let translated = false;
    for (;;) {
      const prefix = text.slice(at, at + 2).toUpperCase();
      if (prefix === 'FM') fill = true;
      else if (prefix === 'TM') translated = true;
      else if (prefix === 'FX') isExact = true;
      else break;
      at += 2;
    }
    const spelling = longestSpelling(text, at);
    if (spelling !== null) {
      at += spelling.length;
      const suffix = text.slice(at, at + 2);
      const ordinal = suffix === 'TH' || suffix === 'th' ? suffix : null;
      if (ordinal !== null) at += 2;
      items.push({ kind: 'field', name: SPELLINGS.get(spelling)!, spelling, fill, translated, ordinal });
    } else if (at < text.length) {
      const literal = literalAt(text, at);
      items.push({ kind: 'text', text: literal.text, isQuoted: literal.isQuoted });
      at = literal.end;
    }
  }
  return { items, isExact };
}

function longestSpelling(text: string, at: number): string | null {
  for (let length = Math.min(LONGEST, text.length - at); length > 0; length--) {
    const spelling = text.slice(at, at + length);
    if (SPELLINGS.has(spelling)) return spelling;
  }
  return null;
}

/** A quoted run, an escaped character, or one character. */
export function literalAt(text: string, from: number): { text: string; end: number; isQuoted: boolean } {
  if (text[from] === '\\' && text[from + 1] === '"') return { text: '"', end: from + 2, isQuoted: false };
  if (text[from] !== '"') {
    const character = String.fromCodePoint(text.codePointAt(from)!);
    return { text: character, end: from + character.length, isQuoted: false };
  }
  let result = '';
  let at = from + 1;
  while (at < text.length && text[at] !== '"') {
    if (text[at] === '\\') at++;
    result += text[at] ?? '';
    at++;
  }
  return { text: result, end: at + 1, isQuoted: true };
}

/** "st", "nd", "rd" or "th" for the number that `digits` ends with. */
export function ordinalSuffix(digits: string, style: 'TH' | 'th'): string {
  const last = digits.at(-1);
  if (last === undefined || last < '0' || last > '9') {
    throw new DecentDbError('22P02', `"${digits}" is not a number`);
  }
  const isTeen = digits.length > 1 && digits.at(-2) === '1';
  const suffix = isTeen ? 'th' : last === '1' ? 'st' : last === '2' ? 'nd' : last === '3' ? 'rd' : 'th';
  return style === 'TH' ? suffix.toUpperCase() : suffix;
}

const ROMAN_MONTHS = ['I', 'II', 'III', 'IV', 'V', 'VI', 'VII', 'VIII', 'IX', 'X', 'XI', 'XII'] as const;

export function romanMonth(month: number): string {
  return ROMAN_MONTHS[month - 1] ?? '';
}

/** Month of a roman numeral at the start of `text` (longest wins), or null. */
export function parseRomanMonth(text: string): { month: number; length: number } | null {
  let best: { month: number; length: number } | null = null;
  for (const [index, roman] of ROMAN_MONTHS.entries()) {
    if (text.toUpperCase().startsWith(roman) && roman.length > (best?.length ?? 0)) {
      best = { month: index + 1, length: roman.length };
    }
  }
  return best;
}
