/**
 * JSON.parse that keeps long integers: one that a number cannot hold arrives as a bigint.
 */

/** Stands before the digits of a long integer on their way through JSON.parse: NUL, which no text of the database has. */
const MARK = '\u0000';
const STRING_OR_NUMBER = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const LONG = /^-?\d{16,}$/;

export function parseJsonExact(text: string): unknown {
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
