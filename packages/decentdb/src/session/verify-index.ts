/**
 * An index against its table: every row that belongs into it has its entry, and there are no others.
 *
 * I1  Both sides are added up, each in its own order (entry-sums.ts). Where the sums differ, entries are looked up by their whole
 *     key, row id included; equal counts then rule out strangers.
 */
import { DecentDbError } from '../base/errors.ts';
import type { IndexDef, TableDef } from '../catalog/schema.ts';
import type { Batch } from '../exec/batch.ts';
import { layoutColumns, layoutSlots } from '../exec/dml/row-batch.ts';
import { type PlanRun, startPlan } from '../exec/execute.ts';
import type { Expr } from '../exec/expr.ts';
import type { PhysicalNode, Slot, WriteTarget } from '../exec/physical.ts';
import { indexTree } from '../exec/storage/stored-trees.ts';
import { datumAt } from '../exec/vectors.ts';
import { writeTargetFor } from '../plan/emit/write.ts';
import { mapExpr } from '../plan/expr-walk.ts';
import { TreeCursor, WHOLE_TREE } from '../tree/tree-cursor.ts';
import { TreePosition } from '../tree/tree-position.ts';
import type { ReadTxn } from '../txn/read-txn.ts';
import type { Datum } from '../types/vector.ts';
import { EntrySums } from './entry-sums.ts';
import type { Session } from './session.ts';

/** In steps, each of which gives the rows of the table gone through since the last. */
export function* verifyIndexSteps(
  session: Session,
  table: TableDef,
  index: IndexDef,
  read: ReadTxn,
): Generator<number, void> {
  const tree = indexTree(table, index);
  const wanted = new EntrySums(tree.schema.leaf);
  yield* addRows(wanted, startEntries(session, table, index, read));
  const found = new EntrySums(tree.schema.leaf);
  const cursor = new TreeCursor(tree, read);
  cursor.seek(WHOLE_TREE);
  while (cursor.next()) {
    found.add((column) => cursor.vector(column), null, cursor.from, cursor.to - cursor.from);
    yield 0;
  }
  if (!found.equals(wanted)) yield* lookUpSteps(session, table, index, read);
}

function* addRows(sums: EntrySums, run: PlanRun): Generator<number, void> {
  try {
    for (let batch = run.next(); batch !== null; batch = run.next()) {
      const { selection, count } = batch;
      sums.add((column) => (batch as Batch).column(column), selection, 0, count);
      yield count;
    }
  } finally {
    run.close();
  }
}

/** Looks every entry up (I1): says which row it is that has none. */
function* lookUpSteps(
  session: Session,
  table: TableDef,
  index: IndexDef,
  read: ReadTxn,
): Generator<number, void> {
  const tree = indexTree(table, index);
  const position = new TreePosition();
  const key: Datum[] = [];
  let expected = 0;
  const run = startEntries(session, table, index, read);
  try {
    for (let batch = run.next(); batch !== null; batch = run.next()) {
      for (let i = 0; i < batch.count; i++) {
        const at = batch.position(i);
        for (let c = 0; c < batch.width; c++) key[c] = datumAt(batch.column(c), at);
        expected++;
        if (!tree.get(read, key, position))
          throw new DecentDbError(
            'XX002',
            `row ${String(key[batch.width - 1])} of table "${table.name}" is missing in it`,
          );
      }
      yield 0;
    }
  } finally {
    run.close();
  }
  const entries = tree.rowCount(read);
  if (entries !== expected)
    throw new DecentDbError('XX002', `it has ${entries} entries, table "${table.name}" asks for ${expected}`);
}

/** The entries the index should have, as its table says: keys, included columns, row id. */
export function startEntries(session: Session, table: TableDef, index: IndexDef, read: ReadTxn): PlanRun {
  const catalog = session.shared.store.load(read, read.meta);
  const env = session.bindEnv(catalog);
  const target = writeTargetFor(table, { tableExpressions: (t) => session.shared.tableExpressions(t, env) });
  const root = entriesOf(table, index, target);
  return startPlan(
    { root, paramTypes: [], idCount: 2, command: 'SELECT', isReadOnly: true },
    { view: read, params: [], eval: session.evalContext },
  );
}

/** A plan for the entries the index should have. */
function entriesOf(table: TableDef, index: IndexDef, target: WriteTarget): PhysicalNode {
  const wanted = target.indexes.find((t) => t.index.id === index.id);
  const slots = layoutSlots(table);
  const virtual = new Map(target.virtual.map((v) => [v.column, v.expr] as const));
  const computed = (expr: Expr): Expr =>
    mapExpr(expr, (e) => (e.kind === 'slot' ? (virtual.get(e.slot) ?? e) : e));
  const slot = (at: number): Expr => ({
    kind: 'slot',
    slot: at,
    type: (slots[at] as Slot).type,
    typmod: -1,
    location: -1,
  });
  const exprs: Expr[] = [
    ...(wanted?.keys ?? []).map(computed),
    ...index.include.map((column) => computed(slot(column))),
    slot(table.columns.length),
  ];
  const scan: PhysicalNode = {
    kind: 'scan',
    id: 0,
    slots,
    table,
    columns: layoutColumns(table),
    path: 'table',
    index: null,
    ranges: null,
    direction: 'forward',
    ordered: false,
    filter: wanted?.predicate == null ? null : computed(wanted.predicate),
    sample: null,
  };
  return {
    kind: 'project',
    id: 1,
    slots: exprs.map((e) => ({ type: e.type, typmod: -1 })),
    input: scan,
    exprs,
  };
}
