/**
 * Copies a SQLite file into a database: tables with their rows, keys, references, indexes and views.
 *
 * I1  All or nothing: one transaction.
 * I2  Rows, keys and NOT NULL must arrive or the import fails. What SQLite does not promise itself (references that hold), or
 *     says in its own dialect (CHECK, views, triggers), is named as a warning when it cannot be taken over.
 * I3  Names are folded to lower case, as SQLite compares them, so that queries work unquoted; `keepNames` leaves them.
 */
import { type Database, DecentDbError } from 'decentdb';
import { InputError } from '../exit-code.ts';
import { quoted } from '../import/identifier.ts';
import { ColumnValues, parameterFor } from './choose-type.ts';
import { parseCreateTable, type SqliteTable } from './create-table.ts';
import type { SqliteValue } from './record.ts';
import { SqliteFile } from './sqlite-file.ts';

export interface SqliteImportChoices {
  readonly keepNames: boolean;
  /** Only these tables; empty: all. */
  readonly tables: readonly string[];
  readonly onTable: (name: string, rows: number) => void;
}

export interface SqliteImportReport {
  readonly tables: readonly {
    readonly name: string;
    readonly rows: number;
    readonly columns: readonly string[];
  }[];
  readonly warnings: readonly string[];
}

interface SchemaEntry {
  readonly type: string;
  readonly name: string;
  readonly table: string;
  readonly root: number;
  readonly sql: string;
}

interface ImportedTable {
  readonly entry: SchemaEntry;
  readonly def: SqliteTable;
  readonly types: readonly string[];
}

export function importSqlite(db: Database, path: string, choices: SqliteImportChoices): SqliteImportReport {
  const file = new SqliteFile(path);
  try {
    return db.transaction(() => new SqliteImport(db, file, choices).run())();
  } finally {
    file.close();
  }
}

class SqliteImport {
  readonly #db: Database;
  readonly #file: SqliteFile;
  readonly #choices: SqliteImportChoices;
  readonly #warnings: string[] = [];

  constructor(db: Database, file: SqliteFile, choices: SqliteImportChoices) {
    this.#db = db;
    this.#file = file;
    this.#choices = choices;
  }

  run(): SqliteImportReport {
    const schema = this.#schema();
    const wanted = this.#choices.tables.map((name) => name.toLowerCase());
    const isWanted = (name: string): boolean => wanted.length === 0 || wanted.includes(name.toLowerCase());
    const tables: ImportedTable[] = [];
    const report: { name: string; rows: number; columns: string[] }[] = [];
    for (const entry of schema) {
      if (entry.type !== 'table' || entry.name.startsWith('sqlite_') || !isWanted(entry.name)) continue;
      if (/^\s*CREATE\s+VIRTUAL/i.test(entry.sql)) {
        this.#warn(`virtual table "${entry.name}" has no rows of its own`);
        continue;
      }
      const table = this.#createTable(entry);
      const rows = this.#fill(table);
      tables.push(table);
      const columns = table.def.columns.map(({ name }, i) => `${this.#name(name)} ${table.types[i]}`);
      report.push({ name: this.#name(entry.name), rows, columns });
      this.#choices.onTable(entry.name, rows);
    }
    for (const table of tables) this.#addKeys(table);
    for (const table of tables) this.#addReferences(table, tables);
    for (const entry of schema) if (isWanted(entry.table)) this.#addRest(entry);
    return { tables: report, warnings: this.#warnings };
  }

  #schema(): SchemaEntry[] {
    return [...this.#file.rows(1)].map(({ values: [type, name, table, root, sql] }) => ({
      type: String(type),
      name: String(name),
      table: String(table),
      root: Number(root ?? 0),
      sql: typeof sql === 'string' ? sql : '',
    }));
  }

  #name(name: string): string {
    return this.#choices.keepNames ? name : name.toLowerCase();
  }

  #sql(name: string): string {
    return quoted(this.#name(name));
  }

  #list(names: readonly string[]): string {
    return names.map((name) => this.#sql(name)).join(', ');
  }

  #warn(text: string): void {
    this.#warnings.push(text);
  }

  /** Rows of a table, values in the order of its columns. */
  *#rows({
    entry,
    def,
  }: {
    readonly entry: SchemaEntry;
    readonly def: SqliteTable;
  }): Generator<SqliteValue[]> {
    const places = storedPlaces(def);
    const rowidPlace = def.columns.findIndex(({ name }) => name === def.rowidColumn);
    for (const { rowid, values } of this.#file.rows(entry.root)) {
      // A row older than an added column does not have it: it shows the column's default.
      const row = places.map(
        (place, i): SqliteValue =>
          place < 0 ? null : place < values.length ? (values[place] as SqliteValue) : addedValue(def, i),
      );
      if (rowidPlace >= 0) row[rowidPlace] = rowid ?? null;
      yield row;
    }
  }

  #createTable(entry: SchemaEntry): ImportedTable {
    const def = parseCreateTable(entry.sql);
    for (const text of def.notes) this.#warn(`table "${entry.name}": not taken over: ${text}`);
    const seen = def.columns.map(() => new ColumnValues());
    for (const row of this.#rows({ entry, def }))
      for (let i = 0; i < row.length; i++) seen[i]?.see(row[i] ?? null);
    const types = def.columns.map(({ name, type }, i) => {
      const chosen = seen[i]?.type(type);
      if (chosen === undefined)
        throw new InputError(
          `column "${name}" of "${entry.name}" holds texts or numbers and blobs: no type holds both`,
        );
      if (/INT|REAL|FLOA|DOUB|NUMERIC|DECIMAL/i.test(type) && chosen === 'text')
        this.#warn(
          `column "${name}" of "${entry.name}" is declared ${type} and holds texts: it becomes text`,
        );
      return chosen;
    });
    const columns = def.columns.map((column, i) => {
      const parts = [this.#sql(column.name), types[i] as string];
      if (column.name === def.rowidColumn) parts.push('GENERATED BY DEFAULT AS IDENTITY PRIMARY KEY');
      else if (column.notNull) parts.push('NOT NULL');
      return parts.join(' ');
    });
    this.#db.exec(`CREATE TABLE ${this.#sql(entry.name)} (${columns.join(', ')})`);
    return { entry, def, types };
  }

  #fill(table: ImportedTable): number {
    const { def, types, entry } = table;
    const rows = this.#rows(table);
    const parameters = function* (): Generator<unknown[]> {
      for (const row of rows) yield row.map((value, i) => parameterFor(value, types[i] as string));
    };
    const columns = def.columns.map(({ name }) => this.#name(name));
    const result = this.#db.bulkLoadSync(this.#sql(entry.name), parameters(), { columns });
    if (def.rowidColumn !== null && result.rows > 0)
      this.#db.exec(
        `ALTER TABLE ${this.#sql(entry.name)} ALTER COLUMN ${this.#sql(def.rowidColumn)} RESTART WITH ` +
          String(
            this.#db.query<{ n: unknown }>(
              `SELECT max(${this.#sql(def.rowidColumn)})::bigint + 1 AS n FROM ${this.#sql(entry.name)}`,
            ).rows[0]?.n ?? 1,
          ),
      );
    return result.rows;
  }

  #addKeys({ entry, def }: ImportedTable): void {
    const table = `ALTER TABLE ${this.#sql(entry.name)}`;
    if (def.primaryKey.length > 0 && def.rowidColumn === null) {
      const key = this.#list(def.primaryKey);
      // SQLite lets a key hold NULL: then it is a unique constraint here.
      if (!this.#try(`${table} ADD PRIMARY KEY (${key})`)) {
        this.#warn(`primary key of "${entry.name}" holds NULL: it becomes UNIQUE`);
        this.#db.exec(`${table} ADD UNIQUE (${key})`);
      }
    }
    for (const column of def.columns) {
      if (column.unique) this.#db.exec(`${table} ADD UNIQUE (${this.#sql(column.name)})`);
      const { defaultSql } = column;
      if (
        defaultSql !== null &&
        !this.#try(`${table} ALTER COLUMN ${this.#sql(column.name)} SET DEFAULT ${defaultSql}`)
      )
        this.#warn(`column "${column.name}" of "${entry.name}": not taken over: DEFAULT ${defaultSql}`);
    }
    for (const columns of def.uniques) this.#db.exec(`${table} ADD UNIQUE (${this.#list(columns)})`);
  }

  #addReferences({ entry, def }: ImportedTable, tables: readonly ImportedTable[]): void {
    for (const reference of def.references) {
      const target = tables.find((one) => one.entry.name.toLowerCase() === reference.table.toLowerCase());
      const keys = reference.targets.length > 0 ? reference.targets : (target?.def.primaryKey ?? []);
      const sql =
        `ALTER TABLE ${this.#sql(entry.name)} ADD FOREIGN KEY (${this.#list(reference.columns)}) ` +
        `REFERENCES ${this.#sql(reference.table)} (${this.#list(keys)})${reference.actions}`;
      if (target === undefined || !this.#try(sql))
        this.#warn(
          `table "${entry.name}": not taken over: reference to "${reference.table}"${this.#reason(target === undefined ? 'it is not there' : null)}`,
        );
    }
  }

  /** Indexes and views by their own text; triggers are another language. */
  #addRest(entry: SchemaEntry): void {
    if (entry.sql === '' || entry.type === 'table') return;
    if (entry.type === 'trigger') {
      this.#warn(`trigger "${entry.name}" is not taken over`);
      return;
    }
    const sql = this.#choices.keepNames ? entry.sql : foldNames(entry.sql);
    if (!this.#try(sql)) this.#warn(`${entry.type} "${entry.name}" is not taken over${this.#reason(null)}`);
  }

  #lastError = '';

  #reason(known: string | null): string {
    return ` (${known ?? this.#lastError})`;
  }

  /** Runs a statement that may fail without harm. */
  #try(sql: string): boolean {
    try {
      this.#db.transaction(() => this.#db.exec(sql))();
      return true;
    } catch (error) {
      if (!(error instanceof DecentDbError)) throw error;
      this.#lastError = error.message;
      return false;
    }
  }
}

/** Where each column stands in a record, -1 for one that is not stored. WITHOUT ROWID: the key first, then the rest. */
function storedPlaces(def: SqliteTable): number[] {
  const stored = def.columns.filter(({ generated }) => generated !== 'virtual').map(({ name }) => name);
  const key = def.primaryKey.map(
    (name) => stored.find((one) => one.toLowerCase() === name.toLowerCase()) ?? name,
  );
  const order = def.isWithoutRowid ? [...new Set([...key, ...stored])] : stored;
  return def.columns.map(({ name }) => order.indexOf(name));
}

function addedValue(def: SqliteTable, at: number): SqliteValue {
  const sql = def.columns[at]?.defaultSql ?? null;
  if (sql === null) return null;
  if (sql.startsWith("'")) return sql.slice(1, -1).replaceAll("''", "'");
  const number = Number(sql);
  return Number.isNaN(number) ? (sql === 'TRUE' ? 1 : sql === 'FALSE' ? 0 : null) : number;
}

/** Quoted names in lower case, texts left as they are; [x] and `x` become "x". */
function foldNames(sql: string): string {
  return sql.replace(
    /'(?:[^']|'')*'|"([^"]*)"|`([^`]*)`|\[([^\]]*)\]/g,
    (whole, a?: string, b?: string, c?: string) => {
      const name = a ?? b ?? c;
      return name === undefined ? whole : `"${name.toLowerCase()}"`;
    },
  );
}
