/**
 * JOIN: kinds, ON, USING and NATURAL with merged columns, aliases.
 *
 * I1  A chain of joins is left-deep and may be long: its spine is walked in a loop.
 * I2  ON sees the columns of its two sides and of outer queries only.
 */
import type { Expr } from '../../exec/expr.ts';
import type { JoinKind, JoinNode } from '../../plan/logical.ts';
import { boolType } from '../../types/bool-type.ts';
import type * as ast from '../ast/nodes.ts';
import { coerceToBoolean, coerceToCommon, commonTypeOf } from './coerce.ts';
import { commonTypmod } from './conditionals.ts';
import { bindError } from './errors.ts';
import { bindExpr } from './expressions.ts';
import { bindFromItem, type FromResult, setLateral, usesColumnsOf } from './from.ts';
import { applyColumnAliases, itemOf } from './from-items.ts';
import type { Level, NamespaceItem, ScopeColumn } from './level.ts';
import { operatorCall } from './operators.ts';
import { checkNameConflicts } from './scope.ts';

const KINDS: Readonly<Record<ast.JoinExpr['jointype'], JoinKind>> = {
  JOIN_INNER: 'inner',
  JOIN_LEFT: 'left',
  JOIN_RIGHT: 'right',
  JOIN_FULL: 'full',
};

export function bindJoin(level: Level, top: ast.JoinExpr): FromResult {
  const spine: ast.JoinExpr[] = [];
  let item: ast.FromItem = top;
  while (item.kind === 'JoinExpr') {
    spine.push(item);
    item = item.larg;
  }
  const outside = level.namespace;
  let left = bindFromItem(level, item);
  while (spine.length > 0) left = joinOne(level, outside, left, spine.pop() as ast.JoinExpr);
  level.namespace = outside;
  return left;
}

function joinOne(level: Level, outside: NamespaceItem[], left: FromResult, join: ast.JoinExpr): FromResult {
  setLateral(left.namespace, true, join.jointype === 'JOIN_INNER' || join.jointype === 'JOIN_LEFT');
  level.namespace = [...outside, ...left.namespace];
  const right = bindFromItem(level, join.rarg);
  level.namespace = outside;
  checkNameConflicts(left.namespace, right.namespace, join.location);
  const names = join.isNatural ? commonNames(left, right) : join.usingClause;
  if (join.isNatural) level.state.recorder?.natural?.(join, names);
  const merge = names.length > 0 ? mergeColumns(level, join, names, left, right) : null;
  const both = [...left.namespace, ...right.namespace];
  const condition =
    merge?.condition ?? (join.quals === null ? null : bindOn(level, both, outside, join.quals));
  const node: JoinNode = {
    kind: 'join',
    join: KINDS[join.jointype],
    left: left.node,
    right: right.node,
    condition: condition ?? (join.jointype === 'JOIN_INNER' ? null : trueConst()),
    lateral: usesColumnsOf(right.node, left.node),
    mark: null,
    columns: [...left.node.columns, ...right.node.columns],
  };
  setLateral(both, false, true);
  if (node.join === 'left' || node.join === 'full') extendWithNulls(right.namespace);
  if (node.join === 'right' || node.join === 'full') extendWithNulls(left.namespace);
  return { node, namespace: namespaceOf(level, join, both, merge) };
}

function extendWithNulls(items: readonly NamespaceItem[]): void {
  for (const item of items) item.isNullExtended = true;
}

function trueConst(): Expr {
  return { kind: 'const', value: true, type: boolType, typmod: -1, location: -1 };
}

function bindOn(level: Level, both: NamespaceItem[], outside: NamespaceItem[], quals: ast.Expr): Expr {
  setLateral(both, false, true);
  level.namespace = both;
  const condition = coerceToBoolean(level, bindExpr(level, quals, 'joinOn'), 'JOIN/ON');
  level.namespace = outside;
  return condition;
}

interface Merge {
  readonly columns: readonly ScopeColumn[];
  readonly names: ReadonlySet<string>;
  readonly condition: Expr;
}

/** All visible columns of one side, by name and in order. */
function visibleColumns(side: FromResult): ScopeColumn[] {
  return side.namespace
    .filter((item) => item.columnsVisible)
    .flatMap((item) => item.columns.filter((column) => column.name !== ''));
}

function commonNames(left: FromResult, right: FromResult): string[] {
  const namesOf = (side: FromResult): string[] =>
    visibleColumns(side).flatMap((column) => (column.isLater === true ? [] : [column.name]));
  const onRight = new Set(namesOf(right));
  return [...new Set(namesOf(left))].filter((name) => onRight.has(name));
}

function mergeSide(level: Level, side: FromResult, name: string, which: 'left' | 'right'): Expr {
  const all = visibleColumns(side).filter((column) => column.name === name);
  const known = all.filter((column) => column.isLater !== true);
  const found = known.length > 0 ? known : all;
  if (found.length > 1)
    throw bindError('42702', `common column name "${name}" appears more than once in ${which} table`, -1);
  const [column] = found;
  if (column === undefined)
    throw bindError(
      '42703',
      `column "${name}" specified in USING clause does not exist in ${which} table`,
      -1,
    );
  if (column.relationId >= 0) level.state.uses(column.relationId, column.position);
  return column.expr;
}

function mergeColumns(
  level: Level,
  join: ast.JoinExpr,
  names: readonly string[],
  left: FromResult,
  right: FromResult,
): Merge {
  const seen = new Set<string>();
  const conditions: Expr[] = [];
  const columns = names.map((name): ScopeColumn => {
    if (seen.has(name))
      throw bindError('42701', `column name "${name}" appears more than once in USING clause`, -1);
    seen.add(name);
    const l = mergeSide(level, left, name, 'left');
    const r = mergeSide(level, right, name, 'right');
    conditions.push(coerceToBoolean(level, operatorCall(level, ['='], l, r, -1), 'JOIN/USING'));
    return { name, expr: mergedColumn(level, join, l, r), relationId: -1, position: -1 };
  });
  const base = { type: boolType, typmod: -1, location: -1 };
  const condition: Expr =
    conditions.length === 1 ? (conditions[0] as Expr) : { kind: 'and', args: conditions, ...base };
  return { columns, names: seen, condition };
}

/** The value of a merged column: whichever side is certainly there, or COALESCE for a full join. Of two lengths it has neither. */
function mergedColumn(level: Level, join: ast.JoinExpr, l: Expr, r: Expr): Expr {
  const common = commonTypeOf(level, [l, r], 'JOIN/USING');
  const typmod = l.typmod === r.typmod ? l.typmod : -1;
  const bring = (side: Expr): Expr => {
    const coerced = coerceToCommon(level, side, common, 'JOIN/USING');
    return coerced === side && side.typmod !== typmod ? { ...side, typmod } : coerced;
  };
  const [left, right] = [bring(l), bring(r)];
  switch (join.jointype) {
    case 'JOIN_RIGHT':
      return right;
    case 'JOIN_FULL':
      return {
        kind: 'coalesce',
        args: [left, right],
        type: common.type,
        typmod: commonTypmod([left, right]),
        location: -1,
      };
    case 'JOIN_INNER':
      return left !== l && right === r ? right : left;
    default:
      return left;
  }
}

function namespaceOf(
  level: Level,
  join: ast.JoinExpr,
  both: NamespaceItem[],
  merge: Merge | null,
): NamespaceItem[] {
  if (merge === null && join.alias === null) return both;
  const rest = both
    .filter((item) => item.columnsVisible)
    .flatMap((item) => item.columns)
    .filter((column) => merge === null || !merge.names.has(column.name));
  const columns: ScopeColumn[] = [...(merge?.columns ?? []), ...rest];
  const extra: NamespaceItem[] = [];
  // An alias of the whole join hides what it is made of, the name of the merged columns too.
  if (join.join_using_alias !== null && merge !== null && join.alias === null)
    extra.push(
      itemOf(level, join.join_using_alias.aliasname, [], { columns: merge.columns, columnsVisible: false }),
    );
  const refname = join.alias?.aliasname ?? 'unnamed_join';
  const whole = itemOf(level, refname, [], { columns, relationVisible: join.alias !== null });
  level.rangeTable.pop();
  if (join.alias !== null) return [applyColumnAliases(whole, join.alias, join.location)];
  checkNameConflicts(both, extra, join.location);
  for (const item of both) item.columnsVisible = false;
  return [...both, whole, ...extra];
}
