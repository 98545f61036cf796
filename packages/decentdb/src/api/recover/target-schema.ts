/**
 * The schema of the new database, statement by statement: one that fails is told of and does not stop the others.
 *
 * I1  Keys, checks and unique indexes are there before the rows, so that each row is judged alone.
 * I2  Foreign keys come last. Where rows they refer to are lost, the key is added NOT VALID: the rows stay where they belong.
 */
import { AssertionFailure, DecentDbError } from '../../base/errors.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { TableDef } from '../../catalog/schema.ts';
import { type SchemaScript, schemaScript } from '../../session/schema-script.ts';
import { quoted } from '../../session/virtual/definitions.ts';
import type { ReadView } from '../../txn/page-view.ts';
import type { Database } from '../database.ts';
import type { RecoverFinding } from './report.ts';

const NAME = '(?:"(?:[^"]|"")*"|[^\\s".]+)';
const CONSTRAINT = new RegExp(`^ALTER TABLE ONLY ${NAME}\\.${NAME} ADD CONSTRAINT ${NAME} (FOREIGN KEY)?`);
const SEQUENCE_VALUE = /^SELECT setval\((.*), -?\d+, (?:true|false)\)$/s;

/** How a table of the new database was made. */
export type TableForm = 'asDefined' | 'plain' | 'none';

export class TargetSchema {
  readonly #db: Database;
  readonly #script: SchemaScript;
  readonly #catalog: Catalog;
  readonly #findings: RecoverFinding[];
  readonly #tail: string[] = [];

  constructor(db: Database, catalog: Catalog, view: ReadView, findings: RecoverFinding[]) {
    this.#db = db;
    this.#catalog = catalog;
    this.#findings = findings;
    // Values of sequences come from elsewhere: the catalogue's tree may be damaged where they are.
    const meta = { catalogRoot: 0 as never, schemaCookie: 0, counters: [] };
    this.#script = schemaScript(catalog, view, meta);
  }

  /** Tables that rows can go to (materialised views fill themselves). */
  tables(): readonly TableDef[] {
    const names = new Set(this.#script.tables.map(({ schema, name }) => `${schema}\0${name}`));
    return [...this.#catalog.tables.values()].filter((t) => names.has(`${t.schema}\0${t.name}`));
  }

  /** Makes schemas, types, sequences, tables, keys and checks. Says how each table came out. */
  createTables(): ReadonlyMap<TableDef, TableForm> {
    const forms = new Map<TableDef, TableForm>();
    const byHead = new Map(
      this.tables().map((table) => [
        `CREATE ${table.isUnlogged === true ? 'UNLOGGED ' : ''}TABLE ${quoted(table.schema)}.${quoted(table.name)} (`,
        table,
      ]),
    );
    for (const sql of this.#script.before) {
      const table = byHead.get(sql.slice(0, sql.indexOf('\n')));
      if (table === undefined) this.#try('catalogue', headOf(sql), sql);
      else forms.set(table, this.#createTable(table, sql));
    }
    for (const sql of this.#script.after) {
      const match = CONSTRAINT.exec(sql);
      const isFirst =
        match === null
          ? sql.startsWith('CREATE UNIQUE INDEX')
          : match[1] === undefined && !sql.endsWith(' NOT VALID');
      if (isFirst) this.#try('constraint', headOf(sql), sql);
      else this.#tail.push(sql);
    }
    for (const what of this.#script.omitted)
      this.#findings.push({
        kind: 'omitted',
        message: `${what} is not carried over`,
        page: null,
        object: what,
      });
    return forms;
  }

  /** After the rows: sequences, indexes, views, foreign keys, comments. */
  finish(sequenceValues: ReadonlyMap<number, string>): void {
    const sequences = [...this.#catalog.sequences.values()]
      .filter((one) => !one.isTemporary && one.schema !== 'pg_temp')
      .sort((a, b) => a.id - b.id);
    for (const sql of this.#tail) {
      const value = SEQUENCE_VALUE.exec(sql);
      if (value !== null) {
        const sequence = sequences.shift();
        if (sequence !== undefined) this.#setSequence(value[1] as string, sequence, sequenceValues);
      } else if (CONSTRAINT.exec(sql)?.[1] !== undefined) this.#foreignKey(sql);
      else this.#try('constraint', headOf(sql), sql);
    }
  }

  #createTable(table: TableDef, sql: string): TableForm {
    const object = `table "${table.name}"`;
    if (this.#try('table', object, sql, 'made without defaults and generated columns')) return 'asDefined';
    const columns = table.columns
      .filter((column) => !column.isDropped && column.generated !== 'virtual')
      .map((c) => `${quoted(c.name)} ${c.type.sqlName(c.typmod)}${c.notNull ? ' NOT NULL' : ''}`);
    const plain = `CREATE TABLE ${quoted(table.schema)}.${quoted(table.name)} (${columns.join(', ')})`;
    return this.#try('table', object, plain) ? 'plain' : 'none';
  }

  /** The stored value, else one behind the largest value of the column that the sequence serves. */
  #setSequence(
    target: string,
    sequence: { readonly id: number; readonly name: string; readonly ownedBy: OwnedBy },
    values: ReadonlyMap<number, string>,
  ): void {
    const object = `sequence "${sequence.name}"`;
    const stored = /^(-?\d+),([01])$/.exec(values.get(sequence.id) ?? '');
    if (stored !== null) {
      this.#try('catalogue', object, `SELECT setval(${target}, ${stored[1]}, ${stored[2] === '1'})`);
      return;
    }
    const owner = sequence.ownedBy === null ? undefined : this.#catalog.table(sequence.ownedBy.tableId);
    const column = owner?.columns[sequence.ownedBy?.column ?? -1];
    if (owner === undefined || column === undefined) return;
    const from = `${quoted(owner.schema)}.${quoted(owner.name)}`;
    const name = quoted(column.name);
    this.#try(
      'catalogue',
      object,
      `SELECT setval(${target}, max(${name})) FROM ${from} HAVING max(${name}) IS NOT NULL`,
    );
  }

  #foreignKey(sql: string): void {
    const object = headOf(sql);
    try {
      this.#db.exec(sql);
    } catch (error) {
      const found = asFinding(error);
      if (found.code !== '23503') {
        this.#note('constraint', `${object}: ${found.message}`, object);
        return;
      }
      const detail = found.detail === undefined ? '' : ` (${found.detail})`;
      this.#note('constraint', `${object} was added NOT VALID: ${found.message}${detail}`, object);
      this.#try('constraint', object, `${sql} NOT VALID`);
    }
  }

  #try(kind: RecoverFinding['kind'], object: string, sql: string, remedy?: string): boolean {
    try {
      this.#db.exec(sql);
      return true;
    } catch (error) {
      const { message } = asFinding(error);
      this.#note(kind, `${object}${remedy === undefined ? '' : ` is ${remedy}`}: ${message}`, object);
      return false;
    }
  }

  #note(kind: RecoverFinding['kind'], message: string, object: string): void {
    this.#findings.push({ kind, message, page: null, object });
  }
}

type OwnedBy = { readonly tableId: number; readonly column: number } | null;

/** What a statement is about: its first line, up to where definitions begin. */
function headOf(sql: string): string {
  const line = sql.split('\n', 1)[0] ?? sql;
  return line.length > 100 ? `${line.slice(0, 97)}...` : line;
}

/** An error that is about the statement; a failing disk or a bug goes on up. */
export function asFinding(error: unknown): DecentDbError {
  if (!(error instanceof DecentDbError) || error instanceof AssertionFailure) throw error;
  if (/^(5[378]|57014)/.test(error.code)) throw error;
  return error;
}
