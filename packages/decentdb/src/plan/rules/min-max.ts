/**
 * MIN and MAX of a column that leads an index are the first row of that index.
 *
 *     SELECT min(x) FROM t WHERE p    becomes    SELECT (SELECT x FROM t WHERE p AND x IS NOT NULL ORDER BY x LIMIT 1)
 *
 * I1  Only without GROUP BY, FILTER and DISTINCT clauses that matter, and only if every aggregate of the node qualifies.
 * I2  A column qualifies if it is the row id or leads a B-tree index whose order is the type's own.
 */
import type { AggregateCall, ColumnId, Expr } from '../../exec/expr.ts';
import { boolType } from '../../types/bool-type.ts';
import { int8Type } from '../../types/integer-types.ts';
import { columnRef } from '../expr-walk.ts';
import type { AggregateNode, LimitNode, LogicalNode, OutputColumn, ScanNode, SetOpNode } from '../logical.ts';
import { mapTree } from '../node-walk.ts';
import { conjunctsOf, filtered, hasSubquery, isVolatile, substitute } from '../predicates.ts';
import { isKnownNotNull } from './nullability.ts';
import type { Rule, RuleContext } from './rule.ts';

export const minMaxFromIndex: Rule = {
  name: 'min_max_from_index',
  description: 'read MIN and MAX from the ends of an index',
  needs: ['aggregate'],
  apply: (root, context) =>
    mapTree(root, (node) => (node.kind === 'aggregate' ? rewrite(node, context) : node)),
};

function rewrite(node: AggregateNode, context: RuleContext): LogicalNode {
  if (node.groups.length > 0 || node.sets.length !== 1 || node.aggregates.length === 0) return node;
  if (node.input.kind === 'setOp') return overUnion(node, node.input, context);
  const conjuncts = node.input.kind === 'filter' ? conjunctsOf(node.input.predicate) : [];
  const scan = node.input.kind === 'filter' ? node.input.input : node.input;
  if (scan.kind !== 'scan' || scan.sample !== null) return node;
  if (conjuncts.some((c) => isVolatile(c) || hasSubquery(c))) return node;
  // With predicates the first row of the index may be far from the first row that passes: only when they cannot help elsewhere.
  if (conjuncts.length > 0) return node;
  if (!node.aggregates.every((call) => qualifies(call, scan))) return node;
  const exprs = node.aggregates.map((call) => firstRow(call, scan, conjuncts, context));
  const row: LogicalNode = { kind: 'values', rows: [[]], columns: [] };
  const byOutput = new Map(node.aggregates.map((call, i) => [call.output, exprs[i] as Expr] as const));
  return {
    kind: 'project',
    input: row,
    columns: node.columns,
    exprs: node.columns.map((c) => byOutput.get(c.id) as Expr),
  };
}

/** Rows that are read sooner than one is looked up. */
const LOOKUP_ROWS_MIN = 2500;

function rowsOf(input: LogicalNode, context: RuleContext): number {
  return input.kind === 'scan' ? context.env.statistics.tableRows(input.table) : 0;
}

/**
 * Over a UNION ALL of tables, the least of each one's least: as over the partitions of a table.
 */
function overUnion(node: AggregateNode, union: SetOpNode, context: RuleContext): LogicalNode {
  if (union.op !== 'union' || !union.all) return node;
  const rows = union.inputs.reduce((sum, input) => sum + rowsOf(input, context), 0);
  if (rows < LOOKUP_ROWS_MIN * union.inputs.length * node.aggregates.length) return node;
  const inputs: LogicalNode[] = [];
  const columns = node.aggregates.map((call): OutputColumn => {
    const { type, typmod } = call;
    return { id: context.newColumnId(), name: call.fn.name, type, typmod, origin: null };
  });
  for (const scan of union.inputs) {
    if (scan.kind !== 'scan' || scan.sample !== null) return node;
    const by = new Map(
      union.columns.map((c, i) => {
        const own = scan.columns[i] as OutputColumn;
        return [c.id, columnRef(own.id, own)] as const;
      }),
    );
    const calls = node.aggregates.map((call) => ({
      ...call,
      args: call.args.map((arg) => substitute(arg, by)),
    }));
    if (!calls.every((call) => qualifies(call, scan))) return node;
    inputs.push({
      kind: 'project',
      input: { kind: 'values', rows: [[]], columns: [] },
      exprs: calls.map((call) => firstRow(call, scan, [], context)),
      columns: columns.map((column) => ({ ...column, id: context.newColumnId() })),
    });
  }
  const aggregates = node.aggregates.map((call, i) => {
    const column = columns[i] as OutputColumn;
    return { ...call, args: [columnRef(column.id, column)] };
  });
  return { ...node, aggregates, input: { ...union, inputs, columns } };
}

function qualifies(call: AggregateCall, scan: ScanNode): boolean {
  const kind = call.fn.vectorized;
  if ((kind !== 'min' && kind !== 'max') || call.filter !== null || call.orderBy.length > 0) return false;
  const arg = call.args[0];
  if (arg?.kind !== 'column' || call.args.length !== 1 || arg.type !== call.type) return false;
  const at = scan.columns.findIndex((c) => c.id === arg.id);
  const column = at === -1 ? undefined : scan.stored[at];
  if (column === undefined || column < 0) return false;
  if (column === scan.table.rowIdColumn) return true;
  return scan.table.indexes.some(
    (index) => index.method === 'btree' && index.predicateSql === null && index.keys[0]?.column === column,
  );
}

function firstRow(
  call: AggregateCall,
  scan: ScanNode,
  conjuncts: readonly Expr[],
  context: RuleContext,
): Expr {
  const arg = call.args[0] as Extract<Expr, { kind: 'column' }>;
  const by = new Map<ColumnId, Expr>();
  const columns = scan.columns.map((c): OutputColumn => {
    const id = context.newColumnId();
    by.set(c.id, columnRef(id, c));
    return { ...c, id };
  });
  const copy: ScanNode = { ...scan, columns };
  const value = by.get(arg.id) as Extract<Expr, { kind: 'column' }>;
  const bool = boolType;
  const notNull: Expr = {
    kind: 'isNull',
    arg: value,
    negated: true,
    isRow: false,
    type: bool,
    typmod: -1,
    location: -1,
  };
  const needed = isKnownNotNull(value, copy) ? [] : [notNull];
  const rows = filtered(copy, [...conjuncts.map((c) => substitute(c, by)), ...needed]);
  const descending = call.fn.vectorized === 'max';
  const sorted: LogicalNode = {
    kind: 'sort',
    input: rows,
    keys: [{ expr: value, descending, nullsFirst: descending }],
    columns,
  };
  const one: Expr = { kind: 'const', value: 1, type: int8Type, typmod: -1, location: -1 };
  const limited: LimitNode = { kind: 'limit', input: sorted, count: one, offset: null, ties: null, columns };
  const output = columns.find((c) => c.id === value.id) as OutputColumn;
  const plan: LogicalNode = { kind: 'project', input: limited, exprs: [value], columns: [output] };
  return {
    kind: 'subquery',
    mode: 'scalar',
    plan,
    outer: [],
    left: [],
    ops: [],
    rowOp: null,
    negated: false,
    type: call.type,
    typmod: call.typmod,
    location: -1,
  };
}
