/**
 * Cells of many leaves into one vector.
 *
 * I1  Run r takes rows ends[r - 1] .. ends[r] - 1 of the result from its source: at rows[i], or, where starts[r] is not -1, from
 *     there on without gaps.
 * I2  Null where the sources have NULLs or differ in representation: then cells must be looked at one by one.
 */
import { Physical, type Vector } from '../../types/vector.ts';
import { dataOf, vectorLike } from '../vectors.ts';
import type { ChunkMemory } from './chunk-memory.ts';

export interface Runs {
  readonly count: number;
  readonly ends: Int32Array;
  readonly starts: Int32Array;
  readonly rows: Int32Array;
}

/** `memory`: where the result may be made, as its column k. */
export function gatherRuns(
  sources: readonly Vector[],
  runs: Runs,
  memory: ChunkMemory | null = null,
  k = 0,
): Vector | null {
  const first = sources[0];
  if (first === undefined || !isUniform(sources, runs.count, first)) return null;
  const size = runs.ends[runs.count - 1]!;
  const arrays = new Array<ReturnType<typeof dataOf>>(runs.count);
  for (let run = 0; run < runs.count; run++) arrays[run] = dataOf(sources[run]!);
  switch (first.physical) {
    case Physical.bool:
      return vectorLike(first, fillBytes(new Uint8Array(size), arrays as Uint8Array[], runs), null);
    case Physical.int32: {
      const target = memory === null ? new Int32Array(size) : memory.int32s(k, size);
      return vectorLike(first, fillInt32(target, arrays as Int32Array[], runs), null);
    }
    case Physical.int64:
    case Physical.float64:
    case Physical.numeric: {
      // Of the numerics only scaled ones are uniform.
      const target = memory === null ? new Float64Array(size) : memory.float64s(k, size);
      return vectorLike(first, fillFloat64(target, arrays as Float64Array[], runs), null);
    }
    default:
      return vectorLike(
        first,
        fillReferences(new Array<unknown>(size), arrays as unknown[][], runs) as never,
        null,
      );
  }
}

function isUniform(sources: readonly Vector[], count: number, first: Vector): boolean {
  for (let run = 0; run < count; run++) {
    const source = sources[run]!;
    if (source.nulls !== null) return false;
    if (source.physical === Physical.numeric) {
      if (source.scaled === null || source.scale !== (first as typeof source).scale) return false;
    } else if (source.physical === Physical.int64 && !(source.values instanceof Float64Array)) return false;
  }
  return true;
}

// One copy of the loop for each kind of array, so that each sees one kind only.

function fillBytes(target: Uint8Array, sources: readonly Uint8Array[], runs: Runs): Uint8Array {
  const { ends, starts, rows } = runs;
  for (let run = 0, i = 0; run < runs.count; run++) {
    const source = sources[run]!;
    const end = ends[run]!;
    const start = starts[run]!;
    if (start >= 0) target.set(source.subarray(start, start + end - i), i);
    else for (; i < end; i++) target[i] = source[rows[i]!]!;
    i = end;
  }
  return target;
}

function fillInt32(target: Int32Array, sources: readonly Int32Array[], runs: Runs): Int32Array {
  const { ends, starts, rows } = runs;
  for (let run = 0, i = 0; run < runs.count; run++) {
    const source = sources[run]!;
    const end = ends[run]!;
    const start = starts[run]!;
    if (start >= 0) target.set(source.subarray(start, start + end - i), i);
    else for (; i < end; i++) target[i] = source[rows[i]!]!;
    i = end;
  }
  return target;
}

function fillFloat64(target: Float64Array, sources: readonly Float64Array[], runs: Runs): Float64Array {
  const { ends, starts, rows } = runs;
  for (let run = 0, i = 0; run < runs.count; run++) {
    const source = sources[run]!;
    const end = ends[run]!;
    const start = starts[run]!;
    if (start >= 0) target.set(source.subarray(start, start + end - i), i);
    else for (; i < end; i++) target[i] = source[rows[i]!]!;
    i = end;
  }
  return target;
}

function fillReferences(target: unknown[], sources: readonly unknown[][], runs: Runs): unknown[] {
  const { ends, starts, rows } = runs;
  for (let run = 0, i = 0; run < runs.count; run++) {
    const source = sources[run]!;
    const end = ends[run]!;
    const start = starts[run]!;
    if (start >= 0) for (let at = start; i < end; i++) target[i] = source[at++];
    else for (; i < end; i++) target[i] = source[rows[i]!];
  }
  return target;
}
