/**
 * Turns what a platform throws into catalogued errors.
 *
 * I1  Every errno maps to one SQLSTATE; one that is not in the table is 58030 (io_error).
 * I2  The message says what was tried, on which path, and names the system call and the errno.
 */
import { DecentDbError } from '../base/errors.ts';

/** What the platform's errors carry; node:fs errors have this shape. */
export interface PlatformError {
  readonly code?: string;
  readonly syscall?: string;
  readonly message?: string;
}

interface ErrnoEntry {
  readonly sqlstate: string;
  readonly text: string;
  readonly hint?: string;
}

const DISK_FULL_HINT = 'Free some space, then run the statement again: the database itself is unharmed.';
const TOO_MANY_HINT = 'Close files or raise the limit on open files.';

const ERRNO: Readonly<Record<string, ErrnoEntry>> = {
  ENOSPC: { sqlstate: '53100', text: 'no space left on device', hint: DISK_FULL_HINT },
  EDQUOT: { sqlstate: '53100', text: 'disk quota exceeded', hint: DISK_FULL_HINT },
  EFBIG: { sqlstate: '53100', text: 'file too large', hint: 'The file system limits the size of a file.' },
  EIO: { sqlstate: '58030', text: 'input/output error' },
  EBADF: { sqlstate: '58030', text: 'bad file descriptor' },
  ENODEV: { sqlstate: '58030', text: 'no such device' },
  ENXIO: { sqlstate: '58030', text: 'no such device or address' },
  ENOENT: { sqlstate: '58P01', text: 'no such file or directory' },
  ENOTDIR: { sqlstate: '58P01', text: 'a part of the path is not a directory' },
  EEXIST: { sqlstate: '58P02', text: 'file already exists' },
  EACCES: { sqlstate: '42501', text: 'permission denied' },
  EPERM: { sqlstate: '42501', text: 'operation not permitted' },
  EROFS: {
    sqlstate: '25006',
    text: 'read-only file system',
    hint: 'Open the database with mode "readOnly".',
  },
  EISDIR: { sqlstate: '42809', text: 'is a directory' },
  ENOTREG: { sqlstate: '42809', text: 'not a regular file' },
  ENAMETOOLONG: { sqlstate: '22023', text: 'file name too long' },
  ELOOP: { sqlstate: '58P01', text: 'too many symbolic links' },
  EMFILE: { sqlstate: '53000', text: 'too many open files in this process', hint: TOO_MANY_HINT },
  ENFILE: { sqlstate: '53000', text: 'too many open files in the system', hint: TOO_MANY_HINT },
  ENOMEM: { sqlstate: '53200', text: 'out of memory' },
};

/** The catalogued error for a failed file operation; `what` completes "could not ...". */
export function ioError(what: string, path: string, cause: unknown): DecentDbError {
  const { code, syscall, message } = (cause ?? {}) as PlatformError;
  const entry = code === undefined ? undefined : ERRNO[code];
  const text = entry?.text ?? message ?? String(cause);
  const where = [syscall, code].filter((part) => part !== undefined).join(', ');
  return new DecentDbError(
    entry?.sqlstate ?? '58030',
    `could not ${what} "${path}": ${text}${where === '' ? '' : ` (${where})`}`,
    { file: path, errno: code, hint: entry?.hint, cause },
  );
}

/** An errno raised by our own code: a check that stands for the system's. */
export function errnoError(what: string, path: string, code: string, syscall: string): DecentDbError {
  return ioError(what, path, { code, syscall });
}

/** Whether a system call should simply be made again. */
export function isTransient(error: unknown): boolean {
  const code = (error as PlatformError | undefined)?.code;
  return code === 'EINTR' || code === 'EAGAIN';
}
