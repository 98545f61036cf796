/**
 * A table definition in the making: what CREATE TABLE and ALTER TABLE change before it becomes a TableDef.
 *
 * I1  Trees are made when the draft is finished (CREATE) or when an index is added (ALTER); until then `root` is 0.
 */
import { DecentDbError } from '../../base/errors.ts';
import { NO_PAGE, type PageNo } from '../../base/ids.ts';
import { chooseName } from '../../catalog/names.ts';
import { type FamilyFields, familyFieldsOf } from '../../catalog/partitioning.ts';
import type { ColumnDef, ConstraintDef, IndexDef, TableDef, TriggerDef } from '../../catalog/schema.ts';
import type { Expr } from '../../sql/ast/nodes.ts';
import type { DdlContext } from './context.ts';
import { isNameTaken, nextVersion } from './work.ts';

export class TableDraft {
  readonly ctx: DdlContext;
  readonly id: number;
  readonly schema: string;
  readonly name: string;
  columns: ColumnDef[];
  constraints: ConstraintDef[];
  indexes: IndexDef[];
  triggers: readonly TriggerDef[];
  root: PageNo;
  rowIdColumn: number;
  columnsAtRewrite: number | undefined;
  isTemporary: boolean;
  isUnlogged: boolean;
  ofTypeId: number | undefined;
  onCommit: TableDef['onCommit'];
  comment: string | null;
  /** Its place among others: key, parents, bound. */
  family: FamilyFields;
  /** Generation expressions as written in this statement, by column position. */
  readonly generatedNodes: Map<number, Expr>;
  /** Names of constraints that were given none. */
  readonly chosenNames: Set<string>;

  constructor(ctx: DdlContext, id: number, schema: string, name: string) {
    this.ctx = ctx;
    this.id = id;
    this.schema = schema;
    this.name = name;
    this.columns = [];
    this.constraints = [];
    this.indexes = [];
    this.triggers = [];
    this.root = NO_PAGE;
    this.rowIdColumn = -1;
    this.columnsAtRewrite = undefined;
    this.isTemporary = false;
    this.isUnlogged = false;
    this.ofTypeId = undefined;
    this.onCommit = 'preserve';
    this.comment = null;
    this.family = {};
    this.generatedNodes = new Map();
    this.chosenNames = new Set();
  }

  static of(ctx: DdlContext, table: TableDef): TableDraft {
    const draft = new TableDraft(ctx, table.id, table.schema, table.name);
    draft.columns = [...table.columns];
    draft.constraints = [...table.constraints];
    draft.indexes = [...table.indexes];
    draft.triggers = table.triggers;
    draft.root = table.root;
    draft.rowIdColumn = table.rowIdColumn;
    draft.columnsAtRewrite = table.columnsAtRewrite;
    draft.isTemporary = table.isTemporary;
    draft.isUnlogged = table.isUnlogged === true;
    draft.ofTypeId = table.ofTypeId;
    draft.onCommit = table.onCommit;
    draft.comment = table.comment;
    draft.family = familyFieldsOf(table);
    return draft;
  }

  /** The definition as it stands. */
  toDef(): TableDef {
    return {
      id: this.id,
      schema: this.schema,
      name: this.name,
      columns: [...this.columns],
      root: this.root,
      rowIdColumn: this.rowIdColumn,
      ...(this.columnsAtRewrite === undefined ? {} : { columnsAtRewrite: this.columnsAtRewrite }),
      constraints: [...this.constraints],
      indexes: [...this.indexes],
      triggers: this.triggers,
      isTemporary: this.isTemporary,
      ...(this.isUnlogged ? { isUnlogged: true } : {}),
      ...(this.ofTypeId === undefined ? {} : { ofTypeId: this.ofTypeId }),
      onCommit: this.onCommit,
      comment: this.comment,
      version: nextVersion(this.ctx),
      ...familyFieldsOf(this.family),
    };
  }

  findColumn(name: string): number {
    return this.columns.findIndex((column) => column.name === name && !column.isDropped);
  }

  requireColumn(name: string): number {
    const position = this.findColumn(name);
    if (position < 0)
      throw new DecentDbError('42703', `column "${name}" of relation "${this.name}" does not exist`);
    return position;
  }

  setColumn(position: number, change: Partial<ColumnDef>): void {
    this.columns[position] = { ...(this.columns[position] as ColumnDef), ...change };
  }

  /** A free name `table_columns_label` for a constraint or index of this table. */
  chooseName(columns: string | null, label: string): string {
    return chooseName(this.name, columns, label, (name) => this.isTaken(name));
  }

  isTaken(name: string): boolean {
    return (
      isNameTaken(this.ctx, this.schema, name) ||
      name === this.name ||
      this.constraints.some((constraint) => constraint.name === name) ||
      this.indexes.some((index) => index.name === name)
    );
  }

  /** 42710 when the table has a constraint of that name. */
  checkConstraintName(name: string): void {
    if (this.constraints.some((constraint) => constraint.name === name))
      throw new DecentDbError('42710', `constraint "${name}" for relation "${this.name}" already exists`);
  }
}
