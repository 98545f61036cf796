/** sys.search_indexes: trigram indexes, what they hold and what waits to be merged into them. */
import { isSearchable, isSearchIndex, searchMode, searchTrees } from '../../exec/storage/search-stores.ts';
import type { VirtualTable } from '../../plan/logical.ts';
import type { Datum } from '../../types/vector.ts';
import { tablesOf, type VirtualContext, view } from './define.ts';

function* searchRows(context: VirtualContext): Iterable<readonly Datum[]> {
  for (const table of tablesOf(context))
    for (const index of table.indexes) {
      if (!isSearchIndex(index)) continue;
      const store = searchTrees(index);
      yield [
        table.schema,
        table.name,
        index.name,
        searchMode(index),
        isSearchable(index),
        store.postingRows(context.view),
        store.pendingRows(context.view),
        store.postingBytes(context.view),
        store.pendingBytes(context.view),
      ];
    }
}

export const searchViews: readonly VirtualTable[] = [
  view(
    'sys',
    'search_indexes',
    'schema text, table_name text, name text, mode text, is_usable bool, postings_estimated int8, pending_estimated int8, postings_bytes int8, pending_bytes int8',
    searchRows,
  ),
];
