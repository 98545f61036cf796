/**
 * Walks a range of a tree, a slice of a leaf at a time, forwards or backwards.
 *
 *     cursor.seek(range); while (cursor.next()) use rows cursor.from .. cursor.to - 1 of cursor.leaf
 *
 * Backwards the slices come last to first; within a slice the rows still ascend, the consumer reads them from the end.
 *
 * I1  Slices are not empty, do not overlap, and are in order of the walk.
 * I2  A slice is valid until the next write through the same view. After such a write `next` goes on behind the last key
 *     it handed out: rows inserted behind it are seen, rows deleted are not. (Statements that would chase their own
 *     inserts collect first; that is the executor's business.)
 * I3  Under a read view nothing changes, so the walk keeps its path and never searches twice.
 * I4  A walk forwards has more and more of the leaves to come read together, the further it has got.
 * I5  Leaves of a large walk may pass by (`passBy`, page-ring.ts): they are good as long as `isGood` says so of the place they were met at.
 */
import { verifyEnabled } from '../base/assert.ts';
import { PageKind } from '../pager/page-node.ts';
import { giveRing, type PageRing, takeRing } from '../pager/page-ring.ts';
import { isWriteView, type ReadView } from '../txn/page-view.ts';
import type { Datum, Vector } from '../types/vector.ts';
import { corruptedNode } from './byte-reader.ts';
import { compareKeys } from './key-order.ts';
import { lowerBound, upperBound } from './node-search.ts';
import { resolvedVector } from './resolved-vector.ts';
import { keyOfRow } from './separator.ts';
import type { Tree } from './tree.ts';
import {
  childAtOrBefore,
  childBefore,
  childLinks,
  childPage,
  childRows,
  fetchChild,
  fetchRoot,
  TreePath,
} from './tree-descent.ts';
import type { TreeNode } from './tree-node.ts';

/** Ends of a walk: whole keys or prefixes of them; null is no end. A prefix stands for all keys that begin with it. */
export interface KeyRange {
  readonly lower: readonly Datum[] | null;
  readonly lowerInclusive: boolean;
  readonly upper: readonly Datum[] | null;
  readonly upperInclusive: boolean;
}

export const WHOLE_TREE: KeyRange = { lower: null, lowerInclusive: true, upper: null, upperInclusive: true };

/** Most bytes of pages read together. */
const AHEAD_BYTES_MAX = 64 * 1024;
/** I5: a step begins so many lanes at most: a range's first leaf (with checks on), and the one behind it if the range begins there. */
const LANES_OF_STEP = 2;

export class TreeCursor {
  readonly tree: Tree;
  readonly view: ReadView;
  /** The slice: rows from .. to - 1 of the leaf. */
  leaf: TreeNode | null = null;
  from = 0;
  to = 0;
  private readonly isWrite: boolean;
  private readonly path: TreePath = new TreePath();
  private lower: readonly Datum[] | null = null;
  private lowerInclusive = true;
  private upper: readonly Datum[] | null = null;
  private upperInclusive = true;
  private isBackward = false;
  private isStarted = false;
  private isDone = true;
  /** Under a write view: the last key handed out. */
  private lastKey: readonly Datum[] | null = null;
  /** I4: how many leaves to have read next time, and up to which entry of which node that was done. */
  private ahead = 1;
  private aheadMax = 1;
  private aheadNode: TreeNode | null = null;
  private aheadEnd = 0;
  /** I5: lanes of the ring that leaves pass by in, 0 where none do; the ring, taken when it is first needed. */
  private lanes = 0;
  private isPiece = false;
  private isPassing = false;
  private ring: PageRing | null = null;

  constructor(tree: Tree, view: ReadView) {
    this.tree = tree;
    this.view = view;
    this.isWrite = isWriteView(view);
    if (!this.isWrite && view.fetchAhead !== undefined)
      this.aheadMax = Math.max(1, Math.floor(AHEAD_BYTES_MAX / view.payloadBytes));
  }

  /**
   * I5: of the walks to come, those over more leaves than the cache takes have them pass by. `lanes`: see page-ring.ts; `isPiece`: they are
   * parts of a walk over the whole tree. Until `release`.
   */
  passBy(lanes: number, isPiece: boolean): void {
    if (this.isWrite || this.view.fetchPassing === undefined) return;
    this.lanes = lanes;
    this.isPiece = isPiece;
  }

  /** Where the walk is, for {@link isGood}. */
  get lane(): number {
    return this.ring === null ? 0 : this.ring.lane;
  }

  /** Whether leaves met since `lane` was that will still be good after the next step. */
  isGood(lane: number): boolean {
    const { ring } = this;
    return ring === null || ring.lane + LANES_OF_STEP < lane + ring.lanes;
  }

  /** No leaf met so far is looked at again. */
  forget(): void {
    if (this.ring !== null && verifyEnabled()) this.ring.voidAll();
  }

  /** Ends what `passBy` began. */
  release(): void {
    this.lanes = 0;
    this.isPassing = false;
    if (this.ring === null) return;
    giveRing(this.ring);
    this.ring = null;
  }

  /** Starts a walk over the range. The cursor may be reused any number of times. */
  seek(range: KeyRange, isBackward = false): void {
    this.lower = range.lower;
    this.lowerInclusive = range.lowerInclusive;
    this.upper = range.upper;
    this.upperInclusive = range.upperInclusive;
    this.start(isBackward);
  }

  /** Starts a walk over all rows whose keys begin with `prefix`. */
  seekPrefix(prefix: readonly Datum[], isBackward = false): void {
    this.lower = prefix;
    this.lowerInclusive = true;
    this.upper = prefix;
    this.upperInclusive = true;
    this.start(isBackward);
  }

  /** Moves to the next slice; false at the end. */
  next(): boolean {
    if (this.isDone) return false;
    const found = this.isBackward ? this.nextBackward() : this.nextForward();
    if (!found) this.isDone = true;
    else if (this.isWrite && !this.isDone) {
      this.pass(keyOfRow(this.leaf!, this.isBackward ? this.from : this.to - 1));
    }
    return found;
  }

  /** A walk that comes back to where it was has met keys out of order: without this it would never end. */
  private pass(key: readonly Datum[]): void {
    const { lastKey, tree } = this;
    if (lastKey !== null) {
      const order = compareKeys(tree.schema.leaf, lastKey, key, tree.schema.keyCount);
      if (this.isBackward ? order <= 0 : order >= 0)
        throw corruptedNode(this.leaf!.pageNo, 'the keys of a tree are out of order');
    }
    this.lastKey = key;
  }

  /** A column of the slice's leaf, indexed by the leaf's rows; large values of the slice are read. */
  vector(column: number): Vector {
    const leaf = this.leaf!;
    if (!leaf.column(column).hasOverflow) return leaf.vector(column);
    return resolvedVector(this.tree, this.view, leaf, column, this.from, this.to);
  }

  private start(isBackward: boolean): void {
    this.isBackward = isBackward;
    this.isStarted = false;
    this.isDone = false;
    this.lastKey = null;
    this.leaf = null;
    this.ahead = 1;
    this.isPassing = false;
  }

  private nextForward(): boolean {
    let row: number;
    if (!this.isStarted) {
      row = this.descendLower(this.lower, this.lowerInclusive);
      this.isPassing = this.lanes > 0 && this.mayPass();
      if (this.isPassing && verifyEnabled()) this.passFirst();
    } else if (this.isWrite) row = this.descendLower(this.lastKey, false);
    else {
      this.view.validate();
      if (!this.stepRight()) return false;
      row = 0;
    }
    this.isStarted = true;
    while (row >= this.path.leaf.count) {
      if (!this.stepRight()) return false;
      row = 0;
    }
    const leaf = this.path.leaf;
    let to = leaf.count;
    const upper = this.upper;
    if (upper !== null) {
      to = this.upperInclusive
        ? upperBound(leaf, upper, upper.length, row)
        : lowerBound(leaf, upper, upper.length, row);
      if (to < leaf.count) this.isDone = true;
    }
    this.leaf = leaf;
    this.from = row;
    this.to = to;
    return row < to;
  }

  private nextBackward(): boolean {
    let to: number;
    if (!this.isStarted) to = this.descendUpper(this.upper, this.upperInclusive);
    else if (this.isWrite) to = this.descendUpper(this.lastKey, false);
    else {
      this.view.validate();
      if (!this.stepLeft()) return false;
      to = this.path.leaf.count;
    }
    this.isStarted = true;
    while (to <= 0) {
      if (!this.stepLeft()) return false;
      to = this.path.leaf.count;
    }
    const leaf = this.path.leaf;
    let from = 0;
    const lower = this.lower;
    if (lower !== null) {
      from = this.lowerInclusive
        ? lowerBound(leaf, lower, lower.length, 0)
        : upperBound(leaf, lower, lower.length, 0);
      if (from > 0) this.isDone = true;
    }
    this.leaf = leaf;
    this.from = from;
    this.to = to;
    return from < to;
  }

  /** Path to the first row at (or after) the bound; returns its row, possibly one behind the leaf's last. */
  private descendLower(bound: readonly Datum[] | null, isInclusive: boolean): number {
    const { path, tree, view } = this;
    path.clear();
    let node = fetchRoot(tree, view);
    while (node.level > 0) {
      let index = 0;
      if (bound !== null) {
        index = isInclusive
          ? childBefore(node, bound, bound.length)
          : childAtOrBefore(node, bound, bound.length);
        // A whole key that equals a separator is the first of its own child.
        if (isInclusive && bound.length === tree.schema.keyCount)
          index = childAtOrBefore(node, bound, bound.length);
      }
      path.push(node, index);
      node = fetchChild(tree, view, node, index);
    }
    path.push(node, 0);
    if (bound === null) return 0;
    return isInclusive ? lowerBound(node, bound, bound.length, 0) : upperBound(node, bound, bound.length, 0);
  }

  /** Path to the last row before (or at) the bound; returns one more than its row, possibly 0. */
  private descendUpper(bound: readonly Datum[] | null, isInclusive: boolean): number {
    const { path, tree, view } = this;
    path.clear();
    let node = fetchRoot(tree, view);
    while (node.level > 0) {
      let index = node.count - 1;
      if (bound !== null) {
        index = isInclusive
          ? childAtOrBefore(node, bound, bound.length)
          : childBefore(node, bound, bound.length);
      }
      path.push(node, index);
      node = fetchChild(tree, view, node, index);
    }
    path.push(node, 0);
    if (bound === null) return node.count;
    return isInclusive ? upperBound(node, bound, bound.length, 0) : lowerBound(node, bound, bound.length, 0);
  }

  private stepRight(): boolean {
    const { path } = this;
    for (let depth = path.depth - 2; depth >= 0; depth--) {
      const index = path.indexes[depth]! + 1;
      if (index >= path.nodes[depth]!.count) continue;
      this.descendFrom(depth, index, false);
      return true;
    }
    return false;
  }

  private stepLeft(): boolean {
    const { path } = this;
    for (let depth = path.depth - 2; depth >= 0; depth--) {
      const index = path.indexes[depth]! - 1;
      if (index < 0) continue;
      this.descendFrom(depth, index, true);
      return true;
    }
    return false;
  }

  /** Takes another entry at a depth of the path and goes down its left or right edge. */
  private descendFrom(depth: number, index: number, isRightEdge: boolean): void {
    const { path } = this;
    path.indexes[depth] = index;
    for (let d = depth; d < path.depth - 1; d++) {
      const child =
        d === path.depth - 2 && !isRightEdge
          ? this.leafAhead(path.nodes[d]!, path.indexes[d]!)
          : fetchChild(this.tree, this.view, path.nodes[d]!, path.indexes[d]!);
      path.nodes[d + 1] = child;
      path.indexes[d + 1] = isRightEdge ? child.count - 1 : 0;
    }
  }

  /** For checks: the first leaf, which comes the usual way, passes by as well. */
  private passFirst(): void {
    const { path, view, tree } = this;
    this.ring ??= takeRing(view.pageBytes!, this.lanes);
    const node = view.fetchPassing!(this.ring, [path.leaf.pageNo], 0, 1, tree.decode) as TreeNode | null;
    if (node?.schema === tree.schema) path.nodes[path.depth - 1] = node;
  }

  private leafAhead(parent: TreeNode, index: number): TreeNode {
    const passing = this.isPassing ? this.passingLeaf(parent, index) : null;
    if (passing !== null) return passing;
    this.readAhead(parent, index);
    return fetchChild(this.tree, this.view, parent, index);
  }

  /** I5: the leaf if it passes by; null where it comes the usual way. */
  private passingLeaf(parent: TreeNode, index: number): TreeNode | null {
    const { view, tree } = this;
    if (this.ring === null) {
      this.ring = takeRing(view.pageBytes!, this.lanes);
      this.ahead = 1;
    }
    const { ring } = this;
    let node = ring.find(childPage(parent, index));
    if (node === null) {
      const end = Math.min(index + Math.min(this.ahead * 2, ring.runMax), parent.count);
      node = view.fetchPassing!(ring, childLinks(parent), index, end, tree.decode);
      if (node === null) return null;
      this.ahead = Math.min(this.ahead * 2, this.aheadMax);
    }
    // A page that lies about what it is comes the usual way too, and is told of there.
    const leaf = node as TreeNode;
    return node.kind === PageKind.leaf && leaf.schema === tree.schema ? leaf : null;
  }

  /** Whether there are more leaves to come than the cache takes, as far as the nodes on the way down can tell. */
  private mayPass(): boolean {
    const { path, upper, isPiece } = this;
    if (verifyEnabled()) return true;
    for (let depth = 0; depth < path.depth - 1; depth++) {
      const node = path.nodes[depth]!;
      const from = isPiece ? 0 : path.indexes[depth]!;
      const to = isPiece || upper === null ? node.count - 1 : childAtOrBefore(node, upper, upper.length);
      if (to <= from) continue;
      let rows = 0;
      for (let i = from; i <= to; i++) rows += childRows(node, i);
      return rows > this.view.walkLeavesMax! * Math.max(1, path.leaf.count);
    }
    return false;
  }

  /** I4. */
  private readAhead(parent: TreeNode, index: number): void {
    if (this.aheadMax <= 1 || (parent === this.aheadNode && index < this.aheadEnd)) return;
    this.ahead = Math.min(this.ahead * 2, this.aheadMax);
    const end = Math.min(index + this.ahead, parent.count);
    if (end - index < 2) return;
    const read = this.view.fetchAhead!(childLinks(parent), index, end, this.tree.decode);
    this.aheadNode = parent;
    this.aheadEnd = index + read;
  }
}
