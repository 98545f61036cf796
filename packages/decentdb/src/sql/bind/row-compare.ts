/**
 * Comparisons of rows: = and <> field by field, the orderings lexicographic.
 */
import type { Expr, RowCompareExpr } from '../../exec/expr.ts';
import { boolType } from '../../types/bool-type.ts';
import type * as ast from '../ast/nodes.ts';
import { coerceToBoolean, convertImplicitly } from './coerce.ts';
import { bindError } from './errors.ts';
import type { Level } from './level.ts';
import { splitCall } from './operator-lookup.ts';
import { distinctFrom, leftmost, operatorCall } from './operators.ts';
import { bindRowFields } from './rows.ts';

function checkWidths(left: readonly Expr[], right: readonly Expr[], location: number): void {
  if (left.length !== right.length)
    throw bindError('42601', 'unequal number of entries in row expressions', location);
  if (left.length === 0) throw bindError('0A000', 'cannot compare rows of zero length', location);
}

export function compareRows(
  level: Level,
  name: readonly string[],
  leftNode: ast.RowExpr,
  rightNode: ast.RowExpr,
  location: number,
): Expr {
  const left = bindRowFields(level, leftNode);
  const right = bindRowFields(level, rightNode);
  checkWidths(left, right, location);
  return compareFields(level, name, left, right, location);
}

function compareFields(
  level: Level,
  name: readonly string[],
  left: readonly Expr[],
  right: readonly Expr[],
  location: number,
): Expr {
  const symbol = name.at(-1) as string;
  const pairs = left.map((field, i) =>
    coerceToBoolean(level, operatorCall(level, name, field, right[i] as Expr, location), 'row comparison'),
  );
  if (pairs.length === 1) return pairs[0] as Expr;
  const base = { type: boolType, typmod: -1, location: leftmost(location, ...left) };
  if (symbol === '=') return { kind: 'and', args: pairs, ...base };
  if (symbol === '<>' || symbol === '!=') return { kind: 'or', args: pairs, ...base };
  if (!isOrdering(symbol))
    throw bindError(
      '0A000',
      `could not determine interpretation of row comparison operator ${symbol}`,
      location,
      {
        hint: 'Row comparison operators must be associated with btree operator families.',
      },
    );
  return orderRows(level, symbol, pairs, base, location);
}

function isOrdering(symbol: string): symbol is '<' | '<=' | '>' | '>=' {
  return symbol === '<' || symbol === '<=' || symbol === '>' || symbol === '>=';
}

function orderRows(
  level: Level,
  op: RowCompareExpr['op'],
  pairs: readonly Expr[],
  base: { type: typeof boolType; typmod: number; location: number },
  location: number,
): Expr {
  const lefts: Expr[] = [];
  const rights: Expr[] = [];
  const equals: RowCompareExpr['equals'][number][] = [];
  const less: RowCompareExpr['less'][number][] = [];
  for (const pair of pairs) {
    const [l, r] = splitCall(pair).args as [Expr, Expr];
    const lt = splitCall(operatorCall(level, ['<'], l, r, location));
    const eq = splitCall(operatorCall(level, ['='], l, r, location));
    lefts.push(convertImplicitly(level, l, (lt.args[0] as Expr).type));
    rights.push(convertImplicitly(level, r, (lt.args[1] as Expr).type));
    less.push(lt.fn);
    equals.push(eq.fn);
  }
  return { kind: 'rowCompare', op, left: lefts, right: rights, equals, less, ...base };
}

export function distinctRows(
  level: Level,
  leftNode: ast.RowExpr,
  rightNode: ast.RowExpr,
  negated: boolean,
  location: number,
): Expr {
  const left = bindRowFields(level, leftNode);
  const right = bindRowFields(level, rightNode);
  checkWidths(left, right, location);
  const tests = left.map((field, i) => distinctFrom(level, field, right[i] as Expr, negated, location));
  if (tests.length === 1) return tests[0] as Expr;
  const base = { type: boolType, typmod: -1, location: leftmost(location, ...left) };
  return { kind: negated ? 'and' : 'or', args: tests, ...base };
}
