/**
 * Where columns are found while a physical plan is made: slots of the input at hand, or values handed in from outside.
 *
 * I1  A frame is one plan that runs on its own: the statement, a subquery's plan, the right side of an apply. Columns that
 *     are in no input of the frame become outer values of it, in the order they were first asked for.
 * I2  Whoever runs the frame resolves `outer` in its own surroundings, and so hands values through from further out.
 */
import type { ColumnId, Expr } from '../../exec/expr.ts';
import type { PhysicalNode, Slot } from '../../exec/physical.ts';
import { columnRef } from '../expr-walk.ts';

export class Frame {
  readonly parent: Frame | null;
  readonly #indexes = new Map<ColumnId, number>();
  readonly #outer: { readonly id: ColumnId; readonly slot: Slot }[] = [];

  constructor(parent: Frame | null) {
    this.parent = parent;
  }

  outerIndex(id: ColumnId, slot: Slot): number {
    const known = this.#indexes.get(id);
    if (known !== undefined) return known;
    const index = this.#outer.length;
    this.#indexes.set(id, index);
    this.#outer.push({ id, slot });
    return index;
  }

  get outerSlots(): readonly Slot[] {
    return this.#outer.map((o) => o.slot);
  }

  /** The values this frame asks for, as expressions of its surroundings. */
  get outerExprs(): readonly Expr[] {
    return this.#outer.map((o) => columnRef(o.id, o.slot));
  }
}

/** A column's place in a plan's output. */
export type SlotMap = ReadonlyMap<ColumnId, number>;

/** One column of an order that rows come in. */
export interface OrderItem {
  readonly id: ColumnId;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

/** A plan, where its columns are, and the order its rows come in (empty: none known). */
export interface Emitted {
  readonly plan: PhysicalNode;
  readonly slots: SlotMap;
  readonly order: readonly OrderItem[];
}

/** The first `count + offset` rows by an expression. */
export interface FirstRows {
  readonly expr: Expr;
  readonly count: Expr;
  readonly offset: Expr | null;
}

/** What the node above would like: rows in this order, and only so many of them. */
export interface Wish {
  readonly order: readonly OrderItem[] | null;
  readonly rows: number | null;
  /** Only the rows with the least values of an expression are wanted, ties included. */
  readonly nearest?: FirstRows | undefined;
  /** The same of those with the greatest values. */
  readonly ranked?: FirstRows | undefined;
}
export const noWish: Wish = { order: null, rows: null };

/** Slots of two inputs side by side. */
export function concatSlots(left: Emitted, right: Emitted): SlotMap {
  const slots = new Map(left.slots);
  const width = left.plan.slots.length;
  for (const [id, slot] of right.slots) if (!slots.has(id)) slots.set(id, width + slot);
  return slots;
}
