/** What `query` returns. */
import type { OutputColumn } from '../plan/logical.ts';
import { domainBase } from '../types/sql-type.ts';

/** A row by column name. */
export type Row = Record<string, unknown>;

/** A result column, named as in node-postgres. */
export interface Field {
  readonly name: string;
  /** PostgreSQL's type OID; of a domain that of the type it is over, as a server says it. */
  readonly dataTypeID: number;
  /** Its typmod: -1, or length, precision and scale. */
  readonly dataTypeModifier: number;
  /** The type as SQL writes it. */
  readonly typeName: string;
  /** Table the column comes from, 0 for computed ones. */
  readonly tableID: number;
  /** Number of the column in that table, 0 for computed ones. */
  readonly columnID: number;
}

export interface Result<R = Row> {
  readonly rows: R[];
  readonly fields: readonly Field[];
  /** First words of PostgreSQL's command tag: `SELECT`, `INSERT`, `CREATE TABLE`, ... */
  readonly command: string;
  /** Rows returned, or rows changed. */
  readonly rowCount: number;
  /** Rows changed; 0 for queries. */
  readonly affectedRows: number;
}

const made = new WeakMap<readonly OutputColumn[], readonly Field[]>();

/** Described once for each plan. */
export function fieldsOf(columns: readonly OutputColumn[]): readonly Field[] {
  let fields = made.get(columns);
  if (fields === undefined) {
    fields = describe(columns);
    made.set(columns, fields);
  }
  return fields;
}

function describe(columns: readonly OutputColumn[]): readonly Field[] {
  return columns.map((c) => ({
    name: c.name,
    dataTypeID: domainBase(c.type).oid,
    dataTypeModifier: c.typmod,
    typeName: c.type.sqlName(c.typmod),
    tableID: c.origin?.table.id ?? 0,
    columnID: c.origin === null ? 0 : c.origin.column + 1,
  }));
}
