/**
 * `(a, b) = (SELECT ...)` where no row source can be joined (ON CONFLICT, MERGE): one scalar subquery a column.
 *
 * I1  The subquery must have as many columns as are assigned; each of the scalar ones takes one of them.
 */
import type * as ast from '../ast/nodes.ts';
import { bindError } from './errors.ts';
import type { Level } from './level.ts';
import { makeSelect } from './made-queries.ts';
import { bindSubquery } from './select.ts';

export function singleAssignments(level: Level, list: readonly ast.ResTarget[]): readonly ast.ResTarget[] {
  const isMultiple = (target: ast.ResTarget): boolean =>
    target.val?.kind === 'MultiAssignRef' && target.val.source.kind === 'SubLink';
  if (!list.some(isMultiple)) return list;
  const checked = new Set<object>();
  return list.map((target) => {
    const node = target.val;
    if (node?.kind !== 'MultiAssignRef' || node.source.kind !== 'SubLink') return target;
    const { source, ncolumns, colno } = node;
    if (!checked.has(source)) {
      checked.add(source);
      const { columns } = bindSubquery(level, source.subselect);
      if (columns.length !== ncolumns)
        throw bindError('42601', 'number of columns does not match number of values', source.location);
    }
    return { ...target, val: { ...source, subselect: columnOf(source.subselect, ncolumns, colno) } };
  });
}

/** SELECT one column FROM (the subquery). */
function columnOf(subquery: ast.SelectStmt, count: number, wanted: number): ast.SelectStmt {
  const names = Array.from({ length: count }, (_, i) => `column${i + 1}`);
  const { location } = subquery;
  const column: ast.ColumnRef = {
    kind: 'ColumnRef',
    fields: ['multiple', names[wanted - 1] as string],
    star: false,
    location,
  };
  const from: ast.RangeSubselect = {
    kind: 'RangeSubselect',
    lateral: false,
    subquery,
    alias: { kind: 'Alias', aliasname: 'multiple', colnames: names, location },
    location,
  };
  return makeSelect([{ name: null, value: column }], from, location);
}
