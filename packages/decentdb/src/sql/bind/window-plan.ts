/**
 * Window nodes: one for each different window, stacked.
 *
 * I1  A window whose keys begin another's comes right above it: its rows come in order then.
 */
import type { Expr, SortKey } from '../../exec/expr.ts';
import { mapList } from '../../plan/expr-walk.ts';
import type { LogicalNode, OutputColumn } from '../../plan/logical.ts';
import { exprEqual } from './expr-equal.ts';
import type { Level } from './level.ts';

/** Rewrites every expression of the level's windows and window calls (the step to grouped columns). */
export function mapPendingWindows(level: Level, map: (expr: Expr) => Expr): void {
  for (const spec of level.windows) {
    spec.partitionBy = mapList(spec.partitionBy, map);
    spec.orderBy = spec.orderBy.map((key) => ({ ...key, expr: map(key.expr) }));
  }
  const maybe = (expr: Expr | null): Expr | null => (expr === null ? null : map(expr));
  level.windowCalls = level.windowCalls.map((call) => ({
    ...call,
    args: call.args.map(map),
    filter: maybe(call.filter),
    frame: {
      ...call.frame,
      start: { ...call.frame.start, offset: maybe(call.frame.start.offset) },
      end: { ...call.frame.end, offset: maybe(call.frame.end.offset) },
    },
  }));
}

export function applyWindows(level: Level, input: LogicalNode): LogicalNode {
  let node = input;
  for (const spec of inSharedOrder(level.windows)) {
    const pending = level.windowCalls.filter((call) => call.spec === spec);
    if (pending.length === 0) continue;
    const calls = pending.map(({ spec: _spec, location: _location, ...call }) => call);
    const outputs = pending.map(
      (call): OutputColumn => ({
        id: call.output,
        name: call.fn.name,
        type: call.type,
        typmod: call.typmod,
        origin: null,
      }),
    );
    node = {
      kind: 'window',
      input: node,
      partitionBy: spec.partitionBy,
      orderBy: spec.orderBy,
      calls,
      columns: [...node.columns, ...outputs],
    };
  }
  return node;
}

type WindowSpec = Level['windows'][number];

/** I1; else as they were first used. */
function inSharedOrder(windows: readonly WindowSpec[]): readonly WindowSpec[] {
  const ordered: WindowSpec[] = [];
  let rest = [...windows];
  while (rest.length > 0) {
    const first = rest[0] as WindowSpec;
    const family = rest.filter((spec) => beginsWith(spec, first) || beginsWith(first, spec));
    // Two that begin with the first need not begin with each other: the longest and what begins it.
    const longest = family.reduce((a, b) => (keyCount(b) > keyCount(a) ? b : a));
    const shared = family.filter((spec) => beginsWith(longest, spec));
    shared.sort((a, b) => keyCount(b) - keyCount(a));
    ordered.push(...shared);
    rest = rest.filter((spec) => !shared.includes(spec));
  }
  return ordered;
}

const keyCount = (spec: WindowSpec): number => spec.partitionBy.length + spec.orderBy.length;

const keysOf = (spec: WindowSpec): readonly SortKey[] => [
  ...spec.partitionBy.map((expr) => ({ expr, descending: false, nullsFirst: false })),
  ...spec.orderBy,
];

/** Whether rows in the order of `long` are in that of `short`. */
function beginsWith(long: WindowSpec, short: WindowSpec): boolean {
  const keys = keysOf(long);
  return keysOf(short).every((key, i) => {
    const other = keys[i];
    if (other === undefined || !exprEqual(key.expr, other.expr)) return false;
    return key.descending === other.descending && key.nullsFirst === other.nullsFirst;
  });
}
