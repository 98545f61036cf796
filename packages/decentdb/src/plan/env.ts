/**
 * What the planner asks of the session: switches, statistics, and the bound expressions that belong to tables.
 *
 * I1  Planning has no side effects: everything here only reads.
 * I2  Statistics may be old or absent; a plan built on wrong ones is slow, never wrong.
 */

import type { ReferringKey } from '../catalog/family.ts';
import type { PartitionKey } from '../catalog/partitioning.ts';
import type { CheckConstraint, ForeignKeyConstraint, IndexDef, TableDef } from '../catalog/schema.ts';
import type { ColumnId, Expr } from '../exec/expr.ts';
import type { KeyRange, PartitionRouting, TrigramCondition } from '../exec/physical.ts';
import type { Datum } from '../types/vector.ts';
import type { ParamPeek } from './peek.ts';

/**
 * The expressions of a table's definition, bound over one set of ColumnIds: `row[i]` is table column i, `rowId` the row
 * id. Made once a table version by the session.
 */
export interface TableExpressions {
  readonly row: readonly ColumnId[];
  readonly rowId: ColumnId;
  readonly generated: readonly { readonly column: number; readonly expr: Expr }[];
  readonly virtual: readonly { readonly column: number; readonly expr: Expr }[];
  readonly checks: readonly { readonly constraint: CheckConstraint; readonly expr: Expr }[];
  /** What the bounds of a partition ask of its rows; null for other tables. */
  readonly partition: Expr | null;
  /** Of a partitioned table: its key, and where rows go. */
  readonly routing: PartitionRouting | null;
  readonly defaults: readonly (Expr | null)[];
  /** Expressions of index keys (null for plain columns) and predicates, by position in `table.indexes`. */
  readonly indexes: readonly {
    readonly keys: readonly (Expr | null)[];
    readonly predicate: Expr | null;
  }[];
  readonly foreignKeys: readonly { readonly constraint: ForeignKeyConstraint; readonly target: TableDef }[];
  readonly referencedBy: readonly ReferringKey[];
}

/** What is known about the values of a column. */
export interface ColumnStatistics {
  /** Number of different values. */
  readonly distinct: number;
  readonly nullFraction: number;
  /** Values at even distances through the sorted column, NULLs left out. */
  readonly quantiles: readonly Datum[];
  /** Values much more frequent than the average, with their share of all rows. */
  readonly common: readonly { readonly value: Datum; readonly fraction: number }[];
  readonly compare: (a: Datum, b: Datum) => number;
}

export interface Statistics {
  tableRows(table: TableDef): number;
  /** From ANALYZE or sampling; null when nothing is known. */
  column(table: TableDef, column: number): ColumnStatistics | null;
  /** Share of an index's neighbours that are neighbours in the table too; absent: not known, taken as none. */
  locality?(table: TableDef, index: IndexDef): number;
  /** Number of different combinations of an index's first `length` columns; absent: not known. */
  prefixDistinct?(table: TableDef, index: IndexDef, length: number): number;
  /** Rows a condition on trigram indexes leaves, from their postings; null when a pattern is not known yet. */
  trigramRows?(table: TableDef, condition: TrigramCondition): number | null;
  /** Rows of the table or index tree in a range of constants and parameters of these values, estimated from the tree; null when it cannot say. */
  rangeRows(
    table: TableDef,
    index: IndexDef | null,
    ranges: readonly KeyRange[],
    params: readonly Datum[],
  ): number | null;
}

/** Threads that may help, and what that costs. */
export interface ParallelEnv {
  readonly workers: number;
  readonly setupCost: number;
  readonly tupleCost: number;
  /** Smaller tables are scanned by one thread. */
  readonly scanBytesMin: number;
  /** Rows that a part of a table has at least. */
  readonly pieceRowsMin: number;
}

export interface PlanEnv {
  /** Null or absent: the statement runs on one thread. */
  readonly parallel?: ParallelEnv | null;
  readonly statistics: Statistics;
  /** Values of the parameters to guess by; absent: nothing is known of them. */
  readonly peek?: ParamPeek;
  /** Whether the rewrite rule or access method of that name may be used (`optimizer.rule.NAME`). */
  isRuleOn(name: string): boolean;
  /** Bytes an operator may hold before it spills. */
  readonly workMemBytes: number;
  tableExpressions(table: TableDef): TableExpressions;
  /** The key of the table a partition is directly part of, with the names of its columns (empty for expressions). */
  partitionKeyOf?(partition: TableDef): (PartitionKey & { readonly names: readonly string[] }) | null;
}
