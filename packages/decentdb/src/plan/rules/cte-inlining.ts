/**
 * WITH definitions read once are put where they are read, so that predicates and pruning reach into them.
 *
 * I1  Not for AS MATERIALIZED, recursion, data-changing or volatile definitions; AS NOT MATERIALIZED with several readers
 *     stays materialised, since column ids of a plan are unique.
 */
import { columnRef } from '../expr-walk.ts';
import type { CteDefinition, CteScanNode, LogicalNode, WithNode } from '../logical.ts';
import { mapTree } from '../node-walk.ts';
import { isVolatilePlan } from '../predicates.ts';
import type { Rule } from './rule.ts';

export const cteInlining: Rule = {
  name: 'cte_inlining',
  description: 'plan a WITH query that is read once together with its reader',
  needs: ['with'],
  apply: (root) => mapTree(root, (node) => (node.kind === 'with' ? inline(node) : node)),
};

function inline(node: WithNode): LogicalNode {
  const readers = new Map<number, number>();
  const count = (part: LogicalNode): void => {
    mapTree(part, (n) => {
      if (n.kind === 'cteScan') readers.set(n.cteId, (readers.get(n.cteId) ?? 0) + 1);
      return n;
    });
  };
  for (const d of node.definitions) {
    count(d.plan);
    if (d.recursive !== null) count(d.recursive.term);
  }
  count(node.body);
  let { body } = node;
  let definitions = [...node.definitions];
  // Innermost readers last: a definition may itself read earlier ones.
  for (const d of [...definitions].reverse()) {
    const uses = readers.get(d.cteId) ?? 0;
    if (!mayInline(d) || uses > 1) continue;
    const plan = definitions.find((x) => x.cteId === d.cteId)?.plan ?? d.plan;
    definitions = definitions.filter((x) => x.cteId !== d.cteId);
    if (uses === 0) continue;
    const put = (part: LogicalNode): LogicalNode =>
      mapTree(part, (n) => (n.kind === 'cteScan' && n.cteId === d.cteId ? renamed(n, plan) : n));
    definitions = definitions.map((x) => ({
      ...x,
      plan: put(x.plan),
      recursive: x.recursive === null ? null : { ...x.recursive, term: put(x.recursive.term) },
    }));
    body = put(body);
  }
  if (definitions.length === node.definitions.length) return node;
  return definitions.length === 0 ? body : { ...node, definitions, body, columns: body.columns };
}

function mayInline(d: CteDefinition): boolean {
  return d.recursive === null && d.materialized !== true && !isVolatilePlan(d.plan);
}

function renamed(scan: CteScanNode, plan: LogicalNode): LogicalNode {
  const exprs = scan.columns.map((_, i) => {
    const source = plan.columns[i] as (typeof plan.columns)[number];
    return columnRef(source.id, source);
  });
  return { kind: 'project', input: plan, exprs, columns: scan.columns };
}
