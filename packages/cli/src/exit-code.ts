/**
 * Exit codes of the `decentdb` command. They are part of its contract: docs/cli.md lists them.
 */
import { DecentDbError } from 'decentdb';

export const EXIT = {
  ok: 0,
  /** A statement failed, or a row of a file could not be loaded. */
  statement: 1,
  /** What `diff` compared is not the same. */
  different: 1,
  /** The command line itself is wrong: unknown option, missing argument. */
  usage: 2,
  /** `check` found damage. */
  damaged: 3,
  /** The database or an input file could not be opened: missing, not a database, newer format, locked, not permitted. */
  cannotOpen: 4,
  /** Reading or writing failed: disk full, I/O error. */
  io: 5,
  /** A bug in DecentDB. */
  internal: 70,
  /** Ctrl-C. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A wrong command line, found by a command rather than by the argument parser. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** A file named on the command line that cannot be read. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

/** Results could not be written: the disk is full, or fails. */
export class WriteFailure extends Error {
  override readonly name = 'WriteFailure';
}

/** The database itself could not be opened; `cause` says why. */
export class OpenFailure extends Error {
  override readonly name = 'OpenFailure';
}

/** The exit code an error leads to, by where it happened and its SQLSTATE. */
export function exitCodeOf(error: unknown): ExitCode {
  if (error instanceof UsageError) return EXIT.usage;
  if (error instanceof InputError) return EXIT.cannotOpen;
  if (error instanceof WriteFailure) return EXIT.io;
  if (error instanceof OpenFailure) {
    const code = exitCodeOf(error.cause);
    const isReadFailure = error.cause instanceof DecentDbError && error.cause.errno !== undefined;
    return code === EXIT.statement || (code === EXIT.io && !isReadFailure) ? EXIT.cannotOpen : code;
  }
  if (!(error instanceof DecentDbError)) return EXIT.internal;
  if (error.code === 'XX001' || error.code === 'XX002') return EXIT.damaged;
  if (error.code.startsWith('XX')) return EXIT.internal;
  return error.code === '58030' || error.code === '53100' ? EXIT.io : EXIT.statement;
}
