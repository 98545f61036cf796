// Other drivers' parameter spellings, rewritten to `$n`: `?`, `:name`, `@name`.
//
// I1  Only tokens are looked at: never the inside of literals, quoted identifiers or comments.
// I2  `??` is a literal `?` operator; `::` and `:=` are left alone; a colon inside brackets is a slice.
// I3  The same name is the same parameter; every `?` is a new one. `$n` in the text is kept and must not be mixed in.

import { DecentDbError } from '../../base/errors.ts';
import { KEYWORD_FIRST } from '../lex/keywords.ts';
import { DEFAULT_SQL_LIMITS, type SqlLimits, sqlError } from '../lex/limits.ts';
import { TokenStream } from '../lex/token-stream.ts';
import * as T from '../lex/tokens.ts';

export interface ParameterStyles {
  readonly question?: boolean;
  readonly colon?: boolean;
  readonly at?: boolean;
}

export interface RewrittenSql {
  readonly sql: string;
  /** Names in order of their `$n`; null for a `?`. */
  readonly names: readonly (string | null)[];
}

/** Operators that may stand right before an `@name`. */
const BEFORE_AT: ReadonlySet<string> = new Set([
  '',
  '=',
  '<=',
  '>=',
  '<>',
  '!=',
  '+',
  '-',
  '*',
  '/',
  '%',
  '||',
]);

/** Rewrites the parameters of the styles asked for.
 *
 * @example
 * rewriteParameters('SELECT :a, :b, :a', { colon: true }).sql === 'SELECT $1, $2, $1'
 */
export function rewriteParameters(
  sql: string,
  styles: ParameterStyles,
  limits: SqlLimits = DEFAULT_SQL_LIMITS,
): RewrittenSql {
  const s = new TokenStream(sql, limits, 0);
  const rewriter = new Rewriter(sql, limits);
  try {
    while (s.count === 0 || s.kinds[s.count - 1] === T.SEMICOLON) s.fill();
    let brackets = 0;
    for (let i = 0; i < s.count; i++) {
      const kind = s.kinds[i]!;
      if (kind === T.LEX_ERROR) throw s.error ?? new DecentDbError('42601', 'syntax error', { query: sql });
      if (kind === T.LBRACKET) brackets++;
      else if (kind === T.RBRACKET) brackets--;
      else if (kind === T.PARAM) rewriter.sawDollar(s.starts[i]!);
      else if (kind === T.OP) takeOperator(s, i, styles, rewriter);
      else if (kind === T.COLON && styles.colon === true && brackets === 0) takeColon(s, i, rewriter);
    }
    return rewriter.finish();
  } finally {
    s.release();
  }
}

class Rewriter {
  private readonly sql: string;
  private readonly limits: SqlLimits;
  private readonly names: (string | null)[] = [];
  private readonly numbers = new Map<string, number>();
  private out = '';
  private copied = 0;
  private dollarAt = -1;

  constructor(sql: string, limits: SqlLimits) {
    this.sql = sql;
    this.limits = limits;
  }

  sawDollar(at: number): void {
    this.dollarAt = at;
  }

  /** Replaces the text [start, end) by a parameter. */
  replace(start: number, end: number, name: string | null): void {
    let number = name === null ? undefined : this.numbers.get(name);
    if (number === undefined) {
      number = this.names.push(name);
      if (name !== null) this.numbers.set(name, number);
      if (number > this.limits.parametersMax)
        throw new DecentDbError(
          '54000',
          `statement exceeds the limit of ${this.limits.parametersMax} parameters`,
        );
    }
    // A number must not grow into the text before it.
    this.put(start, end, `$${number}`);
  }

  put(start: number, end: number, text: string): void {
    const before = this.sql.slice(this.copied, start);
    this.out += before;
    const last = this.out.charCodeAt(this.out.length - 1);
    const isWord = (last >= 48 && last <= 57) || last === 36 || last === 95 || (last | 0x20) >= 97;
    if (isWord && text.startsWith('$') && last !== 124 && last !== 126 && last !== 94) this.out += ' ';
    this.out += text;
    this.copied = end;
  }

  finish(): RewrittenSql {
    if (this.dollarAt >= 0 && this.names.length > 0)
      throw sqlError(
        '42601',
        'parameters of the form $1 cannot be mixed with other styles',
        this.sql,
        this.dollarAt,
      );
    return { sql: this.out + this.sql.slice(this.copied), names: this.names };
  }
}

function takeOperator(s: TokenStream, i: number, styles: ParameterStyles, rewriter: Rewriter): void {
  const start = s.starts[i]!;
  const end = s.ends[i]!;
  const text = s.sql.slice(start, end);
  if (styles.question === true && text.endsWith('?')) {
    if (text === '??') rewriter.put(start, end, '?');
    else if (!text.endsWith('??')) rewriter.replace(end - 1, end, null);
    return;
  }
  if (styles.at !== true || !text.endsWith('@') || !BEFORE_AT.has(text.slice(0, -1))) return;
  if (isAdjacentWord(s, i)) rewriter.replace(end - 1, s.ends[i + 1]!, s.sql.slice(end, s.ends[i + 1]!));
}

function isAdjacentWord(s: TokenStream, i: number): boolean {
  if (i + 1 >= s.count || s.starts[i + 1] !== s.ends[i]) return false;
  const kind = s.kinds[i + 1]!;
  return kind === T.IDENT || kind >= KEYWORD_FIRST;
}

/** `:name`, unless something that can end an expression stands right before the colon (a JSON key, a slice). */
function takeColon(s: TokenStream, i: number, rewriter: Rewriter): void {
  if (!isAdjacentWord(s, i)) return;
  const start = s.starts[i]!;
  if (i > 0 && s.ends[i - 1] === start) {
    const before = s.kinds[i - 1]!;
    const endsExpression =
      before === T.IDENT ||
      before === T.SCONST ||
      before === T.ICONST ||
      before === T.RPAREN ||
      before >= KEYWORD_FIRST;
    if (endsExpression) return;
  }
  const end = s.ends[i + 1]!;
  rewriter.replace(start, end, s.sql.slice(start + 1, end));
}
