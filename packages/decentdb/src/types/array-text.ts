/**
 * Text form of arrays: `{1,NULL,"a b"}`, `{{1,2},{3,4}}`, `[0:1]={1,2}`.
 */
import { DecentDbError } from '../base/errors.ts';
import { ARRAY_DIMENSIONS_MAX, SqlArray } from './array.ts';
import type { SqlType, TypeSettings } from './sql-type.ts';
import type { Datum } from './vector.ts';

/** Blanks are those of ASCII: others are letters to PostgreSQL. */
const NEEDS_QUOTES = /[{}",\\ \t-\r]/;

/** PostgreSQL's text of an array. */
export function formatArray(array: SqlArray, element: SqlType, settings: TypeSettings): string {
  if (array.dimensions === 0) return '{}';
  const { lengths, lowerBounds, elements } = array;
  let at = 0;
  const level = (depth: number): string => {
    const items: string[] = [];
    for (let i = 0; i < lengths[depth]!; i++) {
      if (depth + 1 < lengths.length) items.push(level(depth + 1));
      else items.push(formatElement(elements[at++] ?? null, element, settings));
    }
    return `{${items.join(',')}}`;
  };
  const body = level(0);
  if (lowerBounds.every((bound) => bound === 1)) return body;
  return `${lowerBounds.map((bound, i) => `[${bound}:${bound + lengths[i]! - 1}]`).join('')}=${body}`;
}

function formatElement(value: Datum, element: SqlType, settings: TypeSettings): string {
  if (value === null) return 'NULL';
  const text = element.output(value, settings);
  if (text !== '' && !NEEDS_QUOTES.test(text) && text.toUpperCase() !== 'NULL') return text;
  return `"${text.replace(/["\\]/g, '\\$&')}"`;
}

function malformed(text: string, detail: string): DecentDbError {
  return new DecentDbError('22P02', `malformed array literal: "${text}"`, { detail });
}

interface Scan {
  readonly text: string;
  at: number;
  readonly element: SqlType;
  readonly typmod: number;
  readonly settings: TypeSettings;
  readonly values: Datum[];
  /** Length of each dimension, -1 until its first closing brace. */
  readonly lengths: number[];
  /** Depth at which elements (not braces) were met, 0 while none. */
  leafDepth: number;
}

/** Reads an array literal. */
export function parseArray(text: string, element: SqlType, typmod: number, settings: TypeSettings): SqlArray {
  const scan: Scan = { text, at: 0, element, typmod, settings, values: [], lengths: [], leafDepth: 0 };
  skipBlanks(scan);
  const bounds = parseBounds(scan);
  if (scan.text[scan.at] !== '{') {
    const detail =
      bounds === null
        ? 'Array value must start with "{" or dimension information.'
        : 'Array contents must start with "{".';
    throw malformed(text, detail);
  }
  parseLevel(scan, 1);
  skipBlanks(scan);
  if (scan.at < text.length) throw malformed(text, 'Junk after closing right brace.');
  if (bounds !== null) {
    const matches =
      bounds.length === scan.lengths.length &&
      bounds.every(([low, high], i) => high - low + 1 === scan.lengths[i]);
    if (!matches) throw malformed(text, 'Specified array dimensions do not match array contents.');
  }
  if (scan.values.length === 0) return SqlArray.empty;
  return new SqlArray(
    scan.values,
    scan.lengths,
    bounds === null ? scan.lengths.map(() => 1) : bounds.map(([low]) => low),
  );
}

const BLANK = /[ \t-\r]/;

function skipBlanks(scan: Scan): void {
  while (scan.at < scan.text.length && BLANK.test(scan.text[scan.at]!)) scan.at++;
}

/** `[1:2][0:3]=`, or null when there is none. */
function parseBounds(scan: Scan): [number, number][] | null {
  if (scan.text[scan.at] !== '[') return null;
  const bounds: [number, number][] = [];
  while (scan.text[scan.at] === '[') {
    const match = /^\[\s*([+-]?\d+)\s*(?::\s*([+-]?\d+)\s*)?\]\s*/.exec(scan.text.slice(scan.at));
    if (match === null)
      throw malformed(scan.text, '"[" must introduce explicitly-specified array dimensions.');
    const [low, high] = match[2] === undefined ? [1, Number(match[1])] : [Number(match[1]), Number(match[2])];
    if (high < low) throw new DecentDbError('2202E', 'upper bound cannot be less than lower bound');
    if (bounds.length >= ARRAY_DIMENSIONS_MAX) throw tooManyDimensions(bounds.length + 1);
    bounds.push([low, high]);
    scan.at += match[0].length;
  }
  if (scan.text[scan.at] !== '=') throw malformed(scan.text, 'Missing "=" after array dimensions.');
  scan.at++;
  skipBlanks(scan);
  return bounds;
}

export function tooManyDimensions(count: number): DecentDbError {
  return new DecentDbError(
    '54000',
    `number of array dimensions (${count}) exceeds the maximum allowed (${ARRAY_DIMENSIONS_MAX})`,
  );
}

function mismatched(scan: Scan): DecentDbError {
  return malformed(scan.text, 'Multidimensional arrays must have sub-arrays with matching dimensions.');
}

/** One brace pair; `depth` counts from 1. */
function parseLevel(scan: Scan, depth: number): void {
  if (depth > ARRAY_DIMENSIONS_MAX) throw tooManyDimensions(depth);
  scan.at++;
  if (scan.lengths.length < depth) {
    if (scan.leafDepth !== 0 && scan.leafDepth < depth) throw mismatched(scan);
    scan.lengths.push(-1);
  }
  let count = 0;
  skipBlanks(scan);
  if (scan.text[scan.at] === '}') scan.at++;
  else {
    for (;;) {
      skipBlanks(scan);
      if (scan.text[scan.at] === '{') {
        if (scan.leafDepth !== 0 && scan.leafDepth <= depth) throw mismatched(scan);
        parseLevel(scan, depth + 1);
      } else parseItem(scan, depth);
      count++;
      skipBlanks(scan);
      const next = scan.text[scan.at++];
      if (next === '}') break;
      if (next === undefined) throw malformed(scan.text, 'Unexpected end of input.');
      if (next !== ',') throw malformed(scan.text, `Unexpected array element.`);
    }
  }
  const known = scan.lengths[depth - 1]!;
  if (known === -1) scan.lengths[depth - 1] = count;
  else if (known !== count) throw mismatched(scan);
}

function parseItem(scan: Scan, depth: number): void {
  const { text } = scan;
  if (scan.lengths.length > depth) throw mismatched(scan);
  scan.leafDepth = depth;
  let value = '';
  let wasQuoted = false;
  let isClosed = false;
  let end = 0;
  for (;;) {
    const char = text[scan.at];
    if (char === undefined) throw malformed(text, 'Unexpected end of input.');
    if (isClosed && char !== ',' && char !== '}' && !BLANK.test(char))
      throw malformed(text, 'Incorrectly quoted array element.');
    if (char === '\\') {
      if (scan.at + 1 >= text.length) throw malformed(text, 'Unexpected end of input.');
      value += text[scan.at + 1];
      scan.at += 2;
      end = value.length;
      wasQuoted = true;
    } else if (char === '"') {
      if (value.trim() !== '' || wasQuoted) throw malformed(text, 'Incorrectly quoted array element.');
      value = readQuoted(scan);
      end = value.length;
      wasQuoted = true;
      isClosed = true;
    } else if (char === ',' || char === '}') break;
    else if (char === '{') throw malformed(text, 'Unexpected "{" character.');
    else {
      value += char;
      scan.at++;
      if (!BLANK.test(char)) end = value.length;
    }
  }
  if (value === '' && !wasQuoted) throw malformed(text, `Unexpected "${text[scan.at]}" character.`);
  const item = value.slice(0, end);
  const isNull = !wasQuoted && item.toUpperCase() === 'NULL';
  scan.values.push(isNull ? null : scan.element.input(item, scan.typmod, scan.settings));
}

function readQuoted(scan: Scan): string {
  let value = '';
  scan.at++;
  for (;;) {
    const char = scan.text[scan.at++];
    if (char === undefined) throw malformed(scan.text, 'Unexpected end of input.');
    if (char === '"') return value;
    if (char === '\\') {
      const next = scan.text[scan.at++];
      if (next === undefined) throw malformed(scan.text, 'Unexpected end of input.');
      value += next;
    } else value += char;
  }
}
