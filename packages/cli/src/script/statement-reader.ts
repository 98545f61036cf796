/**
 * Cuts a psql script into statements, line by line, without understanding them.
 *
 * I1  A semicolon ends a statement only outside quotes, dollar quotes, comments, parentheses and the body of a function
 *     (BEGIN ATOMIC ... END), told as psql tells it: by the words.
 * I2  The text of a statement is exactly what stands in the script, from its first token to before its semicolon;
 *     `line` is the 1-based line it begins on.
 * I3  A backslash begins a meta command only at the start of a line, between statements.
 * I4  After `COPY ... FROM STDIN;` lines are data, up to `\.`.
 *
 * Feeding lines keeps memory at one statement, and some thousand lines of data: a dump of any size can be read.
 */

export type ScriptItem =
  | { readonly kind: 'statement'; readonly text: string; readonly line: number }
  | { readonly kind: 'meta'; readonly text: string; readonly line: number }
  | CopyItem;

/** A COPY with its data, or a part of it: of much data there are several, one behind the other. */
export interface CopyItem {
  readonly kind: 'copy';
  readonly text: string;
  readonly line: number;
  readonly data: readonly string[];
  /** Of a part: how many lines of data came before, and whether more come. */
  readonly part?: { readonly before: number; readonly isLast: boolean };
}

/** Lines of data that are handed on together. */
const PART_LINES = 20_000;
/** COPY in the text format without options: its data may be cut between any two lines but where one goes on. */
const IS_PLAIN = /\sfrom\s+stdin\s*$/i;
const GOES_ON = /(^|[^\\])(\\\\)*\\$/;

const COPY_FROM_STDIN = /^\s*copy\s[\s\S]*\sfrom\s+stdin\b/i;

const WORD = /[A-Za-z_\u0080-\uffff][\w$\u0080-\uffff]*/y;
const MAKES_ROUTINE = /^create (or replace )?(function|procedure)\b/;

/** Where the reader stands: in plain SQL, or inside something that only its own end closes. */
type Inside =
  | { readonly kind: 'sql' }
  | { readonly kind: 'quote'; readonly end: "'" | '"'; readonly escapes: boolean }
  | { readonly kind: 'dollar'; readonly end: string }
  | { readonly kind: 'comment'; readonly depth: number };

const SQL: Inside = { kind: 'sql' };

interface OpenCopy {
  readonly text: string;
  readonly line: number;
  data: string[];
  before: number;
}

export class StatementReader {
  private inside: Inside = SQL;
  private parens = 0;
  /** First words of the statement, of which a function's are known. */
  private words: string[] = [];
  /** BEGINs and CASEs of a function's body that have no END yet. */
  private blocks = 0;
  private text = '';
  private startLine = 0;
  private lineNo = 0;
  private copy: OpenCopy | undefined;

  /** Takes the next line (without its line break) and returns what it completed. */
  feed(line: string): ScriptItem[] {
    this.lineNo++;
    if (this.copy !== undefined) return this.feedCopyData(this.copy, line);
    if (line.startsWith('\\') && this.atStart()) {
      this.text = ''; // Comments before it belong to nothing.
      return [{ kind: 'meta', text: line.trim(), line: this.lineNo }];
    }
    const items: ScriptItem[] = [];
    let from = 0;
    for (let at = 0; at < line.length; ) {
      const next = this.step(line, at);
      if (next === -1) {
        this.add(line.slice(from, at));
        items.push(...this.finish());
        at += 1;
        from = at;
      } else at = next;
    }
    this.add(line.slice(from));
    if (this.text !== '') this.text += '\n';
    return items;
  }

  /** What the end of the script completes: a COPY whose data has no end of its own, a statement without a semicolon. */
  end(): ScriptItem[] {
    const items: ScriptItem[] = [];
    do {
      const { copy } = this;
      this.copy = undefined;
      if (copy !== undefined) items.push(copyItem(copy, true));
      items.push(...this.finish());
    } while (this.copy !== undefined);
    return items;
  }

  /** Whether the text ends with a COPY ... FROM STDIN, whose data would come now. */
  get awaitsData(): boolean {
    if (this.copy === undefined && COPY_FROM_STDIN.test(withoutComments(this.text))) this.finish();
    return this.copy !== undefined && this.copy.data.length + this.copy.before === 0;
  }

  /** Whether a statement has begun and not ended: what a prompt shows. */
  get isPending(): boolean {
    return this.text.trim() !== '' || this.copy !== undefined;
  }

  /** Whether the text so far ends inside quotes, a dollar quote or a comment. */
  get isQuoted(): boolean {
    return this.inside.kind !== 'sql' || this.copy !== undefined;
  }

  /** What has been typed of the statement that has not ended. */
  get pendingText(): string {
    return this.text;
  }

  private atStart(): boolean {
    return this.inside.kind === 'sql' && withoutComments(this.text) === '';
  }

  private add(piece: string): void {
    if (this.text === '') {
      const trimmed = piece.trimStart();
      if (trimmed === '') return;
      this.startLine = this.lineNo;
      this.text = trimmed;
    } else this.text += piece;
  }

  private finish(): ScriptItem[] {
    const text = this.text.trimEnd();
    const line = this.startLine;
    this.text = '';
    this.parens = 0;
    this.words = [];
    this.blocks = 0;
    this.inside = SQL;
    const bare = withoutComments(text);
    if (bare === '') return [];
    if (COPY_FROM_STDIN.test(bare)) {
      this.copy = { text: bare, line, data: [], before: 0 };
      return [];
    }
    return [{ kind: 'statement', text, line }];
  }

  private feedCopyData(copy: OpenCopy, line: string): ScriptItem[] {
    if (line === '\\.') {
      this.copy = undefined;
      return [copyItem(copy, true)];
    }
    const { data } = copy;
    if (data.push(line) < PART_LINES || !IS_PLAIN.test(copy.text) || GOES_ON.test(line)) return [];
    const part = copyItem(copy, false);
    copy.before += data.length;
    copy.data = [];
    return [part];
  }

  /** Moves past the token at `at`; returns where the next begins, or -1 at the semicolon that ends the statement. */
  private step(line: string, at: number): number {
    switch (this.inside.kind) {
      case 'quote':
        return this.stepQuote(line, at, this.inside);
      case 'dollar':
        return this.stepDollar(line, at, this.inside.end);
      case 'comment':
        return this.stepComment(line, at, this.inside.depth);
      default:
        return this.stepSql(line, at);
    }
  }

  private stepQuote(line: string, at: number, inside: Inside & { kind: 'quote' }): number {
    const character = line[at];
    if (inside.escapes && character === '\\') return at + 2;
    if (character !== inside.end) return at + 1;
    if (line[at + 1] === inside.end) return at + 2;
    this.inside = SQL;
    return at + 1;
  }

  private stepDollar(line: string, at: number, end: string): number {
    const found = line.indexOf(end, at);
    if (found === -1) return line.length;
    this.inside = SQL;
    return found + end.length;
  }

  private stepComment(line: string, at: number, depth: number): number {
    if (line.startsWith('/*', at)) {
      this.inside = { kind: 'comment', depth: depth + 1 };
      return at + 2;
    }
    if (!line.startsWith('*/', at)) return at + 1;
    this.inside = depth === 1 ? SQL : { kind: 'comment', depth: depth - 1 };
    return at + 2;
  }

  private stepSql(line: string, at: number): number {
    const character = line[at];
    switch (character) {
      case ';':
        return this.parens === 0 && this.blocks === 0 ? -1 : at + 1;
      case '(':
        this.parens++;
        return at + 1;
      case ')':
        this.parens = Math.max(0, this.parens - 1);
        return at + 1;
      case '"':
        this.inside = { kind: 'quote', end: '"', escapes: false };
        return at + 1;
      case "'":
        this.inside = {
          kind: 'quote',
          end: "'",
          escapes: /(^|[^\w$])[eE]$/.test(line.slice(Math.max(0, at - 2), at)),
        };
        return at + 1;
      case '-':
        return line[at + 1] === '-' ? line.length : at + 1;
      case '/':
        if (line[at + 1] !== '*') return at + 1;
        this.inside = { kind: 'comment', depth: 1 };
        return at + 2;
      case '$':
        return this.stepDollarSign(line, at);
      default:
        return this.stepWord(line, at);
    }
  }

  /** Moves past a word, or one character that is none. */
  private stepWord(line: string, at: number): number {
    WORD.lastIndex = at;
    const found = WORD.exec(line)?.[0];
    if (found === undefined) return at + 1;
    const word = found.toLowerCase();
    if (this.words.length < 4) this.words.push(word);
    if (this.parens === 0 && MAKES_ROUTINE.test(this.words.join(' '))) {
      if (word === 'begin' || (word === 'case' && this.blocks > 0)) this.blocks++;
      else if (word === 'end' && this.blocks > 0) this.blocks--;
    }
    return at + found.length;
  }

  /** `$tag$` opens a dollar quote unless it is the tail of a name; `$1` is a parameter. */
  private stepDollarSign(line: string, at: number): number {
    const before = at === 0 ? '' : (line[at - 1] ?? '');
    const tag = /^\$([A-Za-z_\u0080-\uffff][\w\u0080-\uffff]*)?\$/.exec(line.slice(at));
    if (tag === null || /[\w$\u0080-\uffff]/.test(before)) return at + 1;
    this.inside = { kind: 'dollar', end: tag[0] };
    return at + tag[0].length;
  }
}

function copyItem({ text, line, data, before }: OpenCopy, isLast: boolean): CopyItem {
  const item: CopyItem = { kind: 'copy', text, line, data };
  return isLast && before === 0 ? item : { ...item, part: { before, isLast } };
}

/** The statement without its comments, to see whether anything is left. Quotes matter no more: any other text is left. */
function withoutComments(text: string): string {
  return text.replace(/^(\s*(--[^\n]*(\n|$)|\/\*[\s\S]*?\*\/))+/, '').trim();
}

/** Every item of a script held in memory. */
export function readScript(text: string): ScriptItem[] {
  const reader = new StatementReader();
  const items: ScriptItem[] = [];
  for (const line of text.split('\n')) items.push(...reader.feed(line));
  items.push(...reader.end());
  return items;
}
