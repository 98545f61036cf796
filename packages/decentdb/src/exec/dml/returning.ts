/**
 * RETURNING: rows made while the statement runs, handed out when it is done. What exceeds the memory is in a file until then.
 *
 * Expressions see the new row, the old row, then the input's columns; see physical/write.ts.
 */
import type { Vector } from '../../types/vector.ts';
import { Batch } from '../batch.ts';
import type { ProjectProgram } from '../compile/project-program.ts';
import type { ExecContext } from '../context.ts';
import { projectProgram } from '../operators/operator.ts';
import type { Expr, PhysicalNode, Slot, WriteTarget } from '../physical.ts';
import { Spool, type SpoolReader } from '../spill/spool.ts';
import { nullVector } from '../vectors.ts';
import { layoutSlots } from './row-batch.ts';

export class ReturningRows {
  private readonly program: ProjectProgram;
  private readonly rows: Spool;
  private readonly rowSlots: readonly Slot[];
  private readonly inputSlots: readonly Slot[];
  private readonly context: ExecContext;
  private reader: SpoolReader | null = null;

  constructor(exprs: readonly Expr[], target: WriteTarget, input: PhysicalNode, context: ExecContext) {
    this.program = projectProgram(exprs);
    this.rows = new Spool(exprs, context.statement.memory);
    this.rowSlots = layoutSlots(target.table);
    this.inputSlots = input.slots;
    this.context = context;
  }

  /** Adds the rows at `positions` of dense vectors. A missing part is NULL; so is input that was not kept. */
  add(
    current: readonly Vector[] | null,
    old: readonly Vector[] | null,
    input: readonly Vector[] | null,
    positions: Int32Array | null,
    count: number,
  ): void {
    if (count === 0) return;
    const width = this.rowSlots.length;
    let extent = count;
    if (positions !== null) for (const at of positions) if (at >= extent) extent = at + 1;
    const batch = Batch.lazy(width * 2 + this.inputSlots.length, count, positions, {
      load: (column) => {
        const part = column < width ? current : column < width * 2 ? old : input;
        const at = column < width ? column : column < width * 2 ? column - width : column - width * 2;
        const slots = column < width * 2 ? this.rowSlots : this.inputSlots;
        return part?.[at] ?? nullVector(slots[at]!.type.physical, extent);
      },
    });
    this.rows.append(Batch.of(this.program.vectors(batch, this.context), count));
  }

  next(): Batch | null {
    this.reader ??= this.rows.reader();
    return this.reader.next();
  }

  clear(): void {
    this.rows.clear();
  }
}
