/**
 * Expressions: from parse tree to typed tree. One entry, one function per kind of node, families in files of their own.
 *
 * I1  The result has no names: columns are ColumnIds, functions and operators are resolved, implicit casts are calls.
 * I2  A bare literal or untyped parameter stays of type unknown until its surroundings decide (coerce.ts).
 * I3  Nesting is bounded by the parser; chains of operators are walked in a loop.
 */
import type { Expr } from '../../exec/expr.ts';
import { boolType } from '../../types/bool-type.ts';
import { textType, unknownType } from '../../types/text-types.ts';
import type * as ast from '../ast/nodes.ts';
import { bindArray, bindIndirection } from './arrays.ts';
import { bindCall } from './calls.ts';
import { bindCast, bindCollate } from './casts.ts';
import type { ClauseKind } from './clauses.ts';
import { coerceToBoolean } from './coerce.ts';
import { bindColumnRef } from './column-refs.ts';
import { bindCase, bindCoalesce, bindMinMax } from './conditionals.ts';
import { bindConst } from './constants.ts';
import { bindCurrentOf } from './current-of.ts';
import { bindError, bindNotSupported } from './errors.ts';
import { bindGroupingCall } from './grouping-calls.ts';
import { bindJson, isJsonNode } from './json-constructs.ts';
import type { Level } from './level.ts';
import { bindOperator } from './operators.ts';
import { bindRow } from './rows.ts';
import { bindSqlValue } from './sql-values.ts';
import { bindSubLink } from './subqueries.ts';

/** Binds an expression as part of a clause. */
export function bindExpr(level: Level, node: ast.Expr, kind: ClauseKind): Expr {
  const before = level.kind;
  level.kind = kind;
  try {
    return bindNode(level, node);
  } finally {
    level.kind = before;
  }
}

const DEPTH_MAX = 5000;

/** Binds an expression within the clause at hand. */
export function bindNode(level: Level, node: ast.Expr): Expr {
  const { state } = level;
  if (++state.depth > DEPTH_MAX)
    throw bindError('54001', 'stack depth limit exceeded', node.location, {
      hint: 'The expression is nested too deeply; break it into smaller ones.',
    });
  try {
    const expr = bindKind(level, node);
    state.recorder?.bound?.(node, expr);
    return expr;
  } finally {
    state.depth--;
  }
}

function bindKind(level: Level, node: ast.Expr): Expr {
  switch (node.kind) {
    case 'ColumnRef':
      return bindColumnRef(level, node);
    case 'ParamRef':
      return level.state.param(node.number, node.location, unknownType);
    case 'A_Const':
      return bindConst(node);
    case 'A_Expr':
      return bindOperator(level, node);
    case 'BoolExpr':
      return bindBoolExpr(level, node);
    case 'TypeCast':
      return bindCast(level, node);
    case 'CollateClause':
      return bindCollate(level, node);
    case 'FuncCall':
      return bindCall(level, node);
    case 'SubLink':
      return bindSubLink(level, node);
    case 'CaseExpr':
      return bindCase(level, node);
    case 'CoalesceExpr':
      return bindCoalesce(level, node);
    case 'MinMaxExpr':
      return bindMinMax(level, node);
    case 'NullTest':
      return bindNullTest(level, node);
    case 'BooleanTest':
      return bindBooleanTest(level, node);
    case 'SQLValueFunction':
      return bindSqlValue(level, node);
    case 'A_ArrayExpr':
      return bindArray(level, node, null);
    case 'A_Indirection':
      return bindIndirection(level, node);
    case 'RowExpr':
      return bindRow(level, node);
    case 'GroupingFunc':
      return bindGroupingCall(level, node);
    default:
      return bindRare(level, node);
  }
}

function bindRare(level: Level, node: ast.Expr): Expr {
  if (isJsonNode(node)) return bindJson(level, node);
  switch (node.kind) {
    case 'SetToDefault':
      throw bindError('42601', 'DEFAULT is not allowed in this context', node.location);
    case 'CurrentOfExpr':
      return bindCurrentOf(level, node);
    case 'MergeSupportFunc':
      if (level.kind !== 'mergeReturning')
        throw bindError(
          '42601',
          'MERGE_ACTION() can only be used in the RETURNING list of a MERGE command',
          node.location,
        );
      return mergeAction(node);
    case 'NamedArgExpr':
      throw bindError('42601', 'named argument is not allowed in this context', node.location);
    case 'MultiAssignRef':
      throw bindError('XX000', 'MultiAssignRef outside UPDATE', node.location);
    default:
      throw bindNotSupported('XML', node.location);
  }
}

function mergeAction(node: ast.MergeSupportFunc): Expr {
  return { kind: 'context', what: 'mergeAction', type: textType, typmod: -1, location: node.location };
}

function bindBoolExpr(level: Level, node: ast.BoolExpr): Expr {
  const name = node.boolop === 'AND_EXPR' ? 'AND' : node.boolop === 'OR_EXPR' ? 'OR' : 'NOT';
  const args = node.args.map((arg) => coerceToBoolean(level, bindNode(level, arg), name));
  const base = { type: boolType, typmod: -1, location: node.location };
  if (name === 'NOT') return { kind: 'not', arg: args[0] as Expr, ...base };
  const kind = name === 'AND' ? 'and' : 'or';
  return { kind, args: flatten(kind, args), ...base };
}

/** AND of ANDs as one list (expr.ts I3). */
function flatten(kind: 'and' | 'or', args: readonly Expr[]): readonly Expr[] {
  if (!args.some((arg) => arg.kind === kind)) return args;
  return args.flatMap((arg) => (arg.kind === kind ? arg.args : [arg]));
}

function bindNullTest(level: Level, node: ast.NullTest): Expr {
  const arg = bindNode(level, node.arg);
  const negated = node.nulltesttype === 'IS_NOT_NULL';
  const isRow = arg.type.fields !== null || arg.kind === 'row';
  return { kind: 'isNull', arg, negated, isRow, type: boolType, typmod: -1, location: node.location };
}

function bindBooleanTest(level: Level, node: ast.BooleanTest): Expr {
  const words = node.booltesttype.replaceAll('_', ' ');
  const arg = coerceToBoolean(level, bindNode(level, node.arg), words);
  const negated = words.includes('NOT');
  const test = words.endsWith('TRUE') ? 'true' : words.endsWith('FALSE') ? 'false' : 'unknown';
  return { kind: 'booleanTest', arg, test, negated, type: boolType, typmod: -1, location: node.location };
}
