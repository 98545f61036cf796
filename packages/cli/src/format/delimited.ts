/** CSV as RFC 4180 has it, and TSV as PostgreSQL's COPY text has it. NULL is the empty field; an empty text is "". */
import type { ResultTable } from './result-table.ts';

export function csvField(value: string | null): string {
  if (value === null) return '';
  return value === '' || /[",\r\n]/.test(value) || value !== value.trim()
    ? `"${value.replaceAll('"', '""')}"`
    : value;
}

const TSV_ESCAPES: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };

export function tsvField(value: string | null): string {
  if (value === null) return '\\N';
  return value.replace(/[\\\t\n\r]/g, (character) => TSV_ESCAPES[character] ?? character);
}

export function* csvLines(table: ResultTable): Generator<string> {
  yield `${table.columns.map((column) => csvField(column.name)).join(',')}\n`;
  for (const row of table.rows) yield `${row.map(csvField).join(',')}\n`;
}

export function* tsvLines(table: ResultTable): Generator<string> {
  yield `${table.columns.map((column) => tsvField(column.name)).join('\t')}\n`;
  for (const row of table.rows) yield `${row.map(tsvField).join('\t')}\n`;
}
