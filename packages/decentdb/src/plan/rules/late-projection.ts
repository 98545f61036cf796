/**
 * Subqueries of a select list under LIMIT are computed for the rows that are left, not for all that were sorted.
 *
 *     SELECT id, (SELECT count(*) FROM o WHERE o.c = c.id) FROM c ORDER BY name LIMIT 10
 *
 * I1  Only projections that hold subqueries, nothing volatile, and nothing the order depends on.
 */
import type { Expr, SortKey } from '../../exec/expr.ts';
import { mapSortKeys } from '../expr-walk.ts';
import type { LimitNode, LogicalNode, ProjectNode } from '../logical.ts';
import { holdsSubquery, withInputs } from '../node-walk.ts';
import { isVolatile, type Substitution, substitute } from '../predicates.ts';

/** The limit below the projection that computes subqueries; the same node where there is none. */
export function computedLate(node: LimitNode): LogicalNode {
  const { input } = node;
  if (input.kind === 'project') {
    const below = limited(node, input.input, termsOf(input));
    if (isPostponed(input)) return withInputs(input, [below]);
    if (!input.exprs.every((expr) => expr.kind === 'column')) return node;
    const late = computedLate(below);
    return late === below ? node : withInputs(input, [late]);
  }
  if (input.kind !== 'sort' || input.input.kind !== 'project' || !isPostponed(input.input)) return node;
  const project = input.input;
  const terms = termsOf(project);
  const keys = over(input.keys, terms);
  if (keys.some(({ expr }) => holdsSubquery(expr))) return node;
  const { columns } = project.input;
  return withInputs(project, [limited(node, { ...input, input: project.input, keys, columns }, terms)]);
}

function isPostponed({ exprs }: ProjectNode): boolean {
  return exprs.some(holdsSubquery) && !exprs.some(isVolatile);
}

/** The projection's columns in terms of its input. */
function termsOf({ columns, exprs }: ProjectNode): Substitution {
  return new Map(columns.map((column, i) => [column.id, exprs[i] as Expr] as const));
}

function over(keys: readonly SortKey[], terms: Substitution): readonly SortKey[] {
  return mapSortKeys(keys, (expr) => substitute(expr, terms));
}

function limited(node: LimitNode, input: LogicalNode, terms: Substitution): LimitNode {
  return { ...node, ties: node.ties === null ? null : over(node.ties, terms), input, columns: input.columns };
}
