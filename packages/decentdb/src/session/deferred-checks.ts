/**
 * Checks of deferred constraints that a transaction has yet to make: row ids by constraint.
 *
 * I1  Going back to a mark takes with it what was noted since; what was checked since is to be checked again, for the rows that
 *     made it pass may be gone.
 */
import { RowIdList } from '../exec/row-id-list.ts';
import type { DeferredCheck } from '../exec/services.ts';

/** Rows of one constraint, in the order they were noted. */
export interface PendingCheck extends Omit<DeferredCheck, 'rowIds'> {
  readonly rowIds: RowIdList;
  /** So many of them have been checked. */
  checked: number;
}

/** How much there was, constraint by constraint. */
export type DeferredMark = readonly { readonly noted: number; readonly checked: number }[];

const NOTHING: DeferredMark = [];

export class DeferredChecks {
  private readonly entries: PendingCheck[] = [];

  note({ constraintId, tableId, isLoss = false, rowIds }: DeferredCheck): void {
    let entry = this.entries.find(
      (one) => one.constraintId === constraintId && one.tableId === tableId && one.isLoss === isLoss,
    );
    if (entry === undefined) {
      entry = { constraintId, tableId, isLoss, rowIds: new RowIdList(), checked: 0 };
      this.entries.push(entry);
    }
    for (const id of rowIds) entry.rowIds.push(id);
  }

  /** Those with rows that are not checked yet. */
  get pending(): readonly PendingCheck[] {
    return this.entries.filter(({ rowIds, checked }) => checked < rowIds.length);
  }

  mark(): DeferredMark {
    if (this.entries.length === 0) return NOTHING;
    return this.entries.map(({ rowIds, checked }) => ({ noted: rowIds.length, checked }));
  }

  /** I1. */
  restore(mark: DeferredMark): void {
    this.entries.length = Math.min(this.entries.length, mark.length);
    for (const [i, entry] of this.entries.entries()) {
      const { noted, checked } = mark[i]!;
      entry.rowIds.truncate(noted);
      entry.checked = Math.min(entry.checked, checked);
    }
  }

  clear(): void {
    this.entries.length = 0;
  }
}
