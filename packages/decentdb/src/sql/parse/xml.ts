// XML functions, XMLTABLE.

import type {
  Expr,
  RangeTableFunc,
  RangeTableFuncCol,
  ResTarget,
  XmlExpr,
  XmlExprOp,
  XmlNamedArg,
} from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import { makeFunc, parseExpr, parseRestrictedExpr } from './expression.ts';
import { makeBoolean, makeNull } from './literals.ts';
import { NONE, parseColId, parseColLabel, parseList } from './names.ts';
import type { Parser } from './parser.ts';
import { parsePrimary } from './primary.ts';
import { makeInteger, parseSimpleTypeName, parseTypeName } from './types.ts';

function makeXml(
  op: XmlExprOp,
  name: string | null,
  named_args: readonly XmlNamedArg[],
  args: readonly Expr[],
  location: number,
  xmloption: XmlExpr['xmloption'] = 'XMLOPTION_DOCUMENT',
): Expr {
  return { kind: 'XmlExpr', op, name, named_args, args, xmloption, location };
}

/** Null when the current keyword (followed by a parenthesis) starts no XML function. */
export function parseXmlFunction(p: Parser): Expr | null {
  switch (p.kind) {
    case K.XMLCONCAT: {
      const location = open(p);
      return close(p, makeXml('IS_XMLCONCAT', null, NONE, parseList(p, parseExpr), location));
    }
    case K.XMLELEMENT:
      return parseElement(p);
    case K.XMLEXISTS: {
      const location = open(p);
      const path = parsePrimary(p, true);
      return close(p, makeFunc('xmlexists', [path, parsePassing(p)], location));
    }
    case K.XMLFOREST: {
      const location = open(p);
      return close(p, makeXml('IS_XMLFOREST', null, parseList(p, parseNamedArg), NONE, location));
    }
    case K.XMLPARSE: {
      const location = open(p);
      const option = parseDocumentOrContent(p);
      const args = [parseExpr(p), makeBoolean(parseWhitespace(p), -1)];
      return close(p, makeXml('IS_XMLPARSE', null, NONE, args, location, option));
    }
    case K.XMLPI: {
      const location = open(p);
      p.expect(K.NAME);
      const name = parseColLabel(p);
      const args = p.accept(T.COMMA) ? [parseExpr(p)] : NONE;
      return close(p, makeXml('IS_XMLPI', name, NONE, args, location));
    }
    case K.XMLROOT:
      return parseRoot(p);
    case K.XMLSERIALIZE:
      return parseSerialize(p);
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

function close(p: Parser, node: Expr): Expr {
  p.expect(T.RPAREN);
  return node;
}

function parseNamedArg(p: Parser): XmlNamedArg {
  const location = p.location;
  const val = parseExpr(p);
  const name = p.accept(K.AS) ? parseColLabel(p) : null;
  return { kind: 'ResTarget', name, indirection: NONE, val, location };
}

function parseElement(p: Parser): Expr {
  const location = open(p);
  p.expect(K.NAME);
  const name = parseColLabel(p);
  let attributes: readonly XmlNamedArg[] = NONE;
  let args: readonly Expr[] = NONE;
  if (p.accept(T.COMMA)) {
    if (p.kind === K.XMLATTRIBUTES && p.peek() === T.LPAREN) {
      open(p);
      attributes = parseList(p, parseNamedArg);
      p.expect(T.RPAREN);
      if (p.accept(T.COMMA)) args = parseList(p, parseExpr);
    } else args = parseList(p, parseExpr);
  }
  return close(p, makeXml('IS_XMLELEMENT', name, attributes, args, location));
}

function parseDocumentOrContent(p: Parser): XmlExpr['xmloption'] {
  if (p.accept(K.DOCUMENT)) return 'XMLOPTION_DOCUMENT';
  p.expect(K.CONTENT);
  return 'XMLOPTION_CONTENT';
}

function parseWhitespace(p: Parser): boolean {
  if (p.accept2(K.PRESERVE, K.WHITESPACE)) return true;
  p.accept2(K.STRIP, K.WHITESPACE);
  return false;
}

function parseRoot(p: Parser): Expr {
  const location = open(p);
  const source = parseExpr(p);
  p.expect(T.COMMA);
  p.expect(K.VERSION);
  let version: Expr;
  if (p.kind === K.NO && p.peek() === K.VALUE) {
    p.next();
    p.next();
    version = makeNull(-1);
  } else version = parseExpr(p);
  // 0 yes, 1 no, 2 no value, 3 omitted.
  let standalone = 3;
  if (p.accept(T.COMMA)) {
    p.expect(K.STANDALONE);
    if (p.accept(K.YES)) standalone = 0;
    else {
      p.expect(K.NO);
      standalone = p.accept(K.VALUE) ? 2 : 1;
    }
  }
  return close(
    p,
    makeXml('IS_XMLROOT', null, NONE, [source, version, makeInteger(standalone, -1)], location),
  );
}

function parseSerialize(p: Parser): Expr {
  const location = open(p);
  const xmloption = parseDocumentOrContent(p);
  const expr = parseExpr(p);
  p.expect(K.AS);
  const typeName = parseSimpleTypeName(p);
  let indent = false;
  if (p.accept(K.INDENT)) indent = true;
  else p.accept2(K.NO, K.INDENT);
  return close(p, { kind: 'XmlSerialize', xmloption, expr, typeName, indent, location });
}

/** PASSING [BY REF|VALUE] expression [BY REF|VALUE]. */
function parsePassing(p: Parser): Expr {
  p.expect(K.PASSING);
  parseMechanism(p);
  const document = parsePrimary(p, true);
  parseMechanism(p);
  return document;
}

function parseMechanism(p: Parser): void {
  if (!p.accept(K.BY)) return;
  if (!p.accept(K.REF)) p.expect(K.VALUE);
}

export function parseXmlTable(p: Parser, lateral: boolean, location: number): RangeTableFunc {
  open(p);
  let namespaces: readonly ResTarget[] = NONE;
  if (p.kind === K.XMLNAMESPACES && p.peek() === T.LPAREN) {
    open(p);
    namespaces = parseList(p, parseNamespace);
    p.expect(T.RPAREN);
    p.expect(T.COMMA);
  }
  const rowexpr = parsePrimary(p, true);
  const docexpr = parsePassing(p);
  p.expect(K.COLUMNS);
  const columns = parseList(p, parseXmlColumn);
  p.expect(T.RPAREN);
  return { kind: 'RangeTableFunc', lateral, docexpr, rowexpr, namespaces, columns, alias: null, location };
}

function parseNamespace(p: Parser): ResTarget {
  const location = p.location;
  if (p.accept(K.DEFAULT)) {
    return { kind: 'ResTarget', name: null, indirection: NONE, val: parseRestrictedExpr(p), location };
  }
  const val = parseRestrictedExpr(p);
  p.expect(K.AS);
  return { kind: 'ResTarget', name: parseColLabel(p), indirection: NONE, val, location };
}

function parseXmlColumn(p: Parser): RangeTableFuncCol {
  const location = p.location;
  const colname = parseColId(p);
  const base = {
    kind: 'RangeTableFuncCol',
    colname,
    typeName: null,
    for_ordinality: false,
    is_not_null: false,
    colexpr: null,
    coldefexpr: null,
    location,
  } as const satisfies RangeTableFuncCol;
  if (p.accept(K.FOR)) {
    p.expect(K.ORDINALITY);
    return { ...base, for_ordinality: true };
  }
  const typeName = parseTypeName(p);
  let colexpr: Expr | null = null;
  let coldefexpr: Expr | null = null;
  let nullness: boolean | null = null;
  for (;;) {
    const at = p.location;
    if (p.accept(K.PATH)) {
      if (colexpr !== null) throw p.errorAt('42601', `only one PATH value per column is allowed`, at);
      colexpr = parseRestrictedExpr(p);
    } else if (p.accept(K.DEFAULT)) {
      if (coldefexpr !== null) throw p.errorAt('42601', 'only one DEFAULT value is allowed', at);
      coldefexpr = parseRestrictedExpr(p);
    } else if (p.kind === K.NULL || (p.kind === K.NOT && p.peek() === K.NULL)) {
      const not = p.accept(K.NOT);
      p.next();
      if (nullness !== null)
        throw p.errorAt(
          '42601',
          `conflicting or redundant NULL / NOT NULL declarations for column "${colname}"`,
          at,
        );
      nullness = not;
    } else return { ...base, typeName, colexpr, coldefexpr, is_not_null: nullness === true };
  }
}
