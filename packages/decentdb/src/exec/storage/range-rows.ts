/**
 * Row ids that ranges of a B-tree index (or of row ids) hold, as a set: what bitmap conditions combine.
 *
 * I1  Exact, and as new as the view: B-tree indexes follow their table at once.
 * I2  Null where a row id is beyond 2^53: sets are arrays of doubles.
 */
import type { TableDef } from '../../catalog/schema.ts';
import { type RowSet, sortedSet } from '../../search/trigram/row-set.ts';
import { estimateRange } from '../../tree/range-estimate.ts';
import type { Tree } from '../../tree/tree.ts';
import { TreeCursor, type KeyRange as TreeRange } from '../../tree/tree-cursor.ts';
import type { Int32Vector, Int64Vector } from '../../types/vector.ts';
import type { ExecContext } from '../context.ts';
import type { RangeCondition } from '../physical/access.ts';
import { treeRanges } from './key-ranges.ts';
import { indexPosition, indexTree, tableTree } from './stored-trees.ts';

interface Found {
  readonly tree: Tree;
  readonly ranges: readonly TreeRange[];
}

function rangesOf(table: TableDef, { index, ranges }: RangeCondition, context: ExecContext): Found {
  const tree = index === null ? tableTree(table) : indexTree(table, index);
  return { tree, ranges: treeRanges(ranges, tree.schema.leaf, context) };
}

/** About how many rows the ranges hold. */
export function rangeRowEstimate(table: TableDef, condition: RangeCondition, context: ExecContext): number {
  const { tree, ranges } = rangesOf(table, condition, context);
  const { view } = context.statement;
  return ranges.reduce((sum, range) => sum + estimateRange(tree, view, range), 0);
}

export function rangeRows(table: TableDef, condition: RangeCondition, context: ExecContext): RowSet | null {
  const { tree, ranges } = rangesOf(table, condition, context);
  const position = condition.index === null ? 0 : indexPosition(table, condition.index, -1);
  const cursor = new TreeCursor(tree, context.statement.view);
  let rows = new Float64Array(256);
  let count = 0;
  for (const range of ranges) {
    cursor.seek(range);
    while (cursor.next()) {
      context.statement.checkCancel();
      const { values } = cursor.vector(position) as Int32Vector | Int64Vector;
      const more = cursor.to - cursor.from;
      if (count + more > rows.length) {
        const grown = new Float64Array(Math.max(rows.length * 2, count + more));
        grown.set(rows);
        rows = grown;
      }
      if (values instanceof BigInt64Array) {
        for (let i = cursor.from; i < cursor.to; i++) {
          const rowId = Number(values[i]);
          if (!Number.isSafeInteger(rowId)) return null;
          rows[count++] = rowId;
        }
      } else {
        rows.set(values.subarray(cursor.from, cursor.to), count);
        count += more;
      }
    }
  }
  return sortedSet(rows.subarray(0, count));
}
