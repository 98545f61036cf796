/**
 * ALTER TYPE on the attributes of a composite type.
 *
 * I1  Rows of the type lie in columns by position: a type that a column holds keeps its attributes (0A000). Names are free.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { CompositeForm, TypeDef } from '../../catalog/schema.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { bindNotSupported } from '../../sql/bind/errors.ts';
import { resolveTypeName } from '../../sql/bind/type-names.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { requireStorable } from './columns.ts';
import type { DdlContext } from './context.ts';
import { dependantsOf, describe } from './dependencies.ts';
import { refuseTyped } from './typed-tables.ts';
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

export function alterComposite(ctx: DdlContext, stmt: ast.AlterTableStmt): void {
  const { schemaname, relname } = stmt.relation;
  const names = schemaname === null ? [relname] : [schemaname, relname];
  for (const cmd of stmt.cmds) {
    const { def, fields } = requireComposite(ctx, names);
    const next = changed(ctx, def, fields, cmd);
    if (next === null) continue;
    refuseInUse(ctx, def);
    ctx.catalog = ctx.catalog.withType({ ...def, form: { kind: 'composite', fields: next } });
  }
}

/** The attributes after one command; null when there is nothing to do. */
function changed(
  ctx: DdlContext,
  def: TypeDef,
  fields: readonly Field[],
  cmd: ast.AlterTableCmd,
): readonly Field[] | null {
  if (cmd.subtype === 'AT_AddColumn') {
    const node = cmd.def as ast.ColumnDef;
    if (fields.some(({ name }) => name === node.colname))
      throw new DecentDbError('42701', `column "${node.colname}" of relation "${def.name}" already exists`);
    return [...fields, fieldOf(ctx, def, node.colname, node)];
  }
  const name = cmd.name ?? '';
  const at = fields.findIndex((field) => field.name === name);
  if (at < 0) {
    const message = `column "${name}" of relation "${def.name}" does not exist`;
    if (!cmd.missing_ok) throw new DecentDbError('42703', message);
    ctx.notice({ severity: 'NOTICE', code: '00000', message: `${message}, skipping` });
    return null;
  }
  if (cmd.subtype === 'AT_DropColumn') return fields.filter((_, i) => i !== at);
  if (cmd.subtype === 'AT_AlterColumnType')
    return fields.with(at, { ...fields[at], ...fieldOf(ctx, def, name, cmd.def as ast.ColumnDef) });
  throw bindNotSupported('this change of a composite type', cmd.location);
}

function fieldOf(ctx: DdlContext, def: TypeDef, name: string, node: ast.ColumnDef): Field {
  const { type, typmod } = resolveTypeName(envOf(ctx), node.typeName as ast.TypeName);
  requireStorable(ctx, type, node.location);
  if (isMadeOf(type, def.id))
    throw new DecentDbError('42P16', `composite type ${def.name} cannot be made a member of itself`);
  return { name, typeId: type.oid, typmod };
}

/** Whether values of the type hold values of the type `id`. */
function isMadeOf(type: SqlType, id: number): boolean {
  if (type.oid === id) return true;
  const parts = [type.elementType, type.baseType, type.rangeSubtype, type.multirangeOf];
  if (parts.some((part) => part !== null && isMadeOf(part, id))) return true;
  return type.fields?.some((field) => isMadeOf(field.type, id)) === true;
}

/** What DROP ... CASCADE takes from a composite type. */
export function dropAttribute(ctx: DdlContext, id: number, name: string): void {
  const def = ctx.catalog.types.get(id);
  if (def?.form.kind !== 'composite') return;
  refuseInUse(ctx, def);
  const fields = def.form.fields.filter((field) => field.name !== name);
  ctx.catalog = ctx.catalog.withType({ ...def, form: { kind: 'composite', fields } });
}

/** I1; and views and functions are bound to the attributes there are. */
function refuseInUse(ctx: DdlContext, def: TypeDef): void {
  refuseTyped(ctx, def);
  for (const table of ctx.catalog.tables.values())
    for (const column of table.columns)
      if (!column.isDropped && isMadeOf(column.type, def.id))
        throw new DecentDbError(
          '0A000',
          `cannot alter type "${def.name}" because column "${table.name}.${column.name}" uses it`,
        );
  for (const dependant of dependantsOf(ctx.catalog, { kind: 'type', type: def }))
    if (dependant.kind === 'view' || dependant.kind === 'routine')
      throw new DecentDbError(
        '0A000',
        `cannot alter type "${def.name}" because ${describe(ctx, dependant)} uses it`,
      );
}

/** ALTER TYPE ... RENAME ATTRIBUTE. */
export function renameAttribute(ctx: DdlContext, stmt: ast.RenameStmt): void {
  const { relation, object } = stmt;
  const names =
    object?.names ??
    (relation?.schemaname ? [relation.schemaname, relation.relname] : [relation?.relname ?? '']);
  const { def, fields } = requireComposite(ctx, names);
  const at = fields.findIndex(({ name }) => name === stmt.subname);
  if (at < 0) throw new DecentDbError('42703', `column "${stmt.subname}" does not exist`);
  if (fields.some(({ name }) => name === stmt.newname))
    throw new DecentDbError('42701', `column "${stmt.newname}" of relation "${def.name}" already exists`);
  // Expressions that are stored name attributes.
  refuseInUse(ctx, def);
  const next = fields.with(at, { ...(fields[at] as Field), name: stmt.newname });
  ctx.catalog = ctx.catalog.withType({ ...def, form: { kind: 'composite', fields: next } });
}
