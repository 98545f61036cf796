/**
 * What happens to the lines somebody types: statements are run, commands obeyed, results shown.
 *
 * I1  The shell knows nothing of keys and screens: it takes lines and gives text, so that a test can hold the conversation.
 * I2  An error never ends the session. Typing goes on, in the transaction that is open.
 * I3  Commands are psql's (\) or sqlite3's (.); two spellings of a thing do the same.
 */
import { type Database, DecentDbError } from 'decentdb';
import stringWidth from 'string-width';
import type { CommandContext } from '../command.ts';
import { UsageError } from '../exit-code.ts';
import { crosstab } from '../format/crosstab.ts';
import { type FormatName, formatResult } from '../format/formats.ts';
import { insertStatements } from '../format/more-formats.ts';
import { cut, plotText } from '../format/plot.ts';
import { queryTable, type ResultTable } from '../format/result-table.ts';
import { type Output, openOutput } from '../output.ts';
import { report } from '../report.ts';
import { CopyBlocks, isCopyOut, writeCopyOut } from '../script/copy-data.ts';
import { type ScriptItem, StatementReader } from '../script/statement-reader.ts';
import { unquoted } from './arguments.ts';
import { Conditions, truthOf } from './conditions.ts';
import { runShellCommand } from './shell-commands.ts';
import { suggest } from './suggest.ts';
import { summarize, summarized } from './summarize.ts';
import { Variables } from './variables.ts';

export interface ShellSettings {
  format: FormatName;
  isExpanded: boolean;
  /** Expanded where a row is wider than the terminal. */
  isExpandedAuto: boolean;
  isTiming: boolean;
  /** Plans are shown before the statements. */
  showsPlans: boolean;
  /** What stands for NULL; undefined: what the format has. */
  nullText: string | undefined;
  /** No header and no row count. */
  isTuplesOnly: boolean;
  usesPager: boolean;
  /** Columns that a value of each column of the result may take; 0: as many as it needs. */
  widths: readonly number[];
  /** With the format `insert`: the table. */
  insertInto: string | undefined;
  showsProgress: boolean;
}

/** How the statement that ends with \g or its relatives is run. */
type Ending = {
  readonly kind: 'g' | 'gx' | 'gexec' | 'gset' | 'gdesc' | 'crosstabview' | 'plot' | 'watch';
  readonly args: readonly string[];
};

const ENDING = /^(.*?)\\(gexec|gset|gdesc|gx|g|crosstabview|plot|watch)((?:\s+[^\s\\;]+)*)\s*;?\s*$/s;
/** `\\bind` and its values, and what comes behind it on the line. */
const BIND = /^(.*?)\\bind(?!\w)((?:\s+(?:'(?:[^']|'')*'|[^\s\\;']+))*)\s*(\\.*|;)?\s*$/s;
const HAS_PLAN = /^[\s(]*(select|insert|update|delete|merge|with|values|table)\b/i;
/** Statements that change nothing and may be asked again and again. */
const WATCH_MOST = 1_000_000;

export class Shell {
  readonly db: Database;
  readonly path: string;
  readonly context: CommandContext;
  readonly settings: ShellSettings = {
    format: 'table',
    isExpanded: false,
    isExpandedAuto: false,
    isTiming: false,
    showsPlans: false,
    nullText: undefined,
    isTuplesOnly: false,
    usesPager: true,
    widths: [],
    insertInto: undefined,
    showsProgress: true,
  };
  /** Values of $1, $2, ... of every statement (.parameter set). */
  readonly parameters: Map<number, string | null> = new Map();
  /** Told of each statement that has run (.log, .trace). */
  onStatement: ((text: string, ms: number) => void) | null = null;
  /** Lines typed before, oldest first. */
  history: () => readonly string[] = () => [];
  /** Asks whoever types; null: nobody does. */
  ask: ((question: string) => Promise<string>) | null = null;
  readonly variables: Variables = new Variables();
  readonly conditions: Conditions = new Conditions();
  /** The newest result with rows, for \\plot and \\crosstabview. */
  lastResult: ResultTable | null = null;
  lastError: DecentDbError | null = null;
  /** Folder that \\ir begins at: of the script that runs. */
  scriptFolder = '';
  /** Long output goes through here where it can be paged. */
  showPage: (text: string) => void;
  isDone = false;
  /** An error ended the script that runs (ON_ERROR_STOP). */
  hasStopped = false;
  #stop: AbortController | null = null;
  /** File that the next result goes to (.once). */
  onceTo: string | null = null;
  #reader = new StatementReader();
  readonly #copies: CopyBlocks;
  #output: Output | null = null;
  #last = '';
  #isStopped = false;
  /** Values of the next statement alone (\\bind). */
  #bound: readonly string[] | null = null;

  constructor(db: Database, path: string, context: CommandContext) {
    this.db = db;
    this.#copies = new CopyBlocks(db);
    this.path = path;
    this.context = context;
    this.showPage = (text) => context.terminal.out(text);
  }

  /** `app=>` for a new statement, `app->` within one, `app@>` in a branch that does not count; `*`: a transaction is open, `!`: it has failed. */
  get prompt(): string {
    const name =
      this.path
        .split(/[\\/]/)
        .at(-1)
        ?.replace(/\.[^.]*$/, '') || 'decentdb';
    const state = this.db.session.transaction?.isFailed === true ? '!' : this.db.inTransaction ? '*' : '';
    const place = !this.conditions.isActive ? '@' : this.#reader.isPending ? '-' : '=';
    return `${name}${place}${state}> `;
  }

  get isPending(): boolean {
    return this.#reader.isPending;
  }

  /** Drops what has been typed of a statement, and ends a watch. */
  cancel(): void {
    this.#reader = new StatementReader();
    this.#isStopped = true;
    this.#stop?.abort(new Error('interrupted'));
  }

  /** Aborted by Ctrl-C while work goes on that lets the event loop turn. */
  get signal(): AbortSignal {
    this.#stop ??= new AbortController();
    return this.#stop.signal;
  }

  get pendingText(): string {
    return this.#reader.pendingText;
  }

  /** The statement being typed, or the one that ran last. */
  get buffer(): string {
    const pending = this.#reader.pendingText.trim();
    return pending === '' ? this.#last : pending;
  }

  /** Puts a text in place of what has been typed, as if it had been typed. */
  async retype(text: string): Promise<void> {
    this.#reader = new StatementReader();
    for (const line of text.replace(/\n+$/, '').split('\n')) await this.line(line);
  }

  /** Values for the parameters of the statement that comes next. */
  bind(values: readonly string[]): void {
    this.#bound = values;
  }

  /** Runs a script that comes in pieces; the first error ends it, and is the caller's. */
  async runPieces(pieces: Iterable<string>): Promise<void> {
    const reader = new StatementReader();
    const run = (items: readonly ScriptItem[]): void => {
      for (const item of items)
        if (item.kind === 'copy') this.#copies.load(item);
        else if (item.kind === 'statement') this.db.exec(item.text);
    };
    let rest = '';
    for (const piece of pieces) {
      const lines = (rest + piece).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) run(reader.feed(line));
    }
    run([...reader.feed(rest), ...reader.end()]);
  }

  /** Takes one line. */
  async line(line: string): Promise<void> {
    this.#isStopped = false;
    this.#stop = null;
    if (await this.#condition(line)) return;
    if (!this.#reader.isQuoted && !/^\s*\\(set|unset|prompt|ef|!)/.test(line))
      line = this.variables.expand(line);
    const bound = BIND.exec(line);
    if (bound !== null && !insideQuotes(bound[1] as string)) {
      const [, before = '', values = '', rest = ''] = bound;
      this.bind((values.match(/'(?:[^']|'')*'|\S+/g) ?? []).map(unquoted));
      line = before + rest;
      if (line.trim() === '') return;
    }
    const ending =
      line.startsWith('\\') && !this.#reader.isPending && !ENDING.test(line) ? null : ENDING.exec(line);
    if (ending !== null && !insideQuotes(ending[1] as string)) {
      const [, before = '', kind, rest = ''] = ending;
      const args = rest.split(/\s+/).filter((word) => word !== '');
      const items = [...this.#reader.feed(before), ...this.#reader.end()];
      if (items.length === 0 && this.#last !== '')
        items.push({ kind: 'statement', text: this.#last, line: 1 });
      for (const item of items) await this.#item(item, { kind: kind as Ending['kind'], args });
      return;
    }
    if (!this.#reader.isPending && /^\s*\.[a-z?]/i.test(line)) {
      await this.#guard(line, () => runShellCommand(this, line.trim()));
      return;
    }
    // A command between the lines of a statement leaves what is typed of it alone.
    if (this.#reader.isPending && !this.#reader.isQuoted && /^\s*\\[a-z?!]/i.test(line)) {
      await this.#guard(line, () => runShellCommand(this, line.trim()));
      return;
    }
    for (const item of this.#reader.feed(line)) await this.#item(item, null);
  }

  /** Lines of \\if and its relatives, and those of a branch that does not count. True: the line is dealt with. */
  async #condition(line: string): Promise<boolean> {
    const [, word, rest = ''] = /^\s*\\(if|elif|else|endif)\b\s*(.*?)\s*$/.exec(line) ?? [];
    const { conditions } = this;
    if (word === undefined) return !conditions.isActive;
    const condition = (): boolean => truthOf(this.variables.expand(rest).replace(/^'(.*)'$/, '$1'));
    await this.#guard(line, () => {
      if (word === 'if') conditions.if(condition);
      else if (word === 'elif') conditions.elif(condition);
      else if (word === 'else') conditions.else();
      else conditions.endif();
    });
    return true;
  }

  /** The input has ended: what is typed is run. */
  async end(): Promise<void> {
    for (const item of this.#reader.end()) await this.#item(item, null);
  }

  /** Writes a result where results go. */
  write(text: string): void {
    if (this.#output === null) this.context.terminal.out(text);
    else this.#output.write(text);
  }

  say(text: string): void {
    this.context.terminal.out(`${text}\n`);
  }

  setOutput(path: string | undefined): void {
    this.#output?.close();
    this.#output = path === undefined ? null : openOutput(path, this.context, { inPlace: true });
  }

  close(): void {
    this.setOutput(undefined);
  }

  /** Shows a result in the format of the moment. */
  show(
    table: ResultTable,
    isExpanded: boolean = this.settings.isExpanded,
    output: Output | null = this.#output,
  ): void {
    const { format, isExpandedAuto, isTuplesOnly } = this.settings;
    if (table.returnsRows) this.lastResult = table;
    const { terminal } = this.context;
    const shown = this.#cut(this.#withNulls(table));
    const textOf = (name: FormatName): string =>
      name === 'insert' && table.returnsRows
        ? [...insertStatements(table, this.settings.insertInto)].join('')
        : [...formatResult(shown, name, terminal)].join('');
    let text = textOf(isExpanded && format === 'table' ? 'expanded' : format);
    const widest = (): number => Math.max(0, ...text.split('\n', 3).map((line) => stringWidth(line)));
    if (isExpandedAuto && !isExpanded && format === 'table' && widest() > terminal.columns)
      text = textOf('expanded');
    if (isTuplesOnly && table.returnsRows) text = withoutHead(text, format);
    if (output === null) this.showPage(text);
    else output.write(text);
  }

  /** `\\pset null`: a text of one's own instead of NULL. */
  #withNulls(table: ResultTable): ResultTable {
    const { nullText } = this.settings;
    if (nullText === undefined || !table.returnsRows) return table;
    return { ...table, rows: table.rows.map((row) => row.map((value) => value ?? nullText)) };
  }

  /** `.width`: longer values end in dots, in formats for people. */
  #cut(table: ResultTable): ResultTable {
    const { widths, format } = this.settings;
    if (widths.length === 0 || !table.returnsRows || !/^(table|column)$/.test(format)) return table;
    const rows = table.rows.map((row) =>
      row.map((value, at) => {
        const width = widths[at] ?? 0;
        return width === 0 || value === null ? value : cut(value, width);
      }),
    );
    return { ...table, rows };
  }

  /** What `\bind` or `.parameter` gave the parameters of a statement. */
  #valuesFor(text: string): (string | null)[] {
    if (this.#bound !== null) return [...this.#bound];
    const { parameters } = this;
    if (parameters.size === 0 || !/\$\d/.test(text)) return [];
    // As many as the statement has: others are of other statements.
    const count = this.db.prepare(text).params().length;
    return Array.from({ length: count }, (_, i) => parameters.get(i + 1) ?? null);
  }

  showPlan(text: string): void {
    this.write(`${this.db.explain(text, this.#valuesFor(text))}\n`);
  }

  /** The result of a statement, with the values bound to its parameters. */
  #query(text: string): ResultTable {
    const summary = summarized(text);
    if (summary !== null) return summarize(this.db, summary);
    const values = this.#valuesFor(text);
    this.#bound = null;
    return queryTable(this.db, text, values);
  }

  async #item(item: ScriptItem, ending: Ending | null): Promise<void> {
    await this.#guard(item.text, async () => {
      if (item.kind === 'meta') await runShellCommand(this, item.text);
      else if (item.kind === 'copy') {
        const rows = this.#copies.load(item);
        if (rows !== null) this.say(`COPY ${rows}`);
      } else await this.#statement(item.text, ending);
    });
  }

  async #guard(text: string, work: () => unknown): Promise<void> {
    const started = performance.now();
    try {
      await work();
    } catch (error) {
      if (error instanceof DecentDbError) {
        error.query ??= text;
        suggest(this.db, error);
        this.lastError = error;
      }
      report(error, this.context.terminal);
      if (
        this.variables.values.get('ON_ERROR_STOP') === '1' ||
        this.variables.values.get('ON_ERROR_STOP') === 'on'
      ) {
        this.hasStopped = true;
        this.context.setExitCode(3);
      }
    }
    if (this.settings.isTiming && !/^\s*[\\.]/.test(text))
      this.say(`Time: ${(performance.now() - started).toFixed(3)} ms`);
  }

  async #statement(text: string, ending: Ending | null): Promise<void> {
    this.#last = text;
    if (ending === null && isCopyOut(text)) {
      writeCopyOut(this.db, text, (piece) => this.write(piece));
      return;
    }
    if (this.settings.showsPlans && HAS_PLAN.test(text)) this.showPlan(text);
    const started = performance.now();
    try {
      await this.#run(text, ending);
    } finally {
      this.onStatement?.(text, performance.now() - started);
    }
  }

  async #run(text: string, ending: Ending | null): Promise<void> {
    switch (ending?.kind) {
      case 'gexec':
        for (const row of this.#query(text).rows)
          for (const sql of row) if (sql !== null) this.show(queryTable(this.db, sql));
        return;
      case 'watch':
        await this.#watch(text, ending.args);
        return;
      case 'gset':
        this.#gset(this.#query(text), ending.args[0] ?? '');
        return;
      case 'gdesc':
        this.#describe(text);
        return;
      case 'crosstabview':
        this.show(crosstab(this.#query(text), ending.args));
        return;
      case 'plot':
        this.plot(this.#query(text), ending.args);
        return;
      default: {
        const path = ending?.args[0] ?? this.onceTo ?? undefined;
        this.onceTo = null;
        const table = this.#query(text);
        if (path === undefined) this.show(table, ending?.kind === 'gx' || this.settings.isExpanded);
        else {
          const output = openOutput(path, this.context, { inPlace: true });
          this.show(table, undefined, output);
          output.close();
        }
      }
    }
  }

  /** Columns of the one row become variables. */
  #gset(table: ResultTable, prefix: string): void {
    const [row] = table.rows;
    if (table.rows.length !== 1 || row === undefined)
      throw new UsageError(
        table.rows.length === 0 ? 'no rows returned for \\gset' : 'more than one row returned for \\gset',
      );
    for (const [at, { name }] of table.columns.entries()) {
      const value = row[at] ?? null;
      if (value === null) this.variables.unset(prefix + name);
      else this.variables.set(prefix + name, value);
    }
  }

  #describe(text: string): void {
    const columns = this.db.prepare(text).columns();
    this.show({
      command: 'SELECT',
      returnsRows: true,
      columns: [
        { name: 'Column', typeOid: 25 },
        { name: 'Type', typeOid: 25 },
      ],
      rows: columns.map(({ name, type }) => [name, type]),
      rowCount: columns.length,
    });
  }

  /** `\\plot [line|bar|hist] [x] [y]`. */
  plot(table: ResultTable, args: readonly string[]): void {
    const [first] = args;
    const isKind = first === 'line' || first === 'bar' || first === 'hist';
    if (!isKind && first !== undefined && /^(histogram|scatter|pie)$/.test(first) && first !== 'histogram')
      throw new UsageError(`there is no plot "${first}"; there are line, bar and hist`);
    const kind = isKind ? first : first === 'histogram' ? 'hist' : 'line';
    const names = isKind || first === 'histogram' ? args.slice(1) : args;
    const [x, y] =
      kind === 'hist' || names.length === 1 ? [null, names[0] ?? null] : [names[0] ?? null, names[1] ?? null];
    this.lastResult = table;
    this.write(plotText(table, { kind, x, y, columns: this.context.terminal.columns }));
  }

  /** `\\watch [SECONDS] [COUNT]`, or as psql 17 has it: `i=SECONDS c=COUNT`. */
  async #watch(text: string, args: readonly string[]): Promise<void> {
    const named = (names: RegExp): string | undefined =>
      args.find((one) => names.test(one))?.replace(/^.*=/, '');
    const [plainSeconds, plainCount] = args.filter((one) => !one.includes('='));
    const seconds = named(/^(i|interval)=/) ?? plainSeconds ?? '2';
    const count = named(/^(c|count)=/) ?? plainCount ?? String(WATCH_MOST);
    const pauseMs = Number(seconds) * 1000;
    if (!(pauseMs >= 0) || !(Number(count) >= 1)) throw new UsageError('\\watch takes seconds and a count');
    for (let i = 0; i < Number(count) && !this.#isStopped; i++) {
      if (i > 0) await this.#pause(pauseMs);
      if (this.#isStopped) return;
      this.show(this.#query(text));
    }
  }

  /** Waits, unless Ctrl-C comes. */
  #pause(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      this.signal.addEventListener('abort', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}

/** The rows alone: without the head and the count of a table, without the header line of CSV. */
function withoutHead(text: string, format: FormatName): string {
  if (/^(csv|tsv|list|quote)$/.test(format)) return text.slice(text.indexOf('\n') + 1);
  if (format !== 'table') return text;
  const lines = text.split('\n');
  return `${lines.slice(3, -3).join('\n')}\n`;
}

/** Whether a text ends inside a quoted string or name. */
function insideQuotes(text: string): boolean {
  const rest = text.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, '');
  return rest.includes("'") || rest.includes('"') || /--/.test(rest);
}
