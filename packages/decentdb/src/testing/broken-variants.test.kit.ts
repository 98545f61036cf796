/**
 * The engine, broken on purpose: what the crash machine, the simulator and the damage sweeps must catch.
 *
 * Each variant replaces one method for the time of a hunt. Production code has no seam for it and pays nothing.
 *
 * I1  `breakIt` returns what puts the method back; nothing stays broken after a hunt.
 */
import type { Lsn, PageNo } from '../base/ids.ts';
import { NodeCache } from '../pager/node-cache.ts';
import { PageFile } from '../pager/page-file.ts';
import { viewOf } from '../pager/page-layout.ts';
import { Tree } from '../tree/tree.ts';
import { Checkpointer } from '../txn/checkpointer.ts';
import { CommitPipeline } from '../txn/commit-pipeline.ts';
import { CommittedPages } from '../txn/committed-pages.ts';
import { StorageEngine } from '../txn/engine.ts';
import { ReadTxn } from '../txn/read-txn.ts';
import { ReaderRegistry } from '../txn/reader-registry.ts';
import { Savepoints } from '../txn/savepoints.ts';
import { SpillLedger } from '../txn/spilled-pages.ts';
import { WriteTxn } from '../txn/write-txn.ts';
import { FaultyVfs } from '../vfs/faulty/faulty-vfs.ts';
import { Checkpoint } from '../wal/checkpoint.ts';
import { FrameBuffer } from '../wal/frame-buffer.ts';
import { Log } from '../wal/log.ts';
import { LogFile } from '../wal/log-file.ts';
import { FileWindow } from '../wal/log-scan.ts';
import { VersionIndex } from '../wal/version-index.ts';

export interface BrokenVariant {
  readonly name: string;
  /**
   * Who goes hunting: crash workloads whose name contains the text (`groups`: those of asynchronous writers; `nested`: with crashes
   * inside recovery), the simulator, or flipped bits.
   */
  readonly hunt:
    | { readonly crash: string }
    | { readonly nested: string }
    | { readonly groups: string }
    | 'simulate'
    | 'flips'
    | 'readFlips';
  breakIt(): () => void;
}

/** Members that types hide; a broken variant reaches behind them. */
type Inside = Record<string, never> & { [name: string]: unknown };
type Method = (this: Inside, ...args: never[]) => unknown;

/** Replaces a method or getter; the new one gets the old one. */
function replace(
  owner: { readonly prototype: object },
  name: string,
  make: (original: (self: object, ...args: unknown[]) => unknown) => Method,
): () => void {
  const before = Object.getOwnPropertyDescriptor(owner.prototype, name);
  if (before === undefined) throw new RangeError(`there is no method ${name} to break`);
  const original = (self: object, ...args: unknown[]): unknown =>
    ((before.get ?? before.value) as (...args: unknown[]) => unknown).apply(self, args);
  const broken = make(original);
  const after =
    before.get === undefined ? { ...before, value: broken } : { ...before, get: broken as () => unknown };
  Object.defineProperty(owner.prototype, name, after);
  return () => void Object.defineProperty(owner.prototype, name, before);
}

/** Tries again what failed, as if nothing had happened. */
function retrying(original: (self: object, ...args: unknown[]) => unknown, flag: string): Method {
  return function (this: Inside, ...args: never[]) {
    try {
      return original(this, ...args);
    } catch {
      (this as Inside)[flag] = false as never;
      return original(this, ...args);
    }
  };
}

const durability: readonly BrokenVariant[] = [
  {
    name: 'the log is not synced at commit',
    hunt: { crash: 'autocommit inserts' },
    breakIt: () =>
      replace(
        Log,
        'sync',
        () =>
          function (this: Inside, lsn: Lsn) {
            this['isDirty'] = false as never;
            this['durable'] = lsn as never;
          },
      ),
  },
  {
    name: 'a commit is published before its sync',
    hunt: { crash: 'autocommit inserts' },
    breakIt: () =>
      replace(
        CommitPipeline,
        'commit',
        (original) =>
          function (this: Inside, txn: WriteTxn) {
            const host = this['host'] as unknown as { setPublishedMeta(meta: unknown): void };
            if (!txn.isUnchanged) host.setPublishedMeta(txn.metaAt((txn.base.lsn + 1) as Lsn));
            return original(this, txn);
          } as Method,
      ),
  },
  {
    name: 'the directory is not synced',
    hunt: { crash: 'one commit' },
    breakIt: () => replace(FaultyVfs, 'syncDirectory', () => () => {}),
  },
  {
    name: 'the page file is not synced',
    hunt: { crash: 'a checkpoint after each commit' },
    breakIt: () => replace(PageFile, 'sync', () => () => {}),
  },
  {
    name: 'the checkpoint writes its header before its pages are synced',
    hunt: { crash: 'checkpoint' },
    breakIt: () =>
      replace(
        Checkpoint,
        'advance',
        (original) =>
          function (this: Inside, ...args: never[]) {
            if (this['stage'] !== 'sync') return original(this, ...args);
            this['isSynced'] = true as never;
            this['stage'] = 'header' as never;
            return undefined;
          },
      ),
  },
  {
    name: 'a checkpoint goes on before its sync off the event loop has ended',
    hunt: { groups: 'event loop' },
    breakIt: () => replace(PageFile, 'syncAsync', () => () => Promise.resolve()),
  },
  {
    name: 'commits that share a sync are acknowledged before it',
    hunt: { groups: 'group commit' },
    breakIt: () => replace(LogFile, 'syncAsync', () => () => Promise.resolve()),
  },
  {
    name: 'the second copy of the header is not synced before the log is released',
    hunt: { nested: 'a commit at every step of a checkpoint' },
    breakIt: () =>
      replace(
        Checkpoint,
        'noteSynced',
        (original) =>
          function (this: Inside) {
            original(this);
            if (this['stage'] !== 'secondSync') return;
            (this['source'] as unknown as { pageFile: PageFile }).pageFile.endHeader();
            this['stage'] = 'done' as never;
          },
      ),
  },
  {
    name: 'new pages that were never written stay as the disk has them',
    hunt: { crash: 'new pages freed before' },
    breakIt: () =>
      replace(
        Checkpoint,
        'extend',
        () =>
          function (this: Inside, meta: { readonly pageCount: number }) {
            const { pageFile } = this['source'] as unknown as { pageFile: PageFile };
            const want = meta.pageCount * pageFile.pageBytes;
            if (pageFile.file.size() < want) pageFile.file.truncate(want);
          } as Method,
      ),
  },
  {
    name: 'the log ends at the first frame that was read badly',
    hunt: 'readFlips',
    breakIt: () => replace(FileWindow, 'forget', () => () => {}),
  },
  {
    name: 'a failed log sync is tried again',
    hunt: { crash: 'a failed log sync' },
    breakIt: () => replace(Log, 'sync', (original) => retrying(original, 'isFailed')),
  },
  {
    name: 'a failed sync of the page file is tried again',
    hunt: { crash: 'syncs that fail once' },
    breakIt: () => replace(PageFile, 'sync', (original) => retrying(original, 'hasFailedSync')),
  },
  {
    name: 'a failed commit is left readable in the log',
    hunt: { crash: 'reach the log whole' },
    breakIt: () =>
      replace(
        Log,
        'rewind',
        () =>
          function (this: Inside) {
            this['isOpen'] = false as never;
          },
      ),
  },
  {
    name: 'recovery copies what may only be in the cache',
    hunt: { crash: 'a checkpoint after each commit' },
    breakIt: () =>
      replace(
        StorageEngine,
        'rewriteRecovered',
        (original) =>
          function (this: Inside, recovered: object) {
            return original(this, { ...recovered, sure: undefined });
          } as Method,
      ),
  },
  {
    name: 'flush does nothing (deferred durability)',
    hunt: { crash: 'deferred commits, flushed' },
    breakIt: () => replace(CommitPipeline, 'syncLog', () => () => {}),
  },
];

const log: readonly BrokenVariant[] = [
  {
    name: 'the log is reset before it was copied',
    hunt: { crash: 'log switches' },
    breakIt: () =>
      replace(
        Log,
        'switchFiles',
        (original) =>
          function (this: Inside) {
            original(this);
            this['isOtherNeeded'] = false as never;
          },
      ),
  },
  {
    name: 'the header names a newer log than recovery needs',
    hunt: { crash: 'at every step of a checkpoint' },
    breakIt: () =>
      replace(
        Log,
        'oldestGenerationAfter',
        () =>
          function (this: Inside) {
            return (this as unknown as Log).generation + 1;
          },
      ),
  },
  {
    name: 'a commit frame counts one page too few',
    hunt: { crash: 'autocommit inserts' },
    breakIt: () =>
      replace(
        FrameBuffer,
        'addCommit',
        (original) =>
          function (this: Inside, meta: never, lsn: never, pages: number) {
            return original(this, meta, lsn, pages - 1);
          } as Method,
      ),
  },
  {
    name: 'the version index forgets one commit too many',
    hunt: { crash: 'checkpoint' },
    breakIt: () =>
      replace(
        VersionIndex,
        'dropThrough',
        (original) =>
          function (this: Inside, lsn: number) {
            return original(this, lsn + 1);
          } as Method,
      ),
  },
  {
    name: 'the index gives the newest version, whatever the snapshot',
    hunt: 'simulate',
    breakIt: () =>
      replace(
        VersionIndex,
        'find',
        (original) =>
          function (this: Inside, page: PageNo) {
            return original(this, page, (this['baseLsn'] as unknown as number) + 2 ** 32);
          } as Method,
      ),
  },
  {
    name: 'frames are read without their checksum',
    hunt: 'readFlips',
    breakIt: () =>
      replace(
        LogFile,
        'readFrame',
        () =>
          function (this: Inside, offset: number, _page: number, lsn: number) {
            const { file } = this as unknown as LogFile;
            const bytes = new Uint8Array(2048);
            file.readAt(bytes, offset);
            const length = viewOf(bytes).getUint32(16, true);
            return { lsn, kind: bytes[21], usedBytes: length, payload: bytes.subarray(40, 40 + length) };
          } as Method,
      ),
  },
  {
    name: 'log files stay open',
    hunt: { crash: 'one commit' },
    breakIt: () => replace(Log, 'close', () => () => {}),
  },
];

const snapshots: readonly BrokenVariant[] = [
  {
    name: 'a checkpoint goes past the oldest reader',
    hunt: { crash: 'a reader that holds the log' },
    breakIt: () =>
      replace(
        Checkpointer,
        'safeState',
        () =>
          function (this: Inside) {
            return (this['host'] as unknown as StorageEngine).publishedMeta();
          },
      ),
  },
  {
    name: 'an expired reader goes on reading',
    hunt: 'simulate',
    breakIt: () => {
      const restoreValidate = replace(ReadTxn, 'validate', () => () => {});
      const restoreFetch = replace(
        ReadTxn,
        'fetch',
        (original) =>
          function (this: Inside, ...args: never[]) {
            const read = this as unknown as ReadTxn;
            const { state } = read;
            read.state = 0;
            try {
              return original(this, ...args);
            } finally {
              read.state = state;
            }
          },
      );
      return () => {
        restoreFetch();
        restoreValidate();
      };
    },
  },
  {
    name: 'readers never expire',
    hunt: { crash: 'readers that expire' },
    breakIt: () => replace(ReaderRegistry, 'expire', () => () => 0),
  },
  {
    name: 'nobody knows of the readers of deferred commits',
    hunt: 'simulate',
    breakIt: () => replace(ReaderRegistry, 'newestLsn', () => () => -1),
  },
  {
    name: 'the cache keeps the version before a commit',
    hunt: 'simulate',
    breakIt: () => replace(NodeCache, 'publish', () => () => {}),
  },
  {
    name: 'a spilled page leaves its old node in the cache',
    hunt: { crash: 'spill' },
    breakIt: () => replace(CommittedPages, 'supersede', () => () => {}),
  },
];

const undo: readonly BrokenVariant[] = [
  {
    name: 'savepoints forget what pages were',
    hunt: { crash: 'savepoints' },
    breakIt: () => replace(Savepoints, 'keep', () => () => {}),
  },
  {
    name: 'a released savepoint takes its undo with it',
    hunt: { crash: 'savepoints' },
    breakIt: () =>
      replace(
        Savepoints,
        'release',
        () =>
          function (this: Inside, mark: { depth: number }) {
            (this['layers'] as unknown as unknown[]).length = mark.depth - 1;
          } as Method,
      ),
  },
  {
    name: 'the free list is outside of savepoints',
    hunt: 'simulate',
    breakIt: () =>
      replace(
        WriteTxn,
        'rollbackTo',
        (original) =>
          function (this: Inside, mark: never) {
            const { freeListHead, freePages } = this['draft'] as unknown as {
              freeListHead: number;
              freePages: number;
            };
            original(this, mark);
            Object.assign(this['draft'] as unknown as object, { freeListHead, freePages });
          },
      ),
  },
  {
    name: 'a rollback leaves private pages in the cache',
    hunt: 'simulate',
    breakIt: () =>
      replace(
        WriteTxn,
        'rollback',
        (original) =>
          function (this: Inside) {
            const txn = this as unknown as WriteTxn;
            const pages = (txn as unknown as { pages: CommittedPages }).pages;
            for (const entry of txn.changes().values()) {
              if ('encode' in entry && entry.pageNo < txn.base.pageCount) pages.cache.publish(entry);
            }
            return original(this);
          },
      ),
  },
  {
    name: 'spilled frames that a savepoint took back count',
    hunt: { crash: 'savepoints in transactions that spill' },
    breakIt: () => replace(SpillLedger, 'isLatest', () => () => true),
  },
  {
    name: 'pages spilled and then left unchanged keep the spilled content',
    hunt: { crash: 'spill' },
    breakIt: () => replace(SpillLedger, 'pages', () => () => [][Symbol.iterator]()),
  },
];

const space: readonly BrokenVariant[] = [
  {
    name: 'large values are not given back',
    hunt: { crash: 'large values' },
    breakIt: () => replace(WriteTxn, 'freeOverflow', () => () => {}),
  },
  {
    name: 'a page is put on the free list twice',
    hunt: { crash: 'deletes that merge' },
    breakIt: () =>
      replace(
        WriteTxn,
        'free',
        (original) =>
          function (this: Inside, page: never) {
            original(this, page);
            if ((page as number) % 5 === 0) original(this, page);
          },
      ),
  },
  {
    name: 'free pages are handed out and kept on the list',
    hunt: 'simulate',
    breakIt: () =>
      replace(
        WriteTxn,
        'allocate',
        (original) =>
          function (this: Inside) {
            const draft = this['draft'] as unknown as { freePages: number; freeListHead: number };
            const { freePages } = draft;
            const page = original(this);
            if (freePages > 1 && (page as number) % 4 === 0) draft.freePages = freePages;
            return page;
          },
      ),
  },
  {
    name: 'now and then a delete removes nothing',
    hunt: 'simulate',
    breakIt: () =>
      replace(
        Tree,
        'delete',
        (original) =>
          function (this: Inside, view: never, key: readonly number[]) {
            return key[0] === 7 ? true : original(this, view, key);
          } as Method,
      ),
  },
  {
    name: 'pages are read without their checksum',
    hunt: 'flips',
    breakIt: () =>
      replace(
        PageFile,
        'tryReadPage',
        () =>
          function (this: Inside, page: number) {
            const file = this as unknown as PageFile;
            const bytes = new Uint8Array(file.pageBytes);
            file.file.readAt(bytes, page * file.pageBytes);
            const view = viewOf(bytes);
            const usedBytes = view.getUint32(20, true);
            return {
              lsn: view.getUint32(8, true),
              kind: bytes[16],
              usedBytes,
              payload: bytes.subarray(24, 24 + usedBytes),
            };
          } as Method,
      ),
  },
];

export const brokenVariants: readonly BrokenVariant[] = [
  ...durability,
  ...log,
  ...snapshots,
  ...undo,
  ...space,
];
