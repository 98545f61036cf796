/**
 * Copies of an open database: `backup`, `vacuumInto`, `serialize`, and the way back.
 *
 * I1  A copy is one committed state, taken while others read and write. What the connection's own open transaction has not
 *     committed is not in it.
 * I2  A copy that is there is whole: written under another name, synced, read back and checked, then renamed (txn/new-file.ts).
 */
import { DecentDbError, invalidUse } from '../base/errors.ts';
import { HeaderState } from '../pager/meta.ts';
import { PageFile } from '../pager/page-file.ts';
import { compactCopy } from '../session/compact-copy.ts';
import { copySnapshot } from '../txn/copy-snapshot.ts';
import type { StorageEngine } from '../txn/engine.ts';
import { checkTarget, discardDraft, draftPath, publishDraft } from '../txn/new-file.ts';
import { MEMORY_PATH, openStorage } from '../txn/open-storage.ts';
import { MemoryDisk, MemoryVfs } from '../vfs/memory-vfs.ts';
import { NodeVfs } from '../vfs/node-vfs.ts';
import type { Vfs } from '../vfs/vfs.ts';
import { checkOptionNames } from './did-you-mean.ts';
import { type OperationOptions, type OperationProgress, runSteps, takeSteps } from './steps.ts';

export interface BackupProgress {
  readonly pages: number;
  readonly pagesTotal: number;
  readonly bytes: number;
  readonly bytesTotal: number;
}

export interface BackupOptions extends OperationOptions {
  /** Replace a file that is there; never one that is open. Default false. */
  readonly overwrite?: boolean;
  /** As `onProgress`, with bytes too. */
  readonly progress?: (progress: BackupProgress) => void;
  /** Pages copied before others get a turn. Default 256. */
  readonly pagesPerStep?: number;
}

export interface BackupResult {
  readonly path: string;
  readonly pages: number;
  readonly bytes: number;
}

export interface VacuumIntoOptions extends OperationOptions {
  /** Replace a file that is there; never one that is open. Default false. */
  readonly overwrite?: boolean;
  /** Called for each table done. */
  readonly progress?: (table: string, rows: number) => void;
}

export interface VacuumIntoResult {
  readonly path: string;
  readonly rows: number;
  readonly bytesBefore: number;
  readonly bytes: number;
}

const backupOptionNames = ['overwrite', 'onProgress', 'progress', 'pagesPerStep', 'signal'] as const;

/** Copies in one go. */
export function backupSync(engine: StorageEngine, path: string, options: BackupOptions): BackupResult {
  return runSteps(backupSteps(engine, path, options), options, 'the backup');
}

/** Copies step by step: between two steps the event loop turns, so others read and write. */
export async function backup(
  engine: StorageEngine,
  path: string,
  options: BackupOptions,
): Promise<BackupResult> {
  return takeSteps(backupSteps(engine, path, options), options, 'the backup', engine.options.defer);
}

function* backupSteps(
  engine: StorageEngine,
  path: string,
  options: BackupOptions,
): Generator<OperationProgress, BackupResult> {
  checkOptionNames(options, backupOptionNames, 'backup');
  const { overwrite = false, pagesPerStep = 256, progress } = options;
  if (!Number.isInteger(pagesPerStep) || pagesPerStep < 1)
    throw invalidUse(`option pagesPerStep must be a whole number from 1, not ${pagesPerStep}`);
  const target = targetOf(engine, path);
  const choices = { vfs: target.vfs, overwrite };
  checkTarget(target.path, choices);
  const draft = draftPath(target.path);
  const { pageBytes } = engine;
  let isDone = false;
  let pages = 0;
  try {
    const file = target.vfs.open(draft, 'createNew');
    try {
      for (const step of copySnapshot(engine, file, pagesPerStep)) {
        pages = step.pages;
        progress?.({ ...step, bytes: pages * pageBytes, bytesTotal: step.pagesTotal * pageBytes });
        yield { phase: 'pages', done: pages, total: step.pagesTotal };
      }
    } finally {
      file.close();
    }
    publishDraft(draft, target.path, choices);
    isDone = true;
    return { path: target.path, pages, bytes: pages * pageBytes };
  } finally {
    if (!isDone) discardDraft(draft, target.vfs);
  }
}

/** Writes a compact copy: only what is in use, in key order. */
export function* vacuumIntoSteps(
  engine: StorageEngine,
  path: string,
  options: VacuumIntoOptions,
): Generator<OperationProgress, VacuumIntoResult> {
  checkOptionNames(options, ['overwrite', 'onProgress', 'progress', 'signal'], 'vacuumInto');
  const target = targetOf(engine, path);
  const choices = { vfs: target.vfs, overwrite: options.overwrite ?? false };
  checkTarget(target.path, choices);
  const draft = draftPath(target.path);
  let isDone = false;
  try {
    const bytesBefore = engine.publishedMeta().pageCount * engine.pageBytes;
    const { rows, bytes } = yield* writeCompact(engine, draft, target.vfs, options);
    publishDraft(draft, target.path, choices);
    isDone = true;
    return { path: target.path, rows, bytesBefore, bytes };
  } finally {
    if (!isDone) discardDraft(draft, target.vfs);
  }
}

/**
 * Writes a compact copy of the file at `path` and puts it in its place: the file becomes as short as its rows allow. Nobody may
 * have it open; if somebody changed it meanwhile, it stays as it is (55006).
 *
 * @example
 * vacuumFile('app.ddb').bytes <= sizeBefore
 */
export function vacuumFile(path: string, options: VacuumFileOptions = {}): VacuumIntoResult {
  return runSteps(vacuumFileSteps(path, options), options, 'the vacuum');
}

/** The same without holding the thread: others get a turn between steps, and `signal` may come from them. */
export async function vacuumFileAsync(
  path: string,
  options: VacuumFileOptions = {},
): Promise<VacuumIntoResult> {
  return takeSteps(vacuumFileSteps(path, options), options, 'the vacuum');
}

export type VacuumFileOptions = Omit<VacuumIntoOptions, 'overwrite'>;

function* vacuumFileSteps(
  path: string,
  options: VacuumFileOptions,
): Generator<OperationProgress, VacuumIntoResult> {
  checkOptionNames(options, ['onProgress', 'progress', 'signal'], 'vacuumFile');
  const vfs = new NodeVfs();
  const target = vfs.resolve?.(path) ?? path;
  const storage = openStorage(target, { vfs, mode: 'open' });
  const draft = draftPath(target);
  let isDone = false;
  try {
    let bytesBefore: number;
    let lsn: number;
    let written: { rows: number; bytes: number };
    try {
      const { engine } = storage;
      engine.checkpoint();
      lsn = engine.publishedMeta().lsn;
      bytesBefore = engine.publishedMeta().pageCount * engine.pageBytes;
      written = yield* writeCompact(engine, draft, vfs, options);
    } finally {
      storage.close();
    }
    publishDraft(draft, target, {
      vfs,
      overwrite: true,
      checkReplaced: () => {
        if (stateAtRest(vfs, target) !== lsn)
          throw new DecentDbError('55006', `"${path}" was changed while it was vacuumed`, {
            file: path,
            hint: 'Nothing was replaced. Try again when nobody uses the database.',
          });
      },
    });
    isDone = true;
    return { path: target, rows: written.rows, bytesBefore, bytes: written.bytes };
  } finally {
    if (!isDone) discardDraft(draft, vfs);
  }
}

/** The state a file was left in by whoever closed it; null when it was not closed, or is open. */
function stateAtRest(vfs: Vfs, path: string): number | null {
  const file = vfs.open(path, 'readOnly');
  try {
    const { state, meta } = PageFile.open(file, { isSyncing: false }).header;
    return state === HeaderState.clean ? meta.lsn : null;
  } finally {
    file.close();
  }
}

function* writeCompact(
  engine: StorageEngine,
  draft: string,
  vfs: Vfs,
  { progress = () => {}, onProgress }: VacuumIntoOptions,
): Generator<OperationProgress, { rows: number; bytes: number }> {
  // Nobody relies on the draft before it is synced and checked as a whole, so its own commits need not be.
  const { pageBytes: pageSize } = engine;
  const storage = openStorage(draft, { vfs, mode: 'createNew', durability: 'none', pageSize });
  try {
    const steps = compactCopy(engine, storage.engine, progress, onProgress !== undefined);
    let rows: number | null = null;
    try {
      while (rows === null) {
        const step = steps.next();
        if (step.done === true) rows = step.value;
        else yield { phase: 'rows', ...step.value };
      }
    } finally {
      steps.return(0);
    }
    return { rows, bytes: storage.engine.publishedMeta().pageCount * pageSize };
  } finally {
    storage.close();
  }
}

/** The bytes of a database file that holds the state of now. */
export function serialize(engine: StorageEngine): Uint8Array {
  const vfs = new MemoryVfs();
  const file = vfs.open('copy', 'createNew');
  for (const _ of copySnapshot(engine, file, Number.POSITIVE_INFINITY));
  const bytes = new Uint8Array(file.size());
  file.readAt(bytes, 0);
  return bytes;
}

/** A file system in memory whose one database is `bytes`. */
export function memoryVfsOf(bytes: Uint8Array): MemoryVfs {
  if (!(bytes instanceof Uint8Array)) throw invalidUse('deserialize takes the bytes that serialize gave');
  const disk = new MemoryDisk();
  disk.create(MEMORY_PATH).write(bytes, 0);
  return new MemoryVfs(disk);
}

/** Where a copy goes: a database in memory is saved to a real file. */
function targetOf(engine: StorageEngine, path: string): { readonly vfs: Vfs; readonly path: string } {
  if (typeof path !== 'string' || path === '' || path === MEMORY_PATH)
    throw invalidUse('a copy needs the path of a file', 'For bytes in memory use db.serialize().');
  const { vfs: own } = engine.options;
  const vfs = engine.path === MEMORY_PATH && own instanceof MemoryVfs ? new NodeVfs() : own;
  const resolved = vfs.resolve?.(path) ?? path;
  const identity = vfs.identityOf(resolved);
  if (identity !== undefined && vfs === own && identity === own.identityOf(engine.path))
    throw new DecentDbError('55006', `"${path}" is the database itself`, {
      file: path,
      hint: 'Choose another name for the copy.',
    });
  return { vfs, path: resolved };
}
