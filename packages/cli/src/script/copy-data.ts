/**
 * COPY in a script: the data lines of `COPY ... FROM STDIN`, and what `COPY ... TO STDOUT` gives.
 *
 * I1  Data in the text format without options, as pg_dump writes it, goes the way of a bulk load; with options it is COPY's.
 * I2  All rows of a COPY or none, though they come in parts: a transaction, or a savepoint of the open one, is around them.
 * I3  Identity columns take the values they have in the data, as COPY gives them.
 */
import { type Database, DecentDbError } from 'decentdb';
import { UsageError } from '../exit-code.ts';
import type { CopyItem } from './statement-reader.ts';

const COPY_HEAD = /^\s*copy\s+((?:"(?:[^"]|"")*"|[^\s("]+)+)\s*(\([^)]*\))?\s+from\s+stdin\s*([\s\S]*)$/i;
const NAME = /"(?:[^"]|"")*"|[^,\s]+/g;

const SAVEPOINT = 'decentdb_copy_parts';

/** Loads COPY blocks, whole or in parts. */
export class CopyBlocks {
  readonly #db: Database;
  #rows = 0;
  #ownsTransaction = false;
  /** A part of the block was refused: what is left of it is passed over. */
  #hasFailed = false;

  constructor(db: Database) {
    this.#db = db;
  }

  /** Loads a block or a part; the rows of the whole block once it is all there, else null. */
  load(item: CopyItem): number | null {
    const { part } = item;
    if (part === undefined) return loadCopyData(this.#db, item);
    if (part.before === 0) this.#begin();
    if (this.#hasFailed) return null;
    try {
      if (item.data.length > 0) this.#rows += loadCopyData(this.#db, item);
      if (!part.isLast) return null;
      this.#db.exec(this.#ownsTransaction ? 'COMMIT' : `RELEASE ${SAVEPOINT}`);
      return this.#rows;
    } catch (error) {
      this.#hasFailed = true;
      this.#undo();
      throw error;
    }
  }

  #begin(): void {
    this.#rows = 0;
    this.#hasFailed = false;
    this.#ownsTransaction = !this.#db.inTransaction;
    this.#db.exec(this.#ownsTransaction ? 'BEGIN' : `SAVEPOINT ${SAVEPOINT}`);
  }

  #undo(): void {
    if (!this.#db.inTransaction) return;
    this.#db.exec(
      this.#ownsTransaction ? 'ROLLBACK' : `ROLLBACK TO ${SAVEPOINT}; RELEASE SAVEPOINT ${SAVEPOINT}`,
    );
  }
}

/** Loads the rows of a COPY block and returns how many there were. */
export function loadCopyData(db: Database, item: CopyItem): number {
  const head = COPY_HEAD.exec(item.text.replace(/^(\s*--[^\n]*\n)+/, ''));
  if (head === null) throw new UsageError(`cannot read this COPY statement: ${item.text}`);
  const [, table = '', list, options = ''] = head;
  if (options.trim() !== '')
    return db.copyFrom(
      item.text,
      item.data.map((line) => `${line}\n`),
    ).rowCount;
  if (list === undefined && item.data.length > 0 && !item.data.some((line) => line !== ''))
    if (!hasValues(db, table)) return addRows(db, table, item.data.length);
  const columns = list === undefined ? undefined : (list.slice(1, -1).match(NAME) ?? []).map(nameOf);
  try {
    return db.bulkLoadSync(
      table,
      item.data.map((line) => `${line}\n`),
      {
        format: 'copy',
        ...(columns === undefined ? {} : { columns }),
        overrideIdentity: true,
      },
    ).rows;
  } catch (error) {
    // Lines of the script, not of the block.
    const first = item.line + item.text.split('\n').length - 1 + (item.part?.before ?? 0);
    if (error instanceof DecentDbError && error.detail !== undefined)
      error.detail = error.detail.replace(/^Line (\d+)/, (_, line: string) => `Line ${Number(line) + first}`);
    throw error;
  }
}

/** Whether rows of a table are given values at all: columns may be generated, or none. */
function hasValues(db: Database, table: string): boolean {
  const given = `SELECT 1 FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped AND attgenerated = ''`;
  return db.query(given, [table]).rows.length > 0;
}

function addRows(db: Database, table: string, count: number): number {
  const insert = db.prepare(`INSERT INTO ${table} DEFAULT VALUES`);
  for (let i = 0; i < count; i++) insert.run();
  return count;
}

/** A name as SQL writes it, as the catalogue has it. */
function nameOf(text: string): string {
  return text.startsWith('"') ? text.slice(1, -1).replaceAll('""', '"') : text.toLowerCase();
}

const COPY_OUT = /^copy\b[\s\S]*\bto\s+stdout\b/i;

/** Whether a statement writes rows in a format of its own. */
export function isCopyOut(text: string): boolean {
  return COPY_OUT.test(text.replace(/^(\s*(--[^\n]*(\n|$)|\/\*[\s\S]*?\*\/))*\s*/, ''));
}

/** Writes what `COPY ... TO STDOUT` gives. */
export function writeCopyOut(db: Database, text: string, write: (text: string) => void): void {
  db.copyTo(text, write);
}
