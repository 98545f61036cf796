/**
 * The query of a cursor with the ids of its tables' rows after its columns, so that WHERE CURRENT OF finds the row the cursor
 * stands on.
 *
 * I1  Only where a row of the cursor is one row of each table: no grouping, DISTINCT, set operations or windows. As PostgreSQL has
 *     it, one table without a sort, or any join and order FOR UPDATE.
 */
import type * as ast from '../../sql/ast/nodes.ts';

/** Hidden columns a table has: its rows' ctid, and the table's id. */
export const COLUMNS_PER_TABLE = 2;

/** The query with row ids, and of how many tables; null where its rows are not rows of tables. */
export function withRowIds(
  query: ast.SelectStmt,
): { readonly query: ast.SelectStmt; readonly tables: number } | null {
  if (query.op !== 'SETOP_NONE' || query.valuesLists.length > 0 || query.withClause !== null) return null;
  if (query.distinctClause !== null || query.groupClause.length > 0 || query.havingClause !== null)
    return null;
  const isLocking = query.lockingClause.length > 0;
  if (!isLocking && (query.sortClause.length > 0 || query.fromClause.length !== 1)) return null;
  const relations = query.fromClause.flatMap(relationsOf).filter((name) => isLocked(query, name));
  if (relations.length === 0 || (!isLocking && query.fromClause[0]?.kind !== 'RangeVar')) return null;
  const hidden = relations.flatMap((name) => [systemColumn(name, 'ctid'), systemColumn(name, 'tableoid')]);
  return { query: { ...query, targetList: [...query.targetList, ...hidden] }, tables: relations.length };
}

/** Of a cursor that locks, the tables it locks. */
function isLocked({ lockingClause }: ast.SelectStmt, name: string): boolean {
  return (
    lockingClause.length === 0 ||
    lockingClause.some(
      ({ lockedRels }) => lockedRels.length === 0 || lockedRels.some(({ relname }) => relname === name),
    )
  );
}

function relationsOf(item: ast.FromItem): readonly string[] {
  if (item.kind === 'RangeVar') return [item.alias?.aliasname ?? item.relname];
  if (item.kind !== 'JoinExpr' || item.alias !== null) return [];
  return [...relationsOf(item.larg), ...relationsOf(item.rarg)];
}

function systemColumn(relation: string, name: string): ast.ResTarget {
  const val: ast.ColumnRef = { kind: 'ColumnRef', fields: [relation, name], star: false, location: -1 };
  return { kind: 'ResTarget', name: null, indirection: [], val, location: -1 };
}
