/**
 * What every schema statement does first: find its objects, choose where new ones go, give them ids.
 */

import { DecentDbError } from '../../base/errors.ts';
import type { Relation } from '../../catalog/catalog.ts';
import type { SchemaDef, TableDef } from '../../catalog/schema.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { type BindEnv, effectivePath } from '../../sql/bind/env.ts';
import { bindError } from '../../sql/bind/errors.ts';
import { findRelation, writtenName } from '../../sql/bind/relations.ts';
import type { DdlContext } from './context.ts';

/** The binder's environment with the working catalogue. */
export function envOf(ctx: DdlContext): BindEnv {
  return { ...ctx.env, catalog: ctx.catalog, paramTypes: [], isSchemaStatement: true };
}

export function newId(ctx: DdlContext): number {
  return ctx.store.newId(ctx.view);
}

/** The version of definitions made by this statement. */
export function nextVersion(ctx: DdlContext): number {
  return ctx.store.nextVersion(ctx.view);
}

export const TEMPORARY_SCHEMA = 'pg_temp';

/** The schema a new object goes to; 3F000 when there is none. Temporary objects have a schema of their own. */
export function creationSchema(
  ctx: DdlContext,
  schema: string | null,
  isTemporary: boolean,
  location = -1,
): string {
  if (isTemporary) {
    if (schema !== null && schema !== TEMPORARY_SCHEMA)
      throw new DecentDbError('42P16', 'cannot create temporary relation in non-temporary schema');
    ensureTemporarySchema(ctx);
    return TEMPORARY_SCHEMA;
  }
  if (schema !== null) {
    requireSchema(ctx, schema, location);
    return schema;
  }
  const first = ctx.env.searchPath.find((name) => ctx.catalog.schema(name) !== undefined);
  if (first === undefined) throw bindError('3F000', 'no schema has been selected to create in', location);
  return first;
}

function ensureTemporarySchema(ctx: DdlContext): void {
  if (ctx.catalog.schema(TEMPORARY_SCHEMA) !== undefined) return;
  ctx.catalog = ctx.catalog.withSchema({ id: newId(ctx), name: TEMPORARY_SCHEMA, comment: null });
}

export function requireSchema(ctx: DdlContext, name: string, location = -1): SchemaDef {
  const schema = ctx.catalog.schema(name);
  if (schema !== undefined) return schema;
  if (ctx.env.virtualTables.hasSchema(name))
    throw new DecentDbError('42501', `permission denied for schema ${name}`);
  throw bindError('3F000', `schema "${name}" does not exist`, location);
}

/** True when the name is free; a notice and false when it is taken and IF NOT EXISTS was written; else 42P07. */
export function checkFreeName(ctx: DdlContext, schema: string, name: string, ifNotExists: boolean): boolean {
  if (!isNameTaken(ctx, schema, name)) return true;
  if (!ifNotExists) throw new DecentDbError('42P07', `relation "${name}" already exists`);
  ctx.notice({ severity: 'NOTICE', code: '42P07', message: `relation "${name}" already exists, skipping` });
  return false;
}

/** Whether a relation or constraint of that name exists in the schema: names made up must avoid both. */
export function isNameTaken(ctx: DdlContext, schema: string, name: string): boolean {
  const { catalog } = ctx;
  return catalog.relation(schema, name) !== undefined || catalog.tableOfRowIdKey(schema, name) !== undefined;
}

/** The relation a name means in the working catalogue; system views are not objects DDL can touch. */
export function lookUp(ctx: DdlContext, node: ast.RangeVar): Relation | null {
  const relation = findRelation(envOf(ctx), node);
  if (relation === null) return null;
  if (relation.kind === 'virtual')
    throw new DecentDbError('42501', `permission denied: "${relation.view.name}" is a system catalog`);
  return relation;
}

/** The table of that name; 42P01 (with position, as statements on tables have it) or 42809. */
export function requireTable(ctx: DdlContext, node: ast.RangeVar, location = -1): TableDef {
  const relation = lookUp(ctx, node);
  if (relation === null) throw bindError('42P01', `relation "${writtenName(node)}" does not exist`, location);
  if (relation.kind !== 'table') throw new DecentDbError('42809', `"${node.relname}" is not a table`);
  return relation.table;
}

/** A dotted name as a RangeVar. */
export function rangeVarOf(names: readonly string[], location = -1): ast.RangeVar {
  return {
    kind: 'RangeVar',
    catalogname: names.length > 2 ? (names.at(-3) ?? null) : null,
    schemaname: names.length > 1 ? (names.at(-2) ?? null) : null,
    relname: names.at(-1) ?? '',
    inh: true,
    relpersistence: 'p',
    alias: null,
    location,
  };
}

/** Schemas searched for types and other objects outside the relation namespace. */
export function searchPathOf(ctx: DdlContext): readonly string[] {
  return effectivePath(envOf(ctx));
}
