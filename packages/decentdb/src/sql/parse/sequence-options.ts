// Options of sequences and identity columns.

import type { DefElem } from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import { parseAnyName } from './names.ts';
import { booleanNode, makeDefElem, nameList, parseNumericOnly } from './options.ts';
import type { Parser } from './parser.ts';
import { parseSimpleTypeName } from './types.ts';

export function parseParenSequenceOptions(p: Parser): DefElem[] {
  p.expect(T.LPAREN);
  const options = parseSequenceOptions(p);
  if (options.length === 0) p.fail();
  p.expect(T.RPAREN);
  return options;
}

export function parseSequenceOptions(p: Parser): DefElem[] {
  const options: DefElem[] = [];
  for (;;) {
    const option = parseSequenceOption(p);
    if (option === null) return options;
    options.push(option);
  }
}

/** SeqOptElem, or null. */
export function parseSequenceOption(p: Parser): DefElem | null {
  const location = p.location;
  switch (p.kind) {
    case K.AS:
      p.next();
      return makeDefElem('as', parseSimpleTypeName(p), location);
    case K.CACHE:
      p.next();
      return makeDefElem('cache', parseNumericOnly(p), location);
    case K.CYCLE:
      p.next();
      return makeDefElem('cycle', booleanNode(true), location);
    case K.INCREMENT:
      p.next();
      p.accept(K.BY);
      return makeDefElem('increment', parseNumericOnly(p), location);
    case K.LOGGED:
      p.next();
      return makeDefElem('logged', null, location);
    case K.UNLOGGED:
      p.next();
      return makeDefElem('unlogged', null, location);
    case K.MAXVALUE:
      p.next();
      return makeDefElem('maxvalue', parseNumericOnly(p), location);
    case K.MINVALUE:
      p.next();
      return makeDefElem('minvalue', parseNumericOnly(p), location);
    case K.NO:
      return parseNo(p, location);
    case K.OWNED: {
      p.next();
      p.expect(K.BY);
      const at = p.location;
      return makeDefElem('owned_by', nameList(parseAnyName(p), at), location);
    }
    case K.SEQUENCE: {
      p.next();
      p.expect(K.NAME);
      const at = p.location;
      return makeDefElem('sequence_name', nameList(parseAnyName(p), at), location);
    }
    case K.START:
      p.next();
      p.accept(K.WITH);
      return makeDefElem('start', parseNumericOnly(p), location);
    case K.RESTART: {
      p.next();
      const valued = p.accept(K.WITH) || isNumberAhead(p);
      return makeDefElem('restart', valued ? parseNumericOnly(p) : null, location);
    }
    default:
      return null;
  }
}

function isNumberAhead(p: Parser): boolean {
  return p.kind === T.ICONST || p.kind === T.FCONST || p.kind === T.MINUS || p.kind === T.PLUS;
}

function parseNo(p: Parser, location: number): DefElem | null {
  const next = p.peek();
  if (next !== K.CYCLE && next !== K.MAXVALUE && next !== K.MINVALUE) return null;
  p.next();
  p.next();
  if (next === K.CYCLE) return makeDefElem('cycle', booleanNode(false), location);
  return makeDefElem(next === K.MAXVALUE ? 'maxvalue' : 'minvalue', null, location);
}
