/**
 * A table with descendants in FROM or as a target: an append of scans, one of each table that has rows, columns matched by name.
 *
 * I1  The statement uses the table it names: privileges and views' dependencies know nothing of the descendants, plans do.
 * I2  ONLY, and a table nothing inherits from, is a plain scan: this is never asked.
 */
import { columnsIn, hasFamily, membersOf } from '../../catalog/family.ts';
import type { TableDef } from '../../catalog/schema.ts';
import type { ColumnId, Expr } from '../../exec/expr.ts';
import type { LogicalNode, OutputColumn } from '../../plan/logical.ts';
import { int8Type } from '../../types/integer-types.ts';
import { Oid } from '../../types/oids.ts';
import { typeByOid } from '../../types/registry.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type * as ast from '../ast/nodes.ts';
import type { Level } from './level.ts';

const oidType = typeByOid(Oid.oid) as SqlType;

export interface FamilyScan {
  readonly node: LogicalNode;
  /** ColumnId per column of the table named; undefined for dropped ones. */
  readonly ids: readonly (ColumnId | undefined)[];
  /** Position in the table by output column; -1 the row id, -2 the table's oid. */
  readonly stored: readonly number[];
  readonly rowId: OutputColumn | null;
  /** Oid of the table a row is in. */
  readonly tableId: OutputColumn;
}

/** Whether naming a table means its descendants too. */
export function readsFamily(level: Level, item: ast.RangeVar, table: TableDef): boolean {
  return item.inh && hasFamily(level.state.env.catalog, table);
}

export function scanFamily(
  level: Level,
  table: TableDef,
  refname: string,
  names: readonly string[],
  withRowId: boolean,
): FamilyScan {
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
    // Keys of a table that others inherit from say nothing of its descendants' rows.
    const known = table.partitionKey === undefined ? null : { table, position, siblings };
    const id = state.newColumnId(level, refname, name, known);
    siblings.push(id);
    stored.push(position);
    columns.push({ id, name, type: column.type, typmod: column.typmod, origin: { table, column: position } });
  }
  const add = (position: number, name: string, type: SqlType): OutputColumn => {
    const column = { id: state.newColumnId(level, refname, name), name, type, typmod: -1, origin: null };
    columns.push(column);
    stored.push(position);
    return column;
  };
  const rowId = withRowId ? add(-1, 'rowid', int8Type) : null;
  const tableId = add(-2, 'tableoid', oidType);
  const node = append(level, table, refname, columns, stored);
  return { node, ids: siblings, stored, rowId, tableId };
}

function append(
  level: Level,
  table: TableDef,
  refname: string,
  columns: readonly OutputColumn[],
  stored: readonly number[],
): LogicalNode {
  const { state } = level;
  const members = membersOf(state.env.catalog, table);
  for (const member of members) state.dependsOn.add(member);
  if (members.length === 0) return { kind: 'values', rows: [], columns };
  const inputs = members.map((member): LogicalNode => {
    const there = columnsIn(table, member);
    return {
      kind: 'scan',
      table: member,
      alias: members.length === 1 ? refname : member.name,
      stored: stored.map((position) => (position < 0 ? position : (there[position] as number))),
      sample: null,
      columns: columns.map((column) =>
        members.length === 1
          ? column
          : { ...column, id: state.newColumnId(null, refname, column.name), origin: null },
      ),
    };
  });
  const [only] = inputs;
  if (inputs.length === 1 && only !== undefined) return only;
  return { kind: 'setOp', op: 'union', all: true, inputs, columns };
}

/** Says which partition a row of a partitioned table is in, behind the columns of that row; null for other tables. */
export function addTableId(level: Level, table: TableDef, refname: string, row: ColumnId[]): Expr | null {
  if (table.partitionKey === undefined || table.rowIdColumn >= 0) return null;
  const id = level.state.newColumnId(level, refname, 'tableoid');
  row.push(id);
  return { kind: 'column', id, type: oidType, typmod: -1, location: -1 };
}

/** The system column of a row of the family; null when the scan does not give it. */
export function tableIdOf(scan: FamilyScan, name: string): Expr | null {
  const { id, type } = scan.tableId;
  return name === 'tableoid' ? { kind: 'column', id, type, typmod: -1, location: -1 } : null;
}
