/** COMMENT ON: kept with the object's definition. */
import { DecentDbError } from '../../base/errors.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { bindNotSupported } from '../../sql/bind/errors.ts';
import type { DdlContext } from './context.ts';
import { changeTable, kindOf } from './drop.ts';
import { dropMissing } from './drop-missing.ts';
import { findRole } from './role-names.ts';
import { requireRoutine } from './routine-objects.ts';
import { changeTriggers } from './triggers.ts';
import { lookUp, rangeVarOf, requireSchema, searchPathOf } from './work.ts';

export function commentOn(ctx: DdlContext, stmt: ast.CommentStmt): void {
  const { object, objtype } = stmt;
  const comment = stmt.comment === '' ? null : stmt.comment;
  switch (objtype) {
    case 'OBJECT_TABLE':
    case 'OBJECT_VIEW':
    case 'OBJECT_MATVIEW':
    case 'OBJECT_INDEX':
    case 'OBJECT_SEQUENCE':
      commentOnRelation(ctx, objtype, object.names, comment);
      return;
    case 'OBJECT_ROLE':
      commentOnRole(ctx, object.names.at(-1) ?? '', comment, stmt.location);
      return;
    case 'OBJECT_TRIGGER':
      commentOnTrigger(ctx, stmt, comment);
      return;
    case 'OBJECT_DOMCONSTRAINT':
      commentOnDomainConstraint(ctx, object.names, comment);
      return;
    case 'OBJECT_COLUMN':
      commentOnColumn(ctx, object.names, comment);
      return;
    case 'OBJECT_TABCONSTRAINT':
      commentOnConstraint(ctx, object.names, comment);
      return;
    case 'OBJECT_SCHEMA': {
      const schema = requireSchema(ctx, object.names.at(-1) as string);
      ctx.catalog = ctx.catalog.withSchema({ ...schema, comment });
      return;
    }
    case 'OBJECT_TYPE':
    case 'OBJECT_DOMAIN': {
      const names = object.typeName?.names ?? object.names;
      const path = names.length > 1 ? [names.at(-2) as string] : searchPathOf(ctx);
      const type = ctx.catalog.findType(path, names.at(-1) as string);
      if (type === undefined) throw new DecentDbError('42704', `type "${names.join('.')}" does not exist`);
      if (objtype === 'OBJECT_DOMAIN' && type.form.kind !== 'domain')
        throw new DecentDbError('42809', `"${names.join('.')}" is not a domain`);
      ctx.catalog = ctx.catalog.withType({ ...type, comment });
      return;
    }
    case 'OBJECT_FUNCTION':
    case 'OBJECT_PROCEDURE':
    case 'OBJECT_ROUTINE':
    case 'OBJECT_AGGREGATE': {
      const routine = requireRoutine(ctx, objtype, object);
      ctx.catalog = ctx.catalog.withRoutine({ ...routine, comment });
      return;
    }
    case 'OBJECT_DATABASE':
    case 'OBJECT_EXTENSION':
      return;
    default:
      requireKnown(ctx, stmt);
      throw bindNotSupported(
        `COMMENT ON ${objtype.slice('OBJECT_'.length).replaceAll('_', ' ')}`,
        stmt.location,
      );
  }
}

/** What DROP says of an object that is not there. */
function requireKnown(ctx: DdlContext, { objtype, object, location }: ast.CommentStmt): void {
  try {
    dropMissing(ctx, {
      kind: 'DropStmt',
      objects: [object],
      removeType: objtype,
      behavior: 'DROP_RESTRICT',
      missing_ok: false,
      concurrent: false,
      location,
    });
  } catch (error) {
    // A part of the system, or of a kind that DROP does not know.
    if (!(error instanceof DecentDbError) || (error.code !== '2BP01' && error.code !== '0A000')) throw error;
  }
}

/** A part with another comment, or none. */
function commented<T extends { readonly comment?: string }>(part: T, comment: string | null): T {
  const { comment: _, ...rest } = part;
  return (comment === null ? rest : { ...rest, comment }) as T;
}

function commentOnRole(ctx: DdlContext, name: string, comment: string | null, location: number): void {
  const role = findRole(ctx.catalog, name);
  if (role === null) throw new DecentDbError('42704', `role "${name}" does not exist`);
  if (role.def === null) throw bindNotSupported('COMMENT ON ROLE of the system', location);
  ctx.catalog = ctx.catalog.withRole({ ...role.def, comment });
}

function commentOnTrigger(ctx: DdlContext, stmt: ast.CommentStmt, comment: string | null): void {
  const { names } = stmt.object;
  const relation = lookUp(ctx, rangeVarOf(names.slice(0, -1)));
  const owner =
    relation?.kind === 'table' ? relation.table : relation?.kind === 'view' ? relation.view : null;
  const trigger = owner?.triggers.find(({ name }) => name === names.at(-1));
  if (owner === null || trigger === undefined) {
    requireKnown(ctx, stmt);
    return;
  }
  changeTriggers(ctx, owner.id, (all) =>
    all.map((one) => (one.id === trigger.id ? commented(one, comment) : one)),
  );
}

function commentOnDomainConstraint(ctx: DdlContext, names: readonly string[], comment: string | null): void {
  const domain = names.slice(0, -1);
  const path = domain.length > 1 ? [domain.at(-2) as string] : searchPathOf(ctx);
  const type = ctx.catalog.findType(path, domain.at(-1) as string);
  if (type === undefined) throw new DecentDbError('42704', `type "${domain.join('.')}" does not exist`);
  const { form } = type;
  if (form.kind !== 'domain') throw new DecentDbError('42809', `"${domain.join('.')}" is not a domain`);
  const name = names.at(-1);
  if (!form.checks.some((check) => check.name === name))
    throw new DecentDbError('42704', `constraint "${name}" for domain ${type.name} does not exist`);
  const checks = form.checks.map((check) => (check.name === name ? commented(check, comment) : check));
  ctx.catalog = ctx.catalog.withType({ ...type, form: { ...form, checks } });
}

const WANTED: Partial<Record<ast.ObjectType, readonly [kind: string, article: string]>> = {
  OBJECT_TABLE: ['table', 'a'],
  OBJECT_VIEW: ['view', 'a'],
  OBJECT_MATVIEW: ['materialized view', 'a'],
  OBJECT_INDEX: ['index', 'an'],
  OBJECT_SEQUENCE: ['sequence', 'a'],
};

function commentOnRelation(
  ctx: DdlContext,
  objtype: ast.ObjectType,
  names: readonly string[],
  comment: string | null,
): void {
  const relation = lookUp(ctx, rangeVarOf(names));
  if (relation === null) throw new DecentDbError('42P01', `relation "${names.join('.')}" does not exist`);
  const [kind, article] = WANTED[objtype] ?? ['', ''];
  if (kindOf(relation) !== kind)
    throw new DecentDbError('42809', `"${names.at(-1)}" is not ${article} ${kind}`);
  switch (relation.kind) {
    case 'table':
      ctx.catalog = ctx.catalog.withTable({ ...relation.table, comment });
      return;
    case 'view':
      ctx.catalog = ctx.catalog.withView({ ...relation.view, comment });
      return;
    case 'sequence':
      ctx.catalog = ctx.catalog.withSequence({ ...relation.sequence, comment });
      return;
    default:
      changeTable(ctx, relation.table.id, (draft) => {
        draft.indexes = draft.indexes.map((index) =>
          index.id === relation.index.id ? { ...index, comment } : index,
        );
      });
  }
}

function commentOnColumn(ctx: DdlContext, names: readonly string[], comment: string | null): void {
  const owner = names.slice(0, -1);
  const column = names.at(-1) as string;
  const missing = (relation: string): DecentDbError =>
    new DecentDbError('42703', `column "${column}" of relation "${relation}" does not exist`);
  const relation = lookUp(ctx, rangeVarOf(owner));
  if (relation === null) {
    commentOnAttribute(ctx, owner, column, comment, missing);
    return;
  }
  if (relation.kind === 'view') {
    const { view } = relation;
    if (!view.columns.some(({ name }) => name === column)) throw missing(view.name);
    const columns = view.columns.map((one) => (one.name === column ? commented(one, comment) : one));
    ctx.catalog = ctx.catalog.withView({ ...view, columns });
    return;
  }
  if (relation.kind !== 'table')
    throw new DecentDbError('42809', `cannot set comment on relation "${owner.at(-1)}"`);
  changeTable(ctx, relation.table.id, (draft) => {
    draft.setColumn(draft.requireColumn(column), { comment });
  });
}

/** Of a composite type. */
function commentOnAttribute(
  ctx: DdlContext,
  names: readonly string[],
  column: string,
  comment: string | null,
  missing: (relation: string) => DecentDbError,
): void {
  const path = names.length > 1 ? [names.at(-2) as string] : searchPathOf(ctx);
  const type = ctx.catalog.findType(path, names.at(-1) as string);
  if (type?.form.kind !== 'composite')
    throw new DecentDbError('42P01', `relation "${names.join('.')}" does not exist`);
  if (!type.form.fields.some(({ name }) => name === column)) throw missing(type.name);
  const fields = type.form.fields.map((one) => (one.name === column ? commented(one, comment) : one));
  ctx.catalog = ctx.catalog.withType({ ...type, form: { ...type.form, fields } });
}

function commentOnConstraint(ctx: DdlContext, names: readonly string[], comment: string | null): void {
  const relation = lookUp(ctx, rangeVarOf(names.slice(0, -1)));
  if (relation?.kind !== 'table')
    throw new DecentDbError('42P01', `relation "${names.slice(0, -1).join('.')}" does not exist`);
  const { table } = relation;
  const name = names.at(-1);
  if (!table.constraints.some((constraint) => constraint.name === name))
    throw new DecentDbError('42704', `constraint "${name}" for table "${table.name}" does not exist`);
  changeTable(ctx, table.id, (draft) => {
    draft.constraints = draft.constraints.map((constraint) =>
      constraint.name === name ? { ...constraint, comment } : constraint,
    );
  });
}
