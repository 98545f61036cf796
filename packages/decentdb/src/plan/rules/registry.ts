/**
 * All rewrite rules in the order they run, and the names of the choices the emitter makes.
 *
 * I1  The order matters for quality, never for correctness: each rule works on any tree.
 */
import type { LogicalNode } from '../logical.ts';
import { constantFolding } from './constant-folding.ts';
import { cteInlining } from './cte-inlining.ts';
import { eagerAggregation } from './eager-aggregation.ts';
import { joinOrdering } from './join-ordering.ts';
import { limitPushdown } from './limit-pushdown.ts';
import { minMaxFromIndex } from './min-max.ts';
import { orExpansion } from './or-expansion.ts';
import { branchLimit, orderedAppend } from './ordered-append.ts';
import { outerJoinSimplification } from './outer-join-simplification.ts';
import { partitionPruning } from './partition-pruning.ts';
import { predicatePushdown } from './predicate-pushdown.ts';
import { projectPullup } from './project-pullup.ts';
import { projectionPruning } from './projection-pruning.ts';
import type { Rule, RuleContext } from './rule.ts';
import { semiJoinReversal } from './semi-join-reversal.ts';
import { sharedSubplans } from './shared-subplans.ts';
import { type TreeTrait, treeTraits } from './tree-traits.ts';
import { unnestSubqueries } from './unnest-subqueries.ts';

export const rules: readonly Rule[] = [
  cteInlining,
  constantFolding,
  unnestSubqueries,
  projectPullup,
  orExpansion,
  outerJoinSimplification,
  predicatePushdown,
  partitionPruning,
  semiJoinReversal,
  eagerAggregation,
  branchLimit,
  sharedSubplans,
  joinOrdering,
  minMaxFromIndex,
  limitPushdown,
  orderedAppend,
  projectionPruning,
];

/** Choices made before and while emitting, switchable like rules. */
export const choices: Readonly<Record<string, string>> = {
  literal_parameters: 'share a plan between statements that differ only in literals',
  hash_join: 'join by hashing one side',
  mark_join: 'join what EXISTS and IN ask for wherever they stand in an expression',
  index_join: 'join by look-ups in an index',
  merge_join: 'join two inputs that come sorted',
  index_scan: 'reach rows through an index or the row id',
  trigram_scan: 'find texts by the trigrams of a pattern',
  nearest_scan: 'find the texts nearest to a pattern by the trigrams they share',
  search_by_index: 'let a full text index decide which rows satisfy a query, and rank them by its postings',
  search_join: 'join by a search in a full text, trigram or gin index for each row',
  ranked_search: 'leave out rows of a full text search that cannot be among those with the highest bm25',
  bitmap_scan: 'intersect and unite the row ids of several indexes before rows are fetched',
  index_only_scan: 'answer from the index alone',
  skip_scan: 'read one row of each group that is a prefix of an index',
  order_from_index: 'let an index give the order instead of sorting',
  ordered_start:
    'start joins under a LIMIT from the table that has its order or the best filter, where that is cheaper',
  sorted_aggregate: 'group input that comes sorted without hashing',
  join_filter: 'keep rows down whose keys a hash join has not met',
  late_join_columns: 'fetch columns that a hash join keeps for the rows that found a partner alone',
  staged_conditions: 'fetch columns that a join by look-ups tests for the rows that earlier tests have left',
  scan_chunks: 'gather the rows of several leaves for operators that work on batches',
  passing_scan: 'have the pages of a scan larger than the cache pass by it',
  parallel_scan: 'share scans of large tables with other threads, where there are some',
  top_n: 'keep only the first rows while sorting under a LIMIT',
  subplan_memo: 'remember results of correlated subqueries by their outer values',
  transitive_predicates: 'derive predicates from equalities',
  partition_skipping: 'do not open partitions whose bounds contradict the values a filter has when it runs',
  early_semi_join: 'let semi and anti joins take rows away before other joins meet them',
  join_elimination: 'drop outer joins whose columns are not used',
};

/** Every name that `optimizer.rule.NAME` may switch, with what it does. */
export function switchableRules(): ReadonlyMap<string, string> {
  const names = new Map(rules.map((rule) => [rule.name, rule.description]));
  for (const [name, description] of Object.entries(choices)) names.set(name, description);
  return names;
}

export function rewrite(root: LogicalNode, context: RuleContext): LogicalNode {
  let node = root;
  let traits: ReadonlySet<TreeTrait> | null = null;
  for (const rule of rules) {
    if (!context.env.isRuleOn(rule.name)) continue;
    if (rule.needs !== undefined) {
      traits ??= treeTraits(node);
      const held = traits;
      if (!rule.needs.some((trait) => held.has(trait))) continue;
    }
    const before = node;
    node = rule.apply(node, context);
    if (node !== before) traits = null;
  }
  return node;
}
