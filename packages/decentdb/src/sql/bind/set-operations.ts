/**
 * UNION, INTERSECT, EXCEPT: arms brought to common column types, names of the first arm, ORDER BY on outputs only.
 *
 * I1  The chain is left-deep and may be long: arms are collected in a loop. A run of UNION ALL is one node.
 */
import type { Expr } from '../../exec/expr.ts';
import type { LogicalNode, OutputColumn, SetOpNode } from '../../plan/logical.ts';
import { Oid } from '../../types/oids.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type * as ast from '../ast/nodes.ts';
import { coerceToCommon, commonTypeOf } from './coerce.ts';
import { commonTypmod } from './conditionals.ts';
import { bindError } from './errors.ts';
import type { Level, NamespaceItem } from './level.ts';
import { applyLimit, bindLimit } from './limit.ts';
import { checkLocking } from './locking.ts';
import { requireEqualityOf } from './operator-lookup.ts';
import { findTarget, type SortTarget, sortTarget } from './order-by.ts';
import { bindSelect } from './select.ts';
import { columnExpr } from './state.ts';
import type { Target } from './targets.ts';

type Op = SetOpNode['op'];
const OPS: Readonly<Record<string, Op>> = {
  SETOP_UNION: 'union',
  SETOP_INTERSECT: 'intersect',
  SETOP_EXCEPT: 'except',
};

export function bindSetOperation(level: Level, stmt: ast.SelectStmt): LogicalNode {
  if (stmt.lockingClause.length > 0) checkLocking(level, stmt, 'FOR UPDATE');
  return sortAndLimit(level, stmt, bindTree(level, stmt));
}

/** Arms are bound with literals unknown. A nested operation with its own ORDER BY, LIMIT or WITH is an arm by itself. */
function bindTree(level: Level, top: ast.SelectStmt): LogicalNode {
  const spine: ast.SelectStmt[] = [top];
  let first = top.larg as ast.SelectStmt;
  while (isBareOperation(first)) {
    spine.push(first);
    first = first.larg as ast.SelectStmt;
  }
  let node = bindArm(level, first);
  for (let i = spine.length - 1; i >= 0; i--) {
    const operation = spine[i] as ast.SelectStmt;
    node = combine(level, operation, node, bindArm(level, operation.rarg as ast.SelectStmt));
  }
  return node;
}

function isBareOperation(stmt: ast.SelectStmt): boolean {
  const bare = stmt.sortClause.length === 0 && stmt.limitCount === null && stmt.limitOffset === null;
  return stmt.op !== 'SETOP_NONE' && bare && stmt.withClause === null && stmt.lockingClause.length === 0;
}

function bindArm(level: Level, stmt: ast.SelectStmt): LogicalNode {
  return isBareOperation(stmt)
    ? bindTree(level, stmt)
    : bindSelect(level.state, level, stmt, { keepUnknown: true });
}

function combine(level: Level, stmt: ast.SelectStmt, left: LogicalNode, right: LogicalNode): LogicalNode {
  const op = OPS[stmt.op] as Op;
  const name = op.toUpperCase();
  if (left.columns.length !== right.columns.length)
    throw bindError(
      '42601',
      `each ${name} query must have the same number of columns`,
      armLocation(stmt.rarg),
    );
  const { inputs, types } = coerceColumns(level, [left, right], name);
  const columns = types.map(({ type, typmod }, i): OutputColumn => {
    const column = left.columns[i] as OutputColumn;
    return {
      id: level.state.newColumnId(level, null, column.name),
      name: column.name,
      type,
      typmod,
      origin: null,
    };
  });
  if (!stmt.all || op !== 'union') for (const column of columns) requireEqualityOf(level, column.type, -1);
  const [first] = inputs;
  const merged =
    op === 'union' && stmt.all && first?.kind === 'setOp' && first.op === 'union' && first.all
      ? [...first.inputs, ...inputs.slice(1)]
      : inputs;
  return { kind: 'setOp', op, all: stmt.all, inputs: merged, columns };
}

/** Where PostgreSQL points for an arm: its first target. */
function armLocation(stmt: ast.SelectStmt | null): number {
  if (stmt === null) return -1;
  if (stmt.op !== 'SETOP_NONE') return armLocation(stmt.larg);
  return stmt.targetList[0]?.val?.location ?? stmt.valuesLists[0]?.[0]?.location ?? stmt.location;
}

/** All inputs projected to the common type of each column position. */
export function coerceColumns(
  level: Level,
  inputs: readonly LogicalNode[],
  name: string,
): { readonly inputs: readonly LogicalNode[]; readonly types: readonly { type: SqlType; typmod: number }[] } {
  const width = inputs[0]?.columns.length ?? 0;
  const exprs: Expr[][] = inputs.map(() => []);
  const types: { type: SqlType; typmod: number }[] = [];
  for (let i = 0; i < width; i++) {
    const arms = inputs.map((input) => armExpr(input, i));
    const common = commonTypeOf(level, arms, name);
    const coerced = arms.map((arm) => coerceToCommon(level, arm, common, name));
    coerced.forEach((expr, arm) => {
      (exprs[arm] as Expr[]).push(expr);
    });
    types.push({ type: common.type, typmod: commonTypmod(coerced) });
  }
  const projected = inputs.map((input, arm) => projectArm(level, input, exprs[arm] as Expr[]));
  return { inputs: projected, types };
}

/** The arm's column as an expression: an unknown literal itself where it can be seen, so that it can take a type. */
export function armExpr(input: LogicalNode, i: number): Expr {
  const column = input.columns[i] as OutputColumn;
  if (column.type.oid === Oid.unknown && input.kind === 'project') {
    const expr = input.exprs[i] as Expr;
    if (expr.kind === 'const' || expr.kind === 'param') return expr;
  }
  const location = input.kind === 'project' ? (input.exprs[i]?.location ?? -1) : -1;
  return columnExpr(column, location);
}

function projectArm(level: Level, input: LogicalNode, exprs: readonly Expr[]): LogicalNode {
  if (exprs.every((expr, i) => expr.kind === 'column' && expr.id === input.columns[i]?.id)) return input;
  const columns = exprs.map((expr, i): OutputColumn => {
    const name = input.columns[i]?.name ?? '?column?';
    return {
      id: level.state.newColumnId(null, null, name),
      name,
      type: expr.type,
      typmod: expr.typmod,
      origin: null,
    };
  });
  return { kind: 'project', input, exprs, columns };
}

function sortAndLimit(level: Level, stmt: ast.SelectStmt, input: LogicalNode): LogicalNode {
  let node = input;
  const targets: Target[] = input.columns.map((column) => ({
    expr: columnExpr(column, -1),
    name: column.name,
    isJunk: false,
  }));
  const sort: SortTarget[] = [];
  for (const item of stmt.sortClause) {
    const target = findOutput(level, item, targets);
    if (!sort.some((key) => key.target === target)) sort.push(sortTarget(level, item, target));
  }
  const keys = sort.map((key) => ({
    expr: key.target.expr,
    descending: key.descending,
    nullsFirst: key.nullsFirst,
  }));
  const limit = bindLimit(level, stmt);
  if (keys.length > 0) node = { kind: 'sort', input: node, keys, columns: node.columns };
  return applyLimit(node, limit, keys);
}

function findOutput(level: Level, item: ast.SortBy, targets: Target[]): Target {
  level.namespace = [outputsAsItem(targets)];
  const width = targets.length;
  const target = findTarget(level, item.node, targets, 'orderBy');
  level.namespace = [];
  if (targets.length === width) return target;
  throw bindError('0A000', 'invalid UNION/INTERSECT/EXCEPT ORDER BY clause', target.expr.location, {
    detail: 'Only result column names can be used, not expressions or functions.',
    hint: 'Add the expression/function to every SELECT, or move the UNION into a FROM clause.',
  });
}

function outputsAsItem(targets: readonly Target[]): NamespaceItem {
  return {
    refname: '*SELECT*',
    relationSchema: null,
    relationName: null,
    isUnaliased: false,
    columns: targets.map(({ name, expr }) => ({ name, expr, relationId: -1, position: -1 })),
    table: null,
    relationId: -1,
    systemColumn: null,
    relationVisible: false,
    columnsVisible: true,
    lateralOnly: false,
    lateralOk: true,
    isNullExtended: false,
    isScalarFunction: false,
  };
}
