/**
 * Finds the few rows of a rows access, one after the other, without operators.
 *
 * I1  Rows are distinct. They come by ascending row id where the access says so, else in the index's order.
 * I2  Only for few rows: `ids` says null where there are more than ROWS_MAX, and the operators do the work.
 */

import { DecentDbError } from '../../base/errors.ts';
import type { IndexDef } from '../../catalog/schema.ts';
import { isRow, lowerBound, upperBound } from '../../tree/node-search.ts';
import type { Tree } from '../../tree/tree.ts';
import { TreeCursor, WHOLE_TREE } from '../../tree/tree-cursor.ts';
import { childBefore, fetchChild, fetchRoot } from '../../tree/tree-descent.ts';
import type { TreeNode } from '../../tree/tree-node.ts';
import { TreePosition } from '../../tree/tree-position.ts';
import type { ReadView } from '../../txn/page-view.ts';
import type { SqlArray } from '../../types/array.ts';
import { datumList } from '../../types/datum-list.ts';
import type { Datum } from '../../types/vector.ts';
import type { Batch } from '../batch.ts';
import { type Evaluator, evaluatorOf } from '../interpret/evaluator.ts';
import { emptyRow } from '../operators/sources.ts';
import type { KeyPart, KeyRange } from '../physical.ts';
import { treeRanges } from '../storage/key-ranges.ts';
import { indexTree, storedPosition, tableTree } from '../storage/stored-trees.ts';
import { DatumRow, type PointContext } from './datum-row.ts';
import type { RowsAccess } from './point-plan.ts';

/** Rows fetched one by one at most. */
export const ROWS_MAX = 64;

/** Rows looked at one after the other before the end of equal keys is searched for. */
const STEPS = 4;

/** Values a key column may have; a single evaluator for the usual case. */
interface Part {
  readonly one: Evaluator | null;
  readonly list: readonly Evaluator[];
  readonly array: Evaluator | null;
}

export class FewRows {
  readonly tree: Tree;
  /** The row {@link moveTo} went to. */
  readonly position: TreePosition = new TreePosition();
  /** Where the entry of the index is, when the last look found one and knows; else its leaf is null. */
  readonly entryPosition: TreePosition = new TreePosition();
  /** Scan slots asked for of that row. */
  readonly input: DatumRow;
  /** The row that values of the key are computed from. */
  source: Batch = emptyRow;
  private readonly access: RowsAccess;
  private readonly index: Tree | null;
  private readonly parts: readonly Part[];
  private readonly filter: Evaluator | null;
  private readonly slots: readonly number[];
  /** Stored column by entry of `slots`; -1: the table's oid. */
  private readonly columns: readonly number[];
  private readonly rowIdKey: Datum[] = datumList(1);
  private readonly key: Datum[];

  /** `slots`: what the caller reads of `input`; the filter's own are added. */
  constructor(access: RowsAccess, slots: Iterable<number>) {
    const { table, index, filter } = access;
    this.access = access;
    this.tree = tableTree(table);
    this.index = index === null ? null : indexTree(table, index);
    this.parts = access.parts.map(partOf);
    this.key = datumList(this.parts.length);
    this.filter = filter === null ? null : evaluatorOf(filter);
    this.slots = [...new Set([...slots, ...access.filterSlots])];
    this.columns = this.slots.map((slot) => this.stored(access.columns[slot]!));
    this.input = new DatumRow(access.columns.length);
    for (let slot = 0; slot < access.columns.length; slot++)
      if (access.columns[slot] === -2) this.input.set(slot, table.id);
  }

  /** The tree whose ranges are walked. */
  get walked(): Tree {
    return this.index ?? this.tree;
  }

  /** The definition of the index that is looked in. */
  get indexDef(): IndexDef | null {
    return this.access.index;
  }

  /** Where a column stands in the table's leaves; -1: the table's oid, which is not stored. */
  stored(column: number): number {
    return column === -2 ? -1 : storedPosition(this.access.table, column);
  }

  /** Row ids, in the order rows are to come, before the filter; the array is the caller's. Null: too many. */
  ids(view: ReadView, context: PointContext): unknown[] | null {
    const ids: unknown[] = [];
    const { index, parts } = this;
    this.entryPosition.leaf = null;
    const isFound =
      this.access.ranges !== undefined
        ? this.within(this.access.ranges, view, ids, context)
        : index === null
          ? this.listed(parts[0]!, ids, context)
          : this.search(0, view, ids, context);
    if (!isFound) return null;
    if (this.access.isByRowId && ids.length > 1) {
      ids.sort(compareIds);
      return distinct(ids);
    }
    return ids;
  }

  /** Whether the row is one of the access; `input` then has its slots. */
  moveTo(view: ReadView, rowId: unknown, context: PointContext): boolean {
    const { tree, position, slots, columns, input, filter } = this;
    if (!this.find(view, rowId)) {
      if (this.index === null) return false;
      throw new DecentDbError(
        'XX002',
        `index "${this.access.index!.name}" refers to a row that does not exist`,
      );
    }
    const leaf = position.leaf!;
    for (let i = 0; i < slots.length; i++) {
      if (columns[i]! >= 0) input.set(slots[i]!, tree.datum(view, leaf, position.index, columns[i]!));
    }
    return filter === null || input.evaluate(filter, context) === true;
  }

  /** Sets `position` alone; false when there is no such row. */
  find(view: ReadView, rowId: unknown): boolean {
    this.rowIdKey[0] = rowId as Datum;
    return this.tree.get(view, this.rowIdKey, this.position);
  }

  /** The values listed for the row id itself. */
  private listed(part: Part, ids: unknown[], context: PointContext): boolean {
    if (part.one === null) {
      const values = valuesOf(part, this.source, context);
      for (let i = 0; i < values.length; i++) if (values[i] !== null) ids.push(values[i]);
      return ids.length <= ROWS_MAX;
    }
    const value = part.one(this.source, 0, context);
    if (value !== null) ids.push(value);
    return true;
  }

  /** The rows of ranges of the tree. False: too many rows. */
  private within(
    ranges: readonly KeyRange[] | null,
    view: ReadView,
    ids: unknown[],
    context: PointContext,
  ): boolean {
    const tree = this.walked;
    const cursor = new TreeCursor(tree, view);
    const found = ranges === null ? [WHOLE_TREE] : treeRanges(ranges, tree.schema.leaf, context);
    for (const range of found) {
      cursor.seek(range);
      while (cursor.next()) if (!this.append(cursor.leaf!, cursor.from, cursor.to, ids)) return false;
    }
    return true;
  }

  /** Every combination of values from key column `depth` on. False: too many rows. */
  private search(depth: number, view: ReadView, ids: unknown[], context: PointContext): boolean {
    const { parts, key } = this;
    if (depth === parts.length) return this.collect(view, ids);
    const part = parts[depth]!;
    if (part.one !== null) {
      const value = part.one(this.source, 0, context);
      key[depth] = value;
      return value === null || this.search(depth + 1, view, ids, context);
    }
    const values = valuesOf(part, this.source, context);
    if (values.length > ROWS_MAX) return false;
    for (let i = 0; i < values.length; i++) {
      if (values[i] === null) continue;
      key[depth] = values[i]!;
      if (!this.search(depth + 1, view, ids, context)) return false;
    }
    return true;
  }

  /** Adds the ids of the rows of `key`. */
  private collect(view: ReadView, ids: unknown[]): boolean {
    const { key } = this;
    const index = this.index!;
    const length = this.parts.length;
    let leaf = fetchRoot(index, view);
    while (leaf.level > 0) leaf = fetchChild(index, view, leaf, childBefore(leaf, key, length));
    const from = lowerBound(leaf, key, length, 0);
    let to = from;
    while (to < from + STEPS && isRow(leaf, to, key, length)) to++;
    if (to === from + STEPS) to = upperBound(leaf, key, length, to);
    // The rows may begin or go on in the next leaf.
    if (to === leaf.count) return this.collectOn(view, ids);
    this.entryPosition.leaf = to - from === 1 ? leaf : null;
    this.entryPosition.index = from;
    return this.append(leaf, from, to, ids);
  }

  private collectOn(view: ReadView, ids: unknown[]): boolean {
    const cursor = new TreeCursor(this.index!, view);
    cursor.seekPrefix(this.key);
    while (cursor.next()) if (!this.append(cursor.leaf!, cursor.from, cursor.to, ids)) return false;
    return true;
  }

  private append(leaf: TreeNode, from: number, to: number, ids: unknown[]): boolean {
    if (ids.length + to - from > ROWS_MAX) return false;
    // Row ids are never NULL and never kept elsewhere.
    const column = this.index === null ? 0 : this.index.schema.leaf.length - 1;
    for (let row = from; row < to; row++) ids.push(leaf.cell(column, row));
    return true;
  }
}

function partOf(part: KeyPart): Part {
  return {
    one: part.kind === 'equal' ? evaluatorOf(part.expr) : null,
    list: part.kind === 'in' ? part.list.map(evaluatorOf) : [],
    array: part.kind === 'inArray' ? evaluatorOf(part.array) : null,
  };
}

function valuesOf(part: Part, source: Batch, context: PointContext): readonly Datum[] {
  if (part.array === null) return part.list.map((evaluator) => evaluator(source, 0, context));
  const array = part.array(source, 0, context) as SqlArray | null;
  return array === null ? [] : array.elements;
}

function compareIds(a: unknown, b: unknown): number {
  return (a as number) < (b as number) ? -1 : (a as number) > (b as number) ? 1 : 0;
}

/** Sorted ids without repetitions, in place. */
function distinct(ids: unknown[]): unknown[] {
  let kept = 1;
  for (let i = 1; i < ids.length; i++) if (ids[i] !== ids[i - 1]) ids[kept++] = ids[i];
  ids.length = kept;
  return ids;
}
