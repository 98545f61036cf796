/**
 * Functions and procedures of the catalogue as overload resolution sees them.
 *
 * I1  An unqualified name means those along the search path; of two with the same input types the first schema's counts.
 * I2  Defaults are counted here and bound where a call leaves them out: a default is an expression, not a datum.
 */
import type { Catalog } from '../../catalog/catalog.ts';
import { inputParameters, outputParameters, type RoutineDef } from '../../catalog/routines.ts';
import type { Signature } from '../../functions/resolve.ts';
import { Oid } from '../../types/oids.ts';
import { typeByOid } from '../../types/registry.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { type BindEnv, effectivePath } from './env.ts';

export interface RoutineEntry extends Signature {
  readonly routine: RoutineDef;
  readonly returns: number;
  readonly typeOf: (oid: number) => SqlType | undefined;
}

const NONE: readonly RoutineEntry[] = [];

/** Routines a written name may mean: `[name]` or `[schema, name]`. */
export function routinesNamed(env: BindEnv, names: readonly string[]): readonly RoutineEntry[] {
  const { catalog } = env;
  if (catalog.routines.size === 0) return NONE;
  const name = names.at(-1) as string;
  const path = names.length > 1 ? [names.at(-2) as string] : effectivePath(env);
  const found: RoutineDef[] = [];
  for (const schema of path)
    for (const routine of catalog.routinesNamed(schema, name))
      if (!found.some((other) => hasSameInputs(other, routine))) found.push(routine);
  return found.length === 0 ? NONE : found.map((routine) => entryOf(catalog, routine));
}

export function hasSameInputs(a: RoutineDef, b: RoutineDef): boolean {
  const left = inputParameters(a);
  const right = inputParameters(b);
  return left.length === right.length && left.every(({ typeId }, i) => typeId === right[i]?.typeId);
}

/** The type of that oid: built in, the user's, or a relation's row type. */
export function typeIn(catalog: Catalog, oid: number): SqlType | undefined {
  return typeByOid(oid) ?? catalog.userType(oid);
}

const entries = new WeakMap<Catalog, Map<number, RoutineEntry>>();

function entryOf(catalog: Catalog, routine: RoutineDef): RoutineEntry {
  let known = entries.get(catalog);
  if (known === undefined) {
    known = new Map();
    entries.set(catalog, known);
  }
  let entry = known.get(routine.id);
  if (entry === undefined) {
    entry = makeEntry(catalog, routine);
    known.set(routine.id, entry);
  }
  return entry;
}

function makeEntry(catalog: Catalog, routine: RoutineDef): RoutineEntry {
  const inputs = inputParameters(routine);
  const typeOf = (oid: number): SqlType | undefined => typeIn(catalog, oid);
  const isVariadic = inputs.at(-1)?.mode === 'variadic';
  const args = inputs.map(({ typeId }) => typeId);
  const variadic = isVariadic ? elementOf(typeOf, args.pop() as number) : undefined;
  const defaults = inputs.filter(({ defaultSql }) => defaultSql !== null);
  return {
    name: routine.name,
    routine,
    args,
    ...(variadic === undefined ? {} : { variadic }),
    defaults,
    argNames: inputs.map(({ name }) => name ?? ''),
    returns: outputParameters(routine).length > 1 ? Oid.record : routine.returnTypeId,
    typeOf,
  };
}

/** What a variadic parameter repeats. */
function elementOf(typeOf: RoutineEntry['typeOf'], array: number): number {
  if (array === Oid.anyarray) return Oid.anyelement;
  if (array === Oid.anycompatiblearray) return Oid.anycompatible;
  return typeOf(array)?.elementType?.oid ?? Oid.anyelement;
}
