/**
 * RENAME and SET SCHEMA.
 *
 * I1  Stored queries and expressions that use the old name are rewritten (renamed-texts.ts) before the object has the new one, as
 *     long as they can still be bound.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { Relation } from '../../catalog/catalog.ts';
import { descendantsOf } from '../../catalog/family.ts';
import type { RoutineDef } from '../../catalog/routines.ts';
import type { CheckConstraint, TableDef, TypeDef, ViewDef } from '../../catalog/schema.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { bindNotSupported } from '../../sql/bind/errors.ts';
import { writtenName } from '../../sql/bind/relations.ts';
import { hasSameInputs } from '../../sql/bind/routine-lookup.ts';
import { renameAttribute } from './alter-composite.ts';
import { nextValueSql, SYSTEM_COLUMNS } from './columns.ts';
import type { DdlContext } from './context.ts';
import { renameDomainConstraint } from './create-type.ts';
import { changeTable } from './drop.ts';
import {
  expressionsOn,
  queriesOn,
  soughtRoutine,
  soughtSequence,
  soughtType,
} from './expression-dependants.ts';
import { renameInExpression, renameInTexts, rewriteQueries } from './renamed-texts.ts';
import { requireRoutine } from './routine-objects.ts';
import { signatureText } from './routines.ts';
import { changeTriggers } from './triggers.ts';
import { changeViewDefault } from './view-defaults.ts';
import { isNameTaken, lookUp, nextVersion, requireSchema, searchPathOf, TEMPORARY_SCHEMA } from './work.ts';

const TAGS: Partial<Record<ast.ObjectType, string>> = {
  OBJECT_VIEW: 'ALTER VIEW',
  OBJECT_MATVIEW: 'ALTER MATERIALIZED VIEW',
  OBJECT_INDEX: 'ALTER INDEX',
  OBJECT_SEQUENCE: 'ALTER SEQUENCE',
  OBJECT_SCHEMA: 'ALTER SCHEMA',
  OBJECT_TYPE: 'ALTER TYPE',
  OBJECT_DOMAIN: 'ALTER DOMAIN',
};

export function renameObject(ctx: DdlContext, stmt: ast.RenameStmt): string {
  switch (stmt.renameType) {
    case 'OBJECT_TABLE':
    case 'OBJECT_VIEW':
    case 'OBJECT_MATVIEW':
    case 'OBJECT_INDEX':
    case 'OBJECT_SEQUENCE':
      renameRelation(ctx, stmt);
      return TAGS[stmt.renameType] ?? 'ALTER TABLE';
    case 'OBJECT_COLUMN':
      renameColumn(ctx, stmt);
      return TAGS[stmt.relationType ?? 'OBJECT_TABLE'] ?? 'ALTER TABLE';
    case 'OBJECT_TABCONSTRAINT':
      renameConstraint(ctx, stmt);
      return 'ALTER TABLE';
    case 'OBJECT_TRIGGER':
      renameTrigger(ctx, stmt);
      return 'ALTER TRIGGER';
    case 'OBJECT_SCHEMA':
      renameSchema(ctx, stmt);
      return 'ALTER SCHEMA';
    case 'OBJECT_TYPE':
    case 'OBJECT_DOMAIN':
      renameType(ctx, stmt);
      return TAGS[stmt.renameType] as string;
    case 'OBJECT_ATTRIBUTE':
      renameAttribute(ctx, stmt, (table) => renameTableColumn(ctx, table, stmt.subname ?? '', stmt.newname));
      return 'ALTER TYPE';
    case 'OBJECT_DOMCONSTRAINT':
      renameDomainConstraint(ctx, stmt);
      return 'ALTER DOMAIN';
    case 'OBJECT_FUNCTION':
    case 'OBJECT_PROCEDURE':
    case 'OBJECT_ROUTINE':
    case 'OBJECT_AGGREGATE': {
      const routine = requireRoutine(ctx, stmt.renameType, stmt.object as ast.ObjectName);
      moveRoutine(ctx, routine, routine.schema, stmt.newname);
      return `ALTER ${stmt.renameType.slice('OBJECT_'.length)}`;
    }
    default:
      throw bindNotSupported(
        `RENAME of ${stmt.renameType.slice('OBJECT_'.length).replaceAll('_', ' ')}`,
        stmt.location,
      );
  }
}

/** The relation of the statement; null (with a notice) when IF EXISTS finds nothing. */
function target(ctx: DdlContext, node: ast.RangeVar, missingOk: boolean): Relation | null {
  const relation = lookUp(ctx, node);
  if (relation !== null) return relation;
  if (!missingOk) throw new DecentDbError('42P01', `relation "${writtenName(node)}" does not exist`);
  ctx.notice({
    severity: 'NOTICE',
    code: '00000',
    message: `relation "${node.relname}" does not exist, skipping`,
  });
  return null;
}

function renameRelation(ctx: DdlContext, stmt: ast.RenameStmt): void {
  const node = stmt.relation as ast.RangeVar;
  if (stmt.renameType === 'OBJECT_INDEX' && renameRowIdKey(ctx, node, stmt.newname)) return;
  const relation = target(ctx, node, stmt.missing_ok);
  if (relation === null) return;
  requireKind(stmt.renameType, relation);
  const schema = schemaOf(relation);
  if (isNameTaken(ctx, schema, stmt.newname))
    throw new DecentDbError('42P07', `relation "${stmt.newname}" already exists`);
  moveRelation(ctx, relation, schema, stmt.newname);
}

/** ALTER TABLE renames anything; the others what they say. */
function requireKind(type: ast.ObjectType, relation: Relation): void {
  const isMaterialized = relation.kind === 'view' && relation.view.materializedTableId !== null;
  const wanted: Partial<Record<ast.ObjectType, readonly [isOne: boolean, name: string]>> = {
    OBJECT_VIEW: [relation.kind === 'view' && !isMaterialized, 'a view'],
    OBJECT_MATVIEW: [isMaterialized, 'a materialized view'],
    OBJECT_SEQUENCE: [relation.kind === 'sequence', 'a sequence'],
    OBJECT_INDEX: [relation.kind === 'index', 'an index'],
  };
  const [isOne, name] = wanted[type] ?? [true, ''];
  if (!isOne) throw new DecentDbError('42809', `"${nameOf(relation)}" is not ${name}`);
}

/** An integer primary key has no index; renaming it renames the constraint, as with every key. */
function renameRowIdKey(ctx: DdlContext, node: ast.RangeVar, newName: string): boolean {
  const path = node.schemaname === null ? searchPathOf(ctx) : [node.schemaname];
  if (lookUp(ctx, node) !== null) return false;
  const table = path.map((schema) => ctx.catalog.tableOfRowIdKey(schema, node.relname)).find(Boolean);
  if (table === undefined) return false;
  if (isNameTaken(ctx, table.schema, newName))
    throw new DecentDbError('42P07', `relation "${newName}" already exists`);
  changeTable(ctx, table.id, (draft) => {
    draft.constraints = draft.constraints.map((one) =>
      one.kind === 'primaryKey' ? { ...one, name: newName } : one,
    );
  });
  return true;
}

function schemaOf(relation: Relation): string {
  switch (relation.kind) {
    case 'table':
    case 'index':
      return relation.table.schema;
    case 'view':
      return relation.view.schema;
    default:
      return relation.sequence.schema;
  }
}

/** Gives a relation another schema or name, and every stored query that uses it. */
function moveRelation(ctx: DdlContext, relation: Relation, schema: string, name: string): void {
  if (relation.kind === 'index') {
    renameIndex(ctx, relation.table, relation.index.id, name);
    return;
  }
  if (relation.kind === 'sequence') {
    const sequence = { ...relation.sequence, schema, name };
    renameInTexts(ctx, soughtSequence(relation.sequence), sequence);
    ctx.catalog = ctx.catalog.withSequence(sequence);
    for (const table of ctx.catalog.tables.values())
      for (const [position, column] of table.columns.entries())
        if (column.sequenceId === sequence.id && column.identity === null)
          changeTable(ctx, table.id, (draft) => {
            draft.setColumn(position, { defaultSql: nextValueSql(sequence) });
          });
    for (const view of ctx.catalog.views.values())
      for (const [position, { sequenceId }] of view.columns.entries())
        if (sequenceId === sequence.id)
          changeViewDefault(ctx, view.id, position, { defaultSql: nextValueSql(sequence), sequenceId });
    return;
  }
  const id = relation.kind === 'table' ? relation.table.id : relation.view.id;
  const old = relation.kind === 'table' ? relation.table : relation.view;
  const rewritten = rewriteQueries(ctx, id, { relation: { from: old.name, schema, name }, column: null });
  rewritten();
  renameInTexts(ctx, soughtType(old), { schema, name });
  if (relation.kind === 'table') {
    const table = ctx.catalog.table(id) ?? relation.table;
    ctx.catalog = ctx.catalog.withTable({ ...table, schema, name, version: nextVersion(ctx) });
  } else {
    const view = ctx.catalog.views.get(id) ?? relation.view;
    ctx.catalog = ctx.catalog.withView({ ...view, schema, name });
    const rows = relation.view.materializedTableId;
    const table = rows === null ? undefined : ctx.catalog.table(rows);
    if (table !== undefined) ctx.catalog = ctx.catalog.withTable({ ...table, schema, name });
  }
}

function renameIndex(ctx: DdlContext, table: TableDef, indexId: number, name: string): void {
  changeTable(ctx, table.id, (draft) => {
    const index = draft.indexes.find((candidate) => candidate.id === indexId);
    draft.indexes = draft.indexes.map((other) => (other.id === indexId ? { ...other, name } : other));
    draft.constraints = draft.constraints.map((constraint) =>
      index?.unique === true && constraint.id === index.constraintId ? { ...constraint, name } : constraint,
    );
  });
}

function renameColumn(ctx: DdlContext, stmt: ast.RenameStmt): void {
  const relation = target(ctx, stmt.relation as ast.RangeVar, stmt.missing_ok);
  if (relation === null) return;
  const from = stmt.subname as string;
  if (relation.kind === 'view') {
    renameViewColumn(ctx, relation.view, from, stmt.newname);
    return;
  }
  if (relation.kind !== 'table')
    throw new DecentDbError('42809', `cannot rename columns of relation "${stmt.relation?.relname}"`);
  const { table } = relation;
  if (table.ofTypeId !== undefined) throw new DecentDbError('42809', 'cannot rename column of typed table');
  requireColumn(table, from);
  const isForAll = (stmt.relation as ast.RangeVar).inh;
  for (const one of renamedWith(ctx, table, from, isForAll)) renameTableColumn(ctx, one, from, stmt.newname);
}

function requireColumn(table: TableDef, name: string): number {
  const position = table.columns.findIndex((column) => column.name === name && !column.isDropped);
  if (position < 0) throw new DecentDbError('42703', `column "${name}" does not exist`);
  return position;
}

/** The table and its descendants, whose columns of one name are one column; 42P16 where a parent outside has it too. */
function renamedWith(ctx: DdlContext, table: TableDef, name: string, isForAll: boolean): readonly TableDef[] {
  const all = [table, ...descendantsOf(ctx.catalog, table)];
  if (!isForAll && all.length > 1)
    throw new DecentDbError('42P16', `inherited column "${name}" must be renamed in child tables too`);
  const ids = new Set(all.map(({ id }) => id));
  for (const one of all) {
    const column = one.columns[requireColumn(one, name)];
    const inside = (one.parents ?? []).filter((id) => ids.has(id)).length;
    if ((column?.inheritCount ?? 0) > inside)
      throw new DecentDbError('42P16', `cannot rename inherited column "${name}"`);
  }
  return all;
}

function renameTableColumn(ctx: DdlContext, renamed: TableDef, from: string, to: string): void {
  const table = ctx.catalog.table(renamed.id) ?? renamed;
  const position = requireColumn(table, from);
  requireFreeColumn(table, to);
  const rewritten = rewriteQueries(ctx, table.id, {
    relation: null,
    column: { position, names: liveNames(table.columns), from, to: to },
  });
  const inText = (sql: string): string => renameInExpression(sql, from, to);
  changeTable(ctx, table.id, (draft) => {
    draft.setColumn(position, { name: to });
    draft.columns = draft.columns.map((column) =>
      column.generated === null || column.defaultSql === null
        ? column
        : { ...column, defaultSql: inText(column.defaultSql) },
    );
    const { partitionKey: key } = draft.family;
    if (key !== undefined) {
      const parts = key.parts.map((part) =>
        part.expressionSql === null ? part : { ...part, expressionSql: inText(part.expressionSql) },
      );
      draft.family = { ...draft.family, partitionKey: { ...key, parts } };
    }
    draft.constraints = draft.constraints.map((constraint) =>
      constraint.kind === 'check' ? { ...constraint, sql: inText(constraint.sql) } : constraint,
    );
    draft.triggers = draft.triggers.map((trigger) =>
      trigger.whenSql === null ? trigger : { ...trigger, whenSql: inText(trigger.whenSql) },
    );
    draft.indexes = draft.indexes.map((index) => ({
      ...index,
      keys: index.keys.map((key) =>
        key.expressionSql === null ? key : { ...key, expressionSql: inText(key.expressionSql) },
      ),
      predicateSql: index.predicateSql === null ? null : inText(index.predicateSql),
    }));
  });
  rewritten();
}

function liveNames(columns: TableDef['columns']): readonly string[] {
  return columns.flatMap(({ name, isDropped }) => (isDropped ? [] : [name]));
}

function requireFreeColumn(table: TableDef, name: string): void {
  if (SYSTEM_COLUMNS.has(name))
    throw new DecentDbError('42701', `column name "${name}" conflicts with a system column name`);
  if (table.columns.some((column) => column.name === name && !column.isDropped))
    throw new DecentDbError('42701', `column "${name}" of relation "${table.name}" already exists`);
}

function renameViewColumn(ctx: DdlContext, view: ViewDef, from: string, to: string): void {
  const position = view.columns.findIndex((column) => column.name === from);
  if (position < 0) throw new DecentDbError('42703', `column "${from}" does not exist`);
  if (view.columns.some((column) => column.name === to))
    throw new DecentDbError('42701', `column "${to}" of relation "${view.name}" already exists`);
  const rewritten = rewriteQueries(ctx, view.id, {
    relation: null,
    column: { position, names: view.columns.map(({ name }) => name), from, to },
  });
  const columns = view.columns.map((column, i) => (i === position ? { ...column, name: to } : column));
  ctx.catalog = ctx.catalog.withView({ ...view, columns, version: nextVersion(ctx) });
  rewritten();
  // The rows of a materialized view are a table's, which its queries and its indexes read by name.
  const rows = view.materializedTableId === null ? undefined : ctx.catalog.table(view.materializedTableId);
  if (rows !== undefined) renameTableColumn(ctx, rows, from, to);
}

function renameConstraint(ctx: DdlContext, stmt: ast.RenameStmt): void {
  const relation = target(ctx, stmt.relation as ast.RangeVar, stmt.missing_ok);
  if (relation === null) return;
  if (relation.kind !== 'table')
    throw new DecentDbError(
      '42704',
      `constraint "${stmt.subname}" for table "${nameOf(relation)}" does not exist`,
    );
  const { table } = relation;
  const constraint = table.constraints.find((candidate) => candidate.name === stmt.subname);
  if (constraint === undefined)
    throw new DecentDbError('42704', `constraint "${stmt.subname}" for table "${table.name}" does not exist`);
  const isKey = constraint.kind === 'primaryKey' || constraint.kind === 'unique';
  if (isKey && isNameTaken(ctx, table.schema, stmt.newname))
    throw new DecentDbError('42P07', `relation "${stmt.newname}" already exists`);
  if (constraint.kind === 'check' && constraint.isNoInherit !== true) {
    renameCheck(ctx, stmt, table, constraint);
    return;
  }
  changeTable(ctx, table.id, (draft) => {
    draft.checkConstraintName(stmt.newname);
    draft.constraints = draft.constraints.map((other) =>
      other.id === constraint.id ? { ...other, name: stmt.newname } : other,
    );
    draft.indexes = draft.indexes.map((index) =>
      index.unique && index.constraintId === constraint.id ? { ...index, name: stmt.newname } : index,
    );
  });
}

function renameTrigger(ctx: DdlContext, stmt: ast.RenameStmt): void {
  const relation = target(ctx, stmt.relation as ast.RangeVar, false);
  if (relation?.kind !== 'table' && relation?.kind !== 'view')
    throw new DecentDbError('42809', `"${stmt.relation?.relname}" is not a table or view`);
  const owner = relation.kind === 'table' ? relation.table : relation.view;
  const trigger = owner.triggers.find(({ name }) => name === stmt.subname);
  if (trigger === undefined)
    throw new DecentDbError('42704', `trigger "${stmt.subname}" for table "${owner.name}" does not exist`);
  if (owner.triggers.some(({ name }) => name === stmt.newname))
    throw new DecentDbError('42710', `trigger "${stmt.newname}" for relation "${owner.name}" already exists`);
  changeTriggers(ctx, owner.id, (all) =>
    all.map((one) => (one.id === trigger.id ? { ...one, name: stmt.newname } : one)),
  );
}

/** A CHECK constraint goes by one name in a table and its descendants. */
function renameCheck(ctx: DdlContext, stmt: ast.RenameStmt, table: TableDef, check: CheckConstraint): void {
  if ((check.inheritCount ?? 0) > 0)
    throw new DecentDbError('42P16', `cannot rename inherited constraint "${check.name}"`);
  const below = descendantsOf(ctx.catalog, table);
  if (!(stmt.relation as ast.RangeVar).inh && below.length > 0)
    throw new DecentDbError(
      '42P16',
      `inherited constraint "${check.name}" must be renamed in child tables too`,
    );
  for (const one of [table, ...below])
    changeTable(ctx, one.id, (draft) => {
      draft.checkConstraintName(stmt.newname);
      draft.constraints = draft.constraints.map((other) =>
        other.kind === 'check' && other.name === check.name ? { ...other, name: stmt.newname } : other,
      );
    });
}

function renameSchema(ctx: DdlContext, stmt: ast.RenameStmt): void {
  const name = (stmt.object?.names.at(-1) ?? stmt.subname) as string;
  const schema = requireSchema(ctx, name);
  if (ctx.catalog.schema(stmt.newname) !== undefined)
    throw new DecentDbError('42P06', `schema "${stmt.newname}" already exists`);
  const { catalog } = ctx;
  ctx.catalog = catalog.withSchema({ ...schema, name: stmt.newname });
  ctx.catalog = ctx.catalog.withSchema({ id: -1, name, comment: null });
  const members: Relation[] = [...catalog.relationsIn(name).values()].filter((one) => one.kind !== 'index');
  for (const member of members) moveRelation(ctx, current(ctx, member), stmt.newname, nameOf(member));
  for (const { id, schema: of } of catalog.types.values())
    if (of === name) moveType(ctx, ctx.catalog.types.get(id) as TypeDef, stmt.newname, null);
  for (const { id, schema: of } of catalog.routines.values()) {
    const routine = ctx.catalog.routines.get(id);
    if (of === name && routine !== undefined) moveRoutine(ctx, routine, stmt.newname, routine.name);
  }
  ctx.catalog = ctx.catalog.withoutSchema(-1);
}

/** The present definition of a relation that an earlier step of the statement may have changed. */
function current(ctx: DdlContext, relation: Relation): Relation {
  if (relation.kind === 'table')
    return { kind: 'table', table: ctx.catalog.table(relation.table.id) ?? relation.table };
  if (relation.kind === 'view')
    return { kind: 'view', view: ctx.catalog.views.get(relation.view.id) ?? relation.view };
  return relation;
}

function nameOf(relation: Relation): string {
  switch (relation.kind) {
    case 'table':
      return relation.table.name;
    case 'view':
      return relation.view.name;
    case 'sequence':
      return relation.sequence.name;
    default:
      return relation.index.name;
  }
}

function moveRoutine(ctx: DdlContext, routine: RoutineDef, schema: string, name: string): void {
  const moved = { ...routine, schema, name };
  if (ctx.catalog.routinesNamed(schema, name).some((other) => hasSameInputs(other, moved)))
    throw new DecentDbError(
      '42723',
      `function ${signatureText(ctx, moved)} already exists in schema "${schema}"`,
    );
  requireOwnName(ctx, routine);
  renameInTexts(ctx, soughtRoutine(routine), moved);
  ctx.catalog = ctx.catalog.withRoutine({
    ...(ctx.catalog.routines.get(routine.id) ?? routine),
    schema,
    name,
  });
}

/** Calls are told by name: one of several functions of a name is not renamed while anything stored calls one of them. */
function requireOwnName(ctx: DdlContext, routine: RoutineDef): void {
  if (ctx.catalog.routinesNamed(routine.schema, routine.name).length < 2) return;
  const sought = soughtRoutine(routine);
  if (expressionsOn(ctx.catalog, sought).length > 0 || queriesOn(ctx.catalog, sought).length > 0)
    throw bindNotSupported(`another name for one of several functions "${routine.name}" that are in use`, -1);
}

function requireType(ctx: DdlContext, names: readonly string[]): TypeDef {
  const path = names.length > 1 ? [names.at(-2) as string] : searchPathOf(ctx);
  const type = ctx.catalog.findType(path, names.at(-1) ?? '');
  if (type === undefined) throw new DecentDbError('42704', `type "${names.join('.')}" does not exist`);
  return type;
}

function renameType(ctx: DdlContext, stmt: ast.RenameStmt): void {
  const type = requireType(ctx, stmt.object?.typeName?.names ?? stmt.object?.names ?? []);
  moveType(ctx, type, type.schema, stmt.newname);
}

/** Gives a type another schema or (not null) another name, and every stored text that uses it. */
function moveType(ctx: DdlContext, type: TypeDef, schema: string, newName: string | null): void {
  const name = newName ?? type.name;
  if (ctx.catalog.type(schema, name) !== undefined || ctx.catalog.relation(schema, name)?.kind === 'table')
    throw new DecentDbError('42710', `type "${name}" already exists in schema "${schema}"`);
  renameInTexts(ctx, soughtType(type), { schema, name });
  ctx.catalog = ctx.catalog.withType({ ...(ctx.catalog.types.get(type.id) ?? type), schema, name });
}

/** ALTER ... SET SCHEMA. */
export function setSchema(ctx: DdlContext, stmt: ast.AlterObjectSchemaStmt): string {
  const { objectType, object } = stmt;
  const isRoutine =
    objectType === 'OBJECT_FUNCTION' ||
    objectType === 'OBJECT_PROCEDURE' ||
    objectType === 'OBJECT_ROUTINE' ||
    objectType === 'OBJECT_AGGREGATE';
  if (isRoutine && object !== null) {
    const routine = requireRoutine(ctx, objectType, object);
    moveRoutine(ctx, routine, requireSchema(ctx, stmt.newschema).name, routine.name);
    return `ALTER ${objectType.slice('OBJECT_'.length)}`;
  }
  if ((objectType === 'OBJECT_TYPE' || objectType === 'OBJECT_DOMAIN') && object !== null) {
    const type = requireType(ctx, object.typeName?.names ?? object.names);
    const { name } = requireSchema(ctx, stmt.newschema);
    if (name !== type.schema) moveType(ctx, type, name, null);
    const { form } = type;
    const other = form.kind === 'range' ? ctx.catalog.types.get(form.multirangeId) : undefined;
    if (other !== undefined && other.schema !== name) moveType(ctx, other, name, null);
    return TAGS[objectType] as string;
  }
  if (stmt.relation === null)
    throw bindNotSupported(
      `SET SCHEMA of ${stmt.objectType.slice('OBJECT_'.length).replaceAll('_', ' ')}`,
      stmt.location,
    );
  const tag = TAGS[stmt.objectType] ?? 'ALTER TABLE';
  const relation = target(ctx, stmt.relation, stmt.missing_ok);
  if (relation === null) return tag;
  const schema = requireSchema(ctx, stmt.newschema);
  const name = nameOf(relation);
  if (schemaOf(relation) === schema.name) return tag;
  // What is temporary is so by more than its schema.
  if (schema.name === TEMPORARY_SCHEMA || schemaOf(relation) === TEMPORARY_SCHEMA)
    throw new DecentDbError('0A000', 'cannot move objects into or out of temporary schemas');
  if (ctx.catalog.relation(schema.name, name) !== undefined)
    throw new DecentDbError('42P07', `relation "${name}" already exists in schema "${schema.name}"`);
  moveRelation(ctx, relation, schema.name, name);
  if (relation.kind === 'table')
    for (const sequence of ctx.catalog.sequences.values())
      if (sequence.ownedBy?.tableId === relation.table.id)
        moveRelation(ctx, { kind: 'sequence', sequence }, schema.name, sequence.name);
  return tag;
}
