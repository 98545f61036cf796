/** ALTER TABLE ... ADD PRIMARY KEY / UNIQUE USING INDEX: a unique index that is there becomes a constraint's. */
import { DecentDbError } from '../../base/errors.ts';
import type { IndexDef, KeyConstraint } from '../../catalog/schema.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { bindError } from '../../sql/bind/errors.ts';
import type { DdlContext } from './context.ts';
import type { TableDraft } from './table-draft.ts';
import { newId } from './work.ts';

/** The positions of the key's columns; the caller sees that a primary key's have no NULLs. */
export function addKeyUsingIndex(
  ctx: DdlContext,
  draft: TableDraft,
  node: ast.Constraint,
): readonly number[] {
  const index = usableIndex(draft, node);
  const isPrimary = node.contype === 'CONSTR_PRIMARY';
  if (isPrimary && draft.constraints.some(({ kind }) => kind === 'primaryKey'))
    throw bindError(
      '42P16',
      `multiple primary keys for table "${draft.name}" are not allowed`,
      node.location,
    );
  const name = node.conname ?? index.name;
  draft.checkConstraintName(name);
  if (name !== index.name) {
    if (draft.isTaken(name)) throw new DecentDbError('42P07', `relation "${name}" already exists`);
    ctx.notice({
      severity: 'NOTICE',
      code: '00000',
      message: `ALTER TABLE / ADD CONSTRAINT USING INDEX will rename index "${index.name}" to "${name}"`,
    });
  }
  const columns = index.keys.map(({ column }) => column);
  const constraint: KeyConstraint = {
    kind: isPrimary ? 'primaryKey' : 'unique',
    id: newId(ctx),
    name,
    deferrable: node.deferrable,
    initiallyDeferred: node.initdeferred,
    validated: true,
    comment: null,
    columns,
    indexId: index.id,
  };
  draft.constraints.push(constraint);
  draft.indexes = draft.indexes.map((one) =>
    one.id === index.id ? { ...one, name, constraintId: constraint.id } : one,
  );
  if (isPrimary) for (const column of columns) draft.setColumn(column, { notNull: true });
  return columns;
}

function usableIndex(draft: TableDraft, node: ast.Constraint): IndexDef {
  const name = node.indexname ?? '';
  const index = draft.indexes.find((one) => one.name === name);
  const refuse = (code: string, message: string, detail?: string): Error =>
    bindError(code, message, node.location, detail === undefined ? {} : { detail });
  if (index === undefined) throw refuse('42704', `index "${name}" does not exist`);
  if (index.constraintId !== null)
    throw refuse('55000', `index "${name}" is already associated with a constraint`);
  const cannot = 'Cannot create a primary key or unique constraint using such an index.';
  if (!index.unique) throw refuse('42809', `"${name}" is not a unique index`, cannot);
  if (index.keys.some(({ column }) => column < 0))
    throw refuse('42809', `index "${name}" contains expressions`, cannot);
  if (index.predicateSql !== null) throw refuse('42809', `"${name}" is a partial index`, cannot);
  const unusual = index.keys.findIndex((key) => key.descending || key.nullsFirst);
  if (unusual >= 0)
    throw refuse(
      '42809',
      `index "${name}" column number ${unusual + 1} does not have default sorting behavior`,
      cannot,
    );
  return index;
}
