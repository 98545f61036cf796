/**
 * INSERT into a partitioned table: each row goes to the partition its key belongs to.
 *
 * I1  Defaults are those of the table named; generated columns, checks, keys and row triggers those of the partition.
 * I2  Rows that nobody shows or compares are taken together by partition; where RETURNING, ON CONFLICT or row triggers
 *     look, they go in the order they came.
 * I3  A partition that is partitioned itself routes on.
 */
import { assert } from '../../base/assert.ts';
import { DecentDbError } from '../../base/errors.ts';
import type { TableDef } from '../../catalog/schema.ts';
import type { Datum, Vector } from '../../types/vector.ts';
import { Batch } from '../batch.ts';
import { denseColumn, type ProjectProgram } from '../compile/project-program.ts';
import type { ExecContext } from '../context.ts';
import { evaluatorOf } from '../interpret/evaluator.ts';
import { derivedExprs, projectProgram } from '../operators/operator.ts';
import type { Expr, InsertNode, PartitionRouting, RowShape, Slot, WriteTarget } from '../physical.ts';
import { datumAt, gather } from '../vectors.ts';
import { aftermathOf } from './aftermath.ts';
import { checkViolation, routingFailure } from './constraint-errors.ts';
import { InsertRunner, valueExprs } from './insert-runner.ts';
import { PartitionFinder } from './partition-finder.ts';
import { conformed, layoutSlots, rowReader } from './row-batch.ts';
import { boundsCheck, type RowsShown, ShapedRows, shapeOf, withViewChecks } from './row-shape.ts';
import { hasRowTriggers } from './triggers.ts';

/** What takes batches of rows to insert. */
export interface InsertSink {
  run(batch: Batch): void;
  finish(): void;
}

interface Taker {
  readonly sink: InsertSink;
  readonly isRowByRow: boolean;
}

/** The sink for a statement's rows; `shown` null where nobody looks. `named`: the table the statement names, where rows come from there. */
export function insertSink(
  node: InsertNode,
  context: ExecContext,
  shown: RowsShown | null,
  named: TableDef | null = null,
): InsertSink {
  if (node.target.routing !== undefined) return new RoutedInsert(node, context, shown, named);
  const shape = named === null || node.onConflict === null ? null : shapeOf(named, node.target.table);
  return new InsertRunner(node, context, aftermathOf(context).enforcerFor(node.target), shown, shape);
}

export class RoutedInsert implements InsertSink {
  private readonly node: InsertNode;
  private readonly context: ExecContext;
  private readonly shown: RowsShown | null;
  private readonly routing: PartitionRouting;
  private readonly finder: PartitionFinder;
  private readonly program: ProjectProgram;
  private readonly keys: ProjectProgram;
  private readonly slots: readonly Slot[];
  private readonly takers = new Map<number, Taker>();
  private readonly keepsOrder: boolean;
  private readonly bounds: Expr | null;
  private readonly named: TableDef;

  /** Without `named` the statement names the table itself, which may have bounds of its own. */
  constructor(
    node: InsertNode,
    context: ExecContext,
    shown: RowsShown | null,
    named: TableDef | null = null,
  ) {
    const { target } = node;
    assert(target.routing !== undefined, 'rows are routed from partitioned tables');
    this.node = node;
    this.context = context;
    this.shown = shown;
    this.routing = target.routing;
    this.finder = new PartitionFinder(target.routing.key, target.routing.routes);
    this.named = named ?? target.table;
    this.bounds = named === null ? boundsCheck(target) : null;
    this.program = projectProgram(derivedExprs(node.values, () => valueExprs(node)));
    this.keys = projectProgram(target.routing.keys);
    this.slots = layoutSlots(target.table);
    this.keepsOrder = shown !== null || node.onConflict !== null || firesForRows(target, context);
  }

  run(batch: Batch): void {
    const { count } = batch;
    if (count === 0) return;
    const width = this.node.target.table.columns.length;
    const row = this.program
      .vectors(batch, this.context)
      .map((vector, i) => conformed(vector, this.slots[i]!.type.physical, count));
    const routes = this.routesOf(row, count);
    const given = this.shown === null ? [] : this.node.input.slots.map((_, i) => denseColumn(batch, i));
    const vectors = [...row.slice(0, width), ...given];
    if (this.keepsOrder) this.passInOrder(routes, vectors, count);
    else this.passTogether(routes, vectors, count);
  }

  private routesOf(row: Vector[], count: number): Int32Array {
    const keys = this.keys.vectors(Batch.of(row, count), this.context);
    const routes = new Int32Array(count);
    const key: Datum[] = new Array<Datum>(keys.length).fill(null);
    const whole = this.bounds === null ? null : Batch.of(row, count);
    for (let i = 0; i < count; i++) {
      if (whole !== null && evaluatorOf(this.bounds!)(whole, i, this.context) === false) {
        this.passBefore(routes, row, i);
        throw checkViolation(this.node.target.table, null, rowReader(row, i), this.context.eval.typeSettings);
      }
      for (let k = 0; k < keys.length; k++) key[k] = datumAt(keys[k]!, i);
      const route = this.finder.find(key);
      if (route < 0) {
        this.passBefore(routes, row, i);
        throw routingFailure(this.node.target.table, this.routing, key, this.context.eval.typeSettings);
      }
      routes[i] = route;
    }
    return routes;
  }

  /** The rows before one that no partition takes: their own errors come first. */
  private passBefore(routes: Int32Array, row: Vector[], count: number): void {
    if (this.shown !== null) return;
    this.passInOrder(routes, row.slice(0, this.node.target.table.columns.length), count);
  }

  private passInOrder(routes: Int32Array, vectors: Vector[], count: number): void {
    for (let from = 0; from < count; ) {
      const route = routes[from]!;
      const taker = this.takerOf(route);
      let to = from + 1;
      while (!taker.isRowByRow && to < count && routes[to] === route) to++;
      this.pass(taker, vectors, from === 0 && to === count ? null : consecutive(from, to), to - from);
      from = to;
    }
  }

  private passTogether(routes: Int32Array, vectors: Vector[], count: number): void {
    const rows = new Map<number, number[]>();
    for (let i = 0; i < count; i++) {
      const list = rows.get(routes[i]!);
      if (list === undefined) rows.set(routes[i]!, [i]);
      else list.push(i);
    }
    for (const [route, list] of rows)
      this.pass(
        this.takerOf(route),
        vectors,
        list.length === count ? null : Int32Array.from(list),
        list.length,
      );
  }

  private pass(taker: Taker, vectors: Vector[], rows: Int32Array | null, count: number): void {
    const part = rows === null ? vectors : vectors.map((vector) => gather(vector, rows, count));
    taker.sink.run(Batch.of([...part], count));
  }

  private takerOf(route: number): Taker {
    let taker = this.takers.get(route);
    if (taker === undefined) {
      taker = this.makeTaker(this.routing.routes[route]!.tableId);
      this.takers.set(route, taker);
    }
    return taker;
  }

  private makeTaker(tableId: number): Taker {
    const { node, context } = this;
    const { services } = context.statement;
    assert(services !== null, 'rows are routed where the session gives write targets');
    const there = services.writeTarget(tableId);
    const target = withViewChecks(node.target, there, shapeOf(this.named, there.table));
    const shape = shapeOf(node.target.table, target.table);
    const width = node.target.table.columns.length;
    const shown = this.shown === null ? null : new ShapedRows(shape, this.shown, width);
    const made = nodeFor(node, target, shape, this.slots);
    const sink = insertSink(made, context, shown, this.named);
    return { sink, isRowByRow: target.routing === undefined && hasRowTriggers(target.table) };
  }

  finish(): void {
    for (const { sink } of this.takers.values()) sink.finish();
  }
}

function consecutive(from: number, to: number): Int32Array {
  return Int32Array.from({ length: to - from }, (_, i) => from + i);
}

/** Whether a row trigger may look at the order, in any partition. */
function firesForRows(target: WriteTarget, context: ExecContext): boolean {
  const { services } = context.statement;
  return (
    hasRowTriggers(target.table) ||
    target.routing?.routes.some(({ tableId }) => {
      const below = services?.writeTarget(tableId);
      return below !== undefined && firesForRows(below, context);
    }) === true
  );
}

/** The statement as one on the partition: its input are rows of the table named, then what the statement's input had. */
function nodeFor(node: InsertNode, target: WriteTarget, shape: RowShape, slots: readonly Slot[]): InsertNode {
  const values = target.table.columns.map((column, i): Expr | null => {
    const slot = shape.there.indexOf(i);
    if (slot < 0 || column.generated !== null) return null;
    return { kind: 'slot', slot, type: column.type, typmod: column.typmod, location: -1 };
  });
  return {
    ...node,
    target,
    input: { ...node.input, slots: [...slots.slice(0, -1), ...node.input.slots] },
    values,
    onConflict: node.onConflict === null ? null : { ...node.onConflict, arbiters: arbitersOf(node, target) },
  };
}

/** The partition's keys for those the statement names. */
function arbitersOf(node: InsertNode, target: WriteTarget): number[] {
  const { table } = node.target;
  return (node.onConflict?.arbiters ?? []).map((wanted) => {
    const own = target.table.indexes.find(({ parentId }) => parentId === wanted);
    if (own !== undefined) return own.id;
    const key = table.constraints.find((one) => 'indexId' in one && one.indexId === wanted);
    const rowIdKey = target.table.constraints.some(
      (one) => one.kind === 'primaryKey' && one.indexId === null && one.parentId === key?.id,
    );
    if (key !== undefined && rowIdKey) return -1;
    // It was made for the partitioned table ONLY.
    throw new DecentDbError(
      '42P10',
      'there is no unique or exclusion constraint matching the ON CONFLICT specification',
    );
  });
}
