/**
 * Which way the columns of sorted rows take into leaves that are written once.
 */
import type { ColumnSpec, Vector } from '../types/vector.ts';
import { Physical } from '../types/vector.ts';
import type { ArrayArena } from './array-arena.ts';
import { asciiColumn } from './ascii-column.ts';
import type { ByteWriter } from './byte-writer.ts';
import type { Column } from './column.ts';
import { newColumn } from './column-decoder.ts';
import { FloatColumn } from './float-column.ts';
import { IntColumn } from './int-column.ts';
import { countNulls, type LeafColumn } from './leaf-block.ts';
import type { NodeSchema } from './node-schema.ts';
import { DecimalColumn, SequenceColumn } from './number-blocks.ts';

/** The rows from..to of column `index` of a tree; all ranges measured lie within. `memory` is the column's until it is written. */
export function leafColumn(
  schema: NodeSchema,
  index: number,
  vector: Vector,
  from: number,
  to: number,
  memory: ArrayArena,
): LeafColumn {
  const spec = schema.leaf[index]!;
  const isSorted = index === 0;
  const isKey = isSorted && schema.keyCount === 1;
  const any = new AnyColumn(spec, vector, isSorted);
  switch (vector.physical) {
    case Physical.int32:
    case Physical.int64: {
      const { values, nulls } = vector;
      return isKey && spec.descending !== true && nulls === null && !(values instanceof BigInt64Array)
        ? new SequenceColumn(any, values)
        : any;
    }
    case Physical.float64:
      return new DecimalColumn(any, vector.values, vector.nulls, to - from, memory);
    case Physical.text:
      return (isSorted ? null : asciiColumn(any, vector, from, to, memory)) ?? any;
    default:
      return any;
  }
}

/** By the column class of its kind. */
class AnyColumn implements LeafColumn {
  private readonly spec: ColumnSpec;
  private readonly vector: Vector;
  private readonly isSorted: boolean;
  private column: Column | null = null;
  private count = 0;

  constructor(spec: ColumnSpec, vector: Vector, isSorted: boolean) {
    this.spec = spec;
    this.vector = vector;
    this.isSorted = isSorted;
  }

  measure(from: number, to: number): number {
    const column = this.columnOf(from, to);
    this.count = to - from;
    this.column = column;
    column.tighten(this.count);
    return column.bound(this.count);
  }

  write(writer: ByteWriter): void {
    this.column!.write(writer, this.count);
  }

  /** Numbers are looked at where they lie. */
  private columnOf(from: number, to: number): Column {
    const { spec, vector } = this;
    switch (vector.physical) {
      case Physical.bool:
      case Physical.int32:
      case Physical.int64: {
        const column = new IntColumn(vector.physical, vector.values.subarray(from, to));
        return withNulls(column, vector, from, to);
      }
      case Physical.float64:
        return withNulls(new FloatColumn(vector.values.subarray(from, to)), vector, from, to);
      default: {
        const column = newColumn(spec, to - from, this.isSorted);
        column.insertRange(0, 0, vector, from, to);
        return column;
      }
    }
  }
}

function withNulls(column: Column, { nulls }: Vector, from: number, to: number): Column {
  const count = countNulls(nulls, from, to);
  if (count === 0) return column;
  column.nulls = nulls!.subarray(from, to);
  column.nullCount = count;
  return column;
}
