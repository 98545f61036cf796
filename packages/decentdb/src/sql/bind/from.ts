/**
 * FROM: each item becomes a plan and the names it offers; the list is joined from left to right.
 *
 * I1  While an item is bound, the items before it are in the namespace as lateral-only; after the list all are plain.
 * I2  A join's `lateral` flag says that the right side really uses columns of the left.
 */
import type { SequenceDef } from '../../catalog/schema.ts';
import type { LogicalNode, OutputColumn } from '../../plan/logical.ts';
import { freeColumns } from '../../plan/node-walk.ts';
import type * as ast from '../ast/nodes.ts';
import { bindError, bindNotSupported } from './errors.ts';
import { bindRangeFunction } from './from-functions.ts';
import { applyColumnAliases, itemOf } from './from-items.ts';
import { bindJoin } from './joins.ts';
import { expandJsonTable } from './json-table.ts';
import type { Level, NamespaceItem } from './level.ts';
import { resolveRelation } from './relations.ts';
import { bindSample } from './samples.ts';
import { scanCte, scanTable, scanVirtual } from './scans.ts';
import { checkNameConflicts } from './scope.ts';
import { bindSelect } from './select.ts';
import { expandSystemView, expandView } from './views.ts';

export interface FromResult {
  readonly node: LogicalNode;
  readonly namespace: readonly NamespaceItem[];
}

/** Binds the list into `level.namespace`; null for an empty list. */
export function bindFrom(level: Level, items: readonly ast.FromItem[]): LogicalNode | null {
  let node: LogicalNode | null = null;
  for (const item of items) {
    const bound = bindFromItem(level, item);
    checkNameConflicts(level.namespace, bound.namespace, item.location);
    setLateral(bound.namespace, true, true);
    level.namespace = [...level.namespace, ...bound.namespace];
    node = node === null ? bound.node : crossJoin(node, bound.node);
  }
  setLateral(level.namespace, false, true);
  return node;
}

export function setLateral(items: readonly NamespaceItem[], lateralOnly: boolean, lateralOk: boolean): void {
  for (const item of items) {
    item.lateralOnly = lateralOnly;
    item.lateralOk = lateralOk;
  }
}

/** An unconditional join; `lateral` as I2 says. */
export function crossJoin(left: LogicalNode, right: LogicalNode): LogicalNode {
  return {
    kind: 'join',
    join: 'inner',
    left,
    right,
    condition: null,
    lateral: usesColumnsOf(right, left),
    mark: null,
    columns: [...left.columns, ...right.columns],
  };
}

/** Whether `node` uses columns that `provider` outputs. */
export function usesColumnsOf(node: LogicalNode, provider: LogicalNode): boolean {
  if (node.kind === 'scan' || node.kind === 'cteScan' || node.kind === 'virtualScan') return false;
  const free = freeColumns(node);
  return free.size > 0 && provider.columns.some((column: OutputColumn) => free.has(column.id));
}

export function bindFromItem(level: Level, item: ast.FromItem): FromResult {
  switch (item.kind) {
    case 'RangeVar':
      return bindRangeVar(level, item);
    case 'RangeSubselect':
      return bindRangeSubselect(level, item);
    case 'RangeFunction':
      return bindRangeFunction(level, item);
    case 'JoinExpr':
      return bindJoin(level, item);
    case 'RangeTableSample':
      return bindSample(level, item);
    case 'RangeTableFunc':
      throw bindNotSupported('XMLTABLE', item.location);
    default:
      return bindRangeSubselect(level, expandJsonTable(level, item));
  }
}

/** A relation by name: table, view, WITH item or system view. */
export function bindRangeVar(level: Level, item: ast.RangeVar): FromResult {
  const relation = resolveRelation(level, item);
  switch (relation.kind) {
    case 'cte':
      return scanCte(level, item, relation.cte);
    case 'virtual':
      return relation.view.querySql === undefined
        ? scanVirtual(level, item, relation.view)
        : expandSystemView(level, item, relation.view);
    case 'table':
      level.state.recorder?.relation(item, relation.table.schema, relation.table.id);
      return scanTable(level, item, relation.table);
    case 'view':
      level.state.recorder?.relation(item, relation.view.schema, relation.view.id);
      return expandView(level, item, relation.view);
    case 'sequence':
      return scanSequence(level, item, relation.sequence);
    default:
      throw bindError('42809', `cannot open relation "${item.relname}"`, item.location, {
        detail: 'This operation is not supported for indexes.',
      });
  }
}

function scanSequence(level: Level, item: ast.RangeVar, sequence: SequenceDef): FromResult {
  const { env, recorder } = level.state;
  const table = env.virtualTables.sequence?.(sequence);
  if (table === undefined) throw bindNotSupported('reading a sequence as a table here', item.location);
  recorder?.relation(item, sequence.schema, sequence.id);
  level.state.uses(sequence.id, -1);
  return scanVirtual(level, item, table);
}

function bindRangeSubselect(level: Level, item: ast.RangeSubselect): FromResult {
  const kind = level.kind;
  const wasActive = level.lateralActive;
  level.kind = 'fromSubselect';
  level.lateralActive = item.lateral;
  let node: LogicalNode;
  try {
    node = bindSelect(level.state, level, item.subquery);
  } finally {
    level.kind = kind;
    level.lateralActive = wasActive;
  }
  const refname = item.alias?.aliasname ?? 'unnamed_subquery';
  level.state.adopt(level, refname, node.columns, item.alias?.colnames ?? []);
  const made = itemOf(level, refname, node.columns, { relationVisible: item.alias !== null });
  return { node, namespace: [applyColumnAliases(made, item.alias, item.location)] };
}
