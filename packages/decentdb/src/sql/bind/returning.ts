/**
 * RETURNING: a target list over the changed row (and `old` / `new`, as PostgreSQL 18 has them).
 */
import type { TableDef } from '../../catalog/schema.ts';
import type { ColumnId } from '../../exec/expr.ts';
import type { OutputColumn, ReturningClause } from '../../plan/logical.ts';
import type * as ast from '../ast/nodes.ts';
import type { ClauseKind } from './clauses.ts';
import { rowItem } from './dml-target.ts';
import { bindError, bindNotSupported } from './errors.ts';
import type { Level } from './level.ts';
import { bindTargets, resolveTargets } from './targets.ts';

export interface Returning {
  readonly clause: ReturningClause | null;
  readonly columns: readonly OutputColumn[];
}

/** The row before and after; null where the command has none. */
export interface ChangedRow {
  readonly oldRow: readonly ColumnId[] | null;
  readonly newRow: readonly ColumnId[] | null;
  /** Which of them a changed row may not have: as a whole row it is NULL then. */
  readonly lacking: readonly ('old' | 'new')[];
}

/** Binds the clause over `level.namespace`, which already offers the target under its own name. */
export function bindReturning(
  level: Level,
  clause: ast.ReturningClause | null,
  table: TableDef,
  row: ChangedRow,
  kind: ClauseKind = 'returning',
): Returning {
  if (clause === null) return { clause: null, columns: [] };
  addOldAndNew(level, clause, table, row);
  const targets = bindTargets(level, clause.exprs, kind);
  if (targets.length === 0)
    throw bindError('42601', 'RETURNING must have at least one column', clause.location);
  resolveTargets(level, targets);
  const columns = targets.map(({ expr, name }): OutputColumn => {
    const id = level.state.newColumnId(level, null, name);
    const position = expr.kind === 'column' ? positionOf(expr.id, row) : -1;
    const origin = position < 0 ? null : { table, column: position };
    return { id, name, type: expr.type, typmod: expr.typmod, origin };
  });
  return { clause: { exprs: targets.map((target) => target.expr) }, columns };
}

function positionOf(id: ColumnId, row: ChangedRow): number {
  const inNew = row.newRow?.indexOf(id) ?? -1;
  return inNew >= 0 ? inNew : (row.oldRow?.indexOf(id) ?? -1);
}

function addOldAndNew(level: Level, clause: ast.ReturningClause, table: TableDef, row: ChangedRow): void {
  const names = { old: 'old', new: 'new' };
  for (const option of clause.options)
    names[option.option === 'RETURNING_OPTION_OLD' ? 'old' : 'new'] = option.value;
  const isTaken = (name: string): boolean => level.namespace.some((item) => item.refname === name);
  const add = (which: 'old' | 'new', ids: readonly ColumnId[] | null, wasNamed: boolean): void => {
    const name = names[which];
    if (isTaken(name)) {
      if (wasNamed)
        throw bindError('42712', `table name "${name}" specified more than once`, clause.location);
      return;
    }
    if (ids === null) {
      if (wasNamed) throw bindNotSupported(`RETURNING of ${name} rows here`, clause.location);
      return;
    }
    const item = rowItem(level, table, name, ids, { columnsVisible: false });
    item.isNullExtended = row.lacking.includes(which);
    level.namespace.push(item);
    level.rangeTable.pop();
  };
  add(
    'old',
    row.oldRow,
    clause.options.some((o) => o.option === 'RETURNING_OPTION_OLD'),
  );
  add(
    'new',
    row.newRow,
    clause.options.some((o) => o.option === 'RETURNING_OPTION_NEW'),
  );
}
