/**
 * Typed tables: CREATE TABLE OF, ALTER TABLE OF / NOT OF.
 *
 * I1  A typed table has the attributes of its type as columns, in their order, as long as it is one: neither changes alone.
 */
import { DecentDbError } from '../../base/errors.ts';
import { plainColumn } from '../../catalog/plain-column.ts';
import type { TableDef, TypeDef } from '../../catalog/schema.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { bindError } from '../../sql/bind/errors.ts';
import type { DdlContext } from './context.ts';
import { changeTable } from './drop.ts';
import type { TableDraft } from './table-draft.ts';
import { searchPathOf } from './work.ts';

function requireComposite(ctx: DdlContext, { names, location }: ast.TypeName): TypeDef {
  const path = names.length > 1 ? [names.at(-2) as string] : searchPathOf(ctx);
  const type = ctx.catalog.findType(path, names.at(-1) as string);
  if (type === undefined) {
    const relation = ctx.catalog.findRelation(path, names.at(-1) as string);
    if (relation === undefined || relation.kind === 'index' || relation.kind === 'sequence')
      throw bindError('42704', `type "${names.join('.')}" does not exist`, location);
    throw new DecentDbError('42809', `type ${names.at(-1)} is the row type of another table`, {
      detail: 'A typed table must use a stand-alone composite type created with CREATE TYPE.',
    });
  }
  if (type.form.kind !== 'composite')
    throw new DecentDbError('42809', `type ${type.name} is not a composite type`);
  return type;
}

/** The columns of a table that is being made of a type. */
export function addAttributes(
  draft: TableDraft,
  node: ast.TypeName,
  elements: ast.CreateStmt['tableElts'],
): void {
  const type = requireComposite(draft.ctx, node);
  const fields = type.form.kind === 'composite' ? type.form.fields : [];
  draft.ofTypeId = type.id;
  const written = elements.flatMap((one) => (one.kind === 'ColumnDef' ? [one.colname] : []));
  const twice = written.find((name, i) => written.indexOf(name) < i);
  if (twice !== undefined) throw new DecentDbError('42701', `column "${twice}" specified more than once`);
  for (const { name, typeId, typmod } of fields) {
    const type = draft.ctx.catalog.userTypes.resolve(typeId);
    draft.columns.push(plainColumn(name, draft.columns.length + 1, type, typmod));
  }
}

const REFUSED: Partial<Record<ast.AlterTableCmd['subtype'], string>> = {
  AT_AddColumn: 'add column to',
  AT_DropColumn: 'drop column from',
  AT_AlterColumnType: 'alter column type of',
  AT_AddInherit: 'change inheritance of',
  AT_DropInherit: 'change inheritance of',
};

/** Whether the command is about the type, and done; 42809 for what a typed table cannot have done to it. */
export function alterTyped(ctx: DdlContext, table: TableDef, cmd: ast.AlterTableCmd): boolean {
  const refused = REFUSED[cmd.subtype];
  if (table.ofTypeId !== undefined && refused !== undefined)
    throw new DecentDbError('42809', `cannot ${refused} typed table`);
  if (cmd.subtype === 'AT_DropOf') {
    if (table.ofTypeId === undefined)
      throw new DecentDbError('42809', `"${table.name}" is not a typed table`);
    changeTable(ctx, table.id, (draft) => {
      draft.ofTypeId = undefined;
    });
    return true;
  }
  if (cmd.subtype !== 'AT_AddOf') return false;
  const type = requireComposite(ctx, cmd.def as ast.TypeName);
  requireSameColumns(table, type);
  changeTable(ctx, table.id, (draft) => {
    draft.ofTypeId = type.id;
  });
  return true;
}

function requireSameColumns(table: TableDef, type: TypeDef): void {
  const fields = type.form.kind === 'composite' ? type.form.fields : [];
  const columns = table.columns.filter(({ isDropped }) => !isDropped);
  for (const [i, field] of fields.entries()) {
    const column = columns[i];
    if (column === undefined) throw new DecentDbError('42804', `table is missing column "${field.name}"`);
    if (column.name !== field.name)
      throw new DecentDbError(
        '42804',
        `table has column "${column.name}" where type requires "${field.name}"`,
      );
    if (column.type.oid !== field.typeId || column.typmod !== field.typmod)
      throw new DecentDbError(
        '42804',
        `table "${table.name}" has different type for column "${column.name}"`,
      );
  }
  const extra = columns[fields.length];
  if (extra !== undefined) throw new DecentDbError('42804', `table has extra column "${extra.name}"`);
}

export function typedTables(ctx: DdlContext, type: TypeDef): readonly TableDef[] {
  return [...ctx.catalog.tables.values()].filter((table) => table.ofTypeId === type.id);
}

/** 2BP01: its tables would have to change with the type. */
export function refuseTyped(ctx: DdlContext, type: TypeDef): void {
  if (typedTables(ctx, type).length === 0) return;
  throw new DecentDbError(
    '2BP01',
    `cannot alter type "${type.name}" because it is the type of a typed table`,
    { hint: 'Use ALTER ... CASCADE to alter the typed tables too.' },
  );
}
