/**
 * Aggregate calls: plain, DISTINCT, ordered, filtered, ordered-set.
 *
 * I1  A call stands in expressions as the column of its result; equal calls share one.
 * I2  It belongs to the innermost level its arguments' columns belong to; that level's clause must allow aggregates.
 */
import type { AggregateCall, Expr, SortKey } from '../../exec/expr.ts';
import type { AggregateFunction } from '../../functions/function.ts';
import { aggregatesNamed } from '../../functions/registry.ts';
import { type Resolved, resolveAmong, tryResolveAggregate } from '../../functions/resolve.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type * as ast from '../ast/nodes.ts';
import { type BoundArguments, bindArguments, convertArguments, typesOf } from './calls.ts';
import { allowsAggregates, refusalName } from './clauses.ts';
import { coerceToBoolean, coerceToCommon, commonTypeOf, resolveUnknown } from './coerce.ts';
import { atLocation, bindError } from './errors.ts';
import { exprEqual } from './expr-equal.ts';
import { someDeep, walkDeep } from './expr-rewrite.ts';
import { bindExpr, bindNode } from './expressions.ts';
import type { Level } from './level.ts';
import { requireEquality } from './operator-lookup.ts';
import { sortDirection } from './order-by.ts';
import { bindOwnAggregate, type OwnAggregate } from './own-aggregates.ts';
import { ResolveCache } from './resolve-cache.ts';
import { requireCallable, userAggregates } from './user-functions.ts';

/** The parts of an aggregate call, bound; shared with aggregates over windows. */
export interface AggregateParts {
  readonly fn: AggregateFunction;
  readonly args: readonly Expr[];
  readonly directArgs: readonly Expr[];
  readonly orderBy: readonly SortKey[];
  readonly distinct: boolean;
  readonly filter: Expr | null;
  readonly type: SqlType;
}

export function bindAggregate(level: Level, node: ast.FuncCall, name: string): Expr {
  const windowsBefore = level.windowCalls.length;
  const parts = bindAggregateParts(level, node, name);
  const owner = owningLevel(level, columnsIn(parts));
  refuseNested(level, owner, node, parts, windowsBefore);
  refuseInnerArguments(level, owner, parts);
  if (!allowsAggregates(owner.kind)) throw bindError('42803', refusal(owner), node.location);
  const known = owner.aggregates.find((call) => isSameCall(call, parts));
  const output = known?.output ?? level.state.newColumnId(owner, null, name);
  if (known === undefined) owner.aggregates.push({ ...parts, output, typmod: -1, location: node.location });
  return { kind: 'column', id: output, type: parts.type, typmod: -1, location: node.location };
}

function refusal(owner: Level): string {
  return `aggregate functions are not allowed in ${refusalName(owner.kind)}`;
}

/** Binds everything written in the call but OVER. */
export function bindAggregateParts(level: Level, node: ast.FuncCall, name: string): AggregateParts {
  const was = level.insideAggregate;
  level.insideAggregate = node.over === null;
  const bound = bindArguments(level, node);
  const order = node.agg_order.map((item) => ({ item, expr: bindNode(level, item.node) }));
  level.insideAggregate = was;
  const own = bindOwnAggregate(level, node, bound);
  if (own === null && node.agg_within_group) return orderedSet(level, node, name, bound, order);
  const { fn, args, type } = own ?? bindKnownAggregate(level, node, name, bound);
  const orderBy = order.map(({ item, expr }) =>
    sortKey(level, item, matchArgument(expr, bound.args, args) ?? resolveUnknown(level, expr)),
  );
  if (node.agg_distinct) checkDistinct(level, args, orderBy, node);
  return {
    fn,
    args,
    directArgs: [],
    orderBy,
    distinct: node.agg_distinct,
    filter: bindFilter(level, node),
    type,
  };
}

/** A built-in aggregate, or one of the application. */
function bindKnownAggregate(
  level: Level,
  node: ast.FuncCall,
  name: string,
  bound: BoundArguments,
): OwnAggregate {
  const resolved = resolve(level, node, name, bound);
  const args = convertArguments(level, resolved, bound.args);
  return { fn: resolved.fn, args, type: resolved.resultType };
}

export function bindFilter(level: Level, node: ast.FuncCall): Expr | null {
  if (node.agg_filter === null) return null;
  const before = level.kind;
  const filter = coerceToBoolean(level, bindExpr(level, node.agg_filter, 'filter'), 'FILTER');
  level.kind = before;
  return filter;
}

const aggregates = new ResolveCache<Resolved<AggregateFunction> | null>();

function resolve(
  level: Level,
  node: ast.FuncCall,
  name: string,
  bound: BoundArguments,
): Resolved<AggregateFunction> {
  const { location } = node;
  const own = userAggregates(level, name);
  if (node.args.length === 0 && !node.agg_star && aggregatesNamed(name).some((fn) => fn.args.length === 0))
    throw bindError('42809', `${name}(*) must be used to call a parameterless aggregate function`, location);
  const types = typesOf(bound.args);
  const look = (): Resolved<AggregateFunction> | null =>
    atLocation(location, () =>
      own.length > 0
        ? resolveAmong(own, name, types, bound.options)
        : tryResolveAggregate(name, types, bound.options),
    );
  const isPlain =
    own.length === 0 && bound.options.argNames === undefined && bound.options.isVariadicArray !== true;
  const resolved = isPlain ? aggregates.get(name, types, look) : look();
  if (resolved === null) {
    const shown = node.agg_star ? '*' : types.map((type) => type.sqlName(-1)).join(', ');
    throw bindError('42883', `function ${name}(${shown === '*' ? '' : shown}) does not exist`, location, {
      hint: 'No function matches the given name and argument types. You might need to add explicit type casts.',
    });
  }
  requireCallable(level, resolved.fn, location);
  if (resolved.fn.orderedSet !== undefined)
    throw bindError('42809', `WITHIN GROUP is required for ordered-set aggregate ${name}`, location);
  return resolved;
}

function sortKey(level: Level, item: ast.SortBy, expr: Expr): SortKey {
  return { expr, ...sortDirection(level, item, expr) };
}

/** An ORDER BY expression that is an argument as it was written is the converted argument. */
function matchArgument(expr: Expr, written: readonly Expr[], args: readonly Expr[]): Expr | undefined {
  return args[written.findIndex((arg) => exprEqual(arg, expr))];
}

function checkDistinct(
  level: Level,
  args: readonly Expr[],
  orderBy: readonly SortKey[],
  node: ast.FuncCall,
): void {
  if (args.length === 0) throw bindError('42809', 'DISTINCT requires at least one argument', node.location);
  for (const arg of args) requireEquality(level, arg);
  const stray = orderBy.findIndex((key) => !args.some((arg) => exprEqual(arg, key.expr)));
  if (stray < 0) return;
  throw bindError(
    '42P10',
    'in an aggregate with DISTINCT, ORDER BY expressions must appear in argument list',
    node.agg_order[stray]?.node.location ?? -1,
  );
}

interface OrderItem {
  readonly item: ast.SortBy;
  readonly expr: Expr;
}

/** WITHIN GROUP: direct arguments first, then the ordered ones. */
function orderedSet(
  level: Level,
  node: ast.FuncCall,
  name: string,
  bound: BoundArguments,
  order: readonly OrderItem[],
): AggregateParts {
  const { location } = node;
  if (node.agg_distinct) throw bindError('42809', 'cannot use DISTINCT with WITHIN GROUP', location);
  const all = alikeInPairs(level, name, bound.args, order, location);
  const resolved = atLocation(location, () => tryResolveAggregate(name, typesOf(all), bound.options));
  if (resolved === null)
    throw bindError(
      '42883',
      `function ${name}(${typesOf(all)
        .map((type) => type.sqlName(-1))
        .join(', ')}) does not exist`,
      location,
      {
        hint: 'No aggregate matches the given name and argument types. Perhaps you misplaced ORDER BY; ORDER BY must appear after all regular arguments of the aggregate.',
      },
    );
  if (resolved.fn.orderedSet === undefined)
    throw bindError(
      '42809',
      `${name} is not an ordered-set aggregate, so it cannot have WITHIN GROUP`,
      location,
    );
  const converted = convertArguments(level, resolved, all);
  const ordered = converted.slice(bound.args.length).map((expr) => resolveUnknown(level, expr));
  const orderBy = ordered.map((expr, i) => sortKey(level, (order[i] as OrderItem).item, expr));
  const keys = orderBy.map(({ expr, ...direction }) => ({ type: expr.type, ...direction }));
  return {
    fn: resolved.fn.withOrder?.(keys) ?? resolved.fn,
    args: ordered,
    directArgs: converted.slice(0, bound.args.length),
    orderBy,
    distinct: false,
    filter: bindFilter(level, node),
    type: resolved.resultType,
  };
}

/**
 * Direct arguments, then ordered ones. A hypothetical row's values are compared with those of the order, so each pair becomes one
 * type; as many are needed (PostgreSQL: Hypothetical-Set Aggregate Functions).
 */
function alikeInPairs(
  level: Level,
  name: string,
  direct: readonly Expr[],
  order: readonly OrderItem[],
  location: number,
): Expr[] {
  const ordered = order.map(({ expr }) => expr);
  const isHypothetical = aggregatesNamed(name).some((fn) => fn.orderedSet?.hypothetical === true);
  if (!isHypothetical) return [...direct, ...ordered];
  if (direct.length !== ordered.length)
    throw bindError(
      '42883',
      `function ${name}(${typesOf([...direct, ...ordered])
        .map((type) => type.sqlName(-1))
        .join(', ')}) does not exist`,
      location,
      {
        hint: `To use the hypothetical-set aggregate ${name}, the number of hypothetical direct arguments (here ${direct.length}) must match the number of ordering columns (here ${ordered.length}).`,
      },
    );
  const pairs = direct.map((expr, i) => {
    const pair = [ordered[i] as Expr, expr];
    const common = commonTypeOf(level, pair, 'WITHIN GROUP');
    return pair.map((one) => coerceToCommon(level, one, common, 'WITHIN GROUP')) as [Expr, Expr];
  });
  return [...pairs.map(([, value]) => value), ...pairs.map(([key]) => key)];
}

function columnsIn(parts: AggregateParts): readonly Expr[] {
  const exprs = [...parts.args, ...parts.orderBy.map((key) => key.expr)];
  return parts.filter === null ? exprs : [...exprs, parts.filter];
}

/** 42803 / 42P20: aggregates in aggregates, windows in aggregates. */
function refuseNested(
  level: Level,
  owner: Level,
  node: ast.FuncCall,
  parts: AggregateParts,
  windowsBefore: number,
): void {
  const uses = (output: number): boolean =>
    [...columnsIn(parts), ...parts.directArgs].some((expr) =>
      someDeep(expr, (at) => at.kind === 'column' && at.id === output),
    );
  const levels = owner === level ? [level] : [level, owner];
  const inner = levels
    .flatMap(({ aggregates, groupings }) => [...aggregates, ...groupings])
    .find((call) => uses(call.output));
  if (inner !== undefined)
    throw bindError(
      '42803',
      'aggregate function calls cannot be nested',
      innerLocation(parts, inner.output, node),
    );
  const window = level.windowCalls.slice(windowsBefore).find((call) => uses(call.output));
  if (window !== undefined)
    throw bindError(
      '42803',
      'aggregate function calls cannot contain window function calls',
      window.location,
    );
}

function innerLocation(parts: AggregateParts, output: number, node: ast.FuncCall): number {
  let location = node.location;
  for (const expr of [...columnsIn(parts), ...parts.directArgs])
    walkDeep(expr, (at) => {
      if (at.kind === 'column' && at.id === output) location = at.location;
      return true;
    });
  return location;
}

/** 42803 where a direct argument looks at a query inside of the one whose rows are aggregated. */
function refuseInnerArguments(level: Level, owner: Level, parts: AggregateParts): void {
  const farthest = level.distanceTo(owner);
  for (const expr of parts.directArgs)
    walkDeep(expr, (at) => {
      if (at.kind !== 'column') return true;
      const own = level.state.infoOf(at.id).level;
      const steps = own === null ? -1 : level.distanceTo(own);
      if (steps >= 0 && steps < farthest)
        throw bindError(
          '42803',
          'outer-level aggregate cannot contain a lower-level variable in its direct arguments',
          at.location,
        );
      return true;
    });
}

/** I2: the nearest level that a column of the arguments belongs to. */
export function owningLevel(level: Level, exprs: readonly Expr[]): Level {
  let nearest: Level | null = null;
  let distance = Number.POSITIVE_INFINITY;
  for (const expr of exprs)
    walkDeep(expr, (at) => {
      if (at.kind !== 'column') return true;
      const owner = level.state.infoOf(at.id).level;
      const steps = owner === null ? -1 : level.distanceTo(owner);
      if (steps >= 0 && steps < distance) {
        distance = steps;
        nearest = owner;
      }
      return true;
    });
  return nearest ?? level;
}

function isSameCall(call: AggregateCall, parts: AggregateParts): boolean {
  const listEqual = (a: readonly Expr[], b: readonly Expr[]): boolean =>
    a.length === b.length && a.every((expr, i) => exprEqual(expr, b[i] as Expr));
  if (call.fn.name !== parts.fn.name || call.fn.routineId !== parts.fn.routineId) return false;
  if (call.type.oid !== parts.type.oid) return false;
  if (call.distinct !== parts.distinct || call.orderBy.length !== parts.orderBy.length) return false;
  if ((call.filter === null) !== (parts.filter === null)) return false;
  if (call.filter !== null && parts.filter !== null && !exprEqual(call.filter, parts.filter)) return false;
  if (!listEqual(call.args, parts.args) || !listEqual(call.directArgs, parts.directArgs)) return false;
  if (parts.args.some(isVolatile)) return false;
  return call.orderBy.every((key, i) => {
    const other = parts.orderBy[i] as SortKey;
    return (
      exprEqual(key.expr, other.expr) &&
      key.descending === other.descending &&
      key.nullsFirst === other.nullsFirst
    );
  });
}

function isVolatile(expr: Expr): boolean {
  return someDeep(expr, (at) => at.kind === 'call' && at.fn.volatility === 'volatile');
}
