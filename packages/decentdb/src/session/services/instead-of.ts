/** INSTEAD OF triggers of a view for one row: the row they leave, or NULL when one drops it. */

import { DecentDbError } from '../../base/errors.ts';
import { insteadOfTriggers, type RowEvent, viewAsTable } from '../../catalog/view-table.ts';
import type { Datum } from '../../types/vector.ts';
import { fireTrigger } from '../fire-trigger.ts';
import { runningOf, type SessionService } from './service.ts';

type Row = readonly Datum[];

export const insteadOfServices: Readonly<Record<string, SessionService>> = {
  fireInsteadOf(session, [viewId, event, oldRow, newRow]) {
    const txn = runningOf(session);
    const catalog = session.catalogOf(txn);
    const view = catalog.views.get(viewId as number);
    if (view === undefined)
      throw new DecentDbError('XX000', `view ${String(viewId)} is not in the catalogue`);
    const before = (oldRow ?? null) as unknown as Row | null;
    let after = (newRow ?? null) as unknown as Row | null;
    const table = viewAsTable(view);
    let answer: Row | null = after ?? before;
    for (const trigger of insteadOfTriggers(view, event as RowEvent)) {
      answer = fireTrigger(session, txn, catalog, {
        trigger,
        table,
        event: event as RowEvent,
        oldRow: before,
        newRow: after,
        oldRows: null,
        newRows: null,
      });
      if (answer === null) return null;
      if (after !== null) after = answer;
    }
    return answer as unknown as Datum;
  },
};
