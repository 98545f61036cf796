/**
 * What executing a schema statement needs from the session that runs it.
 *
 * I1  `catalog` is the write transaction's working catalogue: immutable snapshots, replaced as a whole. A savepoint keeps
 *     the reference and rolling back puts it back; the pages below return by themselves (txn/page-view.ts I4).
 * I2  `executeDdl` either does all of its statement or throws; the session then rolls back to the savepoint it set before.
 * I3  After `executeDdl` the catalogue's tree and `catalog` say the same.
 */

import type { Catalog } from '../../catalog/catalog.ts';
import type { CatalogStore, PackingView } from '../../catalog/catalog-store.ts';
import type { TableDef } from '../../catalog/schema.ts';
import type { Batch } from '../../exec/batch.ts';
import type { TriggerCall } from '../../exec/services.ts';
import type { LogicalNode } from '../../plan/logical.ts';
import type { BindEnv } from '../../sql/bind/env.ts';
import type { Datum } from '../../types/vector.ts';
import type { VfsFile } from '../../vfs/vfs.ts';
import type { SequenceCounters } from '../sequence-counters.ts';

/** A NOTICE or WARNING on its way to the user, fields as in PostgreSQL's protocol. */
export interface Notice {
  readonly severity: 'NOTICE' | 'WARNING' | 'INFO';
  readonly code: string;
  readonly message: string;
  readonly detail?: string;
  readonly hint?: string;
}

export interface DdlContext {
  /** Pages of the write transaction. */
  readonly view: PackingView;
  readonly store: CatalogStore;
  /** The working catalogue (I1); `executeDdl` assigns it. */
  catalog: Catalog;
  /** Names, settings and parameter types for binding; its `catalog` field is replaced by the working one. */
  env: BindEnv;
  /** Names that CURRENT_USER and SESSION_USER stand for. */
  readonly user: { readonly current: string; readonly session: string };
  /** Statement text, for messages that quote it. */
  readonly query: string;
  /** Values of sequences; see its I3. */
  readonly sequences: SequenceCounters;
  /** Fires a trigger of a table a schema statement works on (TRUNCATE). */
  fireTrigger(call: TriggerCall): void;
  /** Throws 55006 where an open cursor reads the table that `command` is about to change. */
  requireUnused(table: TableDef, command: string): void;
  /** A setting as SHOW gives it. */
  setting(name: string): string;
  notice(notice: Notice): void;
  /**
   * Runs a bound query within this transaction and streams its rows (datums, one per output column; the array may be
   * reused between rows). Index builds, CHECK validation, type changes and CREATE TABLE AS read through this.
   */
  run(root: LogicalNode): Iterable<readonly Datum[]>;
  /** The same as the batches they come in; a batch is valid until the next one is asked for. */
  runBatches(root: LogicalNode): Iterable<Batch>;
  /** Ends the statement where it was cancelled or took too long; cheap enough for every leaf. */
  checkCancel(): void;
  /** Makes a temporary file beside the database; whoever asked closes it. */
  readonly openTemporary: () => VfsFile;
}

export interface DdlResult {
  /** PostgreSQL's command tag: `CREATE TABLE`, `SELECT 10` (CREATE TABLE AS), ... */
  readonly commandTag: string;
}
