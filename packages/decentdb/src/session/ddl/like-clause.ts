/**
 * CREATE TABLE (LIKE other INCLUDING ...).
 */
import { DecentDbError } from '../../base/errors.ts';
import { NO_PAGE } from '../../base/ids.ts';
import type { IndexDef, KeyConstraint, TableDef } from '../../catalog/schema.ts';
import type * as ast from '../../sql/ast/nodes.ts';
import { parseExpression } from '../../sql/parse/parse.ts';
import { addIdentity } from './columns.ts';
import { chooseCopyName } from './index-names.ts';
import type { TableDraft } from './table-draft.ts';
import { newId, requireTable } from './work.ts';

/** PostgreSQL's TableLikeOption bits. */
const LIKE = { comments: 1, constraints: 4, defaults: 8, generated: 16, identity: 32, indexes: 64 } as const;

/** Copies columns into the draft; returns the constraints to add. */
export function copyLike(draft: TableDraft, node: ast.TableLikeClause): ast.Constraint[] {
  const source = requireTable(draft.ctx, node.relation, node.relation.location);
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
    if (column.identity !== null && has(LIKE.identity)) {
      addIdentity(draft, to, column.identity, []);
      copyNumbers(draft, column.sequenceId, draft.columns[to]?.sequenceId ?? null);
    }
  }
  const constraints: ast.Constraint[] = [];
  for (const constraint of source.constraints) {
    if (constraint.kind === 'check' && has(LIKE.constraints))
      constraints.push(checkNode(constraint.name, parseExpression(constraint.sql)));
    else if (has(LIKE.indexes) && (constraint.kind === 'primaryKey' || constraint.kind === 'unique'))
      constraints.push(likeKeyNode(source, constraint));
  }
  if (has(LIKE.indexes)) for (const index of source.indexes) copyIndex(draft, index, positions);
  return constraints;
}

/** INCLUDING COMMENTS: what is said of CHECK constraints, which keep their names. */
export function copyCheckComments(draft: TableDraft, node: ast.TableLikeClause): void {
  if ((node.options & LIKE.comments) === 0 || (node.options & LIKE.constraints) === 0) return;
  const checks = requireTable(draft.ctx, node.relation).constraints.filter(({ kind }) => kind === 'check');
  const said = new Map(checks.map(({ name, comment }) => [name, comment]));
  draft.constraints = draft.constraints.map((one) =>
    one.kind === 'check' && said.has(one.name) ? { ...one, comment: said.get(one.name) ?? null } : one,
  );
}

/** How a sequence counts, as another does; from where that one starts, not from where it is. */
function copyNumbers({ ctx }: TableDraft, fromId: number | null, toId: number | null): void {
  const from = ctx.catalog.sequences.get(fromId ?? -1);
  const to = ctx.catalog.sequences.get(toId ?? -1);
  if (from === undefined || to === undefined) return;
  const { start, increment, min, max, cycle, cache } = from;
  ctx.catalog = ctx.catalog.withSequence({ ...to, start, increment, min, max, cycle, cache });
}

function copyIndex(
  draft: TableDraft,
  { parentId: _, ...index }: IndexDef,
  positions: ReadonlyMap<number, number>,
): void {
  if (index.constraintId !== null) return;
  const move = (column: number): number => (column < 0 ? column : (positions.get(column) ?? -1));
  const keys = index.keys.map((key) => ({ ...key, column: move(key.column) }));
  const include = index.include.map(move);
  draft.indexes.push({
    ...index,
    id: newId(draft.ctx),
    name: chooseCopyName(draft, { keys, include }),
    tableId: draft.id,
    root: NO_PAGE,
    keys,
    include,
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

/** A key of a table as a constraint to be made again, on the same table or one with columns of the same names. */
export function likeKeyNode(table: TableDef, key: KeyConstraint): ast.Constraint {
  const index = table.indexes.find(({ id }) => id === key.indexId);
  const namesOf = (columns: readonly number[]): string[] =>
    columns.map((column) => table.columns[column]?.name ?? '');
  return {
    ...emptyConstraint(key.kind === 'primaryKey' ? 'CONSTR_PRIMARY' : 'CONSTR_UNIQUE'),
    keys: namesOf(key.columns),
    including: namesOf(index?.include ?? []),
    nulls_not_distinct: index?.nullsNotDistinct === true,
    deferrable: key.deferrable,
    initdeferred: key.initiallyDeferred,
  };
}
