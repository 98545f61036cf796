/**
 * The rows of a table against its constraints: NOT NULL, CHECK, keys, foreign keys.
 *
 * I1  Asks the stored rows, not the planner: what a constraint promises is never taken for granted here.
 * I2  A constraint that cannot be evaluated (a function that is not registered) is told of as such; the others are still checked.
 * I3  NOT VALID constraints promise nothing about rows that are there, and are left out.
 */
import { DecentDbError } from '../base/errors.ts';
import { columnsIn, membersOf } from '../catalog/family.ts';
import type {
  CheckConstraint,
  ColumnDef,
  ForeignKeyConstraint,
  IndexDef,
  KeyConstraint,
  TableDef,
} from '../catalog/schema.ts';
import { isUniqueAlways, keyOfIndex, storedPosition } from '../catalog/schema.ts';
import { keyConversion } from '../exec/dml/key-conversion.ts';
import { KeyLookup } from '../exec/dml/key-lookup.ts';
import { layoutColumns, layoutSlots } from '../exec/dml/row-batch.ts';
import { startPlan } from '../exec/execute.ts';
import type { Expr } from '../exec/expr.ts';
import type { PhysicalNode, WriteTarget } from '../exec/physical.ts';
import { indexTree, tableTree } from '../exec/storage/stored-trees.ts';
import { datumAt } from '../exec/vectors.ts';
import { writeTargetFor } from '../plan/emit/write.ts';
import { mapExpr } from '../plan/expr-walk.ts';
import { compareKeys } from '../tree/key-order.ts';
import { TreeCursor, WHOLE_TREE } from '../tree/tree-cursor.ts';
import type { ReadTxn } from '../txn/read-txn.ts';
import { boolType } from '../types/bool-type.ts';
import { defaultTypeSettings, type SqlType } from '../types/sql-type.ts';
import type { Datum } from '../types/vector.ts';
import type { Session } from './session.ts';

export interface BrokenConstraint {
  readonly constraint: string;
  readonly message: string;
}

/** Keys looked up together in the table a foreign key refers to. */
const KEYS_PER_LOOKUP = 1024;

export function brokenConstraints(session: Session, table: TableDef, read: ReadTxn): BrokenConstraint[] {
  return new ConstraintCheck(session, table, read).run();
}

class ConstraintCheck {
  readonly #session: Session;
  readonly #table: TableDef;
  readonly #read: ReadTxn;
  readonly #broken: BrokenConstraint[] = [];

  constructor(session: Session, table: TableDef, read: ReadTxn) {
    this.#session = session;
    this.#table = table;
    this.#read = read;
  }

  run(): BrokenConstraint[] {
    const table = this.#table;
    this.#attempt('NOT NULL', () => this.#notNull());
    for (const index of table.indexes) {
      const key = keyOfIndex(table, index);
      // A deferrable key holds at every commit, which is what is read here.
      if (isUniqueAlways(table, index) || key !== undefined)
        this.#attempt(key?.name ?? index.name, () => this.#unique(index, key));
    }
    for (const one of table.constraints) {
      if (!one.validated) continue;
      if (one.kind === 'check') this.#attempt(one.name, () => this.#check(one));
      else if (one.kind === 'foreignKey') this.#attempt(one.name, () => this.#foreignKey(one));
    }
    return this.#broken;
  }

  #attempt(constraint: string, work: () => string | null): void {
    try {
      const message = work();
      if (message !== null) this.#broken.push({ constraint, message });
    } catch (error) {
      if (!(error instanceof DecentDbError)) throw error;
      this.#broken.push({ constraint, message: `it cannot be checked: ${error.message}` });
    }
  }

  #notNull(): string | null {
    const table = this.#table;
    const wanted = table.columns
      .map((column, i) => ({ column, i }))
      .filter(
        ({ column, i }) =>
          column.notNull && !column.isDropped && column.generated !== 'virtual' && i !== table.rowIdColumn,
      );
    if (wanted.length === 0) return null;
    const cursor = new TreeCursor(tableTree(table), this.#read);
    cursor.seek(WHOLE_TREE);
    const counts = new Map<string, number>();
    while (cursor.next()) {
      const { leaf } = cursor;
      if (leaf === null) break;
      for (const { column, i } of wanted) {
        const { nullCount } = leaf.column(storedPosition(table, i));
        if (nullCount > 0) counts.set(column.name, (counts.get(column.name) ?? 0) + nullCount);
      }
    }
    const found = [...counts].map(([name, count]) => `column "${name}" is NULL in ${count} rows`);
    return found.length === 0 ? null : found.join(', ');
  }

  /** Entries of a unique index come in the order of their keys: equal ones are neighbours. */
  #unique(index: IndexDef, key: KeyConstraint | undefined): string | null {
    const tree = indexTree(this.#table, index);
    const specs = tree.schema.leaf;
    const width = index.keys.length;
    const cursor = new TreeCursor(tree, this.#read);
    cursor.seek(WHOLE_TREE);
    let last: Datum[] | null = null;
    let doubles = 0;
    let example = '';
    while (cursor.next()) {
      const vectors = index.keys.map((_, i) => cursor.vector(i));
      for (let row = cursor.from; row < cursor.to; row++) {
        const entry = vectors.map((vector) => datumAt(vector, row));
        const isEqual = last !== null && compareKeys(specs, last, entry, width) === 0;
        if (isEqual && (index.nullsNotDistinct || !entry.includes(null))) {
          doubles++;
          if (example === '')
            example = textOf(
              entry,
              index.keys.map(({ type }) => type),
            );
        }
        last = entry;
      }
    }
    if (doubles === 0) return null;
    const what = key?.kind === 'primaryKey' ? 'primary key' : 'unique';
    return `${doubles} rows have a ${what} value that another row has, (${example}) for one`;
  }

  #check(constraint: CheckConstraint): string | null {
    const target = this.#target();
    const expr = target.checks.find((one) => one.constraint?.id === constraint.id)?.expr;
    if (expr === undefined) return 'it is not among the checks of its table';
    const violated: Expr = {
      kind: 'booleanTest',
      arg: withVirtual(target, expr),
      test: 'false',
      negated: false,
      type: boolType,
      typmod: -1,
      location: -1,
    };
    let rows = 0;
    let example = '';
    this.#eachRow(violated, (row, width) => {
      if (rows++ === 0) example = String(row(width - 1));
    });
    return rows === 0 ? null : `${rows} rows do not satisfy it, row ${example} for one`;
  }

  /** The tables the rows of a target are in. */
  #membersOf(target: TableDef): readonly TableDef[] {
    if (target.partitionKey === undefined) return [target];
    return membersOf(this.#session.shared.store.load(this.#read, this.#read.meta), target);
  }

  #foreignKey(constraint: ForeignKeyConstraint): string | null {
    const table = this.#table;
    const target = this.#target().foreignKeys.find((one) => one.constraint?.id === constraint.id)?.target;
    if (target === undefined) return 'the table it refers to is not there';
    const own = constraint.columns.map((column) => table.columns[column] as ColumnDef);
    const theirs = constraint.targetColumns.map((column) => target.columns[column] as ColumnDef);
    const types = own.map(({ type }) => type);
    const conversion = keyConversion(own, theirs, this.#session.evalContext);
    const lookups = this.#membersOf(target).map((member) => {
      const there = columnsIn(target, member);
      const columns = constraint.targetColumns.map((column) => there[column] as number);
      return new KeyLookup(member, columns, this.#read, conversion);
    });
    let orphans = 0;
    let mixed = 0;
    let example = '';
    let keys: Datum[][] = [];
    const look = (): void => {
      const present = new Set(lookups.flatMap((lookup) => lookup.find(keys).map(({ key }) => key)));
      keys.forEach((key, i) => {
        if (present.has(i)) return;
        if (orphans++ === 0) example = textOf(key, types);
      });
      keys = [];
    };
    this.#eachRow(null, (row) => {
      const key = constraint.columns.map(row);
      if (!key.includes(null)) {
        keys.push(key);
        if (keys.length >= KEYS_PER_LOOKUP) look();
      } else if (constraint.match === 'full' && key.some((value) => value !== null)) mixed++;
    });
    look();
    if (mixed > 0) return `${mixed} rows mix NULL and other values in its columns (MATCH FULL)`;
    if (orphans === 0) return null;
    return `${orphans} rows refer to rows of "${target.name}" that are not there, (${example}) for one`;
  }

  /** Every row, or those for which a condition over the row layout holds, as a reader of its columns. */
  #eachRow(filter: Expr | null, onRow: (row: (column: number) => Datum, width: number) => void): void {
    const table = this.#table;
    const root: PhysicalNode = {
      kind: 'scan',
      id: 0,
      slots: layoutSlots(table),
      table,
      columns: layoutColumns(table),
      path: 'table',
      index: null,
      ranges: null,
      direction: 'forward',
      ordered: false,
      filter,
      sample: null,
    };
    const run = startPlan(
      { root, paramTypes: [], idCount: 1, command: 'SELECT', isReadOnly: true },
      { view: this.#read, params: [], eval: this.#session.evalContext },
    );
    try {
      for (let batch = run.next(); batch !== null; batch = run.next())
        for (let i = 0; i < batch.count; i++) {
          const from = batch;
          const at = batch.position(i);
          onRow((column) => datumAt(from.column(column), at), batch.width);
        }
    } finally {
      run.close();
    }
  }

  #target(): WriteTarget {
    const session = this.#session;
    const env = session.bindEnv(session.shared.store.load(this.#read, this.#read.meta));
    return writeTargetFor(this.#table, {
      tableExpressions: (table) => session.shared.tableExpressions(table, env),
    });
  }
}

/** The expression with virtual generated columns put in: their slots are not stored. */
function withVirtual(target: WriteTarget, expr: Expr): Expr {
  const virtual = new Map(target.virtual.map((one) => [one.column, one.expr] as const));
  return mapExpr(expr, (one) => (one.kind === 'slot' ? (virtual.get(one.slot) ?? one) : one));
}

function textOf(values: readonly Datum[], types: readonly SqlType[]): string {
  return values
    .map((value, i) => (value === null ? 'NULL' : types[i]?.output(value, defaultTypeSettings)))
    .join(', ');
}
