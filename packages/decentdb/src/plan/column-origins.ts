/**
 * Which stored column a ColumnId stands for, as far as plain references lead.
 *
 * I1  An id that is computed has no origin; an id handed through projections, joins and sorts keeps the scan's.
 */
import type { TableDef } from '../catalog/schema.ts';
import type { ColumnId } from '../exec/expr.ts';
import { subqueriesOf } from './expr-walk.ts';
import type { LogicalNode } from './logical.ts';
import { forEachNodeExpr, inputsOf, nodeHoldsSubquery } from './node-walk.ts';

export interface Origin {
  readonly table: TableDef;
  readonly column: number;
}

export class ColumnOrigins {
  readonly #origins = new Map<ColumnId, Origin>();

  constructor(root: LogicalNode) {
    this.#collect(root);
  }

  of(id: ColumnId): Origin | undefined {
    return this.#origins.get(id);
  }

  #collect(node: LogicalNode): void {
    for (const input of inputsOf(node)) this.#collect(input);
    if (nodeHoldsSubquery(node))
      forEachNodeExpr(node, (expr) => {
        for (const subquery of subqueriesOf(expr)) this.#collect(subquery.plan as LogicalNode);
      });
    if (node.kind === 'scan') {
      node.columns.forEach((column, i) => {
        this.#origins.set(column.id, { table: node.table, column: node.stored[i] as number });
      });
    } else if (node.kind === 'project') {
      node.columns.forEach((column, i) => {
        const expr = node.exprs[i];
        if (expr?.kind === 'column') this.#alias(column.id, expr.id);
      });
    } else if (node.kind === 'aggregate') {
      for (const group of node.groups)
        if (group.expr.kind === 'column') this.#alias(group.output, group.expr.id);
    }
  }

  #alias(id: ColumnId, source: ColumnId): void {
    const origin = this.#origins.get(source);
    if (origin !== undefined) this.#origins.set(id, origin);
  }
}
