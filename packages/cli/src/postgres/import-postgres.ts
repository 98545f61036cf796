/**
 * Copies a database of a PostgreSQL server: schema, rows, keys, references, indexes, views.
 *
 * I1  One snapshot of the server, one transaction here: all of it or nothing.
 * I2  Types, tables, rows, keys and references must arrive or the import fails; what is beyond this database (functions in other
 *     languages, references to partitioned tables) is named as a warning.
 */
import { type Database, DecentDbError } from 'decentdb';
import pg from 'pg';
import { copyText } from '../dump/copy-text.ts';
import { InputError } from '../exit-code.ts';
import { quoted } from '../import/identifier.ts';
import type { SqliteImportReport } from '../sqlite/import-sqlite.ts';
import { readServerSchema, type ServerSchema, type ServerTable } from './server-schema.ts';

export interface PostgresImportChoices {
  /** Only these tables (name or schema.name); empty: all. */
  readonly tables: readonly string[];
  readonly schemas: readonly string[];
  readonly signal: AbortSignal;
}

const ROWS_AT_ONCE = 5000;

export function isPostgresUrl(text: string): boolean {
  return /^postgres(ql)?:\/\//i.test(text);
}

/** The address without its password, for messages. */
function shown(url: string): string {
  return url.replace(/(:\/\/[^:/@]*):[^@]*@/, '$1:***@');
}

export async function connected(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
  } catch (cause) {
    throw new InputError(`cannot connect to ${shown(url)}: ${(cause as Error).message}`, { cause });
  }
  return client;
}

export async function importPostgres(
  db: Database,
  url: string,
  choices: PostgresImportChoices,
): Promise<SqliteImportReport> {
  const client = await connected(url);
  try {
    await client.query(
      `BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL search_path = pg_catalog; SET LOCAL DateStyle = 'ISO, MDY';
       SET LOCAL IntervalStyle = 'postgres'; SET LOCAL extra_float_digits = 1; SET LOCAL TimeZone = 'UTC'`,
    );
    const schema = await readServerSchema(client, choices);
    if (schema.tables.length === 0)
      throw new InputError(
        `${shown(url)} has no table to import${choices.tables.length > 0 ? ' of that name' : ''}`,
      );
    return await new PostgresImport(db, client, schema, choices).run();
  } finally {
    await client.end();
  }
}

class PostgresImport {
  private readonly db: Database;
  private readonly client: pg.Client;
  private readonly schema: ServerSchema;
  private readonly choices: PostgresImportChoices;
  private readonly warnings: string[] = [];

  constructor(db: Database, client: pg.Client, schema: ServerSchema, choices: PostgresImportChoices) {
    this.db = db;
    this.client = client;
    this.schema = schema;
    this.choices = choices;
  }

  async run(): Promise<SqliteImportReport> {
    const { db, schema } = this;
    const tables: { name: string; rows: number; columns: readonly string[] }[] = [];
    db.exec('BEGIN');
    try {
      for (const sql of schema.before) this.must(sql);
      // A default may call a function that comes later: then the function goes first.
      const waiting = this.tryAll(schema.rest.filter((sql) => /^CREATE (OR REPLACE )?FUNCTION/.test(sql)));
      for (const table of schema.tables) this.create(table);
      for (const table of schema.tables)
        tables.push({
          name: table.name,
          rows: await this.fill(table),
          columns: table.columns.map((column) => column.name),
        });
      for (const sql of schema.keys) this.must(sql);
      // A partition brings the indexes that it shares with its table; what refers to the table looks for its rows there.
      const later = this.tryAll([...schema.checks, ...schema.indexes]);
      for (const sql of schema.places) this.must(sql);
      for (const sql of schema.references) this.refer(sql);
      const rest = [...waiting, ...schema.rest.filter((sql) => !/^CREATE (OR REPLACE )?FUNCTION/.test(sql))];
      const left = this.tryAll([...later, ...rest]);
      for (const sql of left) this.attempt(sql, true);
      for (const sql of schema.sequences) this.attempt(sql, true);
      db.exec('COMMIT');
      return { tables, warnings: this.warnings };
    } catch (error) {
      if (db.inTransaction) db.exec('ROLLBACK');
      throw error;
    }
  }

  /** The table; a type that is not here becomes text, a default or expression that is not understood is left out. */
  private create({ schema, name, columns, partitionKey }: ServerTable): void {
    const target = `${quoted(schema)}.${quoted(name)}`;
    const lines = columns.map((column) => {
      const isKnown = this.knownType(column.type) === column.type;
      const plain = `${quoted(column.name)} ${isKnown ? column.type : 'text'}`;
      if (!isKnown)
        this.warnings.push(`column ${name}.${column.name} is text here: there is no type ${column.type}`);
      const notNull = column.notNull && !column.isGenerated ? ' NOT NULL' : '';
      if (column.value === '') return `${plain}${notNull}`;
      const whole = `${plain} ${column.value}`;
      // Generated columns read others, so they are tried together with them.
      const beside = column.isGenerated
        ? columns
            .filter((one) => !one.isGenerated)
            .map((one) => `${quoted(one.name)} ${this.knownType(one.type)}`)
        : [];
      if (this.tries(`CREATE TEMPORARY TABLE attempt (${[...beside, whole].join(', ')})`))
        return `${whole}${column.notNull ? ' NOT NULL' : ''}`;
      this.warnings.push(`column ${name}.${column.name} comes without: ${column.value}`);
      return `${plain}${notNull}`;
    });
    const parts = partitionKey === null ? '' : ` PARTITION BY ${partitionKey}`;
    this.must(`CREATE TABLE ${target} (${lines.join(', ')})${parts}`);
  }

  private knownType(type: string): string {
    return this.tries(`CREATE TEMPORARY TABLE attempt (value ${type})`) ? type : 'text';
  }

  /** Whether a statement would run; nothing of it stays. */
  private tries(sql: string): boolean {
    this.db.exec('SAVEPOINT trial');
    try {
      return this.attempt(sql, false);
    } finally {
      this.db.exec('ROLLBACK TO SAVEPOINT trial; RELEASE SAVEPOINT trial');
    }
  }

  private must(sql: string): void {
    try {
      this.db.exec(sql);
    } catch (error) {
      if (error instanceof DecentDbError) error.query ??= sql;
      throw error;
    }
  }

  /** A foreign key; one of a kind that is not here (to a partitioned table) is left out. */
  private refer(sql: string): void {
    try {
      this.must(sql);
    } catch (error) {
      if (!(error instanceof DecentDbError) || error.code !== '0A000') throw error;
      this.warnings.push(`not taken over: ${sql} (${error.message})`);
    }
  }

  /** Runs what runs, over and over while that helps (views of views); returns what does not. */
  private tryAll(statements: readonly string[]): string[] {
    let left = [...statements];
    for (;;) {
      const next = left.filter((sql) => !this.attempt(sql, false));
      if (next.length === left.length) return next;
      left = next;
    }
  }

  private attempt(sql: string, warns: boolean): boolean {
    this.db.exec('SAVEPOINT attempt');
    try {
      this.db.exec(sql);
      this.db.exec('RELEASE SAVEPOINT attempt');
      return true;
    } catch (error) {
      if (!(error instanceof DecentDbError)) throw error;
      this.db.exec('ROLLBACK TO SAVEPOINT attempt; RELEASE SAVEPOINT attempt');
      const head = sql.replace(/\s+/g, ' ').slice(0, 100);
      if (warns) this.warnings.push(`not taken over: ${head} (${error.message})`);
      return false;
    }
  }

  private async fill(table: ServerTable): Promise<number> {
    const { schema, name } = table;
    const columns = copied(table);
    if (table.partitionKey !== null) return 0;
    const target = `${quoted(schema)}.${quoted(name)}`;
    if (columns.length === 0) return this.fillWithoutValues(target);
    const { rows } = await this.db.bulkLoad(target, this.lines(table), {
      format: 'copy',
      columns,
      overrideIdentity: true,
      join: true,
      signal: this.choices.signal,
    });
    return rows;
  }

  /** Rows of a table all of whose columns are generated, or that has none. */
  private async fillWithoutValues(target: string): Promise<number> {
    const counted = await this.client.query<{ n: string }>(`SELECT count(*) AS n FROM ONLY ${target}`);
    const count = Number(counted.rows[0]?.n);
    const insert = this.db.prepare(`INSERT INTO ${target} DEFAULT VALUES`);
    for (let i = 0; i < count; i++) insert.run();
    return count;
  }

  private async *lines(table: ServerTable): AsyncGenerator<string> {
    const { schema, name } = table;
    const { client } = this;
    const list = copied(table)
      .map((column) => `${quoted(column)}::text`)
      .join(', ');
    await client.query(
      `DECLARE decentdb_rows NO SCROLL CURSOR FOR SELECT ${list} FROM ONLY ${quoted(schema)}.${quoted(name)}`,
    );
    for (;;) {
      const { rows } = await client.query<(string | null)[]>({
        text: `FETCH ${ROWS_AT_ONCE} FROM decentdb_rows`,
        rowMode: 'array',
      });
      if (rows.length === 0) break;
      yield rows.map((row) => `${row.map(copyText).join('\t')}\n`).join('');
    }
    await client.query('CLOSE decentdb_rows');
  }
}

/** Columns whose values are copied. */
function copied(table: ServerTable): string[] {
  return table.columns.filter((column) => !column.isGenerated).map((column) => column.name);
}
