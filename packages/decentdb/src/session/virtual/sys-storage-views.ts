/** sys.log, sys.cache, sys.readers, sys.locks, sys.checkpoints, sys.write_queue: the storage engine as rows. */
import type { VirtualTable } from '../../plan/logical.ts';
import { LockRank } from '../../txn/lock-order.ts';
import type { Datum } from '../../types/vector.ts';
import { type VirtualContext, view } from './define.ts';

type Row = readonly Datum[];

function* readerRows({ engine }: VirtualContext): Iterable<Row> {
  for (const reader of engine.stats().readers)
    yield [reader.id, reader.snapshot, reader.ageMs, reader.isOverWarning];
}

function* logRows({ engine }: VirtualContext): Iterable<Row> {
  const { log, index, publishedLsn, durability, unlogged } = engine.stats();
  yield [
    durability,
    publishedLsn,
    log?.durableLsn ?? publishedLsn,
    log?.generation ?? null,
    log?.activeBytes ?? 0,
    log?.fileBytes ?? 0,
    log?.isDraining ?? false,
    index.entries,
    index.memoryBytes,
    unlogged.pages,
  ];
}

function* cacheRows({ engine }: VirtualContext): Iterable<Row> {
  const { cache } = engine.stats();
  const { bytes, bytesMax, nodes, hits, misses, evictions, oldNodeBytes } = cache;
  yield [bytes, bytesMax, nodes, hits, misses, evictions, oldNodeBytes];
}

function* lockRows({ engine }: VirtualContext): Iterable<Row> {
  const held = engine.locks.list();
  for (const [name, rank] of Object.entries(LockRank)) yield [name, rank, held.some((one) => one === name)];
}

function* checkpointRows({ engine }: VirtualContext): Iterable<Row> {
  const { checkpoint } = engine.stats();
  const failure = engine.checkpointer.lastFailure;
  yield [
    checkpoint.completed,
    checkpoint.pagesCopied,
    checkpoint.isRunning,
    checkpoint.checkpointedLsn,
    checkpoint.runningPages,
    checkpoint.runningCopied,
    failure === undefined ? null : String(failure),
  ];
}

function* writeQueueRows({ engine }: VirtualContext): Iterable<Row> {
  const { writeQueue } = engine.stats();
  yield [
    writeQueue.waiting,
    writeQueue.waitingMax,
    writeQueue.isBusy,
    writeQueue.unpublished,
    writeQueue.groups,
    writeQueue.groupedCommits,
    writeQueue.timeouts,
    writeQueue.refused,
    writeQueue.joined,
  ];
}

export const storageViews: readonly VirtualTable[] = [
  view('sys', 'readers', 'id int8, snapshot int8, age_ms float8, is_over_warning bool', readerRows),
  view(
    'sys',
    'log',
    'durability text, published_lsn int8, durable_lsn int8, generation int8, active_bytes int8, file_bytes int8, is_draining bool, index_entries int8, index_bytes int8, unlogged_pages int8',
    logRows,
  ),
  view(
    'sys',
    'cache',
    'bytes int8, bytes_max int8, nodes int8, hits int8, misses int8, evictions int8, old_bytes int8',
    cacheRows,
  ),
  view('sys', 'locks', 'name text, rank int4, is_held bool', lockRows),
  view(
    'sys',
    'checkpoints',
    'completed int8, pages_copied int8, is_running bool, checkpointed_lsn int8, running_pages int8, running_copied int8, last_failure text',
    checkpointRows,
  ),
  view(
    'sys',
    'write_queue',
    'waiting int8, waiting_max int8, is_busy bool, unpublished int8, groups int8, grouped_commits int8, timeouts int8, refused int8, joined int8',
    writeQueueRows,
  ),
];
