/**
 * GROUP BY: the expressions grouped by, and the grouping sets they form.
 *
 * I1  Each different expression is one group; sets are lists of group numbers, sorted.
 * I2  ROLLUP, CUBE and GROUPING SETS are multiplied out here; more than 4096 sets are refused (54001).
 */
import type { Expr } from '../../exec/expr.ts';
import { textType } from '../../types/text-types.ts';
import type * as ast from '../ast/nodes.ts';
import { coerceUnknownTo } from './coerce.ts';
import { bindError } from './errors.ts';
import { exprEqual } from './expr-equal.ts';
import type { Level } from './level.ts';
import { requireEquality } from './operator-lookup.ts';
import { findTarget } from './order-by.ts';
import type { Target } from './targets.ts';

export interface GroupBy {
  readonly groups: Expr[];
  readonly sets: readonly (readonly number[])[];
  /** GROUPING SETS, ROLLUP, CUBE or `()` was written. */
  readonly hasSets: boolean;
}

const SETS_MAX = 4096;
const CUBE_MAX = 12;

type Sets = readonly (readonly number[])[];

/** Null when there is no GROUP BY. */
export function bindGroupBy(level: Level, stmt: ast.SelectStmt, targets: Target[]): GroupBy | null {
  if (stmt.groupClause.length === 0) return null;
  const groups: Expr[] = [];
  let sets: Sets = [[]];
  let hasSets = false;
  for (const item of stmt.groupClause) {
    if (item.kind === 'GroupingSet') hasSets = true;
    const own =
      item.kind === 'GroupingSet'
        ? setsOf(level, item, groups, targets)
        : [groupsOf(level, item, groups, targets)];
    sets = product(sets, own, item.location);
  }
  const distinct = stmt.groupDistinct ? distinctSets(sets) : sets;
  return { groups, sets: distinct, hasSets };
}

function product(left: Sets, right: Sets, location: number): Sets {
  if (left.length * right.length > SETS_MAX)
    throw bindError('54001', `too many grouping sets present (maximum ${SETS_MAX})`, location);
  return left.flatMap((a) => right.map((b) => union(a, b)));
}

function union(a: readonly number[], b: readonly number[]): readonly number[] {
  return [...new Set([...a, ...b])].sort((x, y) => x - y);
}

function distinctSets(sets: Sets): Sets {
  const seen = new Map<string, readonly number[]>();
  for (const set of sets) seen.set(set.join(), set);
  return [...seen.values()];
}

/** Group numbers of one item; a parenthesised list is all of its members. */
function groupsOf(level: Level, node: ast.Expr, groups: Expr[], targets: Target[]): readonly number[] {
  if (node.kind === 'RowExpr' && node.row_format === 'COERCE_IMPLICIT_CAST')
    return union(
      node.args.flatMap((arg) => [...groupsOf(level, arg, groups, targets)]),
      [],
    );
  const targetCount = targets.length;
  const target = findTarget(level, node, targets, 'groupBy');
  // A target of the list or of ORDER BY stays; one that only this item needed does not become a column.
  if (targets.length > targetCount) targets.pop();
  target.expr = coerceUnknownTo(level, target.expr, textType);
  requireEquality(level, target.expr);
  // Constants of two targets are two groups, be they the same value.
  const known =
    target.expr.kind === 'const'
      ? groups.indexOf(target.expr)
      : groups.findIndex((group) => exprEqual(group, target.expr));
  if (known >= 0) return [known];
  groups.push(target.expr);
  return [groups.length - 1];
}

function setsOf(level: Level, node: ast.GroupingSet, groups: Expr[], targets: Target[]): Sets {
  const members = (): (readonly number[])[] =>
    node.content.map((item) =>
      item.kind === 'GroupingSet'
        ? (setsOf(level, item, groups, targets)[0] ?? [])
        : groupsOf(level, item, groups, targets),
    );
  switch (node.setKind) {
    case 'GROUPING_SET_EMPTY':
      return [[]];
    case 'GROUPING_SET_ROLLUP': {
      const parts = members();
      return Array.from({ length: parts.length + 1 }, (_, i) =>
        parts.slice(0, parts.length - i).reduce(union, []),
      );
    }
    case 'GROUPING_SET_CUBE':
      return cube(members(), node.location);
    default:
      return node.content.flatMap((item) =>
        item.kind === 'GroupingSet'
          ? setsOf(level, item, groups, targets)
          : [groupsOf(level, item, groups, targets)],
      );
  }
}

function cube(parts: readonly (readonly number[])[], location: number): Sets {
  if (parts.length > CUBE_MAX) throw bindError('54011', 'CUBE is limited to 12 elements', location);
  const sets: (readonly number[])[] = [];
  for (let mask = (1 << parts.length) - 1; mask >= 0; mask--) {
    const chosen = parts.filter((_, i) => (mask & (1 << (parts.length - 1 - i))) !== 0);
    sets.push(chosen.reduce(union, []));
  }
  return sets;
}
