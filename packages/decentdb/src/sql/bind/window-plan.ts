/**
 * Window nodes: one for each different window, stacked.
 */
import type { Expr } from '../../exec/expr.ts';
import { mapList } from '../../plan/expr-walk.ts';
import type { LogicalNode, OutputColumn } from '../../plan/logical.ts';
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
  for (const spec of level.windows) {
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
