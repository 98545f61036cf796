/** Formats that the shells of SQLite and PostgreSQL have: columns without a box, lines, lists, INSERT statements, HTML, LaTeX. */
import stringWidth from 'string-width';
import { sqlLiteral } from '../dump/copy-text.ts';
import { quoted } from '../import/identifier.ts';
import { isNumberType, type ResultTable } from './result-table.ts';

const BOOL = 16;
const COLUMN_GAP = '  ';

function padded(text: string, width: number, toTheRight: boolean): string {
  const blanks = ' '.repeat(Math.max(0, width - stringWidth(text)));
  return toTheRight ? blanks + text : text + blanks;
}

/** One line of text, whatever a value holds. */
function flat(value: string | null): string {
  return (value ?? 'NULL').replace(/[\u0000-\u001f\u007f]/g, (c) => (c === '\n' ? '\u23ce' : ' '));
}

export function* columnLines(table: ResultTable): Generator<string> {
  const names = table.columns.map(({ name }) => flat(name));
  const widths = names.map((name) => stringWidth(name));
  for (const row of table.rows)
    for (const [at, value] of row.entries()) widths[at] = Math.max(widths[at] ?? 0, stringWidth(flat(value)));
  const lineOf = (cells: readonly string[], isHead: boolean): string =>
    `${cells
      .map((cell, at) =>
        padded(cell, widths[at] ?? 0, !isHead && isNumberType(table.columns[at]?.typeOid ?? 0)),
      )
      .join(COLUMN_GAP)
      .trimEnd()}\n`;
  yield lineOf(names, true);
  yield `${widths.map((width) => '-'.repeat(width)).join(COLUMN_GAP)}\n`;
  for (const row of table.rows) yield lineOf(row.map(flat), false);
}

/** One column a line, as sqlite3's `.mode line`: names to the right, a blank line between rows. */
export function* lineLines(table: ResultTable): Generator<string> {
  const width = Math.max(0, ...table.columns.map(({ name }) => stringWidth(name)));
  for (const [number, row] of table.rows.entries()) {
    if (number > 0) yield '\n';
    for (const [at, { name }] of table.columns.entries())
      yield `${padded(name, width, true)} = ${row[at] ?? ''}\n`;
  }
}

/** Values between bars: psql's unaligned output, sqlite3's `.mode list`. */
export function* listLines(table: ResultTable): Generator<string> {
  yield `${table.columns.map(({ name }) => name).join('|')}\n`;
  for (const row of table.rows) yield `${row.map((value) => value ?? '').join('|')}\n`;
}

function literalOf(value: string | null, oid: number): string {
  if (value === null) return 'NULL';
  if (oid === BOOL) return value === 't' || value === 'true' ? 'true' : 'false';
  return isNumberType(oid) && /^-?[0-9]/.test(value) ? value : sqlLiteral(value);
}

/** Values as SQL literals. */
export function* quoteLines(table: ResultTable): Generator<string> {
  yield `${table.columns.map(({ name }) => sqlLiteral(name)).join(',')}\n`;
  for (const row of table.rows)
    yield `${row.map((value, at) => literalOf(value, table.columns[at]?.typeOid ?? 0)).join(',')}\n`;
}

/** INSERT statements; the name of the table is the reader's to give where the result is of none. */
export function* insertStatements(table: ResultTable, into = 'table_name'): Generator<string> {
  const names = table.columns.map(({ name }) => quoted(name)).join(', ');
  for (const row of table.rows) {
    const values = row.map((value, at) => literalOf(value, table.columns[at]?.typeOid ?? 0)).join(', ');
    yield `INSERT INTO ${into} (${names}) VALUES (${values});\n`;
  }
}

const HTML: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

function htmlText(value: string): string {
  return value.replace(/[&<>"]/g, (c) => HTML[c] ?? c).replace(/\r?\n/g, '<br>');
}

export function* htmlLines(table: ResultTable): Generator<string> {
  yield '<table>\n';
  yield `  <tr>${table.columns.map(({ name }) => `<th>${htmlText(name)}</th>`).join('')}</tr>\n`;
  for (const row of table.rows) {
    const cells = row.map((value, at) => {
      const align = isNumberType(table.columns[at]?.typeOid ?? 0) ? ' align="right"' : '';
      return `<td${align}>${htmlText(value ?? '')}</td>`;
    });
    yield `  <tr>${cells.join('')}</tr>\n`;
  }
  yield '</table>\n';
}

const LATEX: Readonly<Record<string, string>> = {
  '\\': '\\textbackslash{}',
  '~': '\\textasciitilde{}',
  '^': '\\textasciicircum{}',
};

function latexText(value: string): string {
  return value.replace(/[\\~^&%$#_{}]/g, (c) => LATEX[c] ?? `\\${c}`).replace(/\r?\n/g, ' ');
}

export function* latexLines(table: ResultTable): Generator<string> {
  const layout = table.columns.map(({ typeOid }) => (isNumberType(typeOid) ? 'r' : 'l')).join(' | ');
  yield `\\begin{tabular}{${layout}}\n`;
  yield `${table.columns.map(({ name }) => `\\textit{${latexText(name)}}`).join(' & ')} \\\\\n\\hline\n`;
  for (const row of table.rows) yield `${row.map((value) => latexText(value ?? '')).join(' & ')} \\\\\n`;
  yield '\\end{tabular}\n';
}
