/**
 * The body of a DO block as a tree: what migration scripts write in PL/pgSQL, which is statements, conditions and exceptions.
 *
 *     [BEGIN] statement; ... IF condition THEN ... [ELSIF ... THEN ...] [ELSE ...] END IF; RAISE level 'text'; PERFORM expr; NULL;
 *     [EXCEPTION WHEN condition [OR condition] THEN ...] END
 *
 * I1  Variables, loops and what else PL/pgSQL has are refused by name (0A000): nothing is run of a body that is not understood.
 */
import { DecentDbError, notSupported } from '../../base/errors.ts';
import { type Token, tokenize } from '../../sql/lex/tokenize.ts';

export type DoStatement =
  | { readonly kind: 'sql'; readonly text: string }
  | { readonly kind: 'perform'; readonly text: string }
  | { readonly kind: 'null' }
  | { readonly kind: 'raise'; readonly level: string; readonly message: string }
  | {
      readonly kind: 'if';
      readonly branches: readonly { readonly condition: string; readonly body: readonly DoStatement[] }[];
      readonly otherwise: readonly DoStatement[];
    }
  | DoBlock;

export interface DoBlock {
  readonly kind: 'block';
  readonly body: readonly DoStatement[];
  /** Null: the block has no EXCEPTION part. */
  readonly handlers: readonly DoHandler[] | null;
}

export interface DoHandler {
  /** Names of conditions in lower case, or SQLSTATEs in quotes. */
  readonly conditions: readonly string[];
  readonly body: readonly DoStatement[];
}

const REFUSED: ReadonlySet<string> = new Set([
  'declare',
  'loop',
  'while',
  'for',
  'foreach',
  'case',
  'execute',
  'return',
  'get',
  'open',
  'fetch',
  'close',
  'assert',
  'exit',
  'continue',
  'commit',
  'rollback',
]);
const LEVELS: ReadonlySet<string> = new Set(['debug', 'log', 'info', 'notice', 'warning', 'exception']);

export function parseDoBody(text: string): DoBlock {
  return new BodyReader(text).whole();
}

class BodyReader {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #at = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokenize(text).filter(({ type }) => type !== 'comment');
  }

  whole(): DoBlock {
    if (this.#word() === 'declare') throw refused('DECLARE');
    this.#expect('begin');
    const block = this.#block();
    this.#take(';');
    if (this.#at < this.#tokens.length) throw this.#error();
    return block;
  }

  #block(): DoBlock {
    const body = this.#statements(['exception', 'end']);
    let handlers: DoHandler[] | null = null;
    if (this.#take('exception')) {
      handlers = [];
      while (this.#take('when')) {
        const conditions: string[] = [];
        do conditions.push(this.#condition());
        while (this.#take('or'));
        this.#expect('then');
        handlers.push({ conditions, body: this.#statements(['when', 'end']) });
      }
    }
    this.#expect('end');
    return { kind: 'block', body, handlers };
  }

  #condition(): string {
    if (!this.#take('sqlstate')) return this.#next();
    return this.#next();
  }

  /** Statements up to one of the words, which stays. */
  #statements(ends: readonly string[]): DoStatement[] {
    const statements: DoStatement[] = [];
    while (this.#at < this.#tokens.length && !ends.includes(this.#word())) statements.push(this.#statement());
    return statements;
  }

  #statement(): DoStatement {
    const word = this.#word();
    if (REFUSED.has(word)) throw refused(word.toUpperCase());
    switch (word) {
      case 'begin': {
        this.#at++;
        const block = this.#block();
        this.#expect(';');
        return block;
      }
      case 'if':
        return this.#if();
      case 'null':
        this.#at++;
        this.#expect(';');
        return { kind: 'null' };
      case 'raise':
        return this.#raise();
      case 'perform': {
        this.#at++;
        return { kind: 'perform', text: this.#upTo([';']) };
      }
      default: {
        const [, next] = [this.#tokens[this.#at], this.#tokens[this.#at + 1]];
        if (next !== undefined && /^(:?=)/.test(this.#text.slice(next.start, next.start + 2)))
          throw refused('assignments');
        const text = this.#upTo([';']);
        if (/\binto\s+(strict\s+)?[a-z_]\w*\s*(from|$)/i.test(text) && /^select\b/i.test(text))
          throw refused('SELECT INTO');
        return { kind: 'sql', text };
      }
    }
  }

  #if(): DoStatement {
    const branches: { condition: string; body: readonly DoStatement[] }[] = [];
    let otherwise: readonly DoStatement[] = [];
    this.#at++;
    do {
      const condition = this.#upTo(['then']);
      branches.push({ condition, body: this.#statements(['elsif', 'elseif', 'else', 'end']) });
    } while (this.#take('elsif') || this.#take('elseif'));
    if (this.#take('else')) otherwise = this.#statements(['end']);
    for (const word of ['end', 'if', ';']) this.#expect(word);
    return { kind: 'if', branches, otherwise };
  }

  #raise(): DoStatement {
    this.#at++;
    const level = LEVELS.has(this.#word()) ? this.#next() : 'exception';
    const token = this.#tokens[this.#at];
    if (token?.type !== 'string') throw refused('RAISE of anything but a text');
    const message = this.#next().slice(1, -1).replaceAll("''", "'");
    if (this.#word() !== ';' || /(^|[^%])%($|[^%])/.test(message)) throw refused('RAISE with values');
    this.#at++;
    return { kind: 'raise', level, message: message.replaceAll('%%', '%') };
  }

  /** Text up to one of the tokens outside parentheses and CASE, which is taken. */
  #upTo(ends: readonly string[]): string {
    const first = this.#tokens[this.#at];
    let depth = 0;
    for (; this.#at < this.#tokens.length; this.#at++) {
      const word = this.#word();
      if (depth === 0 && ends.includes(word)) {
        const end = this.#tokens[this.#at]!.start;
        this.#at++;
        return this.#text.slice(first!.start, end).trim();
      }
      if (word === '(' || word === 'case') depth++;
      else if (word === ')' || (word === 'end' && depth > 0)) depth--;
    }
    throw this.#error();
  }

  #word(): string {
    const token = this.#tokens[this.#at];
    if (token === undefined) return '';
    const text = this.#text.slice(token.start, token.end);
    return token.type === 'string' ? text : text.toLowerCase();
  }

  #next(): string {
    const word = this.#word();
    if (word === '') throw this.#error();
    this.#at++;
    return word;
  }

  #take(word: string): boolean {
    if (this.#word() !== word) return false;
    this.#at++;
    return true;
  }

  #expect(word: string): void {
    if (!this.#take(word)) throw this.#error();
  }

  #error(): DecentDbError {
    const word = this.#word();
    return new DecentDbError(
      '42601',
      word === '' ? 'syntax error at end of input' : `syntax error at or near "${word}"`,
    );
  }
}

function refused(what: string): DecentDbError {
  return notSupported(`${what} in a DO block`);
}
