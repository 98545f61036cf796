/**
 * Texts as UTF-8, one behind the other.
 *
 * I1  Text i of the result is that of rows[from + i].
 */
import type { TextBytes } from '../../tree/sorted-run.ts';

/** What goes to the encoder at once: a call costs as much as some hundred characters. */
const GROUP_ROWS = 2048;
/** Room for texts that are longer than the first ones. */
const SPARE = 1.1;
/** More stay where they are. */
const BYTES_MAX = 1 << 27;
/** UTF-8 bytes of a UTF-16 unit, at most. */
const BYTES_PER_UNIT = 3;

const encoder = new TextEncoder();

/** Null where they would take more than a sort may have on the side. */
export function textBytes(
  values: readonly string[],
  rows: Int32Array,
  from: number,
  to: number,
): TextBytes | null {
  const count = to - from;
  const offsets = new Int32Array(count + 1);
  let bytes = new Uint8Array(0);
  let at = 0;
  const group: string[] = [];
  for (let i = 0; i < count; i += GROUP_ROWS) {
    const size = Math.min(GROUP_ROWS, count - i);
    group.length = size;
    let units = 0;
    for (let k = 0; k < size; k++) {
      const text = values[rows[from + i + k]!]!;
      group[k] = text;
      units += text.length;
    }
    const need = at + units * BYTES_PER_UNIT;
    if (need > BYTES_MAX) return null;
    // The first texts tell what all of them take, about; they have to fit whatever they are.
    const guess = i === 0 ? need + units * (count / size) * SPARE : bytes.length * 2;
    if (need > bytes.length) bytes = grown(bytes, at, Math.max(need, guess));
    at = encodeGroup(group, units, bytes, at, offsets, i);
  }
  offsets[count] = at;
  return { bytes, offsets };
}

/** Writes a group of texts at `at`; returns where it ends. */
function encodeGroup(
  group: readonly string[],
  units: number,
  bytes: Uint8Array,
  at: number,
  offsets: Int32Array,
  first: number,
): number {
  const { written } = encoder.encodeInto(group.join(''), bytes.subarray(at));
  let start = at;
  for (let k = 0; k < group.length; k++) {
    offsets[first + k] = start;
    // A byte for each unit, or text by text.
    start +=
      written === units ? group[k]!.length : encoder.encodeInto(group[k]!, bytes.subarray(start)).written;
  }
  return start;
}

function grown(bytes: Uint8Array, used: number, size: number): Uint8Array<ArrayBuffer> {
  const larger = new Uint8Array(Math.min(BYTES_MAX, Math.ceil(size)));
  larger.set(bytes.subarray(0, used));
  return larger;
}
