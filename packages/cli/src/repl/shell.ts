/**
 * What happens to the lines somebody types: statements are run, commands obeyed, results shown.
 *
 * I1  The shell knows nothing of keys and screens: it takes lines and gives text, so that a test can hold the conversation.
 * I2  An error never ends the session. Typing goes on, in the transaction that is open.
 * I3  Commands are psql's (\) or sqlite3's (.); two spellings of a thing do the same.
 */
import { type Database, DecentDbError } from 'decentdb';
import type { CommandContext } from '../command.ts';
import { UsageError } from '../exit-code.ts';
import { type FormatName, formatResult } from '../format/formats.ts';
import { queryTable, type ResultTable } from '../format/result-table.ts';
import { type Output, openOutput } from '../output.ts';
import { report } from '../report.ts';
import { loadCopyData } from '../script/copy-data.ts';
import { type ScriptItem, StatementReader } from '../script/statement-reader.ts';
import { runShellCommand } from './shell-commands.ts';

export interface ShellSettings {
  format: FormatName;
  isExpanded: boolean;
  isTiming: boolean;
}

/** How the statement that ends with \g or its relatives is run. */
type Ending = { readonly kind: 'g' | 'gx' | 'gexec' | 'watch'; readonly args: readonly string[] };

const ENDING = /^(.*?)\\(gexec|gx|g|watch)((?:\s+[^\s\\;]+)*)\s*;?\s*$/s;
/** Statements that change nothing and may be asked again and again. */
const WATCH_MOST = 1_000_000;

export class Shell {
  readonly db: Database;
  readonly path: string;
  readonly context: CommandContext;
  readonly settings: ShellSettings = { format: 'table', isExpanded: false, isTiming: false };
  /** Long output goes through here where it can be paged. */
  showPage: (text: string) => void;
  isDone = false;
  #reader = new StatementReader();
  #output: Output | null = null;
  #last = '';
  #isStopped = false;

  constructor(db: Database, path: string, context: CommandContext) {
    this.db = db;
    this.path = path;
    this.context = context;
    this.showPage = (text) => context.terminal.out(text);
  }

  /** `app=>` for a new statement, `app->` within one; a star while a transaction is open. */
  get prompt(): string {
    const name =
      this.path
        .split(/[\\/]/)
        .at(-1)
        ?.replace(/\.[^.]*$/, '') || 'decentdb';
    return `${name}${this.#reader.isPending ? '-' : '='}${this.db.inTransaction ? '*' : ''}> `;
  }

  get isPending(): boolean {
    return this.#reader.isPending;
  }

  /** Drops what has been typed of a statement, and ends a watch. */
  cancel(): void {
    this.#reader = new StatementReader();
    this.#isStopped = true;
  }

  /** Takes one line. */
  async line(line: string): Promise<void> {
    this.#isStopped = false;
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
    for (const item of this.#reader.feed(line)) await this.#item(item, null);
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
    this.#output = path === undefined ? null : openOutput(path, this.context);
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
    const { format } = this.settings;
    const chosen = isExpanded && format === 'table' ? 'expanded' : format;
    const text = [...formatResult(table, chosen, this.context.terminal)].join('');
    if (output === null) this.showPage(text);
    else output.write(text);
  }

  async #item(item: ScriptItem, ending: Ending | null): Promise<void> {
    await this.#guard(item.text, async () => {
      if (item.kind === 'meta') await runShellCommand(this, item.text);
      else if (item.kind === 'copy') this.say(`COPY ${loadCopyData(this.db, item)}`);
      else await this.#statement(item.text, ending);
    });
  }

  async #guard(text: string, work: () => unknown): Promise<void> {
    const started = performance.now();
    try {
      await work();
    } catch (error) {
      if (error instanceof DecentDbError && error.query === undefined) error.query = text;
      report(error, this.context.terminal);
    }
    if (this.settings.isTiming && !/^\s*[\\.]/.test(text))
      this.say(`Time: ${(performance.now() - started).toFixed(3)} ms`);
  }

  async #statement(text: string, ending: Ending | null): Promise<void> {
    this.#last = text;
    switch (ending?.kind) {
      case 'gexec':
        for (const row of queryTable(this.db, text).rows)
          for (const sql of row) if (sql !== null) this.show(queryTable(this.db, sql));
        return;
      case 'watch':
        await this.#watch(text, ending.args);
        return;
      default: {
        const [path] = ending?.args ?? [];
        const table = queryTable(this.db, text);
        if (path === undefined) this.show(table, ending?.kind === 'gx' || this.settings.isExpanded);
        else {
          const output = openOutput(path, this.context);
          this.show(table, undefined, output);
          output.close();
        }
      }
    }
  }

  async #watch(text: string, [seconds = '2', count = String(WATCH_MOST)]: readonly string[]): Promise<void> {
    const pauseMs = Number(seconds) * 1000;
    if (!(pauseMs >= 0) || !(Number(count) >= 1)) throw new UsageError('\\watch takes seconds and a count');
    for (let i = 0; i < Number(count) && !this.#isStopped; i++) {
      if (i > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
      if (this.#isStopped) return;
      this.show(queryTable(this.db, text));
    }
  }
}

/** Whether a text ends inside a quoted string or name. */
function insideQuotes(text: string): boolean {
  const rest = text.replace(/'(?:[^']|'')*'|"(?:[^"]|"")*"/g, '');
  return rest.includes("'") || rest.includes('"') || /--/.test(rest);
}
