/**
 * Every built-in function, operator, aggregate, window and table function by name.
 *
 * I1  This file only indexes what the families list; the order of entries is the families'.
 * I2  The common families are indexed alone until a name is asked for that they do not settle: then all are loaded.
 */

import { Oid as T } from '../types/oids.ts';
import type { SqlType } from '../types/sql-type.ts';
import {
  aggregateFamilies,
  families,
  scalarFamilies,
  tableFamilies,
  windowFamilies,
} from './all-families.ts';
import {
  commonAggregates,
  commonScalars,
  commonTables,
  commonWindows,
  sharedAggregates,
  sharedScalars,
  undecided,
  undecidedUntyped,
} from './everyday-families.ts';
import type { AggregateFunction, ScalarFunction, TableFunction, WindowFunction } from './function.ts';
import { plainTypes } from './plain-types.ts';

type Families<F> = readonly (readonly F[])[];

function indexByName<F extends { readonly name: string }>(families: Families<F>): Map<string, F[]> {
  const index = new Map<string, F[]>();
  for (const family of families) {
    for (const entry of family) {
      const known = index.get(entry.name);
      if (known === undefined) index.set(entry.name, [entry]);
      else known.push(entry);
    }
  }
  return index;
}

/** Names of the common families, of whatever kind. */
const commonNames = new Set<string>();

/** The entries of one kind by name. */
class KindIndex<F extends { readonly name: string }> {
  readonly #common: Map<string, F[]>;
  /** Names of common families that others have entries of this kind for. */
  readonly #shared: ReadonlySet<string>;
  readonly #families: () => Families<F>;
  #all: Map<string, F[]> | null = null;

  constructor(common: Families<F>, shared: ReadonlySet<string>, families: () => Families<F>) {
    this.#common = indexByName(common);
    this.#shared = shared;
    this.#families = families;
    for (const name of this.#common.keys()) commonNames.add(name);
  }

  named(name: string): readonly F[] {
    const isSettled = this.#all === null && commonNames.has(name) && !this.#shared.has(name);
    return (isSettled ? this.#common : this.all()).get(name) ?? [];
  }

  commonNamed(name: string): readonly F[] {
    return this.#common.get(name) ?? [];
  }

  has(name: string): boolean {
    return this.#common.has(name) || this.named(name).length > 0;
  }

  all(): Map<string, F[]> {
    this.#all ??= indexByName(this.#families());
    return this.#all;
  }
}

const isOperator = (entry: ScalarFunction): boolean => entry.operator !== undefined;
const without = (families: Families<ScalarFunction>): Families<ScalarFunction> =>
  families.map((family) => family.filter((entry) => !isOperator(entry)));
const operatorsOf = (families: Families<ScalarFunction>): Families<ScalarFunction> =>
  families.map((family) => family.filter(isOperator));

const scalars = new KindIndex(without(commonScalars), sharedScalars, () => without(scalarFamilies));
const operators = new KindIndex(operatorsOf(commonScalars), sharedScalars, () => operatorsOf(scalarFamilies));
const aggregates = new KindIndex(commonAggregates, sharedAggregates, () => aggregateFamilies);
const windows = new KindIndex(commonWindows, new Set(), () => windowFamilies);
const tables = new KindIndex(commonTables, new Set(), () => tableFamilies);

export function scalarsNamed(name: string): readonly ScalarFunction[] {
  return scalars.named(name);
}
/** Whether there is a scalar function of that name. */
export function isScalarName(name: string): boolean {
  return scalars.has(name);
}
/** By symbol. */
export function operatorsNamed(symbol: string): readonly ScalarFunction[] {
  return operators.named(symbol);
}
export function aggregatesNamed(name: string): readonly AggregateFunction[] {
  return aggregates.named(name);
}
export function windowFunctionsNamed(name: string): readonly WindowFunction[] {
  return windows.named(name);
}
export function tableFunctionsNamed(name: string): readonly TableFunction[] {
  return tables.named(name);
}

/** The scalar functions of a name that may be meant by a call with arguments of those types. */
export function scalarsFor(name: string, args: readonly SqlType[]): readonly ScalarFunction[] {
  return entriesFor(scalars, name, args);
}
/** The operators of a symbol that may be meant with operands of those types. */
export function operatorsFor(symbol: string, args: readonly SqlType[]): readonly ScalarFunction[] {
  return entriesFor(operators, symbol, args);
}
/** Those of the common families. */
export function commonOperatorsNamed(symbol: string): readonly ScalarFunction[] {
  return operators.commonNamed(symbol);
}

function entriesFor(
  index: KindIndex<ScalarFunction>,
  name: string,
  args: readonly SqlType[],
): readonly ScalarFunction[] {
  const common = index.commonNamed(name);
  return common.length > 0 && isSettled(name, args, common) ? common : index.named(name);
}

/** Whether a shared name means one of the common functions, or none, with those arguments. */
function isSettled(name: string, args: readonly SqlType[], common: readonly ScalarFunction[]): boolean {
  if (undecided.has(name)) return common.some((entry) => takes(entry, args));
  if (args.every(({ oid }) => plainTypes.has(oid))) return true;
  return (
    args.length <= 2 &&
    !undecidedUntyped.has(name) &&
    args.every(({ oid }) => oid === T.unknown || plainTypes.has(oid))
  );
}

/** Whether arguments have the very types of a function, which wins whatever else there is, or are varchar for its text. */
function takes(entry: ScalarFunction, args: readonly SqlType[]): boolean {
  return (
    entry.variadic === undefined &&
    entry.args.length === args.length &&
    entry.args.every((oid, i) => oid === args[i]!.oid || (oid === T.text && args[i]!.oid === T.varchar))
  );
}

/** Everything, for documentation, pg_proc, pg_operator and completion. */
export function allFunctions(): {
  readonly scalars: Iterable<readonly ScalarFunction[]>;
  readonly operators: Iterable<readonly ScalarFunction[]>;
  readonly aggregates: Iterable<readonly AggregateFunction[]>;
  readonly windows: Iterable<readonly WindowFunction[]>;
  readonly tables: Iterable<readonly TableFunction[]>;
} {
  return {
    scalars: scalars.all().values(),
    operators: operators.all().values(),
    aggregates: aggregates.all().values(),
    windows: windows.all().values(),
    tables: tables.all().values(),
  };
}

/** Scalar functions and operators by family, without other names of the same functions: for docs/functions.md. */
export function functionFamilies(): readonly (readonly [
  title: string,
  functions: readonly ScalarFunction[],
])[] {
  return families;
}
