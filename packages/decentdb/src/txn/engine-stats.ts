/** Figures of a storage engine, for `sys.*` views, tests and people. */
import type { Lsn } from '../base/ids.ts';
import type { CacheStats } from '../pager/node-cache.ts';
import type { Log } from '../wal/log.ts';
import type { RecoveryReport } from '../wal/recovery.ts';
import type { CheckpointStats } from './checkpointer.ts';
import type { StorageEngine } from './engine.ts';
import type { Durability } from './engine-options.ts';
import type { LockName } from './lock-order.ts';
import type { ReaderInfo } from './reader-registry.ts';
import type { WriteQueueStats } from './write-queue.ts';

export interface EngineStats {
  readonly path: string;
  readonly pageBytes: number;
  readonly pageCount: number;
  readonly freePages: number;
  readonly publishedLsn: Lsn;
  readonly durability: Durability;
  readonly commits: number;
  /** Set when writes are refused because a sync failed. */
  readonly isFailed: boolean;
  readonly hasDamagedHeaderCopy: boolean;
  readonly cache: CacheStats & { readonly oldNodeBytes: number };
  readonly log: {
    readonly generation: number;
    readonly activeBytes: number;
    readonly fileBytes: number;
    readonly lastLsn: Lsn;
    readonly durableLsn: Lsn;
    readonly isDraining: boolean;
  } | null;
  readonly index: { readonly entries: number; readonly memoryBytes: number };
  readonly unlogged: { readonly pages: number; readonly bytes: number };
  readonly writeQueue: WriteQueueStats & {
    readonly unpublished: number;
    readonly groups: number;
    readonly groupedCommits: number;
  };
  readonly checkpoint: CheckpointStats;
  readonly readers: readonly ReaderInfo[];
  readonly readersExpired: number;
  readonly readersWarned: number;
  readonly locksHeld: readonly LockName[];
  readonly recovery: RecoveryReport | undefined;
}

export function gatherStats(engine: StorageEngine, log: Log | undefined): EngineStats {
  const { pages, options } = engine;
  const meta = engine.publishedMeta();
  return {
    path: engine.path,
    pageBytes: engine.pageBytes,
    pageCount: meta.pageCount,
    freePages: meta.freePages,
    publishedLsn: meta.lsn,
    durability: options.durability,
    commits: engine.pipeline.commits,
    isFailed: engine.failureCause !== undefined,
    hasDamagedHeaderCopy: pages.pageFile.hasDamagedCopy,
    cache: { ...pages.cache.stats(), oldNodeBytes: pages.old.memoryBytes },
    log:
      log === undefined
        ? null
        : {
            generation: log.generation,
            activeBytes: log.activeBytes,
            fileBytes: log.fileBytes,
            lastLsn: log.lastLsn,
            durableLsn: log.durableLsn,
            isDraining: log.drainingLsn !== undefined,
          },
    index: { entries: pages.index.entries, memoryBytes: pages.index.memoryBytes },
    unlogged: { pages: pages.unlogged.size, bytes: engine.pipeline.pendingBytes },
    writeQueue: {
      ...engine.queue.stats(),
      unpublished: engine.pipeline.group.unpublished,
      groups: engine.pipeline.group.groups,
      groupedCommits: engine.pipeline.group.groupedCommits,
    },
    checkpoint: engine.checkpointer.stats(),
    readers: [...engine.readers.list(options.now(), options.readerWarnMs), ...otherThreads(engine)],
    readersExpired: engine.readers.expiredTotal,
    readersWarned: engine.maintenance.warnings,
    locksHeld: engine.locks.list(),
    recovery: engine.recovery,
  };
}

/** Snapshots other threads read, with negative ids. */
function otherThreads(engine: StorageEngine): ReaderInfo[] {
  const { options, sharing } = engine;
  return (sharing?.list(options.now()) ?? []).map(({ slot, snapshot, ageMs }) => ({
    id: -1 - slot,
    snapshot,
    ageMs,
    isOverWarning: ageMs > options.readerWarnMs,
  }));
}
