// OVER and WINDOW: window specifications and frames.

import * as F from '../ast/frame-options.ts';
import type { Expr, WindowDef } from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import { parseExpr } from './expression.ts';
import { NONE, parseColId, parseList } from './names.ts';
import type { Parser } from './parser.ts';
import { isColId } from './parser.ts';
import { parseOptSortClause } from './sort.ts';

interface Bound {
  readonly options: number;
  readonly offset: Expr | null;
}

interface Frame {
  readonly frameOptions: number;
  readonly startOffset: Expr | null;
  readonly endOffset: Expr | null;
}

/** OVER name | OVER (specification). */
export function parseOver(p: Parser): WindowDef {
  p.expect(K.OVER);
  if (p.kind === T.LPAREN) return parseWindowSpecification(p, null);
  const location = p.location;
  return {
    kind: 'WindowDef',
    name: parseColId(p),
    refname: null,
    partitionClause: NONE,
    orderClause: NONE,
    frameOptions: F.FRAMEOPTION_DEFAULTS,
    startOffset: null,
    endOffset: null,
    location,
  };
}

/** name AS (specification) of a WINDOW clause. */
export function parseWindowDefinition(p: Parser): WindowDef {
  const name = parseColId(p);
  p.expect(K.AS);
  return parseWindowSpecification(p, name);
}

function startsFrame(kind: number): boolean {
  return kind === K.RANGE || kind === K.ROWS || kind === K.GROUPS;
}

function parseWindowSpecification(p: Parser, name: string | null): WindowDef {
  const location = p.location;
  p.enter();
  p.expect(T.LPAREN);
  let refname: string | null = null;
  if (isColId(p.kind) && p.kind !== K.PARTITION && !startsFrame(p.kind)) refname = p.takeName();
  let partitionClause: readonly Expr[] = NONE;
  if (p.accept(K.PARTITION)) {
    p.expect(K.BY);
    partitionClause = parseList(p, parseExpr);
  }
  const orderClause = parseOptSortClause(p);
  const frame = parseFrame(p);
  p.expect(T.RPAREN);
  p.leave();
  return { kind: 'WindowDef', name, refname, partitionClause, orderClause, ...frame, location };
}

function parseFrame(p: Parser): Frame {
  let mode = 0;
  if (p.kind === K.RANGE) mode = F.FRAMEOPTION_RANGE;
  else if (p.kind === K.ROWS) mode = F.FRAMEOPTION_ROWS;
  else if (p.kind === K.GROUPS) mode = F.FRAMEOPTION_GROUPS;
  else return { frameOptions: F.FRAMEOPTION_DEFAULTS, startOffset: null, endOffset: null };
  p.next();
  let options = F.FRAMEOPTION_NONDEFAULT | mode;
  let start: Bound;
  let end: Bound = { options: F.FRAMEOPTION_END_CURRENT_ROW, offset: null };
  const location = p.location;
  if (p.accept(K.BETWEEN)) {
    const startAt = p.location;
    start = parseBound(p);
    p.expect(K.AND);
    const endAt = p.location;
    const bound = parseBound(p);
    checkBetween(p, start, bound, startAt, endAt);
    // End bits stand one place above the start bits.
    end = { options: bound.options << 1, offset: bound.offset };
    options |= F.FRAMEOPTION_BETWEEN;
  } else {
    start = parseBound(p);
    checkSingle(p, start, location);
  }
  options |= start.options | end.options | parseExclusion(p);
  return { frameOptions: options, startOffset: start.offset, endOffset: end.offset };
}

/** A bound, as START bits. */
function parseBound(p: Parser): Bound {
  if (p.kind === K.UNBOUNDED) {
    p.next();
    if (p.accept(K.PRECEDING)) return { options: F.FRAMEOPTION_START_UNBOUNDED_PRECEDING, offset: null };
    p.expect(K.FOLLOWING);
    return { options: F.FRAMEOPTION_START_UNBOUNDED_FOLLOWING, offset: null };
  }
  if (p.kind === K.CURRENT && p.peek() === K.ROW) {
    p.next();
    p.next();
    return { options: F.FRAMEOPTION_START_CURRENT_ROW, offset: null };
  }
  const offset = parseExpr(p);
  if (p.accept(K.PRECEDING)) return { options: F.FRAMEOPTION_START_OFFSET_PRECEDING, offset };
  p.expect(K.FOLLOWING);
  return { options: F.FRAMEOPTION_START_OFFSET_FOLLOWING, offset };
}

function checkSingle(p: Parser, start: Bound, at: number): void {
  if (start.options === F.FRAMEOPTION_START_UNBOUNDED_FOLLOWING)
    throw p.errorAt('42P20', 'frame start cannot be UNBOUNDED FOLLOWING', at);
  if (start.options === F.FRAMEOPTION_START_OFFSET_FOLLOWING)
    throw p.errorAt('42P20', 'frame starting from following row cannot end with current row', at);
}

function checkBetween(p: Parser, start: Bound, end: Bound, startAt: number, endAt: number): void {
  if (start.options === F.FRAMEOPTION_START_UNBOUNDED_FOLLOWING)
    throw p.errorAt('42P20', 'frame start cannot be UNBOUNDED FOLLOWING', startAt);
  if (end.options === F.FRAMEOPTION_START_UNBOUNDED_PRECEDING)
    throw p.errorAt('42P20', 'frame end cannot be UNBOUNDED PRECEDING', endAt);
  const endPreceding = end.options === F.FRAMEOPTION_START_OFFSET_PRECEDING;
  if (start.options === F.FRAMEOPTION_START_CURRENT_ROW && endPreceding)
    throw p.errorAt('42P20', 'frame starting from current row cannot have preceding rows', endAt);
  const endCurrent = end.options === F.FRAMEOPTION_START_CURRENT_ROW;
  if (start.options === F.FRAMEOPTION_START_OFFSET_FOLLOWING && (endPreceding || endCurrent))
    throw p.errorAt('42P20', 'frame starting from following row cannot have preceding rows', endAt);
}

function parseExclusion(p: Parser): number {
  if (!p.accept(K.EXCLUDE)) return 0;
  if (p.accept(K.CURRENT)) {
    p.expect(K.ROW);
    return F.FRAMEOPTION_EXCLUDE_CURRENT_ROW;
  }
  if (p.accept(K.GROUP)) return F.FRAMEOPTION_EXCLUDE_GROUP;
  if (p.accept(K.TIES)) return F.FRAMEOPTION_EXCLUDE_TIES;
  p.expect(K.NO);
  p.expect(K.OTHERS);
  return 0;
}
