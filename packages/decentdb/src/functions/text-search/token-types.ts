/**
 * The types of tokens, by PostgreSQL's numbers and names.
 */

/** Alias and description of each type. */
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

/** Tokens that no configuration indexes. */
export const notIndexed: ReadonlySet<number> = new Set([
  TokenType.blank,
  TokenType.tag,
  TokenType.protocol,
  TokenType.entity,
]);
/** Words of ASCII letters, and of any; others are numbers and addresses, which have no stems. */
export const ofAscii: ReadonlySet<number> = new Set([
  TokenType.asciiWord,
  TokenType.asciiPart,
  TokenType.asciiCompound,
]);
export const ofLetters: ReadonlySet<number> = new Set([TokenType.word, TokenType.part, TokenType.compound]);
/** Languages that are not written in Latin letters: what is, is mostly English. */
export const besideEnglish: ReadonlySet<string> = new Set(['russian', 'hindi']);

export interface Token {
  readonly type: number;
  readonly text: string;
}
