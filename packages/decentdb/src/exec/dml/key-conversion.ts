/**
 * Foreign key values on their way from one table's types to the other's (int4 refers to int8, int4 to numeric, ...).
 *
 * I1  A value that the other type cannot hold exactly has no partner there: the way back must give the same value.
 */
import { DecentDbError } from '../../base/errors.ts';
import { findCast } from '../../functions/coercion.ts';
import type { EvalContext } from '../../functions/function.ts';
import { Oid } from '../../types/oids.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { trimBlanks } from '../../types/text-types.ts';
import type { Datum } from '../../types/vector.ts';

/** Converts keys; `find` gives null for a key without an equal in the target types, `assign` throws for it. */
export interface KeyConversion {
  find(key: readonly Datum[]): readonly Datum[] | null;
  assign(key: readonly Datum[]): readonly Datum[];
}

type Convert = (value: Datum) => Datum;

/** What a column of a key is: a char(4) is stored otherwise than a char(6). */
interface KeyColumn {
  readonly type: SqlType;
  readonly typmod: number;
}

/** Null when keys are the same in both tables. */
export function keyConversion(
  from: readonly KeyColumn[],
  to: readonly KeyColumn[],
  context: EvalContext,
): KeyConversion | null {
  const there = from.map((type, i) => convertOne(type, to[i]!, context));
  if (there.every((convert) => convert === null)) return null;
  const back = from.map((type, i) => convertOne(to[i]!, type, context));
  return {
    find(key) {
      const found: Datum[] = [];
      for (let i = 0; i < key.length; i++) {
        const converted = exactly(key[i]!, from[i]!.type, there[i] ?? null, back[i] ?? null);
        if (converted === null) return null;
        found.push(converted);
      }
      return found;
    },
    assign: (key) => key.map((value, i) => (value === null ? null : (there[i]?.(value) ?? value))),
  };
}

function convertOne(from: KeyColumn, to: KeyColumn, context: EvalContext): Convert | null {
  const fn = findCast(from.type, to.type, 'assignment')?.fn ?? null;
  const isSame = from.type === to.type && from.typmod === to.typmod;
  const fit = to.type.oid === Oid.bpchar && to.typmod > 4 && !isSame ? to.type.applyTypmod : undefined;
  if (fit === undefined) return fn === null ? null : (value) => fn.eval(context, value);
  return (value) => {
    const text = fn === null ? value : fn.eval(context, value);
    return fit(trimBlanks(text as string), to.typmod, false);
  };
}

function exactly(value: Datum, type: SqlType, there: Convert | null, back: Convert | null): Datum {
  try {
    const converted = there === null ? value : there(value);
    const again = back === null ? converted : back(converted);
    return type.equals(value, again) ? converted : null;
  } catch (error) {
    // 22003 and its like: out of the other type's range.
    if (error instanceof DecentDbError && error.code.startsWith('22')) return null;
    throw error;
  }
}
