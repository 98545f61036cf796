/**
 * Colours for a line of SQL as it is typed.
 *
 * I1  Taking the colours out gives the line back: no character is added, lost or moved.
 */
import { KEYWORDS } from './keywords.ts';

const ESC = String.fromCharCode(27);
const COLORS = {
  keyword: '36;1',
  string: '32',
  number: '33',
  comment: '2',
  name: '0',
  command: '35',
} as const;

const TOKEN =
  /(--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(\$\w*\$[\s\S]*?(?:\$\w*\$|$)|[eE]?'(?:[^']|'')*(?:'|$))|("(?:[^"]|"")*(?:"|$))|(\b\d+(?:\.\d+)?(?:[eE][+-]?\d+)?\b)|([A-Za-z_][\w$]*)|([\s\S])/g;

const words: ReadonlySet<string> = new Set(KEYWORDS.map((word) => word.toUpperCase()));

export function highlight(line: string): string {
  if (/^\s*\\/.test(line))
    return line.replace(/^(\s*)(\\\S*)/, (_, space: string, name: string) => space + paint('command', name));
  return line.replace(
    TOKEN,
    (whole, comment?: string, text?: string, name?: string, number?: string, word?: string) => {
      if (comment !== undefined) return paint('comment', whole);
      if (text !== undefined) return paint('string', whole);
      if (name !== undefined) return whole;
      if (number !== undefined) return paint('number', whole);
      return word !== undefined && words.has(word.toUpperCase()) ? paint('keyword', whole) : whole;
    },
  );
}

function paint(kind: keyof typeof COLORS, text: string): string {
  return `${ESC}[${COLORS[kind]}m${text}${ESC}[0m`;
}
