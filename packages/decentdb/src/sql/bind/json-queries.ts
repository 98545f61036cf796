/**
 * JSON_VALUE, JSON_QUERY, JSON_EXISTS and IS JSON: a function made for the place, with its behaviours and type.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { Expr } from '../../exec/expr.ts';
import {
  hasUniqueKeys,
  isJsonFunction,
  type JsonBehaviour,
  type JsonReading,
  sqlJsonFunction,
} from '../../functions/json-path/sql-json.ts';
import { madeOnce } from '../../functions/made-function.ts';
import { boolType } from '../../types/bool-type.ts';
import { Jsonb, type JsonNode } from '../../types/json.ts';
import { parseJson } from '../../types/json-text.ts';
import { jsonbType } from '../../types/json-types.ts';
import { jsonpathType } from '../../types/jsonpath-type.ts';
import { Oid } from '../../types/oids.ts';
import { domainBase, type SqlType } from '../../types/sql-type.ts';
import { textType } from '../../types/text-types.ts';
import type { Datum } from '../../types/vector.ts';
import type * as ast from '../ast/nodes.ts';
import { callFunction } from './calls.ts';
import { castExplicitly } from './casts.ts';
import { constant } from './constants.ts';
import { bindError } from './errors.ts';
import { bindNode } from './expressions.ts';
import type { Level } from './level.ts';
import { resolveTypeName } from './type-names.ts';

const BEHAVIOURS: Readonly<Record<ast.JsonBehavior['btype'], JsonBehaviour>> = {
  JSON_BEHAVIOR_NULL: 'null',
  JSON_BEHAVIOR_ERROR: 'error',
  JSON_BEHAVIOR_EMPTY: 'emptyArray',
  JSON_BEHAVIOR_TRUE: 'true',
  JSON_BEHAVIOR_FALSE: 'false',
  JSON_BEHAVIOR_UNKNOWN: 'unknown',
  JSON_BEHAVIOR_EMPTY_ARRAY: 'emptyArray',
  JSON_BEHAVIOR_EMPTY_OBJECT: 'emptyObject',
  JSON_BEHAVIOR_DEFAULT: 'default',
};

const KINDS = { JSON_VALUE_OP: 'value', JSON_QUERY_OP: 'query', JSON_EXISTS_OP: 'exists' } as const;
const DEFAULT_TYPES = { value: textType, query: jsonbType, exists: boolType } as const;

function readingOf(level: Level, node: ast.JsonFuncExpr): JsonReading {
  const kind = KINDS[node.op];
  const { type, typmod } =
    node.output === null
      ? { type: DEFAULT_TYPES[kind], typmod: -1 }
      : resolveTypeName(level.state.env, node.output.typeName);
  const behaviour = (clause: ast.JsonBehavior | null): JsonBehaviour =>
    clause === null ? (kind === 'exists' ? 'false' : 'null') : BEHAVIOURS[clause.btype];
  return {
    kind,
    wrapper:
      node.wrapper === 'JSW_UNCONDITIONAL'
        ? 'unconditional'
        : node.wrapper === 'JSW_CONDITIONAL'
          ? 'conditional'
          : 'none',
    omitsQuotes: node.quotes === 'JS_QUOTES_OMIT',
    onEmpty: behaviour(node.on_empty),
    onError: behaviour(node.on_error),
    target: type,
    typmod,
  };
}

export function bindJsonFunction(level: Level, node: ast.JsonFuncExpr): Expr {
  const reading = readingOf(level, node);
  const { target, typmod } = reading;
  if (reading.kind === 'query' && reading.omitsQuotes && reading.wrapper !== 'none') {
    throw bindError(
      '42601',
      'SQL/JSON QUOTES behavior must not be specified when WITH WRAPPER is used',
      node.location,
    );
  }
  const cast = (expr: ast.Expr, type: SqlType, mod = -1): Expr =>
    castExplicitly(level, bindNode(level, expr), { type, typmod: mod }, node.location);
  const fallback = (clause: ast.JsonBehavior | null): Expr =>
    clause?.btype === 'JSON_BEHAVIOR_DEFAULT' && clause.expr !== null
      ? cast(clause.expr, target, typmod)
      : constant(null, target, -1, typmod);
  const names = node.passing.flatMap(({ name, val }) => [
    constant(name, textType, -1),
    bindNode(level, val.raw_expr),
  ]);
  const { target: _, ...clauses } = reading;
  const fn = madeOnce([target], JSON.stringify(clauses), () => sqlJsonFunction(reading));
  return {
    kind: 'call',
    fn,
    args: [
      cast(node.context_item.raw_expr, jsonbType),
      cast(node.pathspec, jsonpathType),
      names.length === 0
        ? constant(new Jsonb(new Map()), jsonbType, -1)
        : callFunction(level, 'jsonb_build_object', names, node.location),
      fallback(node.on_empty),
      fallback(node.on_error),
    ],
    type: target,
    typmod,
    location: node.location,
  };
}

const SHAPES = {
  JS_TYPE_ANY: 'any',
  JS_TYPE_OBJECT: 'object',
  JS_TYPE_ARRAY: 'array',
  JS_TYPE_SCALAR: 'scalar',
} as const;

export function bindIsJson(level: Level, node: ast.JsonIsPredicate): Expr {
  const bound = bindNode(level, node.expr);
  const base = domainBase(bound.type);
  const isBytes = base.oid === Oid.bytea;
  const isKnown = base.category === 'S' || [Oid.json, Oid.jsonb, Oid.unknown].includes(base.oid as 114);
  if (!isKnown && !isBytes) {
    throw bindError('42804', `cannot use type ${bound.type.sqlName(-1)} in IS JSON predicate`, node.location);
  }
  const text = isBytes ? inUtf8(level, 'convert_from', bound, node.location) : bound;
  const arg =
    base.oid === Oid.jsonb
      ? bound
      : castExplicitly(level, text, { type: textType, typmod: -1 }, node.location);
  const read = (value: Datum): JsonNode | undefined => {
    if (value instanceof Jsonb) return value.node;
    try {
      const parsed = parseJson(value as string);
      return node.unique_keys && !hasUniqueKeys(value as string) ? undefined : parsed;
    } catch (cause) {
      if (cause instanceof DecentDbError) return undefined;
      throw cause;
    }
  };
  return {
    kind: 'call',
    fn: madeOnce([arg.type], `is json ${node.item_type} ${node.unique_keys}`, () =>
      isJsonFunction(arg.type, SHAPES[node.item_type], read),
    ),
    args: [arg],
    type: boolType,
    typmod: -1,
    location: node.location,
  };
}

/** Bytes read as text, or text as bytes: JSON's are in UTF-8. */
export function inUtf8(
  level: Level,
  conversion: 'convert_from' | 'convert_to',
  value: Expr,
  location: number,
): Expr {
  return callFunction(level, conversion, [value, constant('UTF8', textType, location)], location);
}
