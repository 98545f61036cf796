/**
 * JSON_OBJECT, JSON_ARRAY and JSON(): values turned into JSON one by one, then put together.
 *
 * I1  A value is the JSON that to_json makes of it, or what it says when it is FORMAT JSON; an SQL NULL stays one until it is
 *     left out (ABSENT ON NULL) or written as null.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { Expr } from '../../exec/expr.ts';
import { fn } from '../../functions/define.ts';
import type { EvalContext, ScalarFunction } from '../../functions/function.ts';
import { jsonKey } from '../../functions/json-functions.ts';
import { hasUniqueKeys } from '../../functions/json-path/sql-json.ts';
import { madeOnce } from '../../functions/made-function.ts';
import { quoteJson } from '../../types/json.ts';
import { jsonType } from '../../types/json-types.ts';
import { Oid } from '../../types/oids.ts';
import type { Datum } from '../../types/vector.ts';
import type * as ast from '../ast/nodes.ts';
import { callFunction } from './calls.ts';
import { castExplicitly } from './casts.ts';
import { resolveUnknown } from './coerce.ts';
import { bindNode } from './expressions.ts';
import type { Level } from './level.ts';

const AS_JSON = { type: jsonType, typmod: -1 };

/** A value as JSON. */
function valueOf(level: Level, { raw_expr, format }: ast.JsonValueExpr): Expr {
  const bound = resolveUnknown(level, bindNode(level, raw_expr));
  if (format.format_type !== 'JS_FORMAT_DEFAULT') return castExplicitly(level, bound, AS_JSON, -1);
  return callFunction(level, 'to_json', [bound], -1);
}

function made(fun: ScalarFunction, args: readonly Expr[], location: number): Expr {
  return { kind: 'call', fn: fun, args, type: jsonType, typmod: -1, location };
}

export function bindObject(level: Level, node: ast.JsonObjectConstructor): Expr {
  const args = node.exprs.flatMap(({ key, value }) => [
    resolveUnknown(level, bindNode(level, key)),
    valueOf(level, value),
  ]);
  const types = args.map(({ type }) => type);
  const run = (context: EvalContext, ...parts: Datum[]): string => {
    const members: string[] = [];
    const seen = new Set<string>();
    for (let i = 0; i < parts.length; i += 2) {
      const given = parts[i] ?? null;
      const value = parts[i + 1] ?? null;
      if (given === null) throw new DecentDbError('22004', 'null value not allowed for object key');
      const key = jsonKey(given, types[i]!, context);
      if (node.unique && seen.has(key))
        throw new DecentDbError('22030', `duplicate JSON object key value: ${quoteJson(key)}`);
      seen.add(key);
      if (value !== null || !node.absent_on_null) members.push(`${quoteJson(key)} : ${value ?? 'null'}`);
    }
    return `{${members.join(', ')}}`;
  };
  const oids = types.map(({ oid }) => oid);
  const key = `object ${node.unique} ${node.absent_on_null}`;
  const make = (): ScalarFunction =>
    fn('json_object', oids, Oid.json, run, 'Makes an object.', null, { strict: false });
  return made(madeOnce([jsonType, ...types], key, make), args, node.location);
}

export function bindArrayOf(level: Level, node: ast.JsonArrayConstructor): Expr {
  const args = node.exprs.map((value) => valueOf(level, value));
  const run = (_: unknown, ...items: Datum[]): string => {
    const kept = node.absent_on_null ? items.filter((item) => item !== null) : items;
    return `[${kept.map((item) => item ?? 'null').join(', ')}]`;
  };
  const oids = node.exprs.map(() => Oid.json);
  const key = `array ${oids.length} ${node.absent_on_null}`;
  const make = (): ScalarFunction =>
    fn('json_array', oids, Oid.json, run, 'Makes an array.', null, { strict: false });
  return made(madeOnce([jsonType], key, make), args, node.location);
}

/** JSON('...' WITH UNIQUE KEYS). */
export function withUniqueKeys(value: Expr, location: number): Expr {
  const run = (_: unknown, text: Datum): Datum => {
    if (hasUniqueKeys(text as string)) return text;
    throw new DecentDbError('22030', 'duplicate JSON object key value');
  };
  const make = (): ScalarFunction =>
    fn('json', [Oid.json], Oid.json, run, 'Checks that keys are unique.', null);
  return made(madeOnce([jsonType], 'unique keys', make), [value], location);
}
