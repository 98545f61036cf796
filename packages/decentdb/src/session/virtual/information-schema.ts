/** The part of information_schema that tools and people use. */

import type { Catalog } from '../../catalog/catalog.ts';
import type { ColumnDef, SequenceDef, TableDef, ViewDef } from '../../catalog/schema.ts';
import { viewAsTable } from '../../catalog/view-table.ts';
import type { VirtualTable } from '../../plan/logical.ts';
import type { BindEnv } from '../../sql/bind/env.ts';
import { shownDefault } from '../../sql/bind/shown-definitions.ts';
import { writableColumns } from '../../sql/bind/view-targets.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { Datum } from '../../types/vector.ts';
import { tablesOf, type VirtualContext, view } from './define.ts';
import { informationConstraintViews } from './information-constraints.ts';
import { informationEmptyViews } from './information-empty.ts';
import { informationFactViews } from './information-facts.ts';
import { informationPrivilegeViews } from './information-privileges.ts';
import {
  baseOf,
  dataTypeOf,
  informationTypeViews,
  integerBits,
  measures,
  schemaOfType,
} from './information-types.ts';
import { hasInsteadOf, informationViewViews } from './information-views.ts';
import { OWNER_NAME } from './object-ids.ts';

type Row = readonly Datum[];
const DB = OWNER_NAME;

function isHidden(context: VirtualContext, table: TableDef): boolean {
  for (const v of context.catalog.views.values()) if (v.materializedTableId === table.id) return true;
  return false;
}

function* tableRows(context: VirtualContext): Iterable<Row> {
  for (const table of tablesOf(context)) {
    if (isHidden(context, table)) continue;
    const type = table.isTemporary ? 'LOCAL TEMPORARY' : 'BASE TABLE';
    yield [DB, table.schema, table.name, type, null, null, null, null, null, 'YES', 'NO', null];
  }
  for (const v of context.catalog.views.values())
    if (v.materializedTableId === null)
      yield [
        DB,
        v.schema,
        v.name,
        'VIEW',
        null,
        null,
        null,
        null,
        null,
        isInsertable(context, v),
        'NO',
        null,
      ];
}

function isInsertable({ catalog }: VirtualContext, v: ViewDef): 'YES' | 'NO' {
  const writable = writableColumns(catalog, v);
  return (writable !== null && writable.size > 0) || hasInsteadOf(v, 'insert') ? 'YES' : 'NO';
}

function isNotNullDomain(catalog: Catalog, type: SqlType): boolean {
  const form = catalog.types.get(type.oid)?.form;
  return form?.kind === 'domain' && form.notNull;
}

const COLUMN_COLUMNS =
  'table_catalog name, table_schema name, table_name name, column_name name, ordinal_position int4, column_default text, ' +
  'is_nullable varchar, data_type varchar, character_maximum_length int4, character_octet_length int4, ' +
  'numeric_precision int4, numeric_precision_radix int4, numeric_scale int4, datetime_precision int4, interval_type varchar, ' +
  'interval_precision int4, character_set_catalog name, character_set_schema name, character_set_name name, ' +
  'collation_catalog name, collation_schema name, collation_name name, domain_catalog name, domain_schema name, ' +
  'domain_name name, udt_catalog name, udt_schema name, udt_name name, scope_catalog name, scope_schema name, ' +
  'scope_name name, maximum_cardinality int4, dtd_identifier name, is_self_referencing varchar, is_identity varchar, ' +
  'identity_generation varchar, identity_start varchar, identity_increment varchar, identity_maximum varchar, ' +
  'identity_minimum varchar, identity_cycle varchar, is_generated varchar, generation_expression text, is_updatable varchar';

function columnRow(
  schema: string,
  relation: string,
  c: Pick<ColumnDef, 'name' | 'type' | 'typmod'>,
  position: number,
  extra: {
    default: string | null;
    nullable: boolean;
    identity: ColumnDef['identity'];
    generated: boolean;
    updatable: boolean;
    sequence: SequenceDef | undefined;
    catalog: Catalog;
  },
): Row {
  const { type } = c;
  const base = baseOf(extra.catalog, type, c.typmod);
  return [
    DB,
    schema,
    relation,
    c.name,
    position,
    extra.generated ? null : extra.default,
    extra.nullable ? 'YES' : 'NO',
    dataTypeOf(base.type),
    ...measures(base.type, base.typmod),
    ...NOTHING.slice(0, 8),
    type.baseType === null ? null : DB,
    type.baseType === null ? null : schemaOfType(extra.catalog, type),
    type.baseType === null ? null : type.name,
    DB,
    schemaOfType(extra.catalog, base.type),
    base.type.name,
    ...NOTHING.slice(0, 4),
    String(position),
    'NO',
    ...identityOf(extra.identity, extra.sequence),
    extra.generated ? 'ALWAYS' : 'NEVER',
    extra.generated ? extra.default : null,
    extra.updatable ? 'YES' : 'NO',
  ];
}

const NOTHING: readonly null[] = new Array<null>(8).fill(null);

/** is_identity and what the sequence behind the column does. */
function identityOf(identity: ColumnDef['identity'], sequence: SequenceDef | undefined): readonly Datum[] {
  if (identity === null || sequence === undefined) return ['NO', ...NOTHING.slice(0, 5), 'NO'];
  return [
    'YES',
    identity === 'always' ? 'ALWAYS' : 'BY DEFAULT',
    String(sequence.start),
    String(sequence.increment),
    String(sequence.max),
    String(sequence.min),
    sequence.cycle ? 'YES' : 'NO',
  ];
}

function shownViewDefault(env: BindEnv, owner: ViewDef, position: number): string {
  const table = viewAsTable(owner);
  return shownDefault(env, table, table.columns[position] as ColumnDef);
}

function* columnRows(context: VirtualContext): Iterable<Row> {
  const { catalog } = context;
  const env = context.bindEnv();
  for (const table of tablesOf(context)) {
    if (isHidden(context, table)) continue;
    for (const c of table.columns) {
      if (c.isDropped) continue;
      yield columnRow(table.schema, table.name, c, c.attnum, {
        default: c.defaultSql === null ? null : shownDefault(env, table, c),
        nullable: !(c.notNull || isNotNullDomain(catalog, c.type)),
        identity: c.identity,
        generated: c.generated !== null,
        updatable: true,
        sequence: catalog.sequences.get(c.sequenceId ?? -1),
        catalog,
      });
    }
  }
  for (const v of context.catalog.views.values()) {
    if (v.materializedTableId !== null) continue;
    const writable = writableColumns(catalog, v);
    for (const [i, c] of v.columns.entries())
      yield columnRow(v.schema, v.name, c, i + 1, {
        default: c.defaultSql === undefined ? null : shownViewDefault(env, v, i),
        nullable: true,
        identity: null,
        generated: false,
        updatable: writable?.has(i) === true,
        sequence: undefined,
        catalog,
      });
  }
}

function* schemaRows({ catalog }: VirtualContext): Iterable<Row> {
  for (const name of [
    'pg_catalog',
    'information_schema',
    'sys',
    ...[...catalog.schemas.values()].map((s) => s.name),
  ])
    yield [DB, name, OWNER_NAME, null, null, null, null];
}

/** Sequences of identity columns belong to the column: they are not listed. */
function* sequenceRows({ catalog }: VirtualContext): Iterable<Row> {
  for (const s of catalog.sequences.values()) {
    const owner = s.ownedBy === null ? undefined : catalog.table(s.ownedBy.tableId);
    if ((owner?.columns[s.ownedBy?.column ?? -1]?.identity ?? null) !== null) continue;
    const precision = integerBits[s.type.oid] ?? 64;
    yield [
      DB,
      s.schema,
      s.name,
      s.type.sqlName(-1),
      precision,
      2,
      0,
      String(s.start),
      String(s.min),
      String(s.max),
      String(s.increment),
      s.cycle ? 'YES' : 'NO',
    ];
  }
}

const IS = 'information_schema';

export const informationViews: readonly VirtualTable[] = [
  ...informationConstraintViews,
  ...informationTypeViews,
  ...informationPrivilegeViews,
  ...informationViewViews,
  ...informationEmptyViews,
  ...informationFactViews,
  view(IS, 'information_schema_catalog_name', 'catalog_name name', () => [[DB]]),
  view(
    IS,
    'tables',
    'table_catalog name, table_schema name, table_name name, table_type varchar, self_referencing_column_name name, reference_generation varchar, user_defined_type_catalog name, user_defined_type_schema name, user_defined_type_name name, is_insertable_into varchar, is_typed varchar, commit_action varchar',
    tableRows,
  ),
  view(IS, 'columns', COLUMN_COLUMNS, columnRows),
  view(
    IS,
    'schemata',
    'catalog_name name, schema_name name, schema_owner name, default_character_set_catalog name, default_character_set_schema name, default_character_set_name name, sql_path varchar',
    schemaRows,
  ),
  view(
    IS,
    'sequences',
    'sequence_catalog name, sequence_schema name, sequence_name name, data_type varchar, numeric_precision int4, numeric_precision_radix int4, numeric_scale int4, start_value varchar, minimum_value varchar, maximum_value varchar, increment varchar, cycle_option varchar',
    sequenceRows,
  ),
];
