/**
 * Leaves of the plan: tables, indexes, values, functions, system views.
 *
 * I1  Bounds are expressions over parameters, constants and outer values only; they are evaluated once per open.
 * I2  A bound's value has the physical kind of its key column (int32 and int64 count as one): the planner casts.
 * I3  A NULL bound makes its range empty (`=` and `<` are never true of NULL); `isNull` finds NULLs.
 * I4  Ranges are in any order and may overlap: the executor sorts them in scan direction and drops duplicates.
 */
import type { IndexDef, TableDef } from '../../catalog/schema.ts';
import type { TableFunction } from '../../functions/function.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { Expr } from '../expr.ts';
import type { PhysicalNodeBase } from '../physical.ts';

/** What a leading key column must be. */
export type KeyPart =
  | { readonly kind: 'equal'; readonly expr: Expr }
  | { readonly kind: 'isNull' }
  /** Any of the listed values: IN. NULL elements find nothing. */
  | { readonly kind: 'in'; readonly list: readonly Expr[] }
  /** Any element of an array value: `= ANY($1)`. */
  | { readonly kind: 'inArray'; readonly array: Expr };

/** A bound on the key columns after the prefix, compared in turn: one expression for `a > 1`, several for `(a, b) > (1, 2)`. */
export interface KeyBound {
  readonly exprs: readonly Expr[];
  readonly inclusive: boolean;
}

/**
 * Rows whose leading key columns match `prefix` and whose next column lies between the bounds as *values* (`lower` is the
 * smaller value whatever the column's stored direction). A range object, even without bounds, excludes NULL in the next column.
 */
export interface KeyRange {
  readonly prefix: readonly KeyPart[];
  readonly range: { readonly lower: KeyBound | null; readonly upper: KeyBound | null } | null;
}

/**
 * Rows of a table, whichever way they are reached.
 *
 *     path 'table'      the table's tree: all rows (`ranges` null) or those whose row id lies in the ranges
 *     path 'index'      through `index`, then the table for the columns the index lacks
 *     path 'indexOnly'  every output column is in the index (keys, include, row id)
 *     path 'trigram'    rows that may satisfy `trigram` (a search condition, or a combination of indexes), then the table; or all
 *                       of it, when that is cheaper once patterns are known
 *
 * `slots[i]` is table column `columns[i]`; -1 the row id, -2 the table's oid, -3 a vector (see ExactSearch).
 */
export interface ScanNode extends PhysicalNodeBase {
  readonly kind: 'scan';
  readonly table: TableDef;
  /** Name in the query, for EXPLAIN. */
  readonly alias?: string;
  readonly columns: readonly number[];
  readonly path: 'table' | 'index' | 'indexOnly' | 'trigram';
  /** The index read; of path 'trigram' the first one. */
  readonly index: IndexDef | null;
  /** Path 'trigram': what the filter says about indexed texts. The filter still decides. */
  readonly trigram?: TrigramCondition | null;
  /** Path 'trigram': what full text indexes can tell without a look at the rows. */
  readonly exact?: ExactSearch | null;
  /** Path 'trigram': instead of a condition, the rows nearest to a pattern. */
  readonly nearest?: NearestSearch | null;
  /** Why a search index that has something to say about the filter is not used, for EXPLAIN. */
  readonly searchRefused?: string | null;
  readonly ranges: readonly KeyRange[] | null;
  /** Order of the tree read, or its reverse. Rows come out in that order only when `ordered`. */
  readonly direction: 'forward' | 'backward';
  /** The plan relies on the order of rows; else the executor may fetch by ascending row id. */
  readonly ordered: boolean;
  /** Rows of several leaves come as one batch (paths 'table' and 'indexOnly'). */
  readonly isChunked?: boolean;
  /** Pages never pass by the cache, whoever reads. */
  readonly keepsPages?: boolean;
  /** Read a piece at a time, for the gather node above. */
  readonly isParallel?: boolean;
  /** Path 'indexOnly', no ranges: of rows that agree on the first `prefix` keys the first, and the last of those with a value in the next key. */
  readonly skip?: { readonly prefix: number; readonly last: boolean };
  /** Over the output slots. Zone maps and typed kernels are derived from it. */
  readonly filter: Expr | null;
  readonly sample: {
    readonly method: 'bernoulli' | 'system';
    readonly percent: Expr;
    readonly seed: Expr | null;
  } | null;
}

/**
 * Conjuncts that full text indexes decide for all rows but those noted since the last merge. The rows of `columns` -3 (the last one,
 * if it is there) are vectors of the query's words alone: enough for ranks.
 */
export interface ExactSearch {
  readonly condition: TrigramCondition;
  /** The filter's other conjuncts. */
  readonly rest: Expr | null;
  /** What the last column holds: the vector under this part of the condition, `expr` over the other slots. */
  readonly vector: { readonly match: TrigramCondition; readonly expr: Expr } | null;
  /** Only the rows of the highest rank are wanted; null or absent: all. */
  readonly ranked?: RankedSearch | null;
}

/** The `count + offset` rows with the highest bm25, and all others with as much as the last of them. */
export interface RankedSearch {
  /** Of the index whose counts are used, and k1 and b where they are given. */
  readonly index: Expr;
  readonly factors: readonly Expr[];
  readonly count: Expr;
  readonly offset: Expr | null;
}

/** The `count + offset` rows whose indexed text is nearest to `pattern`, and all others as near as the last of them. */
export interface NearestSearch {
  readonly index: IndexDef;
  readonly key: number;
  readonly pattern: Expr;
  /** Over the output slots. */
  readonly distance: Expr;
  readonly count: Expr;
  readonly offset: Expr | null;
}

/** What a pattern is to an indexed text. */
export type TextMatch =
  | 'like'
  | 'equal'
  | 'regex'
  | 'regexIgnoringCase'
  | 'contains'
  | 'query'
  | SimilarMatch
  | ItemMatch;

/** What is asked of the items of an array or jsonb value (storage/item-search.ts). */
export type ItemMatch =
  | 'arrayContains'
  | 'arrayWithin'
  | 'arrayOverlaps'
  | 'arrayEquals'
  | 'arrayHolds'
  | 'jsonContains'
  | 'jsonHasKey'
  | 'jsonHasAnyKey'
  | 'jsonHasAllKeys'
  | 'jsonPathExists'
  | 'jsonPathHolds';

/** pg_trgm's `%`, `%>` and `%>>`, with the pattern as the text looked for. */
export type SimilarMatch = 'similar' | 'wordSimilar' | 'strictWordSimilar';

/** Rows in ranges of a B-tree index, or of row ids (`index` null). */
export interface RangeCondition {
  readonly kind: 'range';
  readonly index: IndexDef | null;
  readonly ranges: readonly KeyRange[];
}

/** A necessary condition that indexes know the rows of: texts of search indexes, ranges of others, and combinations. */
export type TrigramCondition =
  | RangeCondition
  | {
      readonly kind: 'match';
      readonly index: IndexDef;
      /** Position among the index's keys. */
      readonly key: number;
      readonly match: TextMatch;
      readonly pattern: Expr;
      /** Least similarity, where it is written; else the setting says. */
      readonly threshold?: number;
    }
  | { readonly kind: 'all' | 'any'; readonly parts: readonly TrigramCondition[] };

/** Rows of expressions; `rows: [[]]` is the single empty row. */
export interface ValuesNode extends PhysicalNodeBase {
  readonly kind: 'values';
  readonly rows: readonly (readonly Expr[])[];
}

/** Set-returning functions side by side, padded with NULLs; a bigint ordinality last if asked for. */
export interface TableFunctionNode extends PhysicalNodeBase {
  readonly kind: 'tableFunction';
  readonly functions: readonly {
    readonly fn: TableFunction;
    readonly args: readonly Expr[];
    readonly columnTypes: readonly SqlType[];
  }[];
  readonly withOrdinality: boolean;
}

/** A relation computed on demand; `rows` gets `ExecContext.session`. */
export interface VirtualScanNode extends PhysicalNodeBase {
  readonly kind: 'virtualScan';
  readonly view: { readonly name: string; rows(context: unknown): Iterable<readonly unknown[]> };
  /** `slots[i]` is the view's column `columns[i]`. */
  readonly columns: readonly number[];
}
