/**
 * Indexes of one table left alone while many rows come in, and built anew, sorted, at the end.
 *
 * Within the transaction the table is seen without those indexes, so every statement reads and changes it correctly, though
 * not through them; `finish` puts them back and fills them. Until then nothing may commit.
 *
 * I1  The stored catalogue does not change: what a rollback brings back is the table with its indexes as they were.
 * I2  Checks are never skipped: a unique index is built at the end and refuses what is there twice (23505). One that others
 *     rely on meanwhile (a foreign key's target, a deferrable constraint) stays in use.
 */

import { assert } from '../base/assert.ts';
import { DecentDbError } from '../base/errors.ts';
import { NO_PAGE } from '../base/ids.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { referringKeys } from '../catalog/family.ts';
import { type IndexDef, keyOfIndex, type TableDef } from '../catalog/schema.ts';
import { buildIndex, truncateIndexTree } from './ddl/storage.ts';
import { ddlContext } from './run/ddl.ts';
import type { Session } from './session.ts';
import type { Transaction } from './transaction.ts';

export class DeferredIndexes {
  readonly #session: Session;
  readonly #txn: Transaction;
  readonly #before: Catalog;
  readonly #during: Catalog;
  readonly #table: TableDef;
  readonly #indexes: readonly IndexDef[];

  private constructor(session: Session, txn: Transaction, table: TableDef, indexes: readonly IndexDef[]) {
    this.#session = session;
    this.#txn = txn;
    this.#before = session.catalogOf(txn);
    this.#table = table;
    this.#indexes = indexes;
    this.#during = this.#before.withTable({
      ...table,
      indexes: table.indexes.filter((index) => !indexes.includes(index)),
    });
    txn.catalog = this.#during;
  }

  /** Leaves out the table's indexes in the open transaction; null when there is none that may be left out. */
  static begin(session: Session, tableId: number, options: { withUnique: boolean }): DeferredIndexes | null {
    const txn = session.transaction;
    assert(txn !== null, 'indexes are deferred inside a transaction');
    txn.writeView();
    const catalog = session.catalogOf(txn);
    const table = catalog.table(tableId);
    if (table === undefined) return null;
    const isReferenced = referringKeys(catalog, table).length > 0;
    const indexes = table.indexes.filter((index) => {
      if (index.root === NO_PAGE) return false;
      if (!index.unique) return true;
      return options.withUnique && !isReferenced && keyOfIndex(table, index)?.deferrable !== true;
    });
    return indexes.length === 0 ? null : new DeferredIndexes(session, txn, table, indexes);
  }

  /** The load is given up: the table is seen with its indexes again. Whoever began rolls its rows back. */
  abandon(): void {
    if (this.#txn.catalog === this.#during) this.#txn.catalog = this.#before;
  }

  /** Builds the indexes; `onIndex` is told of each before its build. */
  finish(onIndex: (name: string) => void): void {
    const txn = this.#txn;
    assert(this.#session.transaction === txn, 'deferred indexes are built in the transaction they belong to');
    if (txn.catalog !== this.#during)
      throw new DecentDbError('55006', 'the schema changed while indexes were deferred', {
        table: this.#table.name,
      });
    txn.catalog = this.#before;
    const before = this.#session.running;
    this.#session.running = txn;
    const view = txn.writeView();
    try {
      const context = ddlContext(this.#session, txn, '');
      for (const index of this.#indexes) {
        onIndex(index.name);
        // Each build may take as long as a statement.
        view.onRelief = this.#session.cancelCheck();
        truncateIndexTree(context, this.#table, index);
        buildIndex(context, this.#table, index);
      }
    } catch (error) {
      throw asInsertError(error);
    } finally {
      view.onRelief = null;
      this.#session.running = before;
    }
  }
}

/** A duplicate found by a build is worded as the INSERT would have. */
function asInsertError(error: unknown): unknown {
  if (!(error instanceof DecentDbError) || error.code !== '23505' || error.constraint === undefined)
    return error;
  error.message = `duplicate key value violates unique constraint "${error.constraint}"`;
  error.detail = error.detail?.replace(/ is duplicated\.$/, ' is there more than once.');
  return error;
}
