/**
 * Rows of a descendant seen as rows of the table a statement names: columns of the one by columns of the other.
 */
import { columnsIn } from '../../catalog/family.ts';
import type { TableDef } from '../../catalog/schema.ts';
import type { Vector } from '../../types/vector.ts';
import { visitExpr } from '../compile/shape.ts';
import type { Expr, RowShape, WriteTarget } from '../physical.ts';
import { constantVector, nullVector } from '../vectors.ts';
import type { ReturningRows } from './returning.ts';
import { layoutSlots } from './row-batch.ts';

export function shapeOf(outer: TableDef, inner: TableDef): RowShape {
  return { outer, inner, there: columnsIn(outer, inner), slots: layoutSlots(outer) };
}

/** The first `count` rows of dense vectors in the inner layout, in the outer one, whose row id is the oid of the table a row is in. */
export function asOuter(shape: RowShape, vectors: readonly Vector[], count: number): Vector[] {
  const { inner } = shape;
  return shape.slots.map((slot, i) => {
    if (i === shape.there.length)
      return inner.partitionKey === undefined
        ? constantVector(slot.type.physical, inner.id, count)
        : vectors[inner.columns.length]!;
    const column = shape.there[i] ?? -1;
    return column < 0 ? nullVector(slot.type.physical, count) : vectors[column]!;
  });
}

/** The target of a descendant's rows with what the views the statement goes through ask of them. */
export function withViewChecks(named: WriteTarget, target: WriteTarget, shape: RowShape | null): WriteTarget {
  if (named.viewChecks === undefined) return target;
  return { ...target, viewChecks: named.viewChecks, ...(shape === null ? {} : { viewShape: shape }) };
}

/** What takes the rows RETURNING shows. */
export type RowsShown = Pick<ReturningRows, 'add'>;

/** Rows of a descendant for the RETURNING of the table named. */
export class ShapedRows implements RowsShown {
  private readonly shape: RowShape;
  private readonly shown: RowsShown;
  /** Columns of the input that come before those RETURNING knows. */
  private readonly inputFrom: number;

  constructor(shape: RowShape, shown: RowsShown, inputFrom = 0) {
    this.shape = shape;
    this.shown = shown;
    this.inputFrom = inputFrom;
  }

  add(
    current: readonly Vector[] | null,
    old: readonly Vector[] | null,
    input: readonly Vector[] | null,
    positions: Int32Array | null,
    count: number,
  ): void {
    let extent = count;
    if (positions !== null) for (const at of positions) if (at >= extent) extent = at + 1;
    this.shown.add(
      current === null ? null : asOuter(this.shape, current, extent),
      old === null ? null : asOuter(this.shape, old, extent),
      input === null ? null : input.slice(this.inputFrom),
      positions,
      count,
    );
  }
}

/** What the bounds of a partition ask of its rows; null for other tables. */
export function boundsCheck(target: WriteTarget): Expr | null {
  const last = target.checks.at(-1);
  return last?.constraint === null ? last.expr : null;
}

/** Whether the bounds of a partition look at one of the columns. */
export function asksBounds(target: WriteTarget, columns: ReadonlySet<number>): boolean {
  const check = boundsCheck(target);
  let asks = false;
  if (check !== null)
    visitExpr(check, (node) => {
      if (node.kind === 'slot' && columns.has(node.slot)) asks = true;
    });
  return asks;
}
