/**
 * Leaves a filter cannot match, told by the ranges of their columns without decoding them.
 *
 * I1  A leaf is skipped only when some conjunct is true for none of its rows.
 * I2  Conjuncts looked at: a column against a value of the same type (or integer against integer), IN lists of such values,
 *     IS [NOT] NULL; and ORs whose every branch has such a conjunct. Values are constants, parameters and outer values, evaluated when the scan opens.
 * I3  Where looking never pays, it is done for few leaves only.
 */
import type { TreeNode } from '../../tree/tree-node.ts';
import { leafZone, type Zone } from '../../tree/zone-map.ts';
import { Decimal } from '../../types/decimal.ts';
import { domainBase } from '../../types/sql-type.ts';
import { type Datum, Physical } from '../../types/vector.ts';
import type { ExecContext } from '../context.ts';
import type { CallExpr, Expr, QuantifiedExpr } from '../expr.ts';
import { evaluatorOf } from '../interpret/evaluator.ts';
import { emptyRow } from '../operators/sources.ts';
import { isInteger } from '../type-traits.ts';
import type { LeafColumn } from './leaf-batch.ts';

type Relation = '<' | '<=' | '=' | '>=' | '>';

/** What one conjunct asks of a column: one of the values in the relation, or NULL or not. */
type Test =
  | {
      readonly kind: 'compare';
      readonly position: number;
      readonly relation: Relation;
      readonly values: readonly Expr[];
    }
  | { readonly kind: 'null'; readonly position: number; readonly wantsNull: boolean }
  /** Branches of an OR: of each, tests that all of its rows pass. */
  | { readonly kind: 'any'; readonly branches: readonly (readonly Test[])[] };

type ColumnTest = Exclude<Test, { kind: 'any' }>;

interface ColumnCheck {
  readonly kind: 'column';
  readonly test: ColumnTest;
  readonly values: readonly Datum[];
}
type Check = ColumnCheck | { readonly kind: 'any'; readonly branches: readonly (readonly Check[])[] };

function checkOf(test: Test, context: ExecContext): Check {
  if (test.kind === 'any') {
    const branches = test.branches.map((branch) => branch.map((one) => checkOf(one, context)));
    return { kind: 'any', branches };
  }
  const values =
    test.kind === 'null' ? [] : test.values.map((value) => evaluatorOf(value)(emptyRow, 0, context));
  return { kind: 'column', test, values };
}

const MIRRORED: Readonly<Record<Relation, Relation>> = {
  '<': '>',
  '<=': '>=',
  '=': '=',
  '>=': '<=',
  '>': '<',
};
/** After so many leaves without a success, one in LOOK_EVERY is looked at. */
const TRIAL_LEAVES = 32;
const LOOK_EVERY = 16;

export class ZoneFilter {
  private readonly checks: readonly Check[];
  private looked = 0;
  private unlooked = 0;
  private skipped = 0;

  private constructor(checks: readonly Check[]) {
    this.checks = checks;
  }

  /** The zone filter of a scan; null when the filter has nothing that zones could decide. */
  static of(tests: readonly Test[], context: ExecContext): ZoneFilter | null {
    if (tests.length === 0) return null;
    const checks = tests.map((test) => checkOf(test, context));
    return new ZoneFilter(checks);
  }

  /** Whether no row of the leaf can pass the filter. */
  excludes(leaf: TreeNode): boolean {
    if (this.looked >= TRIAL_LEAVES && this.skipped === 0 && ++this.unlooked % LOOK_EVERY !== 0) return false;
    this.looked++;
    for (let i = 0; i < this.checks.length; i++) {
      if (mayPass(this.checks[i]!, leaf)) continue;
      this.skipped++;
      return true;
    }
    return false;
  }
}

/** False only where no row of the leaf passes. */
function mayPass(check: Check, leaf: TreeNode): boolean {
  if (check.kind === 'any') return check.branches.some((branch) => branch.every((one) => mayPass(one, leaf)));
  const zone = leafZone(leaf, check.test.position);
  return zone === null || mayMatch(check.test, check.values, zone);
}

function mayMatch(test: ColumnTest, values: readonly Datum[], zone: Zone): boolean {
  if (test.kind === 'null') return test.wantsNull ? zone.hasNulls : !zone.isAllNull;
  if (zone.isAllNull) return false;
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value !== null && isWithin(test.relation, value, zone)) return true;
  }
  return false;
}

/** Whether some number of the zone stands in the relation to the value. */
function isWithin(relation: Relation, value: Datum, zone: Zone): boolean {
  if (value instanceof Decimal) {
    if (!Number.isSafeInteger(zone.min) || !Number.isSafeInteger(zone.max)) return true;
    const low = new Decimal(zone.min, zone.scale).compare(value);
    const high = new Decimal(zone.max, zone.scale).compare(value);
    return isPossible(relation, low, high);
  }
  // NaN and what is no number: nothing is known.
  if (typeof value === 'bigint') return isPossible(relation, order(zone.min, value), order(zone.max, value));
  if (typeof value !== 'number' || Number.isNaN(value)) return true;
  return isPossible(relation, zone.min - value, zone.max - value);
}

function order(a: number, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** `low` and `high`: order of the zone's ends against the value. */
function isPossible(relation: Relation, low: number, high: number): boolean {
  switch (relation) {
    case '<':
      return low < 0;
    case '<=':
      return low <= 0;
    case '=':
      return low <= 0 && high >= 0;
    case '>=':
      return high >= 0;
    default:
      return high > 0;
  }
}

/** What zones can decide of a filter over a leaf's columns. */
export function zoneTests(filter: Expr | null, columns: readonly LeafColumn[]): readonly Test[] {
  if (filter === null) return [];
  const tests: Test[] = [];
  for (const conjunct of filter.kind === 'and' ? filter.args : [filter]) {
    const test = testOf(conjunct, columns);
    if (test !== null) tests.push(test);
  }
  return tests;
}

function testOf(expr: Expr, columns: readonly LeafColumn[]): Test | null {
  switch (expr.kind) {
    case 'call':
      return comparisonTest(expr, columns);
    case 'quantified':
      return listTest(expr, columns);
    case 'isNull': {
      const position = positionOf(expr.arg, columns);
      return position < 0 || expr.isRow ? null : { kind: 'null', position, wantsNull: !expr.negated };
    }
    case 'or': {
      const branches = expr.args.map((arg) => zoneTests(arg, columns));
      return branches.some((branch) => branch.length === 0) ? null : { kind: 'any', branches };
    }
    default:
      return null;
  }
}

function comparisonTest(expr: CallExpr, columns: readonly LeafColumn[]): Test | null {
  const relation = expr.fn.operator?.btree;
  const [left, right] = expr.args;
  if (relation === undefined || left === undefined || right === undefined || expr.args.length !== 2)
    return null;
  if (left.kind === 'slot') return compareTest(left, relation, [right], columns);
  return right.kind === 'slot' ? compareTest(right, MIRRORED[relation], [left], columns) : null;
}

function listTest(expr: QuantifiedExpr, columns: readonly LeafColumn[]): Test | null {
  if (expr.quantifier !== 'any' || expr.list === null || expr.op.operator?.btree !== '=') return null;
  return compareTest(expr.left, '=', expr.list, columns);
}

function compareTest(
  column: Expr,
  relation: Relation,
  values: readonly Expr[],
  columns: readonly LeafColumn[],
): Test | null {
  const position = positionOf(column, columns);
  if (position < 0 || !values.every((value) => isFixed(value) && isSameKind(column, value))) return null;
  return { kind: 'compare', position, relation, values };
}

function positionOf(expr: Expr, columns: readonly LeafColumn[]): number {
  return expr.kind === 'slot' ? (columns[expr.slot]?.position ?? -1) : -1;
}

function isFixed(expr: Expr): boolean {
  return expr.kind === 'const' || expr.kind === 'param' || expr.kind === 'outer';
}

/** Values whose order is that of the numbers in their vectors. */
function isSameKind(column: Expr, value: Expr): boolean {
  const a = domainBase(column.type);
  const b = domainBase(value.type);
  switch (a.physical) {
    case Physical.int32:
    case Physical.int64:
    case Physical.float64:
    case Physical.numeric:
      return a.oid === b.oid || (isInteger(a) && isInteger(b));
    default:
      return false;
  }
}
