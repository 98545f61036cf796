/**
 * Which indexes together find the rows of a filter: sets of row ids, intersected for AND and united for OR, before a row is fetched.
 *
 * I1  The condition follows from the filter and never replaces a part of it: every row fetched is tested.
 * I2  AND takes the parts that pay for being read, rarest first; OR needs all its arms.
 * I3  A partial index serves only where the conjuncts around it hold its predicate.
 */
import type { IndexDef } from '../../catalog/schema.ts';
import type { Expr } from '../../exec/expr.ts';
import type { TrigramCondition } from '../../exec/physical.ts';
import { Cost } from '../cost.ts';
import { conjunctsOf } from '../predicates.ts';
import type { RangeMatch } from '../ranges.ts';

/** What the table's indexes say about a conjunction. */
export interface BitmapIndexes {
  /** B-tree indexes (null: the row id) with ranges for some of the conjuncts; `held`: all that is known to be true. */
  ranges(conjuncts: readonly Expr[], held: readonly Expr[]): readonly RangePart[];
  /** Search indexes; null when they say nothing. */
  search(conjuncts: readonly Expr[], held: readonly Expr[]): SearchPart | null;
  readonly tableRows: number;
  /** Cost of fetching and testing one row. */
  readonly rowCost: number;
}
export interface RangePart {
  readonly index: IndexDef | null;
  readonly match: RangeMatch;
  readonly rows: number;
}
export interface SearchPart {
  readonly condition: TrigramCondition;
  readonly rows: number;
}

/** A set of rows: where it comes from, about how many it has, and what finding it costs. */
export interface BitmapChoice {
  readonly condition: TrigramCondition;
  readonly rows: number;
  readonly cost: number;
  /** Conjuncts it says something about. */
  readonly used: readonly Expr[];
}

/** Arms of an OR that are looked at. */
const ARMS_MAX = 32;

/** The best combination for a filter; null when fewer than two indexes come together, or all of them are search indexes. */
export function bitmapChoice(conjuncts: readonly Expr[], indexes: BitmapIndexes): BitmapChoice | null {
  const choice = choose(conjuncts, [], indexes);
  if (choice === null || choice.condition.kind === 'match' || choice.condition.kind === 'range') return null;
  return holdsRange(choice.condition) ? choice : null;
}

export function holdsRange(condition: TrigramCondition): boolean {
  if (condition.kind === 'range') return true;
  return condition.kind !== 'match' && condition.parts.some(holdsRange);
}

function choose(
  conjuncts: readonly Expr[],
  around: readonly Expr[],
  indexes: BitmapIndexes,
): BitmapChoice | null {
  const held = [...around, ...conjuncts];
  const options: BitmapChoice[] = indexes.ranges(conjuncts, held).map(({ index, match, rows }) => ({
    condition: { kind: 'range', index, ranges: match.ranges },
    rows,
    cost: Cost.descent * match.ranges.length + rows * Cost.indexRow * 2,
    used: match.used,
  }));
  const search = indexes.search(conjuncts, held);
  if (search !== null) {
    const { condition, rows } = search;
    options.push({ condition, rows, cost: Cost.descent * 4 + rows * Cost.indexRow, used: [] });
  }
  for (const conjunct of conjuncts) {
    const united = conjunct.kind === 'or' ? uniteArms(conjunct.args, conjunct, held, indexes) : null;
    if (united !== null) options.push(united);
  }
  return intersectOptions(options, indexes);
}

function uniteArms(
  arms: readonly Expr[],
  conjunct: Expr,
  held: readonly Expr[],
  indexes: BitmapIndexes,
): BitmapChoice | null {
  if (arms.length > ARMS_MAX) return null;
  const others = held.filter((one) => one !== conjunct);
  const parts: BitmapChoice[] = [];
  for (const arm of arms) {
    const part = choose(conjunctsOf(arm), others, indexes);
    if (part === null) return null;
    parts.push(part);
  }
  const rows = Math.min(
    indexes.tableRows,
    parts.reduce((sum, part) => sum + part.rows, 0),
  );
  const cost = parts.reduce((sum, part) => sum + part.cost, 0);
  return {
    condition: { kind: 'any', parts: parts.map((part) => part.condition) },
    rows,
    cost,
    used: [conjunct],
  };
}

/** I2. */
function intersectOptions(options: readonly BitmapChoice[], indexes: BitmapIndexes): BitmapChoice | null {
  const ranked = [...options].sort((a, b) => a.rows - b.rows || a.cost - b.cost);
  const [first, ...others] = ranked;
  if (first === undefined) return null;
  const parts = [first.condition];
  const used = new Set(first.used);
  let { rows, cost } = first;
  for (const option of others) {
    // An index on more columns has said it already.
    if (option.used.length > 0 && option.used.every((one) => used.has(one))) continue;
    const left = rows * Math.min(1, option.rows / Math.max(1, indexes.tableRows));
    if (option.cost >= (rows - left) * indexes.rowCost) continue;
    parts.push(option.condition);
    for (const one of option.used) used.add(one);
    rows = left;
    cost += option.cost;
  }
  const condition: TrigramCondition = parts.length === 1 ? first.condition : { kind: 'all', parts };
  return { condition, rows: Math.max(1, rows), cost, used: [...used] };
}
