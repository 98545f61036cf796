/**
 * COPY ... FROM STDIN: data comes in pieces, rows go into the table in batches of one INSERT each.
 *
 *     new CopyIn --push--> ... --push--> finish          abort at any time
 *
 * I1  All of it or nothing: a savepoint of the open transaction, or a transaction of its own.
 * I2  Rows go the way of INSERT: defaults, checks, triggers and keys count, and identity columns take what is given.
 * I3  An error names the line of the data, and the column where one value is to blame.
 */
import { DecentDbError } from '../../base/errors.ts';
import type { ColumnDef } from '../../catalog/schema.ts';
import { ColumnStore } from '../../exec/column-store.ts';
import type { CopyStmt } from '../../sql/ast/nodes.ts';
import { parseOne } from '../../sql/parse/parse.ts';
import { printExpr } from '../../sql/print/expression.ts';
import { quoteIdentifier } from '../../sql/print/quote.ts';
import { domainBase, type SqlType } from '../../types/sql-type.ts';
import { Physical } from '../../types/vector.ts';
import { type Prepared, prepared } from '../run/prepared.ts';
import type { Session } from '../session.ts';
import { FEED_NAME, feedRows, prepareFeed } from './copy-feed.ts';
import { type CopyOptions, readCopyOptions } from './copy-options.ts';
import { type CopyField, type CopyReader, DEFAULT_FIELD, makeCopyReader } from './copy-reader.ts';
import { type CopyTable, checkForced, copyTable, relationText, typeText } from './copy-target.ts';

const BATCH_ROWS = 2048;
const SAVEPOINT = 'decentdb_copy';

export class CopyIn {
  readonly #session: Session;
  readonly #options: CopyOptions;
  readonly #target: CopyTable;
  readonly #types: readonly SqlType[];
  readonly #insert: Prepared;
  readonly #reader: CopyReader;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  readonly #ownsTransaction: boolean;
  #stores: ColumnStore[];
  #header: 'none' | 'names' | 'match';
  #inserted = 0;
  #skipped = 0;
  #isOpen = true;

  constructor(session: Session, stmt: CopyStmt) {
    session.checkOpen();
    if (session.functionDepth > 0)
      throw new DecentDbError('0A000', 'COPY FROM STDIN inside a function is not supported');
    if (stmt.filename !== null || stmt.relation === null) throw filesRefused();
    this.#session = session;
    this.#options = readCopyOptions(stmt);
    this.#ownsTransaction = session.transaction === null;
    const catalog = session.currentCatalog();
    const env = session.bindEnv(catalog);
    this.#target = copyTable(env, stmt, stmt.relation);
    const { columns } = this.#target;
    checkForced(this.#options, columns);
    this.#types = columns.map((column) => domainBase(column.type));
    prepareFeed(session);
    const sql = insertText(
      this.#target,
      this.#options,
      stmt,
      this.#types.map((type) => typeText(catalog, type)),
    );
    this.#insert = prepared(sql, parseOne(sql));
    this.#stores = this.#newStores();
    this.#header = this.#options.header;
    const { forceNotNull, forceNull } = this.#options;
    const rules = columns.map(({ name }) => ({
      isNeverNull: forceNotNull.includes('*') || forceNotNull.includes(name),
      isNullQuoted: forceNull.includes('*') || forceNull.includes(name),
    }));
    this.#reader = makeCopyReader(this.#options, rules, (fields, line) => this.#record(fields, line));
    if (this.#ownsTransaction) session.transaction = session.newTransaction(true, false, true);
    else session.transaction?.setSavepoint(SAVEPOINT, session.settings.mark());
    this.#guarded(() => session.check(this.#insert));
  }

  /** Names of the columns the data has. */
  get columns(): readonly string[] {
    return this.#target.columns.map(({ name }) => name);
  }

  /** The next piece of the data: text, or UTF-8. */
  push(piece: string | Uint8Array): void {
    this.#requireOpen();
    this.#guarded(() => this.#reader.push(typeof piece === 'string' ? piece : this.#decoded(piece, true)));
  }

  /** The data is complete: writes what is left and ends the transaction it began. Returns the rows inserted. */
  finish(): number {
    this.#requireOpen();
    this.#guarded(() => {
      const rest = this.#decoded(new Uint8Array(0), false);
      if (rest !== '') this.#reader.push(rest);
      this.#reader.end();
      this.#flush();
    });
    this.#isOpen = false;
    if (this.#ownsTransaction) this.#session.commit();
    else this.#session.transaction?.releaseSavepoint(SAVEPOINT);
    if (this.#skipped > 0) {
      const message = `${this.#skipped} row${this.#skipped === 1 ? ' was' : 's were'} skipped due to data type incompatibility`;
      this.#session.notice({ severity: 'NOTICE', code: '00000', message });
    }
    return this.#inserted;
  }

  /** Undoes it. Harmless when it is over. */
  abort(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    const { transaction } = this.#session;
    if (transaction === null) return;
    if (this.#ownsTransaction) this.#session.rollback();
    else {
      transaction.rollbackToSavepoint(SAVEPOINT);
      transaction.releaseSavepoint(SAVEPOINT);
    }
  }

  #requireOpen(): void {
    if (!this.#isOpen) throw new DecentDbError('55000', 'this COPY is over');
  }

  #guarded(action: () => void): void {
    try {
      action();
    } catch (error) {
      this.abort();
      throw error;
    }
  }

  #decoded(bytes: Uint8Array, isStream: boolean): string {
    try {
      return this.#decoder.decode(bytes, { stream: isStream });
    } catch (cause) {
      throw new DecentDbError('22021', 'invalid byte sequence for encoding "UTF8"', {
        detail: this.#place(this.#reader.line),
        cause,
      });
    }
  }

  #newStores(): ColumnStore[] {
    const stores = this.#types.map((type) => new ColumnStore(type.physical));
    // One more tells for each column of the row whether it takes its default.
    if (this.#options.defaultText !== null)
      for (const _ of this.#types) stores.push(new ColumnStore(Physical.bool));
    return stores;
  }

  #record(fields: CopyField[], line: number): void {
    if (this.#header !== 'none') {
      const isMatched = this.#header === 'match';
      this.#header = 'none';
      if (isMatched) this.#checkHeader(fields);
      return;
    }
    const { columns } = this.#target;
    if (fields.length < columns.length && !(columns.length === 0 && fields.length === 1))
      throw this.#bad('22P04', `missing data for column "${columns[fields.length]?.name}"`, line);
    if (fields.length > Math.max(columns.length, 1) || (columns.length === 0 && fields[0] !== ''))
      throw this.#bad('22P04', 'extra data after last expected column', line);
    this.#append(fields, line);
    if ((this.#stores[0]?.length ?? 0) >= BATCH_ROWS) this.#flush();
  }

  #append(fields: readonly CopyField[], line: number): void {
    const { settings } = this.#session;
    const values: (ReturnType<SqlType['input']> | null)[] = [];
    for (const [i, type] of this.#types.entries()) {
      const field = fields[i] ?? null;
      if (field === null || field === DEFAULT_FIELD) {
        values.push(null);
        continue;
      }
      try {
        values.push(type.input(field, -1, settings.types));
      } catch (error) {
        if (!(error instanceof DecentDbError)) throw error;
        if (this.#options.onError === 'ignore') {
          this.#skip(line, i, field);
          return;
        }
        error.detail ??= this.#place(line, this.#target.columns[i], field);
        throw error;
      }
    }
    for (const [i, value] of values.entries()) this.#stores[i]?.append(value);
    if (this.#options.defaultText === null) return;
    const width = this.#types.length;
    for (let i = 0; i < width; i++) this.#stores[width + i]?.append(fields[i] === DEFAULT_FIELD);
  }

  #skip(line: number, column: number, field: string): void {
    this.#skipped++;
    const { rejectLimit, isVerbose } = this.#options;
    const name = this.#target.columns[column]?.name;
    if (isVerbose)
      this.#session.notice({
        severity: 'NOTICE',
        code: '00000',
        message: `skipping row due to data type incompatibility at line ${line} for column "${name}": "${field}"`,
      });
    if (rejectLimit !== null && this.#skipped > rejectLimit)
      throw this.#bad(
        '22P02',
        `skipped more than REJECT_LIMIT (${rejectLimit}) rows due to data type incompatibility`,
        line,
      );
  }

  #flush(): void {
    const stores = this.#stores;
    const count = stores[0]?.length ?? 0;
    if (count === 0) return;
    this.#stores = this.#newStores();
    const session = this.#session;
    const outcome = feedRows(session, stores, () =>
      session.run(
        this.#insert,
        () => [],
        (rows) => {
          while (rows.next() !== null);
        },
      ),
    );
    this.#inserted += outcome.affected ?? 0;
  }

  #checkHeader(fields: readonly CopyField[]): void {
    const { columns } = this.#target;
    if (fields.length !== columns.length)
      throw this.#bad(
        '22P04',
        `wrong number of fields in header line: got ${fields.length}, expected ${columns.length}`,
        1,
      );
    for (const [i, { name }] of columns.entries()) {
      const got = fields[i];
      if (got === name) continue;
      const shown = typeof got === 'string' ? `"${got}"` : `null value ("${this.#options.nullText}")`;
      throw this.#bad(
        '22P04',
        `column name mismatch in header line field ${i + 1}: got ${shown}, expected "${name}"`,
        1,
      );
    }
  }

  #bad(code: string, message: string, line: number): DecentDbError {
    return new DecentDbError(code, message, { detail: this.#place(line) });
  }

  /** PostgreSQL's context line. */
  #place(line: number, column?: ColumnDef, value?: string): string {
    const of = `COPY ${this.#target.table.name}, line ${line}`;
    if (column === undefined) return of;
    const shown = value !== undefined && value.length > 100 ? `${value.slice(0, 100)}...` : value;
    return `${of}, column ${column.name}: "${shown}"`;
  }
}

export function filesRefused(): DecentDbError {
  return new DecentDbError('0A000', 'COPY from or to a file or program is not supported', {
    hint: 'Read or write the file yourself: copyFrom takes data, copyTo gives it.',
  });
}

function insertText(
  { table, columns }: CopyTable,
  options: CopyOptions,
  stmt: CopyStmt,
  types: readonly string[],
): string {
  const names = columns.map(({ name }) => quoteIdentifier(name));
  const definitions = names.map((name, i) => `${name} ${types[i]}`);
  let values = names;
  if (options.defaultText !== null) {
    definitions.push(...columns.map((_, i) => `decentdb_default_${i} bool`));
    values = names.map((name, i) => {
      const fallback = columns[i]?.defaultSql ?? null;
      return fallback === null ? name : `CASE WHEN decentdb_default_${i} THEN (${fallback}) ELSE ${name} END`;
    });
  }
  const alias = quoteIdentifier(stmt.relation?.alias?.aliasname ?? table.name);
  const where = stmt.whereClause === null ? '' : ` WHERE ${printExpr(stmt.whereClause)}`;
  const overriding = columns.some(({ identity }) => identity === 'always') ? ' OVERRIDING SYSTEM VALUE' : '';
  return (
    `INSERT INTO ${relationText(table)} (${names.join(', ')})${overriding} ` +
    `SELECT ${values.join(', ')} FROM ${FEED_NAME}() AS ${alias}(${definitions.join(', ')})${where}`
  );
}
