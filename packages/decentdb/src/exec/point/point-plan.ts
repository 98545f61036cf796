/**
 * Which plans are single-row: one row of one table, found by its row id or by a whole unique key; and which read or change the
 * few rows that have some row ids, or share a key of an index.
 *
 * I1  A rule about plans, not about statements: whatever the planner turns into such a plan takes the short path.
 * I2  Anything that needs an operator (subqueries, several ranges) is not eligible.
 */
import { type IndexDef, isUniqueAlways, type TableDef } from '../../catalog/schema.ts';
import { visitExpr } from '../compile/shape.ts';
import type { Expr, KeyPart, KeyRange, PhysicalNode, ScanNode } from '../physical.ts';

/** A row to find: by row id (`index` null) or by the whole key of a unique index. */
export interface PointAccess {
  readonly table: TableDef;
  readonly index: IndexDef | null;
  readonly keys: readonly Expr[];
  /** Table column by slot of the scan: -1 the row id, -2 the table's oid. */
  readonly columns: readonly number[];
}

/** Expressions that can be evaluated without operators. */
export function isSimple(expr: Expr): boolean {
  let simple = true;
  visitExpr(expr, (node) => {
    if (node.kind === 'subquery' || node.kind === 'context' || node.kind === 'outer') simple = false;
  });
  return simple;
}

/** Functions of the clock. */
const clock: ReadonlySet<string> = new Set([
  'now',
  'statement_timestamp',
  'transaction_timestamp',
  'current_date',
  'current_timestamp',
  'localtimestamp',
]);

/** Simple, changes nothing, and asks nothing of a running statement, as functions of the session's services do. */
export function isQuiet(expr: Expr): boolean {
  if (!isSimple(expr)) return false;
  let isQuietSoFar = true;
  visitExpr(expr, (node) => {
    if (node.kind !== 'call') return;
    const { volatility, operator, name } = node.fn;
    if (volatility !== 'immutable' && operator === undefined && !clock.has(name)) isQuietSoFar = false;
  });
  return isQuietSoFar;
}

/** The access of a scan that finds at most one row, else null. */
export function pointAccess(node: PhysicalNode): PointAccess | null {
  if (node.kind !== 'scan' || node.filter !== null || node.sample !== null) return null;
  const keys = equalKeys(node);
  if (keys === null || !keys.every(isSimple)) return null;
  const { table, index, columns } = node;
  if (index === null) return keys.length === 1 ? { table, index, keys, columns } : null;
  const isWhole =
    isUniqueAlways(table, index) && index.method === 'btree' && keys.length === index.keys.length;
  return isWhole ? { table, index, keys, columns } : null;
}

function equalKeys(scan: ScanNode): readonly Expr[] | null {
  const range = scan.ranges?.[0];
  if (range === undefined || scan.ranges?.length !== 1 || range.range !== null) return null;
  const keys: Expr[] = [];
  for (const part of range.prefix) {
    if (part.kind !== 'equal') return null;
    keys.push(part.expr);
  }
  return keys;
}

/** The few rows that have one of some row ids, or agree on the first keys of an index, or lie in ranges, and pass a filter. */
export interface RowsAccess {
  readonly table: TableDef;
  readonly index: IndexDef | null;
  /** Of the first key columns; of the row id where there is no index. */
  readonly parts: readonly KeyPart[];
  /** Set: ranges of the tree instead of parts; null: all of it. */
  readonly ranges?: readonly KeyRange[] | null;
  /** Table column by slot of the scan: -1 the row id, -2 the table's oid. */
  readonly columns: readonly number[];
  /** Over the scan's slots. */
  readonly filter: Expr | null;
  readonly filterSlots: readonly number[];
  /** Rows come by row id, not in the index's order. */
  readonly isByRowId: boolean;
}

/** The access of a scan for the rows of equal keys (or, where asked for, of ranges), else null. */
export function rowsAccess(node: PhysicalNode, takesRanges = false): RowsAccess | null {
  if (node.kind !== 'scan' || node.sample !== null || node.path === 'trigram') return null;
  const { table, index, columns, filter, ordered } = node;
  if (ordered && node.direction !== 'forward') return null;
  if (index === null ? node.path !== 'table' : index.method !== 'btree') return null;
  if (filter !== null && !isQuiet(filter)) return null;
  const filterSlots = filter === null ? [] : slotsOf([filter]);
  const access = { table, index, columns, filter, filterSlots, isByRowId: index === null || !ordered };
  const parts = partsOf(node);
  if (parts !== null) return { ...access, parts };
  const { ranges } = node;
  const isFit = takesRanges && (ranges === null || ranges.every(isSimpleRange));
  return isFit ? { ...access, parts: [], ranges } : null;
}

/** The access of a scan whose rows are taken one after the other as it walks its tree, else null. */
export function pageAccess(node: ScanNode): RowsAccess | null {
  const { table, index, columns, filter, ranges, path, ordered, direction } = node;
  if (node.sample !== null || node.skip !== undefined || path === 'trigram') return null;
  if (index !== null && index.method !== 'btree') return null;
  // Rows that are fetched come by their ids, where nobody asked for the index's order.
  if (!ordered && (path === 'index' || direction !== 'forward')) return null;
  if (filter !== null && !isQuiet(filter)) return null;
  if (ranges !== null && !ranges.every(isSimpleRange)) return null;
  const filterSlots = filter === null ? [] : slotsOf([filter]);
  return { table, index, parts: [], ranges, columns, filter, filterSlots, isByRowId: false };
}

/** The values that the first key columns have, where that is all there is to say; else null. */
function partsOf({ ranges, ordered, index }: ScanNode): readonly KeyPart[] | null {
  const range = ranges?.[0];
  if (range === undefined || ranges?.length !== 1 || range.range !== null) return null;
  const parts = range.prefix;
  if (parts.length === 0 || !parts.every(isFewPart)) return null;
  // Lists are gone through as they are written: the index's own order is another.
  return ordered && index !== null && !parts.every((part) => part.kind === 'equal') ? null : parts;
}

function isSimpleRange({ prefix, range }: KeyRange): boolean {
  const bounds = [...(range?.lower?.exprs ?? []), ...(range?.upper?.exprs ?? [])];
  return bounds.every(isSimple) && prefix.every((part) => part.kind === 'isNull' || isFewPart(part));
}

function isFewPart(part: KeyPart): boolean {
  switch (part.kind) {
    case 'equal':
      return isSimple(part.expr);
    case 'in':
      return part.list.every(isSimple);
    case 'inArray':
      return isSimple(part.array);
    default:
      return false;
  }
}

/** Slots that expressions read. */
export function slotsOf(exprs: readonly Expr[]): number[] {
  const slots = new Set<number>();
  for (const expr of exprs)
    visitExpr(expr, (node) => {
      if (node.kind === 'slot') slots.add(node.slot);
    });
  return [...slots];
}

interface Projected<A> {
  readonly access: A;
  /** The scan slot behind each output. */
  readonly outputs: readonly number[];
}

/** A scan, or a projection of plain slots over one. */
function projected<A extends { readonly columns: readonly number[] }>(
  root: PhysicalNode,
  accessOf: (node: PhysicalNode) => A | null,
): Projected<A> | null {
  if (root.kind === 'project') {
    const access = accessOf(root.input);
    if (access === null || !root.exprs.every((expr) => expr.kind === 'slot')) return null;
    return { access, outputs: root.exprs.map((expr) => (expr as { slot: number }).slot) };
  }
  const access = accessOf(root);
  return access === null ? null : { access, outputs: access.columns.map((_, i) => i) };
}

export function projectedAccess(root: PhysicalNode): Projected<PointAccess> | null {
  return projected(root, pointAccess);
}

export function projectedRows(root: PhysicalNode): Projected<RowsAccess> | null {
  return projected(root, rowsAccess);
}
