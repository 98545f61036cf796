/**
 * Polymorphic pseudo-types: unification of anyelement / anyarray / anyrange / anymultirange and the anycompatible family.
 *
 * I1  In the `any...` group every argument must have one type; in the `anycompatible...` group they get a common one.
 */
import { DecentDbError } from '../base/errors.ts';
import { Oid as T } from '../types/oids.ts';
import { builtinType } from '../types/registry.ts';
import { domainBase, multirangeTypeOf, type SqlType } from '../types/sql-type.ts';
import { commonTypeOrNull } from './coercion.ts';

const EXACT: ReadonlySet<number> = new Set([
  T.anyelement,
  T.anyarray,
  T.anynonarray,
  T.anyenum,
  T.anyrange,
  T.anymultirange,
]);
const COMPATIBLE: ReadonlySet<number> = new Set([
  T.anycompatible,
  T.anycompatiblearray,
  T.anycompatiblenonarray,
  T.anycompatiblerange,
  T.anycompatiblemultirange,
]);

export function isPolymorphic(oid: number): boolean {
  return EXACT.has(oid) || COMPATIBLE.has(oid);
}

/** Whether two polymorphic types stand for types that hang together: all of the `anyelement` kind, or of the `anycompatible` one. */
export function isSameFamily(a: number, b: number): boolean {
  return (EXACT.has(a) && EXACT.has(b)) || (COMPATIBLE.has(a) && COMPATIBLE.has(b));
}

export interface Unified {
  /** Type each argument is to be converted to. */
  readonly args: readonly SqlType[];
  readonly result: SqlType;
}

/**
 * Actual argument and result types of a signature; null when the arguments do not fit it. Throws only what PostgreSQL
 * throws after it has chosen a function (42804: nothing to determine a type from).
 */
export function unify(
  declared: readonly number[],
  returns: number,
  actual: readonly SqlType[],
  typeOf?: (oid: number) => SqlType | undefined,
): Unified | null {
  const exact = unifyExact(declared, actual);
  const compatible = exact === null ? null : unifyCompatible(declared, actual);
  if (exact === null || compatible === null) return null;
  const resolve = (oid: number, given: SqlType | null): SqlType | null => {
    switch (oid) {
      case T.anyelement:
      case T.anynonarray:
      case T.anyenum:
        return exact.element;
      case T.anyarray:
        return exact.array ?? exact.element?.arrayType ?? null;
      case T.anyrange:
        return exact.range;
      case T.anymultirange:
        return exact.range === null ? null : multirangeTypeOf(exact.range);
      case T.anycompatible:
      case T.anycompatiblenonarray:
        return compatible.element;
      case T.anycompatiblearray:
        return compatible.element?.arrayType ?? null;
      case T.anycompatiblerange:
        return compatible.range;
      case T.anycompatiblemultirange:
        return compatible.range === null ? null : multirangeTypeOf(compatible.range);
      case T.any:
        return given;
      case T.record:
        // A row keeps its fields: record is any row type.
        return given !== null && domainBase(given).fields !== null ? given : builtinType(oid);
      default:
        return typeOf?.(oid) ?? builtinType(oid);
    }
  };
  const args = declared.map((oid, i) => resolve(oid, actual[i] ?? null));
  // A row returned is the row given.
  const result = resolve(returns, returns === T.record ? (actual[declared.indexOf(T.record)] ?? null) : null);
  if (args.includes(null) || result === null) {
    throw new DecentDbError('42804', 'could not determine polymorphic type because input has type unknown');
  }
  return { args: args as SqlType[], result };
}

interface Group {
  element: SqlType | null;
  array: SqlType | null;
  range: SqlType | null;
}

function unifyExact(declared: readonly number[], actual: readonly SqlType[]): Group | null {
  const group: Group = { element: null, array: null, range: null };
  for (let i = 0; i < actual.length; i++) {
    const oid = declared[i]!;
    const type = actual[i]!;
    if (!EXACT.has(oid) || type.oid === T.unknown) continue;
    if (oid === T.anymultirange) {
      const range = domainBase(type).multirangeOf;
      if (range === null || (group.range !== null && group.range.oid !== range.oid)) return null;
      group.range = range;
      continue;
    }
    if (oid === T.anyarray || oid === T.anyrange) {
      const base = domainBase(type);
      const inner = oid === T.anyarray ? base.elementType : base.rangeSubtype;
      if (inner === null) return null;
      const key = oid === T.anyarray ? 'array' : 'range';
      if (group[key] !== null && group[key]!.oid !== base.oid) return null;
      group[key] = base;
      continue;
    }
    if (oid === T.anynonarray && domainBase(type).elementType !== null) return null;
    if (oid === T.anyenum && domainBase(type).labels === null) return null;
    if (group.element !== null && group.element.oid !== type.oid) return null;
    group.element = type;
  }
  for (const inner of [group.array?.elementType, group.range?.rangeSubtype]) {
    if (inner === null || inner === undefined) continue;
    if (group.element !== null && group.element.oid !== inner.oid) return null;
    group.element = inner;
  }
  return group;
}

function unifyCompatible(
  declared: readonly number[],
  actual: readonly SqlType[],
): { element: SqlType | null; range: SqlType | null } | null {
  const types: SqlType[] = [];
  let range: SqlType | null = null;
  let isUsed = false;
  for (let i = 0; i < actual.length; i++) {
    const oid = declared[i]!;
    if (!COMPATIBLE.has(oid)) continue;
    isUsed = true;
    const type = actual[i]!;
    if (oid === T.anycompatible || oid === T.anycompatiblenonarray) {
      if (oid === T.anycompatiblenonarray && domainBase(type).elementType !== null) return null;
      types.push(type);
      continue;
    }
    if (type.oid === T.unknown) continue;
    const given = domainBase(type);
    const base = oid === T.anycompatiblemultirange ? (given.multirangeOf ?? given) : given;
    const inner = oid === T.anycompatiblearray ? base.elementType : base.rangeSubtype;
    if (inner === null) return null;
    if (oid !== T.anycompatiblearray) {
      if (range !== null && range.oid !== base.oid) return null;
      range = base;
    }
    types.push(inner);
  }
  if (!isUsed) return { element: null, range: null };
  const element = types.length === 0 ? builtinType(T.text) : commonTypeOrNull(types);
  if (element === null) return null;
  if (range !== null && range.rangeSubtype!.oid !== element.oid) return null;
  return { element, range };
}
