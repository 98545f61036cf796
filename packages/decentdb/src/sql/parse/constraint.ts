// Column and table constraints.

import type { CollateClause, Constraint, ConstrType, FkAction } from '../ast/nodes.ts';
import * as K from '../lex/keywords.ts';
import * as T from '../lex/tokens.ts';
import { parseAnyOperator, parseExpr, parseOperatorName, parseRestrictedExpr } from './expression.ts';
import { parseIndexElem } from './index-element.ts';
import {
  NONE,
  parseColId,
  parseList,
  parseNameList,
  parseOptParenNames,
  parseParenNames,
  parseQualifiedName,
} from './names.ts';
import { parseDefinition } from './options.ts';
import type { Parser } from './parser.ts';
import { parseParenSequenceOptions } from './sequence-options.ts';
import { parseCollate } from './table.ts';

type Draft = { -readonly [F in keyof Constraint]: Constraint[F] };

export function makeConstraint(contype: ConstrType, conname: string | null, location: number): Draft {
  return {
    kind: 'Constraint',
    contype,
    conname,
    deferrable: false,
    initdeferred: false,
    is_enforced: false,
    skip_validation: false,
    initially_valid: false,
    is_no_inherit: false,
    raw_expr: null,
    generated_when: '',
    generated_kind: '',
    nulls_not_distinct: false,
    keys: NONE,
    without_overlaps: false,
    including: NONE,
    exclusions: NONE,
    options: NONE,
    indexname: null,
    indexspace: null,
    access_method: null,
    where_clause: null,
    pktable: null,
    fk_attrs: NONE,
    pk_attrs: NONE,
    fk_with_period: false,
    pk_with_period: false,
    fk_matchtype: '',
    fk_upd_action: '',
    fk_del_action: '',
    fk_del_set_cols: NONE,
    location,
  };
}

/** ColQualList: constraints in order, and at most one COLLATE. */
export function parseColumnQualifiers(p: Parser): {
  constraints: readonly Constraint[];
  collClause: CollateClause | null;
} {
  const constraints: Constraint[] = [];
  let collClause: CollateClause | null = null;
  for (;;) {
    if (p.kind === K.COLLATE) {
      const clause = parseCollate(p)!;
      if (collClause !== null)
        throw p.errorAt('42601', 'multiple COLLATE clauses not allowed', clause.location);
      collClause = clause;
      continue;
    }
    const location = p.location;
    const named = p.accept(K.CONSTRAINT);
    const conname = named ? parseColId(p) : null;
    const constraint = parseColumnConstraint(p, conname, location);
    if (constraint !== null) constraints.push(constraint);
    else if (named) p.fail();
    else {
      const attribute = parseConstraintAttribute(p);
      if (attribute === null && p.kind === K.NOT) {
        p.next();
        p.fail();
      }
      if (attribute === null) return { constraints: constraints.length > 0 ? constraints : NONE, collClause };
      constraints.push(attribute);
    }
  }
}

/** ColConstraintElem; null when none starts here. */
function parseColumnConstraint(p: Parser, conname: string | null, location: number): Constraint | null {
  switch (p.kind) {
    case K.NOT: {
      if (p.peek() !== K.NULL) return null;
      p.next();
      p.next();
      const c = makeConstraint('CONSTR_NOTNULL', conname, location);
      c.is_no_inherit = p.accept2(K.NO, K.INHERIT);
      markValid(c);
      return c;
    }
    case K.NULL:
      p.next();
      return makeConstraint('CONSTR_NULL', conname, location);
    case K.UNIQUE: {
      p.next();
      const c = makeConstraint('CONSTR_UNIQUE', conname, location);
      c.nulls_not_distinct = parseNullsNotDistinct(p);
      parseIndexOptions(p, c);
      return c;
    }
    case K.PRIMARY: {
      p.next();
      p.expect(K.KEY);
      const c = makeConstraint('CONSTR_PRIMARY', conname, location);
      parseIndexOptions(p, c);
      return c;
    }
    case K.CHECK: {
      const c = parseCheck(p, conname, location);
      c.is_no_inherit = p.accept2(K.NO, K.INHERIT);
      markValid(c);
      return c;
    }
    case K.DEFAULT: {
      p.next();
      const c = makeConstraint('CONSTR_DEFAULT', conname, location);
      c.raw_expr = parseRestrictedExpr(p);
      return c;
    }
    case K.GENERATED:
      return parseGenerated(p, conname, location);
    case K.REFERENCES: {
      const c = makeConstraint('CONSTR_FOREIGN', conname, location);
      parseReferences(p, c);
      markValid(c);
      return c;
    }
    default:
      return null;
  }
}

/** PostgreSQL marks what is enforced and valid from the start. */
function markValid(c: Draft): void {
  c.is_enforced = true;
  c.initially_valid = true;
}

function parseNullsNotDistinct(p: Parser): boolean {
  if (p.kind !== K.NULLS || (p.peek() !== K.NOT && p.peek() !== K.DISTINCT)) return false;
  p.next();
  const not = p.accept(K.NOT);
  p.expect(K.DISTINCT);
  return not;
}

/** opt_definition OptConsTableSpace. */
function parseIndexOptions(p: Parser, c: Draft): void {
  if (p.kind === K.WITH && p.peek() === T.LPAREN) {
    p.next();
    c.options = parseDefinition(p);
  }
  if (p.kind === K.USING && p.peek() === K.INDEX) {
    p.next();
    p.next();
    p.expect(K.TABLESPACE);
    c.indexspace = parseColId(p);
  }
}

function parseCheck(p: Parser, conname: string | null, location: number): Draft {
  p.next();
  p.expect(T.LPAREN);
  const c = makeConstraint('CONSTR_CHECK', conname, location);
  c.raw_expr = parseExpr(p);
  p.expect(T.RPAREN);
  return c;
}

function parseGenerated(p: Parser, conname: string | null, location: number): Constraint {
  p.next();
  const whenAt = p.location;
  let when: 'a' | 'd' = 'a';
  if (!p.accept(K.ALWAYS)) {
    p.expect(K.BY);
    p.expect(K.DEFAULT);
    when = 'd';
  }
  p.expect(K.AS);
  if (p.accept(K.IDENTITY)) {
    const c = makeConstraint('CONSTR_IDENTITY', conname, location);
    c.generated_when = when;
    c.options = p.kind === T.LPAREN ? parseParenSequenceOptions(p) : NONE;
    return c;
  }
  p.expect(T.LPAREN);
  const c = makeConstraint('CONSTR_GENERATED', conname, location);
  c.generated_when = when;
  c.raw_expr = parseExpr(p);
  p.expect(T.RPAREN);
  c.generated_kind = 'v';
  if (p.accept(K.STORED)) c.generated_kind = 's';
  else p.accept(K.VIRTUAL);
  if (when !== 'a')
    throw p.errorAt('42601', 'for a generated column, GENERATED ALWAYS must be specified', whenAt);
  return c;
}

/** ConstraintAttr: DEFERRABLE ... as entries of their own. */
function parseConstraintAttribute(p: Parser): Constraint | null {
  const location = p.location;
  const make = (contype: ConstrType): Constraint => makeConstraint(contype, null, location);
  if (p.accept(K.DEFERRABLE)) return make('CONSTR_ATTR_DEFERRABLE');
  if (p.accept2(K.NOT, K.DEFERRABLE)) return make('CONSTR_ATTR_NOT_DEFERRABLE');
  if (p.accept(K.ENFORCED)) return make('CONSTR_ATTR_ENFORCED');
  if (p.accept2(K.NOT, K.ENFORCED)) return make('CONSTR_ATTR_NOT_ENFORCED');
  if (!p.accept(K.INITIALLY)) return null;
  if (p.accept(K.DEFERRED)) return make('CONSTR_ATTR_DEFERRED');
  p.expect(K.IMMEDIATE);
  return make('CONSTR_ATTR_IMMEDIATE');
}

/** REFERENCES table [(columns)] [MATCH ..] [ON DELETE ..] [ON UPDATE ..]. */
function parseReferences(p: Parser, c: Draft): void {
  p.expect(K.REFERENCES);
  c.pktable = parseQualifiedName(p);
  if (p.kind === T.LPAREN) {
    p.next();
    if (c.fk_attrs.length > 0) parseColumnsAndPeriod(p, c, false);
    else c.pk_attrs = parseNameList(p);
    p.expect(T.RPAREN);
  }
  c.fk_matchtype = parseMatch(p);
  c.fk_upd_action = 'a';
  c.fk_del_action = 'a';
  let seenDelete = false;
  let seenUpdate = false;
  while (p.kind === K.ON) {
    const location = p.location;
    if (p.peek() === K.DELETE && !seenDelete) {
      seenDelete = true;
      p.next();
      p.next();
      c.fk_del_action = parseKeyAction(p);
      if (p.kind === T.LPAREN && (c.fk_del_action === 'n' || c.fk_del_action === 'd'))
        c.fk_del_set_cols = parseParenNames(p);
    } else if (p.peek() === K.UPDATE && !seenUpdate) {
      seenUpdate = true;
      p.next();
      p.next();
      c.fk_upd_action = parseKeyAction(p);
      if (p.kind === T.LPAREN && (c.fk_upd_action === 'n' || c.fk_upd_action === 'd')) {
        parseParenNames(p);
        const what = c.fk_upd_action === 'n' ? 'SET NULL' : 'SET DEFAULT';
        throw p.errorAt(
          '0A000',
          `a column list with ${what} is only supported for ON DELETE actions`,
          location,
        );
      }
    } else return;
  }
}

function parseMatch(p: Parser): 's' | 'f' {
  if (!p.accept(K.MATCH)) return 's';
  const location = p.location;
  if (p.accept(K.FULL)) return 'f';
  if (p.kind === K.PARTIAL) throw p.errorAt('0A000', 'MATCH PARTIAL not yet implemented', location - 6);
  p.expect(K.SIMPLE);
  return 's';
}

function parseKeyAction(p: Parser): FkAction {
  if (p.accept(K.NO)) {
    p.expect(K.ACTION);
    return 'a';
  }
  if (p.accept(K.RESTRICT)) return 'r';
  if (p.accept(K.CASCADE)) return 'c';
  p.expect(K.SET);
  if (p.accept(K.NULL)) return 'n';
  p.expect(K.DEFAULT);
  return 'd';
}

export function startsTableConstraint(p: Parser): boolean {
  switch (p.kind) {
    case K.CONSTRAINT:
    case K.CHECK:
    case K.UNIQUE:
    case K.PRIMARY:
    case K.FOREIGN:
      return true;
    case K.EXCLUDE:
      return p.peek() === K.USING || p.peek() === T.LPAREN;
    case K.NOT:
      return p.peek() === K.NULL;
    default:
      return false;
  }
}

/** TableConstraint. */
export function parseTableConstraint(p: Parser): Constraint {
  const location = p.location;
  const conname = p.accept(K.CONSTRAINT) ? parseColId(p) : null;
  return parseTableConstraintElem(p, conname, location);
}

function parseTableConstraintElem(p: Parser, conname: string | null, location: number): Constraint {
  switch (p.kind) {
    case K.CHECK: {
      const c = parseCheck(p, conname, location);
      parseAttributes(p, c, { what: 'CHECK', notValid: true, noInherit: true, enforced: true });
      c.initially_valid = !c.skip_validation;
      return c;
    }
    case K.NOT: {
      p.next();
      p.expect(K.NULL);
      const c = makeConstraint('CONSTR_NOTNULL', conname, location);
      c.keys = [parseColId(p)];
      parseAttributes(p, c, { what: 'NOT NULL', notValid: true, noInherit: true });
      c.is_enforced = false;
      c.initially_valid = !c.skip_validation;
      return c;
    }
    case K.UNIQUE: {
      p.next();
      const c = makeConstraint('CONSTR_UNIQUE', conname, location);
      if (parseUsingIndex(p, c, 'UNIQUE')) return c;
      c.nulls_not_distinct = parseNullsNotDistinct(p);
      parseKeyColumns(p, c, 'UNIQUE');
      return c;
    }
    case K.PRIMARY: {
      p.next();
      p.expect(K.KEY);
      const c = makeConstraint('CONSTR_PRIMARY', conname, location);
      if (!parseUsingIndex(p, c, 'PRIMARY KEY')) parseKeyColumns(p, c, 'PRIMARY KEY');
      return c;
    }
    case K.EXCLUDE:
      return parseExclude(p, conname, location);
    default:
      return parseForeignKey(p, conname, location);
  }
}

function parseUsingIndex(p: Parser, c: Draft, what: string): boolean {
  if (p.kind !== K.USING || p.peek() !== K.INDEX) return false;
  p.next();
  p.next();
  c.indexname = parseColId(p);
  parseAttributes(p, c, { what, deferrable: true });
  c.is_enforced = false;
  return true;
}

/** `(columns [WITHOUT OVERLAPS]) [INCLUDE ..] [WITH ..] [USING INDEX TABLESPACE ..] attributes`. */
function parseKeyColumns(p: Parser, c: Draft, what: string): void {
  p.expect(T.LPAREN);
  c.keys = parseNameList(p);
  c.without_overlaps = p.accept2(K.WITHOUT, K.OVERLAPS);
  p.expect(T.RPAREN);
  if (p.accept(K.INCLUDE)) c.including = parseParenNames(p);
  parseIndexOptions(p, c);
  parseAttributes(p, c, { what, deferrable: true });
  c.is_enforced = false;
}

function parseExclude(p: Parser, conname: string | null, location: number): Constraint {
  p.next();
  const c = makeConstraint('CONSTR_EXCLUSION', conname, location);
  c.access_method = p.accept(K.USING) ? parseColId(p) : 'btree';
  p.expect(T.LPAREN);
  c.exclusions = parseList(p, (q) => {
    const elem = parseIndexElem(q);
    q.expect(K.WITH);
    if (q.kind !== K.OPERATOR) return { elem, operator: parseAnyOperator(q) };
    return { elem, operator: parseOperatorName(q) };
  });
  p.expect(T.RPAREN);
  if (p.accept(K.INCLUDE)) c.including = parseParenNames(p);
  parseIndexOptions(p, c);
  if (p.accept(K.WHERE)) {
    p.expect(T.LPAREN);
    c.where_clause = parseExpr(p);
    p.expect(T.RPAREN);
  }
  parseAttributes(p, c, { what: 'EXCLUDE', deferrable: true });
  c.is_enforced = false;
  return c;
}

function parseForeignKey(p: Parser, conname: string | null, location: number): Constraint {
  p.expect(K.FOREIGN);
  p.expect(K.KEY);
  const c = makeConstraint('CONSTR_FOREIGN', conname, location);
  p.expect(T.LPAREN);
  parseColumnsAndPeriod(p, c, true);
  p.expect(T.RPAREN);
  parseReferences(p, c);
  parseAttributes(p, c, { what: 'FOREIGN KEY', deferrable: true, notValid: true, enforced: true });
  c.initially_valid = !c.skip_validation;
  return c;
}

/** columnList optionalPeriodName. */
function parseColumnsAndPeriod(p: Parser, c: Draft, own: boolean): void {
  const names = [parseColId(p)];
  let period = false;
  while (!period && p.accept(T.COMMA)) {
    period = p.kind === K.PERIOD && p.peek() !== T.COMMA && p.peek() !== T.RPAREN;
    if (period) p.next();
    names.push(parseColId(p));
  }
  if (own) {
    c.fk_attrs = names;
    c.fk_with_period = period;
  } else {
    c.pk_attrs = names;
    c.pk_with_period = period;
  }
}

interface Allowed {
  readonly what: string;
  readonly deferrable?: boolean;
  readonly notValid?: boolean;
  readonly noInherit?: boolean;
  readonly enforced?: boolean;
}

/** ConstraintAttributeSpec: which of the attributes a constraint may carry depends on its kind. */
export function parseAttributes(p: Parser, c: Draft, allowed: Allowed): void {
  const location = p.location;
  let deferrable: boolean | null = null;
  let deferred: boolean | null = null;
  let enforced: boolean | null = null;
  const conflict = (): never => {
    throw p.errorAt('42601', 'conflicting constraint properties', location);
  };
  const mustDefer = (): never => {
    throw p.errorAt('42601', 'constraint declared INITIALLY DEFERRED must be DEFERRABLE', location);
  };
  for (;;) {
    const at = p.location;
    const refuse = (attribute: string): never => {
      throw p.errorAt('0A000', `${allowed.what} constraints cannot be marked ${attribute}`, at);
    };
    if (p.kind === K.DEFERRABLE || (p.kind === K.NOT && p.peek() === K.DEFERRABLE)) {
      const not = p.accept(K.NOT);
      p.next();
      if (not && deferred === true) mustDefer();
      if (deferrable === not) conflict();
      deferrable = !not;
      if (!not && !allowed.deferrable) refuse('DEFERRABLE');
    } else if (p.kind === K.INITIALLY) {
      p.next();
      const isDeferred = p.accept(K.DEFERRED);
      if (!isDeferred) p.expect(K.IMMEDIATE);
      if (isDeferred && deferrable === false) mustDefer();
      if (deferred === !isDeferred) conflict();
      deferred = isDeferred;
      if (isDeferred && !allowed.deferrable) refuse('DEFERRABLE');
    } else if (p.kind === K.NOT && p.peek() === K.VALID) {
      p.next();
      p.next();
      if (!allowed.notValid) refuse('NOT VALID');
      c.skip_validation = true;
    } else if (p.kind === K.NO && p.peek() === K.INHERIT) {
      p.next();
      p.next();
      if (!allowed.noInherit) refuse('NO INHERIT');
      c.is_no_inherit = true;
    } else if (p.kind === K.ENFORCED || (p.kind === K.NOT && p.peek() === K.ENFORCED)) {
      const not = p.accept(K.NOT);
      p.next();
      if (enforced === not) conflict();
      enforced = !not;
      if (!allowed.enforced) refuse(not ? 'NOT ENFORCED' : 'ENFORCED');
    } else break;
  }
  c.deferrable = deferrable === true || deferred === true;
  c.initdeferred = deferred === true;
  c.is_enforced = enforced !== false;
  // What is not enforced is not checked either.
  if (enforced === false) c.skip_validation = true;
}
export { parseOptParenNames };
