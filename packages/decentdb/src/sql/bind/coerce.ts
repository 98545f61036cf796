/**
 * Types of expressions brought into line: implicit casts, assignment, explicit casts, common types, untyped literals.
 *
 * I1  A conversion is a call (or nothing, when the datum serves as it is: then the node only changes its type).
 * I2  An untyped literal is read by the input function of the type demanded of it, here and now; an untyped parameter takes
 *     that type for the whole statement. One that speaks of the clock is read when the statement runs (types/clock-words.ts).
 */
import type { ColumnDef } from '../../catalog/schema.ts';
import type { Expr } from '../../exec/expr.ts';
import type { CastContext } from '../../functions/casts.ts';
import { canCoerce, findCast, typmodCast } from '../../functions/coercion.ts';
import type { ScalarFunction } from '../../functions/function.ts';
import { valueOrError } from '../../plan/rules/constant-folding.ts';
import { boolType } from '../../types/bool-type.ts';
import { namesClock, readsClock } from '../../types/clock-words.ts';
import { Oid } from '../../types/oids.ts';
import { domainBase, type SqlType } from '../../types/sql-type.ts';
import { textType, unknownType } from '../../types/text-types.ts';
import { constant } from './constants.ts';
import { checkDomain, checkParts } from './domains.ts';
import { atLocation, bindError } from './errors.ts';
import type { Level } from './level.ts';

/**
 * The expression as a `target`, or null when the context allows no cast. Length and precision are not applied; casts that
 * depend on them look at `typmod`.
 */
export function convert(
  level: Level,
  expr: Expr,
  target: SqlType,
  context: CastContext,
  typmod: number = -1,
): Expr | null {
  if (expr.type.oid === target.oid) return expr;
  const made = convertOther(level, expr, target, context, typmod);
  if (made !== null && context !== 'explicit') level.state.recorder?.converted?.(expr, made, target);
  return made;
}

function convertOther(
  level: Level,
  expr: Expr,
  target: SqlType,
  context: CastContext,
  typmod: number,
): Expr | null {
  if (target.oid === Oid.any) return resolveUnknown(level, expr);
  if (expr.type.oid === Oid.unknown) {
    if (!canCoerce(unknownType, target, context)) return null;
    if (expr.kind === 'const') return readLiteral(level, expr, target, typmod, context === 'explicit');
    if (expr.kind === 'param') return typedParam(level, expr, target, context, typmod);
    return convert(level, retyped(expr, textType), target, context);
  }
  if (expr.kind === 'row' && domainBase(target).fields !== null)
    return convertRow(level, expr, target, context);
  const path = findCast(expr.type, target, context, typmod);
  if (path === null) return null;
  const cast = checkParts(path.fn === null ? retyped(expr, target) : castCall(expr, path.fn, target));
  return target.kind === 'domain' ? checkDomain(level, cast, target, context === 'explicit') : cast;
}

const unresolvedFields = new WeakMap<Expr, readonly Expr[]>();

/** Notes what a row's fields were before their untyped literals became text. */
export function noteLiterals(row: Expr, fields: readonly Expr[]): void {
  unresolvedFields.set(row, fields);
}

/** The fields of a row, literals without a type where it was written with such: its target says what they are. */
function literalFields(row: Extract<Expr, { kind: 'row' }>): readonly Expr[] {
  return unresolvedFields.get(row) ?? row.fields;
}

function convertRow(
  level: Level,
  row: Extract<Expr, { kind: 'row' }>,
  target: SqlType,
  context: CastContext,
): Expr | null {
  const wanted = domainBase(target).fields ?? [];
  if (wanted.length !== row.fields.length) return null;
  const fields: Expr[] = [];
  for (const [i, field] of literalFields(row).entries()) {
    const { type, typmod } = wanted[i] as (typeof wanted)[number];
    const value = convert(level, field, type, context, typmod);
    if (value === null) return null;
    fields.push(applyTypmod(value, typmod, false));
  }
  const converted: Expr = { ...row, fields, type: target };
  return target.kind === 'domain' ? checkDomain(level, converted, target, context === 'explicit') : converted;
}

/** The same datum under another type. */
export function retyped(expr: Expr, type: SqlType): Expr {
  return { ...expr, type, typmod: -1 };
}

function castCall(arg: Expr, fn: ScalarFunction, type: SqlType): Expr {
  return { kind: 'call', fn, args: [arg], type, typmod: -1, location: arg.location };
}

/** Reads an untyped literal. The fields of an interval say what a bare number in it counts: `interval '1' year`. */
function readLiteral(
  level: Level,
  expr: Extract<Expr, { kind: 'const' }>,
  target: SqlType,
  typmod: number,
  isExplicit: boolean,
): Expr {
  if (expr.value === null) {
    const missing = constant(null, target, expr.location);
    return target.kind === 'domain' ? checkDomain(level, missing, target) : missing;
  }
  const base = domainBase(target);
  level.state.recorder?.literal?.(expr, base);
  if (namesClock(expr.value as string) && readsClock(base)) {
    const later = findCast(textType, base, 'explicit', typmod)?.fn;
    if (later != null) {
      const made = castCall(retyped(expr, textType), later, target);
      return target.kind === 'domain' ? checkDomain(level, made, target, isExplicit) : made;
    }
  }
  const { settings } = level.state.env;
  const fields = base.oid === Oid.interval ? typmod : -1;
  const value = atLocation(expr.location, () => base.input(expr.value as string, fields, settings));
  const read = checkParts(constant(value, target, expr.location));
  return target.kind === 'domain' ? checkDomain(level, read, target, isExplicit) : read;
}

/** The type a parameter is read as. Parameters stand for literals (session/run/templates.ts), so an interval's fields count. */
function withFields(type: SqlType, typmod: number): SqlType {
  if (type.oid !== Oid.interval || typmod < 0) return type;
  return { ...type, input: (text, _typmod, settings) => type.input(text, typmod, settings) };
}

function typedParam(
  level: Level,
  expr: Extract<Expr, { kind: 'param' }>,
  target: SqlType,
  context: CastContext,
  typmod: number,
): Expr | null {
  const type = level.state.fixParam(expr.index, withFields(domainBase(target), typmod));
  const typed: Expr = { ...expr, type };
  if (type.oid !== target.oid) return convert(level, typed, target, context);
  return checkParts(typed);
}

/** Enforces length, precision and scale. */
export function applyTypmod(expr: Expr, typmod: number, isExplicit: boolean): Expr {
  if (typmod < 0 || expr.typmod === typmod) return expr;
  if (expr.kind === 'const') {
    const value = expr.value === null ? null : expr.type.applyTypmod(expr.value, typmod, isExplicit);
    return { ...expr, value, typmod };
  }
  const fn = typmodCast(expr.type, typmod, isExplicit);
  if (fn === null) return expr;
  return { kind: 'call', fn, args: [expr], type: expr.type, typmod, location: expr.location };
}

/** An implicit conversion that overload resolution has promised to exist. */
export function convertImplicitly(level: Level, expr: Expr, target: SqlType): Expr {
  const converted = convert(level, expr, target, 'implicit');
  if (converted !== null) return converted;
  throw bindError(
    '42846',
    `cannot cast type ${expr.type.sqlName(-1)} to ${target.sqlName(-1)}`,
    expr.location,
  );
}

/** A literal or parameter that is still untyped becomes text; anything else stays. */
export function resolveUnknown(level: Level, expr: Expr): Expr {
  return coerceUnknownTo(level, expr, textType);
}

export function coerceUnknownTo(level: Level, expr: Expr, type: SqlType): Expr {
  if (expr.type.oid !== Oid.unknown) return expr;
  return convert(level, expr, type, 'implicit') ?? expr;
}

/** A condition: 42804 "argument of WHERE must be type boolean, not type integer". */
export function coerceToBoolean(level: Level, expr: Expr, construct: string): Expr {
  return coerceToType(level, expr, boolType, construct);
}

/** The argument of a construct that wants one type, converted in assignment. */
export function coerceToType(level: Level, expr: Expr, type: SqlType, construct: string): Expr {
  const converted = convert(level, expr, type, 'assignment');
  if (converted !== null) return converted;
  throw bindError(
    '42804',
    `argument of ${construct} must be type ${type.sqlName(-1)}, not type ${expr.type.sqlName(-1)}`,
    expr.location,
  );
}

/** The type several expressions are brought to. */
export interface CommonType {
  readonly type: SqlType;
}

/** PostgreSQL's select_common_type; 42804 at the first expression that does not fit. */
export function commonTypeOf(_level: Level, exprs: readonly Expr[], construct: string): CommonType {
  const first = exprs[0]?.type ?? textType;
  if (first.oid !== Oid.unknown && exprs.every((expr) => expr.type.oid === first.oid)) return { type: first };
  let chosen = domainBase(first);
  for (const expr of exprs) {
    const type = domainBase(expr.type);
    if (type.oid === Oid.unknown || type.oid === chosen.oid) continue;
    if (chosen.oid === Oid.unknown) chosen = type;
    else if (type.category !== chosen.category)
      throw bindError(
        '42804',
        `${construct} types ${chosen.sqlName(-1)} and ${type.sqlName(-1)} cannot be matched`,
        expr.location,
      );
    else if (
      !chosen.isPreferred &&
      canCoerce(chosen, type, 'implicit') &&
      !canCoerce(type, chosen, 'implicit')
    )
      chosen = type;
  }
  return { type: chosen.oid === Oid.unknown ? textType : chosen };
}

/** One of them, brought there. */
export function coerceToCommon(level: Level, expr: Expr, common: CommonType, construct: string): Expr {
  const converted = convert(level, expr, common.type, 'implicit');
  if (converted !== null) return converted;
  throw bindError(
    '42846',
    `${construct} could not convert type ${expr.type.sqlName(-1)} to ${common.type.sqlName(-1)}`,
    expr.location,
  );
}

/** A value for a column: 42804 with PostgreSQL's hint when no assignment cast exists. */
export function coerceAssignment(
  level: Level,
  expr: Expr,
  column: ColumnDef | Pick<ColumnDef, 'name' | 'type' | 'typmod'>,
): Expr {
  const converted = convert(level, expr, column.type, 'assignment', column.typmod);
  if (converted !== null) return applyTypmod(converted, column.typmod, false);
  throw bindError(
    '42804',
    `column "${column.name}" is of type ${column.type.sqlName(-1)} but expression is of type ${expr.type.sqlName(-1)}`,
    expr.location,
    { hint: 'You will need to rewrite or cast the expression.' },
  );
}

/**
 * Casts of a constant, carried out: one that is too long or too large for its column is refused even where no row is changed. What
 * a domain checks is asked of rows.
 */
export function evaluated(expr: Expr): Expr {
  if (expr.kind !== 'call' || expr.type.kind === 'domain') return expr;
  const args = expr.args.map(evaluated);
  if (!args.every((arg) => arg.kind === 'const')) return expr;
  const value = valueOrError(
    expr.fn,
    args.map((arg) => arg.value),
  );
  if (value === undefined) return expr;
  return { kind: 'const', value, type: expr.type, typmod: expr.typmod, location: expr.location };
}
