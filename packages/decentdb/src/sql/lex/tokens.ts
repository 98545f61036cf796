// Token codes other than keywords (those are in keywords.ts, from KEYWORD_FIRST on) and character classes.
//
// I1  Codes 0..63 are here, keywords follow: one Uint16 holds any token.
// I2  CHAR_CLASS covers code units 0..127; everything above is an identifier character, as in PostgreSQL.

export const EOF: number = 0;
export const IDENT: number = 1;
export const ICONST: number = 2;
export const FCONST: number = 3;
export const SCONST: number = 4;
export const BCONST: number = 5;
export const XCONST: number = 6;
export const PARAM: number = 7;
/** An operator that has no code of its own; its text is its name. */
export const OP: number = 8;
/** Lexing stopped here; the stream holds the error, thrown when the parser gets this far. */
export const LEX_ERROR: number = 9;
export const LPAREN: number = 10;
export const RPAREN: number = 11;
export const LBRACKET: number = 12;
export const RBRACKET: number = 13;
export const COMMA: number = 14;
export const SEMICOLON: number = 15;
export const COLON: number = 16;
export const DOT: number = 17;
export const PLUS: number = 18;
export const MINUS: number = 19;
export const STAR: number = 20;
export const SLASH: number = 21;
export const PERCENT: number = 22;
export const CARET: number = 23;
export const LT: number = 24;
export const GT: number = 25;
export const EQ: number = 26;
export const LE: number = 27;
export const GE: number = 28;
export const NE: number = 29;
export const TYPECAST: number = 30;
export const DOT_DOT: number = 31;
export const COLON_EQUALS: number = 32;
export const EQUALS_GREATER: number = 33;

/** How a token's value is read: the slice, the slice in lower case, the slice without its quotes, or a stored text. */
export const FORM_SLICE: number = 0;
export const FORM_LOWER: number = 1;
export const FORM_QUOTED: number = 2;
export const FORM_STORED: number = 3;

export const CLASS_SPACE: number = 1;
export const CLASS_IDENT_START: number = 2;
export const CLASS_DIGIT: number = 3;
export const CLASS_OPERATOR: number = 4;
export const CLASS_SELF: number = 5;

/** What a code unit below 128 can start; 0 is a character SQL does not know. */
export const CHAR_CLASS: Uint8Array = new Uint8Array(128);
for (const c of ' \t\n\r\f\v') CHAR_CLASS[c.charCodeAt(0)] = CLASS_SPACE;
for (const c of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_')
  CHAR_CLASS[c.charCodeAt(0)] = CLASS_IDENT_START;
for (const c of '0123456789') CHAR_CLASS[c.charCodeAt(0)] = CLASS_DIGIT;
for (const c of '~!@#^&|`?+-*/%<>=') CHAR_CLASS[c.charCodeAt(0)] = CLASS_OPERATOR;
for (const c of '()[],;:.') CHAR_CLASS[c.charCodeAt(0)] = CLASS_SELF;

/** Codes of the one-character tokens, by character; 0 elsewhere. */
export const SELF_TOKEN: Uint8Array = new Uint8Array(128);
for (const [c, token] of [
  ['(', LPAREN],
  [')', RPAREN],
  ['[', LBRACKET],
  [']', RBRACKET],
  [',', COMMA],
  [';', SEMICOLON],
  [':', COLON],
  ['.', DOT],
  ['+', PLUS],
  ['-', MINUS],
  ['*', STAR],
  ['/', SLASH],
  ['%', PERCENT],
  ['^', CARET],
  ['<', LT],
  ['>', GT],
  ['=', EQ],
] as const)
  SELF_TOKEN[c.charCodeAt(0)] = token;
