/**
 * \crosstabview: three columns of a result as a grid.
 *
 * I1  A cell is named once: two rows for the same pair are an error, as in psql.
 */
import { UsageError } from '../exit-code.ts';
import type { ResultTable } from './result-table.ts';

const COLUMNS_MAX = 1600;

/** `names`: vertical header, horizontal header, values, order of the horizontal header; by name or number. */
export function crosstab(table: ResultTable, names: readonly string[]): ResultTable {
  const { columns, rows } = table;
  if (columns.length < 3) throw new UsageError('\\crosstabview: query must return at least three columns');
  if (columns.length > 3 && names.length < 3)
    throw new UsageError(
      '\\crosstabview: data column must be specified when query returns more than three columns',
    );
  const v = indexOf(table, names[0], 0);
  const h = indexOf(table, names[1], 1);
  const rest = columns.findIndex((_, at) => at !== v && at !== h);
  const d = indexOf(table, names[2], rest);
  const sort = names[3] === undefined ? -1 : indexOf(table, names[3], -1);
  const heads = new Map<string | null, string | null>();
  const lines = new Map<string | null, Map<string | null, string | null>>();
  for (const row of rows) {
    const [down, across, value] = [row[v] ?? null, row[h] ?? null, row[d] ?? null];
    if (!heads.has(across)) heads.set(across, sort < 0 ? null : (row[sort] ?? null));
    const cells = lines.get(down) ?? new Map<string | null, string | null>();
    lines.set(down, cells);
    if (cells.has(across))
      throw new UsageError(
        `\\crosstabview: query result contains multiple data values for row "${down ?? '(null)'}", column "${across ?? '(null)'}"`,
      );
    cells.set(across, value);
  }
  if (heads.size > COLUMNS_MAX)
    throw new UsageError(`\\crosstabview: maximum number of columns (${COLUMNS_MAX}) exceeded`);
  const order = [...heads.keys()];
  if (sort >= 0) order.sort((a, b) => Number(heads.get(a) ?? 0) - Number(heads.get(b) ?? 0));
  return {
    command: 'SELECT',
    returnsRows: true,
    columns: [
      { name: columns[v]?.name ?? '', typeOid: columns[v]?.typeOid ?? 25 },
      ...order.map((name) => ({ name: name ?? '', typeOid: columns[d]?.typeOid ?? 25 })),
    ],
    rows: [...lines].map(([down, cells]) => [down, ...order.map((name) => cells.get(name) ?? '')]),
    rowCount: lines.size,
  };
}

function indexOf(table: ResultTable, name: string | undefined, otherwise: number): number {
  if (name === undefined) return otherwise;
  const number = Number(name);
  const at = Number.isInteger(number)
    ? number - 1
    : table.columns.findIndex((column) => column.name.toLowerCase() === name.toLowerCase());
  if (at < 0 || at >= table.columns.length)
    throw new UsageError(`\\crosstabview: column name not found: "${name}"`);
  return at;
}
