/** pg_proc, pg_language and information_schema's routines and parameters: built-in functions and those of the catalogue. */
import { ACCESS_KINDS } from '../../catalog/access-list.ts';
import { inputParameters, type RoutineDef } from '../../catalog/routines.ts';
import type { VirtualTable } from '../../plan/logical.ts';
import { typeIn } from '../../sql/bind/routine-lookup.ts';
import { SqlArray } from '../../types/array.ts';
import { catalogVector } from '../../types/catalog-vectors.ts';
import type { Datum } from '../../types/vector.ts';
import { accessList, ownerOf } from './access-lists.ts';
import { type BuiltIn, builtinRoutines } from './builtin-routines.ts';
import { type VirtualContext, view } from './define.ts';
import { dataTypeOf, schemaOfType } from './information-types.ts';
import { INFORMATION_SCHEMA_ID, OWNER_ID, OWNER_NAME, PG_CATALOG_ID } from './object-ids.ts';
import { schemaId } from './pg-relations.ts';
import { modeLetters, routineSql, variadicElement } from './routine-definition.ts';
import { typeFunctions } from './type-facts.ts';

type Row = readonly Datum[];

const INTERNAL_LANGUAGE = 12;
const SQL_LANGUAGE = 14;

const COLUMNS =
  'oid oid, proname name, pronamespace oid, proowner oid, prolang oid, procost float4, prorows float4, provariadic oid, ' +
  'prosupport regproc, prokind char, prosecdef bool, proleakproof bool, proisstrict bool, proretset bool, provolatile char, ' +
  'proparallel char, pronargs int2, pronargdefaults int2, prorettype oid, proargtypes oidvector, proallargtypes _oid, ' +
  'proargmodes _char, proargnames _text, proargdefaults text, protrftypes _oid, prosrc text, probin text, prosqlbody text, ' +
  'proconfig _text, proacl _text';

/** What types are read and written with, as functions. */
function* typeRoutines(): Iterable<BuiltIn> {
  const base = { kind: 'f', isStrict: true, isSet: false, volatility: 'i', variadic: 0 };
  for (const one of typeFunctions()) yield { ...base, ...one };
}

function* procRows({ catalog }: VirtualContext): Iterable<Row> {
  for (const fn of [...builtinRoutines(), ...typeRoutines()])
    yield [
      fn.oid,
      fn.name.slice(fn.name.indexOf('.') + 1),
      fn.name.startsWith('information_schema.') ? INFORMATION_SCHEMA_ID : PG_CATALOG_ID,
      OWNER_ID,
      INTERNAL_LANGUAGE,
      1,
      fn.isSet ? 1000 : 0,
      fn.variadic,
      0,
      fn.kind,
      false,
      false,
      fn.isStrict,
      fn.isSet,
      fn.volatility,
      's',
      fn.args.length,
      0,
      fn.returns,
      catalogVector(fn.args),
      null,
      null,
      null,
      null,
      null,
      fn.name,
      null,
      null,
      null,
      null,
    ];
  for (const routine of catalog.routines.values()) yield routineRow(catalog, routine);
}

function routineRow(catalog: VirtualContext['catalog'], routine: RoutineDef): Row {
  const inputs = inputParameters(routine);
  const modes = modeLetters(routine);
  const hasNames = routine.parameters.some(({ name }) => name !== null);
  const defaults = inputs.filter(({ defaultSql }) => defaultSql !== null);
  const settings = Object.entries(routine.settings).map(([name, value]) => `${name}=${value}`);
  const { parameters } = routine;
  const isAggregate = routine.kind === 'aggregate';
  return [
    routine.id,
    routine.name,
    schemaId(catalog, routine.schema),
    ownerOf(catalog, routine.id),
    isAggregate ? INTERNAL_LANGUAGE : SQL_LANGUAGE,
    routine.cost ?? (isAggregate ? 1 : 100),
    routine.returnsSet ? (routine.rows ?? 1000) : 0,
    variadicElement(catalog, routine),
    0,
    PROKINDS[routine.kind],
    routine.isSecurityDefiner,
    routine.isLeakproof,
    routine.isStrict,
    routine.returnsSet,
    routine.volatility[0] ?? 'v',
    routine.parallel[0] ?? 'u',
    inputs.length,
    defaults.length,
    routine.returnTypeId,
    catalogVector(inputs.map(({ typeId }) => typeId)),
    modes === null ? null : SqlArray.of(parameters.map(({ typeId }) => typeId)),
    modes === null ? null : SqlArray.of([...modes]),
    hasNames ? SqlArray.of(parameters.map(({ name }) => name ?? '')) : null,
    defaults.length === 0 ? null : defaults.map(({ defaultSql }) => defaultSql).join(', '),
    null,
    sourceOf(routine),
    null,
    routine.bodyForm === 'text' ? null : routine.body,
    settings.length === 0 ? null : SqlArray.of(settings),
    accessList(catalog, routine.id, ACCESS_KINDS.routine),
  ];
}

function sourceOf({ kind, body, bodyForm }: RoutineDef): string {
  if (kind === 'aggregate') return 'aggregate_dummy';
  return bodyForm === 'text' ? body : '';
}

const PROKINDS = { function: 'f', procedure: 'p', aggregate: 'a' } as const;

const DB = OWNER_NAME;

/** module_catalog .. module_name and udt_catalog .. udt_name: the standard's, of no meaning here. */
const NO_MODULE: readonly null[] = new Array<null>(6).fill(null);
/** Lengths, character set, collation and precisions of a parameter's or result's type: PostgreSQL lists none. */
const NO_MEASURES: readonly null[] = new Array<null>(14).fill(null);
const NO_SCOPE: readonly null[] = new Array<null>(4).fill(null);

function* routineRows({ catalog }: VirtualContext): Iterable<Row> {
  for (const routine of catalog.routines.values()) {
    const isFunction = routine.kind !== 'procedure';
    const type = isFunction ? typeIn(catalog, routine.returnTypeId) : undefined;
    yield [
      DB,
      routine.schema,
      `${routine.name}_${routine.id}`,
      DB,
      routine.schema,
      routine.name,
      routine.kind === 'aggregate' ? null : routine.kind.toUpperCase(),
      ...NO_MODULE,
      type === undefined ? null : dataTypeOf(type),
      ...NO_MEASURES,
      type === undefined ? null : DB,
      type === undefined ? null : schemaOfType(catalog, type),
      type?.name ?? null,
      ...NO_SCOPE,
      type === undefined ? null : '0',
      routine.kind === 'aggregate' ? 'EXTERNAL' : 'SQL',
      routine.bodyForm === 'text' ? sourceOf(routine) : routineSql(catalog, routine),
      null,
      routine.kind === 'aggregate' ? 'INTERNAL' : 'SQL',
      'GENERAL',
      routine.volatility === 'immutable' ? 'YES' : 'NO',
      'MODIFIES',
      isFunction ? (routine.isStrict ? 'YES' : 'NO') : null,
      null,
      'YES',
      0,
      null,
      null,
      routine.isSecurityDefiner ? 'DEFINER' : 'INVOKER',
      null,
      null,
      null,
      'NO',
      null,
      null,
      null,
      'NO',
      ...new Array<null>(24).fill(null),
    ];
  }
}

const PARAMETER_MODES = { in: 'IN', variadic: 'IN', out: 'OUT', inout: 'INOUT', table: 'OUT' } as const;

function* parameterRows({ catalog }: VirtualContext): Iterable<Row> {
  for (const routine of catalog.routines.values())
    for (const [i, one] of routine.parameters.entries()) {
      const type = typeIn(catalog, one.typeId);
      if (type === undefined) continue;
      yield [
        DB,
        routine.schema,
        `${routine.name}_${routine.id}`,
        i + 1,
        PARAMETER_MODES[one.mode],
        'NO',
        'NO',
        one.name,
        dataTypeOf(type),
        ...NO_MEASURES,
        DB,
        schemaOfType(catalog, type),
        type.name,
        ...NO_SCOPE,
        String(i + 1),
        one.defaultSql,
      ];
    }
}

const MEASURE_COLUMNS =
  'character_maximum_length int4, character_octet_length int4, character_set_catalog name, character_set_schema name, ' +
  'character_set_name name, collation_catalog name, collation_schema name, collation_name name, numeric_precision int4, ' +
  'numeric_precision_radix int4, numeric_scale int4, datetime_precision int4, interval_type varchar, interval_precision int4';
const SCOPE_COLUMNS =
  'scope_catalog name, scope_schema name, scope_name name, maximum_cardinality int4, dtd_identifier name';
const RESULT_CAST_COLUMNS =
  'result_cast_from_data_type varchar, result_cast_as_locator varchar, result_cast_char_max_length int4, ' +
  'result_cast_char_octet_length int4, result_cast_char_set_catalog name, result_cast_char_set_schema name, ' +
  'result_cast_char_set_name name, result_cast_collation_catalog name, result_cast_collation_schema name, ' +
  'result_cast_collation_name name, result_cast_numeric_precision int4, result_cast_numeric_precision_radix int4, ' +
  'result_cast_numeric_scale int4, result_cast_datetime_precision int4, result_cast_interval_type varchar, ' +
  'result_cast_interval_precision int4, result_cast_type_udt_catalog name, result_cast_type_udt_schema name, ' +
  'result_cast_type_udt_name name, result_cast_scope_catalog name, result_cast_scope_schema name, result_cast_scope_name name, ' +
  'result_cast_maximum_cardinality int4, result_cast_dtd_identifier name';

export const procViews: readonly VirtualTable[] = [
  view('pg_catalog', 'pg_proc', COLUMNS, procRows),
  view(
    'pg_catalog',
    'pg_language',
    'oid oid, lanname name, lanowner oid, lanispl bool, lanpltrusted bool, lanplcallfoid oid, laninline oid, lanvalidator oid, lanacl _text',
    () => [
      [INTERNAL_LANGUAGE, 'internal', OWNER_ID, false, false, 0, 0, 0, null],
      [SQL_LANGUAGE, 'sql', OWNER_ID, false, true, 0, 0, 0, null],
    ],
  ),
  view(
    'information_schema',
    'routines',
    'specific_catalog name, specific_schema name, specific_name name, routine_catalog name, routine_schema name, routine_name name, ' +
      'routine_type varchar, module_catalog name, module_schema name, module_name name, udt_catalog name, udt_schema name, udt_name name, ' +
      `data_type varchar, ${MEASURE_COLUMNS}, type_udt_catalog name, type_udt_schema name, type_udt_name name, ${SCOPE_COLUMNS}, ` +
      'routine_body varchar, routine_definition text, external_name varchar, external_language varchar, parameter_style varchar, ' +
      'is_deterministic varchar, sql_data_access varchar, is_null_call varchar, sql_path varchar, schema_level_routine varchar, ' +
      'max_dynamic_result_sets int4, is_user_defined_cast varchar, is_implicitly_invocable varchar, security_type varchar, ' +
      'to_sql_specific_catalog name, to_sql_specific_schema name, to_sql_specific_name name, as_locator varchar, created timestamptz, ' +
      `last_altered timestamptz, new_savepoint_level varchar, is_udt_dependent varchar, ${RESULT_CAST_COLUMNS}`,
    routineRows,
  ),
  view(
    'information_schema',
    'parameters',
    'specific_catalog name, specific_schema name, specific_name name, ordinal_position int4, parameter_mode varchar, is_result varchar, ' +
      `as_locator varchar, parameter_name name, data_type varchar, ${MEASURE_COLUMNS}, udt_catalog name, udt_schema name, udt_name name, ` +
      `${SCOPE_COLUMNS}, parameter_default text`,
    parameterRows,
  ),
];
