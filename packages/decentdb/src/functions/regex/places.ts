/** What regular expressions ask of single characters and places in a text. */
import type { Assertion, Ranges } from './syntax.ts';

const WORD = /[\p{L}\p{N}_]/u;

function isWordAt(text: string, offset: number): boolean {
  if (offset < 0 || offset >= text.length) return false;
  const at = (text.charCodeAt(offset) & 0xfc00) === 0xdc00 ? offset - 1 : offset;
  return WORD.test(String.fromCodePoint(text.codePointAt(at)!));
}

export function holds(what: Assertion, text: string, at: number): boolean {
  switch (what) {
    case 'textStart':
      return at === 0;
    case 'textEnd':
      return at === text.length;
    case 'lineStart':
      return at === 0 || text.charCodeAt(at - 1) === 10;
    case 'lineEnd':
      return at === text.length || text.charCodeAt(at) === 10;
    case 'wordStart':
      return !isWordAt(text, at - 1) && isWordAt(text, at);
    case 'wordEnd':
      return isWordAt(text, at - 1) && !isWordAt(text, at);
    case 'wordEdge':
      return isWordAt(text, at - 1) !== isWordAt(text, at);
    default:
      return isWordAt(text, at - 1) === isWordAt(text, at);
  }
}

export function includes(ranges: Ranges, point: number): boolean {
  let low = 0;
  let high = ranges.length - 1;
  while (low <= high) {
    const middle = (low + high) >> 1;
    const [from, to] = ranges[middle]!;
    if (point < from) high = middle - 1;
    else if (point > to) low = middle + 1;
    else return true;
  }
  return false;
}
