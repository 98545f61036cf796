/** The output formats by name. A new one is a line here and a generator of text beside it. */
import type { Terminal } from '../terminal.ts';
import { csvLines, tsvLines } from './delimited.ts';
import { jsonLines, ndjsonLines } from './json.ts';
import {
  columnLines,
  htmlLines,
  insertStatements,
  latexLines,
  lineLines,
  listLines,
  quoteLines,
} from './more-formats.ts';
import type { ResultTable } from './result-table.ts';
import { boxLines, expandedLines, markdownLines } from './table.ts';

interface Format {
  lines(table: ResultTable, terminal: Terminal): Iterable<string>;
  /** Whether a person reads it: then command tags ("INSERT 0 3") are printed too. */
  readonly forPeople: boolean;
}

export type FormatName =
  | 'table'
  | 'expanded'
  | 'markdown'
  | 'csv'
  | 'tsv'
  | 'json'
  | 'ndjson'
  | 'column'
  | 'line'
  | 'list'
  | 'quote'
  | 'insert'
  | 'html'
  | 'latex';

const FORMATS: Readonly<Record<FormatName, Format>> = {
  table: { lines: boxLines, forPeople: true },
  expanded: { lines: expandedLines, forPeople: true },
  markdown: { lines: markdownLines, forPeople: false },
  csv: { lines: csvLines, forPeople: false },
  tsv: { lines: tsvLines, forPeople: false },
  json: { lines: jsonLines, forPeople: false },
  ndjson: { lines: ndjsonLines, forPeople: false },
  column: { lines: columnLines, forPeople: true },
  line: { lines: lineLines, forPeople: true },
  list: { lines: listLines, forPeople: false },
  quote: { lines: quoteLines, forPeople: false },
  insert: { lines: (table) => insertStatements(table), forPeople: false },
  html: { lines: htmlLines, forPeople: false },
  latex: { lines: latexLines, forPeople: false },
};

export const FORMAT_NAMES: readonly FormatName[] = Object.keys(FORMATS) as FormatName[];

/** PostgreSQL's command tag: INSERT carries a 0 where an OID once stood. */
export function commandTag(table: ResultTable): string {
  const { command, rowCount } = table;
  if (command === 'INSERT') return `INSERT 0 ${rowCount}`;
  return /^(UPDATE|DELETE|MERGE|COPY|SELECT)$/.test(command) ? `${command} ${rowCount}` : command;
}

/** The result as pieces of text in the format asked for. */
export function* formatResult(table: ResultTable, format: FormatName, terminal: Terminal): Generator<string> {
  const chosen = FORMATS[format];
  if (table.returnsRows) yield* chosen.lines(table, terminal);
  else if (chosen.forPeople && table.command !== '') yield `${commandTag(table)}\n`;
}

/** The format when none is asked for: a box for people, CSV for programs. */
export function defaultFormat(terminal: Terminal): FormatName {
  return terminal.isInteractive ? 'table' : 'csv';
}
