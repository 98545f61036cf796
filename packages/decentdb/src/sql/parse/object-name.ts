// References to objects of any kind, for DROP, COMMENT, ALTER ... OWNER and the like.

import type {
  CommentStmt,
  FunctionParameter,
  ObjectName,
  ObjectType,
  RoleSpec,
  SecLabelStmt,
  TypeName,
} from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import { parseAnyOperator } from './expression.ts';
import { parseAggregateArguments, parseFunctionParameters } from './function-parameter.ts';
import { NONE, parseAnyName, parseColId, parseColLabel, parseNonReservedWord } from './names.ts';
import { parseNumericOnly } from './options.ts';
import type { Parser } from './parser.ts';
import { isColId, isTypeFunctionName } from './parser.ts';
import { parseTypeName } from './types.ts';

export function makeObject(
  names: readonly string[],
  location: number,
  rest: Partial<ObjectName> = {},
): ObjectName {
  return {
    kind: 'ObjectName',
    names,
    typeName: null,
    args: null,
    funcargs: NONE,
    sourceType: null,
    using: null,
    location,
    ...rest,
  };
}

/** any_name as an object. */
export function parseNamedObject(p: Parser): ObjectName {
  const location = p.location;
  return makeObject(parseAnyName(p), location);
}

/** A single name (schemas, extensions, languages ...). */
export function parseSimpleObject(p: Parser): ObjectName {
  const location = p.location;
  return makeObject([parseColId(p)], location);
}

/** Typename as an object (types, domains). */
export function parseTypeObject(p: Parser): ObjectName {
  const location = p.location;
  const typeName = parseTypeName(p);
  return makeObject(typeName.names, location, { typeName });
}

/** func_name: one word of the function class, or a dotted name. */
export function parseFunctionName(p: Parser): string[] {
  if (!isTypeFunctionName(p.kind) && !isColId(p.kind)) p.fail();
  const isFunction = isTypeFunctionName(p.kind);
  const names = [p.takeName()];
  while (p.accept(T.DOT)) names.push(parseColLabel(p));
  if (!isFunction && names.length === 1) throw p.syntaxError(p.pos - 1);
  return names;
}

/** function_with_argtypes. */
export function parseFunctionObject(p: Parser): ObjectName {
  const location = p.location;
  if (!isTypeFunctionName(p.kind) && !isColId(p.kind)) p.fail();
  const names = [p.takeName()];
  while (p.accept(T.DOT)) names.push(parseColLabel(p));
  if (p.kind !== T.LPAREN) return makeObject(names, location);
  const funcargs = parseFunctionParameters(p, false);
  return makeObject(names, location, { args: inputTypes(funcargs), funcargs });
}

/** The types of the arguments a caller passes. */
function inputTypes(params: readonly FunctionParameter[]): TypeName[] {
  return params
    .filter((param) => param.mode !== 'FUNC_PARAM_OUT' && param.mode !== 'FUNC_PARAM_TABLE')
    .map((param) => param.argType);
}

/** aggregate_with_argtypes. */
export function parseAggregateObject(p: Parser): ObjectName {
  const location = p.location;
  const names = parseFunctionName(p);
  const { parameters } = parseAggregateArguments(p);
  const funcargs = parameters ?? NONE;
  return makeObject(names, location, { args: inputTypes(funcargs), funcargs });
}

/** operator_with_argtypes: `op (left, right)`, NONE for a missing side. */
export function parseOperatorObject(p: Parser): ObjectName {
  const location = p.location;
  const names = parseAnyOperator(p);
  p.expect(T.LPAREN);
  const left = p.accept(K.NONE) ? null : parseTypeName(p);
  if (p.kind === T.RPAREN)
    throw p.errorAt(
      '42601',
      'missing argument',
      p.location,
      'Use NONE to denote the missing argument of a unary operator.',
    );
  p.expect(T.COMMA);
  const right = left !== null && p.accept(K.NONE) ? null : parseTypeName(p);
  p.expect(T.RPAREN);
  return makeObject(names, location, { args: [left, right] });
}

/** any_name USING name: operator classes and families. */
export function parseOpClassObject(p: Parser): ObjectName {
  const location = p.location;
  const names = parseAnyName(p);
  p.expect(K.USING);
  return makeObject(names, location, { using: parseColId(p) });
}

/** (source AS target). */
export function parseCastObject(p: Parser): ObjectName {
  const location = p.location;
  p.expect(T.LPAREN);
  const sourceType = parseTypeName(p);
  p.expect(K.AS);
  const typeName = parseTypeName(p);
  p.expect(T.RPAREN);
  return makeObject(NONE, location, { sourceType, typeName });
}

/** FOR type LANGUAGE name. */
export function parseTransformObject(p: Parser): ObjectName {
  const location = p.location;
  p.expect(K.FOR);
  const typeName = parseTypeName(p);
  p.expect(K.LANGUAGE);
  return makeObject(NONE, location, { typeName, using: parseColId(p) });
}

/** name ON relation, as relation's name followed by the object's. */
export function parseOwnedObject(p: Parser): ObjectName {
  const location = p.location;
  const name = parseColId(p);
  p.expect(K.ON);
  return makeObject([...parseAnyName(p), name], location);
}

/** RoleSpec. */
export function parseRole(p: Parser): RoleSpec {
  const location = p.location;
  const make = (roletype: RoleSpec['roletype'], rolename: string | null): RoleSpec => ({
    kind: 'RoleSpec',
    roletype,
    rolename,
    location,
  });
  if (p.accept(K.CURRENT_ROLE)) return make('ROLESPEC_CURRENT_ROLE', null);
  if (p.accept(K.CURRENT_USER)) return make('ROLESPEC_CURRENT_USER', null);
  if (p.accept(K.SESSION_USER)) return make('ROLESPEC_SESSION_USER', null);
  const at = p.pos;
  const quoted = p.forms[at] === T.FORM_QUOTED;
  const name = parseNonReservedWord(p);
  if (name === 'public') return make('ROLESPEC_PUBLIC', null);
  if (name === 'none' && !quoted) throw p.errorAt('42939', 'role name "none" is reserved', location);
  return make('ROLESPEC_CSTRING', name);
}

interface ObjectKind {
  readonly type: ObjectType;
  readonly read: (p: Parser) => ObjectName;
}

const NAMED: ReadonlyMap<number, ObjectKind> = new Map<number, ObjectKind>([
  [K.TABLE, { type: 'OBJECT_TABLE', read: parseNamedObject }],
  [K.SEQUENCE, { type: 'OBJECT_SEQUENCE', read: parseNamedObject }],
  [K.VIEW, { type: 'OBJECT_VIEW', read: parseNamedObject }],
  [K.INDEX, { type: 'OBJECT_INDEX', read: parseNamedObject }],
  [K.COLLATION, { type: 'OBJECT_COLLATION', read: parseNamedObject }],
  [K.CONVERSION, { type: 'OBJECT_CONVERSION', read: parseNamedObject }],
  [K.STATISTICS, { type: 'OBJECT_STATISTIC_EXT', read: parseNamedObject }],
  [K.COLUMN, { type: 'OBJECT_COLUMN', read: parseNamedObject }],
  [K.EXTENSION, { type: 'OBJECT_EXTENSION', read: parseSimpleObject }],
  [K.LANGUAGE, { type: 'OBJECT_LANGUAGE', read: parseSimpleObject }],
  [K.PUBLICATION, { type: 'OBJECT_PUBLICATION', read: parseSimpleObject }],
  [K.SUBSCRIPTION, { type: 'OBJECT_SUBSCRIPTION', read: parseSimpleObject }],
  [K.SCHEMA, { type: 'OBJECT_SCHEMA', read: parseSimpleObject }],
  [K.SERVER, { type: 'OBJECT_FOREIGN_SERVER', read: parseSimpleObject }],
  [K.DATABASE, { type: 'OBJECT_DATABASE', read: parseSimpleObject }],
  [K.ROLE, { type: 'OBJECT_ROLE', read: parseSimpleObject }],
  [K.TABLESPACE, { type: 'OBJECT_TABLESPACE', read: parseSimpleObject }],
  [K.TYPE, { type: 'OBJECT_TYPE', read: parseTypeObject }],
  [K.DOMAIN, { type: 'OBJECT_DOMAIN', read: parseTypeObject }],
  [K.FUNCTION, { type: 'OBJECT_FUNCTION', read: parseFunctionObject }],
  [K.PROCEDURE, { type: 'OBJECT_PROCEDURE', read: parseFunctionObject }],
  [K.ROUTINE, { type: 'OBJECT_ROUTINE', read: parseFunctionObject }],
  [K.AGGREGATE, { type: 'OBJECT_AGGREGATE', read: parseAggregateObject }],
  [K.CAST, { type: 'OBJECT_CAST', read: parseCastObject }],
  [K.TRANSFORM, { type: 'OBJECT_TRANSFORM', read: parseTransformObject }],
  [K.POLICY, { type: 'OBJECT_POLICY', read: parseOwnedObject }],
  [K.RULE, { type: 'OBJECT_RULE', read: parseOwnedObject }],
  [K.TRIGGER, { type: 'OBJECT_TRIGGER', read: parseOwnedObject }],
]);

/** The words of an object type; the reader for its names. */
export function parseObjectKind(p: Parser): ObjectKind | null {
  if (p.accept2(K.MATERIALIZED, K.VIEW)) return { type: 'OBJECT_MATVIEW', read: parseNamedObject };
  if (p.accept2(K.FOREIGN, K.TABLE)) return { type: 'OBJECT_FOREIGN_TABLE', read: parseNamedObject };
  if (p.kind === K.FOREIGN && p.peek() === K.DATA) {
    p.next();
    p.next();
    p.expect(K.WRAPPER);
    return { type: 'OBJECT_FDW', read: parseSimpleObject };
  }
  if (p.accept2(K.ACCESS, K.METHOD)) return { type: 'OBJECT_ACCESS_METHOD', read: parseSimpleObject };
  if (p.accept2(K.EVENT, K.TRIGGER)) return { type: 'OBJECT_EVENT_TRIGGER', read: parseSimpleObject };
  if (p.accept2(K.PROCEDURAL, K.LANGUAGE)) return { type: 'OBJECT_LANGUAGE', read: parseSimpleObject };
  if (p.accept2(K.LARGE, K.OBJECT)) return { type: 'OBJECT_LARGEOBJECT', read: parseLargeObject };
  if (p.accept2(K.OPERATOR, K.CLASS)) return { type: 'OBJECT_OPCLASS', read: parseOpClassObject };
  if (p.accept2(K.OPERATOR, K.FAMILY)) return { type: 'OBJECT_OPFAMILY', read: parseOpClassObject };
  if (p.accept(K.OPERATOR)) return { type: 'OBJECT_OPERATOR', read: parseOperatorObject };
  if (p.kind === K.TEXT && p.peek() === K.SEARCH) return parseTextSearchKind(p);
  const named = NAMED.get(p.kind);
  if (named === undefined) return null;
  p.next();
  return named;
}

function parseLargeObject(p: Parser): ObjectName {
  const location = p.location;
  const at = p.location;
  parseNumericOnly(p);
  return makeObject([p.sql.slice(at, p.previousEnd)], location);
}

function parseTextSearchKind(p: Parser): ObjectKind {
  p.next();
  p.next();
  if (p.accept(K.PARSER)) return { type: 'OBJECT_TSPARSER', read: parseNamedObject };
  if (p.accept(K.DICTIONARY)) return { type: 'OBJECT_TSDICTIONARY', read: parseNamedObject };
  if (p.accept(K.TEMPLATE)) return { type: 'OBJECT_TSTEMPLATE', read: parseNamedObject };
  p.expect(K.CONFIGURATION);
  return { type: 'OBJECT_TSCONFIGURATION', read: parseNamedObject };
}

/** COMMENT's and SECURITY LABEL's object. */
function parseCommented(p: Parser): { objtype: ObjectType; object: ObjectName } {
  const location = p.location;
  if (p.accept(K.CONSTRAINT)) {
    const name = parseColId(p);
    p.expect(K.ON);
    if (p.accept(K.DOMAIN)) {
      const domain = parseAnyName(p);
      return { objtype: 'OBJECT_DOMCONSTRAINT', object: makeObject([...domain, name], location) };
    }
    return { objtype: 'OBJECT_TABCONSTRAINT', object: makeObject([...parseAnyName(p), name], location) };
  }
  const found = parseObjectKind(p);
  if (found === null) return p.fail();
  return { objtype: found.type, object: found.read(p) };
}

/** IS 'text' | IS NULL. */
function parseIsText(p: Parser): string | null {
  p.expect(K.IS);
  return p.accept(K.NULL) ? null : p.takeString();
}

export function parseComment(p: Parser): CommentStmt {
  const location = p.location;
  p.next();
  p.expect(K.ON);
  const { objtype, object } = parseCommented(p);
  return { kind: 'CommentStmt', objtype, object, comment: parseIsText(p), location };
}

export function parseSecurityLabel(p: Parser): SecLabelStmt {
  const location = p.location;
  p.next();
  p.expect(K.LABEL);
  const provider = p.accept(K.FOR) ? (p.kind === T.SCONST ? p.takeText() : parseNonReservedWord(p)) : null;
  p.expect(K.ON);
  const { objtype, object } = parseCommented(p);
  return { kind: 'SecLabelStmt', objtype, object, provider, label: parseIsText(p), location };
}
