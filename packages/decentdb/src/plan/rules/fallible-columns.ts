/**
 * Columns of a tree whose values may be errors: a query that does not look at them has an answer all the same.
 *
 * I1  Errs on the side of "may fail" (never-fails.ts). What is computed of such a column may fail as well, since it is not computed
 *     where nobody looks at either.
 */
import type { ColumnId, Expr } from '../../exec/expr.ts';
import type { LogicalNode } from '../logical.ts';
import { inputsOf, usedColumns } from '../node-walk.ts';
import { aggregateNeverFails, neverFails } from './never-fails.ts';

export function fallibleColumns(node: LogicalNode): ReadonlySet<ColumnId> {
  const found = new Set<ColumnId>();
  collect(node, found);
  return found;
}

function collect(node: LogicalNode, into: Set<ColumnId>): void {
  for (const input of inputsOf(node)) collect(input, into);
  const mayFail = (expr: Expr): boolean =>
    !neverFails(expr) || [...usedColumns(expr)].some((id) => into.has(id));
  const note = (at: number, isFallible: boolean): void => {
    if (isFallible) into.add((node.columns[at] as LogicalNode['columns'][number]).id);
  };
  switch (node.kind) {
    case 'project':
      node.exprs.forEach((expr, at) => {
        note(at, mayFail(expr));
      });
      return;
    case 'values':
      node.columns.forEach((_, at) => {
        note(
          at,
          node.rows.some((row) => mayFail(row[at] as Expr)),
        );
      });
      return;
    case 'setOp':
      node.columns.forEach((_, at) => {
        note(
          at,
          node.inputs.some(({ columns }) => into.has((columns[at] as LogicalNode['columns'][number]).id)),
        );
      });
      return;
    case 'aggregate':
      for (const { expr, output } of node.groups) if (mayFail(expr)) into.add(output);
      for (const call of node.aggregates) {
        const filter = call.filter === null ? [] : [call.filter];
        const exprs = [...call.args, ...filter, ...call.directArgs, ...call.orderBy.map((key) => key.expr)];
        if (!aggregateNeverFails(call) || exprs.some(mayFail)) into.add(call.output);
      }
      return;
    case 'window':
      for (const { output } of node.calls) into.add(output);
      return;
    default:
  }
}
