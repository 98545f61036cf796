/** Tables for people: boxes, records one column a line, and Markdown. Layout is cli-table3's. */
import Table from 'cli-table3';
import type { Terminal } from '../terminal.ts';
import { isNumberType, type ResultTable } from './result-table.ts';

/** What stands in a cell: NULL is shown, and control characters cannot move the cursor. */
function cellText(value: string | null, terminal: Terminal): string {
  if (value === null) return terminal.paint('dim', 'NULL');
  return value.replace(/[\u0000-\u0009\u000b-\u001f\u007f]/g, (c) => (c === '\t' ? '    ' : '\u{fffd}'));
}

function footer(table: ResultTable): string {
  return `(${table.rows.length} ${table.rows.length === 1 ? 'row' : 'rows'})\n`;
}

export function* boxLines(table: ResultTable, terminal: Terminal): Generator<string> {
  const box = new Table({
    head: table.columns.map((column) => terminal.paint('bold', column.name)),
    colAligns: table.columns.map((column) => (isNumberType(column.typeOid) ? 'right' : 'left')),
    style: { head: [], border: [], compact: true },
  });
  for (const row of table.rows) box.push(row.map((value) => cellText(value, terminal)));
  yield `${box.toString()}\n`;
  yield footer(table);
}

/** One column a line, for rows too wide for the screen (psql's \x). */
export function* expandedLines(table: ResultTable, terminal: Terminal): Generator<string> {
  const width = Math.max(0, ...table.columns.map((column) => column.name.length));
  let number = 0;
  for (const row of table.rows) {
    yield `${terminal.paint('dim', `-[ record ${++number} ]${'-'.repeat(Math.max(0, width))}`)}\n`;
    for (const [at, column] of table.columns.entries())
      yield `${terminal.paint('bold', column.name.padEnd(width))} | ${cellText(row[at] ?? null, terminal)}\n`;
  }
  yield footer(table);
}

function markdownCell(value: string | null): string {
  return value === null
    ? ''
    : value.replaceAll('\\', '\\\\').replaceAll('|', '\\|').replace(/\r?\n/g, '<br>');
}

export function* markdownLines(table: ResultTable): Generator<string> {
  yield `| ${table.columns.map((column) => markdownCell(column.name)).join(' | ')} |\n`;
  yield `| ${table.columns.map((column) => (isNumberType(column.typeOid) ? '---:' : '---')).join(' | ')} |\n`;
  for (const row of table.rows) yield `| ${row.map(markdownCell).join(' | ')} |\n`;
}
