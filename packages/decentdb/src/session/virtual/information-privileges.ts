/**
 * information_schema's views about roles and privileges. Nothing here is enforced: one owner uses the database, who sees everything,
 * so that the views for all roles and those for enabled roles list the same.
 */
import { ACCESS_KINDS, type AccessKind } from '../../catalog/access-list.ts';
import type { VirtualTable } from '../../plan/logical.ts';
import type { Datum } from '../../types/vector.ts';
import { predefinedRoles, roleNameOf } from '../ddl/role-names.ts';
import { type Privilege, privilegesOn } from './access-lists.ts';
import { type VirtualContext, view } from './define.ts';
import { OWNER_NAME } from './object-ids.ts';

type Row = readonly Datum[];
const DB = OWNER_NAME;
const IS = 'information_schema';

const yesNo = (is: boolean): 'YES' | 'NO' => (is ? 'YES' : 'NO');

interface Relation {
  readonly id: number;
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly { readonly name: string; readonly isDropped?: boolean }[];
}

/** Tables and views; a materialised view is neither in the standard. */
function* relationsOf({ catalog }: VirtualContext): Iterable<Relation> {
  const hidden = new Set([...catalog.views.values()].map((v) => v.materializedTableId));
  for (const table of catalog.tables.values()) if (!hidden.has(table.id)) yield table;
  for (const v of catalog.views.values()) if (v.materializedTableId === null) yield v;
}

function* tableRows(context: VirtualContext): Iterable<Row> {
  for (const { id, schema, name } of relationsOf(context))
    for (const p of privilegesOn(context.catalog, id, ACCESS_KINDS.relation))
      if (p.column === 0)
        yield [
          p.grantor,
          p.grantee,
          DB,
          schema,
          name,
          p.word,
          yesNo(p.isGrantable),
          yesNo(p.word === 'SELECT'),
        ];
}

const ON_COLUMNS = new Set(['INSERT', 'SELECT', 'UPDATE', 'REFERENCES']);

/** Privileges on a whole table are privileges on each of its columns. */
function* columnRows(context: VirtualContext): Iterable<Row> {
  for (const { id, schema, name, columns } of relationsOf(context))
    for (const p of privilegesOn(context.catalog, id, ACCESS_KINDS.relation)) {
      if (!ON_COLUMNS.has(p.word)) continue;
      for (const [i, column] of columns.entries())
        if (column.isDropped !== true && (p.column === 0 || p.column === i + 1))
          yield [p.grantor, p.grantee, DB, schema, name, column.name, p.word, yesNo(p.isGrantable)];
    }
}

function* routineRows({ catalog }: VirtualContext): Iterable<Row> {
  for (const { id, schema, name } of catalog.routines.values())
    for (const p of privilegesOn(catalog, id, ACCESS_KINDS.routine))
      yield [
        p.grantor,
        p.grantee,
        DB,
        schema,
        `${name}_${id}`,
        DB,
        schema,
        name,
        p.word,
        yesNo(p.isGrantable),
      ];
}

function* typeRows(context: VirtualContext): Iterable<Row> {
  const { catalog } = context;
  for (const { id, schema, name, form } of catalog.types.values())
    if (form.kind === 'composite')
      for (const p of privilegesOn(catalog, id, ACCESS_KINDS.type))
        yield [p.grantor, p.grantee, DB, schema, name, 'TYPE USAGE', yesNo(p.isGrantable)];
}

function* usageRows({ catalog }: VirtualContext): Iterable<Row> {
  const rowsOf = function* (
    object: { readonly id: number; readonly schema: string; readonly name: string },
    label: string,
    kind: AccessKind,
  ): Iterable<Row> {
    const usage = (p: Privilege): boolean => p.word === 'USAGE';
    for (const p of privilegesOn(catalog, object.id, kind))
      if (usage(p))
        yield [p.grantor, p.grantee, DB, object.schema, object.name, label, p.word, yesNo(p.isGrantable)];
  };
  for (const type of catalog.types.values())
    if (type.form.kind === 'domain') yield* rowsOf(type, 'DOMAIN', ACCESS_KINDS.type);
  // PostgreSQL lists a sequence once something was granted on it.
  for (const sequence of catalog.sequences.values())
    if (catalog.access.has(sequence.id)) yield* rowsOf(sequence, 'SEQUENCE', ACCESS_KINDS.sequence);
}

function* enabledRows({ catalog }: VirtualContext): Iterable<Row> {
  yield [OWNER_NAME];
  for (const name of predefinedRoles().keys()) yield [name];
  for (const role of catalog.roles.values()) yield [role.name];
}

function* membershipRows({ catalog }: VirtualContext): Iterable<Row> {
  for (const member of catalog.roles.values())
    for (const { roleId, isAdmin } of member.memberOf)
      yield [member.name, roleNameOf(catalog, roleId), yesNo(isAdmin)];
}

function* adminRows(context: VirtualContext): Iterable<Row> {
  for (const row of membershipRows(context)) if (row[2] === 'YES') yield row;
}

const GRANT = 'grantor name, grantee name';
const ROLE = 'grantee name, role_name name, is_grantable varchar';

/** One list under its two names. */
function twice(
  first: string,
  second: string,
  columns: string,
  rows: (context: VirtualContext) => Iterable<Row>,
): VirtualTable[] {
  return [first, second].map((name) => view(IS, name, `${GRANT}, ${columns}`, rows));
}

export const informationPrivilegeViews: readonly VirtualTable[] = [
  ...twice(
    'table_privileges',
    'role_table_grants',
    'table_catalog name, table_schema name, table_name name, privilege_type varchar, is_grantable varchar, with_hierarchy varchar',
    tableRows,
  ),
  ...twice(
    'column_privileges',
    'role_column_grants',
    'table_catalog name, table_schema name, table_name name, column_name name, privilege_type varchar, is_grantable varchar',
    columnRows,
  ),
  ...twice(
    'routine_privileges',
    'role_routine_grants',
    'specific_catalog name, specific_schema name, specific_name name, routine_catalog name, routine_schema name, routine_name name, privilege_type varchar, is_grantable varchar',
    routineRows,
  ),
  ...twice(
    'udt_privileges',
    'role_udt_grants',
    'udt_catalog name, udt_schema name, udt_name name, privilege_type varchar, is_grantable varchar',
    typeRows,
  ),
  ...twice(
    'usage_privileges',
    'role_usage_grants',
    'object_catalog name, object_schema name, object_name name, object_type varchar, privilege_type varchar, is_grantable varchar',
    usageRows,
  ),
  view(IS, 'enabled_roles', 'role_name name', enabledRows),
  view(IS, 'applicable_roles', ROLE, membershipRows),
  view(IS, 'administrable_role_authorizations', ROLE, adminRows),
];
