/**
 * Subqueries in expressions: EXISTS, scalar, ARRAY(...), IN / ANY / ALL with one or many columns.
 *
 * I1  `plan` holds the bound logical tree; `left` and `ops` compare the left-hand values with its columns, in order.
 */
import type { Expr, RowCompareExpr, SubqueryExpr } from '../../exec/expr.ts';
import type { ScalarFunction } from '../../functions/function.ts';
import type { LogicalNode, OutputColumn } from '../../plan/logical.ts';
import { boolType } from '../../types/bool-type.ts';
import type * as ast from '../ast/nodes.ts';
import { subqueryRefusal } from './clauses.ts';
import { bindError } from './errors.ts';
import { bindNode } from './expressions.ts';
import type { Level } from './level.ts';
import { splitCall } from './operator-lookup.ts';
import { operatorCall } from './operators.ts';
import { bindRowFields } from './rows.ts';
import { bindSubquery } from './select.ts';
import { columnExpr } from './state.ts';
import { noteSource } from './subquery-sources.ts';

export function bindSubLink(level: Level, node: ast.SubLink): Expr {
  const refusal = subqueryRefusal(level.kind);
  if (refusal !== null) throw bindError('0A000', refusal, node.location);
  level.hasSubqueries = true;
  const bound = bindKind(level, node);
  if (bound.kind === 'subquery') noteSource(bound.plan as LogicalNode, level, node.subselect);
  return bound;
}

function bindKind(level: Level, node: ast.SubLink): Expr {
  switch (node.subLinkType) {
    case 'EXISTS_SUBLINK':
      return bindExists(level, node);
    case 'EXPR_SUBLINK':
    case 'ARRAY_SUBLINK':
      return bindScalar(level, node);
    default:
      return bindQuantified(level, node);
  }
}

const PLAIN_INPUTS: ReadonlySet<LogicalNode['kind']> = new Set([
  'scan',
  'values',
  'tableFunction',
  'filter',
  'join',
]);

/**
 * What EXISTS asks: whether there are rows. Values that no row depends on are not computed, be they errors, nor is an order; `unread`
 * gets the values, which still say to which query an aggregate around them belongs.
 */
function rowsAlone(plan: LogicalNode, unread: Expr[]): LogicalNode {
  switch (plan.kind) {
    case 'project':
      // Over a sort it takes away what only ORDER BY needed.
      if (plan.input.kind === 'sort') return rowsAlone(plan.input, unread);
      if (!PLAIN_INPUTS.has(plan.input.kind)) return plan;
      unread.push(...plan.exprs);
      return { ...plan, exprs: [], columns: [] };
    case 'sort':
    case 'distinct':
      return isUnlimited(plan) ? rowsAlone(plan.input, unread) : plan;
    case 'limit': {
      // Rows that are passed are counted without those that are equal.
      if (plan.ties !== null || (plan.offset !== null && isDistinct(plan.input))) return plan;
      const input = rowsAlone(plan.input, unread);
      return { ...plan, input, columns: input.columns };
    }
    default:
      return plan;
  }
}

type OrderedNode = Extract<LogicalNode, { kind: 'sort' | 'distinct' }>;

/** Sorts and DISTINCT of a query's values, which no row depends on for being there. */
function isUnlimited({ kind, input, ...rest }: OrderedNode): boolean {
  if (kind === 'distinct' && 'on' in rest && rest.on !== null) return false;
  return (
    input.kind === 'project' || ((input.kind === 'sort' || input.kind === 'distinct') && isUnlimited(input))
  );
}

function isDistinct(plan: LogicalNode): boolean {
  return plan.kind === 'distinct' || (plan.kind === 'sort' && isDistinct(plan.input));
}

function bindExists(level: Level, node: ast.SubLink): Expr {
  const unread: Expr[] = [];
  const plan = rowsAlone(bindSubquery(level, node.subselect), unread);
  const exists = subquery(node, 'exists', plan, { type: boolType, typmod: -1 });
  return unread.length === 0 ? exists : { ...exists, unread };
}

function subquery(
  node: ast.SubLink,
  mode: SubqueryExpr['mode'],
  plan: LogicalNode,
  result: Pick<SubqueryExpr, 'type' | 'typmod'>,
): SubqueryExpr {
  return {
    kind: 'subquery',
    mode,
    plan,
    outer: [],
    left: [],
    ops: [],
    rowOp: null,
    negated: false,
    type: result.type,
    typmod: result.typmod,
    location: node.location,
  };
}

function bindScalar(level: Level, node: ast.SubLink): Expr {
  const plan = bindSubquery(level, node.subselect);
  const [column, ...others] = plan.columns;
  if (column === undefined || others.length > 0)
    throw bindError('42601', 'subquery must return only one column', node.location);
  if (node.subLinkType === 'EXPR_SUBLINK') return subquery(node, 'scalar', plan, column);
  // An array has no type of arrays of it and stays what it is; int2vector and oidvector have one.
  const arrayType = column.type.arrayType ?? (column.type.kind === 'array' ? column.type : null);
  if (arrayType === null)
    throw bindError(
      '42704',
      `could not find array type for data type ${column.type.sqlName(-1)}`,
      node.location,
    );
  return subquery(node, 'array', plan, { type: arrayType, typmod: column.typmod });
}

function bindQuantified(level: Level, node: ast.SubLink): Expr {
  const test = node.testexpr as ast.Expr;
  const left = test.kind === 'RowExpr' ? bindRowFields(level, test) : [bindNode(level, test)];
  const name = node.operName.length === 0 ? ['='] : node.operName;
  const mode = node.subLinkType === 'ANY_SUBLINK' ? 'any' : 'all';
  return compareWithSubquery(level, node, left, name, mode);
}

/** `(a, b) op (SELECT ...)`: at most one row. */
export function bindRowSubquery(level: Level, node: ast.A_Expr, row: ast.RowExpr, sub: ast.SubLink): Expr {
  level.hasSubqueries = true;
  return compareWithSubquery(level, sub, bindRowFields(level, row), node.name, 'row');
}

function compareWithSubquery(
  level: Level,
  node: ast.SubLink,
  left: readonly Expr[],
  name: readonly string[],
  mode: 'any' | 'all' | 'row',
): Expr {
  const plan = bindSubquery(level, node.subselect);
  if (plan.columns.length < left.length)
    throw bindError('42601', 'subquery has too few columns', node.location);
  if (plan.columns.length > left.length)
    throw bindError('42601', 'subquery has too many columns', node.location);
  const symbol = name.at(-1) as string;
  if (left.length > 1 && !ROW_OPERATORS.has(symbol))
    throw bindError(
      '0A000',
      `could not determine interpretation of row comparison operator ${symbol}`,
      node.location,
    );
  const pairs = left.map((expr, i) => comparePair(level, node, name, expr, plan.columns[i] as OutputColumn));
  return {
    ...subquery(node, mode, withCasts(level, plan, pairs), { type: boolType, typmod: -1 }),
    left: pairs.map((pair) => pair.left),
    ops: pairs.map((pair) => pair.op),
    rowOp: left.length > 1 && symbol !== '=' ? (symbol as RowCompareExpr['op']) : null,
  };
}

const ROW_OPERATORS: ReadonlySet<string> = new Set(['=', '<>', '<', '<=', '>', '>=']);

interface Pair {
  readonly left: Expr;
  readonly op: ScalarFunction;
  /** The subquery's column, cast to what the operator wants. */
  readonly right: Expr;
}

function comparePair(
  level: Level,
  node: ast.SubLink,
  name: readonly string[],
  left: Expr,
  column: OutputColumn,
): Pair {
  const symbol = name.at(-1) as string;
  const call = operatorCall(level, name, left, columnExpr(column, node.location), node.location);
  if (call.type !== boolType)
    throw bindError(
      '42804',
      `operator ${symbol} must return type boolean, not type ${call.type.sqlName(-1)}`,
      node.location,
    );
  const { fn, args, negated } = splitCall(call);
  if (negated || args.length !== 2)
    throw bindError('0A000', `operator ${symbol} is not supported with ANY or ALL`, node.location);
  return { left: args[0] as Expr, op: fn, right: args[1] as Expr };
}

/** The plan with its columns cast where the operators want other types. */
function withCasts(level: Level, plan: LogicalNode, pairs: readonly Pair[]): LogicalNode {
  if (pairs.every((pair) => pair.right.kind === 'column')) return plan;
  const columns = pairs.map(({ right }, i): OutputColumn => {
    const name = plan.columns[i]?.name ?? '?column?';
    return {
      id: level.state.newColumnId(null, null, name),
      name,
      type: right.type,
      typmod: right.typmod,
      origin: null,
    };
  });
  return { kind: 'project', input: plan, exprs: pairs.map((pair) => pair.right), columns };
}
