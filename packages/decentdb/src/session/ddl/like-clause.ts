/**
 * CREATE TABLE (LIKE other INCLUDING ...).
 */
import { DecentDbError } from '../../base/errors.ts';
import { NO_PAGE } from '../../base/ids.ts';
import { joinColumnNames } from '../../catalog/names.ts';
import type { IndexDef } from '../../catalog/schema.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { parseExpression } from '../../sql/parse/parse.ts';
import { addIdentity } from './columns.ts';
import type { TableDraft } from './table-draft.ts';
import { newId, requireTable } from './work.ts';

/** PostgreSQL's TableLikeOption bits. */
const LIKE = { comments: 1, constraints: 4, defaults: 8, generated: 16, identity: 32, indexes: 64 } as const;

/** Copies columns into the draft; returns the constraints to add. */
export function copyLike(draft: TableDraft, node: ast.TableLikeClause): ast.Constraint[] {
  const source = requireTable(draft.ctx, node.relation);
  const has = (bit: number): boolean => (node.options & bit) !== 0;
  const positions = new Map<number, number>();
  for (const [from, { inheritCount: _count, isLocal: _local, ...column }] of source.columns.entries()) {
    if (column.isDropped) continue;
    if (draft.findColumn(column.name) >= 0)
      throw new DecentDbError('42701', `column "${column.name}" specified more than once`);
    const to = draft.columns.length;
    positions.set(from, to);
    const keepsExpression = column.generated === null ? has(LIKE.defaults) : has(LIKE.generated);
    draft.columns.push({
      ...column,
      attnum: to + 1,
      defaultSql: keepsExpression ? column.defaultSql : null,
      generated: has(LIKE.generated) ? column.generated : null,
      identity: null,
      sequenceId: keepsExpression && column.identity === null ? column.sequenceId : null,
      missingValue: null,
      comment: has(LIKE.comments) ? column.comment : null,
    });
    if (column.identity !== null && has(LIKE.identity)) addIdentity(draft, to, column.identity, []);
  }
  const constraints: ast.Constraint[] = [];
  for (const constraint of source.constraints) {
    if (constraint.kind === 'check' && has(LIKE.constraints))
      constraints.push(checkNode(constraint.name, parseExpression(constraint.sql)));
    else if (has(LIKE.indexes) && (constraint.kind === 'primaryKey' || constraint.kind === 'unique'))
      constraints.push(
        keyNode(
          constraint.kind === 'primaryKey' ? 'CONSTR_PRIMARY' : 'CONSTR_UNIQUE',
          constraint.columns.map((column) => source.columns[column]?.name ?? ''),
        ),
      );
  }
  if (has(LIKE.indexes)) for (const index of source.indexes) copyIndex(draft, index, positions);
  return constraints;
}

function copyIndex(
  draft: TableDraft,
  { parentId: _, ...index }: IndexDef,
  positions: ReadonlyMap<number, number>,
): void {
  if (index.constraintId !== null) return;
  const move = (column: number): number => (column < 0 ? column : (positions.get(column) ?? -1));
  const keys = index.keys.map((key) => ({ ...key, column: move(key.column) }));
  const names = keys.map((key) => (key.column < 0 ? 'expr' : (draft.columns[key.column]?.name ?? '')));
  draft.indexes.push({
    ...index,
    id: newId(draft.ctx),
    name: draft.chooseName(joinColumnNames(names), 'idx'),
    tableId: draft.id,
    root: NO_PAGE,
    keys,
    include: index.include.map(move),
  });
}

export function emptyConstraint(contype: ast.ConstrType): ast.Constraint {
  return {
    kind: 'Constraint',
    contype,
    conname: null,
    deferrable: false,
    initdeferred: false,
    is_enforced: true,
    skip_validation: false,
    initially_valid: true,
    is_no_inherit: false,
    raw_expr: null,
    generated_when: '',
    generated_kind: '',
    nulls_not_distinct: false,
    keys: [],
    without_overlaps: false,
    including: [],
    exclusions: [],
    options: [],
    indexname: null,
    indexspace: null,
    access_method: null,
    where_clause: null,
    pktable: null,
    fk_attrs: [],
    pk_attrs: [],
    fk_with_period: false,
    pk_with_period: false,
    fk_matchtype: '',
    fk_upd_action: '',
    fk_del_action: '',
    fk_del_set_cols: [],
    location: -1,
  };
}

function checkNode(name: string, expr: ast.Expr): ast.Constraint {
  return { ...emptyConstraint('CONSTR_CHECK'), conname: name, raw_expr: expr };
}

export function keyNode(contype: ast.ConstrType, keys: readonly string[]): ast.Constraint {
  return { ...emptyConstraint(contype), keys };
}
