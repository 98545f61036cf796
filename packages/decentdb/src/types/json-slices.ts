/**
 * Members and elements of `json` texts, cut out as written: json (unlike jsonb) keeps blanks, number forms, duplicate keys.
 *
 * I1  Input is text that validateJson accepted: this scanner balances brackets and trusts the grammar.
 * I2  json keeps escapes that are no text (a NUL, half a pair of surrogates); whoever reads into such a document is refused.
 */
import { parseJson } from './json-text.ts';

/** One member of an object (key unescaped) or element of an array (key null), value as written. */
export interface JsonSlice {
  readonly key: string | null;
  readonly value: string;
}

export type JsonShape = 'object' | 'array' | 'scalar';

export function jsonShape(text: string): JsonShape {
  const first = text.charCodeAt(skipBlanks(text, 0));
  return first === 123 ? 'object' : first === 91 ? 'array' : 'scalar';
}

const DOUBTFUL_ESCAPE = /\\u(?:0000|[dD][89a-fA-F])/;

/** Throws where a string of the document cannot be text (I2). */
export function requireReadableEscapes(text: string): void {
  if (text.includes('\\u') && DOUBTFUL_ESCAPE.test(text)) parseJson(text);
}

/** The members or elements of the outermost object or array; nothing for a scalar. I2 holds unless only shapes are asked for. */
export function* jsonSlices(text: string, isRaw: boolean = false): Generator<JsonSlice> {
  if (!isRaw) requireReadableEscapes(text);
  const shape = jsonShape(text);
  if (shape === 'scalar') return;
  let at = skipBlanks(text, skipBlanks(text, 0) + 1);
  while (at < text.length && text[at] !== '}' && text[at] !== ']') {
    let key: string | null = null;
    if (shape === 'object') {
      const end = endOfString(text, at);
      key = JSON.parse(text.slice(at, end)) as string;
      at = skipBlanks(text, skipBlanks(text, end) + 1);
    }
    const end = endOfValue(text, at);
    yield { key, value: text.slice(at, end) };
    at = skipBlanks(text, end);
    if (text[at] === ',') at = skipBlanks(text, at + 1);
  }
}

/** The text of a JSON value as `->>` gives it: strings unescaped, JSON null as NULL, the rest as written. */
export function jsonScalarText(value: string): string | null {
  const text = value.trim();
  if (text === 'null') return null;
  requireReadableEscapes(text);
  return text.startsWith('"') ? (JSON.parse(text) as string) : text;
}

function skipBlanks(text: string, from: number): number {
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code !== 32 && code !== 10 && code !== 13 && code !== 9) break;
    at++;
  }
  return at;
}

/** Position behind the string that starts at `from`. */
function endOfString(text: string, from: number): number {
  let at = from + 1;
  while (text.charCodeAt(at) !== 34) at += text.charCodeAt(at) === 92 ? 2 : 1;
  return at + 1;
}

/** Position behind the value that starts at `from`. */
function endOfValue(text: string, from: number): number {
  let depth = 0;
  let at = from;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === 34) {
      at = endOfString(text, at);
      if (depth === 0) return at;
      continue;
    }
    if (code === 123 || code === 91) depth++;
    else if (code === 125 || code === 93) {
      if (depth === 0) return trimmedEnd(text, from, at);
      depth--;
      if (depth === 0) return at + 1;
    } else if (code === 44 && depth === 0) return trimmedEnd(text, from, at);
    at++;
  }
  return trimmedEnd(text, from, at);
}

function trimmedEnd(text: string, from: number, end: number): number {
  let at = end;
  while (at > from && ' \n\r\t'.includes(text[at - 1]!)) at--;
  return at;
}
