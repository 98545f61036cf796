/**
 * Window calls: the function, its window, its frame.
 *
 * I1  A call stands in expressions as the column of its result; calls with equal windows share a spec.
 * I2  Windows are computed after grouping: their expressions are rewritten with the targets.
 */
import type { ColumnId, Expr, FrameBound, SortKey, WindowFrame } from '../../exec/expr.ts';
import type { AggregateFunction, WindowFunction } from '../../functions/function.ts';
import { windowFunctionsNamed } from '../../functions/registry.ts';
import { tryResolveWindowFunction } from '../../functions/resolve.ts';
import { float8Type } from '../../types/float-types.ts';
import { int8Type } from '../../types/integer-types.ts';
import { intervalType } from '../../types/interval-type.ts';
import { Oid } from '../../types/oids.ts';
import { domainBase, type SqlType } from '../../types/sql-type.ts';
import * as F from '../ast/frame-options.ts';
import type * as ast from '../ast/nodes.ts';
import { bindAggregateParts, bindFilter } from './aggregates.ts';
import { bindArguments, convertArguments, typesOf } from './calls.ts';
import { allowsWindows, type ClauseKind, refusalName } from './clauses.ts';
import { coerceToType, convert, resolveUnknown } from './coerce.ts';
import { atLocation, bindError } from './errors.ts';
import { exprEqual } from './expr-equal.ts';
import { bindExpr } from './expressions.ts';
import type { Level } from './level.ts';
import { requireEquality } from './operator-lookup.ts';
import { sortDirection } from './order-by.ts';

/** PARTITION BY and ORDER BY of one window. */
export interface WindowSpec {
  partitionBy: readonly Expr[];
  orderBy: readonly SortKey[];
}

export interface PendingWindowCall {
  readonly output: ColumnId;
  readonly fn: WindowFunction | AggregateFunction;
  readonly args: readonly Expr[];
  readonly filter: Expr | null;
  readonly frame: WindowFrame;
  readonly type: SqlType;
  readonly typmod: number;
  /** As written: `ROWS 2 PRECEDING` is not the same as the BETWEEN it means. */
  readonly frameOptions: number;
  readonly spec: WindowSpec;
  readonly location: number;
}

export function bindWindowCall(level: Level, node: ast.FuncCall, name: string): Expr {
  const { location, over } = node;
  if (over === null) {
    const types = typesOf(bindArguments(level, node).args);
    if (tryResolveWindowFunction(name, types) === null) throw noSuchFunction(name, types, location);
    throw bindError('42809', `window function ${name} requires an OVER clause`, location);
  }
  const before = level.windowCalls.length;
  const { fn, args, filter, type } = bindFunction(level, node, name);
  const inner = level.windowCalls[before];
  if (inner !== undefined) throw bindError('42P20', 'window function calls cannot be nested', inner.location);
  if (level.insideAggregate)
    throw bindError('42803', 'aggregate function calls cannot contain window function calls', location);
  if (!allowsWindows(level.kind)) {
    const where = WINDOW_PARTS.has(level.kind) ? 'window definitions' : refusalName(level.kind);
    throw bindError('42P20', `window functions are not allowed in ${where}`, location);
  }
  const { spec, frame, frameOptions } = bindWindow(level, over);
  const call = { fn, args, filter, frame, frameOptions, type, typmod: -1, spec };
  // ORDER BY and DISTINCT ON mean the call of the list when they repeat it.
  const isRepeated = level.kind === 'orderBy' || level.kind === 'distinctOn';
  const known = isRepeated ? level.windowCalls.find((other) => isSameCall(other, call)) : undefined;
  const output = known?.output ?? level.state.newColumnId(level, null, name);
  if (known === undefined) level.windowCalls.push({ ...call, output, location });
  return { kind: 'column', id: output, type, typmod: -1, location };
}

type WrittenCall = Omit<PendingWindowCall, 'output' | 'location'>;

function isSameCall(a: WrittenCall, b: WrittenCall): boolean {
  const isSame = (one: Expr | null, other: Expr | null): boolean =>
    one === other || (one !== null && other !== null && exprEqual(one, other));
  return (
    a.fn.name === b.fn.name &&
    ('routineId' in a.fn ? a.fn.routineId : undefined) ===
      ('routineId' in b.fn ? b.fn.routineId : undefined) &&
    a.type.oid === b.type.oid &&
    a.spec === b.spec &&
    a.frameOptions === b.frameOptions &&
    isSame(a.frame.start.offset, b.frame.start.offset) &&
    isSame(a.frame.end.offset, b.frame.end.offset) &&
    isSame(a.filter, b.filter) &&
    a.args.length === b.args.length &&
    a.args.every((arg, i) => isSame(arg, b.args[i] as Expr))
  );
}

const WINDOW_PARTS: ReadonlySet<ClauseKind> = new Set([
  'windowPartition',
  'windowOrder',
  'windowFrameRange',
  'windowFrameRows',
  'windowFrameGroups',
]);

function noSuchFunction(name: string, types: readonly SqlType[], location: number): Error {
  const shown = types.map((type) => type.sqlName(-1)).join(', ');
  return bindError('42883', `function ${name}(${shown}) does not exist`, location, {
    hint: 'No function matches the given name and argument types. You might need to add explicit type casts.',
  });
}

interface BoundFunction {
  readonly fn: WindowFunction | AggregateFunction;
  readonly args: readonly Expr[];
  readonly filter: Expr | null;
  readonly type: SqlType;
}

function bindFunction(level: Level, node: ast.FuncCall, name: string): BoundFunction {
  const { location } = node;
  if (node.agg_within_group)
    throw bindError('0A000', 'OVER is not supported for ordered-set aggregate ' + name, location);
  if (node.agg_distinct)
    throw bindError('0A000', 'DISTINCT is not implemented for window functions', location);
  if (node.agg_order.length > 0)
    throw bindError('0A000', 'aggregate ORDER BY is not implemented for window functions', location);
  const was = level.insideWindow;
  level.insideWindow = true;
  try {
    if (windowFunctionsNamed(name).length === 0) return bindAggregateParts(level, node, name);
    const bound = bindArguments(level, node);
    const types = typesOf(bound.args);
    const resolved = atLocation(location, () => tryResolveWindowFunction(name, types));
    if (resolved === null) throw noSuchFunction(name, types, location);
    if (bindFilter(level, node) !== null)
      throw bindError('0A000', 'FILTER is not implemented for non-aggregate window functions', location);
    const given = { ...resolved, order: resolved.order.filter((from) => from >= 0) };
    return {
      fn: resolved.fn,
      args: convertArguments(level, given, bound.args),
      filter: null,
      type: resolved.resultType,
    };
  } finally {
    level.insideWindow = was;
  }
}

/** 42P20 when WINDOW defines a name twice. */
export function checkWindowNames(windows: readonly ast.WindowDef[]): void {
  const seen = new Set<string | null>();
  for (const window of windows) {
    if (seen.has(window.name))
      throw bindError('42P20', `window "${window.name}" is already defined`, window.location);
    seen.add(window.name);
  }
}

interface BoundWindow {
  readonly spec: WindowSpec;
  readonly frame: WindowFrame;
  readonly frameOptions: number;
}

/** OVER w, OVER (...), OVER (w ...). */
function bindWindow(level: Level, over: ast.WindowDef): BoundWindow {
  if (over.name !== null) {
    const named = findNamed(level, over.name, over.location);
    return bindDefinition(level, named);
  }
  return bindDefinition(level, over);
}

function findNamed(level: Level, name: string, location: number): ast.WindowDef {
  const found = level.namedWindows.find((window) => window.name === name);
  if (found === undefined) throw bindError('42704', `window "${name}" does not exist`, location);
  return found;
}

function bindDefinition(level: Level, window: ast.WindowDef): BoundWindow {
  const base = window.refname === null ? null : inherited(level, window, window.refname);
  const partitionBy =
    base?.partitionBy ??
    window.partitionClause.map((node) => {
      const expr = resolveUnknown(level, bindExpr(level, node, 'windowPartition'));
      requireEquality(level, expr);
      return expr;
    });
  const ownOrder = window.orderClause.map((item): SortKey => {
    const expr = resolveUnknown(level, bindExpr(level, item.node, 'windowOrder'));
    return { expr, ...sortDirection(level, item, expr) };
  });
  const orderBy = base !== null && base.orderBy.length > 0 ? base.orderBy : ownOrder;
  const spec = shareSpec(level, { partitionBy, orderBy });
  return { spec, frame: bindFrame(level, window, orderBy), frameOptions: window.frameOptions };
}

/** The window a definition builds on, with PostgreSQL's refusals of overriding parts. */
function inherited(level: Level, window: ast.WindowDef, name: string): WindowSpec {
  const base = findNamed(level, name, window.location);
  const refuse = (message: string): Error => bindError('42P20', message, window.location);
  if (window.partitionClause.length > 0)
    throw refuse(`cannot override PARTITION BY clause of window "${name}"`);
  if (window.orderClause.length > 0 && base.orderClause.length > 0)
    throw refuse(`cannot override ORDER BY clause of window "${name}"`);
  if ((base.frameOptions & F.FRAMEOPTION_NONDEFAULT) !== 0)
    throw refuse(`cannot copy window "${name}" because it has a frame clause`);
  return bindDefinition(level, base).spec;
}

function shareSpec(level: Level, spec: WindowSpec): WindowSpec {
  const known = level.windows.find(
    (other) =>
      other.partitionBy.length === spec.partitionBy.length &&
      other.orderBy.length === spec.orderBy.length &&
      other.partitionBy.every((expr, i) => exprEqual(expr, spec.partitionBy[i] as Expr)) &&
      other.orderBy.every((key, i) => {
        const mine = spec.orderBy[i] as SortKey;
        return (
          exprEqual(key.expr, mine.expr) &&
          key.descending === mine.descending &&
          key.nullsFirst === mine.nullsFirst
        );
      }),
  );
  if (known !== undefined) return known;
  level.windows.push(spec);
  return spec;
}

function bindFrame(level: Level, window: ast.WindowDef, orderBy: readonly SortKey[]): WindowFrame {
  const bits = window.frameOptions;
  const has = (bit: number): boolean => (bits & bit) !== 0;
  const mode = has(F.FRAMEOPTION_ROWS) ? 'rows' : has(F.FRAMEOPTION_GROUPS) ? 'groups' : 'range';
  const hasOffset = window.startOffset !== null || window.endOffset !== null;
  if (mode === 'range' && hasOffset && orderBy.length !== 1)
    throw bindError(
      '42P20',
      'RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column',
      window.location,
    );
  if (mode === 'groups' && orderBy.length === 0)
    throw bindError('42P20', 'GROUPS mode requires an ORDER BY clause', window.location);
  const offset = (node: ast.Expr | null): Expr | null =>
    node === null ? null : bindOffset(level, node, mode, orderBy);
  const start: FrameBound = {
    kind: has(F.FRAMEOPTION_START_UNBOUNDED_PRECEDING)
      ? 'unboundedPreceding'
      : has(F.FRAMEOPTION_START_CURRENT_ROW)
        ? 'currentRow'
        : has(F.FRAMEOPTION_START_OFFSET_PRECEDING)
          ? 'preceding'
          : 'following',
    offset: offset(window.startOffset),
  };
  const end: FrameBound = {
    kind: has(F.FRAMEOPTION_END_UNBOUNDED_FOLLOWING)
      ? 'unboundedFollowing'
      : has(F.FRAMEOPTION_END_CURRENT_ROW)
        ? 'currentRow'
        : has(F.FRAMEOPTION_END_OFFSET_PRECEDING)
          ? 'preceding'
          : 'following',
    offset: offset(window.endOffset),
  };
  const exclude = has(F.FRAMEOPTION_EXCLUDE_CURRENT_ROW)
    ? 'currentRow'
    : has(F.FRAMEOPTION_EXCLUDE_GROUP)
      ? 'group'
      : has(F.FRAMEOPTION_EXCLUDE_TIES)
        ? 'ties'
        : 'noOthers';
  return { mode, start, end, exclude };
}

function bindOffset(
  level: Level,
  node: ast.Expr,
  mode: WindowFrame['mode'],
  orderBy: readonly SortKey[],
): Expr {
  const kind: ClauseKind =
    mode === 'rows' ? 'windowFrameRows' : mode === 'groups' ? 'windowFrameGroups' : 'windowFrameRange';
  const expr = bindExpr(level, node, kind);
  const bound =
    mode === 'range'
      ? rangeOffset(level, expr, orderBy[0] as SortKey)
      : coerceToType(level, expr, int8Type, mode.toUpperCase());
  refuseOwnColumns(level, bound, mode);
  return bound;
}

const INTEGERS: readonly number[] = [Oid.int2, Oid.int4, Oid.int8];

/** Dates and times move by intervals, integers by any of them, reals as doubles, other numbers by their own type. */
function rangeOffset(level: Level, expr: Expr, key: SortKey): Expr {
  const type = domainBase(key.expr.type);
  const byInterval: readonly number[] = [
    Oid.date,
    Oid.time,
    Oid.timetz,
    Oid.timestamp,
    Oid.timestamptz,
    Oid.interval,
  ];
  const areIntegers = INTEGERS.includes(type.oid) && INTEGERS.includes(expr.type.oid);
  const ofNumbers = type.oid === Oid.float4 ? float8Type : areIntegers ? expr.type : type;
  const wanted = byInterval.includes(type.oid) ? intervalType : ofNumbers;
  if (type.category !== 'N' && !byInterval.includes(type.oid))
    throw bindError(
      '0A000',
      `RANGE with offset PRECEDING/FOLLOWING is not supported for column type ${type.sqlName(-1)}`,
      expr.location,
    );
  // Integers are moved by integers of any size, and by nothing else.
  const isWithin = INTEGERS.includes(type.oid)
    ? INTEGERS.includes(expr.type.oid)
    : expr.type.category === 'N';
  const converted =
    convert(level, expr, wanted, 'implicit') ??
    (isWithin ? convert(level, expr, wanted, 'assignment') : null);
  if (converted !== null) return converted;
  throw bindError(
    '0A000',
    `RANGE with offset PRECEDING/FOLLOWING is not supported for column type ${type.sqlName(-1)} and offset type ${expr.type.sqlName(-1)}`,
    expr.location,
    { hint: 'Cast the offset value to an appropriate type.' },
  );
}

function refuseOwnColumns(level: Level, expr: Expr, mode: WindowFrame['mode']): void {
  if (expr.kind === 'column' && level.state.infoOf(expr.id).level === level)
    throw bindError('42P10', `argument of ${mode.toUpperCase()} must not contain variables`, expr.location);
}
