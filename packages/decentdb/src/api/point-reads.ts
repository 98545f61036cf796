/**
 * Short paths of reads by key, of one row or of the few that share an index key, and of what writes return, one for each plan and
 * set of value options.
 *
 * I1  Used only while the plan is valid (Session.beginPointRead) and the options are the ones it was made for.
 */
import { type PointRead, pointReadOf } from '../exec/point/point-read.ts';
import { type PointRows, pointRowsOf } from '../exec/point/point-rows.ts';
import { RowMaker, type ShortPlan, shortPlanOf } from '../exec/point/short-plan.ts';
import type { Compiled } from '../session/run/compiled.ts';
import { bindParams, wrongCount } from '../session/run/params.ts';
import type { Session } from '../session/session.ts';
import type { JsOptions } from '../types/sql-type.ts';
import type { Datum } from '../types/vector.ts';
import type { Understood } from './statement-text.ts';

interface Made {
  readonly options: JsOptions;
  readonly read: PointRead | null;
  readonly rows: PointRows | ShortPlan | null;
  /** Of what a write returns. */
  readonly returned: RowMaker | null;
}

interface ReadHost {
  readonly session: Session;
  jsOptions(): JsOptions;
}

const made = new WeakMap<Compiled, Made>();

function madeFor(host: ReadHost, compiled: Compiled): Made {
  const options = host.jsOptions();
  const known = made.get(compiled);
  if (known !== undefined && known.options === options) return known;
  const { plan, columns } = compiled;
  const context = host.session.evalContext;
  const fresh = {
    options,
    read: compiled.isPointRead ? pointReadOf(plan, columns, options, context) : null,
    rows: compiled.isPointRead
      ? null
      : (pointRowsOf(plan, columns, options, context) ?? shortPlanOf(plan, columns, options, context)),
    returned: compiled.pointWrite?.returning == null ? null : new RowMaker(columns, options),
  };
  made.set(compiled, fresh);
  return fresh;
}

/** The short path of a compiled read of one row; null when it has none. */
export function pointReadFor(host: ReadHost, compiled: Compiled): PointRead | null {
  return compiled.isPointRead ? madeFor(host, compiled).read : null;
}

/** The rows of a read on its short path; null when it has none, or they are too many for it. */
export function fewRows(
  host: ReadHost,
  understood: Understood,
  form: 'object' | 'array',
  params: readonly unknown[],
): unknown[] | null {
  const { compiled } = understood.prepared;
  if (compiled === null || understood.names !== null) return null;
  const { session } = host;
  const { read, rows } = madeFor(host, compiled);
  if (read === null && rows === null) return null;
  const view = session.beginPointRead(compiled);
  if (view === null) return null;
  try {
    const datums = directParams(session, understood, compiled, params);
    if (rows !== null) return form === 'object' ? rows.objects(view, datums) : rows.arrays(view, datums);
    const row = form === 'object' ? read?.object(view, datums) : read?.array(view, datums);
    return row === undefined ? [] : [row];
  } finally {
    session.endPointRead(view);
  }
}

/** What a write of few rows inside a transaction returns, on its short path; null when it has to go the long way. */
export function returnedRows(
  host: ReadHost,
  understood: Understood,
  form: 'object' | 'array',
  params: readonly unknown[],
): unknown[] | null {
  const { prepared, names, literals } = understood;
  const { compiled } = prepared;
  const returning = compiled?.pointWrite?.returning;
  if (compiled === null || returning == null || names !== null || literals !== null) return null;
  if (host.session.runPointWrite(prepared, params) < 0) return null;
  const maker = madeFor(host, compiled).returned!;
  return returning.rows.map((row) => (form === 'object' ? maker.object(row) : maker.array(row)));
}

/** Parameters of a statement without named ones. */
export function directParams(
  session: Session,
  understood: Understood,
  compiled: Compiled,
  values: readonly unknown[],
): readonly Datum[] {
  const { literals } = understood;
  if (literals === null) return bindParams(values, compiled.paramTypes, session.settings.types);
  if (values.length > 0) throw wrongCount(values.length, 0);
  return literals(compiled.paramTypes);
}
