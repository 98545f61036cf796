/**
 * A scan that skips: of the rows that agree on the first key columns of an index it reads the first, and where asked the last
 * with a value in the next key column.
 *
 * I1  Every combination of the prefix comes out, once where the last row is not asked for: who groups above gets the same groups, and
 *     the same least and greatest values of the next column, as from all rows.
 * I2  A combination ends in the leaf at hand, or is left by one descent: small groups cost no more than a walk.
 */
import { assert } from '../../base/assert.ts';
import { upperBound } from '../../tree/node-search.ts';
import type { Tree } from '../../tree/tree.ts';
import { TreeCursor, WHOLE_TREE } from '../../tree/tree-cursor.ts';
import type { TreeNode } from '../../tree/tree-node.ts';
import type { Datum } from '../../types/vector.ts';
import { BATCH_ROWS, type Batch } from '../batch.ts';
import type { FilterProgram } from '../compile/filter-program.ts';
import type { ExecContext } from '../context.ts';
import type { ScanNode } from '../physical.ts';
import { type LeafRowColumns, LeafRows } from '../storage/leaf-rows.ts';
import { indexPosition, indexTree } from '../storage/stored-trees.ts';
import { filterProgram, type Operator } from './operator.ts';

/** Rows of the first batch; later ones take more. */
const FIRST_ROWS = 64;

export class SkipScanOperator implements Operator {
  private readonly node: ScanNode;
  private readonly tree: Tree;
  private readonly prefix: number;
  private readonly readsLast: boolean;
  private readonly filter: FilterProgram | null;
  private context!: ExecContext;
  private cursor!: TreeCursor;
  private last!: TreeCursor;
  private columns!: LeafRowColumns;
  private isOpen = false;
  private at = 0;
  private rowsMax = FIRST_ROWS;

  constructor(node: ScanNode) {
    const { table, index, skip } = node;
    assert(index !== null && skip !== undefined && node.path === 'indexOnly', 'a skip scan reads an index');
    assert(node.sample === null && node.ranges === null, 'a skip scan reads the whole index');
    this.node = node;
    this.tree = indexTree(table, index);
    this.prefix = skip.prefix;
    this.readsLast = skip.last;
    this.filter = node.filter === null ? null : filterProgram(node.filter);
  }

  open(context: ExecContext): void {
    const { node, tree } = this;
    const { view } = context.statement;
    this.context = context;
    this.cursor = new TreeCursor(tree, view);
    this.last = new TreeCursor(tree, view);
    this.columns = {
      tree,
      view,
      slots: node.slots,
      positions: node.columns.map((column) =>
        column === -2 ? -2 : indexPosition(node.table, node.index!, column),
      ),
      constant: node.table.id,
    };
    this.cursor.seek(WHOLE_TREE);
    this.isOpen = this.cursor.next();
    this.at = this.cursor.from;
    this.rowsMax = FIRST_ROWS;
  }

  next(): Batch | null {
    while (this.isOpen) {
      this.context.statement.checkCancel();
      const rows = new LeafRows(this.columns, this.rowsMax);
      while (this.isOpen && rows.count < this.rowsMax) this.readGroup(rows);
      this.rowsMax = Math.min(BATCH_ROWS, this.rowsMax * 4);
      const batch = rows.batch();
      const kept = this.filter === null ? batch : this.filter.run(batch, this.context);
      if (kept !== null) return kept;
    }
    return null;
  }

  /** Adds the rows of the group at hand and goes to the next. */
  private readGroup(rows: LeafRows): void {
    const { cursor, prefix } = this;
    const leaf = cursor.leaf!;
    const key = prefixOf(leaf, this.at, prefix);
    rows.add(leaf, this.at);
    const end = Math.min(cursor.to, upperBound(leaf, key, prefix, this.at));
    if (this.readsLast) this.readLast(rows, leaf, key, end);
    if (end < cursor.to) {
      this.at = end;
      return;
    }
    cursor.seek({ lower: key, lowerInclusive: false, upper: null, upperInclusive: true });
    this.isOpen = cursor.next();
    this.at = cursor.from;
  }

  /** The next key column ascends and has its NULLs last. */
  private readLast(rows: LeafRows, leaf: TreeNode, key: readonly Datum[], end: number): void {
    const { cursor, last, prefix } = this;
    if (end < cursor.to && leaf.column(prefix).cell(end - 1) !== null) {
      if (end - 1 > this.at) rows.add(leaf, end - 1);
      return;
    }
    last.seek({ lower: key, lowerInclusive: true, upper: [...key, null], upperInclusive: false }, true);
    if (last.next()) rows.add(last.leaf!, last.to - 1);
  }

  close(): void {
    this.isOpen = false;
  }
}

function prefixOf(leaf: TreeNode, row: number, length: number): Datum[] {
  const key: Datum[] = [];
  for (let i = 0; i < length; i++) key.push(leaf.column(i).cell(row) as Datum);
  return key;
}
