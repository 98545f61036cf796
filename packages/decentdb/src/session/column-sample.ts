/**
 * What a table's values look like, from a sample of its leaves.
 *
 * Leaves are taken at even distances through the tree, rows at even distances through each leaf: the same sample for the
 * same tree. Distinct values are estimated as PostgreSQL's ANALYZE does (Haas and Stokes, "Estimating the number of classes
 * in a finite population", the Duj1 estimator); for a column that leads an index, from the changes between neighbours there.
 *
 * I1  A sample reads cells of a leaf together and decodes no column, where its form allows that.
 */
import type { IndexDef, TableDef } from '../catalog/schema.ts';
import { storedPosition } from '../catalog/schema.ts';
import { indexTree, tableTree } from '../exec/storage/stored-trees.ts';
import type { ColumnStatistics } from '../plan/env.ts';
import { cellsTogether } from '../tree/cells-together.ts';
import { OverflowValue } from '../tree/overflow-value.ts';
import type { Tree } from '../tree/tree.ts';
import { TreeCursor } from '../tree/tree-cursor.ts';
import { fetchChild, fetchRoot } from '../tree/tree-descent.ts';
import type { TreeNode } from '../tree/tree-node.ts';
import type { ReadView } from '../txn/page-view.ts';
import type { SqlType } from '../types/sql-type.ts';
import { type Datum, Physical } from '../types/vector.ts';

const LEAVES = 24;
const ROWS_PER_LEAF = 64;
const QUANTILES = 64;
const COMMON_MAX = 12;
/** Below so many changes between neighbours their share says little: few values are counted instead. */
const STEPPED_BELOW = 64;
const STEPS_MAX = 200;
const NEAR_ROWS = 32;
/** A value is common when the sample holds it this many times as often as the average value. */
const COMMON_FACTOR = 1.5;

export function sampleColumn(
  table: TableDef,
  column: number,
  rows: number,
  view: ReadView,
): ColumnStatistics | null {
  const type = table.columns[column]?.type;
  if (type === undefined) return null;
  const tree = tableTree(table);
  const values = sampleValues(tree, view, storedPosition(table, column));
  if (values.length === 0) return null;
  const present = sortedValues(values, type);
  const nullFraction = 1 - present.length / values.length;
  const runs = runsOf(present, type);
  const isWhole = values.length >= rows;
  const index = table.indexes.find(
    (i) => i.method === 'btree' && i.predicateSql === null && i.keys[0]?.column === column,
  );
  const estimated = isWhole ? runs.length : estimateDistinct(runs, present.length, rows * (1 - nullFraction));
  const distinct =
    isWhole || index === undefined ? estimated : distinctInIndex(table, index, rows, estimated, view);
  return {
    distinct: Math.max(1, distinct),
    nullFraction,
    quantiles: quantilesOf(present),
    common: commonValues(runs, values.length),
    compare: (a, b) => type.compare(a, b),
  };
}

function sampleLeaves(tree: Tree, view: ReadView): TreeNode[] {
  const leaves: TreeNode[] = [];
  let last = -1;
  for (let k = 0; k < LEAVES; k++) {
    let node = fetchRoot(tree, view);
    let place = (k + 0.5) / LEAVES;
    while (node.level > 0) {
      const child = Math.min(node.count - 1, Math.floor(place * node.count));
      place = place * node.count - child;
      node = fetchChild(tree, view, node, child);
    }
    if (node.pageNo === last) continue;
    last = node.pageNo;
    leaves.push(node);
  }
  return leaves;
}

function sampleValues(tree: Tree, view: ReadView, position: number): Datum[] {
  const values: Datum[] = [];
  const leaves = sampleLeaves(tree, view);
  const perLeaf = leaves.length < LEAVES / 2 ? ROWS_PER_LEAF * 4 : ROWS_PER_LEAF;
  for (const leaf of leaves) {
    const count = Math.min(leaf.count, perLeaf);
    const rows: number[] = [];
    for (let i = 0; i < count; i++) rows.push(Math.floor((i * leaf.count) / count));
    for (const value of datumsOf(tree, view, leaf, position, rows)) values.push(value);
  }
  return values;
}

function datumsOf(
  tree: Tree,
  view: ReadView,
  leaf: TreeNode,
  position: number,
  rows: readonly number[],
): readonly Datum[] {
  return cellsTogether(leaf, position, rows).map((cell) =>
    cell instanceof OverflowValue ? tree.resolve(view, leaf, position, cell) : cell,
  );
}

/** Values of a leaf's first rows, `max` at most. */
function firstDatums(
  tree: Tree,
  view: ReadView,
  leaf: TreeNode,
  position: number,
  max: number,
): readonly Datum[] {
  const rows = Array.from({ length: Math.min(leaf.count, max) }, (_, i) => i);
  return datumsOf(tree, view, leaf, position, rows);
}

interface Run {
  readonly value: Datum;
  readonly count: number;
}

/** The values that are not NULL, in order. Numbers are sorted as such: a first plan's comparisons run before they are optimised. */
export function sortedValues(values: readonly Datum[], type: SqlType): Datum[] {
  if (ordersAsNumbers(type)) {
    const numbers = new Float64Array(values.length);
    let count = 0;
    for (const value of values) {
      if (value === null) continue;
      if (typeof value !== 'number') return byType(values, type);
      numbers[count++] = value;
    }
    return Array.from(numbers.subarray(0, count).sort());
  }
  return byType(values, type);
}

function ordersAsNumbers({ physical }: SqlType): boolean {
  return physical === Physical.int32 || physical === Physical.int64 || physical === Physical.float64;
}

function byType(values: readonly Datum[], type: SqlType): Datum[] {
  return values.filter((value) => value !== null).sort((a, b) => type.compare(a, b));
}

/** Values of a sorted list with how often each occurs. */
function runsOf(sorted: readonly Datum[], type: SqlType): Run[] {
  const runs: Run[] = [];
  for (let i = 0; i < sorted.length; ) {
    const value = sorted[i] as Datum;
    let end = i + 1;
    while (end < sorted.length && (sorted[end] === value || isEqualTo(sorted[end] as Datum, value, type)))
      end++;
    runs.push({ value, count: end - i });
    i = end;
  }
  return runs;
}

/** Of two values that are not identical: other numbers differ. */
function isEqualTo(a: Datum, b: Datum, type: SqlType): boolean {
  if (typeof a === 'number' && typeof b === 'number') return Number.isNaN(a) && Number.isNaN(b);
  return type.compare(a, b) === 0;
}

/** n * d / (n - f1 + f1 * n / N): d values in a sample of n of N rows, f1 of them seen once. */
function estimateDistinct(runs: readonly Run[], sampled: number, rows: number): number {
  if (sampled === 0) return 1;
  let once = 0;
  for (const run of runs) if (run.count === 1) once++;
  if (once === sampled) return rows;
  const estimate = (sampled * runs.length) / (sampled - once + (once * sampled) / Math.max(sampled, rows));
  return Math.min(rows, Math.max(runs.length, estimate));
}

/** In an index equal values are neighbours: changes between neighbours, over the rows looked at, are the distinct share. */
function distinctInIndex(
  table: TableDef,
  index: IndexDef,
  rows: number,
  estimated: number,
  view: ReadView,
): number {
  if (index.unique && index.keys.length === 1) return rows;
  const tree = indexTree(table, index);
  const type = (index.keys[0] as IndexDef['keys'][number]).type;
  let looked = 0;
  let changes = 0;
  for (const leaf of sampleLeaves(tree, view)) {
    const values = firstDatums(tree, view, leaf, 0, ROWS_PER_LEAF * 2);
    let before = values[0] as Datum;
    for (let i = 1; i < values.length; i++) {
      const value = values[i] as Datum;
      const isSame = value === null || before === null ? value === before : type.compare(value, before) === 0;
      if (!isSame) changes++;
      before = value;
      looked++;
    }
  }
  if (looked === 0) return 1;
  if (changes < STEPPED_BELOW) {
    const counted = countBySteps(tree, view);
    if (counted !== null) return counted;
    // The sample knows better, unless the table lies in the order of the column: then it has seen too few values.
    return Math.max(1, estimated, (rows * changes) / looked / 2);
  }
  return Math.max(1, (rows * changes) / looked);
}

/** Different combinations of an index's first `length` columns, from the changes between neighbours. */
export function samplePrefixDistinct(
  table: TableDef,
  index: IndexDef,
  length: number,
  rows: number,
  view: ReadView,
): number {
  if (index.unique && length >= index.keys.length) return rows;
  const tree = indexTree(table, index);
  const types = index.keys.slice(0, length).map((key) => key.type);
  let looked = 0;
  let changes = 0;
  for (const leaf of sampleLeaves(tree, view)) {
    const count = Math.min(leaf.count, ROWS_PER_LEAF * 2);
    const columns = types.map((_, k) => firstDatums(tree, view, leaf, k, count));
    for (let i = 1; i < count; i++) {
      looked++;
      for (let k = 0; k < types.length; k++) {
        const values = columns[k] as readonly Datum[];
        const [a, b] = [values[i - 1] as Datum, values[i] as Datum];
        if (a === null || b === null ? a === b : (types[k] as SqlType).compare(a, b) === 0) continue;
        changes++;
        break;
      }
    }
  }
  return looked === 0 ? 1 : Math.max(1, (rows * (changes + 1)) / (looked + 1));
}

/** Values of the first key column, counted by jumping from each to the next; null when there are many. */
function countBySteps(tree: Tree, view: ReadView): number | null {
  const cursor = new TreeCursor(tree, view);
  let lower: readonly Datum[] | null = null;
  for (let count = 0; count <= STEPS_MAX; count++) {
    cursor.seek({ lower, lowerInclusive: false, upper: null, upperInclusive: true });
    if (!cursor.next()) return count;
    lower = [tree.datum(view, cursor.leaf as TreeNode, cursor.from, 0)];
  }
  return null;
}

/** Share of the neighbours in an index whose rows are near each other in the table, so that they share leaves. */
export function sampleLocality(table: TableDef, index: IndexDef, view: ReadView): number {
  const tree = indexTree(table, index);
  const position = tree.schema.leaf.length - 1;
  let looked = 0;
  let near = 0;
  for (const leaf of sampleLeaves(tree, view)) {
    const ids = firstDatums(tree, view, leaf, position, ROWS_PER_LEAF);
    for (let i = 1; i < ids.length; i++) {
      if (Math.abs(Number(ids[i - 1]) - Number(ids[i])) <= NEAR_ROWS) near++;
      looked++;
    }
  }
  return looked === 0 ? 1 : near / looked;
}

function quantilesOf(sorted: readonly Datum[]): readonly Datum[] {
  if (sorted.length < 2) return [];
  const count = Math.min(QUANTILES, sorted.length);
  return Array.from(
    { length: count },
    (_, i) => sorted[Math.round((i * (sorted.length - 1)) / (count - 1))] as Datum,
  );
}

function commonValues(runs: readonly Run[], sampled: number): ColumnStatistics['common'] {
  const average = sampled / Math.max(1, runs.length);
  return runs
    .filter((run) => run.count > 2 && run.count > average * COMMON_FACTOR)
    .sort((a, b) => b.count - a.count)
    .slice(0, COMMON_MAX)
    .map((run) => ({ value: run.value, fraction: run.count / sampled }));
}
