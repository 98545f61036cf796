/**
 * How rows of a stored table are reached: its own tree, an index, or an index alone.
 *
 * I1  Every candidate path gives the same rows; cost alone chooses, and rules can forbid a kind of path.
 * I2  A partial index is used only when the query's conjuncts contain its predicate's conjuncts literally, or imply them.
 * I3  Rows are said to be ordered only when the scan is told to keep the tree's order and its ranges are one.
 */
import type { IndexDef, TableDef } from '../../catalog/schema.ts';
import type { ColumnId, Expr } from '../../exec/expr.ts';
import type {
  ExactSearch,
  KeyRange,
  NearestSearch,
  ScanNode as PhysicalScan,
  Slot,
  TrigramCondition,
} from '../../exec/physical.ts';
import { isSearchable } from '../../exec/storage/search-stores.ts';
import { Oid } from '../../types/oids.ts';
import { domainBase } from '../../types/sql-type.ts';
import { tsvectorType } from '../../types/tsvector.ts';
import { Cost, type Estimates, estimates, fetchCost, partialCost, sortCost } from '../cost.ts';
import { columnRef } from '../expr-walk.ts';
import { isImplied } from '../implication.ts';
import type { ScanNode } from '../logical.ts';
import { constantsOnly } from '../peek.ts';
import { conjunction, conjunctsOf, fingerprint, substitute } from '../predicates.ts';
import { type KeyColumn, matchRanges, type RangeMatch } from '../ranges.ts';
import { bitmapChoice, type RangePart, type SearchPart } from './bitmap-condition.ts';
import { type EmitContext, slotMapOf, slotsOf } from './context.ts';
import type { Emitted, OrderItem, SlotMap, Wish } from './frame.ts';
import { coveredItems, reversed } from './order.ts';
import { rankedSearch } from './ranked-search.ts';
import type { SearchIndex } from './search-keys.ts';
import {
  type ExactConjunct,
  exactConjuncts,
  isDear,
  isDecided,
  mapPatterns,
  nearestKey,
  trigramCondition,
} from './trigram-condition.ts';

/** Paths cheaper than this are not worth looking for a cheaper one. */
const BITMAP_LEAST_COST = 1;
/** Rows of a leaf of a table, about. */
const LEAF_ROWS = 300;

/** Rows are fetched in the table's order: the more there are, the nearer each to the one before. */
function nearnessOf(rows: number, tableRows: number): number {
  return Math.min(1, (rows * LEAF_ROWS) / Math.max(1, tableRows));
}
/** What a search for the nearest texts costs, as a part of reading all rows. */
const NEAREST_PART = 0.3;

/** One way to read the table. */
interface Path {
  readonly index: IndexDef | null;
  readonly match: RangeMatch | null;
  readonly trigram?: TrigramCondition;
  readonly nearest?: NearestChoice;
  readonly covers: boolean;
  readonly order: readonly OrderItem[];
  readonly fixed: ReadonlySet<ColumnId>;
  readonly filter: readonly Expr[];
  readonly estimate: Estimates;
}

/** Emits a scan with a conjunction of predicates over it. */
export function emitScan(
  context: EmitContext,
  node: ScanNode,
  conjuncts: readonly Expr[],
  wish: Wish,
): Emitted {
  const chooser = new PathChooser(context, node, conjuncts);
  const choice = chooser.choose(wish);
  const { path, direction, ordered } = choice;
  const stored = slotMapOf(node.columns);
  const exact = path.trigram === undefined ? null : chooser.exactSearch(path.trigram);
  const { slots, made } = withVector(context, stored, node.columns, exact);
  const plan: PhysicalScan = {
    kind: 'scan',
    id: context.newId(),
    slots: made === null ? slotsOf(node.columns) : [...slotsOf(node.columns), vectorSlot()],
    estimate: path.estimate,
    table: node.table,
    alias: node.alias,
    columns: made === null ? node.stored : [...node.stored, VECTOR_COLUMN],
    exact:
      exact === null
        ? null
        : {
            ...exactPlan(context, exact, stored, made),
            ranked: rankedSearch(context, wish, exact.decided, exact.rest),
          },
    path: pathKind(path),
    trigram:
      path.trigram === undefined
        ? null
        : mapPatterns(
            path.trigram,
            (e) => context.resolve(e, noSlots),
            (ranges) => resolveRanges(context, ranges),
          ),
    nearest: path.nearest === undefined ? null : nearestPlan(context, path.nearest, slots),
    searchRefused: path.trigram === undefined ? chooser.searchRefused : null,
    index: path.index,
    ranges: path.match === null ? null : resolveRanges(context, path.match.ranges),
    direction,
    ordered,
    filter: context.resolveMaybe(conjunction(path.filter), slots),
    sample:
      node.sample === null
        ? null
        : {
            method: node.sample.method,
            percent: context.resolve(node.sample.percent, new Map()),
            seed: context.resolveMaybe(node.sample.seed, new Map()),
          },
    ...(context.env.isRuleOn('passing_scan') ? null : { keepsPages: true }),
  };
  const order = direction === 'forward' ? path.order : reversed(path.order);
  return { plan, slots, order: ordered ? order.filter((o) => !path.fixed.has(o.id)) : [] };
}

/** What search indexes of the table say of a condition whose other side is known when the scan opens; null: nothing. */
export function searchedBy(context: EmitContext, node: ScanNode, condition: Expr): TrigramCondition | null {
  if (node.table.indexes.every((index) => index.method === 'btree')) return null;
  return new PathChooser(context, node, conjunctsOf(condition)).searched();
}

interface NearestChoice extends NonNullable<Wish['nearest']> {
  readonly index: IndexDef;
  readonly key: number;
  readonly pattern: Expr;
}

function nearestPlan(context: EmitContext, choice: NearestChoice, slots: SlotMap): NearestSearch {
  const { index, key, pattern, expr, count, offset } = choice;
  return {
    index,
    key,
    pattern: context.resolve(pattern, noSlots),
    distance: context.resolve(expr, slots),
    count: context.resolve(count, noSlots),
    offset: context.resolveMaybe(offset, noSlots),
  };
}

/** Stands for the vector of a full text search among the columns of a scan. */
const VECTOR_COLUMN = -3;
function vectorSlot(): Slot {
  return { type: tsvectorType, typmod: -1 };
}

/** The slots with one for the vector, where somebody ranks by it. */
function withVector(
  context: EmitContext,
  stored: SlotMap,
  columns: ScanNode['columns'],
  exact: ExactChoice | null,
): { readonly slots: SlotMap; readonly made: VectorMatch | null } {
  for (const { conjunct, condition } of exact?.decided ?? []) {
    if (conjunct.kind !== 'call' || condition.kind !== 'match' || condition.match !== 'query') continue;
    const [left, right] = conjunct.args as [Expr, Expr];
    const [vector, query] = left.type.oid === tsvectorType.oid ? [left, right] : [right, left];
    const id = context.vectors.idFor(vector, query, new Set(columns.map((c) => c.id)));
    if (id !== null) return { slots: new Map(stored).set(id, columns.length), made: { condition, vector } };
  }
  return { slots: stored, made: null };
}

interface VectorMatch {
  readonly condition: TrigramCondition;
  readonly vector: Expr;
}

function exactPlan(
  context: EmitContext,
  exact: ExactChoice,
  stored: SlotMap,
  made: VectorMatch | null,
): ExactSearch {
  const mapped = (condition: TrigramCondition): TrigramCondition =>
    mapPatterns(
      condition,
      (e) => context.resolve(e, noSlots),
      (ranges) => ranges,
    );
  const parts = exact.decided.map(({ condition }) => condition);
  return {
    condition: mapped(parts.length === 1 ? (parts[0] as TrigramCondition) : { kind: 'all', parts }),
    rest: context.resolveMaybe(conjunction(exact.rest), stored),
    vector:
      made === null ? null : { match: mapped(made.condition), expr: context.resolve(made.vector, stored) },
  };
}

/** What full text indexes decide of a filter, and what is left. */
interface ExactChoice {
  readonly decided: readonly ExactConjunct[];
  readonly rest: readonly Expr[];
}

function pathKind(path: Path): PhysicalScan['path'] {
  if (path.trigram !== undefined || path.nearest !== undefined) return 'trigram';
  return path.index === null ? 'table' : path.covers ? 'indexOnly' : 'index';
}

const noSlots = new Map<ColumnId, number>();

function resolveRanges(context: EmitContext, ranges: readonly KeyRange[]): readonly KeyRange[] {
  const one = (expr: Expr): Expr => context.resolve(expr, noSlots);
  return ranges.map((range) => ({
    prefix: range.prefix.map((part) => {
      switch (part.kind) {
        case 'equal':
          return { kind: 'equal', expr: one(part.expr) };
        case 'in':
          return { kind: 'in', list: part.list.map(one) };
        case 'inArray':
          return { kind: 'inArray', array: one(part.array) };
        case 'isNull':
          return part;
      }
    }),
    range:
      range.range === null
        ? null
        : {
            lower: range.range.lower && { ...range.range.lower, exprs: range.range.lower.exprs.map(one) },
            upper: range.range.upper && { ...range.range.upper, exprs: range.range.upper.exprs.map(one) },
          },
  }));
}

class PathChooser {
  readonly #context: EmitContext;
  readonly #node: ScanNode;
  readonly #conjuncts: readonly Expr[];
  readonly #idOf = new Map<number, ColumnId>();
  readonly #own: ReadonlySet<ColumnId>;
  readonly #tableRows: number;
  /** No path has more rows than a trigram index counts for patterns that are known. */
  #rowsMost = Number.POSITIVE_INFINITY;
  /** Why search indexes that could say something are not used. */
  searchRefused: string | null = null;

  constructor(context: EmitContext, node: ScanNode, conjuncts: readonly Expr[]) {
    this.#context = context;
    this.#node = node;
    this.#conjuncts = conjuncts;
    node.stored.forEach((column, i) => {
      const id = node.columns[i]?.id;
      if (id !== undefined && !this.#idOf.has(column)) this.#idOf.set(column, id);
    });
    this.#own = new Set(node.columns.map((c) => c.id));
    this.#tableRows = context.cardinality.rows(node);
  }

  choose(wish: Wish): { path: Path; direction: 'forward' | 'backward'; ordered: boolean } {
    const paths = this.#paths(wish);
    let best: { path: Path; direction: 'forward' | 'backward'; ordered: boolean } | null = null;
    let bestCost = Number.POSITIVE_INFINITY;
    for (const path of paths) {
      const direction = this.#directionFor(path, wish);
      const ordered = direction !== null;
      const { estimate } = path;
      // A wish for few rows helps only a path that gives them in order, or any path when there is no order.
      const rowsWanted = wish.order === null || ordered ? wish.rows : null;
      let cost = partialCost(estimate, rowsWanted);
      if (wish.order !== null && !ordered) cost += sortCost(estimate.rows) + estimate.rows * Cost.outputRow;
      if (cost < bestCost) {
        bestCost = cost;
        best = { path, direction: direction ?? 'forward', ordered };
      }
    }
    return best as NonNullable<typeof best>;
  }

  #directionFor(path: Path, wish: Wish): 'forward' | 'backward' | null {
    if (wish.order === null || !this.#context.env.isRuleOn('order_from_index')) return null;
    if (path.match !== null && path.match.ranges.length > 1) return null;
    if (path.match?.ranges[0]?.prefix.some((p) => p.kind === 'in' || p.kind === 'inArray') === true)
      return null;
    const isFixed = (id: ColumnId): boolean => path.fixed.has(id);
    const isNotNull = (id: ColumnId): boolean => this.#isNotNull(id);
    const all = wish.order.length;
    if (coveredItems(path.order, wish.order, isFixed, isNotNull) === all) return 'forward';
    // Posting lists are read from their beginning.
    if (path.trigram !== undefined) return null;
    if (coveredItems(reversed(path.order), wish.order, isFixed, isNotNull) === all) return 'backward';
    return null;
  }

  #isNotNull(id: ColumnId): boolean {
    const at = this.#node.columns.findIndex((c) => c.id === id);
    const column = this.#node.stored[at];
    if (column === undefined) return false;
    return (
      column < 0 ||
      column === this.#node.table.rowIdColumn ||
      this.#node.table.columns[column]?.notNull === true
    );
  }

  #paths(wish: Wish): Path[] {
    const { table } = this.#node;
    const trigram = this.#trigramPath();
    const paths = [this.#tablePath(null)];
    const isOn = this.#context.env.isRuleOn('index_scan');
    if (!isOn) return paths;
    const rowIdKey = this.#rowIdKey();
    const rowMatch = matchRanges([rowIdKey], this.#conjuncts, this.#own);
    if (rowMatch !== null) paths.push(this.#tablePath(rowMatch));
    table.indexes.forEach((index, position) => {
      if (index.method !== 'btree') return;
      const implied = this.#partialIndexConjuncts(index, position, this.#conjuncts);
      if (implied === null) return;
      const keys = this.#indexKeys(index, position);
      const match = matchRanges(keys, this.#conjuncts, this.#own);
      if (match === null && wish.order === null && index.predicateSql === null && !this.#covers(index))
        return;
      paths.push(this.#indexPath(index, match, implied));
    });
    if (trigram !== null) paths.push(trigram);
    const nearest = this.#nearestPath(wish);
    if (nearest !== null) paths.push(nearest);
    const bitmap = this.#bitmapPath(paths);
    if (bitmap !== null) paths.push(bitmap);
    return paths;
  }

  searched(): TrigramCondition | null {
    const indexes = this.#searchIndexes(this.#conjuncts);
    const condition = conjunction(this.#conjuncts);
    return indexes.length === 0 || condition === null
      ? null
      : trigramCondition(condition, indexes, this.#own);
  }

  /** All trigram indexes together; null when they say nothing about this filter. */
  #trigramPath(): Path | null {
    const { table, sample } = this.#node;
    if (sample !== null) return null;
    const indexes = this.#searchIndexes(this.#conjuncts);
    const filter = conjunction(this.#conjuncts);
    if (indexes.length === 0 || filter === null) return null;
    const condition = trigramCondition(filter, indexes, this.#own);
    if (condition === null) return null;
    const { statistics } = this.#context.env;
    const known = statistics.trigramRows?.(table, condition) ?? null;
    // Patterns that come as parameters: most are worth it, and those that are not turn into scans when they are seen.
    const rows = Math.min(
      this.#tableRows,
      known ?? this.#tableRows * this.#context.cardinality.selectivity.of(filter),
    );
    if (known !== null) {
      this.#rowsMost = Math.max(1, Math.min(known, this.#tableRows));
      if (known > (isDear(condition) ? this.#tableRows * 2 : this.#tableRows / 2)) {
        this.searchRefused = Number.isFinite(known)
          ? `${firstIndex(condition).name} not used: about ${Math.round(Math.min(known, this.#tableRows))} of ${Math.round(this.#tableRows)} rows may match`
          : `${firstIndex(condition).name} not used: the pattern has nothing that every match must have and the index knows`;
        return null;
      }
    }
    // Reading few postings costs next to nothing, whereas a scan that stops early by guess may have to go to the end.
    const read = known !== null && known > this.#tableRows / 10 ? known : 0;
    const first = Cost.descent * 4 + read * Cost.indexRow;
    // Where testing a row is dear, each row that is not tested pays for its fetch many times.
    const perRow = isDear(condition) ? 0 : fetchCost(nearnessOf(rows, this.#tableRows));
    // Rows that the index decides are neither tested nor, unless somebody wants their columns, read.
    const cost =
      this.exactSearch(condition) !== null
        ? Cost.descent * 4 + rows * Cost.indexRow
        : first + rows * (perRow + this.#conjuncts.length * Cost.filterRow);
    // What the index counted is in `rows` already.
    const others =
      known === null
        ? this.#conjuncts
        : this.#conjuncts.filter((one) => trigramCondition(one, indexes, this.#own) === null);
    const estimate = this.#estimate(Math.max(1, rows), cost, others);
    const index = firstIndex(condition);
    const empty = new Set<ColumnId>();
    return {
      index,
      match: null,
      trigram: condition,
      covers: false,
      order: this.exactSearch(condition) === null ? this.#rowIdOrder() : [],
      fixed: empty,
      filter: this.#conjuncts,
      estimate: estimates(estimate.rows, Math.min(first, cost), cost),
    };
  }

  /** The nearest rows by a trigram index, where that is what the sort above keeps. */
  #nearestPath({ nearest }: Wish): Path | null {
    const { sample } = this.#node;
    if (nearest === undefined || sample !== null || !this.#context.env.isRuleOn('nearest_scan')) return null;
    const found = nearestKey(nearest.expr, this.#searchIndexes(this.#conjuncts), this.#own);
    if (found === null) return null;
    // Measuring a text is dear, so a scan pays for each row; here few rows are measured, and the lists of the pattern read.
    const cost = Cost.descent * 8 + this.#tableRows * Cost.scanRow * NEAREST_PART;
    return {
      index: found.index,
      match: null,
      nearest: { ...nearest, ...found },
      covers: false,
      order: [],
      fixed: new Set(),
      filter: this.#conjuncts,
      estimate: estimates(Math.min(100, this.#tableRows), cost, cost),
    };
  }

  /** What is decided by full text indexes alone, where the condition is nothing but that; else null. */
  exactSearch(condition: TrigramCondition): ExactChoice | null {
    if (!isDecided(condition) || !this.#context.env.isRuleOn('search_by_index')) return null;
    const decided = exactConjuncts(this.#conjuncts, this.#searchIndexes(this.#conjuncts), this.#own);
    const taken = new Set(decided.map(({ conjunct }) => conjunct));
    return decided.length === 0 ? null : { decided, rest: this.#conjuncts.filter((c) => !taken.has(c)) };
  }

  /** Several indexes together; null where they gain nothing over the paths there are. */
  #bitmapPath(paths: readonly Path[]): Path | null {
    const { table, sample } = this.#node;
    if (sample !== null || !this.#context.env.isRuleOn('bitmap_scan')) return null;
    if (table.indexes.length === 0 || this.#conjuncts.length === 0) return null;
    const isAlone = this.#conjuncts.length === 1 && this.#conjuncts[0]?.kind !== 'or';
    if (isAlone || paths.some(({ estimate }) => estimate.totalCost < BITMAP_LEAST_COST)) return null;
    const rowCost = Cost.fetchRow + this.#conjuncts.length * Cost.filterRow;
    const choice = bitmapChoice(this.#conjuncts, {
      tableRows: this.#tableRows,
      rowCost,
      ranges: (conjuncts, held) => this.#bitmapRanges(conjuncts, held),
      search: (conjuncts, held) => this.#bitmapSearch(conjuncts, held),
    });
    if (choice === null) return null;
    const { condition, rows, cost: first } = choice;
    const nearness = nearnessOf(rows, this.#tableRows);
    const cost = first + rows * (fetchCost(nearness) + this.#conjuncts.length * Cost.filterRow);
    const estimate = this.#estimate(this.#tableRows, cost, this.#conjuncts);
    return {
      index: null,
      match: null,
      trigram: condition,
      covers: false,
      order: [],
      fixed: new Set(),
      filter: this.#conjuncts,
      estimate: estimates(Math.min(estimate.rows, Math.ceil(rows)), first, cost),
    };
  }

  #bitmapRanges(conjuncts: readonly Expr[], held: readonly Expr[]): RangePart[] {
    const parts: RangePart[] = [];
    const add = (index: IndexDef | null, keys: readonly KeyColumn[]): void => {
      const match = matchRanges(keys, conjuncts, this.#own);
      if (match !== null) parts.push({ index, match, rows: this.#rangeRows(index, match, null) });
    };
    add(null, [this.#rowIdKey()]);
    this.#node.table.indexes.forEach((index, position) => {
      if (index.method === 'btree' && this.#partialIndexConjuncts(index, position, held) !== null)
        add(index, this.#indexKeys(index, position));
    });
    return parts;
  }

  #bitmapSearch(conjuncts: readonly Expr[], held: readonly Expr[]): SearchPart | null {
    const { table } = this.#node;
    const filter = conjunction(conjuncts);
    const indexes = this.#searchIndexes(held);
    if (indexes.length === 0 || filter === null) return null;
    const condition = trigramCondition(filter, indexes, this.#own);
    if (condition === null) return null;
    const known = this.#context.env.statistics.trigramRows?.(table, condition) ?? null;
    const rows = known ?? this.#tableRows * this.#context.cardinality.selectivity.of(filter);
    return rows > this.#tableRows / 2 ? null : { condition, rows: Math.max(1, rows) };
  }

  /** Search indexes that may be used where `held` is true. */
  #searchIndexes(held: readonly Expr[]): SearchIndex[] {
    const indexes: SearchIndex[] = [];
    if (!this.#context.env.isRuleOn('trigram_scan')) return indexes;
    this.#node.table.indexes.forEach((index, position) => {
      if (isSearchable(index) && this.#partialIndexConjuncts(index, position, held) !== null)
        indexes.push({ index, keys: this.#indexKeys(index, position) });
    });
    return indexes;
  }

  #rowIdKey(): KeyColumn {
    const { table } = this.#node;
    const column = table.rowIdColumn === -1 ? -1 : table.rowIdColumn;
    const id = this.#idOf.get(column) ?? this.#idOf.get(-1) ?? null;
    const type = this.#node.columns.find((c) => c.id === id)?.type;
    const fallback = this.#node.columns[0]?.type;
    return {
      id: type === undefined ? null : id,
      matches: null,
      type: (type ?? fallback) as KeyColumn['type'],
      typmod: -1,
      notNull: true,
    };
  }

  #rowIdOrder(): OrderItem[] {
    const rowId = this.#idOf.get(this.#node.table.rowIdColumn);
    return rowId === undefined ? [] : [{ id: rowId, descending: false, nullsFirst: false }];
  }

  #tablePath(match: RangeMatch | null): Path {
    const order = this.#rowIdOrder();
    const rowId = order[0]?.id;
    const filter = match === null ? this.#conjuncts : this.#conjuncts.filter((c) => !match.exact.has(c));
    const fixed = new Set<ColumnId>(
      match !== null && match.equalPrefix > 0 && rowId !== undefined ? [rowId] : [],
    );
    const read = match === null ? this.#tableRows : this.#rangeRows(null, match, 1);
    const cost =
      (match === null ? Cost.scanStart : Cost.descent * match.ranges.length) +
      read * (Cost.scanRow + filter.length * Cost.filterRow);
    return {
      index: null,
      match,
      covers: true,
      order,
      fixed,
      filter,
      estimate: this.#estimate(read, cost, filter),
    };
  }

  #indexPath(index: IndexDef, match: RangeMatch | null, implied: readonly Expr[]): Path {
    const filter = this.#conjuncts.filter((c) => !(match?.exact.has(c) ?? false) && !implied.includes(c));
    const order = this.#indexOrder(index);
    const fixed = new Set(order.slice(0, match?.equalPrefix ?? 0).map((o) => o.id));
    const covers = this.#covers(index) && this.#context.env.isRuleOn('index_only_scan');
    const read =
      match === null
        ? this.#tableRows
        : this.#rangeRows(index, match, this.#uniqueFactor(index, match.equalPrefix));
    const locality = this.#context.env.statistics.locality?.(this.#node.table, index) ?? 0;
    const perRow = Cost.indexRow + (covers ? 0 : fetchCost(locality)) + filter.length * Cost.filterRow;
    const start = match === null ? Cost.scanStart : Cost.descent * match.ranges.length;
    const cost = start + read * perRow;
    return { index, match, covers, order, fixed, filter, estimate: this.#estimate(read, cost, filter) };
  }

  /** Entries come by keys, included columns and row id; what follows a column nobody asked for does not help. */
  #indexOrder(index: IndexDef): OrderItem[] {
    const rowId = this.#node.table.rowIdColumn;
    const rest = [...index.include, rowId].map((column) => ({
      column,
      descending: false,
      nullsFirst: false,
    }));
    const order: OrderItem[] = [];
    for (const { column, descending, nullsFirst } of [...index.keys, ...rest]) {
      const id = column >= 0 || column === rowId ? this.#idOf.get(column) : undefined;
      if (id === undefined) break;
      order.push({ id, descending, nullsFirst });
      // Values that are equal but for blanks are not in the order of what follows.
      const { type, typmod = -1 } = this.#node.table.columns[column] ?? {};
      if (type !== undefined && domainBase(type).oid === Oid.bpchar && typmod <= 4) break;
    }
    return order;
  }

  #estimate(read: number, cost: number, filter: readonly Expr[]): Estimates {
    const rows =
      filter.length === 0
        ? read
        : Math.min(read, Math.max(1, read * this.#context.cardinality.selectivity.of(conjunction(filter))));
    return estimates(Math.max(1, Math.round(Math.min(rows, this.#rowsMost))), 0, cost);
  }

  /** A unique index with all keys fixed gives one row. */
  #uniqueFactor(index: IndexDef, equalPrefix: number): number | null {
    return index.unique && equalPrefix === index.keys.length ? 1 : null;
  }

  #rangeRows(index: IndexDef | null, match: RangeMatch, single: number | null): number {
    const isSingle = match.equalPrefix === (index?.keys.length ?? 1) && match.ranges.length === 1;
    if (isSingle && single !== null) return single;
    const { peek, statistics } = this.#context.env;
    const exprs = match.ranges.flatMap(rangeExprs);
    // What one value finds says little about another: equality with parameters is guessed, their bounds are counted.
    const isBounded = match.ranges.some((one) => one.range !== null);
    const valueOf = isBounded && peek !== undefined ? peek.valueOf : constantsOnly;
    if (exprs.every((e) => valueOf(e) !== undefined)) {
      const counted = statistics.rangeRows(this.#node.table, index, match.ranges, peek?.values ?? []);
      if (counted !== null) return Math.max(1, counted);
    }
    const predicate = conjunction(match.used);
    const guess = this.#tableRows * this.#context.cardinality.selectivity.of(predicate);
    return Math.max(1, guess);
  }

  #covers(index: IndexDef): boolean {
    const has = new Set<number>([
      ...index.keys.map((k) => k.column),
      ...index.include,
      -1,
      this.#node.table.rowIdColumn,
    ]);
    has.delete(-1);
    return (
      this.#node.stored.every((column) => column === -1 || has.has(column)) && this.#node.sample === null
    );
  }

  #indexKeys(index: IndexDef, position: number): KeyColumn[] {
    const { table } = this.#node;
    let bound: readonly (Expr | null)[] | null = null;
    return index.keys.map((key, k) => {
      if (key.column >= 0) {
        const { notNull = false, typmod = -1 } = table.columns[key.column] ?? {};
        return { id: this.#idOf.get(key.column) ?? null, matches: null, type: key.type, typmod, notNull };
      }
      bound ??= this.#bindToScan(table, (e) => e.indexes[position]?.keys ?? []);
      const expr = bound[k] ?? null;
      const wanted = expr === null ? null : fingerprint(expr);
      const matches = wanted === null ? null : (e: Expr) => fingerprint(e) === wanted;
      return { id: null, matches, type: key.type, typmod: -1, notNull: false };
    });
  }

  /** The conjuncts of a partial index's predicate that the query holds; null when it does not hold them all. */
  #partialIndexConjuncts(
    index: IndexDef,
    position: number,
    conjuncts: readonly Expr[],
  ): readonly Expr[] | null {
    if (index.predicateSql === null) return [];
    const [predicate] = this.#bindToScan(this.#node.table, (e) => [e.indexes[position]?.predicate ?? null]);
    if (predicate === null || predicate === undefined) return null;
    const wanted = predicate.kind === 'and' ? predicate.args : [predicate];
    const held = new Map(conjuncts.map((c) => [fingerprint(c), c]));
    const found = wanted.map(
      (one) => held.get(fingerprint(one)) ?? (isImplied(one, conjuncts) ? one : undefined),
    );
    if (found.some((f) => f === undefined)) return null;
    return found.filter((f) => f !== undefined && this.#conjuncts.includes(f)) as Expr[];
  }

  /**
   * Expressions of the table's definition over this scan's columns. A column that is not read gets a number nobody has: its number in
   * the definition may be that of another column here.
   */
  #bindToScan<T extends Expr | null>(
    table: TableDef,
    pick: (e: ReturnType<EmitContext['env']['tableExpressions']>) => readonly T[],
  ): readonly (Expr | null)[] {
    const bound = this.#context.env.tableExpressions(table);
    const by = new Map<ColumnId, Expr>();
    bound.row.forEach((id, column) => {
      const own = this.#node.columns[this.#node.stored.indexOf(column)];
      const like = own ?? table.columns[column];
      if (like !== undefined) by.set(id, columnRef(own?.id ?? ((-1 - column) as ColumnId), like));
    });
    return pick(bound).map((expr) => (expr === null ? null : substitute(expr, by)));
  }
}

/** The first search index of a condition of search indexes alone. */
function firstIndex(condition: TrigramCondition): IndexDef {
  return 'parts' in condition
    ? firstIndex(condition.parts[0] as TrigramCondition)
    : (condition.index as IndexDef);
}

function rangeExprs(range: KeyRange): Expr[] {
  const out: Expr[] = [];
  for (const part of range.prefix) {
    if (part.kind === 'equal') out.push(part.expr);
    else if (part.kind === 'in') out.push(...part.list);
    else if (part.kind === 'inArray') out.push(part.array);
  }
  out.push(...(range.range?.lower?.exprs ?? []), ...(range.range?.upper?.exprs ?? []));
  return out;
}
