/**
 * Domains: the checks a value passes on its way into the type.
 *
 * I1  A checked value is CASE value WHEN <violated> THEN <raise> ... ELSE value: the value is computed once.
 * I2  Checks of the domains below run first, as PostgreSQL's do.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { DomainForm } from '../../catalog/schema.ts';
import type { Expr } from '../../exec/expr.ts';
import type { ScalarFunction } from '../../functions/function.ts';
import { boolType } from '../../types/bool-type.ts';
import type { SqlType } from '../../types/sql-type.ts';
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
  const fitted: Expr = { ...applyTypmod(below, form.typmod, false), type: domain };
  const value: Expr = { kind: 'caseTest', type: domain, typmod: -1, location: expr.location };
  const branches = violations(level, form, value, domain);
  if (branches.length === 0) return fitted;
  return {
    kind: 'case',
    operand: fitted,
    branches,
    otherwise: value,
    type: domain,
    typmod: -1,
    location: expr.location,
  };
}

interface Branch {
  readonly when: Expr;
  readonly then: Expr;
}

function violations(level: Level, form: DomainForm, value: Expr, domain: SqlType): Branch[] {
  const base = { type: boolType, typmod: -1, location: -1 };
  const branches: Branch[] = [];
  if (form.notNull)
    branches.push({
      when: { kind: 'isNull', arg: value, negated: false, isRow: false, ...base },
      then: raise(domain, '23502', `domain ${domain.name} does not allow null values`),
    });
  for (const check of form.checks) {
    const condition = bindDomainCheck(level, check.sql, value);
    branches.push({
      when: { kind: 'booleanTest', arg: condition, test: 'false', negated: false, ...base },
      then: raise(
        domain,
        '23514',
        `value for domain ${domain.name} violates check constraint "${check.name}"`,
        check.name,
      ),
    });
  }
  return branches;
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
      isScalarFunction: false,
    },
  ];
  return coerceToBoolean(inner, bindExpr(inner, parseExpression(sql), 'domainCheck'), 'CHECK');
}

function raise(domain: SqlType, code: string, message: string, constraint?: string): Expr {
  const fn: ScalarFunction = {
    name: 'domain_violation',
    args: [],
    returns: domain.oid,
    strict: false,
    volatility: 'volatile',
    eval: () => {
      throw new DecentDbError(code, message, { dataType: domain.name, constraint });
    },
    description: 'Reports a value that its domain refuses.',
  };
  return { kind: 'call', fn, args: [], type: domain, typmod: -1, location: -1 };
}
