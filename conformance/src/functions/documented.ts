/**
 * The examples of docs/functions.md, to be asked of PostgreSQL.
 *
 * I1  Families PostgreSQL has not, or has in an extension, are left out.
 */

const OWN_FAMILIES: ReadonlySet<string> = new Set(['Trigram similarity']);
/** What says something of DecentDB, or of a function PostgreSQL does not have. */
const OWN_EXAMPLES = /bm25|pg_column_size|^SELECT (current_schema\(\)|erf|erfc|lgamma|gamma|uuid)/;

export interface DocumentedExample {
  readonly sql: string;
  readonly result: string;
}

const uncoded = (cell: string): string => cell.slice(1, -1).replaceAll('\\|', '|');

export function documentedExamples(page: string): DocumentedExample[] {
  const found: DocumentedExample[] = [];
  let family = '';
  for (const line of page.split('\n')) {
    if (line.startsWith('## ')) family = line.slice(3);
    const cells = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
    if (cells.length !== 6 || !cells[3]!.startsWith('`') || OWN_FAMILIES.has(family)) continue;
    const source = uncoded(cells[3]!);
    const sql = /^select /i.test(source) ? source : `SELECT ${source}`;
    if (!OWN_EXAMPLES.test(sql)) found.push({ sql, result: uncoded(cells[4]!) });
  }
  return found;
}
