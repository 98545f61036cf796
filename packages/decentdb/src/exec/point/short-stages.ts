/**
 * Stages of a short plan: functions that give all rows of a plan node at once, as arrays of datums.
 *
 * I1  Null where a node finds more than ROWS_MAX rows, or a join makes more than JOINED_MAX.
 * I2  Rows come in the order the operator would give, as far as that is promised.
 */
import type { ReadView } from '../../txn/page-view.ts';
import type { Datum } from '../../types/vector.ts';
import type { SortKey } from '../expr.ts';
import { type Evaluator, evaluatorOf } from '../interpret/evaluator.ts';
import { limitValue } from '../operators/limit.ts';
import type {
  AggregateNode,
  Expr,
  HashJoinNode,
  IndexJoinNode,
  JoinKind,
  LimitNode,
  NestedLoopNode,
  PhysicalNode,
  ProjectNode,
  TopNNode,
} from '../physical.ts';
import { DatumRow, type PointContext } from './datum-row.ts';
import { FewRows } from './few-rows.ts';
import { pageRowsOf } from './page-rows.ts';
import { isQuiet, type RowsAccess, rowsAccess, slotsOf } from './point-plan.ts';

export type Row = readonly Datum[];
export type Stage = (view: ReadView, context: PointContext) => Row[] | null;

const JOINED_MAX = 256;

/** The stage of a node; null when something below needs an operator. */
export function stageOf(node: PhysicalNode): Stage | null {
  switch (node.kind) {
    case 'scan':
      return scanStage(node);
    case 'filter':
      return overInput(node.input, [node.predicate], (input) =>
        filterStage(input, node.predicate, widthOf(node)),
      );
    case 'project':
      return overInput(node.input, node.exprs, (input) =>
        projectStage(input, node.exprs, widthOf(node.input)),
      );
    case 'sort':
      return overInput(node.input, exprsOf(node.keys), (input) => sortStage(input, node.keys, widthOf(node)));
    case 'topN':
      if (node.isPartial === true || !hasQuietSlice(node)) return null;
      return overInput(node.input, exprsOf(node.keys), (input) =>
        sliceStage(sortStage(input, node.keys, widthOf(node)), node),
      );
    case 'limit':
      return limitStage(node);
    case 'aggregate':
      return isPlainAggregate(node)
        ? overInput(node.input, aggregateExprs(node), (input) => aggregateStage(input, node))
        : null;
    case 'indexJoin':
      return lookUpStage(node);
    case 'nestedLoop':
    case 'hashJoin':
      return pairStage(node);
    default:
      return null;
  }
}

function overInput(input: PhysicalNode, exprs: readonly Expr[], make: (input: Stage) => Stage): Stage | null {
  if (!exprs.every(isQuiet)) return null;
  const stage = stageOf(input);
  return stage === null ? null : make(stage);
}

function exprsOf(keys: readonly SortKey[]): readonly Expr[] {
  return keys.map((key) => key.expr);
}

function widthOf(node: PhysicalNode): number {
  return node.slots.length;
}

/** Expressions over rows of datums. */
class RowEvaluators {
  readonly row: DatumRow;
  readonly #slots: readonly number[];
  readonly #evaluators: readonly Evaluator[];

  constructor(exprs: readonly Expr[], width: number) {
    this.row = new DatumRow(width);
    this.#slots = slotsOf(exprs);
    this.#evaluators = exprs.map(evaluatorOf);
  }

  /** Makes a row the one that expressions are about. */
  load(values: Row): void {
    for (const slot of this.#slots) this.row.set(slot, values[slot]!);
  }

  all(values: Row, context: PointContext): Datum[] {
    this.load(values);
    return this.#evaluators.map((evaluator) => evaluator(this.row.batch, 0, context));
  }

  /** Whether the first expression is true of a row. */
  isTrue(values: Row, context: PointContext): boolean {
    this.load(values);
    return this.value(0, context) === true;
  }

  value(at: number, context: PointContext): Datum {
    return this.#evaluators[at]!(this.row.batch, 0, context);
  }
}

function scanStage(node: PhysicalNode): Stage | null {
  const access = rowsAccess(node);
  if (access === null) return null;
  const reader = new RowReader(access);
  return (view, context) => {
    const found = reader.few.ids(view, context);
    if (found === null) return null;
    const rows: Row[] = [];
    for (const id of found) if (reader.few.moveTo(view, id, context)) rows.push(reader.take([]));
    return rows;
  };
}

/** Copies the rows that a look-up goes to. */
class RowReader {
  readonly few: FewRows;
  readonly #width: number;

  constructor(access: RowsAccess) {
    this.#width = access.columns.length;
    this.few = new FewRows(access, access.columns.keys());
  }

  /** The columns of the row, after those of another. */
  take(before: Row): Datum[] {
    const row = before.slice();
    for (let slot = 0; slot < this.#width; slot++) row.push(this.few.input.get(slot));
    return row;
  }
}

function filterStage(input: Stage, predicate: Expr, width: number): Stage {
  const test = new RowEvaluators([predicate], width);
  return (view, context) => {
    const rows = input(view, context);
    return rows === null ? null : rows.filter((row) => test.isTrue(row, context));
  };
}

function projectStage(input: Stage, exprs: readonly Expr[], width: number): Stage {
  const values = new RowEvaluators(exprs, width);
  const plain = exprs.map((expr) => (expr.kind === 'slot' ? expr.slot : -1));
  return (view, context) => {
    const rows = input(view, context);
    if (rows === null) return null;
    return rows.map((row) => {
      values.load(row);
      return plain.map((slot, i) => (slot >= 0 ? row[slot]! : values.value(i, context)));
    });
  };
}

function sortStage(input: Stage, keys: readonly SortKey[], width: number): Stage {
  const values = new RowEvaluators(exprsOf(keys), width);
  const compareKeys = (a: Row, b: Row): number => {
    for (let i = 0; i < keys.length; i++) {
      const order = compareValues(a[i]!, b[i]!, keys[i]!);
      if (order !== 0) return order;
    }
    return 0;
  };
  return (view, context) => {
    const rows = input(view, context);
    if (rows === null || rows.length < 2) return rows;
    const keyed = rows.map((row) => ({ row, key: values.all(row, context) }));
    keyed.sort((a, b) => compareKeys(a.key, b.key));
    return keyed.map(({ row }) => row);
  };
}

function compareValues(a: Datum, b: Datum, key: SortKey): number {
  if (a === null || b === null) {
    if (a === b) return 0;
    return (a === null) === key.nullsFirst ? -1 : 1;
  }
  const order = key.expr.type.compare(a, b);
  return key.descending ? -order : order;
}

function hasQuietSlice({ count, offset }: Pick<LimitNode | TopNNode, 'count' | 'offset'>): boolean {
  return (count === null || isQuiet(count)) && (offset === null || isQuiet(offset));
}

function limitStage(node: LimitNode): Stage | null {
  if (node.ties !== null || !hasQuietSlice(node)) return null;
  return pageStage(node) ?? overInput(node.input, [], (input) => sliceStage(input, node));
}

/** A page of a walk, computed with or as it is. */
function pageStage(node: LimitNode): Stage | null {
  const { count, offset } = node;
  if (count === null) return null;
  const projects: ProjectNode[] = [];
  let at = node.input;
  for (; at.kind === 'project'; at = at.input) {
    if (!at.exprs.every(isQuiet)) return null;
    projects.push(at);
  }
  const page = at.kind === 'scan' ? pageRowsOf(at) : null;
  if (page === null) return null;
  const first: Stage = (view, context) => {
    const most = limitValue(count, context, 'LIMIT') ?? Number.POSITIVE_INFINITY;
    const skip = offset === null ? 0 : (limitValue(offset, context, 'OFFSET') ?? 0);
    return page.rows(view, context, most === 0 ? 0 : most + skip);
  };
  const projected = projects.reduceRight(
    (input, { exprs, input: below }) => projectStage(input, exprs, widthOf(below)),
    first,
  );
  return sliceStage(projected, node);
}

function sliceStage(input: Stage, { count, offset }: Pick<LimitNode | TopNNode, 'count' | 'offset'>): Stage {
  return (view, context) => {
    const skip = offset === null ? 0 : (limitValue(offset, context, 'OFFSET') ?? 0);
    const left = count === null ? null : limitValue(count, context, 'LIMIT');
    const rows = input(view, context);
    if (rows === null || (skip === 0 && (left === null || rows.length <= left))) return rows;
    return rows.slice(skip, left === null ? undefined : skip + left);
  };
}

function isPlainAggregate({ groups, sets, groupings, aggregates, stage }: AggregateNode): boolean {
  if (groups.length > 0 || sets.length !== 1 || groupings.length > 0 || stage !== undefined) return false;
  return aggregates.every(
    ({ fn, distinct, orderBy, directArgs }) =>
      fn.vectorized !== undefined && !distinct && orderBy.length === 0 && directArgs.length === 0,
  );
}

function aggregateExprs({ aggregates }: AggregateNode): readonly Expr[] {
  return aggregates.flatMap(({ args, filter }) => (filter === null ? args : [...args, filter]));
}

function aggregateStage(input: Stage, node: AggregateNode): Stage {
  const width = widthOf(node.input);
  const calls = node.aggregates.map(({ fn, args, filter }) => ({
    fn,
    args: new RowEvaluators(args, width),
    filter: filter === null ? null : new RowEvaluators([filter], width),
  }));
  return (view, context) => {
    const rows = input(view, context);
    if (rows === null) return null;
    const result = calls.map(({ fn, args, filter }) => {
      const state = fn.init();
      for (const row of rows) {
        if (filter !== null && !filter.isTrue(row, context)) continue;
        const values = args.all(row, context);
        if (!fn.strict || !values.includes(null)) fn.step(state, context.eval, ...values);
      }
      return fn.final(state, context.eval);
    });
    return [result];
  };
}

type ShortJoin = 'inner' | 'left' | 'semi' | 'anti';

function isShortJoin(join: JoinKind): join is ShortJoin {
  return join === 'inner' || join === 'left' || join === 'semi' || join === 'anti';
}

/** Gathers what a join gives, left row by left row. */
class JoinedRows {
  readonly rows: Row[] = [];
  readonly #join: ShortJoin;
  readonly #nothing: Row;
  #isMatched = false;

  constructor(join: ShortJoin, rightWidth: number) {
    this.#join = join;
    this.#nothing = new Array<Datum>(rightWidth).fill(null);
  }

  /** A pair that passed. True: the left row needs no more. */
  add(pair: Row): boolean {
    this.#isMatched = true;
    if (this.#join === 'semi' || this.#join === 'anti') return true;
    this.rows.push(pair);
    return false;
  }

  /** The left row has met all its pairs; false when there are too many rows. */
  finish(left: Row): boolean {
    const join = this.#join;
    if (this.#isMatched ? join === 'semi' : join === 'anti') this.rows.push(left);
    else if (!this.#isMatched && join === 'left') this.rows.push([...left, ...this.#nothing]);
    this.#isMatched = false;
    return this.rows.length <= JOINED_MAX;
  }
}

/** Each left row looks its partners up in a table or index. */
function lookUpStage(node: IndexJoinNode): Stage | null {
  const { join, table, index, keys, columns, residual } = node;
  if (node.range !== null || !isShortJoin(join) || (index !== null && index.method !== 'btree')) return null;
  if (!keys.every(isQuiet) || (residual !== null && !isQuiet(residual))) return null;
  const input = stageOf(node.left);
  if (input === null) return null;
  const reader = new RowReader({
    table,
    index,
    parts: keys.map((expr) => ({ kind: 'equal', expr })),
    columns,
    filter: null,
    filterSlots: [],
    isByRowId: false,
  });
  const width = widthOf(node.left);
  const left = new RowEvaluators(keys, width);
  const test = residual === null ? null : new RowEvaluators([residual], width + columns.length);
  reader.few.source = left.row.batch;
  return (view, context) => {
    const rows = input(view, context);
    if (rows === null) return null;
    const joined = new JoinedRows(join, columns.length);
    for (const row of rows) {
      left.load(row);
      const found = reader.few.ids(view, context);
      if (found === null) return null;
      for (const id of found) {
        if (!reader.few.moveTo(view, id, context)) continue;
        const pair = reader.take(row);
        if ((test === null || test.isTrue(pair, context)) && joined.add(pair)) break;
      }
      if (!joined.finish(row)) return null;
    }
    return joined.rows;
  };
}

/** Each left row is held against all right rows. */
function pairStage(node: NestedLoopNode | HashJoinNode): Stage | null {
  const { join } = node;
  if (!isShortJoin(join) || (node.kind === 'hashJoin' && node.nullAware === true)) return null;
  const condition = node.kind === 'hashJoin' ? node.residual : node.condition;
  const [leftKeys, rightKeys] = node.kind === 'hashJoin' ? [node.leftKeys, node.rightKeys] : [[], []];
  if (![...leftKeys, ...rightKeys].every(isQuiet) || (condition !== null && !isQuiet(condition))) return null;
  const leftInput = stageOf(node.left);
  const rightInput = leftInput === null ? null : stageOf(node.right);
  if (leftInput === null || rightInput === null) return null;
  const [leftWidth, rightWidth] = [widthOf(node.left), widthOf(node.right)];
  const left = new RowEvaluators(leftKeys, leftWidth);
  const right = new RowEvaluators(rightKeys, rightWidth);
  const nullSafe = node.kind === 'hashJoin' ? (node.nullSafe ?? []) : [];
  const test = condition === null ? null : new RowEvaluators([condition], leftWidth + rightWidth);
  const isEqual = (a: Row, b: Row): boolean => {
    for (let i = 0; i < a.length; i++) {
      const [x, y] = [a[i]!, b[i]!];
      if (x === null || y === null) {
        if (x !== y || nullSafe[i] !== true) return false;
      } else if (leftKeys[i]!.type.compare(x, y) !== 0) return false;
    }
    return true;
  };
  return (view, context) => {
    const rows = leftInput(view, context);
    if (rows === null) return null;
    const others = rightInput(view, context);
    if (others === null) return null;
    const keys = others.map((other) => right.all(other, context));
    const joined = new JoinedRows(join, rightWidth);
    for (const row of rows) {
      const key = left.all(row, context);
      for (let i = 0; i < others.length; i++) {
        if (!isEqual(key, keys[i]!)) continue;
        const pair = [...row, ...others[i]!];
        if ((test === null || test.isTrue(pair, context)) && joined.add(pair)) break;
      }
      if (!joined.finish(row)) return null;
    }
    return joined.rows;
  };
}
