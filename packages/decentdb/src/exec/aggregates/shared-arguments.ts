/**
 * Arguments of all aggregates of a grouping, computed together: equal ones once, all of them in one pass over the rows.
 *
 * I1  Aggregates with a FILTER are not among them: their arguments are computed for the rows that pass alone.
 */
import type { Vector } from '../../types/vector.ts';
import type { Batch } from '../batch.ts';
import { exprKey } from '../compile/expr-key.ts';
import { denseColumn } from '../compile/project-program.ts';
import type { ExecContext } from '../context.ts';
import type { Expr } from '../expr.ts';
import { derivedExprs, projectProgram } from '../operators/operator.ts';
import type { Aggregate, AggregateNode } from '../physical.ts';

interface Layout {
  readonly exprs: readonly Expr[];
  /** By aggregate: where its arguments stand among `exprs`; null where it computes its own. */
  readonly places: readonly (readonly number[] | null)[];
}

const layouts = new WeakMap<AggregateNode, Layout>();

export class SharedArguments {
  private readonly layout: Layout;
  private readonly exprs: readonly Expr[];
  private batch: Batch | null = null;

  constructor(node: AggregateNode) {
    let layout = layouts.get(node);
    if (layout === undefined) {
      layout = layoutOf(node.aggregates);
      layouts.set(node, layout);
    }
    this.layout = layout;
    const { exprs } = layout;
    this.exprs = derivedExprs(layout, () => exprs);
  }

  places(aggregate: number): readonly number[] | null {
    return this.layout.places[aggregate]!;
  }

  /** Rows whose arguments are asked for from now on. */
  load(batch: Batch, context: ExecContext): void {
    this.batch = this.exprs.length === 0 ? null : projectProgram(this.exprs).run(batch, context);
  }

  vectors(places: readonly number[]): Vector[] {
    return places.map((place) => denseColumn(this.batch!, place));
  }
}

function layoutOf(aggregates: readonly Aggregate[]): Layout {
  const exprs: Expr[] = [];
  const known = new Map<string, number>();
  const placeOf = (expr: Expr): number => {
    const key = exprKey(expr);
    const before = key === null ? undefined : known.get(key);
    if (before !== undefined) return before;
    exprs.push(expr);
    if (key !== null) known.set(key, exprs.length - 1);
    return exprs.length - 1;
  };
  const places = aggregates.map((aggregate) => {
    const { args } = aggregate;
    const isPlain = aggregate.filter === null && aggregate.orderBy.length === 0 && !aggregate.distinct;
    if (!isPlain || aggregate.fn.orderedSet !== undefined || args.every((arg) => arg.kind === 'slot'))
      return null;
    return args.map(placeOf);
  });
  return { exprs, places };
}
