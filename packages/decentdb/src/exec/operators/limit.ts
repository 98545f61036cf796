/** LIMIT, OFFSET, FETCH FIRST ... WITH TIES. */
import { DecentDbError } from '../../base/errors.ts';
import type { Datum } from '../../types/vector.ts';
import type { Batch } from '../batch.ts';
import type { ExecContext } from '../context.ts';
import type { Expr, SortKey } from '../expr.ts';
import { type Evaluator, evaluatorOf } from '../interpret/evaluator.ts';
import type { LimitNode } from '../physical.ts';
import type { Operator } from './operator.ts';
import { emptyRow } from './sources.ts';

/** Value of a LIMIT or OFFSET expression; null means none. Throws 2201W / 2201X when negative. */
export function limitValue(expr: Expr, context: ExecContext, clause: 'LIMIT' | 'OFFSET'): number | null {
  const value = evaluatorOf(expr)(emptyRow, 0, context);
  if (value === null) return null;
  if ((value as number | bigint) < 0) {
    throw new DecentDbError(clause === 'LIMIT' ? '2201W' : '2201X', `${clause} must not be negative`);
  }
  return Number(value);
}

export class LimitOperator implements Operator {
  private readonly node: LimitNode;
  private readonly input: Operator;
  private context!: ExecContext;
  private skip = 0;
  private left = 0;
  private ties: TieTest | null = null;

  constructor(node: LimitNode, input: Operator) {
    this.node = node;
    this.input = input;
  }

  open(context: ExecContext): void {
    const { node } = this;
    this.context = context;
    this.input.open(context);
    this.skip = node.offset === null ? 0 : (limitValue(node.offset, context, 'OFFSET') ?? 0);
    this.left =
      node.count === null
        ? Number.POSITIVE_INFINITY
        : (limitValue(node.count, context, 'LIMIT') ?? Number.POSITIVE_INFINITY);
    this.ties = node.ties === null || this.left === 0 ? null : new TieTest(node.ties);
    if (node.count !== null && this.left < Number.POSITIVE_INFINITY) this.input.want?.(this.skip + this.left);
  }

  next(): Batch | null {
    for (;;) {
      if (this.left === 0 && this.ties === null) return null;
      const batch = this.input.next();
      if (batch === null) return null;
      if (this.skip >= batch.count) {
        this.skip -= batch.count;
        continue;
      }
      const part = batch.slice(this.skip, batch.count);
      this.skip = 0;
      return this.take(part);
    }
  }

  private take(part: Batch): Batch | null {
    const { ties } = this;
    if (part.count <= this.left) {
      this.left -= part.count;
      if (this.left === 0) ties?.remember(part, part.count - 1, this.context);
      return part;
    }
    let taken = this.left;
    if (ties !== null) {
      if (taken > 0) ties.remember(part, taken - 1, this.context);
      while (taken < part.count && ties.isTied(part, taken, this.context)) taken++;
      if (taken < part.count) this.ties = null;
    }
    this.left = 0;
    return taken === 0 ? null : part.slice(0, taken);
  }

  close(): void {
    this.input.close();
  }
}

/** Whether rows equal the last row within the limit on the sort keys. */
class TieTest {
  private readonly keys: readonly SortKey[];
  private readonly evaluators: readonly Evaluator[];
  private last: Datum[] = [];

  constructor(keys: readonly SortKey[]) {
    this.keys = keys;
    this.evaluators = keys.map((key) => evaluatorOf(key.expr));
  }

  remember(batch: Batch, row: number, context: ExecContext): void {
    const at = batch.position(row);
    this.last = this.evaluators.map((evaluator) => evaluator(batch, at, context));
  }

  isTied(batch: Batch, row: number, context: ExecContext): boolean {
    const at = batch.position(row);
    for (let i = 0; i < this.keys.length; i++) {
      const value = this.evaluators[i]!(batch, at, context);
      const known = this.last[i]!;
      if (
        value === null || known === null ? value !== known : !this.keys[i]!.expr.type.equals(value, known)
      ) {
        return false;
      }
    }
    return true;
  }
}
