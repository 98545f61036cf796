/**
 * Bodies of functions written in SQL: parsed once a definition, bound for the types a call has.
 *
 * I1  Inside a body `$n`, a parameter's name and `function.parameter` mean the arguments; columns come first.
 * I2  A function that is not volatile only reads (0A000 otherwise), so what may write is known before a statement runs: its
 *     statement then holds the writer from the start.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { inputParameters, type RoutineDef } from '../../catalog/routines.ts';
import type { BoundStatement, OutputColumn } from '../../plan/logical.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type * as ast from '../ast/nodes.ts';
import { parse } from '../parse/parse.ts';
import { type BindEnv, columnsKnown, type RoutineScope } from './env.ts';
import { bindStatement } from './statement.ts';

export interface RoutineBody {
  readonly sql: string;
  readonly statements: readonly ast.RawStmt[];
}

const bodies = new WeakMap<RoutineDef, RoutineBody>();

export function routineBody(routine: RoutineDef): RoutineBody {
  let body = bodies.get(routine);
  if (body === undefined) {
    const sql = routine.bodyForm === 'return' ? `SELECT ${routine.body}` : routine.body;
    body = { sql, statements: parse(sql) };
    bodies.set(routine, body);
  }
  return body;
}

/** Names the body may use for its arguments. */
export function routineScope(routine: RoutineDef): RoutineScope {
  const parameters = inputParameters(routine).map(({ name }) => name);
  const known = routine.bodyForm === 'text' ? null : columnsKnown(routine.dependsOn);
  return { name: routine.name, parameters, known };
}

/** The surroundings a body is bound in. */
export function routineEnv(env: BindEnv, routine: RoutineDef, argTypes: readonly SqlType[]): BindEnv {
  return { ...env, paramTypes: argTypes, routine: routineScope(routine) };
}

export function isQuery(stmt: ast.Statement): stmt is ast.PreparableStmt {
  switch (stmt.kind) {
    case 'SelectStmt':
      return stmt.intoClause === null;
    case 'InsertStmt':
    case 'UpdateStmt':
    case 'DeleteStmt':
    case 'MergeStmt':
      return true;
    default:
      return false;
  }
}

/** The last statement's columns; null when it returns no rows (or there is none). */
export function columnsOf(bound: BoundStatement | null): readonly OutputColumn[] | null {
  if (bound === null) return null;
  const { root } = bound;
  const top = root.kind === 'with' ? root.body : root;
  const isWrite =
    top.kind === 'insert' || top.kind === 'update' || top.kind === 'delete' || top.kind === 'merge';
  return isWrite && top.returning === null ? null : root.columns;
}

/** The body's last query bound, or null. */
export function bindLast(
  env: BindEnv,
  routine: RoutineDef,
  argTypes: readonly SqlType[],
): BoundStatement | null {
  const last = routineBody(routine).statements.at(-1)?.stmt;
  if (last === undefined || !isQuery(last)) return null;
  return bindStatement(last, routineEnv(env, routine, argTypes));
}

/** What running a function may do to others: change the database, or ask for and change what its session knows. */
export type Effect = 'none' | 'session' | 'writes';

const effects = new WeakMap<Catalog, Map<string, Effect>>();
let asked: Set<string> | null = null;

export function effectOf(env: BindEnv, routine: RoutineDef, argTypes: readonly SqlType[]): Effect {
  const { statements } = routineBody(routine);
  if (routine.volatility !== 'volatile') {
    // Said to change nothing, it is taken at its word; it may ask for what its session knows all the same.
    if (routine.volatility === 'immutable' || statements.some(({ stmt }) => stmt.kind !== 'SelectStmt'))
      return 'none';
    return effectOfStatements(env, routine, argTypes) === 'session' ? 'session' : 'none';
  }
  if (statements.some(({ stmt }) => stmt.kind !== 'SelectStmt' || stmt.intoClause !== null)) return 'writes';
  return effectOfStatements(env, routine, argTypes);
}

function effectOfStatements(env: BindEnv, routine: RoutineDef, argTypes: readonly SqlType[]): Effect {
  const { statements } = routineBody(routine);
  let known = effects.get(env.catalog);
  if (known === undefined) {
    known = new Map();
    effects.set(env.catalog, known);
  }
  const key = `${routine.id} ${argTypes.map(({ oid }) => oid).join()} ${env.searchPath.join()}`;
  const answer = known.get(key);
  if (answer !== undefined) return answer;
  // A function that calls itself changes nothing by that alone; what is found on the way holds for the first one asked only.
  const isFirst = asked === null;
  asked ??= new Set();
  if (asked.has(key)) return 'none';
  asked.add(key);
  try {
    const each = statements.map(({ stmt }) => effectWhenBound(env, routine, argTypes, stmt));
    const found = each.includes('writes') ? 'writes' : each.includes('session') ? 'session' : 'none';
    if (isFirst || found === 'writes') known.set(key, found);
    return found;
  } finally {
    if (isFirst) asked = null;
  }
}

function effectWhenBound(
  env: BindEnv,
  routine: RoutineDef,
  argTypes: readonly SqlType[],
  stmt: ast.Statement,
): Effect {
  try {
    const bound = bindStatement(stmt as ast.PreparableStmt, routineEnv(env, routine, argTypes));
    return !bound.isReadOnly ? 'writes' : bound.asksSession === true ? 'session' : 'none';
  } catch (error) {
    // What is wrong with the body is said when it runs.
    if (error instanceof DecentDbError) return 'none';
    throw error;
  }
}
