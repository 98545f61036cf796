/** COMMENT ON: kept with the object's definition. */
import { DecentDbError } from '../../base/errors.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { bindNotSupported } from '../../sql/bind/errors.ts';
import type { DdlContext } from './context.ts';
import { changeTable } from './drop.ts';
import { requireRoutine } from './routine-objects.ts';
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
      commentOnRelation(ctx, object.names, comment);
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
      throw bindNotSupported(
        `COMMENT ON ${objtype.slice('OBJECT_'.length).replaceAll('_', ' ')}`,
        stmt.location,
      );
  }
}

function commentOnRelation(ctx: DdlContext, names: readonly string[], comment: string | null): void {
  const relation = lookUp(ctx, rangeVarOf(names));
  if (relation === null) throw new DecentDbError('42P01', `relation "${names.join('.')}" does not exist`);
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
  const relation = lookUp(ctx, rangeVarOf(names.slice(0, -1)));
  const owner = names.slice(0, -1).join('.');
  if (relation === null) throw new DecentDbError('42P01', `relation "${owner}" does not exist`);
  if (relation.kind !== 'table') throw bindNotSupported('COMMENT ON COLUMN of a view', -1);
  changeTable(ctx, relation.table.id, (draft) => {
    draft.setColumn(draft.requireColumn(names.at(-1) as string), { comment });
  });
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
