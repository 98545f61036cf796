/**
 * Domains: the checks a value passes on its way into the type.
 *
 * I1  A checked value is a call of (value, condition, ...): the conditions are bound over the same value.
 * I2  Checks of the domains below run first, as PostgreSQL's do.
 * I3  What an input function or a cast made of a whole array or row may hold values of domains: `checkParts` has them checked.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { DomainForm } from '../../catalog/schema.ts';
import type { Expr } from '../../exec/expr.ts';
import type { EvalContext, ScalarFunction } from '../../functions/function.ts';
import { madeOnce } from '../../functions/made-function.ts';
import { SqlArray } from '../../types/array.ts';
import { Oid } from '../../types/oids.ts';
import { domainBase, type SqlType } from '../../types/sql-type.ts';
import type { Datum } from '../../types/vector.ts';
import type * as ast from '../ast/nodes.ts';
import { parseExpression } from '../parse/parse.ts';
import { applyTypmod, coerceToBoolean } from './coerce.ts';
import { bindExpr } from './expressions.ts';
import { Level } from './level.ts';
import { asStored } from './stored-expressions.ts';

/**
 * `expr` (of the domain's base type, marked as the domain) with the domain's constraints enforced; what is too long is cut where the
 * cast is written. `named`: the domain that errors speak of, of which `domain` is the base.
 */
export function checkDomain(
  level: Level,
  expr: Expr,
  domain: SqlType,
  isExplicit: boolean = false,
  named: SqlType = domain,
): Expr {
  const def = level.state.env.catalog.types.get(domain.oid);
  if (def === undefined || def.form.kind !== 'domain') return expr;
  const { form } = def;
  const below =
    domain.baseType?.kind === 'domain' ? checkDomain(level, expr, domain.baseType, isExplicit, named) : expr;
  const base = domainBase(domain);
  const fitted = applyTypmod({ ...below, type: base }, form.typmod, isExplicit);
  const conditions = asStored(level.state, () =>
    form.checks.map((check) => bindDomainCheck(level, check.sql, fitted)),
  );
  if (conditions.length === 0 && !form.notNull) return { ...fitted, type: domain };
  return {
    kind: 'call',
    fn: madeOnce([form, domain, named], 'domain', () => domainFunction(form, domain, named)),
    args: [fitted, ...conditions],
    type: domain,
    typmod: -1,
    location: expr.location,
  };
}

/** (value, condition, ...) -> value, or 23502 / 23514. */
function domainFunction(form: DomainForm, domain: SqlType, named: SqlType): ScalarFunction {
  const fail = (code: string, message: string, constraint?: string): never => {
    throw new DecentDbError(code, message, { dataType: named.name, constraint });
  };
  return {
    name: domain.name,
    args: [domain.oid, ...form.checks.map(() => Oid.bool)],
    returns: domain.oid,
    strict: false,
    volatility: 'immutable',
    eval: (_context, value = null, ...conditions) => {
      if (value === null && form.notNull) fail('23502', `domain ${named.name} does not allow null values`);
      const violated = conditions.indexOf(false);
      const name = form.checks[violated]?.name;
      if (name !== undefined)
        fail('23514', `value for domain ${named.name} violates check constraint "${name}"`, name);
      return value;
    },
    description: 'Checks a value against its domain.',
  };
}

/** Whether values of the type hold values of domains: elements of arrays, fields of rows. */
export function holdsDomains(type: SqlType): boolean {
  const { elementType, fields } = domainBase(type);
  const isOrHolds = (part: SqlType): boolean => part.kind === 'domain' || holdsDomains(part);
  if (elementType !== null) return isOrHolds(elementType);
  return fields?.some((field) => isOrHolds(field.type)) ?? false;
}

/** An array or row as it was read or cast, its parts checked against their domains. */
export function checkParts(expr: Expr): Expr {
  if (!holdsDomains(expr.type)) return expr;
  const type = domainBase(expr.type);
  const fn = madeOnce([type], 'parts', () => partsFunction(type));
  return { kind: 'call', fn, args: [expr], type: expr.type, typmod: -1, location: expr.location };
}

function partsFunction(type: SqlType): ScalarFunction {
  return {
    name: 'check_domains',
    args: [type.oid],
    returns: type.oid,
    strict: true,
    volatility: 'stable',
    eval: (context, value = null) => {
      visitParts(value, type, context);
      return value;
    },
    description: 'Checks the elements of an array or the fields of a row against their domains.',
  };
}

function visitParts(value: Datum, type: SqlType, context: EvalContext): void {
  const visit = (part: Datum, partType: SqlType): void => {
    visitParts(part, domainBase(partType), context);
    if (partType.kind === 'domain') context.service('checkDomain', [partType.oid, part]);
  };
  const { elementType, fields } = type;
  if (value instanceof SqlArray && elementType !== null)
    for (const element of value.elements) visit(element, elementType);
  else if (Array.isArray(value) && fields !== null)
    for (const [i, field] of fields.entries()) visit((value as Datum[])[i] ?? null, field.type);
}

/** A CHECK over VALUE. */
export function bindDomainCheck(level: Level, check: string | ast.Expr, value: Expr): Expr {
  const inner = new Level(level.state, null);
  inner.namespace = [
    {
      refname: '',
      relationSchema: null,
      relationName: null,
      isUnaliased: false,
      columns: [{ name: 'value', expr: value, relationId: -1, position: -1 }],
      table: null,
      relationId: -1,
      systemColumn: null,
      relationVisible: false,
      columnsVisible: true,
      lateralOnly: false,
      lateralOk: true,
      isNullExtended: false,
      isScalarFunction: false,
    },
  ];
  const node = typeof check === 'string' ? parseExpression(check) : check;
  return coerceToBoolean(inner, bindExpr(inner, node, 'domainCheck'), 'CHECK');
}
