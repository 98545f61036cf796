/**
 * What all parts of the emitter share: ids, frames, guesses, and how an expression becomes one over slots.
 *
 * I1  Node ids are given out in order of making and unique in the statement.
 * I2  `resolve` leaves no ColumnExpr behind: every column becomes a slot of the input or an outer value of the frame.
 */
import { assert } from '../../base/assert.ts';
import type { CallExpr, Expr, SortKey, SubqueryExpr } from '../../exec/expr.ts';
import type { PhysicalNode, Slot, Subplan } from '../../exec/physical.ts';
import type { Cardinality } from '../cardinality.ts';
import type { ColumnOrigins } from '../column-origins.ts';
import type { Estimates } from '../cost.ts';
import type { PlanEnv } from '../env.ts';
import { mapChildren, mapSortKeys } from '../expr-walk.ts';
import type { LogicalNode, OutputColumn } from '../logical.ts';
import { isVolatilePlan } from '../predicates.ts';
import { type Emitted, Frame, type SlotMap, type Wish } from './frame.ts';
import type { SearchVectors } from './search-vector.ts';

export type EmitNode = (context: EmitContext, node: LogicalNode, wish: Wish) => Emitted;

export class EmitContext {
  readonly env: PlanEnv;
  readonly cardinality: Cardinality;
  readonly origins: ColumnOrigins;
  /** Emits any node; set once by the emitter, so that the parts need not import it. */
  readonly emit: EmitNode;
  /** Vectors that scans make for ranks. */
  readonly vectors: SearchVectors;
  /** Joins under a LIMIT are made for the first rows in its order (rules/ordered-start.ts). */
  readonly isForFirstRows: boolean;
  frame: Frame;
  #nextId = 0;

  constructor(
    env: PlanEnv,
    cardinality: Cardinality,
    origins: ColumnOrigins,
    emit: EmitNode,
    vectors: SearchVectors,
    isForFirstRows: boolean = false,
  ) {
    this.env = env;
    this.cardinality = cardinality;
    this.origins = origins;
    this.emit = emit;
    this.vectors = vectors;
    this.isForFirstRows = isForFirstRows;
    this.frame = new Frame(null);
  }

  get idCount(): number {
    return this.#nextId;
  }

  newId(): number {
    return this.#nextId++;
  }

  /** The expression over the given slots. */
  resolve(expr: Expr, slots: SlotMap): Expr {
    if (expr.kind === 'column') {
      const { type, typmod, location } = expr;
      const slot = slots.get(expr.id);
      if (slot !== undefined) return { kind: 'slot', slot, type, typmod, location };
      assert(this.frame.parent !== null, 'a column of the statement is found in an input');
      return {
        kind: 'outer',
        index: this.frame.outerIndex(expr.id, { type, typmod }),
        type,
        typmod,
        location,
      };
    }
    const made = expr.kind === 'call' ? this.#withVector(expr, slots) : null;
    const mapped = made ?? mapChildren(expr, (child) => this.resolve(child, slots));
    return mapped.kind === 'subquery' ? this.#subplan(mapped, slots) : mapped;
  }

  /** A rank by a vector that a scan below has made; null for anything else. */
  #withVector(expr: CallExpr, slots: SlotMap): Expr | null {
    const found = this.vectors.argOf(expr);
    const slot = found === null ? undefined : slots.get(found.id);
    if (found === null || slot === undefined) return null;
    const args = expr.args.map((arg, i): Expr => {
      const { type, typmod, location } = arg;
      return i === found.at ? { kind: 'slot', slot, type, typmod, location } : this.resolve(arg, slots);
    });
    return { ...expr, args };
  }

  resolveAll(exprs: readonly Expr[], slots: SlotMap): readonly Expr[] {
    return exprs.map((expr) => this.resolve(expr, slots));
  }

  resolveKeys(keys: readonly SortKey[], slots: SlotMap): readonly SortKey[] {
    return mapSortKeys(keys, (expr) => this.resolve(expr, slots));
  }

  resolveMaybe(expr: Expr | null, slots: SlotMap): Expr | null {
    return expr === null ? null : this.resolve(expr, slots);
  }

  /** Runs `emit` in a frame of its own and returns what it made with the values it asks for. */
  inFrame<T>(emit: () => T): { readonly made: T; readonly frame: Frame } {
    const frame = new Frame(this.frame);
    const before = this.frame;
    this.frame = frame;
    try {
      return { made: emit(), frame };
    } finally {
      this.frame = before;
    }
  }

  #subplan(expr: SubqueryExpr, slots: SlotMap): Expr {
    const logical = expr.plan as LogicalNode;
    const id = this.newId();
    const rows = expr.mode === 'exists' || expr.mode === 'scalar' ? 1 : null;
    const { made, frame } = this.inFrame(() =>
      exactColumns(this, this.emit(this, logical, { order: null, rows }), logical.columns),
    );
    const isVolatileInside = isVolatilePlan(logical);
    const plan: Subplan = {
      kind: 'subplan',
      id,
      root: made,
      outer: frame.outerSlots,
      memo: !isVolatileInside && this.env.isRuleOn('subplan_memo'),
    };
    return { ...expr, plan, outer: this.resolveAll(frame.outerExprs, slots) };
  }
}

export function slotsOf(columns: readonly OutputColumn[]): readonly Slot[] {
  return columns.map((c) => ({ type: c.type, typmod: c.typmod }));
}

/** Position of each column in a node that outputs exactly these. */
export function slotMapOf(columns: readonly OutputColumn[]): SlotMap {
  const slots = new Map<OutputColumn['id'], number>();
  columns.forEach((c, i) => {
    if (!slots.has(c.id)) slots.set(c.id, i);
  });
  return slots;
}

/** The plan with exactly these output columns in this order: itself when it has them, else a projection. */
export function exactColumns(
  context: EmitContext,
  input: Emitted,
  columns: readonly OutputColumn[],
): PhysicalNode {
  const slots = columns.map((c) => input.slots.get(c.id));
  if (columns.length === input.plan.slots.length && slots.every((slot, i) => slot === i)) return input.plan;
  const exprs = columns.map((c): Expr => context.resolve(columnOf(c), input.slots));
  return {
    kind: 'project',
    id: context.newId(),
    slots: slotsOf(columns),
    estimate: input.plan.estimate ?? zero,
    input: input.plan,
    exprs,
  };
}

const zero: Estimates = { rows: 1, startupCost: 0, totalCost: 0 };

function columnOf(column: OutputColumn): Expr {
  return { kind: 'column', id: column.id, type: column.type, typmod: column.typmod, location: -1 };
}

export function estimateOf(plan: PhysicalNode): Estimates {
  return plan.estimate ?? zero;
}
