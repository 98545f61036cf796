/**
 * What stands on what: the closure DROP ... CASCADE takes, and the refusal of RESTRICT.
 *
 * I1  Parts of a table (its indexes, constraints, triggers, owned sequences) go with it and are never mentioned.
 * I2  Others that depend on it are views, foreign keys of other tables, defaults that call a sequence, columns of a type.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import { type RoutineDef, routineSignature } from '../../catalog/routines.ts';
import type {
  CheckConstraint,
  ForeignKeyConstraint,
  IndexDef,
  SequenceDef,
  TableDef,
  TypeDef,
  ViewDef,
} from '../../catalog/schema.ts';
import { typeIn } from '../../sql/bind/routine-lookup.ts';
import { mentionsColumn } from './column-mentions.ts';
import type { DdlContext } from './context.ts';
import { callsSequence, expressionsOn } from './expression-dependants.ts';

export type Dropped =
  | { readonly kind: 'table'; readonly table: TableDef }
  | { readonly kind: 'view'; readonly view: ViewDef }
  | { readonly kind: 'sequence'; readonly sequence: SequenceDef }
  | { readonly kind: 'type'; readonly type: TypeDef }
  | { readonly kind: 'routine'; readonly routine: RoutineDef }
  | { readonly kind: 'foreignKey'; readonly table: TableDef; readonly constraint: ForeignKeyConstraint }
  | { readonly kind: 'default'; readonly table: TableDef; readonly column: number }
  | { readonly kind: 'column'; readonly table: TableDef; readonly column: number }
  | { readonly kind: 'check'; readonly table: TableDef; readonly constraint: CheckConstraint }
  | { readonly kind: 'index'; readonly table: TableDef; readonly index: IndexDef };

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
      return `${object.routine.kind} ${name(object.routine.schema, routineSignature(object.routine, (oid) => typeIn(ctx.catalog, oid)).replaceAll(', ', ','))}`;
    case 'index':
      return `index ${name(object.table.schema, object.index.name)}`;
    case 'check':
    case 'foreignKey':
      return `constraint ${object.constraint.name} on table ${name(object.table.schema, object.table.name)}`;
    case 'default':
      return `default value for column ${object.table.columns[object.column]?.name} of table ${name(object.table.schema, object.table.name)}`;
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
    case 'index':
      return `index ${object.index.id}`;
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
    case 'table':
      return [
        ...viewsOn(catalog, object.table.id, null),
        ...routinesOn(catalog, object.table.id, null),
        ...foreignKeysOn(catalog, object.table),
      ];
    case 'view':
      return [...viewsOn(catalog, object.view.id, null), ...routinesOn(catalog, object.view.id, null)];
    case 'routine':
      return [
        ...viewsOn(catalog, object.routine.id, null),
        ...routinesOn(catalog, object.routine.id, null),
        ...expressionsOn(catalog, object.routine),
      ];
    case 'sequence':
      return [
        ...defaultsOn(catalog, object.sequence),
        ...viewsOn(catalog, object.sequence.id, null),
        ...routinesOn(catalog, object.sequence.id, null),
      ];
    case 'type':
      return [
        ...columnsOf(catalog, object.type),
        ...routinesOn(catalog, object.type.id, null),
        ...routinesOn(catalog, object.type.arrayId, null),
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
  const found: Dropped[] = [];
  for (const table of catalog.tables.values()) {
    if (table.id === target.id) continue;
    for (const constraint of table.constraints)
      if (constraint.kind === 'foreignKey' && constraint.targetTableId === target.id)
        found.push({ kind: 'foreignKey', table, constraint });
  }
  return found;
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
      if (
        !def.isDropped &&
        (def.sequenceId === sequence.id || callsSequence(def.defaultSql, table, sequence))
      )
        found.push({ kind: 'default', table, column });
  return found;
}

function columnsOf(catalog: Catalog, type: TypeDef): Dropped[] {
  const found: Dropped[] = [];
  for (const table of catalog.tables.values())
    for (const [column, def] of table.columns.entries())
      if (!def.isDropped && (def.type.oid === type.id || def.type.oid === type.arrayId))
        found.push({ kind: 'column', table, column });
  for (const other of catalog.types.values()) {
    const { form } = other;
    const uses =
      (form.kind === 'domain' && (form.baseTypeId === type.id || form.baseTypeId === type.arrayId)) ||
      (form.kind === 'range' && (form.subtypeId === type.id || form.subtypeId === type.arrayId)) ||
      (form.kind === 'multirange' && form.rangeId === type.id) ||
      (form.kind === 'composite' &&
        form.fields.some((field) => field.typeId === type.id || field.typeId === type.arrayId));
    if (uses) found.push({ kind: 'type', type: other });
  }
  return found;
}

/** All that goes when `roots` go: dependants first. Throws 2BP01 when not cascading and something else stands on them. */
export function closure(ctx: DdlContext, roots: readonly Dropped[], isCascade: boolean): Dropped[] {
  const all = new Map<string, Dropped>();
  const extra: { readonly object: Dropped; readonly on: Dropped }[] = [];
  const rootKeys = new Set(roots.map(keyOf));
  const visit = (object: Dropped): void => {
    if (all.has(keyOf(object))) return;
    all.set(keyOf(object), object);
    for (const dependant of dependantsOf(ctx.catalog, object)) {
      const key = keyOf(dependant);
      if (!all.has(key) && !rootKeys.has(key) && !isOwnedByRoot(dependant, rootKeys))
        extra.push({ object: dependant, on: object });
      visit(dependant);
    }
  };
  for (const root of roots) visit(root);
  const unique = [...new Map(extra.map((item) => [keyOf(item.object), item])).values()];
  if (unique.length > 0 && !isCascade) throw stillNeeded(ctx, roots, unique);
  if (unique.length > 0)
    noticeCascade(
      ctx,
      unique.map((item) => item.object),
    );
  return [...all.values()].reverse();
}

/** A default or foreign key of a table that is itself being dropped goes silently, a multirange type with its range type. */
function isOwnedByRoot(object: Dropped, rootKeys: ReadonlySet<string>): boolean {
  switch (object.kind) {
    case 'type':
      return object.type.form.kind === 'multirange' && rootKeys.has(`type ${object.type.form.rangeId}`);
    case 'default':
    case 'foreignKey':
    case 'column':
    case 'check':
    case 'index':
      break;
    default:
      return false;
  }
  return rootKeys.has(`table ${object.table.id}`);
}

function stillNeeded(
  ctx: DdlContext,
  roots: readonly Dropped[],
  extra: readonly { readonly object: Dropped; readonly on: Dropped }[],
): DecentDbError {
  const [root, ...others] = roots;
  const what = root === undefined || others.length > 0 ? 'desired object(s)' : describe(ctx, root);
  const detail = extra
    .map(({ object, on }) => `${describe(ctx, object)} depends on ${describe(ctx, on)}`)
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

function noticeCascade(ctx: DdlContext, extra: readonly Dropped[]): void {
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
