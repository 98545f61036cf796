/**
 * CREATE TYPE (enum, composite) and CREATE DOMAIN, with their ALTERs.
 *
 * I1  An enum label keeps its order number for life; a label put between two takes the middle of their numbers.
 */

import { DecentDbError, notSupported } from '../../base/errors.ts';
import { utf8Length } from '../../catalog/names.ts';
import { plainColumn } from '../../catalog/plain-column.ts';
import type { DomainForm, EnumForm, TypeDef } from '../../catalog/schema.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { coerceAssignment } from '../../sql/bind/coerce.ts';
import { bindDomainCheck } from '../../sql/bind/domains.ts';
import { bindError, bindNotSupported } from '../../sql/bind/errors.ts';
import { bindExpr } from '../../sql/bind/expressions.ts';
import { Level } from '../../sql/bind/level.ts';
import { BindState } from '../../sql/bind/state.ts';
import { resolveTypeName } from '../../sql/bind/type-names.ts';
import { consistsOf } from '../../types/datum-hash.ts';
import { typeByName } from '../../types/registry.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { requireStorable } from './columns.ts';
import type { DdlContext } from './context.ts';
import { checkDomainRows } from './domain-rows.ts';
import { soughtLabel } from './expression-dependants.ts';
import { nullDefault } from './expressions.ts';
import { rewriteBounds } from './partition-bounds.ts';
import { renameLabelByMeaning } from './renamed-labels.ts';
import { renameInTexts } from './renamed-texts.ts';
import { storedText } from './stored-text.ts';
import { creationSchema, envOf, newId, searchPathOf } from './work.ts';

/** Adds a type under a name that no type and no relation has. */
export function addType(
  ctx: DdlContext,
  names: readonly string[],
  form: TypeDef['form'],
  id: number = newId(ctx),
): void {
  const name = names.at(-1) as string;
  const schema = creationSchema(ctx, names.length > 1 ? (names.at(-2) as string) : null, false);
  if (
    ctx.catalog.type(schema, name) !== undefined ||
    ctx.catalog.relation(schema, name) !== undefined ||
    typeByName(name) !== undefined
  )
    throw new DecentDbError('42710', `type "${name}" already exists`);
  const def: TypeDef = { id, schema, name, arrayId: newId(ctx), form, comment: null };
  ctx.catalog = ctx.catalog.withType(def);
}

const LABEL_BYTES_MAX = 63;

function checkLabel(label: string): void {
  if (utf8Length(label) > LABEL_BYTES_MAX)
    throw new DecentDbError('42602', `invalid enum label "${label}"`, {
      detail: `Labels must be ${LABEL_BYTES_MAX} bytes or less.`,
    });
}

export function createEnum(ctx: DdlContext, stmt: ast.CreateEnumStmt): void {
  const seen = new Set<string>();
  const labels = stmt.vals.map((label, i) => {
    checkLabel(label);
    if (seen.has(label)) throw new DecentDbError('23505', `enum label "${label}" used more than once`);
    seen.add(label);
    return { label, order: i + 1 };
  });
  addType(ctx, stmt.typeName, { kind: 'enum', labels });
}

export function createComposite(ctx: DdlContext, stmt: ast.CompositeTypeStmt): void {
  const fields = stmt.coldeflist.map((column) => {
    const { type, typmod } = resolveTypeName(envOf(ctx), column.typeName as ast.TypeName);
    if (type.kind === 'pseudo')
      throw new DecentDbError('42P16', `column "${column.colname}" has pseudo-type ${type.sqlName(-1)}`);
    requireStorable(ctx, type, column.location);
    return { name: column.colname, typeId: type.oid, typmod };
  });
  const seen = new Set<string>();
  for (const { name } of fields) {
    if (seen.has(name)) throw new DecentDbError('42701', `attribute name "${name}" specified more than once`);
    seen.add(name);
  }
  const { schemaname, relname } = stmt.typevar;
  addType(ctx, schemaname === null ? [relname] : [schemaname, relname], { kind: 'composite', fields });
}

export function requireType(ctx: DdlContext, names: readonly string[]): TypeDef {
  const path = names.length > 1 ? [names.at(-2) as string] : searchPathOf(ctx);
  const type = ctx.catalog.findType(path, names.at(-1) as string);
  if (type === undefined) throw new DecentDbError('42704', `type "${names.join('.')}" does not exist`);
  return type;
}

export function alterEnum(ctx: DdlContext, stmt: ast.AlterEnumStmt): void {
  const type = requireType(ctx, stmt.typeName);
  if (type.form.kind !== 'enum') throw new DecentDbError('42809', `"${type.name}" is not an enum`);
  if (stmt.oldVal !== null) refuseHashed(ctx, type);
  const form = stmt.oldVal === null ? addLabel(ctx, stmt, type.form) : renameLabel(stmt, type.form);
  if (form === null) return;
  if (stmt.oldVal !== null) renameLabelInTexts(ctx, type, form, stmt.oldVal, stmt.newVal);
  const before = ctx.catalog;
  ctx.catalog = before.withType({ ...type, form });
  if (stmt.oldVal !== null) rewriteBounds(ctx, before, type.id);
}

/** Labels say by their hash which partition a row is in. */
function refuseHashed(ctx: DdlContext, type: TypeDef): void {
  for (const { name, partitionKey: key } of ctx.catalog.tables.values())
    if (key?.strategy === 'hash' && key.parts.some((part) => consistsOf(part.type, type.id)))
      throw notSupported(`renaming values of "${type.name}", by which "${name}" is partitioned by hash,`);
}

/** What is bound needs the label as it was: before the texts that name it. */
function renameLabelInTexts(ctx: DdlContext, type: TypeDef, form: EnumForm, from: string, to: string): void {
  renameLabelByMeaning(ctx, type, from, ctx.catalog.withType({ ...type, form }));
  renameInTexts(ctx, soughtLabel(type, from), { schema: type.schema, name: to });
}

function renameLabel(stmt: ast.AlterEnumStmt, form: EnumForm): EnumForm {
  if (!form.labels.some(({ label }) => label === stmt.oldVal))
    throw new DecentDbError('22023', `"${stmt.oldVal}" is not an existing enum label`);
  if (form.labels.some(({ label }) => label === stmt.newVal))
    throw new DecentDbError('42710', `enum label "${stmt.newVal}" already exists`);
  return {
    kind: 'enum',
    labels: form.labels.map((item) => (item.label === stmt.oldVal ? { ...item, label: stmt.newVal } : item)),
  };
}

function addLabel(ctx: DdlContext, stmt: ast.AlterEnumStmt, form: EnumForm): EnumForm | null {
  checkLabel(stmt.newVal);
  if (form.labels.some(({ label }) => label === stmt.newVal)) {
    if (!stmt.skipIfNewValExists)
      throw new DecentDbError('42710', `enum label "${stmt.newVal}" already exists`);
    ctx.notice({
      severity: 'NOTICE',
      code: '42710',
      message: `enum label "${stmt.newVal}" already exists, skipping`,
    });
    return null;
  }
  const labels = [...form.labels].sort((a, b) => a.order - b.order);
  const neighbour = labels.findIndex(({ label }) => label === stmt.newValNeighbor);
  if (stmt.newValNeighbor !== null && neighbour < 0)
    throw new DecentDbError('22023', `"${stmt.newValNeighbor}" is not an existing enum label`);
  const at = stmt.newValNeighbor === null ? labels.length : stmt.newValIsAfter ? neighbour + 1 : neighbour;
  const before = labels[at - 1]?.order ?? (labels[0]?.order ?? 2) - 2;
  const after = labels[at]?.order ?? before + 2;
  const order = (before + after) / 2;
  if (order === before || order === after)
    throw new DecentDbError('54000', 'no room between these enum labels; create the type anew');
  labels.splice(at, 0, { label: stmt.newVal, order });
  return { kind: 'enum', labels };
}

export function createDomain(ctx: DdlContext, stmt: ast.CreateDomainStmt): void {
  const { type, typmod } = resolveTypeName(envOf(ctx), stmt.typeName);
  requireStorable(ctx, type, stmt.typeName.location);
  const name = stmt.domainname.at(-1) as string;
  if (type.kind === 'pseudo')
    throw bindError(
      '42804',
      `"${type.sqlName(-1)}" is not a valid base type for a domain`,
      stmt.typeName.location,
    );
  const level = new Level(new BindState(envOf(ctx)), null);
  const base = ctx.catalog.types.get(type.oid)?.form;
  let form: DomainForm = {
    kind: 'domain',
    baseTypeId: type.oid,
    typmod,
    notNull: false,
    // Taken over once: what the domain below is given later is not this one's.
    defaultSql: base?.kind === 'domain' ? base.defaultSql : null,
    checks: [],
  };
  checkDomainConstraints(stmt.constraints);
  for (const constraint of stmt.constraints) {
    if (constraint.contype === 'CONSTR_NOTNULL') form = { ...form, notNull: true };
    else if (constraint.contype === 'CONSTR_NULL') form = { ...form, notNull: false };
    else if (constraint.contype === 'CONSTR_DEFAULT') {
      const expr = constraint.raw_expr as ast.Expr;
      const value = plainColumn(name, 1, type, typmod);
      coerceAssignment(level, bindExpr(level, expr, 'columnDefault'), value);
      const isNull = expr.kind === 'A_Const' && expr.constType === 'Null';
      form = { ...form, defaultSql: isNull ? nullDefault(value) : storedText(ctx, expr) };
    } else if (constraint.contype === 'CONSTR_CHECK')
      form = withCheck(ctx, level, form, constraint, name, type);
    else throw bindNotSupported('this constraint for a domain', constraint.location);
  }
  addType(ctx, stmt.domainname, form);
}

/** What a domain cannot have, and what it can have once. */
function checkDomainConstraints(constraints: readonly ast.Constraint[]): void {
  const seen = new Set<ast.ConstrType>();
  for (const { contype, is_no_inherit, location } of constraints) {
    const kind = NOT_FOR_DOMAINS[contype];
    if (kind !== undefined)
      throw bindError('42601', `${kind} constraints not possible for domains`, location);
    if (contype === 'CONSTR_DEFAULT' && seen.has(contype))
      throw bindError('42601', 'multiple default expressions', location);
    const opposite = contype === 'CONSTR_NULL' ? 'CONSTR_NOTNULL' : 'CONSTR_NULL';
    if (/^CONSTR_(NOT)?NULL$/.test(contype) && seen.has(opposite))
      throw bindError('42601', 'conflicting NULL/NOT NULL constraints', location);
    if (is_no_inherit)
      throw bindError('42P17', 'check constraints for domains cannot be marked NO INHERIT', location);
    seen.add(contype);
  }
}

const NOT_FOR_DOMAINS: Readonly<Partial<Record<ast.ConstrType, string>>> = {
  CONSTR_UNIQUE: 'unique',
  CONSTR_PRIMARY: 'primary key',
  CONSTR_EXCLUSION: 'exclusion',
  CONSTR_FOREIGN: 'foreign key',
};

/** ALTER DOMAIN ... RENAME CONSTRAINT. */
export function renameDomainConstraint(ctx: DdlContext, stmt: ast.RenameStmt): void {
  const def = requireType(ctx, stmt.object?.typeName?.names ?? stmt.object?.names ?? []);
  if (def.form.kind !== 'domain') throw new DecentDbError('42809', `"${def.name}" is not a domain`);
  const { form } = def;
  if (!form.checks.some(({ name }) => name === stmt.subname))
    throw new DecentDbError('42704', `constraint "${stmt.subname}" for domain ${def.name} does not exist`);
  if (form.checks.some(({ name }) => name === stmt.newname))
    throw new DecentDbError('42710', `constraint "${stmt.newname}" for domain ${def.name} already exists`);
  const checks = form.checks.map((one) => (one.name === stmt.subname ? { ...one, name: stmt.newname } : one));
  ctx.catalog = ctx.catalog.withType({ ...def, form: { ...form, checks } });
}

function withCheck(
  ctx: DdlContext,
  level: Level,
  form: DomainForm,
  constraint: ast.Constraint,
  domain: string,
  type: SqlType,
): DomainForm {
  const sql = storedText(ctx, constraint.raw_expr as ast.Expr);
  bindDomainCheck(level, sql, { kind: 'caseTest', type, typmod: form.typmod, location: -1 });
  if (form.checks.some((check) => check.name === constraint.conname))
    throw new DecentDbError(
      '42710',
      `constraint "${constraint.conname}" for domain "${domain}" already exists`,
    );
  let name = constraint.conname ?? `${domain}_check`;
  for (let i = 1; form.checks.some((check) => check.name === name); i++) name = `${domain}_check${i}`;
  return { ...form, checks: [...form.checks, { name, sql }] };
}

export function alterDomain(ctx: DdlContext, stmt: ast.AlterDomainStmt): void {
  const def = requireType(ctx, stmt.typeName);
  if (def.form.kind !== 'domain') throw new DecentDbError('42809', `"${def.name}" is not a domain`);
  const { form } = def;
  const level = new Level(new BindState(envOf(ctx)), null);
  const base = ctx.catalog.userTypes.resolve(form.baseTypeId);
  const set = (next: DomainForm): void => {
    ctx.catalog = ctx.catalog.withType({ ...def, form: next });
  };
  switch (stmt.subtype) {
    case 'T':
      set({ ...form, defaultSql: stmt.def === null ? null : storedText(ctx, stmt.def as ast.Expr) });
      return;
    case 'N':
      set({ ...form, notNull: false });
      return;
    case 'O':
      checkDomainRows(ctx, def.id, null, stmt.location);
      set({ ...form, notNull: true });
      return;
    case 'C': {
      const node = stmt.def as ast.Constraint;
      const next = withCheck(ctx, level, form, node, def.name, base);
      if (!node.skip_validation)
        checkDomainRows(ctx, def.id, next.checks.at(-1)?.sql ?? 'true', stmt.location);
      set(next);
      return;
    }
    case 'X':
      if (!form.checks.some((check) => check.name === stmt.name)) {
        if (!stmt.missing_ok)
          throw new DecentDbError(
            '42704',
            `constraint "${stmt.name}" of domain "${def.name}" does not exist`,
          );
        return;
      }
      set({ ...form, checks: form.checks.filter((check) => check.name !== stmt.name) });
      return;
    case 'V': {
      const check = form.checks.find((one) => one.name === stmt.name);
      if (check === undefined)
        throw new DecentDbError('42704', `constraint "${stmt.name}" of domain "${def.name}" does not exist`);
      checkDomainRows(ctx, def.id, check.sql, stmt.location);
      return;
    }
    default:
      return;
  }
}
