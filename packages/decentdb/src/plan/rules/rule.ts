/**
 * What a rewrite rule is: a named function from a logical tree to one that gives the same rows.
 *
 * I1  A rule may be switched off (`optimizer.rule.NAME = off`) without changing any answer.
 * I2  A rule returns the same node when it has nothing to do, so that running it again is cheap.
 */

import type { ColumnId } from '../../exec/expr.ts';
import { Cardinality } from '../cardinality.ts';
import { ColumnOrigins } from '../column-origins.ts';
import type { PlanEnv } from '../env.ts';
import type { LogicalNode } from '../logical.ts';
import { Selectivity } from '../selectivity.ts';
import type { TreeTrait } from './tree-traits.ts';

export interface Rule {
  /** Setting `optimizer.rule.NAME`. */
  readonly name: string;
  readonly description: string;
  /** The rule has nothing to do in a tree with none of these; absent: it always looks. */
  readonly needs?: readonly TreeTrait[];
  readonly apply: (root: LogicalNode, context: RuleContext) => LogicalNode;
}

/** What is planned one way and the other, for the cheaper plan to be taken. */
export interface Alternatives {
  readonly orBranches: boolean;
  readonly earlyGroups: boolean;
  readonly orderedStart: boolean;
  readonly firstRows: boolean;
  readonly sharedSubplans: boolean;
}

export const NO_ALTERNATIVES: Alternatives = {
  orBranches: false,
  earlyGroups: false,
  orderedStart: false,
  firstRows: false,
  sharedSubplans: false,
};

/** Ids made by rules are far above those of the binder. */
const FIRST_OWN_ID = 1 << 24;

export class RuleContext {
  readonly env: PlanEnv;
  /** Whether ORs between tables become unions, and whether there was one that could (or-expansion.ts). */
  readonly takesOrBranches: boolean;
  hasOrBranches = false;
  /** Whether rows are grouped before they are joined, and whether there were some that could be (eager-aggregation.ts). */
  readonly takesEarlyGroups: boolean;
  hasEarlyGroups = false;
  /** How many times as dear as it looks that is. */
  earlyMargin = 1;
  /** Whether joins under a LIMIT start from the table that has its order, and whether there were some that could (ordered-start.ts). */
  readonly takesOrderedStart: boolean;
  hasOrderedStart = false;
  /** The same where the LIMIT asks for no order. */
  readonly takesFirstRows: boolean;
  hasFirstRows = false;
  /** Whether equal parts are computed once, and whether there were some (shared-subplans.ts). */
  readonly takesSharedSubplans: boolean;
  hasSharedSubplans = false;
  /** Whether the tree is right for the values alone that parameters have this time. */
  bindsValues = false;
  #nextId = FIRST_OWN_ID;
  #cteId = FIRST_OWN_ID;

  constructor(env: PlanEnv, takes: Alternatives = NO_ALTERNATIVES) {
    this.env = env;
    this.takesOrBranches = takes.orBranches;
    this.takesEarlyGroups = takes.earlyGroups;
    this.takesOrderedStart = takes.orderedStart;
    this.takesFirstRows = takes.firstRows;
    this.takesSharedSubplans = takes.sharedSubplans;
  }

  newColumnId(): ColumnId {
    return this.#nextId++ as ColumnId;
  }

  newCteId(): number {
    return this.#cteId++;
  }

  /** Guesses for the tree as it is now. */
  cardinality(root: LogicalNode): Cardinality {
    return new Cardinality(
      new Selectivity(new ColumnOrigins(root), this.env.statistics, this.env.peek),
      this.env.statistics,
    );
  }
}
