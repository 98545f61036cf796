/**
 * Merging a search index: what its noted rows are now.
 *
 * I1  Texts come from the same expressions that wrote the notes (dml/index-writer.ts): key columns, expressions, predicate.
 */
import { assert } from '../../base/assert.ts';
import type { EvalContext } from '../../functions/function.ts';
import type { ValuesOf } from '../../search/posting-changes.ts';
import type { WriteView } from '../../txn/page-view.ts';
import type { Datum } from '../../types/vector.ts';
import { ExecContext, StatementContext } from '../context.ts';
import type { WriteTarget } from '../physical.ts';
import { searchedValue } from '../storage/item-search.ts';
import { datumAt } from '../vectors.ts';
import { RowChanger } from './row-changer.ts';

/** Gives the values that index number `position` of the target has for rows as a transaction sees them now. */
export function indexedValues(
  target: WriteTarget,
  position: number,
  view: WriteView,
  evalContext: EvalContext,
): ValuesOf {
  const wanted = target.indexes[position];
  assert(wanted !== undefined, 'the index belongs to the target');
  const statement = new StatementContext({ view, params: [], eval: evalContext });
  const changer = new RowChanger(target, new ExecContext(statement, [], new Map()));
  return (rowIds) => {
    const { vectors, count } = changer.existing(Array.from(rowIds));
    const values = changer.writer.indexValues(wanted, vectors, count);
    const found = new Map<Datum, readonly Datum[]>();
    const ids = vectors[target.table.columns.length]!;
    for (let i = 0; i < count; i++) {
      if (values.covered !== null && values.covered[i] !== 1) continue;
      found.set(
        datumAt(ids, i),
        values.vectors.map((vector, key) => searchedValue(wanted.index, key, datumAt(vector, i))),
      );
    }
    return Array.from(rowIds, (rowId) => found.get(rowId) ?? null);
  };
}
