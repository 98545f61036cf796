/**
 * Each kind of schema object as catalogue rows (layout: catalog-rows.ts).
 *
 * I1  `encode...` and `decode...` of a kind stand together and list the same fields.
 * I2  Fields may be added with a default for files written before; they are never reused with another meaning.
 */
import type { PageNo } from '../base/ids.ts';
import type { SqlType } from '../types/sql-type.ts';
import type { Datum } from '../types/vector.ts';
import { type CatalogRow, RowKind } from './catalog-rows.ts';
import { DefinitionFields, encodeDatum } from './definition-fields.ts';
import { decodeFamily, encodeFamily } from './partitioning.ts';
import type {
  ColumnDef,
  ConstraintDef,
  Dependency,
  ForeignKeyAction,
  IndexDef,
  SchemaDef,
  SequenceDef,
  TableDef,
  TriggerDef,
  TypeDef,
  ViewDef,
} from './schema.ts';
import { decodeStored, encodeStored } from './stored-value.ts';

/** Finds a type by oid, built-in or the user's. */
export type TypeSource = (oid: number) => SqlType;
/** Schema ids to names and back. */
export interface SchemaNames {
  nameOf(id: number): string;
  idOf(name: string): number;
}

function row(
  kind: RowKind,
  id: number,
  number: number,
  parent: number,
  name: string,
  definition: object,
): CatalogRow {
  return { kind, id, number, parent, name, definition: JSON.stringify(definition) };
}

function read(source: CatalogRow): DefinitionFields {
  return DefinitionFields.parse(source.definition, `object ${source.id} "${source.name}"`);
}

export function encodeSchema(def: SchemaDef): CatalogRow[] {
  return [row(RowKind.schema, def.id, 0, 0, def.name, { comment: def.comment })];
}

export function decodeSchema(source: CatalogRow): SchemaDef {
  return { id: source.id, name: source.name, comment: read(source).textOrNull('comment') };
}

export function encodeType(def: TypeDef, schemas: SchemaNames): CatalogRow[] {
  const { arrayId, form, comment } = def;
  return [row(RowKind.type, def.id, 0, schemas.idOf(def.schema), def.name, { arrayId, form, comment })];
}

export function decodeType(source: CatalogRow, schemas: SchemaNames): TypeDef {
  const fields = read(source);
  const form = fields.objectOrNull('form', decodeForm) as TypeDef['form'];
  return {
    id: source.id,
    schema: schemas.nameOf(source.parent),
    name: source.name,
    arrayId: fields.number('arrayId'),
    form,
    comment: fields.textOrNull('comment'),
  };
}

function decodeForm(form: DefinitionFields): TypeDef['form'] {
  const kind = form.oneOf('kind', ['enum', 'domain', 'composite', 'range', 'multirange']);
  if (kind === 'enum') {
    const labels = form.list('labels', (item) => ({
      label: item.text('label'),
      order: item.number('order'),
    }));
    return { kind, labels };
  }
  if (kind === 'multirange') return { kind, rangeId: form.number('rangeId') };
  if (kind === 'range')
    return {
      kind,
      subtypeId: form.number('subtypeId'),
      multirangeId: form.number('multirangeId'),
      subtypeDiff: form.textOrNull('subtypeDiff'),
    };
  if (kind === 'composite') {
    const fields = form.list('fields', (item) => ({
      name: item.text('name'),
      typeId: item.number('typeId'),
      typmod: item.number('typmod'),
      ...commentOf(item),
    }));
    return { kind, fields };
  }
  return {
    kind,
    baseTypeId: form.number('baseTypeId'),
    typmod: form.number('typmod'),
    notNull: form.flag('notNull'),
    defaultSql: form.textOrNull('defaultSql'),
    checks: form.list('checks', (item) => ({
      name: item.text('name'),
      sql: item.text('sql'),
      ...commentOf(item),
    })),
  };
}

/** Of parts of objects: absent where there is none. */
function commentOf(item: DefinitionFields): { readonly comment?: string } {
  return item.has('comment') ? { comment: item.text('comment') } : {};
}

export function encodeSequence(def: SequenceDef, schemas: SchemaNames): CatalogRow[] {
  const { type, start, increment, min, max, cycle, cache, ownedBy, isTemporary, comment } = def;
  const bounds = {
    start: encodeDatum(start, type),
    increment: encodeDatum(increment, type),
    min: encodeDatum(min, type),
    max: encodeDatum(max, type),
  };
  const definition = { typeId: type.oid, ...bounds, cycle, cache, ownedBy, isTemporary, comment };
  return [row(RowKind.sequence, def.id, 0, schemas.idOf(def.schema), def.name, definition)];
}

export function decodeSequence(source: CatalogRow, schemas: SchemaNames, types: TypeSource): SequenceDef {
  const fields = read(source);
  const type = types(fields.number('typeId'));
  return {
    id: source.id,
    schema: schemas.nameOf(source.parent),
    name: source.name,
    type,
    start: fields.datum('start', type),
    increment: fields.datum('increment', type),
    min: fields.datum('min', type),
    max: fields.datum('max', type),
    cycle: fields.flag('cycle'),
    cache: fields.number('cache'),
    ownedBy: fields.objectOrNull('ownedBy', (owner) => ({
      tableId: owner.number('tableId'),
      column: owner.number('column'),
    })),
    isTemporary: fields.flag('isTemporary'),
    comment: fields.textOrNull('comment'),
  };
}

export function encodeTable(def: TableDef, schemas: SchemaNames): CatalogRow[] {
  const { root, rowIdColumn, columnsAtRewrite, isTemporary, isUnlogged, onCommit, comment, version } = def;
  const unlogged = isUnlogged === true ? { isUnlogged } : {};
  const added = columnsAtRewrite === undefined ? {} : { columnsAtRewrite };
  const typed = def.ofTypeId === undefined ? {} : { ofTypeId: def.ofTypeId };
  const base = {
    root,
    rowIdColumn,
    isTemporary,
    onCommit,
    comment,
    version,
    ...unlogged,
    ...typed,
    ...added,
  };
  const table = { ...base, ...encodeFamily(def) };
  const rows = [row(RowKind.table, def.id, 0, schemas.idOf(def.schema), def.name, table)];
  for (const column of def.columns) rows.push(encodeColumn(def.id, column));
  def.constraints.forEach((constraint, i) => {
    const { id, name, ...rest } = constraint;
    rows.push(row(RowKind.constraint, def.id, i, id, name, rest));
  });
  def.indexes.forEach((index, i) => {
    rows.push(encodeIndex(def.id, i, index));
  });
  def.triggers.forEach((trigger, i) => {
    const { id, name, ...rest } = trigger;
    rows.push(row(RowKind.trigger, def.id, i, id, name, rest));
  });
  return rows;
}

/** The rows of one table, in key order. */
export interface TableRows {
  readonly table: CatalogRow;
  readonly columns: readonly CatalogRow[];
  readonly constraints: readonly CatalogRow[];
  readonly indexes: readonly CatalogRow[];
  readonly triggers: readonly CatalogRow[];
}

export function decodeTable(rows: TableRows, schemas: SchemaNames, types: TypeSource): TableDef {
  const source = rows.table;
  const fields = read(source);
  return {
    id: source.id,
    schema: schemas.nameOf(source.parent),
    name: source.name,
    columns: rows.columns.map((column) => decodeColumn(column, types)),
    root: fields.number('root') as PageNo,
    rowIdColumn: fields.number('rowIdColumn'),
    ...(fields.has('columnsAtRewrite') ? { columnsAtRewrite: fields.number('columnsAtRewrite') } : {}),
    constraints: rows.constraints.map(decodeConstraint),
    indexes: rows.indexes.map((index) => decodeIndex(index, types)),
    triggers: rows.triggers.map(decodeTrigger),
    isTemporary: fields.flag('isTemporary'),
    ...(fields.has('isUnlogged') ? { isUnlogged: fields.flag('isUnlogged') } : {}),
    ...(fields.has('ofTypeId') ? { ofTypeId: fields.number('ofTypeId') } : {}),
    onCommit: fields.oneOf('onCommit', ['preserve', 'delete', 'drop']),
    comment: fields.textOrNull('comment'),
    version: fields.number('version'),
    ...decodeFamily(fields, types),
  };
}

function encodeColumn(tableId: number, def: ColumnDef): CatalogRow {
  const { typmod, notNull, defaultSql, generated, identity, sequenceId, isDropped, comment } = def;
  const missingValue = encodeStored(def.missingValue, def.type);
  const rest = {
    typmod,
    notNull,
    defaultSql,
    generated,
    identity,
    sequenceId,
    isDropped,
    missingValue,
    comment,
    ...inheritance(def),
  };
  return row(RowKind.column, tableId, def.attnum, def.type.oid, def.name, rest);
}

function decodeColumn(source: CatalogRow, types: TypeSource): ColumnDef {
  const fields = read(source);
  const type = types(source.parent);
  return {
    name: source.name,
    attnum: source.number,
    type,
    typmod: fields.number('typmod'),
    notNull: fields.flag('notNull'),
    defaultSql: fields.textOrNull('defaultSql'),
    generated: fields.oneOf('generated', ['stored', 'virtual', null]),
    identity: fields.oneOf('identity', ['always', 'byDefault', null]),
    sequenceId: fields.numberOrNull('sequenceId'),
    isDropped: fields.flag('isDropped'),
    missingValue: decodeMissing(fields, type),
    comment: fields.textOrNull('comment'),
    ...decodeInheritance(fields),
  };
}

type Inheritance = Pick<ColumnDef, 'inheritCount' | 'isLocal'>;

function inheritance({ inheritCount, isLocal }: Inheritance): Inheritance {
  return {
    ...(inheritCount === undefined ? {} : { inheritCount }),
    ...(isLocal === undefined ? {} : { isLocal }),
  };
}

function decodeInheritance(fields: DefinitionFields): Inheritance {
  return {
    ...(fields.has('inheritCount') ? { inheritCount: fields.number('inheritCount') } : {}),
    ...(fields.has('isLocal') ? { isLocal: fields.flag('isLocal') } : {}),
  };
}

function decodeParent(fields: DefinitionFields): { readonly parentId?: number } {
  return fields.has('parentId') ? { parentId: fields.number('parentId') } : {};
}

function decodeMissing(fields: DefinitionFields, type: SqlType): Datum {
  const text = fields.textOrNull('missingValue');
  return text === null ? null : decodeStored(text, type);
}

const FOREIGN_KEY_ACTIONS: readonly ForeignKeyAction[] = [
  'noAction',
  'restrict',
  'cascade',
  'setNull',
  'setDefault',
];

function decodeConstraint(source: CatalogRow): ConstraintDef {
  const fields = read(source);
  const base = {
    id: source.parent,
    name: source.name,
    deferrable: fields.flag('deferrable'),
    initiallyDeferred: fields.flag('initiallyDeferred'),
    validated: fields.flag('validated'),
    comment: fields.textOrNull('comment'),
    ...decodeInheritance(fields),
    ...(fields.has('isNoInherit') ? { isNoInherit: fields.flag('isNoInherit') } : {}),
    ...decodeParent(fields),
  };
  const kind = fields.oneOf('kind', ['primaryKey', 'unique', 'check', 'foreignKey']);
  if (kind === 'check') return { ...base, kind, sql: fields.text('sql') };
  const columns = fields.numbers('columns');
  if (kind !== 'foreignKey') return { ...base, kind, columns, indexId: fields.numberOrNull('indexId') };
  return {
    ...base,
    kind,
    columns,
    targetTableId: fields.number('targetTableId'),
    targetColumns: fields.numbers('targetColumns'),
    onDelete: fields.oneOf('onDelete', FOREIGN_KEY_ACTIONS),
    onUpdate: fields.oneOf('onUpdate', FOREIGN_KEY_ACTIONS),
    deleteSetColumns: fields.numbersOrNull('deleteSetColumns'),
    match: fields.oneOf('match', ['simple', 'full']),
  };
}

function encodeIndex(tableId: number, position: number, def: IndexDef): CatalogRow {
  const { id, name, tableId: _table, keys, ...rest } = def;
  const storedKeys = keys.map(({ type, ...key }) => ({ ...key, typeId: type.oid }));
  return row(RowKind.index, tableId, position, id, name, { ...rest, keys: storedKeys });
}

function decodeIndex(source: CatalogRow, types: TypeSource): IndexDef {
  const fields = read(source);
  return {
    id: source.parent,
    name: source.name,
    tableId: source.id,
    method: fields.oneOf('method', ['btree', 'trigram', 'fulltext', 'gin']),
    root: fields.number('root') as PageNo,
    ...(fields.has('pendingRoot') ? { pendingRoot: fields.number('pendingRoot') as PageNo } : {}),
    unique: fields.flag('unique'),
    nullsNotDistinct: fields.flag('nullsNotDistinct'),
    keys: fields.list('keys', (key) => ({
      column: key.number('column'),
      expressionSql: key.textOrNull('expressionSql'),
      type: types(key.number('typeId')),
      descending: key.flag('descending'),
      nullsFirst: key.flag('nullsFirst'),
      opclass: key.textOrNull('opclass'),
    })),
    include: fields.numbers('include'),
    predicateSql: fields.textOrNull('predicateSql'),
    constraintId: fields.numberOrNull('constraintId'),
    options: fields.textMap('options'),
    comment: fields.textOrNull('comment'),
    ...decodeParent(fields),
  };
}

function decodeTrigger(source: CatalogRow): TriggerDef {
  return triggerOf(source.parent, source.name, read(source));
}

function triggerOf(id: number, name: string, fields: DefinitionFields): TriggerDef {
  return {
    id,
    name,
    timing: fields.oneOf('timing', ['before', 'after', 'insteadOf']),
    events: fields.texts('events') as unknown as TriggerDef['events'],
    updateColumns: fields.numbers('updateColumns'),
    forEach: fields.oneOf('forEach', ['row', 'statement']),
    whenSql: fields.textOrNull('whenSql'),
    functionName: fields.text('functionName'),
    args: fields.texts('args'),
    oldTable: fields.textOrNull('oldTable'),
    newTable: fields.textOrNull('newTable'),
    enabled: fields.flag('enabled'),
    ...decodeParent(fields),
    constraint: fields.has('constraint')
      ? fields.objectOrNull('constraint', (item) => ({
          deferrable: item.flag('deferrable'),
          initiallyDeferred: item.flag('initiallyDeferred'),
          fromTableId: item.numberOrNull('fromTableId'),
        }))
      : null,
    ...commentOf(fields),
  };
}

export function encodeView(def: ViewDef, schemas: SchemaNames): CatalogRow[] {
  const {
    columns,
    sql,
    checkOption,
    options,
    materializedTableId,
    dependsOn,
    triggers,
    isTemporary,
    comment,
    version,
  } = def;
  const stored = columns.map(({ type, ...column }) => ({ ...column, typeId: type.oid }));
  const rest = {
    sql,
    checkOption,
    options,
    materializedTableId,
    dependsOn,
    triggers,
    isTemporary,
    comment,
    version,
    ...(def.isUnpopulated === true ? { isUnpopulated: true } : {}),
  };
  const definition = { columns: stored, ...rest };
  return [row(RowKind.view, def.id, 0, schemas.idOf(def.schema), def.name, definition)];
}

export function decodeView(source: CatalogRow, schemas: SchemaNames, types: TypeSource): ViewDef {
  const fields = read(source);
  const dependency = (item: DefinitionFields): Dependency => ({
    id: item.number('id'),
    columns: item.numbersOrNull('columns'),
  });
  return {
    id: source.id,
    schema: schemas.nameOf(source.parent),
    name: source.name,
    columns: fields.list('columns', (column) => ({
      name: column.text('name'),
      type: types(column.number('typeId')),
      typmod: column.number('typmod'),
      ...commentOf(column),
      ...(column.has('defaultSql') ? { defaultSql: column.text('defaultSql') } : {}),
      ...(column.has('sequenceId') ? { sequenceId: column.number('sequenceId') } : {}),
    })),
    sql: fields.text('sql'),
    checkOption: fields.oneOf('checkOption', ['local', 'cascaded', null]),
    options: fields.has('options') ? fields.textMap('options') : {},
    materializedTableId: fields.numberOrNull('materializedTableId'),
    ...(fields.has('isUnpopulated') ? { isUnpopulated: true as const } : {}),
    dependsOn: fields.list('dependsOn', dependency),
    triggers: fields.has('triggers')
      ? fields.list('triggers', (item) => triggerOf(item.number('id'), item.text('name'), item))
      : [],
    isTemporary: fields.flag('isTemporary'),
    comment: fields.textOrNull('comment'),
    version: fields.number('version'),
  };
}
