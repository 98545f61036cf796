// Option lists: reloptions, definitions, generic options, and the values they take.

import type { DefArg, DefElem, NameList, StringNode } from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import { parseOperatorName } from './expression.ts';
import { parseColLabel, parseList } from './names.ts';
import type { Parser } from './parser.ts';
import { isColLabel, isTypeFunctionName, wordClass } from './parser.ts';
import { parseFuncType } from './types.ts';

export function makeDefElem(
  defname: string,
  arg: DefArg | null,
  location: number,
  defnamespace: string | null = null,
  defaction: DefElem['defaction'] = 'DEFELEM_UNSPEC',
): DefElem {
  return { kind: 'DefElem', defnamespace, defname, arg, defaction, location };
}

export function stringNode(sval: string, location = -1): StringNode {
  return { kind: 'String', sval, location };
}

export function integerNode(ival: number, location = -1): DefArg {
  return { kind: 'Integer', ival, location };
}

export function booleanNode(boolval: boolean, location = -1): DefArg {
  return { kind: 'Boolean', boolval, location };
}

export function nameList(names: readonly string[], location = -1): NameList {
  return { kind: 'NameList', names, location };
}

/** NumericOnly: [+|-] number, as Integer or Float. */
export function parseNumericOnly(p: Parser): DefArg {
  const location = p.location;
  const minus = p.kind === T.MINUS;
  if (minus || p.kind === T.PLUS) p.next();
  if (p.kind === T.FCONST) {
    const text = p.takeText();
    return { kind: 'Float', fval: minus ? `-${text}` : text, location };
  }
  const value = p.takeInteger();
  return { kind: 'Integer', ival: minus && value !== 0 ? -value : value, location };
}

/** SignedIconst. */
export function parseSignedInteger(p: Parser): number {
  const minus = p.accept(T.MINUS);
  if (!minus) p.accept(T.PLUS);
  const value = p.takeInteger();
  return minus && value !== 0 ? -value : value;
}

/** def_arg: a type, reserved word, operator, number, string or NONE. */
export function parseDefArg(p: Parser): DefArg {
  const location = p.location;
  if (p.kind === T.SCONST) return stringNode(p.takeText(), location);
  if (p.kind === T.ICONST || p.kind === T.FCONST) return parseNumericOnly(p);
  if (p.kind === T.MINUS || p.kind === T.PLUS) {
    const next = p.peek();
    if (next === T.ICONST || next === T.FCONST) return parseNumericOnly(p);
    return nameList(parseOperatorName(p), location);
  }
  if (p.kind === K.OPERATOR && p.peek() === T.LPAREN) return nameList(parseOperatorName(p), location);
  if (p.kind === K.NONE) return stringNode(p.takeText(), location);
  if (p.kind === K.SETOF || isTypeFunctionName(p.kind) || wordClass(p.kind) === 1) return parseFuncType(p);
  if (isColLabel(p.kind)) return stringNode(p.takeText(), location);
  return nameList(parseOperatorName(p), location);
}

/** reloptions: `( [ns.]name [= arg], ... )`. */
export function parseRelOptions(p: Parser): DefElem[] {
  p.expect(T.LPAREN);
  const list = parseList(p, parseRelOption);
  p.expect(T.RPAREN);
  return list;
}

function parseRelOption(p: Parser): DefElem {
  const location = p.location;
  let name = parseColLabel(p);
  let namespace: string | null = null;
  if (p.accept(T.DOT)) {
    namespace = name;
    name = parseColLabel(p);
  }
  const arg = p.accept(T.EQ) ? parseDefArg(p) : null;
  return makeDefElem(name, arg, location, namespace);
}

/** definition: `( name [= arg], ... )`. */
export function parseDefinition(p: Parser): DefElem[] {
  p.expect(T.LPAREN);
  const list = parseList(p, (q) => {
    const location = q.location;
    const name = parseColLabel(q);
    return makeDefElem(name, q.accept(T.EQ) ? parseDefArg(q) : null, location);
  });
  p.expect(T.RPAREN);
  return list;
}

/** utility_option_list of EXPLAIN, VACUUM, ANALYZE, REINDEX ...: `( name [value], ... )`. */
export function parseUtilityOptions(p: Parser): DefElem[] {
  p.expect(T.LPAREN);
  const list = parseList(p, (q) => {
    const location = q.location;
    // ANALYZE and FORMAT are names here whatever their class.
    const isName =
      wordClass(q.kind) <= 2 || q.kind === K.ANALYZE || q.kind === K.ANALYSE || q.kind === K.FORMAT;
    if (!isName) q.fail();
    const spelt = q.kind === K.ANALYSE ? 'analyze' : null;
    const taken = q.takeName();
    return makeDefElem(spelt ?? taken, parseUtilityArg(q), location);
  });
  p.expect(T.RPAREN);
  return list;
}

/** opt_boolean_or_string or NumericOnly, or nothing. */
function parseUtilityArg(p: Parser): DefArg | null {
  const location = p.location;
  switch (p.kind) {
    case T.COMMA:
    case T.RPAREN:
      return null;
    case T.ICONST:
    case T.FCONST:
    case T.MINUS:
    case T.PLUS:
      return parseNumericOnly(p);
    default:
      return stringNode(parseBooleanOrString(p), location);
  }
}

/** opt_boolean_or_string: TRUE, FALSE, ON, a non-reserved word, or a string. */
export function parseBooleanOrString(p: Parser): string {
  if (p.kind === T.SCONST) return p.takeText();
  if (p.kind === K.TRUE || p.kind === K.FALSE || p.kind === K.ON || wordClass(p.kind) <= 2)
    return p.takeName();
  return p.fail();
}
