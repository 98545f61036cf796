/**
 * Partitions whose bounds contradict the filter are not read.
 *
 *     Append (filter k = 7 over p1 of 0..5, filter k = 7 over p2 of 5..10)    becomes    filter k = 7 over p2
 *
 * I1  A partition is left out only if, for some column, no value satisfies both the filter and what the bounds ask.

 *     A hash contradicts the filter where it leaves each part of the key a few values, none of which the partition takes.
 *
 * I2  Constants alone decide: what a parameter excludes is read, and filtered.
 */
import type { ColumnId, Expr } from '../../exec/expr.ts';
import type { EvalContext } from '../../functions/function.ts';
import type { Datum } from '../../types/vector.ts';
import { areNone, both, type ColumnValues, pointsOf, valuesWhereTrue } from '../column-values.ts';
import { columnRef } from '../expr-walk.ts';
import type { LogicalNode, ScanNode, SetOpNode } from '../logical.ts';
import { mapTree } from '../node-walk.ts';
import type { Rule, RuleContext } from './rule.ts';

export const partitionPruning: Rule = {
  name: 'partition_pruning',
  description: 'leave out partitions whose bounds contradict the filter',
  needs: ['setOp'],
  apply: (root, context) =>
    mapTree(root, (node) =>
      node.kind === 'setOp' && node.op === 'union' && node.all ? pruned(node, context) : node,
    ),
};

function pruned(node: SetOpNode, context: RuleContext): LogicalNode {
  const kept = node.inputs.filter((input) => !isContradicted(input, context));
  if (kept.length === node.inputs.length) return node;
  const [only] = kept;
  if (only === undefined) return { kind: 'values', rows: [], columns: node.columns };
  if (kept.length > 1) return { ...node, inputs: kept };
  return {
    kind: 'project',
    input: only,
    exprs: only.columns.map((column) => columnRef(column.id, column)),
    columns: node.columns,
  };
}

function isContradicted(input: LogicalNode, context: RuleContext): boolean {
  const filters: Expr[] = [];
  let at = input;
  while (at.kind === 'filter') {
    filters.push(at.predicate);
    at = at.input;
  }
  return at.kind === 'scan' && at.table.bound !== undefined && filters.length > 0
    ? contradicts(at, filters, context)
    : false;
}

function contradicts(scan: ScanNode, filters: readonly Expr[], context: RuleContext): boolean {
  const { row, partition } = context.env.tableExpressions(scan.table);
  if (partition === null) return false;
  const byKey = new Map<ColumnId, ColumnValues>();
  for (const [i, { id, type }] of scan.columns.entries()) {
    const own = row[scan.stored[i] ?? -1];
    if (own === undefined) continue;
    let values = valuesWhereTrue(partition, { id: own, type });
    for (const filter of filters) values = both(values, valuesWhereTrue(filter, { id, type }), type);
    if (areNone(values)) return true;
    byKey.set(own, values);
  }
  return hashTests(partition).some((test) => !mayHold(test, byKey));
}

type Call = Extract<Expr, { kind: 'call' }>;

function hashTests(partition: Expr): readonly Call[] {
  const parts = partition.kind === 'and' ? partition.args : [partition];
  return parts.flatMap((part) =>
    part.kind === 'call' && part.fn.name === 'satisfies_hash_partition' ? [part] : [],
  );
}

/** More keys than that are not tried one by one. */
const KEYS_MAX = 1000;

/** Whether a key among the values each part may have has the hash asked for. */
function mayHold({ fn, args }: Call, byKey: ReadonlyMap<ColumnId, ColumnValues>): boolean {
  let keys: Datum[][] = [[]];
  for (const arg of args) {
    const points = valuesOf(arg, byKey);
    if (points === null || points.length * keys.length > KEYS_MAX) return true;
    keys = keys.flatMap((key) => points.map((point) => [...key, point]));
  }
  return keys.some((key) => fn.eval(NO_CONTEXT, ...key) === true);
}

function valuesOf(expr: Expr, byKey: ReadonlyMap<ColumnId, ColumnValues>): readonly Datum[] | null {
  if (expr.kind === 'const') return [expr.value];
  const values = expr.kind === 'column' ? byKey.get(expr.id) : undefined;
  return values === undefined ? null : pointsOf(values, KEYS_MAX);
}

/** The test of a hash asks nothing of its context. */
const NO_CONTEXT = {} as EvalContext;
