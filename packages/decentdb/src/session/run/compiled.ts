/**
 * A statement bound and planned, and the question whether that still holds.
 *
 * I1  A compiled statement is used only with the very catalogue it was bound with, equal plan settings, and tables whose sizes
 *     have not changed beyond recognition (LESSONS 11: never an older snapshot with a newer schema).
 */
import type { Catalog } from '../../catalog/catalog.ts';
import type { TableDef } from '../../catalog/schema.ts';
import type { Expr } from '../../exec/expr.ts';
import type { PhysicalPlan } from '../../exec/physical.ts';
import type { TargetOf } from '../../exec/point/dependent-rows.ts';
import { projectedAccess } from '../../exec/point/point-plan.ts';
import type { EvalContext } from '../../functions/function.ts';
import { writeTargetFor } from '../../plan/emit/write.ts';
import type { PlanEnv } from '../../plan/env.ts';
import { literalCasts } from '../../plan/literal-casts.ts';
import type { OutputColumn } from '../../plan/logical.ts';
import { type Guess, ParamPeek } from '../../plan/peek.ts';
import { planStatement } from '../../plan/plan-statement.ts';
import type { PreparableStmt } from '../../sql/ast/nodes.ts';
import type { BindEnv } from '../../sql/bind/env.ts';
import { bindStatement } from '../../sql/bind/statement.ts';
import type { ReadView } from '../../txn/page-view.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { Datum } from '../../types/vector.ts';
import { monotonicMs } from '../../vfs/node-platform.ts';
import { requirePopulated } from '../populated.ts';
import { tableRowsNow } from '../statistics.ts';
import { type PointWrite, pointWriteOf } from './point.ts';

export interface Compiled {
  readonly plan: PhysicalPlan;
  /** Result columns; empty when the statement returns no rows. */
  readonly columns: readonly OutputColumn[];
  readonly returnsRows: boolean;
  /**
   * Its tables have partial indexes or are partitions, which may serve one value and not another: literals tell more than parameters. Or
   * the plan holds for these values alone (ParamPeek.isBound).
   */
  readonly isValueBound: boolean;
  /** Functions it calls change data, which its own reads must not see. */
  readonly callsWriters: boolean;
  /** What it asks for only its own session knows. */
  readonly asksSession: boolean;
  /** Rows of the plan are rows changed: a view's INSTEAD OF triggers ran for each. */
  readonly countsRows: boolean;
  readonly paramTypes: readonly SqlType[];
  /** Guesses the plan rests on that looked at values of parameters. */
  readonly guesses: readonly Guess[];
  /** What literals in place of parameters would fail in before any row is met. */
  readonly literalCasts: readonly Expr[];
  readonly catalog: Catalog;
  readonly plansKey: string;
  /** What was known of values, as of which ANALYZE (shared-database.ts). */
  statisticsEpoch: number;
  readonly tables: readonly TableDef[];
  /** Rows of each table when the plan was made. */
  readonly rows: readonly number[];
  /** Runs until table sizes are looked at again. */
  runsUntilCheck: number;
  /** Whether the plan reads one row by its key. */
  readonly isPointRead: boolean;
  /** Short path of a statement that writes one row; null: none. */
  readonly pointWrite: PointWrite | null;
  readonly bindMs: number;
  readonly planMs: number;
}

const SIZE_CHECK_RUNS = 32;
/** Growth or shrinkage that makes a plan stale; small tables are all alike. */
const SIZE_FACTOR = 8;
const SIZE_LEAST = 1000;
const SIZE_STEADY = 100_000;

/** `isFirst`: not planned again, for texts that share the plan already. */
export function compile(
  stmt: PreparableStmt,
  env: BindEnv,
  planEnv: PlanEnv,
  view: ReadView,
  plansKey: string,
  evalContext: EvalContext,
  peekAt?: (types: readonly SqlType[]) => readonly Datum[],
  isFirst = true,
): Compiled {
  const started = monotonicMs();
  const bound = bindStatement(stmt, env);
  requirePopulated(env.catalog, bound.dependsOn);
  const boundAt = monotonicMs();
  const peek = peekAt === undefined ? null : new ParamPeek(peekAt(bound.paramTypes), isFirst);
  const plan = planStatement(bound, peek === null ? planEnv : { ...planEnv, peek });
  const plannedAt = monotonicMs();
  const { root } = bound;
  const returnsRows = bound.insteadOf?.returnsRows ?? returnsRowsOf(root);
  return {
    plan,
    columns: returnsRows ? root.columns : [],
    returnsRows,
    isValueBound:
      peek?.isBound === true ||
      bound.dependsOn.some((t) => t.bound !== undefined || t.indexes.some((i) => i.predicateSql !== null)),
    callsWriters: bound.callsWriters === true,
    asksSession: bound.asksSession === true,
    countsRows: bound.insteadOf !== undefined,
    paramTypes: bound.paramTypes,
    guesses: peek?.guesses ?? [],
    // The one row that an INSERT with literals stores meets its casts anyway.
    literalCasts: peek === null || bound.command === 'INSERT' ? [] : literalCasts(root),
    catalog: env.catalog,
    plansKey,
    statisticsEpoch: 0,
    tables: bound.dependsOn,
    rows: bound.dependsOn.map((table) => tableRowsNow(table, view)),
    runsUntilCheck: 1,
    isPointRead: plan.isReadOnly && projectedAccess(plan.root) !== null,
    pointWrite:
      plan.isReadOnly || bound.callsWriters === true
        ? null
        : pointWriteOf(plan, targetsFrom(planEnv.tableExpressions), evalContext),
    bindMs: boundAt - started,
    planMs: plannedAt - boundAt,
  };
}

/** A function of its own: kept by the plan, it must not keep the view the plan was made in. */
function targetsFrom(tableExpressions: PlanEnv['tableExpressions']): TargetOf {
  return (table) => writeTargetFor(table, { tableExpressions });
}

function returnsRowsOf(root: Parameters<typeof isWrite>[0]): boolean {
  const top = root.kind === 'with' ? root.body : root;
  return !isWrite(top) || top.returning !== null;
}

type Root = ReturnType<typeof bindStatement>['root'];
type WriteRoot = Extract<Root, { kind: 'insert' | 'update' | 'delete' | 'merge' }>;

function isWrite(root: Root): root is WriteRoot {
  return root.kind === 'insert' || root.kind === 'update' || root.kind === 'delete' || root.kind === 'merge';
}

/** Whether a compiled statement may run now. */
export function isStillGood(compiled: Compiled, catalog: Catalog, plansKey: string, view: ReadView): boolean {
  if (compiled.catalog !== catalog || compiled.plansKey !== plansKey) return false;
  if (--compiled.runsUntilCheck > 0) return true;
  let isSteady = true;
  for (let i = 0; i < compiled.tables.length; i++) {
    const before = Math.max(SIZE_LEAST, compiled.rows[i] ?? 0);
    const now = Math.max(SIZE_LEAST, tableRowsNow(compiled.tables[i] as TableDef, view));
    if (now > before * SIZE_FACTOR || before > now * SIZE_FACTOR) return false;
    if (now < SIZE_STEADY) isSteady = false;
  }
  // Small tables may be large tomorrow: they are looked at each time.
  compiled.runsUntilCheck = isSteady ? SIZE_CHECK_RUNS : 1;
  return true;
}
