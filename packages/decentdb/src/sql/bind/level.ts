/**
 * One query level: the names visible in it and what its expressions collect (PostgreSQL's ParseState).
 *
 * I1  Names are looked up from the innermost level outwards; a name found at an outer level is a correlated reference.
 * I2  Aggregates belong to the innermost level any of their arguments' columns belong to (this one if they have none).
 * I3  `kind` says which clause is being bound: it decides what may stand there and words the refusals.
 */
import type { TableDef } from '../../catalog/schema.ts';
import type { AggregateCall, ColumnId, Expr } from '../../exec/expr.ts';
import type { TableFunction } from '../../functions/function.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type * as ast from '../ast/nodes.ts';
import type { ClauseKind } from './clauses.ts';
import type { BindState } from './state.ts';
import type { PendingWindowCall, WindowSpec } from './windows.ts';
import type { CteBinding } from './with.ts';

/** A column as a namespace item offers it: usually a plain column, COALESCE(l, r) for a full join's merged column. */
export interface ScopeColumn {
  readonly name: string;
  readonly expr: Expr;
  /** Table or view of the catalogue it comes from directly, and its position there; -1 for computed columns. */
  readonly relationId: number;
  readonly position: number;
  /** It came to its relation after the stored query being bound was written: names mean it only where they mean nothing else. */
  readonly isLater?: boolean;
}

/** One range-table entry, as names see it. */
export interface NamespaceItem {
  /** Alias, or the relation's name. */
  readonly refname: string;
  /** Schema and name of the relation itself, alias or not; null for subqueries, functions and CTEs. */
  readonly relationSchema: string | null;
  readonly relationName: string | null;
  /** `schema.table.column` works: a relation without alias. */
  readonly isUnaliased: boolean;
  readonly columns: readonly ScopeColumn[];
  readonly table: TableDef | null;
  /** Table or view in the catalogue, or -1. */
  readonly relationId: number;
  /** System columns (ctid, tableoid): only stored tables have them. */
  readonly systemColumn: ((name: string) => Expr | null) | null;
  /** `refname.column` finds it. */
  relationVisible: boolean;
  /** `column` finds it. */
  columnsVisible: boolean;
  /** Visible to LATERAL items only, and whether the join type lets them. */
  lateralOnly: boolean;
  lateralOk: boolean;
  /** On the side of an outer join that may have no row. */
  isNullExtended: boolean;
  /** Row variable for a function returning one scalar column: `f` means the value itself. */
  readonly isScalarFunction: boolean;
  /** Type of the whole row where it is a named one that no relation says. */
  readonly rowType?: SqlType;
}

/** An aggregate of this level, and where it stands. */
export interface PendingAggregate extends AggregateCall {
  readonly location: number;
}

export interface GroupingCall {
  readonly output: ColumnId;
  readonly args: readonly Expr[];
  /** Written in a subquery of the level it belongs to. */
  readonly isInSubquery: boolean;
  readonly location: number;
}

export interface PendingSetFunction {
  readonly output: ColumnId;
  readonly fn: TableFunction;
  readonly args: readonly Expr[];
  /** 0 when no argument is itself set-returning. */
  readonly nesting: number;
  readonly location: number;
  readonly type: SqlType;
}

export class Level {
  readonly state: BindState;
  readonly parent: Level | null;
  namespace: NamespaceItem[];
  /** Every range-table entry of this level, visible or not: what hints about misspelt names search. */
  readonly rangeTable: NamespaceItem[];
  readonly ctes: Map<string, CteBinding>;
  /** WITH items of this level not yet visible: a hint for forward references. */
  readonly futureCtes: Set<string>;
  kind: ClauseKind;
  /** A LATERAL item or ON clause is being bound: lateral-only items count. */
  lateralActive: boolean;
  aggregates: PendingAggregate[];
  groupings: GroupingCall[];
  windows: WindowSpec[];
  namedWindows: readonly ast.WindowDef[];
  windowCalls: PendingWindowCall[];
  setFunctions: PendingSetFunction[];
  /** Bound subqueries whose plans must be searched for ungrouped outer columns. */
  hasSubqueries: boolean;
  /** Inside an aggregate's arguments (nesting is refused) or a window function's. */
  insideAggregate: boolean;
  insideWindow: boolean;
  /** FROM names the WITH item whose recursive term this is: aggregates are refused then. */
  readsWorkTable: boolean;

  constructor(state: BindState, parent: Level | null) {
    this.state = state;
    this.parent = parent;
    this.namespace = [];
    this.rangeTable = [];
    this.ctes = new Map();
    this.futureCtes = new Set();
    this.kind = 'none';
    this.lateralActive = false;
    this.aggregates = [];
    this.groupings = [];
    this.windows = [];
    this.namedWindows = [];
    this.windowCalls = [];
    this.setFunctions = [];
    this.hasSubqueries = false;
    this.insideAggregate = false;
    this.insideWindow = false;
    this.readsWorkTable = false;
  }

  /** How many levels up `other` is; -1 when it is not an enclosing level. */
  distanceTo(other: Level): number {
    let distance = 0;
    for (let level: Level | null = this; level !== null; level = level.parent, distance++)
      if (level === other) return distance;
    return -1;
  }
}
