/**
 * The transaction a session is in, if any: its snapshot or its write transaction, its savepoints, its working catalogue.
 *
 *     none --BEGIN--> idle --first read--> reading --first write--> writing
 *                       \------------------first write-------------/
 *     any of them --COMMIT / ROLLBACK--> none          (error, if so set)--> failed --ROLLBACK--> none
 *
 * I1  The snapshot is taken by the first statement and never changes; a transaction that read and then wants to write goes on
 *     only if nobody committed in between (40001), so what it read is still true.
 * I2  A savepoint set before the first write gets its physical mark when writing begins.
 * I3  `catalog` always belongs to the view: DDL replaces both in step, rollback puts both back.
 */
import { DecentDbError } from '../base/errors.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { RowIdCounters, TriggerCall } from '../exec/services.ts';
import type { StorageEngine } from '../txn/engine.ts';
import type { SavepointMark } from '../txn/page-view.ts';
import type { ReadTxn } from '../txn/read-txn.ts';
import type { WriteTxn } from '../txn/write-txn.ts';
import { DeferredChecks, type DeferredMark } from './deferred-checks.ts';
import type { Signal } from './notifications.ts';
import type { SettingsMark } from './settings/settings.ts';

export interface Savepoint {
  readonly name: string;
  mark: SavepointMark | null;
  readonly catalog: Catalog | null;
  /** Access mode before the savepoint: comes back when it is released or rolled back to. */
  readonly isReadOnly: boolean;
  readonly settings: SettingsMark;
  readonly deferred: DeferredMark;
  readonly deferredTriggerCount: number;
  readonly signalCount: number;
  readonly deferModes: ReadonlyMap<number, boolean>;
}

/** Row ids given out in this transaction; forgotten on any rollback, for the tables then hold other rows. */
class RowIds implements RowIdCounters {
  #last = new Map<number, number>();

  get(tableId: number): number | undefined {
    return this.#last.get(tableId);
  }

  set(tableId: number, last: number): void {
    this.#last.set(tableId, last);
  }

  clear(): void {
    if (this.#last.size > 0) this.#last = new Map();
  }
}

export class Transaction {
  readonly engine: StorageEngine;
  /** Begun by BEGIN or the API; false: lives for one statement. */
  readonly isExplicit: boolean;
  /** Made around a script of several statements; a BEGIN within makes it an ordinary one. */
  isImplicit: boolean;
  isReadOnly: boolean;
  readonly startedMicros: number;
  readonly rowIds: RowIds = new RowIds();
  readonly savepoints: Savepoint[] = [];
  /** Settings as they were at the start. */
  readonly settings: SettingsMark;
  /** An error ended it (only when set to follow PostgreSQL): nothing but ROLLBACK is accepted. */
  isFailed = false;
  read: ReadTxn | null = null;
  write: WriteTxn | null = null;
  catalog: Catalog | null = null;
  readonly deferred: DeferredChecks = new DeferredChecks();
  /** Constraint triggers that wait, in the order their rows changed. */
  deferredTriggers: TriggerCall[] = [];
  /** What LISTEN, UNLISTEN and NOTIFY ask for at commit. */
  signals: Signal[] = [];
  /** SET CONSTRAINTS: by constraint id, -1 for all. */
  deferModes: ReadonlyMap<number, boolean> = new Map();
  /** Set when DDL changed the catalogue: its version is the schema cookie to publish. */
  hasSchemaChange = false;

  readonly #buildsOnTip: boolean;

  constructor(
    engine: StorageEngine,
    options: {
      isExplicit: boolean;
      isImplicit: boolean;
      isReadOnly: boolean;
      startedMicros: number;
      settings: SettingsMark;
      /** Writes on top of commits that still wait for their sync; shows nothing before they are published. */
      buildsOnTip: boolean;
    },
  ) {
    this.engine = engine;
    this.isExplicit = options.isExplicit;
    this.isImplicit = options.isImplicit;
    this.isReadOnly = options.isReadOnly;
    this.startedMicros = options.startedMicros;
    this.settings = options.settings;
    this.#buildsOnTip = options.buildsOnTip;
  }

  /** The view statements read through, taking the snapshot if none was. */
  readView(): ReadTxn | WriteTxn {
    if (this.write !== null) return this.write;
    this.read ??= this.engine.beginRead();
    return this.read;
  }

  /** The view statements write through. */
  writeView(): WriteTxn {
    if (this.write !== null) return this.write;
    if (this.isReadOnly) throw readOnlyTransaction();
    const before = this.read;
    if (before !== null && before.snapshot !== this.engine.publishedMeta().lsn) {
      throw new DecentDbError('40001', 'could not serialize access due to concurrent update', {
        detail: 'Another transaction committed after this one took its snapshot.',
        hint: 'Run the transaction again, or begin it with BEGIN and a write, or as an immediate transaction.',
      });
    }
    const write = this.engine.beginWrite({ onTip: this.#buildsOnTip });
    this.write = write;
    for (const savepoint of this.savepoints) savepoint.mark = write.savepoint();
    this.read = null;
    before?.end();
    return write;
  }

  setSavepoint(name: string, settings: SettingsMark): void {
    this.savepoints.push({
      name,
      mark: this.write?.savepoint() ?? null,
      catalog: this.catalog,
      isReadOnly: this.isReadOnly,
      settings,
      deferred: this.deferred.mark(),
      deferredTriggerCount: this.deferredTriggers.length,
      signalCount: this.signals.length,
      deferModes: this.deferModes,
    });
  }

  /** Undoes everything since the savepoint of that name, which stays. */
  rollbackToSavepoint(name: string): Savepoint {
    const at = this.#find(name);
    const savepoint = this.savepoints[at] as Savepoint;
    this.savepoints.length = at + 1;
    this.restore(savepoint);
    return savepoint;
  }

  releaseSavepoint(name: string): void {
    const at = this.#find(name);
    const savepoint = this.savepoints[at] as Savepoint;
    if (savepoint.mark !== null) this.write?.release(savepoint.mark);
    this.savepoints.length = at;
    this.isReadOnly = savepoint.isReadOnly;
  }

  /** Back to a remembered state; the mark stays usable. */
  restore(savepoint: Savepoint): void {
    if (savepoint.mark !== null) this.write?.rollbackTo(savepoint.mark);
    // Null where none had been loaded: then it is loaded again, as of what the pages are now.
    this.catalog = savepoint.catalog;
    this.deferred.restore(savepoint.deferred);
    this.deferredTriggers.length = Math.min(this.deferredTriggers.length, savepoint.deferredTriggerCount);
    this.signals.length = Math.min(this.signals.length, savepoint.signalCount);
    this.deferModes = savepoint.deferModes;
    this.isReadOnly = savepoint.isReadOnly;
    this.rowIds.clear();
  }

  /** Drops the write transaction alone, when nothing in it is worth keeping; the next statement takes a view again. */
  abandonWrite(): void {
    const { write } = this;
    if (write === null) return;
    this.write = null;
    write.rollback();
    for (const savepoint of this.savepoints) savepoint.mark = null;
    // What was read before was of the same state: the next snapshot must be too, so it is taken before anyone can commit.
    this.read = this.engine.beginRead();
  }

  /** Drops everything; harmless when it is over. */
  abandon(): void {
    this.write?.rollback();
    this.read?.end();
    this.write = null;
    this.read = null;
    this.catalog = null;
    this.deferred.clear();
    this.deferredTriggers = [];
    this.signals = [];
    this.rowIds.clear();
  }

  #find(name: string): number {
    for (let i = this.savepoints.length - 1; i >= 0; i--) if (this.savepoints[i]?.name === name) return i;
    throw new DecentDbError('3B001', `savepoint "${name}" does not exist`);
  }
}

export function readOnlyTransaction(what = 'write'): DecentDbError {
  return new DecentDbError('25006', `cannot execute ${what} in a read-only transaction`);
}
