/**
 * Short paths of reads by key, one for each plan and set of value options.
 *
 * I1  Used only while the plan is valid (Session.beginPointRead) and the options are the ones it was made for.
 */
import { type PointRead, pointReadOf } from '../exec/point/point-read.ts';
import type { Compiled } from '../session/run/compiled.ts';
import { bindParams, wrongCount } from '../session/run/params.ts';
import type { Session } from '../session/session.ts';
import type { JsOptions } from '../types/sql-type.ts';
import type { Datum } from '../types/vector.ts';
import type { Understood } from './statement-text.ts';

interface Made {
  readonly options: JsOptions;
  readonly read: PointRead | null;
}

const made = new WeakMap<Compiled, Made>();

/** The short path of a compiled read; null when it has none. */
export function pointReadFor(
  host: { readonly session: Session; jsOptions(): JsOptions },
  compiled: Compiled,
): PointRead | null {
  if (!compiled.isPointRead) return null;
  const options = host.jsOptions();
  const known = made.get(compiled);
  if (known !== undefined && known.options === options) return known.read;
  const read = pointReadOf(compiled.plan, compiled.columns, options, host.session.evalContext);
  made.set(compiled, { options, read });
  return read;
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
  return literals;
}
