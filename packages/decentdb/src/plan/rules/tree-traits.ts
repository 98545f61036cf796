/**
 * What a tree holds, found in one walk: rules that have nothing to do in it are passed over.
 *
 * I1  Traits may name more than there is, never less: a rule that is passed over would have returned the same tree.
 */
import { subqueriesOf } from '../expr-walk.ts';
import type { LogicalNode } from '../logical.ts';
import { forEachNodeExpr, inputsOf, nodeHoldsSubquery } from '../node-walk.ts';

/**
 * Kinds of nodes; semi joins; subqueries in expressions; projections that are not the output of a statement or subquery; a table that is
 * read in two places.
 */
export type TreeTrait = LogicalNode['kind'] | 'semiJoin' | 'subquery' | 'innerProject' | 'repeatedTable';

export function treeTraits(root: LogicalNode): ReadonlySet<TreeTrait> {
  const traits = new Set<TreeTrait>();
  collect(root, true, traits, new Set());
  return traits;
}

function collect(node: LogicalNode, isOutput: boolean, traits: Set<TreeTrait>, tables: Set<number>): void {
  traits.add(node.kind);
  if (node.kind === 'join' && node.join === 'semi') traits.add('semiJoin');
  if (node.kind === 'project' && !isOutput) traits.add('innerProject');
  if (node.kind === 'scan') {
    if (tables.has(node.table.id)) traits.add('repeatedTable');
    tables.add(node.table.id);
  }
  for (const input of inputsOf(node)) collect(input, false, traits, tables);
  if (!nodeHoldsSubquery(node)) return;
  traits.add('subquery');
  forEachNodeExpr(node, (expr) => {
    for (const subquery of subqueriesOf(expr)) collect(subquery.plan as LogicalNode, true, traits, tables);
  });
}
