/**
 * Calls of aggregates made by CREATE AGGREGATE: which one is meant, and the function object the executor steps through.
 *
 * I1  The functions it is made of are looked up when a call is bound, so that replacing one of them changes the aggregate.
 * I2  Calls over the same types in one state of the catalogue get one function object: equal calls are computed once.
 * I3  A strict transition function is not called for rows with a NULL, and without an initial value the first row is the state; a
 *     state of NULL stays (PostgreSQL, CREATE AGGREGATE).
 * I4  A function of the application is called for what the file says: only if it is for stored expressions (user-functions.ts).
 */
import type { AggregateDef, FunctionName } from '../../catalog/aggregate-def.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { inputParameters, type RoutineDef } from '../../catalog/routines.ts';
import type { Expr } from '../../exec/expr.ts';
import type { AggregateFunction, ScalarFunction } from '../../functions/function.ts';
import { isPolymorphic, unify } from '../../functions/polymorphism.ts';
import { Oid } from '../../types/oids.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { defaultTypeSettings, domainBase } from '../../types/sql-type.ts';
import { type Datum, Physical } from '../../types/vector.ts';
import type * as ast from '../ast/nodes.ts';
import { type BoundArguments, callFunction, typesOf } from './calls.ts';
import { constant } from './constants.ts';
import { bindError, bindNotSupported } from './errors.ts';
import type { Level } from './level.ts';
import { effectOf } from './routine-body.ts';
import { boundCall, callArguments, findRoutine, routineExpr } from './routine-calls.ts';
import { type RoutineEntry, routinesNamed, typeIn } from './routine-lookup.ts';
import { withoutPositions } from './views.ts';

export interface OwnAggregate {
  readonly fn: AggregateFunction;
  readonly args: readonly Expr[];
  readonly type: SqlType;
}

/** Whether a call of the name may mean an aggregate of the catalogue; functions of the name go by their number of arguments. */
export function mayBeOwnAggregate(own: readonly RoutineEntry[], node: ast.FuncCall): boolean {
  if (!own.some(({ routine }) => routine.kind === 'aggregate')) return false;
  if (node.agg_star || own.every(({ routine }) => routine.kind === 'aggregate')) return true;
  const takes = ({ args, variadic }: RoutineEntry): boolean =>
    variadic === undefined ? args.length === node.args.length : node.args.length > args.length;
  const fitting = own.filter(takes);
  const isFunctionToo = fitting.some(({ routine }) => routine.kind !== 'aggregate');
  const isAggregate = fitting.some(({ routine }) => routine.kind === 'aggregate');
  if (isFunctionToo && isAggregate)
    throw bindNotSupported(
      `a function and an aggregate ${node.funcname.join('.')} with one number of arguments`,
      node.location,
    );
  return isAggregate;
}

/** The aggregate of the catalogue a call means; null: a built-in one, or none. */
export function bindOwnAggregate(
  level: Level,
  node: ast.FuncCall,
  bound: BoundArguments,
): OwnAggregate | null {
  const { env } = level.state;
  const own = routinesNamed(env, node.funcname);
  if (node.agg_within_group || !own.some(({ routine }) => routine.kind === 'aggregate')) return null;
  const { location } = node;
  const found = findRoutine(level, node, bound);
  const routine = found?.fn.routine;
  if (found === null || routine?.kind !== 'aggregate') return null;
  const name = node.funcname.join('.');
  if (bound.args.length === 0 && !node.agg_star)
    throw bindError('42809', `${name}(*) must be used to call a parameterless aggregate function`, location);
  level.state.recorder?.routine?.(node, routine.schema);
  level.state.uses(routine.id, -1);
  const args = callArguments(level, found, bound);
  return {
    args,
    ...aggregateOf(
      level,
      routine,
      args.map(({ type }) => type),
      location,
    ),
  };
}

interface Made {
  readonly fn: AggregateFunction;
  readonly type: SqlType;
  readonly writes: boolean;
}

const made = new WeakMap<Catalog, Map<string, Made>>();

/** I2. */
function aggregateOf(
  level: Level,
  routine: RoutineDef,
  argTypes: readonly SqlType[],
  location: number,
): Made {
  const { env } = level.state;
  let known = made.get(env.catalog);
  if (known === undefined) {
    known = new Map();
    made.set(env.catalog, known);
  }
  const key = `${routine.id} ${argTypes.map(({ oid }) => oid).join()} ${env.userFunctions?.version ?? 0}`;
  let one = known.get(key);
  if (one === undefined) {
    one = makeAggregate(level, routine, argTypes, location);
    known.set(key, one);
  }
  if (one.writes) {
    level.state.hasWrites = true;
    level.state.callsWriters = true;
  }
  return one;
}

/** The type a declared one is for these arguments. */
function actualType(
  level: Level,
  routine: RoutineDef,
  declared: number,
  argTypes: readonly SqlType[],
): SqlType {
  const typeOf = (oid: number): SqlType | undefined => typeIn(level.state.env.catalog, oid);
  if (!isPolymorphic(declared)) return typeOf(declared) as SqlType;
  const inputs = inputParameters(routine).map(({ typeId }) => typeId);
  return unify(inputs, declared, argTypes, typeOf)?.result as SqlType;
}

function makeAggregate(
  level: Level,
  routine: RoutineDef,
  argTypes: readonly SqlType[],
  location: number,
): Made {
  const def = routine.aggregate as AggregateDef;
  const stateType = actualType(level, routine, def.stateTypeId, argTypes);
  const transition = bindStep(level, def.transition, [stateType, ...argTypes], location);
  const finalTypes = def.finalExtra ? [stateType, ...argTypes] : [stateType];
  const final = def.final === null ? null : bindStep(level, def.final, finalTypes, location);
  const initial = def.initial === null ? null : stateType.input(def.initial, -1, defaultTypeSettings);
  const fn = steppingFunction(routine, argTypes, {
    stateType,
    transition: transition.fn,
    final: final?.fn ?? null,
    extras: new Array<Datum>(finalTypes.length - 1).fill(null),
    initial,
    startsUnset: transition.fn.strict && def.initial === null,
  });
  return { fn, type: final?.type ?? stateType, writes: transition.writes || final?.writes === true };
}

interface BoundStep {
  readonly fn: ScalarFunction;
  readonly type: SqlType;
  readonly writes: boolean;
}

/** A function an aggregate is made of, for arguments of these types: none may need converting (42804). */
export function bindStep(
  level: Level,
  { schema, name, routineId }: FunctionName,
  types: readonly SqlType[],
  location: number,
): BoundStep {
  const { env } = level.state;
  const own = routineId === null ? undefined : env.catalog.routines.get(routineId);
  const names = own !== undefined ? [own.schema, own.name] : schema === null ? [name] : [schema, name];
  const args = types.map((type) => constant(null, type, location));
  const bound: BoundArguments = { args, options: {} };
  const found = findRoutine(level, { funcname: names, location }, bound);
  if (found?.fn.routine.returnsSet === true)
    throw bindError('42804', `function ${signature(name, types)} returns a set`, -1);
  const expr =
    found !== null && found.fn.routine.kind === 'function'
      ? routineExpr(boundCall(level, found, bound), location)
      : withoutPositions(() => callFunction(level, names.at(-1) as string, args, location));
  const writes = found !== null && effectOf(env, found.fn.routine, types) === 'writes';
  if (expr.kind !== 'call' || expr.args.length !== types.length)
    throw bindNotSupported(`function ${name} in an aggregate`, -1);
  for (const [i, arg] of expr.args.entries())
    if (!isSameForm(types[i] as SqlType, arg.type))
      throw bindError(
        '42804',
        `function ${signature(name, typesOf(expr.args))} requires run-time type coercion`,
        -1,
      );
  return { fn: expr.fn, type: expr.type, writes };
}

/** Whether values of a type are values of another as they stand (PostgreSQL: binary coercible). */
export function isSameForm(from: SqlType, to: SqlType): boolean {
  const [source, target] = [domainBase(from), domainBase(to)];
  if (source.oid === target.oid || target.oid === Oid.any) return true;
  return SAME_FORMS.some((oids) => oids.includes(source.oid) && oids.includes(target.oid));
}

const SAME_FORMS: readonly (readonly number[])[] = [
  [Oid.text, Oid.varchar],
  [Oid.bit, Oid.varbit],
  [Oid.int4, Oid.oid, Oid.regclass, Oid.regproc, Oid.regtype],
];

export function signature(name: string, types: readonly SqlType[]): string {
  return `${name}(${types.map((type) => type.sqlName(-1)).join(', ')})`;
}

interface State {
  value: Datum;
  /** No row has been taken: the first one becomes the state (I3). */
  isUnset: boolean;
}

const stateBytes = ({ value }: State): number =>
  typeof value === 'string' ? value.length * 2 : value instanceof Uint8Array ? value.length : 0;

interface Steps {
  readonly stateType: SqlType;
  readonly transition: ScalarFunction;
  readonly final: ScalarFunction | null;
  readonly extras: readonly Datum[];
  readonly initial: Datum;
  readonly startsUnset: boolean;
}

function steppingFunction(
  routine: RoutineDef,
  argTypes: readonly SqlType[],
  steps: Steps,
): AggregateFunction {
  const { transition, final, extras, initial, startsUnset } = steps;
  const { physical } = steps.stateType;
  const isStrict = transition.strict;
  return {
    kind: 'aggregate',
    name: routine.name,
    routineId: routine.id,
    args: argTypes.map(({ oid }) => oid),
    returns: routine.returnTypeId,
    strict: false,
    // An array or a document may hold what every row gave; how long a text is is told at once.
    ...(physical === Physical.object ? { keepsArguments: true } : {}),
    ...(physical === Physical.text || physical === Physical.bytes ? { stateBytes } : {}),
    init: (): State => ({ value: initial, isUnset: startsUnset }),
    step(state: State, context, ...args: Datum[]) {
      if (isStrict) {
        if (args.includes(null)) return;
        if (state.isUnset) {
          state.value = args[0] ?? null;
          state.isUnset = false;
          return;
        }
        if (state.value === null) return;
      }
      state.value = transition.eval(context, state.value, ...args);
    },
    final(state: State, context) {
      if (final === null) return state.value;
      if (final.strict && (state.value === null || extras.length > 0)) return null;
      return final.eval(context, state.value, ...extras);
    },
    description: 'Made by CREATE AGGREGATE.',
  };
}
