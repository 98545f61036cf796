/**
 * The data lines of `COPY ... FROM STDIN` in a pg_dump script, given to a bulk load.
 *
 * I1  Text format as PostgreSQL writes it: tabs between fields, \N for NULL, backslash escapes; and CSV with its options.
 * I2  Identity columns take the values they have in the data, as COPY gives them.
 */
import { type CsvFileOptions, type Database, DecentDbError } from 'decentdb';
import { UsageError } from '../exit-code.ts';
import type { ScriptItem } from './statement-reader.ts';

const COPY_HEAD = /^\s*copy\s+((?:"(?:[^"]|"")*"|[^\s("]+)+)\s*(\([^)]*\))?\s+from\s+stdin\s*([\s\S]*)$/i;
const NAME = /"(?:[^"]|"")*"|[^,\s]+/g;

/** Loads the rows of a COPY block and returns how many there were. */
export function loadCopyData(db: Database, item: ScriptItem & { kind: 'copy' }): number {
  const head = COPY_HEAD.exec(item.text.replace(/^(\s*--[^\n]*\n)+/, ''));
  if (head === null) throw new UsageError(`cannot read this COPY statement: ${item.text}`);
  const [, table = '', list, options = ''] = head;
  const columns = list === undefined ? undefined : (list.slice(1, -1).match(NAME) ?? []).map(nameOf);
  const csv = copyOptions(options.trim(), item);
  try {
    return db.bulkLoadSync(
      table,
      item.data.map((line) => `${line}\n`),
      {
        ...(csv === null ? { format: 'copy' } : { format: 'csv', csv }),
        ...(columns === undefined ? {} : { columns }),
        overrideIdentity: true,
      },
    ).rows;
  } catch (error) {
    // Lines of the script, not of the block.
    if (error instanceof DecentDbError && error.detail !== undefined)
      error.detail = error.detail.replace(
        /^Line (\d+)/,
        (_, line: string) => `Line ${Number(line) + item.line + item.text.split('\n').length - 1}`,
      );
    throw error;
  }
}

/** A name as SQL writes it, as the catalogue has it. */
function nameOf(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text.toLowerCase();
}

/** How CSV data is written; null for the text format. */
function copyOptions(text: string, item: ScriptItem): CsvFileOptions | null {
  if (text === '') return null;
  const inner = /^(?:with\s*)?\(([\s\S]*)\)$/i.exec(text)?.[1] ?? text.replace(/^with\s+/i, '');
  const found = new Map<string, string>();
  for (const [, name = '', value = ''] of inner.matchAll(
    /(format|delimiter|null|header|quote|escape|csv|text|encoding)\b\s*(?:'((?:[^']|'')*)'|(csv|text|true|false))?/gi,
  ))
    found.set(name.toLowerCase(), value.replaceAll("''", "'"));
  const rest = inner.replace(
    /(format|delimiter|null|header|quote|escape|csv|text|encoding)\b\s*(?:'((?:[^']|'')*)'|csv|text|true|false)?|[\s,]/gi,
    '',
  );
  if (rest !== '')
    throw new UsageError(`cannot read the options of this COPY: "${text}" (line ${item.line})`);
  const isCsv = found.has('csv') || /\bformat\s+'?csv/i.test(inner);
  if (!isCsv && [...found.keys()].some((name) => !['format', 'text', 'encoding'].includes(name)))
    throw new UsageError(`COPY in text format with options is not understood: "${text}" (line ${item.line})`);
  if (!isCsv) return null;
  const option = (name: string, as: keyof CsvFileOptions): object =>
    found.has(name) ? { [as]: found.get(name) } : {};
  return {
    header: found.has('header') && !/\bheader\s+'?false/i.test(inner),
    ...option('delimiter', 'delimiter'),
    ...option('quote', 'quote'),
    ...option('escape', 'escape'),
    ...option('null', 'nullText'),
  };
}
