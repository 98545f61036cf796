/**
 * What operators cost, in PostgreSQL's unit: one sequential row is about 0.01.
 *
 * The figures are ratios measured on this engine: rows of a scan arrive in columnar batches and cost almost nothing each;
 * a look-up descends a tree and costs as much as some fifty of them; a hash build costs about four.
 */
export const Cost = {
  scanRow: 0.002,
  /** Starting a scan of a whole table: more than a look-up costs, so that small tables are looked up in too and grow in peace. */
  scanStart: 0.1,
  filterRow: 0.0015,
  /** Descent of a tree for one look-up. */
  descent: 0.06,
  /** One row fetched from the table through an index: a leaf of its own, most likely in no cache. */
  fetchRow: 0.15,
  /** The same when the leaf is the one of the row before. */
  fetchNearRow: 0.03,
  indexRow: 0.002,
  hashBuildRow: 0.012,
  hashProbeRow: 0.006,
  mergeRow: 0.006,
  loopPair: 0.002,
  outputRow: 0.002,
  sortCompare: 0.003,
  aggregateRow: 0.006,
  projectRow: 0.0015,
  functionRow: 0.01,
  startStatement: 0.01,
} as const;

/** Rows and costs of a node: startup is what must be paid before the first row comes out. */
export interface Estimates {
  readonly rows: number;
  readonly startupCost: number;
  readonly totalCost: number;
}

export function estimates(rows: number, startupCost: number, totalCost: number): Estimates {
  return { rows, startupCost, totalCost: Math.max(totalCost, startupCost) };
}

/** Cost of fetching a row through an index whose neighbours lie near each other in the table as often as `locality` says. */
export function fetchCost(locality: number): number {
  return Cost.fetchNearRow * locality + Cost.fetchRow * (1 - locality);
}

/**
 * How much dearer a place in a tree of so many rows is that a join looks up in no order: the larger the tree, the less of it
 * is in the processor's caches. Measured: 0.3 us a look-up in 10^4 rows, 1.2 us in 10^5 to 10^6.
 */
function scatter(rows: number): number {
  return 1 + Math.min(5, Math.max(0, Math.log2(rows / 2000)) * 0.7);
}

/** Cost of a look-up a join makes in a tree of `rows` rows. */
export function lookUpCost(rows: number): number {
  return Cost.descent * scatter(rows);
}

/** Cost of fetching a row that a join found in an index of a table of `rows` rows. */
export function joinFetchCost(locality: number, rows: number): number {
  return Cost.fetchNearRow * locality + Cost.fetchRow * (1 - locality) * scatter(rows);
}

/** Cost of sorting `rows` rows in memory. */
export function sortCost(rows: number): number {
  return rows * Math.log2(Math.max(2, rows)) * Cost.sortCompare;
}

/** Cost of keeping the first `kept` of `rows` rows. */
export function topNCost(rows: number, kept: number): number {
  return rows * Cost.filterRow + Math.min(rows, kept * 8) * Math.log2(Math.max(2, kept)) * Cost.sortCompare;
}

/** Cost of a plan of which only a part of the rows is asked for. */
export function partialCost(plan: Estimates, rowsWanted: number | null): number {
  if (rowsWanted === null || plan.rows <= rowsWanted) return plan.totalCost;
  return plan.startupCost + ((plan.totalCost - plan.startupCost) * rowsWanted) / Math.max(1, plan.rows);
}
