/**
 * The binder's entry: one parsed query or data-changing statement to a bound one.
 *
 * I1  Binding has no side effects (LESSONS 26): EXPLAIN, CREATE VIEW and PREPARE bind freely.
 */
import type { ViewDef } from '../../catalog/schema.ts';
import type { BoundStatement, LogicalNode } from '../../plan/logical.ts';
import { textType } from '../../types/text-types.ts';
import type * as ast from '../ast/nodes.ts';
import type { BindEnv, KnownColumns } from './env.ts';
import { bindError } from './errors.ts';
import { bindInsert } from './insert.ts';
import { Level } from './level.ts';
import { bindMerge } from './merge.ts';
import { bindSelectBody } from './select.ts';
import { type BindRecorder, BindState } from './state.ts';
import { RowIdsNeeded } from './system-columns.ts';
import { bindDelete, bindUpdate } from './update.ts';
import { knownColumns, parseView, withoutPositions } from './views.ts';
import { bindWith, wrapWith } from './with.ts';

const COMMANDS: Readonly<Record<ast.PreparableStmt['kind'], BoundStatement['command']>> = {
  SelectStmt: 'SELECT',
  InsertStmt: 'INSERT',
  UpdateStmt: 'UPDATE',
  DeleteStmt: 'DELETE',
  MergeStmt: 'MERGE',
};

/**
 * Binds SELECT, INSERT, UPDATE, DELETE or MERGE.
 *
 * Throws DecentDbError with PostgreSQL's SQLSTATE, message and position (1-based).
 */
export function bindStatement(
  stmt: ast.PreparableStmt,
  env: BindEnv,
  recorder: BindRecorder | null = null,
): BoundStatement {
  return bindWithState(stmt, env, recorder).bound;
}

/** As {@link bindStatement}, with what the binder learnt along the way (for dependencies of views). */
export function bindWithState(
  stmt: ast.PreparableStmt,
  env: BindEnv,
  recorder: BindRecorder | null = null,
  known: KnownColumns | null = null,
): { readonly bound: BoundStatement; readonly state: BindState } {
  const state = (withRowIds: boolean): BindState => {
    const made = new BindState(env, recorder, withRowIds);
    made.known = known ?? made.known;
    return made;
  };
  try {
    return bindOnce(stmt, state(false));
  } catch (error) {
    if (!(error instanceof RowIdsNeeded)) throw error;
    return bindOnce(stmt, state(true));
  }
}

/** Binds the query of a view as it was meant when it was written. */
export function bindView(
  view: ViewDef,
  env: BindEnv,
  recorder: BindRecorder | null = null,
): ReturnType<typeof bindWithState> {
  return withoutPositions(() => bindWithState(parseView(view), env, recorder, knownColumns(view)));
}

function bindOnce(
  stmt: ast.PreparableStmt,
  state: BindState,
): { readonly bound: BoundStatement; readonly state: BindState } {
  const root = bindAny(state, null, stmt);
  return { bound: finishStatement(state, root, COMMANDS[stmt.kind]), state };
}

function finishStatement(
  state: BindState,
  root: LogicalNode,
  command: BoundStatement['command'],
): BoundStatement {
  state.paramTypes.forEach((type, i) => {
    if (type === null && state.paramLocations[i] === undefined)
      throw bindError('42P18', `could not determine data type of parameter $${i + 1}`, -1);
  });
  return {
    root,
    paramTypes: state.finalParamTypes(textType),
    dependsOn: [...state.dependsOn],
    command,
    isReadOnly: !state.hasWrites,
    ...(state.callsWriters ? { callsWriters: true } : {}),
    ...(state.asksSession ? { asksSession: true } : {}),
    ...(state.insteadOf === null ? {} : { insteadOf: state.insteadOf }),
  };
}

function bindAny(state: BindState, parent: Level | null, stmt: ast.PreparableStmt): LogicalNode {
  const level = new Level(state, parent);
  const ctes = stmt.withClause === null ? [] : bindWith(level, stmt.withClause);
  return wrapWith(ctes, bindBody(level, stmt));
}

function bindBody(level: Level, stmt: ast.PreparableStmt): LogicalNode {
  switch (stmt.kind) {
    case 'SelectStmt':
      return bindSelectBody(level, stmt, {});
    case 'InsertStmt':
      return bindInsert(level, stmt);
    case 'UpdateStmt':
      return bindUpdate(level, stmt);
    case 'DeleteStmt':
      return bindDelete(level, stmt);
    default:
      return bindMerge(level, stmt);
  }
}

/** A data-modifying WITH item. */
export function bindDataModifying(
  state: BindState,
  parent: Level,
  stmt: Exclude<ast.PreparableStmt, ast.SelectStmt>,
): LogicalNode {
  return bindAny(state, parent, stmt);
}
