/**
 * OR between several relations as a union: one branch for what is said of each of them.
 *
 *     WHERE a.x = 1 OR b.y = 2 OR a.z = 3
 *     ->    WHERE (a.x = 1 OR a.z = 3)
 *           UNION ALL  WHERE b.y = 2 AND (a.x = 1 OR a.z = 3) IS NOT TRUE
 *
 * An OR over columns of several tables can only be tested on joined rows. In a branch of its own each table's part finds its rows
 * through an index, and the joins go on from these few.
 *
 * I1  A row is in the branch of the first part that is true for it, and in no other: nothing is there twice, nothing is removed that
 *     was there twice.
 * I2  Each branch is a copy of the tree below with columns of its own; the union has the columns of the original.
 * I3  The rule runs only in the second of two plans of a statement (plan-statement.ts); the cheaper plan is taken.
 */
import type { ColumnId, Expr } from '../../exec/expr.ts';
import type { FilterNode, LogicalNode } from '../logical.ts';
import {
  inputsOf,
  mapNodeExprs,
  mapSubqueryPlans,
  outputIds,
  usedColumns,
  withInputs,
} from '../node-walk.ts';
import { conjunction, conjunctsOf, hasSubquery, isVolatile, isVolatilePlan } from '../predicates.ts';
import type { Rule, RuleContext } from './rule.ts';
import { TreeCopier } from './tree-copier.ts';

/** Each branch is planned and run by itself: more would cost more than they save. */
const BRANCHES_MAX = 6;

export const orExpansion: Rule = {
  name: 'or_expansion',
  description:
    'plan an OR between several tables as a union of what each of them finds, where that is cheaper',
  needs: ['join'],
  apply: (root, context) => (isWrite(root) ? root : expand(root, context)),
};

/** What an UPDATE or DELETE changes first may depend on the order of its rows: it keeps the order it has. */
function isWrite(root: LogicalNode): boolean {
  return root.kind === 'insert' || root.kind === 'update' || root.kind === 'delete' || root.kind === 'merge';
}

function expand(node: LogicalNode, context: RuleContext): LogicalNode {
  const below = withInputs(
    node,
    inputsOf(node).map((input) => expand(input, context)),
  );
  const rebuilt = mapNodeExprs(below, (expr) => mapSubqueryPlans(expr, (plan) => expand(plan, context)));
  if (rebuilt.kind !== 'filter') return rebuilt;
  return expandFilter(rebuilt, context) ?? rebuilt;
}

function expandFilter(node: FilterNode, context: RuleContext): LogicalNode | null {
  if (!isCopied(node.input) || !holdsJoin(node.input)) return null;
  const conjuncts = conjunctsOf(node.predicate);
  if (conjuncts.some((c) => isVolatile(c) || hasSubquery(c))) return null;
  const relations = relationsOf(node.input);
  for (const conjunct of conjuncts) {
    const parts = partsByRelation(conjunct, relations);
    if (parts === null) continue;
    context.hasOrBranches = true;
    if (!context.takesOrBranches) return null;
    return unionOf(
      node,
      conjuncts.filter((c) => c !== conjunct),
      parts,
      context,
    );
  }
  return null;
}

/** Nodes that {@link TreeCopier} copies. */
function isCopied(node: LogicalNode): boolean {
  switch (node.kind) {
    case 'scan':
      return node.sample === null;
    case 'join':
      if (node.mark !== null || node.lateral) return false;
      if (node.condition !== null && hasSubquery(node.condition)) return false;
      return isCopied(node.left) && isCopied(node.right);
    case 'filter':
      return !hasSubquery(node.predicate) && isCopied(node.input);
    case 'project':
      return !node.exprs.some(hasSubquery) && !isVolatilePlan(node) && isCopied(node.input);
    default:
      return false;
  }
}

function holdsJoin(node: LogicalNode): boolean {
  return node.kind === 'join' || inputsOf(node).some(holdsJoin);
}

/** The columns of each scan below. */
function relationsOf(node: LogicalNode): ReadonlySet<ColumnId>[] {
  if (node.kind === 'scan') return [outputIds(node)];
  return inputsOf(node).flatMap(relationsOf);
}

/** The arms of an OR, those about the same relations together; null when that gives nothing to choose from. */
function partsByRelation(expr: Expr, relations: readonly ReadonlySet<ColumnId>[]): readonly Expr[] | null {
  if (expr.kind !== 'or') return null;
  const byRelations = new Map<string, Expr[]>();
  for (const arm of expr.args) {
    const used = [...usedColumns(arm)];
    const key = relations.map((ids) => used.some((id) => ids.has(id)));
    // Constants and what is said of computed columns or outer queries have no table to start from.
    if (!key.includes(true)) return null;
    const name = key.join();
    const same = byRelations.get(name);
    if (same === undefined) byRelations.set(name, [arm]);
    else same.push(arm);
  }
  if (byRelations.size < 2 || byRelations.size > BRANCHES_MAX) return null;
  return [...byRelations.values()].map((args) => (args.length === 1 ? (args[0] as Expr) : { ...expr, args }));
}

function unionOf(
  node: FilterNode,
  others: readonly Expr[],
  parts: readonly Expr[],
  context: RuleContext,
): LogicalNode {
  const inputs = parts.map((part, i) => {
    const earlier = parts.slice(0, i).map(
      (arg): Expr => ({
        kind: 'booleanTest',
        arg,
        test: 'true',
        negated: true,
        type: node.predicate.type,
        typmod: -1,
        location: -1,
      }),
    );
    const predicate = conjunction([...others, part, ...earlier]) as Expr;
    return new TreeCopier(context).copy({ ...node, predicate });
  });
  return { kind: 'setOp', op: 'union', all: true, inputs, columns: node.columns };
}
