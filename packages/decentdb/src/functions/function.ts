/**
 * What a function, operator, cast, aggregate, window function or table function is: data, one entry each.
 *
 * I1  Entries are typed data in family files; nothing registers itself by side effect.
 * I2  `eval` gets datums (types/vector.ts) and never sees NULL when `strict`.
 * I3  `inline`, where given, means exactly what `eval` means; the expression tests run every entry both ways.
 */
import type { RoutineDef } from '../catalog/routines.ts';
import type { SqlType, TypeField, TypeSettings } from '../types/sql-type.ts';
import type { Datum, Vector } from '../types/vector.ts';

/** Result never changes / fixed within a statement / may differ at each call. */
export type Volatility = 'immutable' | 'stable' | 'volatile';

/** What functions may ask of the running statement. Implemented by the session; tests make their own. */
export interface EvalContext {
  /** Start of the transaction and of the statement, microseconds since 2000-01-01 UTC. */
  readonly transactionMicros: number;
  readonly statementMicros: number;
  clockMicros(): number;
  /** What text forms depend on: time zone, DateStyle, ... kept in step with the settings by the session. */
  readonly typeSettings: TypeSettings;
  /** A setting as SHOW gives it ('TimeZone', 'DateStyle', 'search_path', ...). */
  setting(name: string): string;
  setSetting(name: string, value: string, isLocal: boolean): void;
  /** Uniform in [0, 1). */
  random(): number;
  setSeed(seed: number): void;
  randomBytes(count: number): Uint8Array;
  /** Sequences, catalogue look-ups and the like, by name: see session/. Throws 0A000 for names it does not know. */
  service(name: string, args: readonly Datum[]): Datum;
  /** Runs a function of the catalogue: its rows, of which a function that returns no set has one at most. */
  callRoutine?(call: RoutineCall, args: readonly Datum[]): readonly (readonly Datum[])[];
}

/** A function written in SQL as one call means it: the types of its arguments and of its result are known. */
export interface RoutineCall {
  readonly routine: RoutineDef;
  readonly argTypes: readonly SqlType[];
  /** What a row of the result consists of. */
  readonly columns: readonly TypeField[];
  /** The body gives the columns apart, or one row value of this type. */
  readonly rowType: SqlType | null;
  /** The body is a query given as text, which is one statement. */
  readonly isQuery?: boolean;
}

/**
 * Inline JavaScript for hot functions: builds an expression over argument expressions, each used exactly once and in order,
 * never NULL for strict functions. Helpers are called as `h.name(...)`: the entries of `inlineHelpers` (e.g. overflow checks).
 */
export type InlineTemplate = (...args: string[]) => string;

export interface ScalarFunction {
  readonly name: string;
  /** Argument types by OID (polymorphic pseudo-types included). */
  readonly args: readonly number[];
  /** OID of the repeated element type when variadic. */
  readonly variadic?: number;
  /** Of VARIADIC "any": there must be at least one. */
  readonly needsVariadic?: boolean;
  /** How many trailing arguments may be left out, with their default datums. */
  readonly defaults?: readonly Datum[];
  readonly argNames?: readonly string[];
  readonly returns: number;
  readonly strict: boolean;
  readonly volatility: Volatility;
  /** A method, so that entries may name the datum types they get; arguments left to `variadic` come one by one. */
  eval(context: EvalContext, ...args: Datum[]): Datum;
  readonly inline?: InlineTemplate;
  /** Set when the result depends on argument or result types (polymorphic): returns the specialised function. */
  readonly specialize?: (argTypes: readonly SqlType[], resultType: SqlType) => ScalarFunction;
  /** Planner knowledge: this is the operator `=`, `<`, ... of an ordering; `negator`/`commutator` by name. */
  readonly operator?: OperatorInfo;
  readonly description: string;
  /** SQL of one call and its result as text. */
  readonly example?: readonly [sql: string, result: string];
}

/** For functions that implement an operator. */
export interface OperatorInfo {
  readonly symbol: string;
  readonly negator?: string;
  readonly commutator?: string;
  /** Role in a B-tree ordering of the two argument types. */
  readonly btree?: '<' | '<=' | '=' | '>=' | '>';
}

/** One key of a WITHIN GROUP order. */
export interface OrderedKey {
  readonly type: SqlType;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
}

/** What an ordered-set or hypothetical-set aggregate takes, and how it does without keeping all rows. */
export interface OrderedSet {
  readonly hypothetical: boolean;
  readonly directArgs: readonly number[];
  /**
   * The places (from 0, ascending) whose rows `final` looks at, of so many rows that `step` would get: the others go to `skip`.
   * Without it `step` gets every row.
   */
  wants?(rows: number, ...directArgs: Datum[]): readonly number[];
  skip?(state: object): void;
  /** Called before the first row: the direct arguments, which `final` gets again. */
  begin?(state: object, ...directArgs: Datum[]): void;
}

export interface AggregateFunction {
  readonly kind: 'aggregate';
  readonly name: string;
  readonly args: readonly number[];
  readonly variadic?: number;
  readonly returns: number;
  /** Rows with a NULL argument are skipped. */
  readonly strict: boolean;
  /** Ordered-set / hypothetical-set: its direct arguments' types, and what it needs of the rows. */
  readonly orderedSet?: OrderedSet;
  /** Result over no rows (0 for count, NULL for most). */
  readonly init: () => object;
  /** The state holds on to every row's arguments: it grows with them. */
  readonly keepsArguments?: boolean;
  /** Bytes a state holds on to, where that is told quickly: asked before and after each row. */
  stateBytes?(state: object): number;
  /** Id of an aggregate of the catalogue: two of one name are told apart by it. */
  readonly routineId?: number;
  step(state: object, context: EvalContext, ...args: Datum[]): void;
  /** Ordered-set aggregates get their direct arguments after the context. */
  final(state: object, context: EvalContext, ...directArgs: Datum[]): Datum;
  /** Hypothetical-set aggregates: the function for a given WITHIN GROUP order (ascending, NULLs last until called). */
  withOrder?(keys: readonly OrderedKey[]): AggregateFunction;
  /** Adds the rows of `from` to `into`; absent when it cannot be parallel or partial. */
  merge?(into: object, from: object): void;
  /**
   * Removes a row again, for moving window frames; absent when it cannot. False: not this one, and the state is of no more use
   * (the frame is computed afresh).
   */
  inverse?(state: object, context: EvalContext, ...args: Datum[]): unknown;
  /**
   * Vectorised meaning the executor may use instead of step/final, with exact results:
   * count (non-NULL rows), countStar, sum / min / max / avg by physical kind.
   */
  readonly vectorized?: 'countStar' | 'count' | 'sum' | 'avg' | 'min' | 'max' | 'boolAnd' | 'boolOr';
  readonly specialize?: (argTypes: readonly SqlType[], resultType: SqlType) => AggregateFunction;
  readonly description: string;
  readonly example?: readonly [sql: string, result: string];
}

/** row_number, rank, lag, ...: the executor knows them by name. */
export interface WindowFunction {
  readonly kind: 'window';
  readonly name: string;
  readonly args: readonly number[];
  /** Trailing optional arguments. */
  readonly optionalArgs: number;
  readonly returns: number;
  /** Whether the frame matters (first_value, last_value, nth_value). */
  readonly usesFrame: boolean;
  readonly description: string;
}

/** Set-returning function: usable in FROM and in the select list. */
export interface TableFunction {
  readonly kind: 'table';
  readonly name: string;
  readonly args: readonly number[];
  readonly variadic?: number;
  readonly defaults?: readonly Datum[];
  readonly argNames?: readonly string[];
  /** Result columns; one column: its value is the function's value in a select list. Polymorphic OIDs allowed. */
  readonly columns: readonly { readonly name: string; readonly type: number }[];
  /** Columns come from an `AS (a int, ...)` list (json_to_record and friends). */
  readonly needsColumnList?: boolean;
  /** Its columns are the fields of its first argument's row type, or those of such a list. */
  readonly rowOfFirst?: boolean;
  /** Calls outside FROM mean the ordinary function of the same name. */
  readonly onlyInFrom?: boolean;
  /** The function for a row type known with the call: of functions whose columns are not in `columns`. */
  readonly withFields?: (fields: readonly TypeField[]) => TableFunction;
  readonly strict: boolean;
  readonly volatility: Volatility;
  readonly rows: (
    context: EvalContext,
    args: readonly Datum[],
    columnTypes: readonly SqlType[],
  ) => Iterable<readonly Datum[]>;
  /** The same rows column by column, for a function that has them so: used where nothing asks for single rows. */
  readonly batches?: (
    context: EvalContext,
    args: readonly Datum[],
    columnTypes: readonly SqlType[],
  ) => Iterable<RowVectors>;
  readonly description: string;
  readonly example?: readonly [sql: string, result: string];
}

/** Rows 0..count-1 of some columns. */
export interface RowVectors {
  readonly vectors: Vector[];
  readonly count: number;
}
