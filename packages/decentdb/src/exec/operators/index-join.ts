/**
 * Index nested loop: look-ups in a table or index for each left row.
 *
 * I1  Left order is kept; matches of one left row come in index order.
 * I2  Look-ups of a left batch are collected and their rows fetched together.
 */
import { storedPosition } from '../../catalog/schema.ts';
import { isRow, lowerBound } from '../../tree/node-search.ts';
import type { Tree } from '../../tree/tree.ts';
import { TreeCursor } from '../../tree/tree-cursor.ts';
import type { TreeNode } from '../../tree/tree-node.ts';
import { TreePosition } from '../../tree/tree-position.ts';
import { int8Type } from '../../types/integer-types.ts';
import type { ColumnSpec, Datum } from '../../types/vector.ts';
import { BATCH_ROWS, type Batch } from '../batch.ts';
import type { ExecContext } from '../context.ts';
import { type Evaluator, evaluatorOf } from '../interpret/evaluator.ts';
import type { KeyFilter } from '../join/key-filter.ts';
import { Candidates, LookUpKeys } from '../join/look-up.ts';
import { MatchCollector, type ProbeKind } from '../join/match-collector.ts';
import type { IndexJoinNode, Slot } from '../physical.ts';
import type { LeafRowColumns } from '../storage/leaf-rows.ts';
import { RowFetcher } from '../storage/row-fetcher.ts';
import { indexPosition, indexTree, tableTree } from '../storage/stored-trees.ts';
import type { Operator } from './operator.ts';

interface Range {
  readonly lower: Evaluator | null;
  readonly lowerInclusive: boolean;
  readonly upper: Evaluator | null;
  readonly upperInclusive: boolean;
}

export class IndexJoinOperator implements Operator {
  private readonly node: IndexJoinNode;
  private readonly left: Operator;
  private readonly tree: Tree;
  private readonly keys: LookUpKeys;
  private readonly range: Range | null;
  private readonly slots: readonly Slot[];
  /** A row is all that is asked for: no condition, no columns. */
  private readonly isExistence: boolean;
  private context!: ExecContext;
  private collector!: MatchCollector;
  private cursor!: TreeCursor;
  private fetcher: RowFetcher | null = null;
  /** What is looked up stands in the tree itself. */
  private direct: LeafRowColumns | null = null;
  private readonly position = new TreePosition();
  private batch: Batch | null = null;
  private row = 0;
  private isRowOpen = false;
  private pending: Batch | null = null;

  constructor(node: IndexJoinNode, left: Operator) {
    const { table, index } = node;
    this.node = node;
    this.left = left;
    this.tree = index === null ? tableTree(table) : indexTree(table, index);
    this.keys = new LookUpKeys(node.keys);
    this.range = rangeOf(node);
    this.slots = lookedUpSlots(node);
    this.isExistence = node.residual === null && (node.join === 'semi' || node.join === 'anti');
  }

  open(context: ExecContext): void {
    const { node } = this;
    const { view } = context.statement;
    this.context = context;
    this.cursor = new TreeCursor(this.tree, view);
    const isDirect = node.index === null || node.indexOnly;
    this.fetcher = isDirect ? null : new RowFetcher(node.table, node.columns, this.slots, view);
    this.direct = isDirect
      ? {
          tree: this.tree,
          view,
          slots: this.slots,
          positions: node.columns.map((column) => positionIn(node, column)),
          constant: node.table.id,
        }
      : null;
    this.batch = null;
    this.pending = null;
    this.collector = new MatchCollector(
      {
        kind: node.join as ProbeKind,
        condition: node.residual,
        probeIsLeft: true,
        probeSlots: node.left.slots,
        otherSlots: this.slots,
        ...(node.stages === undefined ? {} : { stages: node.stages }),
      },
      context,
    );
    this.left.open(context);
  }

  restrict(slot: number, keys: KeyFilter): boolean {
    return slot < this.node.left.slots.length && this.left.restrict?.(slot, keys) === true;
  }

  next(): Batch | null {
    for (;;) {
      if (this.pending !== null) {
        const { pending } = this;
        this.pending = null;
        return pending;
      }
      if (this.batch === null) {
        this.batch = this.left.next();
        if (this.batch === null) return null;
        this.collector.begin(this.batch);
        this.row = 0;
        this.isRowOpen = false;
      }
      this.context.statement.checkCancel();
      const output = this.step(this.batch);
      if (output !== null) return output;
    }
  }

  /** Candidates of some left rows, up to about a batch of them. */
  private step(batch: Batch): Batch | null {
    this.keys.load(batch);
    const found = new Candidates(this.direct);
    if (this.node.index === null && this.range === null) this.findRows(batch, found);
    else this.findEntries(batch, found);
    let output: Batch | null = null;
    const { count } = found;
    if (count > 0) {
      const other = found.batch(this.fetcher);
      output = this.collector.take(found.rows(), other, found.positions(), count, this.row);
    }
    if (this.row < batch.count) return output;
    this.batch = null;
    const rest = this.collector.end();
    if (output === null) return rest;
    this.pending = rest;
    return output;
  }

  /** Look-ups by row id: at most one row each. */
  private findRows(batch: Batch, found: Candidates): void {
    const { keys, position, tree, context, isExistence } = this;
    const { view } = context.statement;
    let leaf: TreeNode | null = null;
    for (; this.row < batch.count && found.count < BATCH_ROWS; this.row++) {
      const key = keys.read(batch, batch.position(this.row), context);
      if (key === null) continue;
      // Neighbours in the left input often lie in one leaf.
      let isFound = false;
      if (leaf !== null) {
        position.index = lowerBound(leaf, key, 1, 0);
        isFound = isRow(leaf, position.index, key, 1);
      }
      if (!isFound) {
        if (!tree.get(view, key, position)) continue;
        leaf = position.leaf!;
      }
      if (isExistence) this.collector.setMatched(this.row);
      else found.addRow(this.row, leaf!, position.index);
    }
  }

  private findEntries(batch: Batch, found: Candidates): void {
    const { cursor, collector, isExistence } = this;
    while (this.row < batch.count && found.count < BATCH_ROWS) {
      if (!this.isRowOpen && !this.openRow(batch)) {
        this.row++;
        continue;
      }
      this.isRowOpen = true;
      if (collector.isDecided(this.row) || !cursor.next()) {
        this.isRowOpen = false;
        this.row++;
        continue;
      }
      if (isExistence) collector.setMatched(this.row);
      else found.addSlice(this.row, cursor, this.tree.schema.leaf.length - 1);
    }
  }

  /** Starts the look-up of the left row at hand; false when its key is NULL. */
  private openRow(batch: Batch): boolean {
    const at = batch.position(this.row);
    const key = this.keys.read(batch, at, this.context);
    if (key === null) return false;
    const { range } = this;
    if (range === null) {
      this.cursor.seekPrefix(key);
      return true;
    }
    return this.seekRange(range, key, batch, at);
  }

  private seekRange(range: Range, key: readonly Datum[], batch: Batch, at: number): boolean {
    const lower = range.lower === null ? undefined : range.lower(batch, at, this.context);
    const upper = range.upper === null ? undefined : range.upper(batch, at, this.context);
    if (lower === null || upper === null) return false;
    const spec: ColumnSpec = this.tree.schema.leaf[key.length]!;
    const isDescending = spec.descending === true;
    const first = isDescending ? upper : lower;
    const last = isDescending ? lower : upper;
    const firstInclusive = isDescending ? range.upperInclusive : range.lowerInclusive;
    const lastInclusive = isDescending ? range.lowerInclusive : range.upperInclusive;
    const isNullFirst = spec.nullsFirst === true;
    this.cursor.seek({
      lower: first === undefined ? (isNullFirst ? [...key, null] : key) : [...key, first],
      lowerInclusive: first === undefined ? !isNullFirst : firstInclusive,
      upper: last === undefined ? (isNullFirst ? key : [...key, null]) : [...key, last],
      upperInclusive: last === undefined ? isNullFirst : lastInclusive,
    });
    return true;
  }

  close(): void {
    this.batch = null;
    this.pending = null;
    this.fetcher = null;
    this.left.close();
  }
}

/** Where a column stands in the tree looked up in; -2 for the table's oid. */
function positionIn(node: IndexJoinNode, column: number): number {
  if (column === -2) return -2;
  return node.index === null
    ? storedPosition(node.table, column)
    : indexPosition(node.table, node.index, column);
}

function rangeOf(node: IndexJoinNode): Range | null {
  if (node.range === null) return null;
  const { lower, upper } = node.range;
  return {
    lower: lower === null ? null : evaluatorOf(lower.expr),
    lowerInclusive: lower?.inclusive ?? true,
    upper: upper === null ? null : evaluatorOf(upper.expr),
    upperInclusive: upper?.inclusive ?? true,
  };
}

/** Slots of the looked-up columns; for kinds that do not output them too. */
function lookedUpSlots(node: IndexJoinNode): readonly Slot[] {
  return node.columns.map((column) => {
    const def = node.table.columns[column < 0 ? node.table.rowIdColumn : column];
    const type = column === -2 || def === undefined ? int8Type : def.type;
    return { type, typmod: column === -2 ? -1 : (def?.typmod ?? -1) };
  });
}
