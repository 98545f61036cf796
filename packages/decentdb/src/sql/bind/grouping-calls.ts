/**
 * GROUPING(a, b): which of its arguments are not in the current grouping set, as bits.
 *
 * I1  A call belongs to the query whose columns it names: in a subquery it may ask of the groups around it.
 */
import type { Expr } from '../../exec/expr.ts';
import { int4Type } from '../../types/integer-types.ts';
import type * as ast from '../ast/nodes.ts';
import { owningLevel } from './aggregates.ts';
import { allowsAggregates, refusalName } from './clauses.ts';
import { bindError } from './errors.ts';
import { bindNode } from './expressions.ts';
import type { Level } from './level.ts';

const ARGUMENTS_MAX = 31;

export function bindGroupingCall(level: Level, node: ast.GroupingFunc): Expr {
  if (node.args.length > ARGUMENTS_MAX)
    throw bindError('54023', 'GROUPING must have fewer than 32 arguments', node.location);
  const args = node.args.map((arg) => bindNode(level, arg));
  const owner = owningLevel(level, args);
  if (!allowsAggregates(owner.kind))
    throw bindError(
      '42803',
      `grouping operations are not allowed in ${refusalName(owner.kind)}`,
      node.location,
    );
  const output = level.state.newColumnId(owner, null, 'grouping');
  owner.groupings.push({ output, args, isInSubquery: owner !== level, location: node.location });
  return { kind: 'column', id: output, type: int4Type, typmod: -1, location: node.location };
}
