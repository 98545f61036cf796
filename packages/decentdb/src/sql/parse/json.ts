// SQL/JSON constructors and query functions.

import type {
  Expr,
  JsonAggConstructor,
  JsonArgument,
  JsonBehavior,
  JsonBehaviorType,
  JsonFormat,
  JsonFuncExpr,
  JsonKeyValue,
  JsonOutput,
  JsonQuotes,
  JsonValueExpr,
  JsonWrapper,
  SortBy,
} from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import { makeFunc, parseExpr } from './expression.ts';
import { parseFilter, parseFunctionArgument } from './function-call.ts';
import { NONE, parseColId, parseColLabel, parseList } from './names.ts';
import type { Parser } from './parser.ts';
import { parseSelectNoParens, startsQuery } from './select.ts';
import { parseOptSortClause } from './sort.ts';
import { parseTypeName } from './types.ts';
import { parseOver } from './window.ts';

/** [WITH UNIQUE [KEYS] | WITHOUT UNIQUE [KEYS]]. */
export function parseUniqueKeys(p: Parser): boolean {
  const unique = p.kind === K.WITH && p.peek() === K.UNIQUE;
  if (!unique && !(p.kind === K.WITHOUT && p.peek() === K.UNIQUE)) return false;
  p.next();
  p.next();
  p.accept(K.KEYS);
  return unique;
}

const DEFAULT_FORMAT: JsonFormat = {
  kind: 'JsonFormat',
  format_type: 'JS_FORMAT_DEFAULT',
  encoding: 'JS_ENC_DEFAULT',
  location: -1,
};

/** [FORMAT JSON [ENCODING name]]. */
export function parseJsonFormat(p: Parser): JsonFormat {
  if (p.kind !== K.FORMAT || p.peek() !== K.JSON) return DEFAULT_FORMAT;
  const location = p.location;
  p.next();
  p.next();
  let encoding: JsonFormat['encoding'] = 'JS_ENC_DEFAULT';
  if (p.accept(K.ENCODING)) {
    const at = p.location;
    const name = parseColId(p);
    if (name === 'utf8') encoding = 'JS_ENC_UTF8';
    else if (name === 'utf16') encoding = 'JS_ENC_UTF16';
    else if (name === 'utf32') encoding = 'JS_ENC_UTF32';
    else throw p.errorAt('22023', `unrecognized JSON encoding: ${name}`, at);
  }
  return { kind: 'JsonFormat', format_type: 'JS_FORMAT_JSON', encoding, location };
}

/** json_value_expr. */
export function parseJsonValue(p: Parser): JsonValueExpr {
  const location = p.location;
  const raw_expr = parseExpr(p);
  return { kind: 'JsonValueExpr', raw_expr, format: parseJsonFormat(p), location };
}

/** [RETURNING type [FORMAT JSON]]. */
function parseJsonReturning(p: Parser): JsonOutput | null {
  const location = p.location;
  if (!p.accept(K.RETURNING)) return null;
  const typeName = parseTypeName(p);
  return { kind: 'JsonOutput', typeName, format: parseJsonFormat(p), location };
}

/** [NULL ON NULL | ABSENT ON NULL]: true for ABSENT. */
function parseNullClause(p: Parser, fallback: boolean): boolean {
  const absent = p.kind === K.ABSENT;
  if (!absent && p.kind !== K.NULL) return fallback;
  p.next();
  p.expect(K.ON);
  p.expect(K.NULL);
  return absent;
}

/** key VALUE value | key : value, whose key is read. */
function finishKeyValue(p: Parser, key: Expr, location: number): JsonKeyValue {
  if (!p.accept(T.COLON)) p.expect(K.VALUE);
  return { kind: 'JsonKeyValue', key, value: parseJsonValue(p), location };
}

function parseKeyValue(p: Parser): JsonKeyValue {
  const location = p.location;
  return finishKeyValue(p, parseExpr(p), location);
}

/** Null when the current keyword (followed by a parenthesis) starts no JSON function. */
export function parseJsonFunction(p: Parser): Expr | null {
  switch (p.kind) {
    case K.JSON_OBJECT:
      return parseJsonObject(p);
    case K.JSON_ARRAY:
      return parseJsonArray(p);
    case K.JSON_OBJECTAGG:
      return parseJsonObjectAgg(p);
    case K.JSON_ARRAYAGG:
      return parseJsonArrayAgg(p);
    case K.JSON:
      return parseJsonParse(p);
    case K.JSON_SCALAR:
      return parseJsonScalar(p);
    case K.JSON_SERIALIZE:
      return parseJsonSerialize(p);
    case K.JSON_QUERY:
      return parseJsonQueryFunction(p, 'JSON_QUERY_OP');
    case K.JSON_EXISTS:
      return parseJsonQueryFunction(p, 'JSON_EXISTS_OP');
    case K.JSON_VALUE:
      return parseJsonQueryFunction(p, 'JSON_VALUE_OP');
    default:
      return null;
  }
}

function open(p: Parser): number {
  const location = p.location;
  p.next();
  p.expect(T.LPAREN);
  return location;
}

function parseJsonObject(p: Parser): Expr {
  const location = open(p);
  let exprs: readonly JsonKeyValue[] = NONE;
  let absent_on_null = false;
  let unique = false;
  if (p.kind !== T.RPAREN && p.kind !== K.RETURNING) {
    const at = p.location;
    const first = parseFunctionArgument(p);
    if (p.kind !== T.COLON && p.kind !== K.VALUE) {
      // json_object(text[]): the older function of that name.
      const args = [first];
      while (p.accept(T.COMMA)) args.push(parseFunctionArgument(p));
      p.expect(T.RPAREN);
      return { ...makeFunc('json_object', args, location), funcformat: 'COERCE_EXPLICIT_CALL' };
    }
    const pairs = [finishKeyValue(p, first, at)];
    while (p.accept(T.COMMA)) pairs.push(parseKeyValue(p));
    exprs = pairs;
    absent_on_null = parseNullClause(p, false);
    unique = parseUniqueKeys(p);
  }
  const output = parseJsonReturning(p);
  p.expect(T.RPAREN);
  return { kind: 'JsonObjectConstructor', exprs, output, absent_on_null, unique, location };
}

function parseJsonArray(p: Parser): Expr {
  const location = open(p);
  if (startsQuery(p) && p.kind !== T.LPAREN) {
    const query = parseSelectNoParens(p);
    const format = parseJsonFormat(p);
    const output = parseJsonReturning(p);
    p.expect(T.RPAREN);
    return { kind: 'JsonArrayQueryConstructor', query, output, format, absent_on_null: true, location };
  }
  let exprs: readonly JsonValueExpr[] = NONE;
  let absent_on_null = true;
  if (p.kind !== T.RPAREN && p.kind !== K.RETURNING) {
    exprs = parseList(p, parseJsonValue);
    absent_on_null = parseNullClause(p, true);
  }
  const output = parseJsonReturning(p);
  p.expect(T.RPAREN);
  return { kind: 'JsonArrayConstructor', exprs, output, absent_on_null, location };
}

function finishAggregate(
  p: Parser,
  output: JsonOutput | null,
  agg_order: readonly SortBy[],
  location: number,
): JsonAggConstructor {
  p.expect(T.RPAREN);
  const agg_filter = p.kind === K.FILTER ? parseFilter(p) : null;
  const over = p.kind === K.OVER ? parseOver(p) : null;
  return { kind: 'JsonAggConstructor', output, agg_filter, agg_order, over, location };
}

function parseJsonObjectAgg(p: Parser): Expr {
  const location = open(p);
  const arg = parseKeyValue(p);
  const absent_on_null = parseNullClause(p, false);
  const unique = parseUniqueKeys(p);
  const construct = finishAggregate(p, parseJsonReturning(p), NONE, location);
  return { kind: 'JsonObjectAgg', construct, arg, absent_on_null, unique, location };
}

function parseJsonArrayAgg(p: Parser): Expr {
  const location = open(p);
  const arg = parseJsonValue(p);
  const order = parseOptSortClause(p);
  const absent_on_null = parseNullClause(p, true);
  const construct = finishAggregate(p, parseJsonReturning(p), order, location);
  return { kind: 'JsonArrayAgg', construct, arg, absent_on_null, location };
}

function parseJsonParse(p: Parser): Expr {
  const location = open(p);
  const expr = parseJsonValue(p);
  const unique_keys = parseUniqueKeys(p);
  p.expect(T.RPAREN);
  return { kind: 'JsonParseExpr', expr, unique_keys, location };
}

function parseJsonScalar(p: Parser): Expr {
  const location = open(p);
  const expr = parseExpr(p);
  p.expect(T.RPAREN);
  return { kind: 'JsonScalarExpr', expr, location };
}

function parseJsonSerialize(p: Parser): Expr {
  const location = open(p);
  const expr = parseJsonValue(p);
  const output = parseJsonReturning(p);
  p.expect(T.RPAREN);
  return { kind: 'JsonSerializeExpr', expr, output, location };
}

/** [PASSING value AS name, ...]. */
export function parsePassing(p: Parser): readonly JsonArgument[] {
  if (!p.accept(K.PASSING)) return NONE;
  return parseList(p, (q): JsonArgument => {
    const location = q.location;
    const val = parseJsonValue(q);
    q.expect(K.AS);
    return { kind: 'JsonArgument', val, name: parseColLabel(q), location };
  });
}

function parseJsonQueryFunction(p: Parser, op: JsonFuncExpr['op']): Expr {
  const location = open(p);
  const context_item = parseJsonValue(p);
  p.expect(T.COMMA);
  const pathspec = parseExpr(p);
  const passing = parsePassing(p);
  let output: JsonOutput | null = null;
  let wrapper: JsonWrapper = 'JSW_UNSPEC';
  let quotes: JsonQuotes = 'JS_QUOTES_UNSPEC';
  if (op !== 'JSON_EXISTS_OP') output = parseJsonReturning(p);
  if (op === 'JSON_QUERY_OP') {
    wrapper = parseWrapper(p);
    quotes = parseQuotes(p);
  }
  const behavior = parseBehaviors(p, op !== 'JSON_EXISTS_OP');
  p.expect(T.RPAREN);
  return {
    kind: 'JsonFuncExpr',
    op,
    context_item,
    pathspec,
    passing,
    output,
    on_empty: behavior.on_empty,
    on_error: behavior.on_error,
    wrapper,
    quotes,
    location,
  };
}

export function parseWrapper(p: Parser): JsonWrapper {
  if (p.kind === K.WITHOUT) {
    p.next();
    p.accept(K.ARRAY);
    p.expect(K.WRAPPER);
    return 'JSW_NONE';
  }
  if (p.kind !== K.WITH) return 'JSW_UNSPEC';
  p.next();
  let wrapper: JsonWrapper = 'JSW_UNCONDITIONAL';
  if (p.accept(K.CONDITIONAL)) wrapper = 'JSW_CONDITIONAL';
  else p.accept(K.UNCONDITIONAL);
  p.accept(K.ARRAY);
  p.expect(K.WRAPPER);
  return wrapper;
}

export function parseQuotes(p: Parser): JsonQuotes {
  const keep = p.kind === K.KEEP;
  if (!keep && p.kind !== K.OMIT) return 'JS_QUOTES_UNSPEC';
  p.next();
  p.expect(K.QUOTES);
  if (p.accept(K.ON)) {
    p.expect(K.SCALAR);
    p.expect(K.STRING);
  }
  return keep ? 'JS_QUOTES_KEEP' : 'JS_QUOTES_OMIT';
}

const BEHAVIORS: ReadonlyMap<number, JsonBehaviorType> = new Map<number, JsonBehaviorType>([
  [K.NULL, 'JSON_BEHAVIOR_NULL'],
  [K.ERROR, 'JSON_BEHAVIOR_ERROR'],
  [K.TRUE, 'JSON_BEHAVIOR_TRUE'],
  [K.FALSE, 'JSON_BEHAVIOR_FALSE'],
  [K.UNKNOWN, 'JSON_BEHAVIOR_UNKNOWN'],
]);

function parseBehavior(p: Parser): JsonBehavior | null {
  const location = p.location;
  if (p.accept(K.DEFAULT))
    return { kind: 'JsonBehavior', btype: 'JSON_BEHAVIOR_DEFAULT', expr: parseExpr(p), location };
  if (p.accept(K.EMPTY)) {
    if (p.accept(K.OBJECT))
      return { kind: 'JsonBehavior', btype: 'JSON_BEHAVIOR_EMPTY_OBJECT', expr: null, location };
    p.accept(K.ARRAY);
    return { kind: 'JsonBehavior', btype: 'JSON_BEHAVIOR_EMPTY_ARRAY', expr: null, location };
  }
  const btype = BEHAVIORS.get(p.kind);
  if (btype === undefined) return null;
  p.next();
  return { kind: 'JsonBehavior', btype, expr: null, location };
}

/** [behavior ON EMPTY] [behavior ON ERROR]. */
export function parseBehaviors(
  p: Parser,
  empty: boolean,
): { on_empty: JsonBehavior | null; on_error: JsonBehavior | null } {
  let on_empty: JsonBehavior | null = null;
  let behavior = parseBehavior(p);
  if (behavior !== null) {
    p.expect(K.ON);
    if (empty && p.accept(K.EMPTY)) {
      on_empty = behavior;
      behavior = parseBehavior(p);
      if (behavior !== null) p.expect(K.ON);
    }
    if (behavior !== null) p.expect(K.ERROR);
  }
  return { on_empty, on_error: behavior };
}
