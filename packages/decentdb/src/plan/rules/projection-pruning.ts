/**
 * Nodes output only columns that something above uses.
 *
 * I1  "Uses" counts everything: select list, predicates, join conditions, sort keys, group keys, DISTINCT, correlated
 *     references of subqueries, RETURNING, row ids of data-changing statements.
 * I2  Where positions count, all columns stay.
 * I3  Join elimination rides along: an outer join to at most one row, none of whose columns is used, goes away.
 */
import type { ColumnId, Expr } from '../../exec/expr.ts';
import type { JoinNode, LogicalNode } from '../logical.ts';
import {
  addUsedColumns,
  forEachNodeExpr,
  freeColumns,
  inputsOf,
  mapNodeExprs,
  mapSubqueryPlans,
  outputIds,
  withInputs,
} from '../node-walk.ts';
import { isVolatile } from '../predicates.ts';
import type { Rule } from './rule.ts';
import { isUniqueOn } from './uniqueness.ts';

export const projectionPruning: Rule = {
  name: 'projection_pruning',
  description: 'read and carry only the columns that are used',
  apply: (root, context) =>
    new Pruning(context.env.isRuleOn('join_elimination')).prune(root, outputIds(root)),
};

type Needed = ReadonlySet<ColumnId>;

class Pruning {
  readonly #eliminatesJoins: boolean;

  constructor(eliminatesJoins: boolean) {
    this.#eliminatesJoins = eliminatesJoins;
  }

  prune(node: LogicalNode, needed: Needed): LogicalNode {
    const narrow = this.#narrow(node, needed);
    const pruned = this.#pruneInputs(narrow, needed);
    return mapNodeExprs(pruned, (expr) =>
      mapSubqueryPlans(expr, (plan) => this.prune(plan, outputIds(plan))),
    );
  }

  /** Leaves out what the node itself makes and nobody needs. */
  #narrow(node: LogicalNode, needed: Needed): LogicalNode {
    switch (node.kind) {
      case 'scan': {
        const keep = node.columns.map((c) => needed.has(c.id));
        return {
          ...node,
          columns: node.columns.filter((_, i) => keep[i]),
          stored: node.stored.filter((_, i) => keep[i]),
        };
      }
      case 'virtualScan': {
        const keep = node.columns.map((c) => needed.has(c.id));
        return {
          ...node,
          columns: node.columns.filter((_, i) => keep[i]),
          stored: node.stored.filter((_, i) => keep[i]),
        };
      }
      case 'values': {
        const keep = node.columns.map(
          (c, i) => needed.has(c.id) || node.rows.some((row) => isVolatile(row[i] as Expr)),
        );
        if (keep.every(Boolean)) return node;
        return {
          ...node,
          columns: node.columns.filter((_, i) => keep[i]),
          rows: node.rows.map((row) => row.filter((_, i) => keep[i])),
        };
      }
      case 'project': {
        const keep = node.columns.map((c, i) => needed.has(c.id) || isVolatile(node.exprs[i] as Expr));
        if (keep.every(Boolean)) return node;
        return {
          ...node,
          columns: node.columns.filter((_, i) => keep[i]),
          exprs: node.exprs.filter((_, i) => keep[i]),
        };
      }
      case 'aggregate': {
        const aggregates = node.aggregates.filter((a) => needed.has(a.output));
        const groupings = node.groupings.filter((g) => needed.has(g.output));
        if (aggregates.length === node.aggregates.length && groupings.length === node.groupings.length)
          return node;
        const outputs = new Set<ColumnId>([
          ...node.groups.map((g) => g.output),
          ...aggregates.map((a) => a.output),
          ...groupings.map((g) => g.output),
        ]);
        return { ...node, aggregates, groupings, columns: node.columns.filter((c) => outputs.has(c.id)) };
      }
      case 'window': {
        const calls = node.calls.filter((call) => needed.has(call.output));
        if (calls.length === node.calls.length) return node;
        const kept = new Set(calls.map((call) => call.output));
        const inputs = node.columns.slice(0, node.columns.length - node.calls.length);
        const outputs = node.columns.slice(inputs.length).filter((c) => kept.has(c.id));
        return { ...node, calls, columns: [...inputs, ...outputs] };
      }
      default:
        return node;
    }
  }

  #pruneInputs(node: LogicalNode, needed: Needed): LogicalNode {
    switch (node.kind) {
      case 'join':
        return this.#join(node, needed);
      case 'window':
        if (node.calls.length === 0) return this.prune(node.input, needed);
        return withInputs(node, [this.prune(node.input, this.#with(node, needed))]);
      case 'filter':
      case 'sort':
      case 'limit':
      case 'lock':
        return withInputs(node, [this.prune(node.input, this.#with(node, needed))]);
      case 'project':
      case 'projectSet':
      case 'aggregate':
        return withInputs(node, [this.prune(node.input, this.#with(node, new Set()))]);
      case 'distinct': {
        const wanted = node.on === null ? outputIds(node.input) : this.#with(node, needed);
        return withInputs(node, [this.prune(node.input, wanted)]);
      }
      case 'setOp':
        return this.#setOp(node, needed);
      case 'with': {
        const inputs = inputsOf(node);
        return withInputs(
          node,
          inputs.map((input, i) => this.prune(input, i === inputs.length - 1 ? needed : outputIds(input))),
        );
      }
      case 'update':
      case 'delete':
      case 'merge': {
        const wanted = this.#with(node, new Set<ColumnId>([node.rowId]));
        if (node.tableId !== undefined) wanted.add(node.tableId);
        if (node.kind === 'merge' && node.sourcePresent !== null) wanted.add(node.sourcePresent);
        return withInputs(node, [this.prune(node.input, wanted)]);
      }
      default:
        return withInputs(
          node,
          inputsOf(node).map((input) => this.prune(input, outputIds(input))),
        );
    }
  }

  /** `needed` and what the node's own expressions use. */
  #with(node: LogicalNode, needed: Needed): Set<ColumnId> {
    const all = new Set(needed);
    forEachNodeExpr(node, (expr) => addUsedColumns(expr, all));
    return all;
  }

  #join(node: JoinNode, needed: Needed): LogicalNode {
    if (this.#eliminatesJoins && this.#isIdle(node, needed)) return this.prune(node.left, needed);
    const all = this.#with(node, needed);
    for (const id of freeColumns(node.right)) all.add(id);
    return withInputs(node, [this.prune(node.left, all), this.prune(node.right, all)]);
  }

  /** A left join that adds no column anyone uses and cannot multiply rows. */
  #isIdle(node: JoinNode, needed: Needed): boolean {
    if (node.join !== 'left' || node.lateral) return false;
    if (node.right.columns.some((c) => needed.has(c.id))) return false;
    return isUniqueOn(node.right, node.condition, outputIds(node.left));
  }

  #setOp(node: Extract<LogicalNode, { kind: 'setOp' }>, needed: Needed): LogicalNode {
    if (node.op !== 'union' || !node.all) {
      return withInputs(
        node,
        node.inputs.map((input) => this.prune(input, outputIds(input))),
      );
    }
    const keep = node.columns.map((c) => needed.has(c.id));
    const inputs = node.inputs.map((input) => {
      const columns = input.columns.filter((_, i) => keep[i]);
      const pruned = this.prune(input, new Set(columns.map((c) => c.id)));
      return exactly(pruned, columns);
    });
    return { ...node, inputs, columns: node.columns.filter((_, i) => keep[i]) };
  }
}

/** The node with exactly these columns in this order: positions count above. */
function exactly(node: LogicalNode, columns: LogicalNode['columns']): LogicalNode {
  if (node.columns.length === columns.length && node.columns.every((c, i) => c.id === columns[i]?.id))
    return node;
  const exprs = columns.map(
    (c): Expr => ({ kind: 'column', id: c.id, type: c.type, typmod: c.typmod, location: -1 }),
  );
  return { kind: 'project', input: node, exprs, columns };
}
