/**
 * INSERT, UPDATE, DELETE and MERGE as operators: the first `next` does the work, then RETURNING rows come out.
 *
 * I1  All rows are changed and all constraints checked before the first RETURNING row is handed out.
 * I2  UPDATE, DELETE and MERGE collect their rows before they change any; INSERT does when its input reads the table.
 * I3  Subqueries in RETURNING, ON CONFLICT and WHEN see the state before the statement, whatever it changed meanwhile.
 * I4  A failure leaves nothing behind: the session sets a savepoint first, or, where `protectsItself` says so, the operator asks
 *     for one only when it has more rows than it checks at once.
 */
import { DecentDbError, notSupported } from '../../base/errors.ts';
import type { Datum, Vector } from '../../types/vector.ts';
import { BATCH_ROWS, type Batch } from '../batch.ts';
import { visitExpr } from '../compile/shape.ts';
import type { ExecContext } from '../context.ts';
import { evaluatorOf } from '../interpret/evaluator.ts';
import { derivedExprs, drain, type Operator, projectProgram } from '../operators/operator.ts';
import type {
  DeleteNode,
  Expr,
  InsertNode,
  MergeAction,
  MergeNode,
  PhysicalNode,
  RowShape,
  UpdateNode,
  WriteTarget,
} from '../physical.ts';
import { RowIdSet } from '../row-id-set.ts';
import { KeptRows } from '../spill/kept-rows.ts';
import { Spool } from '../spill/spool.ts';
import { datumAt, gather } from '../vectors.ts';
import { aftermathOf } from './aftermath.ts';
import { type ChangedPart, datumsOf, memberOf } from './changed-parts.ts';
import type { ForeignKeyEnforcer } from './foreign-keys.ts';
import { InsertRunner } from './insert-runner.ts';
import { KeptInput } from './kept-input.ts';
import { readsTable } from './reads-table.ts';
import { ReturningRows } from './returning.ts';
import { type InsertSink, insertSink, RoutedInsert } from './routed-insert.ts';
import { vectorsOfRows } from './row-batch.ts';
import { dependsOn, RowChanger } from './row-changer.ts';
import { RowMover } from './row-mover.ts';
import { asOuter, boundsCheck, ShapedRows } from './row-shape.ts';
import { fireBeforeStatement, hasRowTriggers, type RowEvent } from './triggers.ts';

type WriteNode = InsertNode | UpdateNode | DeleteNode | MergeNode;

/** What the four have in common. */
abstract class WriteOperator<N extends WriteNode> implements Operator {
  protected readonly node: N;
  protected readonly input: Operator;
  protected context!: ExecContext;
  protected enforcer: ForeignKeyEnforcer | null = null;
  protected returning: ReturningRows | null = null;
  private isDone = false;
  private readonly asksWhileChanging: boolean;
  /** Whether all rows are checked before the first is written, if there are few. */
  private readonly isSelfProtected: boolean;
  private endReads: (() => void) | null = null;

  constructor(node: N, input: Operator) {
    this.node = node;
    this.input = input;
    this.asksWhileChanging = hasSubqueries(node);
    this.isSelfProtected = protectsItself(node);
  }

  open(context: ExecContext): void {
    const { target, returning, input } = this.node;
    this.context = context;
    this.isDone = false;
    this.enforcer = aftermathOf(context).enforcerFor(target);
    this.returning = returning === null ? null : new ReturningRows(returning, target, input, context);
    if (this.asksWhileChanging) this.endReads = context.statement.fixReads();
    this.input.open(context);
  }

  next(): Batch | null {
    if (!this.isDone) {
      const { table } = this.node.target;
      const events = table.triggers.length === 0 ? [] : eventsOf(this.node);
      if (events.length > 0) refuseTransitionTables(this.node);
      for (const { event, columns } of events) fireBeforeStatement(this.context, table, event, columns);
      this.run();
      const { triggers } = aftermathOf(this.context);
      for (const { event, columns } of events) triggers.noteStatement(table, event, columns);
      this.endReads?.();
      this.endReads = null;
      this.isDone = true;
    }
    return this.returning === null ? null : this.returning.next();
  }

  protected abstract run(): void;

  /** The whole input; what exceeds the memory is in a file. */
  protected collect(): Spool {
    const spool = new Spool(this.node.input.slots, this.context.statement.memory);
    drain(this.input, (batch) => {
      this.context.statement.checkCancel();
      spool.append(batch);
    });
    spool.report();
    return spool;
  }

  /** Called when the rows to change are known: few are checked before the first is written, for many a savepoint is set. */
  protected protect(changer: RowChanger, rows: number): void {
    const { guard } = this.context.statement;
    if (guard === null || !this.isSelfProtected) return;
    if (rows <= changer.rowsAtOnce) changer.guard = guard;
    else guard.protect();
  }

  close(): void {
    this.returning?.clear();
    this.returning = null;
    this.enforcer = null;
    this.input.close();
  }
}

/** Whether expressions that are evaluated between changes hold subqueries. */
function hasSubqueries(node: WriteNode): boolean {
  const exprs: (Expr | null)[] = [...(node.returning ?? [])];
  if (node.kind === 'insert') {
    if (!isOneRow(node.input)) exprs.push(...node.values);
    exprs.push(...(node.onConflict?.set.map((one) => one.expr) ?? []), node.onConflict?.where ?? null);
  } else if (node.kind === 'merge') {
    for (const { condition, set, values } of node.actions)
      exprs.push(condition, ...values, ...set.map((one) => one.expr));
  }
  let found = false;
  const look = (part: Expr): void => {
    if (part.kind === 'subquery') found = true;
  };
  for (const expr of exprs) if (expr !== null) visitExpr(expr, look);
  return found;
}

/** The events whose statement triggers a statement fires, each with the columns it sets. */
function eventsOf(
  node: WriteNode,
): { readonly event: RowEvent; readonly columns: readonly number[] | null }[] {
  switch (node.kind) {
    case 'insert': {
      const insert = { event: 'insert', columns: null } as const;
      if (node.onConflict?.action !== 'update') return [insert];
      return [insert, { event: 'update', columns: node.onConflict.set.map((one) => one.column) }];
    }
    case 'update':
      return [{ event: 'update', columns: node.set.map((one) => one.column) }];
    case 'delete':
      return [{ event: 'delete', columns: null }];
    default: {
      const has = (action: MergeAction['action']): boolean =>
        node.actions.some((one) => one.action === action);
      const events = (['insert', 'update', 'delete'] as const).filter(has);
      return events.map((event) => ({ event, columns: null }));
    }
  }
}

/** Rows of descendants are not gathered for the transition tables of the table named. */
function refuseTransitionTables(node: WriteNode): void {
  const { table, routing } = node.target;
  if (routing === undefined && (node.kind === 'insert' || node.tableIdSlot === undefined)) return;
  if (table.triggers.some((one) => one.enabled && (one.oldTable !== null || one.newTable !== null)))
    throw notSupported('a trigger with transition tables on a table with descendants');
}

export class InsertOperator extends WriteOperator<InsertNode> {
  protected override run(): void {
    const runner =
      this.node.target.routing === undefined
        ? new InsertRunner(this.node, this.context, this.enforcer, this.returning)
        : new RoutedInsert(this.node, this.context, this.returning);
    try {
      this.feed(runner);
    } finally {
      // After an error too: ids given out are not given out again before the transaction's end.
      runner.finish();
    }
  }

  private feed(runner: InsertSink): void {
    const { node, context } = this;
    const { routing } = node.target;
    const isRowByRow = routing === undefined && hasRowTriggers(node.target.table);
    if (!isRowByRow && !this.readsOwnRows()) {
      drain(this.input, (batch) => {
        context.statement.checkCancel();
        runner.run(batch);
      });
      return;
    }
    const rows = this.collect();
    const atOnce = isRowByRow ? 1 : BATCH_ROWS;
    for (const batch of batchesOf(rows)) {
      context.statement.checkCancel();
      for (let from = 0; from < batch.count; from += atOnce)
        runner.run(batch.slice(from, Math.min(batch.count, from + atOnce)));
    }
    rows.clear();
  }

  /** Of a partitioned table any input that reads a table counts: it may read a partition. */
  private readsOwnRows(): boolean {
    const { input, target } = this.node;
    return target.routing === undefined ? readsTable(input, target.table.id) : !isOneRow(input);
  }
}

function* batchesOf(spool: Spool): Iterable<Batch> {
  const reader = spool.reader();
  for (let batch = reader.next(); batch !== null; batch = reader.next()) yield batch;
}

function noteRows(changed: RowIdSet, rowIds: Vector, count: number): void {
  for (let i = 0; i < count; i++) changed.add(datumAt(rowIds, i));
}

export class UpdateOperator extends WriteOperator<UpdateNode> {
  protected override run(): void {
    const { node, context } = this;
    const { set } = node;
    const exprs = derivedExprs(set, () => set.map((one) => one.expr));
    const program = projectProgram(exprs);
    // Input columns are kept for RETURNING alone; the new values are computed while the rows are read.
    const { memory } = context.statement;
    const inputs = new KeptInput(node, memory);
    const values = new KeptRows(exprs, memory);
    drain(this.input, (batch) => {
      context.statement.checkCancel();
      const vectors = program.vectors(batch, context);
      const fresh = inputs.append(batch);
      if (fresh === null) values.appendVectors(vectors, batch.count);
      else
        values.appendVectors(
          vectors.map((vector) => gather(vector, fresh, fresh.length)),
          fresh.length,
        );
    });
    values.finish();
    const parts = inputs.parts(context);
    const leavesParts = parts.some(({ target, shape }) => this.mayLeave(target, shape));
    const mover = leavesParts ? new RowMover(node.target, node.input, context) : null;
    for (const part of parts) this.changePart(part, inputs, values, mover);
    mover?.finish();
    inputs.clear();
    values.clear();
  }

  /** Whether a new row may belong to another partition: its key is set, or a trigger may set it. */
  private mayLeave(target: WriteTarget, shape: RowShape | null): boolean {
    const check = shape === null ? null : boundsCheck(target);
    if (check === null || this.node.target.routing === undefined) return false;
    if (hasRowTriggers(target.table)) return true;
    const columns = new Set(this.columnsOf(shape));
    let touches = false;
    visitExpr(check, (at) => {
      if (at.kind === 'slot' && columns.has(at.slot)) touches = true;
    });
    return touches;
  }

  /** The columns set, as the table of a part numbers them. */
  private columnsOf(shape: RowShape | null): number[] {
    return this.node.set.map(({ column }) => (shape === null ? column : shape.there[column]!));
  }

  private changePart(part: ChangedPart, inputs: KeptInput, values: KeptRows, mover: RowMover | null): void {
    const { context } = this;
    const { target, shape, enforcer, rows } = part;
    const columns = this.columnsOf(shape);
    const isLeaving = shape !== null && mover !== null && this.mayLeave(target, shape);
    // A row that leaves is deleted from every index, not from those alone that depend on what is set.
    const changer = new RowChanger(target, context, isLeaving ? null : columns);
    if (isLeaving) changer.mover = { insert: (row) => mover.insert(shape, row) };
    this.protect(changer, rows.length);
    const shown =
      shape === null || this.returning === null ? this.returning : new ShapedRows(shape, this.returning);
    const changed = context.statement.changedIn(target.table.id);
    for (const some of rows.batches(changer.rowsAtOnce)) {
      context.statement.checkCancel();
      const input = inputs.columnsAt(some);
      const old = changer.fetch(datumsOf(input[this.node.rowIdSlot]!, some.length));
      const current = changer.updateRows(old, columns, values.rowsAt(some), some.length, enforcer);
      context.statement.writeView.relieve();
      if (changer.moved !== null && shape !== null) {
        this.returning?.add(changer.moved, asOuter(shape, old, 1), input, null, 1);
        continue;
      }
      if (current === null) continue;
      if (changed !== null) noteRows(changed, current[target.table.columns.length]!, some.length);
      context.statement.affected += some.length;
      shown?.add(current, old, input, null, some.length);
    }
  }
}

export class DeleteOperator extends WriteOperator<DeleteNode> {
  protected override run(): void {
    const { node, context } = this;
    const inputs = new KeptInput(node, context.statement.memory);
    drain(this.input, (batch) => {
      context.statement.checkCancel();
      inputs.append(batch);
    });
    for (const part of inputs.parts(context)) this.deletePart(part, inputs);
    inputs.clear();
  }

  private deletePart({ target, shape, enforcer, rows }: ChangedPart, inputs: KeptInput): void {
    const { context } = this;
    const changer = new RowChanger(target, context);
    this.protect(changer, rows.length);
    const shown =
      shape === null || this.returning === null ? this.returning : new ShapedRows(shape, this.returning);
    for (const some of rows.batches(changer.rowsAtOnce)) {
      context.statement.checkCancel();
      const input = inputs.columnsAt(some);
      const old = changer.fetch(datumsOf(input[this.node.rowIdSlot]!, some.length));
      if (!changer.deleteRows(old, some.length, enforcer)) continue;
      context.statement.affected += some.length;
      shown?.add(null, old, input, null, some.length);
      context.statement.writeView.relieve();
    }
  }
}

/** MERGE: each input row takes the first action that applies, in input order. */
export class MergeOperator extends WriteOperator<MergeNode> {
  private readonly members = new Map<number, Member>();
  /** Sets of changed rows that nobody else looks at. */
  private own: RowIdSet[] = [];
  private mover: RowMover | null = null;

  protected override run(): void {
    const { node, context } = this;
    const rows = this.collect();
    this.members.clear();
    this.mover = null;
    const inserters = node.actions.map((action) => this.inserterFor(action));
    for (const batch of batchesOf(rows))
      for (let i = 0; i < batch.count; i++) {
        if (i % BATCH_ROWS === 0) context.statement.checkCancel();
        this.act(batch.slice(i, i + 1), inserters);
      }
    for (const inserter of inserters) inserter?.finish();
    this.finishMover();
    context.mergeAction = null;
    for (const changed of this.own) changed.clear();
    this.own = [];
    rows.clear();
  }

  private act(row: Batch, inserters: readonly (InsertSink | null)[]): void {
    const { node, context } = this;
    context.statement.writeView.relieve();
    const at = row.position(0);
    const rowId = datumAt(row.column(node.rowIdSlot), at);
    const index = this.actionFor(row, at, rowId);
    const action = node.actions[index];
    if (action === undefined || action.action === 'nothing') return;
    if (action.action === 'insert') {
      context.mergeAction = 'INSERT';
      inserters[index]!.run(row);
      return;
    }
    const member = this.memberAt(row, at);
    if (!member.changed.add(rowId)) throw secondChange();
    this.change(member, action, row, at, rowId);
  }

  private finishMover(): void {
    this.mover?.finish();
  }

  /** Row ids of a table the statement has changed. */
  private changedOf(tableId: number): RowIdSet {
    const noted = this.context.statement.changedIn(tableId);
    if (noted !== null) return noted;
    const own = new RowIdSet(this.context.statement.memory);
    this.own.push(own);
    return own;
  }

  /** The table a matched row is in. */
  private memberAt(row: Batch, at: number): Member {
    const { node, context } = this;
    const { table } = node.target;
    const id =
      node.tableIdSlot === undefined ? table.id : (datumAt(row.column(node.tableIdSlot), at) as number);
    let member = this.members.get(id);
    if (member === undefined) {
      const { target, enforcer, shape } =
        id === table.id
          ? { target: node.target, enforcer: this.enforcer, shape: null }
          : memberOf(node.target, id, context);
      const changer = new RowChanger(target, context);
      if (shape !== null && node.target.routing !== undefined) {
        this.mover ??= new RowMover(node.target, node.input, context);
        const { mover } = this;
        changer.mover = { insert: (moved) => mover.insert(shape, moved) };
      }
      member = {
        changer,
        enforcer,
        shape,
        changed: this.changedOf(target.table.id),
      };
      this.members.set(id, member);
    }
    return member;
  }

  private inserterFor(action: MergeAction): InsertSink | null {
    if (action.action !== 'insert') return null;
    const { target, input, id, slots, returning } = this.node;
    const node: InsertNode = {
      kind: 'insert',
      id,
      slots,
      target,
      input,
      values: action.values,
      onConflict: null,
      returning,
    };
    return insertSink(node, this.context, this.returning);
  }

  private actionFor(row: Batch, at: number, rowId: Datum): number {
    const { actions, sourcePresentSlot } = this.node;
    const hasSource = sourcePresentSlot === null || datumAt(row.column(sourcePresentSlot), at) !== null;
    const when = rowId === null ? 'notMatchedByTarget' : hasSource ? 'matched' : 'notMatchedBySource';
    return actions.findIndex(
      (action) =>
        action.when === when &&
        (action.condition === null || evaluatorOf(action.condition)(row, at, this.context) === true),
    );
  }

  private change(member: Member, action: MergeAction, row: Batch, at: number, rowId: Datum): void {
    const { context } = this;
    const { changer, enforcer, shape } = member;
    const old = changer.fetch([rowId]);
    const input = this.node.input.slots.map((_, k) => gather(row.column(k), Int32Array.of(at), 1));
    const shown =
      shape === null || this.returning === null ? this.returning : new ShapedRows(shape, this.returning);
    let current: Vector[] | null = null;
    if (action.action === 'delete') {
      context.mergeAction = 'DELETE';
      if (!changer.deleteRows(old, 1, enforcer)) return;
    } else {
      context.mergeAction = 'UPDATE';
      const columns = action.set.map(({ column }) => (shape === null ? column : shape.there[column]!));
      const slots = columns.map((column) => ({
        type: changer.target.table.columns[column]!.type,
        typmod: -1,
      }));
      const values = action.set.map((one) => evaluatorOf(one.expr)(row, at, context));
      current = changer.updateRows(old, columns, vectorsOfRows(slots, [values]), 1, enforcer);
      if (changer.moved !== null && shape !== null)
        this.returning?.add(changer.moved, asOuter(shape, old, 1), input, null, 1);
      if (current === null) return;
    }
    context.statement.affected++;
    shown?.add(current, old, input, null, 1);
  }
}

/** A table whose rows MERGE changes. */
interface Member {
  readonly changer: RowChanger;
  readonly enforcer: ForeignKeyEnforcer | null;
  readonly shape: RowShape | null;
  /** Row ids the statement has changed. */
  readonly changed: RowIdSet;
}

/** 21000: MERGE met the same target row twice. */
function secondChange(): Error {
  return new DecentDbError('21000', 'MERGE command cannot affect row a second time', {
    hint: 'Ensure that not more than one source row matches any one target row.',
  });
}

/**
 * Whether a plan sets its own savepoint, if it needs one: an UPDATE or DELETE whose rows are found and checked before the
 * first is written, and after which nothing is left to be checked.
 */
export function protectsItself(root: PhysicalNode): boolean {
  if ((root.kind !== 'update' && root.kind !== 'delete') || root.returning !== null) return false;
  if (root.tableIdSlot !== undefined) return false;
  const { target } = root;
  const { table, indexes, generated, virtual } = target;
  if (table.triggers.length > 0 || target.viewChecks !== undefined) return false;
  if (indexes.some(({ index }) => index.method !== 'btree')) return false;
  if (root.kind === 'delete') return target.referencedBy.length === 0;
  const written = new Set([...root.set, ...generated, ...virtual].map((one) => one.column));
  const touches = (columns: readonly number[]): boolean => columns.some((column) => written.has(column));
  return (
    !written.has(table.rowIdColumn) &&
    !target.foreignKeys.some(({ constraint }) => touches(constraint.columns)) &&
    !target.referencedBy.some(({ constraint }) => touches(constraint.targetColumns)) &&
    !indexes.some((one) => one.index.unique && dependsOn(one, written))
  );
}

function isOneRow(input: PhysicalNode): boolean {
  return input.kind === 'values' && input.rows.length <= 1;
}
