// TRUNCATE.

import type { DropBehavior, TruncateStmt } from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import { parseList, parseRelationExpr } from './names.ts';
import type { Parser } from './parser.ts';

/** [CASCADE | RESTRICT]. */
export function parseDropBehavior(p: Parser): DropBehavior {
  if (p.accept(K.CASCADE)) return 'DROP_CASCADE';
  p.accept(K.RESTRICT);
  return 'DROP_RESTRICT';
}

export function parseTruncate(p: Parser): TruncateStmt {
  const location = p.location;
  p.next();
  p.accept(K.TABLE);
  const relations = parseList(p, parseRelationExpr);
  let restart_seqs = false;
  if (p.kind === K.CONTINUE || p.kind === K.RESTART) {
    restart_seqs = p.kind === K.RESTART;
    p.next();
    p.expect(K.IDENTITY);
  }
  return { kind: 'TruncateStmt', relations, restart_seqs, behavior: parseDropBehavior(p), location };
}
