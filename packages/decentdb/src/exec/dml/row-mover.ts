/**
 * UPDATE that takes a row out of its partition: the row is deleted there and inserted through the table the statement names.
 *
 * I1  As in PostgreSQL the row triggers of DELETE fire on the old partition and those of INSERT on the new one, after the BEFORE
 *     UPDATE ones that made the row what it is.
 */
import { assert } from '../../base/assert.ts';
import type { Vector } from '../../types/vector.ts';
import { Batch } from '../batch.ts';
import type { ExecContext } from '../context.ts';
import { evaluatorOf } from '../interpret/evaluator.ts';
import type { Expr, InsertNode, PhysicalNode, RowShape, WriteTarget } from '../physical.ts';
import { type InsertSink, insertSink } from './routed-insert.ts';
import { layoutSlots } from './row-batch.ts';
import { asOuter, boundsCheck } from './row-shape.ts';

/** Takes the rows of one statement to the partitions they belong to now. */
export class RowMover {
  private readonly sink: InsertSink;
  private moved: readonly Vector[] | null = null;

  /** `named`: the table of the statement; `node`: its plan, for its number alone. */
  constructor(named: WriteTarget, node: PhysicalNode, context: ExecContext) {
    const slots = layoutSlots(named.table).slice(0, -1);
    const values = named.table.columns.map((column, slot): Expr | null =>
      column.isDropped || column.generated !== null
        ? null
        : { kind: 'slot', slot, type: column.type, typmod: column.typmod, location: -1 },
    );
    const insert: InsertNode = {
      kind: 'insert',
      id: node.id,
      slots: [],
      ...(node.estimate === undefined ? {} : { estimate: node.estimate }),
      target: named,
      input: { ...node, slots },
      values,
      onConflict: null,
      returning: null,
    };
    this.sink = insertSink(insert, context, {
      add: (current) => {
        this.moved = current;
      },
    });
  }

  /** Inserts the row, given in a partition's layout; the row as it is now in the named table's, null when a trigger kept it out. */
  insert(shape: RowShape, row: readonly Vector[]): readonly Vector[] | null {
    this.moved = null;
    this.sink.run(Batch.of(asOuter(shape, row, 1).slice(0, -1), 1));
    return this.moved;
  }

  finish(): void {
    this.sink.finish();
  }
}

/** Whether the one row is still where its partition's bounds want it. */
export function staysInside(target: WriteTarget, row: Vector[], context: ExecContext): boolean {
  const check = boundsCheck(target);
  assert(check !== null, 'rows leave partitions only');
  return evaluatorOf(check)(Batch.of(row, 1), 0, context) !== false;
}
