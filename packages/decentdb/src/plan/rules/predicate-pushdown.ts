/**
 * Predicates move to the lowest place where their columns are known.
 *
 * I1  A predicate passes only nodes it commutes with: groupings by their group columns, windows by their partition columns,
 *     set operations column by column, outer joins on the side that is always there. LIMIT and DISTINCT ON stop it.
 * I2  Volatile predicates stay where they were written.
 * I3  What an inner join's condition says about one side goes to that side; what it says about both stays a join condition.
 */
import type { ColumnId, Expr } from '../../exec/expr.ts';
import { columnRef, subqueriesOf } from '../expr-walk.ts';
import type { AggregateNode, JoinNode, LogicalNode, SetOpNode, WindowNode } from '../logical.ts';
import {
  freeColumns,
  inputsOf,
  intersects,
  isSubset,
  mapNodeExprs,
  mapSubqueryPlans,
  outputIds,
  usedColumns,
  withInputs,
} from '../node-walk.ts';
import { conjunction, conjunctsOf, filtered, hasSubquery, isVolatile, substitute } from '../predicates.ts';
import { factorOr, orRestrictions } from './or-factoring.ts';
import type { Rule } from './rule.ts';
import { transitiveConjuncts } from './transitive-predicates.ts';

export const predicatePushdown: Rule = {
  name: 'predicate_pushdown',
  description: 'filter rows as early as possible',
  apply: (root, context) => {
    const isTransitive = context.env.isRuleOn('transitive_predicates');
    return new Pushdown(isTransitive).push(root, []);
  },
};

class Pushdown {
  readonly #isTransitive: boolean;

  constructor(isTransitive: boolean) {
    this.#isTransitive = isTransitive;
  }

  /** The tree with all of `conjuncts` applied, as low as they may go. */
  push(node: LogicalNode, conjuncts: readonly Expr[]): LogicalNode {
    const inSubqueries = mapNodeExprs(node, (expr) => mapSubqueryPlans(expr, (plan) => this.push(plan, [])));
    return this.#push(inSubqueries, conjuncts);
  }

  #push(node: LogicalNode, conjuncts: readonly Expr[]): LogicalNode {
    switch (node.kind) {
      case 'filter': {
        const own = conjunctsOf(node.predicate).flatMap((c) => conjunctsOf(factorOr(c)));
        // What runs a plan for each row is worth as few rows as possible: it waits for the joins below.
        const stays = (c: Expr): boolean => isVolatile(c) || isCorrelated(c);
        const fixed = own.filter(stays);
        const moving = own.filter((c) => !stays(c));
        return filtered(this.push(node.input, [...conjuncts, ...moving]), fixed);
      }
      case 'project': {
        const by = new Map(node.columns.map((c, i) => [c.id, node.exprs[i] as Expr] as const));
        const movable = new Set(
          node.columns.filter((_, i) => isCheapToRepeat(node.exprs[i] as Expr)).map((c) => c.id),
        );
        const [below, above] = split(conjuncts, (c) => isMovableOver(c, movable, outputIds(node)));
        const input = this.push(
          node.input,
          below.map((c) => substitute(c, by)),
        );
        return filtered(withInputs(node, [input]), above);
      }
      case 'join':
        return this.#join(node, conjuncts);
      case 'aggregate':
        return this.#aggregate(node, conjuncts);
      case 'window':
        return this.#window(node, conjuncts);
      case 'sort':
      case 'lock':
        return withInputs(node, [this.push(node.input, conjuncts)]);
      case 'distinct': {
        if (node.on === null) return withInputs(node, [this.push(node.input, conjuncts)]);
        const on = new Set(node.on.flatMap((e) => (e.kind === 'column' ? [e.id] : [])));
        const [below, above] = split(conjuncts, (c) => isMovableOver(c, on, outputIds(node)));
        return filtered(withInputs(node, [this.push(node.input, below)]), above);
      }
      case 'setOp':
        return this.#setOp(node, conjuncts);
      case 'with': {
        const inputs = inputsOf(node);
        const last = inputs.length - 1;
        return withInputs(
          node,
          inputs.map((input, i) => this.push(input, i === last ? conjuncts : [])),
        );
      }
      default:
        return filtered(
          withInputs(
            node,
            inputsOf(node).map((input) => this.push(input, [])),
          ),
          conjuncts,
        );
    }
  }

  #join(node: JoinNode, above: readonly Expr[]): LogicalNode {
    const leftIds = outputIds(node.left);
    const rightIds = outputIds(node.right);
    const own = conjunctsOf(node.condition).flatMap((c) => conjunctsOf(factorOr(c)));
    const isPlain = (c: Expr): boolean => !isVolatile(c);
    const onLeft = (c: Expr): boolean => isPlain(c) && !intersects(usedColumns(c), rightIds);
    const onRight = (c: Expr): boolean =>
      isPlain(c) && !intersects(usedColumns(c), leftIds) && intersects(usedColumns(c), rightIds);
    const rebuild = (
      left: readonly Expr[],
      right: readonly Expr[],
      condition: readonly Expr[],
      rest: readonly Expr[],
    ) => {
      const inputs = [this.push(node.left, left), this.push(node.right, right)];
      const joined = withInputs({ ...node, condition: conjunction(condition) }, inputs);
      return filtered(joined, rest);
    };
    switch (node.join) {
      case 'inner': {
        const movable = above.filter(isPlain);
        const fixed = above.filter((c) => !isPlain(c));
        let all: readonly Expr[] = [...own, ...movable];
        if (this.#isTransitive)
          all = [...all, ...transitiveConjuncts(all), ...orRestrictions(all, [leftIds, rightIds])];
        const [left, rest] = split(all, onLeft);
        const [right, both] = split(rest, onRight);
        return rebuild(left, right, both, fixed);
      }
      case 'left':
      case 'single': {
        const [left, rest] = split(above, onLeft);
        const derived = this.#isTransitive ? transitiveConjuncts([...own, ...left]).filter(onRight) : [];
        const [right, both] = split(own, onRight);
        return rebuild(left, [...right, ...(node.lateral ? [] : derived)], both, rest);
      }
      case 'right': {
        const [right, rest] = split(above, onRight);
        const [left, both] = split(own, onLeft);
        return rebuild(left, right, both, rest);
      }
      case 'full':
        return rebuild([], [], own, above);
      case 'semi': {
        const [left, both] = split([...above, ...own], (c) => onLeft(c));
        const [right, condition] = split(both, onRight);
        return rebuild(left, right, condition, []);
      }
      case 'anti': {
        const [right, condition] = split(own, onRight);
        return rebuild(above, right, condition, []);
      }
      case 'mark': {
        const [left, rest] = split(above, (c) => isPlain(c) && isSubset(usedColumns(c), leftIds));
        return rebuild(left, [], own, rest);
      }
    }
  }

  #aggregate(node: AggregateNode, conjuncts: readonly Expr[]): LogicalNode {
    // A group column may be filtered before grouping if every grouping set has it (else it may be NULL by the set).
    const inAll = new Set<ColumnId>();
    const by = new Map<ColumnId, Expr>();
    node.groups.forEach((group, i) => {
      if (!node.sets.every((set) => set.includes(i))) return;
      inAll.add(group.output);
      by.set(group.output, group.expr);
    });
    const hasGroups = node.groups.length > 0 && inAll.size > 0;
    const [below, above] = split(
      conjuncts,
      (c) => hasGroups && isMovableOver(c, inAll, outputIds(node)) && intersects(usedColumns(c), inAll),
    );
    const input = this.push(
      node.input,
      below.map((c) => substitute(c, by)),
    );
    return filtered(withInputs(node, [input]), above);
  }

  #window(node: WindowNode, conjuncts: readonly Expr[]): LogicalNode {
    const partition = new Set(node.partitionBy.flatMap((e) => (e.kind === 'column' ? [e.id] : [])));
    const [below, above] = split(
      conjuncts,
      (c) => intersects(usedColumns(c), partition) && isMovableOver(c, partition, outputIds(node)),
    );
    return filtered(withInputs(node, [this.push(node.input, below)]), above);
  }

  #setOp(node: SetOpNode, conjuncts: readonly Expr[]): LogicalNode {
    const [below, above] = split(conjuncts, (c) => !isVolatile(c) && !hasSubquery(c));
    const inputs = node.inputs.map((input) => {
      const by = new Map<ColumnId, Expr>();
      node.columns.forEach((column, i) => {
        const source = input.columns[i];
        if (source !== undefined) by.set(column.id, columnRef(source.id, source));
      });
      const pushed = this.push(
        input,
        below.map((c) => substitute(c, by)),
      );
      return pushed;
    });
    return filtered(withInputs(node, inputs), above);
  }
}

function split(
  list: readonly Expr[],
  test: (expr: Expr) => boolean,
): readonly [readonly Expr[], readonly Expr[]] {
  const yes: Expr[] = [];
  const no: Expr[] = [];
  for (const item of list) (test(item) ? yes : no).push(item);
  return [yes, no];
}

/** Whether a predicate uses of the node's own columns only `allowed` ones (outer columns are constants here). */
function isMovableOver(c: Expr, allowed: ReadonlySet<ColumnId>, own: ReadonlySet<ColumnId>): boolean {
  if (isVolatile(c)) return false;
  for (const id of usedColumns(c)) if (own.has(id) && !allowed.has(id)) return false;
  return true;
}

/** Holds a subquery that must be run again for each row. */
function isCorrelated(expr: Expr): boolean {
  return subqueriesOf(expr).some((s) => freeColumns(s.plan as LogicalNode).size > 0);
}

function isCheapToRepeat(expr: Expr): boolean {
  return !isVolatile(expr) && !hasSubquery(expr);
}
