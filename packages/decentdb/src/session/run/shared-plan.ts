/**
 * The plan that a text shares with others of its family.
 *
 * I1  Null whenever anything about the template fails: the statement is then bound and planned as it was written, so that what is
 *     wrong is said about that text, with its positions.
 * I2  Literals are read by the types the plan has when it runs: a column may have changed its type since.
 * I3  Errors do not depend on whether a plan is shared: a literal that no row has to be met for is refused all the same.
 */
import { DecentDbError } from '../../base/errors.ts';
import { failsFor } from '../../plan/literal-casts.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { Datum } from '../../types/vector.ts';
import type { Session } from '../session.ts';
import type { Compiled } from './compiled.ts';
import type { Prepared } from './prepared.ts';
import { literalValues, type Templated } from './templates.ts';

export interface SharedPlan {
  readonly prepared: Prepared;
  /** The literals of the text as values of the plan's parameters. */
  readonly literals: LiteralSource;
}

export type LiteralSource = (types: readonly SqlType[]) => readonly Datum[];

/** The plan for a text that differs from others only in literals, made when it is the first of its kind. */
export function sharedPlan(session: Session, sql: string): SharedPlan | null {
  if (!session.settings.isRuleOn('literal_parameters')) return null;
  let isFound = false;
  try {
    const found = session.templates.find(sql);
    if (found === null) return null;
    isFound = true;
    return planIn(session, found, sql);
  } catch (error) {
    if (!(error instanceof DecentDbError)) throw error;
    // A transaction that failed refuses every statement: that says nothing about this one.
    if (isFound && error.code !== '25P02') session.templates.refuse(sql);
    return null;
  }
}

function planIn(session: Session, found: Templated, sql: string): SharedPlan | null {
  const { family } = found;
  const literals = literalSource(session, found);
  const { types } = family;
  if (types !== null) {
    const known = family.planFor(literals(types));
    if (known !== null && known.compiled?.isValueBound !== true) return fitting(known, literals);
    if (known !== null) return refuse(session, sql);
  }
  const prepared = family.statementFor(literals);
  session.check(prepared);
  const { compiled } = prepared;
  if (compiled === null || compiled.isValueBound) return refuse(session, sql);
  session.templates.keep(family, prepared);
  return fitting(prepared, literals);
}

/** The plan, unless these literals fail in it where they would fail in a plan of their own before any row is met (I3). */
function fitting(prepared: Prepared, literals: LiteralSource): SharedPlan | null {
  const { literalCasts, paramTypes } = prepared.compiled as Compiled;
  return failsFor(literalCasts, literals(paramTypes)) ? null : { prepared, literals };
}

function refuse(session: Session, sql: string): null {
  session.templates.refuse(sql);
  return null;
}

function literalSource(session: Session, found: Templated): LiteralSource {
  let known: readonly Datum[] | null = null;
  let by: readonly SqlType[] | null = null;
  return (types) => {
    if (known === null || by !== types) {
      known = literalValues(found.literals, types, session.settings.types);
      by = types;
    }
    return known;
  };
}
