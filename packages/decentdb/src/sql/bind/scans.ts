/**
 * Leaves of FROM: stored tables, system views, WITH items.
 *
 * I1  A scan of a table offers every column that is not dropped; the planner prunes what nobody uses.
 */
import type { TableDef } from '../../catalog/schema.ts';
import type { ColumnId } from '../../exec/expr.ts';
import type { OutputColumn, ScanNode, VirtualTable } from '../../plan/logical.ts';
import { int8Type } from '../../types/integer-types.ts';
import type * as ast from '../ast/nodes.ts';
import type { FromResult } from './from.ts';
import { applyColumnAliases, itemOf, scopeColumn } from './from-items.ts';
import type { Level } from './level.ts';
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
  const scan = makeScan(level, table, refname, item.alias?.colnames ?? [], false);
  return { node: scan.node, namespace: [tableItem(level, item, table, scan)] };
}

/** The namespace item of a scan. */
export function tableItem(
  level: Level,
  item: ast.RangeVar,
  table: TableDef,
  scan: TableScan,
): ReturnType<typeof itemOf> {
  const refname = item.alias?.aliasname ?? table.name;
  const columns = scan.node.columns
    .map((column, i) => ({ column, position: scan.node.stored[i] as number }))
    .filter(({ position }) => position >= 0)
    .map(({ column, position }) => scopeColumn(column, position, table.id));
  const made = itemOf(level, refname, [], {
    columns,
    table,
    relationId: table.id,
    relationSchema: table.schema,
    relationName: table.name,
    isUnaliased: item.alias === null,
    systemColumn: (name) => systemColumn(table.id, name),
  });
  return applyColumnAliases(made, item.alias, item.location);
}

export function scanVirtual(level: Level, item: ast.RangeVar, view: VirtualTable): FromResult {
  const refname = item.alias?.aliasname ?? view.name;
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
