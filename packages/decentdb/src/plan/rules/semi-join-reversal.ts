/**
 * A semi join whose right side has few rows as look-ups from these rows.
 *
 *     big WHERE id IN (SELECT ref FROM small)   ->   (SELECT DISTINCT ref FROM small) JOIN big ON id = ref
 *
 * Hashing the right side reads the whole of the left one. Where an index of the left side leads from the keys of few right rows to their
 * partners, nothing else of it has to be read.
 *
 * I1  The right side has each combination of keys once, by a key of its own or by DISTINCT: each left row comes out at most once.
 * I2  Keys are plain columns of one type on both sides, so that DISTINCT and the join mean the same by equal.
 * I3  What UPDATE and MERGE change keeps the order it was found in.
 */
import type { ColumnExpr, ColumnId, Expr } from '../../exec/expr.ts';
import type { Cardinality } from '../cardinality.ts';
import { ColumnOrigins } from '../column-origins.ts';
import { Cost, joinFetchCost, lookUpCost } from '../cost.ts';
import { equalityOf } from '../emit/join-keys.ts';
import { columnRef } from '../expr-walk.ts';
import type { JoinNode, LogicalNode, OutputColumn } from '../logical.ts';
import {
  freeColumns,
  inputsOf,
  intersects,
  joinColumns,
  mapNodeExprs,
  mapSubqueryPlans,
  outputIds,
  withInputs,
} from '../node-walk.ts';
import { conjunctsOf } from '../predicates.ts';
import { stripRelabel } from '../ranges.ts';
import type { Rule, RuleContext } from './rule.ts';
import { isUniqueOn } from './uniqueness.ts';

export const semiJoinReversal: Rule = {
  name: 'semi_join_reversal',
  description: 'look up rows by the few keys an IN or EXISTS finds instead of testing all of them',
  needs: ['semiJoin'],
  apply: (root, context) =>
    root.kind === 'update' || root.kind === 'merge' ? root : new Reversal(root, context).rewrite(root),
};

/** A row that is read from an index in order costs about this with what is done to it. */
const READ_ROW = 0.03;
/** Guesses about small right sides are off more easily than those about large left ones. */
const MARGIN = 4;

interface Key {
  readonly left: ColumnExpr;
  readonly right: ColumnExpr;
}

class Reversal {
  readonly #context: RuleContext;
  readonly #cardinality: Cardinality;
  readonly #origins: ColumnOrigins;

  constructor(root: LogicalNode, context: RuleContext) {
    this.#context = context;
    this.#cardinality = context.cardinality(root);
    this.#origins = new ColumnOrigins(root, false);
  }

  rewrite(node: LogicalNode): LogicalNode {
    const below = withInputs(
      node,
      inputsOf(node).map((input) => this.rewrite(input)),
    );
    const rebuilt = mapNodeExprs(below, (expr) => mapSubqueryPlans(expr, (plan) => this.rewrite(plan)));
    return rebuilt.kind === 'join' && rebuilt.join === 'semi' ? (this.#reverse(rebuilt) ?? rebuilt) : rebuilt;
  }

  #reverse(node: JoinNode): LogicalNode | null {
    const { left, right, condition } = node;
    const leftIds = outputIds(left);
    const keys = keysOf(condition, leftIds, outputIds(right));
    if (keys === null || !this.#pays(node, keys) || intersects(freeColumns(right), leftIds)) return null;
    const isUnique = hasOneRow(right) || isUniqueOn(right, condition, leftIds);
    const keyed = isUnique ? right : distinctKeys(right, keys);
    const joined: JoinNode = {
      ...node,
      join: 'inner',
      right: keyed,
      columns: joinColumns('inner', left, keyed, null),
    };
    const exprs = left.columns.map((c) => columnRef(c.id, c));
    return { kind: 'project', input: joined, exprs, columns: left.columns };
  }

  /** Whether looking up the partners of all right rows costs less than testing the left ones. */
  #pays(node: JoinNode, keys: readonly Key[]): boolean {
    const rightRows = this.#cardinality.rows(node.right);
    const leftRows = this.#cardinality.rows(node.left);
    const test = leftRows * Cost.hashProbeRow;
    return keys.some(({ left }) => {
      const access = this.#accessBy(left.id);
      if (access === null) return false;
      const { tableRows, matches, perMatch } = access;
      const lookUps = rightRows * (lookUpCost(tableRows) + matches * perMatch);
      const read = Math.min(tableRows * Cost.scanRow, leftRows * READ_ROW);
      return lookUps * MARGIN < read + test;
    });
  }

  /** How rows are found by a column that the row id or an index begins with; null when nothing does. */
  #accessBy(id: ColumnId): { tableRows: number; matches: number; perMatch: number } | null {
    const origin = this.#origins.of(id);
    if (origin === undefined || !this.#context.env.isRuleOn('index_join')) return null;
    const { table, column } = origin;
    const { statistics } = this.#context.env;
    const tableRows = Math.max(1, statistics.tableRows(table));
    if (column === table.rowIdColumn) return { tableRows, matches: 1, perMatch: Cost.indexRow };
    const index = table.indexes.find(
      (one) => one.method === 'btree' && one.predicateSql === null && one.keys[0]?.column === column,
    );
    if (index === undefined) return null;
    const distinct = this.#cardinality.selectivity.distinct(id) ?? tableRows;
    const perMatch = Cost.indexRow + joinFetchCost(statistics.locality?.(table, index) ?? 0, tableRows);
    return { tableRows, matches: tableRows / Math.max(1, distinct), perMatch };
  }
}

/** The pairs of columns the condition compares, if it is made of such alone (I2). */
function keysOf(
  condition: Expr | null,
  leftIds: ReadonlySet<ColumnId>,
  rightIds: ReadonlySet<ColumnId>,
): readonly Key[] | null {
  const keys: Key[] = [];
  for (const conjunct of conjunctsOf(condition)) {
    const pair = equalityOf(conjunct);
    if (pair === null || pair.nullSafe) return null;
    const [a, b] = [stripRelabel(pair.left), stripRelabel(pair.right)];
    if (a.kind !== 'column' || b.kind !== 'column') return null;
    if (leftIds.has(a.id) && rightIds.has(b.id)) keys.push({ left: a, right: b });
    else if (leftIds.has(b.id) && rightIds.has(a.id)) keys.push({ left: b, right: a });
    else return null;
  }
  return keys.length === 0 ? null : keys;
}

const nothing: ReadonlySet<ColumnId> = new Set();

/** Whether constants fix a unique key, or the node gives one row whatever it reads. */
function hasOneRow(node: LogicalNode): boolean {
  switch (node.kind) {
    case 'filter':
      return isUniqueOn(node.input, node.predicate, nothing) || hasOneRow(node.input);
    case 'project':
    case 'sort':
    case 'limit':
      return hasOneRow(node.input);
    case 'aggregate':
      return node.groups.length === 0 && node.sets.length === 1;
    default:
      return false;
  }
}

function distinctKeys(right: LogicalNode, keys: readonly Key[]): LogicalNode {
  const ids = new Set(keys.map((key) => key.right.id));
  const columns: readonly OutputColumn[] = right.columns.filter((c) => ids.has(c.id));
  const exprs = columns.map((c) => columnRef(c.id, c));
  const input: LogicalNode = { kind: 'project', input: right, exprs, columns };
  return { kind: 'distinct', input, on: null, columns };
}
