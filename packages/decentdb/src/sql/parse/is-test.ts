// What follows IS, and ISNULL / NOTNULL.

import type { BoolTestType, Expr, JsonIsPredicate } from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import { makeFunc, makeOp, PREC_IS, parseOperators, rejectChained } from './expression.ts';
import { parseUniqueKeys } from './json.ts';
import { makeString } from './literals.ts';
import type { Parser } from './parser.ts';

const NAME_EQ: readonly string[] = ['='];

export function parseIsTest(p: Parser, arg: Expr): Expr {
  const location = p.location;
  if (p.accept(K.ISNULL)) return { kind: 'NullTest', arg, nulltesttype: 'IS_NULL', location };
  if (p.accept(K.NOTNULL)) return { kind: 'NullTest', arg, nulltesttype: 'IS_NOT_NULL', location };
  p.expect(K.IS);
  const not = p.accept(K.NOT);
  switch (p.kind) {
    case K.NULL:
      p.next();
      return { kind: 'NullTest', arg, nulltesttype: not ? 'IS_NOT_NULL' : 'IS_NULL', location };
    case K.TRUE:
      return booleanTest(p, arg, not ? 'IS_NOT_TRUE' : 'IS_TRUE', location);
    case K.FALSE:
      return booleanTest(p, arg, not ? 'IS_NOT_FALSE' : 'IS_FALSE', location);
    case K.UNKNOWN:
      return booleanTest(p, arg, not ? 'IS_NOT_UNKNOWN' : 'IS_UNKNOWN', location);
    case K.DISTINCT: {
      p.next();
      p.expect(K.FROM);
      const right = parseOperators(p, PREC_IS + 1, false);
      rejectChained(p, PREC_IS);
      return makeOp(NAME_EQ, arg, right, location, not ? 'AEXPR_NOT_DISTINCT' : 'AEXPR_DISTINCT');
    }
    case K.DOCUMENT: {
      p.next();
      const test: Expr = {
        kind: 'XmlExpr',
        op: 'IS_DOCUMENT',
        name: null,
        named_args: [],
        args: [arg],
        xmloption: 'XMLOPTION_DOCUMENT',
        location,
      };
      return not ? negated(test, location) : test;
    }
    case K.JSON:
      return not ? negated(parseIsJson(p, arg), location) : parseIsJson(p, arg);
    default:
      return not ? negated(parseNormalized(p, arg, location), location) : parseNormalized(p, arg, location);
  }
}

function booleanTest(p: Parser, arg: Expr, booltesttype: BoolTestType, location: number): Expr {
  p.next();
  return { kind: 'BooleanTest', arg, booltesttype, location };
}

function negated(arg: Expr, location: number): Expr {
  return { kind: 'BoolExpr', boolop: 'NOT_EXPR', args: [arg], location };
}

/** unicode_normal_form, or null. */
export function parseNormalForm(p: Parser): Expr | null {
  const location = p.location;
  if (p.kind !== K.NFC && p.kind !== K.NFD && p.kind !== K.NFKC && p.kind !== K.NFKD) return null;
  return makeString(p.takeText().toUpperCase(), location);
}

function parseNormalized(p: Parser, arg: Expr, location: number): Expr {
  const form = parseNormalForm(p);
  if (p.kind !== K.NORMALIZED) p.fail();
  p.next();
  return makeFunc('is_normalized', form === null ? [arg] : [arg, form], location);
}

function parseIsJson(p: Parser, expr: Expr): Expr {
  p.next();
  let item_type: JsonIsPredicate['item_type'] = 'JS_TYPE_ANY';
  if (p.accept(K.OBJECT)) item_type = 'JS_TYPE_OBJECT';
  else if (p.accept(K.ARRAY)) item_type = 'JS_TYPE_ARRAY';
  else if (p.accept(K.SCALAR)) item_type = 'JS_TYPE_SCALAR';
  else p.accept(K.VALUE);
  return {
    kind: 'JsonIsPredicate',
    expr,
    item_type,
    unique_keys: parseUniqueKeys(p),
    location: expr.location,
  };
}
