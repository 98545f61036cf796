// CREATE TYPE of every form, CREATE DOMAIN.

import type { CreateDomainStmt, DefineStmt, Statement } from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import { parseColumnQualifiers } from './constraint.ts';
import { parseFieldDef } from './from.ts';
import { NONE, parseAnyName, parseList, rangeVarOf } from './names.ts';
import { parseDefinition } from './options.ts';
import type { Parser } from './parser.ts';
import { parseTypeName } from './types.ts';

export function parseCreateType(p: Parser, location: number): Statement {
  p.expect(K.TYPE);
  const at = p.location;
  const names = parseAnyName(p);
  if (p.kind !== K.AS) {
    const definition = p.kind === T.LPAREN ? parseDefinition(p) : NONE;
    const define: DefineStmt = {
      kind: 'DefineStmt',
      objtype: 'OBJECT_TYPE',
      oldstyle: false,
      defnames: names,
      args: null,
      directArgs: -1,
      definition,
      if_not_exists: false,
      replace: false,
      location,
    };
    return define;
  }
  p.next();
  if (p.accept(K.ENUM)) {
    p.expect(T.LPAREN);
    const vals = p.kind === T.RPAREN ? NONE : parseList(p, (q) => q.takeString());
    p.expect(T.RPAREN);
    return { kind: 'CreateEnumStmt', typeName: names, vals, location };
  }
  if (p.accept(K.RANGE))
    return { kind: 'CreateRangeStmt', typeName: names, params: parseDefinition(p), location };
  p.expect(T.LPAREN);
  const coldeflist = p.kind === T.RPAREN ? NONE : parseList(p, parseFieldDef);
  p.expect(T.RPAREN);
  return { kind: 'CompositeTypeStmt', typevar: rangeVarOf(p, names, at, false), coldeflist, location };
}

export function parseCreateDomain(p: Parser, location: number): CreateDomainStmt {
  p.expect(K.DOMAIN);
  const domainname = parseAnyName(p);
  p.accept(K.AS);
  const typeName = parseTypeName(p);
  const rest = parseColumnQualifiers(p);
  return {
    kind: 'CreateDomainStmt',
    domainname,
    typeName,
    collClause: rest.collClause,
    constraints: rest.constraints,
    location,
  };
}
