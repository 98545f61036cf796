/**
 * Session and system information, settings, sequences, enums, and functions about values of any type.
 *
 * What the session knows comes through `context.service(name, args)`; the service names used are listed in SERVICES.
 */
import { DecentDbError } from '../base/errors.ts';
import { SqlArray } from '../types/array.ts';
import { Decimal } from '../types/decimal.ts';
import { formattedType } from '../types/format-type.ts';
import { datumBytes } from '../types/object-bytes.ts';
import { Oid as T } from '../types/oids.ts';
import { typeByName, typeByOid } from '../types/registry.ts';
import { domainBase, type SqlType } from '../types/sql-type.ts';
import type { Datum } from '../types/vector.ts';
import { fn, overloads } from './define.ts';
import type { ScalarFunction } from './function.ts';

const { text, name, int4, int8, bool, oid, regclass, regtype, numeric, nameArray } = T;
const stable = { volatility: 'stable' } as const;
const volatile = { volatility: 'volatile' } as const;

function unspecialized(): never {
  throw new TypeError('a polymorphic function was called before it was specialised');
}

/** Functions that hand their arguments to the session: name, arguments, result, what it gives, and whether NULLs go along. */
type Service = readonly [
  name: string,
  args: readonly number[],
  returns: number,
  description: string,
  volatility: 'stable' | 'volatile',
];

/** Names the session must answer in `EvalContext.service`. */
export const SERVICES: readonly Service[] = [
  ['version', [], text, 'Version of the engine.', 'stable'],
  ['current_database', [], name, 'Name of the database.', 'stable'],
  ['current_catalog', [], name, 'Name of the database.', 'stable'],
  ['current_schema', [], name, 'First schema of the search path.', 'stable'],
  ['current_schemas', [bool], nameArray, 'Schemas of the search path, implicit ones if asked for.', 'stable'],
  ['current_user', [], name, 'Name of the user.', 'stable'],
  ['session_user', [], name, 'Name of the user.', 'stable'],
  ['user', [], name, 'Name of the user.', 'stable'],
  ['current_role', [], name, 'Name of the user.', 'stable'],
  ['current_query', [], text, 'Text of the running statement.', 'volatile'],
  ['pg_backend_pid', [], int4, 'Number of the process.', 'stable'],
  ['pg_postmaster_start_time', [], T.timestamptz, 'When the database was opened.', 'stable'],
  ['txid_current', [], int8, 'Number of the transaction.', 'stable'],
  ['nextval', [regclass], int8, 'Advances a sequence and gives its value.', 'volatile'],
  ['currval', [regclass], int8, 'Value nextval last gave for a sequence in this session.', 'volatile'],
  ['lastval', [], int8, 'Value nextval last gave in this session.', 'volatile'],
  ['setval', [regclass, int8], int8, 'Sets a sequence.', 'volatile'],
  [
    'setval',
    [regclass, int8, bool],
    int8,
    'Sets a sequence; false: the next value is the given one.',
    'volatile',
  ],
  ['pg_get_serial_sequence', [text, text], text, 'Sequence of a serial or identity column.', 'stable'],
  ['pg_get_expr', [T.text, oid], text, 'Text of a stored expression.', 'stable'],
  ['pg_get_expr', [T.text, oid, bool], text, 'Text of a stored expression.', 'stable'],
  ['pg_get_constraintdef', [oid], text, 'Definition of a constraint.', 'stable'],
  ['pg_get_constraintdef', [oid, bool], text, 'Definition of a constraint.', 'stable'],
  ['pg_get_indexdef', [oid], text, 'Definition of an index.', 'stable'],
  ['pg_get_indexdef', [oid, int4, bool], text, 'Definition of an index or one of its columns.', 'stable'],
  ['pg_get_partkeydef', [oid], text, 'Key of a partitioned table.', 'stable'],
  ['pg_get_partition_constraintdef', [oid], text, 'What the bounds of a partition ask.', 'stable'],
  ['pg_partition_root', [regclass], regclass, 'The topmost table a partition is part of.', 'stable'],
  ['pg_get_viewdef', [oid], text, 'Query of a view.', 'stable'],
  ['pg_get_viewdef', [oid, bool], text, 'Query of a view.', 'stable'],
  ['pg_get_viewdef', [text], text, 'Query of a view.', 'stable'],
  ['pg_get_viewdef', [text, bool], text, 'Query of a view.', 'stable'],
  ['pg_get_triggerdef', [oid], text, 'Definition of a trigger.', 'stable'],
  ['pg_get_triggerdef', [oid, bool], text, 'Definition of a trigger.', 'stable'],
  ['pg_get_ruledef', [oid], text, 'Definition of a rule.', 'stable'],
  ['pg_get_ruledef', [oid, bool], text, 'Definition of a rule.', 'stable'],
  ['pg_get_statisticsobjdef_columns', [oid], text, 'Columns of extended statistics.', 'stable'],
  [
    'pg_relation_is_updatable',
    [regclass, bool],
    int4,
    'Bits of what may be changed in a relation.',
    'stable',
  ],
  ['pg_column_is_updatable', [regclass, T.int2, bool], bool, 'Whether a column may be changed.', 'stable'],
  ['pg_relation_is_publishable', [regclass], bool, 'Whether a relation could be published.', 'stable'],
  ['pg_tablespace_location', [oid], text, 'Where a tablespace is.', 'stable'],
  ['pg_ts_config_is_visible', [oid], bool, 'Whether a configuration is found without its schema.', 'stable'],
  ['pg_opclass_is_visible', [oid], bool, 'Whether an operator class is found without its schema.', 'stable'],
  [
    'pg_opfamily_is_visible',
    [oid],
    bool,
    'Whether an operator family is found without its schema.',
    'stable',
  ],
  ['pg_operator_is_visible', [oid], bool, 'Whether an operator is found without its schema.', 'stable'],
  ['pg_collation_is_visible', [oid], bool, 'Whether a collation is found without its schema.', 'stable'],
  ['pg_conversion_is_visible', [oid], bool, 'Whether a conversion is found without its schema.', 'stable'],
  ['pg_ts_dict_is_visible', [oid], bool, 'Whether a dictionary is found without its schema.', 'stable'],
  ['pg_ts_parser_is_visible', [oid], bool, 'Whether a parser is found without its schema.', 'stable'],
  ['pg_ts_template_is_visible', [oid], bool, 'Whether a template is found without its schema.', 'stable'],
  [
    'pg_statistics_obj_is_visible',
    [oid],
    bool,
    'Whether a statistics object is found without its schema.',
    'stable',
  ],
  ['pg_describe_object', [oid, oid, int4], text, 'What an object is called.', 'stable'],
  ['pg_tablespace_size', [oid], int8, 'Bytes of a tablespace.', 'volatile'],
  ['pg_tablespace_size', [name], int8, 'Bytes of a tablespace.', 'volatile'],
  ['pg_get_functiondef', [oid], text, 'Definition of a function.', 'stable'],
  ['pg_get_function_arguments', [oid], text, 'Arguments of a function, with defaults.', 'stable'],
  ['pg_get_function_identity_arguments', [oid], text, 'Arguments of a function, without defaults.', 'stable'],
  ['pg_get_function_result', [oid], text, 'Result of a function.', 'stable'],
  ['pg_get_function_sqlbody', [oid], text, 'Body of a function in SQL.', 'stable'],
  ['pg_get_userbyid', [oid], name, 'Name of a role.', 'stable'],
  ['pg_relation_size', [regclass], int8, 'Bytes of a table or index.', 'volatile'],
  ['pg_relation_size', [regclass, text], int8, 'Bytes of one part of a table or index.', 'volatile'],
  ['pg_table_size', [regclass], int8, 'Bytes of a table.', 'volatile'],
  ['pg_indexes_size', [regclass], int8, 'Bytes of the indexes of a table.', 'volatile'],
  ['pg_total_relation_size', [regclass], int8, 'Bytes of a table with its indexes.', 'volatile'],
  ['pg_database_size', [name], int8, 'Bytes of the database.', 'volatile'],
  ['obj_description', [oid, name], text, 'Comment on an object.', 'stable'],
  ['obj_description', [oid], text, 'Comment on an object.', 'stable'],
  ['col_description', [oid, int4], text, 'Comment on a column.', 'stable'],
  ['shobj_description', [oid, name], text, 'Comment on a shared object.', 'stable'],
  ['pg_table_is_visible', [oid], bool, 'Whether a table is found without its schema.', 'stable'],
  ['pg_type_is_visible', [oid], bool, 'Whether a type is found without its schema.', 'stable'],
  ['pg_function_is_visible', [oid], bool, 'Whether a function is found without its schema.', 'stable'],
  ['to_regclass', [text], regclass, 'Oid of a relation, or NULL.', 'stable'],
  ['to_regproc', [text], T.regproc, 'Oid of a function, or NULL.', 'stable'],
  ['to_regprocedure', [text], T.regprocedure, 'Oid of a function by its argument types, or NULL.', 'stable'],
  ['to_regtype', [text], regtype, 'Oid of a type, or NULL.', 'stable'],
  ['to_regoper', [text], T.regoper, 'Oid of an operator, or NULL.', 'stable'],
  ['to_regoperator', [text], T.regoperator, 'Oid of an operator by its operand types, or NULL.', 'stable'],
  ['to_regnamespace', [text], T.regnamespace, 'Oid of a schema, or NULL.', 'stable'],
  ['to_regrole', [text], T.regrole, 'Oid of a role, or NULL.', 'stable'],
  ['to_regcollation', [text], T.regcollation, 'Oid of a collation, or NULL.', 'stable'],
  ...advisoryLocks(),
  ['pg_notify', [text, text], T.void, 'Sends a notification.', 'volatile'],
];

/** Each with one number of 64 bits, or two of 32. */
function advisoryLocks(): readonly Service[] {
  const kinds = ['lock', 'lock_shared', 'xact_lock', 'xact_lock_shared'];
  const what = 'an advisory lock';
  const listed = [
    ...kinds.map(
      (kind) => [`pg_advisory_${kind}`, T.void, `Takes ${what}; fails if another has it.`] as const,
    ),
    ...kinds.map((kind) => [`pg_try_advisory_${kind}`, bool, `Takes ${what} if it is free.`] as const),
    ['pg_advisory_unlock', bool, `Gives ${what} back.`] as const,
    ['pg_advisory_unlock_shared', bool, `Gives ${what} back.`] as const,
  ];
  return [
    ...listed.flatMap(([called, returns, description]) =>
      [[int8], [int4, int4]].map((args) => [called, args, returns, description, 'volatile'] as const),
    ),
    ['pg_advisory_unlock_all', [], T.void, 'Gives all advisory locks of the session back.', 'volatile'],
  ];
}

const services: readonly ScalarFunction[] = SERVICES.map(
  ([service, args, returns, description, volatility]) =>
    fn(service, args, returns, (c, ...values) => c.service(service, values), description, null, {
      volatility,
    }),
);

function settingOrNull(context: { setting(name: string): string }, setting: string): Datum {
  try {
    return context.setting(setting);
  } catch (error) {
    if (error instanceof DecentDbError && error.code === '42704') return null;
    throw error;
  }
}

const settings: readonly ScalarFunction[] = [
  ...overloads(
    'current_setting',
    'Value of a setting.',
    null,
    [
      [[text], text, (c, a: string) => c.setting(a)],
      [
        [text, bool],
        text,
        (c, a: string, missingOk: boolean) => (missingOk ? settingOrNull(c, a) : c.setting(a)),
      ],
    ],
    stable,
  ),
  fn(
    'set_config',
    [text, text, bool],
    text,
    (c, a: string, value: string | null, isLocal: boolean | null) => {
      if (a === null) throw new DecentDbError('22004', 'SET requires parameter name');
      c.setSetting(a, value ?? '', isLocal ?? false);
      return c.setting(a);
    },
    'Changes a setting and gives its new value.',
    null,
    { ...volatile, strict: false },
  ),
];

/** Functions that only look at the type of their argument. */
function ofType(
  functionName: string,
  args: readonly number[],
  returns: number,
  make: (types: readonly SqlType[]) => (...values: Datum[]) => Datum,
  description: string,
  example: readonly [string, string] | null,
  variadic = false,
): ScalarFunction {
  const shape = { ...stable, strict: false, ...(variadic ? { variadic: T.any, needsVariadic: true } : {}) };
  return fn(functionName, args, returns, unspecialized, description, example, {
    ...shape,
    specialize: (types, result) => {
      const compute = make(types);
      return fn(
        functionName,
        types.map((type) => type.oid),
        result.oid,
        (_, ...values) => compute(...values),
        description,
        null,
        { ...stable, strict: false },
      );
    },
  });
}

const aboutValues: readonly ScalarFunction[] = [
  ofType(
    'pg_typeof',
    [T.any],
    regtype,
    ([type]) =>
      () =>
        type!.oid,
    'Type of a value.',
    ['pg_typeof(1)', 'integer'],
  ),
  ofType(
    'num_nulls',
    [],
    int4,
    () =>
      (...values) =>
        values.filter((value) => value === null).length,
    'How many arguments are NULL.',
    ['num_nulls(1, NULL, 2)', '1'],
    true,
  ),
  ofType(
    'num_nonnulls',
    [],
    int4,
    () =>
      (...values) =>
        values.filter((value) => value !== null).length,
    'How many arguments are not NULL.',
    ['num_nonnulls(1, NULL, 2)', '2'],
    true,
  ),
  ofType(
    'pg_column_size',
    [T.any],
    int4,
    ([type]) =>
      (value) =>
        value === null ? null : datumBytes(value!, type!),
    'Bytes a value takes, roughly.',
    null,
  ),
  fn(
    'format_type',
    [oid, int4],
    text,
    (c, type: number | null, typmod: number | null) =>
      type === null ? null : formatType(type, typmod, (id) => c.service('typeName', [id, typmod])),
    'SQL name of a type.',
    ['format_type(1043, 14)', 'character varying(10)'],
    { ...stable, strict: false },
  ),
  fn(
    'pg_input_is_valid',
    [text, text],
    bool,
    (c, source: string, type: string) => inputError(source, type, c.typeSettings) === null,
    'Whether a text can be read as a type.',
    ["pg_input_is_valid('42', 'int4')", 't'],
    stable,
  ),
  ...overloads(
    'pg_size_pretty',
    'A number of bytes with a unit.',
    ['pg_size_pretty(123456::int8)', '121 kB'],
    [
      [[int8], text, (_, a: number | bigint) => prettySize(BigInt(a))],
      [[numeric], text, (_, a: Decimal) => prettyDecimalSize(a)],
    ],
  ),
  fn(
    'pg_client_encoding',
    [],
    name,
    () => 'UTF8',
    'Encoding of text.',
    ['pg_client_encoding()', 'UTF8'],
    stable,
  ),
  fn(
    'pg_is_in_recovery',
    [],
    bool,
    () => false,
    'Whether the database is recovering.',
    ['pg_is_in_recovery()', 'f'],
    volatile,
  ),
  fn(
    'pg_encoding_to_char',
    [int4],
    name,
    (_, a: number) => (a === 6 ? 'UTF8' : ''),
    'Name of an encoding.',
    ['pg_encoding_to_char(6)', 'UTF8'],
    stable,
  ),
];

const SMALL_SIZE = Decimal.fromInteger(10240);

/** A modifier that is not given asks for the name of the type as such. */
function formatType(type: number, typmod: number | null, ask: (oid: number) => Datum): Datum {
  const known = typeByOid(type);
  if (known === undefined) return ask(type);
  return typmod === null ? known.sqlName(-1) : formattedType(known, typmod);
}

export function inputError(
  source: string,
  typeName: string,
  typeSettings: Parameters<SqlType['input']>[2],
): DecentDbError | null {
  const match = /^\s*([^()]+?)\s*(?:\(\s*([\d\s,]+)\))?\s*((?:\[\])*)$/.exec(typeName.toLowerCase());
  if (typeName.trim() === '') throw new DecentDbError('42601', `invalid type name "${typeName}"`);
  const type = match === null ? undefined : typeByName(match[1]! + match[3]!);
  if (type === undefined) throw new DecentDbError('42704', `type "${typeName}" does not exist`);
  try {
    type.input(
      source,
      match![2] === undefined ? -1 : type.typmodIn(match![2].split(',').map(Number)),
      typeSettings,
    );
    return null;
  } catch (error) {
    if (error instanceof DecentDbError) return error;
    throw error;
  }
}

/** Below 10 kB a numeric keeps its fraction; NaN and infinities are sizes too. */
function prettyDecimalSize(bytes: Decimal): string {
  if (!bytes.isFinite) return `${bytes} PB`;
  if (bytes.abs().compare(SMALL_SIZE) < 0) return `${bytes} bytes`;
  return prettySize(bytes.truncate(0).big);
}

function prettySize(bytes: bigint): string {
  let amount = bytes < 0n ? -bytes : bytes;
  const sign = bytes < 0n ? '-' : '';
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'];
  let unit = 0;
  // Each unit is kept up to 10240 of it, then halves are rounded up.
  while (amount >= (unit === 0 ? 10240n : 20480n - 1n) && unit < units.length - 1) {
    amount = unit === 0 ? amount / 512n : amount / 1024n;
    unit++;
  }
  return `${sign}${unit === 0 ? amount : (amount + 1n) / 2n} ${units[unit]}`;
}

function labelCount(type: SqlType): number {
  return domainBase(type).labels?.length ?? 0;
}

/** Enum datums are sort positions: those of the labels in order. */
function positions(type: SqlType, typeSettings: Parameters<SqlType['input']>[2]): Datum[] {
  const base = domainBase(type);
  return (base.labels ?? []).map((label) => base.input(label, -1, typeSettings));
}

function onEnum(
  functionName: string,
  args: readonly number[],
  returns: number,
  compute: (all: Datum[], ...values: Datum[]) => Datum,
  description: string,
): ScalarFunction {
  return fn(functionName, args, returns, unspecialized, description, null, {
    strict: false,
    ...stable,
    specialize: (types, result) => {
      const type = types[0]!;
      return fn(
        functionName,
        types.map((each) => each.oid),
        result.oid,
        (c, ...values) =>
          labelCount(type) === 0 ? null : compute(positions(type, c.typeSettings), ...values),
        description,
        null,
        { ...stable, strict: false },
      );
    },
  });
}

const enums: readonly ScalarFunction[] = [
  onEnum('enum_first', [T.anyenum], T.anyenum, (all) => all[0]!, 'First value of an enum type.'),
  onEnum('enum_last', [T.anyenum], T.anyenum, (all) => all[all.length - 1]!, 'Last value of an enum type.'),
  onEnum('enum_range', [T.anyenum], T.anyarray, (all) => SqlArray.of(all), 'All values of an enum type.'),
  onEnum(
    'enum_range',
    [T.anyenum, T.anyenum],
    T.anyarray,
    (all, from, to) =>
      SqlArray.of(
        all.filter(
          (value) => ((from ?? null) === null || value! >= from!) && ((to ?? null) === null || value! <= to!),
        ),
      ),
    'Values of an enum type between two.',
  ),
];

export const systemFunctions: readonly ScalarFunction[] = [
  ...services,
  ...settings,
  ...aboutValues,
  ...enums,
];
