/**
 * MERGE: source joined to target, and what to do with each kind of match.
 *
 * I1  The join keeps what the WHEN clauses can act on: target rows without source only if NOT MATCHED BY SOURCE is there,
 *     source rows without target only if NOT MATCHED [BY TARGET] is.
 */
import type { ColumnId, Expr } from '../../exec/expr.ts';
import type { JoinKind, JoinNode, LogicalNode, MergeNode, OutputColumn } from '../../plan/logical.ts';
import { boolType } from '../../types/bool-type.ts';
import { textType } from '../../types/text-types.ts';
import type * as ast from '../ast/nodes.ts';
import { bindAssignments } from './assignments.ts';
import { coerceToBoolean } from './coerce.ts';
import { constant } from './constants.ts';
import { assignTo, newRowIds, refuseGenerated } from './dml-target.ts';
import { bindError } from './errors.ts';
import { bindExpr } from './expressions.ts';
import { bindFromItem } from './from.ts';
import type { Level, NamespaceItem, ScopeColumn } from './level.ts';
import { operatorCall } from './operators.ts';
import { bindReturning, type ChangedRow } from './returning.ts';
import { referTo } from './select.ts';
import { singleAssignments } from './single-assignments.ts';
import { bindTarget, showNewRow } from './update.ts';
import { insertDefaults, setDefaultThrough } from './view-defaults.ts';

type Action = MergeNode['actions'][number];
type Target = ReturnType<typeof bindTarget>;

const KINDS = {
  MERGE_WHEN_MATCHED: 'matched',
  MERGE_WHEN_NOT_MATCHED_BY_SOURCE: 'notMatchedBySource',
  MERGE_WHEN_NOT_MATCHED_BY_TARGET: 'notMatchedByTarget',
} as const;

export function bindMerge(level: Level, stmt: ast.MergeStmt): MergeNode {
  checkReachable(stmt);
  const target = bindTarget(level, stmt.relation, 'MERGE');
  const source = bindFromItem(level, stmt.sourceRelation);
  refuseSameName(target, source.namespace);
  const present = presence(level, source.node);
  level.namespace = [target.item, ...source.namespace];
  const condition = coerceToBoolean(level, bindExpr(level, stmt.joinCondition, 'joinOn'), 'JOIN/ON');
  const input = joinSource(stmt, target, present.node, condition);
  const actions = stmt.mergeWhenClauses.map((clause) => bindAction(level, clause, target, source.namespace));
  const newRow = newRowIds(level, target.table, target.item.refname);
  // RETURNING * gives the source first, as PostgreSQL does.
  level.namespace = [...source.namespace, target.item];
  const viewChecks = showNewRow(level, target, newRow);
  if (actions.some((action) => action.action === 'delete')) showDeletedRow(level, target, newRow);
  const row: ChangedRow = { oldRow: target.oldRow, newRow, lacking: ['old', 'new'] };
  const returning = bindReturning(level, stmt.returningClause, target.table, row, 'mergeReturning');
  return {
    kind: 'merge',
    table: target.table,
    input,
    rowId: target.rowId,
    ...(target.tableId === undefined ? {} : { tableId: target.tableId }),
    sourcePresent: present.column.id,
    oldRow: target.oldRow,
    newRow,
    actions,
    viewChecks,
    returning: returning.clause,
    columns: returning.columns,
  };
}

/** RETURNING sees the deleted row where the action was DELETE. */
function showDeletedRow(level: Level, target: Target, newRow: readonly ColumnId[]): void {
  const action: Expr = { kind: 'context', what: 'mergeAction', type: textType, typmod: -1, location: -1 };
  const when = operatorCall(level, ['='], action, constant('DELETE', textType, -1), -1);
  const changed = ({ expr, ...column }: ScopeColumn): ScopeColumn => {
    const position = expr.kind === 'column' ? newRow.indexOf(expr.id) : -1;
    const id = target.oldRow[position];
    if (id === undefined) return { expr, ...column };
    const { type, typmod, location } = expr;
    const then: Expr = { kind: 'column', id, type, typmod, location };
    const branches = [{ when, then }];
    return {
      ...column,
      expr: { kind: 'case', operand: null, branches, otherwise: expr, type, typmod, location },
    };
  };
  level.namespace = level.namespace.map((item) => ({ ...item, columns: item.columns.map(changed) }));
}

/** 42712: the target and a source under one name. */
function refuseSameName({ item }: Target, source: readonly NamespaceItem[]): void {
  const isTaken = source.some((other) => other.relationVisible && other.refname === item.refname);
  if (isTaken)
    throw bindError('42712', `name "${item.refname}" specified more than once`, -1, {
      detail: 'The name is used both as MERGE target table and data source.',
    });
}

/** 42601: nothing can come after an unconditional WHEN of the same kind. */
function checkReachable(stmt: ast.MergeStmt): void {
  const closed = new Set<string>();
  for (const clause of stmt.mergeWhenClauses) {
    if (closed.has(clause.matchKind))
      throw bindError('42601', 'unreachable WHEN clause specified after unconditional WHEN clause', -1);
    if (clause.condition === null) closed.add(clause.matchKind);
  }
}

/** The source with a column that is true where there is a source row. */
function presence(
  level: Level,
  source: LogicalNode,
): { readonly node: LogicalNode; readonly column: OutputColumn } {
  const id = level.state.newColumnId(null, null, 'source_present');
  const column: OutputColumn = { id, name: 'source_present', type: boolType, typmod: -1, origin: null };
  const exprs: Expr[] = [...source.columns.map(referTo), constant(true, boolType, -1)];
  return { node: { kind: 'project', input: source, exprs, columns: [...source.columns, column] }, column };
}

function joinSource(stmt: ast.MergeStmt, target: Target, source: LogicalNode, condition: Expr): JoinNode {
  const has = (kind: ast.MergeWhenClause['matchKind']): boolean =>
    stmt.mergeWhenClauses.some((clause) => clause.matchKind === kind);
  const keepsSource = has('MERGE_WHEN_NOT_MATCHED_BY_TARGET');
  const keepsTarget = has('MERGE_WHEN_NOT_MATCHED_BY_SOURCE');
  const join: JoinKind = keepsSource ? (keepsTarget ? 'full' : 'left') : keepsTarget ? 'right' : 'inner';
  return {
    kind: 'join',
    join,
    left: source,
    right: target.node,
    condition,
    lateral: false,
    mark: null,
    columns: [...source.columns, ...target.node.columns],
  };
}

function bindAction(
  level: Level,
  clause: ast.MergeWhenClause,
  target: Target,
  source: readonly NamespaceItem[],
): Action {
  const when = KINDS[clause.matchKind];
  level.namespace = [
    ...(when === 'notMatchedByTarget' ? [] : [target.item]),
    ...(when === 'notMatchedBySource' ? [] : source),
  ];
  const condition =
    clause.condition === null
      ? null
      : coerceToBoolean(level, bindExpr(level, clause.condition, 'mergeWhen'), 'WHEN');
  const base = { when, condition, set: [], values: [] };
  switch (clause.commandType) {
    case 'CMD_NOTHING':
      return { ...base, action: 'nothing' };
    case 'CMD_DELETE':
      return { ...base, action: 'delete' };
    case 'CMD_UPDATE': {
      const list = singleAssignments(level, clause.targetList);
      const setDefault = setDefaultThrough(level, target.names);
      const set = bindAssignments(level, target.table, list, target.oldRow, target.position, setDefault);
      return { ...base, action: 'update', set: set.assignments };
    }
    default:
      return { ...base, action: 'insert', values: insertValues(level, clause, target) };
  }
}

/** One expression per table column; null: NULL, or the next free row id. */
function insertValues(level: Level, clause: ast.MergeWhenClause, target: Target): (Expr | null)[] {
  const { table } = target;
  const positions =
    clause.targetList.length > 0
      ? clause.targetList.map((column) => () => target.position(column.name as string, column.location))
      : target.positions;
  if (clause.values.length > positions.length)
    throw bindError(
      '42601',
      'INSERT has more expressions than target columns',
      clause.values[positions.length]?.location ?? -1,
    );
  if (clause.targetList.length > 0 && clause.values.length < positions.length && clause.values.length > 0)
    throw bindError(
      '42601',
      'INSERT has more target columns than expressions',
      clause.targetList[clause.values.length]?.location ?? -1,
    );
  const given = new Set(
    clause.targetList.length > 0
      ? clause.targetList.map(({ name }) => name as string)
      : target.names.item.columns.slice(0, clause.values.length).map(({ name }) => name),
  );
  const fallback = insertDefaults(level, table, target.names, target.oldRow, given, clause.override);
  const values = table.columns.map((column, i) => (column.isDropped ? null : fallback(i)));
  clause.values.forEach((node, i) => {
    if (node.kind === 'SetToDefault') return;
    const position = (positions[i] as () => number)();
    const column = table.columns[position];
    if (column?.identity != null && clause.override === 'OVERRIDING_USER_VALUE') return;
    const isOverridden = clause.override === 'OVERRIDING_SYSTEM_VALUE' && column?.generated === null;
    if (column !== undefined && !isOverridden) refuseGenerated(column, 'INSERT', node.location);
    values[position] = assignTo(level, table, position, bindExpr(level, node, 'values'));
  });
  return values;
}
