/** SUMMARIZE: figures of each column of a table or of a query's result. */
import type { Database } from 'decentdb';
import type { ResultTable } from '../format/result-table.ts';
import { queryTable } from '../format/result-table.ts';
import { quoted } from '../import/identifier.ts';

const TEXT = 25;
const FLOAT = 701;
const BIGINT = 20;
const NUMBERS = /^(smallint|integer|bigint|numeric|real|double precision)/;
/** Types that min and max take. */
const COMPARED = /^(text|character|name|date|time|timestamp|interval|inet|cidr)/;
const UNORDERED = /^(json|xml|point|box|circle|line|lseg|path|polygon)\b(?!b)/;
const HEAD: readonly (readonly [string, number])[] = [
  ['column_name', TEXT],
  ['column_type', TEXT],
  ['min', TEXT],
  ['max', TEXT],
  ['distinct', BIGINT],
  ['avg', FLOAT],
  ['std', FLOAT],
  ['q25', TEXT],
  ['q50', TEXT],
  ['q75', TEXT],
  ['count', BIGINT],
  ['null_percentage', FLOAT],
];

/** What SUMMARIZE stands before: a query as it is, a table by its name. Null: the text is another statement. */
export function summarized(text: string): string | null {
  const [, rest] = /^\s*summarize\s+([\s\S]*?)\s*;?\s*$/i.exec(text) ?? [];
  if (rest === undefined || rest === '') return null;
  return /^(select|with|values|table)\s/i.test(rest) ? rest : `SELECT * FROM ${rest}`;
}

export function summarize(db: Database, query: string): ResultTable {
  const columns = db.prepare(query).columns();
  // Columns may share a name: each has one of its own here.
  const names = columns.map((_, at) => `c${at}`);
  const source = `(${query}\n) AS summarized_rows (${names.join(', ')})`;
  const rows = columns.map(({ name, type }, at) => {
    const isNumber = NUMBERS.test(type);
    const isOrdered = !UNORDERED.test(type) && !type.endsWith('[]');
    const c = quoted(names[at] as string);
    const figure = (isThere: boolean, sql: string): string => (isThere ? sql : 'NULL');
    const at_ = (share: number): string =>
      figure(isNumber, `percentile_cont(${share}) WITHIN GROUP (ORDER BY ${c}::float8)::text`);
    const isLargest = isNumber || COMPARED.test(type);
    const [row] = queryTable(
      db,
      `SELECT ${figure(isLargest, `min(${c})::text`)}, ${figure(isLargest, `max(${c})::text`)},
        ${figure(isOrdered, `count(DISTINCT ${c})`)}, ${figure(isNumber, `avg(${c})::float8`)}, ${figure(isNumber, `stddev(${c})::float8`)},
        ${at_(0.25)}, ${at_(0.5)}, ${at_(0.75)}, count(*),
        CASE WHEN count(*) = 0 THEN NULL ELSE round(100.0 * (count(*) - count(${c})) / count(*), 2) END
       FROM ${source}`,
    ).rows;
    return [name, type, ...(row ?? [])];
  });
  return {
    command: 'SELECT',
    returnsRows: true,
    columns: HEAD.map(([name, typeOid]) => ({ name, typeOid })),
    rows,
    rowCount: rows.length,
  };
}
