/**
 * Domains: the checks a value passes on its way into the type.
 *
 * I1  A checked value is a call of (value, condition, ...): the conditions are bound over the same value.
 * I2  Checks of the domains below run first, as PostgreSQL's do.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { DomainForm } from '../../catalog/schema.ts';
import type { Expr } from '../../exec/expr.ts';
import type { ScalarFunction } from '../../functions/function.ts';
import { Oid } from '../../types/oids.ts';
import { domainBase, type SqlType } from '../../types/sql-type.ts';
import { parseExpression } from '../parse/parse.ts';
import { applyTypmod, coerceToBoolean } from './coerce.ts';
import { bindExpr } from './expressions.ts';
import { Level } from './level.ts';

/** `expr` (of the domain's base type, marked as the domain) with the domain's constraints enforced. */
export function checkDomain(level: Level, expr: Expr, domain: SqlType): Expr {
  const def = level.state.env.catalog.types.get(domain.oid);
  if (def === undefined || def.form.kind !== 'domain') return expr;
  const { form } = def;
  const below = domain.baseType?.kind === 'domain' ? checkDomain(level, expr, domain.baseType) : expr;
  const base = domainBase(domain);
  const fitted = applyTypmod({ ...below, type: base }, form.typmod, false);
  const conditions = form.checks.map((check) => bindDomainCheck(level, check.sql, fitted));
  if (conditions.length === 0 && !form.notNull) return { ...fitted, type: domain };
  return {
    kind: 'call',
    fn: domainFunction(form, domain),
    args: [fitted, ...conditions],
    type: domain,
    typmod: -1,
    location: expr.location,
  };
}

/** (value, condition, ...) -> value, or 23502 / 23514. */
function domainFunction(form: DomainForm, domain: SqlType): ScalarFunction {
  const fail = (code: string, message: string, constraint?: string): never => {
    throw new DecentDbError(code, message, { dataType: domain.name, constraint });
  };
  return {
    name: domain.name,
    args: [domain.oid, ...form.checks.map(() => Oid.bool)],
    returns: domain.oid,
    strict: false,
    volatility: 'immutable',
    eval: (_context, value = null, ...conditions) => {
      if (value === null && form.notNull) fail('23502', `domain ${domain.name} does not allow null values`);
      const violated = conditions.indexOf(false);
      const name = form.checks[violated]?.name;
      if (name !== undefined)
        fail('23514', `value for domain ${domain.name} violates check constraint "${name}"`, name);
      return value;
    },
    description: 'Checks a value against its domain.',
  };
}

/** A CHECK over VALUE. */
export function bindDomainCheck(level: Level, sql: string, value: Expr): Expr {
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
  return coerceToBoolean(inner, bindExpr(inner, parseExpression(sql), 'domainCheck'), 'CHECK');
}
