/**
 * What is known while one statement is bound: column numbers, parameter types, dependencies.
 *
 * I1  Every ColumnId is handed out here, once, with who made it: the query level (for aggregates' levels and grouping checks)
 *     and the name errors should use.
 * I2  A parameter's type is fixed by its first use that demands one; later uses must agree or cast.
 */
import type { TableDef } from '../../catalog/schema.ts';
import type { ColumnId, Expr } from '../../exec/expr.ts';
import type { OutputColumn } from '../../plan/logical.ts';
import { Oid } from '../../types/oids.ts';
import type { SqlType } from '../../types/sql-type.ts';
import type * as ast from '../ast/nodes.ts';
import type { BindEnv, KnownColumns } from './env.ts';
import { bindError } from './errors.ts';
import type { Level } from './level.ts';

/** How a column is called and which query it belongs to. */
export interface ColumnInfo {
  readonly level: Level | null;
  /** Name of the range-table entry, or null for computed columns. */
  readonly relation: string | null;
  readonly name: string;
  /** The stored table it is a column of, directly; null for everything computed. */
  readonly stored: StoredColumn | null;
}

/** A column of a scanned table, with its neighbours: what functional dependency on a key needs. */
export interface StoredColumn {
  readonly table: TableDef;
  readonly position: number;
  /** ColumnIds of the same scan by column position; undefined for dropped columns. */
  readonly siblings: readonly (ColumnId | undefined)[];
}

/** Notes what names meant, for those who rewrite the statement's text (stored views, renames). */
export interface BindRecorder {
  /** A FROM item or target resolved to a relation of the catalogue. */
  relation(node: ast.RangeVar, schema: string, id: number): void;
  /** `*` or `t.*` in a select list stood for these columns. */
  star(
    node: ast.ResTarget,
    columns: readonly { readonly relation: string | null; readonly name: string }[],
  ): void;
  /** A call resolved to a function of the catalogue. */
  routine?(node: ast.FuncCall, schema: string): void;
  /** A column reference resolved to a column of a relation of the catalogue. */
  column(node: ast.ColumnRef, relationId: number, column: number): void;
  /** A column named without its relation belongs to the one that goes by this name. */
  unqualified?(node: ast.ColumnRef, relation: string): void;
  /** The name of a scalar function's entry, which stands for its only column: the column's own. */
  soleColumn?(node: ast.ColumnRef, name: string): void;
  /** A name in GROUP BY is that of an output column, counted from 1. */
  output?(node: ast.ColumnRef, position: number): void;
  /** A NATURAL join has these columns in common. */
  natural?(node: ast.JoinExpr, names: readonly string[]): void;
  /** An expression was bound, before its surroundings convert it. */
  bound?(node: ast.Expr, expr: Expr): void;
  /** An untyped literal was read as a value of a type. */
  literal?(expr: Expr, type: SqlType): void;
  /** `expr` was converted without a written cast. */
  converted?(expr: Expr, made: Expr, target: SqlType): void;
}

const PARAM_NUMBER_MAX = 65535;

export class BindState {
  /** Replaced only while a stored expression is bound; see stored-expressions.ts I3. */
  env: BindEnv;
  readonly recorder: BindRecorder | null;
  readonly dependsOn: Set<TableDef>;
  /** Ids of every relation used, with the columns used of each (views and tables). */
  readonly columnsUsed: Map<number, Set<number>>;
  readonly columns: ColumnInfo[];
  readonly paramTypes: (SqlType | null)[];
  readonly paramLocations: number[];
  #cteCount: number;
  /** Nesting of views being expanded, to refuse a definition that reads itself. */
  viewDepth: number;
  /** Something in the statement changes the database (DML, nextval, setval). */
  hasWrites: boolean;
  /** The statement calls functions that change data. */
  callsWriters: boolean;
  /** The statement asks for what only its session knows: values of sequences it took, settings it makes, names it prepared. */
  asksSession: boolean;
  /** The statement changes a view through INSTEAD OF triggers: rows of its plan are rows changed. */
  insteadOf: { readonly returnsRows: boolean } | null;
  depth: number;
  /** Of the stored query being bound: the columns it knows of each relation; null for a statement's own text. */
  known: KnownColumns | null;
  /** Scans of tables give their row id too: the statement asks for ctid. */
  readonly withRowIds: boolean;

  constructor(env: BindEnv, recorder: BindRecorder | null = null, withRowIds: boolean = false) {
    this.withRowIds = withRowIds;
    this.known = env.routine?.known ?? null;
    this.env = env;
    this.recorder = recorder;
    this.dependsOn = new Set();
    this.columnsUsed = new Map();
    this.columns = [];
    this.paramTypes = [...env.paramTypes];
    this.paramLocations = [];
    this.#cteCount = 0;
    this.viewDepth = 0;
    this.hasWrites = false;
    this.callsWriters = false;
    this.asksSession = false;
    this.insteadOf = null;
    this.depth = 0;
  }

  newColumnId(
    level: Level | null,
    relation: string | null,
    name: string,
    stored: StoredColumn | null = null,
  ): ColumnId {
    this.columns.push({ level, relation, name, stored });
    return (this.columns.length - 1) as ColumnId;
  }

  /** Output columns of a finished subquery become columns of `level`, under the name errors should use. */
  adopt(level: Level, refname: string, columns: readonly OutputColumn[], names: readonly string[]): void {
    columns.forEach((column, i) => {
      this.columns[column.id] = { level, relation: refname, name: names[i] ?? column.name, stored: null };
    });
  }

  newCteId(): number {
    return this.#cteCount++;
  }

  infoOf(id: ColumnId): ColumnInfo {
    const info = this.columns[id];
    if (info === undefined) throw bindError('XX000', `column number ${id} was never given out`, -1);
    return info;
  }

  /** Remembers that a relation, and a column of it (-1: none in particular), is used. */
  uses(relationId: number, column: number): void {
    // What a view reads is the view's dependency, not that of its user.
    if (this.viewDepth > 0) return;
    let used = this.columnsUsed.get(relationId);
    if (used === undefined) {
      used = new Set();
      this.columnsUsed.set(relationId, used);
    }
    if (column >= 0) used.add(column);
  }

  /** `$n` as an expression; unknown type until something demands one. */
  param(number: number, location: number, unknownType: SqlType): Expr {
    if (number < 1 || number > PARAM_NUMBER_MAX)
      throw bindError('42P02', `there is no parameter $${number}`, location);
    const index = number - 1;
    while (this.paramTypes.length < number) this.paramTypes.push(null);
    this.paramLocations[index] ??= location;
    const type = this.paramTypes[index] ?? unknownType;
    return { kind: 'param', index, type, typmod: -1, location };
  }

  /** The type a demand gives to `$n`: the demanded one, or the one it already has. */
  fixParam(index: number, wanted: SqlType): SqlType {
    const known = this.paramTypes[index] ?? null;
    if (known !== null && known.oid !== Oid.unknown) return known;
    this.paramTypes[index] = wanted;
    return wanted;
  }

  /** Types of all parameters; those that nothing demanded are text. */
  finalParamTypes(textType: SqlType): SqlType[] {
    return this.paramTypes.map((type) => (type === null || type.oid === Oid.unknown ? textType : type));
  }
}

/** A reference to an output column. */
export function columnExpr(column: OutputColumn, location: number): Expr {
  return { kind: 'column', id: column.id, type: column.type, typmod: column.typmod, location };
}
