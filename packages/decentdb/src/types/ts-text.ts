/**
 * Words in the text forms of tsvector and tsquery: quoting, escapes, weights.
 *
 *     lexeme   plain characters, \x for any character x, or '...' with '' and \x inside
 *     weight   A, B, C, D as 3, 2, 1, 0
 */
import { DecentDbError } from '../base/errors.ts';

/** Longest lexeme, bytes of UTF-8. */
export const LEXEME_BYTES_MAX = 2046;

const encoder = new TextEncoder();

export function byteLength(text: string): number {
  const bytes = text.length;
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7f) return encoder.encode(text).length;
  return bytes;
}

export function quoteLexeme(lexeme: string): string {
  return `'${lexeme.replaceAll(/['\\]/g, '$&$&')}'`;
}

export function weightOf(letter: string): number {
  return 'DCBA'.indexOf(letter.toUpperCase());
}

/** Reads a lexeme at `at`: its text and what comes behind; null when there is none. */
export function readLexeme(
  text: string,
  at: number,
  isEnd: (character: string) => boolean,
  fail: () => DecentDbError,
): { readonly lexeme: string; readonly end: number } | null {
  let lexeme = '';
  let i = at;
  if (text[i] === "'") {
    for (i++; ; i++) {
      const character = text[i];
      if (character === undefined) throw fail();
      if (character === '\\') {
        if (i + 1 >= text.length) throw fail();
        lexeme += text[++i];
      } else if (character === "'") {
        if (text[i + 1] !== "'") break;
        lexeme += text[++i];
      } else lexeme += character;
    }
    if (lexeme === '') throw fail();
    return { lexeme, end: i + 1 };
  }
  for (; i < text.length && !isEnd(text[i]!); i++) {
    if (text[i] === '\\') {
      if (i + 1 >= text.length) throw new DecentDbError('42601', `there is no escaped character: "${text}"`);
      i++;
    }
    lexeme += text[i];
  }
  return lexeme === '' ? null : { lexeme, end: i };
}

export function isBlank(character: string): boolean {
  return /\s/.test(character);
}
