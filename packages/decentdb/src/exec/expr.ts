/**
 * Typed scalar expressions: what the binder makes, the planner rewrites and the executor compiles.
 *
 * Names are gone: a column of any relation in the query has one number, its `ColumnId`, unique in the whole statement
 * (subqueries included). A correlated reference is simply the ColumnId of an outer relation. The planner replaces
 * ColumnIds by slots (positions in an operator's input) only when it emits the physical plan.
 *
 * I1  Every node carries its result type and typmod; all implicit casts are explicit calls.
 * I2  Expressions are immutable; a rewrite makes new nodes.
 * I3  AND / OR are n-ary and flat; trees are no deeper than the parser's nesting limit.
 * I4  Nothing here holds SQL text, except `location` (0-based character offset, -1 unknown) for error positions.
 */
import type { AggregateFunction, ScalarFunction, WindowFunction } from '../functions/function.ts';
import type { SqlType } from '../types/sql-type.ts';
import type { Datum } from '../types/vector.ts';

export type ColumnId = number & { readonly __brand: 'ColumnId' };

interface ExprBase {
  readonly type: SqlType;
  /** PostgreSQL's typmod; -1 none. */
  readonly typmod: number;
  readonly location: number;
}

export interface ConstExpr extends ExprBase {
  readonly kind: 'const';
  readonly value: Datum;
}
/** A column of some relation of the statement. */
export interface ColumnExpr extends ExprBase {
  readonly kind: 'column';
  readonly id: ColumnId;
}
/** Position in the operator's input columns; physical plans only. */
export interface SlotExpr extends ExprBase {
  readonly kind: 'slot';
  readonly slot: number;
}
/** `$n`, 0-based. */
export interface ParamExpr extends ExprBase {
  readonly kind: 'param';
  readonly index: number;
}
/** Value of an outer row inside a correlated subplan: index into the subplan's outer values; physical plans only. */
export interface OuterExpr extends ExprBase {
  readonly kind: 'outer';
  readonly index: number;
}
/** Function, operator or cast. Strict functions yield NULL on any NULL argument without being called. */
export interface CallExpr extends ExprBase {
  readonly kind: 'call';
  readonly fn: ScalarFunction;
  readonly args: readonly Expr[];
  /** Last argument of a VARIADIC function is given as the array itself. */
  readonly variadicArray?: boolean;
}
export interface LogicExpr extends ExprBase {
  readonly kind: 'and' | 'or';
  readonly args: readonly Expr[];
}
export interface NotExpr extends ExprBase {
  readonly kind: 'not';
  readonly arg: Expr;
}
export interface IsNullExpr extends ExprBase {
  readonly kind: 'isNull';
  readonly arg: Expr;
  readonly negated: boolean;
  /** For a row value: IS NULL tests every field. */
  readonly isRow: boolean;
}
export interface BooleanTestExpr extends ExprBase {
  readonly kind: 'booleanTest';
  readonly arg: Expr;
  readonly test: 'true' | 'false' | 'unknown';
  readonly negated: boolean;
}
export interface DistinctExpr extends ExprBase {
  readonly kind: 'distinct';
  readonly left: Expr;
  readonly right: Expr;
  readonly equals: ScalarFunction;
  readonly negated: boolean;
}
/** Searched CASE. `CASE x WHEN y` binds x once: `operand` is evaluated first and `caseTest` nodes in `when` stand for it. */
export interface CaseExpr extends ExprBase {
  readonly kind: 'case';
  readonly operand: Expr | null;
  readonly branches: readonly { readonly when: Expr; readonly then: Expr }[];
  readonly otherwise: Expr | null;
}
/** The operand of the innermost enclosing CASE, or the value under test of a domain CHECK. */
export interface CaseTestExpr extends ExprBase {
  readonly kind: 'caseTest';
}
export interface CoalesceExpr extends ExprBase {
  readonly kind: 'coalesce';
  readonly args: readonly Expr[];
}
/** GREATEST / LEAST: NULLs ignored. */
export interface MinMaxExpr extends ExprBase {
  readonly kind: 'greatest' | 'least';
  readonly args: readonly Expr[];
}
export interface NullIfExpr extends ExprBase {
  readonly kind: 'nullIf';
  readonly left: Expr;
  readonly right: Expr;
  readonly equals: ScalarFunction;
}
/** `left op ANY/ALL (list)`: IN lists are `= ANY`, NOT IN is `<> ALL`. Exactly one of `list`, `array` is set. */
export interface QuantifiedExpr extends ExprBase {
  readonly kind: 'quantified';
  readonly quantifier: 'any' | 'all';
  readonly left: Expr;
  readonly op: ScalarFunction;
  readonly list: readonly Expr[] | null;
  readonly array: Expr | null;
}
export interface ArrayExpr extends ExprBase {
  readonly kind: 'array';
  readonly elements: readonly Expr[];
  /** Elements are themselves arrays (ARRAY[[1,2],[3,4]]). */
  readonly isNested: boolean;
}
export interface RowExpr extends ExprBase {
  readonly kind: 'row';
  readonly fields: readonly Expr[];
}
/** (a, b) op (c, d), compared field by field as PostgreSQL does. */
export interface RowCompareExpr extends ExprBase {
  readonly kind: 'rowCompare';
  readonly op: '=' | '<>' | '<' | '<=' | '>' | '>=';
  readonly left: readonly Expr[];
  readonly right: readonly Expr[];
  readonly equals: readonly ScalarFunction[];
  readonly less: readonly ScalarFunction[];
}
export interface FieldExpr extends ExprBase {
  readonly kind: 'field';
  readonly arg: Expr;
  readonly field: number;
}
export interface SubscriptExpr extends ExprBase {
  readonly kind: 'subscript';
  readonly arg: Expr;
  readonly subscripts: readonly {
    readonly lower: Expr | null;
    readonly upper: Expr | null;
    readonly isSlice: boolean;
  }[];
}
/**
 * A subquery in an expression. `plan` is opaque here (the planner's logical tree before planning, a physical subplan
 * after); `outer` are the expressions of the enclosing row it needs, filled in by the planner.
 */
export interface SubqueryExpr extends ExprBase {
  readonly kind: 'subquery';
  readonly mode: 'scalar' | 'exists' | 'any' | 'all' | 'array' | 'row';
  readonly plan: unknown;
  readonly outer: readonly Expr[];
  /** any / all: left-hand values and, per column, the operator comparing left with the subquery's column. */
  readonly left: readonly Expr[];
  readonly ops: readonly ScalarFunction[];
  /** Comparisons of rows of several values name their operator, other than =. */
  readonly rowOp: RowCompareExpr['op'] | null;
  readonly negated: boolean;
  /** EXISTS: what its rows would hold, for the binder alone. */
  readonly unread?: readonly Expr[];
}
/** Next value / current value of a sequence, DEFAULT of the engine (row id), session state: calls that need the statement. */
export interface ContextExpr extends ExprBase {
  readonly kind: 'context';
  readonly what: 'rowId' | 'tableOid' | 'mergeAction';
}

export type Expr =
  | ConstExpr
  | ColumnExpr
  | SlotExpr
  | ParamExpr
  | OuterExpr
  | CallExpr
  | LogicExpr
  | NotExpr
  | IsNullExpr
  | BooleanTestExpr
  | DistinctExpr
  | CaseExpr
  | CaseTestExpr
  | CoalesceExpr
  | MinMaxExpr
  | NullIfExpr
  | QuantifiedExpr
  | ArrayExpr
  | RowExpr
  | RowCompareExpr
  | FieldExpr
  | SubscriptExpr
  | SubqueryExpr
  | ContextExpr;

export interface SortKey {
  readonly expr: Expr;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

/** One aggregate of an Aggregate node. */
export interface AggregateCall {
  readonly output: ColumnId;
  readonly fn: AggregateFunction;
  readonly args: readonly Expr[];
  readonly distinct: boolean;
  readonly orderBy: readonly SortKey[];
  readonly filter: Expr | null;
  /** Ordered-set and hypothetical-set aggregates: direct arguments; `orderBy` is the WITHIN GROUP order. */
  readonly directArgs: readonly Expr[];
  readonly type: SqlType;
  readonly typmod: number;
}

export interface FrameBound {
  readonly kind: 'unboundedPreceding' | 'preceding' | 'currentRow' | 'following' | 'unboundedFollowing';
  readonly offset: Expr | null;
}
export interface WindowFrame {
  readonly mode: 'rows' | 'range' | 'groups';
  readonly start: FrameBound;
  readonly end: FrameBound;
  readonly exclude: 'noOthers' | 'currentRow' | 'group' | 'ties';
}
/** One window function (or aggregate over a window) of a Window node. */
export interface WindowCall {
  readonly output: ColumnId;
  readonly fn: WindowFunction | AggregateFunction;
  readonly args: readonly Expr[];
  readonly filter: Expr | null;
  readonly frame: WindowFrame;
  readonly type: SqlType;
  readonly typmod: number;
}
