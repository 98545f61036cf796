/** The part of information_schema that tools and people use. */
import type {
  ColumnDef,
  ConstraintDef,
  ForeignKeyAction,
  SequenceDef,
  TableDef,
} from '../../catalog/schema.ts';
import type { VirtualTable } from '../../plan/logical.ts';
import { Oid } from '../../types/oids.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { Datum } from '../../types/vector.ts';
import { tablesOf, type VirtualContext, view } from './define.ts';
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
      yield [DB, v.schema, v.name, 'VIEW', null, null, null, null, null, 'NO', 'NO', null];
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

const integerBits: Readonly<Record<number, number>> = { [Oid.int2]: 16, [Oid.int4]: 32, [Oid.int8]: 64 };
const floatBits: Readonly<Record<number, number>> = { [Oid.float4]: 24, [Oid.float8]: 53 };
const timeTypes = new Set<number>([Oid.time, Oid.timetz, Oid.timestamp, Oid.timestamptz, Oid.interval]);

/** Lengths, precisions and scales of a type, as the standard lists them. */
function measures(type: SqlType, typmod: number): readonly Datum[] {
  const isChar = type.oid === Oid.varchar || type.oid === Oid.bpchar;
  const length = isChar && typmod >= 4 ? typmod - 4 : null;
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
    ? typmod >= 0
      ? typmod & 0xffff
      : 6
    : type.oid === Oid.date
      ? 0
      : null;
  return [length, octets, precision, radix, scale, time, null];
}

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
    schemaOf(type: SqlType): string;
  },
): Row {
  const { type, typmod } = c;
  const base = type.baseType ?? type;
  const dataType =
    type.elementType !== null
      ? 'ARRAY'
      : type.kind === 'enum' || type.kind === 'composite'
        ? 'USER-DEFINED'
        : base.sqlName(-1);
  return [
    DB,
    schema,
    relation,
    c.name,
    position,
    extra.generated ? null : extra.default,
    extra.nullable ? 'YES' : 'NO',
    dataType,
    ...measures(base, typmod),
    ...NOTHING.slice(0, 7),
    type.baseType === null ? null : DB,
    type.baseType === null ? null : extra.schemaOf(type),
    type.baseType === null ? null : type.name,
    DB,
    extra.schemaOf(base),
    base.name,
    ...NOTHING.slice(0, 4),
    String(position),
    'NO',
    ...identityOf(extra.identity, extra.sequence),
    extra.generated ? 'ALWAYS' : 'NEVER',
    extra.generated ? extra.default : null,
    extra.updatable ? 'YES' : 'NO',
  ];
}

const NOTHING: readonly null[] = new Array<null>(7).fill(null);

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

function* columnRows(context: VirtualContext): Iterable<Row> {
  const { catalog } = context;
  const schemaOf = (type: SqlType): string =>
    catalog.types.get(type.oid)?.schema ??
    catalog.types.get(type.elementType?.oid ?? 0)?.schema ??
    'pg_catalog';
  for (const table of tablesOf(context)) {
    if (isHidden(context, table)) continue;
    for (const c of table.columns) {
      if (c.isDropped) continue;
      yield columnRow(table.schema, table.name, c, c.attnum, {
        default: c.defaultSql,
        nullable: !c.notNull,
        identity: c.identity,
        generated: c.generated !== null,
        updatable: true,
        sequence: catalog.sequences.get(c.sequenceId ?? -1),
        schemaOf,
      });
    }
  }
  for (const v of context.catalog.views.values()) {
    if (v.materializedTableId !== null) continue;
    let position = 0;
    for (const c of v.columns)
      yield columnRow(v.schema, v.name, c, ++position, {
        default: null,
        nullable: true,
        identity: null,
        generated: false,
        updatable: false,
        sequence: undefined,
        schemaOf,
      });
  }
}

const kinds = {
  primaryKey: 'PRIMARY KEY',
  unique: 'UNIQUE',
  check: 'CHECK',
  foreignKey: 'FOREIGN KEY',
} as const;

function* constraintRows(context: VirtualContext): Iterable<Row> {
  for (const table of tablesOf(context)) {
    for (const c of table.constraints)
      yield [
        DB,
        table.schema,
        c.name,
        DB,
        table.schema,
        table.name,
        kinds[c.kind],
        c.deferrable ? 'YES' : 'NO',
        c.initiallyDeferred ? 'YES' : 'NO',
        'YES',
      ];
    for (const column of table.columns)
      if (column.notNull && !column.isDropped)
        yield [
          DB,
          table.schema,
          `${table.id}_${column.attnum}_not_null`,
          DB,
          table.schema,
          table.name,
          'CHECK',
          'NO',
          'NO',
          'YES',
        ];
  }
}

function* keyRows(context: VirtualContext): Iterable<Row> {
  for (const table of tablesOf(context)) {
    for (const c of table.constraints) {
      if (c.kind === 'check') continue;
      let position = 0;
      for (const column of c.columns) {
        position++;
        yield [
          DB,
          table.schema,
          c.name,
          DB,
          table.schema,
          table.name,
          table.columns[column]?.name ?? '?',
          position,
          c.kind === 'foreignKey' ? position : null,
        ];
      }
    }
  }
}

const rules: Readonly<Record<ForeignKeyAction, string>> = {
  noAction: 'NO ACTION',
  restrict: 'RESTRICT',
  cascade: 'CASCADE',
  setNull: 'SET NULL',
  setDefault: 'SET DEFAULT',
};

/** The key a foreign key refers to. */
function referencedKey(target: TableDef, columns: readonly number[]): ConstraintDef | undefined {
  const wanted = [...columns].sort().join();
  return target.constraints.find(
    (c) => (c.kind === 'primaryKey' || c.kind === 'unique') && [...c.columns].sort().join() === wanted,
  );
}

function* referentialRows(context: VirtualContext): Iterable<Row> {
  for (const table of tablesOf(context)) {
    for (const c of table.constraints) {
      if (c.kind !== 'foreignKey') continue;
      const target = context.catalog.table(c.targetTableId);
      const key = target === undefined ? undefined : referencedKey(target, c.targetColumns);
      yield [
        DB,
        table.schema,
        c.name,
        DB,
        target?.schema ?? null,
        key?.name ?? null,
        c.match === 'full' ? 'FULL' : 'NONE',
        rules[c.onUpdate],
        rules[c.onDelete],
      ];
    }
  }
}

function* columnUsageRows(context: VirtualContext): Iterable<Row> {
  for (const table of tablesOf(context)) {
    for (const c of table.constraints) {
      const owner = c.kind === 'foreignKey' ? context.catalog.table(c.targetTableId) : table;
      const columns = c.kind === 'foreignKey' ? c.targetColumns : c.kind === 'check' ? [] : c.columns;
      if (owner === undefined) continue;
      for (const column of columns)
        yield [DB, owner.schema, owner.name, owner.columns[column]?.name ?? '?', DB, table.schema, c.name];
    }
  }
}

function* viewRows({ catalog }: VirtualContext): Iterable<Row> {
  for (const v of catalog.views.values())
    if (v.materializedTableId === null)
      yield [
        DB,
        v.schema,
        v.name,
        v.sql,
        v.checkOption === null ? 'NONE' : v.checkOption.toUpperCase(),
        'NO',
        'NO',
      ];
}

function* schemaRows({ catalog }: VirtualContext): Iterable<Row> {
  for (const name of [
    'pg_catalog',
    'information_schema',
    'sys',
    ...[...catalog.schemas.values()].map((s) => s.name),
  ])
    yield [DB, name, OWNER_NAME];
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
  view(
    IS,
    'tables',
    'table_catalog name, table_schema name, table_name name, table_type varchar, self_referencing_column_name name, reference_generation varchar, user_defined_type_catalog name, user_defined_type_schema name, user_defined_type_name name, is_insertable_into varchar, is_typed varchar, commit_action varchar',
    tableRows,
  ),
  view(IS, 'columns', COLUMN_COLUMNS, columnRows),
  view(
    IS,
    'table_constraints',
    'constraint_catalog name, constraint_schema name, constraint_name name, table_catalog name, table_schema name, table_name name, constraint_type varchar, is_deferrable varchar, initially_deferred varchar, enforced varchar',
    constraintRows,
  ),
  view(
    IS,
    'key_column_usage',
    'constraint_catalog name, constraint_schema name, constraint_name name, table_catalog name, table_schema name, table_name name, column_name name, ordinal_position int4, position_in_unique_constraint int4',
    keyRows,
  ),
  view(
    IS,
    'referential_constraints',
    'constraint_catalog name, constraint_schema name, constraint_name name, unique_constraint_catalog name, unique_constraint_schema name, unique_constraint_name name, match_option varchar, update_rule varchar, delete_rule varchar',
    referentialRows,
  ),
  view(
    IS,
    'constraint_column_usage',
    'table_catalog name, table_schema name, table_name name, column_name name, constraint_catalog name, constraint_schema name, constraint_name name',
    columnUsageRows,
  ),
  view(
    IS,
    'views',
    'table_catalog name, table_schema name, table_name name, view_definition text, check_option varchar, is_updatable varchar, is_insertable_into varchar',
    viewRows,
  ),
  view(IS, 'schemata', 'catalog_name name, schema_name name, schema_owner name', schemaRows),
  view(
    IS,
    'sequences',
    'sequence_catalog name, sequence_schema name, sequence_name name, data_type varchar, numeric_precision int4, numeric_precision_radix int4, numeric_scale int4, start_value varchar, minimum_value varchar, maximum_value varchar, increment varchar, cycle_option varchar',
    sequenceRows,
  ),
];
