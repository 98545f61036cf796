/**
 * Tables in memory for the executor's tests: definitions, trees, plans by hand.
 */
import { NO_PAGE } from '../base/ids.ts';
import type { ColumnDef, ConstraintDef, IndexDef, TableDef } from '../catalog/schema.ts';
import { type MemoryPages, MemoryPages as Pages } from '../tree/memory-view.fuzz.ts';
import { createTree } from '../tree/tree.ts';
import { verifyTree } from '../tree/verify-tree.ts';
import type { WriteView } from '../txn/page-view.ts';
import { int8Type } from '../types/integer-types.ts';
import type { Datum } from '../types/vector.ts';
import type { StatementOptions } from './context.ts';
import { RowIdMap } from './dml/row-ids.ts';
import { startPlan } from './execute.ts';
import { constant, slot, testEval, type } from './expr.test.kit.ts';
import type { Expr } from './expr.ts';
import type {
  DeleteNode,
  IndexTarget,
  InsertNode,
  PhysicalNode,
  ScanNode,
  Slot,
  UpdateNode,
  ValuesNode,
  WriteTarget,
} from './physical.ts';
import type { SessionServices } from './services.ts';
import { indexTree, indexTreeSchema, tableTree, tableTreeSchema } from './storage/stored-trees.ts';
import { datumAt } from './vectors.ts';

export interface ColumnSpec {
  readonly name: string;
  readonly type: string;
  readonly notNull?: boolean;
}
export interface IndexSpec {
  readonly name: string;
  readonly columns: readonly number[];
  readonly unique?: boolean;
  readonly descending?: boolean;
  readonly include?: readonly number[];
  readonly predicate?: Expr;
}

let lastId = 100;
let lastNode = 0;

export class TestDatabase {
  readonly pages: MemoryPages = new Pages(8192);
  view: WriteView = this.pages.write();
  readonly targets: Map<number, WriteTarget> = new Map();
  readonly rowIds: RowIdMap = new RowIdMap();
  readonly services: SessionServices;
  readonly deferred: { constraintId: number; rowIds: readonly (number | bigint)[] }[] = [];
  readonly deferredConstraints: Set<number> = new Set();

  constructor() {
    this.services = {
      writeTarget: (id) => this.targets.get(id)!,
      isDeferred: (id) => this.deferredConstraints.has(id),
      defer: (_id, check) => this.deferred.push(check),
      rowIds: this.rowIds,
    };
  }

  /** Creates a table; `rowIdColumn` -1 hides the row id. */
  table(
    name: string,
    columns: readonly ColumnSpec[],
    options: {
      readonly rowIdColumn?: number;
      readonly indexes?: readonly IndexSpec[];
      readonly checks?: readonly { name: string; expr: Expr }[];
      readonly constraints?: readonly ConstraintDef[];
    } = {},
  ): WriteTarget {
    const id = ++lastId;
    const { rowIdColumn = -1, indexes = [], checks = [], constraints = [] } = options;
    const keys: ConstraintDef[] =
      rowIdColumn < 0
        ? []
        : [
            {
              kind: 'primaryKey',
              id: ++lastId,
              name: `${name}_pkey`,
              columns: [rowIdColumn],
              indexId: null,
              ...plain,
            },
          ];
    let table: TableDef = {
      id,
      schema: 'public',
      name,
      columns: columns.map(columnDef),
      root: NO_PAGE,
      rowIdColumn,
      constraints: [...keys, ...constraints],
      indexes: indexes.map((spec) => indexDef(id, spec, columns)),
      triggers: [],
      isTemporary: false,
      onCommit: 'preserve',
      comment: null,
      version: 1,
    };
    const root = createTree(this.view, tableTreeSchema(table));
    const made = table.indexes.map((index) => ({
      ...index,
      root: createTree(this.view, indexTreeSchema(table, index)),
    }));
    table = { ...table, root, indexes: made };
    const target: WriteTarget = {
      table,
      indexes: made.map(
        (index, i): IndexTarget => ({
          index,
          keys: index.keys.map((key) => slot(key.column, columns[key.column]!.type)),
          predicate: indexes[i]!.predicate ?? null,
        }),
      ),
      generated: [],
      virtual: [],
      checks: checks.map((check) => ({
        constraint: { kind: 'check', id: ++lastId, name: check.name, sql: '', ...plain },
        expr: check.expr,
      })),
      defaults: columns.map(() => null),
      foreignKeys: [],
      referencedBy: [],
    };
    this.targets.set(id, target);
    return target;
  }

  run(root: PhysicalNode, options: Partial<StatementOptions> = {}): { rows: Datum[][]; affected: number } {
    const run = startPlan(
      { root, paramTypes: [], idCount: 10000, command: 'SELECT', isReadOnly: false },
      { view: this.view, params: [], eval: testEval, services: this.services, ...options },
    );
    try {
      const rows: Datum[][] = [];
      for (let batch = run.next(); batch !== null; batch = run.next()) {
        const vectors = root.slots.map((_, i) => batch!.column(i));
        for (let i = 0; i < batch.count; i++)
          rows.push(vectors.map((vector) => datumAt(vector, batch!.position(i))));
      }
      return { rows, affected: run.affected };
    } finally {
      run.close();
    }
  }

  /** Rows of a table, by row id. */
  all(target: WriteTarget): Datum[][] {
    return this.run(scan(target.table)).rows;
  }

  insert(
    target: WriteTarget,
    rows: readonly (readonly Datum[])[],
    extra: Partial<InsertNode> = {},
  ): ReturnType<TestDatabase['run']> {
    return this.run(insertNode(target, rows, extra));
  }

  /** Trees are sound, and every index says what its table says. */
  verify(target: WriteTarget): void {
    const { table } = target;
    verifyTree(tableTree(table), this.view);
    for (const one of target.indexes) verifyTree(indexTree(table, one.index), this.view);
  }
}

const plain = { deferrable: false, initiallyDeferred: false, validated: true, comment: null };

function columnDef(spec: ColumnSpec, i: number): ColumnDef {
  return {
    name: spec.name,
    attnum: i + 1,
    type: type(spec.type),
    typmod: -1,
    notNull: spec.notNull ?? false,
    defaultSql: null,
    generated: null,
    identity: null,
    sequenceId: null,
    isDropped: false,
    missingValue: null,
    comment: null,
  };
}

function indexDef(tableId: number, spec: IndexSpec, columns: readonly ColumnSpec[]): IndexDef {
  return {
    id: ++lastId,
    name: spec.name,
    tableId,
    method: 'btree',
    root: NO_PAGE,
    unique: spec.unique ?? false,
    nullsNotDistinct: false,
    keys: spec.columns.map((column) => ({
      column,
      expressionSql: null,
      type: type(columns[column]!.type),
      descending: spec.descending ?? false,
      nullsFirst: spec.descending ?? false,
      opclass: null,
    })),
    include: spec.include ?? [],
    predicateSql: spec.predicate === undefined ? null : 'predicate',
    constraintId: null,
    options: {},
    comment: null,
  };
}

const nodeBase = () => ({ id: lastNode++ });

export function slotsOfTypes(names: readonly string[]): Slot[] {
  return names.map((name) => ({ type: type(name), typmod: -1 }));
}

export function values(names: readonly string[], rows: readonly (readonly Datum[])[]): ValuesNode {
  return {
    kind: 'values',
    ...nodeBase(),
    slots: slotsOfTypes(names),
    rows: rows.map((row) => row.map((value, i) => constant(value, names[i]!))),
  };
}

/** Reads columns of a table (-1 the row id); all of them unless told. */
export function scan(table: TableDef, extra: Partial<ScanNode> = {}): ScanNode {
  const columns = extra.columns ?? table.columns.map((_, i) => i);
  const rowIdType = table.columns[table.rowIdColumn]?.type ?? int8Type;
  return {
    kind: 'scan',
    ...nodeBase(),
    slots: columns.map((column) => ({
      type: column < 0 ? rowIdType : table.columns[column]!.type,
      typmod: -1,
    })),
    table,
    columns,
    path: 'table',
    index: null,
    ranges: null,
    direction: 'forward',
    ordered: false,
    filter: null,
    sample: null,
    ...extra,
  };
}

export function insertNode(
  target: WriteTarget,
  rows: readonly (readonly Datum[])[],
  extra: Partial<InsertNode> = {},
): InsertNode {
  const names = target.table.columns.map((column) => column.type.name);
  return {
    kind: 'insert',
    ...nodeBase(),
    slots: (extra.returning ?? []).map((expr) => ({ type: expr.type, typmod: -1 })),
    target,
    input: values(names, rows),
    values: names.map((name, i) => slot(i, name)),
    onConflict: null,
    returning: null,
    ...extra,
  };
}

/** UPDATE of the rows a scan of [row id, all columns...] yields: slot 0 is the row id, slot c + 1 column c. */
export function updateNode(
  target: WriteTarget,
  set: readonly { column: number; expr: Expr }[],
  filter: Expr | null = null,
  returning: readonly Expr[] | null = null,
): UpdateNode {
  return {
    kind: 'update',
    ...nodeBase(),
    slots: (returning ?? []).map((expr) => ({ type: expr.type, typmod: -1 })),
    target,
    input: rowScan(target, filter),
    rowIdSlot: 0,
    set,
    returning,
  };
}

export function deleteNode(target: WriteTarget, filter: Expr | null = null): DeleteNode {
  return {
    kind: 'delete',
    ...nodeBase(),
    slots: [],
    target,
    input: rowScan(target, filter),
    rowIdSlot: 0,
    returning: null,
  };
}

function rowScan(target: WriteTarget, filter: Expr | null): ScanNode {
  return scan(target.table, { columns: [-1, ...target.table.columns.map((_, i) => i)], filter });
}

export function nextNodeId(): number {
  return lastNode++;
}
