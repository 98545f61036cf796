/**
 * Functions in JavaScript that SQL may call: `db.function`, `db.aggregate`, `db.table`.
 *
 * I1  Values arrive and leave as parameters and results of queries do; SQL NULL is null, undefined is NULL.
 * I2  What a function throws becomes an error of the statement (38000, the thrown thing as `cause`) and rolls the statement
 *     back; a DecentDbError passes through as it is.
 * I3  While one runs, the connection may be read: such queries see the calling statement's state. Changes, schema statements
 *     and transaction control are refused.
 */
import { DecentDbError, invalidUse } from '../base/errors.ts';
import type { AggregateFunction, ScalarFunction, TableFunction } from '../functions/function.ts';
import { callFunction } from '../session/function-calls.ts';
import type { Session } from '../session/session.ts';
import { resolveTypeText } from '../sql/bind/type-text.ts';
import { Oid } from '../types/oids.ts';
import type { JsOptions, SqlType } from '../types/sql-type.ts';
import type { Datum } from '../types/vector.ts';
import { checkOptionNames } from './did-you-mean.ts';

/** What `function`, `aggregate` and `table` have in common. */
export interface FunctionOptions {
  /** SQL types of the arguments: 'int4', 'text', 'numeric', 'int8[]' ... */
  readonly args?: readonly string[];
  /** SQL type of the result. */
  readonly returns: string;
  /** The last argument's type may repeat. */
  readonly varargs?: boolean;
  /** NULL arguments give NULL without a call. Default false. */
  readonly strict?: boolean;
  /** The same arguments always give the same result. Default false. */
  readonly deterministic?: boolean;
  /** Views, defaults, checks and the like may not call it. Default true. */
  readonly directOnly?: boolean;
}

/** A function `(...args) => value`. */
export type UserFunction = (...args: never[]) => unknown;

/** The same, as it is called: values have the types the options promise. */
type Callable = (...args: readonly unknown[]) => unknown;

export interface AggregateOptions extends FunctionOptions {
  /** The first state, or a function that makes it. */
  readonly start?: unknown;
  /** `(state, ...args) => next state`; undefined keeps the state. */
  readonly step: UserFunction;
  /** `(state) => result`; absent: the state is the result. */
  readonly result?: UserFunction;
  /** `(state, ...args) => next state`: takes a row out again, for moving window frames. */
  readonly inverse?: UserFunction;
}

export interface TableOptions extends Omit<FunctionOptions, 'returns'> {
  /** Result columns: name to SQL type. */
  readonly columns: Readonly<Record<string, string>>;
  /** `(...args) => iterable of rows`, a row being an array or an object. */
  readonly rows: UserFunction;
}

const KNOWN: readonly string[] = ['args', 'returns', 'varargs', 'strict', 'deterministic', 'directOnly'];

export function scalarFunction(
  session: Session,
  js: () => JsOptions,
  name: string,
  options: FunctionOptions,
  fn: UserFunction,
): ScalarFunction {
  checkOptions(name, options, [], fn);
  const signature = signatureOf(
    session,
    name,
    options,
    options.args ?? new Array<string>(fn.length).fill('any'),
  );
  const result = typeOf(session, options.returns, name);
  return {
    name,
    ...signature.entry,
    returns: result.oid,
    eval(_context, ...args) {
      const given = signature.toJs(args, js());
      return toDatum(
        callFunction(session, name, () => (fn as Callable)(...given)),
        result,
        session,
      );
    },
    description: 'Registered by the application.',
    ...specialized(signature, (types) => ({
      name,
      ...signature.entry,
      returns: result.oid,
      eval(_context, ...args) {
        const given = args.map((arg, i) => jsOf(arg, types[i] as SqlType, js()));
        return toDatum(
          callFunction(session, name, () => (fn as Callable)(...given)),
          result,
          session,
        );
      },
      description: 'Registered by the application.',
    })),
  };
}

/** Functions without declared argument types learn them from each call. */
function specialized(
  signature: Signature,
  make: (types: readonly SqlType[]) => ScalarFunction,
): Pick<ScalarFunction, 'specialize'> | Record<string, never> {
  return signature.isTyped ? {} : { specialize: (types: readonly SqlType[]) => make(types) };
}

export function aggregateFunction(
  session: Session,
  js: () => JsOptions,
  name: string,
  options: AggregateOptions,
): AggregateFunction {
  const { start, step, result, inverse } = options;
  checkOptions(name, options, ['start', 'step', 'result', 'inverse'], step);
  const signature = signatureOf(session, name, options, options.args ?? needArgs(name));
  const type = typeOf(session, options.returns, name);
  const call = (fn: UserFunction, state: object, args: readonly Datum[]): void => {
    const holder = state as { value: unknown };
    const given = signature.toJs(args, js());
    const next = callFunction(session, name, () => (fn as Callable)(holder.value, ...given));
    if (next !== undefined) holder.value = next;
  };
  const { volatility: _, ...entry } = signature.entry;
  return {
    kind: 'aggregate',
    name,
    ...entry,
    returns: type.oid,
    init: () => ({
      value: typeof start === 'function' ? callFunction(session, name, () => start()) : (start ?? null),
    }),
    step: (state, _context, ...args) => call(step, state, args),
    ...(inverse === undefined
      ? {}
      : { inverse: (state: object, _context: unknown, ...args: Datum[]) => call(inverse, state, args) }),
    final(state) {
      const { value } = state as { value: unknown };
      return toDatum(
        result === undefined ? value : callFunction(session, name, () => (result as Callable)(value)),
        type,
        session,
      );
    },
    description: 'Registered by the application.',
  };
}

export function tableFunction(
  session: Session,
  js: () => JsOptions,
  name: string,
  options: TableOptions,
): TableFunction {
  checkOptions(name, options, ['columns', 'rows'], options.rows);
  const signature = signatureOf(
    session,
    name,
    options,
    options.args ?? new Array<string>(options.rows.length).fill('text'),
  );
  const columns = Object.entries(options.columns ?? {}).map(([column, type]) => ({
    name: column,
    type: typeOf(session, type, name),
  }));
  if (columns.length === 0) throw invalidUse(`table function "${name}" needs columns: { name: 'type', ... }`);
  return {
    kind: 'table',
    name,
    ...signature.entry,
    columns: columns.map((column) => ({ name: column.name, type: column.type.oid })),
    *rows(_context, args) {
      const given = signature.toJs(args, js());
      const made = callFunction(session, name, () =>
        (options.rows as Callable)(...given),
      ) as Iterable<unknown>;
      const iterator = callFunction(session, name, () => made[Symbol.iterator]()) as Iterator<unknown>;
      for (;;) {
        const next = callFunction(session, name, () => iterator.next()) as IteratorResult<unknown>;
        if (next.done === true) return;
        const row = next.value as readonly unknown[] | Readonly<Record<string, unknown>>;
        yield columns.map((column, i) =>
          toDatum(
            Array.isArray(row) ? row[i] : (row as Readonly<Record<string, unknown>>)[column.name],
            column.type,
            session,
          ),
        );
      }
    },
    description: 'Registered by the application.',
  };
}

interface Signature {
  readonly entry: Pick<ScalarFunction, 'args' | 'variadic' | 'strict' | 'volatility'>;
  readonly isTyped: boolean;
  toJs(args: readonly Datum[], js: JsOptions): unknown[];
}

function signatureOf(
  session: Session,
  name: string,
  options: Omit<FunctionOptions, 'returns'>,
  args: readonly string[],
): Signature {
  const types = args.map((arg) => (arg === 'any' ? null : typeOf(session, arg, name)));
  const last = types.at(-1) ?? null;
  const isVariadic = options.varargs === true && last !== null;
  const oids = types.map((type) => type?.oid ?? Oid.any);
  return {
    entry: {
      args: isVariadic ? oids.slice(0, -1) : oids,
      ...(isVariadic ? { variadic: last.oid } : {}),
      strict: options.strict === true,
      volatility: options.deterministic === true ? 'immutable' : 'volatile',
    },
    isTyped: types.every((type) => type !== null),
    toJs: (values, js) => values.map((value, i) => jsOf(value, (types[i] ?? last) as SqlType, js)),
  };
}

function jsOf(value: Datum | undefined, type: SqlType, js: JsOptions): unknown {
  return value === null || value === undefined ? null : type.toJs(value, js);
}

function toDatum(value: unknown, type: SqlType, session: Session): Datum {
  return value === null || value === undefined ? null : type.fromJs(value, session.settings.types);
}

function typeOf(session: Session, text: string, name: string): SqlType {
  const type = resolveTypeText(session.bindEnv(session.currentCatalog()), text);
  if (type.kind === 'enum' || type.kind === 'domain' || type.kind === 'composite')
    throw new DecentDbError(
      '0A000',
      `function "${name}": ${text} cannot be the type of an argument or result`,
      {
        hint: 'Use the built-in type it is made of, or text.',
      },
    );
  return type;
}

function needArgs(name: string): never {
  throw invalidUse(`aggregate "${name}" needs args: the SQL types of its arguments`);
}

function checkOptions(name: string, options: object, more: readonly string[], fn: unknown): void {
  if (typeof name !== 'string' || name === '') throw invalidUse('a function needs a name');
  if (typeof options !== 'object' || options === null) throw invalidUse(`function "${name}" needs options`);
  checkOptionNames(options, [...KNOWN, ...more], `function "${name}"`);
  if (!more.includes('columns') && typeof (options as { returns?: unknown }).returns !== 'string')
    throw invalidUse(`function "${name}" needs returns: the SQL type of its result`);
  if (typeof fn !== 'function') throw invalidUse(`function "${name}" needs a JavaScript function`);
}
