/**
 * Defaults of the columns of views (ALTER VIEW ... ALTER COLUMN ... SET DEFAULT).
 *
 * I1  A default stands with the view's column; one that is absent leaves the column to what the table behind the view gives.
 */
import type { ColumnDef, ViewDef } from '../../catalog/schema.ts';
import type { DdlContext } from './context.ts';
import { nextVersion } from './work.ts';

type Default = Pick<ColumnDef, 'defaultSql' | 'sequenceId'>;
type ViewColumn = ViewDef['columns'][number];

const NO_DEFAULT: Default = { defaultSql: null, sequenceId: null };

/** Gives a column of a view, if the view is still there, another default, or none. */
export function changeViewDefault(ctx: DdlContext, id: number, at: number, next: Default = NO_DEFAULT): void {
  const view = ctx.catalog.views.get(id);
  if (view === undefined) return;
  const columns = view.columns.map((column, i) => (i === at ? withDefault(column, next) : column));
  ctx.catalog = ctx.catalog.withView({ ...view, columns, version: nextVersion(ctx) });
}

function withDefault(column: ViewColumn, { defaultSql, sequenceId }: Default): ViewColumn {
  const { defaultSql: _text, sequenceId: _sequence, ...rest } = column;
  return {
    ...rest,
    ...(defaultSql === null ? {} : { defaultSql }),
    ...(sequenceId === null ? {} : { sequenceId }),
  };
}

/** The view's columns with other texts of their defaults; the same list where none has another. */
export function withDefaultTexts(
  columns: ViewDef['columns'],
  inText: (sql: string, column: ViewColumn) => string,
): ViewDef['columns'] {
  let isSame = true;
  const next = columns.map((column) => {
    if (column.defaultSql === undefined) return column;
    const defaultSql = inText(column.defaultSql, column);
    if (defaultSql === column.defaultSql) return column;
    isSame = false;
    return { ...column, defaultSql };
  });
  return isSame ? columns : next;
}
