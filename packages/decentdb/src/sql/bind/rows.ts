/**
 * ROW(...) and (a, b, ...): fields are named f1, f2, ...; `t.*` inside is expanded.
 */

import { rowTypeOf } from '../../catalog/composite-type.ts';
import type { Expr } from '../../exec/expr.ts';
import type * as ast from '../ast/nodes.ts';
import { noteLiterals, resolveUnknown } from './coerce.ts';
import { bindError } from './errors.ts';
import { bindNode } from './expressions.ts';
import type { Level } from './level.ts';
import { expandRowStar } from './stars.ts';

/** PostgreSQL's MaxTupleAttributeNumber. */
const ROW_FIELDS_MAX = 1664;

export function bindRow(level: Level, node: ast.RowExpr): Expr {
  const fields = bindRowFields(level, node);
  const resolved = fields.map((field) => resolveUnknown(level, field));
  const row = makeRow(resolved, node.location);
  if (resolved.some((field, i) => field !== fields[i])) noteLiterals(row, fields);
  return row;
}

/** The fields, literals still unknown: comparisons decide their types pairwise. */
export function bindRowFields(level: Level, node: ast.RowExpr): Expr[] {
  const fields = node.args.flatMap((arg) => expandRowStar(level, arg) ?? [bindNode(level, arg)]);
  if (fields.length > ROW_FIELDS_MAX)
    throw bindError('54011', `ROW expressions can have at most ${ROW_FIELDS_MAX} entries`, node.location);
  return fields;
}

export function makeRow(fields: readonly Expr[], location: number): Expr {
  const type = rowTypeOf(
    fields.map((field, i) => ({ name: `f${i + 1}`, type: field.type, typmod: field.typmod })),
  );
  return { kind: 'row', fields, type, typmod: -1, location };
}
