/** Tables for people: boxes, records one column a line, and Markdown. Layout is cli-table3's. */
import Table from 'cli-table3';
import stringWidth from 'string-width';
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

/** cli-table3 takes time in the square of the rows, so large results are laid out in pieces of equal column widths. */
const ROWS_PER_PIECE = 500;
const CELL_PADDING = 2;

function cellWidth(text: string): number {
  return text.includes('\n')
    ? Math.max(...text.split('\n').map((line) => stringWidth(line)))
    : stringWidth(text);
}

function columnWidths(head: readonly string[], rows: readonly (readonly string[])[]): number[] {
  const widths = head.map(cellWidth);
  for (const row of rows)
    for (const [at, cell] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, cellWidth(cell));
  return widths.map((width) => width + CELL_PADDING);
}

/** The lines between pieces that make them one box. */
const NO_TOP = { top: '', 'top-left': '', 'top-mid': '', 'top-right': '' };
const NO_BOTTOM = { bottom: '', 'bottom-left': '', 'bottom-mid': '', 'bottom-right': '' };

export function* boxLines(table: ResultTable, terminal: Terminal): Generator<string> {
  const head = table.columns.map((column) => terminal.paint('bold', column.name));
  const rows = table.rows.map((row) => row.map((value) => cellText(value, terminal)));
  const colWidths = columnWidths(head, rows);
  for (let from = 0; from === 0 || from < rows.length; from += ROWS_PER_PIECE) {
    const isLast = from + ROWS_PER_PIECE >= rows.length;
    const piece = new Table({
      ...(from === 0 ? { head } : {}),
      colWidths,
      colAligns: table.columns.map((column) => (isNumberType(column.typeOid) ? 'right' : 'left')),
      chars: { ...(from === 0 ? {} : NO_TOP), ...(isLast ? {} : NO_BOTTOM) },
      style: { head: [], border: [], compact: true },
    });
    piece.push(...rows.slice(from, from + ROWS_PER_PIECE));
    yield `${piece.toString()}\n`;
  }
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
