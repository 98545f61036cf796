/**
 * DROP of tables, views, indexes, sequences, schemas and types.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { Relation } from '../../catalog/catalog.ts';
import { childrenOf } from '../../catalog/family.ts';
import type { IndexDef, TableDef } from '../../catalog/schema.ts';
import { clearSequence } from '../../catalog/sequence-values.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { byteaType } from '../../types/bytea-type.ts';
import { dropAttribute } from './alter-composite.ts';
import { keptValues, replaceTable } from './alter-row-id.ts';
import { mentionsColumn } from './column-mentions.ts';
import type { DdlContext } from './context.ts';
import { closure, type Dropped, describe } from './dependencies.ts';
import { dropMissing } from './drop-missing.ts';
import { standInFor } from './dropped-type.ts';
import { routineNamed } from './routine-objects.ts';
import { dropIndexTree, dropStorage, readTable, rewriteTable } from './storage.ts';
import { TableDraft } from './table-draft.ts';
import { changeTriggers, dropTriggers } from './triggers.ts';
import { changeViewDefault } from './view-defaults.ts';
import { envOf, lookUp, rangeVarOf, searchPathOf } from './work.ts';

const NAMES: Partial<Record<ast.ObjectType, string>> = {
  OBJECT_TABLE: 'table',
  OBJECT_VIEW: 'view',
  OBJECT_MATVIEW: 'materialized view',
  OBJECT_INDEX: 'index',
  OBJECT_SEQUENCE: 'sequence',
  OBJECT_SCHEMA: 'schema',
  OBJECT_TYPE: 'type',
  OBJECT_DOMAIN: 'type',
};

const TAGS: Partial<Record<ast.ObjectType, string>> = {
  OBJECT_TABLE: 'DROP TABLE',
  OBJECT_VIEW: 'DROP VIEW',
  OBJECT_MATVIEW: 'DROP MATERIALIZED VIEW',
  OBJECT_INDEX: 'DROP INDEX',
  OBJECT_SEQUENCE: 'DROP SEQUENCE',
  OBJECT_SCHEMA: 'DROP SCHEMA',
  OBJECT_TYPE: 'DROP TYPE',
  OBJECT_DOMAIN: 'DROP DOMAIN',
};

export function executeDrop(ctx: DdlContext, stmt: ast.DropStmt): string {
  if (stmt.removeType === 'OBJECT_TRIGGER') return dropTriggers(ctx, stmt);
  if (ROUTINES.has(stmt.removeType)) return dropRoutines(ctx, stmt);
  const tag = TAGS[stmt.removeType];
  if (tag === undefined) return dropMissing(ctx, stmt);
  const isCascade = stmt.behavior === 'DROP_CASCADE';
  if (stmt.removeType === 'OBJECT_INDEX') {
    for (const object of stmt.objects) dropIndex(ctx, stmt, object);
    return tag;
  }
  const roots: Dropped[] = [];
  for (const object of stmt.objects) {
    if (stmt.removeType === 'OBJECT_SCHEMA') roots.push(...schemaRoot(ctx, stmt, object));
    else if (stmt.removeType === 'OBJECT_TYPE' || stmt.removeType === 'OBJECT_DOMAIN')
      roots.push(...typeRoot(ctx, stmt, object));
    else roots.push(...relationRoot(ctx, stmt, object));
  }
  for (const dropped of closure(ctx, roots, isCascade)) remove(ctx, dropped);
  return tag;
}

const ROUTINES: ReadonlySet<ast.ObjectType> = new Set<ast.ObjectType>([
  'OBJECT_FUNCTION',
  'OBJECT_PROCEDURE',
  'OBJECT_ROUTINE',
  'OBJECT_AGGREGATE',
]);

function dropRoutines(ctx: DdlContext, stmt: ast.DropStmt): string {
  const roots: Dropped[] = [];
  let tag = `DROP ${stmt.removeType.slice('OBJECT_'.length)}`;
  for (const object of stmt.objects) {
    const routine = routineNamed(ctx, stmt.removeType, object);
    if (routine?.kind === 'aggregate' && stmt.removeType === 'OBJECT_FUNCTION')
      throw new DecentDbError('42809', `"${object.names.join('.')}" is an aggregate function`, {
        hint: 'Use DROP AGGREGATE to drop aggregate functions.',
      });
    if (routine === null) tag = dropMissing(ctx, { ...stmt, objects: [object] });
    else roots.push({ kind: 'routine', routine });
  }
  for (const dropped of closure(ctx, roots, stmt.behavior === 'DROP_CASCADE')) remove(ctx, dropped);
  return tag;
}

/** IF EXISTS turns the absence into a notice. */
function missing(ctx: DdlContext, stmt: ast.DropStmt, kind: string, name: string, code: string): void {
  if (!stmt.missing_ok) throw new DecentDbError(code, `${kind} "${name}" does not exist`);
  ctx.notice({ severity: 'NOTICE', code: '00000', message: `${kind} "${name}" does not exist, skipping` });
}

function relationRoot(ctx: DdlContext, stmt: ast.DropStmt, object: ast.ObjectName): Dropped[] {
  const kind = NAMES[stmt.removeType] as string;
  const [schema] = object.names.length > 1 ? object.names.slice(-2) : [null];
  if (
    schema != null &&
    ctx.catalog.schema(schema) === undefined &&
    !envOf(ctx).virtualTables.hasSchema(schema)
  ) {
    if (!stmt.missing_ok) throw new DecentDbError('3F000', `schema "${schema}" does not exist`);
    ctx.notice({ severity: 'NOTICE', code: '00000', message: `schema "${schema}" does not exist, skipping` });
    return [];
  }
  const relation = lookUp(ctx, rangeVarOf(object.names));
  if (relation === null) {
    missing(ctx, stmt, kind, object.names.join('.'), '42P01');
    return [];
  }
  const found = asDropped(relation);
  if (kindOf(relation) !== kind || found === null) throw wrongKind(relation, object.names.at(-1) ?? '', kind);
  if (found.kind === 'sequence') refuseIdentity(ctx, found);
  return [found];
}

/** 2BP01: an identity column's sequence goes with the column only. */
function refuseIdentity(ctx: DdlContext, dropped: Extract<Dropped, { kind: 'sequence' }>): void {
  const { sequence } = dropped;
  const table = ctx.catalog.table(sequence.ownedBy?.tableId ?? -1);
  const column = sequence.ownedBy?.column ?? -1;
  if (table === undefined || table.columns[column]?.identity == null) return;
  const of = describe(ctx, { kind: 'column', table, column });
  throw new DecentDbError('2BP01', `cannot drop ${describe(ctx, dropped)} because ${of} requires it`, {
    hint: `You can drop ${of} instead.`,
  });
}

function asDropped(relation: Relation): Dropped | null {
  switch (relation.kind) {
    case 'table':
      return { kind: 'table', table: relation.table };
    case 'view':
      return { kind: 'view', view: relation.view };
    case 'sequence':
      return { kind: 'sequence', sequence: relation.sequence };
    default:
      return null;
  }
}

export function kindOf(relation: Relation): string {
  if (relation.kind !== 'view') return relation.kind;
  return relation.view.materializedTableId === null ? 'view' : 'materialized view';
}

function wrongKind(relation: Relation, name: string, kind: string): DecentDbError {
  const actual = kindOf(relation);
  const article = /^[aeiou]/.test(kind) ? 'an' : 'a';
  return new DecentDbError('42809', `"${name}" is not ${article} ${kind}`, {
    hint: `Use DROP ${actual.toUpperCase()} to remove ${/^[aeiou]/.test(actual) ? 'an' : 'a'} ${actual}.`,
  });
}

function typeRoot(ctx: DdlContext, stmt: ast.DropStmt, object: ast.ObjectName): Dropped[] {
  const names = object.typeName?.names ?? object.names;
  const name = names.at(-1) as string;
  const path = names.length > 1 ? [names.at(-2) as string] : searchPathOf(ctx);
  const type = ctx.catalog.findType(path, name);
  if (type === undefined) {
    missing(ctx, stmt, 'type', names.join('.'), '42704');
    return [];
  }
  if (stmt.removeType === 'OBJECT_DOMAIN' && type.form.kind !== 'domain')
    throw new DecentDbError('42809', `"${names.join('.')}" is not a domain`);
  if (type.form.kind === 'multirange') {
    const range = ctx.catalog.types.get(type.form.rangeId)?.name ?? '';
    throw new DecentDbError('2BP01', `cannot drop type ${type.name} because type ${range} requires it`, {
      hint: `You can drop type ${range} instead.`,
    });
  }
  return [{ kind: 'type', type }];
}

function schemaRoot(ctx: DdlContext, stmt: ast.DropStmt, object: ast.ObjectName): Dropped[] {
  const name = object.names.at(-1) as string;
  const schema = ctx.catalog.schema(name);
  if (schema === undefined) missing(ctx, stmt, 'schema', name, '3F000');
  return schema === undefined ? [] : [{ kind: 'schema', schema }];
}

/** Takes one object out; its dependants are gone already. */
export function remove(ctx: DdlContext, dropped: Dropped): void {
  switch (dropped.kind) {
    case 'table':
      removeTable(ctx, dropped.table.id);
      return;
    case 'view':
      ctx.catalog = ctx.catalog.withoutView(dropped.view.id);
      if (dropped.view.materializedTableId !== null) removeTable(ctx, dropped.view.materializedTableId);
      return;
    case 'sequence':
      ctx.sequences.forget(dropped.sequence.id);
      clearSequence(ctx.view, dropped.sequence);
      ctx.catalog = ctx.catalog.withoutSequence(dropped.sequence.id);
      return;
    case 'type':
      ctx.catalog = ctx.catalog.withoutType(dropped.type.id);
      return;
    case 'routine':
      ctx.catalog = ctx.catalog.withoutRoutine(dropped.routine.id);
      return;
    case 'schema':
      ctx.catalog = ctx.catalog.withoutSchema(dropped.schema.id);
      return;
    case 'index': {
      const table = ctx.catalog.table(dropped.table.id);
      if (table?.indexes.some((index) => index.id === dropped.index.id) === true)
        removeIndex(ctx, table, dropped.index);
      return;
    }
    case 'check':
    case 'foreignKey':
      changeTable(ctx, dropped.table.id, (draft) => {
        draft.constraints = draft.constraints.filter((constraint) => constraint.id !== dropped.constraint.id);
      });
      return;
    case 'trigger':
      changeTriggers(ctx, dropped.owner.id, (all) => all.filter(({ id }) => id !== dropped.trigger.id));
      return;
    case 'domainCheck':
      removeDomainCheck(ctx, dropped.type.id, dropped.name);
      return;
    case 'attribute':
      dropAttribute(ctx, dropped.type.id, dropped.name);
      return;
    case 'default':
      changeViewDefault(ctx, dropped.table.id, dropped.column);
      changeTable(ctx, dropped.table.id, (draft) => {
        draft.setColumn(dropped.column, { defaultSql: null, sequenceId: null });
      });
      return;
    default:
      dropColumn(ctx, dropped.table.id, dropped.column);
  }
}

function removeDomainCheck(ctx: DdlContext, id: number, name: string): void {
  const type = ctx.catalog.types.get(id);
  if (type?.form.kind !== 'domain') return;
  const checks = type.form.checks.filter((check) => check.name !== name);
  ctx.catalog = ctx.catalog.withType({ ...type, form: { ...type.form, checks } });
}

/** Applies a change to the table's present definition, if it is still there. */
export function changeTable(ctx: DdlContext, id: number, change: (draft: TableDraft) => void): void {
  const table = ctx.catalog.table(id);
  if (table === undefined) return;
  const draft = TableDraft.of(ctx, table);
  change(draft);
  ctx.catalog = ctx.catalog.withTable(draft.toDef());
}

function removeTable(ctx: DdlContext, id: number): void {
  const table = ctx.catalog.table(id);
  if (table === undefined) return;
  ctx.requireUnused(table, 'DROP TABLE');
  for (const sequence of ctx.catalog.sequences.values())
    if (sequence.ownedBy?.tableId === id) remove(ctx, { kind: 'sequence', sequence });
  dropStorage(ctx, table);
  ctx.catalog = ctx.catalog.withoutTable(id);
}

/** A column becomes a hole: its constraints, indexes and sequence go, stored rows stay as they are. */
export function dropColumn(ctx: DdlContext, tableId: number, position: number): void {
  const column = ctx.catalog.table(tableId)?.columns[position];
  if (column?.isDropped !== false) return;
  for (const sequence of ctx.catalog.sequences.values())
    if (sequence.ownedBy?.tableId === tableId && sequence.ownedBy.column === position)
      remove(ctx, { kind: 'sequence', sequence });
  const table = ctx.catalog.table(tableId) as TableDef;
  const draft = TableDraft.of(ctx, table);
  const doomed = draft.indexes.filter((index) => usesColumn(index, position, column.name));
  draft.indexes = draft.indexes.filter((index) => !doomed.includes(index));
  draft.constraints = draft.constraints.filter((constraint) =>
    constraint.kind === 'check'
      ? !mentionsColumn(constraint.sql, column.name)
      : !constraint.columns.includes(position),
  );
  // What is stored is still read, and a type of the user's may be gone by then.
  const type = standInFor(column.type);
  draft.setColumn(position, {
    name: `........pg.dropped.${position + 1}........`,
    type: type ?? byteaType,
    typmod: type === column.type ? column.typmod : -1,
    isDropped: true,
    notNull: false,
    defaultSql: null,
    generated: null,
    identity: null,
    sequenceId: null,
    missingValue: null,
    comment: null,
  });
  if (type === null) {
    rewriteWithout(ctx, table, draft, position);
    return;
  }
  for (const index of doomed) dropIndexTree(ctx, table, index);
  ctx.catalog = ctx.catalog.withTable(draft.toDef());
}

function usesColumn(index: IndexDef, position: number, name: string): boolean {
  const expressions = [index.predicateSql, ...index.keys.map((key) => key.expressionSql)];
  return (
    index.keys.some((key) => key.column === position) ||
    index.include.includes(position) ||
    expressions.some((sql) => sql !== null && mentionsColumn(sql, name))
  );
}

function rewriteWithout(ctx: DdlContext, table: TableDef, draft: TableDraft, position: number): void {
  const read = readTable(ctx, table);
  const values = keptValues(read, table).with(position, null);
  replaceTable(ctx, rewriteTable(ctx, table, draft.toDef(), read, values));
}

function dropIndex(ctx: DdlContext, stmt: ast.DropStmt, object: ast.ObjectName): void {
  const relation = lookUp(ctx, rangeVarOf(object.names));
  if (relation === null) {
    refuseRowIdKey(ctx, object.names);
    missing(ctx, stmt, 'index', object.names.join('.'), '42704');
    return;
  }
  if (relation.kind !== 'index') throw wrongKind(relation, object.names.at(-1) ?? '', 'index');
  const { index, table } = relation;
  const constraint = table.constraints.find((candidate) => candidate.id === index.constraintId);
  if (constraint !== undefined)
    throw new DecentDbError(
      '2BP01',
      `cannot drop index ${index.name} because constraint ${constraint.name} on table ${table.name} requires it`,
      { hint: `You can drop constraint ${constraint.name} on table ${table.name} instead.` },
    );
  const whole = ctx.catalog
    .tableOfIndex(index.parentId ?? -1)
    ?.indexes.find(({ id }) => id === index.parentId);
  if (whole !== undefined)
    throw new DecentDbError(
      '2BP01',
      `cannot drop index ${index.name} because index ${whole.name} requires it`,
      { hint: `You can drop index ${whole.name} instead.` },
    );
  removeWithParts(ctx, table, index);
}

/** An index goes with those of partitions that are part of it. */
function removeWithParts(ctx: DdlContext, table: TableDef, index: IndexDef): void {
  for (const child of childrenOf(ctx.catalog, table.id)) {
    const part = child.indexes.find(({ parentId }) => parentId === index.id);
    if (part !== undefined) removeWithParts(ctx, child, part);
  }
  removeIndex(ctx, ctx.catalog.table(table.id) as TableDef, index);
}

/** 2BP01: the name is that of an integer primary key, which has no index of its own. */
function refuseRowIdKey(ctx: DdlContext, names: readonly string[]): void {
  const name = names.at(-1) ?? '';
  const path = names.length > 1 ? [names.at(-2) ?? ''] : searchPathOf(ctx);
  for (const schema of path) {
    const table = ctx.catalog.tableOfRowIdKey(schema, name);
    if (table === undefined) continue;
    throw new DecentDbError(
      '2BP01',
      `cannot drop index ${name} because constraint ${name} on table ${table.name} requires it`,
      { hint: `You can drop constraint ${name} on table ${table.name} instead.` },
    );
  }
}

export function removeIndex(ctx: DdlContext, table: TableDef, index: IndexDef): void {
  dropIndexTree(ctx, table, index);
  changeTable(ctx, table.id, (draft) => {
    draft.indexes = draft.indexes.filter((candidate) => candidate.id !== index.id);
  });
}
