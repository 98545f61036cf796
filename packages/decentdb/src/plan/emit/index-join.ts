/**
 * Index nested loop: for each left row, look-ups in the right table's tree or index.
 *
 * I1  The right side is a scan with filters and nothing else; its filters become part of the residual.
 * I2  Equalities with constants in the right side's filters count as keys, so that composite indexes serve.
 */
import type { IndexDef, TableDef } from '../../catalog/schema.ts';
import type { ColumnId, Expr } from '../../exec/expr.ts';
import type { IndexJoinNode, PhysicalNode } from '../../exec/physical.ts';
import { Cost, estimates, joinFetchCost, lookUpCost } from '../cost.ts';
import type { JoinNode, LogicalNode, ScanNode } from '../logical.ts';
import { outputIds } from '../node-walk.ts';
import { conjunction, conjunctsOf } from '../predicates.ts';
import { isBound, keyValue, stripRelabel } from '../ranges.ts';
import { inChunks } from './chunks.ts';
import { conditionStages } from './condition-stages.ts';
import { type EmitContext, estimateOf, slotMapOf, slotsOf } from './context.ts';
import type { Emitted } from './frame.ts';
import { type JoinOption, joinOutput } from './join.ts';
import { equalityOf, type JoinKeys } from './join-keys.ts';

interface LookUp {
  readonly index: IndexDef | null;
  readonly keys: readonly Expr[];
  readonly used: ReadonlySet<Expr>;
  readonly matchesPerKey: number;
  readonly indexOnly: boolean;
}

/** Fewer rows are fetched with all columns of the condition. */
const STAGED_LEAST = 512;

export function indexJoinOption(
  context: EmitContext,
  node: JoinNode,
  left: Emitted,
  keys: JoinKeys,
  rows: number,
): JoinOption | null {
  if (keys.left.length === 0 || node.join === 'full' || node.join === 'right') return null;
  if (!context.env.isRuleOn('index_join')) return null;
  const target = scanBelow(node.right);
  if (target === null) return null;
  const { scan, filters } = target;
  const lookUp = bestLookUp(context, scan, filters, keys);
  if (lookUp === null) return null;
  const l = estimateOf(left.plan);
  const locality =
    lookUp.index === null ? 1 : (context.env.statistics.locality?.(scan.table, lookUp.index) ?? 0);
  const tableRows = context.cardinality.rows(scan);
  const perMatch =
    Cost.indexRow + (lookUp.index !== null && !lookUp.indexOnly ? joinFetchCost(locality, tableRows) : 0);
  // Keys that come in order are found near each other.
  const first = stripRelabel(lookUp.keys[0] as Expr);
  const isInOrder = first.kind === 'column' && left.order[0]?.id === first.id;
  const near = isInOrder ? 1 : nearness(context, left, first);
  const oneLookUp = Cost.descent * near + lookUpCost(tableRows) * (1 - near);
  // What comes out was found first.
  const matches = Math.max(
    lookUp.matchesPerKey,
    0.1,
    isOuterLike(node.join) ? 0 : rows / Math.max(1, l.rows),
  );
  const total = l.totalCost + l.rows * (oneLookUp + matches * perMatch) + rows * Cost.outputRow;
  const estimate = estimates(Math.round(rows), l.startupCost, total);
  return {
    estimate,
    order: left.order,
    make: () => {
      const columns = slotMapOf(scan.columns);
      const right: Emitted = {
        plan: { ...left.plan, slots: slotsOf(scan.columns) },
        slots: columns,
        order: [],
      };
      const width = left.plan.slots.length;
      const both = new Map(left.slots);
      for (const [id, slot] of columns) both.set(id, width + slot);
      const output = joinOutput(node, left, right);
      const residual = [...keys.residual, ...keys.conjuncts, ...filters].filter((c) => !lookUp.used.has(c));
      const stages =
        l.rows * matches >= STAGED_LEAST && context.env.isRuleOn('staged_conditions')
          ? conditionStages(residual, outputIds(scan))
          : null;
      const plan: IndexJoinNode = {
        kind: 'indexJoin',
        id: context.newId(),
        slots: output.types,
        estimate,
        join: node.join,
        left: inChunks(context, left.plan),
        table: scan.table,
        alias: scan.alias,
        index: lookUp.index,
        indexOnly: lookUp.indexOnly,
        keys: context.resolveAll(lookUp.keys, left.slots),
        range: null,
        columns: scan.stored,
        residual: context.resolveMaybe(conjunction(residual), both),
        ...(stages === null ? {} : { stages: context.resolveAll(stages, both) }),
      };
      nearnessOf.set(plan, near);
      return { plan, slots: output.slots, order: left.order };
    },
  };
}

/** {@link nearness} of joins for first rows. */
const nearnessOf = new WeakMap<PhysicalNode, number>();

/**
 * How often rows that come in the order of a table have keys near those of the row before: as often as rows of one key lie near each
 * other in the table; and where the key's table was joined by keys that were near, its row is often the one of before. Asked for
 * plans that stop at the first rows alone, which read no other rows than those of such an order.
 */
function nearness(context: EmitContext, left: Emitted, key: Expr): number {
  if (!context.isForFirstRows || left.order.length === 0 || key.kind !== 'column') return 0;
  const origin = context.origins.of(key.id);
  if (origin === undefined) return 0;
  const { table, column } = origin;
  const index = table.indexes.find(
    ({ method, keys, predicateSql }) =>
      method === 'btree' && predicateSql === null && keys[0]?.column === column,
  );
  const apart = 1 - (index === undefined ? 0 : (context.env.statistics.locality?.(table, index) ?? 0));
  const { plan } = left;
  if (plan.kind !== 'indexJoin' || plan.table !== table) return 1 - apart;
  const rows = context.env.statistics.tableRows(table);
  const repeats = 1 - Math.min(1, rows / Math.max(1, estimateOf(plan).rows));
  return 1 - apart * (1 - repeats * (nearnessOf.get(plan) ?? 0));
}

/** Joins that output left rows without a match too, or no right rows. */
function isOuterLike(join: JoinNode['join']): boolean {
  return join !== 'inner';
}

/** A plain scan with filters; null for anything else. */
export function scanBelow(node: LogicalNode): { scan: ScanNode; filters: readonly Expr[] } | null {
  const filters: Expr[] = [];
  let at = node;
  while (at.kind === 'filter') {
    filters.push(...conjunctsOf(at.predicate));
    at = at.input;
  }
  return at.kind === 'scan' && at.sample === null ? { scan: at, filters } : null;
}

function bestLookUp(
  context: EmitContext,
  scan: ScanNode,
  filters: readonly Expr[],
  keys: JoinKeys,
): LookUp | null {
  const idOf = new Map<number, ColumnId>();
  scan.stored.forEach((column, i) => {
    const id = scan.columns[i]?.id;
    if (id !== undefined && !idOf.has(column)) idOf.set(column, id);
  });
  const own = new Set(scan.columns.map((c) => c.id));
  const tableRows = context.cardinality.rows(scan);
  const keyFor = (id: ColumnId | undefined, type: KeyType, typmod: number) => {
    if (id === undefined) return null;
    const joined = keys.right.findIndex((e, i) => {
      const inner = stripRelabel(e);
      return inner.kind === 'column' && inner.id === id && keys.nullSafe[i] !== true;
    });
    const expr = joined === -1 ? null : keyValue(keys.left[joined] as Expr, type, typmod);
    if (expr !== null) return { expr, conjunct: keys.conjuncts[joined] as Expr, isJoin: true };
    return constantFor(filters, id, own, type, typmod);
  };
  let best: LookUp | null = null;
  const consider = (index: IndexDef | null, columns: readonly { column: number; type: KeyType }[]): void => {
    const exprs: Expr[] = [];
    const used = new Set<Expr>();
    let usesJoin = false;
    let matches = tableRows;
    const ids: ColumnId[] = [];
    for (const { column, type } of columns) {
      const key = keyFor(idOf.get(column), type, scan.table.columns[column]?.typmod ?? -1);
      if (key === null) break;
      exprs.push(key.expr);
      used.add(key.conjunct);
      usesJoin ||= key.isJoin;
      ids.push(idOf.get(column) as ColumnId);
      matches /= context.cardinality.selectivity.distinct(idOf.get(column) as ColumnId) ?? 1;
    }
    if (!usesJoin) return;
    const combinations = ids.length > 1 ? context.cardinality.selectivity.combinations(ids) : null;
    if (combinations !== null) matches = Math.max(matches, tableRows / combinations);
    if (index?.unique === true && exprs.length === index.keys.length) matches = 1;
    const has = new Set([
      ...(index?.keys.map((k) => k.column) ?? []),
      ...(index?.include ?? []),
      -1,
      scan.table.rowIdColumn,
    ]);
    const indexOnly = index !== null && scan.stored.every((c) => has.has(c));
    if (best === null || matches < best.matchesPerKey)
      best = { index, keys: exprs, used, matchesPerKey: Math.max(matches, 0.01), indexOnly };
  };
  const rowIdType = scan.table.columns[scan.table.rowIdColumn]?.type;
  if (rowIdType !== undefined) consider(null, [{ column: scan.table.rowIdColumn, type: rowIdType }]);
  for (const index of scan.table.indexes) {
    if (index.method !== 'btree' || index.predicateSql !== null) continue;
    consider(
      index,
      index.keys.map((k) => ({ column: k.column >= 0 ? k.column : -3, type: k.type })),
    );
  }
  return best;
}

type KeyType = TableDef['columns'][number]['type'];

function constantFor(
  filters: readonly Expr[],
  id: ColumnId,
  own: ReadonlySet<ColumnId>,
  type: KeyType,
  typmod: number,
) {
  for (const filter of filters) {
    const pair = equalityOf(filter);
    if (pair === null || pair.nullSafe) continue;
    for (const [column, value] of [
      [pair.left, pair.right],
      [pair.right, pair.left],
    ] as const) {
      const inner = stripRelabel(column);
      if (inner.kind !== 'column' || inner.id !== id) continue;
      const expr = isBound(value, own) ? keyValue(value, type, typmod) : null;
      if (expr !== null) return { expr, conjunct: filter, isJoin: false };
    }
  }
  return null;
}
