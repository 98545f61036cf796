/**
 * Built-in functions and operators by number: pg_proc's rows, and what regproc, regoper and their kin name.
 *
 * I1  Numbers follow the order of the registry, below the first oid of users; they hold for one version of the program.
 */
import { assert } from '../../base/assert.ts';
import { allFunctions } from '../../functions/registry.ts';
import { Oid } from '../../types/oids.ts';

const FIRST_FUNCTION = 6_200;
const FIRST_OPERATOR = 10_000;
/** What comes after them: information_schema's own oid. */
const OPERATORS_END = 13_000;

export interface BuiltIn {
  readonly oid: number;
  readonly name: string;
  readonly kind: string;
  readonly args: readonly number[];
  readonly returns: number;
  readonly isStrict: boolean;
  readonly isSet: boolean;
  readonly volatility: string;
  readonly variadic: number;
}

type Unnumbered = Omit<BuiltIn, 'oid'>;

function* listed(): Iterable<Unnumbered> {
  const { scalars, aggregates, windows, tables } = allFunctions();
  const base = { isSet: false, volatility: 'i', variadic: 0, isStrict: false };
  for (const fn of [...scalars].flat())
    yield {
      ...base,
      name: fn.name,
      kind: 'f',
      args: fn.args,
      returns: fn.returns,
      isStrict: fn.strict,
      volatility: fn.volatility[0] ?? 'v',
      variadic: fn.variadic ?? 0,
    };
  for (const fn of [...aggregates].flat())
    yield { ...base, name: fn.name, kind: 'a', args: fn.args, returns: fn.returns };
  for (const fn of [...windows].flat())
    yield { ...base, name: fn.name, kind: 'w', args: fn.args, returns: fn.returns };
  for (const fn of [...tables].flat()) {
    const returns = fn.columns.length === 1 ? (fn.columns[0]?.type ?? 0) : Oid.record;
    yield {
      ...base,
      name: fn.name,
      kind: 'f',
      args: fn.args,
      returns,
      isStrict: fn.strict,
      isSet: true,
      volatility: fn.volatility[0] ?? 'v',
    };
  }
}

let functions: readonly BuiltIn[] | null = null;
let operators: readonly BuiltIn[] | null = null;

/** All built-in functions, their numbers ascending without gaps. */
export function builtinRoutines(): readonly BuiltIn[] {
  functions ??= [...listed()].map((one, i) => ({ ...one, oid: FIRST_FUNCTION + i }));
  assert(
    FIRST_FUNCTION + functions.length <= FIRST_OPERATOR,
    'oids of functions do not reach those of operators',
  );
  return functions;
}

/** All built-in operators; those with one argument are prefix operators. */
export function builtinOperators(): readonly BuiltIn[] {
  operators ??= [...allFunctions().operators].flat().map((one, i) => ({
    oid: FIRST_OPERATOR + i,
    name: one.operator?.symbol ?? one.name,
    kind: 'o',
    args: one.args,
    returns: one.returns,
    isStrict: one.strict,
    isSet: false,
    volatility: one.volatility[0] ?? 'v',
    variadic: 0,
  }));
  assert(FIRST_OPERATOR + operators.length <= OPERATORS_END, 'oids of operators stay below what comes next');
  return operators;
}

export function builtinRoutine(oid: number): BuiltIn | undefined {
  return builtinRoutines()[oid - FIRST_FUNCTION];
}

export function builtinOperator(oid: number): BuiltIn | undefined {
  return builtinOperators()[oid - FIRST_OPERATOR];
}
