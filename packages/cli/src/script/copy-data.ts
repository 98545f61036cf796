/**
 * The data lines of `COPY ... FROM STDIN` in a pg_dump script, loaded as INSERT statements.
 *
 * I1  Text format as PostgreSQL writes it: tabs between fields, \N for NULL, backslash escapes. Other formats are refused.
 * I2  Values travel as quoted literals, which the database converts to each column's type as COPY would.
 */
import type { Database } from 'decentdb';
import { UsageError } from '../exit-code.ts';
import type { ScriptItem } from './statement-reader.ts';

const ROWS_PER_INSERT = 500;
const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** A field of COPY's text format, or null. */
export function copyField(text: string): string | null {
  if (text === '\\N') return null;
  if (!text.includes('\\')) return text;
  return text.replace(/\\(x[0-9a-fA-F]{1,2}|[0-7]{1,3}|[\s\S])/g, (_, code: string) => {
    if (/^x[0-9a-fA-F]/.test(code)) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    if (/^[0-7]/.test(code)) return String.fromCharCode(Number.parseInt(code, 8) & 0xff);
    return ESCAPES[code] ?? code;
  });
}

function literal(value: string | null): string {
  return value === null ? 'NULL' : `'${value.replaceAll("'", "''")}'`;
}

const COPY_HEAD = /^\s*copy\s+((?:"(?:[^"]|"")*"|[^\s("]+)+)\s*(\([^)]*\))?\s+from\s+stdin\s*([\s\S]*)$/i;

/** Loads the rows of a COPY block and returns how many there were. */
export function loadCopyData(db: Database, item: ScriptItem & { kind: 'copy' }): number {
  const head = COPY_HEAD.exec(item.text);
  if (head === null) throw new UsageError(`cannot read this COPY statement: ${item.text}`);
  const [, table, columns = '', options = ''] = head;
  if (options.trim() !== '')
    throw new UsageError(
      `only COPY in text format is understood, not "${options.trim()}" (line ${item.line})`,
    );
  for (let from = 0; from < item.data.length; from += ROWS_PER_INSERT) {
    const rows = item.data.slice(from, from + ROWS_PER_INSERT).map(
      (line) =>
        `(${line
          .split('\t')
          .map((field) => literal(copyField(field)))
          .join(',')})`,
    );
    // COPY gives identity columns the values it has, whatever they are declared as.
    db.exec(`INSERT INTO ${table} ${columns} OVERRIDING SYSTEM VALUE VALUES ${rows.join(',')}`);
  }
  return item.data.length;
}
