// DECLARE, FETCH, MOVE, CLOSE.

import type { ClosePortalStmt, DeclareCursorStmt, FetchStmt } from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import { parseColId } from './names.ts';
import { parseSignedInteger } from './options.ts';
import type { Parser } from './parser.ts';
import { parseSelectStmt } from './select.ts';

const BINARY = 0x01;
const SCROLL = 0x02;
const NO_SCROLL = 0x04;
const INSENSITIVE = 0x08;
const ASENSITIVE = 0x10;
const HOLD = 0x20;
const FAST_PLAN = 0x100;

export function parseDeclare(p: Parser): DeclareCursorStmt {
  const location = p.location;
  p.next();
  const portalname = parseColId(p);
  let options = FAST_PLAN;
  for (;;) {
    if (p.kind === K.NO && p.peek() === K.SCROLL) {
      p.next();
      options |= NO_SCROLL;
    } else if (p.kind === K.SCROLL) options |= SCROLL;
    else if (p.kind === K.BINARY) options |= BINARY;
    else if (p.kind === K.ASENSITIVE) options |= ASENSITIVE;
    else if (p.kind === K.INSENSITIVE) options |= INSENSITIVE;
    else break;
    p.next();
  }
  p.expect(K.CURSOR);
  if ((p.kind === K.WITH || p.kind === K.WITHOUT) && p.peek() === K.HOLD) {
    if (p.kind === K.WITH) options |= HOLD;
    p.next();
    p.next();
  }
  p.expect(K.FOR);
  return { kind: 'DeclareCursorStmt', portalname, options, query: parseSelectStmt(p), location };
}

export function parseClose(p: Parser): ClosePortalStmt {
  const location = p.location;
  p.next();
  return { kind: 'ClosePortalStmt', portalname: p.accept(K.ALL) ? null : parseColId(p), location };
}

type Direction = FetchStmt['direction'];

export function parseFetch(p: Parser): FetchStmt {
  const location = p.location;
  const ismove = p.kind === K.MOVE;
  p.next();
  const [direction, howMany] = parseDirection(p);
  if (!p.accept(K.FROM)) p.accept(K.IN);
  return { kind: 'FetchStmt', direction, howMany, portalname: parseColId(p), ismove, location };
}

function isNameAhead(p: Parser): boolean {
  // A direction word that ends the statement is the cursor's name.
  const next = p.peek();
  return next === T.SEMICOLON || next === T.EOF;
}

function parseDirection(p: Parser): [Direction, number] {
  if (p.kind === T.ICONST || p.kind === T.MINUS || p.kind === T.PLUS)
    return ['FETCH_FORWARD', parseSignedInteger(p)];
  if (p.accept(K.ALL)) return ['FETCH_FORWARD', Number.POSITIVE_INFINITY];
  if (isNameAhead(p)) return ['FETCH_FORWARD', 1];
  switch (p.kind) {
    case K.NEXT:
      p.next();
      return ['FETCH_FORWARD', 1];
    case K.PRIOR:
      p.next();
      return ['FETCH_BACKWARD', 1];
    case K.FIRST:
      p.next();
      return ['FETCH_ABSOLUTE', 1];
    case K.LAST:
      p.next();
      return ['FETCH_ABSOLUTE', -1];
    case K.ABSOLUTE:
      p.next();
      return ['FETCH_ABSOLUTE', parseSignedInteger(p)];
    case K.RELATIVE:
      p.next();
      return ['FETCH_RELATIVE', parseSignedInteger(p)];
    case K.FORWARD:
    case K.BACKWARD: {
      const direction = p.kind === K.FORWARD ? 'FETCH_FORWARD' : 'FETCH_BACKWARD';
      p.next();
      if (p.accept(K.ALL)) return [direction, Number.POSITIVE_INFINITY];
      const isCount = p.kind === T.ICONST || p.kind === T.MINUS || p.kind === T.PLUS;
      return [direction, isCount ? parseSignedInteger(p) : 1];
    }
    default:
      return ['FETCH_FORWARD', 1];
  }
}
