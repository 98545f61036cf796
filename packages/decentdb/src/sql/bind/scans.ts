/**
 * Leaves of FROM: stored tables, system views, WITH items.
 *
 * I1  A scan of a table offers every column that is not dropped; the planner prunes what nobody uses.
 * I2  A virtual generated column is not stored: a scan in FROM computes it above the stored ones (so that an outer join makes it
 *     NULL with them), a target of UPDATE, DELETE or MERGE where it is named.
 */
import type { TableDef } from '../../catalog/schema.ts';
import type { ColumnId, Expr } from '../../exec/expr.ts';
import type { OutputColumn, ScanNode, VirtualTable } from '../../plan/logical.ts';
import { int8Type } from '../../types/integer-types.ts';
import type * as ast from '../ast/nodes.ts';
import { type FamilyScan, readsFamily, scanFamily, tableIdOf } from './families.ts';
import type { FromResult } from './from.ts';
import { applyColumnAliases, itemOf, scopeColumn } from './from-items.ts';
import type { Level, NamespaceItem, ScopeColumn } from './level.ts';
import { columnExpr } from './state.ts';
import { bindGeneration } from './stored-expressions.ts';
import { systemColumn } from './system-columns.ts';
import { type CteBinding, referCte } from './with.ts';

/** A scan with its columns numbered; `rowId` is set when asked for. */
export interface TableScan {
  readonly node: ScanNode;
  /** ColumnId per table column; undefined for dropped ones. */
  readonly ids: readonly (ColumnId | undefined)[];
  readonly rowId: OutputColumn | null;
}

/** Makes a scan of all live columns, and of the row id for statements that change rows. */
export function makeScan(
  level: Level,
  table: TableDef,
  refname: string,
  names: readonly string[],
  withRowId: boolean,
): TableScan {
  const { state } = level;
  state.dependsOn.add(table);
  state.uses(table.id, -1);
  const siblings: (ColumnId | undefined)[] = [];
  const columns: OutputColumn[] = [];
  const stored: number[] = [];
  let live = 0;
  for (const [position, column] of table.columns.entries()) {
    if (column.isDropped) {
      siblings.push(undefined);
      continue;
    }
    const name = names[live++] ?? column.name;
    const id = state.newColumnId(level, refname, name, { table, position, siblings });
    siblings.push(id);
    stored.push(position);
    columns.push({
      id,
      name,
      type: column.type,
      typmod: column.typmod,
      origin: { table, column: position },
    });
  }
  let rowId: OutputColumn | null = null;
  if (withRowId) {
    const id = state.newColumnId(level, refname, 'rowid');
    rowId = { id, name: 'rowid', type: int8Type, typmod: -1, origin: null };
    columns.push(rowId);
    stored.push(-1);
  }
  return {
    node: { kind: 'scan', table, alias: refname, stored, sample: null, columns },
    ids: siblings,
    rowId,
  };
}

export function scanTable(level: Level, item: ast.RangeVar, table: TableDef): FromResult {
  const refname = item.alias?.aliasname ?? table.name;
  const names = item.alias?.colnames ?? [];
  if (readsFamily(level, item, table)) {
    const scan = scanFamily(level, table, refname, names, level.state.withRowIds);
    return { node: scan.node, namespace: [familyItem(level, item, table, scan)] };
  }
  const scan = makeScan(level, table, refname, names, level.state.withRowIds);
  if (!hasVirtualColumns(table)) return { node: scan.node, namespace: [tableItem(level, item, table, scan)] };
  const { node: input } = scan;
  const columns = input.columns.map(
    (column): OutputColumn => ({ ...column, id: level.state.newColumnId(level, refname, column.name) }),
  );
  const exprs = input.stored.map(
    (position, i) =>
      virtualColumn(level, table, scan.ids, position) ?? columnExpr(input.columns[i] as OutputColumn, -1),
  );
  const scopes = columns.flatMap((column, i) => {
    const position = input.stored[i] as number;
    return position < 0 ? [] : [scopeColumn(column, position, table.id)];
  });
  const rowId = scan.rowId === null ? null : (columns.at(-1) as OutputColumn);
  return {
    node: { kind: 'project', input, exprs, columns },
    namespace: [relationItem(level, item, table, scopes, rowId)],
  };
}

function hasVirtualColumns(table: TableDef): boolean {
  return table.columns.some((column) => column.generated === 'virtual' && !column.isDropped);
}

/** What a virtual column is computed from; null for the others. */
function virtualColumn(level: Level, table: TableDef, ids: TableScan['ids'], position: number): Expr | null {
  const column = table.columns[position];
  if (column?.generated !== 'virtual') return null;
  const row = table.columns.map(
    (other, i) => ids[i] ?? level.state.newColumnId(level, table.name, other.name),
  );
  return bindGeneration(level.state, table, row, column);
}

/** An item over a scanned row, its virtual columns computed. */
export function overScan(
  level: Level,
  item: NamespaceItem,
  table: TableDef,
  ids: readonly ColumnId[],
): NamespaceItem {
  if (!hasVirtualColumns(table)) return item;
  const columns = item.columns.map((scope) => {
    const expr = virtualColumn(level, table, ids, scope.position);
    return expr === null ? scope : { ...scope, expr };
  });
  return Object.assign(item, { columns });
}

/** The namespace item of a scan. */
export function tableItem(level: Level, item: ast.RangeVar, table: TableDef, scan: TableScan): NamespaceItem {
  const columns = scan.node.columns
    .map((column, i) => ({ column, position: scan.node.stored[i] as number }))
    .filter(({ position }) => position >= 0)
    .map(({ column, position }) => {
      const scope = scopeColumn(column, position, table.id);
      const expr = virtualColumn(level, table, scan.ids, position);
      return expr === null ? scope : { ...scope, expr };
    });
  return relationItem(level, item, table, columns, scan.rowId);
}

/** The namespace item of an append of scans. */
export function familyItem(
  level: Level,
  item: ast.RangeVar,
  table: TableDef,
  scan: FamilyScan,
): NamespaceItem {
  const columns = scan.node.columns.flatMap((column, i) => {
    const position = scan.stored[i] as number;
    return position < 0 ? [] : [scopeColumn(column, position, table.id)];
  });
  const over = (name: string): Expr | null =>
    tableIdOf(scan, name) ?? systemColumn(table.id, name, scan.rowId);
  return relationItem(level, item, table, columns, scan.rowId, over);
}

function relationItem(
  level: Level,
  item: ast.RangeVar,
  table: TableDef,
  columns: readonly ScopeColumn[],
  rowId: OutputColumn | null,
  over = (name: string): Expr | null => systemColumn(table.id, name, rowId),
): NamespaceItem {
  const refname = item.alias?.aliasname ?? table.name;
  const made = itemOf(level, refname, [], {
    columns,
    table,
    relationId: table.id,
    relationSchema: table.schema,
    relationName: table.name,
    isUnaliased: item.alias === null,
    systemColumn: over,
  });
  return applyColumnAliases(made, item.alias, item.location);
}

export function scanVirtual(level: Level, item: ast.RangeVar, view: VirtualTable): FromResult {
  const refname = item.alias?.aliasname ?? view.name;
  if (view.isOfSession === true) level.state.asksSession = true;
  const columns = view.columns.map(
    ({ name, type }, i): OutputColumn => ({
      id: level.state.newColumnId(level, refname, item.alias?.colnames[i] ?? name),
      name,
      type,
      typmod: -1,
      origin: null,
    }),
  );
  const made = itemOf(level, refname, columns, {
    relationSchema: view.schema,
    relationName: view.name,
    isUnaliased: item.alias === null,
    systemColumn: (name) => systemColumn(0, name),
  });
  return {
    node: { kind: 'virtualScan', view, stored: columns.map((_, i) => i), columns },
    namespace: [applyColumnAliases(made, item.alias, item.location)],
  };
}

export function scanCte(level: Level, item: ast.RangeVar, cte: CteBinding): FromResult {
  const refname = item.alias?.aliasname ?? item.relname;
  const source = referCte(cte, item.location);
  if (source.isWorkTable) level.readsWorkTable = true;
  const columns = source.columns.map((column): OutputColumn => {
    const id = level.state.newColumnId(level, refname, column.name);
    return { ...column, id };
  });
  const made = itemOf(level, refname, columns);
  return {
    node: { kind: 'cteScan', cteId: cte.cteId, isWorkTable: source.isWorkTable, columns },
    namespace: [applyColumnAliases(made, item.alias, item.location)],
  };
}
