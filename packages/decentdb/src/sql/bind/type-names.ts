/**
 * Types as written in SQL: name, modifiers, array bounds.
 */

import { typeByName } from '../../types/registry.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type * as ast from '../ast/nodes.ts';
import { type BindEnv, effectivePath } from './env.ts';
import { atLocation, bindError, bindNotSupported } from './errors.ts';

export interface TypeWithMod {
  readonly type: SqlType;
  readonly typmod: number;
}

/** The type a TypeName means; 42704 when there is none. */
export function resolveTypeName(env: BindEnv, node: ast.TypeName): TypeWithMod {
  if (node.pct_type) throw bindNotSupported('%TYPE', node.location);
  if (node.setof)
    throw bindError('42601', `type "${node.names.join('.')}" cannot be SETOF here`, node.location);
  const base = findType(env, node);
  if (base === null) throw bindError('42704', `type "${node.names.join('.')}" does not exist`, node.location);
  const typmod = node.typmods.length === 0 ? -1 : readTypmod(base, node);
  if (node.arrayBounds.length === 0) return { type: base, typmod };
  const array = base.arrayType;
  if (array === null)
    throw bindError('42704', `type "${node.names.join('.')}[]" does not exist`, node.location);
  return { type: array, typmod };
}

/** The standard's names for types of its views: domains in PostgreSQL, names of their base types here. */
const INFORMATION_TYPES: Readonly<Record<string, string>> = {
  cardinal_number: 'int4',
  character_data: 'varchar',
  sql_identifier: 'name',
  time_stamp: 'timestamptz',
  yes_or_no: 'varchar',
};

function findType(env: BindEnv, node: ast.TypeName): SqlType | null {
  const name = node.names.at(-1) as string;
  const schema = node.names.length > 1 ? (node.names.at(-2) as string) : null;
  if (schema === null || schema === 'pg_catalog') {
    const builtin = typeByName(name);
    if (builtin !== undefined) return builtin;
  }
  if (schema === 'information_schema') {
    const base = Object.hasOwn(INFORMATION_TYPES, name) ? INFORMATION_TYPES[name] : undefined;
    if (base !== undefined) return typeByName(base) ?? null;
  }
  const path = schema === null ? effectivePath(env) : [schema];
  if (
    schema !== null &&
    env.catalog.schema(schema) === undefined &&
    schema !== 'pg_catalog' &&
    !env.virtualTables.hasSchema(schema)
  )
    throw bindError('3F000', `schema "${schema}" does not exist`, node.location);
  const isArray = name.startsWith('_');
  const def =
    env.catalog.findType(path, name) ?? (isArray ? env.catalog.findType(path, name.slice(1)) : undefined);
  if (def === undefined) {
    const relation = env.catalog.findRelation(path, name);
    if (relation?.kind === 'table') return env.catalog.userType(relation.table.id) ?? null;
    return relation?.kind === 'view' ? (env.catalog.userType(relation.view.id) ?? null) : null;
  }
  const type = env.catalog.userType(def.id) ?? null;
  return def.name === name || type === null ? type : type.arrayType;
}

function readTypmod(type: SqlType, node: ast.TypeName): number {
  const modifiers = node.typmods.map((modifier) => {
    if (modifier.kind === 'A_Const' && modifier.constType === 'Integer') return modifier.ival;
    throw bindError('42601', 'type modifiers must be simple constants or identifiers', node.location);
  });
  return atLocation(node.location, () => type.typmodIn(modifiers));
}
