/** pg_namespace, pg_type, pg_database, pg_roles, pg_settings, pg_proc and other small catalogues. */
import { ACCESS_KINDS } from '../../catalog/access-list.ts';
import { relationRowType } from '../../catalog/row-types.ts';
import type { DomainForm } from '../../catalog/schema.ts';
import type { VirtualTable } from '../../plan/logical.ts';
import { narrow } from '../../types/decimal.ts';
import { builtinTypes } from '../../types/registry.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { Datum } from '../../types/vector.ts';
import { kindOfObject } from '../ddl/grants.ts';
import { isIdleSetting } from '../settings/catalogue.ts';
import { accessList, ownerOf } from './access-lists.ts';
import { sessionView, type VirtualContext, view } from './define.ts';
import { INFORMATION_SCHEMA_ID, OWNER_ID, OWNER_NAME, PG_CATALOG_ID, SYS_SCHEMA_ID } from './object-ids.ts';
import {
  ACCESS_METHODS,
  collationOf,
  domainConstraintId,
  materialisedTables,
  schemaId,
} from './pg-relations.ts';
import { typeFacts } from './type-facts.ts';

type Row = readonly Datum[];

function* namespaceRows({ catalog }: VirtualContext): Iterable<Row> {
  yield [PG_CATALOG_ID, 'pg_catalog', OWNER_ID, null];
  yield [INFORMATION_SCHEMA_ID, 'information_schema', OWNER_ID, null];
  yield [SYS_SCHEMA_ID, 'sys', OWNER_ID, null];
  for (const { id, name } of catalog.schemas.values())
    yield [id, name, ownerOf(catalog, id), accessList(catalog, id, kindOfObject(catalog, id))];
}

const TYPE_COLUMNS =
  'oid oid, typname name, typnamespace oid, typowner oid, typlen int2, typbyval bool, typtype char, typcategory char, ' +
  'typispreferred bool, typisdefined bool, typdelim char, typrelid oid, typsubscript regproc, typelem oid, typarray oid, ' +
  'typinput regproc, typoutput regproc, typreceive regproc, typsend regproc, typmodin regproc, typmodout regproc, ' +
  'typanalyze regproc, typalign char, typstorage char, typnotnull bool, typbasetype oid, typtypmod int4, typndims int4, ' +
  'typcollation oid, typdefaultbin text, typdefault text, typacl _text';

const typeLetters = {
  base: 'b',
  array: 'b',
  pseudo: 'p',
  enum: 'e',
  domain: 'd',
  composite: 'c',
  range: 'r',
  multirange: 'm',
} as const;

/** What a type of the catalogue has besides. */
interface TypeExtras {
  readonly relation?: number;
  readonly owner?: number;
  readonly access?: Datum;
  readonly domain?: DomainForm;
}

function typeRow(type: SqlType, namespace: number, extras: TypeExtras = {}): Row {
  const { domain } = extras;
  const { length, isByValue, align, storage, functions } = typeFacts(type);
  const [input = 0, output = 0, receive = 0, send = 0, modIn = 0, modOut = 0] = functions;
  return [
    type.oid,
    type.name,
    namespace,
    extras.owner ?? OWNER_ID,
    length,
    isByValue,
    typeLetters[type.kind],
    type.category,
    type.isPreferred,
    true,
    type.name === 'box' || type.name === '_box' ? ';' : ',',
    extras.relation ?? 0,
    0,
    type.elementType?.oid ?? 0,
    type.arrayType?.oid ?? 0,
    input,
    output,
    receive,
    send,
    modIn,
    modOut,
    0,
    align,
    storage,
    domain?.notNull ?? false,
    type.baseType?.oid ?? 0,
    domain?.typmod ?? -1,
    0,
    collationOf(type),
    null,
    domain?.defaultSql ?? null,
    extras.access ?? null,
  ];
}

function* typeRows({ catalog }: VirtualContext): Iterable<Row> {
  for (const type of builtinTypes()) yield typeRow(type, PG_CATALOG_ID);
  for (const def of catalog.types.values()) {
    const type = catalog.userType(def.id);
    if (type === undefined) continue;
    const owner = ownerOf(catalog, def.id);
    const access = accessList(catalog, def.id, ACCESS_KINDS.type);
    const domain = def.form.kind === 'domain' ? def.form : undefined;
    yield typeRow(type, schemaId(catalog, def.schema), {
      owner,
      access,
      // A composite type is a relation of its own, of the same number.
      ...(def.form.kind === 'composite' ? { relation: def.id } : {}),
      ...(domain === undefined ? {} : { domain }),
    });
    if (type.arrayType !== null) yield typeRow(type.arrayType, schemaId(catalog, def.schema), { owner });
  }
  const materialised = materialisedTables(catalog);
  for (const relation of [...catalog.tables.values(), ...catalog.views.values()]) {
    if (materialised.has(relation.id)) continue;
    yield typeRow(relationRowType(relation), schemaId(catalog, relation.schema), {
      relation: relation.id,
      owner: ownerOf(catalog, relation.id),
    });
  }
}

function* enumRows({ catalog }: VirtualContext): Iterable<Row> {
  for (const def of catalog.types.values()) {
    if (def.form.kind !== 'enum') continue;
    let number = 0;
    for (const { label, order } of def.form.labels) yield [def.id * 1024 + ++number, def.id, order, label];
  }
}

function kindOfSetting(initial: string): string {
  if (initial === 'on' || initial === 'off') return 'bool';
  return /^-?\d+$/.test(initial) ? 'integer' : /^-?\d+\.\d+$/.test(initial) ? 'real' : 'string';
}

function* settingRows({ settings }: VirtualContext): Iterable<Row> {
  for (const { definition, value } of settings.all()) {
    if (isIdleSetting(definition.name)) continue;
    const context = definition.isReadOnly ? 'internal' : 'user';
    yield [
      definition.name,
      value,
      null,
      'DecentDB',
      definition.description,
      null,
      context,
      kindOfSetting(definition.initial),
      value === definition.initial ? 'default' : 'session',
      null,
      null,
      null,
      definition.initial,
      definition.initial,
      null,
      null,
      false,
    ];
  }
}

function* descriptionRows({ catalog }: VirtualContext): Iterable<Row> {
  const classId = 1259;
  for (const table of catalog.tables.values()) {
    if (table.comment !== null) yield [table.id, classId, 0, table.comment];
    for (const c of table.columns) if (c.comment !== null) yield [table.id, classId, c.attnum, c.comment];
    for (const index of table.indexes)
      if (index.comment !== null) yield [index.id, classId, 0, index.comment];
    for (const c of table.constraints) if (c.comment !== null) yield [c.id, 2606, 0, c.comment];
  }
  for (const v of catalog.views.values()) {
    if (v.comment !== null) yield [v.id, classId, 0, v.comment];
    yield* partRows(v.id, v.columns);
  }
  for (const owner of [...catalog.tables.values(), ...catalog.views.values()])
    for (const { id, comment } of owner.triggers)
      if (comment !== undefined) yield [id, TRIGGER_CLASS, 0, comment];
  for (const s of catalog.sequences.values()) if (s.comment !== null) yield [s.id, classId, 0, s.comment];
  for (const r of catalog.routines.values()) if (r.comment !== null) yield [r.id, 1255, 0, r.comment];
  for (const s of catalog.schemas.values()) if (s.comment !== null) yield [s.id, 2615, 0, s.comment];
  for (const t of catalog.types.values()) {
    if (t.comment !== null) yield [t.id, 1247, 0, t.comment];
    if (t.form.kind === 'composite') yield* partRows(t.id, t.form.fields);
    if (t.form.kind !== 'domain') continue;
    for (const [i, { comment }] of t.form.checks.entries())
      if (comment !== undefined) yield [domainConstraintId(t, i), 2606, 0, comment];
  }
}

const TRIGGER_CLASS = 2620;

function* partRows(id: number, parts: readonly { readonly comment?: string }[]): Iterable<Row> {
  for (const [i, { comment }] of parts.entries()) if (comment !== undefined) yield [id, 1259, i + 1, comment];
}

function* sequenceRows({ catalog, sequenceValue }: VirtualContext): Iterable<Row> {
  for (const s of catalog.sequences.values()) {
    const { lastValue, isCalled } = sequenceValue(s);
    yield [
      s.schema,
      s.name,
      OWNER_NAME,
      s.type.oid,
      s.start,
      s.min,
      s.max,
      s.increment,
      s.cycle,
      s.cache,
      isCalled ? narrow(lastValue) : null,
    ];
  }
}

function* pgSequenceRows({ catalog }: VirtualContext): Iterable<Row> {
  for (const s of catalog.sequences.values())
    yield [s.id, s.type.oid, s.start, s.increment, s.max, s.min, s.cache, s.cycle];
}

const SEQUENCE_COLUMNS =
  'schemaname name, sequencename name, sequenceowner name, data_type regtype, start_value int8, min_value int8, ' +
  'max_value int8, increment_by int8, cycle bool, cache_size int8, last_value int8';

export const objectViews: readonly VirtualTable[] = [
  view('pg_catalog', 'pg_namespace', 'oid oid, nspname name, nspowner oid, nspacl _text', namespaceRows),
  view('pg_catalog', 'pg_type', TYPE_COLUMNS, typeRows),
  view('pg_catalog', 'pg_enum', 'oid oid, enumtypid oid, enumsortorder float4, enumlabel name', enumRows),
  view(
    'pg_catalog',
    'pg_settings',
    'name text, setting text, unit text, category text, short_desc text, extra_desc text, context text, vartype text, source text, ' +
      'min_val text, max_val text, enumvals _text, boot_val text, reset_val text, sourcefile text, sourceline int4, pending_restart bool',
    settingRows,
  ),
  view(
    'pg_catalog',
    'pg_description',
    'objoid oid, classoid oid, objsubid int4, description text',
    descriptionRows,
  ),
  sessionView('pg_catalog', 'pg_sequences', SEQUENCE_COLUMNS, sequenceRows),
  view(
    'pg_catalog',
    'pg_sequence',
    'seqrelid oid, seqtypid oid, seqstart int8, seqincrement int8, seqmax int8, seqmin int8, seqcache int8, seqcycle bool',
    pgSequenceRows,
  ),
  // There are no handlers to name.
  view('pg_catalog', 'pg_am', 'oid oid, amname name, amhandler regproc, amtype char', () => [
    [2, 'heap', 0, 't'],
    ...ACCESS_METHODS.map(([id, name]) => [id, name, 0, 'i']),
  ]),
];
