/**
 * Functions the application registered in JavaScript: scalar, aggregate, table and trigger functions of one connection.
 *
 * I1  They have names of their own: a name of a built-in function is refused, so no query changes its meaning.
 * I2  One signature has one function: registering it again replaces it, and `version` tells that plans are out of date.
 * I3  A function is for direct use unless registered otherwise: a database file must not be able to call it.
 */
import { DecentDbError } from '../base/errors.ts';
import type { AggregateFunction, ScalarFunction, TableFunction } from './function.ts';
import { aggregatesNamed, scalarsNamed, tableFunctionsNamed, windowFunctionsNamed } from './registry.ts';

type UserFunction = ScalarFunction | AggregateFunction | TableFunction;

export class UserFunctions {
  version = 0;
  readonly #scalars = new Map<string, ScalarFunction[]>();
  readonly #aggregates = new Map<string, AggregateFunction[]>();
  readonly #tables = new Map<string, TableFunction[]>();
  readonly #triggers = new Map<string, object>();
  /** Names with a function that is for direct use; built-in functions are never among them (I1). */
  readonly #direct = new Set<string>();

  addScalar(fn: ScalarFunction, isDirectOnly: boolean): void {
    this.#add(this.#scalars, fn, isDirectOnly);
  }

  addAggregate(fn: AggregateFunction, isDirectOnly: boolean): void {
    this.#add(this.#aggregates, fn, isDirectOnly);
  }

  addTable(fn: TableFunction, isDirectOnly: boolean): void {
    this.#add(this.#tables, fn, isDirectOnly);
  }

  /** What runs when a trigger calls `name`; opaque here. */
  addTrigger(name: string, run: object): void {
    refuseBuiltIn(name);
    this.#triggers.set(name, run);
  }

  trigger(name: string): object | undefined {
    return this.#triggers.get(name);
  }

  scalars(name: string): readonly ScalarFunction[] {
    return this.#scalars.get(name) ?? [];
  }

  aggregates(name: string): readonly AggregateFunction[] {
    return this.#aggregates.get(name) ?? [];
  }

  tables(name: string): readonly TableFunction[] {
    return this.#tables.get(name) ?? [];
  }

  /** Whether stored expressions (views, checks, defaults, indexes, generated columns) may not call functions of that name. */
  isDirectOnly(name: string): boolean {
    return this.#direct.has(name);
  }

  #add<F extends UserFunction>(all: Map<string, F[]>, fn: F, isDirectOnly: boolean): void {
    refuseBuiltIn(fn.name);
    const others = (all.get(fn.name) ?? []).filter((other) => !isSameSignature(other, fn));
    all.set(fn.name, [...others, fn]);
    if (isDirectOnly) this.#direct.add(fn.name);
    else if (others.length === 0) this.#direct.delete(fn.name);
    this.version++;
  }
}

function isSameSignature(a: UserFunction, b: UserFunction): boolean {
  return (
    a.variadic === b.variadic &&
    a.args.length === b.args.length &&
    a.args.every((oid, i) => oid === b.args[i])
  );
}

function refuseBuiltIn(name: string): void {
  const isTaken = [scalarsNamed, aggregatesNamed, tableFunctionsNamed, windowFunctionsNamed].some(
    (named) => named(name).length > 0,
  );
  if (isTaken)
    throw new DecentDbError('42723', `function "${name}" is built in`, {
      hint: 'Register the function under a name of its own.',
    });
}
