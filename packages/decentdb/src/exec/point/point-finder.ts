/** Finds the one row of a point access. */

import { DecentDbError } from '../../base/errors.ts';
import { isRow, lowerBound } from '../../tree/node-search.ts';
import type { Tree } from '../../tree/tree.ts';
import { TreeCursor } from '../../tree/tree-cursor.ts';
import { childBefore, fetchChild, fetchRoot } from '../../tree/tree-descent.ts';
import { TreePosition } from '../../tree/tree-position.ts';
import type { ReadView } from '../../txn/page-view.ts';
import { datumList } from '../../types/datum-list.ts';
import type { Datum } from '../../types/vector.ts';
import { type Evaluator, evaluatorOf } from '../interpret/evaluator.ts';
import { emptyRow } from '../operators/sources.ts';
import { indexTree, tableTree } from '../storage/stored-trees.ts';
import { datumAt } from '../vectors.ts';
import type { PointContext } from './datum-row.ts';
import type { PointAccess } from './point-plan.ts';

export class PointFinder {
  readonly tree: Tree;
  readonly position: TreePosition = new TreePosition();
  private readonly access: PointAccess;
  private readonly index: Tree | null;
  private readonly keys: readonly Evaluator[];
  private readonly rowIdKey: Datum[] = datumList(1);
  private readonly key: Datum[];

  constructor(access: PointAccess) {
    this.access = access;
    this.tree = tableTree(access.table);
    this.index = access.index === null ? null : indexTree(access.table, access.index);
    this.keys = access.keys.map(evaluatorOf);
    this.key = datumList(this.keys.length);
  }

  /** Sets `position` to the row; false when there is none. */
  find(view: ReadView, context: PointContext): boolean {
    if (this.index !== null) {
      const rowId = this.findInIndex(this.index, view, context);
      if (rowId === null) return false;
      this.rowIdKey[0] = rowId;
      if (this.tree.get(view, this.rowIdKey, this.position)) return true;
      throw new DecentDbError(
        'XX002',
        `index "${this.access.index!.name}" refers to a row that does not exist`,
      );
    }
    return this.findRow(view, this.rowId(context));
  }

  /** Whether rows are found by their ids alone. */
  get isByRowId(): boolean {
    return this.index === null;
  }

  /** Level of the tree's root: 0 for a tree of one leaf. */
  rootLevel(view: ReadView): number {
    return fetchRoot(this.tree, view).level;
  }

  /** The row id that is looked for, where {@link isByRowId}. */
  rowId(context: PointContext): Datum {
    return this.keys[0]!(emptyRow, 0, context);
  }

  /** As {@link find}, of a row id. */
  findRow(view: ReadView, rowId: Datum): boolean {
    if (rowId === null) return false;
    this.rowIdKey[0] = rowId;
    return this.tree.get(view, this.rowIdKey, this.position);
  }

  private findInIndex(index: Tree, view: ReadView, context: PointContext): Datum {
    const { keys, key } = this;
    const { length } = keys;
    for (let i = 0; i < length; i++) {
      const value = keys[i]!(emptyRow, 0, context);
      if (value === null) return null;
      key[i] = value;
    }
    let leaf = fetchRoot(index, view);
    while (leaf.level > 0) leaf = fetchChild(index, view, leaf, childBefore(leaf, key, length));
    const at = lowerBound(leaf, key, length, 0);
    if (at === leaf.count) return this.findBehind(index, view);
    // Row ids are never kept elsewhere.
    return isRow(leaf, at, key, length) ? (leaf.cell(index.schema.leaf.length - 1, at) as Datum) : null;
  }

  /** The row may be the first of the next leaf. */
  private findBehind(index: Tree, view: ReadView): Datum {
    const cursor = new TreeCursor(index, view);
    cursor.seekPrefix(this.key);
    if (!cursor.next()) return null;
    return datumAt(cursor.vector(index.schema.leaf.length - 1), cursor.from);
  }
}
