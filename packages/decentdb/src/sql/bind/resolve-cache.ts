/**
 * Overload resolution remembered: the same name over the same built-in types always means the same function.
 *
 * I1  Only calls over built-in types are kept; types of the user come and go with the catalogue.
 * I2  Failures are not kept: they are rare, and their messages name the call.
 * I3  The memory is bounded; when full it starts over.
 */
import { FIRST_OBJECT_ID } from '../../catalog/catalog.ts';
import type { SqlType } from '../../types/sql-type.ts';

const ENTRIES_MAX = 20_000;
let entryCount = 0;

/** One kind of callee: operators, functions, aggregates. */
export class ResolveCache<R> {
  readonly #byName: Map<string, Map<string, R>>;

  constructor() {
    this.#byName = new Map();
  }

  /** What `compute` said for this name and these types. */
  get(name: string, types: readonly (SqlType | null)[], compute: () => R): R {
    const key = keyOf(types);
    if (key === null) return compute();
    let byTypes = this.#byName.get(name);
    const known = byTypes?.get(key);
    if (known !== undefined) return known;
    const made = compute();
    if (entryCount >= ENTRIES_MAX) {
      this.#byName.clear();
      entryCount = 0;
      byTypes = undefined;
    }
    if (byTypes === undefined) {
      byTypes = new Map();
      this.#byName.set(name, byTypes);
    }
    byTypes.set(key, made);
    entryCount++;
    return made;
  }
}

function keyOf(types: readonly (SqlType | null)[]): string | null {
  let key = '';
  for (const type of types) {
    if (type !== null && (type.oid >= FIRST_OBJECT_ID || type.fields !== null)) return null;
    key += type === null ? '-' : `${type.oid},`;
  }
  return key;
}
