/**
 * Numbering keys that come in ascending order, as those of a table in the order of its key do: each is the last one's
 * group again or a new one, and nothing is looked up.
 *
 * I1  `known[0..count-1]` ascend strictly; rows are taken as far as none of them is less than the last of these. The first is behind none:
 *     NaN, which no code is, stands for the last while there is none, since -Infinity may be the first.
 * I2  The group of a row that was taken is the newest there is then.
 */

/** A run of rows with the places their groups go to. */
export interface AscendingRun {
  /** First row, and the row behind the last. */
  readonly from: number;
  readonly to: number;
  readonly groups: Int32Array;
  /** Rows that begin a group go here, behind the first `freshCount`. */
  readonly fresh: Int32Array;
  readonly freshCount: number;
}

/** Takes rows with codes of their own; returns the row behind the last one taken. `known` has room for all. */
export function takeCodes(
  codes: Float64Array,
  run: AscendingRun,
  known: Float64Array,
  count: number,
): number {
  const { to, groups, fresh } = run;
  let { freshCount } = run;
  let group = count - 1;
  let last = group < 0 ? Number.NaN : known[group]!;
  let i = run.from;
  for (; i < to; i++) {
    const code = codes[i]!;
    if (code !== last) {
      if (code < last) break;
      known[++group] = code;
      last = code;
      fresh[freshCount++] = i;
    }
    groups[i] = group;
  }
  return i;
}

/** The same for integers that are their own codes: those at `positions`; null: the rows' own. */
export function takeInts(
  values: Int32Array,
  positions: Int32Array | null,
  run: AscendingRun,
  known: Float64Array,
  count: number,
): number {
  const { to, groups, fresh } = run;
  let { freshCount } = run;
  let group = count - 1;
  let last = group < 0 ? Number.NaN : known[group]!;
  let i = run.from;
  for (; i < to; i++) {
    const value = values[positions === null ? i : positions[i]!]!;
    if (value !== last) {
      if (value < last) break;
      known[++group] = value;
      last = value;
      fresh[freshCount++] = i;
    }
    groups[i] = group;
  }
  return i;
}
