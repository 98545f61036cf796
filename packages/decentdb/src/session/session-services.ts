/** What the executor asks of the session while a data-changing statement runs. */
import { DecentDbError } from '../base/errors.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { WriteTarget } from '../exec/physical.ts';
import type { DeferredCheck, RowIdCounters, SessionServices, TriggerCall } from '../exec/services.ts';
import { writeTargetFor } from '../plan/emit/write.ts';
import type { BindEnv } from '../sql/bind/env.ts';
import type { Datum } from '../types/vector.ts';
import { fireTrigger } from './fire-trigger.ts';
import type { Session } from './session.ts';
import type { Transaction } from './transaction.ts';

export class SessionServicesOf implements SessionServices {
  readonly rowIds: RowIdCounters;
  readonly #session: Session;
  readonly txn: Transaction;
  readonly catalog: Catalog;
  #env: BindEnv | null = null;

  constructor(session: Session, txn: Transaction, catalog: Catalog) {
    this.#session = session;
    this.txn = txn;
    this.catalog = catalog;
    this.rowIds = txn.rowIds;
  }

  writeTarget(tableId: number): WriteTarget {
    const table = this.catalog.table(tableId);
    if (table === undefined)
      throw new DecentDbError('XX000', `table ${tableId} is not in the catalogue of the plan`);
    this.#env ??= this.#session.bindEnv(this.catalog);
    const env = this.#env;
    return writeTargetFor(table, { tableExpressions: (t) => this.#session.shared.tableExpressions(t, env) });
  }

  isDeferred(constraintId: number): boolean {
    return isDeferredNow(this.txn, this.catalog, constraintId);
  }

  fireTrigger(call: TriggerCall): readonly Datum[] | null {
    return fireTrigger(this.#session, this.txn, this.catalog, call);
  }

  defer(_constraintId: number, check: DeferredCheck): void {
    this.txn.deferred.note(check);
  }
}

/** SET CONSTRAINTS decides, else how the constraint was declared. */
export function isDeferredNow(txn: Transaction, catalog: Catalog, constraintId: number): boolean {
  const constraint = findConstraint(catalog, constraintId);
  if (constraint === undefined || !constraint.deferrable) return false;
  return txn.deferModes.get(constraintId) ?? txn.deferModes.get(-1) ?? constraint.initiallyDeferred;
}

function findConstraint(catalog: Catalog, id: number) {
  for (const table of catalog.tables.values()) for (const c of table.constraints) if (c.id === id) return c;
  return undefined;
}
