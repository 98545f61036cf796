/**
 * Calls of functions written in SQL: which one is meant, its arguments, and the function object the executor evaluates.
 *
 * I1  Functions of the catalogue and built-in ones of the same name compete as one set of candidates.
 * I2  Equal calls get the same function object, so that expressions compare by identity (routine-lookup.ts I1).
 * I3  A call of a function that may write makes its statement a writing one from the start (routine-body.ts I2), which reads the state before it.
 */
import { DecentDbError } from '../../base/errors.ts';
import { rowTypeOf } from '../../catalog/composite-type.ts';
import {
  inputParameters,
  outputParameters,
  type RoutineDef,
  type RoutineParameter,
} from '../../catalog/routines.ts';
import type { Expr } from '../../exec/expr.ts';
import type { EvalContext, RoutineCall, ScalarFunction, TableFunction } from '../../functions/function.ts';
import { isPolymorphic, isSameFamily, unify } from '../../functions/polymorphism.ts';
import {
  aggregatesNamed,
  scalarsNamed,
  tableFunctionsNamed,
  windowFunctionsNamed,
} from '../../functions/registry.ts';
import { type Resolved, resolveAmong, type Signature } from '../../functions/resolve.ts';
import { Oid } from '../../types/oids.ts';
import { domainBase, type SqlType, type TypeField } from '../../types/sql-type.ts';
import { textType } from '../../types/text-types.ts';
import type { Datum } from '../../types/vector.ts';
import type * as ast from '../ast/nodes.ts';
import { parseExpression } from '../parse/parse.ts';
import type { BoundArguments } from './calls.ts';
import { convertImplicitly } from './coerce.ts';
import { effectivePath } from './env.ts';
import { atLocation, bindError } from './errors.ts';
import { bindExpr } from './expressions.ts';
import { Level } from './level.ts';
import { bindLast, columnsOf, effectOf } from './routine-body.ts';
import { type RoutineEntry, routinesNamed } from './routine-lookup.ts';
import { isBindingStored, withoutPositions } from './views.ts';

/** A call as the function it means, with its arguments in the order of the parameters. */
export interface BoundRoutine {
  readonly call: RoutineCall;
  readonly args: readonly Expr[];
}

/** The function of the catalogue a call means; null when there is none of that name, or a built-in one is meant. */
export function bindRoutine(level: Level, node: ast.FuncCall, bound: BoundArguments): BoundRoutine | null {
  const found = findRoutine(level, node, bound);
  if (level.state.env.isSchemaStatement === true) noteMeant(node, found);
  if (found === null) return null;
  const { routine } = found.fn;
  if (routine.kind === 'procedure') {
    const shown = bound.args.map(({ type }) => type.sqlName(-1)).join(', ');
    throw bindError('42809', `${node.funcname.join('.')}(${shown}) is a procedure`, node.location, {
      hint: 'To call a procedure, use CALL.',
    });
  }
  if (routine.kind === 'aggregate') throw notInFrom(node);
  refuseExtras(node);
  level.state.recorder?.routine?.(node, routine.schema);
  return boundCall(level, found, bound);
}

type Candidate = Signature | RoutineEntry;

/** Overload resolution among the routines of that name and the built-in functions beside them. */
export function findRoutine(
  level: Level,
  node: Pick<ast.FuncCall, 'funcname' | 'location'>,
  bound: BoundArguments,
): Resolved<RoutineEntry> | null {
  const own = routinesNamed(level.state.env, node.funcname);
  if (own.length === 0) return null;
  const name = node.funcname.at(-1) as string;
  const builtin = node.funcname.length > 1 ? [] : builtinsNamed(name);
  const candidates = visible(level, own, builtin);
  const types = bound.args.map(({ type }) => type);
  const found = atLocation(node.location, () => resolveAmong(candidates, name, types, bound.options));
  return found !== null && 'routine' in found.fn ? (found as Resolved<RoutineEntry>) : null;
}

const meant = new WeakMap<ast.FuncCall, string>();

/** The schema of the function a call means, where its name alone would not lead there once it is stored; undefined: it would. */
export function schemaMeant(node: ast.FuncCall): string | undefined {
  return meant.get(node);
}

function noteMeant(node: ast.FuncCall, found: Resolved<RoutineEntry> | null): void {
  if (found === null || node.funcname.length > 1) meant.delete(node);
  else if (found.fn.routine.schema !== 'public' || isNamedAsBuiltin(found.fn))
    meant.set(node, found.fn.routine.schema);
  else meant.delete(node);
}

/** Whether a built-in function has the same name and inputs, or an aggregate or window function the name and as many. */
export function isNamedAsBuiltin(entry: Signature): boolean {
  const isCalledAlike = ({ args, variadic }: Signature): boolean =>
    variadic === undefined ? args.length === entry.args.length : entry.args.length >= args.length;
  return (
    builtinsNamed(entry.name).some((other) => isSameInput(entry, other)) ||
    [...aggregatesNamed(entry.name), ...windowFunctionsNamed(entry.name)].some(isCalledAlike)
  );
}

function builtinsNamed(name: string): readonly Signature[] {
  return [...scalarsNamed(name), ...tableFunctionsNamed(name), ...aggregatesNamed(name)];
}

/**
 * Of two functions with the same inputs only the one whose schema comes first along the search path is seen. What is stored has
 * others than built-in ones with their schema, so that a name alone means the built-in one there.
 */
function visible(
  level: Level,
  own: readonly RoutineEntry[],
  builtin: readonly Signature[],
): readonly Candidate[] {
  if (builtin.length === 0) return own;
  const path = effectivePath(level.state.env);
  const isStored = isBindingStored() || (level.state.env.routine?.known ?? null) !== null;
  const builtinAt = isStored ? -1 : path.indexOf('pg_catalog');
  const isHidden = ({ routine }: RoutineEntry): boolean => path.indexOf(routine.schema) > builtinAt;
  const seen = own.filter((one) => !(isHidden(one) && builtin.some((other) => isSameInput(one, other))));
  return [...seen, ...builtin.filter((one) => !seen.some((other) => isSameInput(one, other)))];
}

function isSameInput(a: Signature, b: Signature): boolean {
  return (
    a.variadic === b.variadic &&
    a.args.length === b.args.length &&
    a.args.every((oid, i) => oid === b.args[i])
  );
}

export function boundCall(level: Level, found: Resolved<RoutineEntry>, bound: BoundArguments): BoundRoutine {
  const { state } = level;
  const { routine } = found.fn;
  const args = callArguments(level, found, bound);
  const argTypes = args.map(({ type }) => type);
  state.uses(routine.id, -1);
  const effect = effectOf(state.env, routine, argTypes);
  if (effect === 'session') state.asksSession = true;
  if (effect === 'writes') {
    state.hasWrites = true;
    state.callsWriters = true;
  }
  return { call: callOf(level, found, argTypes), args };
}

/** Aggregates are bound before functions are, but for those in FROM. */
function notInFrom(node: ast.FuncCall): Error {
  return bindError('42803', 'aggregate functions are not allowed in functions in FROM', node.location);
}

/** OVER, DISTINCT, FILTER ... belong to aggregates and window functions. */
function refuseExtras(node: ast.FuncCall): void {
  const name = node.funcname.join('.');
  const refuse = (what: string, is: string): Error =>
    bindError('42809', `${what} specified, but ${name} is not ${is}`, node.location);
  if (node.agg_star) throw refuse(`${name}(*)`, 'an aggregate function');
  if (node.agg_distinct) throw refuse('DISTINCT', 'an aggregate function');
  if (node.agg_within_group) throw refuse('WITHIN GROUP', 'an aggregate function');
  if (node.agg_order.length > 0) throw refuse('ORDER BY', 'an aggregate function');
  if (node.agg_filter !== null) throw refuse('FILTER', 'an aggregate function');
  if (node.over !== null) throw refuse('OVER', 'a window function nor an aggregate function');
}

/** One argument a parameter: converted, repeated ones gathered in an array, missing ones from their defaults. */
export function callArguments(
  level: Level,
  found: Resolved<RoutineEntry>,
  bound: BoundArguments,
  inputs: readonly RoutineParameter[] = inputParameters(found.fn.routine),
): Expr[] {
  const isGathered = found.fn.variadic !== undefined && bound.options.isVariadicArray !== true;
  let given = 0;
  const values = found.order.map((from, i): Expr => {
    if (from >= 0)
      return convertImplicitly(level, bound.args[from] as Expr, found.argTypes[given++] as SqlType);
    const parameter = inputs[i] as RoutineParameter;
    const type = typeOfMissing(found, parameter.typeId);
    return defaultOf(level, type, parameter.defaultSql as string);
  });
  if (!isGathered) return values;
  const elements = values.splice(inputs.length - 1);
  const element = (elements[0] as Expr).type;
  const type = element.arrayType ?? (found.fn.typeOf(inputs.at(-1)?.typeId ?? 0) as SqlType);
  const location = elements[0]?.location ?? -1;
  return [...values, { kind: 'array', elements, isNested: false, type, typmod: -1, location }];
}

/** Of a parameter that no argument is given for: a polymorphic one is what the arguments make of it; null when they say nothing. */
function typeOfMissing(found: Resolved<RoutineEntry>, typeId: number): SqlType | null {
  const type = found.fn.typeOf(typeId);
  if (type !== undefined && type.kind !== 'pseudo') return type;
  const declared = found.fn.args.filter((_, i) => (found.order[i] ?? -1) >= 0);
  if (!isPolymorphic(typeId) || !declared.some((one) => isSameFamily(one, typeId))) return null;
  return unify(declared, typeId, found.argTypes, found.fn.typeOf)?.result ?? null;
}

function defaultOf(level: Level, type: SqlType | null, sql: string): Expr {
  const inner = new Level(level.state, null);
  return withoutPositions(() => {
    const expr = bindExpr(inner, parseExpression(sql), 'columnDefault');
    const own = expr.type.oid === Oid.unknown ? textType : expr.type;
    return convertImplicitly(inner, expr, type === null || type.kind === 'pseudo' ? own : type);
  });
}

const calls = new WeakMap<RoutineDef, Map<string, RoutineCall>>();

function callOf(level: Level, found: Resolved<RoutineEntry>, argTypes: readonly SqlType[]): RoutineCall {
  const { routine } = found.fn;
  let known = calls.get(routine);
  if (known === undefined) {
    known = new Map();
    calls.set(routine, known);
  }
  const shape = resultShape(level, found, argTypes);
  const key = [...argTypes, ...shape.columns.map(({ type }) => type)].map(({ oid }) => oid).join();
  const before = known.get(key);
  // A type made anew by DDL keeps its oid but is another object.
  if (
    before?.argTypes.every((type, i) => type === argTypes[i]) === true &&
    before.columns.every(({ type }, i) => type === shape.columns[i]?.type) &&
    before.rowType === shape.rowType
  )
    return before;
  const call: RoutineCall = { routine, argTypes, ...shape };
  known.set(key, call);
  return call;
}

/** Columns of the result, and the row type when a value is a row of them. */
function resultShape(
  level: Level,
  found: Resolved<RoutineEntry>,
  argTypes: readonly SqlType[],
): Pick<RoutineCall, 'columns' | 'rowType'> {
  const { routine, typeOf } = found.fn;
  const outputs = outputParameters(routine);
  const declared = inputParameters(routine).map(({ typeId }) => typeId);
  const actual = (oid: number): SqlType => unify(declared, oid, argTypes, typeOf)?.result ?? textType;
  if (outputs.length > 1) {
    const columns = outputs.map(({ name, typeId }, i) => ({
      name: name ?? `column${i + 1}`,
      type: actual(typeId),
      typmod: -1,
    }));
    return { columns, rowType: rowTypeOf(columns) };
  }
  const [only] = outputs;
  const type = only === undefined ? actual(routine.returnTypeId) : actual(only.typeId);
  const { fields } = domainBase(type);
  if (fields !== null && type.oid !== Oid.record) return { columns: fields, rowType: type };
  if (type.oid !== Oid.record)
    return { columns: [{ name: only?.name ?? routine.name, type, typmod: -1 }], rowType: null };
  const columns = columnsOf(bindLast(level.state.env, routine, argTypes)) ?? [];
  const [first] = columns;
  const inner = first === undefined ? null : domainBase(first.type).fields;
  const row = columns.length === 1 && inner !== null ? inner : columns.map(fieldOf);
  return { columns: row, rowType: rowTypeOf(row) };
}

function fieldOf({ name, type, typmod }: TypeField): TypeField {
  return { name, type, typmod };
}

const scalars = new WeakMap<RoutineCall, ScalarFunction>();

/** The value of a call that returns no set. */
export function routineExpr({ call, args }: BoundRoutine, location: number): Expr {
  let fn = scalars.get(call);
  if (fn === undefined) {
    fn = scalarOf(call);
    scalars.set(call, fn);
  }
  return { kind: 'call', fn, args, type: valueType(call), typmod: -1, location };
}

/** Type of a value, or of a row of the set as one value. */
export function valueType(call: RoutineCall): SqlType {
  return call.rowType ?? (call.columns[0] as TypeField).type;
}

function scalarOf(call: RoutineCall): ScalarFunction {
  const { routine, rowType } = call;
  return {
    name: routine.name,
    args: call.argTypes.map(({ oid }) => oid),
    returns: valueType(call).oid,
    strict: routine.isStrict,
    volatility: routine.volatility,
    eval(context, ...args) {
      const [row] = rowsOf(context, call, args);
      if (row === undefined) return null;
      return rowType === null ? (row[0] ?? null) : (row as unknown as Datum);
    },
    description: 'Written in SQL.',
  };
}

/** Planning evaluates without a session: such an evaluation fails, and is left for run time. */
function rowsOf(
  context: EvalContext,
  call: RoutineCall,
  args: readonly Datum[],
): readonly (readonly Datum[])[] {
  if (context.callRoutine === undefined)
    throw new DecentDbError('XX000', `function ${call.routine.name} cannot run outside of a session`);
  return context.callRoutine(call, args);
}

const tables = new WeakMap<RoutineCall, TableFunction>();

/** The rows of a call. */
export function routineTable(call: RoutineCall): TableFunction {
  let fn = tables.get(call);
  if (fn === undefined) {
    fn = tableOf(call);
    tables.set(call, fn);
  }
  return fn;
}

function tableOf(call: RoutineCall): TableFunction {
  const { routine } = call;
  const fn: TableFunction = {
    kind: 'table',
    name: routine.name,
    args: call.argTypes.map(({ oid }) => oid),
    columns: call.columns.map(({ name, type }) => ({ name, type: type.oid })),
    strict: routine.isStrict,
    volatility: routine.volatility,
    rows: (context, args) => rowsOf(context, call, args),
    description: 'Written in SQL.',
  };
  // Tells the executor that a value in a select list is the whole row, also of one column.
  return call.rowType === null ? fn : { ...fn, withFields: () => fn };
}
