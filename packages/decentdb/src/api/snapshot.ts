/**
 * The database at one moment: many reads, one state, while writes go on elsewhere.
 *
 * I1  Every read sees the same commit; writing is refused (25006).
 */
import { Session } from '../session/session.ts';
import type { StorageEngine } from '../txn/engine.ts';
import type { JsOptions } from '../types/sql-type.ts';
import { checkQueryOptions, type OpenOptions, type QueryOptions } from './options.ts';
import { fieldsOf, type Result, type Row } from './result.ts';
import { collectRows, rowForm } from './result-rows.ts';
import { Statement } from './statement.ts';
import { paramSource, understand } from './statement-text.ts';
import { beginTransaction } from './transactions.ts';

export class Snapshot {
  readonly session: Session;
  readonly #js: JsOptions;

  constructor(engine: StorageEngine, js: JsOptions, options: OpenOptions) {
    this.session = new Session(engine, { settings: options.settings ?? {} });
    this.#js = js;
    beginTransaction(this.session, 'readOnly');
  }

  get open(): boolean {
    return !this.session.isClosed;
  }

  query<R = Row>(sql: string, params: readonly unknown[] = [], options: QueryOptions = {}): Result<R> {
    this.session.checkOpen();
    checkQueryOptions(options);
    const form = rowForm(options.rowMode, options.format);
    const js = this.#js;
    return understand(this.session, sql, (understood) => {
      const { prepared } = understood;
      const outcome = this.session.run(prepared, paramSource(this.session, understood, params), (rows) =>
        collectRows(rows, form, js),
      );
      const { value, columns, command } = outcome;
      return {
        rows: value as R[],
        fields: fieldsOf(columns),
        command,
        rowCount: value.length,
        affectedRows: 0,
      };
    });
  }

  prepare<R = Row>(sql: string): Statement<R> {
    this.session.checkOpen();
    return understand(this.session, sql, (understood) => {
      if (understood.prepared.compiled === null) this.session.check(understood.prepared);
      return new Statement<R>(this, sql, understood);
    });
  }

  jsOptions(): JsOptions {
    return this.#js;
  }

  /** Gives the snapshot back. Idempotent. */
  close(): void {
    this.session.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}
