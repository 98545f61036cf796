// Names: column, label, qualified, list-of-names, and relation references.

import type { Alias, Indirection, RangeVar } from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import { parseExpr } from './expression.ts';
import type { Parser } from './parser.ts';
import { isColId, isColLabel, isNonReservedWord } from './parser.ts';

/** The list every node without entries shares; readonly by type. */
export const NONE: readonly never[] = [];

export function parseColId(p: Parser): string {
  if (!isColId(p.kind)) p.fail();
  return p.takeName();
}

export function parseColLabel(p: Parser): string {
  if (!isColLabel(p.kind)) p.fail();
  return p.takeName();
}

export function parseNonReservedWord(p: Parser): string {
  if (!isNonReservedWord(p.kind)) p.fail();
  return p.takeName();
}

/** NonReservedWord or a string. */
export function parseWordOrString(p: Parser): string {
  return p.kind === T.SCONST ? p.takeText() : parseNonReservedWord(p);
}

/** any_name: `a.b.c`. */
export function parseAnyName(p: Parser): string[] {
  const names = [parseColId(p)];
  while (p.accept(T.DOT)) names.push(parseColLabel(p));
  return names;
}

/** Comma-separated ColIds. */
export function parseNameList(p: Parser): string[] {
  const names = [parseColId(p)];
  while (p.accept(T.COMMA)) names.push(parseColId(p));
  return names;
}

/** `( name, ... )`. */
export function parseParenNames(p: Parser): string[] {
  p.expect(T.LPAREN);
  const names = parseNameList(p);
  p.expect(T.RPAREN);
  return names;
}

export function parseOptParenNames(p: Parser): readonly string[] {
  return p.kind === T.LPAREN ? parseParenNames(p) : NONE;
}

/** Comma-separated items, each read by `item`. */
export function parseList<X>(p: Parser, item: (p: Parser) => X): X[] {
  const items = [item(p)];
  while (p.accept(T.COMMA)) items.push(item(p));
  return items;
}

/** qualified_name: up to catalog.schema.relation. */
export function parseQualifiedName(p: Parser, persistence: 'p' | 't' | 'u' = 'p'): RangeVar {
  const location = p.location;
  const names = parseAnyName(p);
  return rangeVarOf(p, names, location, true, persistence);
}

/** A RangeVar from a dotted name. */
export function rangeVarOf(
  p: Parser,
  names: readonly string[],
  location: number,
  inh: boolean,
  relpersistence: 'p' | 't' | 'u' = 'p',
): RangeVar {
  const count = names.length;
  if (count > 3)
    throw p.errorAt('42601', `improper qualified name (too many dotted names): ${names.join('.')}`, location);
  return {
    kind: 'RangeVar',
    catalogname: count === 3 ? names[0]! : null,
    schemaname: count >= 2 ? names[count - 2]! : null,
    relname: names[count - 1]!,
    inh,
    relpersistence,
    alias: null,
    location,
  };
}

/** relation_expr: `t`, `t *`, `ONLY t`, `ONLY (t)`. */
export function parseRelationExpr(p: Parser): RangeVar {
  if (p.kind === K.ONLY) {
    p.next();
    const paren = p.accept(T.LPAREN);
    const location = p.location;
    const relation = rangeVarOf(p, parseAnyName(p), location, false);
    if (paren) p.expect(T.RPAREN);
    return relation;
  }
  const relation = parseQualifiedName(p);
  p.accept(T.STAR);
  return relation;
}

/** relation_expr_opt_alias of UPDATE and DELETE: SET alone is never an alias. */
export function parseRelationOptAlias(p: Parser): RangeVar {
  const relation = parseRelationExpr(p);
  const location = p.location;
  let name: string | null = null;
  if (p.accept(K.AS)) name = parseColId(p);
  else if (isColId(p.kind) && p.kind !== K.SET) name = p.takeName();
  if (name === null) return relation;
  return { ...relation, alias: { kind: 'Alias', aliasname: name, colnames: NONE, location } };
}

export function makeAlias(aliasname: string, colnames: readonly string[], location: number): Alias {
  return { kind: 'Alias', aliasname, colnames, location };
}

/** `.name`, `.*`, `[subscript]` after an expression or a target column. */
export function parseIndirection(p: Parser): Indirection[] {
  const list: Indirection[] = [];
  for (;;) {
    if (p.kind === T.DOT) {
      p.next();
      const location = p.location;
      if (p.accept(T.STAR)) list.push({ kind: 'A_Star', location });
      else list.push({ kind: 'String', sval: parseColLabel(p), location });
    } else if (p.kind === T.LBRACKET) {
      p.enter();
      list.push(parseSubscript(p));
      p.leave();
    } else return list;
  }
}

function parseSubscript(p: Parser): Indirection {
  const location = p.location;
  p.expect(T.LBRACKET);
  if (p.accept(T.COLON)) {
    const upper = p.kind === T.RBRACKET ? null : parseExpr(p);
    p.expect(T.RBRACKET);
    return { kind: 'A_Indices', is_slice: true, lidx: null, uidx: upper, location };
  }
  const first = parseExpr(p);
  if (p.accept(T.COLON)) {
    const upper = p.kind === T.RBRACKET ? null : parseExpr(p);
    p.expect(T.RBRACKET);
    return { kind: 'A_Indices', is_slice: true, lidx: first, uidx: upper, location };
  }
  p.expect(T.RBRACKET);
  return { kind: 'A_Indices', is_slice: false, lidx: null, uidx: first, location };
}

/** A `*` in an indirection must be its end. */
export function checkStarLast(p: Parser, list: readonly Indirection[]): void {
  for (let i = 0; i < list.length - 1; i++)
    if (list[i]!.kind === 'A_Star') throw p.syntaxError(p.pos, 'improper use of "*"');
}
