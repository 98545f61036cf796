// CREATE [CONSTRAINT] TRIGGER.

import type { CreateTrigStmt, RangeVar, TriggerTransition } from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import { makeConstraint, parseAttributes } from './constraint.ts';
import { parseExpr } from './expression.ts';
import { NONE, parseColId, parseColLabel, parseNameList, parseQualifiedName } from './names.ts';
import { parseFunctionName } from './object-name.ts';
import type { Parser } from './parser.ts';
import { isColLabel } from './parser.ts';

const BEFORE = 2;
const AFTER = 0;
const INSTEAD = 64;
const INSERT = 4;
const DELETE = 8;
const UPDATE = 16;
const TRUNCATE = 32;

/** From [CONSTRAINT] TRIGGER on. */
export function parseCreateTrigger(p: Parser, location: number, replace: boolean): CreateTrigStmt {
  const isconstraint = p.accept(K.CONSTRAINT);
  p.expect(K.TRIGGER);
  const trigname = parseColId(p);
  const timing = isconstraint ? parseAfter(p) : parseTiming(p);
  const { events, columns } = parseEvents(p);
  p.expect(K.ON);
  const relation = parseQualifiedName(p);
  let constrrel: RangeVar | null = null;
  let deferrable = false;
  let initdeferred = false;
  let row = isconstraint;
  let transitionRels: readonly TriggerTransition[] = NONE;
  if (isconstraint) {
    if (p.accept(K.FROM)) constrrel = parseQualifiedName(p);
    const c = makeConstraint('CONSTR_CHECK', null, p.location);
    parseAttributes(p, c, { what: 'TRIGGER', deferrable: true });
    deferrable = c.deferrable;
    initdeferred = c.initdeferred;
    p.expect(K.FOR);
    p.expect(K.EACH);
    p.expect(K.ROW);
  } else {
    if (p.accept(K.REFERENCING)) transitionRels = parseTransitions(p);
    row = parseForEach(p);
  }
  let whenClause: CreateTrigStmt['whenClause'] = null;
  if (p.accept(K.WHEN)) {
    p.expect(T.LPAREN);
    whenClause = parseExpr(p);
    p.expect(T.RPAREN);
  }
  p.expect(K.EXECUTE);
  if (!p.accept(K.FUNCTION)) p.expect(K.PROCEDURE);
  const funcname = parseFunctionName(p);
  return {
    kind: 'CreateTrigStmt',
    replace,
    isconstraint,
    trigname,
    relation,
    funcname,
    args: parseArguments(p),
    row,
    timing,
    events,
    columns,
    whenClause,
    transitionRels,
    deferrable,
    initdeferred,
    constrrel,
    location,
  };
}

function parseAfter(p: Parser): number {
  p.expect(K.AFTER);
  return AFTER;
}

function parseTiming(p: Parser): number {
  if (p.accept(K.BEFORE)) return BEFORE;
  if (p.accept(K.AFTER)) return AFTER;
  p.expect(K.INSTEAD);
  p.expect(K.OF);
  return INSTEAD;
}

function parseEvents(p: Parser): { events: number; columns: readonly string[] } {
  let events = 0;
  let columns: readonly string[] = NONE;
  do {
    let event: number;
    const at = p.pos;
    if (p.accept(K.INSERT)) event = INSERT;
    else if (p.accept(K.DELETE)) event = DELETE;
    else if (p.accept(K.TRUNCATE)) event = TRUNCATE;
    else {
      p.expect(K.UPDATE);
      event = UPDATE;
      if (p.accept(K.OF)) columns = parseNameList(p);
    }
    if ((events & event) !== 0) throw p.syntaxError(at);
    events |= event;
  } while (p.accept(K.OR));
  return { events, columns };
}

/** FOR [EACH] ROW | STATEMENT. */
function parseForEach(p: Parser): boolean {
  if (!p.accept(K.FOR)) return false;
  p.accept(K.EACH);
  if (p.accept(K.ROW)) return true;
  p.expect(K.STATEMENT);
  return false;
}

function parseTransitions(p: Parser): TriggerTransition[] {
  const list: TriggerTransition[] = [];
  do {
    const location = p.location;
    const isNew = p.accept(K.NEW);
    if (!isNew) p.expect(K.OLD);
    const isTable = p.accept(K.TABLE);
    if (!isTable) p.expect(K.ROW);
    p.accept(K.AS);
    list.push({ kind: 'TriggerTransition', name: parseColId(p), isNew, isTable, location });
  } while (p.kind === K.NEW || p.kind === K.OLD);
  return list;
}

/** TriggerFuncArgs: everything is a string in the end. */
function parseArguments(p: Parser): readonly string[] {
  p.expect(T.LPAREN);
  if (p.accept(T.RPAREN)) return NONE;
  const args: string[] = [];
  do {
    if (p.kind === T.ICONST) args.push(String(p.takeInteger()));
    else if (p.kind === T.FCONST || p.kind === T.SCONST) args.push(p.takeText());
    else if (isColLabel(p.kind)) args.push(parseColLabel(p));
    else p.fail();
  } while (p.accept(T.COMMA));
  p.expect(T.RPAREN);
  return args;
}
