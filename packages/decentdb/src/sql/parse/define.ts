// CREATE AGGREGATE, OPERATOR, COLLATION, CAST, STATISTICS.

import type {
  CreateCastStmt,
  CreateStatsStmt,
  DefElem,
  DefineStmt,
  ObjectName,
  ObjectType,
  StatsElem,
} from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import { parseAnyOperator } from './expression.ts';
import { parseFromClause } from './from.ts';
import { parseAggregateArguments } from './function-parameter.ts';
import { parseIndexKey } from './index-element.ts';
import { NONE, parseAnyName, parseList, parseNameList } from './names.ts';
import { parseFunctionName, parseFunctionObject } from './object-name.ts';
import { makeDefElem, nameList, parseDefArg, parseDefinition } from './options.ts';
import type { Parser } from './parser.ts';
import { parseIfNotExists } from './table.ts';
import { parseTypeName } from './types.ts';

function makeDefine(
  objtype: ObjectType,
  defnames: readonly string[],
  location: number,
  rest: Partial<DefineStmt>,
): DefineStmt {
  return {
    kind: 'DefineStmt',
    objtype,
    oldstyle: false,
    defnames,
    args: null,
    directArgs: -1,
    definition: NONE,
    if_not_exists: false,
    replace: false,
    location,
    ...rest,
  };
}

export function parseCreateAggregate(p: Parser, location: number, replace: boolean): DefineStmt {
  p.expect(K.AGGREGATE);
  const names = parseFunctionName(p);
  // The old style has one parenthesis, a definition: `(name = ...`.
  if (p.peek(2) === T.EQ)
    return makeDefine('OBJECT_AGGREGATE', names, location, {
      oldstyle: true,
      replace,
      definition: parseOldDefinition(p),
    });
  const { parameters, directArgs } = parseAggregateArguments(p);
  return makeDefine('OBJECT_AGGREGATE', names, location, {
    args: parameters,
    directArgs,
    replace,
    definition: parseDefinition(p),
  });
}

function parseOldDefinition(p: Parser): DefElem[] {
  p.expect(T.LPAREN);
  const list = parseList(p, (q) => {
    const location = q.location;
    if (q.kind !== T.IDENT) q.fail();
    const name = q.takeName();
    q.expect(T.EQ);
    return makeDefElem(name, parseDefArg(q), location);
  });
  p.expect(T.RPAREN);
  return list;
}

export function parseCreateOperator(p: Parser, location: number): DefineStmt {
  p.expect(K.OPERATOR);
  const names = parseAnyOperator(p);
  return makeDefine('OBJECT_OPERATOR', names, location, { definition: parseDefinition(p) });
}

export function parseCreateCollation(p: Parser, location: number): DefineStmt {
  p.expect(K.COLLATION);
  const if_not_exists = parseIfNotExists(p);
  const names = parseAnyName(p);
  if (p.accept(K.FROM)) {
    const at = p.location;
    const definition = [makeDefElem('from', nameList(parseAnyName(p), at), at)];
    return makeDefine('OBJECT_COLLATION', names, location, { if_not_exists, definition });
  }
  return makeDefine('OBJECT_COLLATION', names, location, { if_not_exists, definition: parseDefinition(p) });
}

export function parseCreateCast(p: Parser, location: number): CreateCastStmt {
  p.expect(K.CAST);
  p.expect(T.LPAREN);
  const sourcetype = parseTypeName(p);
  p.expect(K.AS);
  const targettype = parseTypeName(p);
  p.expect(T.RPAREN);
  let func: ObjectName | null = null;
  let inout = false;
  if (p.accept(K.WITHOUT)) p.expect(K.FUNCTION);
  else {
    p.expect(K.WITH);
    inout = p.accept(K.INOUT);
    if (!inout) {
      p.expect(K.FUNCTION);
      func = parseFunctionObject(p);
    }
  }
  let context: CreateCastStmt['context'] = 'COERCION_EXPLICIT';
  if (p.accept(K.AS)) {
    const implicit = p.accept(K.IMPLICIT);
    if (!implicit) p.expect(K.ASSIGNMENT);
    context = implicit ? 'COERCION_IMPLICIT' : 'COERCION_ASSIGNMENT';
  }
  return { kind: 'CreateCastStmt', sourcetype, targettype, func, context, inout, location };
}

export function parseCreateStatistics(p: Parser, location: number): CreateStatsStmt {
  p.expect(K.STATISTICS);
  const if_not_exists = parseIfNotExists(p);
  const unnamed = !if_not_exists && (p.kind === K.ON || p.kind === T.LPAREN);
  const defnames = unnamed ? NONE : parseAnyName(p);
  let stat_types: readonly string[] = NONE;
  if (p.accept(T.LPAREN)) {
    stat_types = parseNameList(p);
    p.expect(T.RPAREN);
  }
  p.expect(K.ON);
  const exprs = parseList(p, (q): StatsElem => {
    const at = q.location;
    return { kind: 'StatsElem', ...parseIndexKey(q), location: at };
  });
  p.expect(K.FROM);
  return {
    kind: 'CreateStatsStmt',
    defnames,
    stat_types,
    exprs,
    relations: parseFromClause(p),
    if_not_exists,
    location,
  };
}
