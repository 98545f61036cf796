/** What a session holds by name: pg_prepared_statements and pg_cursors. */
import type { VirtualTable } from '../../plan/logical.ts';
import { SqlArray } from '../../types/array.ts';
import type { Datum } from '../../types/vector.ts';
import { sessionView, type VirtualContext } from './define.ts';

type Row = readonly Datum[];

function* preparedRows({ named }: VirtualContext): Iterable<Row> {
  for (const [name, prepared] of named) {
    const { compiled, declaredText, preparedAt } = prepared;
    const types = compiled?.paramTypes ?? [];
    const results = compiled?.returnsRows === true ? compiled.columns.map(({ type }) => type.oid) : null;
    yield [
      name,
      declaredText ?? prepared.text,
      preparedAt ?? null,
      SqlArray.of(types.map(({ oid }) => oid)),
      results === null ? null : SqlArray.of(results),
      true,
      0,
      0,
    ];
  }
}

function* cursorRows({ portals }: VirtualContext): Iterable<Row> {
  for (const [name, portal] of portals)
    yield [name, portal.text, portal.isHeld, false, portal.isScrollable, portal.createdAt];
}

export const sessionViews: readonly VirtualTable[] = [
  sessionView(
    'pg_catalog',
    'pg_prepared_statements',
    'name text, statement text, prepare_time timestamptz, parameter_types _regtype, result_types _regtype, from_sql bool, generic_plans int8, custom_plans int8',
    preparedRows,
  ),
  sessionView(
    'pg_catalog',
    'pg_cursors',
    'name text, statement text, is_holdable bool, is_binary bool, is_scrollable bool, creation_time timestamptz',
    cursorRows,
  ),
];
