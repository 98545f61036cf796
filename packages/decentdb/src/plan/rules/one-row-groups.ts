/**
 * Whether values of some columns leave at most one row of a join.
 *
 * I1  Errs on the side of "no".
 * I2  Equalities of inner joins and filters tie columns both ways; what an outer join's condition says fixes its right side only.
 */
import type { ColumnId, Expr } from '../../exec/expr.ts';
import { equalityOf } from '../emit/join-keys.ts';
import { columnRef } from '../expr-walk.ts';
import type { LogicalNode } from '../logical.ts';
import { outputIds } from '../node-walk.ts';
import { conjunctsOf } from '../predicates.ts';
import { stripRelabel } from '../ranges.ts';
import { isKnownNotNull } from './nullability.ts';
import { hasUniqueKey } from './uniqueness.ts';

type Pair = readonly [ColumnId, ColumnId];

interface Parts {
  readonly leaves: LogicalNode[];
  readonly equalities: Pair[];
  readonly dependents: { readonly node: LogicalNode; readonly equalities: readonly Pair[] }[];
}

/** At most one row of `node` has any one combination of values (NULL is a value) in the columns `fixed`. */
export function isOneRowFor(node: LogicalNode, fixed: ReadonlySet<ColumnId>): boolean {
  const parts: Parts = { leaves: [], equalities: [], dependents: [] };
  collect(node, parts);
  const known = new Set(fixed);
  // A column that is equal to something is not NULL in rows that are there.
  const notNull = new Set(parts.equalities.flat());
  let left = parts.leaves;
  for (let before = -1; before !== known.size; ) {
    before = known.size;
    for (const pair of parts.equalities) spread(pair, known);
    left = left.filter((leaf) => {
      if (!isLeafFixed(leaf, known, notNull)) return true;
      for (const id of outputIds(leaf)) known.add(id);
      return false;
    });
  }
  if (left.length > 0) return false;
  return parts.dependents.every((dependent) => isDependentFixed(dependent, known));
}

function isDependentFixed(dependent: Parts['dependents'][number], known: ReadonlySet<ColumnId>): boolean {
  const own = outputIds(dependent.node);
  const inside = new Set<ColumnId>();
  for (const [a, b] of dependent.equalities) {
    if (known.has(a) && own.has(b)) inside.add(b);
    if (known.has(b) && own.has(a)) inside.add(a);
  }
  const { node } = dependent;
  // Its key columns are equal to something: not NULL.
  return isLeafFixed(node, inside, inside) || isOneRowFor(node, inside);
}

function isLeafFixed(
  leaf: LogicalNode,
  known: ReadonlySet<ColumnId>,
  notNull: ReadonlySet<ColumnId>,
): boolean {
  if (leaf.kind === 'aggregate')
    return leaf.sets.length === 1 && leaf.groups.every((group) => known.has(group.output));
  const fixed = new Set<ColumnId>();
  for (const column of leaf.columns) {
    if (!known.has(column.id)) continue;
    if (notNull.has(column.id) || isKnownNotNull(columnRef(column.id, column), leaf)) fixed.add(column.id);
  }
  return fixed.size > 0 && hasUniqueKey(leaf, fixed);
}

function spread([a, b]: Pair, known: Set<ColumnId>): void {
  if (known.has(a)) known.add(b);
  else if (known.has(b)) known.add(a);
}

function collect(node: LogicalNode, parts: Parts): void {
  if (node.kind === 'filter') {
    parts.equalities.push(...pairsOf(node.predicate));
    // A filter over a table belongs to it: its key is looked for through it.
    if (node.input.kind === 'join' || node.input.kind === 'filter') collect(node.input, parts);
    else parts.leaves.push(node.input);
    return;
  }
  if (node.kind !== 'join') {
    parts.leaves.push(node);
    return;
  }
  switch (node.join) {
    case 'inner':
      parts.equalities.push(...pairsOf(node.condition));
      collect(node.left, parts);
      collect(node.right, parts);
      return;
    case 'left':
      collect(node.left, parts);
      parts.dependents.push({ node: node.right, equalities: pairsOf(node.condition) });
      return;
    case 'semi':
    case 'anti':
      collect(node.left, parts);
      return;
    default:
      parts.leaves.push(node);
  }
}

/** Pairs of columns that the conjuncts say are equal. */
function pairsOf(predicate: Expr | null): readonly Pair[] {
  const pairs: Pair[] = [];
  for (const conjunct of conjunctsOf(predicate)) {
    const pair = equalityOf(conjunct);
    if (pair === null || pair.nullSafe) continue;
    const [a, b] = [stripRelabel(pair.left), stripRelabel(pair.right)];
    if (a.kind === 'column' && b.kind === 'column') pairs.push([a.id, b.id]);
  }
  return pairs;
}
