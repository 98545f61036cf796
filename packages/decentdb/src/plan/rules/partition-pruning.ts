/**
 * Partitions whose bounds contradict the filter are not read.
 *
 *     Append (filter k = 7 over p1 of 0..5, filter k = 7 over p2 of 5..10)    becomes    filter k = 7 over p2
 *
 * I1  A partition is left out only if, for some column, no value satisfies both the filter and what the bounds ask.
 * I2  Constants alone decide: what a parameter excludes is read, and filtered.
 */
import type { Expr } from '../../exec/expr.ts';
import { areNone, both, valuesWhereTrue } from '../column-values.ts';
import { columnRef } from '../expr-walk.ts';
import type { LogicalNode, ScanNode, SetOpNode } from '../logical.ts';
import { mapTree } from '../node-walk.ts';
import type { Rule, RuleContext } from './rule.ts';

export const partitionPruning: Rule = {
  name: 'partition_pruning',
  description: 'leave out partitions whose bounds contradict the filter',
  needs: ['setOp'],
  apply: (root, context) =>
    mapTree(root, (node) =>
      node.kind === 'setOp' && node.op === 'union' && node.all ? pruned(node, context) : node,
    ),
};

function pruned(node: SetOpNode, context: RuleContext): LogicalNode {
  const kept = node.inputs.filter((input) => !isContradicted(input, context));
  if (kept.length === node.inputs.length) return node;
  const [only] = kept;
  if (only === undefined) return { kind: 'values', rows: [], columns: node.columns };
  if (kept.length > 1) return { ...node, inputs: kept };
  return {
    kind: 'project',
    input: only,
    exprs: only.columns.map((column) => columnRef(column.id, column)),
    columns: node.columns,
  };
}

function isContradicted(input: LogicalNode, context: RuleContext): boolean {
  const filters: Expr[] = [];
  let at = input;
  while (at.kind === 'filter') {
    filters.push(at.predicate);
    at = at.input;
  }
  return at.kind === 'scan' && at.table.bound !== undefined && filters.length > 0
    ? contradicts(at, filters, context)
    : false;
}

function contradicts(scan: ScanNode, filters: readonly Expr[], context: RuleContext): boolean {
  const { row, partition } = context.env.tableExpressions(scan.table);
  if (partition === null) return false;
  for (const [i, { id, type }] of scan.columns.entries()) {
    const own = row[scan.stored[i] ?? -1];
    if (own === undefined) continue;
    let values = valuesWhereTrue(partition, { id: own, type });
    for (const filter of filters) values = both(values, valuesWhereTrue(filter, { id, type }), type);
    if (areNone(values)) return true;
  }
  return false;
}
