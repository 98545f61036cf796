/**
 * SQL as callers write it, with `$1`, `?`, `:name` or `@name` parameters.
 *
 * I1  Text that PostgreSQL's grammar accepts as it stands is never rewritten: `?` and `@` are operators there.
 */
import { DecentDbError } from '../base/errors.ts';
import { bindParam, bindParams, undefinedParam, wrongCount } from '../session/run/params.ts';
import type { Prepared } from '../session/run/prepared.ts';
import type { LiteralSource } from '../session/run/shared-plan.ts';
import type { ParamSource, Session } from '../session/session.ts';
import { rewriteParameters } from '../sql/parse/parameters.ts';

/** Names of rewritten parameters in order of `$n`; null for positional ones. */
export type ParamNames = readonly (string | null)[] | null;

export interface Understood {
  readonly prepared: Prepared;
  readonly names: ParamNames;
  /** Values of the template's parameters, when the text is an instance of one; it then takes no parameters. */
  readonly literals: LiteralSource | null;
}

const otherStyles = /[?@]|:[A-Za-z_]/;
/** Errors that foreign parameters cause when read as PostgreSQL's operators. */
const suspicious = new Set(['42601', '42703', '42883', '42P02', '08P01']);

/** Runs `use` with the statement as written or, when that fails for what looks like other parameter styles, rewritten. */
export function understand<R>(session: Session, sql: string, use: (understood: Understood) => R): R {
  if (typeof sql !== 'string') throw new DecentDbError('22023', `SQL must be a string, not ${typeof sql}`);
  session.checkOpen();
  if (!session.texts.has(sql)) {
    const known = rewritten.get(session)?.get(sql);
    if (known !== undefined)
      return use({ prepared: session.prepare(known.sql), names: known.names, literals: null });
    const template = session.template(sql);
    if (template !== null)
      return inText(sql, () =>
        use({ prepared: template.prepared, names: null, literals: template.literals }),
      );
  }
  try {
    return use({ prepared: session.prepare(sql), names: null, literals: null });
  } catch (error) {
    if (!(error instanceof DecentDbError) || !suspicious.has(error.code) || !otherStyles.test(sql))
      throw error;
    const other = rewriteOrNull(sql);
    if (other === null) throw error;
    const result = use({ prepared: session.prepare(other.sql), names: other.names, literals: null });
    remember(session, sql, other);
    return result;
  }
}

/** Errors of a template's statement quote the text that was given. */
function inText<R>(sql: string, work: () => R): R {
  try {
    return work();
  } catch (error) {
    if (error instanceof DecentDbError && error.query === undefined) error.query = sql;
    throw error;
  }
}

interface Rewritten {
  readonly sql: string;
  readonly names: readonly (string | null)[];
}
const rewritten = new WeakMap<Session, Map<string, Rewritten>>();
const REWRITTEN_MAX = 1000;

function remember(session: Session, sql: string, other: Rewritten): void {
  let texts = rewritten.get(session);
  if (texts === undefined) {
    texts = new Map();
    rewritten.set(session, texts);
  }
  if (texts.size >= REWRITTEN_MAX) texts.clear();
  texts.set(sql, other);
}

function rewriteOrNull(sql: string): Rewritten | null {
  try {
    const other = rewriteParameters(sql, { question: true, colon: true, at: true });
    return other.names.length === 0 ? null : other;
  } catch (error) {
    // The text is no better read another way: the first error stands.
    if (error instanceof DecentDbError) return null;
    throw error;
  }
}

/** Values as given by the caller: positional, or one object for named parameters. */
export function paramSource(
  session: Session,
  understood: Understood,
  values: readonly unknown[],
): ParamSource {
  const { names, literals } = understood;
  return (types) => {
    if (literals !== null) {
      if (values.length > 0) throw wrongCount(values.length, 0);
      return literals(types);
    }
    const settings = session.settings.types;
    const first = values[0];
    if (names === null || !names.some((n) => n !== null) || values.length !== 1 || !isPlainObject(first))
      return bindParams(values, types, settings);
    return types.map((type, i) => {
      const name = names[i] ?? null;
      const value = name === null ? undefined : namedValue(first, name);
      if (value === undefined && name !== null) {
        const error = undefinedParam(i);
        error.message = `parameter "${name}" is missing or undefined`;
        throw error;
      }
      return bindParam(value, type, i, settings);
    });
  };
}

function namedValue(object: Readonly<Record<string, unknown>>, name: string): unknown {
  for (const key of [name, `:${name}`, `@${name}`, `$${name}`])
    if (Object.hasOwn(object, key)) return object[key];
  return undefined;
}

function isPlainObject(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
