// CREATE FUNCTION and CREATE PROCEDURE, and the options they share with ALTER FUNCTION.

import type {
  CreateFunctionStmt,
  DefElem,
  FunctionParameter,
  ReturnStmt,
  SqlBody,
  Statement,
  TypeName,
} from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import { parseExpr } from './expression.ts';
import { parseFunctionParameters, parseTableParameter } from './function-parameter.ts';
import { NONE, parseAnyName, parseColId, parseList, parseWordOrString } from './names.ts';
import { parseFunctionName } from './object-name.ts';
import { booleanNode, makeDefElem, nameList, parseNumericOnly, stringNode } from './options.ts';
import type { Parser } from './parser.ts';
import { parseResetRest, parseSetRest } from './setting.ts';
import { parseStatement } from './statement.ts';
import { makeTypeName, parseFuncType, parseTypeName } from './types.ts';

export function parseCreateFunction(p: Parser, location: number, replace: boolean): CreateFunctionStmt {
  const is_procedure = p.kind === K.PROCEDURE;
  p.next();
  const funcname = parseFunctionName(p);
  let parameters = parseFunctionParameters(p, true);
  let returnType: TypeName | null = null;
  const returnsAt = p.location;
  if (!is_procedure && p.kind === K.RETURNS && p.peek() !== K.NULL) {
    p.next();
    if (p.kind === K.TABLE && p.peek() === T.LPAREN) {
      p.next();
      p.next();
      const columns = parseList(p, parseTableParameter);
      p.expect(T.RPAREN);
      parameters = mergeTableColumns(p, parameters, columns, returnsAt);
      returnType = tableReturnType(columns, p.starts[p.pos]!, returnsAt);
    } else returnType = parseFuncType(p);
  }
  const options = parseFunctionOptions(p, parseCreateOption);
  const sql_body = parseRoutineBody(p);
  return {
    kind: 'CreateFunctionStmt',
    is_procedure,
    replace,
    funcname,
    parameters,
    returnType,
    options,
    sql_body,
    location,
  };
}

function mergeTableColumns(
  p: Parser,
  parameters: readonly FunctionParameter[],
  columns: readonly FunctionParameter[],
  at: number,
): readonly FunctionParameter[] {
  for (const parameter of parameters)
    if (parameter.mode === 'FUNC_PARAM_OUT' || parameter.mode === 'FUNC_PARAM_INOUT')
      throw p.errorAt('42601', "OUT and INOUT arguments aren't allowed in TABLE functions", at);
  return [...parameters, ...columns];
}

/** One column: SETOF its type; several: SETOF record. */
function tableReturnType(columns: readonly FunctionParameter[], _end: number, at: number): TypeName {
  if (columns.length === 1) return { ...columns[0]!.argType, setof: true };
  return { ...makeTypeName(['pg_catalog', 'record'], NONE, at + 8), setof: true };
}

type OptionReader = (p: Parser) => DefElem | null;

export function parseFunctionOptions(p: Parser, read: OptionReader): DefElem[] {
  const options: DefElem[] = [];
  for (;;) {
    const option = read(p);
    if (option === null) return options;
    options.push(option);
  }
}

/** createfunc_opt_item. */
function parseCreateOption(p: Parser): DefElem | null {
  const location = p.location;
  switch (p.kind) {
    case K.AS: {
      p.next();
      const at = p.location;
      const names = [p.takeString()];
      if (p.accept(T.COMMA)) names.push(p.takeString());
      return makeDefElem('as', nameList(names, at), location);
    }
    case K.LANGUAGE:
      p.next();
      return makeDefElem('language', stringNode(parseWordOrString(p)), location);
    case K.WINDOW:
      p.next();
      return makeDefElem('window', booleanNode(true), location);
    case K.TRANSFORM: {
      p.next();
      const types = parseList(p, (q) => {
        q.expect(K.FOR);
        q.expect(K.TYPE);
        return makeDefElem('type', parseTypeName(q), q.location);
      });
      return makeDefElem('transform', { kind: 'DefElemList', items: types, location }, location);
    }
    default:
      return parseCommonOption(p);
  }
}

/** common_func_opt_item; null when none starts here. */
export function parseCommonOption(p: Parser): DefElem | null {
  const location = p.location;
  const flag = (name: string, on: boolean): DefElem => makeDefElem(name, booleanNode(on), location);
  switch (p.kind) {
    case K.CALLED:
    case K.RETURNS: {
      const strict = p.kind === K.RETURNS;
      p.next();
      if (strict) p.expect(K.NULL);
      p.expect(K.ON);
      p.expect(K.NULL);
      p.expect(K.INPUT);
      return flag('strict', strict);
    }
    case K.STRICT:
      p.next();
      return flag('strict', true);
    case K.IMMUTABLE:
    case K.STABLE:
    case K.VOLATILE:
      return makeDefElem('volatility', stringNode(p.takeText()), location);
    case K.EXTERNAL:
    case K.SECURITY: {
      p.accept(K.EXTERNAL);
      p.expect(K.SECURITY);
      const definer = p.accept(K.DEFINER);
      if (!definer) p.expect(K.INVOKER);
      return flag('security', definer);
    }
    case K.LEAKPROOF:
      p.next();
      return flag('leakproof', true);
    case K.NOT:
      if (p.peek() !== K.LEAKPROOF) return null;
      p.next();
      p.next();
      return flag('leakproof', false);
    case K.COST:
    case K.ROWS: {
      const name = p.takeText();
      return makeDefElem(name, parseNumericOnly(p), location);
    }
    case K.SUPPORT:
      p.next();
      return makeDefElem('support', nameList(parseAnyName(p)), location);
    case K.SET:
      p.next();
      return makeDefElem('set', parseSetRest(p, false, location), location);
    case K.RESET:
      p.next();
      return makeDefElem('set', parseResetRest(p, location), location);
    case K.PARALLEL:
      p.next();
      return makeDefElem('parallel', stringNode(parseColId(p)), location);
    default:
      return null;
  }
}

/** RETURN expression | BEGIN ATOMIC statements END. */
function parseRoutineBody(p: Parser): ReturnStmt | SqlBody | null {
  if (p.kind === K.RETURN) return parseReturn(p);
  if (p.kind !== K.BEGIN || p.peek() !== K.ATOMIC) return null;
  const location = p.location;
  p.next();
  p.next();
  const stmts: (Statement | ReturnStmt)[] = [];
  p.enter();
  while (p.kind !== K.END) {
    if (p.accept(T.SEMICOLON)) continue;
    stmts.push(p.kind === K.RETURN ? parseReturn(p) : parseStatement(p));
    p.expect(T.SEMICOLON);
  }
  p.leave();
  p.next();
  return { kind: 'SqlBody', stmts, location };
}

function parseReturn(p: Parser): ReturnStmt {
  const location = p.location;
  p.next();
  return { kind: 'ReturnStmt', returnval: parseExpr(p), location };
}
