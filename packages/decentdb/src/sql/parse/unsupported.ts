// Statements of PostgreSQL that this engine never executes: recognised by name, so that the refusal can name them.
//
// I1  Only the leading words are checked; the rest is skipped to the end of the statement.

import type { UnsupportedStmt } from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import type { Parser } from './parser.ts';

const SINGLE: ReadonlyMap<number, string> = new Map([[K.IMPORT, 'IMPORT FOREIGN SCHEMA']]);

export function parseUnsupported(p: Parser): UnsupportedStmt {
  const tag = SINGLE.get(p.kind);
  if (tag === undefined) p.fail();
  return skipUnsupported(p, tag, p.location);
}

/** Skips to the end of the statement. At least one more token must be there. */
export function skipUnsupported(p: Parser, tag: string, location: number): UnsupportedStmt {
  p.next();
  if (p.kind === T.SEMICOLON || p.kind === T.EOF) p.fail();
  let end = location;
  while (p.kind !== T.SEMICOLON && p.kind !== T.EOF) {
    if (p.kind === T.LEX_ERROR) p.fail();
    end = p.ends[p.pos]!;
    p.next();
  }
  return { kind: 'UnsupportedStmt', tag, text: p.sql.slice(location, end), location };
}
