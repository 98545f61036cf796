/**
 * Runs a script of statements one by one: results out, notices and errors to stderr.
 *
 * I1  Stops at the first error unless told to go on; with `--keep-going` the exit code still says that one failed.
 * I2  In psql mode only what concerns a server or a shell (SET of an unknown setting, \connect, CREATE DATABASE, owners
 *     and grants) is passed over, each with a notice. With `leavesOut` so is what is beyond this database, with a warning; tables
 *     and rows never. An error in anything else is an error.
 */
import { type Database, DecentDbError } from 'decentdb';
import type { CommandContext } from '../command.ts';
import { UsageError } from '../exit-code.ts';
import { type FormatName, formatResult } from '../format/formats.ts';
import { queryTable } from '../format/result-table.ts';
import { report } from '../report.ts';
import { CopyBlocks, isCopyOut, writeCopyOut } from './copy-data.ts';
import { type CopyItem, type ScriptItem, StatementReader } from './statement-reader.ts';

export interface ScriptChoices {
  readonly format: FormatName;
  readonly params: readonly unknown[];
  readonly timing: boolean;
  readonly keepGoing: boolean;
  readonly psql: boolean;
  /** Functions, triggers, indexes and views that this database does not know are left out with a warning. */
  readonly leavesOut?: boolean;
  /** Named in front of errors: `file:line`. */
  readonly name?: string;
  /** Where results go; stdout unless `--output` names a file. */
  readonly write: (text: string) => void;
}

const SERVER_ONLY =
  /^\s*(SET\s|RESET\s|SELECT\s+pg_catalog\.set_config|(CREATE|DROP|ALTER)\s+(DATABASE|ROLE|USER|EXTENSION|TABLESPACE)\b|ALTER\s[\s\S]*\sOWNER\s+TO\s|ALTER\s+DEFAULT\s+PRIVILEGES\b|GRANT\s|REVOKE\s|COMMENT\s+ON\s)/i;

/** What a table and its rows can do without. */
const BEYOND =
  /^\s*(CREATE\s+(OR\s+REPLACE\s+)?((CONSTRAINT\s+|EVENT\s+)?TRIGGER|FUNCTION|PROCEDURE|AGGREGATE|OPERATOR|CAST|RULE|POLICY|PUBLICATION|SUBSCRIPTION|STATISTICS|TEXT\s+SEARCH|TRANSFORM|(TRUSTED\s+)?(PROCEDURAL\s+)?LANGUAGE|(UNIQUE\s+)?INDEX|(MATERIALIZED\s+)?VIEW)|ALTER\s+(FUNCTION|PROCEDURE|AGGREGATE|OPERATOR|DEFAULT\s+PRIVILEGES|PUBLICATION|STATISTICS|TEXT\s+SEARCH|INDEX|VIEW|MATERIALIZED\s+VIEW|TABLE\s+[\s\S]*(ROW\s+LEVEL\s+SECURITY|CLUSTER\s+ON|REPLICA\s+IDENTITY|(ENABLE|DISABLE)\s+(ALWAYS\s+|REPLICA\s+)?TRIGGER))|REFRESH\s|COMMENT\s+ON\s)/i;
const FOREIGN_KEY = /^\s*ALTER\s+TABLE\s[\s\S]*\sADD\s+CONSTRAINT\s+("(?:[^"]|"")*"|\S+)\s+FOREIGN\s+KEY\s/i;
/** Codes that say "not here", as opposed to "wrong". */
const NOT_HERE = ['0A000', '42704', '42883', '42P01', '3F000'];

/**
 * Whether a statement of a dump asks for what this database does not have (a function in another language, and the trigger that
 * calls it), without which tables and rows are still whole.
 */
function isBeyond(text: string, error: unknown): boolean {
  if (!(error instanceof DecentDbError)) return false;
  const plain = withoutLeadingComments(text);
  // Keys of kinds that are not known here; one that rows break, or whose table is missing, is an error as ever.
  if (error.code === '0A000' && FOREIGN_KEY.test(plain)) return true;
  return NOT_HERE.includes(error.code) && BEYOND.test(plain);
}

function isServerOnly(text: string, error: unknown): boolean {
  if (!(error instanceof DecentDbError)) return false;
  return (
    ['0A000', '42704', '42601', '42883'].includes(error.code) &&
    SERVER_ONLY.test(withoutLeadingComments(text))
  );
}

function withoutLeadingComments(text: string): string {
  return text.replace(/^(\s*(--[^\n]*(\n|$)|\/\*[\s\S]*?\*\/))+/, '');
}

function firstLine(text: string): string {
  const line = withoutLeadingComments(text).trim().split('\n', 1)[0] ?? '';
  return line.length > 70 ? `${line.slice(0, 67)}...` : line;
}

export class ScriptRunner {
  private readonly reader = new StatementReader();
  private readonly db: Database;
  private readonly copies: CopyBlocks;
  private readonly choices: ScriptChoices;
  private readonly context: CommandContext;
  private failed = false;
  /** Statements that were left out. */
  leftOut = 0;

  constructor(db: Database, choices: ScriptChoices, context: CommandContext) {
    this.db = db;
    this.copies = new CopyBlocks(db);
    this.choices = choices;
    this.context = context;
  }

  /**
   * Runs the statements that `lines` complete. Returns false when it stopped at an error. `data` is read where the lines end
   * with a COPY whose data did not come.
   */
  async run(
    lines: AsyncIterable<string> | Iterable<string>,
    data: AsyncIterable<string> | null = null,
  ): Promise<boolean> {
    for await (const line of lines)
      for (const item of this.reader.feed(line)) if (!this.runItem(item)) return false;
    if (data !== null && this.reader.awaitsData)
      for await (const line of data)
        for (const item of this.reader.feed(line)) if (!this.runItem(item)) return false;
    for (const item of this.reader.end()) if (!this.runItem(item)) return false;
    return !this.failed;
  }

  private notice(item: ScriptItem, text: string): void {
    this.context.terminal.err(`${this.where(item)}NOTICE:  ${text}\n`);
  }

  private where(item: ScriptItem): string {
    return this.choices.name === undefined ? '' : `${this.choices.name}:${item.line}: `;
  }

  /** Returns whether to go on. */
  private runItem(item: ScriptItem): boolean {
    const { terminal } = this.context;
    const started = performance.now();
    try {
      if (item.kind === 'meta') this.runMeta(item);
      else if (item.kind === 'copy') this.runCopy(item);
      else this.runStatement(item);
    } catch (error) {
      if (this.choices.psql && isServerOnly(item.text, error)) {
        this.notice(item, `skipped, it concerns a server: ${firstLine(item.text)}`);
        return true;
      }
      if (this.choices.leavesOut === true && isBeyond(item.text, error)) {
        const { message } = error as DecentDbError;
        this.leftOut++;
        terminal.err(`${this.where(item)}WARNING:  left out: ${firstLine(item.text)} (${message})\n`);
        return true;
      }
      if (error instanceof DecentDbError && error.query === undefined) error.query = item.text;
      this.context.setExitCode(report(error, terminal, this.where(item)));
      this.failed = true;
      return this.choices.keepGoing;
    }
    const isDone = item.kind !== 'copy' || item.part?.isLast !== false;
    if (this.choices.timing && isDone) terminal.err(`Time: ${(performance.now() - started).toFixed(3)} ms\n`);
    return true;
  }

  private runCopy(item: CopyItem): void {
    const rows = this.copies.load(item);
    if (rows !== null) this.printTag(`COPY ${rows}\n`);
  }

  private runStatement(item: ScriptItem): void {
    if (isCopyOut(item.text)) {
      writeCopyOut(this.db, item.text, this.choices.write);
      return;
    }
    const table = queryTable(this.db, item.text, this.choices.params);
    for (const piece of formatResult(table, this.choices.format, this.context.terminal))
      this.choices.write(piece);
  }

  private printTag(tag: string): void {
    if (this.choices.format === 'table' || this.choices.format === 'expanded') this.choices.write(tag);
  }

  private runMeta(item: ScriptItem): void {
    const [name = '', ...words] = item.text.split(/\s+/);
    if (name === '\\echo') {
      this.choices.write(`${words.join(' ')}\n`);
      return;
    }
    if (!this.choices.psql)
      throw new UsageError(
        `"${item.text}" is a psql command; --psql passes over those that concern a server`,
      );
    this.notice(item, `skipped, a psql command: ${item.text}`);
  }
}
