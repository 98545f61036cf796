/**
 * Texts of a table for the build of a search index, straight from the leaves: where a leaf still has a column as bytes, the bytes
 * are read and no string is made.
 *
 * I1  Rows come in ascending row id, each once, with the texts the executor would compute: only stored columns qualify.
 */
import type { IndexDef, TableDef } from '../../catalog/schema.ts';
import { storedPosition } from '../../catalog/schema.ts';
import type { PostingCollector } from '../../search/trigram/posting-collector.ts';
import type { TextBlock } from '../../tree/text-block.ts';
import { TreeCursor, WHOLE_TREE } from '../../tree/tree-cursor.ts';
import type { ReadView } from '../../txn/page-view.ts';
import type { TextVector, Vector } from '../../types/vector.ts';
import { datumAt } from '../vectors.ts';
import { tableTree } from './stored-trees.ts';

/** Whether {@link feedStoredTexts} can serve the index: plain stored columns of all rows. */
export function isFedByColumns(table: TableDef, index: IndexDef): boolean {
  return (
    index.predicateSql === null &&
    index.keys.every(({ column }) => column >= 0 && table.columns[column]?.generated !== 'virtual')
  );
}

/** `checkRowId` turns a row id into a number, or refuses it. */
export function feedStoredTexts(
  table: TableDef,
  index: IndexDef,
  view: ReadView,
  collector: PostingCollector,
  checkRowId: (rowId: unknown) => number,
): void {
  const positions = index.keys.map(({ column }) => storedPosition(table, column));
  const cursor = new TreeCursor(tableTree(table), view);
  const blocks: (TextBlock | null)[] = positions.map(() => null);
  const vectors: (TextVector | null)[] = positions.map(() => null);
  cursor.seek(WHOLE_TREE);
  while (cursor.next()) {
    const ids: Vector = cursor.vector(0);
    const numbers =
      ids.values instanceof Int32Array || ids.values instanceof Float64Array ? ids.values : null;
    for (let c = 0; c < positions.length; c++) {
      const block = cursor.leaf!.textBlock(positions[c]!);
      blocks[c] = block?.isLatin1 === true && block.nulls === null ? block : null;
      vectors[c] = blocks[c] === null ? (cursor.vector(positions[c]!) as TextVector) : null;
    }
    for (let row = cursor.from; row < cursor.to; row++) {
      collector.startRow(numbers === null ? checkRowId(datumAt(ids, row)) : numbers[row]!);
      for (let c = 0; c < positions.length; c++) {
        const block = blocks[c];
        if (block !== null && block !== undefined) {
          const { bytes, start, offsets } = block;
          collector.addLatin1(c, bytes, start + offsets[row]!, start + offsets[row + 1]!);
          continue;
        }
        const { values, nulls } = vectors[c]!;
        if (nulls === null || nulls[row] === 0) collector.addText(c, values[row]!);
      }
    }
  }
}
