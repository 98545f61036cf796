// Parameters of functions, procedures and aggregates.

import type { FunctionParameter } from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import { parseExpr } from './expression.ts';
import { NONE, parseList } from './names.ts';
import type { Parser } from './parser.ts';
import { isTypeFunctionName } from './parser.ts';
import { parseFuncType } from './types.ts';

type Mode = FunctionParameter['mode'];

/** arg_class, or null. */
function parseMode(p: Parser): Mode | null {
  if (p.accept(K.IN)) return p.accept(K.OUT) ? 'FUNC_PARAM_INOUT' : 'FUNC_PARAM_IN';
  if (p.accept(K.OUT)) return 'FUNC_PARAM_OUT';
  if (p.accept(K.INOUT)) return 'FUNC_PARAM_INOUT';
  if (p.accept(K.VARIADIC)) return 'FUNC_PARAM_VARIADIC';
  return null;
}

/** Whether `kind` can begin a type. */
function startsType(kind: number): boolean {
  switch (kind) {
    case K.INT:
    case K.INTEGER:
    case K.SMALLINT:
    case K.BIGINT:
    case K.REAL:
    case K.FLOAT:
    case K.DECIMAL:
    case K.DEC:
    case K.NUMERIC:
    case K.BOOLEAN:
    case K.BIT:
    case K.CHARACTER:
    case K.CHAR:
    case K.VARCHAR:
    case K.NATIONAL:
    case K.NCHAR:
    case K.TIMESTAMP:
    case K.TIME:
    case K.INTERVAL:
    case K.SETOF:
    case K.JSON:
      return true;
    default:
      return isTypeFunctionName(kind);
  }
}

/** At a word: whether it is a parameter's name rather than its type. */
function isParameterName(p: Parser): boolean {
  if (!isTypeFunctionName(p.kind)) return false;
  const next = p.peek();
  if (next === K.IN || next === K.OUT || next === K.INOUT || next === K.VARIADIC) return true;
  return startsType(next);
}

/** func_arg. */
export function parseFunctionParameter(p: Parser): FunctionParameter {
  const location = p.location;
  let mode = parseMode(p);
  let name: string | null = null;
  if (isParameterName(p)) {
    name = p.takeName();
    mode ??= parseMode(p);
  }
  const argType = parseFuncType(p);
  return {
    kind: 'FunctionParameter',
    name,
    argType,
    mode: mode ?? 'FUNC_PARAM_DEFAULT',
    defexpr: null,
    location,
  };
}

function parseWithDefault(p: Parser): FunctionParameter {
  const parameter = parseFunctionParameter(p);
  if (!p.accept(K.DEFAULT) && !p.accept(T.EQ)) return parameter;
  return { ...parameter, defexpr: parseExpr(p) };
}

/** ( parameters ). */
export function parseFunctionParameters(p: Parser, defaults: boolean): readonly FunctionParameter[] {
  p.expect(T.LPAREN);
  const list =
    p.kind === T.RPAREN ? NONE : parseList(p, defaults ? parseWithDefault : parseFunctionParameter);
  p.expect(T.RPAREN);
  return list;
}

/** table_func_column of RETURNS TABLE. */
export function parseTableParameter(p: Parser): FunctionParameter {
  const location = p.location;
  if (!isTypeFunctionName(p.kind)) p.fail();
  const name = p.takeName();
  const argType = parseFuncType(p);
  return { kind: 'FunctionParameter', name, argType, mode: 'FUNC_PARAM_TABLE', defexpr: null, location };
}

export interface AggregateArguments {
  /** null for `(*)`. */
  readonly parameters: readonly FunctionParameter[] | null;
  /** Number of direct arguments, -1 without ORDER BY. */
  readonly directArgs: number;
}

/** aggr_args: (*), (args), (ORDER BY args), (args ORDER BY args). */
export function parseAggregateArguments(p: Parser): AggregateArguments {
  const location = p.location;
  p.expect(T.LPAREN);
  if (p.accept(T.STAR)) {
    p.expect(T.RPAREN);
    return { parameters: null, directArgs: -1 };
  }
  let direct: FunctionParameter[] = [];
  if (p.kind !== K.ORDER) direct = parseList(p, parseFunctionParameter);
  if (p.kind !== K.ORDER) {
    p.expect(T.RPAREN);
    return { parameters: direct, directArgs: -1 };
  }
  p.next();
  p.expect(K.BY);
  const ordered = parseList(p, parseFunctionParameter);
  p.expect(T.RPAREN);
  const last = direct[direct.length - 1];
  if (last?.mode !== 'FUNC_PARAM_VARIADIC')
    return { parameters: [...direct, ...ordered], directArgs: direct.length };
  // A VARIADIC direct argument is repeated as the only ordered one; it is kept once.
  if (ordered.length !== 1 || ordered[0]!.mode !== 'FUNC_PARAM_VARIADIC')
    throw p.errorAt(
      '0A000',
      'an ordered-set aggregate with a VARIADIC direct argument must have one VARIADIC aggregated argument of the same data type',
      location,
    );
  return { parameters: direct, directArgs: direct.length };
}
