/**
 * Merging a trigram index: its noted rows are read as they are now, and the postings brought up to date.
 *
 * I1  Texts come from the same expressions that wrote the notes (dml/index-writer.ts): key columns, expressions, predicate.
 */
import { assert } from '../../base/assert.ts';
import type { EvalContext } from '../../functions/function.ts';
import type { RowSet } from '../../search/trigram/row-set.ts';
import type { WriteView } from '../../txn/page-view.ts';
import type { TsVector } from '../../types/tsvector.ts';
import type { Datum } from '../../types/vector.ts';
import { ExecContext, StatementContext } from '../context.ts';
import type { WriteTarget } from '../physical.ts';
import { lexemeStore, postingStore, searchText } from '../storage/search-stores.ts';
import { datumAt } from '../vectors.ts';
import { RowChanger } from './row-changer.ts';

/** Merges up to `rowsMax` noted rows of the target's index number `position`; returns how many there were. */
export function mergeTrigramIndex(
  target: WriteTarget,
  position: number,
  view: WriteView,
  evalContext: EvalContext,
  rowsMax: number,
): number {
  const wanted = target.indexes[position];
  assert(wanted !== undefined, 'the index belongs to the target');
  const statement = new StatementContext({ view, params: [], eval: evalContext });
  const changer = new RowChanger(target, new ExecContext(statement, [], new Map()));
  const valuesOf = <T>(rowIds: RowSet, of: (value: Datum) => T): (readonly T[] | null)[] => {
    const { vectors, count } = changer.existing(Array.from(rowIds));
    const values = changer.writer.indexValues(wanted, vectors, count);
    const found = new Map<Datum, readonly T[]>();
    const ids = vectors[target.table.columns.length]!;
    for (let i = 0; i < count; i++) {
      if (values.covered !== null && values.covered[i] !== 1) continue;
      found.set(
        datumAt(ids, i),
        values.vectors.map((vector) => of(datumAt(vector, i))),
      );
    }
    return Array.from(rowIds, (rowId) => found.get(rowId) ?? null);
  };
  const { index } = wanted;
  if (index.method === 'trigram')
    return postingStore(index).merge(view, (ids) => valuesOf(ids, searchText), rowsMax);
  return lexemeStore(index).merge(view, (ids) => valuesOf(ids, (value) => value as TsVector | null), rowsMax);
}
