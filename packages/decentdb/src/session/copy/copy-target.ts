/**
 * The relation and columns a COPY names, checked as PostgreSQL checks them.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { ColumnDef, TableDef } from '../../catalog/schema.ts';
import type { CopyStmt, RangeVar } from '../../sql/ast/nodes.ts';
import type { BindEnv } from '../../sql/bind/env.ts';
import { bindError } from '../../sql/bind/errors.ts';
import { findRelation, writtenName } from '../../sql/bind/relations.ts';
import { quoteIdentifier } from '../../sql/print/quote.ts';
import { Oid } from '../../types/oids.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { CopyOptions } from './copy-options.ts';

export interface CopyTable {
  readonly table: TableDef;
  /** The columns of the data, in its order. */
  readonly columns: readonly ColumnDef[];
}

export function copyTable(env: BindEnv, stmt: CopyStmt, node: RangeVar): CopyTable {
  const relation = findRelation(env, node);
  if (relation === null) throw bindError('42P01', `relation "${writtenName(node)}" does not exist`, -1);
  if (relation.kind !== 'table') throw notATable(stmt, relation.kind, node.relname);
  const { table } = relation;
  if (!stmt.is_from && table.partitionKey !== undefined)
    throw new DecentDbError('42809', `cannot copy from partitioned table "${table.name}"`, {
      hint: 'Try the COPY (SELECT ...) TO variant.',
    });
  return { table, columns: columnsOf(table, stmt.attlist) };
}

function notATable(stmt: CopyStmt, kind: string, name: string): DecentDbError {
  const what = kind === 'virtual' ? 'view' : kind;
  if (stmt.is_from)
    return new DecentDbError('42809', `cannot copy to ${what} "${name}"`, {
      hint:
        what === 'view' ? 'To enable copying to a view, provide an INSTEAD OF INSERT trigger.' : undefined,
    });
  return new DecentDbError('42809', `cannot copy from ${what} "${name}"`, {
    hint: what === 'view' ? 'Try the COPY (SELECT ...) TO variant.' : undefined,
  });
}

function columnsOf(table: TableDef, names: readonly string[]): readonly ColumnDef[] {
  const all = table.columns.filter((column) => !column.isDropped);
  if (names.length === 0) return all.filter((column) => column.generated === null);
  const seen = new Set<string>();
  return names.map((name) => {
    const column = all.find((one) => one.name === name);
    if (column === undefined)
      throw new DecentDbError('42703', `column "${name}" of relation "${table.name}" does not exist`);
    if (column.generated !== null)
      throw new DecentDbError('42P10', `column "${name}" is a generated column`, {
        detail: 'Generated columns cannot be used in COPY.',
      });
    if (seen.has(name)) throw new DecentDbError('42701', `column "${name}" specified more than once`);
    seen.add(name);
    return column;
  });
}

/** FORCE_... lists name columns of the data. */
export function checkForced(options: CopyOptions, columns: readonly { readonly name: string }[]): void {
  const lists = {
    FORCE_QUOTE: options.forceQuote,
    FORCE_NOT_NULL: options.forceNotNull,
    FORCE_NULL: options.forceNull,
  };
  for (const [label, names] of Object.entries(lists))
    for (const name of names)
      if (name !== '*' && !columns.some((column) => column.name === name))
        throw new DecentDbError('42P10', `${label} column "${name}" not referenced by COPY`);
}

/** A type as SQL text that means it whatever the search path is. */
export function typeText(catalog: Catalog, type: SqlType): string {
  if (type.elementType !== null && type.kind === 'array') return `${typeText(catalog, type.elementType)}[]`;
  if (type.oid === Oid.bpchar) return 'bpchar';
  const def = catalog.types.get(type.oid);
  if (def === undefined) return type.sqlName(-1);
  return `${quoteIdentifier(def.schema)}.${quoteIdentifier(def.name)}`;
}

export function relationText(table: TableDef): string {
  return `${quoteIdentifier(table.schema)}.${quoteIdentifier(table.name)}`;
}
