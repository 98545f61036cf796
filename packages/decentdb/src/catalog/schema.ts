/**
 * Schema objects as the binder, planner and executor see them: immutable definitions of one schema version.
 *
 * I1  A definition never changes; DDL makes new ones and a new `Catalog` with a higher version.
 * I2  Ids (oids) are never reused within a database. Root pages are fixed for the life of a tree.
 * I3  A column keeps its `attnum` for life; dropped columns stay as holes (`isDropped`) so stored rows need no rewrite.
 * I4  Expressions (defaults, checks, predicates, generated columns, views) are kept as canonical SQL text and re-bound on load.
 */
import type { PageNo } from '../base/ids.ts';
import type { SqlType } from '../types/sql-type.ts';
import type { Datum } from '../types/vector.ts';
import type { FamilyFields } from './partitioning.ts';

export interface ColumnDef {
  readonly name: string;
  /** 1-based and permanent; position in `TableDef.columns` is attnum - 1. */
  readonly attnum: number;
  readonly type: SqlType;
  readonly typmod: number;
  readonly notNull: boolean;
  /** Canonical SQL of the default, or null. */
  readonly defaultSql: string | null;
  readonly generated: 'stored' | 'virtual' | null;
  /** GENERATED ... AS IDENTITY. */
  readonly identity: 'always' | 'byDefault' | null;
  /** Sequence behind identity or serial, by id. */
  readonly sequenceId: number | null;
  readonly isDropped: boolean;
  /** What rows stored before the column was added have there; see `TableDef.columnsAtRewrite`. */
  readonly missingValue: Datum;
  readonly comment: string | null;
  /** How many parents have it; absent: none. */
  readonly inheritCount?: number;
  /** False: it is there for its parents alone. Absent: it is the table's own. */
  readonly isLocal?: boolean;
}

export interface IndexKey {
  /** Position in TableDef.columns, or -1 for an expression. */
  readonly column: number;
  readonly expressionSql: string | null;
  readonly type: SqlType;
  readonly descending: boolean;
  readonly nullsFirst: boolean;
  readonly opclass: string | null;
}

export interface IndexDef {
  readonly id: number;
  readonly name: string;
  readonly tableId: number;
  readonly method: 'btree' | 'trigram' | 'fulltext' | 'gin';
  /** Tree of (keys..., include..., row id); for others the postings, see search/. */
  readonly root: PageNo;
  /** All but btrees: tree of the rows changed since the last merge. */
  readonly pendingRoot?: PageNo;
  readonly unique: boolean;
  readonly nullsNotDistinct: boolean;
  readonly keys: readonly IndexKey[];
  readonly include: readonly number[];
  readonly predicateSql: string | null;
  /** Constraint this index serves, if any. */
  readonly constraintId: number | null;
  readonly options: Readonly<Record<string, string>>;
  readonly comment: string | null;
  /** The index of the partitioned table that this one is part of. */
  readonly parentId?: number;
}

export type ForeignKeyAction = 'noAction' | 'restrict' | 'cascade' | 'setNull' | 'setDefault';

interface ConstraintBase {
  readonly id: number;
  readonly name: string;
  readonly deferrable: boolean;
  readonly initiallyDeferred: boolean;
  readonly validated: boolean;
  readonly comment: string | null;
  /** As of columns. */
  readonly inheritCount?: number;
  readonly isLocal?: boolean;
  /** Children do not have it. */
  readonly isNoInherit?: boolean;
  /** The constraint of the partitioned table that this one is part of. */
  readonly parentId?: number;
}
export interface KeyConstraint extends ConstraintBase {
  readonly kind: 'primaryKey' | 'unique';
  readonly columns: readonly number[];
  /** Index that enforces it; null when the key is the row id itself. */
  readonly indexId: number | null;
}
export interface CheckConstraint extends ConstraintBase {
  readonly kind: 'check';
  readonly sql: string;
}
export interface ForeignKeyConstraint extends ConstraintBase {
  readonly kind: 'foreignKey';
  readonly columns: readonly number[];
  readonly targetTableId: number;
  readonly targetColumns: readonly number[];
  readonly onDelete: ForeignKeyAction;
  readonly onUpdate: ForeignKeyAction;
  /** ON DELETE SET NULL (columns). */
  readonly deleteSetColumns: readonly number[] | null;
  readonly match: 'simple' | 'full';
}
export type ConstraintDef = KeyConstraint | CheckConstraint | ForeignKeyConstraint;

export interface TableDef extends FamilyFields {
  readonly id: number;
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly ColumnDef[];
  /**
   * Tree of (row id, then every column that is not the row id, in column order, dropped ones included). Column `rowIdColumn`
   * (an int4/int8 primary key) is the row id itself and is stored only as the key; -1 when the row id is hidden.
   */
  readonly root: PageNo;
  readonly rowIdColumn: number;
  /**
   * The first so many columns are in every leaf of the tree; the others were added since all rows were last written, and leaves from
   * before lack them (their rows have `missingValue` there). Absent: all columns are everywhere.
   */
  readonly columnsAtRewrite?: number;
  readonly constraints: readonly ConstraintDef[];
  readonly indexes: readonly IndexDef[];
  readonly triggers: readonly TriggerDef[];
  readonly isTemporary: boolean;
  readonly onCommit: 'preserve' | 'delete' | 'drop';
  /** UNLOGGED: remembered, of no effect. */
  readonly isUnlogged?: boolean;
  /** CREATE TABLE OF: the composite type whose attributes are the columns. */
  readonly ofTypeId?: number;
  readonly comment: string | null;
  /** Schema version at which this definition was made: plans are valid while it stays. */
  readonly version: number;
}

export interface TriggerDef {
  readonly id: number;
  readonly name: string;
  readonly timing: 'before' | 'after' | 'insteadOf';
  readonly events: readonly ('insert' | 'update' | 'delete' | 'truncate')[];
  readonly updateColumns: readonly number[];
  readonly forEach: 'row' | 'statement';
  readonly whenSql: string | null;
  readonly functionName: string;
  readonly args: readonly string[];
  readonly oldTable: string | null;
  readonly newTable: string | null;
  readonly enabled: boolean;
  /** The trigger of the partitioned table that this one was made for. */
  readonly parentId?: number;
  /** CONSTRAINT TRIGGER: fires when SET CONSTRAINTS or the transaction's end says so; null for ordinary ones. */
  readonly constraint?: {
    readonly deferrable: boolean;
    readonly initiallyDeferred: boolean;
    /** FROM table, or null. */
    readonly fromTableId: number | null;
  } | null;
  readonly comment?: string;
}

/** What a view, a materialised view or a stored expression needs: dropping it takes the dependant with it, or is refused. */
export interface Dependency {
  readonly id: number;
  /** Columns used, as positions in the table or view; null: the object as a whole. */
  readonly columns: readonly number[] | null;
}

export interface SchemaDef {
  readonly id: number;
  readonly name: string;
  readonly comment: string | null;
}

/** A type made by CREATE TYPE or CREATE DOMAIN. Its `SqlType` comes from `Catalog.typeById`. */
export interface TypeDef {
  readonly id: number;
  readonly schema: string;
  readonly name: string;
  /** Oid of the type of its arrays. */
  readonly arrayId: number;
  readonly form: EnumForm | DomainForm | CompositeForm | RangeForm | MultirangeForm;
  readonly comment: string | null;
}
/** Labels keep the number they were stored under for life, so that ADD VALUE and RENAME VALUE rewrite no row. */
export interface EnumForm {
  readonly kind: 'enum';
  readonly labels: readonly { readonly label: string; readonly order: number }[];
}
export interface DomainForm {
  readonly kind: 'domain';
  readonly baseTypeId: number;
  readonly typmod: number;
  readonly notNull: boolean;
  readonly defaultSql: string | null;
  readonly checks: readonly { readonly name: string; readonly sql: string; readonly comment?: string }[];
}
export interface CompositeForm {
  readonly kind: 'composite';
  readonly fields: readonly {
    readonly name: string;
    readonly typeId: number;
    readonly typmod: number;
    readonly comment?: string;
  }[];
}

export interface RangeForm {
  readonly kind: 'range';
  readonly subtypeId: number;
  /** The type of its multiranges, made and dropped with it. */
  readonly multirangeId: number;
  /** Name of the function that tells how far two values are apart, as written: remembered, of no effect. */
  readonly subtypeDiff: string | null;
}
export interface MultirangeForm {
  readonly kind: 'multirange';
  readonly rangeId: number;
}

export interface ViewDef {
  readonly id: number;
  readonly schema: string;
  readonly name: string;
  readonly columns: readonly {
    readonly name: string;
    readonly type: SqlType;
    readonly typmod: number;
    readonly comment?: string;
    /** What INSERT gives the column, as in ColumnDef; absent: what the table behind it gives. */
    readonly defaultSql?: string;
    /** The sequence of a default that is its next value and nothing else. */
    readonly sequenceId?: number;
  }[];
  /** Canonical SQL of the query. */
  readonly sql: string;
  readonly checkOption: 'local' | 'cascaded' | null;
  /** WITH (...): as written. */
  readonly options: Readonly<Record<string, string>>;
  /** Materialised views keep their rows in a table of their own. */
  readonly materializedTableId: number | null;
  /** WITH NO DATA: rows are not there until REFRESH; absent: they are. */
  readonly isUnpopulated?: true;
  readonly dependsOn: readonly Dependency[];
  /** INSTEAD OF triggers. */
  readonly triggers: readonly TriggerDef[];
  readonly isTemporary: boolean;
  readonly comment: string | null;
  /** Schema version at which this definition was made. */
  readonly version: number;
}

export interface SequenceDef {
  readonly id: number;
  readonly schema: string;
  readonly name: string;
  readonly type: SqlType;
  readonly start: Datum;
  readonly increment: Datum;
  readonly min: Datum;
  readonly max: Datum;
  readonly cycle: boolean;
  readonly cache: number;
  /** Column that owns it (serial, identity). */
  readonly ownedBy: { readonly tableId: number; readonly column: number } | null;
  readonly isTemporary: boolean;
  readonly comment: string | null;
}

/** Position of column `column` in the table's tree: the row id is first, the others follow in order. */
export function storedPosition(table: TableDef, column: number): number {
  if (column === table.rowIdColumn || column === -1) return 0;
  return table.rowIdColumn === -1 || column < table.rowIdColumn ? column + 1 : column;
}

/** The definition once all rows are written anew: nothing is missing anywhere. */
export function asRewritten(table: TableDef): TableDef {
  if (table.columnsAtRewrite === undefined) return table;
  const { columnsAtRewrite: _, ...rest } = table;
  return { ...rest, columns: table.columns.map((column) => ({ ...column, missingValue: null })) };
}

/** The primary key or unique constraint an index enforces, if any. */
export function keyOfIndex(table: TableDef, index: IndexDef): KeyConstraint | undefined {
  if (index.constraintId === null || !index.unique) return undefined;
  return table.constraints.find(
    (one): one is KeyConstraint =>
      one.id === index.constraintId && (one.kind === 'primaryKey' || one.kind === 'unique'),
  );
}

/** Made for a foreign key whose columns no other index served; goes with the constraint, hidden from PostgreSQL's catalogues. */
export function isForeignKeyIndex(index: IndexDef): boolean {
  return index.constraintId !== null && !index.unique;
}

/** A unique index whose keys are distinct at every moment: that of a deferrable constraint may hold a key twice for a while. */
export function isUniqueAlways(table: TableDef, index: IndexDef): boolean {
  return index.unique && keyOfIndex(table, index)?.deferrable !== true;
}
