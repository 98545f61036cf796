/**
 * Subqueries in expressions.
 *
 * I1  A subplan without outer values runs at most once an execution; its result is kept.
 * I2  `memo` subplans keep scalar results by outer values, up to a bound, and while values come again.
 * I3  Kept results are dropped when a WITH definition the subplan reads has other rows (the next round of a recursion).
 * I4  IN and NOT IN over an uncorrelated subplan are looked up (Membership) when the comparison is the default equality.
 * I5  What is kept is counted: rows go to a file beyond the budget, results are kept no more.
 */
import { assert } from '../../base/assert.ts';
import type { ScalarFunction } from '../../functions/function.ts';
import { operatorsNamed } from '../../functions/registry.ts';
import { SqlArray } from '../../types/array.ts';
import { domainBase, type SqlType } from '../../types/sql-type.ts';
import type { Datum } from '../../types/vector.ts';
import type { Batch } from '../batch.ts';
import { ExecContext, type StatementContext, type SubplanRunner } from '../context.ts';
import { datumBytes } from '../datum-bytes.ts';
import type { Expr, SubqueryExpr } from '../expr.ts';
import { applyOperator, compareRowsEqual } from '../interpret/calls.ts';
import { nestArrays } from '../interpret/collections.ts';
import { moreThanOneRow } from '../join/match-collector.ts';
import type { PhysicalNode, Subplan } from '../physical.ts';
import { makeRow } from '../row-value.ts';
import { Spool } from '../spill/spool.ts';
import { datumAt } from '../vectors.ts';
import { cteReferences } from './cte-references.ts';
import { Membership } from './membership.ts';
import { drain, type Operator } from './operator.ts';
import { OuterKeys } from './outer-keys.ts';

const MEMO_ENTRIES_MAX = 1 << 16;
const MEMO_ENTRY_BYTES = 64;
/** Values of an array between looks at the memory they take. */
const HOLD_VALUES = 1024;

/** State of one subplan in one execution. */
class SubplanState {
  readonly plan: Subplan;
  readonly context: ExecContext;
  readonly operator: Operator;
  private isRunning = false;
  /** I1. */
  rows: Spool | null = null;
  membership: Membership | null = null;
  /** Bytes of values kept (I5). */
  private held = 0;
  memo: { readonly keys: OuterKeys; readonly values: Datum[] } | null = null;
  /** Value of an uncorrelated subquery without a left side; undefined: not yet run. */
  value: Datum | undefined = undefined;
  private readonly references: readonly number[];
  private tokens: readonly (object | undefined)[] = [];

  constructor(plan: Subplan, operator: Operator, context: ExecContext) {
    this.plan = plan;
    this.operator = operator;
    this.context = context;
    this.references = cteReferences(plan.root);
    this.forget();
  }

  /** Forgets what was kept. */
  private forget(): void {
    const { plan } = this;
    this.rows?.clear();
    this.rows = null;
    this.membership?.close();
    this.membership = null;
    this.value = undefined;
    this.hold(-this.held);
    const isKept = plan.memo && plan.outer.length > 0;
    this.memo = isKept
      ? {
          keys: new OuterKeys(
            plan.outer.map((slot) => slot.type),
            'apart',
          ),
          values: [],
        }
      : null;
  }

  /** Counts `bytes` more as kept. */
  hold(bytes: number): void {
    this.held = this.context.statement.memory.resize(this.held, this.held + bytes);
  }

  release(): void {
    this.forget();
  }

  /** I3. */
  refresh(): void {
    if (this.references.length === 0) return;
    const tokens = this.references.map((id) => this.context.ctes.get(id)?.token);
    if (tokens.every((token, i) => token === this.tokens[i])) return;
    this.forget();
    this.tokens = tokens;
  }

  /** Calls `visit` with each row's store and position until it returns true. */
  each(outer: readonly Datum[], visit: (row: (column: number) => Datum) => boolean): void {
    assert(!this.isRunning, 'a subplan is running already');
    this.isRunning = true;
    this.context.outer = outer;
    try {
      this.operator.open(this.context);
      for (let batch = this.operator.next(); batch !== null; batch = this.operator.next()) {
        const current = batch;
        for (let i = 0; i < batch.count; i++) {
          const at = batch.position(i);
          if (visit((column) => datumAt(current.column(column), at))) return;
        }
      }
    } finally {
      this.isRunning = false;
      this.operator.close();
    }
  }

  /** All rows of an uncorrelated subplan, computed once. */
  allRows(): Spool {
    if (this.rows !== null) return this.rows;
    const store = new Spool(this.plan.root.slots, this.context.statement.memory);
    this.rows = store;
    this.drainInto((batch) => store.append(batch));
    store.report();
    return store;
  }

  /** I4. */
  members(left: readonly Expr[]): Membership {
    if (this.membership !== null) return this.membership;
    const membership = new Membership(left, this.context.statement.memory);
    this.membership = membership;
    this.drainInto((batch) => membership.add(batch));
    return membership;
  }

  private drainInto(take: (batch: Batch) => void): void {
    try {
      this.operator.open(this.context);
      drain(this.operator, (batch) => {
        this.context.statement.checkCancel();
        take(batch);
      });
    } finally {
      this.operator.close();
    }
  }
}

export class SubplanRunnerOf implements SubplanRunner {
  private readonly states = new Map<number, SubplanState>();
  private readonly statement: StatementContext;
  private readonly build: (node: PhysicalNode) => Operator;
  private readonly owner: ExecContext;

  /** `build` makes operators; `owner` is the context of the main plan, whose WITH definitions subplans see. */
  constructor(owner: ExecContext, build: (node: PhysicalNode) => Operator) {
    this.owner = owner;
    this.statement = owner.statement;
    this.build = build;
  }

  private stateOf(plan: Subplan): SubplanState {
    let state = this.states.get(plan.id);
    if (state === undefined) {
      const context = new ExecContext(this.statement, [], this.owner.ctes);
      context.subplans = this;
      state = new SubplanState(plan, this.build(plan.root), context);
      this.states.set(plan.id, state);
    }
    return state;
  }

  run(expr: SubqueryExpr, outer: readonly Datum[], left: readonly Datum[]): Datum {
    const plan = expr.plan as Subplan;
    const state = this.stateOf(plan);
    state.refresh();
    const value = this.valueOf(expr, state, outer, left);
    return expr.negated && value !== null ? value !== true : value;
  }

  private valueOf(
    expr: SubqueryExpr,
    state: SubplanState,
    outer: readonly Datum[],
    left: readonly Datum[],
  ): Datum {
    const isFixed = outer.length === 0;
    if (left.length === 0 && isFixed) {
      if (state.value === undefined) state.value = this.plainValue(expr, state, outer);
      return state.value;
    }
    if (left.length === 0) return this.memoised(expr, state, outer);
    return isFixed ? this.compareFixed(expr, state, left) : compareRows(expr, state, outer, left);
  }

  private memoised(expr: SubqueryExpr, state: SubplanState, outer: readonly Datum[]): Datum {
    const { memo } = state;
    if (memo === null) return this.plainValue(expr, state, outer);
    if (memo.keys.areHardlyRepeated) {
      state.memo = null;
      return this.plainValue(expr, state, outer);
    }
    const id = memo.keys.idOf(outer, memo.values.length < MEMO_ENTRIES_MAX && !this.statement.memory.isTight);
    if (id < 0) return this.plainValue(expr, state, outer);
    let value = memo.values[id];
    if (value === undefined) {
      value = this.plainValue(expr, state, outer);
      memo.values[id] = value;
      state.hold(MEMO_ENTRY_BYTES + datumBytes(value));
    }
    return value;
  }

  /** scalar, exists, array and row: no left side. */
  private plainValue(expr: SubqueryExpr, state: SubplanState, outer: readonly Datum[]): Datum {
    const width = state.plan.root.slots.length;
    switch (expr.mode) {
      case 'exists': {
        let found = false;
        state.each(outer, () => {
          found = true;
          return true;
        });
        return found;
      }
      case 'array': {
        const values = arrayValues(state, outer);
        return collectsArrays(expr.type, state.plan.root.slots[0]!.type)
          ? nestArrays(values)
          : SqlArray.of(values);
      }
      default: {
        let result: Datum = null;
        let count = 0;
        state.each(outer, (row) => {
          if (count++ > 0) throw moreThanOneRow();
          result = expr.mode === 'row' ? makeRow(rowValues(row, width)) : row(0);
          return false;
        });
        return result;
      }
    }
  }

  private compareFixed(expr: SubqueryExpr, state: SubplanState, left: readonly Datum[]): Datum {
    const isMembership = isDefaultEquality(expr) || isDefaultInequality(expr);
    if (isMembership) {
      const found = state.members(expr.left).test(left);
      return found === null ? null : isDefaultEquality(expr) ? found : !found;
    }
    const rows = state.allRows();
    return quantifyRows(expr, state.context, left, (visit) => {
      const reader = rows.reader();
      for (let batch = reader.next(); batch !== null; batch = reader.next()) {
        const current = batch;
        for (let i = 0; i < batch.count; i++) {
          const at = batch.position(i);
          if (visit((column) => datumAt(current.column(column), at))) return;
        }
      }
    });
  }

  /** Gives back what subplans hold. */
  release(): void {
    for (const state of this.states.values()) state.release();
    this.states.clear();
  }
}

/** Arrays collected become one of more dimensions, but where the result's elements are such (a domain over arrays, int2vector). */
function collectsArrays(result: SqlType, column: SqlType): boolean {
  const element = result.elementType;
  // A cast that changes nothing leaves the column of the type it was of: only what kind it is can be asked.
  return (
    domainBase(column).elementType !== null && (element === null || domainBase(element).elementType === null)
  );
}

/** The values of ARRAY(...): counted while they are collected, and for as long as a result that does not change is kept. */
function arrayValues(state: SubplanState, outer: readonly Datum[]): Datum[] {
  const values: Datum[] = [];
  let bytes = 0;
  let held = 0;
  state.each(outer, (row) => {
    const value = row(0);
    bytes += datumBytes(value);
    if (values.push(value) % HOLD_VALUES !== 0) return false;
    state.hold(bytes - held);
    held = bytes;
    return false;
  });
  if (outer.length > 0) state.hold(-held);
  return values;
}

function rowValues(row: (column: number) => Datum, width: number): Datum[] {
  return Array.from({ length: width }, (_, i) => row(i));
}

function compareRows(
  expr: SubqueryExpr,
  state: SubplanState,
  outer: readonly Datum[],
  left: readonly Datum[],
): Datum {
  return quantifyRows(expr, state.context, left, (visit) => state.each(outer, visit));
}

type RowVisitor = (row: (column: number) => Datum) => boolean;

/** `left op ANY / ALL (rows)`; a row comparison of one row for modes that have it. */
function quantifyRows(
  expr: SubqueryExpr,
  context: ExecContext,
  left: readonly Datum[],
  each: (visit: RowVisitor) => void,
): Datum {
  if (expr.mode === 'row') return compareOne(expr, context, left, each);
  const isAll = expr.mode === 'all';
  let sawNull = false;
  let decided: boolean | null = null;
  each((row) => {
    const right = rowValues(row, left.length);
    const result = comparePair(expr, context, left, right);
    if (result === null) sawNull = true;
    else if ((result === true) !== isAll) {
      decided = !isAll;
      return true;
    }
    return false;
  });
  return decided ?? (sawNull ? null : isAll);
}

/** `(a, b) op (SELECT ...)`: 21000 for a second row, NULL without one. */
function compareOne(
  expr: SubqueryExpr,
  context: ExecContext,
  left: readonly Datum[],
  each: (visit: RowVisitor) => void,
): Datum {
  let result: Datum = null;
  let count = 0;
  each((row) => {
    if (count++ > 0) throw moreThanOneRow();
    result = comparePair(expr, context, left, rowValues(row, left.length));
    return false;
  });
  return result;
}

function comparePair(
  expr: SubqueryExpr,
  context: ExecContext,
  left: readonly Datum[],
  right: readonly Datum[],
): Datum {
  const { ops, rowOp } = expr;
  if (left.length === 1) return applyOperator(ops[0]!, context, left[0]!, right[0]!);
  if (rowOp === null) return compareRowsEqual(ops, context, left, right, false);
  // Of <> one pair that differs is enough.
  if (rowOp === '<>') return anyDiffers(ops, context, left, right);
  return ordersRows(ops, rowOp, context, left, right);
}

/** `left rowOp right` by the operators of that name: the first pair of values that differ decides. */
function ordersRows(
  ops: readonly ScalarFunction[],
  rowOp: NonNullable<SubqueryExpr['rowOp']>,
  context: ExecContext,
  left: readonly Datum[],
  right: readonly Datum[],
): Datum {
  for (let i = 0; i < left.length; i++) {
    const [a, b] = [left[i]!, right[i]!];
    // Equal values are before one another both ways or neither way.
    const forward = applyOperator(ops[i]!, context, a, b);
    if (forward === null) return null;
    if (forward !== applyOperator(turned(ops[i]!), context, b, a)) return forward;
  }
  return rowOp === '<=' || rowOp === '>=';
}

const turnedOperators = new WeakMap<ScalarFunction, ScalarFunction>();

/** The operator of that name for the types the other way round: of a date and a timestamp there are two. */
function turned(op: ScalarFunction): ScalarFunction {
  const [left, right] = op.args;
  if (left === right) return op;
  let found = turnedOperators.get(op);
  if (found === undefined) {
    found =
      operatorsNamed(op.operator?.symbol ?? '').find(({ args }) => args[0] === right && args[1] === left) ??
      op;
    turnedOperators.set(op, found);
  }
  return found;
}

function anyDiffers(
  ops: readonly ScalarFunction[],
  context: ExecContext,
  left: readonly Datum[],
  right: readonly Datum[],
): Datum {
  let sawNull = false;
  for (let i = 0; i < left.length; i++) {
    const differs = applyOperator(ops[i]!, context, left[i]!, right[i]!);
    if (differs === null) sawNull = true;
    else if (differs === true) return true;
  }
  return sawNull ? null : false;
}

function isDefaultEquality(expr: SubqueryExpr): boolean {
  return expr.mode === 'any' && hasSameTypes(expr) && expr.ops.every((op) => op.operator?.btree === '=');
}

function isDefaultInequality(expr: SubqueryExpr): boolean {
  return (
    expr.mode === 'all' &&
    expr.left.length === 1 &&
    hasSameTypes(expr) &&
    expr.ops.every((op) => op.operator?.symbol === '<>')
  );
}

function hasSameTypes(expr: SubqueryExpr): boolean {
  const { slots } = (expr.plan as Subplan).root;
  return expr.left.every((value, i) => value.type.oid === slots[i]!.type.oid);
}
