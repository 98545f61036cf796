/**
 * Numbers of transactions and snapshots of them (PostgreSQL manual 9.27.6): the xid8 functions and the older bigint ones.
 *
 * I1  There is one writer: the snapshot of now has no transaction in progress but the next.
 */
import { DecentDbError } from '../base/errors.ts';
import { narrow } from '../types/decimal.ts';
import { Oid as T } from '../types/oids.ts';
import { parseSnapshot, type Snapshot } from '../types/snapshot-type.ts';
import type { Datum } from '../types/vector.ts';
import { fn, op, overloads } from './define.ts';
import type { EvalContext, ScalarFunction, TableFunction } from './function.ts';

const { xid8, xid, int4, int8, text, bool } = T;

const xid8Of = (id: bigint): string => id.toString(16).padStart(16, '0');
const fromXid8 = (hex: string): bigint => BigInt(`0x${hex}`);
const snapshotOf = (value: string): Snapshot => parseSnapshot(value) as Snapshot;
const current = (context: EvalContext): bigint =>
  BigInt(context.service('txid_current', []) as number | bigint);

/** The same function over both generations of types. */
interface Generation {
  readonly snapshot: number;
  readonly id: number;
  readonly prefix: string;
  readonly give: (id: bigint) => Datum;
  readonly take: (id: Datum) => bigint;
}

const generations: readonly Generation[] = [
  {
    snapshot: T.pgSnapshot,
    id: xid8,
    prefix: 'pg',
    give: xid8Of,
    take: (id) => fromXid8(id as string),
  },
  {
    snapshot: T.txidSnapshot,
    id: int8,
    prefix: 'txid',
    give: (id) => narrow(id),
    take: (id) => BigInt(id as number | bigint),
  },
];

function statusOf(context: EvalContext, id: bigint): Datum {
  const now = current(context);
  if (id > now) throw new DecentDbError('22023', `transaction ID ${id} is in the future`);
  if (id === 0n) return null;
  return id === now ? 'in progress' : 'committed';
}

function isVisible(id: bigint, { xmin, xmax, xip }: Snapshot): boolean {
  if (id < xmin) return true;
  return id < xmax && !xip.includes(id);
}

function functionsOf({ snapshot, id, prefix, give, take }: Generation): ScalarFunction[] {
  const isNew = prefix === 'pg';
  const stable = { volatility: 'stable' } as const;
  return [
    fn(
      isNew ? 'pg_current_snapshot' : 'txid_current_snapshot',
      [],
      snapshot,
      (context) => `${current(context)}:${current(context)}:`,
      'Snapshot of now.',
      null,
      stable,
    ),
    fn(
      `${prefix}_snapshot_xmin`,
      [snapshot],
      id,
      (_, value: string) => give(snapshotOf(value).xmin),
      'Lowest transaction that was in progress.',
      [`${prefix}_snapshot_xmin('12:20:13,15')`, '12'],
    ),
    fn(
      `${prefix}_snapshot_xmax`,
      [snapshot],
      id,
      (_, value: string) => give(snapshotOf(value).xmax),
      'First transaction that had not begun.',
      [`${prefix}_snapshot_xmax('12:20:13,15')`, '20'],
    ),
    fn(
      isNew ? 'pg_visible_in_snapshot' : 'txid_visible_in_snapshot',
      [id, snapshot],
      bool,
      (_, given: Datum, value: string) => isVisible(take(given), snapshotOf(value)),
      'Whether a snapshot sees a transaction.',
      null,
    ),
    fn(
      isNew ? 'pg_xact_status' : 'txid_status',
      [id],
      text,
      (context, given: Datum) => statusOf(context, take(given)),
      'What became of a transaction.',
      null,
      { volatility: 'volatile' },
    ),
  ];
}

export const snapshotFunctions: readonly ScalarFunction[] = [
  ...generations.flatMap(functionsOf),
  fn(
    'pg_current_xact_id',
    [],
    xid8,
    (context) => xid8Of(current(context)),
    'Number of the transaction.',
    null,
    {
      volatility: 'stable',
    },
  ),
  fn(
    'xid8cmp',
    [xid8, xid8],
    int4,
    (_, a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0),
    'Compares two numbers of transactions.',
    ["xid8cmp('1', '2')", '-1'],
  ),
  ...['=', '<>'].flatMap((symbol) =>
    [xid, int4].map((right) =>
      op(
        symbol,
        [xid, right],
        bool,
        (_, a: number, b: number) => (a === b) === (symbol === '='),
        symbol === '=' ? 'Equal.' : 'Not equal.',
        null,
      ),
    ),
  ),
  ...overloads('age', 'How many transactions ago.', null, [
    [
      [xid],
      int4,
      (context, id: number) => Number(BigInt.asIntN(32, current(context) - BigInt(id))),
      { volatility: 'stable' },
    ],
  ]),
];

export const snapshotRowFunctions: readonly TableFunction[] = generations.map(
  ({ snapshot, id, prefix, give }): TableFunction => ({
    kind: 'table',
    name: `${prefix}_snapshot_xip`,
    args: [snapshot],
    columns: [{ name: `${prefix}_snapshot_xip`, type: id }],
    strict: true,
    volatility: 'immutable',
    rows: (_, [value]) => snapshotOf(value as string).xip.map((one) => [give(one)]),
    description: 'Transactions in progress.',
  }),
);
