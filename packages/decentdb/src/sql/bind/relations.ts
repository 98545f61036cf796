/**
 * Naming a relation: CTE, system view, table, view, along the search path.
 *
 * I1  An unqualified name means a CTE of the innermost level that has one, then what the search path finds first.
 */
import type { Relation } from '../../catalog/catalog.ts';
import type { VirtualTable } from '../../plan/logical.ts';
import type * as ast from '../ast/nodes.ts';
import { type BindEnv, effectivePath } from './env.ts';
import { bindError, bindNotSupported } from './errors.ts';
import type { Level } from './level.ts';
import type { CteBinding } from './with.ts';

export type NamedRelation =
  | Relation
  | { readonly kind: 'virtual'; readonly view: VirtualTable }
  | { readonly kind: 'cte'; readonly cte: CteBinding };

/** What a RangeVar in FROM means; 42P01 when nothing. */
export function resolveRelation(level: Level, node: ast.RangeVar): NamedRelation {
  if (node.schemaname === null) {
    for (let at: Level | null = level; at !== null; at = at.parent) {
      const cte = at.ctes.get(node.relname);
      if (cte !== undefined) return { kind: 'cte', cte };
    }
  }
  const found = findRelation(level.state.env, node);
  if (found === null) throw missingTable(level, node);
  return found;
}

/** As {@link resolveRelation} without CTEs; null when nothing has that name. */
export function findRelation(
  env: BindEnv,
  node: ast.RangeVar,
): Exclude<NamedRelation, { kind: 'cte' }> | null {
  if (node.catalogname !== null && node.catalogname !== currentDatabase(env))
    throw bindNotSupported(
      `cross-database reference "${node.catalogname}.${node.schemaname}.${node.relname}"`,
      node.location,
    );
  const path = node.schemaname === null ? effectivePath(env) : [node.schemaname];
  for (const schema of path) {
    const view = env.virtualTables.find(schema, node.relname);
    if (view !== undefined) return { kind: 'virtual', view };
    const relation = env.catalog.relation(schema, node.relname);
    if (relation !== undefined) return relation;
  }
  return null;
}

function currentDatabase(env: BindEnv): string {
  return env.databaseName;
}

/** 42P01, with a hint when a WITH item of that name exists but is not visible here. */
function missingTable(level: Level, node: ast.RangeVar): Error {
  const written = writtenName(node);
  for (let at: Level | null = level; at !== null; at = at.parent) {
    if (node.schemaname !== null || !at.futureCtes.has(node.relname)) continue;
    return bindError('42P01', `relation "${written}" does not exist`, node.location, {
      detail: `There is a WITH item named "${node.relname}", but it cannot be referenced from this part of the query.`,
      hint: 'Use WITH RECURSIVE, or re-order the WITH items to remove forward references.',
    });
  }
  return bindError('42P01', `relation "${written}" does not exist`, node.location);
}

/** The name as written, with its schema. */
export function writtenName(node: ast.RangeVar): string {
  return node.schemaname === null ? node.relname : `${node.schemaname}.${node.relname}`;
}
