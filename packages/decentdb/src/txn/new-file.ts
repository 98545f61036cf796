/**
 * A database file made beside its final name, and given the name only when it is whole.
 *
 * I1  The name appears complete or not at all: written and synced under another name, checked there, then renamed; the
 *     directory is synced before anybody is told.
 * I2  A database that is open, here or in another process, is never replaced: its lock is held while the name moves.
 * I3  Whatever fails, nothing stays behind.
 */
import { DecentDbError } from '../base/errors.ts';
import { randomBytes } from '../vfs/node-platform.ts';
import type { Vfs } from '../vfs/vfs.ts';
import { logPaths } from '../wal/log-file.ts';
import { checkStorage } from './check-storage.ts';
import { deleteLogs } from './database-files.ts';
import { openStorage } from './open-storage.ts';

export interface NewFileChoices {
  readonly vfs: Vfs;
  /** Replace a file that is there. Without it an existing name is refused (58P02). */
  readonly overwrite: boolean;
  /** Run while the lock of the file that is replaced is held; throws if it must not be. */
  readonly checkReplaced?: () => void;
}

/** A name beside `path` that the next opening of `path` clears away if it is left behind. */
export function draftPath(path: string): string {
  const suffix = Array.from(randomBytes(6), (byte) => byte.toString(16).padStart(2, '0')).join('');
  return `${path}-new-${suffix}`;
}

/** Refuses a name that is taken, before any work is done for it. */
export function checkTarget(path: string, { vfs, overwrite }: NewFileChoices): void {
  if (!overwrite && vfs.exists(path)) throw existsError(path);
}

/** Verifies the pages of the draft, then gives it its name. */
export function publishDraft(draft: string, path: string, choices: NewFileChoices): void {
  const { vfs } = choices;
  verifyDraft(vfs, draft);
  const file = vfs.open(draft, 'readWrite');
  try {
    file.sync('full');
  } finally {
    file.close();
  }
  const identity = choices.overwrite ? vfs.identityOf(path) : undefined;
  const lock = identity === undefined ? null : vfs.lock(path, identity, { mayCreateFile: true });
  try {
    choices.checkReplaced?.();
    vfs.rename(draft, path, { replace: choices.overwrite });
    vfs.syncDirectory(vfs.directoryOf(path));
    // The log of the file that was replaced belongs to nobody now. Before the new name is durable a crash may bring that file
    // back, and it may need its log.
    deleteLogs(vfs, path);
  } finally {
    lock?.release();
  }
}

/** Deletes what a copy that failed has left. The error that led here is the one to report. */
export function discardDraft(draft: string, vfs: Vfs): void {
  for (const name of [draft, ...logPaths(draft)]) {
    try {
      if (vfs.exists(name)) vfs.delete(name);
    } catch {
      // The next opening of the database under its final name clears it away.
    }
  }
}

function verifyDraft(vfs: Vfs, draft: string): void {
  const { engine, close } = openStorage(draft, { vfs, mode: 'readOnly' });
  try {
    const [problem] = checkStorage(engine).problems;
    if (problem !== undefined)
      throw new DecentDbError('XX001', `the copy is damaged: ${problem.message}`, {
        file: draft,
        hint: 'What was written does not read back. Check the disk; the original was not changed.',
      });
  } finally {
    close();
  }
}

function existsError(path: string): DecentDbError {
  return new DecentDbError('58P02', `"${path}" already exists`, {
    file: path,
    hint: 'Choose another name, or give { overwrite: true }.',
  });
}
