/**
 * Text that is equal for expressions that always have the same value in the same row; null where that is not known.
 *
 * I1  Keys hold function identities and values by their own text, so they mean something within one process only.
 */
import { Decimal } from '../../types/decimal.ts';
import type { Datum } from '../../types/vector.ts';
import type { Expr } from '../expr.ts';

const functionIds = new WeakMap<object, number>();
let functionCount = 0;

function functionId(fn: object): number {
  let id = functionIds.get(fn);
  if (id === undefined) {
    id = ++functionCount;
    functionIds.set(fn, id);
  }
  return id;
}

export function exprKey(expr: Expr): string | null {
  switch (expr.kind) {
    case 'slot':
      return `s${expr.slot}`;
    case 'param':
      return `p${expr.index}:${expr.type.oid}`;
    case 'outer':
      return `o${expr.index}:${expr.type.oid}`;
    case 'const': {
      const value = valueKey(expr.value);
      return value === null ? null : `c${expr.type.oid}:${value}`;
    }
    case 'call': {
      if (expr.fn.volatility === 'volatile' || expr.variadicArray === true) return null;
      const args: string[] = [];
      for (const arg of expr.args) {
        const key = exprKey(arg);
        if (key === null) return null;
        args.push(key);
      }
      return `f${functionId(expr.fn)}:${expr.type.oid}:${expr.typmod}(${args.join(',')})`;
    }
    default:
      return null;
  }
}

function valueKey(value: Datum): string | null {
  if (value === null) return 'null';
  switch (typeof value) {
    case 'number':
      return Object.is(value, -0) ? 'n-0' : `n${value}`;
    case 'bigint':
      return `b${value}`;
    case 'boolean':
      return value ? 't' : 'f';
    case 'string':
      return `${value.length}"${value}"`;
    default:
      return value instanceof Decimal ? `d${value.coefficient}e${value.scale}` : null;
  }
}
