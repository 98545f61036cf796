/**
 * The two sides of a differential run: DecentDB and the reference, asked the same way.
 *
 * I1  Every value is PostgreSQL's text form or null, so that types cannot hide a difference.
 * I2  A failure is its SQLSTATE; anything that is not a catalogued error is thrown on.
 */

export type Row = readonly (string | null)[];

export type Answer =
  | { readonly kind: 'rows'; readonly rows: readonly Row[] }
  | { readonly kind: 'error'; readonly code: string; readonly message: string };

export interface Engine {
  readonly name: string;
  ask(sql: string): Promise<Answer>;
  /** Empties the database. */
  reset(): Promise<void>;
  close(): Promise<void>;
}

/** Turns what an engine threw into an answer; rethrows what has no SQLSTATE. */
export function errorAnswer(error: unknown): Answer {
  const { code, message } = error as { code?: unknown; message?: unknown };
  if (typeof code !== 'string' || !/^[0-9A-Z]{5}$/.test(code)) throw error;
  return { kind: 'error', code, message: String(message) };
}
