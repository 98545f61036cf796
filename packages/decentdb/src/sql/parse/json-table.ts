// JSON_TABLE.

import type { JsonTable, JsonTableColumn, JsonTablePathSpec } from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import { parseExpr } from './expression.ts';
import {
  parseBehaviors,
  parseJsonFormat,
  parseJsonValue,
  parsePassing,
  parseQuotes,
  parseWrapper,
} from './json.ts';
import { makeString } from './literals.ts';
import { NONE, parseColId, parseList } from './names.ts';
import type { Parser } from './parser.ts';
import { parseTypeName } from './types.ts';

export function parseJsonTable(p: Parser, lateral: boolean, location: number): JsonTable {
  p.next();
  p.expect(T.LPAREN);
  const context_item = parseJsonValue(p);
  p.expect(T.COMMA);
  const at = p.location;
  const string = parseExpr(p);
  const isString = string.kind === 'A_Const' && string.constType === 'String';
  if (!isString)
    throw p.errorAt('0A000', 'only string constants are supported in JSON_TABLE path specification', at);
  const name = p.accept(K.AS) ? parseColId(p) : null;
  const pathspec: JsonTablePathSpec = { kind: 'JsonTablePathSpec', string, name, location: at };
  const passing = parsePassing(p);
  const columns = parseColumns(p);
  const { on_error } = parseBehaviors(p, false);
  p.expect(T.RPAREN);
  return {
    kind: 'JsonTable',
    context_item,
    pathspec,
    passing,
    columns,
    on_error,
    alias: null,
    lateral,
    location,
  };
}

function parseColumns(p: Parser): JsonTableColumn[] {
  p.enter();
  p.expect(K.COLUMNS);
  p.expect(T.LPAREN);
  const columns = parseList(p, parseColumn);
  p.expect(T.RPAREN);
  p.leave();
  return columns;
}

function parseOptPath(p: Parser): JsonTablePathSpec | null {
  if (!p.accept(K.PATH)) return null;
  return parsePathString(p);
}

function parsePathString(p: Parser): JsonTablePathSpec {
  const location = p.location;
  return { kind: 'JsonTablePathSpec', string: makeString(p.takeString(), location), name: null, location };
}

function parseColumn(p: Parser): JsonTableColumn {
  const location = p.location;
  const base = {
    kind: 'JsonTableColumn',
    coltype: 'JTC_REGULAR',
    name: null,
    typeName: null,
    pathspec: null,
    format: null,
    wrapper: 'JSW_UNSPEC',
    quotes: 'JS_QUOTES_UNSPEC',
    columns: NONE,
    on_empty: null,
    on_error: null,
    location,
  } as const satisfies JsonTableColumn;
  if (p.kind === K.NESTED && (p.peek() === K.PATH || p.peek() === T.SCONST)) {
    p.next();
    p.accept(K.PATH);
    let pathspec = parsePathString(p);
    if (p.accept(K.AS)) pathspec = { ...pathspec, name: parseColId(p) };
    return { ...base, coltype: 'JTC_NESTED', pathspec, columns: parseColumns(p) };
  }
  const name = parseColId(p);
  if (p.kind === K.FOR) {
    p.next();
    p.expect(K.ORDINALITY);
    return { ...base, coltype: 'JTC_FOR_ORDINALITY', name };
  }
  const typeName = parseTypeName(p);
  if (p.accept(K.EXISTS)) {
    const pathspec = parseOptPath(p);
    const { on_error } = parseBehaviors(p, false);
    return { ...base, coltype: 'JTC_EXISTS', wrapper: 'JSW_NONE', name, typeName, pathspec, on_error };
  }
  const format = parseJsonFormat(p);
  const coltype = format.format_type === 'JS_FORMAT_JSON' ? 'JTC_FORMATTED' : 'JTC_REGULAR';
  const pathspec = parseOptPath(p);
  const wrapper = parseWrapper(p);
  const quotes = parseQuotes(p);
  const behavior = parseBehaviors(p, true);
  return { ...base, coltype, name, typeName, pathspec, format, wrapper, quotes, ...behavior };
}
