/**
 * From a bound statement to a physical plan: rewrite by rules, then emit.
 *
 * I1  Planning changes nothing but its own result.
 */
import { inputsOf, type PhysicalNode, type PhysicalPlan } from '../exec/physical.ts';
import { Cardinality } from './cardinality.ts';
import { ColumnOrigins } from './column-origins.ts';
import { EmitContext, exactColumns } from './emit/context.ts';
import { emitNode } from './emit/emitter.ts';
import { noWish } from './emit/frame.ts';
import { withGathers } from './emit/parallel.ts';
import { SearchVectors } from './emit/search-vector.ts';
import type { PlanEnv } from './env.ts';
import { subplansOf } from './explain/node-exprs.ts';
import type { BoundStatement, LogicalNode } from './logical.ts';
import { rewrite } from './rules/registry.ts';
import { type Alternatives, NO_ALTERNATIVES, RuleContext } from './rules/rule.ts';
import { Selectivity } from './selectivity.ts';

export function planStatement(bound: BoundStatement, env: PlanEnv): PhysicalPlan {
  const planned = planTree(bound.root, env);
  let { idCount } = planned;
  const root = bound.isReadOnly ? withGathers(planned.root, env, () => idCount++) : planned.root;
  return {
    root,
    paramTypes: bound.paramTypes,
    idCount,
    command: bound.command,
    isReadOnly: bound.isReadOnly,
  };
}

/** Plans a tree that outputs exactly the columns of `root`. */
export function planTree(
  root: LogicalNode,
  env: PlanEnv,
): { readonly root: PhysicalNode; readonly idCount: number } {
  const rules = new RuleContext(env);
  let best = emitTree(root, rewrite(root, rules), env);
  let taken = rules;
  let takes: Alternatives = NO_ALTERNATIVES;
  const tryAlso = (also: Partial<Alternatives>, asDear = 1, cost = costOf): void => {
    const tried = { ...takes, ...also };
    const context = new RuleContext(env, tried);
    const isForFirstRows = tried.orderedStart || tried.firstRows;
    const other = emitTree(root, rewrite(root, context), env, isForFirstRows);
    if (cost(other.root) * asDear >= cost(best.root)) return;
    if (tried.firstRows && wholeCost(other.root) > wholeCost(best.root) * LOSS_MAX) return;
    best = other;
    takes = tried;
    taken = context;
  };
  if (rules.hasSharedSubplans && costWithSubplans(best.root) > ANOTHER_PLAN)
    tryAlso({ sharedSubplans: true }, SHARED_DOUBT, costWithSubplans);
  if (rules.hasOrBranches) tryAlso({ orBranches: true }, BRANCH_LOOK_UPS);
  if (rules.hasEarlyGroups) tryAlso({ earlyGroups: true }, rules.earlyMargin);
  if (takes.orBranches && taken.hasOrderedStart) tryAlso({ orderedStart: true });
  if (rules.hasOrderedStart)
    tryAlso(
      { orBranches: false, earlyGroups: false, orderedStart: true },
      takes.orBranches && !takes.orderedStart ? FIRST_ROWS_DOUBT_OF_BRANCHES : FIRST_ROWS_DOUBT,
    );
  if (taken.hasFirstRows && costOf(best.root) > ANOTHER_PLAN) tryAlso({ firstRows: true }, FIRST_FOUND_DOUBT);
  if (taken.bindsValues) env.peek?.bind();
  return best;
}

/** What a plan costs at least for another one to be looked for: some milliseconds. */
const ANOTHER_PLAN = 100;
const FIRST_FOUND_DOUBT = 1.5;
/** Rows that are hoped for soon may not be there at all: going to the end must not cost more than so many times the other plan's whole. */
const LOSS_MAX = 8;

/** What a plan costs when nothing stops early. */
function wholeCost(node: PhysicalNode): number {
  switch (node.kind) {
    case 'limit':
    case 'project':
      return wholeCost(node.input);
    case 'setOp':
      return node.inputs.reduce((sum, input) => sum + wholeCost(input), 0);
    default:
      return costOf(node);
  }
}

/**
 * Branches of an OR are made of look-ups in tables that the other plan reads whole. A look-up is priced as one that meets a leaf in no
 * cache, but the rows of many meet the same leaves. Measured on joins with a million tracks, words in one and in thirty-three of a
 * hundred texts: 40 and 115 ms where the plan without branches took 180 and 185.
 */
const BRANCH_LOOK_UPS = 1 / 4;

/** The first rows wanted may be the last ones there are, which estimates do not know: what is hoped for has to be much cheaper. */
const FIRST_ROWS_DOUBT = 3;
/**
 * The same where the other plan is made of branches, none of which comes in order: their scattered look-ups take several times what they are priced at where the table
 * is larger than the cache. Measured on joins with 9.5 million tracks, twenty rows wanted: 40 to 200 ms by branches priced at 2200 to
 * 3000, 3 to 18 ms in order priced at 1500 to 2000.
 */
const FIRST_ROWS_DOUBT_OF_BRANCHES = 1.25;

function costOf(node: PhysicalNode): number {
  return node.estimate?.totalCost ?? 0;
}

/** Keeping rows for several readers costs a little too, and joins cannot be ordered around what is kept. */
const SHARED_DOUBT = 1.2;

/** What a plan costs with its subplans, which the plans of expressions do not count; those of correlated subqueries as if they ran once. */
function costWithSubplans(root: PhysicalNode): number {
  let cost = costOf(root);
  const visit = (node: PhysicalNode): void => {
    for (const { plan } of subplansOf(node)) {
      cost += costOf(plan.root);
      visit(plan.root);
    }
    for (const input of inputsOf(node)) visit(input);
  };
  visit(root);
  return cost;
}

function emitTree(
  root: LogicalNode,
  rewritten: LogicalNode,
  env: PlanEnv,
  isForFirstRows = false,
): { readonly root: PhysicalNode; readonly idCount: number } {
  const origins = new ColumnOrigins(rewritten);
  const cardinality = new Cardinality(new Selectivity(origins, env.statistics, env.peek), env.statistics);
  const context = new EmitContext(
    env,
    cardinality,
    origins,
    emitNode,
    new SearchVectors(rewritten),
    isForFirstRows,
  );
  const emitted = emitNode(context, rewritten, noWish);
  const writes = ['insert', 'update', 'delete', 'merge'].includes(emitted.plan.kind);
  const plan = writes ? emitted.plan : exactColumns(context, emitted, root.columns);
  return { root: plan, idCount: context.idCount };
}
