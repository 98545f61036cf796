/**
 * CALL: runs a procedure written in SQL.
 *
 * I1  Arguments are evaluated once, before the body starts; those of OUT parameters are not evaluated.
 * I2  The body's statements run as the caller's own would, each seeing what the ones before did; they cannot end the
 *     transaction.
 */
import { DecentDbError } from '../../base/errors.ts';
import { rowTypeOf } from '../../catalog/composite-type.ts';
import { outputParameters, type RoutineDef } from '../../catalog/routines.ts';
import { ExecContext, StatementContext } from '../../exec/context.ts';
import type { Expr } from '../../exec/expr.ts';
import { evaluatorOf } from '../../exec/interpret/evaluator.ts';
import { emptyRow } from '../../exec/operators/sources.ts';
import type { RoutineCall } from '../../functions/function.ts';
import { type Resolved, resolveAmong } from '../../functions/resolve.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { bindArguments } from '../../sql/bind/calls.ts';
import type { BindEnv } from '../../sql/bind/env.ts';
import { atLocation, bindError } from '../../sql/bind/errors.ts';
import { Level } from '../../sql/bind/level.ts';
import { callArguments } from '../../sql/bind/routine-calls.ts';
import { type RoutineEntry, routinesNamed } from '../../sql/bind/routine-lookup.ts';
import { BindState } from '../../sql/bind/state.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { textType } from '../../types/text-types.ts';
import { runProcedure } from '../routine-calls.ts';
import type { ParamSource, Session } from '../session.ts';
import type { Transaction } from '../transaction.ts';
import { type Consumer, noRows, type Outcome, outputColumn, rowsOf } from './outcome.ts';

export function runCall<R>(
  session: Session,
  stmt: ast.CallStmt,
  params: ParamSource,
  consume: Consumer<R>,
): Outcome<R> {
  const txn = session.running as Transaction;
  const env = session.bindEnv(session.catalogOf(txn));
  const state = new BindState(env);
  const level = new Level(state, null);
  level.kind = 'callArgument';
  const bound = bindArguments(level, stmt.funccall);
  const found = findProcedure(env, stmt.funccall, bound.args, bound.options);
  const { routine } = found.fn;
  const args = callArguments(level, found, bound, routine.parameters);
  const values = params(state.finalParamTypes(textType));
  const statement = new StatementContext({
    view: session.readView(txn),
    params: values,
    eval: session.evalContext,
  });
  const context = new ExecContext(statement, [], new Map());
  const inputs = routine.parameters.flatMap(({ mode }, i) => (mode === 'out' ? [] : [args[i] as Expr]));
  const row = inputs.map((expr) => evaluatorOf(expr)(emptyRow, 0, context));
  const call = callOf(
    routine,
    found.fn,
    inputs.map(({ type }) => type),
  );
  const rows = runProcedure(session, call, row);
  if (call.columns.length === 0) return { value: consume(noRows), command: 'CALL', affected: 0, columns: [] };
  const columns = call.columns.map(({ name, type }) => outputColumn(name, type));
  return { value: consume(rowsOf(columns, rows)), command: 'CALL', affected: null, columns };
}

/** A call of a procedure names its OUT parameters too. */
function findProcedure(
  env: BindEnv,
  node: ast.FuncCall,
  args: readonly Expr[],
  options: Parameters<typeof resolveAmong>[3],
): Resolved<RoutineEntry> {
  const name = node.funcname.join('.');
  const entries = routinesNamed(env, node.funcname).map((entry) => withOutputs(entry));
  const types = args.map(({ type }) => type);
  const found = atLocation(node.location, () => resolveAmong(entries, name, types, options));
  const shown = `${name}(${types.map((type) => type.sqlName(-1)).join(', ')})`;
  if (found === null)
    throw bindError('42883', `procedure ${shown} does not exist`, node.location, {
      hint: 'No procedure matches the given name and argument types. You might need to add explicit type casts.',
    });
  if (found.fn.routine.kind !== 'procedure')
    throw bindError('42809', `${shown} is not a procedure`, node.location, {
      hint: 'To call a function, use SELECT.',
    });
  return found;
}

function withOutputs(entry: RoutineEntry): RoutineEntry {
  const { routine } = entry;
  if (routine.kind !== 'procedure' || outputParameters(routine).length === 0) return entry;
  const args = routine.parameters.map(({ typeId }) => typeId);
  if (entry.variadic !== undefined) args.pop();
  return { ...entry, args, argNames: routine.parameters.map(({ name }) => name ?? '') };
}

function callOf(routine: RoutineDef, entry: RoutineEntry, argTypes: readonly SqlType[]): RoutineCall {
  const columns = outputParameters(routine).map(({ name, typeId }, i) => ({
    name: name ?? `column${i + 1}`,
    type: entry.typeOf(typeId) ?? textType,
    typmod: -1,
  }));
  if (columns.some(({ type }) => type.kind === 'pseudo'))
    throw new DecentDbError('0A000', 'polymorphic output parameters of procedures are not supported');
  return { routine, argTypes, columns, rowType: columns.length === 0 ? null : rowTypeOf(columns) };
}
