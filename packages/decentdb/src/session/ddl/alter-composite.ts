/**
 * ALTER TYPE on the attributes of a composite type.
 *
 * I1  Attributes come, go and change names with the values there are (composite-rows.ts); the type of an attribute stays as long as a
 *     column holds such values (0A000).
 * I2  Typed tables change with their type (CASCADE), or keep it as it is (2BP01).
 */
import { DecentDbError } from '../../base/errors.ts';
import type { CompositeForm, TableDef, TypeDef } from '../../catalog/schema.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { bindNotSupported } from '../../sql/bind/errors.ts';
import { resolveTypeName } from '../../sql/bind/type-names.ts';
import { requireStorable } from './columns.ts';
import { type AttributeChange, changeAttributes, isMadeOf } from './composite-rows.ts';
import type { DdlContext } from './context.ts';
import { refuseTyped, typedTables } from './typed-tables.ts';
import { envOf, searchPathOf } from './work.ts';

type Field = CompositeForm['fields'][number];

function requireComposite(
  ctx: DdlContext,
  names: readonly string[],
): { def: TypeDef; fields: readonly Field[] } {
  const path = names.length > 1 ? names.slice(0, -1) : searchPathOf(ctx);
  const def = ctx.catalog.findType(path, names.at(-1) as string);
  if (def?.form.kind !== 'composite')
    throw new DecentDbError('42P01', `relation "${names.join('.')}" does not exist`);
  return { def, fields: def.form.fields };
}

/** What a typed table has done to it when its type changes. */
export type ApplyToTable = (id: number, cmd: ast.AlterTableCmd) => void;

export function alterComposite(ctx: DdlContext, stmt: ast.AlterTableStmt, apply: ApplyToTable): void {
  const { schemaname, relname } = stmt.relation;
  const names = schemaname === null ? [relname] : [schemaname, relname];
  for (const cmd of stmt.cmds) {
    const { def, fields } = requireComposite(ctx, names);
    const next = changed(ctx, def, fields, cmd);
    if (next === null) continue;
    if (cmd.behavior !== 'DROP_CASCADE') refuseTyped(ctx, def);
    if (cmd.subtype === 'AT_AlterColumnType') refuseHeld(ctx, def);
    for (const table of typedTables(ctx, def)) apply(table.id, cmd);
    changeAttributes(ctx, next);
  }
}

/** The attributes after one command; null when there is nothing to do. */
function changed(
  ctx: DdlContext,
  def: TypeDef,
  fields: readonly Field[],
  cmd: ast.AlterTableCmd,
): AttributeChange | null {
  const all = fields.map((_, i) => i);
  if (cmd.subtype === 'AT_AddColumn') {
    const node = cmd.def as ast.ColumnDef;
    if (fields.some(({ name }) => name === node.colname))
      throw new DecentDbError('42701', `column "${node.colname}" of relation "${def.name}" already exists`);
    return {
      def,
      fields: [...fields, fieldOf(ctx, def, node.colname, node)],
      from: [...all, -1],
      name: null,
    };
  }
  const name = cmd.name ?? '';
  const at = fields.findIndex((field) => field.name === name);
  if (at < 0) {
    const message = `column "${name}" of relation "${def.name}" does not exist`;
    if (!cmd.missing_ok) throw new DecentDbError('42703', message);
    ctx.notice({ severity: 'NOTICE', code: '00000', message: `${message}, skipping` });
    return null;
  }
  if (cmd.subtype === 'AT_DropColumn') return without(def, fields, at);
  if (cmd.subtype === 'AT_AlterColumnType') {
    const next = fields.with(at, { ...fields[at], ...fieldOf(ctx, def, name, cmd.def as ast.ColumnDef) });
    return { def, fields: next, from: all, name };
  }
  throw bindNotSupported('this change of a composite type', cmd.location);
}

function without(def: TypeDef, fields: readonly Field[], at: number): AttributeChange {
  const from = fields.map((_, i) => i).filter((i) => i !== at);
  return { def, fields: fields.filter((_, i) => i !== at), from, name: fields[at]?.name ?? null };
}

function fieldOf(ctx: DdlContext, def: TypeDef, name: string, node: ast.ColumnDef): Field {
  const { type, typmod } = resolveTypeName(envOf(ctx), node.typeName as ast.TypeName);
  requireStorable(ctx, type, node.location);
  if (isMadeOf(type, def.id))
    throw new DecentDbError('42P16', `composite type ${def.name} cannot be made a member of itself`);
  return { name, typeId: type.oid, typmod };
}

/** What DROP ... CASCADE takes from a composite type. */
export function dropAttribute(ctx: DdlContext, id: number, name: string): void {
  const def = ctx.catalog.types.get(id);
  if (def?.form.kind !== 'composite') return;
  refuseTyped(ctx, def);
  const { fields } = def.form;
  const at = fields.findIndex((field) => field.name === name);
  if (at >= 0) changeAttributes(ctx, without(def, fields, at));
}

/** I1; columns of arrays of the type are named first, as PostgreSQL does. */
function refuseHeld(ctx: DdlContext, def: TypeDef): void {
  const holding = [...ctx.catalog.tables.values()].flatMap((table) =>
    table.columns
      .filter((column) => !column.isDropped && isMadeOf(column.type, def.id))
      .map(({ name, type }) => ({ name: `${table.name}.${name}`, isDirect: type.oid === def.id })),
  );
  const found = holding.find(({ isDirect }) => !isDirect) ?? holding[0];
  if (found !== undefined)
    throw new DecentDbError(
      '0A000',
      `cannot alter type "${def.name}" because column "${found.name}" uses it`,
    );
}

/** ALTER TYPE ... RENAME ATTRIBUTE. */
export function renameAttribute(
  ctx: DdlContext,
  stmt: ast.RenameStmt,
  renameIn: (table: TableDef) => void,
): void {
  const { relation, object } = stmt;
  const names =
    object?.names ??
    (relation?.schemaname ? [relation.schemaname, relation.relname] : [relation?.relname ?? '']);
  const { def, fields } = requireComposite(ctx, names);
  const at = fields.findIndex(({ name }) => name === stmt.subname);
  if (at < 0) throw new DecentDbError('42703', `column "${stmt.subname}" does not exist`);
  if (fields.some(({ name }) => name === stmt.newname))
    throw new DecentDbError('42701', `column "${stmt.newname}" of relation "${def.name}" already exists`);
  if (stmt.behavior !== 'DROP_CASCADE') refuseTyped(ctx, def);
  for (const table of typedTables(ctx, def)) renameIn(table);
  const next = fields.with(at, { ...(fields[at] as Field), name: stmt.newname });
  changeAttributes(ctx, { def, fields: next, from: fields.map((_, i) => i), name: stmt.subname });
}
