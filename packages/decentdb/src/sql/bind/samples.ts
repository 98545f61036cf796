/**
 * TABLESAMPLE.
 */

import type { Expr } from '../../exec/expr.ts';
import type { LogicalNode, ScanNode } from '../../plan/logical.ts';
import { float8Type } from '../../types/float-types.ts';
import type * as ast from '../ast/nodes.ts';
import { convert } from './coerce.ts';
import { bindError } from './errors.ts';
import { bindExpr } from './expressions.ts';
import { readsFamily } from './families.ts';
import { bindRangeVar, type FromResult } from './from.ts';
import type { Level } from './level.ts';

export function bindSample(level: Level, item: ast.RangeTableSample): FromResult {
  const bound = bindRangeVar(level, item.relation);
  const { node } = bound;
  const [only] = bound.namespace;
  const isFamily = only?.table != null && readsFamily(level, item.relation, only.table);
  if (node.kind !== 'scan' && !isFamily)
    throw bindError(
      '0A000',
      'TABLESAMPLE clause can only be applied to tables and materialized views',
      item.relation.location,
    );
  const method = item.method.at(-1) as string;
  if (method !== 'bernoulli' && method !== 'system')
    throw bindError('42704', `tablesample method ${method} does not exist`, item.location);
  if (item.args.length !== 1)
    throw bindError(
      '42P10',
      `tablesample method ${method} requires 1 argument, not ${item.args.length}`,
      item.location,
    );
  const number = (argument: ast.Expr): Expr => {
    const expr = bindExpr(level, argument, 'fromFunction');
    const converted = convert(level, expr, float8Type, 'assignment');
    if (converted !== null) return converted;
    throw bindError('42804', 'TABLESAMPLE argument must be a number', expr.location);
  };
  const percent = number(item.args[0] as ast.Expr);
  const seed = item.repeatable === null ? null : number(item.repeatable);
  const sampled = (at: LogicalNode): LogicalNode =>
    at.kind === 'scan' ? ({ ...at, sample: { method, percent, seed } } satisfies ScanNode) : at;
  const made =
    isFamily && node.kind === 'setOp' ? { ...node, inputs: node.inputs.map(sampled) } : sampled(node);
  return { node: made, namespace: bound.namespace };
}
