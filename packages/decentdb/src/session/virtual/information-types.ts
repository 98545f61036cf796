/**
 * information_schema's views about types: domains, composite types and their attributes, elements of arrays, who uses which type; and
 * how the standard measures a type, for every view that lists columns.
 *
 * I1  A column of a domain is listed with the measures of the type below it.
 */
import { assert } from '../../base/assert.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { TypeDef } from '../../catalog/schema.ts';
import type { VirtualTable } from '../../plan/logical.ts';
import { typeIn } from '../../sql/bind/routine-lookup.ts';
import { Oid } from '../../types/oids.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { Datum } from '../../types/vector.ts';
import { type VirtualContext, view } from './define.ts';
import { OWNER_NAME } from './object-ids.ts';

type Row = readonly Datum[];
const DB = OWNER_NAME;
const IS = 'information_schema';

export const integerBits: Readonly<Record<number, number>> = {
  [Oid.int2]: 16,
  [Oid.int4]: 32,
  [Oid.int8]: 64,
};
const floatBits: Readonly<Record<number, number>> = { [Oid.float4]: 24, [Oid.float8]: 53 };
const timeTypes = new Set<number>([Oid.time, Oid.timetz, Oid.timestamp, Oid.timestamptz, Oid.interval]);

/** Length, octets, precision, radix, scale, precision of time. */
export type Measures = readonly [
  length: number | null,
  octets: number | null,
  precision: number | null,
  radix: number | null,
  scale: number | null,
  time: number | null,
];

/** Lengths, precisions and scales of a type, as the standard lists them. */
export function measures(type: SqlType, typmod: number): Measures {
  const isChar = type.oid === Oid.varchar || type.oid === Oid.bpchar;
  const isBits = type.oid === Oid.bit || type.oid === Oid.varbit;
  const length = isChar && typmod >= 4 ? typmod - 4 : isBits && typmod >= 0 ? typmod : null;
  const octets = type.category === 'S' ? (length === null ? 1_073_741_824 : length * 4) : null;
  const bits = integerBits[type.oid] ?? floatBits[type.oid] ?? null;
  const isNumeric = type.oid === Oid.numeric && typmod >= 4;
  const precision = isNumeric ? ((typmod - 4) >> 16) & 0xffff : bits;
  const radix = bits !== null ? 2 : type.oid === Oid.numeric ? 10 : null;
  const scale = isNumeric
    ? (((typmod - 4) & 0x7ff) ^ 1024) - 1024
    : integerBits[type.oid] !== undefined
      ? 0
      : null;
  const time = timeTypes.has(type.oid)
    ? typmod >= 0 && (typmod & 0xffff) !== 0xffff
      ? typmod & 0xffff
      : 6
    : type.oid === Oid.date
      ? 0
      : null;
  return [length, octets, precision, radix, scale, time];
}

/** The type below a domain, and the modifier that counts. */
export function baseOf(catalog: Catalog, type: SqlType, typmod: number): { type: SqlType; typmod: number } {
  let below = { type, typmod };
  for (let at: SqlType | null = type; at?.baseType != null; at = at.baseType) {
    const form = catalog.types.get(at.oid)?.form;
    if (form?.kind === 'domain' && below.typmod < 0) below = { type: at.baseType, typmod: form.typmod };
    else below = { type: at.baseType, typmod: below.typmod };
  }
  return below;
}

/** data_type of the standard: arrays and types made here go by what they are, not by name. */
export function dataTypeOf(type: SqlType): string {
  if (type.elementType !== null) return 'ARRAY';
  const isOwn = type.kind === 'enum' || type.kind === 'composite';
  return isOwn && type.oid >= FIRST_USER_ID ? 'USER-DEFINED' : type.sqlName(-1);
}

const FIRST_USER_ID = 16_384;

/** Schema of a type: its own, or that of its elements. */
export function schemaOfType(catalog: Catalog, type: SqlType): string {
  return (
    catalog.types.get(type.oid)?.schema ??
    catalog.types.get(type.elementType?.oid ?? 0)?.schema ??
    'pg_catalog'
  );
}

/** character_set_catalog .. collation_name: one encoding, one default collation, so the standard wants NULL. */
const CHARACTER_SET = [null, null, null, null, null, null] as const;
const CHARACTER_SET_COLUMNS =
  'character_set_catalog name, character_set_schema name, character_set_name name, collation_catalog name, collation_schema name, collation_name name';
const NUMBER_COLUMNS =
  'numeric_precision int4, numeric_precision_radix int4, numeric_scale int4, datetime_precision int4, interval_type varchar, interval_precision int4';
const SCOPE_COLUMNS =
  'scope_catalog name, scope_schema name, scope_name name, maximum_cardinality int4, dtd_identifier name';

function measuresRow(type: SqlType, typmod: number): Row {
  const [length, octets, precision, radix, scale, time] = measures(type, typmod);
  return [length, octets, ...CHARACTER_SET, precision, radix, scale, time, null, null];
}

function* typesOf<K extends TypeDef['form']['kind']>(
  catalog: Catalog,
  kind: K,
): Iterable<TypeDef & { form: Extract<TypeDef['form'], { kind: K }> }> {
  for (const type of catalog.types.values())
    if (type.form.kind === kind) yield type as TypeDef & { form: Extract<TypeDef['form'], { kind: K }> };
}

function requireType(catalog: Catalog, oid: number): SqlType {
  const type = typeIn(catalog, oid);
  assert(type !== undefined && type !== null, 'the catalogue names types it has');
  return type;
}

function* domainRows({ catalog }: VirtualContext): Iterable<Row> {
  for (const domain of typesOf(catalog, 'domain')) {
    const { type, typmod } = baseOf(
      catalog,
      requireType(catalog, domain.form.baseTypeId),
      domain.form.typmod,
    );
    yield [
      DB,
      domain.schema,
      domain.name,
      dataTypeOf(type),
      ...measuresRow(type, typmod),
      domain.form.defaultSql,
      DB,
      schemaOfType(catalog, type),
      type.name,
      null,
      null,
      null,
      null,
      '1',
    ];
  }
}

function* domainConstraintRows({ catalog }: VirtualContext): Iterable<Row> {
  for (const domain of typesOf(catalog, 'domain')) {
    const { form, schema, name } = domain;
    const names = form.checks.map((check) => check.name);
    if (form.notNull) names.push(`${name}_not_null`);
    for (const constraint of names) yield [DB, schema, constraint, DB, schema, name, 'NO', 'NO'];
  }
}

function* domainUdtRows({ catalog }: VirtualContext): Iterable<Row> {
  for (const domain of typesOf(catalog, 'domain')) {
    const type = requireType(catalog, domain.form.baseTypeId);
    yield [DB, schemaOfType(catalog, type), type.name, DB, domain.schema, domain.name];
  }
}

function* attributeRows({ catalog }: VirtualContext): Iterable<Row> {
  for (const composite of typesOf(catalog, 'composite')) {
    let position = 0;
    for (const field of composite.form.fields) {
      const { type, typmod } = baseOf(catalog, requireType(catalog, field.typeId), field.typmod);
      yield [
        DB,
        composite.schema,
        composite.name,
        field.name,
        ++position,
        null,
        'YES',
        dataTypeOf(type),
        ...measuresRow(type, typmod),
        DB,
        schemaOfType(catalog, type),
        type.name,
        null,
        null,
        null,
        null,
        String(position),
        'NO',
      ];
    }
  }
}

function* userTypeRows({ catalog }: VirtualContext): Iterable<Row> {
  for (const { schema, name } of typesOf(catalog, 'composite'))
    yield [DB, schema, name, 'STRUCTURED', 'YES', ...new Array<null>(24).fill(null)];
}

/** What has a type: columns of tables and views, attributes, domains, parameters. */
interface TypeUser {
  readonly schema: string;
  readonly owner: string;
  readonly kind: 'TABLE' | 'USER-DEFINED TYPE' | 'DOMAIN' | 'ROUTINE';
  readonly column: string;
  readonly position: number;
  readonly type: SqlType;
}

function* columnsOf({ catalog }: VirtualContext): Iterable<TypeUser> {
  const hidden = new Set([...catalog.views.values()].map((v) => v.materializedTableId));
  for (const table of catalog.tables.values()) {
    if (hidden.has(table.id)) continue;
    for (const c of table.columns)
      if (!c.isDropped)
        yield {
          schema: table.schema,
          owner: table.name,
          kind: 'TABLE',
          column: c.name,
          position: c.attnum,
          type: c.type,
        };
  }
  for (const v of catalog.views.values())
    if (v.materializedTableId === null)
      for (const [i, c] of v.columns.entries())
        yield {
          schema: v.schema,
          owner: v.name,
          kind: 'TABLE',
          column: c.name,
          position: i + 1,
          type: c.type,
        };
}

function* columnTypeRows(context: VirtualContext): Iterable<Row> {
  for (const { schema, owner, column, type } of columnsOf(context)) {
    const below = type.baseType ?? type;
    yield [DB, schemaOfType(context.catalog, below), below.name, DB, schema, owner, column];
  }
}

function* columnDomainRows(context: VirtualContext): Iterable<Row> {
  for (const { schema, owner, column, type } of columnsOf(context))
    if (type.baseType !== null)
      yield [DB, schemaOfType(context.catalog, type), type.name, DB, schema, owner, column];
}

function* typeUsers(context: VirtualContext): Iterable<TypeUser> {
  const { catalog } = context;
  yield* columnsOf(context);
  for (const { schema, name, form } of typesOf(catalog, 'composite'))
    for (const [i, field] of form.fields.entries())
      yield {
        schema,
        owner: name,
        kind: 'USER-DEFINED TYPE',
        column: field.name,
        position: i + 1,
        type: requireType(catalog, field.typeId),
      };
  for (const { schema, name, form } of typesOf(catalog, 'domain'))
    yield {
      schema,
      owner: name,
      kind: 'DOMAIN',
      column: '',
      position: 1,
      type: requireType(catalog, form.baseTypeId),
    };
  for (const routine of catalog.routines.values()) {
    const owner = `${routine.name}_${routine.id}`;
    const returned = typeIn(catalog, routine.returnTypeId);
    if (routine.kind === 'function' && returned != null)
      yield { schema: routine.schema, owner, kind: 'ROUTINE', column: '', position: 0, type: returned };
    for (const [i, one] of routine.parameters.entries())
      yield {
        schema: routine.schema,
        owner,
        kind: 'ROUTINE',
        column: one.name ?? '',
        position: i + 1,
        type: requireType(catalog, one.typeId),
      };
  }
}

function* elementRows(context: VirtualContext): Iterable<Row> {
  const { catalog } = context;
  for (const { schema, owner, kind, position, type } of typeUsers(context)) {
    const element = (type.baseType ?? type).elementType;
    if (element === null) continue;
    yield [
      DB,
      schema,
      owner,
      kind,
      String(position),
      dataTypeOf(element),
      null,
      null,
      ...CHARACTER_SET,
      ...new Array<null>(6).fill(null),
      DB,
      schemaOfType(catalog, element),
      element.name,
      null,
      null,
      null,
      null,
      `a${position}`,
    ];
  }
}

function* dataTypePrivilegeRows(context: VirtualContext): Iterable<Row> {
  for (const { schema, owner, kind, position } of typeUsers(context))
    yield [DB, schema, owner, kind, String(position)];
}

const COLLATIONS = ['default', 'C', 'POSIX', 'ucs_basic'] as const;

export const informationTypeViews: readonly VirtualTable[] = [
  view(
    IS,
    'domains',
    `domain_catalog name, domain_schema name, domain_name name, data_type varchar, character_maximum_length int4, character_octet_length int4, ${CHARACTER_SET_COLUMNS}, ${NUMBER_COLUMNS}, domain_default text, udt_catalog name, udt_schema name, udt_name name, ${SCOPE_COLUMNS}`,
    domainRows,
  ),
  view(
    IS,
    'domain_constraints',
    'constraint_catalog name, constraint_schema name, constraint_name name, domain_catalog name, domain_schema name, domain_name name, is_deferrable varchar, initially_deferred varchar',
    domainConstraintRows,
  ),
  view(
    IS,
    'domain_udt_usage',
    'udt_catalog name, udt_schema name, udt_name name, domain_catalog name, domain_schema name, domain_name name',
    domainUdtRows,
  ),
  view(
    IS,
    'attributes',
    `udt_catalog name, udt_schema name, udt_name name, attribute_name name, ordinal_position int4, attribute_default text, is_nullable varchar, data_type varchar, character_maximum_length int4, character_octet_length int4, ${CHARACTER_SET_COLUMNS}, ${NUMBER_COLUMNS}, attribute_udt_catalog name, attribute_udt_schema name, attribute_udt_name name, ${SCOPE_COLUMNS}, is_derived_reference_attribute varchar`,
    attributeRows,
  ),
  view(
    IS,
    'user_defined_types',
    `user_defined_type_catalog name, user_defined_type_schema name, user_defined_type_name name, user_defined_type_category varchar, is_instantiable varchar, is_final varchar, ordering_form varchar, ordering_category varchar, ordering_routine_catalog name, ordering_routine_schema name, ordering_routine_name name, reference_type varchar, data_type varchar, character_maximum_length int4, character_octet_length int4, ${CHARACTER_SET_COLUMNS}, ${NUMBER_COLUMNS}, source_dtd_identifier name, ref_dtd_identifier name`,
    userTypeRows,
  ),
  view(
    IS,
    'element_types',
    `object_catalog name, object_schema name, object_name name, object_type varchar, collection_type_identifier name, data_type varchar, character_maximum_length int4, character_octet_length int4, ${CHARACTER_SET_COLUMNS}, ${NUMBER_COLUMNS}, udt_catalog name, udt_schema name, udt_name name, ${SCOPE_COLUMNS}`,
    elementRows,
  ),
  view(
    IS,
    'column_udt_usage',
    'udt_catalog name, udt_schema name, udt_name name, table_catalog name, table_schema name, table_name name, column_name name',
    columnTypeRows,
  ),
  view(
    IS,
    'column_domain_usage',
    'domain_catalog name, domain_schema name, domain_name name, table_catalog name, table_schema name, table_name name, column_name name',
    columnDomainRows,
  ),
  view(
    IS,
    'data_type_privileges',
    'object_catalog name, object_schema name, object_name name, object_type varchar, dtd_identifier name',
    dataTypePrivilegeRows,
  ),
  view(
    IS,
    'character_sets',
    'character_set_catalog name, character_set_schema name, character_set_name name, character_repertoire name, form_of_use name, default_collate_catalog name, default_collate_schema name, default_collate_name name',
    () => [[null, null, 'UTF8', 'UCS', 'UTF8', DB, 'pg_catalog', 'C']],
  ),
  view(
    IS,
    'collations',
    'collation_catalog name, collation_schema name, collation_name name, pad_attribute varchar',
    () => COLLATIONS.map((name) => [DB, 'pg_catalog', name, 'NO PAD']),
  ),
  view(
    IS,
    'collation_character_set_applicability',
    'collation_catalog name, collation_schema name, collation_name name, character_set_catalog name, character_set_schema name, character_set_name name',
    () => COLLATIONS.map((name) => [DB, 'pg_catalog', name, null, null, 'UTF8']),
  ),
];
