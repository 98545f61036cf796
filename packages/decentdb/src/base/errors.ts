/**
 * The one error class users meet, and the one bugs throw.
 *
 * I1  Every failure that leaves the engine is a `DecentDbError` with an SQLSTATE, or an `AssertionFailure` (a bug).
 * I2  The field names are those of PostgreSQL's error protocol, so that code written for `pg` keeps working.
 * I3  `cause` is never dropped.
 *
 * Must never happen here: formatting that itself throws (an error about an error hides the first one).
 */

/** Optional fields of an error, named as in PostgreSQL's error and notice message fields. */
export interface ErrorFields {
  /** 1-based character position in the SQL text. */
  readonly position?: number | undefined;
  readonly detail?: string | undefined;
  readonly hint?: string | undefined;
  readonly schema?: string | undefined;
  readonly table?: string | undefined;
  readonly column?: string | undefined;
  readonly dataType?: string | undefined;
  readonly constraint?: string | undefined;
  /** The SQL text the position refers to. */
  readonly query?: string | undefined;
  /** Path of the file the failure is about. */
  readonly file?: string | undefined;
  /** Page number the failure is about. */
  readonly page?: number | undefined;
  /** Name of the system call, for I/O failures (`ENOSPC`, `EIO`, ...). */
  readonly errno?: string | undefined;
  readonly cause?: unknown;
}

/**
 * Every failure the engine reports.
 *
 * `code` and `sqlstate` both hold the five-character SQLSTATE (PostgreSQL Appendix A).
 *
 * @example
 * try { db.exec('SELECT * FROM nowhere'); }
 * catch (error) { if (error instanceof DecentDbError) console.log(error.code, error.format()); }
 */
export class DecentDbError extends Error {
  readonly code: string;
  readonly severity: 'ERROR' = 'ERROR';
  position: number | undefined;
  detail: string | undefined;
  hint: string | undefined;
  schema: string | undefined;
  table: string | undefined;
  column: string | undefined;
  dataType: string | undefined;
  constraint: string | undefined;
  query: string | undefined;
  file: string | undefined;
  page: number | undefined;
  errno: string | undefined;

  constructor(code: string, message: string, fields: ErrorFields = {}) {
    super(message, fields.cause === undefined ? undefined : { cause: fields.cause });
    this.name = 'DecentDbError';
    this.code = code;
    this.position = fields.position;
    this.detail = fields.detail;
    this.hint = fields.hint;
    this.schema = fields.schema;
    this.table = fields.table;
    this.column = fields.column;
    this.dataType = fields.dataType;
    this.constraint = fields.constraint;
    this.query = fields.query;
    this.file = fields.file;
    this.page = fields.page;
    this.errno = fields.errno;
  }

  /** The same as `code`: the name other drivers use. */
  get sqlstate(): string {
    return this.code;
  }

  /** Message with the offending line, a caret under the position, detail and hint: what a shell prints. */
  format(): string {
    const lines = [`${this.severity}:  ${this.message}`];
    if (this.query !== undefined && this.position !== undefined)
      lines.push(...caretLines(this.query, this.position));
    if (this.detail !== undefined) lines.push(`DETAIL:  ${this.detail}`);
    if (this.hint !== undefined) lines.push(`HINT:  ${this.hint}`);
    lines.push(`SQLSTATE: ${this.code}`);
    return lines.join('\n');
  }
}

/** A violated invariant: always a bug in the engine, never the user's fault. SQLSTATE XX000. */
export class AssertionFailure extends DecentDbError {
  constructor(message: string, fields: ErrorFields = {}) {
    super('XX000', `internal invariant violated: ${message}`, {
      hint: 'This is a bug in DecentDB. The transaction was not committed. Please report it with the statement that caused it.',
      ...fields,
    });
    this.name = 'AssertionFailure';
  }
}

function caretLines(query: string, position: number): string[] {
  const at = Math.min(Math.max(position - 1, 0), query.length);
  const start = query.lastIndexOf('\n', at - 1) + 1;
  const newline = query.indexOf('\n', at);
  const end = newline === -1 ? query.length : newline;
  const lineNo = query.slice(0, start).split('\n').length;
  const prefix = `LINE ${lineNo}: `;
  const from = Math.max(start, at - 60);
  const shown = query.slice(from, Math.min(end, at + 60)).replace(/\t/g, ' ');
  return [prefix + shown, ' '.repeat(prefix.length + at - from) + '^'];
}

/** Feature the grammar knows but the engine does not run (SQLSTATE 0A000). `what` completes "... is not supported". */
export function notSupported(what: string, position?: number): DecentDbError {
  return new DecentDbError('0A000', `${what} is not supported`, { position });
}

/** Damage found in a file (SQLSTATE XX001): names the file and the page, never repairs. */
export function dataCorrupted(message: string, file: string, page?: number, cause?: unknown): DecentDbError {
  const where = page === undefined ? file : `page ${page} of ${file}`;
  return new DecentDbError('XX001', `${message} (${where})`, {
    file,
    page,
    cause,
    hint: 'Do not write to this file. Run "decentdb check" on a copy, and restore a backup or salvage it with "decentdb recover".',
  });
}

/** Misuse of the JavaScript API (SQLSTATE 22023): wrong option, wrong argument. A closed connection is 08003. */
export function invalidUse(message: string, hint?: string): DecentDbError {
  return new DecentDbError('22023', message, { hint });
}
