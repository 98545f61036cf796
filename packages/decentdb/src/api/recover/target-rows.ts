/**
 * Rows into the tables of the new database, a batch at a time; what a table refuses goes to lost_and_found, row by row.
 *
 * I1  A batch goes in whole or not at all; one that is refused is halved until the rows that are refused stand alone.
 */
import type { TableDef } from '../../catalog/schema.ts';
import { quoted } from '../../session/virtual/definitions.ts';
import type { Database } from '../database.ts';
import type { LostAndFound } from './lost-and-found.ts';
import type { StoredColumn, StoredRow } from './stored-rows.ts';
import { asFinding } from './target-schema.ts';

export interface PlacedRow extends StoredRow {
  readonly page: number;
  readonly row: number;
}

const BATCH_ROWS = 1000;
const BATCH_CHARS = 1 << 20;

export class TargetRows {
  readonly #db: Database;
  readonly #lost: LostAndFound;
  readonly #name: string;
  readonly #columns: readonly StoredColumn[];
  readonly #sql: string;
  #waiting: PlacedRow[] = [];
  #chars = 0;
  rows = 0;
  refused = 0;

  constructor(db: Database, lost: LostAndFound, table: TableDef, columns: readonly StoredColumn[]) {
    this.#db = db;
    this.#lost = lost;
    this.#name = `${table.schema}.${table.name}`;
    this.#columns = columns;
    this.#sql = insertSql(table, columns);
  }

  add(row: PlacedRow): void {
    this.#waiting.push(row);
    for (const value of row.values) this.#chars += value?.length ?? 0;
    if (this.#waiting.length >= BATCH_ROWS || this.#chars >= BATCH_CHARS) this.flush();
  }

  flush(): void {
    const rows = this.#waiting;
    this.#waiting = [];
    this.#chars = 0;
    if (rows.length > 0) this.#insert(rows);
  }

  #insert(rows: readonly PlacedRow[]): void {
    try {
      if (this.#columns.length === 0) for (const _ of rows) this.#db.query(this.#sql);
      else
        this.#db.query(
          this.#sql,
          this.#columns.map((_, c) => rows.map(({ values }) => values[c] ?? null)),
        );
      this.rows += rows.length;
    } catch (error) {
      const found = asFinding(error);
      if (rows.length > 1) {
        const half = rows.length >> 1;
        this.#insert(rows.slice(0, half));
        this.#insert(rows.slice(half));
        return;
      }
      const [row] = rows;
      if (row === undefined) return;
      this.refused++;
      const names = this.#columns.map(({ name }) => name);
      this.#lost.add({ table: this.#name, reason: found.message, names, ...row });
    }
  }
}

function insertSql(table: TableDef, columns: readonly StoredColumn[]): string {
  const into = `INSERT INTO ${quoted(table.schema)}.${quoted(table.name)}`;
  if (columns.length === 0) return `${into} DEFAULT VALUES`;
  const types = columns.map(({ name }) => {
    const column = table.columns.find((one) => one.name === name && !one.isDropped);
    return column?.type.sqlName(column.typmod) ?? 'text';
  });
  const list = (text: (i: number) => string): string => columns.map((_, i) => text(i)).join(', ');
  return (
    `${into} (${columns.map(({ name }) => quoted(name)).join(', ')}) OVERRIDING SYSTEM VALUE ` +
    `SELECT ${list((i) => `v${i}::${types[i]}`)} ` +
    `FROM unnest(${list((i) => `$${i + 1}::text[]`)}) AS u(${list((i) => `v${i}`)})`
  );
}
