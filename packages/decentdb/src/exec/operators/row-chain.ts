/**
 * A recursive term that looks at one row at a time, without operators: what a recursion of few rows a round costs is its
 * rounds, not its rows.
 *
 * I1  Only filters and projections over the working table, without subqueries: each row's results depend on that row alone, so
 *     a queue gives the rows, and their order, that rounds give.
 */
import type { Datum } from '../../types/vector.ts';
import type { ExecContext } from '../context.ts';
import { type Evaluator, evaluatorOf } from '../interpret/evaluator.ts';
import type { CteScanNode, FilterNode, PhysicalNode, ProjectNode } from '../physical.ts';
import { DatumRow } from '../point/datum-row.ts';

/** Filters before the projection, and its columns; the last step of all has no projection when `project` is null. */
interface Step {
  readonly filters: readonly Evaluator[];
  readonly project: readonly Evaluator[] | null;
  readonly row: DatumRow;
}

/** Properties that hold functions, types and values, not expressions. */
const OPAQUE: ReadonlySet<string> = new Set(['type', 'fn', 'op', 'ops', 'equals', 'value']);

const known = new WeakMap<PhysicalNode, boolean>();

export class RowChain {
  private readonly columns: readonly number[];
  private readonly steps: readonly Step[];

  private constructor(scan: CteScanNode, nodes: readonly (FilterNode | ProjectNode)[]) {
    this.columns = scan.columns;
    const steps: Step[] = [];
    let filters: Evaluator[] = [];
    let width = scan.slots.length;
    for (const node of nodes) {
      if (node.kind === 'filter') {
        const { predicate } = node;
        filters.push(...(predicate.kind === 'and' ? predicate.args : [predicate]).map(evaluatorOf));
        continue;
      }
      steps.push({ filters, project: node.exprs.map(evaluatorOf), row: new DatumRow(width) });
      filters = [];
      width = node.slots.length;
    }
    if (filters.length > 0 || steps.length === 0)
      steps.push({ filters, project: null, row: new DatumRow(width) });
    this.steps = steps;
  }

  /** Null for terms of another shape. */
  static of(term: PhysicalNode): RowChain | null {
    const nodes: (FilterNode | ProjectNode)[] = [];
    let node = term;
    while (node.kind === 'filter' || node.kind === 'project') {
      nodes.unshift(node);
      node = node.input;
    }
    if (node.kind !== 'cteScan' || !node.isWorkTable) return null;
    let isPlain = known.get(term);
    if (isPlain === undefined) {
      isPlain = nodes.every((one) => !hasSubquery(one.kind === 'filter' ? one.predicate : one.exprs));
      known.set(term, isPlain);
    }
    return isPlain ? new RowChain(node, nodes) : null;
  }

  /** What the term makes of one row of the working table; null: nothing. */
  run(values: readonly Datum[], context: ExecContext): readonly Datum[] | null {
    const { steps, columns } = this;
    let made: Datum[] | null = null;
    for (let s = 0; s < steps.length; s++) {
      const { filters, project, row } = steps[s]!;
      if (made === null) for (let i = 0; i < columns.length; i++) row.set(i, values[columns[i]!]!);
      else for (let i = 0; i < made.length; i++) row.set(i, made[i]!);
      const { batch } = row;
      for (let i = 0; i < filters.length; i++) if (filters[i]!(batch, 0, context) !== true) return null;
      if (project === null) return made ?? columns.map((column) => values[column]!);
      const next = new Array<Datum>(project.length);
      for (let i = 0; i < project.length; i++) next[i] = project[i]!(batch, 0, context);
      made = next;
    }
    return made;
  }
}

/** Whether an expression, or one of a list, holds a subquery. */
function hasSubquery(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return false;
  if (Array.isArray(value)) return value.some(hasSubquery);
  const record = value as Readonly<Record<string, unknown>>;
  // Types refer to each other in circles.
  if (typeof record['sqlName'] === 'function') return false;
  if (record['kind'] === 'subquery') return true;
  return Object.keys(record).some((key) => !OPAQUE.has(key) && hasSubquery(record[key]));
}
