/** Builder of table-function entries: fills in what most have in common. */
import type { TableFunction } from '../function.ts';

export type TableFunctionOptions = Partial<
  Pick<
    TableFunction,
    | 'strict'
    | 'volatility'
    | 'variadic'
    | 'defaults'
    | 'argNames'
    | 'needsColumnList'
    | 'rowOfFirst'
    | 'onlyInFrom'
  >
>;

/** A strict, immutable set-returning function unless `options` say otherwise. */
export function tableFn(
  name: string,
  args: readonly number[],
  columns: TableFunction['columns'],
  rows: TableFunction['rows'],
  description: string,
  example: readonly [sql: string, result: string] | null,
  options: TableFunctionOptions = {},
): TableFunction {
  return {
    kind: 'table',
    name,
    args,
    columns,
    strict: true,
    volatility: 'immutable',
    rows,
    description,
    ...(example === null ? {} : { example }),
    ...options,
  };
}
