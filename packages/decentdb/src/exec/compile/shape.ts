/**
 * Shapes: what generated code takes for granted about its input vectors.
 *
 * One function is generated per shape, so that inner loops read one kind of typed array and skip the NULL tests of columns
 * without NULLs.
 *
 * I1  Equal keys mean equal representation of every column used: array kind, scale, presence of a NULL mask.
 * I2  The representation of parameters is part of the shape too (a bigint or a numeric's scale).
 */
import type { Decimal } from '../../types/decimal.ts';
import { type Datum, Physical, type Vector } from '../../types/vector.ts';
import type { Expr } from '../expr.ts';
import { isScalable } from '../vectors.ts';

/** How a column's or parameter's values lie in memory. */
export interface Layout {
  readonly physical: Physical;
  readonly hasNulls: boolean;
  /** int64: BigInt64Array (a bigint parameter). */
  readonly isBig: boolean;
  /** Scale of a scaled numeric; -1 when values are Decimals. */
  readonly scale: number;
}

export function layoutOf(vector: Vector): Layout {
  return {
    physical: vector.physical,
    hasNulls: vector.nulls !== null,
    isBig: vector.physical === Physical.int64 && !(vector.values instanceof Float64Array),
    scale: vector.physical === Physical.numeric && vector.scaled !== null ? vector.scale : -1,
  };
}

/** A small number that stands for a layout. */
export function layoutCode(vector: Vector): number {
  const nulls = vector.nulls === null ? 0 : 1;
  if (vector.physical === Physical.int64) return nulls + (vector.values instanceof Float64Array ? 0 : 2);
  if (vector.physical === Physical.numeric)
    return nulls + (vector.scaled === null ? 0 : 2 * (vector.scale + 1));
  return nulls;
}

export function paramLayout(value: Datum, physical: Physical): Layout {
  const isDecimal = physical === Physical.numeric && value !== null && isScalable(value as Decimal);
  return {
    physical,
    hasNulls: value === null,
    isBig: typeof value === 'bigint',
    scale: isDecimal ? (value as Decimal).scale : -1,
  };
}

export function paramCode(value: Datum, physical: Physical): number {
  if (value === null) return 1;
  if (physical === Physical.int64) return typeof value === 'bigint' ? 2 : 0;
  if (physical === Physical.numeric)
    return isScalable(value as Decimal) ? 2 * ((value as Decimal).scale + 1) : 0;
  return 0;
}

/** The layouts of the columns as text: equal for shapes whose functions read the same kinds of arrays. */
export function kindsOf(shape: { readonly columns: ReadonlyMap<number, Layout> }): string {
  let kinds = '';
  for (const [slot, { physical, hasNulls, isBig, scale }] of shape.columns)
    kinds += `${slot}:${physical}.${hasNulls ? 1 : 0}.${isBig ? 1 : 0}.${scale} `;
  return kinds;
}

/** What an expression reads: slots, parameters and outer values, each once, in order of first use. */
export interface Inputs {
  readonly slots: readonly number[];
  readonly params: readonly { readonly index: number; readonly physical: Physical }[];
  readonly outers: readonly { readonly index: number; readonly physical: Physical }[];
}

export function inputsOfExprs(exprs: readonly Expr[]): Inputs {
  const slots: number[] = [];
  const params: { index: number; physical: Physical }[] = [];
  const outers: { index: number; physical: Physical }[] = [];
  for (const expr of exprs) {
    visitExpr(expr, (node) => {
      if (node.kind === 'slot' && !slots.includes(node.slot)) slots.push(node.slot);
      const list = node.kind === 'param' ? params : node.kind === 'outer' ? outers : null;
      if (list !== null && (node.kind === 'param' || node.kind === 'outer')) {
        if (!list.some((entry) => entry.index === node.index && entry.physical === node.type.physical)) {
          list.push({ index: node.index, physical: node.type.physical });
        }
      }
    });
  }
  return { slots, params, outers };
}

/** Calls `visit` for a node and all below it, parents first; subplans themselves are not entered. */
export function visitExpr(expr: Expr, visit: (node: Expr) => void): void {
  visit(expr);
  for (const child of childrenOf(expr)) visitExpr(child, visit);
}

/** Direct subexpressions, in evaluation order. */
export function childrenOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'call':
    case 'and':
    case 'or':
    case 'coalesce':
    case 'greatest':
    case 'least':
      return expr.args;
    case 'not':
    case 'isNull':
    case 'booleanTest':
    case 'field':
      return [expr.arg];
    case 'distinct':
    case 'nullIf':
      return [expr.left, expr.right];
    case 'case':
      return [
        ...(expr.operand === null ? [] : [expr.operand]),
        ...expr.branches.flatMap((branch) => [branch.when, branch.then]),
        ...(expr.otherwise === null ? [] : [expr.otherwise]),
      ];
    case 'quantified':
      return [expr.left, ...(expr.list ?? []), ...(expr.array === null ? [] : [expr.array])];
    case 'array':
      return expr.elements;
    case 'row':
      return expr.fields;
    case 'rowCompare':
      return [...expr.left, ...expr.right];
    case 'subscript':
      return [
        expr.arg,
        ...expr.subscripts.flatMap((part) => [part.lower, part.upper].filter((bound) => bound !== null)),
      ];
    case 'subquery':
      return [...expr.outer, ...expr.left];
    default:
      return [];
  }
}
