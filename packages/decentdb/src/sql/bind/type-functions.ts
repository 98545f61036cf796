/**
 * Functions that come with types of the user: the constructors of range and multirange types, named as the type is.
 */
import type { Catalog } from '../../catalog/catalog.ts';
import type { TypeDef } from '../../catalog/schema.ts';
import type { ScalarFunction } from '../../functions/function.ts';
import { multirangeConstructors } from '../../functions/multiranges.ts';
import { rangeConstructor } from '../../functions/ranges.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { type BindEnv, effectivePath } from './env.ts';
import { typeIn } from './routine-lookup.ts';

/** A function with the types of the catalogue its signature names. */
export interface TypeFunction extends ScalarFunction {
  readonly typeOf: (oid: number) => SqlType | undefined;
}

const NONE: readonly TypeFunction[] = [];
const made = new WeakMap<SqlType, readonly ScalarFunction[]>();

/** Constructors a written name may mean: `[name]` or `[schema, name]`. */
export function typeFunctionsNamed(env: BindEnv, names: readonly string[]): readonly TypeFunction[] {
  const { catalog } = env;
  if (catalog.types.size === 0) return NONE;
  const path = names.length > 1 ? [names.at(-2) as string] : effectivePath(env);
  const def = catalog.findType(path, names.at(-1) as string);
  return def === undefined ? NONE : constructorsOf(catalog, def);
}

function constructorsOf(catalog: Catalog, def: TypeDef): readonly TypeFunction[] {
  const type = catalog.userType(def.id);
  if (type === undefined || (type.kind !== 'range' && type.kind !== 'multirange')) return NONE;
  let functions = made.get(type);
  if (functions === undefined) {
    functions = type.kind === 'range' ? [rangeConstructor(type)] : multirangeConstructors(type);
    made.set(type, functions);
  }
  const typeOf = (oid: number): SqlType | undefined => typeIn(catalog, oid);
  return functions.map((fn) => ({ ...fn, typeOf }));
}
