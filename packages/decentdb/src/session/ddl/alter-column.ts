/**
 * ALTER TABLE on columns that are there: drop, default, NOT NULL, type (add-column.ts has the new ones).
 *
 * I1  A new type rewrites the rows unless every value is one of it as it stands; a dropped column does not (it becomes a hole).
 */
import { DecentDbError } from '../../base/errors.ts';
import { FIRST_OBJECT_ID } from '../../catalog/catalog.ts';
import type { ColumnDef, IndexDef, TableDef } from '../../catalog/schema.ts';
import type { Expr } from '../../exec/expr.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { applyTypmod, convert } from '../../sql/bind/coerce.ts';
import { Level } from '../../sql/bind/level.ts';
import { filter } from '../../sql/bind/select.ts';
import { bindGeneration, bindOverRow } from '../../sql/bind/stored-expressions.ts';
import { resolveTypeName } from '../../sql/bind/type-names.ts';
import { parseExpression } from '../../sql/parse/parse.ts';
import { quoteIdentifier } from '../../sql/print/quote.ts';
import { boolType } from '../../types/bool-type.ts';
import { Oid } from '../../types/oids.ts';
import type { SqlType } from '../../types/sql-type.ts';
import { checkBuilt } from './alter-constraint.ts';
import { hideRowId, keptValues, replaceTable } from './alter-row-id.ts';
import { keepsStoredForm } from './binary-coercible.ts';
import { mentionsColumn } from './column-mentions.ts';
import { setDefault } from './columns.ts';
import { keyIndex, requireDistinctForm } from './constraint-defs.ts';
import type { DdlContext } from './context.ts';
import { requireOrder } from './create-index.ts';
import { closure, routinesOn, viewsOn } from './dependencies.ts';
import { changeTable, dropColumn, remove } from './drop.ts';
import { boundKeysOf, checkGenerated } from './expressions.ts';
import { checkKeyTypes, keysWithColumn } from './foreign-keys.ts';
import { retypedKey } from './search-index.ts';
import { alterSequenceDef } from './sequences.ts';
import { anyRow, columnOfRead, containsNull, readTable, rewriteTable, type TableRead } from './storage.ts';
import { storedText } from './stored-text.ts';
import { TableDraft } from './table-draft.ts';
import { envOf } from './work.ts';

function position(table: TableDef, name: string): number {
  const found = table.columns.findIndex((column) => column.name === name && !column.isDropped);
  if (found < 0)
    throw new DecentDbError('42703', `column "${name}" of relation "${table.name}" does not exist`);
  return found;
}

export function dropTableColumn(
  ctx: DdlContext,
  table: TableDef,
  name: string,
  cmd: ast.AlterTableCmd,
): void {
  const at = table.columns.findIndex((column) => column.name === name && !column.isDropped);
  if (at < 0) {
    const message = `column "${name}" of relation "${table.name}" does not exist`;
    if (!cmd.missing_ok) throw new DecentDbError('42703', message);
    ctx.notice({ severity: 'NOTICE', code: '00000', message: `${message}, skipping` });
    return;
  }
  dropTriggersOn(ctx, table, at, cmd);
  for (const dropped of closure(
    ctx,
    [{ kind: 'column', table, column: at }],
    cmd.behavior === 'DROP_CASCADE',
  ))
    if (dropped.kind !== 'column' || dropped.column !== at) remove(ctx, dropped);
  const present = ctx.catalog.table(table.id) as TableDef;
  if (at === present.rowIdColumn) hideRowId(ctx, present);
  dropColumn(ctx, table.id, at);
}

function triggersOn(table: TableDef, column: number): TableDef['triggers'] {
  const name = table.columns[column]?.name ?? '';
  return table.triggers.filter(
    (one) =>
      one.updateColumns.includes(column) || (one.whenSql !== null && mentionsColumn(one.whenSql, name)),
  );
}

/** Triggers that name the column: refused, or dropped with CASCADE. */
function dropTriggersOn(ctx: DdlContext, table: TableDef, column: number, cmd: ast.AlterTableCmd): void {
  const name = table.columns[column]?.name ?? '';
  const found = triggersOn(table, column);
  if (found.length === 0) return;
  if (cmd.behavior !== 'DROP_CASCADE')
    throw new DecentDbError(
      '2BP01',
      `cannot drop column ${name} of table ${table.name} because other objects depend on it`,
      {
        detail: found
          .map(
            (one) =>
              `trigger ${one.name} on table ${table.name} depends on column ${name} of table ${table.name}`,
          )
          .join('\n'),
        hint: 'Use DROP ... CASCADE to drop the dependent objects too.',
      },
    );
  changeTable(ctx, table.id, (draft) => {
    draft.triggers = draft.triggers.filter((one) => !found.includes(one));
  });
}

export function setColumnDefault(
  ctx: DdlContext,
  table: TableDef,
  name: string,
  node: ast.Expr | null,
): void {
  const at = position(table, name);
  const column = table.columns[at] as ColumnDef;
  if (column.identity !== null)
    throw new DecentDbError('42601', `column "${name}" of relation "${table.name}" is an identity column`, {
      hint: node === null ? 'Use ALTER TABLE ... ALTER COLUMN ... DROP IDENTITY instead.' : undefined,
    });
  if (column.generated !== null)
    throw new DecentDbError('42601', `column "${name}" of relation "${table.name}" is a generated column`);
  changeTable(ctx, table.id, (draft) => {
    if (node === null) draft.setColumn(at, { defaultSql: null, sequenceId: null });
    else setDefault(draft, at, node);
  });
}

export function setNotNull(ctx: DdlContext, table: TableDef, name: string): void {
  const at = position(table, name);
  const read = readTable(ctx, table);
  const isNull: Expr = {
    kind: 'isNull',
    arg: columnOfRead(read, table, at),
    negated: false,
    isRow: false,
    type: boolType,
    typmod: -1,
    location: -1,
  };
  if (anyRow(ctx, filter(read.node, isNull))) throw containsNull(table, at);
  changeTable(ctx, table.id, (draft) => {
    draft.setColumn(at, { notNull: true });
  });
}

export function setIdentityOptions(
  ctx: DdlContext,
  table: TableDef,
  name: string,
  options: readonly ast.DefElem[],
): void {
  const at = position(table, name);
  const column = table.columns[at] as ColumnDef;
  const sequence = ctx.catalog.sequences.get(column.sequenceId ?? -1);
  if (column.identity === null || sequence === undefined)
    throw new DecentDbError(
      '55000',
      `column "${name}" of relation "${table.name}" is not an identity column`,
    );
  const generated = options.find((option) => option.defname === 'generated');
  const rest = options.filter((option) => option !== generated);
  if (rest.length > 0) alterSequenceDef(ctx, sequence, rest);
  if (generated?.arg?.kind === 'Integer') {
    // The grammar gives the letter's code, as PostgreSQL's does.
    const identity = generated.arg.ival === 'a'.charCodeAt(0) ? 'always' : 'byDefault';
    changeTable(ctx, table.id, (draft) => {
      draft.setColumn(at, { identity });
    });
  }
}

export function alterColumnType(ctx: DdlContext, table: TableDef, name: string, node: ast.ColumnDef): void {
  const at = position(table, name);
  const old = table.columns[at] as ColumnDef;
  const { type, typmod } = resolveTypeName(envOf(ctx), node.typeName as ast.TypeName);
  if (type.kind === 'pseudo')
    throw new DecentDbError('42P16', `column "${name}" has pseudo-type ${type.sqlName(-1)}`);
  if (old.identity !== null && ![Oid.int2, Oid.int4, Oid.int8].some((oid) => oid === type.oid))
    throw new DecentDbError('22023', 'identity column type must be smallint, integer, or bigint');
  const views = viewsOn(ctx.catalog, table.id, at);
  const [view] = views;
  if (view?.kind === 'view')
    throw new DecentDbError('0A000', 'cannot alter type of a column used by a view or rule', {
      detail: `rule _RETURN on view ${view.view.name} depends on column "${name}"`,
    });
  if (routinesOn(ctx.catalog, table.id, at).length > 0)
    throw new DecentDbError('0A000', 'cannot alter type of a column used by a function or procedure');
  const trigger = triggersOn(table, at)[0];
  if (trigger !== undefined)
    throw new DecentDbError('0A000', 'cannot alter type of a column used in a trigger definition', {
      detail: `trigger ${trigger.name} on table ${table.name} depends on column "${name}"`,
    });
  if (node.raw_default !== null && old.generated !== null)
    throw new DecentDbError('42611', 'cannot specify USING when altering type of generated column', {
      detail: `Column "${name}" is a generated column.`,
    });
  const user = table.columns.find((one) => one.generated !== null && usesColumn(table, one, at));
  if (user !== undefined)
    throw new DecentDbError('0A000', 'cannot alter type of a column used by a generated column', {
      detail: `Column "${name}" is used by generated column "${user.name}".`,
    });
  const draft = TableDraft.of(ctx, table);
  const column = { ...old, type, typmod };
  draft.columns[at] = column;
  if (draft.indexes.some(({ unique, keys }) => unique && keys.some((key) => key.column === at)))
    requireDistinctForm(type, typmod);
  draft.indexes = draft.indexes.map((index) => ({
    ...index,
    keys: index.keys.map((key) => (key.column === at ? retypedKey(index.method, { ...key, type }) : key)),
  }));
  if (at === table.rowIdColumn && type.oid !== Oid.int4 && type.oid !== Oid.int8) indexRowIdKey(draft);
  convertDefault(ctx, draft, at, old);
  // That the column can be converted at all is said before what its indexes make of it.
  const rewrite =
    node.raw_default === null && keepsStoredForm(old, type, typmod)
      ? null
      : retypedRows(ctx, table, at, column, node);
  draft.indexes = draft.indexes.map((index) => retypedExpressions(ctx, draft.toDef(), index));
  if (rewrite === null) ctx.catalog = ctx.catalog.withTable(draft.toDef());
  else {
    const next = rewriteTable(ctx, table, draft.toDef(), rewrite.read, rewrite.values);
    replaceTable(ctx, next);
    for (const constraint of next.constraints)
      if (constraint.kind === 'check') checkBuilt(ctx, next, constraint);
    for (const [owner, key] of keysWithColumn(ctx.catalog, table.id, at)) {
      checkKeyTypes(ctx.catalog, owner, key);
      checkBuilt(ctx, owner, key);
    }
  }
  const sequence = old.identity === null ? undefined : ctx.catalog.sequences.get(old.sequenceId ?? -1);
  if (sequence !== undefined && sequence.type.oid !== type.oid)
    alterSequenceDef(ctx, sequence, [
      {
        kind: 'DefElem',
        defnamespace: null,
        defname: 'as',
        arg: node.typeName,
        defaction: 'DEFELEM_UNSPEC',
        location: -1,
      },
    ]);
}

/** The rows of a table, and what they become with a column of another type. */
function retypedRows(
  ctx: DdlContext,
  table: TableDef,
  at: number,
  column: ColumnDef,
  node: ast.ColumnDef,
): { read: TableRead; values: (Expr | null)[] } {
  const read = readTable(ctx, table);
  const values = keptValues(read, table);
  values[at] = newValue(ctx, read, table, column, node, columnOfRead(read, table, at));
  return { read, values };
}

/** Expressions over a column of another type may be of another type too. */
function retypedExpressions(ctx: DdlContext, table: TableDef, index: IndexDef): IndexDef {
  const bound = boundKeysOf(ctx, table, index);
  const keys = index.keys.map((key, i) => {
    const expr = bound[i] ?? null;
    if (expr === null || expr.type === key.type) return key;
    if (index.method === 'btree') requireOrder(ctx, expr.type);
    if (index.unique) requireDistinctForm(expr.type, expr.typmod);
    return retypedKey(index.method, { ...key, type: expr.type });
  });
  return { ...index, keys };
}

/** A primary key that is not an integer any more gets an index, and its rows a hidden row id. */
function indexRowIdKey(draft: TableDraft): void {
  const column = draft.rowIdColumn;
  draft.rowIdColumn = -1;
  draft.constraints = draft.constraints.map((one) => {
    if (one.kind !== 'primaryKey' || one.indexId !== null) return one;
    const index = keyIndex(draft, { nulls_not_distinct: false, including: [] }, one.id, one.name, [column]);
    draft.indexes.push(index);
    return { ...one, indexId: index.id };
  });
}

/** SET EXPRESSION: a generated column is computed anew, from something else. */
export function setExpression(ctx: DdlContext, table: TableDef, name: string, node: ast.Expr): void {
  const at = position(table, name);
  const { generated } = table.columns[at] as ColumnDef;
  if (generated === null)
    throw new DecentDbError(
      '55000',
      `column "${name}" of relation "${table.name}" is not a generated column`,
    );
  const draft = TableDraft.of(ctx, table);
  checkGenerated(ctx, draft.toDef(), at, node);
  draft.setColumn(at, { defaultSql: storedText(ctx, node) });
  const next = draft.toDef();
  if (generated === 'virtual') {
    ctx.catalog = ctx.catalog.withTable(next);
    return;
  }
  const read = readTable(ctx, table);
  const value = bindGeneration(read.state, next, read.row, next.columns[at] as ColumnDef);
  const rewritten = rewriteTable(ctx, table, next, read, keptValues(read, table).with(at, value));
  replaceTable(ctx, rewritten);
  for (const constraint of rewritten.constraints)
    if (constraint.kind === 'check') checkBuilt(ctx, rewritten, constraint);
}

function usesColumn(table: TableDef, generated: ColumnDef, at: number): boolean {
  return mentionsColumn(generated.defaultSql ?? '', table.columns[at]?.name ?? '');
}

function newValue(
  _ctx: DdlContext,
  read: TableRead,
  table: TableDef,
  column: ColumnDef,
  node: ast.ColumnDef,
  current: Expr,
): Expr {
  const level = new Level(read.state, null);
  const source =
    node.raw_default === null
      ? current
      : bindOverRow(read.state, table, read.row, node.raw_default, 'alterColumnTransform');
  const converted = convert(level, source, column.type, 'assignment');
  if (converted !== null) return applyTypmod(converted, column.typmod, false);
  const type = column.type.sqlName(column.typmod);
  if (node.raw_default !== null)
    throw new DecentDbError(
      '42804',
      `result of USING clause for column "${column.name}" cannot be cast automatically to type ${column.type.sqlName(-1)}`,
      { hint: 'You might need to add an explicit cast.' },
    );
  throw new DecentDbError(
    '42804',
    `column "${column.name}" cannot be cast automatically to type ${column.type.sqlName(-1)}`,
    {
      hint: `You might need to specify "USING ${column.name}::${type}".`,
    },
  );
}

/** The default is one of the type there was, converted to the new one: 42804 where that has to be asked for. */
function convertDefault(ctx: DdlContext, draft: TableDraft, at: number, old: ColumnDef): void {
  if (old.defaultSql === null || old.sequenceId !== null || old.generated !== null) return;
  const column = draft.columns[at] as ColumnDef;
  try {
    setDefault(draft, at, defaultOfType(ctx, old.defaultSql, old));
  } catch (error) {
    if (!(error instanceof DecentDbError) || error.code !== '42804') throw error;
    throw new DecentDbError(
      '42804',
      `default for column "${column.name}" cannot be cast automatically to type ${column.type.sqlName(-1)}`,
    );
  }
}

/** A literal of no type was one of the column's. */
function defaultOfType(ctx: DdlContext, sql: string, { type, typmod }: ColumnDef): ast.Expr {
  const node = parseExpression(sql);
  if (node.kind !== 'A_Const' || node.constType !== 'String') return node;
  const def = ctx.catalog.types.get(type.oid);
  if (def !== undefined)
    return parseExpression(`CAST(${sql} AS ${quoteIdentifier(def.schema)}.${quoteIdentifier(def.name)})`);
  if (type.oid >= FIRST_OBJECT_ID) return node;
  const name = fitsText(type, typmod, node.sval) ? type.name : type.sqlName(typmod);
  return parseExpression(`CAST(${sql} AS ${name})`);
}

/** Whether a length changes nothing of a text: it is not shown then. */
function fitsText(type: SqlType, typmod: number, text: string): boolean {
  if (type.category !== 'S' || typmod < 0) return false;
  try {
    type.applyTypmod(text, typmod, false);
    return true;
  } catch (error) {
    if (error instanceof DecentDbError) return false;
    throw error;
  }
}
