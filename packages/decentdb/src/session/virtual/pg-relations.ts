/** pg_class, pg_attribute, pg_attrdef, pg_index, pg_constraint and the views over them. */
import { ACCESS_KINDS } from '../../catalog/access-list.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { childrenOf, partitionedParent } from '../../catalog/family.ts';
import { boundSql } from '../../catalog/partitioning.ts';
import type {
  CompositeForm,
  ConstraintDef,
  ForeignKeyConstraint,
  IndexDef,
  TableDef,
  TypeDef,
  ViewDef,
} from '../../catalog/schema.ts';
import { viewAsTable } from '../../catalog/view-table.ts';
import type { VirtualTable } from '../../plan/logical.ts';
import { indexColumnNameOf } from '../../sql/bind/column-names.ts';
import { typeIn } from '../../sql/bind/routine-lookup.ts';
import { shownDefault, shownView } from '../../sql/bind/shown-definitions.ts';
import { parseExpression } from '../../sql/parse/parse.ts';
import { SqlArray } from '../../types/array.ts';
import { catalogVector } from '../../types/catalog-vectors.ts';
import { Oid } from '../../types/oids.ts';
import { domainBase, type SqlType } from '../../types/sql-type.ts';
import type { Datum } from '../../types/vector.ts';
import { roleNameOf } from '../ddl/role-names.ts';
import { accessList, ownerOf } from './access-lists.ts';
import { tablesOf, type VirtualContext, view } from './define.ts';
import { indexesShown, indexSql, withShownExpressions } from './definitions.ts';
import { constraintColumns } from './information-constraints.ts';
import { INFORMATION_SCHEMA_ID, PG_CATALOG_ID, SYS_SCHEMA_ID, systemViewId } from './object-ids.ts';
import { parentOfIndex, partitionsOf } from './pg-inherits.ts';
import { operatorClasses } from './pg-opclass.ts';
import { typeFacts } from './type-facts.ts';

type Row = readonly Datum[];

export function schemaId(catalog: Catalog, name: string): number {
  if (name === 'pg_catalog') return PG_CATALOG_ID;
  if (name === 'information_schema') return INFORMATION_SCHEMA_ID;
  if (name === 'sys') return SYS_SCHEMA_ID;
  return catalog.schema(name)?.id ?? 0;
}

const CLASS_COLUMNS =
  'oid oid, relname name, relnamespace oid, reltype oid, reloftype oid, relowner oid, relam oid, relfilenode oid, ' +
  'reltablespace oid, relpages int4, reltuples float4, relallvisible int4, reltoastrelid oid, relhasindex bool, ' +
  'relisshared bool, relpersistence char, relkind char, relnatts int2, relchecks int2, relhasrules bool, ' +
  'relhastriggers bool, relhassubclass bool, relrowsecurity bool, relforcerowsecurity bool, relispopulated bool, ' +
  'relreplident char, relispartition bool, relrewrite oid, relfrozenxid int8, relminmxid int8, relacl _text, reloptions _text, relpartbound text';

/** Access methods of indexes: PostgreSQL's numbers. */
export const ACCESS_METHODS: readonly (readonly [id: number, name: string])[] = [
  [403, 'btree'],
  [405, 'hash'],
  [2742, 'gin'],
  [3580, 'brin'],
];

interface ClassFacts {
  readonly id: number;
  readonly name: string;
  readonly schema: string;
  readonly kind: 'r' | 'p' | 'i' | 'I' | 'v' | 'm' | 'S' | 'c';
  readonly rows: number;
  readonly columns: number;
  readonly hasIndex: boolean;
  readonly checks: number;
  readonly hasTriggers: boolean;
  readonly isTemporary: boolean;
  readonly isUnlogged?: boolean;
  /** Of a typed table: its type. */
  readonly ofType?: number;
  /** Of a materialised view. */
  readonly isPopulated?: boolean;
  readonly options?: readonly string[];
  /** Of an index: its access method as it was written. */
  readonly method?: string;
  readonly hasChildren?: boolean;
  readonly isPartition?: boolean;
  /** FOR VALUES ... of a partition. */
  readonly bound?: string | null;
}

function accessMethodId(name: string | undefined): number {
  return ACCESS_METHODS.find(([, known]) => known === name)?.[0] ?? 403;
}

function classRow(context: VirtualContext, f: ClassFacts): Row {
  const isIndex = f.kind === 'i' || f.kind === 'I';
  const method = isIndex ? accessMethodId(f.method) : f.kind === 'r' || f.kind === 'm' ? 2 : 0;
  const pages = Math.ceil(f.rows / 100);
  return [
    f.id,
    f.name,
    schemaId(context.catalog, f.schema),
    isIndex || f.kind === 'S' ? 0 : f.id,
    f.ofType ?? 0,
    ownerOf(context.catalog, f.id),
    method,
    'pIcv'.includes(f.kind) ? 0 : f.id,
    0,
    pages,
    f.rows,
    0,
    0,
    f.hasIndex,
    false,
    f.isTemporary ? 't' : f.isUnlogged === true ? 'u' : 'p',
    f.kind,
    f.columns,
    f.checks,
    f.kind === 'v' || f.kind === 'm',
    f.hasTriggers,
    f.hasChildren === true,
    false,
    false,
    f.isPopulated ?? true,
    f.kind === 'r' || f.kind === 'p' || f.kind === 'm' ? 'd' : 'n',
    f.isPartition === true,
    0,
    0,
    0,
    isIndex
      ? null
      : accessList(context.catalog, f.id, f.kind === 'S' ? ACCESS_KINDS.sequence : ACCESS_KINDS.relation),
    f.options === undefined || f.options.length === 0 ? null : SqlArray.of([...f.options]),
    f.bound ?? null,
  ];
}

/** The collation of a type's values: names and "char" are compared byte by byte, texts as the database says; 0 for others. */
export function collationOf(type: SqlType): number {
  const base = domainBase(type.elementType ?? type);
  if (base.category !== 'S') return 0;
  return base.oid === Oid.name || base.oid === Oid.char ? 950 : 100;
}

function hasForeignKeys({ catalog }: VirtualContext, table: TableDef): boolean {
  return (
    table.constraints.some(({ kind }) => kind === 'foreignKey') ||
    catalog.referencingTables(table.id).length > 0
  );
}

/** PostgreSQL's catalogues are tables, what it computes from them are views. */
const COMPUTED = /^pg_(stat|views|tables|indexes|sequences|settings|roles|user|group|cursors|prepared_)/;

function isCatalogTable({ schema, name }: VirtualTable): boolean {
  return schema === 'pg_catalog' && (!COMPUTED.test(name) || name.startsWith('pg_statistic'));
}

/** The bound of a partition as FOR VALUES writes it; null for other tables. */
function boundOf(catalog: Catalog, table: TableDef): string | null {
  const above = partitionedParent(catalog, table);
  return above === null ? null : boundSql(above.bound, above.key);
}

/** A composite type is a relation, too. */
function compositeRow(context: VirtualContext, { id, name, schema }: TypeDef, form: CompositeForm): Row {
  return classRow(context, {
    id,
    name,
    schema,
    kind: 'c',
    rows: 0,
    columns: form.fields.length,
    hasIndex: false,
    checks: 0,
    hasTriggers: false,
    isTemporary: false,
  });
}

/** Tables that hold the rows of materialised views, with these: nobody sees such a table. */
export function materialisedTables(catalog: Catalog): ReadonlyMap<number, ViewDef> {
  const found = new Map<number, ViewDef>();
  for (const one of catalog.views.values())
    if (one.materializedTableId !== null) found.set(one.materializedTableId, one);
  return found;
}

function viewRow(context: VirtualContext, v: ViewDef): Row {
  const { catalog } = context;
  const table = catalog.table(v.materializedTableId ?? 0);
  return classRow(context, {
    id: v.id,
    name: v.name,
    schema: v.schema,
    kind: v.materializedTableId === null ? 'v' : 'm',
    rows: table === undefined ? 0 : context.estimateRows(table),
    columns: v.columns.length,
    hasIndex: table !== undefined && indexesShown(table).length > 0,
    checks: 0,
    hasTriggers: v.triggers.length > 0,
    isPopulated: v.isUnpopulated !== true,
    isTemporary: v.isTemporary,
    options: [
      ...Object.entries(v.options).map(([name, value]) => `${name}=${value}`),
      ...(v.checkOption === null ? [] : [`check_option=${v.checkOption}`]),
    ],
  });
}

function* classRows(context: VirtualContext): Iterable<Row> {
  const { catalog } = context;
  const materialised = materialisedTables(catalog);
  for (const table of tablesOf(context)) {
    if (!materialised.has(table.id)) {
      yield classRow(context, {
        id: table.id,
        name: table.name,
        schema: table.schema,
        kind: table.partitionKey === undefined ? 'r' : 'p',
        hasChildren: childrenOf(catalog, table.id).length > 0,
        isPartition: table.bound !== undefined,
        bound: boundOf(catalog, table),
        rows: context.estimateRows(table),
        columns: table.columns.length,
        hasIndex: indexesShown(table).length > 0,
        checks: table.constraints.filter((c) => c.kind === 'check').length,
        // Foreign keys are triggers in PostgreSQL.
        hasTriggers: table.triggers.length > 0 || hasForeignKeys(context, table),
        isTemporary: table.isTemporary,
        isUnlogged: table.isUnlogged === true,
        ofType: table.ofTypeId ?? 0,
      });
    }
    for (const index of indexesShown(table)) {
      yield classRow(context, {
        id: index.id,
        name: index.name,
        schema: table.schema,
        kind: table.partitionKey === undefined ? 'i' : 'I',
        hasChildren: table.partitionKey !== undefined && partitionsOf(catalog, index.id).length > 0,
        isPartition: parentOfIndex(catalog, table, index) !== 0,
        method: index.method === 'btree' ? (index.options['method'] ?? 'btree') : 'gin',
        rows: context.estimateRows(table),
        columns: index.keys.length + index.include.length,
        hasIndex: false,
        checks: 0,
        hasTriggers: false,
        isTemporary: table.isTemporary,
        isUnlogged: table.isUnlogged === true,
      });
    }
  }
  for (const v of catalog.views.values()) yield viewRow(context, v);
  for (const s of catalog.sequences.values()) {
    yield classRow(context, {
      id: s.id,
      name: s.name,
      schema: s.schema,
      kind: 'S',
      rows: 1,
      columns: 3,
      hasIndex: false,
      checks: 0,
      hasTriggers: false,
      isTemporary: s.isTemporary,
    });
  }
  for (const type of catalog.types.values())
    if (type.form.kind === 'composite') yield compositeRow(context, type, type.form);
  for (const one of context.systemViews())
    yield classRow(context, {
      id: systemViewId(one.schema, one.name),
      name: one.name,
      schema: one.schema,
      kind: isCatalogTable(one) ? 'r' : 'v',
      rows: 0,
      columns: one.columns.length,
      hasIndex: false,
      checks: 0,
      hasTriggers: false,
      isTemporary: false,
    });
}

const ATTRIBUTE_COLUMNS =
  'attrelid oid, attname name, atttypid oid, attstattarget int4, attlen int2, attnum int2, attndims int4, attcacheoff int4, ' +
  'atttypmod int4, attbyval bool, attalign char, attstorage char, attcompression char, attnotnull bool, atthasdef bool, ' +
  'atthasmissing bool, attidentity char, attgenerated char, attisdropped bool, attislocal bool, attinhcount int4, ' +
  'attcollation oid, attacl _text, attoptions _text, attfdwoptions _text, attmissingval text';

function attributeRow(
  relation: number,
  at: {
    name: string;
    type: SqlType;
    typmod: number;
    attnum: number;
    notNull: boolean;
    hasDefault: boolean;
    identity: string;
    generated: string;
    isDropped: boolean;
    access?: Datum;
    isLocal?: boolean;
    inheritCount?: number;
  },
): Row {
  const { length, isByValue, align, storage } = typeFacts(at.type);
  const typeId = at.isDropped ? 0 : at.type.oid;
  return [
    relation,
    at.isDropped ? `........pg.dropped.${at.attnum}........` : at.name,
    typeId,
    -1,
    length,
    at.attnum,
    at.type.elementType === null ? 0 : 1,
    -1,
    at.typmod,
    isByValue,
    align,
    storage,
    '',
    at.notNull,
    at.hasDefault,
    false,
    at.identity,
    at.generated,
    at.isDropped,
    at.isLocal ?? true,
    at.inheritCount ?? 0,
    collationOf(at.type),
    at.access ?? null,
    null,
    null,
    null,
  ];
}

function* attributeRows({ catalog }: VirtualContext): Iterable<Row> {
  const materialised = materialisedTables(catalog);
  for (const table of catalog.tables.values()) {
    for (const c of materialised.has(table.id) ? [] : table.columns) {
      const identity = c.identity === 'always' ? 'a' : c.identity === 'byDefault' ? 'd' : '';
      const generated = c.generated === 'stored' ? 's' : c.generated === 'virtual' ? 'v' : '';
      yield attributeRow(table.id, {
        name: c.name,
        type: c.type,
        typmod: c.typmod,
        attnum: c.attnum,
        notNull: c.notNull,
        hasDefault: c.defaultSql !== null,
        identity,
        generated,
        isDropped: c.isDropped,
        isLocal: c.isLocal ?? true,
        inheritCount: c.inheritCount ?? 0,
        access: accessList(catalog, table.id, ACCESS_KINDS.column, c.attnum),
      });
    }
    for (const index of indexesShown(table)) {
      const expressionNames = index.keys.some((key) => key.column < 0) ? keyNames(table, index) : [];
      for (let i = 0; i < index.keys.length; i++) {
        const key = index.keys[i] as IndexDef['keys'][number];
        const column = table.columns[key.column];
        const name = column?.name ?? expressionNames[i] ?? 'expr';
        yield plainAttribute(index.id, i + 1, { name, type: key.type, typmod: column?.typmod ?? -1 });
      }
      for (const [i, at] of index.include.entries()) {
        const column = table.columns[at];
        if (column !== undefined) yield plainAttribute(index.id, index.keys.length + i + 1, column);
      }
    }
  }
  for (const v of catalog.views.values()) {
    for (let i = 0; i < v.columns.length; i++) {
      const column = v.columns[i] as (typeof v.columns)[number];
      yield plainAttribute(v.id, i + 1, column, column.defaultSql !== undefined);
    }
  }
  for (const { id, form } of catalog.types.values()) {
    if (form.kind !== 'composite') continue;
    for (const [i, field] of form.fields.entries()) {
      const type = typeIn(catalog, field.typeId);
      if (type !== undefined)
        yield plainAttribute(id, i + 1, { name: field.name, type, typmod: field.typmod });
    }
  }
}

/** A column of an index, a view or a composite type. */
function plainAttribute(
  relation: number,
  attnum: number,
  { name, type, typmod }: { readonly name: string; readonly type: SqlType; readonly typmod: number },
  hasDefault = false,
): Row {
  return attributeRow(relation, {
    name,
    type,
    typmod,
    attnum,
    notNull: false,
    hasDefault,
    identity: '',
    generated: '',
    isDropped: false,
  });
}

/** How PostgreSQL names the keys of an index that are expressions: by their function, and apart from each other. */
function keyNames(table: TableDef, index: IndexDef): readonly string[] {
  const names: string[] = [];
  for (const { column, expressionSql } of index.keys) {
    const own = table.columns[column]?.name ?? expressionName(expressionSql ?? '');
    let name = own;
    for (let i = 1; names.includes(name); i++) name = `${own}${i}`;
    names.push(name);
  }
  return names;
}

function expressionName(sql: string): string {
  return indexColumnNameOf(parseExpression(sql)) ?? 'expr';
}

/** Number of a column's default in pg_attrdef. */
export function defaultId(table: TableDef, attnum: number): number {
  return table.id * 2048 + attnum;
}

function* defaultRows(context: VirtualContext): Iterable<Row> {
  const env = context.bindEnv();
  const { tables, views } = context.catalog;
  for (const table of [...tables.values(), ...[...views.values()].map(viewAsTable)])
    for (const c of table.columns)
      if (c.defaultSql !== null && !c.isDropped)
        yield [defaultId(table, c.attnum), table.id, c.attnum, shownDefault(env, table, c)];
}

const INDEX_COLUMNS =
  'indexrelid oid, indrelid oid, indnatts int2, indnkeyatts int2, indisunique bool, indnullsnotdistinct bool, ' +
  'indisprimary bool, indisexclusion bool, indimmediate bool, indisclustered bool, indisvalid bool, indcheckxmin bool, ' +
  'indisready bool, indislive bool, indisreplident bool, indkey int2vector, indcollation oidvector, ' +
  'indclass oidvector, indoption int2vector, ' +
  'indexprs text, indpred text';

function isPrimary(table: TableDef, index: IndexDef): boolean {
  return table.constraints.some((c) => c.kind === 'primaryKey' && (c.indexId ?? c.id) === index.id);
}

function* indexRows(context: VirtualContext): Iterable<Row> {
  const env = context.bindEnv();
  const materialised = materialisedTables(context.catalog);
  for (const table of context.catalog.tables.values()) {
    const owner = materialised.get(table.id) ?? table;
    for (const made of indexesShown(table)) {
      const index = withShownExpressions(made, table, env);
      const keys = [
        ...index.keys.map((k) => (k.column >= 0 ? k.column + 1 : 0)),
        ...index.include.map((c) => c + 1),
      ];
      const options = index.keys.map((k) => (k.descending ? 1 : 0) + (k.nullsFirst ? 2 : 0));
      const exprs = index.keys.filter((k) => k.expressionSql !== null).map((k) => k.expressionSql);
      yield [
        index.id,
        owner.id,
        keys.length,
        index.keys.length,
        index.unique,
        index.nullsNotDistinct,
        isPrimary(table, index),
        false,
        true,
        false,
        true,
        false,
        true,
        true,
        false,
        catalogVector(keys),
        catalogVector(index.keys.map((key) => collationOf(key.type))),
        catalogVector(operatorClasses(index)),
        catalogVector(options),
        exprs.length === 0 ? null : exprs.join(', '),
        index.predicateSql,
      ];
    }
  }
}

const CONSTRAINT_COLUMNS =
  'oid oid, conname name, connamespace oid, contype char, condeferrable bool, condeferred bool, convalidated bool, ' +
  'conrelid oid, contypid oid, conindid oid, conparentid oid, confrelid oid, confupdtype char, confdeltype char, ' +
  'confmatchtype char, conislocal bool, coninhcount int4, connoinherit bool, conkey _int2, confkey _int2, conpfeqop _oid, conppeqop _oid, ' +
  'conffeqop _oid, confdelsetcols _int2, conexclop _oid, conbin text';

const kindLetters = { primaryKey: 'p', unique: 'u', check: 'c', foreignKey: 'f' } as const;
const actionLetters = { noAction: 'a', restrict: 'r', cascade: 'c', setNull: 'n', setDefault: 'd' } as const;

function* constraintRows(context: VirtualContext): Iterable<Row> {
  const { catalog } = context;
  for (const table of catalog.tables.values()) {
    for (const c of table.constraints) yield constraintRow(c, table, catalog);
  }
  for (const type of catalog.types.values())
    if (type.form.kind === 'domain')
      for (const [i, check] of type.form.checks.entries())
        yield domainConstraintRow(catalog, type, domainConstraintId(type, i), check);
}

/** Checks of domains have no number of their own: the type's, moved out of the way of all others. */
export function domainConstraintId(type: TypeDef, check: number): number {
  return 2 ** 30 + type.id * 32 + check;
}

function domainConstraintRow(
  catalog: Catalog,
  type: TypeDef,
  id: number,
  check: { readonly name: string; readonly sql: string },
): Row {
  const schema = schemaId(catalog, type.schema);
  const before = [id, check.name, schema, 'c', false, false, true, 0, type.id, 0, 0, 0, ' ', ' ', ' '];
  return [...before, true, 0, false, null, null, ...NO_OPERATORS, null, null, check.sql];
}

function constraintRow(c: ConstraintDef, table: TableDef, catalog: Catalog): Row {
  const foreign = c.kind === 'foreignKey' ? c : null;
  const keys = attnums(constraintColumns(table, c));
  return [
    c.id,
    c.name,
    schemaId(catalog, table.schema),
    kindLetters[c.kind],
    c.deferrable,
    c.initiallyDeferred,
    c.validated,
    table.id,
    0,
    foreign === null ? ('indexId' in c ? (c.indexId ?? c.id) : 0) : targetIndex(catalog, foreign),
    c.parentId ?? 0,
    foreign?.targetTableId ?? 0,
    foreign === null ? ' ' : actionLetters[foreign.onUpdate],
    foreign === null ? ' ' : actionLetters[foreign.onDelete],
    foreign === null ? ' ' : foreign.match === 'full' ? 'f' : 's',
    c.isLocal ?? true,
    c.inheritCount ?? 0,
    hasNoHeirs(c, table),
    keys,
    foreign === null ? null : attnums(foreign.targetColumns),
    ...NO_OPERATORS,
    foreign?.deleteSetColumns == null ? null : attnums(foreign.deleteSetColumns),
    null,
    c.kind === 'check' ? c.sql : null,
  ];
}

/** The index of the key that a foreign key points to. */
function targetIndex(catalog: Catalog, { targetTableId, targetColumns }: ForeignKeyConstraint): number {
  const target = catalog.table(targetTableId);
  if (target === undefined) return 0;
  const isKey = (columns: readonly number[]): boolean =>
    columns.length === targetColumns.length && targetColumns.every((column) => columns.includes(column));
  const key = target.constraints.find(
    (one) => (one.kind === 'primaryKey' || one.kind === 'unique') && isKey(one.columns),
  );
  if (key !== undefined && 'indexId' in key) return key.indexId ?? key.id;
  return target.indexes.find((one) => one.unique && isKey(one.keys.map(({ column }) => column)))?.id ?? 0;
}

/** conpfeqop, conppeqop, conffeqop: operators are not chosen by their numbers here. */
const NO_OPERATORS = [null, null, null] as const;

/** Whether children have nothing of a constraint, as PostgreSQL says it of each kind. */
function hasNoHeirs(c: ConstraintDef, table: TableDef): boolean {
  if (c.kind === 'check') return c.isNoInherit === true;
  return c.parentId === undefined && !(c.kind === 'foreignKey' && table.partitionKey !== undefined);
}

function attnums(columns: readonly number[]): Datum {
  return SqlArray.of(columns.map((c) => c + 1));
}

function* pgIndexesRows(context: VirtualContext): Iterable<Row> {
  const env = context.bindEnv();
  for (const table of context.catalog.tables.values())
    for (const index of indexesShown(table))
      yield [table.schema, table.name, index.name, null, indexSql(index, table, env)];
}

function* pgTablesRows(context: VirtualContext): Iterable<Row> {
  for (const table of tablesOf(context))
    yield [
      table.schema,
      table.name,
      roleNameOf(context.catalog, ownerOf(context.catalog, table.id)),
      null,
      table.indexes.length > 0,
      false,
      table.triggers.length > 0,
      false,
    ];
}

function* pgViewsRows(context: VirtualContext): Iterable<Row> {
  const { catalog } = context;
  const env = context.bindEnv();
  for (const v of catalog.views.values())
    if (v.materializedTableId === null)
      yield [v.schema, v.name, roleNameOf(catalog, ownerOf(catalog, v.id)), shownView(env, v)];
}

export const relationViews: readonly VirtualTable[] = [
  view('pg_catalog', 'pg_class', CLASS_COLUMNS, classRows),
  view('pg_catalog', 'pg_attribute', ATTRIBUTE_COLUMNS, attributeRows),
  view('pg_catalog', 'pg_attrdef', 'oid oid, adrelid oid, adnum int2, adbin text', defaultRows),
  view('pg_catalog', 'pg_index', INDEX_COLUMNS, indexRows),
  view('pg_catalog', 'pg_constraint', CONSTRAINT_COLUMNS, constraintRows),
  view(
    'pg_catalog',
    'pg_indexes',
    'schemaname name, tablename name, indexname name, tablespace name, indexdef text',
    pgIndexesRows,
  ),
  view(
    'pg_catalog',
    'pg_tables',
    'schemaname name, tablename name, tableowner name, tablespace name, hasindexes bool, hasrules bool, hastriggers bool, rowsecurity bool',
    pgTablesRows,
  ),
  view(
    'pg_catalog',
    'pg_views',
    'schemaname name, viewname name, viewowner name, definition text',
    pgViewsRows,
  ),
];
