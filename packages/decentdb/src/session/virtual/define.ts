/**
 * How system views are written down: a name, columns with type names, and a function from the session's state to rows.
 *
 * I1  A view reads one catalogue, that of the statement's snapshot.
 * I2  Views are made once a process; their types are looked up when first asked for.
 */
import { assert } from '../../base/assert.ts';
import { DecentDbError } from '../../base/errors.ts';
import type { Catalog } from '../../catalog/catalog.ts';
import type { SequenceDef, TableDef } from '../../catalog/schema.ts';
import type { SequenceValue } from '../../catalog/sequence-values.ts';
import type { ColumnStatistics } from '../../plan/env.ts';
import type { VirtualTable } from '../../plan/logical.ts';
import type { BindEnv } from '../../sql/bind/env.ts';
import type { StorageEngine } from '../../txn/engine.ts';
import type { ReadView } from '../../txn/page-view.ts';
import { typeByName } from '../../types/registry.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type { Datum } from '../../types/vector.ts';
import type { Portal } from '../run/portals.ts';
import type { Prepared } from '../run/prepared.ts';
import type { Settings } from '../settings/settings.ts';

/** What views may look at. */
export interface VirtualContext {
  readonly catalog: Catalog;
  readonly settings: Settings;
  readonly engine: StorageEngine;
  readonly view: ReadView;
  /** Rows of a table, by the counts its tree keeps. */
  estimateRows(table: TableDef): number;
  /** What samples say of a column's values; null for tables of few rows. */
  columnStatistics(table: TableDef, column: number): ColumnStatistics | null;
  /** A sequence's state as the statement sees it. */
  sequenceValue(sequence: SequenceDef): SequenceValue;
  /** PostgreSQL's catalogues and the views of information_schema. */
  systemViews(): Iterable<VirtualTable>;
  /** What expressions of the catalogue are bound with, to be shown. */
  bindEnv(): BindEnv;
  /** Prepared statements and cursors of the session. */
  readonly portals: ReadonlyMap<string, Portal>;
  readonly named: ReadonlyMap<string, Prepared>;
}

type Row = readonly Datum[];

class View implements VirtualTable {
  readonly schema: string;
  readonly name: string;
  readonly #columns: string;
  readonly #rows: (context: VirtualContext) => Iterable<Row>;
  #typed: readonly { readonly name: string; readonly type: SqlType }[] | null = null;

  constructor(
    schema: string,
    name: string,
    columns: string,
    rows: (context: VirtualContext) => Iterable<Row>,
  ) {
    this.schema = schema;
    this.name = name;
    this.#columns = columns;
    this.#rows = rows;
  }

  get columns(): readonly { readonly name: string; readonly type: SqlType }[] {
    this.#typed ??= this.#columns.split(',').map((column) => {
      const [name, typeName] = column.trim().split(/\s+/) as [string, string];
      const type = typeByName(typeName) ?? typeByName('int8');
      assert(type !== undefined, 'system views use built-in types');
      return { name, type };
    });
    return this.#typed;
  }

  rows(context: unknown): Iterable<Row> {
    return this.#rows(context as VirtualContext);
  }
}

/**
 * A view that is a query over the others, which must qualify the relations it names. `columns` declares what the query selects, in
 * order (a test compares the two).
 */
export function queryView(schema: string, name: string, columns: string, querySql: string): VirtualTable {
  return Object.assign(new View(schema, name, columns, unasked), { querySql });
}

function unasked(): never {
  throw new DecentDbError('XX000', 'a view written as a query was asked for rows');
}

/** A view; `columns` is `name type, name type, ...` with PostgreSQL's typnames. */
export function view(
  schema: string,
  name: string,
  columns: string,
  rows: (context: VirtualContext) => Iterable<Row>,
): VirtualTable {
  return new View(schema, name, columns, rows);
}

/** A view of what the session itself holds. */
export function sessionView(...[schema, name, columns, rows]: Parameters<typeof view>): VirtualTable {
  return Object.assign(new View(schema, name, columns, rows), { isOfSession: true });
}

/** Tables in order of name. */
export function tablesOf(context: VirtualContext): readonly TableDef[] {
  return [...context.catalog.tables.values()].sort((a, b) =>
    a.schema === b.schema ? compare(a.name, b.name) : compare(a.schema, b.schema),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
