/**
 * Function calls: which kind of function is meant, and the checks of what was written around it (OVER, FILTER, DISTINCT ...).
 *
 * I1  Arguments are bound before the function is looked up: their types decide.
 * I2  A name that is an aggregate, window or set-returning function is handed to its own file.
 */

import { rowTypeOf } from '../../catalog/composite-type.ts';
import type { Expr } from '../../exec/expr.ts';
import type { ScalarFunction } from '../../functions/function.ts';
import { rowFields } from '../../functions/json-records.ts';
import { madeOnce } from '../../functions/made-function.ts';
import {
  aggregatesNamed,
  isScalarName,
  tableFunctionsNamed,
  windowFunctionsNamed,
} from '../../functions/registry.ts';
import {
  type Resolved,
  type ResolveOptions,
  resolveAmong,
  resolveFunction,
  tryResolveFunction,
  tryResolveTableFunction,
} from '../../functions/resolve.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { textType } from '../../types/text-types.ts';
import type { Datum } from '../../types/vector.ts';
import type * as ast from '../ast/nodes.ts';
import { bindAggregate } from './aggregates.ts';
import { collationNamed } from './casts.ts';
import { convertImplicitly } from './coerce.ts';
import { constant } from './constants.ts';
import { atLocation, bindError } from './errors.ts';
import { bindNode } from './expressions.ts';
import { fieldAsCall } from './function-notation.ts';
import type { Level } from './level.ts';
import { leftmost } from './operators.ts';
import { mayBeOwnAggregate } from './own-aggregates.ts';
import { isOwnFunction } from './own-functions.ts';
import { ResolveCache } from './resolve-cache.ts';
import { type BoundRoutine, bindRoutine, routineExpr, routineTable, valueType } from './routine-calls.ts';
import { routinesNamed } from './routine-lookup.ts';
import { noteCall } from './session-calls.ts';
import { addSetFunction } from './set-functions.ts';
import { typeFunctionsNamed } from './type-functions.ts';
import { requireCallable, userAggregates, userScalars, userTables } from './user-functions.ts';
import { spreading } from './variadic-call.ts';
import { bindWindowCall } from './windows.ts';

/** Arguments as bound, with what overload resolution needs to know of them. */
export interface BoundArguments {
  readonly args: readonly Expr[];
  readonly options: ResolveOptions;
}

/** PostgreSQL's limit on arguments. */
const ARGUMENTS_MAX = 100;

export function bindCall(level: Level, node: ast.FuncCall): Expr {
  const own = routinesNamed(level.state.env, node.funcname);
  const ofTypes = typeFunctionsNamed(level.state.env, node.funcname);
  const isOwn = own.length + ofTypes.length > 0;
  const name = isOwn ? (node.funcname.at(-1) as string) : functionName(level, node);
  const isFunction = isOwnFunction(level, own, node);
  const isWindow = !isFunction && windowFunctionsNamed(name).length > 0;
  // rank and its like are window functions, and hypothetical-set aggregates with WITHIN GROUP.
  if (isWindow && !node.agg_within_group) return bindWindowCall(level, node, name);
  const isAggregate =
    !isFunction &&
    (aggregatesNamed(name).length > 0 ||
      userAggregates(level, name).length > 0 ||
      mayBeOwnAggregate(own, node));
  if (isWindow && !isAggregate) return bindWindowCall(level, node, name);
  if (isAggregate)
    return node.over === null ? bindAggregate(level, node, name) : bindWindowCall(level, node, name);
  if (!isOwn) refuseAggregateSyntax(node, name);
  const bound = bindArguments(level, node);
  if (own.length > 0) {
    const routine = bindRoutine(level, node, bound);
    if (routine !== null) return routineValue(level, node, routine);
  }
  if (ofTypes.length > 0) {
    const types = typesOf(bound.args);
    const found = atLocation(node.location, () => resolveAmong(ofTypes, name, types, bound.options));
    if (found !== null) return makeCall(level, found, bound, node.location);
  }
  if (isOwn) functionName(level, node);
  if (tableFunctionsNamed(name).length > 0 || userTables(level, name).length > 0) {
    const set = bindSetCall(level, node, name, bound);
    if (set !== null) return set;
  }
  const collation = name === 'pg_collation_for' ? collationNamed(node.args[0]) : undefined;
  if (collation !== undefined) return constant(collation, textType, node.location);
  return fieldAsCall(node, bound) ?? scalarCall(level, name, bound, node.location);
}

/** A call of a function in SQL, set-returning or not. */
function routineValue(level: Level, node: ast.FuncCall, routine: BoundRoutine): Expr {
  const { call, args } = routine;
  const location = leftmost(node.location, ...args);
  if (!call.routine.returnsSet) return routineExpr(routine, location);
  return addSetFunction(level, node, routineTable(call), args, valueType(call));
}

/** The unqualified name; a schema other than pg_catalog has no functions. */
export function functionName(level: Level, node: ast.FuncCall): string {
  const name = node.funcname.at(-1) as string;
  if (node.funcname.length === 1) return name;
  const schema = node.funcname.at(-2) as string;
  if (schema === 'pg_catalog') return name;
  const whole = `${schema}.${name}`;
  if (schema === 'information_schema' && (isScalarName(whole) || tableFunctionsNamed(whole).length > 0))
    return whole;
  const { catalog, virtualTables } = level.state.env;
  if (catalog.schema(schema) === undefined && !virtualTables.hasSchema(schema))
    throw bindError('3F000', `schema "${schema}" does not exist`, node.location);
  const args = node.args.map((arg) => bindNode(level, arg).type.sqlName(-1)).join(', ');
  throw bindError('42883', `function ${node.funcname.join('.')}(${args}) does not exist`, node.location, {
    hint: 'No function matches the given name and argument types. You might need to add explicit type casts.',
  });
}

/** 42809 for aggregate syntax on a plain function. */
function refuseAggregateSyntax(node: ast.FuncCall, name: string): void {
  if (!isScalarName(name) && tableFunctionsNamed(name).length === 0) return;
  const refuse = (what: string, tail: string): Error =>
    bindError('42809', `${what} specified, but ${name} is not ${tail}`, node.location);
  if (node.agg_star)
    throw bindError('42809', `${name}(*) specified, but ${name} is not an aggregate function`, node.location);
  if (node.agg_distinct) throw refuse('DISTINCT', 'an aggregate function');
  if (node.agg_within_group) throw refuse('WITHIN GROUP', 'an aggregate function');
  if (node.agg_order.length > 0) throw refuse('ORDER BY', 'an aggregate function');
  if (node.agg_filter !== null) throw refuse('FILTER', 'an aggregate function');
  if (node.over !== null) throw refuse('OVER', 'a window function nor an aggregate function');
}

/** Binds arguments, named ones and `t.*` included. */
export function bindArguments(level: Level, node: ast.FuncCall): BoundArguments {
  const args: Expr[] = [];
  const argNames: (string | null)[] = [];
  for (const arg of node.args) {
    if (arg.kind === 'NamedArgExpr') {
      if (argNames.includes(arg.name))
        throw bindError('42601', `argument name "${arg.name}" used more than once`, arg.location);
      args.push(bindNode(level, arg.arg));
      argNames.push(arg.name);
      continue;
    }
    if (argNames.some((name) => name !== null))
      throw bindError('42601', 'positional argument cannot follow named argument', arg.location);
    args.push(bindNode(level, arg));
    argNames.push(null);
  }
  if (args.length > ARGUMENTS_MAX)
    throw bindError('54023', `cannot pass more than ${ARGUMENTS_MAX} arguments to a function`, node.location);
  const options: ResolveOptions = {
    ...(argNames.some((name) => name !== null) ? { argNames } : {}),
    ...(node.func_variadic ? { isVariadicArray: true } : {}),
  };
  return { args, options };
}

export function typesOf(args: readonly Expr[]): SqlType[] {
  return args.map((arg) => arg.type);
}

/** Arguments in parameter order, converted, with defaults filled in. */
export function convertArguments(
  level: Level,
  resolved: Pick<Resolved<unknown>, 'argTypes' | 'order' | 'defaults'>,
  args: readonly Expr[],
): Expr[] {
  let given = 0;
  let missing = 0;
  return resolved.order.map((from) => {
    if (from < 0) return constant((resolved.defaults[missing++] ?? null) as Datum, textType, -1);
    return convertImplicitly(level, args[from] as Expr, resolved.argTypes[given++] as SqlType);
  });
}

const functions = new ResolveCache<Resolved<ScalarFunction>>();

function scalarCall(level: Level, name: string, bound: BoundArguments, location: number): Expr {
  const types = typesOf(bound.args);
  const look = (): Resolved<ScalarFunction> =>
    atLocation(location, () => resolveFunction(name, types, bound.options));
  const own = userScalars(level, name);
  if (own.length > 0) {
    const found = atLocation(location, () => resolveAmong(own, name, types, bound.options));
    if (found !== null) {
      requireCallable(level, found.fn, location);
      return makeCall(level, found, bound, location);
    }
  }
  const isPlain = bound.options.argNames === undefined && bound.options.isVariadicArray !== true;
  const resolved = isPlain ? functions.get(name, types, look) : look();
  return makeCall(level, resolved, bound, location);
}

function makeCall(
  level: Level,
  resolved: Resolved<ScalarFunction>,
  bound: BoundArguments,
  location: number,
): Expr {
  noteCall(level.state, resolved.fn.name);
  return {
    kind: 'call',
    fn:
      bound.options.isVariadicArray === true
        ? madeOnce([resolved.fn], 'spreading', () => spreading(resolved.fn))
        : resolved.fn,
    args: convertArguments(level, resolved, bound.args),
    type: resolved.resultType,
    typmod: -1,
    location: leftmost(location, ...bound.args),
    ...(bound.options.isVariadicArray === true ? { variadicArray: true } : {}),
  };
}

/** A call of a built-in by name, for constructs the grammar spells differently. */
export function callFunction(level: Level, name: string, args: readonly Expr[], location: number): Expr {
  return scalarCall(level, name, { args, options: {} }, location);
}

/** A set-returning call in an expression; null when only a plain function of that name fits. */
function bindSetCall(level: Level, node: ast.FuncCall, name: string, bound: BoundArguments): Expr | null {
  const types = typesOf(bound.args);
  const resolved = atLocation(node.location, () =>
    tryResolveTableFunction(name, types, bound.options, userTables(level, name)),
  );
  if (resolved !== null) requireCallable(level, resolved.fn, node.location);
  if (resolved === null) {
    if (isScalarName(name) && tryResolveFunction(name, types, bound.options) !== null) return null;
    return scalarCall(level, name, bound, node.location);
  }
  noteCall(level.state, name);
  if (resolved.fn.onlyInFrom === true) return null;
  if (resolved.fn.needsColumnList === true)
    throw bindError(
      '0A000',
      'function returning record called in context that cannot accept type record',
      node.location,
    );
  if (resolved.fn.rowOfFirst === true) {
    const type = types[0] as SqlType;
    const fields = atLocation(node.location, () => rowFields(name, type));
    const fn = resolved.fn.withFields?.(fields) ?? resolved.fn;
    return addSetFunction(level, node, fn, convertArguments(level, resolved, bound.args), type);
  }
  const [only, ...others] = resolved.columnTypes;
  const type =
    only !== undefined && others.length === 0
      ? only
      : rowTypeOf(
          resolved.fn.columns.map((column, i) => ({
            name: column.name,
            type: resolved.columnTypes[i] as SqlType,
            typmod: -1,
          })),
        );
  return addSetFunction(level, node, resolved.fn, convertArguments(level, resolved, bound.args), type);
}
