/**
 * Index nested loop: look-ups in a table or index for each left row.
 *
 * I1  Left order is kept; matches of one left row come in index order.
 * I2  Look-ups of a left batch are collected and their rows fetched together.
 */
import { storedPosition } from '../../catalog/schema.ts';
import type { Tree } from '../../tree/tree.ts';
import { TreeCursor } from '../../tree/tree-cursor.ts';
import { int8Type } from '../../types/integer-types.ts';
import type { ColumnSpec, Datum } from '../../types/vector.ts';
import { BATCH_ROWS, Batch, identity } from '../batch.ts';
import { ColumnStore } from '../column-store.ts';
import type { ExecContext } from '../context.ts';
import { type Evaluator, evaluateAll, evaluatorOf } from '../interpret/evaluator.ts';
import { MatchCollector, type ProbeKind } from '../join/match-collector.ts';
import type { IndexJoinNode, Slot } from '../physical.ts';
import { RowFetcher } from '../storage/row-fetcher.ts';
import { indexPosition, indexTree, tableTree } from '../storage/stored-trees.ts';
import { datumAt } from '../vectors.ts';
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
  private readonly keys: readonly Evaluator[];
  private readonly range: Range | null;
  private readonly slots: readonly Slot[];
  private context!: ExecContext;
  private collector!: MatchCollector;
  private cursor!: TreeCursor;
  private fetcher: RowFetcher | null = null;
  private batch: Batch | null = null;
  private row = 0;
  private isRowOpen = false;
  private pending: Batch | null = null;

  constructor(node: IndexJoinNode, left: Operator) {
    const { table, index } = node;
    this.node = node;
    this.left = left;
    this.tree = index === null ? tableTree(table) : indexTree(table, index);
    this.keys = node.keys.map(evaluatorOf);
    this.range = rangeOf(node);
    this.slots = lookedUpSlots(node);
  }

  open(context: ExecContext): void {
    const { node } = this;
    const { view } = context.statement;
    this.context = context;
    this.cursor = new TreeCursor(this.tree, view);
    this.fetcher =
      node.index === null || node.indexOnly
        ? null
        : new RowFetcher(node.table, node.columns, this.slots, view);
    this.batch = null;
    this.pending = null;
    this.collector = new MatchCollector(
      {
        kind: node.join as ProbeKind,
        condition: node.residual,
        probeIsLeft: true,
        probeSlots: node.left.slots,
        otherSlots: this.slots,
      },
      context,
    );
    this.left.open(context);
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
    const rows: number[] = [];
    const found = new Candidates(this.slots, this.fetcher !== null);
    while (this.row < batch.count && rows.length < BATCH_ROWS) {
      if (!this.isRowOpen && !this.openRow(batch)) {
        this.row++;
        continue;
      }
      this.isRowOpen = true;
      if (this.collector.isDecided(this.row) || !this.cursor.next()) {
        this.isRowOpen = false;
        this.row++;
        continue;
      }
      this.collect(found);
      while (rows.length < found.count) rows.push(this.row);
    }
    let output: Batch | null = null;
    if (rows.length > 0) {
      const other = found.batch(this.fetcher);
      output = this.collector.take(
        new Int32Array(rows),
        other,
        identity(0, rows.length),
        rows.length,
        this.row,
      );
    }
    if (this.row < batch.count) return output;
    this.batch = null;
    const rest = this.collector.end();
    if (output === null) return rest;
    this.pending = rest;
    return output;
  }

  /** Starts the look-up of the left row at hand; false when its key is NULL. */
  private openRow(batch: Batch): boolean {
    const at = batch.position(this.row);
    const key = evaluateAll(this.keys, batch, at, this.context);
    if (key.includes(null)) return false;
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

  /** The cursor's slice into the candidates. */
  private collect(found: Candidates): void {
    const { cursor, node } = this;
    const { from, to } = cursor;
    if (this.fetcher !== null) {
      const ids = cursor.vector(this.tree.schema.leaf.length - 1);
      for (let i = from; i < to; i++) found.ids.push(datumAt(ids, i));
      return;
    }
    node.columns.forEach((column, k) => {
      const store = found.stores[k]!;
      if (column === -2) {
        for (let i = from; i < to; i++) store.append(node.table.id);
        return;
      }
      const position =
        node.index === null
          ? storedPosition(node.table, column)
          : indexPosition(node.table, node.index, column);
      const leaf = cursor.leaf!;
      const isFew = !leaf.isDecoded(position) && (to - from) * 8 < leaf.count;
      if (isFew) {
        for (let i = from; i < to; i++) store.append(this.tree.datum(cursor.view, leaf, i, position));
      } else {
        store.appendRows(cursor.vector(position), null, from, to);
      }
    });
    found.stored += to - from;
  }

  close(): void {
    this.batch = null;
    this.pending = null;
    this.fetcher = null;
    this.left.close();
  }
}

/** Rows looked up: copied at once, or ids whose rows are fetched together. */
class Candidates {
  readonly ids: Datum[] = [];
  readonly stores: readonly ColumnStore[];
  stored = 0;
  private readonly byId: boolean;

  constructor(slots: readonly Slot[], byId: boolean) {
    this.byId = byId;
    this.stores = byId ? [] : slots.map((slot) => new ColumnStore(slot.type.physical));
  }

  get count(): number {
    return this.byId ? this.ids.length : this.stored;
  }

  batch(fetcher: RowFetcher | null): Batch {
    if (fetcher !== null) return fetcher.fetch(this.ids, this.ids.length);
    return Batch.of(
      this.stores.map((store) => store.vector()),
      this.stored,
    );
  }
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
