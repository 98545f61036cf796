/**
 * Everything needed to change rows of a table, over its row layout: one slot a column, then the row id.
 *
 * I1  Made once for each table version and shared by all plans that write the table, cascades included.
 */

import { assert } from '../../base/assert.ts';
import type { TableDef } from '../../catalog/schema.ts';
import type { ColumnId, Expr } from '../../exec/expr.ts';
import type { WriteTarget } from '../../exec/physical.ts';
import type { TableExpressions } from '../env.ts';
import { mapExpr } from '../expr-walk.ts';

/** The write target of a table from its bound expressions. */
export function buildWriteTarget(table: TableDef, bound: TableExpressions): WriteTarget {
  const slotOf = new Map<ColumnId, number>();
  bound.row.forEach((id, column) => slotOf.set(id, column));
  slotOf.set(bound.rowId, table.columns.length);
  const overRow = (expr: Expr): Expr =>
    mapExpr(expr, (e) => {
      if (e.kind !== 'column') return e;
      const slot = slotOf.get(e.id);
      assert(slot !== undefined, 'expressions of a table use its own columns only');
      return { kind: 'slot', slot, type: e.type, typmod: e.typmod, location: e.location };
    });
  return {
    table,
    indexes: table.indexes.map((index, i) => ({
      index,
      keys: index.keys.map((key, k) => {
        const expr = bound.indexes[i]?.keys[k] ?? null;
        if (expr !== null) return overRow(expr);
        const column = table.columns[key.column];
        const typmod = column?.typmod ?? -1;
        return { kind: 'slot', slot: key.column, type: column?.type ?? key.type, typmod, location: -1 };
      }),
      predicate: bound.indexes[i]?.predicate == null ? null : overRow(bound.indexes[i].predicate),
    })),
    generated: bound.generated.map((g) => ({ column: g.column, expr: overRow(g.expr) })),
    virtual: bound.virtual.map((g) => ({ column: g.column, expr: overRow(g.expr) })),
    checks: [
      ...bound.checks.map((c) => ({ constraint: c.constraint, expr: overRow(c.expr) })),
      ...(bound.partition === null ? [] : [{ constraint: null, expr: overRow(bound.partition) }]),
    ],
    ...(bound.routing === null
      ? {}
      : {
          routing: { ...bound.routing, keys: bound.routing.keys.map(overRow) },
        }),
    defaults: bound.defaults,
    foreignKeys: bound.foreignKeys,
    referencedBy: bound.referencedBy,
  };
}
