/**
 * The step from rows to groups: builds the aggregate node and rewrites everything above it in terms of its outputs.
 *
 * I1  Above the aggregate, an expression may use group outputs, aggregate outputs and outer columns; any other column of this
 *     query is an error (42803), unless it depends on a primary key that is grouped by in every set.
 * I2  Functionally dependent columns become extra groups: they change no group, and the planner may drop them from the key.
 */
import type { ColumnId, Expr } from '../../exec/expr.ts';
import type { LogicalNode, OutputColumn } from '../../plan/logical.ts';
import { int4Type } from '../../types/integer-types.ts';
import type * as ast from '../ast/nodes.ts';
import { bindError } from './errors.ts';
import { exprEqual } from './expr-equal.ts';
import { type ExprMap, mapDeep } from './expr-rewrite.ts';
import type { GroupBy } from './group-by.ts';
import type { Level } from './level.ts';
import { filter } from './select.ts';
import { applySetFunctionsOf } from './set-functions.ts';
import type { Target } from './targets.ts';
import { mapPendingWindows } from './window-plan.ts';

interface Grouped {
  readonly targets: readonly Target[];
  having: Expr | null;
  readonly groupBy: GroupBy | null;
}

/** Adds aggregate and HAVING when the query needs them; rewrites targets, HAVING, windows and set functions in place. */
export function applyGrouping(
  level: Level,
  input: LogicalNode,
  clauses: Grouped,
  _stmt: ast.SelectStmt,
): LogicalNode {
  const isGrouped =
    clauses.groupBy !== null ||
    clauses.having !== null ||
    level.aggregates.length > 0 ||
    level.groupings.length > 0;
  if (!isGrouped) return input;
  const [aggregate] = level.aggregates;
  if (level.readsWorkTable && aggregate !== undefined)
    throw bindError(
      '42P19',
      "aggregate functions are not allowed in a recursive query's recursive term",
      aggregate.location,
    );
  // What is grouped by is there before the groups are.
  const rows = applySetFunctionsOf(level, clauses.groupBy?.groups ?? [], input);
  const grouping = new Grouping(level, clauses.groupBy);
  for (const group of grouping.exprs) refuseAggregates(level, group);
  for (const target of clauses.targets) target.expr = grouping.rewriteTarget(target.expr);
  if (clauses.having !== null) clauses.having = grouping.rewrite(clauses.having);
  mapPendingWindows(level, (expr) => grouping.rewrite(expr));
  for (const call of level.aggregates) for (const arg of call.directArgs) grouping.checkDirect(arg);
  level.setFunctions = level.setFunctions.map((call) => ({
    ...call,
    args: call.args.map((arg) => grouping.rewrite(arg)),
  }));
  const node = grouping.node(rows);
  return clauses.having === null ? node : filter(node, clauses.having);
}

function refuseAggregates(level: Level, group: Expr): void {
  const outputs = new Set(level.aggregates.map((call) => call.output));
  const windows = new Set(level.windowCalls.map((call) => call.output));
  const visit: ExprMap = (expr) => {
    if (expr.kind === 'column' && windows.has(expr.id))
      throw bindError('42P20', 'window functions are not allowed in GROUP BY', expr.location);
    if (expr.kind === 'column' && outputs.has(expr.id))
      throw bindError('42803', 'aggregate functions are not allowed in GROUP BY', expr.location);
    mapDeep(expr, visit);
    return expr;
  };
  visit(group);
}

/** A FROM item as one value; NULL where an outer join found none. */
function isWholeRow(expr: Expr): boolean {
  if (expr.kind === 'case') return expr.otherwise !== null && isWholeRow(expr.otherwise);
  return expr.kind === 'row' && expr.fields.every((field) => field.kind === 'column');
}

class Grouping {
  readonly #level: Level;
  readonly exprs: Expr[];
  readonly #outputs: OutputColumn[];
  readonly #sets: (readonly number[])[];
  /** Outputs of aggregates, GROUPING calls, window and set functions: fine above the aggregate. */
  readonly #computed: ReadonlySet<ColumnId>;
  #insideSubquery: boolean;
  #isDirect = false;

  constructor(level: Level, groupBy: GroupBy | null) {
    this.#level = level;
    this.exprs = [];
    this.#outputs = [];
    this.#sets = groupBy === null ? [[]] : [...groupBy.sets];
    this.#insideSubquery = false;
    this.#computed = new Set([
      ...level.aggregates.map((call) => call.output),
      ...level.groupings.map((call) => call.output),
      ...level.windowCalls.map((call) => call.output),
      ...level.setFunctions.map((call) => call.output),
    ]);
    for (const expr of groupBy?.groups ?? []) this.#addGroup(expr);
  }

  #addGroup(expr: Expr): number {
    const info = expr.kind === 'column' ? this.#level.state.infoOf(expr.id) : null;
    const name = info?.name ?? '?column?';
    const id = this.#level.state.newColumnId(this.#level, info?.relation ?? null, name, info?.stored ?? null);
    const origin = info?.stored == null ? null : { table: info.stored.table, column: info.stored.position };
    this.exprs.push(expr);
    this.#outputs.push({ id, name, type: expr.type, typmod: expr.typmod, origin });
    return this.exprs.length - 1;
  }

  /** A constant that is grouped by is one only as the target that GROUP BY names; `1` elsewhere is a number. */
  rewriteTarget(expr: Expr): Expr {
    const group = expr.kind === 'const' || expr.kind === 'param' ? this.exprs.indexOf(expr) : -1;
    return group >= 0 ? this.#output(group, expr.location) : this.rewrite(expr);
  }

  /** The expression over the aggregate's outputs. */
  rewrite(expr: Expr): Expr {
    const group = this.#groupOf(expr, this.#insideSubquery);
    if (group >= 0) {
      const output = this.#output(group, expr.location);
      return output.type === expr.type ? output : { ...output, type: expr.type, typmod: expr.typmod };
    }
    if (expr.kind === 'column') return this.#column(expr);
    if (expr.kind !== 'subquery') return mapDeep(expr, (child) => this.rewrite(child));
    const was = this.#insideSubquery;
    this.#insideSubquery = true;
    const mapped = mapDeep(expr, (child) => this.rewrite(child));
    this.#insideSubquery = was;
    return mapped;
  }

  /** 42803 for a direct argument of an ordered-set aggregate that a group does not have one value of. */
  checkDirect(expr: Expr): void {
    this.#isDirect = true;
    this.rewrite(expr);
    this.#isDirect = false;
  }

  /** A subquery sees columns and rows that are grouped by, not other expressions: as in PostgreSQL, names alone reach out of it. */
  #groupOf(expr: Expr, isInSubquery: boolean): number {
    if (expr.kind === 'const' || expr.kind === 'param') return -1;
    if (isInSubquery && expr.kind !== 'column' && !isWholeRow(expr)) return -1;
    // A cast that keeps the datum only changes the type on the node: what is below is still the group.
    return this.exprs.findIndex((group) => exprEqual(group, { ...expr, type: group.type } as Expr));
  }

  #output(group: number, location: number): Expr {
    const column = this.#outputs[group] as OutputColumn;
    return { kind: 'column', id: column.id, type: column.type, typmod: column.typmod, location };
  }

  #column(expr: Extract<Expr, { kind: 'column' }>): Expr {
    const info = this.#level.state.infoOf(expr.id);
    if (info.level !== this.#level || this.#computed.has(expr.id)) return expr;
    if (this.#isDependent(expr.id)) return this.#output(this.#addDependent(expr), expr.location);
    const name = info.relation === null ? info.name : `${info.relation}.${info.name}`;
    if (this.#insideSubquery)
      throw bindError('42803', `subquery uses ungrouped column "${name}" from outer query`, expr.location);
    throw bindError(
      '42803',
      `column "${name}" must appear in the GROUP BY clause or be used in an aggregate function`,
      expr.location,
      this.#isDirect
        ? { detail: 'Direct arguments of an ordered-set aggregate must use only grouped columns.' }
        : {},
    );
  }

  /** Whether the primary key of the column's table is among the groups of every set. */
  #isDependent(id: ColumnId): boolean {
    const { stored } = this.#level.state.infoOf(id);
    if (stored === null) return false;
    const key = stored.table.constraints.find((constraint) => constraint.kind === 'primaryKey');
    if (key?.kind !== 'primaryKey' || key.deferrable) return false;
    return key.columns.every((position) => {
      const column = stored.siblings[position];
      const group = this.exprs.findIndex((expr) => expr.kind === 'column' && expr.id === column);
      return group >= 0 && this.#sets.every((set) => set.includes(group));
    });
  }

  #addDependent(expr: Expr): number {
    const group = this.#addGroup({ ...expr, location: -1 });
    this.#sets.forEach((set, i) => {
      this.#sets[i] = [...set, group];
    });
    return group;
  }

  node(input: LogicalNode): LogicalNode {
    const { aggregates } = this.#level;
    const groupings = this.#level.groupings.map((call) => ({
      output: call.output,
      groups: call.args.map((arg) => this.#groupingArgument(arg, call.isInSubquery)),
    }));
    const columns: OutputColumn[] = [
      ...this.#outputs,
      ...aggregates.map(
        (call): OutputColumn => ({
          id: call.output,
          name: call.fn.name,
          type: call.type,
          typmod: call.typmod,
          origin: null,
        }),
      ),
      ...groupings.map(
        ({ output }): OutputColumn => ({
          id: output,
          name: 'grouping',
          type: int4Type,
          typmod: -1,
          origin: null,
        }),
      ),
    ];
    const groups = this.exprs.map((expr, i) => ({ output: (this.#outputs[i] as OutputColumn).id, expr }));
    return { kind: 'aggregate', input, groups, sets: this.#sets, aggregates, groupings, columns };
  }

  #groupingArgument(arg: Expr, isInSubquery: boolean): number {
    const group = this.#groupOf(arg, isInSubquery);
    if (group >= 0) return group;
    throw bindError(
      '42803',
      'arguments to GROUPING must be grouping expressions of the associated query level',
      arg.location,
    );
  }
}
