/**
 * Objects of an NDJSON file (one a line) or of a JSON file (an array of them).
 *
 * I1  Integers keep all their digits: one that a number cannot hold arrives as a bigint.
 * I2  Whatever is not an object is an error that names its line or its place in the array.
 */
import { InputError } from '../exit-code.ts';
import { inputError, STDIN_NAME } from '../script/input-error.ts';
import { linesOf } from '../script/lines.ts';
import { readAll, unpackedName } from './byte-input.ts';

export type JsonRow = Readonly<Record<string, unknown>>;

/** Stands before the digits of a long integer on their way through JSON.parse: NUL, which no text of the database has. */
const MARK = '\u0000';
const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const LONG = /^-?\d{16,}$/;

/** JSON.parse that keeps long integers. */
export function parseExact(text: string): unknown {
  if (!/\d{16}/.test(text)) return JSON.parse(text) as unknown;
  const marked = text.replace(STRING_OR_NUMBER, (token) => (LONG.test(token) ? `"\\u0000${token}"` : token));
  return JSON.parse(marked, (_, value: unknown) =>
    typeof value === 'string' && value.startsWith(MARK) ? integerOf(value.slice(1)) : value,
  ) as unknown;
}

function integerOf(digits: string): number | bigint {
  const number = Number(digits);
  return Number.isSafeInteger(number) ? number : BigInt(digits);
}

/** JSON of a value that may hold bigints. */
export function jsonOf(value: unknown): string {
  const marked = JSON.stringify(value, (_, one: unknown) =>
    typeof one === 'bigint' ? `${MARK}${one}` : one,
  );
  return marked.replace(/"\\u0000(-?\d+)"/g, '$1');
}

export async function* jsonRows(path: string, onBytes: (bytes: number) => void): AsyncGenerator<JsonRow> {
  if (/\.json$/i.test(unpackedName(path))) {
    yield* arrayRows(path);
    return;
  }
  let lineNo = 0;
  let bytes = 0;
  for await (const line of linesOf(path)) {
    lineNo++;
    bytes += line.length + 1;
    if (line.trim() === '') continue;
    onBytes(bytes);
    yield objectOf(parsed(line, `${nameOf(path)}, line ${lineNo}`), `${nameOf(path)}, line ${lineNo}`);
  }
}

async function* arrayRows(path: string): AsyncGenerator<JsonRow> {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(await readAll(path));
  } catch (cause) {
    throw inputError(path, cause);
  }
  const value = parsed(text, nameOf(path));
  if (!Array.isArray(value)) {
    yield objectOf(value, nameOf(path));
    return;
  }
  for (const [i, one] of value.entries()) yield objectOf(one, `${nameOf(path)}, item ${i + 1}`);
}

const nameOf = (path: string): string => (path === STDIN_NAME ? 'standard input' : `"${path}"`);

function parsed(text: string, where: string): unknown {
  try {
    return parseExact(text);
  } catch (cause) {
    throw new InputError(`${where}: not JSON: ${(cause as Error).message}`, { cause });
  }
}

function objectOf(value: unknown, where: string): JsonRow {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw new InputError(`${where}: an object was expected, not ${JSON.stringify(value).slice(0, 40)}`);
  return value as JsonRow;
}
