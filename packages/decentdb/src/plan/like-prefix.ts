/**
 * The literal start of a LIKE pattern as a range of keys, in code point order.
 *
 * I1  Every string that matches the pattern lies in the range; the pattern itself is still tested.
 * I2  The upper bound is the prefix with its last code point raised by one (surrogates are skipped, they are no text).
 */
import type { ConstExpr, Expr } from '../exec/expr.ts';
import type { SqlType } from '../types/sql-type.ts';

export interface PrefixRange {
  readonly lower: ConstExpr;
  readonly upper: ConstExpr | null;
  /** The pattern has no wildcard: it is an equality. */
  readonly isWhole: boolean;
}

const textOids = new Set([25, 1043]);
const CODE_POINT_MAX = 0x10ffff;

/** Range of a constant pattern; null when the pattern is unknown at planning or begins with a wildcard. */
export function likePrefixRange(pattern: Expr, type: SqlType): PrefixRange | null {
  if (pattern.kind !== 'const' || typeof pattern.value !== 'string' || !textOids.has(type.oid)) return null;
  const text = pattern.value;
  let prefix = '';
  let at = 0;
  for (; at < text.length; at++) {
    const c = text[at] as string;
    if (c === '%' || c === '_') break;
    if (c === '\\') {
      at++;
      if (at === text.length) return null;
    }
    prefix += text[at];
  }
  const isWhole = at >= text.length;
  if (prefix === '' && !isWhole) return null;
  const constant = (value: string): ConstExpr => ({ kind: 'const', type, typmod: -1, location: -1, value });
  const upper = isWhole ? null : successor(prefix);
  return { lower: constant(prefix), upper: upper === null ? null : constant(upper), isWhole };
}

/** The smallest string above all strings that begin with `prefix`; null when there is none. */
function successor(prefix: string): string | null {
  const points = Array.from(prefix, (c) => c.codePointAt(0) as number);
  while (points.length > 0) {
    const last = points.pop() as number;
    if (last >= CODE_POINT_MAX) continue;
    const next = last === 0xd7ff ? 0xe000 : last + 1;
    return String.fromCodePoint(...points, next);
  }
  return null;
}
