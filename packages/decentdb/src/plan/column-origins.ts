/**
 * Which stored column a ColumnId stands for, as far as plain references lead.
 *
 * I1  An id that is computed has no origin; an id handed through projections, joins and sorts keeps the scan's.
 * I2  What is read from a WITH definition has the origins of the definition's columns, unless asked for columns of tables alone: the
 *     values are those of the table, but no index leads to them.
 */
import type { TableDef } from '../catalog/schema.ts';
import type { ColumnId } from '../exec/expr.ts';
import { subqueriesOf } from './expr-walk.ts';
import type { LogicalNode, WithNode } from './logical.ts';
import { forEachNodeExpr, inputsOf, nodeHoldsSubquery } from './node-walk.ts';

export interface Origin {
  readonly table: TableDef;
  readonly column: number;
}

export class ColumnOrigins {
  readonly #origins = new Map<ColumnId, Origin>();

  readonly #definitions = new Map<number, LogicalNode['columns']>();
  readonly #isThroughWith: boolean;

  constructor(root: LogicalNode, isThroughWith = true) {
    this.#isThroughWith = isThroughWith;
    this.#collect(root);
  }

  of(id: ColumnId): Origin | undefined {
    return this.#origins.get(id);
  }

  #collect(node: LogicalNode): void {
    if (node.kind === 'with') this.#define(node);
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
    } else if (node.kind === 'cteScan' && !node.isWorkTable) {
      const columns = this.#definitions.get(node.cteId) ?? [];
      node.columns.forEach((column, i) => {
        const source = columns[i];
        if (source !== undefined) this.#alias(column.id, source.id);
      });
    }
  }

  #define(node: WithNode): void {
    if (!this.#isThroughWith) return;
    for (const { cteId, plan, recursive } of node.definitions)
      if (recursive === null) this.#definitions.set(cteId, plan.columns);
  }

  #alias(id: ColumnId, source: ColumnId): void {
    const origin = this.#origins.get(source);
    if (origin !== undefined) this.#origins.set(id, origin);
  }
}
