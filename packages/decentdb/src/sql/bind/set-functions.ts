/**
 * Set-returning functions in the select list: ProjectSet below the projection.
 *
 * I1  A call stands in expressions as the column of its result; nested calls are computed in inner ProjectSets.
 * I2  Calls of the same nesting run in step, padded with NULL.
 */
import type { ColumnId, Expr } from '../../exec/expr.ts';
import type { TableFunction } from '../../functions/function.ts';
import type { LogicalNode, OutputColumn, ProjectSetNode } from '../../plan/logical.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { FuncCall } from '../ast/expressions.ts';
import { allowsSetFunctions, refusalName } from './clauses.ts';
import { bindError } from './errors.ts';
import { exprEqual } from './expr-equal.ts';
import { someDeep } from './expr-rewrite.ts';
import type { Level } from './level.ts';
import { referTo } from './select.ts';

/** Registers a call; the result stands for its value. */
export function addSetFunction(
  level: Level,
  node: FuncCall,
  fn: TableFunction,
  args: readonly Expr[],
  type: SqlType,
): Expr {
  const { location } = node;
  if (!allowsSetFunctions(level.kind))
    throw bindError(
      '0A000',
      `set-returning functions are not allowed in ${refusalName(level.kind)}`,
      location,
    );
  if (level.insideAggregate)
    throw bindError(
      '0A000',
      'aggregate function calls cannot contain set-returning function calls',
      location,
      {
        hint: 'You might be able to move the set-returning function into a LATERAL FROM item.',
      },
    );
  if (level.insideWindow)
    throw bindError('0A000', 'window function calls cannot contain set-returning function calls', location, {
      hint: 'You might be able to move the set-returning function into a LATERAL FROM item.',
    });
  // GROUP BY, ORDER BY and DISTINCT ON mean the call of the list when they repeat it.
  if (level.kind === 'groupBy' || level.kind === 'orderBy' || level.kind === 'distinctOn') {
    const same = level.setFunctions.find((call) => call.fn.rows === fn.rows && isSameCall(call.args, args));
    if (same !== undefined) return { kind: 'column', id: same.output, type: same.type, typmod: -1, location };
  }
  const inner = level.setFunctions.filter((call) =>
    args.some((arg) => someDeep(arg, (at) => at.kind === 'column' && at.id === call.output)),
  );
  const nesting = inner.reduce((deepest, call) => Math.max(deepest, call.nesting + 1), 0);
  const output = level.state.newColumnId(level, null, fn.name);
  level.setFunctions.push({ output, fn, args, nesting, location, type });
  return { kind: 'column', id: output, type, typmod: -1, location };
}

function isSameCall(a: readonly Expr[], b: readonly Expr[]): boolean {
  return a.length === b.length && a.every((arg, i) => exprEqual(arg, b[i] as Expr));
}

/** The input with all registered calls computed. */
export function applySetFunctions(level: Level, input: LogicalNode): LogicalNode {
  return applyCalls(level.setFunctions, input);
}

/** The input with the calls that `exprs` are made of computed; those are registered no more. */
export function applySetFunctionsOf(level: Level, exprs: readonly Expr[], input: LogicalNode): LogicalNode {
  const below = new Set<Level['setFunctions'][number]>();
  const take = (expr: Expr): void => {
    for (const call of level.setFunctions) {
      if (below.has(call) || !hasColumn(expr, call.output)) continue;
      below.add(call);
      call.args.forEach(take);
    }
  };
  exprs.forEach(take);
  if (below.size === 0) return input;
  const calls = level.setFunctions.filter((call) => below.has(call));
  level.setFunctions = level.setFunctions.filter((call) => !below.has(call));
  return applyCalls(calls, input);
}

/** Whether an expression holds a set-returning function. */
export function hasSetFunction(level: Level, expr: Expr): boolean {
  return level.setFunctions.some((call) => hasColumn(expr, call.output));
}

const hasColumn = (expr: Expr, id: ColumnId): boolean =>
  someDeep(expr, (at) => at.kind === 'column' && at.id === id);

function applyCalls(setFunctions: Level['setFunctions'], input: LogicalNode): LogicalNode {
  let node = input;
  const depth = setFunctions.reduce((deepest, call) => Math.max(deepest, call.nesting), -1);
  for (let nesting = 0; nesting <= depth; nesting++) {
    const calls = setFunctions.filter((call) => call.nesting === nesting);
    if (calls.length === 0) continue;
    const passed = node.columns.map((column) => ({ set: false as const, expr: referTo(column) }));
    const made = calls.map(({ fn, args }) => ({ set: true as const, fn, args }));
    const columns: OutputColumn[] = [
      ...node.columns,
      ...calls.map(({ output, fn, type }) => ({ id: output, name: fn.name, type, typmod: -1, origin: null })),
    ];
    const set: ProjectSetNode = { kind: 'projectSet', input: node, exprs: [...passed, ...made], columns };
    node = set;
  }
  return node;
}
