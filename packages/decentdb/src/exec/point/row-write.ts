/**
 * Writes the changed columns of one row found, and moves its index entries.
 *
 * I1  Foreign keys and unique keys are checked before the first write.
 */

import { storedPosition } from '../../catalog/schema.ts';
import type { Tree } from '../../tree/tree.ts';
import type { TreePosition } from '../../tree/tree-position.ts';
import type { WriteView } from '../../txn/page-view.ts';
import { datumList } from '../../types/datum-list.ts';
import type { Datum } from '../../types/vector.ts';
import type { IndexWriter } from '../dml/index-writer.ts';
import type { DatumRow, PointContext } from './datum-row.ts';
import type { ParentKeys } from './parent-keys.ts';
import { indexColumns, type RowRules } from './row-rules.ts';

/** What becomes of a row and of its index entries, once everything was checked. */
export interface CheckedChange {
  readonly values: readonly Datum[];
  readonly moves: readonly IndexMove[] | null;
}

interface IndexMove {
  readonly writer: IndexWriter;
  readonly before: Datum[] | null;
  readonly after: Datum[] | null;
}

const noWriters: readonly IndexWriter[] = [];

export class RowWrite {
  /** Columns written: those set and those generated. */
  readonly written: readonly number[];
  /** Indexes the written columns touch. */
  readonly touched: readonly number[];
  readonly touchesUnique: boolean;
  private readonly rules: RowRules;
  readonly parents: ParentKeys;
  private readonly positions: readonly number[];

  constructor(rules: RowRules, columns: readonly number[], parents: ParentKeys) {
    const { target } = rules;
    this.rules = rules;
    this.parents = parents;
    this.written = [...columns, ...target.generated.map((one) => one.column)];
    this.positions = this.written.map((column) => storedPosition(target.table, column));
    const changed = new Set([...this.written, ...target.virtual.map((one) => one.column)]);
    this.touched = target.indexes.flatMap((_, k) => {
      const needed = indexColumns(target, k);
      return [...needed].some((column) => changed.has(column)) ? [k] : [];
    });
    this.touchesUnique = this.touched.some((k) => target.indexes[k]!.index.unique);
  }

  /** Columns of the old row that index entries and foreign keys are made of. */
  inputs(): number[] {
    const { rules, touched, parents } = this;
    return [...touched.flatMap((k) => [...indexColumns(rules.target, k)]), ...parents.columns];
  }

  /** `current` has passed its rules; `old` is read only for touched indexes and foreign keys. 23505, 23503. */
  check(view: WriteView, old: DatumRow, current: DatumRow, context: PointContext): CheckedChange {
    const { rules, touched, parents, written } = this;
    const values = datumList(written.length);
    for (let i = 0; i < written.length; i++) values[i] = current.get(written[i]!);
    const writers = touched.length === 0 ? noWriters : rules.writersFor(view);
    const rowId = old.get(rules.rowIdSlot);
    let moves: IndexMove[] | null = null;
    for (let i = 0; i < touched.length; i++) {
      const k = touched[i]!;
      const before = rules.entry(k, old, context);
      const after = rules.entry(k, current, context);
      if (before !== null && after !== null && isSame(before, after)) continue;
      const writer = writers[k]!;
      if (after !== null) writer.checkSize(after);
      if (after !== null && writer.findConflict(after, rowId) !== null)
        throw writer.violation(after, context.eval.typeSettings);
      moves ??= [];
      moves.push({ writer, before, after });
    }
    if (parents.count > 0) parents.check(view, current, old, context);
    return { values, moves };
  }

  /** Makes a change. Whether the rows of the table's leaves are where they were. */
  write(view: WriteView, tree: Tree, position: TreePosition, change: CheckedChange): boolean {
    const { values, moves } = change;
    const isInPlace = tree.updateAt(view, position, this.positions, values);
    if (moves === null) return isInPlace;
    for (let i = 0; i < moves.length; i++) {
      const { writer, before } = moves[i]!;
      if (before !== null) writer.delete(before);
    }
    for (let i = 0; i < moves.length; i++) {
      const { writer, after } = moves[i]!;
      if (after !== null) writer.insert(after);
    }
    return isInPlace;
  }
}

/** Whether two entries are stored alike: -0 is not 0, which an index shows. */
function isSame(a: readonly Datum[], b: readonly Datum[]): boolean {
  for (let i = 0; i < a.length; i++) if (!Object.is(a[i], b[i])) return false;
  return true;
}
