/**
 * Cuts a text into tokens as PostgreSQL's default text search parser does: words, numbers, compounds and their parts, addresses,
 * paths, tags.
 *
 * I1  Tokens come in the order of the text. A compound (hyphenated word, URL) comes before its parts.
 * I2  Blanks and punctuation are tokens too (type 12), so that tokens cover the text: ts_headline relies on it.
 */

/** Types by PostgreSQL's numbers: alias and description. */
export const tokenTypes: readonly (readonly [id: number, alias: string, description: string])[] = [
  [1, 'asciiword', 'Word, all ASCII'],
  [2, 'word', 'Word, all letters'],
  [3, 'numword', 'Word, letters and digits'],
  [4, 'email', 'Email address'],
  [5, 'url', 'URL'],
  [6, 'host', 'Host'],
  [7, 'sfloat', 'Scientific notation'],
  [8, 'version', 'Version number'],
  [9, 'hword_numpart', 'Hyphenated word part, letters and digits'],
  [10, 'hword_part', 'Hyphenated word part, all letters'],
  [11, 'hword_asciipart', 'Hyphenated word part, all ASCII'],
  [12, 'blank', 'Space symbols'],
  [13, 'tag', 'XML tag'],
  [14, 'protocol', 'Protocol head'],
  [15, 'numhword', 'Hyphenated word, letters and digits'],
  [16, 'asciihword', 'Hyphenated word, all ASCII'],
  [17, 'hword', 'Hyphenated word, all letters'],
  [18, 'url_path', 'URL path'],
  [19, 'file', 'File or path name'],
  [20, 'float', 'Decimal notation'],
  [21, 'int', 'Signed integer'],
  [22, 'uint', 'Unsigned integer'],
  [23, 'entity', 'XML entity'],
];

export const TokenType = {
  asciiWord: 1,
  word: 2,
  numWord: 3,
  email: 4,
  url: 5,
  host: 6,
  scientific: 7,
  version: 8,
  numPart: 9,
  part: 10,
  asciiPart: 11,
  blank: 12,
  tag: 13,
  protocol: 14,
  numCompound: 15,
  asciiCompound: 16,
  compound: 17,
  urlPath: 18,
  file: 19,
  float: 20,
  int: 21,
  uint: 22,
  entity: 23,
} as const;

export interface Token {
  readonly type: number;
  readonly text: string;
}

const LABEL = '[A-Za-z0-9](?:[A-Za-z0-9_-]*[A-Za-z0-9])?';
const HOST = `${LABEL}(?:\\.${LABEL})*\\.[A-Za-z]{2,}(?![A-Za-z0-9_])`;
const LETTER = '\\p{L}\\p{M}';

const sticky = (source: string): RegExp => new RegExp(source, 'uy');

const TAG = sticky('<!--[\\s\\S]*?-->|<\\?xml[^>]*\\?>|</?[A-Za-z](?:[^<>"\']|"[^"]*"|\'[^\']*\')*>');
const ENTITY = sticky('&(?:#[0-9]+|#[xX][0-9A-Fa-f]+|[A-Za-z_:][A-Za-z0-9_.:-]*);');
const PROTOCOL = sticky('[A-Za-z]+://');
const EMAIL = sticky(`[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9_-])?@${HOST}`);
const HOST_AT = sticky(`${HOST}(?::[0-9]+)?`);
const URL_PATH = sticky('/[^\\s<>"]*');
const FILE = sticky('(?:[A-Za-z][A-Za-z0-9]*(?=[./])|[0-9][A-Za-z0-9]*(?=/)|(?=/))(?:[./][A-Za-z0-9_-]+)+');
/** At the start of a text, or of what follows a word without a blank. */
const RELATIVE_FILE = sticky('(?:\\.{1,2}|~)(?:/[A-Za-z0-9_.-]*[A-Za-z0-9_-])+');
const SCIENTIFIC = sticky('[-+]?[0-9]+(?:\\.[0-9]+)?[eE][-+]?[0-9]+');
const VERSION = sticky('[0-9]+(?:\\.[0-9]+){2,}');
const FLOAT = sticky('[-+]?[0-9]+\\.[0-9]+');
/** Digits that letters follow are a word, unless a sign goes before them. */
const INT = sticky('[-+][0-9]+|[0-9]+(?![\\p{L}0-9])');
const WORD = sticky(`[${LETTER}\\p{N}]+`);
/** A word with a letter in it. Letters are looked for ahead: picked within the word they cost the square of its length. */
const LETTERED = `(?=[${LETTER}\\p{N}]*[${LETTER}])[${LETTER}\\p{N}]+`;
const COMPOUND = sticky(`${LETTERED}(?:-${LETTERED})+`);
const BLANK = sticky(`[^${LETTER}\\p{N}<&+/.~-]+|[\\s\\S]`);

const ASCII_LETTERS = /^[A-Za-z]+$/;
const LETTERS = /^[\p{L}\p{M}]+$/u;

export function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < text.length; )
    at = nextToken(text, at, tokens, tokens.at(-1)?.type === TokenType.blank);
  return tokens;
}

function matchAt(pattern: RegExp, text: string, at: number): string | null {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? null;
}

/** What may go on a word, or make it the start of something longer: letters, digits, and _ . / @ : - beside all beyond ASCII. */
const GOES_ON: Uint8Array = Uint8Array.from({ length: 0x80 }, (_, unit) =>
  /[\w./@:-]/.test(String.fromCharCode(unit)) ? 1 : 0,
);
const IS_LETTER: Uint8Array = Uint8Array.from({ length: 0x80 }, (_, unit) =>
  /[A-Za-z]/.test(String.fromCharCode(unit)) ? 1 : 0,
);

/** A word of ASCII letters that nothing goes on: most tokens of most texts. Its end, or -1. */
export function plainWordEnd(text: string, from: number): number {
  let at = from;
  let unit = text.charCodeAt(at);
  while (unit < 0x80 && IS_LETTER[unit] === 1) unit = text.charCodeAt(++at);
  if (at === from || unit >= 0x80 || (unit < 0x80 && GOES_ON[unit] === 1)) return -1;
  return at;
}

/** As {@link plainWordEnd}, of a text given as Latin-1 bytes from..length. */
export function plainUnitsEnd(units: Uint8Array, from: number, length: number): number {
  let at = from;
  while (at < length && units[at]! < 0x80 && IS_LETTER[units[at]!] === 1) at++;
  if (at === from || (at < length && (units[at]! >= 0x80 || GOES_ON[units[at]!] === 1))) return -1;
  return at;
}

/** One blank before a letter: nothing but a blank token can start there, and it ends there. */
export function isPlainBlank(text: string, at: number): boolean {
  return text.charCodeAt(at) === 0x20 && at + 1 < text.length && IS_LETTER[text.charCodeAt(at + 1)] === 1;
}

/** Adds the token at `at`, with its parts, and returns where the next one starts. `isAfterBlank`: the token before was a blank. */
export function nextToken(text: string, at: number, tokens: Token[], isAfterBlank: boolean): number {
  const first = text.charCodeAt(at);
  const end = plainWordEnd(text, at);
  if (end >= 0) {
    tokens.push({ type: TokenType.asciiWord, text: text.slice(at, end) });
    return end;
  }
  if (isPlainBlank(text, at)) {
    tokens.push({ type: TokenType.blank, text: ' ' });
    return at + 1;
  }
  const push = (type: number, found: string): number => {
    tokens.push({ type, text: found });
    return at + found.length;
  };
  if (first === 0x3c) {
    const tag = matchAt(TAG, text, at);
    if (tag !== null) return push(TokenType.tag, tag);
  }
  if (first === 0x26) {
    const entity = matchAt(ENTITY, text, at);
    if (entity !== null) return push(TokenType.entity, entity);
  }
  return (
    scientific(text, at, tokens) ??
    address(text, at, tokens, isAfterBlank) ??
    number(text, at, tokens) ??
    word(text, at, tokens) ??
    push(TokenType.blank, matchAt(BLANK, text, at)!)
  );
}

/** Protocols, e-mail addresses, hosts, URLs, paths. */
function address(text: string, at: number, tokens: Token[], isAfterBlank: boolean): number | null {
  const push = (type: number, found: string): number => {
    tokens.push({ type, text: found });
    return at + found.length;
  };
  const protocol = matchAt(PROTOCOL, text, at);
  if (protocol !== null) return push(TokenType.protocol, protocol);
  const email = matchAt(EMAIL, text, at);
  if (email !== null) return push(TokenType.email, email);
  const host = matchAt(HOST_AT, text, at);
  if (host !== null) {
    const path = matchAt(URL_PATH, text, at + host.length);
    if (path === null || path.length === 1) return push(TokenType.host, host);
    tokens.push({ type: TokenType.url, text: host + path });
    tokens.push({ type: TokenType.host, text: host });
    tokens.push({ type: TokenType.urlPath, text: path });
    return at + host.length + path.length;
  }
  const file = (isAfterBlank ? null : matchAt(RELATIVE_FILE, text, at)) ?? matchAt(FILE, text, at);
  return file === null ? null : push(TokenType.file, file);
}

function scientific(text: string, at: number, tokens: Token[]): number | null {
  const found = matchAt(SCIENTIFIC, text, at);
  if (found === null) return null;
  tokens.push({ type: TokenType.scientific, text: found });
  return at + found.length;
}

function number(text: string, at: number, tokens: Token[]): number | null {
  const kinds = [
    [VERSION, TokenType.version],
    [FLOAT, TokenType.float],
    [INT, TokenType.int],
  ] as const;
  for (const [pattern, type] of kinds) {
    const found = matchAt(pattern, text, at);
    if (found === null) continue;
    const isSigned = found[0] === '-' || found[0] === '+';
    tokens.push({ type: type === TokenType.int && !isSigned ? TokenType.uint : type, text: found });
    return at + found.length;
  }
  return null;
}

function word(text: string, at: number, tokens: Token[]): number | null {
  const compound = matchAt(COMPOUND, text, at);
  if (compound !== null) {
    const parts = compound.split('-');
    tokens.push({
      type: typeAmong(parts.join(''), TokenType.asciiCompound, TokenType.compound, TokenType.numCompound),
      text: compound,
    });
    parts.forEach((part, i) => {
      if (i > 0) tokens.push({ type: TokenType.blank, text: '-' });
      tokens.push({
        type: typeAmong(part, TokenType.asciiPart, TokenType.part, TokenType.numPart),
        text: part,
      });
    });
    return at + compound.length;
  }
  const found = matchAt(WORD, text, at);
  if (found === null) return null;
  tokens.push({
    type: typeAmong(found, TokenType.asciiWord, TokenType.word, TokenType.numWord),
    text: found,
  });
  return at + found.length;
}

function typeAmong(text: string, ascii: number, letters: number, mixed: number): number {
  if (ASCII_LETTERS.test(text)) return ascii;
  return LETTERS.test(text) ? letters : mixed;
}
