/**
 * The table for rows that no table took: made when the first one comes.
 *
 *     table_name     where the row belongs, if that is known
 *     page, row_number   where it was in the damaged file
 *     reason         why it is here
 *     lost_columns   names of columns whose values could not be read
 *     data           the values that could, by column, as text
 */
import { quoted } from '../../session/virtual/definitions.ts';
import type { Database } from '../database.ts';

export interface LostRow {
  readonly table: string | null;
  readonly page: number;
  readonly row: number;
  readonly reason: string;
  readonly names: readonly string[];
  /** As StoredRow's. */
  readonly values: readonly (string | null | undefined)[];
}

const BATCH_ROWS = 500;
const COLUMNS = 'table_name, page, row_number, reason, lost_columns, data';

export class LostAndFound {
  readonly #db: Database;
  #name: string | null = null;
  #waiting: LostRow[] = [];
  rows = 0;

  constructor(db: Database) {
    this.#db = db;
  }

  /** The table's name; null while there is no row. */
  get table(): string | null {
    return this.#name;
  }

  add(row: LostRow): void {
    this.#waiting.push(row);
    this.rows++;
    if (this.#waiting.length >= BATCH_ROWS) this.flush();
  }

  flush(): void {
    const rows = this.#waiting;
    if (rows.length === 0) return;
    this.#waiting = [];
    this.#name ??= this.#create();
    const params = [
      rows.map(({ table }) => table),
      rows.map(({ page }) => String(page)),
      rows.map(({ row }) => String(row)),
      rows.map(({ reason }) => reason),
      rows.map(lostColumns),
      rows.map(dataOf),
    ];
    this.#db.query(
      `INSERT INTO ${quoted('public')}.${quoted(this.#name)} (${COLUMNS})
       SELECT a, b::bigint, c::int, d, e, f::jsonb
       FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[]) AS u(a, b, c, d, e, f)`,
      params,
    );
  }

  /** Makes the table under the first name that is free. */
  #create(): string {
    const { rows } = this.#db.query<readonly [string]>(
      "SELECT relname FROM pg_class WHERE relname LIKE 'lost_and_found%'",
      [],
      { rowMode: 'array' },
    );
    const taken = new Set(rows.map(([name]) => name));
    let name = 'lost_and_found';
    for (let i = 2; taken.has(name); i++) name = `lost_and_found_${i}`;
    this.#db.exec(
      `CREATE TABLE ${quoted('public')}.${quoted(name)} (
         id bigint GENERATED ALWAYS AS IDENTITY, table_name text, page bigint, row_number int,
         reason text NOT NULL, lost_columns text, data jsonb NOT NULL)`,
    );
    return name;
  }
}

function lostColumns({ names, values }: LostRow): string | null {
  const lost = names.filter((_, i) => values[i] === undefined);
  return lost.length === 0 ? null : lost.join(', ');
}

function dataOf({ names, values }: LostRow): string {
  const parts: string[] = [];
  names.forEach((name, i) => {
    const value = values[i];
    if (value !== undefined) parts.push(`${JSON.stringify(name)}:${JSON.stringify(value)}`);
  });
  return `{${parts.join(',')}}`;
}
