/**
 * A stored tree: rows of columns in the order of their leading key columns, each key once.
 *
 * The tree's root keeps its page number for life, so whoever knows the root (the catalogue) never has to be told of splits.
 * Reading goes through a ReadView, writing through a WriteView; a Tree holds no state of either but the write finger.
 *
 * I1  Every key is in the leaf its separators lead to; rows of a leaf ascend; leaves ascend (verify.ts checks).
 * I2  A write leaves the tree whole: a statement that throws before its first change changed nothing.
 * I3  Key columns never change in place: a new key is a delete and an insert, made by the layer above.
 */
import { assert } from '../base/assert.ts';
import type { PageNo } from '../base/ids.ts';
import type { PageDecoder } from '../pager/page-node.ts';
import type { ReadView, WriteView } from '../txn/page-view.ts';
import type { Datum, Vector } from '../types/vector.ts';
import { insertBatch } from './batch-insert.ts';
import { corruptedNode } from './byte-reader.ts';
import { KeyProbe, Probe } from './key-probe.ts';
import { shrinkNode } from './node-merge.ts';
import { NodeSchema, type TreeSchema } from './node-schema.ts';
import { isRow, lowerBound } from './node-search.ts';
import { fits, splitNode } from './node-split.ts';
import { type Cell, OverflowValue, overflowDatum } from './overflow-value.ts';
import { alwaysFits, checkKey, fitBatch, fitRow, fitsChanged, freeCells } from './row-fit.ts';
import { keyOfRow } from './separator.ts';
import {
  descend,
  editNode,
  fetchChild,
  fetchRoot,
  findLeaf,
  TreePath,
  type TreeRoot,
} from './tree-descent.ts';
import { TreeNode } from './tree-node.ts';
import { TreePosition } from './tree-position.ts';
import { WriteFinger } from './write-finger.ts';

/** Where rows are to be inserted; see {@link Tree.placeForInsert}. */
export interface InsertPlace {
  readonly leaf: TreeNode;
  readonly index: number;
  readonly upper: readonly Datum[] | null;
}

export class Tree implements TreeRoot {
  readonly root: PageNo;
  readonly schema: NodeSchema;
  readonly decode: PageDecoder;
  /** Name for messages: the index or table the tree belongs to. */
  readonly name: string;
  /** Where the last `insert` that met a duplicate found it. */
  readonly duplicate: TreePosition = new TreePosition();
  private readonly finger: WriteFinger = new WriteFinger();
  private readonly path: TreePath = new TreePath();
  private readonly probed: KeyProbe = new KeyProbe();

  constructor(root: PageNo, schema: TreeSchema, name: string) {
    this.root = root;
    const nodeSchema = new NodeSchema(schema);
    this.schema = nodeSchema;
    this.decode = (pageNo, lsn, payload) => TreeNode.decode(nodeSchema, pageNo, lsn, payload);
    this.name = name;
  }

  /** Finds the row of a whole key; false leaves `position` at the place the key would have. */
  get(view: ReadView, key: readonly Datum[], position: TreePosition): boolean {
    const leaf = findLeaf(this, view, key);
    const { keyCount } = this.schema;
    const index = lowerBound(leaf, key, keyCount, 0);
    position.leaf = leaf;
    position.index = index;
    return isRow(leaf, index, key, keyCount);
  }

  /** Whether a whole key is there; {@link duplicate} then says where. For writers: the finger often knows. */
  has(view: WriteView, key: readonly Datum[]): boolean {
    const { keyCount } = this.schema;
    const { finger, duplicate } = this;
    if (!finger.locate(view, key, keyCount)) return this.get(view, key, duplicate);
    duplicate.leaf = finger.leaf;
    duplicate.index = finger.index;
    return isRow(finger.leaf!, finger.index, key, keyCount);
  }

  /** Adds a row. False when its key is there already: `duplicate` then says where, and nothing changed. */
  insert(view: WriteView, row: readonly Datum[]): boolean {
    const { keyCount } = this.schema;
    const finger = this.finger;
    const isProbed = this.returnToProbed(view, row);
    if (!isProbed && !finger.locate(view, row, keyCount)) this.placeFinger(view, row);
    const leaf = finger.leaf!;
    const index = finger.index;
    const isAtEnd = index === leaf.count;
    if (!isProbed && !isAtEnd && isRow(leaf, index, row, keyCount)) {
      this.duplicate.leaf = leaf;
      this.duplicate.index = index;
      return false;
    }
    leaf.insertRow(index, fitRow(this.schema, view, row, this.name));
    finger.run = isAtEnd ? finger.run + 1 : 0;
    if (!fits(leaf, view.payloadBytes))
      this.split(view, row, isAtEnd && (finger.isRightmost || finger.run > 3));
    return true;
  }

  /**
   * Whether a row has the first `length` columns of `entry`; {@link duplicate} then says where one is. Where none has, an insert of
   * the same array that follows needs no search.
   */
  probe(view: WriteView, entry: readonly Datum[], length: number): Probe {
    const { finger, path, probed, duplicate } = this;
    let found: Probe;
    if (finger.locate(view, entry, this.schema.keyCount))
      found = probed.byFinger(view, finger, entry, length);
    else {
      descend(this, view, entry, path);
      found = probed.byPath(view, path, entry, length);
    }
    if (found === Probe.taken) {
      duplicate.leaf = probed.leaf;
      duplicate.index = probed.index;
    }
    return found;
  }

  /** Inserts sorted rows; see batch-insert.ts. Returns the first row that was a duplicate, or rowCount. */
  insertBatch(view: WriteView, vectors: readonly Vector[], rowCount: number, isAscending = false): number {
    return insertBatch(this, view, vectors, rowCount, isAscending);
  }

  /** The private leaf and row where a new key belongs, and the leaf's upper end; null (and `duplicate`) when it is there. */
  placeForInsert(view: WriteView, key: readonly Datum[]): InsertPlace | null {
    const { keyCount } = this.schema;
    const finger = this.finger;
    if (!finger.locate(view, key, keyCount)) this.placeFinger(view, key);
    let upper = finger.upperKey();
    if (upper === undefined) {
      this.placeFinger(view, key);
      upper = finger.upperKey() ?? null;
    }
    const leaf = finger.leaf!;
    const { index } = finger;
    if (isRow(leaf, index, key, keyCount)) {
      this.duplicate.leaf = leaf;
      this.duplicate.index = index;
      return null;
    }
    return { leaf, index, upper };
  }

  /** As {@link placeForInsert}, of a key that is there; null when it is not. */
  placeForDelete(view: WriteView, key: readonly Datum[]): InsertPlace | null {
    const { finger } = this;
    if (!this.locateForWrite(view, key)) return null;
    let upper = finger.upperKey();
    if (upper === undefined) {
      finger.clear();
      this.locateForWrite(view, key);
      upper = finger.upperKey() ?? null;
    }
    return { leaf: finger.leaf!, index: finger.index, upper };
  }

  /** After rows came into the leaf of a key. `isAppend`: all of them behind its last, at the right end of the tree. */
  settleInserted(view: WriteView, leaf: TreeNode, key: readonly Datum[], isAppend: boolean): void {
    if (!fits(leaf, view.payloadBytes)) this.split(view, key, isAppend);
  }

  /** After rows left the leaf of a key. Whether it kept the others. */
  settleRemoved(view: WriteView, leaf: TreeNode, key: readonly Datum[]): boolean {
    if (!fits(leaf, view.payloadBytes)) this.split(view, key, false);
    else if (leaf.pageNo !== this.root && (leaf.count === 0 || leaf.bound() * 4 < view.payloadBytes))
      this.shrink(view, key, leaf);
    else return true;
    return false;
  }

  /** Inserts rows from..to of the vectors, which all belong at one place. */
  insertRun(
    view: WriteView,
    place: InsertPlace,
    vectors: readonly Vector[],
    from: number,
    to: number,
    firstKey: readonly Datum[],
  ): void {
    const { leaf, index } = place;
    const isAtEnd = index === leaf.count;
    const fitted = fitBatch(this.schema, view, vectors, from, to, this.name);
    if (fitted === null) leaf.insertRows(index, vectors, from, to);
    else for (let i = 0; i < fitted.length; i++) leaf.insertRow(index + i, fitted[i]!);
    if (!fits(leaf, view.payloadBytes))
      this.split(view, firstKey, isAtEnd && (place.upper === null || to - from > 3));
  }

  /** Changes columns that are not of the key. False when there is no such row. */
  update(
    view: WriteView,
    key: readonly Datum[],
    columns: readonly number[],
    values: readonly Datum[],
  ): boolean {
    const { keyCount } = this.schema;
    if (!this.locateForWrite(view, key)) return false;
    const leaf = this.finger.leaf!;
    this.change(view, leaf, this.finger.index, columns, values);
    if (!fits(leaf, view.payloadBytes)) this.split(view, key.slice(0, keyCount), false);
    return true;
  }

  /**
   * Changes columns of the row at a position found in this view; the position must be current (no row of its leaf came or
   * went since). Saves {@link update}'s descent. Whether the rows of all leaves are where they were.
   */
  updateAt(
    view: WriteView,
    position: TreePosition,
    columns: readonly number[],
    values: readonly Datum[],
  ): boolean {
    const leaf = editNode(this, view, position.leaf!.pageNo);
    position.leaf = leaf;
    assert(position.index < leaf.count, 'a row is changed where its leaf has none');
    this.change(view, leaf, position.index, columns, values);
    if (fits(leaf, view.payloadBytes)) return true;
    this.split(view, keyOfRow(leaf, position.index), false);
    return false;
  }

  /** Removes the row of a whole key, its large values too. False when there is none. */
  delete(view: WriteView, key: readonly Datum[]): boolean {
    if (!this.locateForWrite(view, key)) return false;
    this.removeAt(view, this.finger.leaf!, this.finger.index, key);
    return true;
  }

  /**
   * As {@link delete}, for a row whose position was found in this view and is current (see {@link updateAt}). Whether the rows
   * before it are where they were.
   */
  deleteAt(view: WriteView, position: TreePosition, key: readonly Datum[]): boolean {
    const leaf = editNode(this, view, position.leaf!.pageNo);
    return this.removeAt(view, leaf, position.index, key);
  }

  /** As {@link deleteAt}, where the caller believes the row to be; false, and nothing done, when another is there. */
  deleteFound(view: WriteView, position: TreePosition, key: readonly Datum[]): boolean {
    const leaf = editNode(this, view, position.leaf!.pageNo);
    if (!isRow(leaf, position.index, key, this.schema.keyCount)) return false;
    this.removeAt(view, leaf, position.index, key);
    return true;
  }

  /** Whether the leaf kept its other rows. */
  private removeAt(view: WriteView, leaf: TreeNode, index: number, key: readonly Datum[]): boolean {
    assert(isRow(leaf, index, key, this.schema.keyCount), 'another row is at the place of the one to remove');
    this.freeRows(view, leaf, index, index + 1);
    leaf.removeRows(index, index + 1);
    return this.settleRemoved(view, leaf, key);
  }

  /** A cell's value: large values are read from their chain. */
  datum(view: ReadView, leaf: TreeNode, row: number, column: number): Datum {
    const cell = leaf.cell(column, row);
    return cell instanceof OverflowValue ? this.resolve(view, leaf, column, cell) : cell;
  }

  /** The value of an overflow marker of `leaf`. */
  resolve(view: ReadView, leaf: TreeNode, column: number, cell: OverflowValue): Datum {
    return overflowDatum(this.schema.leaf[column]!, view.readOverflow(cell.ref), leaf.pageNo);
  }

  /** Whether no row is too big for a page: only trees of very many columns have such rows. */
  alwaysFits(view: WriteView): boolean {
    return alwaysFits(this.schema, view.payloadBytes);
  }

  /** Throws 54000 when the key is too large for the tree. */
  checkKey(view: WriteView, key: readonly Datum[]): void {
    if (this.schema.variable.length > 0) checkKey(this.schema, view, key, this.name);
  }

  /** Removes all rows; the tree stays, empty. */
  truncate(view: WriteView): void {
    this.finger.clear();
    const root = fetchRoot(this, view);
    if (root.level > 0) this.freeChildren(view, root);
    else this.freeRows(view, root, 0, root.count);
    view.edit(this.root, 'tree', this.decode);
    view.install(TreeNode.empty(this.root, this.schema, 0, 16));
  }

  /** Gives back all pages, the root's too. The tree must not be used afterwards. */
  drop(view: WriteView): void {
    this.truncate(view);
    view.free(this.root);
  }

  /** Exact number of rows: visits every leaf, decodes none. */
  rowCount(view: ReadView): number {
    return this.countLeaves(view, fetchRoot(this, view));
  }

  private countLeaves(view: ReadView, node: TreeNode): number {
    if (node.level === 0) return node.count;
    let rows = 0;
    for (let i = 0; i < node.count; i++) rows += this.countLeaves(view, fetchChild(this, view, node, i));
    return rows;
  }

  /** Puts the finger where {@link probe} found the entry to belong, if that still holds. */
  private returnToProbed(view: WriteView, entry: readonly Datum[]): boolean {
    const { probed, finger, path } = this;
    if (!probed.claim(view, entry)) return false;
    if (probed.isByFinger) {
      if (!finger.isValid(view) || finger.leaf !== probed.leaf) return false;
      finger.index = probed.index;
      return true;
    }
    if (path.depth === 0 || path.leaf !== probed.leaf) return false;
    // A look for another key of this leaf may have been in between.
    path.indexes[path.depth - 1] = probed.index;
    this.fingerAtPath(view);
    return true;
  }

  /** Descends to the leaf of a key, makes it private and puts the finger on it. */
  private placeFinger(view: WriteView, key: readonly Datum[]): void {
    descend(this, view, key, this.path);
    this.fingerAtPath(view);
  }

  private fingerAtPath(view: WriteView): void {
    const { path, finger } = this;
    const depth = path.depth - 1;
    path.nodes[depth] = editNode(this, view, path.leaf.pageNo);
    const run = finger.leaf !== null && path.leaf.pageNo === finger.leaf.pageNo ? finger.run : 0;
    finger.place(view, path);
    finger.run = run;
    finger.index = path.indexes[depth]!;
  }

  /** As {@link placeFinger}, but touches nothing when there is no such row. */
  private locateForWrite(view: WriteView, key: readonly Datum[]): boolean {
    const { keyCount } = this.schema;
    const { finger, path } = this;
    if (finger.locate(view, key, keyCount)) return isRow(finger.leaf!, finger.index, key, keyCount);
    descend(this, view, key, path);
    const depth = path.depth - 1;
    if (!isRow(path.leaf, path.indexes[depth]!, key, keyCount)) return false;
    path.nodes[depth] = editNode(this, view, path.leaf.pageNo);
    finger.place(view, path);
    finger.index = path.indexes[depth]!;
    return true;
  }

  private change(
    view: WriteView,
    leaf: TreeNode,
    row: number,
    columns: readonly number[],
    values: readonly Datum[],
  ): void {
    const { schema } = this;
    let isFixed = true;
    for (let i = 0; i < columns.length; i++) {
      assert(columns[i]! >= schema.keyCount, 'key columns do not change in place');
      if (schema.isVariable[columns[i]!] === true) isFixed = false;
    }
    if (isFixed || fitsChanged(schema, view.payloadBytes, leaf, row, columns, values)) {
      for (let i = 0; i < columns.length; i++) {
        const old = isFixed ? null : leaf.cell(columns[i]!, row);
        leaf.setCell(columns[i]!, row, values[i]!);
        if (old instanceof OverflowValue) view.freeOverflow(old.ref);
      }
      return;
    }
    const cells: Cell[] = [];
    for (let i = 0; i < schema.leaf.length; i++) cells.push(leaf.cell(i, row));
    for (let i = 0; i < columns.length; i++) cells[columns[i]!] = values[i]!;
    const old = columns.map((column) => leaf.cell(column, row));
    const fitted = fitRow(schema, view, cells as readonly Datum[], this.name);
    for (let i = 0; i < fitted.length; i++) {
      if (fitted[i] !== cells[i] || columns.includes(i)) leaf.setCell(i, row, fitted[i]!);
    }
    freeCells(view, old);
  }

  private split(view: WriteView, key: readonly Datum[], isAppend: boolean): void {
    const { path } = this;
    descend(this, view, key, path);
    // The leaf just changed is private: that the way to its key ends elsewhere is what keys out of order do.
    if (!path.leaf.isPrivate) throw corruptedNode(path.leaf.pageNo, 'the keys of a tree are out of order');
    const { run } = this.finger;
    splitNode(this, view, path, path.depth - 1, isAppend);
    path.clear();
    if (!isAppend) this.finger.clear();
    else this.finger.run = run;
  }

  private shrink(view: WriteView, key: readonly Datum[], leaf: TreeNode): void {
    const { path } = this;
    descend(this, view, key, path);
    if (path.leaf !== leaf) throw corruptedNode(leaf.pageNo, 'the keys of a tree are out of order');
    shrinkNode(this, view, path, path.depth - 1);
    path.clear();
    if (!this.finger.isValid(view)) this.finger.clear();
  }

  private freeRows(view: WriteView, leaf: TreeNode, from: number, to: number): void {
    for (const column of this.schema.variable) {
      if (!leaf.cells(column).hasOverflow) continue;
      for (let row = from; row < to; row++) {
        const cell = leaf.cell(column, row);
        if (cell instanceof OverflowValue) view.freeOverflow(cell.ref);
      }
    }
  }

  private freeChildren(view: WriteView, node: TreeNode): void {
    for (let i = 0; i < node.count; i++) {
      const child = fetchChild(this, view, node, i);
      if (child.level > 0) this.freeChildren(view, child);
      else this.freeRows(view, child, 0, child.count);
      view.free(child.pageNo);
    }
  }
}

/** Makes an empty tree and returns its root page. */
export function createTree(view: WriteView, schema: TreeSchema): PageNo {
  const page = view.allocate();
  view.install(TreeNode.empty(page, new NodeSchema(schema), 0, 16));
  return page;
}
