// The tokens of a text, in parallel typed arrays, produced one statement at a time.
//
// I1  `fill` appends tokens up to and including the next `;` or EOF. `restart` forgets the tokens before the current one.
// I2  A lexical error becomes a LEX_ERROR token: like PostgreSQL's, the parser may meet a syntax error before it.
// I3  Values (identifier names, string contents) are cut out of the text only when asked for, except where unescaping is
//     needed: those are stored in `texts`.
// I4  Arrays are borrowed from a pool of one: parsing is synchronous, so a nested parse simply allocates its own.

import type { DecentDbError } from '../../base/errors.ts';
import { lexStatement } from './lexer.ts';
import type { SqlLimits } from './limits.ts';
import { FORM_LOWER, FORM_QUOTED, FORM_SLICE } from './tokens.ts';

const INITIAL_CAPACITY = 512;
/** Larger arrays are not kept for the next parse. */
const KEPT_CAPACITY_MAX = 1 << 16;
/** PostgreSQL's NAMEDATALEN - 1: longer identifiers are cut, as there. */
const IDENTIFIER_BYTES_MAX = 63;

interface TokenArrays {
  kinds: Uint16Array;
  starts: Int32Array;
  ends: Int32Array;
  forms: Uint8Array;
}

let spare: TokenArrays | null = null;

function newArrays(capacity: number): TokenArrays {
  return {
    kinds: new Uint16Array(capacity),
    starts: new Int32Array(capacity),
    ends: new Int32Array(capacity),
    forms: new Uint8Array(capacity),
  };
}

export class TokenStream {
  readonly sql: string;
  readonly limits: SqlLimits;
  kinds: Uint16Array;
  starts: Int32Array;
  ends: Int32Array;
  forms: Uint8Array;
  /** Unescaped values by token index, for FORM_STORED. */
  texts: string[];
  count: number;
  /** Where lexing continues. */
  at: number;
  error: DecentDbError | null;

  constructor(sql: string, limits: SqlLimits, at: number) {
    const arrays = spare ?? newArrays(INITIAL_CAPACITY);
    spare = null;
    this.sql = sql;
    this.limits = limits;
    this.kinds = arrays.kinds;
    this.starts = arrays.starts;
    this.ends = arrays.ends;
    this.forms = arrays.forms;
    this.texts = [];
    this.count = 0;
    this.at = at;
    this.error = null;
  }

  /** Hands the arrays back; the stream must not be used afterwards. */
  release(): void {
    if (this.kinds.length > KEPT_CAPACITY_MAX) return;
    spare = { kinds: this.kinds, starts: this.starts, ends: this.ends, forms: this.forms };
  }

  fill(): void {
    lexStatement(this);
  }

  push(kind: number, start: number, end: number, form: number): void {
    const i = this.count;
    // Two spare places: a parser may peek past the last token of a statement.
    if (i + 2 >= this.kinds.length) this.grow();
    this.kinds[i] = kind;
    this.starts[i] = start;
    this.ends[i] = end;
    this.forms[i] = form;
    this.count = i + 1;
  }

  pushText(kind: number, start: number, end: number, text: string): void {
    this.texts[this.count] = text;
    this.push(kind, start, end, 3);
  }

  /** Keeps tokens from index `from` on, moved to the front. */
  restart(from: number): void {
    const kept = this.count - from;
    this.kinds.copyWithin(0, from, this.count);
    this.starts.copyWithin(0, from, this.count);
    this.ends.copyWithin(0, from, this.count);
    this.forms.copyWithin(0, from, this.count);
    if (this.texts.length > 0) this.texts = kept > 0 ? this.texts.slice(from) : [];
    this.count = kept;
  }

  /** The value of an identifier, keyword, string, bit string or operator token. */
  text(i: number): string {
    const form = this.forms[i]!;
    const start = this.starts[i]!;
    const end = this.ends[i]!;
    let text: string;
    if (form === FORM_SLICE) text = this.sql.slice(start, end);
    else if (form === FORM_LOWER) text = lowerAscii(this.sql.slice(start, end));
    else if (form === FORM_QUOTED) text = this.sql.slice(start + 1, end - 1);
    else text = this.texts[i]!;
    return text;
  }

  /** The value of a token used as a name: cut to 63 bytes. */
  name(i: number): string {
    const text = this.text(i);
    return text.length > 20 ? truncateIdentifier(text) : text;
  }

  private grow(): void {
    const bigger = newArrays(this.kinds.length * 2);
    bigger.kinds.set(this.kinds);
    bigger.starts.set(this.starts);
    bigger.ends.set(this.ends);
    bigger.forms.set(this.forms);
    this.kinds = bigger.kinds;
    this.starts = bigger.starts;
    this.ends = bigger.ends;
    this.forms = bigger.forms;
  }
}

const nonAscii = /[\u0080-\uffff]/;

/** Lower case of A-Z only: other letters keep their case, as PostgreSQL does in multi-byte encodings. */
function lowerAscii(text: string): string {
  if (!nonAscii.test(text)) return text.toLowerCase();
  return text.replace(/[A-Z]+/g, (upper) => upper.toLowerCase());
}

/** Cuts an identifier to 63 bytes of UTF-8 at a character boundary. */
export function truncateIdentifier(text: string): string {
  if (text.length * 3 <= IDENTIFIER_BYTES_MAX) return text;
  let bytes = 0;
  for (let i = 0; i < text.length; ) {
    const code = text.codePointAt(i)!;
    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
    if (bytes > IDENTIFIER_BYTES_MAX) return text.slice(0, i);
    i += code > 0xffff ? 2 : 1;
  }
  return text;
}
