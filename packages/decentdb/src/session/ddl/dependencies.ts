/**
 * What stands on what: the closure DROP ... CASCADE takes, and the refusal of RESTRICT.
 *
 * I1  Parts of a table (its indexes, constraints, triggers, owned sequences) go with it and are never mentioned; what others make of
 *     an owned sequence is.
 * I2  Others that depend on it are views, foreign keys of other tables, defaults that call a sequence, columns and attributes of a
 *     type, and expressions and bodies that name it (expression-dependants.ts).
 */
import { DecentDbError } from '../../base/errors.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { childrenOf, referringKeys } from '../../catalog/family.ts';
import { type RoutineDef, routineSignature } from '../../catalog/routines.ts';
import type {
  CheckConstraint,
  ForeignKeyConstraint,
  IndexDef,
  SchemaDef,
  SequenceDef,
  TableDef,
  TriggerDef,
  TypeDef,
  ViewDef,
} from '../../catalog/schema.ts';
import { viewAsTable } from '../../catalog/view-table.ts';
import { typeIn } from '../../sql/bind/routine-lookup.ts';
import { mentionsColumn, partitionKeyUses } from './column-mentions.ts';
import type { DdlContext } from './context.ts';
import {
  expressionsOn,
  queriesOn,
  type Sought,
  soughtRoutine,
  soughtSequence,
  soughtType,
} from './expression-dependants.ts';

export type Dropped =
  | { readonly kind: 'table'; readonly table: TableDef }
  | { readonly kind: 'view'; readonly view: ViewDef }
  | { readonly kind: 'sequence'; readonly sequence: SequenceDef }
  | { readonly kind: 'type'; readonly type: TypeDef }
  | { readonly kind: 'routine'; readonly routine: RoutineDef }
  | { readonly kind: 'foreignKey'; readonly table: TableDef; readonly constraint: ForeignKeyConstraint }
  /** Of a table, or of a view in the shape of one. */
  | { readonly kind: 'default'; readonly table: TableDef; readonly column: number }
  | {
      readonly kind: 'column';
      readonly table: TableDef;
      readonly column: number;
      /** Among what stands on a type: the column is of arrays of it. */
      readonly isOfArrays?: boolean;
    }
  | { readonly kind: 'check'; readonly table: TableDef; readonly constraint: CheckConstraint }
  | { readonly kind: 'index'; readonly table: TableDef; readonly index: IndexDef }
  | { readonly kind: 'trigger'; readonly owner: TableDef | ViewDef; readonly trigger: TriggerDef }
  | { readonly kind: 'domainCheck'; readonly type: TypeDef; readonly name: string }
  /** Of a composite type. */
  | { readonly kind: 'attribute'; readonly type: TypeDef; readonly name: string }
  /** With all that is in it. */
  | { readonly kind: 'schema'; readonly schema: SchemaDef };

/** "table t", "view v", "constraint c on table t": with the schema when it is not on the search path. */
export function describe(ctx: DdlContext, object: Dropped): string {
  const name = (schema: string, own: string): string =>
    ctx.env.searchPath.includes(schema) ? own : `${schema}.${own}`;
  switch (object.kind) {
    case 'table':
      return `table ${name(object.table.schema, object.table.name)}`;
    case 'view':
      return `${object.view.materializedTableId === null ? 'view' : 'materialized view'} ${name(object.view.schema, object.view.name)}`;
    case 'sequence':
      return `sequence ${name(object.sequence.schema, object.sequence.name)}`;
    case 'type':
      return `type ${name(object.type.schema, object.type.name)}`;
    case 'routine':
      return `${object.routine.kind === 'procedure' ? 'procedure' : 'function'} ${name(object.routine.schema, routineSignature(object.routine, (oid) => typeIn(ctx.catalog, oid)).replaceAll(', ', ','))}`;
    case 'schema':
      return `schema ${object.schema.name}`;
    case 'index':
      return `index ${name(object.table.schema, object.index.name)}`;
    case 'trigger':
      return `trigger ${object.trigger.name} on ${'root' in object.owner ? 'table' : 'view'} ${name(object.owner.schema, object.owner.name)}`;
    case 'domainCheck':
      return `constraint ${object.name} on type ${name(object.type.schema, object.type.name)}`;
    case 'attribute':
      return `column ${object.name} of composite type ${name(object.type.schema, object.type.name)}`;
    case 'check':
    case 'foreignKey':
      return `constraint ${object.constraint.name} on table ${name(object.table.schema, object.table.name)}`;
    case 'default':
      return `default value for column ${object.table.columns[object.column]?.name} of ${ctx.catalog.views.has(object.table.id) ? 'view' : 'table'} ${name(object.table.schema, object.table.name)}`;
    default:
      return `column ${object.table.columns[object.column]?.name} of table ${name(object.table.schema, object.table.name)}`;
  }
}

export function keyOf(object: Dropped): string {
  switch (object.kind) {
    case 'table':
      return `table ${object.table.id}`;
    case 'view':
      return `view ${object.view.id}`;
    case 'sequence':
      return `sequence ${object.sequence.id}`;
    case 'type':
      return `type ${object.type.id}`;
    case 'routine':
      return `routine ${object.routine.id}`;
    case 'schema':
      return `schema ${object.schema.id}`;
    case 'index':
      return `index ${object.index.id}`;
    case 'trigger':
      return `trigger ${object.trigger.id}`;
    case 'domainCheck':
      return `check of ${object.type.id} ${object.name}`;
    case 'attribute':
      return `attribute of ${object.type.id} ${object.name}`;
    case 'check':
    case 'foreignKey':
      return `constraint ${object.constraint.id}`;
    default:
      return `${object.kind} ${object.table.id} ${object.column}`;
  }
}

/** Direct dependants of an object, its own parts left out. */
export function dependantsOf(catalog: Catalog, object: Dropped): Dropped[] {
  switch (object.kind) {
    case 'schema':
      return contentsOf(catalog, object.schema.name);
    case 'table':
      return [
        ...viewsOn(catalog, object.table.id, null),
        ...routinesOn(catalog, object.table.id, null),
        ...foreignKeysOn(catalog, object.table),
        ...childrenOf(catalog, object.table.id).map((table): Dropped => ({ kind: 'table', table })),
        ...naming(catalog, soughtType(object.table)),
      ];
    case 'view':
      return [
        ...viewsOn(catalog, object.view.id, null),
        ...routinesOn(catalog, object.view.id, null),
        ...naming(catalog, soughtType(object.view)),
      ];
    case 'routine':
      return [
        ...viewsOn(catalog, object.routine.id, null),
        ...routinesOn(catalog, object.routine.id, null),
        ...expressionsOn(catalog, soughtRoutine(object.routine)),
      ];
    case 'sequence':
      return [
        ...defaultsOn(catalog, object.sequence),
        ...viewsOn(catalog, object.sequence.id, null),
        ...routinesOn(catalog, object.sequence.id, null),
        ...naming(catalog, soughtSequence(object.sequence)),
      ];
    case 'type':
      return [
        ...columnsOf(catalog, object.type),
        ...routinesOn(catalog, object.type.id, null),
        ...routinesOn(catalog, object.type.arrayId, null),
        ...naming(catalog, soughtType(object.type)),
      ];
    case 'column':
      return [
        ...keysOnColumn(catalog, object.table, object.column),
        ...generatedFrom(object.table, object.column),
        ...viewsOn(catalog, object.table.id, object.column),
        ...routinesOn(catalog, object.table.id, object.column),
      ];
    default:
      return [];
  }
}

function contentsOf(catalog: Catalog, schema: string): Dropped[] {
  const rows = new Set([...catalog.views.values()].map((view) => view.materializedTableId));
  const isHere = (object: { readonly schema: string }): boolean => object.schema === schema;
  return [
    ...[...catalog.tables.values()]
      .filter((table) => isHere(table) && !rows.has(table.id))
      .map((table): Dropped => ({ kind: 'table', table })),
    ...[...catalog.views.values()].filter(isHere).map((view): Dropped => ({ kind: 'view', view })),
    ...[...catalog.sequences.values()]
      .filter(isHere)
      .map((sequence): Dropped => ({ kind: 'sequence', sequence })),
    ...[...catalog.types.values()].filter(isHere).map((type): Dropped => ({ kind: 'type', type })),
    ...[...catalog.routines.values()]
      .filter(isHere)
      .map((routine): Dropped => ({ kind: 'routine', routine })),
  ];
}

function naming(catalog: Catalog, sought: Sought): Dropped[] {
  return [...expressionsOn(catalog, sought), ...queriesOn(catalog, sought)];
}

/** I1: the sequences a table or a column owns. */
function ownedBy(catalog: Catalog, object: Dropped): Dropped[] {
  if (object.kind !== 'table' && object.kind !== 'column') return [];
  const { table } = object;
  const found: Dropped[] = [];
  for (const sequence of catalog.sequences.values())
    if (
      sequence.ownedBy?.tableId === table.id &&
      (object.kind === 'table' || sequence.ownedBy.column === object.column)
    )
      found.push({ kind: 'sequence', sequence });
  return found;
}

/** Views that use a relation (or one column of it). */
export function viewsOn(catalog: Catalog, id: number, column: number | null): Dropped[] {
  const found: Dropped[] = [];
  for (const view of catalog.views.values()) {
    const uses = view.dependsOn.some(
      (dependency) =>
        dependency.id === id && (column === null || dependency.columns?.includes(column) === true),
    );
    if (uses) found.push({ kind: 'view', view });
  }
  return found;
}

/** Functions whose types or stored bodies use an object (or one column of it). */
export function routinesOn(catalog: Catalog, id: number, column: number | null): Dropped[] {
  const found: Dropped[] = [];
  for (const routine of catalog.routines.values()) {
    const uses = routine.dependsOn.some(
      (dependency) =>
        dependency.id === id && (column === null || dependency.columns?.includes(column) === true),
    );
    if (uses) found.push({ kind: 'routine', routine });
  }
  return found;
}

function foreignKeysOn(catalog: Catalog, target: TableDef): Dropped[] {
  return referringKeys(catalog, target).flatMap(({ constraint, table, whole }): Dropped[] =>
    table.id === target.id
      ? []
      : [{ kind: 'foreignKey', table, constraint: whole?.constraint ?? constraint }],
  );
}

/** Columns of the table that are generated from a column. */
function generatedFrom(table: TableDef, column: number): Dropped[] {
  const name = table.columns[column]?.name ?? '';
  return table.columns.flatMap((other, i): Dropped[] =>
    other.generated !== null && !other.isDropped && mentionsColumn(other.defaultSql ?? 'NULL', name)
      ? [{ kind: 'column', table, column: i }]
      : [],
  );
}

/** Foreign keys, of other tables and of other columns of its own, that refer to a column. */
function keysOnColumn(catalog: Catalog, target: TableDef, column: number): Dropped[] {
  const found: Dropped[] = [];
  for (const table of catalog.tables.values())
    for (const constraint of table.constraints)
      if (
        constraint.kind === 'foreignKey' &&
        constraint.targetTableId === target.id &&
        constraint.targetColumns.includes(column) &&
        !(table.id === target.id && constraint.columns.includes(column))
      )
        found.push({ kind: 'foreignKey', table, constraint });
  return found;
}

function defaultsOn(catalog: Catalog, sequence: SequenceDef): Dropped[] {
  const found: Dropped[] = [];
  for (const table of catalog.tables.values())
    for (const [column, def] of table.columns.entries())
      if (!def.isDropped && def.sequenceId === sequence.id) found.push({ kind: 'default', table, column });
  for (const view of catalog.views.values())
    for (const [column, { sequenceId }] of view.columns.entries())
      if (sequenceId === sequence.id) found.push({ kind: 'default', table: viewAsTable(view), column });
  return found;
}

function columnsOf(catalog: Catalog, type: TypeDef): Dropped[] {
  const found: Dropped[] = [];
  for (const table of catalog.tables.values())
    if (table.ofTypeId === type.id) found.push({ kind: 'table', table });
  for (const table of catalog.tables.values())
    for (const [column, def] of table.columns.entries())
      if (!def.isDropped && (def.type.oid === type.id || def.type.oid === type.arrayId))
        found.push(
          // A table is not without its partition key.
          partitionKeyUses(table, def.name)
            ? { kind: 'table', table }
            : { kind: 'column', table, column, isOfArrays: def.type.oid === type.arrayId },
        );
  for (const other of catalog.types.values()) {
    const { form } = other;
    const uses =
      (form.kind === 'domain' && (form.baseTypeId === type.id || form.baseTypeId === type.arrayId)) ||
      (form.kind === 'range' && (form.subtypeId === type.id || form.subtypeId === type.arrayId)) ||
      (form.kind === 'multirange' && form.rangeId === type.id);
    if (form.kind === 'composite')
      for (const { name, typeId } of form.fields)
        if (typeId === type.id || typeId === type.arrayId)
          found.push({ kind: 'attribute', type: other, name });
    if (uses) found.push({ kind: 'type', type: other });
  }
  return found;
}

/** When an object was made, as far as its id says. */
function idOf(object: Dropped): number {
  switch (object.kind) {
    case 'view':
      return object.view.id;
    case 'sequence':
      return object.sequence.id;
    case 'routine':
      return object.routine.id;
    case 'schema':
      return object.schema.id;
    case 'index':
      return object.index.id;
    case 'trigger':
      return object.trigger.id;
    case 'check':
    case 'foreignKey':
      return object.constraint.id;
    case 'type':
    case 'domainCheck':
    case 'attribute':
      return object.type.id;
    default:
      return object.table.id;
  }
}

const isOfArrays = (object: Dropped): boolean => object.kind === 'column' && object.isOfArrays === true;

/** As PostgreSQL visits them: the youngest first, those that stand on a type's array type after those on the type. */
function youngestFirst(objects: readonly Dropped[]): readonly Dropped[] {
  return [...objects].sort((a, b) => Number(isOfArrays(a)) - Number(isOfArrays(b)) || idOf(b) - idOf(a) || 0);
}

/** All that goes when `roots` go: dependants first. Throws 2BP01 when not cascading and something else stands on them. */
export function closure(ctx: DdlContext, roots: readonly Dropped[], isCascade: boolean): Dropped[] {
  const visited = new Set<string>();
  const all = new Map<string, Dropped>();
  const standsOn = new Map<string, { readonly object: Dropped; readonly on: Dropped }>();
  const rootKeys = new Set(roots.map(keyOf));
  const visit = (object: Dropped): void => {
    const key = keyOf(object);
    if (visited.has(key)) return;
    visited.add(key);
    for (const part of ownedBy(ctx.catalog, object)) visit(part);
    for (const dependant of youngestFirst(dependantsOf(ctx.catalog, object))) {
      const other = keyOf(dependant);
      if (!visited.has(other) && !rootKeys.has(other)) standsOn.set(other, { object: dependant, on: object });
      visit(dependant);
    }
    all.set(key, object);
  };
  for (const root of roots) visit(root);
  const extra = [...all.keys()].reverse().flatMap((key) => {
    const found = standsOn.get(key);
    return found === undefined || isPart(found.object, all) ? [] : [found];
  });
  if (extra.length > 0 && !isCascade) throw stillNeeded(ctx, roots, extra);
  if (extra.length > 0)
    noticeCascade(
      ctx,
      extra.map((item) => item.object),
    );
  return inOrder([...all.values()], all);
}

/** Attributes go when what may use their types is gone, and before the types they are of; not where their own type goes. */
function inOrder(found: Dropped[], all: ReadonlyMap<string, Dropped>): Dropped[] {
  const attributes = found.filter(
    (object) => object.kind === 'attribute' && !all.has(keyOf({ kind: 'type', type: object.type })),
  );
  const others = found.filter(({ kind }) => kind !== 'attribute');
  if (attributes.length === 0) return others;
  const types = others.filter(({ kind }) => kind === 'type');
  return [...others.filter(({ kind }) => kind !== 'type'), ...attributes, ...types];
}

/** A default or foreign key of a table that is itself being dropped goes silently, a multirange type with its range type. */
function isPart(object: Dropped, all: ReadonlyMap<string, Dropped>): boolean {
  const goes = (key: string): boolean => all.has(key);
  switch (object.kind) {
    case 'table':
      // A partition goes with its table; another child does not.
      return object.table.bound !== undefined && goes(`table ${object.table.parents?.[0]}`);
    case 'sequence':
      return goes(`table ${object.sequence.ownedBy?.tableId}`);
    case 'type':
      return object.type.form.kind === 'multirange' && goes(`type ${object.type.form.rangeId}`);
    case 'trigger':
      return goes(`table ${object.owner.id}`) || goes(`view ${object.owner.id}`);
    case 'domainCheck':
    case 'attribute':
      return goes(`type ${object.type.id}`);
    case 'default':
      return (
        goes(`table ${object.table.id}`) ||
        goes(`view ${object.table.id}`) ||
        goes(`column ${object.table.id} ${object.column}`)
      );
    case 'foreignKey':
    case 'column':
    case 'check':
    case 'index':
      return goes(`table ${object.table.id}`);
    default:
      return false;
  }
}

function stillNeeded(
  ctx: DdlContext,
  roots: readonly Dropped[],
  extra: readonly { readonly object: Dropped; readonly on: Dropped }[],
): DecentDbError {
  const [root, ...others] = roots;
  const what = root === undefined || others.length > 0 ? 'desired object(s)' : describe(ctx, root);
  const detail = extra
    .map(
      ({ object, on }) =>
        `${describe(ctx, object)} depends on ${describe(ctx, on)}${isOfArrays(object) ? '[]' : ''}`,
    )
    .join('\n');
  return new DecentDbError(
    '2BP01',
    `cannot drop ${what} because other objects depend on ${others.length > 0 ? 'them' : 'it'}`,
    {
      detail,
      hint: 'Use DROP ... CASCADE to drop the dependent objects too.',
    },
  );
}

/** What PostgreSQL says of others that go too. */
export function noticeCascade(ctx: DdlContext, extra: readonly Dropped[]): void {
  const [only] = extra;
  if (extra.length === 1 && only !== undefined) {
    ctx.notice({ severity: 'NOTICE', code: '00000', message: `drop cascades to ${describe(ctx, only)}` });
    return;
  }
  ctx.notice({
    severity: 'NOTICE',
    code: '00000',
    message: `drop cascades to ${extra.length} other objects`,
    detail: extra.map((object) => `drop cascades to ${describe(ctx, object)}`).join('\n'),
  });
}
