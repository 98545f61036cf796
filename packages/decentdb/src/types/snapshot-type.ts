/**
 * pg_snapshot and txid_snapshot: which transactions a snapshot sees, as `xmin:xmax:xip,...`.
 *
 * I1  A datum is its text: xip is ascending, without repetitions, within [xmin, xmax).
 */
import { Oid } from './oids.ts';
import { defineType, hashText, invalidInput, Physical, type SqlType } from './sql-type.ts';

const XID_MAX = (1n << 63n) - 1n;

export interface Snapshot {
  readonly xmin: bigint;
  readonly xmax: bigint;
  readonly xip: readonly bigint[];
}

/** The parts of a text; null when it is no snapshot. */
export function parseSnapshot(text: string): Snapshot | null {
  const match = /^(\d+):(\d+):((?:\d+(?:,\d+)*)?)$/.exec(text);
  if (match === null) return null;
  const xmin = BigInt(match[1]!);
  const xmax = BigInt(match[2]!);
  if (xmin === 0n || xmax < xmin || xmax > XID_MAX) return null;
  const xip: bigint[] = [];
  for (const part of match[3] === '' ? [] : match[3]!.split(',')) {
    const id = BigInt(part);
    const last = xip.at(-1);
    if (id < xmin || id >= xmax || (last !== undefined && id < last)) return null;
    if (id !== last) xip.push(id);
  }
  return { xmin, xmax, xip };
}

function defineSnapshot(oid: number, name: string): SqlType {
  return defineType({
    oid,
    name,
    sqlName: name,
    category: 'U',
    physical: Physical.text,
    input: (text) => {
      const read = parseSnapshot(text);
      // PostgreSQL calls the older type's values by the newer name.
      if (read === null) throw invalidInput('pg_snapshot', text);
      return `${read.xmin}:${read.xmax}:${read.xip.join(',')}`;
    },
    output: (value: string) => value,
    hash: hashText,
  });
}

/** With the oid of each one's array type. */
export const snapshotTypes: readonly (readonly [SqlType, number])[] = [
  [defineSnapshot(Oid.pgSnapshot, 'pg_snapshot'), Oid.pgSnapshotArray],
  [defineSnapshot(Oid.txidSnapshot, 'txid_snapshot'), Oid.txidSnapshotArray],
];
