/**
 * Words and fields of date/time text: PostgreSQL's rules for cutting a date/time string into fields.
 *
 * The kinds are lexical; what a number means is decided by datetime-text.ts from what is already known.
 */

export type FieldKind = 'number' | 'text' | 'date' | 'time' | 'zone' | 'special';

export interface Field {
  readonly kind: FieldKind;
  /** Lower case. */
  readonly text: string;
}

export type Word =
  | { readonly kind: 'month'; readonly value: number }
  | { readonly kind: 'weekday' | 'ignore' | 'isoTime' | 'julian' | 'daylight' }
  | { readonly kind: 'ampm' | 'era'; readonly value: number }
  | {
      readonly kind: 'reserved';
      readonly name:
        | 'now'
        | 'today'
        | 'tomorrow'
        | 'yesterday'
        | 'zulu'
        | 'epoch'
        | 'infinity'
        | '-infinity'
        | 'allballs';
    };

const MONTHS = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
const WEEKDAYS = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];

function makeWords(): Map<string, Word> {
  const words = new Map<string, Word>();
  MONTHS.forEach((name, i) => {
    words.set(name, { kind: 'month', value: i + 1 });
    words.set(name.slice(0, 3), { kind: 'month', value: i + 1 });
  });
  words.set('sept', { kind: 'month', value: 9 });
  for (const name of [
    ...WEEKDAYS,
    ...WEEKDAYS.map((day) => day.slice(0, 3)),
    'tues',
    'thur',
    'thurs',
    'weds',
  ]) {
    words.set(name, { kind: 'weekday' });
  }
  for (const name of ['at', 'on']) words.set(name, { kind: 'ignore' });
  for (const name of ['j', 'jd', 'julian']) words.set(name, { kind: 'julian' });
  words.set('t', { kind: 'isoTime' });
  words.set('dst', { kind: 'daylight' });
  words.set('am', { kind: 'ampm', value: 0 });
  words.set('pm', { kind: 'ampm', value: 1 });
  words.set('ad', { kind: 'era', value: 0 });
  words.set('bc', { kind: 'era', value: 1 });
  for (const name of [
    'now',
    'today',
    'tomorrow',
    'yesterday',
    'zulu',
    'epoch',
    'infinity',
    '-infinity',
    'allballs',
  ] as const) {
    words.set(name, { kind: 'reserved', name });
  }
  words.set('+infinity', { kind: 'reserved', name: 'infinity' });
  words.set('z', { kind: 'reserved', name: 'zulu' });
  return words;
}

export const dateWords: ReadonlyMap<string, Word> = makeWords();

const isDigit = (char: string | undefined): boolean => char !== undefined && char >= '0' && char <= '9';
const isLetter = (char: string | undefined): boolean => char !== undefined && /[a-z]/i.test(char);
const isSpace = (char: string | undefined): boolean => char !== undefined && /[ \t-\r]/.test(char);

/** Most characters a date/time text may have. */
const TEXT_LENGTH_MAX = 1024;
const FIELDS_MAX = 25;

/** Cuts text into fields; null when a character cannot belong to a date or time. */
export function splitDateTime(source: string): Field[] | null {
  if (source.length > TEXT_LENGTH_MAX) return null;
  const text = source.toLowerCase();
  const fields: Field[] = [];
  let at = 0;
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const found = pattern.exec(text)?.[0] ?? '';
    at += found.length;
    return found;
  };
  while (at < text.length) {
    const char = text[at]!;
    if (isSpace(char)) {
      at++;
      continue;
    }
    if (isDigit(char)) fields.push(numberField(text, at, take));
    else if (char === '.') fields.push({ kind: 'number', text: take(/\.\d*/y) });
    else if (isLetter(char)) fields.push(wordField(text, take, () => at));
    else if (char === '+' || char === '-') {
      at++;
      take(/[ \t-\r]*/y);
      if (isDigit(text[at])) fields.push({ kind: 'zone', text: char + take(/[\d:.-]*/y) });
      else if (isLetter(text[at])) fields.push({ kind: 'special', text: char + take(/[a-z]*/y) });
      else return null;
    } else if (/[!-/:-@[-`{-~]/.test(char)) at++;
    else return null;
    if (fields.length > FIELDS_MAX) return null;
  }
  return fields;
}

function numberField(text: string, start: number, take: (pattern: RegExp) => string): Field {
  const digits = take(/\d+/y);
  const next = text[start + digits.length];
  if (next === ':') return { kind: 'time', text: digits + take(/[\d:.]*/y) };
  if (next !== '-' && next !== '/' && next !== '.') return { kind: 'number', text: digits };
  const second = text[start + digits.length + 1];
  if (isDigit(second)) {
    let found = digits + take(/.\d*/y);
    let kind: FieldKind = next === '.' ? 'number' : 'date';
    if (text[start + found.length] === next) {
      kind = 'date';
      found += take(next === '-' ? /[\d-]*/y : next === '/' ? /[\d/]*/y : /[\d.]*/y);
    }
    return { kind, text: found };
  }
  if (next === '.')
    return { kind: isLetter(second) ? 'date' : 'number', text: digits + take(/\.[a-z\d.]*/y) };
  return { kind: 'date', text: digits + take(next === '-' ? /[a-z\d-]*/y : /[a-z\d/]*/y) };
}

/** A word; or a date or zone name with embedded punctuation, such as jan-8-1999 and america/new_york. */
function wordField(text: string, take: (pattern: RegExp) => string, position: () => number): Field {
  const word = take(/[a-z]+/y);
  const next = text[position()];
  let isDate = next === '-' || next === '/' || next === '.';
  if (!isDate && (next === '+' || isDigit(next))) isDate = !dateWords.has(word);
  if (!isDate) return { kind: 'text', text: word };
  return { kind: 'date', text: word + take(/[a-z\d+\-/_.:]*/y) };
}
